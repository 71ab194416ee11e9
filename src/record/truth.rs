//! The bodies of acts and looks in full. The database has them with the numbers of
//! persons covered; what they say in truth stands in the object store alone.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use bytes::Bytes;

use super::{RecordError, recover};
use crate::catalog::kinship;
use crate::db::Db;
use crate::ledger;
use crate::model::act::{Act, Body};
use crate::model::canonical;
use crate::model::id::EntryNo;
use crate::model::living::Fact;
use crate::vault::Vault;

/// The field that has the number of a person.
pub const NUMBER: &str = crate::model::codes::member::ID_NUMBER;

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

/// The numbers of persons as the acts have them; an act is read once for all of whom it
/// states something.
#[derive(Debug, Default)]
pub struct Numbers(BTreeMap<EntryNo, Act>);

impl Numbers {
    /// The number in full that `entry` stated of the person at `place` of a household, or
    /// that came along with the person by it; empty where it stated none.
    ///
    /// # Errors
    /// As [`body_bytes`].
    pub async fn stated(
        &mut self,
        db: &Db,
        vault: &Vault,
        (mut entry, mut place): (EntryNo, u32),
    ) -> Result<String, RecordError> {
        loop {
            let act = match self.0.entry(entry) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(body(db, vault, entry).await?.act),
            };
            let stated = match act {
                Act::OpenHousehold { id_number, .. } if place == 0 => Some(&*id_number),
                Act::OpenHousehold { members, .. } => {
                    let at = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
                    at.and_then(|at| members.get(at)).map(|one| &one.id_number)
                }
                Act::StateFacts(said) => {
                    let mut facts = said.facts.iter();
                    let its = |one: &&Fact| one.member == Some(place) && one.field == NUMBER;
                    facts.rfind(its).map(|one| &one.value)
                }
                // It came along from the household that was left.
                Act::LinkHouseholds(_) => {
                    let mut tx = db.read().await?;
                    let before = kinship::numbered_by(&mut tx, entry, place.into()).await?;
                    let Some((from, there)) = before.filter(|(from, _)| *from < entry) else {
                        return Ok(String::new());
                    };
                    (entry, place) = (from, u32::try_from(there).unwrap_or(u32::MAX));
                    continue;
                }
                _ => None,
            };
            return Ok(stated.cloned().unwrap_or_default());
        }
    }
}
