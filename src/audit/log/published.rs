//! What was published of the tree: tiles, bundles, and the checkpoints with
//! their signatures.

use bytes::Bytes;

use super::super::AuditError;
use super::Look;
use crate::app::App;
use crate::catalog::published as seen;
use crate::ledger;
use crate::model::act::{Side, Source};
use crate::record::RecordError;
use crate::tlog::edge::File;
use crate::vault::{Key, VaultError};

impl Look<'_> {
    /// The checkpoint of that size in the database, if it is signed: what should
    /// stand in the place of the last thing that was found.
    pub(super) async fn mend_checkpoint(&mut self, size: u64) -> Result<(), AuditError> {
        let mut tx = self.app.db.read().await?;
        let noted = ledger::checkpoint_of(&mut tx, size).await?;
        drop(tx);
        let signed = self.roots.get(&size).map(|(_, signed)| *signed);
        let noted = noted.filter(|note| self.signers.opened_by(signed, note).is_ok());
        self.mended_by(noted.map(|note| (Bytes::from(note), Source::Database)));
        Ok(())
    }

    /// Looks at the tiles that end with the last leaf of the tree.
    pub(super) async fn at_leaf(&mut self, leaf: &[u8]) -> Result<(), AuditError> {
        let covered = self.published.as_ref().map_or(0, |published| published.size);
        if self.tree.size() > covered {
            return Ok(());
        }
        let full = self.edge.push(leaf).map_err(RecordError::from)?;
        self.at_tiles(full, true).await?;
        let newest = self.edge.size() == covered;
        if newest || self.history.contains(&self.edge.size()) {
            let partial = self.edge.partial().map_err(RecordError::from)?;
            self.at_tiles(partial, newest).await?;
        }
        if newest {
            let root = self.published.as_ref().map(|published| published.root);
            if root != Some(self.tree.root()) {
                let path = Key::Checkpoint(None).path().to_string();
                self.changed(path, "the entries do not lead to it".into());
            }
        }
        Ok(())
    }

    /// Compares tiles and bundles with the store. Partial ones of earlier
    /// checkpoints need not be there: a full one may have replaced them.
    async fn at_tiles(&mut self, files: Vec<File>, needed: bool) -> Result<(), AuditError> {
        for (path, bytes) in files {
            let found = self.vault.tile(&path).await?;
            let path = Key::Tile(path).path().to_string();
            match found {
                Some(found) if found == bytes => continue,
                Some(_) => self.changed(path, "it is not the tile of these entries".into()),
                None if needed => self.missing(path, "it is not in the store"),
                None => continue,
            }
            self.mended_by(Some((bytes.into(), Source::Entries)));
        }
        Ok(())
    }

    /// Looks at the published checkpoint: how much it covers, and who has signed
    /// it, witnesses rightly or not at all.
    pub(super) async fn at_published(&mut self) -> Result<(), AuditError> {
        let (path, size) = (Key::Checkpoint(None).path().to_string(), self.tree.size());
        if let Some(reason) = self.signers.strange() {
            self.changed(path.clone(), reason);
        }
        let Some(published) = &self.published else { return Ok(()) };
        let covered = published.size;
        if covered > size {
            self.changed(path.clone(), format!("it has more than the {size} entries of the log"));
        }
        let signed = self.roots.get(&covered).map(|(_, signed)| *signed);
        let by_log = self.signers.opened_by(signed, &self.note).err();
        let witnesses = &self.app.config.log.witness;
        let by_witness = witnesses.iter().filter_map(|one| one.key.signed(&self.note).err());
        let wrong: Vec<_> = by_log.into_iter().chain(by_witness).collect();
        for error in wrong {
            self.changed(path.clone(), error.to_string());
            self.mend_checkpoint(covered).await?;
        }
        Ok(())
    }

    /// Looks at the checkpoints that are kept of each size, and whether one was taken
    /// away.
    pub(super) async fn at_history(&mut self) -> Result<(), AuditError> {
        let there = std::mem::take(&mut self.history);
        let gone = self.seen.iter().filter(|size| !there.contains(size));
        let gone: Vec<u64> = gone.copied().filter(|size| self.roots.contains_key(size)).collect();
        for size in gone {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            self.missing(path, "it was published, and is not in the store");
            self.mend_checkpoint(size).await?;
        }
        let mut right = Vec::new();
        for size in there {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let (root, signed) = self.roots.get(&size).copied().unzip();
            let reason = match self.vault.checkpoint_of(size).await {
                Ok(note) => match self.signers.opened_by(signed, &note) {
                    Ok(kept) if Some(kept.root) == root && kept.size == size => {
                        right.push(size);
                        continue;
                    }
                    Ok(_) => "the entries do not lead to it".into(),
                    Err(error) => error.to_string(),
                },
                Err(VaultError::Conflict(_)) => "it is not text".into(),
                Err(error) => return Err(error.into()),
            };
            self.changed(path, reason);
            if root.is_some() {
                self.mend_checkpoint(size).await?;
            }
        }
        right.retain(|size| self.seen.binary_search(size).is_err());
        seen_now(self.app, (self.side, seen::Log::Records), &right).await
    }
}

/// Notes the sizes of which a checkpoint is there that nobody had seen yet: of an
/// archive of before, or what was brought to a copy.
pub(in super::super) async fn seen_now(
    app: &App,
    (side, log): (Side, seen::Log),
    sizes: &[u64],
) -> Result<(), AuditError> {
    if sizes.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    for size in sizes {
        seen::note(&mut tx, side, log, *size).await?;
    }
    tx.commit().await?;
    Ok(())
}
