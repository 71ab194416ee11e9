//! How far the sweep of stored files is, shard by shard.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::Side;
use crate::model::id::Digest;

/// How far a shard of a store is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ShardRow {
    /// In which store: `store` or `copy`.
    pub side: String,
    /// Which shard; [`LOG`] for the log.
    pub shard: i64,
    /// The last digest that a look which was broken off has read, or empty.
    pub after: String,
    /// When it was last read to its end, in milliseconds; 0: never.
    pub looked: i64,
}

/// Every shard that was looked at.
///
/// # Errors
/// When the database refuses.
pub async fn all(tx: &mut Tx) -> Result<Vec<ShardRow>, DbError> {
    tx.all("SELECT side, shard, after, looked FROM sweep", args![]).await
}

/// The number under which the log of a store stands among its shards.
pub const LOG: u32 = 256;

/// Notes that a shard was read to its end, or the log.
///
/// # Errors
/// When the database refuses.
pub async fn looked(tx: &mut Tx, side: Side, shard: u32, now: Timestamp) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO sweep (side, shard, after, looked) VALUES ($1, $2, '', $3)
         ON CONFLICT (side, shard) DO UPDATE SET after = '', looked = $3",
        args![side.as_str(), shard, now.as_millisecond()],
    )
    .await?;
    Ok(())
}

/// Notes that a shard was read up to a digest, and the look was broken off.
///
/// # Errors
/// When the database refuses.
pub async fn broken_off(tx: &mut Tx, side: Side, shard: u32, at: Digest) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO sweep (side, shard, after, looked) VALUES ($1, $2, $3, 0)
         ON CONFLICT (side, shard) DO UPDATE SET after = $3",
        args![side.as_str(), shard, at.to_string()],
    )
    .await?;
    Ok(())
}
