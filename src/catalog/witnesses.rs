//! What became of asking the witnesses of the log. Expendable: a witness says
//! itself how far it has signed.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// What is known of a witness.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct WitnessRow {
    /// Its verifier key.
    pub key: String,
    /// How many entries the largest checkpoint has that it signed.
    pub size: i64,
    /// When it signed that, in seconds since 1970 by its own clock.
    pub signed: i64,
    /// When it was asked last, in milliseconds since 1970.
    pub tried: i64,
    /// Why it did not sign when it was asked last, or empty.
    pub trouble: String,
}

/// Everything that is known of witnesses, by key.
///
/// # Errors
/// When the database refuses.
pub async fn all(tx: &mut Tx) -> Result<Vec<WitnessRow>, DbError> {
    tx.all("SELECT * FROM witness ORDER BY key", args![]).await
}

/// Notes that a witness was asked at `tried`: that it signed a checkpoint of a
/// size at a time, or else why not; what it signed before is kept then.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    tx: &mut Tx,
    key: &str,
    tried: Timestamp,
    outcome: &Result<(u64, u64), String>,
) -> Result<(), DbError> {
    let tried = tried.as_millisecond();
    match outcome {
        Ok((size, signed)) => {
            tx.run(
                "INSERT INTO witness (key, size, signed, tried, trouble)
                 VALUES ($1, $2, $3, $4, '')
                 ON CONFLICT (key) DO UPDATE SET size = excluded.size, signed = excluded.signed,
                    tried = excluded.tried, trouble = ''",
                args![key, *size, *signed, tried],
            )
            .await?
        }
        Err(trouble) => {
            tx.run(
                "INSERT INTO witness (key, size, signed, tried, trouble)
                 VALUES ($1, 0, 0, $2, $3)
                 ON CONFLICT (key) DO UPDATE SET tried = excluded.tried,
                    trouble = excluded.trouble",
                args![key, tried, trouble],
            )
            .await?
        }
    };
    Ok(())
}
