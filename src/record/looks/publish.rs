//! Looks become entries: numbered, signed and published in one transaction; and
//! database and store are brought to one history.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::Timestamp;

use super::super::RecordError;
use super::super::batch::patiently;
use super::{Copied, Looks};
use crate::catalog::looks;
use crate::db::Tx;
use crate::ledger::looks::Noted;
use crate::ledger::{self, LedgerError, bodies};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::look::LookBody;
use crate::tlog::{Checkpoint, Frontier, TlogError};
use crate::vault::VaultError;

/// The most looks in one batch.
const BATCH: usize = 1024;
/// How many of the newest batches are compared at every start.
pub(super) const COMPARED: u32 = 8;

impl Looks {
    /// Publishes every look that waits, with tiles and checkpoint; the second
    /// copy follows. Where this machine has no key of the access log, they go on
    /// waiting for one that has.
    ///
    /// # Errors
    /// When the database or the store fails: they go on waiting.
    pub async fn publish(&self) -> Result<(), RecordError> {
        self.flush().await?;
        if self.0.key.is_none() || self.is_broken() {
            return Ok(());
        }
        let _one = self.0.publishing.lock().await;
        let mut recovered = false;
        loop {
            match self.publish_batch().await {
                Ok(0) => break,
                Ok(_) => {}
                // Somebody stopped between publishing and committing.
                Err(RecordError::Vault(VaultError::Conflict(_))) if !recovered => {
                    self.recover().await?;
                    recovered = true;
                }
                Err(error) => return Err(error),
            }
        }
        self.0.tiles.publish().await?;
        if let Some(copied) = &self.0.copied {
            Copied::follow(copied).await;
        }
        Ok(())
    }

    /// Publishes one batch; returns how many looks it has.
    async fn publish_batch(&self) -> Result<usize, RecordError> {
        let mut tx = self.0.db.read().await?;
        if ledger::looks::count_waiting(&mut tx).await? == 0 {
            return Ok(0);
        }
        drop(tx);
        let key = self.0.key.as_ref().ok_or(RecordError::NoKey)?;
        let mut tx = self.0.db.write().await?;
        let mut tree = ledger::looks::lock(&mut tx).await?;
        let first = EntryNo::try_from(tree.size()).unwrap_or(EntryNo::MAX);
        let mut batch = Vec::new();
        for ((body, at), no) in ledger::looks::next(&mut tx, BATCH).await?.into_iter().zip(first..)
        {
            let time = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
            let noted = ledger::looks::write(no, time, body.into())?;
            tree.push(&noted.leaf);
            batch.push(noted);
        }
        if batch.is_empty() {
            return Ok(0);
        }
        let all: Vec<Bytes> = batch.iter().map(|one| one.body_bytes.clone()).collect();
        let mut names = Vec::new();
        for (blob, _) in bodies::together(&all) {
            names.push(patiently(|| self.0.vault.put(blob.clone())).await?);
        }
        names.sort_unstable();
        let checkpoint = key.sign(&[], &tree)?;
        let text = ledger::text(&checkpoint, &names, batch.iter().map(|one| one.leaf.as_slice()));
        patiently(|| self.0.vault.publish(first, text.clone())).await?;
        ledger::looks::append(&mut tx, &batch, &tree, &checkpoint, Digest::of(&text)).await?;
        tx.commit().await?;
        Ok(batch.len())
    }

