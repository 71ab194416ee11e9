//! The findings of an organisation, in parts. Only households are looked at of which
//! something may be found.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::super::computed::Place;
use super::super::{LivingError, region};
use super::{Standing, State, standing};
use crate::app::App;
use crate::catalog::evidence::{self, Candidate};
use crate::catalog::households;
use crate::db::Tx;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::finding::How;

/// How many households are looked at at a time.
const BATCH: u32 = 1000;
/// How many are looked at for one page at most: a page may be short, and goes on.
const COMPUTED: usize = 3000;
/// Fewer than one of so many are few.
const FEW: usize = 8;

/// Which findings are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Of this organisation: its code or the beginning.
    pub organisation: String,
    /// The code of a finding; empty for any.
    pub finding: String,
    /// How they stand; none for any.
    pub state: Option<State>,
    /// After this household.
    pub after: String,
}

/// A part of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FindingPart)]
pub struct Part {
    /// By household number.
    pub findings: Vec<Standing>,
    /// The household after which it goes on; none at its end. A part may be short, and
    /// go on all the same.
    pub next: Option<String>,
}

/// The findings of an organisation, by household, about `limit` of them: whole households
/// until there are as many.
///
/// # Errors
/// When the organisation is none, or there is no such finding.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Part, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(&asked.organisation)?;
    if !asked.finding.is_empty() && app.rules.evidence.finding(&asked.finding).is_none() {
        return Err(LivingError::Told {
            zh: "没有这一类核查发现。",
            en: "there is no such kind of finding",
        });
    }
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let key = format!("findings {} {limit} {asked:?}", visible.prefix());
    let place = Place::of(&mut tx, &["take_step", "take_evidence", "close_finding"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let asked = &Asked { organisation, ..asked.clone() };
    let found = part(app, &mut tx, &visible, asked, limit).await?;
    Ok(app.computed.keep(place, found.findings.len(), found))
}

async fn part(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    asked: &Asked,
    limit: u32,
) -> Result<Part, LivingError> {
    let wanted = |one: &Standing| {
        (asked.finding.is_empty() || one.finding.code == asked.finding)
            && asked.state.is_none_or(|state| one.state == state)
    };
    let (mut part, mut after, mut computed) = (Part::default(), asked.after.clone(), 0);
    loop {
        let batch = evidence::candidates(tx, visible, &asked.organisation, &after, BATCH).await?;
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(part) };
        let (first, last) = (first.household.clone(), last.household.clone());
        let whole = batch.len() < BATCH as usize;
        let count = batch.len();
        let suspects = suspects(app, tx, batch).await?;
        // Where there are few among those that stand between them, each is looked at alone.
        let between = households::between(tx, visible, &first, &last).await?;
        let mut of_all = match suspects.len() * FEW > usize::try_from(between).unwrap_or(0) {
            true => Some(evidence::grounds(tx, visible, &first, &last).await?),
            false => None,
        };
        for one in &suspects {
            let no = &one.household;
            let found = match &mut of_all {
                Some(grounds) => standing(app, one, grounds),
                None => standing(app, one, &mut evidence::grounds(tx, visible, no, no).await?),
            };
            part.findings.extend(found.into_iter().filter(wanted));
            if part.findings.len() >= limit as usize && !(whole && *no == last) {
                part.next = Some(no.clone());
                return Ok(part);
            }
        }
        computed += count;
        if whole {
            return Ok(part);
        }
        if computed >= COMPUTED {
            part.next = Some(last);
            return Ok(part);
        }
        after = last;
    }
}

/// Those of which something is found for sure, or may be: all but those of which nothing
/// was found beyond what they declare since the results came.
async fn suspects(
    app: &App,
    tx: &mut Tx,
    batch: Vec<Candidate>,
) -> Result<Vec<Candidate>, LivingError> {
    let rules = &app.rules.evidence;
    let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(batch) };
    let (first, last) = (first.household.as_str(), last.household.as_str());
    let told = evidence::told(tx, first, last).await?;
    let stated: HashMap<&str, Option<i64>> =
        batch.iter().map(|one| (one.household.as_str(), one.stated)).collect();
    let mut suspected: HashSet<&str> = HashSet::new();
    // By the code of what is found: what all kinds that tell of it come to.
    let mut sums: HashMap<&str, HashMap<&str, i64>> = HashMap::new();
    for one in &told {
        let household = one.household.as_str();
        let finding = rules.kind(&one.kind).map(|kind| kind.finding.as_str());
        let rule = finding.and_then(|code| rules.finding(code));
        match rule.filter(|rule| rule.how == How::More) {
            // What was stated since may have settled it.
            Some(rule) if stated.get(household).is_some_and(|last| *last <= Some(one.first)) => {
                let sum = sums.entry(&rule.code).or_default().entry(household).or_default();
                *sum = sum.saturating_add(one.amount);
            }
            _ => {
                suspected.insert(household);
            }
        }
    }
    for (code, sums) in &sums {
        let Some(rule) = rules.finding(code) else { continue };
        let declared = evidence::declared(tx, &rule.field, first, last).await?;
        let declared: HashMap<_, _> = declared.into_iter().collect();
        for (household, found) in sums {
            let declared = declared.get(*household).map_or("", String::as_str);
            if rule.exceeds(declared, *found) {
                suspected.insert(household);
            }
        }
    }
    let is_one: HashSet<String> = suspected.into_iter().map(ToOwned::to_owned).collect();
    Ok(batch.into_iter().filter(|one| one.sure == 1 || is_one.contains(&one.household)).collect())
}
