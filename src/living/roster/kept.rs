//! 原件: the roster that a household was opened from, taken along as it came.

use super::super::LivingError;
use super::super::evidence::{Original, says_why};
use crate::app::App;
use crate::catalog::{entries, households};
use crate::db::DbError;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::{Act, Body};
use crate::model::id::{Digest, HouseholdNo};
use crate::model::look::{Kind, Look, Reason};
use crate::model::table;

/// Whether a household was opened from a roster that this person may take along.
///
/// # Errors
/// When there is no such household in the scope, or the database refuses.
pub async fn has_original(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<bool, LivingError> {
    Ok(actor.may(Right::Export) && source(app, actor, no).await?.is_some())
}

/// The roster that a household was opened from, whole; that it is taken along is noted
/// first, with the reason. It tells of everybody that the organisation took in with it, so
/// that organisation has to be in the person's scope, as it has for files of results.
///
/// # Errors
/// When there is none of the person's scope, the person may take nothing along, a reason
/// is wanted and none was given, or the look cannot be noted.
pub async fn original(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: Option<Reason>,
) -> Result<Original, LivingError> {
    actor.must(Right::Look)?;
    actor.must(Right::Export)?;
    says_why(app, reason.as_ref())?;
    let file = source(app, actor, no).await?.ok_or(LivingError::Told {
        zh: "这一户不是由您能取的花名册立的。",
        en: "this household was not opened from a roster that you may take along",
    })?;
    let look = Look::new(Kind::Export).titled("立户的花名册").counting(1_u64);
    let look = Look { reason, household: Some(no.clone()), ..look };
    app.looks.note(actor, look).await?;
    let bytes = app.vault.bytes(file).await?;
    let mime = table::mime(&bytes);
    let name = if mime == table::XLSX { "花名册.xlsx" } else { "花名册.csv" };
    Ok(Original { name: name.to_owned(), mime, bytes })
}

/// The file that a household of the scope was opened from; none where it was not, or where
/// an organisation took it in that is not of the scope.
async fn source(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Option<Digest>, LivingError> {
    actor.must(Right::Look)?;
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let found = households::get(&mut tx, no).await?;
    let household = found.filter(|one| visible.covers(&one.organisation));
    let household = household.ok_or_else(|| LivingError::UnknownHousehold(no.clone()))?;
    let opened = entries::exact(&mut tx, household.opened).await?;
    drop(tx);
    let corrupt = |error: serde_json::Error| DbError::Corrupt(format!("body: {error}"));
    let body: Body = serde_json::from_str(&opened.body).map_err(corrupt)?;
    Ok(match body.act {
        Act::OpenHousehold { source, .. } if visible.covers(body.actor.organisation.as_str()) => {
            source.map(|source| source.file)
        }
        _ => None,
    })
}
