//! What was published and is not there any more, or is something else: it is made
//! again at once, since others read it, and told by the next verification.

use std::collections::HashSet;

use super::{Of, Tiles};
use crate::catalog::published::{self, Remade};
use crate::model::act::Side;
use crate::model::id::Digest;
use crate::record::RecordError;
use crate::tlog::{Checkpoint, tile};
use crate::vault::{Key, VaultError, key};

impl Tiles {
    /// The newest checkpoint as it stands there; none when there is none, or it is
    /// not text.
    pub(super) async fn newest(&self) -> Result<Option<String>, RecordError> {
        match self.vault.checkpoint().await {
            Err(VaultError::Conflict(_)) => Ok(None),
            found => Ok(found?),
        }
    }

    /// How many entries the tiles cover that were published, where the newest
    /// checkpoint does not say it. A second copy without anything is a new one, of
    /// which nothing is known.
    pub(super) async fn covered(
        &self,
        size: u64,
        there: &HashSet<String>,
    ) -> Result<u64, RecordError> {
        let log = self.of.log();
        if self.side == Side::Copy && there.is_empty() {
            let mut tx = self.db.write().await?;
            published::forget(&mut tx, self.side, log).await?;
            tx.commit().await?;
            return Ok(0);
        }
        let mut tx = self.db.read().await?;
        Ok(published::newest(&mut tx, self.side, log, size).await?.unwrap_or(0))
    }

    /// The newest checkpoint, where it is one that was signed over the entries that
    /// are here; and whether one was published that is gone, or changed.
    pub(super) async fn before(
        &self,
        size: u64,
    ) -> Result<(Option<String>, Option<bool>), RecordError> {
        let found = match self.vault.checkpoint().await {
            Err(VaultError::Conflict(_)) => Some(String::new()),
            found => found?,
        };
        let mut tx = self.db.read().await?;
        let Some(note) = found else {
            let known = published::newest(&mut tx, self.side, self.of.log(), size).await?;
            return Ok((None, known.map(|_| true)));
        };
        let signed = match Checkpoint::parse(&note) {
            Ok(said) => self.of.newest(&mut tx, said.size).await?,
            Err(_) => None,
        };
        drop(tx);
        // Behind what the log signed stand the signatures of witnesses.
        let is_right = signed.is_some_and(|(_, signed)| note.starts_with(&signed))
            && !self.witnesses.are_wrong(&note).await;
        Ok(if is_right { (Some(note), None) } else { (None, Some(false)) })
    }

    /// Writes one tile or bundle, if it does not stand there already.
    pub(super) async fn write_one(
        &self,
        path: String,
        bytes: Vec<u8>,
        there: &HashSet<String>,
        covered: u64,
    ) -> Result<(), RecordError> {
        let mut wrong = None;
        if tile::least(&path).is_some_and(|least| least <= covered) {
            // A full one takes the place of those before it.
            let full = || path.split_once(".p/").is_some_and(|(full, _)| there.contains(full));
            wrong = match self.vault.tile(&path).await? {
                Some(found) if found == bytes => return Ok(()),
                Some(_) => Some(false),
                None => (!full()).then_some(true),
            };
        }
        let key = Key::Tile(path);
        self.vault.put_derived(&key, bytes.clone().into()).await?;
        match wrong {
            Some(gone) => self.remade(&key, gone, &bytes).await,
            None => Ok(()),
        }
    }

    /// Keeps that something was made again: what stood there was `gone`, or another.
    pub(super) async fn remade(
        &self,
        key: &Key,
        gone: bool,
        bytes: &[u8],
    ) -> Result<(), RecordError> {
        let path = match self.of {
            Of::Records => key.path().to_string(),
            Of::Looks => format!("{}/{}", key::ACCESS, key.path()),
        };
        tracing::warn!(path, side = self.side.as_str(), gone, "published, and made again");
        let (side, sha256) = (self.side.as_str().to_owned(), Digest::of(bytes).to_string());
        let mut tx = self.db.write().await?;
        published::keep(&mut tx, &Remade { side, path, gone: gone.into(), sha256 }).await?;
        tx.commit().await?;
        Ok(())
    }
}
