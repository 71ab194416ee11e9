use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::registers::books::{self, Filled};
use crate::living::registers::{self, Entering, Row};
use crate::model::access::{Actor, Right};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::register::{Cell, RowNumber};
use crate::sheet::Shape;

/// 台账: the registers of the office: rows that are entered and corrected, lists that acts
/// fill by themselves, and all of them as files.
#[derive(Debug, Args)]
pub(super) struct Book {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the registers, and how many rows wait in each.
    List,
    /// Shows a register as a table.
    Show {
        /// Its code, such as tips, visits, roster, missing.
        register: String,
        #[command(flatten)]
        which: Which,
        /// How many rows.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Where it goes on: what the part before said.
        #[arg(long, default_value = "")]
        after: String,
    },
    /// Shows one row with everything that was entered in it.
    Row {
        /// The code of the register.
        register: String,
        /// Whose register it is.
        organisation: OrganisationCode,
        /// Its number, such as 2026-001.
        number: RowNumber,
    },
    /// Shows what is kept apart in a line of a row, such as who reported something: to the
    /// person of --as who may see full numbers, at the level that answers for it. It is noted
    /// with the --reason.
    Sealed {
        /// The code of the register.
        register: String,
        /// Whose register it is.
        organisation: OrganisationCode,
        /// The number of the row, such as 2026-001.
        number: RowNumber,
        /// The entry of the line, which `book row` says.
        entry: EntryNo,
    },
    /// Enters a new row; with --number the stage that row waits for; with --instead-of a
    /// correction.
    Enter {
        /// The code of the register.
        register: String,
        /// A value: COLUMN=TEXT, as often as there are columns.
        #[arg(long = "value", value_name = "COLUMN=TEXT")]
        values: Vec<String>,
        /// The row that goes on.
        #[arg(long)]
        number: Option<RowNumber>,
        /// Whose register it is.
        #[arg(long, value_name = "CODE")]
        organisation: Option<OrganisationCode>,
        /// The other side of a row that goes between two.
        #[arg(long, value_name = "CODE")]
        other: Option<OrganisationCode>,
        /// The household it is about.
        #[arg(long, value_name = "NUMBER")]
        household: Option<HouseholdNo>,
        /// The day it happened; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// The scan of the paper it stands on.
        #[arg(long, value_name = "DOCUMENT")]
        paper: Option<DocumentId>,
        /// The entry of a line that was wrong.
        #[arg(long, value_name = "ENTRY")]
        instead_of: Option<EntryNo>,
    },
    /// Writes a register to a file; the ending says csv or xlsx.
    Export {
        /// Its code.
        register: String,
        /// The file, which must not be there.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
}

/// Which rows.
#[derive(Debug, Args)]
struct Which {
    /// Only of this organisation: its code or the beginning.
    #[arg(long, value_name = "CODE", default_value = "")]
    organisation: String,
    /// A month, quarter or year: 2026-12, 2026-Q4, 2026.
    #[arg(long, default_value = "")]
    period: String,
    /// Only of this household.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    household: String,
    /// Only what waits for something.
    #[arg(long)]
    open: bool,
}

impl Which {
    fn asked(self, after: String) -> books::Asked {
        let Self { organisation, period, household, open } = self;
        books::Asked { organisation, period, household, open, after }
    }
}

impl Book {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Enter { .. } => Right::File,
            What::Export { .. } => Right::Export,
            What::Sealed { .. } => Right::Reveal,
            What::List | What::Show { .. } | What::Row { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        match self {
            Self::List => list(common, app, actor).await,
            Self::Show { register, which, limit, after } => {
                let asked = which.asked(after);
                let limit = limit.clamp(1, books::MOST);
                let found = books::table(app, actor, &register, &asked, limit).await?;
                let lines: Vec<Vec<String>> = found
                    .sheet
                    .rows
                    .iter()
                    .map(|row| row.iter().map(ToString::to_string).collect())
                    .collect();
                let columns: Vec<&str> =
                    found.sheet.columns.iter().map(|one| one.zh.as_str()).collect();
                if common.json {
                    let next = &found.next;
                    print_json(
                        &serde_json::json!({ "columns": columns, "rows": lines, "next": next }),
                    )?;
                    return Ok(Outcome::Done);
                }
                println!("{}", columns.join("  "));
                for line in lines {
                    println!("{}", line.join("  "));
                }
                if let Some(next) = found.next {
                    println!("goes on with --after {next}");
                }
                Ok(Outcome::Done)
            }
            Self::Row { register, organisation, number } => {
                let key = registers::Key { register, organisation, number };
                let row = registers::row(app, actor, &key).await?;
                if common.json {
                    print_json(&row)?;
                } else {
                    tell(&row);
                }
                Ok(Outcome::Done)
            }
            Self::Sealed { register, organisation, number, entry } => {
                let key = registers::Key { register, organisation, number };
                let reason = common.said()?;
                let reason =
                    reason.ok_or_else(|| Failure::usage("why?", "say it with --reason"))?;
                let values = registers::sealed(app, actor, (&key, entry), reason).await?;
                if common.json {
                    print_json(&values)?;
                } else {
                    for (column, value) in values {
                        println!("{column}: {value}");
                    }
                }
                Ok(Outcome::Done)
            }
            Self::Enter {
                register,
                values,
                number,
                organisation,
                other,
                household,
                on,
                paper,
                instead_of,
            } => {
                let values = values.iter().map(|text| cell(text)).collect::<Result<_, _>>()?;
                let wanted = Entering {
                    number,
                    organisation,
                    other,
                    household,
                    on,
                    values,
                    paper,
                    instead_of,
                    seen: None,
                };
                let (key, receipt) = registers::enter(app, actor, &register, wanted).await?;
                if common.json {
                    print_json(&serde_json::json!({
                        "entry": receipt.no, "organisation": key.organisation,
                        "number": key.number,
                    }))?;
                } else {
                    println!(
                        "{} {} {}  entry {}",
                        register, key.organisation, key.number, receipt.no
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Export { register, file, which } => {
                let ending = file.extension().map(|end| end.to_string_lossy().to_lowercase());
                let shape = match ending.as_deref() {
                    Some("csv") => Shape::Csv,
                    Some("xlsx") => Shape::Xlsx,
                    _ => return Err(Failure::usage("the file ends with .csv or .xlsx", "")),
                };
                let asked = which.asked(String::new());
                let reason = common.said()?;
                let bytes = books::export(app, actor, &register, &asked, (shape, reason)).await?;
                write_new(&file, &bytes)?;
                println!("{}", file.display());
                Ok(Outcome::Done)
            }
        }
    }
}

/// A value as it is typed.
fn cell(text: &str) -> Result<Cell, Failure> {
    let (column, value) = text
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("{text:?} is not COLUMN=TEXT"), ""))?;
    Ok(Cell { column: column.trim().to_owned(), value: value.to_owned() })
}

/// Writes a file that is not there yet.
pub(super) fn write_new(path: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    let trouble =
        |error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()), "");
    let mut file =
        std::fs::File::options().write(true).create_new(true).open(path).map_err(trouble)?;
    file.write_all(bytes).map_err(trouble)
}

