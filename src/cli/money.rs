use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::progress::Counting;
use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::assessment::{self, Assessment};
use crate::living::payments::{self, GivenFile, Reconciliation};
use crate::living::standards::{self, Setting};
use crate::model::access::{Actor, Right};
use crate::model::id::{Digest, OrganisationCode};
use crate::model::money::signed as yuan;
use crate::model::month::Month;
use crate::model::standard::{Method, Unit};

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
    /// Takes in a file of the bank (CSV or XLSX: 户号, 金额, 结果, 原因).
    Return {
        /// Such as 2026-12.
        month: Month,
        /// The file.
        file: PathBuf,
        /// Keeps the rows that are in order although others cannot be read.
        #[arg(long)]
        partly: bool,
        /// 更正: the SHA-256 of the file that was wrong, and counts no more.
        #[arg(long, value_name = "SHA256")]
        instead_of: Option<Digest>,
    },
    /// Lists the files of the bank that were taken in for a month.
    Returns {
        /// Such as 2026-12.
        month: Month,
    },
    /// Lists the standards that were ever set: 低保标准.
    Standards,
    /// Sets a standard.
    Standard {
        /// The first month, such as 2026-07.
        from: Month,
        /// What one person is guaranteed a month, in yuan.
        amount: String,
        /// Of this organisation and those below it.
        #[arg(long, value_name = "CODE")]
        organisation: OrganisationCode,
        /// By tiers, in yuan for each person: A=700,B=450; by the difference when left out.
        #[arg(long, default_value = "")]
        tiers: String,
        /// To what amounts are rounded up: fen, jiao, yuan.
        #[arg(long, default_value = "fen")]
        unit: Unit,
        /// 文号 of the paper that sets it.
        #[arg(long, default_value = "")]
        paper: String,
    },
    /// 测算: sets what standards and income come to beside what was decided.
    Assess {
        /// Such as 2026-12.
        month: Month,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
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
            What::List { .. } | What::Return { .. } | What::Standard { .. } => Right::File,
            What::Roster { .. }
            | What::Returns { .. }
            | What::Standards
            | What::Assess { .. }
            | What::Check { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

fn show_assessment(found: &Assessment) {
    for (what, total) in [("decided", found.decided), ("computed", found.computed)] {
        println!("{what}: {}, {} yuan", total.households, yuan(total.amount));
    }
    println!("without a standard: {}", found.without_standard);
    println!("without an income: {}", found.without_income);
    for one in &found.unlike {
        println!(
            "{}  {}  decided {}, computed {}  {}",
            one.household,
            one.head,
            yuan(one.decided),
            yuan(one.computed.amount),
            one.reason
        );
    }
    for one in &found.unreadable {
        println!("{}  {}  cannot be computed: income {:?}", one.household, one.head, one.income);
    }
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
            Self::Standards => {
                let found = standards::list(app, actor).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    let amount = yuan(one.amount);
                    println!(
                        "{}  from {}  {amount} yuan  {}  {}",
                        one.organisation, one.from_month, one.method, one.words
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Standard { from, amount, organisation, tiers, unit, paper: words } => {
                let method = if tiers.is_empty() { Method::Difference } else { Method::Tiers };
                let setting = Setting { organisation, from, amount, method, tiers, unit, words };
                let receipt = standards::set(app, actor, setting).await?;
                if common.json {
                    print_json(&serde_json::json!({ "entry": receipt.no }))?;
                } else {
                    println!("entry {}", receipt.no);
                }
                Ok(Outcome::Done)
            }
            Self::Assess { month, organisation } => {
                let found = assessment::assess(app, actor, &organisation, month).await?;
                if common.json {
                    print_json(&found)?;
                } else {
                    show_assessment(&found);
                }
                Ok(Outcome::Done)
            }
            Self::Returns { month } => {
                let found = payments::files(app, actor, month).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    let counts = if one.voided == 0 { "" } else { "  (another took its place)" };
                    println!(
                        "{}  {}  {} rows  {} yuan{counts}",
                        one.file,
                        one.time,
                        one.count,
                        yuan(one.paid)
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Return { month, file, partly, instead_of } => {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
                let bytes = tokio::fs::read(&file).await;
                let bytes = bytes.map_err(|error| {
                    Failure::usage(format!("{} cannot be read: {error}", file.display()), "")
                })?;
                let name = name.as_deref().unwrap_or_default();
                let given = GivenFile { name, bytes: bytes.into(), partly, instead_of };
                let bar = Counting::of("rows");
                let done = |done, total| bar.tell(done, total);
                let taken = payments::take_return(app, actor, month, given, &done).await;
                drop(bar);
                let taken = taken?;
                if common.json {
                    print_json(&taken)?;
                } else {
                    println!("rows kept: {}, cannot be read: {}", taken.kept, taken.bad_total);
                    for bad in &taken.bad {
                        println!("  line {}: {}", bad.line, bad.reason_en);
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
    for (what, total) in
        [("entitled", found.entitled), ("listed", found.listed), ("paid", found.paid)]
    {
        println!("{what}  households: {}  {} yuan", total.households, yuan(total.amount));
    }
    for one in &found.unlike {
        let what: Vec<_> = one.differences.iter().map(|one| one.en()).collect();
        println!("{}  {}  {}", one.household, one.head, what.join(", "));
    }
}
