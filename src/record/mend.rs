//! What is damaged of the newest batches is mended before database, store and second copy
//! are compared: without them the archive would not open, not even to be repaired.
//!
//! The right bytes are those that the database noted. Another store has them, or the
//! database makes them again; it is believed as far as its entries lead to what was
//! signed. Where something that is signed says another thing, nothing is touched: two
//! histories are for people.

mod signed;

use bytes::Bytes;
use futures::future::try_join_all;
use jiff::Timestamp;

use self::signed::{Signed, is_noted};
use super::recover::{COMPARED, tree_end};
use super::{RecordError, copies};
use crate::catalog::published::{self, Remade};
use crate::db::{Db, Tx};
use crate::ledger;
use crate::model::act::{FindingClass, Repair, Side, Source};
use crate::model::id::{Digest, EntryNo};
use crate::tlog::LogKeys;
use crate::vault::{Key, Vault, VaultError};

/// Restores those of the newest batches that are damaged in the store, or not there, from
/// the second copy or the database. Returns what was done, to be recorded when acts can
/// be; the next verification tells it, too. What cannot be made again, or is contradicted,
/// stays as it is. `keys` are those that sign the log; without them the database alone is
/// not believed.
///
/// # Errors
/// When the database or the store fails.
pub async fn mend_newest(
    (db, vault): (&Db, &Vault),
    keys: Option<&LogKeys>,
    now: Timestamp,
) -> Result<Vec<Repair>, RecordError> {
    let copy = match vault.mirror() {
        Some(mirror) => mirror.vault().await.ok(),
        None => None,
    };
    let store = vault.alone();
    let signed = Signed::by(keys);
    let mending = Mending { side: Side::Store, vault: &store, other: copy, signed, now };
    mending.newest(db, EntryNo::MAX).await
}

/// As [`mend_newest`], of the batches that the second copy should have, where there is one;
/// the store has been compared with the database before. A copy that cannot be reached is
/// no error.
///
/// # Errors
/// When the database fails.
pub async fn mend_copy(
    (db, vault): (&Db, &Vault),
    keys: Option<&LogKeys>,
    now: Timestamp,
) -> Result<Vec<Repair>, RecordError> {
    let Some(mirror) = vault.mirror() else { return Ok(Vec::new()) };
    let Ok(copy) = mirror.vault().await else { return Ok(Vec::new()) };
    let store = vault.alone();
    let signed = Signed::by(keys);
    let mending = Mending { side: Side::Copy, vault: copy, other: Some(&store), signed, now };
    let mended = async { mending.newest(db, mending.end_of_copy(db).await?).await };
    match mended.await {
        Err(RecordError::Vault(error)) => {
            tracing::warn!(%error, "the second copy is not mended");
            Ok(Vec::new())
        }
        mended => mended,
    }
}

/// A store whose newest batches are mended.
struct Mending<'a> {
    side: Side,
    vault: &'a Vault,
    /// Another store, which may have what this one lost.
    other: Option<&'a Vault>,
    signed: Signed,
    now: Timestamp,
}

/// A batch that is not the one that the database noted.
struct Damaged {
    first: EntryNo,
    /// The digest of the right one.
    sha256: String,
    class: FindingClass,
    /// What stands there, where that can be read.
    found: Option<Bytes>,
}

