//! What stands beside the blobs, where the program keeps nothing of that name: at the
//! top of a store, among the folders of blobs, and where the two logs stand.

use object_store::path::Path;

use crate::audit::AuditError;
use crate::db::Tx;
use crate::ledger;
use crate::record::RecordError;
use crate::tlog::tile;
use crate::vault::{Vault, key};

/// How many entries the two logs have: that of the records, and that of looks.
pub(super) type Sizes = (u64, u64);

/// How many entries the two logs have now.
pub(super) async fn sizes(tx: &mut Tx) -> Result<Sizes, AuditError> {
    let records = ledger::current(tx).await.map_err(RecordError::from)?.size();
    let looks = ledger::looks::current(tx).await.map_err(RecordError::from)?.size();
    Ok((records, looks))
}

/// Objects of a store that seem to be nothing of this program, in no order; those of
/// logs of these sizes are looked at where they are given.
pub(super) async fn of(vault: &Vault, logs: Option<Sizes>) -> Result<Vec<Path>, AuditError> {
    let access = vault.access();
    let mut found = vault.strays().await?;
    let mut below = access.strays().await?;
    if let Some((records, looks)) = logs {
        let is_none = |size| move |path: &Path| !is_tile(path, size);
        found.extend(vault.beside_log().await?.into_iter().filter(is_none(records)));
        below.extend(access.beside_log().await?.into_iter().filter(is_none(looks)));
    }
    found.extend(below.into_iter().map(|path| Path::from(format!("{}/{path}", key::ACCESS))));
    Ok(found)
}

/// Whether a path is one of logs of these sizes: they have grown meanwhile.
pub(super) fn is_of(path: &Path, (records, looks): Sizes) -> bool {
    let (size, path) = match path.as_ref().strip_prefix(key::ACCESS) {
        Some(below) => (looks, Path::from(below)),
        None => (records, path.clone()),
    };
    is_tile(&path, size)
}

/// Whether a path is that of a tile or bundle of a log of `size` entries. Batches and
/// checkpoints are looked at with the log.
fn is_tile(path: &Path, size: u64) -> bool {
    let least = path.as_ref().strip_prefix("log/").and_then(tile::least);
    least.is_some_and(|least| least <= size)
}
