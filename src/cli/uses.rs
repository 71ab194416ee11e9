use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::model::look::Reason;
use crate::uses::export::{self, Shape};
use crate::uses::{self, Asked, Use};

/// 利用登记册: says who has looked at what, when and why, newest first.
#[derive(Debug, Args)]
pub(super) struct Uses {
    /// A part of the person's name.
    #[arg(long, value_name = "NAME", default_value = "")]
    person: String,
    /// The person's organisation: a region code or its beginning.
    #[arg(long, value_name = "CODE", default_value = "")]
    organisation: String,
    /// 户号: only looks at this file.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    household: String,
    /// Only looks at this document.
    #[arg(long, value_name = "NUMBER")]
    document: Option<i64>,
    /// open, download, print, export, search, reveal or guest.
    #[arg(long, value_name = "KIND", default_value = "")]
    kind: String,
    /// shown, refused or unknown.
    #[arg(long, value_name = "OUTCOME", default_value = "")]
    outcome: String,
    /// The first day.
    #[arg(long, value_name = "DATE", default_value = "")]
    from: String,
    /// The last day.
    #[arg(long, value_name = "DATE", default_value = "")]
    to: String,
    /// How many.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Where the list goes on: `next` of the list before.
    #[arg(long, value_name = "PLACE")]
    before: Option<String>,
    /// Write all of it to a new file that ends with .csv or .xlsx; give a --reason.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prove", "before"])]
    export: Option<PathBuf>,
    /// Pack this entry of the access log with its proof into the folder --output.
    #[arg(long, value_name = "ENTRY", requires = "output")]
    prove: Option<i64>,
    /// The new folder.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Uses {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::ReadUse).await?;
        if let (Some(no), Some(output)) = (self.prove, &self.output) {
            let proven = uses::prove(&app, &actor, no, output).await?;
            app.close(false).await?;
            if common.json {
                print_json(&proven)?;
            } else {
                println!(
                    "entry {no} of {} ({} entries) packed into {}",
                    proven.origin,
                    proven.size,
                    output.display()
                );
                println!("check it with: yidang-verify {} --policy FILE", output.display());
            }
            return Ok(Outcome::Done);
        }
        let asked = Asked {
            person: self.person,
            organisation: self.organisation,
            household: self.household,
            document: self.document,
            kind: self.kind,
            outcome: self.outcome,
            from: self.from,
            to: self.to,
        };
        if let Some(file) = &self.export {
            let shape = shape_of(file)?;
            let wanted = || Failure::usage("say why the register is taken along", "--reason 4");
            let reason = common.said()?.ok_or_else(wanted)?;
            let bytes = export::export(&app, &actor, &asked, shape, reason).await?;
            write_new(file, &bytes)?;
            app.close(false).await?;
            if !common.json {
                println!("{} bytes written to {}", bytes.len(), file.display());
            }
            return Ok(Outcome::Done);
        }
        let limit = self.limit.clamp(1, 1000);
        let found = uses::register(&app, &actor, &asked, self.before.as_deref(), limit).await?;
        if common.json {
            print_json(&found)?;
            return Ok(Outcome::Done);
        }
        for one in &found.uses {
            println!("{}", line(one));
        }
        println!("{} of {}", found.uses.len(), found.total);
        if let Some(next) = &found.next {
            println!("older ones: --before {next}");
        }
        Ok(Outcome::Done)
    }
}

/// Writes a file that is not there yet.
pub(super) fn write_new(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut to = std::fs::File::create_new(file)?;
    to.write_all(bytes)?;
    to.sync_all()?;
    Ok(())
}

pub(super) fn shape_of(file: &Path) -> Result<Shape, Failure> {
    match file.extension().and_then(|end| end.to_str()) {
        Some("csv") => Ok(Shape::Csv),
        Some("xlsx") => Ok(Shape::Xlsx),
        _ => Err(Failure::usage("the file ends with neither .csv nor .xlsx", "")),
    }
}

fn line(one: &Use) -> String {
    let look = &one.look;
    let mut about = Vec::new();
    about.extend(look.household.as_ref().map(ToString::to_string));
    about.extend(look.document.map(|id| format!("document {id}")));
    about.extend(Some(look.code.clone()).filter(|code| !code.is_empty()));
    about.extend(Some(look.title.clone()).filter(|title| !title.is_empty()));
    let no = one.no.map_or("waits".to_owned(), |no| no.to_string());
    format!(
        "{no:>6}  {}  {} {}  {} ({})  {}  {}",
        one.time.get(..16).unwrap_or(&one.time),
        one.person,
        one.organisation_name,
        look.kind.en(),
        look.outcome.en(),
        about.join(" "),
        look.reason.as_ref().map(Reason::zh).unwrap_or_default()
    )
    .trim_end()
    .to_owned()
}
