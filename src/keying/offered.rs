//! What a form says of a household and its persons, set beside what is known: what is
//! new or different is offered as a statement that the paper proves.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Ground, KeyingError, ground};
use crate::app::App;
use crate::catalog::facts::{self, PresentFact, WHOLE};
use crate::catalog::{households, id_digests};
use crate::living::statements;
use crate::living::{LivingError, NONE_SEEN};
use crate::model::access::{Actor, Right};
use crate::model::codes::{household, member};
use crate::model::field::Of;
use crate::model::form::{FactOf, FormField, KeyedValue, Kind, Whose};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::living::Fact;
use crate::record::Receipt;

/// What a paper says that is not known so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FactOffers)]
pub struct Offers {
    /// The household.
    pub household: String,
    /// Its head.
    pub head: String,
    /// From which day on it holds: that of the paper.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The entry of the last statement of the household, -1 before the first.
    pub seen: EntryNo,
    /// The values, in the order of the paper.
    pub facts: Vec<OfferedFact>,
    /// The Chinese name of the form.
    #[serde(skip)]
    form: String,
}

/// A value that can be stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferedFact {
    /// The name of the field of the form.
    pub field: String,
    /// Whose it is: a name; empty for the household.
    pub who: String,
    /// The place of that person in the household; none for the household.
    pub member: Option<u32>,
    /// Whether that person is not in the household yet.
    pub joins: bool,
    /// The code of the field of the household or the person.
    pub fact: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What is known, numbers of persons covered; empty for nothing.
    pub known: String,
    /// What the paper says, numbers of persons covered.
    pub value: String,
    /// Why it cannot be stated as it stands there; empty when it can.
    pub obstacle: String,
    /// In full.
    #[serde(skip)]
    full: String,
}