impl Mending<'_> {
    /// Mends the newest batches that begin before entry `end`.
    async fn newest(&self, db: &Db, end: EntryNo) -> Result<Vec<Repair>, RecordError> {
        let mut tx = db.read().await?;
        let last = ledger::last_batches(&mut tx, end, COMPARED).await?;
        drop(tx);
        if self.damaged(&last).await?.is_empty() {
            return Ok(Vec::new());
        }
        // Nobody records, and nobody else mends, meanwhile.
        let mut tx = db.write().await?;
        let tree = ledger::lock(&mut tx).await?;
        let last = ledger::last_batches(&mut tx, end, COMPARED).await?;
        let mut damaged = self.damaged(&last).await?;
        // A store that has none of them is another one, or an empty one.
        let is_ours = damaged.len() < last.len();
        // Where a copy may have lost more than is compared, it is filled again from there.
        let oldest = last.last().map(|(first, _)| *first);
        let gone = |one: &Damaged| one.class == FindingClass::Missing;
        if self.side == Side::Copy
            && damaged.iter().any(|one| gone(one) && oldest == Some(one.first))
        {
            damaged.retain(|one| !gone(one));
        }
        // Another process was first, or all of it is filled again: nothing is compared with what
        // was published since the first entry.
        if damaged.is_empty() {
            return Ok(Vec::new());
        }
        if self.contradicts(&mut tx, &tree, &damaged).await? {
            return Ok(Vec::new());
        }
        let (mut right, mut rest) = (Vec::new(), Vec::new());
        for one in damaged {
            match self.elsewhere(&one).await {
                Some((bytes, source)) => right.push((one, bytes, source)),
                None if is_ours => rest.push(one),
                None => {}
            }
        }
        for (one, bytes) in self.signed.again(&mut tx, &tree, rest).await? {
            right.push((one, bytes, Source::Database));
        }
        let (mut done, mut failed) = (Vec::new(), None);
        for (one, bytes, source) in right {
            match self.put(&mut tx, one, bytes, source).await {
                Ok(repair) => done.push(repair),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        // What was done is told, also when the rest could not be.
        tx.commit().await?;
        failed.map_or(Ok(done), Err)
    }

    /// Those of the batches that are not what the database noted.
    async fn damaged(&self, noted: &[(EntryNo, String)]) -> Result<Vec<Damaged>, RecordError> {
        let looked = noted.iter().map(|(first, sha256)| self.look_at(*first, sha256));
        Ok(try_join_all(looked).await?.into_iter().flatten().collect())
    }

    async fn look_at(&self, first: EntryNo, sha256: &str) -> Result<Option<Damaged>, RecordError> {
        let (class, found) = match self.vault.batch(first).await {
            Ok(bytes) if Digest::of(&bytes).to_string() == sha256 => return Ok(None),
            Ok(bytes) => (FindingClass::Changed, Some(bytes)),
            Err(VaultError::NoFile) => (FindingClass::Changed, None),
            Err(VaultError::NotFound(_)) => (FindingClass::Missing, None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Damaged { first, sha256: sha256.to_owned(), class, found }))
    }

    /// The right bytes of a batch in the other store: with the database two of three agree.
    async fn elsewhere(&self, one: &Damaged) -> Option<(Bytes, Source)> {
        let bytes = self.other?.batch(one.first).await.ok()?;
        let source = match self.side {
            Side::Store => Source::Copy,
            Side::Copy => Source::Store,
        };
        (Digest::of(&bytes).to_string() == one.sha256).then_some((bytes, source))
    }

    /// Moves what stands in the place of a batch away and puts the right one there.
    async fn put(
        &self,
        tx: &mut Tx,
        one: Damaged,
        right: Bytes,
        source: Source,
    ) -> Result<Repair, RecordError> {
        let (path, sha256) = (Key::Entries(one.first).path(), Digest::of(&right));
        let quarantine = self.vault.quarantine(&path, self.now).await?;
        self.vault.restore(&path, right).await?;
        let gone = one.class == FindingClass::Missing;
        let (side, class) = (self.side, one.class);
        tracing::warn!(%path, side = side.as_str(), gone, ?source, "damaged, and made again");
        let remade = Remade {
            side: side.as_str().to_owned(),
            path: path.to_string(),
            gone: gone.into(),
            sha256: sha256.to_string(),
        };
        published::keep(tx, &remade).await?;
        Ok(Repair { side, path: path.into(), sha256, class, source, quarantine })
    }

    /// Before which entry the newest batch begins that the copy should have: one that it
    /// has, or that its published checkpoint covers.
    async fn end_of_copy(&self, db: &Db) -> Result<EntryNo, RecordError> {
        let mut tx = db.read().await?;
        // What is recorded from now on may not be there yet.
        let size = tree_end(&ledger::current(&mut tx).await?);
        let has = copies::count_in(&mut tx, self.vault).await?;
        let next = ledger::batch_at(&mut tx, has).await?.map_or(size, |(first, _)| first);
        let note = self.vault.checkpoint().await.ok().flatten();
        let covered = match note.and_then(|note| self.signed.opened(&note)) {
            Some(said) if is_noted(&mut tx, &said).await? => said.size,
            _ => 0,
        };
        Ok(next.max(EntryNo::try_from(covered).unwrap_or(EntryNo::MAX)))
    }
}
