//! 利用登记册 in SQL: who has looked, the reasons of a day, and how far the
//! access log was at each seal.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use crate::args;
use crate::db::{Db, DbError, Tx};
use crate::model::id::PersonId;
use crate::model::look::{LookBody, Reason};

/// A look.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LookRow {
    /// The digest of its body.
    pub sha256: String,
    /// Its number in the access log; none while it waits to be published.
    pub no: Option<i64>,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The canonical JSON of its body.
    pub body: String,
}

impl LookRow {
    /// The body as a value.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn body(&self) -> Result<LookBody, DbError> {
        serde_json::from_str(&self.body).map_err(|e| DbError::Corrupt(format!("look: {e}")))
    }
}

/// Which looks are wanted. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the organisation of the person, or of the file, begins with.
    pub prefix: String,
    /// A part of the person's name.
    pub person: String,
    /// What the person's organisation begins with.
    pub organisation: String,
    /// The household.
    pub household: String,
    /// The document.
    pub document: Option<i64>,
    /// The kind, by its name.
    pub kind: String,
    /// What came of it, by its name.
    pub outcome: String,
    /// The first moment, in microseconds.
    pub from: Option<i64>,
    /// The moment after the last.
    pub to: Option<i64>,
}

/// Where a page of looks begins: after this moment and digest, back in time.
pub type Before = (i64, String);

/// What every list of looks is narrowed by; the values are those of
/// [`Wanted::args`].
macro_rules! narrowed {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM look WHERE (organisation LIKE $1 OR household LIKE $1)
               AND ($2 = '' OR person LIKE $2) AND organisation LIKE $3
               AND ($4 = '' OR household = $4) AND ($5 = -1 OR document = $5)
               AND ($6 = '' OR kind = $6) AND ($7 = '' OR outcome = $7)
               AND kind <> 'seal' AND at >= $8 AND at < $9 ",
            $after
        )
    };
}

impl Wanted {
    fn args(&self) -> Vec<crate::db::Arg> {
        // Codes are digits; of a name no wildcard is meant.
        let begins = |code: &str| format!("{code}%");
        let plain: String = self.person.chars().filter(|c| !matches!(c, '%' | '_')).collect();
        let part = if plain.is_empty() { String::new() } else { format!("%{plain}%") };
        args![
            begins(&self.prefix),
            part,
            begins(&self.organisation),
            &self.household,
            self.document.unwrap_or(-1),
            &self.kind,
            &self.outcome,
            self.from.unwrap_or(i64::MIN),
            self.to.unwrap_or(i64::MAX)
        ]
        .to_vec()
    }
}

/// The looks that are wanted, newest first, after `before`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    wanted: &Wanted,
    before: Option<&Before>,
    limit: u32,
) -> Result<Vec<LookRow>, DbError> {
    let (at, sha256) = before.cloned().unwrap_or((i64::MAX, String::new()));
    let mut args = wanted.args();
    args.extend_from_slice(args![at, sha256, limit]);
    tx.all(
        narrowed!(
            "SELECT sha256, no, at, body",
            "AND (at < $10 OR (at = $10 AND sha256 < $11)) ORDER BY at DESC, sha256 DESC LIMIT $12"
        ),
        &args,
    )
    .await
}

/// How many looks are wanted.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, wanted: &Wanted) -> Result<i64, DbError> {
    tx.number(narrowed!("SELECT COUNT(*)", ""), &wanted.args()).await
}

/// The bodies of the last searches of people of this name after `after`, newest
/// first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn searches(
    tx: &mut Tx,
    person: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<LookRow>, DbError> {
    tx.all(
        "SELECT sha256, no, at, body FROM look
         WHERE kind = 'search' AND person = $1 AND at > $2 ORDER BY at DESC LIMIT $3",
        args![person, after, limit],
    )
    .await
}

/// When somebody was not let in as this person, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn refused_sign_ins(
    tx: &mut Tx,
    person: &PersonId,
    limit: u32,
) -> Result<Vec<LookRow>, DbError> {
    // The name of an account is sixteen letters that stand nowhere else.
    tx.all(
        "SELECT sha256, no, at, body FROM look
         WHERE kind = 'sign_in' AND body LIKE $1 ORDER BY at DESC, sha256 LIMIT $2",
        args![format!("%\"person\":\"{}\"%", person.as_str()), limit],
    )
    .await
}

