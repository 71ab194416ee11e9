//! 记载: stating what is known of a household from a day on, and reading what was
//! known on any day.

mod sensible;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    LivingError, WORDS, identity, is_stale, possible, refused, seen, short, stated_field, today,
};
use crate::app::App;
use crate::catalog::facts::{self, FactRow, PresentFact, WHOLE};
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::codes::{household, member};
use crate::model::field::{self, Field, Of};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::living::{Fact, LivingRule, Statement};
use crate::model::look::{Kind, Look};
use crate::record::Receipt;

/// The most values of one statement.
pub const MOST: usize = 200;
/// The most values of the history of a household that are shown.
const SHOWN: u32 = 1000;

/// What is to be stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stating {
    /// From which day on; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The document of the household's file that proves it.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub proof: Option<DocumentId>,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
    /// The values as they are typed.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub facts: Vec<Fact>,
    /// 更正: the entry of a statement that was wrong, and holds no more.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub instead_of: Option<EntryNo>,
    /// The entry of the last statement that was seen, -1 for none: when another came
    /// meanwhile, nothing is stated. When it is left out, the last one counts as seen.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// States something of household `no`.
///
/// # Errors
/// When there is no such household this person may see, a value does not fit its field or
/// the number of the person, or another stated something meanwhile.
pub async fn state(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    stating: Stating,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let today = today(app);
    let mut tx = app.db.read().await?;
    let household = seen(&mut tx, actor, no).await?;
    drop(tx);
    if stating.facts.len() > MOST || (stating.facts.is_empty() && stating.instead_of.is_none()) {
        return Err(LivingError::NoFacts);
    }
    // Numbers that no entry has are not written down.
    if is_stale(stating.seen, household.stated) {
        return Err(refused(LivingRule::StatedMeanwhile(no.clone())));
    }
    if let Some(wrong) = stating.instead_of.filter(|wrong| Some(*wrong) > household.stated) {
        return Err(refused(LivingRule::NoStatement(wrong, no.clone())));
    }
    let mut facts = Vec::new();
    for fact in stating.facts {
        let of = if fact.member.is_some() { Of::Member } else { Of::Household };
        let value = stated_field(app, of, fact.field.trim())?.value(&fact.value, today)?;
        facts.push(Fact { field: fact.field.trim().to_owned(), value, ..fact });
    }
    let mut stated = BTreeSet::new();
    if !facts.iter().all(|one| stated.insert((one.member, one.field.as_str()))) {
        return Err(LivingError::Told {
            zh: "同一项写了两个值，只写一个。",
            en: "a field has one value in a statement",
        });
    }
    let from = stating.from.unwrap_or(today);
    possible(from)?;
    sensible::holds(app, no, &facts, from).await?;
    // Read after `household.stated`, which the act names: of what comes meanwhile it knows.
    identity::holds(app, no, &facts, stating.instead_of).await?;
    let said = Statement {
        household: no.clone(),
        from,
        proof: stating.proof,
        words: short(&stating.words, WORDS).ok_or(LivingError::Words)?,
        facts,
        instead_of: stating.instead_of,
        seen: household.stated,
    };
    Ok(app.recorder.record(actor, Act::StateFacts(said)).await?)
}

/// A value with its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Known {
    /// The code of the field.
    pub field: String,
    /// Its Chinese name.
    pub name: String,
    /// The value, numbers of persons covered.
    pub value: String,
    /// From which day on; empty for what was known when the file was opened.
    pub from: String,
    /// The entry that stated it.
    pub entry: EntryNo,
    /// The document that proves it.
    pub proof: Option<i64>,
}

/// A person of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnownPerson)]
pub struct Person {
    /// The place in the household, which nobody else gets.
    pub place: u32,
    /// Whether it is the head.
    pub head: bool,
    /// Whether the person has left the household.
    pub left: bool,
    /// What is known.
    pub facts: Vec<Known>,
}

impl Person {
    /// The value of a field, or empty.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.facts.iter().find(|one| one.field == field).map_or("", |one| one.value.as_str())
    }
}

/// What is known of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Family {
    /// Of the household as a whole.
    pub household: Vec<Known>,
    /// Of its persons, those who left too, by place.
    pub persons: Vec<Person>,
    /// The entry of the last statement; none before the first.
    pub stated: Option<EntryNo>,
    /// How many there were of what a household can have several of, by the code of the field:
    /// those that have ended too, so that no other gets their number.
    pub several: BTreeMap<String, u32>,
}

