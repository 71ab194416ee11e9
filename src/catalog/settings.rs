//! What holds for the archive as a whole.

use crate::args;
use crate::db::{DbError, Tx};

/// A fact of the archive: `fonds`, `fonds_name` or `profile`; empty before it
/// is made.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, key: &str) -> Result<String, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT value FROM setting WHERE key = $1", args![key]).await?;
    Ok(found.map(|(value,)| value).unwrap_or_default())
}
