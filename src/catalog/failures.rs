//! Who failed to come in, and how often. Expendable.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// So many rows are kept; those that failed longest ago go first.
const MOST: i64 = 100_000;
/// And so many are made room for at once.
const ROOM: i64 = 1_000;

/// The failures of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct FailureRow {
    /// How many.
    pub count: i64,
    /// When the last was, in milliseconds since 1970.
    pub last: i64,
}

/// The failures of `key`, of a kind.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, kind: &str, key: &str) -> Result<FailureRow, DbError> {
    let sql = "SELECT count, last FROM failure WHERE kind = $1 AND key = $2";
    Ok(tx.one(sql, args![kind, key]).await?.unwrap_or_default())
}

/// Keeps the failures of `key`; none are forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, kind: &str, key: &str, row: FailureRow) -> Result<(), DbError> {
    if row.count == 0 {
        let sql = "DELETE FROM failure WHERE kind = $1 AND key = $2";
        tx.run(sql, args![kind, key]).await?;
        return Ok(());
    }
    tx.run(
        "INSERT INTO failure (kind, key, count, last) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, key) DO UPDATE SET count = $3, last = $4",
        args![kind, key, row.count, row.last],
    )
    .await?;
    Ok(())
}

/// Makes room where there are too many.
///
/// # Errors
/// When the database refuses.
pub async fn make_room(tx: &mut Tx) -> Result<(), DbError> {
    make_room_for(tx, MOST, ROOM).await
}

async fn make_room_for(tx: &mut Tx, most: i64, room: i64) -> Result<(), DbError> {
    let over = tx.number("SELECT COUNT(*) FROM failure", args![]).await? - most;
    if over >= 0 {
        let sql = "DELETE FROM failure WHERE (kind, key) IN
                   (SELECT kind, key FROM failure ORDER BY last LIMIT $1)";
        tx.run(sql, args![over + room]).await?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::db::Db;

    #[tokio::test]
    async fn those_that_failed_longest_ago_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&folder.path().join("catalog.sqlite")).await.unwrap();
        let mut tx = db.write().await.unwrap();
        for at in 0..20_i64 {
            let row = FailureRow { count: 1, last: at };
            keep(&mut tx, "pair", &at.to_string(), row).await.unwrap();
            make_room_for(&mut tx, 10, 3).await.unwrap();
            let rows = tx.number("SELECT COUNT(*) FROM failure", args![]).await.unwrap();
            assert!(rows <= 10, "{rows}");
        }
        assert_eq!(of(&mut tx, "pair", "19").await.unwrap().count, 1);
        assert_eq!(of(&mut tx, "pair", "0").await.unwrap(), FailureRow::default());
        keep(&mut tx, "pair", "19", FailureRow::default()).await.unwrap();
        assert_eq!(of(&mut tx, "pair", "19").await.unwrap().count, 0);
    }
}
