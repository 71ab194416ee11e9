//! Second factors, and the codes for when one is lost. Expendable.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// The second factor of a person.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SecondFactorRow {
    /// What its secret is made of, beside the key.
    pub salt: String,
    /// Since when it is asked for, in milliseconds; 0: it is being set up.
    pub begun: i64,
    /// The step of the last code that was accepted.
    pub step: i64,
}

/// The second factor of a person, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, person: &str) -> Result<Option<SecondFactorRow>, DbError> {
    tx.one("SELECT salt, begun, step FROM second_factor WHERE person = $1", args![person]).await
}

/// Begins to set one up; does nothing where one is in force already.
///
/// # Errors
/// When the database refuses.
pub async fn prepare(tx: &mut Tx, person: &str, salt: &str) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO second_factor (person, salt, begun, step) VALUES ($1, $2, 0, 0)
         ON CONFLICT (person) DO UPDATE SET salt = $2 WHERE second_factor.begun = 0",
        args![person, salt],
    )
    .await?;
    Ok(())
}

/// Notes that the code of `step` was accepted; false when one of that step or a
/// later one was before. From the first one on it is in force.
///
/// # Errors
/// When the database refuses.
pub async fn accepted(
    tx: &mut Tx,
    person: &str,
    step: i64,
    now: Timestamp,
) -> Result<bool, DbError> {
    let noted = tx
        .run(
            "UPDATE second_factor SET step = $2, begun = CASE WHEN begun = 0 THEN $3 ELSE begun END
             WHERE person = $1 AND step < $2",
            args![person, step, now.as_millisecond()],
        )
        .await?;
    Ok(noted > 0)
}

/// Takes the second factor of a person away, with the codes.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &mut Tx, person: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM second_factor WHERE person = $1", args![person]).await?;
    tx.run("DELETE FROM recovery_code WHERE person = $1", args![person]).await?;
    Ok(())
}

/// Keeps codes by their hashes in the place of those the person had.
///
/// # Errors
/// When the database refuses.
pub async fn keep_codes(tx: &mut Tx, person: &str, hashes: &[String]) -> Result<(), DbError> {
    tx.run("DELETE FROM recovery_code WHERE person = $1", args![person]).await?;
    for hash in hashes {
        let sql = "INSERT INTO recovery_code (code_sha256, person) VALUES ($1, $2)";
        tx.run(sql, args![hash, person]).await?;
    }
    Ok(())
}

/// Uses a code up; false when the person has no such one.
///
/// # Errors
/// When the database refuses.
pub async fn use_code(tx: &mut Tx, person: &str, hash: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM recovery_code WHERE code_sha256 = $1 AND person = $2";
    Ok(tx.run(sql, args![hash, person]).await? > 0)
}

/// How many codes a person has left.
///
/// # Errors
/// When the database refuses.
pub async fn codes_left(tx: &mut Tx, person: &str) -> Result<i64, DbError> {
    tx.number("SELECT COUNT(*) FROM recovery_code WHERE person = $1", args![person]).await
}
