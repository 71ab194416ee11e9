//! 归档: what a waiting paper seems to be and whose; a person confirms it,
//! changes it, joins it to another paper or sends it back.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households::{self, Household, Named};
use crate::catalog::readings;
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Scope, scope};
use crate::model::act::{Act, Member};
use crate::model::document::{Description, DescriptionError};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, IdError, OrganisationCode};
use crate::model::profile::Responsible;
use crate::model::propose::{Deciding, Proposal};
use crate::model::roster_file::RosterSource;
use crate::model::text::{plain, squeeze};
use crate::record::{Receipt, RecordError};
use crate::rendition;
use crate::vault::VaultError;

/// Why a paper was not filed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum FilingError {
    /// No such document, or none this person may see.
    #[error("document {0} is not known")]
    Unknown(DocumentId),
    /// No such household, or none this person may see.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// The type is not one of the profile.
    #[error("{0:?} is not a type of the profile")]
    UnknownType(String),
    /// The description.
    #[error(transparent)]
    Description(#[from] DescriptionError),
    /// A number that is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The community is not one of the person's scope.
    #[error("{0} is no community of yours")]
    Elsewhere(OrganisationCode),
    /// The name of the head is missing or too long.
    #[error("the head of the household needs a name of 1 to 40 characters")]
    Head,
    /// A paper is sent back with a reason.
    #[error("a reason is needed")]
    NoReason,
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Why a household may be the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProposalReason)]
pub enum Reason {
    /// The household number stands on the paper.
    Number,
    /// An ID number of the household stands on the paper.
    IdNumber,
    /// The name of the head stands on the paper.
    Head,
    /// The name of a member stands on the paper.
    Member,
    /// The address stands on the paper.
    Address,
    /// It was given when the paper was added.
    Given,
}

impl Reason {
    /// How much the reason weighs.
    const fn weight(self) -> u32 {
        match self {
            Self::Given => 100,
            Self::Number => 40,
            Self::IdNumber => 20,
            Self::Head => 8,
            Self::Address => 6,
            Self::Member => 4,
        }
    }
}

/// A household to which a paper may belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    /// 户号
    pub household: HouseholdNo,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether the reasons leave no doubt: a number agrees, and no other
    /// household has one.
    pub certain: bool,
}

/// What a paper seems to be and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proposed {
    /// The document.
    pub document: DocumentId,
    /// Whether it has been read; before, nothing can be proposed.
    pub read: bool,
    /// What the catalog would say.
    pub description: Description,
    /// Whether the type is beyond doubt.
    pub sure: bool,
    /// Households, the likeliest first, at most 5.
    pub candidates: Vec<Candidate>,
    /// The places on the paper that decided.
    pub deciding: Vec<Deciding>,
}

/// What document `id` seems to be and whose.
///
/// # Errors
/// When there is no such document, or a part fails.
pub async fn propose(app: &App, actor: &Actor, id: DocumentId) -> Result<Proposed, FilingError> {
    let mut tx = app.db.read().await?;
    let document = seen(&mut tx, &scope(actor), id).await?;
    proposed(app, &mut tx, &scope(actor), &document).await
}

/// As [`propose`], inside a transaction.
pub(crate) async fn proposed(
    app: &App,
    tx: &mut Tx,
    scope: &Scope,
    document: &Document,
) -> Result<Proposed, FilingError> {
    let files = documents::files(tx, document.id()).await?;
    let (mut proposal, mut read, mut text) =
        (Proposal::default(), !files.is_empty(), String::new());
    for file in &files {
        match readings::of(tx, file).await? {
            Some(row) if file.place == 1 => {
                proposal = serde_json::from_str(&row.proposal).unwrap_or_default();
            }
            Some(_) => {}
            None => read = false,
        }
        if let Some(reading) = rendition::load::<FilingError>(app, tx, file).await? {
            for line in rendition::seen_lines(&reading) {
                text.push_str(&squeeze(&line.text));
                text.push('\n');
            }
        }
    }
    let digests: BTreeSet<String> =
        app.lookup.in_text(&text).into_iter().map(|(digest, _)| digest).collect();
    let digests: Vec<String> = digests.into_iter().collect();
    let candidates = candidates(tx, scope, document, (&text, &digests)).await?;
    let description = describe(app, tx, document, &proposal, candidates.first()).await?;
    Ok(Proposed {
        document: document.id(),
        read,
        description,
        sure: proposal.sure,
        candidates,
        deciding: proposal.deciding,
    })
}