impl Family {
    /// How many persons live in it.
    #[must_use]
    pub fn living(&self) -> u32 {
        u32::try_from(self.persons.iter().filter(|one| !one.left).count()).unwrap_or(u32::MAX)
    }

    /// The value of a field of the household, or empty.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.household.iter().find(|one| one.field == field).map_or("", |one| one.value.as_str())
    }
}

/// The values as a family: `facts` are sorted by persons.
pub(crate) fn family(app: &App, facts: Vec<PresentFact>, stated: Option<EntryNo>) -> Family {
    let mut family = Family { stated, ..Family::default() };
    let whose = |of| app.rules.fields.iter().filter(move |field: &&Field| field.of == of);
    let known = |member: i64, field: &Field, nth: u32| {
        let code = field::code_of(&field.code, nth);
        let fact = facts
            .iter()
            .find(|one| one.member == member && one.field == code && !one.value.is_empty())?;
        Some(Known {
            name: if nth > 1 { format!("{}（{nth}）", field.name) } else { field.name.clone() },
            field: code,
            value: fact.value.clone(),
            from: fact.from_day.clone(),
            entry: fact.entry,
            proof: fact.proof,
        })
    };
    let alone = whose(Of::Household).filter(|one| one.each.is_empty());
    family.household = alone.filter_map(|field| known(WHOLE, field, 1)).collect();
    // What there can be several of stands together, one after the other.
    for leader in whose(Of::Household).filter(|one| one.each == one.code) {
        let is_of = |one: &&Field| one.each == leader.code;
        let of_each = facts.iter().filter(|one| {
            let base = field::base(&one.field);
            one.member == WHOLE && whose(Of::Household).filter(is_of).any(|one| one.code == base)
        });
        let last = of_each.filter_map(|one| field::nth(&one.field)).max().unwrap_or(0);
        for nth in 1..=last {
            let all = whose(Of::Household).filter(is_of);
            family.household.extend(all.filter_map(|field| known(WHOLE, field, nth)));
        }
        family.several.insert(leader.code.clone(), last);
    }
    // A file is opened with its head at place 0. What is no number is nobody's place.
    let head = match family.value(household::HEAD) {
        "" => Some(0),
        place => place.parse::<i64>().ok(),
    };
    let mut places: Vec<i64> = facts.iter().map(|one| one.member).collect();
    places.dedup();
    for member in places.into_iter().filter(|member| *member != WHOLE) {
        let facts: Vec<_> = whose(Of::Member).filter_map(|field| known(member, field, 1)).collect();
        let place = u32::try_from(member).unwrap_or(u32::MAX);
        let left = facts.iter().any(|one| one.field == member::LEFT);
        family.persons.push(Person { place, head: Some(member) == head, left, facts });
    }
    family
}

/// What of household `no` was known, after the entry `known`, to hold on the day
/// `on`; what is known now to hold today, when they are left out. That it is looked
/// at is noted.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn on_day(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    on: Option<Date>,
    known: Option<EntryNo>,
) -> Result<Family, LivingError> {
    let household = open(app, actor, no).await?;
    let mut tx = app.db.read().await?;
    let facts = match (on, known) {
        (None, None) => facts::present(&mut tx, no).await?,
        (on, known) => {
            let on = on.unwrap_or_else(|| today(app));
            facts::on_day(&mut tx, no, on, known.unwrap_or(EntryNo::MAX)).await?
        }
    };
    Ok(family(app, facts, household.stated))
}

/// Everything that was ever stated of household `no`, newest first. That it is
/// looked at is noted.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn history(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Vec<FactRow>, LivingError> {
    open(app, actor, no).await?;
    let mut tx = app.db.read().await?;
    Ok(facts::stated(&mut tx, no, SHOWN).await?)
}

async fn open(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<crate::catalog::households::Household, LivingError> {
    let look = Look::new(Kind::Open).of(no.clone());
    let mut tx = app.db.read().await?;
    let found = seen(&mut tx, actor, no).await;
    drop(tx);
    match found {
        Err(error) => {
            looks::refuses(app, actor, look).await?;
            Err(error)
        }
        Ok(household) => {
            looks::shows(app, actor, look.titled(&household.head)).await?;
            Ok(household)
        }
    }
}
