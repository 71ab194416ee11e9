//! Which row goes on and at which stage, and whether this person may enter it.

use super::super::rows::{gathered, seen_row};
use super::super::{Key, Line, RegisterError, Row, names};
use super::Entering;
use crate::app::App;
use crate::living::{LivingError, is_stale, level, seen, today};
use crate::model::access::{Actor, scope};
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::register::{AboutHousehold, BySide, Register, RowNumber, RowRule, Stage};

/// Whose register it is, and the row that goes on.
pub(super) async fn place(
    app: &App,
    actor: &Actor,
    rule: &Register,
    entering: &Entering,
) -> Result<(OrganisationCode, Option<Row>), RegisterError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let organisation = match (&entering.organisation, &entering.household) {
        (Some(given), _) => given.clone(),
        (None, Some(no)) if !rule.between => {
            let household = seen(&mut tx, actor, no).await?;
            let corrupt = |_| crate::db::DbError::Corrupt(household.no.clone());
            household.organisation.parse().map_err(corrupt)?
        }
        (None, _) => actor.organisation.clone(),
    };
    let Some(number) = entering.number else {
        let own = !rule.between || organisation == actor.organisation;
        if !visible.covers(organisation.as_str()) || !own {
            return Err(RegisterError::Side);
        }
        return Ok((organisation, None));
    };
    let key = Key { register: rule.code.clone(), organisation, number };
    let found = seen_row(&mut tx, actor, &key).await?;
    drop(tx);
    let (names, day) = (names(app).await?, today(app).to_string());
    let mut tx = app.db.read().await?;
    let row = gathered(&mut tx, &visible, &names, (found, &day)).await?;
    if is_stale(entering.seen, Some(row.last)) {
        return Err(RowRule::Meanwhile(number).into());
    }
    Ok((key.organisation, Some(row)))
}

/// The stage that is entered.
pub(super) fn stage<'a>(
    rule: &'a Register,
    row: Option<&Row>,
    entering: &Entering,
) -> Result<&'a Stage, RegisterError> {
    let unknown = || RegisterError::Unknown(rule.code.clone());
    let Some(row) = row else {
        if rule.drawn {
            return Err(RegisterError::BegunBy("draws"));
        }
        return rule.stages.first().ok_or_else(unknown);
    };
    let number = entering.number.unwrap_or(RowNumber { year: 0, serial: 0 });
    let code = match entering.instead_of {
        None => row.next_stage.as_str(),
        Some(wrong) => {
            let holds = |one: &&Line| one.entry == wrong && one.struck.is_none();
            let line = row.lines.iter().find(holds).ok_or(RowRule::NoLine(wrong))?;
            line.stage.as_str()
        }
    };
    Ok(rule.stage(code).ok_or(RowRule::NotItsTurn(number))?)
}

/// Refuses who is not of the level or the side that enters a stage.
pub(super) fn may(
    actor: &Actor,
    rule: &Register,
    stage: &Stage,
    (organisation, row): (&OrganisationCode, Option<&Row>),
) -> Result<(), RegisterError> {
    if level(&actor.organisation) < stage.level {
        return Err(LivingError::OtherLevel(stage.level).into());
    }
    let side = stage.by.or(rule.between.then_some(BySide::Own));
    let of = match side {
        None => return Ok(()),
        Some(BySide::Own) => organisation.as_str(),
        Some(BySide::Other) => row.map_or("", |row| row.other.as_str()),
    };
    if actor.organisation.as_str() == of { Ok(()) } else { Err(RegisterError::Side) }
}

/// The household a row is about, as the register wants it.
pub(super) async fn about(
    app: &App,
    actor: &Actor,
    rule: &Register,
    household: Option<HouseholdNo>,
) -> Result<Option<HouseholdNo>, RegisterError> {
    match (rule.household, household) {
        (AboutHousehold::Must, None) => Err(RowRule::Missing("户号".to_owned()).into()),
        (AboutHousehold::None, _) | (AboutHousehold::May, None) => Ok(None),
        (_, Some(no)) => {
            let mut tx = app.db.read().await?;
            seen(&mut tx, actor, &no).await?;
            Ok(Some(no))
        }
    }
}
