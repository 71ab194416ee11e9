//! What is kept apart in a line of a row, for whoever answers for it.

use std::collections::BTreeMap;

use super::super::{LivingError, level};
use super::rows::seen_row;
use super::{Key, RegisterError, register};
use crate::app::App;
use crate::catalog::registers;
use crate::db::DbError;
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::look::{Kind, Look, Reason};
use crate::model::profile::Collector;
use crate::model::register::{Register, SealedCells};

/// From which level on what is kept apart in a stage is seen; none where nothing is.
fn seen_by(rule: &Register, stage: &str) -> Option<Collector> {
    let columns = rule.stage(stage).map_or(&[][..], |stage| &stage.columns);
    columns.iter().filter_map(|column| column.seen_by).max()
}

/// Whether this person may see what is kept apart in a stage: who may see numbers in
/// full, and works at the level that answers for it or above.
#[must_use]
pub fn may_see_sealed(rule: &Register, stage: &str, actor: &Actor) -> bool {
    let least = seen_by(rule, stage);
    actor.may(Right::Reveal) && least.is_some_and(|least| level(&actor.organisation) >= least)
}

/// What is kept apart in line `entry` of a row, by column; why it is looked at is
/// noted.
///
/// # Errors
/// When there is no such line this person may see, the person may not see it, or the
/// look cannot be noted.
pub async fn sealed(
    app: &App,
    actor: &Actor,
    (key, entry): (&Key, EntryNo),
    reason: Reason,
) -> Result<BTreeMap<String, String>, RegisterError> {
    actor.must(Right::Reveal)?;
    let rule = register(app, &key.register)?;
    let mut tx = app.db.read().await?;
    let found = seen_row(&mut tx, actor, key).await?;
    let lines = registers::lines(&mut tx, &found).await?;
    drop(tx);
    let line = lines.into_iter().find(|one| one.entry == entry && !one.sealed.is_empty());
    let line = line.ok_or(RegisterError::NothingSealed)?;
    let look = Look::new(Kind::Reveal).titled(&format!("{} {}", rule.name, key.number));
    if !may_see_sealed(rule, &line.stage, actor) {
        looks::refuses(app, actor, look).await?;
        let least = seen_by(rule, &line.stage).unwrap_or(Collector::Bureau);
        return Err(LivingError::OtherLevel(least).into());
    }
    let digest: Digest =
        line.sealed.parse().map_err(|_| DbError::Corrupt(format!("line {entry}")))?;
    let bytes = app.vault.bytes(digest).await?;
    let cells: SealedCells =
        canonical::from_bytes(&bytes).map_err(|error| DbError::Corrupt(error.to_string()))?;
    app.looks.note(actor, Look { reason: Some(reason), ..look }).await?;
    Ok(cells.values)
}
