//! Which keys sign the log: what its own acts say.

use crate::args;
use crate::db::{DbError, Tx};

use super::apply::{ApplyError, Refusal};

/// The most keys that sign at the same time.
const MOST: usize = 8;

/// The verifier keys that sign the log, the newest first; none while the log
/// has named none: the key it was founded with signs then.
///
/// # Errors
/// When the database refuses.
pub async fn signing(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT value FROM setting WHERE key = 'log_keys'", args![]).await?;
    Ok(found.map(|(text,)| text.lines().map(ToOwned::to_owned).collect()).unwrap_or_default())
}

/// A new key signs from now on, beside the others.
pub(super) async fn rotate(tx: &mut Tx, old: &str, new: &str) -> Result<(), ApplyError> {
    let mut named = signing(tx).await?;
    if named.is_empty() {
        named.push(old.to_owned());
    }
    if named[0] != old {
        return refuse(old, "is not the newest key of the log: it was changed meanwhile");
    }
    let of = |key: &str| key.split('+').next().unwrap_or_default().to_owned();
    if of(old) != of(new) || new.contains(char::is_whitespace) {
        return refuse(new, "is not one of this log");
    }
    if named.iter().any(|key| key == new) {
        return refuse(new, "signs the log already");
    }
    if named.len() == MOST {
        return refuse(new, "would be one too many: retire an older one first");
    }
    named.insert(0, new.to_owned());
    set(tx, &named).await
}

/// A key signs no more.
pub(super) async fn retire(tx: &mut Tx, key: &str) -> Result<(), ApplyError> {
    let mut named = signing(tx).await?;
    match named.iter().position(|one| one == key) {
        Some(0) => refuse(key, "is the newest of the log and cannot be retired; rotate first"),
        Some(at) => {
            named.remove(at);
            set(tx, &named).await
        }
        None => refuse(key, "does not sign the log"),
    }
}

fn refuse(key: &str, why: &'static str) -> Result<(), ApplyError> {
    Err(Refusal::Key { key: key.to_owned(), why }.into())
}

async fn set(tx: &mut Tx, keys: &[String]) -> Result<(), ApplyError> {
    tx.run(
        "INSERT INTO setting (key, value) VALUES ('log_keys', $1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        args![keys.join("\n")],
    )
    .await?;
    Ok(())
}
