//! Searches that people keep under a name, and up to when they want no reminder
//! of others. Not made from the log; a rebuild keeps them.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// A search that is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SavedRow {
    /// A random name by which it is told from others.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// How the person calls it.
    pub name: String,
    /// The search, as the query of an address.
    pub asked: String,
    /// When it was made, in microseconds since 1970.
    pub made: i64,
    /// The newest document when it was last opened.
    pub seen: i64,
}

/// The searches of a person, by name.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, owner: &str) -> Result<Vec<SavedRow>, DbError> {
    tx.all("SELECT * FROM saved_search WHERE owner = $1 ORDER BY name, id", args![owner]).await
}

/// A search of a person, or none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, owner: &str, id: &str) -> Result<Option<SavedRow>, DbError> {
    tx.one("SELECT * FROM saved_search WHERE owner = $1 AND id = $2", args![owner, id]).await
}

/// Keeps a search; the same name of the same person stands for it from now on.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, row: &SavedRow) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO saved_search (id, owner, name, asked, made, seen)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (owner, name) DO UPDATE SET id = excluded.id, asked = excluded.asked,
            made = excluded.made, seen = excluded.seen",
        args![&row.id, &row.owner, &row.name, &row.asked, row.made, row.seen],
    )
    .await?;
    Ok(())
}

/// Gives a search of a person another name; returns whether there is one. One
/// that had this name before is gone.
///
/// # Errors
/// When the database refuses.
pub async fn rename(tx: &mut Tx, owner: &str, id: &str, name: &str) -> Result<bool, DbError> {
    if get(tx, owner, id).await?.is_none() {
        return Ok(false);
    }
    tx.run(
        "DELETE FROM saved_search WHERE owner = $1 AND name = $2 AND id <> $3",
        args![owner, name, id],
    )
    .await?;
    tx.run(
        "UPDATE saved_search SET name = $3 WHERE owner = $1 AND id = $2",
        args![owner, id, name],
    )
    .await?;
    Ok(true)
}

/// Forgets a search of a person; returns whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &mut Tx, owner: &str, id: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM saved_search WHERE owner = $1 AND id = $2";
    Ok(tx.run(sql, args![owner, id]).await? > 0)
}

/// Notes that a search of a person was opened when `seen` was the newest document.
///
/// # Errors
/// When the database refuses.
pub async fn open(tx: &mut Tx, owner: &str, id: &str, seen: i64) -> Result<(), DbError> {
    let sql = "UPDATE saved_search SET seen = $3 WHERE owner = $1 AND id = $2";
    tx.run(sql, args![owner, id, seen]).await?;
    Ok(())
}

/// Up to when a person wants no reminder of searches, in microseconds; 0 for never.
///
/// # Errors
/// When the database refuses.
pub async fn cleared(tx: &mut Tx, owner: &str) -> Result<i64, DbError> {
    tx.number("SELECT at FROM recent_cleared WHERE owner = $1", args![owner]).await
}

/// Notes that a person wants no reminder of what was searched up to `at`.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &mut Tx, owner: &str, at: i64) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO recent_cleared (owner, at) VALUES ($1, $2)
         ON CONFLICT (owner) DO UPDATE SET at = excluded.at",
        args![owner, at],
    )
    .await?;
    Ok(())
}
