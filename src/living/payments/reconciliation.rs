//! 对账: what decisions, roster and bank say of a month, and what of it does not agree.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::payments::{self, ThreeRow};
use crate::db::Tx;
use crate::living::computed::Place;
use crate::living::{LivingError, region};
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::codes::finding::DEAD;
use crate::model::money::Total;
use crate::model::month::Month;
use crate::model::payment::{Difference, Three, differences};

/// The acts that can change how a month agrees.
const RESTS_ON: [&str; 5] =
    ["take_step", "make_roster", "take_bank_return", "take_evidence", "close_finding"];

/// A household for which the three do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Unreconciled)]
pub struct Unlike {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What decisions give it, in 分.
    pub entitled: Option<i64>,
    /// What the roster has, in 分.
    pub listed: Option<i64>,
    /// What the bank paid in all, in 分.
    pub paid: i64,
    /// What does not agree.
    pub differences: Vec<Difference>,
    /// What the bank says, or empty.
    pub words: String,
}

/// 对账: how entitlement, roster and bank agree in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reconciliation {
    /// Who is entitled.
    pub entitled: Total,
    /// Who is on the roster.
    pub listed: Total,
    /// Whom the bank paid.
    pub paid: Total,
    /// Those that do not agree.
    pub unlike: Vec<Unlike>,
}

/// How entitlement, roster and bank agree in a month.
///
/// # Errors
/// When the organisation is none.
pub async fn reconcile(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Reconciliation, LivingError> {
    actor.must(Right::Look)?;
    let (organisation, visible) = (region(organisation)?, scope(actor));
    let mut tx = app.db.read().await?;
    let key = format!("reconciliation {} {organisation} {month}", visible.prefix());
    let place = Place::of(&mut tx, &RESTS_ON, key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let rows = payments::three(&mut tx, &visible, &organisation, month).await?;
    let dead = with_dead(app, &mut tx, (&visible, &organisation), month).await?;
    drop(tx);
    let found = reconciled(rows, &dead);
    Ok(app.computed.keep(place, found.unlike.len(), found))
}

/// The households on the roster of which other departments say that a person of theirs had
/// died before the month began, and nobody stated or decided anything of it.
async fn with_dead(
    app: &App,
    tx: &mut Tx,
    (visible, organisation): (&Scope, &str),
    month: Month,
) -> Result<HashSet<String>, LivingError> {
    let mut dead = HashSet::new();
    for kind in app.rules.evidence.kinds.iter().filter(|kind| kind.finding == DEAD) {
        let rows = payments::found_dead(tx, (visible, organisation), month, &kind.code).await?;
        // Of several files the last one holds: rows are in that order.
        let last: HashMap<_, _> =
            rows.into_iter().map(|row| ((row.household, row.member), row.died)).collect();
        let first = month.first().to_string();
        let before = last.into_iter().filter(|(_, died)| *died < first);
        dead.extend(before.map(|((household, _), _)| household));
    }
    Ok(dead)
}

fn reconciled(rows: Vec<ThreeRow>, dead: &HashSet<String>) -> Reconciliation {
    let answered = rows.iter().any(|row| row.answers > 0);
    let mut found = Reconciliation::default();
    for row in rows {
        let known = |amount: i64| (amount >= 0).then_some(amount);
        let three = Three {
            entitled: known(row.entitled),
            listed: known(row.listed),
            paid: row.paid,
            times: row.times,
            answers: row.answers,
            covers: row.covers,
            lives: row.lives,
            is_twice: row.twice > 0,
            has_dead: dead.contains(&row.household),
        };
        if let Some(amount) = three.entitled {
            found.entitled.add(amount);
        }
        if let Some(amount) = three.listed {
            found.listed.add(amount);
        }
        if three.times > 0 {
            found.paid.add(three.paid);
        }
        let differences = differences(three, answered);
        if !differences.is_empty() {
            found.unlike.push(Unlike {
                household: row.household,
                head: row.head,
                organisation: row.organisation,
                entitled: three.entitled,
                listed: three.listed,
                paid: row.paid,
                differences,
                words: row.words,
            });
        }
    }
    found
}
