//! What of a roster can be taken in: read by the rules, and set against what is here.

use std::collections::HashSet;

use super::super::{LivingError, refused, today};
use super::GivenRoster;
use super::open::is_open;
use crate::app::App;
use crate::catalog::{evidence, households, organisations};
use crate::model::access::{Actor, Right, scope};
use crate::model::living::LivingRule;
use crate::model::roster_file::{self, Family, Read};
use crate::model::table::{self, BadRows, SheetError, Table, Why};

/// What of a roster can be taken in.
pub(super) struct Plan {
    /// What was read; its households stand in `good`, and its bad rows in `bad`.
    pub(super) read: Read,
    /// The households that can be opened.
    pub(super) good: Vec<Family>,
    /// The rows that cannot be taken in.
    pub(super) bad: BadRows,
    /// How many cells have a formula.
    pub(super) formulas: u64,
}

/// Reads a roster, and which of its households can be opened.
///
/// # Errors
/// When it is no roster, or the community is not the actor's or not registered.
pub(super) async fn plan(
    app: &App,
    actor: &Actor,
    given: &GivenRoster,
) -> Result<Plan, LivingError> {
    actor.must(Right::File)?;
    let visible = scope(actor);
    let community = given.community.as_ref();
    if community.is_some_and(|code| !visible.covers(code.as_str())) {
        return Err(LivingError::Told {
            zh: "社区是本机构或下面的，代码12位。",
            en: "the community is the own organisation, or below it",
        });
    }
    let (bytes, rules) = (given.bytes.clone(), app.rules.clone());
    let (today, only_open) = (today(app), given.only_open);
    let read = move || {
        let table = Table::filled(&bytes, table::MOST_ROWS)?;
        let formulas = table.formulas;
        Ok::<_, SheetError>((roster_file::read(table, &rules, today, only_open)?, formulas))
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(|_| SheetError::Text)?;
    let (mut read, formulas) = read?;
    let (families, mut bad) = (std::mem::take(&mut read.families), std::mem::take(&mut read.bad));
    if families.is_empty() && bad.total == 0 {
        return Err(SheetError::Empty.into());
    }
    let mut tx = app.db.read().await?;
    let persons = evidence::persons(&mut tx, &visible).await?;
    let numbers = families.iter().filter_map(|family| family.number.as_ref());
    let known = households::in_charge_of_all(&mut tx, numbers).await?;
    let registered = organisations::all(&mut tx).await?;
    drop(tx);
    let registered: HashSet<String> = registered.into_iter().map(|one| one.code).collect();
    // While none is registered, any code may be one.
    let is_stranger = |code: &str| !registered.is_empty() && !registered.contains(code);
    if let Some(code) = community.filter(|code| is_stranger(code.as_str())) {
        return Err(refused(LivingRule::UnknownPlace(code.to_string())));
    }
    let mut good = Vec::new();
    for family in families {
        let elsewhere = family.persons.iter().find(|one| {
            app.lookup.digest(&one.id_number).is_some_and(|digest| persons.contains_key(&digest))
        });
        let first = family.persons.first().map_or(0, |one| one.line);
        match (&family.number, elsewhere) {
            (_, Some(one)) => {
                let en = "the identity number is in another household already";
                bad.add(one.line, Why::new("身份证号已经在另一户", en));
            }
            (Some(no), _) if !visible.covers(no.organisation().as_str()) => {
                let en = "the household number is of another organisation";
                bad.add(first, Why::new("户号不是本机构的", en));
            }
            (Some(no), _) if is_stranger(no.organisation().as_str()) => {
                let en = "the first 12 digits of the number are no registered organisation";
                bad.add(first, Why::new("户号前12位没有登记为机构", en));
            }
            (Some(no), _) if known.contains_key(no.as_str()) => bad.add(first, is_open()),
            (None, _) if community.is_none() => {
                let en = "no household number of 17 digits, and no community is given";
                bad.add(first, Why::new("没有17位户号，也没有说是哪个社区", en));
            }
            _ => good.push(family),
        }
    }
    Ok(Plan { read, good, bad, formulas })
}
