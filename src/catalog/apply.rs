//! The one place where an act becomes rows.

mod documents;
mod households;
mod refusal;

use self::documents::{accept, file, give_back, join, live};
use self::households::{
    bind, create_archive, known_household, open_household, register_organisation,
};
pub use self::refusal::{ApplyError, Refusal};
use crate::args;
use crate::db::{Statement, Tx};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{Digest, EntryNo, HouseholdNo};
use crate::model::lookup::LookupKey;
use crate::model::mask;

use super::{cases, facts, feed, id_digests, owed};

type Result<T> = std::result::Result<T, ApplyError>;

/// Makes the rows of an act. What it writes depends on nothing but the entry,
/// the body and the entries before: no clock, no chance. Numbers of persons are
/// covered in every row; the digests to look them up by depend on `key` too.
///
/// # Errors
/// When the act breaks a rule: the caller takes back what was written.
pub async fn apply(tx: &mut Tx, key: &LookupKey, entry: &LogEntry, body: &Body) -> Result<()> {
    super::kinship::goes_on(tx, body).await?;
    let digests = id_digests::opening(key, &body.act);
    act(tx, entry, &mask::body(body.clone()), digests).await?;
    id_digests::follow(tx, key, &body.act).await?;
    Ok(super::chains::lengthen(tx, entry.no, &entry.volumes).await?)
}

