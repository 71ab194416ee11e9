//! The latest moment that the database knows of.

use jiff::Timestamp;

use super::entries;
use crate::args;
use crate::db::{DbError, Tx};

/// The latest moment that anything here has: what was kept, the newest entry, the
/// newest look.
///
/// # Errors
/// When the database refuses.
pub async fn latest(tx: &mut Tx) -> Result<Timestamp, DbError> {
    let kept = tx.number("SELECT seen FROM clock WHERE id = 0", args![]).await?;
    let looked = tx.number("SELECT MAX(at) FROM look", args![]).await?;
    let entry = entries::newest_time(tx).await?;
    let kept = Timestamp::from_microsecond(kept.max(looked)).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(entry.map_or(kept, |entry| entry.max(kept)))
}

/// Keeps a moment, unless a later one is kept; returns the later of the two.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, moment: Timestamp) -> Result<Timestamp, DbError> {
    let sql = "INSERT INTO clock (id, seen) VALUES (0, $1)
               ON CONFLICT (id) DO UPDATE
               SET seen = CASE WHEN excluded.seen > clock.seen THEN excluded.seen
                               ELSE clock.seen END
               RETURNING seen";
    let kept = tx.number(sql, args![moment.as_microsecond()]).await?;
    Ok(Timestamp::from_microsecond(kept).unwrap_or(moment))
}
