//! Lists of households, with what is shown of each.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::Household;
use crate::args;
use crate::catalog::kinship::{self, Gone};
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::kinship::is_gone;

/// A household with what a list shows of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Listed {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The community it belongs to.
    pub organisation: String,
    /// How many documents are filed.
    pub documents: i64,
    /// How many kinds of paper among the required ones are filed.
    pub required: i64,
    /// How many papers the file should have: what the steps of its cases leave, or
    /// without a case the required ones.
    pub expected: i64,
    /// How many of those are not there.
    pub missing: i64,
    /// The types that steps left and that are not there, parted by commas; empty
    /// without a case.
    pub lacks: String,
    /// The version of its volume, 0 when none is bound.
    pub version: i64,
    /// The name of its community, or the code while that is not registered.
    pub organisation_name: String,
    /// The codes of the types that are filed, parted by commas.
    pub kinds: String,
    /// How many documents came, or were corrected, after the last binding.
    pub unbound: i64,
    /// When the last document was taken in, or empty.
    pub last: String,
    /// 状态, by the code that the rules have for it.
    pub state: String,
    /// What became of it, where nobody lives in it any more.
    #[sqlx(skip)]
    pub gone: Option<Gone>,
}

/// What a list shows of every household of a scope: $1 is the beginning of the
/// codes in it, $2 the required types between commas.
macro_rules! listed {
    ($($rest:tt)*) => {
        concat!(
            "SELECT * FROM (
               SELECT h.no, h.head, h.address, h.organisation, h.state,
                 (SELECT COUNT(*) FROM document d WHERE d.household = h.no
                   AND d.state IN ('filed', 'undescribed')) AS documents,
                 (SELECT COUNT(DISTINCT d.type) FROM document d WHERE d.household = h.no
                   AND d.state = 'filed' AND $2 LIKE '%,' || d.type || ',%') AS required,
                 CASE WHEN h.owed > 0 THEN h.owed WHEN h.state IN ('merged', 'void') THEN 0
                   ELSE LENGTH($2) - LENGTH(REPLACE($2, ',', '')) - 1 END AS expected,
                 CASE WHEN h.owed > 0 THEN h.lacks WHEN h.state IN ('merged', 'void') THEN 0
                   ELSE LENGTH($2) - LENGTH(REPLACE($2, ',', '')) - 1
                     - (SELECT COUNT(DISTINCT d.type) FROM document d WHERE d.household = h.no
                       AND d.state = 'filed' AND $2 LIKE '%,' || d.type || ',%') END AS missing,
                 COALESCE((SELECT STRING_AGG(o.type, ',') FROM owed o
                   WHERE o.household = h.no AND o.met = 0), '') AS lacks,
                 (SELECT COALESCE(MAX(v.version), 0) FROM volume v
                   WHERE v.household = h.no) AS version,
                 COALESCE((SELECT o.name FROM organisation o WHERE o.code = h.organisation),
                   h.organisation) AS organisation_name,
                 COALESCE((SELECT STRING_AGG(d.type, ',') FROM document d
                   WHERE d.household = h.no AND d.state = 'filed'), '') AS kinds,
                 h.unbound,
                 COALESCE((SELECT MAX(d.accepted_at) FROM document d
                   WHERE d.household = h.no), '') AS last
               FROM household h WHERE h.organisation LIKE $1
             ) AS listed ",
            $($rest)*
        )
    };
}

/// Whether a household is wanted. Those that are, are looked up once and not for each
/// household, and not at all where all of them are.
macro_rules! is_wanted {
    ($no:literal, $part:literal, $digest:literal) => {
        concat!(
            "(",
            $part,
            " = '%%' OR ",
            $no,
            " IN (SELECT no FROM household WHERE no LIKE ",
            $part,
            " OR head LIKE ",
            $part,
            " UNION SELECT household FROM member WHERE name LIKE ",
            $part,
            " UNION SELECT household FROM id_digest WHERE digest = ",
            $digest,
            "))"
        )
    };
}

/// Who of a scope lacks how many papers: those that steps leave or, before the first
/// step, the required ones. Arguments as of [`listed!`].
macro_rules! wanting {
    () => {
        "SELECT h.no, h.lacks AS missing FROM household h
         WHERE h.lacks > 0 AND h.organisation LIKE $1
         UNION ALL
         SELECT u.no, u.missing FROM (
            SELECT n.no, LENGTH($2) - LENGTH(REPLACE($2, ',', '')) - 1
                - (SELECT COUNT(DISTINCT d.type) FROM document d WHERE d.household = n.no
                    AND d.state = 'filed' AND $2 LIKE '%,' || d.type || ',%') AS missing
            FROM household n WHERE n.owed = 0 AND n.organisation LIKE $1
                AND n.state NOT IN ('merged', 'void')
         ) AS u WHERE u.missing > 0"
    };
}

