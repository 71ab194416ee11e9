//! What was published of the two logs, as far as the database knows it: of which
//! sizes a checkpoint stands in a store, and what of it had to be made again.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::Side;

/// One of the two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// The log of the records.
    Records,
    /// The access log.
    Access,
}

impl Log {
    fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Access => "access",
        }
    }
}

/// The sizes of which a checkpoint was seen in a store, in order.
///
/// # Errors
/// When the database refuses.
pub async fn sizes(tx: &mut Tx, side: Side, log: Log) -> Result<Vec<u64>, DbError> {
    let sql = "SELECT size FROM published WHERE side = $1 AND log = $2 ORDER BY size";
    let rows: Vec<(i64,)> = tx.all(sql, args![side.as_str(), log.as_str()]).await?;
    Ok(rows.into_iter().filter_map(|(size,)| u64::try_from(size).ok()).collect())
}

/// The greatest of [`sizes`] up to `size`; none when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn newest(tx: &mut Tx, side: Side, log: Log, size: u64) -> Result<Option<u64>, DbError> {
    let sql = "SELECT size FROM published WHERE side = $1 AND log = $2 AND size <= $3
               ORDER BY size DESC LIMIT 1";
    let row: Option<(i64,)> = tx.one(sql, args![side.as_str(), log.as_str(), stored(size)]).await?;
    Ok(row.and_then(|(size,)| u64::try_from(size).ok()))
}

/// Notes that a store has a checkpoint over `size` entries.
///
/// # Errors
/// When the database refuses.
pub async fn note(tx: &mut Tx, side: Side, log: Log, size: u64) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO published (side, log, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        args![side.as_str(), log.as_str(), stored(size)],
    )
    .await?;
    Ok(())
}

/// Forgets what was published in a store that is another one now.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, side: Side, log: Log) -> Result<(), DbError> {
    let sql = "DELETE FROM published WHERE side = $1 AND log = $2";
    tx.run(sql, args![side.as_str(), log.as_str()]).await?;
    Ok(())
}

/// Something published that was made again.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Remade {
    /// In which store: `store` or `copy`.
    pub side: String,
    /// Its path there.
    pub path: String,
    /// 1 when nothing stood there any more, 0 when something else did.
    pub gone: i64,
    /// The SHA-256 of what stands there now.
    pub sha256: String,
}

/// What was made again and not told yet, in order.
///
/// # Errors
/// When the database refuses.
pub async fn remade(tx: &mut Tx) -> Result<Vec<Remade>, DbError> {
    tx.all("SELECT side, path, gone, sha256 FROM remade ORDER BY side, path", args![]).await
}

/// Keeps until it is told that something was made again.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, one: &Remade) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO remade (side, path, gone, sha256) VALUES ($1, $2, $3, $4)
         ON CONFLICT (side, path) DO UPDATE SET gone = excluded.gone, sha256 = excluded.sha256",
        args![one.side.as_str(), one.path.as_str(), one.gone, one.sha256.as_str()],
    )
    .await?;
    Ok(())
}

/// It was told that this was made again.
///
/// # Errors
/// When the database refuses.
pub async fn told(tx: &mut Tx, one: &Remade) -> Result<(), DbError> {
    let sql = "DELETE FROM remade WHERE side = $1 AND path = $2";
    tx.run(sql, args![one.side.as_str(), one.path.as_str()]).await?;
    Ok(())
}

fn stored(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
