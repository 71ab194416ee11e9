//! Who is half way in: asked for a second factor, or sent to a provider.
//! Expendable.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::mask;

/// So many may be half way at the same time; those that end first go first.
const MOST: i64 = 10_000;

/// Somebody half way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct HalfWayRow {
    /// Whose second factor is asked for; empty where a provider is asked.
    pub person: String,
    /// What has to come back from the provider; empty where none is asked.
    pub state: String,
    /// What has to stand in its token.
    pub nonce: String,
    /// What is shown to it together with the code.
    pub verifier: String,
    /// Where the person wanted to go.
    pub next: String,
}

/// Keeps somebody by the hash of what the browser holds.
///
/// # Errors
/// When the database refuses.
pub async fn add(
    tx: &mut Tx,
    key_sha256: &str,
    row: &HalfWayRow,
    now: Timestamp,
    ends: Timestamp,
) -> Result<(), DbError> {
    tx.run("DELETE FROM half_way WHERE ends <= $1", args![now.as_millisecond()]).await?;
    let over = tx.number("SELECT COUNT(*) FROM half_way", args![]).await? - MOST;
    if over >= 0 {
        let sql = "DELETE FROM half_way WHERE key_sha256 IN
                   (SELECT key_sha256 FROM half_way ORDER BY ends LIMIT $1)";
        tx.run(sql, args![over + 1]).await?;
    }
    // Words that were searched may be a number, and the way back is not worth it.
    let plain = mask::numbers(&row.next) == row.next;
    let next = row.next.split('?').next().filter(|_| !plain).unwrap_or(&row.next);
    tx.run(
        "INSERT INTO half_way (key_sha256, person, state, nonce, verifier, next, ends)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            key_sha256,
            &row.person,
            &row.state,
            &row.nonce,
            &row.verifier,
            next,
            ends.as_millisecond()
        ],
    )
    .await?;
    Ok(())
}

/// Who holds this, while it lasts. `longest` is the longest that it can last: what
/// ends later was made by a clock that was set back since.
///
/// # Errors
/// When the database refuses.
pub async fn of(
    tx: &mut Tx,
    key_sha256: &str,
    now: Timestamp,
    longest: Timestamp,
) -> Result<Option<HalfWayRow>, DbError> {
    let sql = "SELECT person, state, nonce, verifier, next FROM half_way
               WHERE key_sha256 = $1 AND ends > $2 AND ends <= $3";
    tx.one(sql, args![key_sha256, now.as_millisecond(), longest.as_millisecond()]).await
}

/// Takes it away; false when it is not there, as when it was used already.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, key_sha256: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM half_way WHERE key_sha256 = $1";
    Ok(tx.run(sql, args![key_sha256]).await? > 0)
}

/// Takes away everything of a person.
///
/// # Errors
/// When the database refuses.
pub async fn take_all(tx: &mut Tx, person: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM half_way WHERE person = $1", args![person]).await?;
    Ok(())
}
