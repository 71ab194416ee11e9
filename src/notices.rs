//! 公示: putting up what the community may know of a household, and no more.

mod list;
mod post;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::list::{Asked, list, sheet};
pub use self::post::{Posting, post, take_down};
use crate::app::App;
use crate::catalog::notices::{self, NoticeRow};
use crate::catalog::organisations;
use crate::db::DbError;
use crate::looks::LookError;
use crate::model::access::{Actor, Denied, Right, scope};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::money::{Fen, NoAmount};
use crate::model::notice::NoticeRule;
use crate::record::RecordError;

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

fn today(app: &App) -> Date {
    day_of(app.now())
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
