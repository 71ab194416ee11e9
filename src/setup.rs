//! Founding: the first act of an archive, and the rosters it begins with.

use serde::Deserialize;

use crate::app::App;
use crate::filing::{self, FilingError, NewHousehold};
use crate::model::access::Actor;
use crate::model::act::{Act, Member};
use crate::model::id::{HouseholdNo, IdError, OrganisationCode};
use crate::model::text::{hidden, plain};
use crate::record::RecordError;

/// What an archive is founded with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// 全宗号
    pub fonds: String,
    /// 全宗名称
    pub fonds_name: String,
}

/// Founds the archive.
///
/// # Errors
/// When it exists already.
pub async fn found(app: &App, actor: &Actor, founding: &Founding) -> Result<(), RecordError> {
    let act = Act::CreateArchive {
        fonds: founding.fonds.clone(),
        fonds_name: founding.fonds_name.clone(),
        profile: app.profile.code.clone(),
    };
    app.recorder.record(actor, act).await?;
    app.begin_encryption(actor).await
}

/// An organisation in a roster.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrganisationEntry {
    /// Its region code.
    pub code: OrganisationCode,
    /// Its name.
    pub name: String,
}

/// A person in a roster; what else the roster says of the person is left to
/// whoever keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MemberEntry {
    /// 姓名
    pub name: String,
    /// 与户主关系
    #[serde(default)]
    pub relation: String,
    /// 身份证号, or empty.
    #[serde(default)]
    pub id_number: String,
}

/// A household in a roster.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HouseholdEntry {
    /// 户号
    pub household_no: HouseholdNo,
    /// 户主
    pub head: String,
    /// 身份证号 of the head.
    #[serde(default)]
    pub id_number: String,
    /// Where it lives.
    #[serde(default)]
    pub address: String,
    /// Its members, the head among them or not.
    #[serde(default)]
    pub members: Vec<MemberEntry>,
}

/// Registers organisations.
///
/// # Errors
/// When an act is not recorded.
pub async fn register(
    app: &App,
    actor: &Actor,
    organisations: Vec<OrganisationEntry>,
) -> Result<(), RecordError> {
    let acts = organisations.into_iter().map(|one| {
        let act = Act::RegisterOrganisation { code: one.code, name: plain(&one.name) };
        app.recorder.record(actor, act)
    });
    futures::future::try_join_all(acts).await?;
    Ok(())
}

/// The most characters of an organisation's name.
const NAME: usize = 60;

/// Why an organisation was not registered.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// The code.
    #[error(transparent)]
    Code(#[from] IdError),
    /// The name.
    #[error("a name is 1 to {NAME} characters in one line, all of them seen")]
    Name,
    /// It is not the acting person's, or below.
    #[error("organisation {0} is not below yours")]
    Elsewhere(OrganisationCode),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Registers an organisation as it was typed, or gives it another name.
///
/// # Errors
/// When the code or the name cannot be one, or it is not the acting person's to
/// say.
pub async fn register_one(
    app: &App,
    actor: &Actor,
    code: &str,
    name: &str,
) -> Result<(), OrganisationError> {
    let (code, name): (OrganisationCode, _) = (code.trim().parse()?, name.trim().to_owned());
    if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(hidden) {
        return Err(OrganisationError::Name);
    }
    if !code.as_str().starts_with(actor.organisation.prefix()) {
        return Err(OrganisationError::Elsewhere(code));
    }
    app.recorder.record(actor, Act::RegisterOrganisation { code, name }).await?;
    Ok(())
}

/// Opens households.
///
/// # Errors
/// When a number is given already or an act is not recorded.
pub async fn open_all(
    app: &App,
    actor: &Actor,
    households: Vec<HouseholdEntry>,
) -> Result<(), FilingError> {
    for one in households {
        let others = one.members.into_iter().filter(|member| member.name != one.head);
        let members = others
            .map(|one| Member { name: one.name, relation: one.relation, id_number: one.id_number })
            .collect();
        let new = NewHousehold {
            head: one.head,
            id_number: one.id_number,
            address: one.address,
            members,
        };
        filing::open_household(app, actor, &one.household_no, new).await?;
    }
    Ok(())
}
