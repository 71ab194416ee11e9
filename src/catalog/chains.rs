//! The histories of households' files: which an act belongs to, and where each
//! ends now.

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Act, Link};
use crate::model::id::EntryNo;

/// The links of the entry of an act that is about to be applied. A household or
/// document that is not known has none: the act will be refused.
///
/// # Errors
/// When the database refuses.
pub async fn links(tx: &mut Tx, act: &Act) -> Result<Vec<Link>, DbError> {
    let none = -1;
    let (one, other) = match act {
        Act::OpenHousehold { volume, .. } => {
            return Ok(vec![Link { volume: volume.clone(), prev: None }]);
        }
        Act::AcceptDocument { household: Some(_), .. }
        | Act::BindVolume { .. }
        | Act::StateFacts(_)
        | Act::TakeStep(_)
        | Act::SendBack(_)
        | Act::Recover(_)
        | Act::SettleRecovery(_)
        | Act::AskLending { .. }
        | Act::DecideLending { .. }
        | Act::HandOverLending { .. }
        | Act::ReturnLending { .. }
        | Act::EndLending { .. }
        | Act::NoteEffect { .. }
        | Act::OpenCounter { .. }
        | Act::PostNotice { .. }
        | Act::TakeDownNotice { .. }
        | Act::DestroyKeys { .. }
        | Act::AskDestruction { .. }
        | Act::RefuseDestruction { .. }
        | Act::EnterRow(_)
        | Act::CloseFinding(_) => (none, none),
        Act::FileDocument { document, .. }
        | Act::ReturnDocument { document, .. }
        | Act::CorrectText { document, .. } => (document.0, none),
        Act::JoinDocument { document, into } => (document.0, into.0),
        Act::AcceptDocument { household: None, .. }
        | Act::CreateArchive { .. }
        | Act::RegisterOrganisation { .. }
        | Act::AddPerson { .. }
        | Act::ChangePerson { .. }
        | Act::GrantRoles { .. }
        | Act::IssueCode { .. }
        | Act::NameAtProvider { .. }
        | Act::MakeRoster(_)
        | Act::TakeBankReturn(_)
        | Act::SetStandard(_)
        | Act::BookFund(_)
        | Act::TakeEvidence(_)
        | Act::RotateKey { .. }
        | Act::RetireKey { .. }
        | Act::TimestampCheckpoint { .. }
        | Act::SealAccessLog { .. }
        | Act::CheckFixity { .. }
        | Act::RepairObject { .. }
        | Act::BeginEncryption { .. }
        | Act::EncryptBlobs { .. }
        | Act::OrderDraw(_)
        | Act::DrawSample(_) => return Ok(Vec::new()),
        Act::KeyFields(said) => (said.document.0, none),
        Act::LinkHouseholds(_) | Act::UnlinkHouseholds(_) => (none, none),
    };
    let household = act.household().map(ToString::to_string).unwrap_or_default();
    let second = act.other_household().map(ToString::to_string).unwrap_or_default();
    let found: Vec<(String, i64)> = tx
        .all(
            "SELECT volume, last_entry FROM household
             WHERE no IN ($1, $4, (SELECT household FROM document WHERE id = $2),
                          (SELECT household FROM document WHERE id = $3))
             ORDER BY volume",
            args![household, one, other, second],
        )
        .await?;
    let found = found.into_iter().map(|(volume, last)| Link { volume, prev: Some(last) });
    let mut links: Vec<Link> = found.collect();
    // A split begins the history of the file that it opens.
    if let Act::LinkHouseholds(said) = act
        && let Some(new) = &said.opened
    {
        links.push(Link { volume: new.volume.clone(), prev: None });
        links.sort_by(|one, other| one.volume.cmp(&other.volume));
    }
    Ok(links)
}

/// Notes that entry `no` is the last of the histories it goes on with; one that begins
/// with it was written so.
///
/// # Errors
/// When the database refuses.
pub async fn lengthen(tx: &mut Tx, no: EntryNo, links: &[Link]) -> Result<(), DbError> {
    for link in links.iter().filter(|link| link.prev.is_some()) {
        tx.run("UPDATE household SET last_entry = $1 WHERE volume = $2", args![no, &link.volume])
            .await?;
    }
    Ok(())
}
