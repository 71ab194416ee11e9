mod roster_file;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;

use self::roster_file::Roster;
use super::book::write_new;
use super::progress::Counting;
use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::evidence::{self, GivenResults, Original};
use crate::living::findings::{self, Asked, Part, Standing, State, ToClose};
use crate::living::roster;
use crate::model::access::{Actor, Right};
use crate::model::evidence::{Mapping, Outcome as CameTo};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::table::BadRow;
use crate::sheet::Shape;

/// 核查: what other departments say of persons, and what is found of households.
#[derive(Debug, Args)]
pub(super) struct Evidence {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the kinds of results.
    Kinds,
    /// Shows the columns of a file, and which are likely which.
    Look {
        /// The file, CSV or XLSX.
        file: PathBuf,
        /// Such as deposits.
        #[arg(long, value_name = "CODE")]
        kind: String,
    },
    /// Takes in a file of another department.
    Import {
        /// The file, CSV or XLSX.
        file: PathBuf,
        /// Such as deposits.
        #[arg(long, value_name = "CODE")]
        kind: String,
        /// The day the results are of; today when left out.
        #[arg(long, value_name = "DAY")]
        as_of: Option<Date>,
        /// The columns of number, name, day, value, counted from 1: 3,2,,5; when left out,
        /// as in the last file of the kind with the same columns, else found by their names.
        #[arg(long, value_parser = columns)]
        columns: Option<Mapping>,
        /// Keeps the rows that are in order although others cannot be read.
        #[arg(long)]
        partly: bool,
        /// Writes every row that cannot be read to this file, as CSV.
        #[arg(long, value_name = "FILE")]
        bad: Option<PathBuf>,
    },
    /// Opens the households of an existing roster, 花名册: a row a person, with 姓名,
    /// 身份证号, 与户主关系, and 户号 where there is one. With 保障金额, 起始月 and 类别 they go
    /// on with that allowance.
    Roster(Roster),
    /// Writes a file that was taken in as it came; --reason says why.
    Original {
        /// The entry that took it in.
        entry: EntryNo,
        /// Where to; a file that is there is not written over.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Writes the roster that a household was opened from as it came; --reason says why.
    RosterOriginal {
        /// 户号
        household: HouseholdNo,
        /// Where to; a file that is there is not written over.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Lists the files that were taken in, the newest first.
    Files {
        /// Only those before this entry.
        #[arg(long, value_name = "ENTRY")]
        before: Option<EntryNo>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Lists what was found: of one household, or of an organisation.
    Findings {
        /// Only of this household.
        household: Option<HouseholdNo>,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
        /// Only of this kind, such as deposits.
        #[arg(long, value_name = "CODE", default_value = "")]
        finding: String,
        /// open, closed, settled; any when left out.
        #[arg(long)]
        state: Option<State>,
        /// After this household.
        #[arg(long, default_value = "")]
        after: String,
        /// About how many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Closes a finding by a paper of the file.
    Close {
        /// 户号
        household: HouseholdNo,
        /// Its code, such as deposits.
        finding: String,
        /// What it rests on, as it was listed.
        mark: String,
        /// Of which person, by place; left out when it is of the household.
        #[arg(long, value_name = "PLACE")]
        member: Option<u32>,
        /// no_ground, explained, changed, stopped, recovered.
        #[arg(long)]
        outcome: CameTo,
        /// The paper that decides it.
        #[arg(long, value_name = "DOCUMENT")]
        paper: DocumentId,
        /// Why.
        #[arg(long)]
        why: String,
    },
}

fn columns(text: &str) -> Result<Mapping, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let column = |at: usize| match parts.get(at).copied().unwrap_or_default() {
        "" => Ok(None),
        part => match part.parse::<u32>() {
            Ok(number @ 1..=64) => Ok(Some(number - 1)),
            _ => Err(format!("{part:?} is no column")),
        },
    };
    let id_number = column(0)?.ok_or("the column of identity numbers comes first")?;
    Ok(Mapping { id_number, name: column(1)?, date: column(2)?, value: column(3)? })
}

impl Evidence {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Look { .. } | What::Import { .. } | What::Roster(_) | What::Close { .. } => {
                Right::File
            }
            What::Original { .. } | What::RosterOriginal { .. } => Right::Export,
            What::Kinds | What::Files { .. } | What::Findings { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

fn bytes_of(file: &Path) -> Result<(String, bytes::Bytes), Failure> {
    let trouble =
        |error: std::io::Error| Failure::usage(format!("{}: {error}", file.display()), "");
    let bytes = std::fs::read(file).map_err(trouble)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok((crate::intake::clean_name(&name), bytes.into()))
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        match self {
            Self::Kinds => {
                let kinds = &app.rules.evidence.kinds;
                if common.json {
                    print_json(kinds)?;
                } else {
                    for one in kinds {
                        println!("{}  {}  {}", one.code, one.name, one.name_en);
                    }
                }
                Ok(Outcome::Done)
            }
            Self::Look { file, kind } => {
                let (_, bytes) = bytes_of(&file)?;
                let found = evidence::look_over(app, actor, &kind, bytes).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                println!("{} rows, {} formulas", found.rows, found.formulas);
                if let Some(entry) = found.as_before {
                    println!("read as in entry {entry}, which had the same columns");
                }
                for (at, head) in (1..).zip(&found.columns) {
                    println!("{at}  {head}");
                }
                Ok(Outcome::Done)
            }
            Self::Import { file, kind, as_of, columns, partly, bad } => {
                let (name, bytes) = bytes_of(&file)?;
                let given = GivenResults { kind, as_of, name, bytes, mapping: columns, partly };
                let bar = Counting::of("rows");
                let done = |done, total| bar.tell(done, total);
                let taken = evidence::take(app, actor, given, &done).await;
                drop(bar);
                let taken = taken?;
                write_bad(bad.as_deref(), &taken.every_bad)?;
                tell(common, &taken)
            }
            Self::Original { entry, to } => {
                let reason = common.said()?;
                let file = evidence::original(app, actor, entry, reason).await?;
                taken_along(common, &to, &file)
            }
            Self::RosterOriginal { household, to } => {
                let reason = common.said()?;
                let file = roster::original(app, actor, &household, reason).await?;
                taken_along(common, &to, &file)
            }
            Self::Roster(roster) => roster.run(common, app, actor).await,
            Self::Files { before, limit } => {
                let found = evidence::files(app, actor, before, limit.clamp(1, 1000)).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    // A kind that is no more is called what it was.
                    let kind = app.rules.evidence.kind(&one.kind);
                    let called = kind.map_or(one.called.as_str(), |kind| kind.name_en.as_str());
                    println!(
                        "{}  {}  {called}  {}  rows: {}",
                        one.entry, one.as_of, one.name, one.kept
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Findings { household, organisation, finding, state, after, limit } => {
                let part = match household {
                    Some(no) => {
                        common.because(app, actor, Some(&no)).await?;
                        let found = findings::of_household(app, actor, &no).await?;
                        let wanted = |one: &Standing| {
                            (finding.is_empty() || one.finding.code == finding)
                                && state.is_none_or(|state| one.state == state)
                        };
                        let findings = found.findings.into_iter().filter(wanted).collect();
                        Part { findings, next: None }
                    }
                    None => {
                        let asked = Asked { organisation, finding, state, after };
                        findings::list(app, actor, &asked, limit.clamp(1, 1000)).await?
                    }
                };
                listed(common, &part)
            }
            Self::Close { household, finding, mark, member, outcome, paper, why } => {
                let closing =
                    ToClose { finding, member, mark, outcome, document: paper, words: why };
                let receipt = findings::close(app, actor, &household, closing).await?;
                if common.json {
                    print_json(&serde_json::json!({ "entry": receipt.no }))?;
                } else {
                    println!("entry {}", receipt.no);
                }
                Ok(Outcome::Done)
            }
        }
    }
}

/// Writes a file as it came.
fn taken_along(common: &Common, to: &Path, file: &Original) -> Result<Outcome, Failure> {
    write_new(to, &file.bytes)?;
    if common.json {
        print_json(&serde_json::json!({ "name": file.name, "mime": file.mime }))?;
    } else {
        println!("{}  {}", file.name, file.mime);
    }
    Ok(Outcome::Done)
}

/// Writes the rows that could not be read, where that is asked for and there are some.
fn write_bad(to: Option<&Path>, rows: &[BadRow]) -> Result<(), Failure> {
    let Some(to) = to.filter(|_| !rows.is_empty()) else { return Ok(()) };
    let file = evidence::bad_rows(rows).file(Shape::Csv);
    write_new(to, &file.map_err(|error| Failure::usage(error.to_string(), ""))?)
}

fn tell(common: &Common, taken: &evidence::Taken) -> Result<Outcome, Failure> {
    if common.json {
        print_json(taken)?;
    } else {
        println!(
            "{} rows kept, of {} households; {} are of nobody here, {} say there is nothing",
            taken.kept, taken.households, taken.unknown, taken.nothing
        );
        if let Some(entry) = taken.as_before {
            println!("its columns were read as in entry {entry}");
        }
        if taken.formulas > 0 {
            println!("{} cells have a formula: its last result was taken", taken.formulas);
        }
        for bad in &taken.bad {
            println!("line {}: {}", bad.line, bad.reason_en);
        }
    }
    Ok(if taken.bad_total > 0 { Outcome::Findings } else { Outcome::Done })
}

fn listed(common: &Common, part: &Part) -> Result<Outcome, Failure> {
    if common.json {
        print_json(part)?;
    } else {
        for one in &part.findings {
            let found = &one.finding;
            let member = found.member.map(|place| format!(" person {place}")).unwrap_or_default();
            println!(
                "{}  {}  {}{member}  {}  declared {:?}, found {:?}  mark {}",
                one.household,
                one.head,
                found.code,
                one.state.as_str(),
                found.declared,
                found.found,
                found.mark
            );
        }
        if let Some(next) = &part.next {
            println!("goes on after {next}");
        }
    }
    let open = part.findings.iter().any(|one| one.state == State::Open);
    Ok(if open { Outcome::Findings } else { Outcome::Done })
}
