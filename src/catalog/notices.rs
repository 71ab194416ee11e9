//! 公示: what was put up of whom.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::notice::{Hung, NoticeKind};

/// A notice as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct NoticeRow {
    /// The entry that put it up.
    pub entry: EntryNo,
    /// Of which household.
    pub household: String,
    /// The organisation in charge of it then.
    pub organisation: String,
    /// Which notice.
    pub kind: String,
    /// 申请人姓名
    pub applicant: String,
    /// 家庭成员数量
    pub members: i64,
    /// 保障金额 a month, in 分.
    pub amount: i64,
    /// The first day.
    pub from_day: String,
    /// The last day; empty for as long as it is paid.
    pub until_day: String,
    /// Who put it up.
    pub posted_by: String,
    /// The entry that took it down.
    pub taken_down: Option<EntryNo>,
    /// When, or empty.
    pub taken_at: String,
    /// Why, or empty.
    pub reason: String,
}

/// The row of an act about a notice.
pub(super) async fn apply(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<(), ApplyError> {
    match &body.act {
        Act::PostNotice { household, kind, applicant, members, amount, from, until } => {
            tx.run(
                "INSERT INTO notice (entry, household, organisation, kind, applicant, members,
                                     amount, from_day, until_day, posted_by, taken_down,
                                     taken_at, reason)
                 SELECT $1, no, organisation, $3, $4, $5, $6, $7, $8, $9, NULL, '', ''
                 FROM household WHERE no = $2",
                args![
                    entry.no,
                    household.as_str(),
                    kind.as_str(),
                    applicant,
                    *members,
                    i64::try_from(amount.get()).unwrap_or(i64::MAX),
                    from.to_string(),
                    until.map(|day| day.to_string()).unwrap_or_default(),
                    &body.actor.name,
                ],
            )
            .await?;
            Ok(())
        }
        Act::TakeDownNotice { household, notice, reason } => {
            let done = tx
                .run(
                    "UPDATE notice SET taken_down = $1, taken_at = $2, reason = $3
                     WHERE entry = $4 AND household = $5 AND taken_down IS NULL",
                    args![entry.no, entry.time.to_string(), reason, *notice, household.as_str()],
                )
                .await?;
            match done {
                0 => Err(Refusal::NotUp(*notice, household.clone()).into()),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// What was confirmed is up as long as it is paid: until its last day.
pub(super) async fn ends(tx: &mut Tx, household: &str, last: Date) -> Result<(), DbError> {
    let sql = "UPDATE notice SET until_day = $2 WHERE household = $1 AND kind = 'confirmed'
               AND until_day = '' AND taken_down IS NULL";
    tx.run(sql, args![household, last.to_string()]).await?;
    Ok(())
}

/// Which notices are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The beginning of the codes of organisations, or empty.
    pub organisation: String,
    /// 户号, or empty.
    pub household: String,
    /// Which notices, or empty.
    pub kind: String,
    /// Only those that are up on this day.
    pub on: Option<Date>,
    /// Only those that were to be up on some of these days.
    pub days: Option<(Date, Date)>,
    /// Those that were put up before this entry.
    pub before: Option<EntryNo>,
}

/// The notice of a household and kind that was not taken down and is up on some of these days,
/// without a last one for ever.
///
/// # Errors
/// When the database refuses.
pub async fn up_within(
    tx: &mut Tx,
    household: &HouseholdNo,
    kind: NoticeKind,
    (from, until): (Date, Option<Date>),
) -> Result<Option<EntryNo>, DbError> {
    // Days as text sort like days; nothing sorts behind a tilde.
    let until = until.map_or_else(|| "~".to_owned(), |day| day.to_string());
    let found: Option<(EntryNo,)> = tx
        .one(
            "SELECT entry FROM notice
             WHERE household = $1 AND kind = $2 AND taken_down IS NULL
               AND from_day <= $3 AND (until_day = '' OR until_day >= $4)
             ORDER BY entry LIMIT 1",
            args![household.as_str(), kind.as_str(), until, from.to_string()],
        )
        .await?;
    Ok(found.map(|(entry,)| entry))
}

/// The days of the notices of a household and kind.
///
/// # Errors
/// When the database refuses, or a row is corrupt.
pub async fn hung(
    tx: &mut Tx,
    household: &HouseholdNo,
    kind: NoticeKind,
) -> Result<Vec<Hung>, DbError> {
    let rows: Vec<(String, String, String)> = tx
        .all(
            "SELECT from_day, until_day, taken_at FROM notice
             WHERE household = $1 AND kind = $2 ORDER BY entry",
            args![household.as_str(), kind.as_str()],
        )
        .await?;
    let corrupt = |_| DbError::Corrupt(household.to_string());
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let read = |(from, until, taken): &(String, String, String)| {
        let until = some(until).map(|day| day.parse()).transpose().map_err(corrupt)?;
        let taken = some(taken).map(|time| time.parse::<Timestamp>()).transpose();
        let taken_down = taken.map_err(corrupt)?.map(day_of);
        Ok(Hung { from: from.parse().map_err(corrupt)?, until, taken_down })
    };
    rows.iter().map(read).collect()
}

/// Notices of households in the scope, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    listing: &Listing,
    limit: u32,
) -> Result<Vec<NoticeRow>, DbError> {
    tx.all(
        "SELECT * FROM notice
         WHERE organisation LIKE $1 AND organisation LIKE $2
           AND ($3 = '' OR household = $3) AND ($4 = '' OR kind = $4)
           AND ($5 = '' OR (taken_down IS NULL AND from_day <= $5
                            AND (until_day = '' OR until_day >= $5)))
           AND ($6 = '' OR (from_day <= $7 AND (until_day = '' OR until_day >= $6)))
           AND entry < $8
         ORDER BY entry DESC LIMIT $9",
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", listing.organisation),
            &listing.household,
            &listing.kind,
            listing.on.map(|day| day.to_string()).unwrap_or_default(),
            listing.days.map(|(from, _)| from.to_string()).unwrap_or_default(),
            listing.days.map(|(_, until)| until.to_string()).unwrap_or_default(),
            listing.before.unwrap_or(EntryNo::MAX),
            limit,
        ],
    )
    .await
}

/// The notice that this entry put up, of a household of the scope; none where
/// there is none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, scope: &Scope, entry: EntryNo) -> Result<Option<NoticeRow>, DbError> {
    let sql = "SELECT * FROM notice WHERE entry = $1 AND organisation LIKE $2";
    tx.one(sql, args![entry, format!("{}%", scope.prefix())]).await
}
