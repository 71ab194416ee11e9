//! 归档: what a waiting paper seems to be and whose; a person confirms it,
//! changes it, joins it to another paper or sends it back.

mod opening;
mod propose;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::opening::{NewHousehold, open_household, open_listed, open_next, open_next_listed};
pub(crate) use self::propose::proposed;
pub use self::propose::{Candidate, Proposed, Reason, propose};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households::{self, Household};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Scope, scope};
use crate::model::act::Act;
use crate::model::document::{Description, DescriptionError};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, IdError, OrganisationCode};
use crate::model::identity::IdentityRule;
use crate::model::text::plain;
use crate::record::{Receipt, RecordError};
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
    /// The community is not registered, and others are.
    #[error("{0} is not registered as an organisation: register it, or check the number")]
    NotRegistered(OrganisationCode),
    /// The name of the head is missing or too long.
    #[error("the head of the household needs a name of 1 to 40 characters")]
    Head,
    /// Two persons of the household have one number.
    #[error(transparent)]
    Identity(#[from] IdentityRule),
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
