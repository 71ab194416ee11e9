//! Volumes: one row for every version ever bound.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{Digest, HouseholdNo};

/// A bound version of a household's volume.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Volume {
    /// 户号
    pub household: String,
    /// From 1.
    pub version: i64,
    /// 档号
    pub reference_code: String,
    /// 案卷题名
    pub title: String,
    /// The digest of its manifest.
    pub manifest: String,
    /// 件数
    pub items: i64,
    /// 页数
    pub pages: i64,
    /// 立卷时间
    pub bound_at: String,
    /// 立卷人
    pub bound_by: String,
    /// The entry that bound it.
    pub entry: i64,
}

impl Volume {
    /// The digest of its manifest.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn manifest(&self) -> Result<Digest, DbError> {
        self.manifest.parse().map_err(|e| DbError::Corrupt(format!("{e}")))
    }
}

/// The newest version of a household's volume, or none.
///
/// # Errors
/// When the database refuses.
pub async fn current(tx: &mut Tx, household: &HouseholdNo) -> Result<Option<Volume>, DbError> {
    tx.one(
        "SELECT * FROM volume WHERE household = $1 ORDER BY version DESC LIMIT 1",
        args![household.as_str()],
    )
    .await
}

/// Every version of a household's volume, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn versions(tx: &mut Tx, household: &HouseholdNo) -> Result<Vec<Volume>, DbError> {
    tx.all("SELECT * FROM volume WHERE household = $1 ORDER BY version", args![household.as_str()])
        .await
}

/// The newest versions in the scope, in order of reference codes after
/// `after`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    after: &str,
    limit: u32,
) -> Result<Vec<Volume>, DbError> {
    tx.all(
        // From the volumes on, in the order of their codes, and not from all households.
        "SELECT v.* FROM volume v CROSS JOIN household h
         WHERE h.no = v.household AND h.organisation LIKE $1 AND v.reference_code > $2
           AND v.version = (SELECT MAX(w.version) FROM volume w WHERE w.household = v.household)
         ORDER BY v.reference_code LIMIT $3",
        args![format!("{}%", scope.prefix()), after, limit],
    )
    .await
}

/// A volume with what a list shows of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Listed {
    /// Its newest version.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub volume: Volume,
    /// 户主, as it is now.
    pub head: String,
    /// How many documents came, or were corrected, after that version.
    pub unbound: i64,
}

/// As [`list`], with head and unbound papers.
///
/// # Errors
/// When the database refuses.
pub async fn listed(
    tx: &mut Tx,
    scope: &Scope,
    after: &str,
    limit: u32,
) -> Result<Vec<Listed>, DbError> {
    tx.all(
        "SELECT v.*, h.head, h.unbound
         FROM volume v CROSS JOIN household h
         WHERE h.no = v.household AND h.organisation LIKE $1 AND v.reference_code > $2
           AND v.version = (SELECT MAX(w.version) FROM volume w WHERE w.household = v.household)
         ORDER BY v.reference_code LIMIT $3",
        args![format!("{}%", scope.prefix()), after, limit],
    )
    .await
}

/// The household in the scope whose volume has this reference code, or none.
///
/// # Errors
/// When the database refuses.
pub async fn of_code(tx: &mut Tx, scope: &Scope, code: &str) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> = tx
        .one(
            "SELECT v.household FROM volume v JOIN household h ON h.no = v.household
             WHERE h.organisation LIKE $1 AND v.reference_code = $2
             ORDER BY v.version DESC LIMIT 1",
            args![format!("{}%", scope.prefix()), code],
        )
        .await?;
    Ok(found.map(|(household,)| household))
}

/// How many households in the scope have a bound volume.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(DISTINCT v.household) FROM volume v CROSS JOIN household h
         WHERE h.no = v.household AND h.organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// The last reference code that begins with `series`, or empty.
///
/// # Errors
/// When the database refuses.
pub async fn last_code(tx: &mut Tx, series: &str) -> Result<String, DbError> {
    let found: Option<(String,)> = tx
        .one(
            "SELECT reference_code FROM volume
             WHERE SUBSTR(reference_code, 1, CAST($2 AS INTEGER)) = $1
             ORDER BY LENGTH(reference_code) DESC, reference_code DESC LIMIT 1",
            args![series, series.chars().count()],
        )
        .await?;
    Ok(found.map(|(code,)| code).unwrap_or_default())
}
