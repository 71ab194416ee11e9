//! What only one process does at a time: taken for a while, and taken again.

use jiff::Timestamp;

use crate::args;
use crate::db::{DbError, Tx};

/// Takes the lease `name` for `owner`, or keeps it; false while another owner
/// has it.
///
/// # Errors
/// When the database refuses.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbError> {
    let taken = tx
        .run(
            "INSERT INTO lease (name, owner, until) VALUES ($1, $2, $4)
             ON CONFLICT (name) DO UPDATE SET owner = $2, until = $4
             WHERE lease.owner = $2 OR lease.until < $3",
            args![name, owner, now.as_millisecond(), until.as_millisecond()],
        )
        .await?;
    Ok(taken > 0)
}

/// Gives the lease `name` back, if `owner` has it.
///
/// # Errors
/// When the database refuses.
pub async fn give_back(tx: &mut Tx, name: &str, owner: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM lease WHERE name = $1 AND owner = $2", args![name, owner]).await?;
    Ok(())
}
