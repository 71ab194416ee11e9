//! Households and organisations.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::kinship::{self, Gone};
use crate::args;
use crate::db::{Arg, DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::kinship::is_gone;

/// A household as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Household {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// 身份证号 of the head, covered, or empty.
    pub id_number: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The community it belongs to.
    pub organisation: String,
    /// The entry that opened it.
    pub opened: i64,
    /// The random name under which the log speaks of its file.
    pub volume: String,
    /// The last entry about it.
    pub last_entry: i64,
    /// 状态, by the code that the rules have for it.
    pub state: String,
    /// 类别, or empty.
    pub category: String,
    /// The day by which it is reviewed next, or empty.
    pub review_due: String,
    /// Until when its file is kept at least, or empty while it receives.
    pub kept_until: String,
    /// The last statement about it.
    pub stated: Option<i64>,
    /// The last step of its cases.
    pub stepped: Option<i64>,
}

/// A member of a household other than its head.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct MemberRow {
    /// Whose member.
    pub household: String,
    /// From 1.
    pub place: i64,
    /// 姓名
    pub name: String,
    /// 与户主关系
    pub relation: String,
    /// 身份证号, covered, or empty.
    pub id_number: String,
}

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

/// Whether the number is given.
///
/// # Errors
/// When the database refuses.
pub async fn exists(tx: &mut Tx, no: &HouseholdNo) -> Result<bool, DbError> {
    Ok(tx.number("SELECT COUNT(*) FROM household WHERE no = $1", args![no.as_str()]).await? > 0)
}

/// The household of that number, or none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, no: &HouseholdNo) -> Result<Option<Household>, DbError> {
    tx.one("SELECT * FROM household WHERE no = $1", args![no.as_str()]).await
}

/// The organisation in charge of a household; the one in whose region its number
/// was given, where there is no such household.
///
/// # Errors
/// When the database refuses.
pub async fn in_charge(tx: &mut Tx, no: &HouseholdNo) -> Result<String, DbError> {
    let sql = "SELECT organisation FROM household WHERE no = $1";
    let found: Option<(String,)> = tx.one(sql, args![no.as_str()]).await?;
    Ok(found.map_or_else(|| no.organisation().to_string(), |(code,)| code))
}

