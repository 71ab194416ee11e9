//! 立户: a household gets its number and its file.

use super::FilingError;
use crate::app::App;
use crate::catalog::{Refusal, households, organisations};
use crate::model::access::{Actor, scope};
use crate::model::act::{Act, Member};
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::identity::{self, Stated};
use crate::model::roster_file::RosterSource;
use crate::model::text::plain;
use crate::record::{Receipt, RecordError};

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
/// When the number is given already or outside the actor's scope, its community is not
/// registered while others are, the name is missing, or two persons have one identity number.
pub async fn open_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    new: NewHousehold,
) -> Result<Receipt, FilingError> {
    registered(app, actor, &no.organisation()).await?;
    open_listed(app, actor, no, new, None).await
}

/// Refuses a community of the actor's scope that is not registered while others are: a number
/// typed wrong would make a file that no list of a community shows. Rosters are looked through
/// for such numbers as a whole, before anything is opened.
async fn registered(
    app: &App,
    actor: &Actor,
    community: &OrganisationCode,
) -> Result<(), FilingError> {
    let mut tx = app.db.read().await?;
    match scope(actor).covers(community.as_str())
        && organisations::is_stranger(&mut tx, community).await?
    {
        true => Err(FilingError::NotRegistered(community.clone())),
        false => Ok(()),
    }
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
    let id_number = clean(&new.id_number).to_ascii_uppercase();
    let members: Vec<Member> = new
        .members
        .into_iter()
        .map(|one| Member {
            name: clean(&one.name),
            relation: clean(&one.relation),
            id_number: clean(&one.id_number).to_ascii_uppercase(),
        })
        .filter(|one| !one.name.is_empty())
        .collect();
    let mut persons = vec![person(&head, &id_number)];
    persons.extend(members.iter().map(|one| person(&one.name, &one.id_number)));
    identity::apart(&persons)?;
    let act = Act::OpenHousehold {
        household: no.clone(),
        head,
        id_number,
        address: clean(&new.address),
        members,
        volume: hex::encode(rand::random::<[u8; 16]>()),
        source: source.map(|one| one.of(no)),
    };
    Ok(app.recorder.record(actor, act).await?)
}

fn person(name: &str, id_number: &str) -> Stated {
    let (name, id_number) = (name.to_owned(), id_number.to_owned());
    Stated { name, id_number, ..Stated::default() }
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
    registered(app, actor, community).await?;
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
            Err(FilingError::Record(RecordError::Refused(Refusal::HouseholdExists(_)))) => {}
            opened => return opened.map(|_| no),
        }
    }
}
