//! Who lives in a household, and where somebody lives now who lived elsewhere before.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::catalog::facts::{self, WHOLE, newest_first};
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::codes::member;
use crate::model::id::{EntryNo, HouseholdNo};

/// Those who live in a household, by place, with their names.
pub(super) fn residents(facts: &[facts::PresentFact]) -> BTreeMap<i64, String> {
    let gone = |member: i64| {
        facts
            .iter()
            .any(|one| one.member == member && one.field == member::LEFT && !one.value.is_empty())
    };
    facts
        .iter()
        .filter(|one| one.member != WHOLE && one.field == member::NAME && !one.value.is_empty())
        .filter(|one| !gone(one.member))
        .map(|one| (one.member, one.value.clone()))
        .collect()
}

/// Where a person lives or lived.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = PlaceOfLife)]
pub struct Lived {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 姓名 of the person.
    pub name: String,
    /// From which day on; empty for what was known when the file was opened.
    pub since: String,
    /// Why the person left, or empty: lives there now.
    pub left: String,
    /// From which day the person left, or empty.
    pub until: String,
}

/// The households of the scope in which somebody lives or lived whose number has this
/// digest: where the person lives now first, then the latest.
///
/// # Errors
/// When the database refuses.
pub async fn lived(tx: &mut Tx, scope: &Scope, digest: &str) -> Result<Vec<Lived>, DbError> {
    tx.all(
        "SELECT h.no AS household, h.head, h.organisation, n.value AS name, n.from_day AS since,
                COALESCE(g.value, '') AS \"left\", COALESCE(g.from_day, '') AS until
         FROM id_digest d JOIN household h ON h.no = d.household
         JOIN present_fact n ON n.household = d.household AND n.member = d.place
            -- Or the names of everybody would be gone through.
            AND n.field || '' = 'name' AND n.value <> ''
         LEFT JOIN present_fact g ON g.household = d.household AND g.member = d.place
            AND g.field = 'left' AND g.value <> ''
         WHERE d.digest = $1 AND h.organisation LIKE $2
         ORDER BY CASE WHEN g.value IS NULL THEN 0 ELSE 1 END, until DESC, since DESC, h.no
         LIMIT 50",
        args![digest, format!("{}%", scope.prefix())],
    )
    .await
}

/// The entry that stated the number of a person who came with the split or merge
/// `entry` to place `place`, and the place there: where the act with the whole number
/// is; none where no number was known.
///
/// # Errors
/// When the database refuses.
pub async fn numbered_by(
    tx: &mut Tx,
    entry: EntryNo,
    place: i64,
) -> Result<Option<(EntryNo, i64)>, DbError> {
    tx.one(
        concat!(
            "SELECT f.entry, f.member FROM moved_person m
         JOIN household_link l ON l.entry = m.entry
         JOIN fact f ON f.household = l.source AND f.member = m.source_place
            AND f.field = 'id_number' AND f.entry < m.entry
            AND (f.voided IS NULL OR f.voided > m.entry)
         WHERE m.entry = $1 AND m.target_place = $2
         ORDER BY",
            newest_first!("f"),
            "LIMIT 1"
        ),
        args![entry, place],
    )
    .await
}

/// The last place in a household that anybody ever had; nobody else gets one of those.
///
/// # Errors
/// When the database refuses.
pub async fn last_place(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let sql = "SELECT MAX(member) FROM fact WHERE household = $1 AND field = 'name'";
    tx.number(sql, args![no.as_str()]).await
}

/// How many persons live in a household now.
///
/// # Errors
/// When the database refuses.
pub async fn how_many(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let living = residents(&facts::present(tx, no).await?);
    Ok(i64::try_from(living.len()).unwrap_or(i64::MAX))
}

/// Whether some persons with the same number live in both households.
///
/// # Errors
/// When the database refuses.
pub async fn in_both(tx: &mut Tx, one: &HouseholdNo, other: &HouseholdNo) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM id_digest d JOIN id_digest o ON o.digest = d.digest
               WHERE d.household = $1 AND o.household = $2
                 AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.field = 'left'
                    AND g.value <> '' AND ((g.household = d.household AND g.member = d.place)
                      OR (g.household = o.household AND g.member = o.place)))";
    Ok(tx.number(sql, args![one.as_str(), other.as_str()]).await? > 0)
}