async fn candidates(
    tx: &mut Tx,
    scope: &Scope,
    document: &Document,
    (text, digests): (&str, &[String]),
) -> Result<Vec<Candidate>, FilingError> {
    let mut found: Vec<Candidate> = Vec::new();
    let named = match text {
        "" => Vec::new(),
        text => households::named_in(tx, scope, text, digests).await?,
    };
    for person in named {
        let no: HouseholdNo = person.no.parse()?;
        let reasons = reasons(&person, text);
        match found.iter_mut().find(|one| one.household == no) {
            Some(one) => one.reasons.extend(reasons),
            None => found.push(Candidate {
                household: no,
                head: person.head.clone(),
                address: person.address.clone(),
                reasons,
                certain: false,
            }),
        }
    }
    if let Some(no) = &document.household {
        let no: HouseholdNo = no.parse()?;
        let given = match found.iter().position(|one| one.household == no) {
            Some(at) => Some(found.remove(at)),
            None => households::get(tx, &no).await?.map(|one| Candidate {
                household: no,
                head: one.head,
                address: one.address,
                reasons: Vec::new(),
                certain: false,
            }),
        };
        if let Some(mut given) = given {
            given.reasons.push(Reason::Given);
            found.push(given);
        }
    }
    for one in &mut found {
        one.reasons.sort_unstable();
        one.reasons.dedup();
    }
    found.sort_by_key(|one| (std::cmp::Reverse(weight(one)), one.household.clone()));
    let second = found.get(1).map_or(0, weight);
    if let Some(first) = found.first_mut() {
        let own = weight(first);
        // A name alone may be a namesake's; two agreements, or a number, that
        // no other household shares, are not.
        first.certain = own >= Reason::Head.weight() + Reason::Address.weight() && own > second;
    }
    found.truncate(5);
    Ok(found)
}

fn weight(candidate: &Candidate) -> u32 {
    candidate.reasons.iter().map(|reason| reason.weight()).sum()
}

fn reasons(person: &Named, text: &str) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if text.contains(&person.no) {
        reasons.push(Reason::Number);
    }
    if person.by_number == 1 {
        reasons.push(Reason::IdNumber);
    }
    if text.contains(&person.head) {
        reasons.push(Reason::Head);
    }
    if person.name != person.head && text.contains(&person.name) {
        reasons.push(Reason::Member);
    }
    let address = squeeze(&person.address);
    if !address.is_empty() && text.contains(&address) {
        reasons.push(Reason::Address);
    }
    reasons
}

/// The description to propose: what was confirmed, else what was read, with
/// the responsible body that the profile names where the paper does not.
async fn describe(
    app: &App,
    tx: &mut Tx,
    document: &Document,
    proposal: &Proposal,
    household: Option<&Candidate>,
) -> Result<Description, FilingError> {
    if document.described.is_some() {
        return Ok(document.description());
    }
    let kind = app.profile.type_of(&proposal.type_code);
    let responsible = match kind.map(|kind| kind.responsible) {
        None | Some(Responsible::Issuer) => proposal.issuer.clone(),
        Some(level) if level != Responsible::Head && !proposal.issuer.is_empty() => {
            proposal.issuer.clone()
        }
        Some(Responsible::Head) => household.map(|one| one.head.clone()).unwrap_or_default(),
        Some(Responsible::Bureau) => households::setting(tx, "fonds_name").await?,
        Some(level) => match household {
            Some(one) => {
                let code = households::in_charge(tx, &one.household).await?;
                let code = code.parse().unwrap_or_else(|_| one.household.organisation());
                organisation_name(tx, &code, level).await?
            }
            None => String::new(),
        },
    };
    let title = match kind {
        Some(kind) if proposal.title.is_empty() => kind.name.clone(),
        _ => proposal.title.clone(),
    };
    Ok(Description {
        type_code: proposal.type_code.clone(),
        title,
        responsible,
        document_no: proposal.document_no.clone(),
        date: proposal.date,
        remarks: String::new(),
    })
}

/// The name of the community, or of the street above it.
async fn organisation_name(
    tx: &mut Tx,
    community: &OrganisationCode,
    level: Responsible,
) -> Result<String, DbError> {
    let wanted = match level {
        Responsible::Street => format!("{}000", &community.as_str()[..9]),
        _ => community.as_str().to_owned(),
    };
    let all = households::organisations(tx).await?;
    Ok(all.into_iter().find(|one| one.code == wanted).map(|one| one.name).unwrap_or_default())
}

/// A paper that was filed, as the contract for scripts has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Filed {
    /// The document.
    pub document: DocumentId,
    /// The household it is in now.
    pub household: HouseholdNo,
    /// The entry that says so.
    pub entry: EntryNo,
    /// What the catalog says of it.
    pub description: Description,
}

/// 归入, or 更正 when it was filed before.
///
/// # Errors
/// When the document or household is unknown, the description is not one, or
/// the act is refused.
pub async fn file(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    household: &HouseholdNo,
    description: Description,
) -> Result<Filed, FilingError> {
    let description = description.checked()?;
    if !description.type_code.is_empty() && app.profile.type_of(&description.type_code).is_none() {
        return Err(FilingError::UnknownType(description.type_code));
    }
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    seen(&mut tx, &visible, document).await?;
    seen_household(&mut tx, &visible, household).await?;
    drop(tx);
    let act = Act::FileDocument {
        document,
        household: household.clone(),
        description: description.clone(),
    };
    let entry = app.recorder.record(actor, act).await?.no;
    Ok(Filed { document, household: household.clone(), entry, description })
}

