//! Putting up a notice, and taking it down before its last day.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NoticeError, Standing, get, today};
use crate::app::App;
use crate::catalog::{Refusal, households, notices};
use crate::db::DbError;
use crate::filing;
use crate::living::cases::{self, Cases};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::is_gone;
use crate::model::money::{Fen, NoAmount};
use crate::model::month::Month;
use crate::model::notice::{MOST_WORDS, NoticeKind, NoticeRule, last_day};
use crate::model::text::hidden;
use crate::record::{RecordError, Since, looking_again};

/// A notice that is to be put up. The name of the applicant and how many live in
/// the household are taken from its file.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// Which notice.
    pub kind: NoticeKind,
    /// 保障金额 a month in yuan, such as `560.00`.
    #[schema(min_length = 1, max_length = 12)]
    pub amount: String,
    /// The first day; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The last day; when it is left out, as many days after the first as the rules have
    /// for what is proposed (seven, usually), and none for what is confirmed.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// Puts up a notice of household `no`; returns the entry that did.
///
/// # Errors
/// When there is no such household this person may see, a rule is broken, or another notice
/// of the kind is up on some of the days.
pub async fn post(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    wanted: Posting,
) -> Result<EntryNo, NoticeError> {
    // Perhaps another one is of the same household.
    looking_again(
        || try_post(app, actor, no, &wanted),
        |error| match error {
            NoticeError::Record(why) => Some(why),
            _ => None,
        },
    )
    .await
}

async fn try_post(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    wanted: &Posting,
) -> Result<EntryNo, NoticeError> {
    actor.must(Right::File)?;
    let amount: Fen = wanted.amount.parse()?;
    if amount == Fen::new(0) {
        // Nothing is put up of whom nothing is paid.
        return Err(NoAmount.into());
    }
    let today = today(app);
    let from = wanted.from.unwrap_or(today);
    let until = last_day(wanted.kind, (from, wanted.until), today, app.rules.notice_days)?;
    let mut tx = app.db.read().await?;
    let since = Since::now(&mut tx, &["post_notice"]).await?;
    let household = filing::seen_household(&mut tx, &scope(actor), no).await;
    let household = household.map_err(|_| NoticeError::UnknownHousehold(no.clone()))?;
    let cases = cases::of_household(app, &mut tx, &household).await?;
    fits(wanted.kind, amount, &cases, Month::of(today))?;
    let lives = households::living(&mut tx, no).await?;
    if lives == 0 && !is_gone(&household.state) {
        return Err(NoticeRule::Nobody.into());
    }
    let days = (from, until);
    if let Some(entry) = notices::up_within(&mut tx, no, wanted.kind, days).await? {
        return Err(NoticeError::SameDays(entry));
    }
    drop(tx);
    let act = Act::PostNotice {
        household: no.clone(),
        kind: wanted.kind,
        applicant: household.head,
        members: u32::try_from(lives).unwrap_or(u32::MAX),
        amount,
        from,
        until,
    };
    Ok(app.recorder.record_since(actor, act, since).await?.no)
}

/// Whether the amount is that of the decision, where it is put up as confirmed; and whether
/// there is anything to propose. Of a household whose case is not kept here all is believed.
fn fits(kind: NoticeKind, amount: Fen, cases: &Cases, this: Month) -> Result<(), NoticeRule> {
    // Where nobody lives any more it is told where they are, when it is recorded.
    if matches!(cases.state.as_str(), "stopped" | "refused") {
        return Err(NoticeRule::NotPaid);
    }
    if kind == NoticeKind::Proposed || cases.benefits.is_empty() {
        return Ok(());
    }
    let held = cases.paid_in(this).into_iter().chain(cases.paid_in(this.next()));
    let mut amounts = held.map(|one| u64::try_from(one.amount).map(Fen::new)).peekable();
    if amounts.peek().is_none() {
        return Err(NoticeRule::NotPaid);
    }
    if amounts.all(|one| one != Ok(amount)) {
        return Err(NoticeRule::Otherwise);
    }
    Ok(())
}

/// Takes down a notice before its last day.
///
/// # Errors
/// When there is none this person may see, it is not up any more, or no reason is
/// given.
pub async fn take_down(
    app: &App,
    actor: &Actor,
    notice: EntryNo,
    reason: &str,
) -> Result<(), NoticeError> {
    actor.must(Right::File)?;
    let reason = reason.trim().to_owned();
    let controls = reason.chars().any(hidden);
    if reason.is_empty() || reason.chars().count() > MOST_WORDS || controls {
        return Err(NoticeRule::Reason.into());
    }
    let shown = get(app, actor, notice).await?;
    if !matches!(shown.standing, Standing::Up | Standing::Ahead) {
        return Err(NoticeError::NotUp(notice));
    }
    let household = shown.household.parse();
    let household = household.map_err(|_| DbError::Corrupt(shown.household.clone()))?;
    match app.recorder.record(actor, Act::TakeDownNotice { household, notice, reason }).await {
        Err(RecordError::Refused(Refusal::NotUp(..))) => Err(NoticeError::NotUp(notice)),
        done => Ok(done.map(drop)?),
    }
}