/// Which of the offered values are stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OffersToState)]
pub struct Stating {
    /// The names of their fields of the form.
    #[schema(max_items = 200)]
    pub fields: Vec<String>,
    /// From which day on; that of the paper when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The entry of the last statement that was seen, -1 for none.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// What the newest version of the fields of paper `id` says that is not known so of its
/// household; that the paper is opened is noted.
///
/// # Errors
/// When there is none this person may see, it is no form whose fields are known, no
/// reason was given where one is wanted, or the look cannot be noted.
pub async fn offers(app: &App, actor: &Actor, id: DocumentId) -> Result<Offers, KeyingError> {
    actor.must(Right::File)?;
    let ground = ground(app, actor, id).await?;
    let no = ground.household.clone().ok_or(KeyingError::NoForm(id))?;
    offered(app, &ground, &no).await
}

/// States some of what is offered, with the paper as its proof.
///
/// # Errors
/// As [`offers`]; when a value is not offered or cannot be stated, or another stated
/// something meanwhile.
pub async fn state(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    stating: Stating,
) -> Result<Receipt, KeyingError> {
    let offers = offers(app, actor, id).await?;
    let no: HouseholdNo = offers.household.parse().map_err(|_| KeyingError::NoForm(id))?;
    for name in &stating.fields {
        let offered = offers.facts.iter().any(|one| one.field == *name && one.obstacle.is_empty());
        if !offered {
            return Err(KeyingError::NotOffered(name.clone()));
        }
    }
    let wanted = offers.facts.iter().filter(|one| stating.fields.contains(&one.field));
    let facts: Vec<Fact> = wanted
        .map(|one| Fact { member: one.member, field: one.fact.clone(), value: one.full.clone() })
        .collect();
    if facts.is_empty() {
        return Err(LivingError::NoFacts.into());
    }
    let said = statements::Stating {
        from: Some(stating.from.unwrap_or(offers.from)),
        proof: Some(id),
        words: offers.form.clone(),
        facts,
        instead_of: None,
        seen: Some(stating.seen.unwrap_or(offers.seen)),
    };
    Ok(statements::state(app, actor, &no, said).await?)
}

async fn offered(app: &App, ground: &Ground<'_>, no: &HouseholdNo) -> Result<Offers, KeyingError> {
    let today = day_of(app.now());
    let mut tx = app.db.read().await?;
    let known = facts::present(&mut tx, no).await?;
    let digests = id_digests::of_household(&mut tx, no).await?;
    let household = households::get(&mut tx, no).await?;
    drop(tx);
    let household = household.ok_or_else(|| LivingError::UnknownHousehold(no.clone()))?;
    let people = People::of(&known);
    let paper_day = ground.seen.document.date.parse::<Date>().ok().filter(|day| *day <= today);
    let mut offers = Offers {
        household: no.to_string(),
        head: household.head.clone(),
        from: paper_day.unwrap_or(today),
        seen: household.stated.unwrap_or(NONE_SEEN),
        facts: Vec::new(),
        form: ground.form.name.clone(),
    };
    // Who is named in which row, so that all of a row is of one person.
    let mut joining: Vec<(String, u32)> = Vec::new();
    for one in &ground.before {
        let Some(field) = ground.form.field(&one.field) else { continue };
        let Some(fact) = &field.fact else { continue };
        let member = match fact.whose {
            Whose::Household => None,
            Whose::Head => Some((people.head, false)),
            Whose::Member => {
                let Some(name) = named(&ground.before, &one.field) else { continue };
                Some(people.place(&name, &mut joining))
            }
        };
        let place = member.map_or(WHOLE, |(place, _)| i64::from(place));
        let present = people.value(&known, place, &fact.field);
        let digest = digests.iter().find(|(at, _)| *at == place).map(|(_, digest)| digest.as_str());
        let is_known = match field.kind {
            // Covered alone it might be another number with the same ends.
            Kind::IdNumber => app.lookup.digest(&one.value).as_deref() == digest,
            _ => false,
        };
        let offer = offer(app, (field, fact), one, member, today)?;
        if is_known
            || present == offer.full
            || (present == offer.value && field.kind != Kind::IdNumber)
        {
            continue;
        }
        let who = member.map_or_else(String::new, |(place, _)| people.name(place, &joining));
        offers.facts.push(OfferedFact { who, known: present.to_owned(), ..offer });
    }
    Ok(offers)
}

/// A value as what it states.
fn offer(
    app: &App,
    (field, fact): (&FormField, &FactOf),
    one: &KeyedValue,
    member: Option<(u32, bool)>,
    today: Date,
) -> Result<OfferedFact, KeyingError> {
    let of = if member.is_some() { Of::Member } else { Of::Household };
    let known = app.rules.field(of, &fact.field).map_err(LivingError::from)?;
    let (full, obstacle) = match known.value(&one.value, today) {
        Ok(value) => (value, String::new()),
        Err(error) => (one.value.clone(), error.to_string()),
    };
    Ok(OfferedFact {
        field: one.field.clone(),
        who: String::new(),
        member: member.map(|(place, _)| place),
        joins: member.is_some_and(|(_, joins)| joins),
        fact: fact.field.clone(),
        name: known.name.clone(),
        name_en: known.name_en.clone(),
        known: String::new(),
        value: field.covered(&full),
        obstacle,
        full,
    })
}

/// The name in the row of a field.
fn named(values: &[KeyedValue], field: &str) -> Option<String> {
    let (row, _) = field.rsplit_once('.')?;
    let name = format!("{row}.name");
    values.iter().find(|one| one.field == name).map(|one| one.value.clone())
}

/// The persons of a household.
struct People {
    head: u32,
    next: u32,
    names: Vec<(u32, String)>,
}

impl People {
    fn of(known: &[PresentFact]) -> Self {
        let value = |one: &&PresentFact| u32::try_from(one.member).ok();
        let named = known.iter().filter(|one| one.field == member::NAME && !one.value.is_empty());
        let names: Vec<_> =
            named.filter_map(|one| Some((value(&one)?, one.value.clone()))).collect();
        let head = known.iter().find(|one| one.member == WHOLE && one.field == household::HEAD);
        Self {
            head: head.and_then(|one| one.value.parse().ok()).unwrap_or(0),
            next: known.iter().filter_map(|one| value(&one)).max().map_or(0, |last| last + 1),
            names,
        }
    }

    /// The place of a person by name, and whether the person would join.
    fn place(&self, name: &str, joining: &mut Vec<(String, u32)>) -> (u32, bool) {
        if let Some((place, _)) = self.names.iter().find(|(_, known)| known == name) {
            return (*place, false);
        }
        if let Some((_, place)) = joining.iter().find(|(known, _)| known == name) {
            return (*place, true);
        }
        let place = self.next + u32::try_from(joining.len()).unwrap_or(0);
        joining.push((name.to_owned(), place));
        (place, true)
    }

    fn name(&self, place: u32, joining: &[(String, u32)]) -> String {
        let known = self.names.iter().find(|(at, _)| *at == place).map(|(_, name)| name);
        let joins = || joining.iter().find(|(_, at)| *at == place).map(|(name, _)| name);
        known.or_else(joins).cloned().unwrap_or_default()
    }

    fn value<'a>(&self, known: &'a [PresentFact], place: i64, field: &str) -> &'a str {
        let found = known.iter().find(|one| one.member == place && one.field == field);
        found.map_or("", |one| one.value.as_str())
    }
}
