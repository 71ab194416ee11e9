//! 分户、并户: how households came from each other and who moved. What is written of a
//! split or merge, and taken back, and where somebody lives now, stands in the modules
//! below.

mod gone;
mod link;
mod persons;
mod unlink;
mod writing;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub(super) use self::gone::goes_on;
pub use self::gone::{Gone, became, gone};
pub(super) use self::link::link;
pub use self::persons::{Lived, how_many, in_both, last_place, lived, numbered_by};
pub(super) use self::unlink::unlink;
use super::apply::{ApplyError, Refusal};
use super::households::{self, Household};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::kinship::KinRule;
use crate::model::living::LivingRule;

/// A split or merge.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = HouseholdLink)]
pub struct LinkRow {
    /// The entry that recorded it.
    pub entry: i64,
    /// `split` or `merge`.
    pub kind: String,
    /// The household that was left.
    pub source: String,
    /// The one they live in from then on.
    pub target: String,
    /// From which day on.
    pub on_day: String,
    /// The paper that proves it.
    pub document: i64,
    /// A remark, or empty.
    pub words: String,
    /// Who recorded it.
    pub author: String,
    /// The state of the household that was left before it went into the other; empty
    /// for a split.
    pub was: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
    /// Why it was wrong, or empty.
    pub why: String,
}

/// A person who moved.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = MovedPerson)]
pub struct MovedRow {
    /// The entry of the split or merge.
    pub entry: i64,
    /// The order among those who moved, from 0.
    pub place: i64,
    /// The place in the household that was left.
    pub source_place: i64,
    /// The place in the other one.
    pub target_place: i64,
    /// 姓名
    pub name: String,
}

fn refused(rule: KinRule) -> ApplyError {
    LivingRule::from(rule).into()
}

/// The household of that number, where somebody lives in it. Where nobody does any more,
/// whoever acts is told where it goes on, if that is in the scope.
async fn living(tx: &mut Tx, visible: &Scope, no: &HouseholdNo) -> Result<Household, ApplyError> {
    let found = households::get(tx, no).await?;
    let found = found.ok_or_else(|| Refusal::UnknownHousehold(no.clone()))?;
    match gone(tx, visible, &found).await? {
        Some(rule) => Err(refused(rule)),
        None => Ok(found),
    }
}

/// Whether an entry is a split or merge.
pub(super) async fn is_link(tx: &mut Tx, entry: EntryNo) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM household_link WHERE entry = $1";
    Ok(tx.number(sql, args![entry]).await? > 0)
}

/// Whether the person at that place left a household by a split or merge that holds.
pub(super) async fn went_away(tx: &mut Tx, no: &HouseholdNo, member: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM moved_person m JOIN household_link l ON l.entry = m.entry
               WHERE l.source = $1 AND l.voided IS NULL AND m.source_place = $2";
    Ok(tx.number(sql, args![no.as_str(), member]).await? > 0)
}

/// The links of a household, those that were taken back too, in order.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<LinkRow>, DbError> {
    let sql = "SELECT * FROM household_link WHERE source = $1 OR target = $1 ORDER BY entry";
    tx.all(sql, args![no.as_str()]).await
}

/// Who moved with a split or merge, in order.
///
/// # Errors
/// When the database refuses.
pub async fn moved(tx: &mut Tx, entry: EntryNo) -> Result<Vec<MovedRow>, DbError> {
    tx.all("SELECT * FROM moved_person WHERE entry = $1 ORDER BY place", args![entry]).await
}

/// The paper, if it is of an organisation of the scope.
///
/// # Errors
/// When the database refuses.
pub async fn seen_paper(tx: &mut Tx, scope: &Scope, id: i64) -> Result<Option<i64>, DbError> {
    let found = super::documents::get(tx, scope, DocumentId(id)).await?;
    Ok(found.map(|one| one.id))
}
