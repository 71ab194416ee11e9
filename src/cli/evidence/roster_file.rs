//! An existing roster, looked over or taken in.

use std::path::PathBuf;

use clap::Args;

use super::super::progress::Counting;
use super::super::{Common, Failure, Outcome, print_json};
use super::{bytes_of, write_bad};
use crate::app::App;
use crate::living::roster::{self, GivenRoster, Imported, Preview};
use crate::model::access::Actor;
use crate::model::id::OrganisationCode;
use crate::model::table::BadRow;

#[derive(Debug, Args)]
pub(super) struct Roster {
    /// The file, CSV or XLSX.
    file: PathBuf,
    /// The community that gives numbers to households that have none.
    #[arg(long, value_name = "CODE")]
    community: Option<OrganisationCode>,
    /// Shows which columns are read as what and what the file comes to, and does nothing.
    #[arg(long, conflicts_with_all = ["partly", "bad"])]
    look: bool,
    /// Keeps the households that are in order although others are not.
    #[arg(long)]
    partly: bool,
    /// Passes over what it says of allowances, which the bureau alone carries over.
    #[arg(long)]
    only_open: bool,
    /// Writes every row that cannot be taken in to this file, as CSV.
    #[arg(long, value_name = "FILE")]
    bad: Option<PathBuf>,
}

impl Roster {
    pub(super) async fn run(
        self,
        common: &Common,
        app: &App,
        actor: &Actor,
    ) -> Result<Outcome, Failure> {
        let (_, bytes) = bytes_of(&self.file)?;
        let Self { community, look, partly, only_open, bad, .. } = self;
        let given = GivenRoster { community, bytes, partly, only_open };
        if look {
            let found = roster::look_over(app, actor, &given).await?;
            return looked_over(common, &found);
        }
        let bar = Counting::of("households");
        let done = |done, total| bar.tell(done, total);
        let found = roster::import(app, actor, given, &done).await;
        drop(bar);
        let found = found?;
        write_bad(bad.as_deref(), &found.every_bad)?;
        opened(common, &found)
    }
}

fn looked_over(common: &Common, found: &Preview) -> Result<Outcome, Failure> {
    if common.json {
        print_json(found)?;
        return Ok(outcome(found.bad_total));
    }
    for one in &found.columns {
        let read = if one.read_en.is_empty() { "passed over" } else { &one.read_en };
        println!("column {}  {}  {read}", one.place, one.head);
    }
    let good = &found.good;
    println!(
        "{} rows: {} households with {} persons can be opened; {} rows cannot be taken in",
        found.rows, good.households, good.persons, found.bad_total
    );
    if found.decides {
        println!("{} go on with {} yuan a month in all", good.decisions, good.amount);
    }
    if found.decides && !found.may_decide {
        println!("the bureau carries allowances over: with --only-open they are passed over");
    }
    told(&found.bad);
    Ok(outcome(found.bad_total))
}

fn opened(common: &Common, found: &Imported) -> Result<Outcome, Failure> {
    if common.json {
        print_json(found)?;
        return Ok(outcome(found.bad_total));
    }
    println!(
        "{} households opened, {} persons; {} numbers of 15 digits made 18",
        found.households, found.persons, found.converted
    );
    if found.decisions > 0 {
        println!("{} go on with {} yuan a month in all", found.decisions, found.amount);
    }
    let passed = found.columns.iter().filter(|one| one.read.is_empty());
    let passed: Vec<&str> = passed.map(|one| one.head.as_str()).collect();
    if !passed.is_empty() {
        println!("columns passed over: {}", passed.join(", "));
    }
    told(&found.bad);
    Ok(outcome(found.bad_total))
}

fn told(bad: &[BadRow]) {
    for one in bad {
        println!("line {}: {}", one.line, one.reason_en);
    }
}

fn outcome(bad: u64) -> Outcome {
    if bad > 0 { Outcome::Findings } else { Outcome::Done }
}
