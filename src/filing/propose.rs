//! What a waiting paper seems to be and whose.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{FilingError, seen};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households::{self, Named};
use crate::catalog::{organisations, readings, settings};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Scope, scope};
use crate::model::document::Description;
use crate::model::id::{DocumentId, HouseholdNo, OrganisationCode};
use crate::model::profile::Responsible;
use crate::model::propose::{Deciding, Proposal};
use crate::model::text::squeeze;
use crate::rendition;

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
        Some(Responsible::Bureau) => settings::get(tx, "fonds_name").await?,
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
    let all = organisations::all(tx).await?;
    Ok(all.into_iter().find(|one| one.code == wanted).map(|one| one.name).unwrap_or_default())
}
