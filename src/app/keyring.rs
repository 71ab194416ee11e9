//! The keys of an archive: those that belong to it, and that what was destroyed is gone.

use std::sync::Arc;

use super::OpenError;
use crate::catalog::destroyed;
use crate::config::Config;
use crate::db::Db;
use crate::keys;
use crate::keys::volumes;
use crate::ledger;
use crate::record::RecordError;
use crate::tlog::LogKeys;
use crate::vault::Vault;
use crate::vault::seal::Cipher;

/// The key of the access log. A log that has no entry yet gets one, where this
/// machine has a `key` of the log of the records; one whose key was lost does not
/// get another in silence.
pub(super) async fn access_key(
    config: &Config,
    key: Option<&LogKeys>,
    (db, vault): (&Db, &Vault),
) -> Result<Option<LogKeys>, OpenError> {
    let (kept, Some(key)) = (keys::open_access(config)?, key) else {
        return Ok(keys::open_access(config)?);
    };
    if kept.is_some() {
        return Ok(kept);
    }
    let mut tx = db.read().await?;
    let size = ledger::looks::current(&mut tx).await.map_err(RecordError::from)?.size();
    if size > 0 || !vault.access().is_empty().await? {
        tracing::error!("the key of the access log is not there: looks are noted, not published");
        return Ok(None);
    }
    Ok(Some(keys::make_access(config, key.origin())?))
}

/// What encrypts the store and opens what was encrypted, where there are keys.
pub(super) fn cipher(config: &Config) -> Result<Option<Cipher>, OpenError> {
    let seals = config.encryption.volumes;
    match volumes::open(config)? {
        Some(ring) => Ok(Some(Cipher { ring: Arc::new(ring), seals })),
        None if seals => Err(OpenError::NoVolumeKeys(volume_keys(config))),
        None => Ok(None),
    }
}

fn volume_keys(config: &Config) -> String {
    config.data.join(&config.encryption.keys).display().to_string()
}

/// Sees to it that the keys are those of the archive, and that what its log says
/// was destroyed is: a stop may have come between, or an older backup of the
/// keys have been put back.
pub(super) async fn settle_keys(
    config: &Config,
    db: &Db,
    cipher: Option<&Cipher>,
) -> Result<(), OpenError> {
    let mut tx = db.read().await?;
    let Some(needed) = destroyed::keys(&mut tx).await? else { return Ok(()) };
    let gone = destroyed::all(&mut tx).await?;
    drop(tx);
    let other = |found: String| {
        let (needed, file) = (needed.clone(), volume_keys(config));
        OpenError::OtherVolumeKeys { needed, file, found }
    };
    let cipher = cipher.ok_or_else(|| other("is not there".into()))?;
    let found = hex::encode(cipher.ring.now().id);
    if found != needed {
        return Err(other(format!("has the keys {found}")));
    }
    if gone.iter().any(|blob| cipher.ring.has(*blob)) && volumes::destroy(config, &gone)? {
        tracing::warn!("keys that the log says were destroyed were still there, and are no more");
    }
    Ok(())
}
