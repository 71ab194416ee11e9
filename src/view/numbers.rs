//! 显示: the numbers of the persons of a household in full. They are covered
//! everywhere else; showing them needs a right and a reason, and is noted.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;
use utoipa::ToSchema;

use super::ViewError;
use crate::app::App;
use crate::catalog::{facts, kinship};
use crate::filing::{self, FilingError};
use crate::living::statements::{self, Person};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::codes::member;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::living::Fact;
use crate::model::look::{Kind, Look, Reason};
use crate::record::truth;

/// The field that has the number of a person.
const NUMBER: &str = member::ID_NUMBER;

/// A person of a household with the number in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Numbered {
    /// 姓名
    pub name: String,
    /// 与户主关系; empty for the head.
    pub relation: String,
    /// 身份证号, or empty.
    pub id_number: String,
}

/// The head and then the others who live in household `no` now with their numbers, as
/// they were stated last, shown for `reason`.
///
/// # Errors
/// When the person may not, there is no such household this person may see, or
/// it cannot be noted.
pub async fn numbers(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: Reason,
) -> Result<Vec<Numbered>, ViewError> {
    actor.must(Right::Reveal)?;
    let look = Look { reason: Some(reason), ..Look::new(Kind::Reveal).of(no.clone()) };
    let mut tx = app.db.read().await?;
    let Ok(household) = filing::seen_household(&mut tx, &scope(actor), no).await else {
        drop(tx);
        looks::refuses(app, actor, look).await?;
        return Err(ViewError::UnknownHousehold(no.clone()));
    };
    let facts = facts::present(&mut tx, no).await?;
    drop(tx);
    let family = statements::family(app, facts, household.stated);
    let mut living: Vec<_> = family.persons.iter().filter(|one| !one.left).collect();
    living.sort_by_key(|one| (!one.head, one.place));
    let mut bodies = BTreeMap::new();
    let mut found = Vec::new();
    for person in living {
        let relation = if person.head { "" } else { person.value(member::RELATION) };
        found.push(Numbered {
            name: person.value(member::NAME).to_owned(),
            relation: relation.to_owned(),
            id_number: number(app, &mut bodies, person).await?,
        });
    }
    app.looks.note(actor, look.titled(&household.head).counting(found.len())).await?;
    Ok(found)
}

/// The number of a person in full, or empty. The database has it covered; the act that
/// stated it is in the store.
async fn number(
    app: &App,
    bodies: &mut BTreeMap<EntryNo, Act>,
    person: &Person,
) -> Result<String, ViewError> {
    let Some(fact) = person.facts.iter().find(|one| one.field == NUMBER) else {
        return Ok(String::new());
    };
    let (mut entry, mut place) = (fact.entry, person.place);
    loop {
        let act = match bodies.entry(entry) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let body = truth::body(&app.db, &app.vault, entry).await;
                vacant.insert(body.map_err(FilingError::from)?.act)
            }
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
                facts.find(its).map(|one| &one.value)
            }
            // It came along from the household that was left.
            Act::LinkHouseholds(_) => {
                let mut tx = app.db.read().await?;
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
