//! 公示: putting up what the community may know of a household, and no more.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::notices::{self, Listing, NoticeRow};
use crate::catalog::{Refusal, households, organisations};
use crate::db::DbError;
use crate::filing;
use crate::living::cases::{self, Cases};
use crate::looks::{self, LookError};
use crate::model::access::{Actor, Denied, Right, scope};
use crate::model::act::Act;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::is_gone;
use crate::model::lending::day_of;
use crate::model::look::{Kind, Look};
use crate::model::money::{Fen, NoAmount};
use crate::model::month::Month;
use crate::model::notice::{MOST_WORDS, NoticeKind, NoticeRule, last_day};
use crate::model::text::hidden;
use crate::record::{RecordError, Since, looking_again};

/// The most rows of a sheet.
const PRINTED: u32 = 500;

/// Why nothing was put up, taken down or shown.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// No such household, or none this person may see.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// No such notice, or none this person may see.
    #[error("there is no notice {0}")]
    Unknown(EntryNo),
    /// It was taken down, or its last day is over.
    #[error("notice {0} is not up any more")]
    NotUp(EntryNo),
    /// Another notice of this household and kind is up on some of the days.
    #[error("notice {0} of this household is up on some of these days: take it down first")]
    SameDays(EntryNo),
    /// A rule.
    #[error(transparent)]
    Rule(#[from] NoticeRule),
    /// The amount.
    #[error(transparent)]
    Amount(#[from] NoAmount),
    /// What is asked for cannot be.
    #[error("{0}")]
    Asked(&'static str),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The look could not be noted.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

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

/// How a notice stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is put up later.
    Ahead,
    /// It is up.
    Up,
    /// Its last day is over.
    Over,
    /// It was taken down before that.
    TakenDown,
}

/// A notice as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notice {
    /// The entry that put it up.
    pub entry: EntryNo,
    /// 户号
    pub household: String,
    /// The code of the organisation in charge.
    pub organisation: String,
    /// Its name, or its code again.
    pub organisation_name: String,
    /// Which notice: `proposed` or `confirmed`.
    pub kind: String,
    /// 申请人姓名
    pub applicant: String,
    /// 家庭成员数量
    pub members: i64,
    /// 保障金额 a month, in 分.
    pub amount: Fen,
    /// The first day.
    pub from: String,
    /// The last day; none for as long as it is paid.
    pub until: Option<String>,
    /// Who put it up.
    pub posted_by: String,
    /// How it stands today.
    pub standing: Standing,
    /// Why it was taken down, or empty.
    pub reason: String,
}

/// Which notices are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// 户号
    pub household: String,
    /// Which notices: `proposed`, `confirmed`.
    pub kind: String,
    /// Only what is up today.
    pub up: bool,
    /// Only what was put up for some of these days.
    pub days: Option<(Date, Date)>,
    /// Those that were put up before this entry.
    pub before: Option<EntryNo>,
}

impl Asked {
    fn listing(&self, today: Date) -> Result<Listing, NoticeError> {
        let organisation = self.organisation.trim();
        if organisation.len() > 12 || !organisation.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoticeError::Asked("an organisation is up to 12 digits"));
        }
        let household = match self.household.replace(' ', "").as_str() {
            "" => String::new(),
            no => match no.parse::<HouseholdNo>() {
                Ok(no) => no.to_string(),
                Err(_) => return Err(NoticeError::Asked("a household has 17 digits")),
            },
        };
        let kind = match self.kind.as_str() {
            "" => "",
            kind => match kind.parse::<NoticeKind>() {
                Ok(kind) => kind.as_str(),
                Err(_) => return Err(NoticeError::Asked("a notice is proposed or confirmed")),
            },
        };
        Ok(Listing {
            organisation: organisation.trim_end_matches('0').to_owned(),
            household,
            kind: kind.to_owned(),
            on: self.up.then_some(today),
            days: self.days,
            before: self.before,
        })
    }
}

fn today(app: &App) -> Date {
    day_of(app.now())
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

/// The notice that entry `notice` put up.
///
/// # Errors
/// When there is none this person may see.
pub async fn get(app: &App, actor: &Actor, notice: EntryNo) -> Result<Notice, NoticeError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let row = notices::get(&mut tx, &scope(actor), notice).await?;
    let row = row.ok_or(NoticeError::Unknown(notice))?;
    let names = organisations::all(&mut tx).await?;
    drop(tx);
    Ok(shown(row, &names, app.now()))
}

/// Notices of the own scope, newest first.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Notice>, NoticeError> {
    actor.must(Right::Look)?;
    let listing = asked.listing(today(app))?;
    let mut tx = app.db.read().await?;
    let rows = notices::list(&mut tx, &scope(actor), &listing, limit).await?;
    let names = organisations::all(&mut tx).await?;
    drop(tx);
    Ok(rows.into_iter().map(|row| shown(row, &names, app.now())).collect())
}

/// What is up today of one kind, as it is printed and put up on the wall; that
/// it was printed is noted.
///
/// # Errors
/// When what is asked for cannot be, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    kind: NoticeKind,
    asked: &Asked,
) -> Result<Vec<Notice>, NoticeError> {
    let asked = Asked { kind: kind.as_str().to_owned(), up: true, before: None, ..asked.clone() };
    let mut found = list(app, actor, &asked, PRINTED).await?;
    found.sort_by(|a, b| (&a.organisation, a.entry).cmp(&(&b.organisation, b.entry)));
    let title = format!("{} {}", kind.zh(), asked.organisation);
    let mut look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    if let Ok(no) = asked.household.parse::<HouseholdNo>() {
        look = look.of(no);
    }
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}

fn shown(row: NoticeRow, names: &[organisations::Organisation], now: Timestamp) -> Notice {
    let today = day_of(now).to_string();
    let standing = match (&row.taken_down, row.until_day.as_str()) {
        (Some(_), _) => Standing::TakenDown,
        (None, _) if row.from_day > today => Standing::Ahead,
        (None, until) if !until.is_empty() && until < today.as_str() => Standing::Over,
        (None, _) => Standing::Up,
    };
    let name = names.iter().find(|one| one.code == row.organisation);
    Notice {
        entry: row.entry,
        household: row.household,
        organisation_name: name.map_or_else(|| row.organisation.clone(), |one| one.name.clone()),
        organisation: row.organisation,
        kind: row.kind,
        applicant: row.applicant,
        members: row.members,
        amount: Fen::new(u64::try_from(row.amount).unwrap_or(0)),
        from: row.from_day,
        until: Some(row.until_day).filter(|day| !day.is_empty()),
        posted_by: row.posted_by,
        standing,
        reason: row.reason,
    }
}
