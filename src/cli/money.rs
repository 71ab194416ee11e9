use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::payments::{self, Reconciliation};
use crate::model::access::{Actor, Right};
use crate::model::id::OrganisationCode;
use crate::model::money::Fen;
use crate::model::month::Month;

/// 发放: who is paid in a month, what the bank says of it, and what does not agree.
#[derive(Debug, Args)]
pub(super) struct Money {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists everybody who is entitled in a month and not listed for it yet.
    List {
        /// Such as 2026-12.
        month: Month,
        /// Of this organisation and those below it.
        #[arg(long, value_name = "CODE")]
        organisation: OrganisationCode,
    },
    /// Shows the roster of a month.
    Roster {
        /// Such as 2026-12.
        month: Month,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
        /// How many.
        #[arg(long, default_value_t = 1000)]
        limit: u32,
    },
    /// Takes in a file of the bank (CSV: 户号, 金额, 结果, 原因).
    Return {
        /// Such as 2026-12.
        month: Month,
        /// The file.
        file: PathBuf,
        /// Keeps the rows that are in order although others cannot be read.
        #[arg(long)]
        partly: bool,
    },
    /// 对账: says what of entitlement, roster and bank does not agree.
    Check {
        /// Such as 2026-12.
        month: Month,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
    },
}

impl Money {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::List { .. } | What::Return { .. } => Right::File,
            What::Roster { .. } | What::Check { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

fn yuan(fen: i64) -> String {
    Fen::new(u64::try_from(fen).unwrap_or(0)).to_string()
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        match self {
            Self::List { month, organisation } => {
                let made = payments::list(app, actor, &organisation, month).await?;
                if common.json {
                    print_json(&made)?;
                } else {
                    println!("households listed: {}, {} yuan", made.households, yuan(made.amount));
                }
                Ok(Outcome::Done)
            }
            Self::Roster { month, organisation, limit } => {
                let part = ("", limit.clamp(1, 100_000));
                let found = payments::roster(app, actor, &organisation, month, part).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    println!(
                        "{}  {}  {}  {}",
                        one.household,
                        one.head,
                        one.persons,
                        yuan(one.amount)
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Return { month, file, partly } => {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
                let bytes = tokio::fs::read(&file).await;
                let bytes = bytes.map_err(|error| {
                    Failure::usage(format!("{} cannot be read: {error}", file.display()), "")
                })?;
                let given = (name.as_deref().unwrap_or_default(), bytes.into());
                let taken = payments::take_return(app, actor, month, given, partly).await?;
                if common.json {
                    print_json(&taken)?;
                } else {
                    println!("rows kept: {}, cannot be read: {}", taken.kept, taken.bad_total);
                    for bad in &taken.bad {
                        println!("  line {}: {}", bad.line, bad.reason);
                    }
                }
                Ok(if taken.bad_total > 0 { Outcome::Findings } else { Outcome::Done })
            }
            Self::Check { month, organisation } => {
                let found = payments::reconcile(app, actor, &organisation, month).await?;
                if common.json {
                    print_json(&found)?;
                } else {
                    tell(&found);
                }
                Ok(if found.unlike.is_empty() { Outcome::Done } else { Outcome::Findings })
            }
        }
    }
}

fn tell(found: &Reconciliation) {
    for (what, (count, sum)) in
        [("entitled", found.entitled), ("listed", found.listed), ("paid", found.paid)]
    {
        println!("{what}  households: {count}  {} yuan", yuan(sum));
    }
    for one in &found.unlike {
        let what: Vec<_> = one.differences.iter().map(|one| one.en()).collect();
        println!("{}  {}  {}", one.household, one.head, what.join(", "));
    }
}
