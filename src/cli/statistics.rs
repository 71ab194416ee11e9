use std::path::PathBuf;

use clap::Args;

use super::book::write_new;
use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::registers::books::{self, Filled};
use crate::living::statistics::{self, Asked, Listing, Place};
use crate::model::access::{Actor, Right};
use crate::model::money::signed as yuan;
use crate::model::statistics::{Figure, Line, Measure};
use crate::sheet::Shape;

/// 统计: counts households, persons, changes, money, papers and terms of a period.
#[derive(Debug, Args)]
pub(super) struct Statistics {
    /// A month, quarter or year: 2026-12, 2026-Q4, 2026.
    period: String,
    /// Only of this organisation: its code or the beginning.
    #[arg(long, value_name = "CODE", default_value = "")]
    organisation: String,
    /// Only of the organisation itself, without those below it.
    #[arg(long, requires = "organisation", conflicts_with = "csv")]
    own: bool,
    /// Lists the rows of a figure, such as receiving, joined, left, paid, lacking.
    #[arg(long, value_parser = figure)]
    figure: Option<Figure>,
    /// Only the rows about this, such as B, late, street.
    #[arg(long, requires = "figure", default_value = "")]
    about: String,
    /// How many rows.
    #[arg(long, requires = "figure", default_value_t = 50)]
    limit: u32,
    /// The place of the first row: what the part before said.
    #[arg(long, requires = "figure", default_value_t = 0)]
    from: i64,
    /// Writes the statistics to this file, which must not be there.
    #[arg(long, value_name = "FILE", conflicts_with = "figure")]
    csv: Option<PathBuf>,
}

fn figure(code: &str) -> Result<Figure, String> {
    Figure::named(code).ok_or_else(|| {
        let all: Vec<&str> = Figure::ALL.iter().map(|one| one.code()).collect();
        format!("a figure is one of {}", all.join(", "))
    })
}

impl Statistics {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = if self.csv.is_some() { Right::Export } else { Right::Look };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.tell(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }

    async fn tell(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        let asked = Asked { organisation: self.organisation, period: self.period, own: self.own };
        if let Some(file) = self.csv {
            let Asked { organisation, period, .. } = asked;
            let asked = books::Asked { organisation, period, ..books::Asked::default() };
            let how = (Shape::Csv, common.said()?);
            let code = Filled::Statistics.code();
            let bytes = books::export(app, actor, code, &asked, how).await?;
            write_new(&file, &bytes)?;
            println!("{}", file.display());
            return Ok(Outcome::Done);
        }
        if let Some(figure) = self.figure {
            let listing = Listing { asked, figure, about: self.about, from: self.from };
            let found = statistics::list(app, actor, &listing, self.limit.max(1)).await?;
            if common.json {
                print_json(&found)?;
                return Ok(Outcome::Done);
            }
            for one in &found.rows {
                let amount = yuan(one.amount);
                println!(
                    "{}  {}  {}  {}  {}  {amount}  {}",
                    one.household, one.head, one.about, one.day, one.persons, one.words
                );
            }
            println!(
                "{}: {}  persons: {}  yuan: {}",
                figure.code(),
                found.count,
                found.persons,
                yuan(found.amount)
            );
            if let Some(next) = found.next {
                println!("goes on with --from {next}");
            }
            return Ok(Outcome::Done);
        }
        let found = statistics::statistics(app, actor, &asked).await?;
        if common.json {
            print_json(&found)?;
            return Ok(Outcome::Done);
        }
        let name = |place: &Place| match place.own {
            true => format!("{}本级", place.name),
            false => place.name.clone(),
        };
        let names: Vec<String> = found.places.iter().map(name).collect();
        println!("{}  sum  {}  {}", found.period, found.before, names.join("  "));
        for (at, line) in found.lines.iter().enumerate() {
            let value = |values: &[i64]| read(line, values.get(at).copied());
            let before = read(line, found.previous.get(at).copied().flatten());
            let places: Vec<String> =
                found.places.iter().map(|place| value(&place.values)).collect();
            println!("{}  {}  {before}  {}", line.zh, value(&found.sum), places.join("  "));
        }
        Ok(Outcome::Done)
    }
}

fn read(line: &Line, value: Option<i64>) -> String {
    match (value, line.measure) {
        (None, _) => "-".to_owned(),
        (Some(value), Measure::Amount) => yuan(value),
        (Some(value), _) => value.to_string(),
    }
}