/// A look exactly as it was written.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Exact {
    /// Its number.
    pub no: i64,
    /// The canonical JSON of its entry: the leaf.
    pub leaf: String,
    /// The canonical JSON of its body.
    pub body: String,
}

/// The look of that number; none when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn exact(tx: &mut Tx, no: i64) -> Result<Option<Exact>, DbError> {
    tx.one("SELECT no, leaf, body FROM look WHERE no = $1", args![no]).await
}

/// The published looks from number `from` on, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn published(tx: &mut Tx, from: i64, limit: u32) -> Result<Vec<Exact>, DbError> {
    let sql = "SELECT no, leaf, body FROM look WHERE no >= $1 ORDER BY no LIMIT $2";
    tx.all(sql, args![from, limit]).await
}

/// The bodies of the seals in the access log, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn seals(tx: &mut Tx) -> Result<Vec<(i64, String)>, DbError> {
    let sql = "SELECT no, body FROM look WHERE kind = 'seal' AND no IS NOT NULL ORDER BY no";
    tx.all(sql, args![]).await
}

/// Whether anything but seals is in the access log from entry `from` on.
///
/// # Errors
/// When the database refuses.
pub async fn has_grown(tx: &mut Tx, from: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM look WHERE no >= $1 AND kind <> 'seal'";
    Ok(tx.number(sql, args![from]).await? > 0)
}

/// Why this person looks at a household's file on a day, as it was said; none
/// when it was not.
///
/// # Errors
/// When the database refuses.
pub async fn reason(
    db: &Db,
    (person, organisation): (String, String),
    household: &str,
    day: &str,
) -> Result<Option<Reason>, DbError> {
    let found: Option<(String,)> = db
        .one(
            "SELECT reason FROM look_reason
             WHERE person = $1 AND organisation = $2 AND household = $3 AND day = $4",
            args![person, organisation, household, day],
        )
        .await?;
    let parse = |(text,): (String,)| {
        serde_json::from_str(&text).map_err(|e| DbError::Corrupt(format!("reason: {e}")))
    };
    found.map(parse).transpose()
}

/// The households of whose files this person has said on a day why they look.
///
/// # Errors
/// When the database refuses.
pub async fn reasoned(
    tx: &mut Tx,
    (person, organisation): (String, String),
    day: &str,
) -> Result<Vec<String>, DbError> {
    let found: Vec<(String,)> = tx
        .all(
            "SELECT household FROM look_reason
             WHERE person = $1 AND organisation = $2 AND day = $3",
            args![person, organisation, day],
        )
        .await?;
    Ok(found.into_iter().map(|(no,)| no).collect())
}

/// Keeps why this person looks at a household's file on a day; those of days
/// before are forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn keep_reason(
    tx: &mut Tx,
    (person, organisation): (String, String),
    household: &str,
    day: &str,
    reason: &Reason,
) -> Result<(), DbError> {
    let text = serde_json::to_string(reason).map_err(|e| DbError::Corrupt(e.to_string()))?;
    tx.run("DELETE FROM look_reason WHERE day < $1", args![day]).await?;
    tx.run(
        "INSERT INTO look_reason (person, organisation, household, day, reason)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person, organisation, household, day) DO UPDATE SET reason = excluded.reason",
        args![person, organisation, household, day, text],
    )
    .await?;
    Ok(())
}

/// How far the access log was when the records log last said so.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct AccessSeal {
    /// The entry of the records log.
    pub entry: i64,
    /// How many entries the access log had.
    pub size: i64,
    /// The root of its tree, in base64.
    pub root: String,
}

/// The seals of the access log in the records log, newest first, at most
/// `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn access_seals(tx: &mut Tx, limit: u32) -> Result<Vec<AccessSeal>, DbError> {
    let sql = "SELECT entry, size, root FROM access_seal ORDER BY entry DESC LIMIT $1";
    tx.all(sql, args![limit]).await
}

/// Notes how far the access log was; it never becomes shorter.
pub(super) async fn seal(tx: &mut Tx, entry: i64, size: u64, root: &str) -> Result<(), ApplyError> {
    let before = access_seals(tx, 1).await?.first().map_or(0, |seal| seal.size);
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    if size <= before {
        return Err(Refusal::AccessLog { size, before }.into());
    }
    let sql = "INSERT INTO access_seal (entry, size, root) VALUES ($1, $2, $3)";
    tx.run(sql, args![entry, size, root]).await?;
    Ok(())
}