/// 并入上件: the files of `document` become the last files of `into`.
///
/// # Errors
/// When one of them is unknown or the act is refused.
pub async fn join(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    into: DocumentId,
) -> Result<Receipt, FilingError> {
    let mut tx = app.db.read().await?;
    seen(&mut tx, &scope(actor), document).await?;
    seen(&mut tx, &scope(actor), into).await?;
    drop(tx);
    Ok(app.recorder.record(actor, Act::JoinDocument { document, into }).await?)
}

/// 退回: the paper leaves the intake desk; its bytes stay.
///
/// # Errors
/// When it is unknown or filed, or no reason is given.
pub async fn give_back(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    reason: &str,
) -> Result<Receipt, FilingError> {
    let reason: String = plain(reason).chars().take(200).collect();
    if reason.is_empty() {
        return Err(FilingError::NoReason);
    }
    let mut tx = app.db.read().await?;
    seen(&mut tx, &scope(actor), document).await?;
    drop(tx);
    Ok(app.recorder.record(actor, Act::ReturnDocument { document, reason }).await?)
}

/// A household that is to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewHousehold {
    /// 户主
    pub head: String,
    /// 身份证号 of the head, or empty.
    pub id_number: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The others who live with the head.
    pub members: Vec<Member>,
}

/// Opens a household under the number `no`.
///
/// # Errors
/// When the number is given already or outside the actor's scope, or the name
/// is missing.
pub async fn open_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    new: NewHousehold,
) -> Result<Receipt, FilingError> {
    open_listed(app, actor, no, new, None).await
}

/// As [`open_household`], of one that stands on a roster, whose file is durable already.
///
/// # Errors
/// As [`open_household`].
pub async fn open_listed(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    new: NewHousehold,
    source: Option<RosterSource>,
) -> Result<Receipt, FilingError> {
    let clean = |text: &str| -> String { plain(text).chars().take(100).collect() };
    let head = clean(&new.head);
    if head.is_empty() || head.chars().count() > 40 {
        return Err(FilingError::Head);
    }
    if !scope(actor).covers(no.organisation().as_str()) {
        return Err(FilingError::UnknownHousehold(no.clone()));
    }
    let act = Act::OpenHousehold {
        household: no.clone(),
        head,
        id_number: clean(&new.id_number).to_ascii_uppercase(),
        address: clean(&new.address),
        members: new
            .members
            .into_iter()
            .map(|one| Member {
                name: clean(&one.name),
                relation: clean(&one.relation),
                id_number: clean(&one.id_number).to_ascii_uppercase(),
            })
            .filter(|one| !one.name.is_empty())
            .collect(),
        volume: hex::encode(rand::random::<[u8; 16]>()),
        source,
    };
    Ok(app.recorder.record(actor, act).await?)
}

/// Opens a household under the next free number of a community.
///
/// # Errors
/// As [`open_household`].
pub async fn open_next(
    app: &App,
    actor: &Actor,
    community: &OrganisationCode,
    new: NewHousehold,
) -> Result<HouseholdNo, FilingError> {
    open_next_listed(app, actor, community, new, None).await
}

/// As [`open_next`], of one that stands on a roster, whose file is durable already.
///
/// # Errors
/// As [`open_household`].
pub async fn open_next_listed(
    app: &App,
    actor: &Actor,
    community: &OrganisationCode,
    new: NewHousehold,
    source: Option<RosterSource>,
) -> Result<HouseholdNo, FilingError> {
    // Which numbers another office has given is not told.
    if !scope(actor).covers(community.as_str()) {
        return Err(FilingError::Elsewhere(community.clone()));
    }
    loop {
        let mut tx = app.db.read().await?;
        let serial = households::next_serial(&mut tx, community.as_str()).await?;
        drop(tx);
        let no: HouseholdNo = format!("{community}{serial:05}").parse()?;
        match open_listed(app, actor, &no, new.clone(), source.clone()).await {
            // Somebody else took the number meanwhile; the next one is free.
            Err(FilingError::Record(RecordError::Refused(
                crate::catalog::Refusal::HouseholdExists(_),
            ))) => {}
            opened => return opened.map(|_| no),
        }
    }
}

pub(crate) async fn seen(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
) -> Result<Document, FilingError> {
    documents::get(tx, scope, id).await?.ok_or(FilingError::Unknown(id))
}

pub(crate) async fn seen_household(
    tx: &mut Tx,
    scope: &Scope,
    no: &HouseholdNo,
) -> Result<Household, FilingError> {
    let found = households::get(tx, no).await?;
    found
        .filter(|household| scope.covers(&household.organisation))
        .ok_or_else(|| FilingError::UnknownHousehold(no.clone()))
}
