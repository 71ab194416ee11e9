//! 应有: the papers that steps leave in a file, which of them are there, and who
//! owes the others. Whether a file is complete is computed here, never ticked.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::apply::ApplyError;
use crate::args;
use crate::db::{self, DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::living::{LivingRule, SendBack, Step};

/// A paper that is owed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct OwedRow {
    /// The entry of the step that leaves it.
    pub entry: i64,
    /// Its place among the papers of that step, from 0.
    pub place: i64,
    /// 户号
    pub household: String,
    /// 件种
    #[sqlx(rename = "type")]
    #[serde(rename = "type")]
    pub type_code: String,
    /// Who collects it: `community`, `street`, `bureau`.
    pub collector: String,
    /// The day of the step.
    pub since: String,
    /// Whether it is there: 1 or 0.
    pub met: i64,
    /// When the paper that is there for it was taken in, RFC 3339; empty while none is.
    pub met_at: String,
}

/// Refuses a document that is not in the file of the household.
pub(super) async fn in_file(
    tx: &mut Tx,
    no: &HouseholdNo,
    document: DocumentId,
) -> Result<(), ApplyError> {
    let sql = "SELECT COUNT(*) FROM document WHERE id = $1 AND household = $2
               AND state IN ('filed', 'undescribed')";
    match tx.number(sql, args![document.0, no.as_str()]).await? {
        0 => Err(LivingRule::NotInFile(document, no.clone()).into()),
        _ => Ok(()),
    }
}

/// Writes the papers that a step leaves.
pub(super) async fn owe(
    tx: &mut Tx,
    entry: EntryNo,
    no: &HouseholdNo,
    step: &Step,
) -> Result<(), DbError> {
    let writing = owing(entry, step);
    if writing.is_empty() {
        return Ok(());
    }
    tx.run_all(writing).await?;
    settle_types(tx, no.as_str(), "").await
}

/// What writes the papers that a step leaves, none of which is there yet.
pub(super) fn owing(entry: EntryNo, step: &Step) -> Vec<db::Statement> {
    let rows = step
        .owed
        .iter()
        .zip(0_i64..)
        .map(|(one, place)| args![place, &one.type_code, one.collector.as_str()].to_vec());
    let around = (
        "INSERT INTO owed (entry, place, household, type, collector, since, met, met_at)
         SELECT $1, v.column1, $2, v.column2, v.column3, $3, 0, '' FROM (VALUES ",
        ") AS v",
    );
    let common = args![entry, step.household.as_str(), step.on.to_string()];
    db::about_rows(around, common, &rows.collect::<Vec<_>>())
}

/// Says of the papers of one type that a household owes which are there: as many
/// as are filed and good enough, those owed longest first by those taken in first.
pub(super) async fn settle(tx: &mut Tx, household: &str, kind: &str) -> Result<(), DbError> {
    // What nobody has said of a paper yet is owed by nobody.
    if kind.is_empty() { Ok(()) } else { settle_types(tx, household, kind).await }
}

/// As [`settle`]; of all types that a household owes where `kind` is empty.
async fn settle_types(tx: &mut Tx, household: &str, kind: &str) -> Result<(), DbError> {
    let touched = tx
        .run(
            "UPDATE owed SET met = s.met, met_at = s.met_at FROM (
                SELECT o.entry, o.place, CASE WHEN p.accepted_at IS NULL THEN 0 ELSE 1 END AS met,
                       COALESCE(p.accepted_at, '') AS met_at
                FROM (
                    SELECT entry, place, type, ROW_NUMBER() OVER (
                        PARTITION BY type ORDER BY since, entry, place) AS nth
                    FROM owed WHERE household = $1 AND ($2 = '' OR type = $2)
                ) AS o LEFT JOIN (
                    SELECT type, accepted_at, ROW_NUMBER() OVER (
                        PARTITION BY type ORDER BY accepted_at, id) AS nth
                    FROM document WHERE household = $1 AND state = 'filed'
                      AND sent_back IS NULL AND ($2 = '' OR type = $2)
                ) AS p ON p.type = o.type AND p.nth = o.nth
             ) AS s
             WHERE owed.household = $1 AND owed.entry = s.entry AND owed.place = s.place",
            args![household, kind],
        )
        .await?;
    if touched == 0 { Ok(()) } else { count(tx, household).await }
}

/// Counts what a household owes and what of it is missing.
async fn count(tx: &mut Tx, household: &str) -> Result<(), DbError> {
    tx.run(
        "UPDATE household SET owed = c.owed, lacks = c.lacks, lacks_community = c.community,
                lacks_street = c.street, lacks_bureau = c.bureau
         FROM (
            SELECT COUNT(*) AS owed, CAST(COALESCE(SUM(1 - met), 0) AS BIGINT) AS lacks,
                CAST(COALESCE(SUM(CASE WHEN collector = 'community' THEN 1 - met ELSE 0 END), 0)
                    AS BIGINT) AS community,
                CAST(COALESCE(SUM(CASE WHEN collector = 'street' THEN 1 - met ELSE 0 END), 0)
                    AS BIGINT) AS street,
                CAST(COALESCE(SUM(CASE WHEN collector = 'bureau' THEN 1 - met ELSE 0 END), 0)
                    AS BIGINT) AS bureau
            FROM owed WHERE household = $1
         ) AS c WHERE no = $1 AND c.owed > 0",
        args![household],
    )
    .await?;
    Ok(())
}