    /// Brings database and store to one history: what was published and is not in
    /// the database comes into it; and each log is compared with what the other
    /// says of it.
    ///
    /// # Errors
    /// When they disagree, in one plain sentence, or one of them fails.
    pub async fn recover(&self) -> Result<(), RecordError> {
        let mut tx = self.0.db.read().await?;
        let last = ledger::looks::last_batches(&mut tx, EntryNo::MAX, COMPARED).await?;
        let known = ledger::looks::current(&mut tx).await?.size();
        drop(tx);
        for (first, expected) in last {
            let found = match self.0.vault.batch(first).await {
                Ok(lines) => Digest::of(&lines).to_string(),
                Err(VaultError::NotFound(_) | VaultError::NoFile) => "nothing".to_owned(),
                Err(error) => return Err(error.into()),
            };
            if found != expected {
                return Err(RecordError::Disagree(format!(
                    "the database and the object store disagree about entry {first} of the access \
                     log: it was cut back or changed"
                )));
            }
        }
        let known = EntryNo::try_from(known).unwrap_or(EntryNo::MAX);
        let batches = self.0.vault.batches(known).await?;
        if let Some(last) = batches.last() {
            self.0.vault.settle_batch(*last).await?;
            let mut tx = self.0.db.write().await?;
            let mut tree = ledger::looks::lock(&mut tx).await?;
            for first in batches {
                self.take_up(&mut tx, &mut tree, first).await?;
            }
            tx.commit().await?;
        }
        let published = self.0.vault.checkpoint().await?;
        let mut tx = self.0.db.read().await?;
        let size = ledger::looks::current(&mut tx).await?.size();
        if let Some(Ok(published)) = published.map(|note| Checkpoint::parse(&note))
            && published.size > size
        {
            return Err(RecordError::Disagree(format!(
                "the published checkpoint of the access log is of {} entries, and {size} are here: \
                 entries were removed",
                published.size
            )));
        }
        agree(&mut tx).await
    }

    /// Takes up a published batch that the database lacks.
    async fn take_up(
        &self,
        tx: &mut Tx,
        tree: &mut Frontier,
        first: EntryNo,
    ) -> Result<(), RecordError> {
        let next = EntryNo::try_from(tree.size()).unwrap_or(EntryNo::MAX);
        if first < next {
            return Ok(());
        }
        if first != next {
            return Err(RecordError::Disagree(format!(
                "entries {next} to {} of the access log are missing from the object store",
                first - 1
            )));
        }
        let lines = self.0.vault.batch(first).await?;
        let batch = ledger::parse(first, &lines)?;
        let mut bodies_of = HashMap::new();
        for name in &batch.bodies {
            bodies_of.extend(bodies::apart(&self.0.vault.bytes(*name).await?));
        }
        let mut noted = Vec::with_capacity(batch.entries.len());
        for (entry, leaf) in batch.entries {
            let body_bytes = bodies_of.remove(&entry.body).ok_or_else(|| {
                RecordError::Disagree(format!(
                    "the body of entry {} of the access log is not in the store",
                    entry.no
                ))
            })?;
            canonical::from_bytes::<LookBody>(&body_bytes)
                .map_err(|cause| LedgerError::Malformed { no: entry.no, cause })?;
            tree.push(&leaf);
            noted.push(Noted { entry, leaf, body_bytes });
        }
        let signed = Checkpoint::parse(&batch.checkpoint);
        if signed.as_ref().ok().map(|checkpoint| checkpoint.root) != Some(tree.root()) {
            let cause = signed.err().unwrap_or(TlogError::Broken);
            return Err(LedgerError::Checkpoint { no: first, cause }.into());
        }
        let sha256 = Digest::of(&lines);
        Ok(ledger::looks::append(tx, &noted, tree, &batch.checkpoint, sha256).await?)
    }
}

/// Compares what each log says of the other with what that is.
///
/// # Errors
/// When one of them was cut back or changed, in one plain sentence.
pub(super) async fn agree(tx: &mut Tx) -> Result<(), RecordError> {
    let parse = |note: String| Checkpoint::parse(&note).ok();
    let no_longer = |log: &str, size: u64, other: &str| {
        RecordError::Disagree(format!(
            "the {other} has a seal over {size} entries of the {log}, and those that are here do \
             not lead to it: they were cut back or changed"
        ))
    };
    if let Some(seal) = looks::access_seals(tx, 1).await?.pop() {
        let size = u64::try_from(seal.size).unwrap_or(0);
        let here = ledger::looks::newest_within(tx, size).await?.and_then(|(_, note)| parse(note));
        if here.is_none_or(|here| here.size != size || here.root.to_string() != seal.root) {
            return Err(no_longer("access log", size, "records log"));
        }
    }
    if let Some((no, body)) = looks::seals(tx).await?.pop() {
        let body: LookBody = canonical::from_bytes(body.as_bytes())
            .map_err(|cause| LedgerError::Malformed { no, cause })?;
        let Some(said) = body.look.records else { return Ok(()) };
        let here = ledger::newest_within(tx, said.size).await?.and_then(|(_, note)| parse(note));
        if here.is_none_or(|here| here.size != said.size || here.root.to_string() != said.root) {
            return Err(no_longer("records log", said.size, "access log"));
        }
    }
    Ok(())
}
