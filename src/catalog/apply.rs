//! The one place where an act becomes rows.

mod households;

use self::households::{
    bind, create_archive, in_charge, known_household, open_household, register_organisation,
};
use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::document::{Description, State, StoredFile};
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode, PersonId};
use crate::model::lending::Rule;
use crate::model::living::LivingRule;
use crate::model::lookup::LookupKey;
use crate::model::mask;
use crate::model::register::RowRule;

use super::{cases, facts, feed, id_digests, jobs, owed, unbound};

/// A rule that an act breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The archive has been made already.
    #[error("the archive exists")]
    ArchiveExists,
    /// No household has this number.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// A household keeps its number; nobody else gets it.
    #[error("household {0} exists")]
    HouseholdExists(HouseholdNo),
    /// No document has this number.
    #[error("document {0} is not known")]
    UnknownDocument(DocumentId),
    /// A document that was joined or returned takes no further act.
    #[error("document {document} is {state:?}")]
    NotLive {
        /// Which.
        document: DocumentId,
        /// What it became.
        state: State,
    },
    /// A filed document is corrected, not returned.
    #[error("document {0} is filed")]
    AlreadyFiled(DocumentId),
    /// A document cannot become part of itself.
    #[error("document {0} cannot be joined to itself")]
    JoinedToItself(DocumentId),
    /// A document has no such page.
    #[error("document {document} has no page {page} in this file")]
    NoPage {
        /// Which.
        document: DocumentId,
        /// The page of the file.
        page: u32,
    },
    /// Somebody else corrected the page first.
    #[error("page {page} of document {document} was corrected meanwhile")]
    CorrectedMeanwhile {
        /// Which.
        document: DocumentId,
        /// The page of the file.
        page: u32,
    },
    /// Somebody else bound another version first.
    #[error("the volume of household {household} was bound meanwhile: version {current}")]
    VolumeMoved {
        /// Whose volume.
        household: HouseholdNo,
        /// The version it has now.
        current: i64,
    },
    /// A key of the log cannot be changed like this.
    #[error("the key {key} {why}")]
    Key {
        /// Which.
        key: String,
        /// Why not.
        why: &'static str,
    },
    /// The access log does not become shorter.
    #[error("the access log had {before} entries at the seal before, and now {size}")]
    AccessLog {
        /// How many it has now.
        size: i64,
        /// How many it had.
        before: i64,
    },
    /// Somebody signs in like this already.
    #[error("the login {0:?} is taken")]
    LoginTaken(String),
    /// No person has this name.
    #[error("person {0} is not known")]
    UnknownPerson(PersonId),
    /// What a person cannot be.
    #[error("these roles cannot be given: {0}")]
    Roles(&'static str),
    /// What nobody does for themselves.
    #[error("nobody changes the own account or the own rights: somebody else has to do it")]
    Oneself,
    /// Nothing of this household is put up by this entry, or no longer.
    #[error("entry {0} is no notice that is up of household {1}")]
    NotUp(EntryNo, HouseholdNo),
    /// A file cannot be destroyed with the papers of a household.
    #[error("{0} is not a file of household {1} alone")]
    NotItsAlone(Digest, HouseholdNo),
    /// Somebody asked for it already, and nobody has decided.
    #[error("that the keys of household {0} be destroyed was asked for already")]
    DestructionAsked(HouseholdNo),
    /// There is nothing to decide.
    #[error("no destruction of household {0} waits for a decision under this entry")]
    NoDestruction(HouseholdNo),
    /// Two people destroy.
    #[error("who asked for the destruction does not decide on it: somebody else has to")]
    OwnDestruction,
    /// The archive is encrypted already, with other keys.
    #[error("the archive is encrypted with the keys {0}")]
    EncryptedAlready(String),
    /// Another volume has this reference code.
    #[error("reference code {0} is taken")]
    CodeTaken(String),
    /// No lending has this name.
    #[error("this lending is not known")]
    UnknownLending,
    /// What cannot be done with a lending.
    #[error(transparent)]
    Lending(#[from] Rule),
    /// Nobody of the household is called so.
    #[error("nobody of household {0} is called so")]
    NotOfHousehold(HouseholdNo),
    /// What cannot be done with a file that lives.
    #[error(transparent)]
    Living(#[from] LivingRule),
    /// What cannot be done with a row of a register, or a draw.
    #[error(transparent)]
    Row(#[from] RowRule),
}

/// Why an act was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It breaks a rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<LivingRule> for ApplyError {
    fn from(rule: LivingRule) -> Self {
        Self::Refused(rule.into())
    }
}

impl From<RowRule> for ApplyError {
    fn from(rule: RowRule) -> Self {
        Self::Refused(rule.into())
    }
}

type Result<T> = std::result::Result<T, ApplyError>;

/// Makes the rows of an act. What it writes depends on nothing but the entry,
/// the body and the entries before: no clock, no chance. Numbers of persons are
/// covered in every row; the digests to look them up by depend on `key` too.
///
/// # Errors
/// When the act breaks a rule: the caller takes back what was written.
pub async fn apply(tx: &mut Tx, key: &LookupKey, entry: &LogEntry, body: &Body) -> Result<()> {
    super::kinship::goes_on(tx, body).await?;
    act(tx, entry, &mask::body(body.clone())).await?;
    id_digests::keep(tx, key, &body.act).await?;
    Ok(super::chains::lengthen(tx, entry.no, &entry.volumes).await?)
}

async fn act(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<()> {
    match &body.act {
        Act::CreateArchive { fonds, fonds_name, profile } => {
            create_archive(tx, fonds, fonds_name, profile).await
        }
        Act::RegisterOrganisation { code, name } => register_organisation(tx, code, name).await,
        Act::OpenHousehold { household, head, id_number, address, members, volume, source } => {
            if let Some(source) = source {
                let (sql, args) = keeping(entry.no, source.file, source.bytes, &source.mime);
                tx.run(sql, &args).await?;
            }
            let facts = [head, id_number, address, volume];
            open_household(tx, entry.no, household, facts, members).await?;
            let facts = [head, id_number, address, &body.actor.name];
            let facts = facts.map(String::as_str);
            Ok(facts::open(tx, entry.no, household, facts, members).await?)
        }
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
            let (sql, args) = keeping(entry.no, *correction, *bytes, "application/json");
            tx.run(sql, &args).await?;
            super::corrections::apply(tx, entry, body).await
        }
        Act::BindVolume { .. } => bind(tx, entry, body).await,
        Act::StateFacts(said) => facts::state(tx, entry, body, said).await,
        Act::TakeStep(step) => cases::step(tx, entry, body, step).await,
        Act::MakeRoster(roster) => super::payments::list(tx, entry.no, roster).await,
        Act::TakeBankReturn(said) => {
            let mime = crate::model::bank_file::mime(&said.name);
            let (sql, args) = keeping(entry.no, said.file, said.bytes, mime);
            tx.run(sql, &args).await?;
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
            let (sql, args) = keeping(entry.no, *token, *bytes, "application/timestamp-reply");
            tx.run(sql, &args).await?;
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
            let (sql, args) = keeping(entry.no, said.keyed, said.bytes, "application/json");
            tx.run(sql, &args).await?;
            super::keyed::apply(tx, entry, &body.actor.name, said).await
        }
        Act::EnterRow(said) => {
            if let Some(sealed) = &said.sealed {
                let (sql, args) =
                    keeping(entry.no, sealed.sha256, sealed.bytes, "application/json");
                tx.run(sql, &args).await?;
            }
            super::registers::enter(tx, entry, body, said).await
        }
        Act::OrderDraw(order) => super::draws::order(tx, entry, body, order).await,
        Act::DrawSample(drawn) => super::draws::draw(tx, entry, body, drawn).await,
        Act::TakeEvidence(said) => {
            let (sql, args) = keeping(entry.no, said.file, said.bytes, &said.mime);
            tx.run(sql, &args).await?;
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
         ON CONFLICT (sha256) DO NOTHING",
        args![sha256.to_string(), bytes, mime, no].to_vec(),
    )
}

async fn accept(
    tx: &mut Tx,
    entry: &LogEntry,
    by: &str,
    file: &StoredFile,
    household: Option<&HouseholdNo>,
    organisation: &OrganisationCode,
) -> Result<()> {
    let (state, organisation) = match household {
        Some(household) => (State::Undescribed, in_charge(tx, household).await?),
        None => (State::Waiting, organisation.to_string()),
    };
    let document = (
        "INSERT INTO document (id, state, household, organisation, type, title, responsible,
                               document_no, date, remarks, pages, accepted_at, accepted_by,
                               described, joined_into, reason)
         VALUES ($1, $2, $3, $4, '', '', '', '', '', '', $5, $6, $7, NULL, NULL, '')",
        args![
            entry.no,
            state.as_str(),
            household.map(ToString::to_string),
            organisation,
            file.pages,
            entry.time.to_string(),
            by,
        ]
        .to_vec(),
    );
    let its_file = (
        "INSERT INTO document_file (document, place, sha256, name, bytes, mime, pages, sm3)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7)",
        args![
            entry.no,
            file.sha256.to_string(),
            &file.name,
            file.bytes,
            &file.mime,
            file.pages,
            file.sm3.map(|sm3| sm3.to_string()),
        ]
        .to_vec(),
    );
    let blob = keeping(entry.no, file.sha256, file.bytes, &file.mime);
    let reading = jobs::queueing(file.sha256, entry.time);
    let [counted, fed] = feed::touching(DocumentId(entry.no));
    let mut all = vec![blob, document, its_file, reading, counted, fed];
    all.extend(household.map(|household| unbound::one_more(household.as_str())));
    tx.run_all(all).await?;
    Ok(())
}

async fn file(
    tx: &mut Tx,
    no: EntryNo,
    document: DocumentId,
    household: &HouseholdNo,
    description: &Description,
) -> Result<()> {
    live(tx, document).await?;
    let organisation = in_charge(tx, household).await?;
    // Whatever it was before, it may be missing there now.
    let before: Option<(Option<String>, String)> =
        tx.one("SELECT household, type FROM document WHERE id = $1", args![document.0]).await?;
    let date = description.date.map(|date| date.to_string()).unwrap_or_default();
    tx.run(
        "UPDATE document SET state = $2, household = $3, organisation = $4, type = $5, title = $6,
                responsible = $7, document_no = $8, date = $9, remarks = $10, described = $11,
                sent_back = NULL, sent_reason = ''
         WHERE id = $1",
        args![
            document.0,
            State::Filed.as_str(),
            household.as_str(),
            organisation,
            &description.type_code,
            &description.title,
            &description.responsible,
            &description.document_no,
            date,
            &description.remarks,
            no,
        ],
    )
    .await?;
    let now = (Some(household.to_string()), description.type_code.clone());
    if let Some((Some(household), kind)) = before.filter(|before| *before != now) {
        owed::settle(tx, &household, &kind).await?;
        unbound::count(tx, &household).await?;
    }
    owed::settle(tx, household.as_str(), &description.type_code).await?;
    unbound::count(tx, household.as_str()).await?;
    feed::touch(tx, document).await?;
    Ok(())
}

async fn join(tx: &mut Tx, document: DocumentId, into: DocumentId) -> Result<()> {
    if document == into {
        return Err(Refusal::JoinedToItself(document).into());
    }
    live(tx, document).await?;
    live(tx, into).await?;
    let last = tx
        .number("SELECT MAX(place) FROM document_file WHERE document = $1", args![into.0])
        .await?;
    tx.run(
        "INSERT INTO document_file
            (document, place, sha256, name, bytes, mime, pages, sm3, was_read)
         SELECT CAST($1 AS BIGINT), place + $2, sha256, name, bytes, mime, pages, sm3, was_read
         FROM document_file WHERE document = $3",
        args![into.0, last, document.0],
    )
    .await?;
    tx.run(
        "UPDATE document SET pages = (SELECT CAST(SUM(pages) AS BIGINT) FROM document_file
                                      WHERE document = $1) WHERE id = $1",
        args![into.0],
    )
    .await?;
    tx.run("DELETE FROM document_file WHERE document = $1", args![document.0]).await?;
    super::corrections::join(tx, document, into).await?;
    super::keyed::join(tx, document, into).await?;
    tx.run(
        "UPDATE document SET state = $2, joined_into = $3, pages = 0 WHERE id = $1",
        args![document.0, State::Joined.as_str(), into.0],
    )
    .await?;
    owed::settle_for(tx, document).await?;
    unbound::count_for(tx, document).await?;
    unbound::count_for(tx, into).await?;
    feed::touch(tx, document).await?;
    feed::touch(tx, into).await?;
    Ok(())
}

async fn give_back(tx: &mut Tx, document: DocumentId, reason: &str) -> Result<()> {
    if live(tx, document).await? == State::Filed {
        return Err(Refusal::AlreadyFiled(document).into());
    }
    tx.run(
        "UPDATE document SET state = $2, reason = $3 WHERE id = $1",
        args![document.0, State::Returned.as_str(), reason],
    )
    .await?;
    unbound::count_for(tx, document).await?;
    feed::touch(tx, document).await?;
    Ok(())
}

/// The state of a document that can still take an act.
async fn live(tx: &mut Tx, document: DocumentId) -> Result<State> {
    let found: Option<(String,)> =
        tx.one("SELECT state FROM document WHERE id = $1", args![document.0]).await?;
    let (text,) = found.ok_or(Refusal::UnknownDocument(document))?;
    let state = State::parse(&text).ok_or_else(|| DbError::Corrupt(format!("state {text}")))?;
    if state.is_live() { Ok(state) } else { Err(Refusal::NotLive { document, state }.into()) }
}
