//! 登记: entering a stage of a row, and correcting one that was wrong.

mod order;
mod place;
mod values;

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use self::order::{in_order, next};
use self::place::{about, may, place, stage};
use self::values::{at_most, kept, seal, values};
use super::{Key, LivingError, RegisterError, register, registers};
use crate::app::App;
use crate::catalog::Refusal;
use crate::living::{possible, today};
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::register::{Cell, Entered, RowNumber, RowRule, Sealed};
use crate::record::{Receipt, RecordError};

/// How often a number is taken anew when another row got it.
const TRIES: usize = 5;
/// The most values that are given at a time.
const MOST: usize = 50;

/// What is to be entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RowToEnter)]
pub struct Entering {
    /// The number of the row that goes on; a new row when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{3,7}$")]
    pub number: Option<RowNumber>,
    /// Whose register it is: where it is left out, that of the community of the household
    /// the new row is about, else the own one.
    #[serde(default)]
    pub organisation: Option<OrganisationCode>,
    /// The other side of a new row that goes between two.
    #[serde(default)]
    pub other: Option<OrganisationCode>,
    /// The household a new row is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    pub household: Option<HouseholdNo>,
    /// The day it happened; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The values as they are typed.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub values: Vec<Cell>,
    /// The scan of the paper it stands on.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub paper: Option<DocumentId>,
    /// 更正: the entry of a line that was wrong, and is struck.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub instead_of: Option<EntryNo>,
    /// The last entry of the row that was seen: when another came meanwhile, nothing is
    /// entered. When it is left out, the last one counts as seen.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub seen: Option<EntryNo>,
}

/// Enters a new row of register `code`, the stage that a row waits for, or a
/// correction; returns the name of the row.
///
/// # Errors
/// When there is no such register or row this person may see, a rule is broken, or
/// another entered something meanwhile.
pub async fn enter(
    app: &App,
    actor: &Actor,
    code: &str,
    mut entering: Entering,
) -> Result<(Key, Receipt), RegisterError> {
    actor.must(Right::File)?;
    let rule = register(app, code)?;
    let on = entering.on.unwrap_or_else(|| today(app));
    possible(on)?;
    if entering.values.len() > MOST {
        return Err(LivingError::Asked("at most 50 values are given at a time").into());
    }
    let (organisation, row) = place(app, actor, rule, &entering).await?;
    if rule.printed && row.is_none() {
        entering.values =
            super::sign_offs::filled(app, actor, &organisation, &entering.values).await?;
    }
    let stage = stage(rule, row.as_ref(), &entering)?;
    may(actor, rule, stage, (&organisation, row.as_ref()))?;
    let first = rule.stages.first().is_some_and(|one| one.code == stage.code);
    let household = match first {
        true => about(app, actor, rule, entering.household.clone()).await?,
        false => row.as_ref().and_then(|row| row.household.parse().ok()),
    };
    let other = match &row {
        Some(row) => row.other.parse().ok(),
        None if rule.between && entering.other.as_ref().is_none_or(|one| *one == organisation) => {
            return Err(RowRule::Missing("对方单位".to_owned()).into());
        }
        None => entering.other.clone().filter(|_| rule.between),
    };
    if let Some(row) = &row {
        in_order(rule, stage, row, on)?;
    }
    if stage.paper && entering.paper.is_none() {
        return Err(RowRule::Missing("扫描件".to_owned()).into());
    }
    let kept = kept(row.as_ref(), &entering);
    let (values, apart) = values(rule, stage, &entering.values, (today(app), kept.is_some()))?;
    let sealed = match apart.is_empty() {
        true => match kept {
            Some(digest) => {
                let bytes = app.vault.bytes(digest).await?.len() as u64;
                Some(Sealed { sha256: digest, bytes })
            }
            None => None,
        },
        false => Some(seal(app, apart).await?),
    };
    at_most(rule, stage, row.as_ref(), &values)?;
    let next = next(app, rule, stage, (row.as_ref(), &values, on), (&organisation, other.as_ref()));
    let mut said = Entered {
        register: rule.code.clone(),
        stage: stage.code.clone(),
        called: format!("{}：{}", rule.name, stage.name),
        organisation,
        number: entering.number.unwrap_or(RowNumber { year: on.year(), serial: 1 }),
        on,
        other,
        household,
        in_file: rule.in_file,
        values,
        sealed,
        paper: entering.paper,
        next,
        instead_of: entering.instead_of,
        seen: row.as_ref().map(|row| row.last),
    };
    for _ in 0..TRIES {
        if row.is_none() {
            let mut tx = app.db.read().await?;
            let last =
                registers::last_serial(&mut tx, code, &said.organisation, said.number.year).await?;
            said.number.serial = last + 1;
        }
        let key = Key {
            register: rule.code.clone(),
            organisation: said.organisation.clone(),
            number: said.number,
        };
        match app.recorder.record(actor, Act::EnterRow(said.clone())).await {
            // Somebody else began a row at the same moment.
            Err(RecordError::Refused(Refusal::Row(RowRule::NumberTaken(_)))) if row.is_none() => {}
            answer => return Ok((key, answer?)),
        }
    }
    Err(RowRule::NumberTaken(said.number).into())
}