/// As [`settle`], for the household and type a document has now.
pub(super) async fn settle_for(tx: &mut Tx, document: DocumentId) -> Result<(), DbError> {
    let sql = "SELECT household, type FROM document WHERE id = $1 AND household IS NOT NULL";
    let found: Option<(String, String)> = tx.one(sql, args![document.0]).await?;
    match found {
        Some((household, kind)) => settle(tx, &household, &kind).await,
        None => Ok(()),
    }
}

/// Writes that a paper in the file is not good enough.
pub(super) async fn send_back(
    tx: &mut Tx,
    entry: EntryNo,
    sent: &SendBack,
) -> Result<(), ApplyError> {
    let done = tx
        .run(
            "UPDATE document SET sent_back = $1, sent_reason = $2
             WHERE id = $3 AND household = $4 AND state = 'filed' AND sent_back IS NULL",
            args![entry, &sent.reason, sent.document.0, sent.household.as_str()],
        )
        .await?;
    if done == 0 {
        return Err(LivingRule::NotInFile(sent.document, sent.household.clone()).into());
    }
    Ok(settle_for(tx, sent.document).await?)
}

/// The papers a household owes or owed, by type and day.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<OwedRow>, DbError> {
    let sql = "SELECT * FROM owed WHERE household = $1 ORDER BY since, entry, place";
    tx.all(sql, args![no.as_str()]).await
}

/// 缺件: a paper that is not there.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Lacking {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The community in charge.
    pub organisation: String,
    /// 件种
    #[sqlx(rename = "type")]
    #[serde(rename = "type")]
    pub type_code: String,
    /// Who owes it: `community`, `street`, `bureau`.
    pub collector: String,
    /// Since when.
    pub since: String,
    /// Why the one that was there was sent back, or empty.
    pub reason: String,
    /// That one.
    pub document: Option<i64>,
    /// The entry of the step that leaves it.
    pub entry: i64,
    /// Its place among the papers of that step.
    pub place: i64,
}

/// Which papers are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The beginning of the codes of organisations.
    pub organisation: String,
    /// Who owes them.
    pub collector: String,
    /// 件种
    pub type_code: String,
    /// Those after this one: household, entry, place.
    pub after: (String, i64, i64),
}

/// The papers of the scope that are not there, by household, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn lacking(
    tx: &mut Tx,
    scope: &Scope,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Lacking>, DbError> {
    let (household, entry, place) = &asked.after;
    tx.all(
        "SELECT o.household, h.head, h.address, h.organisation, o.type, o.collector, o.since,
                COALESCE(d.sent_reason, '') AS reason, d.id AS document, o.entry, o.place
         FROM owed o JOIN household h ON h.no = o.household
         LEFT JOIN document d ON d.id = (SELECT MAX(s.id) FROM document s
            WHERE s.household = o.household AND s.type = o.type AND s.state = 'filed'
              AND s.sent_back IS NOT NULL)
         WHERE o.met = 0 AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND ($3 = '' OR o.collector = $3) AND ($4 = '' OR o.type = $4)
           AND (o.household > $5 OR (o.household = $5 AND (o.entry > $6
                OR (o.entry = $6 AND o.place > $7))))
         ORDER BY o.household, o.entry, o.place LIMIT $8",
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", asked.organisation),
            &asked.collector,
            &asked.type_code,
            household,
            *entry,
            *place,
            limit,
        ],
    )
    .await
}

/// How complete the files of a community are.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// The community in charge.
    pub organisation: String,
    /// How many households owe or owed papers.
    pub households: i64,
    /// How many of them owe none.
    pub complete: i64,
    /// How many papers there should be.
    pub expected: i64,
    /// How many the community owes.
    pub community: i64,
    /// How many the street owes.
    pub street: i64,
    /// How many the bureau owes.
    pub bureau: i64,
}

/// How complete the files of the scope are, by community.
///
/// # Errors
/// When the database refuses.
pub async fn by_community(tx: &mut Tx, scope: &Scope) -> Result<Vec<Standing>, DbError> {
    tx.all(
        "SELECT organisation, COUNT(*) AS households,
                CAST(SUM(CASE WHEN lacks = 0 THEN 1 ELSE 0 END) AS BIGINT) AS complete,
                CAST(SUM(owed) AS BIGINT) AS expected,
                CAST(SUM(lacks_community) AS BIGINT) AS community,
                CAST(SUM(lacks_street) AS BIGINT) AS street,
                CAST(SUM(lacks_bureau) AS BIGINT) AS bureau
         FROM household WHERE owed > 0 AND organisation LIKE $1
         GROUP BY organisation ORDER BY organisation",
        args![format!("{}%", scope.prefix())],
    )
    .await
}
