//! Visitors: sessions without an account, and the codes that begin one.
//! Expendable, kept here alone.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::Digest;

/// A session without an account: it opens one file.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Guest {
    /// The SHA-256 of its key, in hexadecimal.
    pub key_sha256: String,
    /// Whose file.
    pub household: String,
    /// The lending it is opened by; empty for a household at the counter.
    pub lending: String,
    /// Who reads.
    pub visitor: String,
    /// When it began, in milliseconds since 1970.
    pub made: i64,
    /// When it was used last.
    pub seen: i64,
    /// When it ends at the latest.
    pub ends: i64,
}

/// Begins a session.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx, guest: &Guest) -> Result<(), DbError> {
    let Guest { key_sha256, household, lending, visitor, made, seen, ends } = guest;
    tx.run(
        "INSERT INTO guest (key_sha256, household, lending, visitor, made, seen, ends)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![key_sha256, household, lending, visitor, *made, *seen, *ends],
    )
    .await?;
    Ok(())
}

/// The session whose key has this digest, ended or not.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, key: Digest) -> Result<Option<Guest>, DbError> {
    tx.one("SELECT * FROM guest WHERE key_sha256 = $1", args![key.to_string()]).await
}

/// Notes that a session was used.
///
/// # Errors
/// When the database refuses.
pub async fn seen(tx: &mut Tx, key: Digest, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE guest SET seen = $2 WHERE key_sha256 = $1 AND seen < $2";
    tx.run(sql, args![key.to_string(), now.as_millisecond()]).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, key: Digest) -> Result<(), DbError> {
    tx.run("DELETE FROM guest WHERE key_sha256 = $1", args![key.to_string()]).await?;
    Ok(())
}

/// Ends every session of a lending, and forgets its codes.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(tx: &mut Tx, lending: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM guest WHERE lending = $1", args![lending]).await?;
    tx.run("DELETE FROM guest_code WHERE lending = $1", args![lending]).await?;
    Ok(())
}

/// Forgets sessions and codes that ended before `now`, and sessions that were
/// last used before `idle`.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, now: Timestamp, idle: Timestamp) -> Result<(), DbError> {
    let (now, idle) = (now.as_millisecond(), idle.as_millisecond());
    tx.run("DELETE FROM guest WHERE ends < $1 OR seen < $2", args![now, idle]).await?;
    tx.run("DELETE FROM guest_code WHERE ends < $1", args![now]).await?;
    Ok(())
}

/// Keeps a code, in place of those of the lending before.
///
/// # Errors
/// When the database refuses.
pub async fn keep_code(
    tx: &mut Tx,
    code: Digest,
    lending: &str,
    now: Timestamp,
    ends: Timestamp,
) -> Result<(), DbError> {
    tx.run("DELETE FROM guest_code WHERE lending = $1", args![lending]).await?;
    tx.run(
        "INSERT INTO guest_code (code_sha256, lending, made, ends) VALUES ($1, $2, $3, $4)",
        args![code.to_string(), lending, now.as_millisecond(), ends.as_millisecond()],
    )
    .await?;
    Ok(())
}

/// Takes a code away; returns its lending when it could still be used, by what the
/// clock says `now` and by the `latest` moment. Of two
/// who type it at the same time one gets it.
///
/// # Errors
/// When the database refuses.
pub async fn take_code(
    tx: &mut Tx,
    code: Digest,
    (now, latest): (Timestamp, Timestamp),
) -> Result<Option<String>, DbError> {
    let taken: Option<(String, i64, i64)> = tx
        .one(
            "DELETE FROM guest_code WHERE code_sha256 = $1 RETURNING lending, made, ends",
            args![code.to_string()],
        )
        .await?;
    let (now, latest) = (now.as_millisecond(), latest.as_millisecond());
    Ok(taken.filter(|(_, made, ends)| *made <= now && latest < *ends).map(|(lending, ..)| lending))
}