async fn list(common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
    let counts = registers::counts(app, actor).await?;
    if common.json {
        let filled: Vec<&str> = Filled::ALL.iter().map(|one| one.code()).collect();
        print_json(&serde_json::json!({ "entered": counts, "filled": filled }))?;
        return Ok(Outcome::Done);
    }
    for one in counts {
        println!(
            "{:<14} {}  rows: {}  waiting: {}  late: {}",
            one.register, one.name, one.rows, one.waiting, one.late
        );
    }
    for one in Filled::ALL {
        println!("{:<14} {}", one.code(), one.zh());
    }
    Ok(Outcome::Done)
}

fn tell(row: &Row) {
    println!(
        "{} {} {}  {} {}",
        row.register, row.organisation, row.number, row.household, row.head
    );
    for line in &row.lines {
        let struck = line.struck.map_or_else(String::new, |by| format!("  struck by entry {by}"));
        println!("  entry {}  {}  {}  {}{struck}", line.entry, line.stage, line.on, line.author);
        for cell in &line.values {
            println!("    {}: {}", cell.column, cell.value);
        }
        if line.sealed {
            println!("    more is kept apart: `yidang book sealed` shows it");
        }
    }
    match row.next_stage.as_str() {
        "" => println!("  done"),
        stage => println!("  waits for {stage} ({}) {}", row.next_level, row.due),
    }
}
