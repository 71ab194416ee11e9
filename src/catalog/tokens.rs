//! Tokens of machines. Expendable.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// So many tokens a person may have.
pub const MOST: i64 = 50;
/// That a token was used is noted once in so many milliseconds.
const NOTED: i64 = 60_000;

/// A token, without what it is shown as.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TokenRow {
    /// What names it in lists.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// Which machine has it.
    pub name: String,
    /// What it is for: names of rights with blanks between them.
    pub rights: String,
    /// When it was made, in milliseconds since 1970.
    pub made: i64,
    /// When it ends.
    pub ends: i64,
    /// When it was used last; 0: never.
    pub seen: i64,
}

/// Keeps a token by its hash; false when the person has too many.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &mut Tx, row: &TokenRow, token_sha256: &str) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM token WHERE person = $1";
    if tx.number(sql, args![&row.person]).await? >= MOST {
        return Ok(false);
    }
    tx.run(
        "INSERT INTO token (id, token_sha256, person, name, rights, made, ends, seen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        args![&row.id, token_sha256, &row.person, &row.name, &row.rights, row.made, row.ends],
    )
    .await?;
    Ok(true)
}

/// The token with this hash, if it is good: it has not ended at the `latest` moment
/// and was made before what the clock says `now`, which may have been set back.
///
/// # Errors
/// When the database refuses.
pub async fn good(
    tx: &mut Tx,
    token_sha256: &str,
    (now, latest): (Timestamp, Timestamp),
) -> Result<Option<TokenRow>, DbError> {
    let sql = "SELECT id, person, name, rights, made, ends, seen FROM token
               WHERE token_sha256 = $1 AND made <= $2 AND ends > $3";
    tx.one(sql, args![token_sha256, now.as_millisecond(), latest.as_millisecond()]).await
}

/// Whether it should be noted that a token is used at `now`.
#[must_use]
pub fn is_news(row: &TokenRow, now: Timestamp) -> bool {
    now.as_millisecond() - row.seen >= NOTED
}

/// Notes that a token is used at `now`.
///
/// # Errors
/// When the database refuses.
pub async fn seen(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE token SET seen = $2 WHERE id = $1 AND seen < $2";
    tx.run(sql, args![id, now.as_millisecond()]).await?;
    Ok(())
}

/// The tokens of a person, or of everybody; the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(tx: &mut Tx, person: Option<&str>) -> Result<Vec<TokenRow>, DbError> {
    let sql = "SELECT id, person, name, rights, made, ends, seen FROM token
               WHERE $1 = '' OR person = $1 ORDER BY made DESC, id LIMIT 1000";
    tx.all(sql, args![person.unwrap_or_default()]).await
}

/// Ends a token of a person, or of whomever; false when it is not there.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &mut Tx, id: &str, person: Option<&str>) -> Result<bool, DbError> {
    let sql = "DELETE FROM token WHERE id = $1 AND ($2 = '' OR person = $2)";
    Ok(tx.run(sql, args![id, person.unwrap_or_default()]).await? > 0)
}

/// Ends every token of a person.
///
/// # Errors
/// When the database refuses.
pub async fn remove_all(tx: &mut Tx, person: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM token WHERE person = $1", args![person]).await?;
    Ok(())
}
