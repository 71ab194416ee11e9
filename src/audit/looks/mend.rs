//! A damaged part of the access log is moved to quarantine, and the right bytes
//! are put in its place.

use bytes::Bytes;
use object_store::path::Path;

use super::super::AuditError;
use super::Wrong;
use crate::app::App;
use crate::model::act::{Repair, Side};
use crate::model::id::Digest;
use crate::tlog::Checkpoint;
use crate::vault::{Key, Vault, VaultError, key};

/// Mends what is wrong in the `store` of one side; returns how, or none when
/// nobody knows what should stand there, or it stands there meanwhile.
pub(in super::super) async fn mend(
    app: &App,
    side: Side,
    store: &Vault,
    wrong: &Wrong,
) -> Result<Option<Repair>, AuditError> {
    let Some((right, source)) = &wrong.right else { return Ok(None) };
    let path = Path::from(wrong.finding.path.as_str());
    let below = path.as_ref().strip_prefix(key::ACCESS).unwrap_or_default();
    let below = Path::from(below);
    let quarantine = match key::blob_of(&below) {
        Some(digest) => {
            let access = store.access();
            match access.check_here(digest).await {
                // Somebody else was faster.
                Ok(_) => return Ok(None),
                Err(VaultError::NotFound(_)) => {}
                Err(error) if error.is_damage() => {}
                Err(error) => return Err(error.into()),
            }
            // Complete and verified before the damaged ones are moved.
            let bytes = futures::stream::iter([Ok::<_, std::io::Error>(right.clone())]);
            let right = access.receive(bytes, u64::MAX).await?;
            let quarantine = store.quarantine(&path, app.now()).await?;
            access.restore_blob(&right).await?;
            quarantine
        }
        None => {
            let found = store.log_object(&path).await?;
            let newest = below == Key::Checkpoint(None).path();
            let overtaken = async |found: &Bytes| -> Result<bool, AuditError> {
                let key = app.looks.state().await?.key;
                let size = |bytes: &Bytes| {
                    let note = std::str::from_utf8(bytes).ok()?;
                    Checkpoint::open(note, std::slice::from_ref(&key)).ok().map(|one| one.size)
                };
                Ok(newest && size(found) > size(right))
            };
            match &found {
                Some(found) if found == right || overtaken(found).await? => return Ok(None),
                _ => {}
            }
            let quarantine = store.quarantine(&path, app.now()).await?;
            store.restore(&path, right.clone()).await?;
            quarantine
        }
    };
    Ok(Some(Repair {
        side,
        path: path.into(),
        sha256: Digest::of(right),
        class: wrong.finding.class,
        source: *source,
        quarantine,
    }))
}
