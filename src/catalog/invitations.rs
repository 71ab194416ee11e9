//! One-time codes: a way to a first password, or to another one. Expendable.

use jiff::Timestamp;

use crate::args;
use crate::db::{DbError, Tx};

/// Keeps a code by its hash, and forgets others of the person: only the newest
/// is good.
///
/// # Errors
/// When the database refuses.
pub async fn add(
    tx: &mut Tx,
    person: &str,
    code_sha256: &str,
    made: Timestamp,
    ends: Timestamp,
) -> Result<(), DbError> {
    forget(tx, person).await?;
    tx.run(
        "INSERT INTO invitation (code_sha256, person, made, ends) VALUES ($1, $2, $3, $4)",
        args![code_sha256, person, made.as_millisecond(), ends.as_millisecond()],
    )
    .await?;
    Ok(())
}

/// Whose code this is, if it is good: it has not ended at the `latest` moment and
/// was made before what the clock says `now`, which may have been set back.
///
/// # Errors
/// When the database refuses.
pub async fn person(
    tx: &mut Tx,
    code_sha256: &str,
    (now, latest): (Timestamp, Timestamp),
) -> Result<Option<String>, DbError> {
    let sql = "SELECT person FROM invitation WHERE code_sha256 = $1 AND made <= $2 AND ends > $3";
    let args = args![code_sha256, now.as_millisecond(), latest.as_millisecond()];
    let found: Option<(String,)> = tx.one(sql, args).await?;
    Ok(found.map(|row| row.0))
}

/// When the code of a person ends, in milliseconds; 0 when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, person: &str) -> Result<i64, DbError> {
    tx.number("SELECT MAX(ends) FROM invitation WHERE person = $1", args![person]).await
}

/// Forgets the codes of a person, used or not.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, person: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM invitation WHERE person = $1", args![person]).await?;
    Ok(())
}
