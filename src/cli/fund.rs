use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::funds::{self, Entering};
use crate::living::recoveries::{self, Asking, Settling};
use crate::model::access::{Actor, Right};
use crate::model::fund::{FundKind, SettledBy};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::money::signed as yuan;
use crate::model::month::Month;
use crate::record::Receipt;

/// 资金台账: what comes into the fund and leaves it, and what is asked back.
#[derive(Debug, Args)]
pub(super) struct Fund {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Shows the ledger of a year.
    Ledger {
        /// Such as 2026.
        year: i16,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
    },
    /// Books what came in or left: received, other_in, returned, other_out.
    Book {
        /// What it is.
        kind: FundKind,
        /// In yuan; 0 takes the booking of --instead-of back.
        amount: String,
        /// Whose fund.
        #[arg(long, value_name = "CODE")]
        organisation: OrganisationCode,
        /// The day; today when left out.
        #[arg(long, value_name = "DAY")]
        on: Option<Date>,
        /// 凭证号 or what it was for.
        #[arg(long)]
        why: String,
        /// 更正: the entry of a booking that was wrong.
        #[arg(long, value_name = "ENTRY")]
        instead_of: Option<EntryNo>,
    },
    /// Lists what is asked back.
    Recoveries {
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
    },
    /// Asks back what a household was paid too much.
    Recover {
        /// 户号
        household: HouseholdNo,
        /// In yuan.
        amount: String,
        /// The first month that was paid too much.
        #[arg(long, value_name = "MONTH")]
        from: Month,
        /// The last.
        #[arg(long, value_name = "MONTH")]
        until: Month,
        /// Why.
        #[arg(long)]
        why: String,
        /// The paper of its file that decides it.
        #[arg(long, value_name = "DOCUMENT")]
        paper: Option<DocumentId>,
    },
    /// Writes down what came back, or is asked for no longer.
    Settle {
        /// 户号
        household: HouseholdNo,
        /// The entry that asked for it.
        recovery: EntryNo,
        /// In yuan.
        amount: String,
        /// It is asked for no longer.
        #[arg(long)]
        waived: bool,
        /// The day; today when left out.
        #[arg(long, value_name = "DAY")]
        on: Option<Date>,
        /// 凭证号, or why.
        #[arg(long)]
        why: String,
        /// The paper of its file that proves it.
        #[arg(long, value_name = "DOCUMENT")]
        paper: Option<DocumentId>,
    },
}

impl Fund {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Ledger { .. } | What::Recoveries { .. } => Right::Look,
            What::Book { .. } | What::Recover { .. } | What::Settle { .. } => Right::File,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

fn written(common: &Common, receipt: &Receipt) -> Result<Outcome, Failure> {
    if common.json {
        print_json(&serde_json::json!({ "entry": receipt.no }))?;
    } else {
        println!("entry {}", receipt.no);
    }
    Ok(Outcome::Done)
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        match self {
            Self::Ledger { year, organisation } => {
                let found = funds::ledger(app, actor, &organisation, year).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                println!(
                    "month    before  received  other in  came back  paid  other out  returned  left"
                );
                for one in found.months.iter().chain([&found.sum]) {
                    let row = [
                        one.opening,
                        one.received,
                        one.other_in,
                        one.repaid,
                        one.paid,
                        one.other_out,
                        one.returned,
                        one.closing,
                    ];
                    println!("{}  {}", one.month, row.map(yuan).join("  "));
                }
                Ok(Outcome::Done)
            }
            Self::Book { kind, amount, organisation, on, why, instead_of } => {
                let entering = Entering { organisation, on, kind, amount, words: why, instead_of };
                written(common, &funds::book(app, actor, entering).await?)
            }
            Self::Recoveries { organisation } => {
                let found = recoveries::recoveries(app, actor, &organisation).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    let row = &one.row;
                    println!(
                        "{}  {}  {}  {} to {}  {} yuan, open {}  {}",
                        row.entry,
                        row.household,
                        one.head,
                        row.from_month,
                        row.until_month,
                        yuan(row.amount),
                        yuan(row.open()),
                        row.words
                    );
                }
                Ok(Outcome::Done)
            }
            Self::Recover { household, amount, from, until, why, paper } => {
                let asking = Asking { amount, from, until, words: why, paper };
                written(common, &recoveries::recover(app, actor, &household, asking).await?)
            }
            Self::Settle { household, recovery, amount, waived, on, why, paper } => {
                let by = if waived { SettledBy::Waived } else { SettledBy::Repaid };
                let settling = Settling { recovery, by, amount, on, words: why, paper };
                written(common, &recoveries::settle(app, actor, &household, settling).await?)
            }
        }
    }
}
