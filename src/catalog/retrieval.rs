//! 检索目录 in SQL: the three catalogs that records are looked up in by field, one
//! row for each household. Which households, the search says; here is what is held of them,
//! and whom the fields mean that only tables know.

mod known;
mod meant;

use std::collections::HashMap;

use sqlx::FromRow;

pub use self::known::{Known, known};
pub use self::meant::{by_card, by_digest, decided, stated, with_date, with_type};
use super::facts::persons_of;
use crate::args;
use crate::db::{Arg, Around, DbError, Tx};
use crate::model::access::Scope;

/// What the catalog holds of a household.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The name of its community, or the code while that is not registered.
    pub organisation: String,
    /// How many people it has, with the head.
    pub people: i64,
    /// 档号, or empty while nothing was bound.
    pub reference: String,
    /// 案卷题名, or empty.
    pub title: String,
    /// The version of the volume, 0 without one.
    pub version: i64,
    /// 件数 of the volume.
    pub items: i64,
    /// 页数 of the volume.
    pub pages: i64,
    /// The first date on its papers, or empty.
    pub first: String,
    /// The last date on its papers, or empty.
    pub last: String,
    /// The codes of the types that are filed, parted by commas.
    pub kinds: String,
    /// 保障人数 as it was put up last, 0 when it never was.
    pub covered: i64,
    /// 月保障金 as it was put up last, in 分.
    pub amount: i64,
    /// Which notice that was, or empty.
    pub notice: String,
    /// From which day, or empty.
    pub from_day: String,
}

/// What the catalog holds of households: $1 the scope, their numbers stand between.
const ENTRIES: Around = (
    concat!(
        "SELECT h.no, h.head, h.address,
       COALESCE((SELECT o.name FROM organisation o WHERE o.code = h.organisation),
         h.organisation) AS organisation,",
        persons_of!("h.no"),
        "AS people,
       COALESCE(v.reference_code, '') AS reference, COALESCE(v.title, '') AS title,
       COALESCE(v.version, 0) AS version, COALESCE(v.items, 0) AS items,
       COALESCE(v.pages, 0) AS pages,
       COALESCE((SELECT MIN(d.date) FROM document d WHERE d.household = h.no
         AND d.state = 'filed' AND d.date <> ''), '') AS first,
       COALESCE((SELECT MAX(d.date) FROM document d WHERE d.household = h.no
         AND d.state = 'filed' AND d.date <> ''), '') AS last,
       COALESCE((SELECT STRING_AGG(d.type, ',') FROM document d
         WHERE d.household = h.no AND d.state = 'filed'), '') AS kinds,
       COALESCE(n.members, 0) AS covered, COALESCE(n.amount, 0) AS amount,
       COALESCE(n.kind, '') AS notice, COALESCE(n.from_day, '') AS from_day
     FROM household h
     LEFT JOIN volume v ON v.household = h.no AND v.version =
       (SELECT MAX(w.version) FROM volume w WHERE w.household = h.no)
     LEFT JOIN notice n ON n.entry = (SELECT MAX(p.entry) FROM notice p
       WHERE p.household = h.no AND p.taken_down IS NULL)
     WHERE h.organisation LIKE $1 AND h.no IN (VALUES "
    ),
    ")",
);

/// What the catalog holds of the households of these numbers, by number; nothing of those
/// beyond the scope.
///
/// # Errors
/// When the database refuses.
pub async fn entries(
    tx: &mut Tx,
    scope: &Scope,
    numbers: &[&str],
) -> Result<HashMap<String, Entry>, DbError> {
    let rows: Vec<Vec<Arg>> = numbers.iter().map(|no| vec![Arg::from(*no)]).collect();
    let prefix = format!("{}%", scope.prefix());
    let found: Vec<Entry> = tx.all_rows(ENTRIES, args![prefix], &rows).await?;
    Ok(found.into_iter().map(|one| (one.no.clone(), one)).collect())
}