/// A text without the signs that LIKE takes for any character.
fn plain(text: &str) -> String {
    text.replace(['%', '_'], "")
}

pub(super) fn between_commas(required: &[String]) -> String {
    format!(",{},", required.join(","))
}

/// Which households are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the number, or the name of the head or of a member, has in it.
    pub part: String,
    /// Or the digest of the number of a person's identity card.
    pub digest: String,
}

/// The same rows, with what became of those in which nobody lives any more.
async fn told(tx: &mut Tx, scope: &Scope, mut rows: Vec<Listed>) -> Result<Vec<Listed>, DbError> {
    for row in rows.iter_mut().filter(|row| is_gone(&row.state)) {
        let sql = "SELECT * FROM household WHERE no = $1";
        let found: Option<Household> = tx.one(sql, args![&row.no]).await?;
        if let Some(household) = found {
            row.gone = kinship::became(tx, scope, &household).await?;
        }
    }
    Ok(rows)
}

/// Households in the scope that are wanted, in order of numbers, after number
/// `after`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
    after: &str,
    required: &[String],
    limit: u32,
) -> Result<Vec<Listed>, DbError> {
    let rows = tx
        .all(
            listed!("WHERE no > $3 AND ", is_wanted!("no", "$4", "$6"), " ORDER BY no LIMIT $5"),
            args![
                format!("{}%", scope.prefix()),
                between_commas(required),
                after,
                format!("%{}%", plain(&wanted.part)),
                limit,
                &wanted.digest,
            ],
        )
        .await?;
    told(tx, scope, rows).await
}

/// How many households [`list`] would bring without a limit.
///
/// # Errors
/// When the database refuses.
pub async fn count_wanted(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<i64, DbError> {
    tx.number(
        concat!(
            "SELECT COUNT(*) FROM household h WHERE h.organisation LIKE $1 AND ",
            is_wanted!("h.no", "$2", "$3")
        ),
        args![
            format!("{}%", scope.prefix()),
            format!("%{}%", plain(&wanted.part)),
            &wanted.digest,
        ],
    )
    .await
}

/// Households in the scope that lack required papers, the emptiest first, at
/// most `limit`; and how many there are in all.
///
/// # Errors
/// When the database refuses.
pub async fn incomplete(
    tx: &mut Tx,
    scope: &Scope,
    required: &[String],
    limit: u32,
) -> Result<(Vec<Listed>, i64), DbError> {
    let (prefix, types) = (format!("{}%", scope.prefix()), between_commas(required));
    let rows = tx
        .all(
            listed!(
                "WHERE no IN (SELECT w.no FROM (",
                wanting!(),
                ") AS w ORDER BY w.missing DESC, w.no LIMIT $3) ORDER BY missing DESC, no"
            ),
            args![prefix.clone(), types.clone(), limit],
        )
        .await?;
    let rows = told(tx, scope, rows).await?;
    let count = tx
        .number(concat!("SELECT COUNT(*) FROM (", wanting!(), ") AS w"), args![prefix, types])
        .await?;
    Ok((rows, count))
}

/// Households in the scope with papers that came after the last binding, by
/// number, at most `limit`; and how many there are in all.
///
/// # Errors
/// When the database refuses.
pub async fn unbound(
    tx: &mut Tx,
    scope: &Scope,
    required: &[String],
    limit: u32,
) -> Result<(Vec<Listed>, i64), DbError> {
    let prefix = format!("{}%", scope.prefix());
    // The numbers are gone through in their order, and not all of them sorted.
    let rows = tx
        .all(
            listed!(
                "WHERE no IN (SELECT u.no FROM household u
                    WHERE +u.unbound > 0 AND u.organisation LIKE $1 ORDER BY u.no LIMIT $3)
                 ORDER BY no"
            ),
            args![prefix.clone(), between_commas(required), limit],
        )
        .await?;
    let rows = told(tx, scope, rows).await?;
    let count = tx
        .number(
            "SELECT COUNT(*) FROM household WHERE unbound > 0 AND organisation LIKE $1",
            args![prefix],
        )
        .await?;
    Ok((rows, count))
}

/// How many households in the scope have a volume, and papers that came after it was bound.
///
/// # Errors
/// When the database refuses.
pub async fn outdated(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(DISTINCT v.household) FROM volume v CROSS JOIN household h
         WHERE h.no = v.household AND h.unbound > 0 AND h.organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}
