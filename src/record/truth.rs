//! The bodies of acts and looks in full. The database has them with the numbers of
//! persons covered; what they say in truth stands in the object store alone.

use bytes::Bytes;

use super::{RecordError, recover};
use crate::db::Db;
use crate::ledger;
use crate::model::act::Body;
use crate::model::canonical;
use crate::model::id::EntryNo;
use crate::vault::Vault;

/// The exact bytes of the body of entry `no` of the log.
///
/// # Errors
/// When there is no such entry, or its body cannot be read.
pub async fn body_bytes(db: &Db, vault: &Vault, no: EntryNo) -> Result<Bytes, RecordError> {
    let mut tx = db.read().await?;
    let first = ledger::batch_of(&mut tx, no).await?;
    drop(tx);
    recover::body_in(vault, first, no).await
}

/// What was done by entry `no`, in full.
///
/// # Errors
/// As [`body_bytes`].
pub async fn body(db: &Db, vault: &Vault, no: EntryNo) -> Result<Body, RecordError> {
    let bytes = body_bytes(db, vault, no).await?;
    let malformed = |cause| ledger::LedgerError::Malformed { no, cause };
    Ok(canonical::from_bytes(&bytes).map_err(malformed)?)
}

/// The exact bytes of the body of entry `no` of the access log.
///
/// # Errors
/// As [`body_bytes`].
pub async fn look_bytes(db: &Db, vault: &Vault, no: EntryNo) -> Result<Bytes, RecordError> {
    let mut tx = db.read().await?;
    let first = ledger::looks::batch_of(&mut tx, no).await?;
    drop(tx);
    recover::body_in(&vault.access(), first, no).await
}
