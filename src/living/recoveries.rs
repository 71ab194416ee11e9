//! 追缴: asking back what was paid too much, and what became of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cases::{self, Cases};
use super::{LivingError, amount, files_at_bureau, known, needed, possible, region, seen, today};
use crate::app::App;
use crate::catalog::{funds, payments};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::codes::procedure::CARRIED_OVER;
use crate::model::fund::{Recovery, SettledBy, Settlement};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::profile::Collector;
use crate::record::{Receipt, Since, looking_again};

pub use crate::catalog::funds::{Recovering, RecoveryRow, SettlementRow};

/// The most amounts asked back that are shown.
const ASKED_BACK: u32 = 500;

/// What is to be asked back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToAskBack)]
pub struct Asking {
    /// In yuan.
    #[schema(min_length = 1, max_length = 12)]
    pub amount: String,
    /// The first month that was paid too much.
    #[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    pub from: Month,
    /// The last.
    #[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    pub until: Month,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub words: String,
    /// The paper of its file that decides it.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub paper: Option<DocumentId>,
}

/// Asks back from household `no` what it was paid too much.
///
/// # Errors
/// When there is none this person may see, the months are none that were paid, it is more
/// than was paid in them, or words are missing.
pub async fn recover(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    asking: Asking,
) -> Result<Receipt, LivingError> {
    // Perhaps others asked the same household: what is left is computed again.
    looking_again(
        || ask_back(app, actor, no, &asking),
        |error| match error {
            LivingError::Record(why) => Some(why),
            _ => None,
        },
    )
    .await
}

async fn ask_back(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    asking: &Asking,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let mut tx = app.db.read().await?;
    let since = Since::now(&mut tx, &["recover", "settle_recovery", "take_bank_return"]).await?;
    let household = seen(&mut tx, actor, no).await?;
    let cases = cases::of_household(app, &mut tx, &household).await?;
    let months = (asking.from, asking.until);
    let paid = payments::paid_within(&mut tx, no, months).await?;
    let asked = funds::asked_within(&mut tx, no, months).await?;
    drop(tx);
    possible(asking.from.first())?;
    if asking.until < asking.from || asking.until > Month::of(today(app)).next() {
        return Err(LivingError::Asked("the months go from one to a later, and have been paid"));
    }
    let amount = amount(&asking.amount, str::parse)?;
    was_paid(&cases, asking.from, amount, (paid, asked))?;
    let said = Recovery {
        household: no.clone(),
        amount,
        from: asking.from,
        until: asking.until,
        words: needed(&asking.words)?,
        paper: asking.paper,
    };
    Ok(app.recorder.record_since(actor, Act::Recover(said), since).await?)
}

/// Refuses to ask back more than was paid in these months and is not asked for already. What
/// was paid before the file was taken over (存量接收) is not known here, and is believed.
fn was_paid(
    cases: &Cases,
    from: Month,
    amount: Fen,
    (paid, asked): (Fen, Fen),
) -> Result<(), LivingError> {
    let taken_over = cases.cases.first().is_none_or(|case| case.procedure == CARRIED_OVER);
    let first = cases.benefits.first().and_then(|one| one.from_month.parse::<Month>().ok());
    if taken_over && first.is_none_or(|first| from < first) {
        return Ok(());
    }
    match paid.get().saturating_sub(asked.get()) {
        left if amount.get() > left => Err(LivingError::NotPaid(Fen::new(left))),
        _ => Ok(()),
    }
}

/// What became of an amount that is asked back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToSettle)]
pub struct Settling {
    /// The entry that asked for it.
    #[schema(minimum = 0)]
    pub recovery: EntryNo,
    /// Whether it came back, or is asked for no longer.
    pub by: SettledBy,
    /// In yuan.
    #[schema(min_length = 1, max_length = 12)]
    pub amount: String,
    /// The day; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// 凭证号, or why.
    #[schema(min_length = 1, max_length = 500)]
    pub words: String,
    /// The paper of its file that proves it.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub paper: Option<DocumentId>,
}

/// Writes down what of an amount that household `no` is asked for came back, or is
/// asked for no longer. The bureau alone waives.
///
/// # Errors
/// When there is none this person may see, it is more than is still open, or it is waived
/// by another than the bureau.
pub async fn settle(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    settling: Settling,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let mut tx = app.db.read().await?;
    seen(&mut tx, actor, no).await?;
    drop(tx);
    if settling.by == SettledBy::Waived && !files_at_bureau(actor) {
        return Err(LivingError::OtherLevel(Collector::Bureau));
    }
    let on = settling.on.unwrap_or_else(|| today(app));
    possible(on)?;
    known(app, Some(settling.recovery)).await?;
    let said = Settlement {
        household: no.clone(),
        recovery: settling.recovery,
        by: settling.by,
        amount: amount(&settling.amount, str::parse)?,
        on,
        words: needed(&settling.words)?,
        paper: settling.paper,
    };
    Ok(app.recorder.record(actor, Act::SettleRecovery(said)).await?)
}

/// What is asked back in an organisation, what is open first.
///
/// # Errors
/// When the organisation is none.
pub async fn recoveries(
    app: &App,
    actor: &Actor,
    organisation: &str,
) -> Result<Vec<Recovering>, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let mut tx = app.db.read().await?;
    Ok(funds::recoveries(&mut tx, &scope(actor), &organisation, ASKED_BACK).await?)
}

/// An amount that household `no` is asked for, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AskedBackWithSettlements)]
pub struct Demand {
    /// The amount.
    #[serde(flatten)]
    pub row: RecoveryRow,
    /// What became of it, in order.
    pub settlements: Vec<SettlementRow>,
}

/// What household `no` is asked for, in order. It is part of its file, and that this
/// is looked at is noted with that.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn of_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Vec<Demand>, LivingError> {
    super::statements::on_day(app, actor, no, None, None).await?;
    let mut tx = app.db.read().await?;
    let mut demands = Vec::new();
    for row in funds::of_household(&mut tx, no.as_str()).await? {
        let settlements = funds::settlements(&mut tx, row.entry).await?;
        demands.push(Demand { row, settlements });
    }
    Ok(demands)
}