/// The members of a household beside its head.
///
/// # Errors
/// When the database refuses.
pub async fn members(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<MemberRow>, DbError> {
    tx.all("SELECT * FROM member WHERE household = $1 ORDER BY place", args![no.as_str()]).await
}

/// Whether the head of a household or another of its members has this name.
///
/// # Errors
/// When the database refuses.
pub async fn is_one_of(tx: &mut Tx, no: &HouseholdNo, name: &str) -> Result<bool, DbError> {
    let sql = "SELECT (SELECT COUNT(*) FROM household WHERE no = $1 AND head = $2)
                    + (SELECT COUNT(*) FROM member WHERE household = $1 AND name = $2)";
    Ok(tx.number(sql, args![no.as_str(), name]).await? > 0)
}

/// The first free serial in a community's region.
///
/// # Errors
/// When the database refuses.
pub async fn next_serial(tx: &mut Tx, region: &str) -> Result<u32, DbError> {
    let last = tx
        .number(
            "SELECT MAX(CAST(SUBSTR(no, 13) AS BIGINT)) FROM household WHERE no LIKE $1",
            args![format!("{region}%")],
        )
        .await?;
    Ok(u32::try_from(last).unwrap_or(0) + 1)
}

/// Writes the members of a household: place, name, relation, number of each.
pub(super) async fn write_members(
    tx: &mut Tx,
    no: &HouseholdNo,
    rows: Vec<Vec<Arg>>,
) -> Result<(), DbError> {
    let around = (
        "INSERT INTO member (household, place, name, relation, id_number)
         SELECT $1, v.column1, v.column2, v.column3, v.column4 FROM (VALUES ",
        ") AS v",
    );
    tx.run_rows(around, args![no.as_str()], &rows).await?;
    Ok(())
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
                 (SELECT COUNT(*) FROM document d WHERE d.household = h.no
                   AND (d.state = 'undescribed' OR (d.state = 'filed'
                     AND COALESCE(d.described, d.id) > (SELECT COALESCE(MAX(v.entry), -1)
                       FROM volume v WHERE v.household = h.no)))) AS unbound,
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

fn between_commas(required: &[String]) -> String {
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
/// number, at most `limit`; and how many there are in all, and how many of
/// them have a volume.
///
/// # Errors
/// When the database refuses.
pub async fn unbound(
    tx: &mut Tx,
    scope: &Scope,
    required: &[String],
    limit: u32,
) -> Result<(Vec<Listed>, i64, i64), DbError> {
    let prefix = format!("{}%", scope.prefix());
    let rows = tx
        .all(
            listed!("WHERE unbound > 0 ORDER BY no LIMIT $3"),
            args![prefix.clone(), between_commas(required), limit],
        )
        .await?;
    let rows = told(tx, scope, rows).await?;
    let counts: Option<(i64, Option<i64>)> = tx
        .one(
            "SELECT COUNT(*), CAST(SUM(CASE WHEN last >= 0 THEN 1 ELSE 0 END) AS BIGINT) FROM (
                SELECT h.no, COALESCE((SELECT MAX(v.entry) FROM volume v
                    WHERE v.household = h.no), -1) AS last
                FROM household h WHERE h.organisation LIKE $1
             ) AS bound
             WHERE EXISTS (SELECT 1 FROM document d WHERE d.household = bound.no
                AND (d.state = 'undescribed'
                     OR (d.state = 'filed' AND COALESCE(d.described, d.id) > bound.last)))",
            args![prefix],
        )
        .await?;
    let (all, outdated) = counts.unwrap_or_default();
    Ok((rows, all, outdated.unwrap_or(0)))
}

/// Whether an organisation with this code is registered.
///
/// # Errors
/// When the database refuses.
pub async fn is_organisation(tx: &mut Tx, code: &OrganisationCode) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM organisation WHERE code = $1";
    Ok(tx.number(sql, args![code.as_str()]).await? > 0)
}

/// How many households the scope has.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(*) FROM household WHERE organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// A person of a household who is named in a text.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Named {
    /// Whose household.
    pub no: String,
    /// Its head.
    pub head: String,
    /// Where it lives.
    pub address: String,
    /// The person named: the head or a member.
    pub name: String,
    /// Whether the number of the person's identity card is among those: 1 or 0.
    pub by_number: i64,
}

/// The persons in the scope whose name or household number stands in `text`, or
/// the number of whose identity card has one of these `digests`, at most 200.
///
/// # Errors
/// When the database refuses.
pub async fn named_in(
    tx: &mut Tx,
    scope: &Scope,
    text: &str,
    digests: &[String],
) -> Result<Vec<Named>, DbError> {
    tx.all(
        "SELECT * FROM (
            SELECT h.no, h.head, h.address, h.head AS name, h.organisation, h.state,
                   CAST(CASE WHEN $3 LIKE '%,' || d.digest || ',%' THEN 1 ELSE 0 END AS BIGINT)
                   AS by_number
            FROM household h LEFT JOIN id_digest d ON d.household = h.no AND d.place = 0
            UNION ALL
            SELECT h.no, h.head, h.address, m.name, h.organisation, h.state,
                   CAST(CASE WHEN $3 LIKE '%,' || d.digest || ',%' THEN 1 ELSE 0 END AS BIGINT)
            FROM member m JOIN household h ON h.no = m.household
            LEFT JOIN id_digest d ON d.household = m.household AND d.place = m.place
         ) AS person
         WHERE organisation LIKE $1
           AND ($2 LIKE '%' || no || '%' OR (state NOT IN ('merged', 'void')
                AND ($2 LIKE '%' || name || '%' OR by_number = 1)))
         ORDER BY no LIMIT 200",
        args![format!("{}%", scope.prefix()), text, between_commas(digests)],
    )
    .await
}

/// An organisation and its name.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Organisation {
    /// Its region code of 12 digits.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Every known organisation, in order of codes.
///
/// # Errors
/// When the database refuses.
pub async fn organisations(tx: &mut Tx) -> Result<Vec<Organisation>, DbError> {
    tx.all("SELECT * FROM organisation ORDER BY code", args![]).await
}

/// The name of an organisation; the code itself while it is not registered.
///
/// # Errors
/// When the database refuses.
pub async fn organisation_name(tx: &mut Tx, code: &str) -> Result<String, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT name FROM organisation WHERE code = $1", args![code]).await?;
    Ok(found.map_or_else(|| code.to_owned(), |(name,)| name))
}

/// A fact of the archive: `fonds`, `fonds_name` or `profile`; empty before it
/// is made.
///
/// # Errors
/// When the database refuses.
pub async fn setting(tx: &mut Tx, key: &str) -> Result<String, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT value FROM setting WHERE key = $1", args![key]).await?;
    Ok(found.map(|(value,)| value).unwrap_or_default())
}

/// A household as it is suggested while somebody types.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Suggested {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// The community it belongs to.
    pub organisation: String,
    /// 档号 of its volume, or empty.
    pub reference: String,
    /// 状态, by the code that the rules have for it.
    pub state: String,
}

/// The households that something was recorded of from entry `from` on, whoever
/// asks: what is suggested is narrowed later.
///
/// # Errors
/// When the database refuses.
pub async fn changed_since(tx: &mut Tx, from: i64) -> Result<Vec<Suggested>, DbError> {
    tx.all(
        "SELECT h.no, h.head, h.organisation, h.state,
                COALESCE((SELECT v.reference_code FROM volume v WHERE v.household = h.no
                          ORDER BY v.version DESC LIMIT 1), '') AS reference
         FROM household h WHERE h.last_entry >= $1",
        args![from],
    )
    .await
}
