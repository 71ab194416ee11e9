//! 抽检: ordering a random sample, drawing it by the root of the log right after the
//! order, and drawing it again to see whether it was right.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{LivingError, WORDS, level, possible, region, short};
use super::{RegisterError, register, registers};
use crate::app::App;
use crate::catalog::Refusal;
use crate::catalog::draws::{self, OrderRow};
use crate::living::today;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::codes::state::RECEIVING;
use crate::model::draw::{
    BELOW, DrawOrder, DrawSample, Drawn, MOST_DRAWN, population_sha256, sample,
};
use crate::model::id::{Digest, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::lending::day_of;
use crate::model::living::NextStep;
use crate::model::month::Month;
use crate::model::profile::Collector;
use crate::model::register::{RowNumber, RowRule};
use crate::prove;
use crate::record::{Receipt, RecordError, Since, looking_again};

/// The register whose rows draws begin.
pub use crate::model::codes::register::SPOT_CHECKS;
/// How often numbers are taken anew when other rows got them.
const TRIES: usize = 5;

/// A draw that is to be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawToOrder)]
pub struct Ordering {
    /// Of which organisation and those below it.
    pub organisation: OrganisationCode,
    /// For which month.
    #[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    pub month: Month,
    /// 状态 of the households; those that receive the allowance when it is left out.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub state: String,
    /// 类别; all when it is left out.
    #[serde(default)]
    #[schema(max_length = 8)]
    pub category: String,
    /// How many households, 1 to 1000.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub count: Option<u32>,
    /// Or how many of a hundred, rounded up.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub per_cent: Option<u32>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
}

/// An order of a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawShown)]
pub struct Order {
    /// The entry that ordered it.
    pub order: EntryNo,
    /// Of which organisation and those below it.
    pub organisation: String,
    /// For which month.
    pub month: String,
    /// The population in words.
    pub population: String,
    /// 状态 of its households.
    pub state: String,
    /// 类别 of its households; empty for all.
    pub category: String,
    /// How many households that were.
    pub households: i64,
    /// How many are drawn.
    pub size: i64,
    /// Why, or empty.
    pub words: String,
    /// Who ordered it.
    pub author: String,
    /// When.
    pub time: String,
    /// The how manieth order of the same organisation, month and population it is: a
    /// second one is allowed, and seen.
    pub nth: i64,
    /// The entry that drew; none before.
    pub drawn: Option<EntryNo>,
    /// The root of the log that was the seed, in hexadecimal; empty before.
    pub root: String,
    /// 户号 of the sample, in the order they were drawn.
    pub sample: Vec<String>,
}

fn shown((row, nth): (OrderRow, i64)) -> Order {
    Order {
        order: row.entry,
        organisation: row.organisation,
        month: row.month,
        population: row.described,
        state: row.state,
        category: row.category,
        households: row.count,
        size: row.size,
        words: row.words,
        author: row.author,
        time: row.time,
        nth,
        drawn: row.drawn,
        root: row.root,
        sample: row.sample.lines().map(ToOwned::to_owned).collect(),
    }
}

/// Orders a draw. The population is what it is at the entry of the order.
///
/// # Errors
/// When the person sees none of the organisation, nobody or too many would be drawn, or
/// it is not said how many.
pub async fn order(app: &App, actor: &Actor, wanted: Ordering) -> Result<Receipt, RegisterError> {
    // Perhaps another order is of some of the same households.
    looking_again(
        || try_order(app, actor, wanted.clone()),
        |error| match error {
            RegisterError::Living(LivingError::Record(why)) => Some(why),
            _ => None,
        },
    )
    .await
}

async fn try_order(app: &App, actor: &Actor, wanted: Ordering) -> Result<Receipt, RegisterError> {
    actor.must(Right::File)?;
    if level(&actor.organisation) < Collector::Street {
        return Err(LivingError::OtherLevel(Collector::Street).into());
    }
    if !scope(actor).covers(wanted.organisation.as_str()) {
        return Err(RowRule::NoOrganisation(wanted.organisation).into());
    }
    match (wanted.count, wanted.per_cent) {
        (Some(count), None) if (1..=MOST_DRAWN).contains(&(count as usize)) => {}
        (None, Some(part)) if (1..=100).contains(&part) => {}
        _ => {
            let how = "either a number of 1 to 1000 households or 1 to 100 per cent are drawn";
            return Err(RegisterError::Draw(how));
        }
    }
    let month = wanted.month;
    possible(month.first())?;
    if month > Month::of(today(app)).next() {
        return Err(RegisterError::Draw("a month is this one, one before, or the next"));
    }
    let code = match wanted.state.trim() {
        "" => RECEIVING,
        state => state,
    };
    let state = app.rules.state(code).ok_or(RegisterError::Draw("there is no such state"))?;
    let category = wanted.category.trim();
    let named = match category {
        "" => "各类".to_owned(),
        code => {
            let found = app.rules.category(code);
            found.ok_or(RegisterError::Draw("there is no such category"))?.name.clone()
        }
    };
    let since = waits(app, &wanted).await?;
    let names = super::names(app).await?;
    let organisation = wanted.organisation.as_str();
    let name = names.get(organisation).map_or(organisation, String::as_str);
    let ordered = DrawOrder {
        month,
        state: state.code.clone(),
        category: category.to_owned(),
        count: wanted.count,
        per_cent: wanted.per_cent,
        population: format!("{name}{BELOW}，{}，{named}，以本条入日志时为准", state.name),
        words: short(&wanted.words, WORDS).ok_or(LivingError::Words)?,
        organisation: wanted.organisation,
    };
    Ok(app.recorder.record_since(actor, Act::OrderDraw(ordered), since).await?)
}

/// Refuses an order while another one waits that is for some of the same households in the
/// same month: nobody orders several and draws the one that suits. Returns that none came since.
async fn waits(app: &App, wanted: &Ordering) -> Result<Since, RegisterError> {
    let mut tx = app.db.read().await?;
    let since = Since::now(&mut tx, &["order_draw"]).await?;
    let start = wanted.organisation.prefix();
    for (order, organisation) in draws::undrawn(&mut tx, wanted.month).await? {
        let other = region(&organisation)?;
        if other.starts_with(start) || start.starts_with(other.as_str()) {
            return Err(RegisterError::Undrawn(order));
        }
    }
    Ok(since)
}

/// The order of that entry, when it is of an organisation this person sees.
async fn seen(app: &App, actor: &Actor, order: EntryNo) -> Result<OrderRow, RegisterError> {
    let mut tx = app.db.read().await?;
    let found = draws::get(&mut tx, order).await?;
    let found = found.filter(|one| scope(actor).covers(&one.organisation));
    found.ok_or(RegisterError::UnknownOrder(order))
}

/// The root of the log of which the order is the last entry.
async fn root(app: &App, order: EntryNo) -> Result<(u64, Digest), RegisterError> {
    let size = u64::try_from(order).unwrap_or(0) + 1;
    Ok((size, prove::root(app, size).await?))
}

/// Draws the sample of an order, and begins a row of the register for each household.
///
/// # Errors
/// When there is no such order this person may see, it was drawn already, or the log
/// cannot be read.
pub async fn draw(app: &App, actor: &Actor, order: EntryNo) -> Result<Receipt, RegisterError> {
    actor.must(Right::File)?;
    let ordered = seen(app, actor, order).await?;
    if ordered.drawn.is_some() {
        return Err(RowRule::DrawnAlready(order).into());
    }
    let (tree_size, root) = root(app, order).await?;
    let size = usize::try_from(ordered.size).unwrap_or(0);
    let chosen = sample(&root, order, ordered.population.lines(), size);
    let corrupt = || crate::db::DbError::Corrupt(format!("order {order}"));
    let households: Option<Vec<HouseholdNo>> = chosen.iter().map(|no| no.parse().ok()).collect();
    let households = households.ok_or_else(corrupt)?;
    let organisation: OrganisationCode = ordered.organisation.parse().map_err(|_| corrupt())?;
    let rule = register(app, SPOT_CHECKS)?;
    let first = rule.stages.first().ok_or_else(corrupt)?;
    let day = day_of(app.now());
    let next = rule.next(&first.code, &std::collections::BTreeMap::new()).map(|stage| NextStep {
        step: stage.code.clone(),
        level: stage.level.max(level(&organisation)),
        due: stage.due(day, &app.rules.holidays),
    });
    for _ in 0..TRIES {
        let mut tx = app.db.read().await?;
        let last = registers::last_serial(&mut tx, SPOT_CHECKS, &organisation, day.year()).await?;
        drop(tx);
        let numbered = households.iter().zip(last + 1..).map(|(household, serial)| Drawn {
            household: household.clone(),
            number: RowNumber { year: day.year(), serial },
        });
        let drawn = DrawSample {
            order,
            organisation: organisation.clone(),
            register: rule.code.clone(),
            stage: first.code.clone(),
            tree_size,
            root,
            population: u64::try_from(ordered.count).unwrap_or(0),
            population_sha256: population_sha256(ordered.population.lines()),
            drawn: numbered.collect(),
            next: next.clone(),
        };
        match app.recorder.record(actor, Act::DrawSample(drawn)).await {
            Err(RecordError::Refused(Refusal::Row(RowRule::NumberTaken(_)))) => {}
            answer => return Ok(answer?),
        }
    }
    Err(RegisterError::Draw("others begin rows of this register all the time: try again"))
}

/// What drawing again gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawChecked)]
pub struct Checked {
    /// The entry that ordered the draw.
    pub order: EntryNo,
    /// How many entries the tree has that gives the seed.
    pub tree_size: u64,
    /// Its root, read from the tiles of the log.
    #[schema(value_type = String)]
    pub root: Digest,
    /// How many households were drawn from.
    pub households: usize,
    /// The digest of their numbers.
    #[schema(value_type = String)]
    pub population_sha256: Digest,
    /// What the formula gives.
    pub sample: Vec<String>,
    /// What was drawn; empty where nothing was yet.
    pub drawn: Vec<String>,
    /// What does not agree, in English; empty where everything does.
    pub unlike: Vec<String>,
}

/// Draws again: the root from the tiles of the log, the sample from the formula.
///
/// # Errors
/// When there is no such order this person may see, or the log cannot be read.
pub async fn check(app: &App, actor: &Actor, order: EntryNo) -> Result<Checked, RegisterError> {
    actor.must(Right::Look)?;
    let found = seen(app, actor, order).await?;
    let (tree_size, root) = root(app, order).await?;
    let population: Vec<&str> = found.population.lines().collect();
    let size = usize::try_from(found.size).unwrap_or(0);
    let owned = |all: Vec<&str>| all.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
    let again = owned(sample(&root, order, population.iter().copied(), size));
    let drawn = owned(found.sample.lines().collect());
    let digest = population_sha256(population.iter().copied());
    let mut unlike = Vec::new();
    if digest.to_string() != found.sha256 {
        unlike.push("the population is not the one whose digest was kept".to_owned());
    }
    if found.drawn.is_some() {
        if found.root != root.to_string() {
            unlike.push("the root that was used is not that of the log".to_owned());
        }
        if drawn != again {
            unlike.push("the sample is not what the formula gives".to_owned());
        }
    }
    Ok(Checked {
        order,
        tree_size,
        root,
        households: population.len(),
        population_sha256: digest,
        sample: if found.drawn.is_some() { again } else { Vec::new() },
        drawn,
        unlike,
    })
}

/// The orders of the own scope before entry `before`, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    actor: &Actor,
    before: Option<EntryNo>,
    limit: u32,
) -> Result<Vec<Order>, RegisterError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or(EntryNo::MAX);
    let found = draws::list(&mut tx, &scope(actor), before, limit).await?;
    Ok(found.into_iter().map(shown).collect())
}