/// `digests` writes those of a household that is opened.
async fn act(tx: &mut Tx, entry: &LogEntry, body: &Body, digests: Vec<Statement>) -> Result<()> {
    match &body.act {
        Act::CreateArchive { fonds, fonds_name, profile } => {
            create_archive(tx, fonds, fonds_name, profile).await
        }
        Act::RegisterOrganisation { code, name } => register_organisation(tx, code, name).await,
        Act::OpenHousehold { .. } => open_household(tx, entry, body, digests).await,
        Act::AcceptDocument { file, household, organisation } => {
            accept(tx, entry, &body.actor.name, file, household.as_ref(), organisation).await
        }
        Act::FileDocument { document, household, description } => {
            file(tx, entry.no, *document, household, description).await
        }
        Act::JoinDocument { document, into } => join(tx, *document, *into).await,
        Act::ReturnDocument { document, reason } => give_back(tx, *document, reason).await,
        Act::CorrectText { document, correction, bytes, .. } => {
            live(tx, *document).await?;
            tx.run_all(vec![keeping(entry.no, *correction, *bytes, "application/json")]).await?;
            super::corrections::apply(tx, entry, body).await
        }
        Act::BindVolume { .. } => bind(tx, entry, body).await,
        Act::StateFacts(said) => facts::state(tx, entry, body, said).await,
        Act::TakeStep(step) => cases::step(tx, entry, body, step).await,
        Act::MakeRoster(roster) => super::payments::list(tx, entry.no, roster).await,
        Act::TakeBankReturn(said) => {
            let mime = crate::model::bank_file::mime(&said.name);
            tx.run_all(vec![keeping(entry.no, said.file, said.bytes, mime)]).await?;
            super::payments::answer(tx, entry.no, said).await
        }
        Act::SetStandard(said) => Ok(super::standards::set(tx, entry.no, said).await?),
        Act::BookFund(said) => super::funds::book(tx, entry, body, said).await,
        Act::Recover(said) => super::funds::recover(tx, entry, body, said).await,
        Act::SettleRecovery(said) => super::funds::settle(tx, entry, body, said).await,
        Act::SendBack(sent) => {
            known_household(tx, &sent.household).await?;
            owed::send_back(tx, entry.no, sent).await
        }
        Act::RotateKey { old, new } => super::keys::rotate(tx, old, new).await,
        Act::RetireKey { key } => super::keys::retire(tx, key).await,
        Act::AddPerson { .. }
        | Act::ChangePerson { .. }
        | Act::GrantRoles { .. }
        | Act::IssueCode { .. }
        | Act::NameAtProvider { .. } => super::people::apply(tx, body).await,
        Act::TimestampCheckpoint { token, bytes, .. } => {
            tx.run_all(vec![keeping(entry.no, *token, *bytes, "application/timestamp-reply")])
                .await?;
            Ok(())
        }
        Act::SealAccessLog { size, root, .. } => {
            super::looks::seal(tx, entry.no, *size, root).await
        }
        Act::AskLending { .. }
        | Act::DecideLending { .. }
        | Act::HandOverLending { .. }
        | Act::ReturnLending { .. }
        | Act::EndLending { .. } => super::lendings::apply(tx, entry, body).await,
        Act::NoteEffect { .. } => super::effects::apply(tx, entry, body).await,
        Act::OpenCounter { household, visitor, .. } => {
            known_household(tx, household).await?;
            if super::households::is_one_of(tx, household, visitor).await? {
                Ok(())
            } else {
                Err(Refusal::NotOfHousehold(household.clone()).into())
            }
        }
        Act::PostNotice { household, .. } | Act::TakeDownNotice { household, .. } => {
            known_household(tx, household).await?;
            super::notices::apply(tx, entry, body).await
        }
        Act::CheckFixity { .. } | Act::RepairObject { .. } | Act::EncryptBlobs { .. } => Ok(()),
        Act::BeginEncryption { keys } => super::destroyed::begin(tx, keys).await,
        Act::DestroyKeys { household, objects, asked, .. } => {
            known_household(tx, household).await?;
            if let Some(asked) = asked {
                super::destructions::decide(tx, entry, body, household, *asked).await?;
            }
            super::destroyed::destroy(tx, entry.no, household, objects).await
        }
        Act::AskDestruction { household, reason } => {
            known_household(tx, household).await?;
            super::destructions::ask(tx, entry, body, household, reason).await
        }
        Act::RefuseDestruction { household, asked, .. } => {
            super::destructions::decide(tx, entry, body, household, *asked).await
        }
        Act::KeyFields(said) => {
            live(tx, said.document).await?;
            tx.run_all(vec![keeping(entry.no, said.keyed, said.bytes, "application/json")]).await?;
            super::keyed::apply(tx, entry, &body.actor.name, said).await
        }
        Act::EnterRow(said) => {
            if let Some(sealed) = &said.sealed {
                let (sha256, bytes) = (sealed.sha256, sealed.bytes);
                tx.run_all(vec![keeping(entry.no, sha256, bytes, "application/json")]).await?;
            }
            super::registers::enter(tx, entry, body, said).await
        }
        Act::OrderDraw(order) => super::draws::order(tx, entry, body, order).await,
        Act::DrawSample(drawn) => super::draws::draw(tx, entry, body, drawn).await,
        Act::TakeEvidence(said) => {
            tx.run_all(vec![keeping(entry.no, said.file, said.bytes, &said.mime)]).await?;
            super::evidence::take(tx, entry.no, body, said).await
        }
        Act::CloseFinding(said) => super::evidence::close(tx, entry, body, said).await,
        Act::LinkHouseholds(said) => {
            super::kinship::link(tx, entry, body, said).await?;
            touch_files_of(tx, [&said.from, &said.to]).await
        }
        Act::UnlinkHouseholds(said) => {
            super::kinship::unlink(tx, entry.no, body, said).await?;
            touch_files_of(tx, [&said.from, &said.to]).await
        }
    }
}

/// The papers of both are found by who lives there now, and narrowed by how both stand.
async fn touch_files_of(tx: &mut Tx, both: [&HouseholdNo; 2]) -> Result<()> {
    for household in both {
        feed::touch_file_of(tx, household).await?;
    }
    Ok(())
}

fn keeping(no: EntryNo, sha256: Digest, bytes: u64, mime: &str) -> Statement {
    (
        "INSERT INTO blob (sha256, bytes, mime, entry) VALUES ($1, $2, $3, $4)
         ON CONFLICT (sha256) DO NOTHING"
            .into(),
        args![sha256.to_string(), bytes, mime, no].to_vec(),
    )
}
