//! 显示: the numbers of the persons of a household in full. They are covered
//! everywhere else; showing them needs a right and a reason, and is noted.

use serde::Serialize;
use utoipa::ToSchema;

use super::ViewError;
use crate::app::App;
use crate::catalog::facts;
use crate::filing::{self, FilingError};
use crate::living::statements::{self, Person};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::codes::member;
use crate::model::id::HouseholdNo;
use crate::model::look::{Kind, Look, Reason};
use crate::record::truth::{NUMBER, Numbers};

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
    let mut acts = Numbers::default();
    let mut found = Vec::new();
    for person in living {
        let relation = if person.head { "" } else { person.value(member::RELATION) };
        found.push(Numbered {
            name: person.value(member::NAME).to_owned(),
            relation: relation.to_owned(),
            id_number: number(app, &mut acts, person).await?,
        });
    }
    app.looks.note(actor, look.titled(&household.head).counting(found.len())).await?;
    Ok(found)
}

/// The number of a person in full, or empty. The database has it covered; the act that
/// stated it is in the store.
async fn number(app: &App, acts: &mut Numbers, person: &Person) -> Result<String, ViewError> {
    let Some(fact) = person.facts.iter().find(|one| one.field == NUMBER) else {
        return Ok(String::new());
    };
    let stated = acts.stated(&app.db, &app.vault, (fact.entry, person.place)).await;
    Ok(stated.map_err(FilingError::from)?)
}
