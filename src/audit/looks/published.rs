//! What was published of the tree of the access log: tiles, bundles, checkpoints;
//! and the seals by which the two logs know of each other.

use super::super::AuditError;
use super::super::log::seen_now;
use super::Look;
use crate::catalog::published as seen;
use crate::ledger;
use crate::model::act::{FindingClass, Source};
use crate::record::RecordError;
use crate::tlog::Checkpoint;
use crate::tlog::edge::File;
use crate::vault::{Key, VaultError};

/// The most seals that are compared.
pub(super) const SEALS: u32 = 1_000_000;

impl Look<'_> {
    /// The published checkpoint; the one that should stand there where it is not
    /// right; none while there is none.
    pub(super) async fn newest(&mut self) -> Result<Option<Checkpoint>, AuditError> {
        let path = Key::Checkpoint(None).path().to_string();
        let found = match self.vault.checkpoint().await {
            Err(VaultError::Conflict(_)) => Err("it is not text".to_owned()),
            note => note?.map(|note| self.opened(&note)).transpose(),
        };
        match found {
            Ok(Some(checkpoint)) => return Ok(Some(checkpoint)),
            // A copy that is being filled has none yet.
            Ok(None) if self.known == 0 => return Ok(None),
            Ok(None) => {
                let reason = "the access log has no checkpoint".to_owned();
                self.note("checkpoint", FindingClass::Missing, &path, reason);
            }
            Err(reason) => self.note("checkpoint", FindingClass::Changed, &path, reason),
        }
        let size = self.history.last().copied().unwrap_or(self.known);
        let right = self.checkpoint_elsewhere(size).await?;
        let note = right.as_ref().and_then(|(note, _)| std::str::from_utf8(note).ok());
        let checkpoint = note.and_then(|note| self.opened(note).ok());
        self.mended_by(right);
        Ok(checkpoint)
    }

    /// Looks at the tiles that end with the last leaf of the tree.
    pub(super) async fn at_tiles_of(&mut self, leaf: &[u8]) -> Result<(), AuditError> {
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
        Ok(())
    }

    /// Compares tiles and bundles with the store. Partial ones of earlier
    /// checkpoints need not be there: a full one may have replaced them.
    async fn at_tiles(&mut self, files: Vec<File>, needed: bool) -> Result<(), AuditError> {
        for (path, bytes) in files {
            let found = self.vault.tile(&path).await?;
            let path = Key::Tile(path).path().to_string();
            let (class, reason) = match found {
                Some(found) if found == bytes => continue,
                Some(_) => (FindingClass::Changed, "it is not the tile of these entries"),
                None if needed => (FindingClass::Missing, "it is not in the store"),
                None => continue,
            };
            self.note("tile", class, &path, reason.to_owned());
            self.mended_by(Some((bytes.into(), Source::Entries)));
        }
        Ok(())
    }

    /// Looks at the published checkpoint and at those that are kept.
    pub(super) async fn at_published(&mut self) -> Result<(), AuditError> {
        if let Some(published) = &self.published {
            let (size, root) = (published.size, published.root);
            let path = Key::Checkpoint(None).path().to_string();
            if self.roots.get(&size) != Some(&root) {
                let reason = format!("the {} entries do not lead to it", self.tree.size());
                self.note("checkpoint", FindingClass::Changed, &path, reason);
                let right = self.checkpoint_elsewhere(size).await?;
                self.mended_by(right.filter(|_| self.roots.contains_key(&size)));
            }
        }
        let there = std::mem::take(&mut self.history);
        let gone = self.seen.iter().filter(|size| !there.contains(size));
        let gone: Vec<u64> = gone.copied().filter(|size| self.roots.contains_key(size)).collect();
        for size in gone {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let reason = "it was published, and is not in the store".to_owned();
            self.note("checkpoint", FindingClass::Missing, &path, reason);
            let right = self.checkpoint_elsewhere(size).await?;
            self.mended_by(right);
        }
        let mut right = Vec::new();
        for size in there {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let kept = match self.vault.checkpoint_of(size).await {
                Err(VaultError::Conflict(_)) => Err("it is not text".to_owned()),
                note => self.opened(&note?),
            };
            let reason = match kept {
                Ok(kept) if self.roots.get(&size) == Some(&kept.root) && kept.size == size => {
                    right.push(size);
                    continue;
                }
                Ok(_) => "the entries do not lead to it".to_owned(),
                Err(reason) => reason,
            };
            self.note("checkpoint", FindingClass::Changed, &path, reason);
            let elsewhere = self.checkpoint_elsewhere(size).await?;
            self.mended_by(elsewhere.filter(|_| self.roots.contains_key(&size)));
        }
        right.retain(|size| self.seen.binary_search(size).is_err());
        seen_now(self.app, (self.side, seen::Log::Access), &right).await
    }

    /// Compares what each of the two logs says of the other with what that is.
    pub(super) async fn at_seals(&mut self) -> Result<(), AuditError> {
        for seal in std::mem::take(&mut self.sealed) {
            let size = u64::try_from(seal.size).unwrap_or(0);
            if self.roots.get(&size).map(ToString::to_string) != Some(seal.root) {
                let reason = format!(
                    "log entry {} has a seal over {size} entries, and those that are here do not \
                     lead to it: they were cut back or changed",
                    seal.entry
                );
                let path = Key::Checkpoint(None).path().to_string();
                self.note("seal", FindingClass::Changed, &path, reason);
            }
        }
        let mut tx = self.app.db.read().await?;
        for (no, body) in std::mem::take(&mut self.seals) {
            let Some(said) = body.look.records else { continue };
            let here = ledger::checkpoint_of(&mut tx, said.size).await?;
            let here = here.and_then(|note| Checkpoint::parse(&note).ok());
            if here.is_none_or(|here| here.root.to_string() != said.root) {
                let reason = format!(
                    "entry {no} of the access log has a seal over {} entries of the log, and those \
                     that are here do not lead to it: they were cut back or changed",
                    said.size
                );
                let first = Key::Entries(no).path().to_string();
                self.note("seal", FindingClass::Changed, &first, reason);
            }
        }
        Ok(())
    }
}
