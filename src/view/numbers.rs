//! 显示: the numbers of the persons of a household in full. They are covered
//! everywhere else; showing them needs a right and a reason, and is noted.

use serde::Serialize;
use utoipa::ToSchema;

use super::ViewError;
use crate::app::App;
use crate::filing::{self, FilingError};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::id::HouseholdNo;
use crate::model::look::{Kind, Look, Reason};
use crate::record::truth;

/// A person of a household with the number in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Numbered {
    /// 姓名
    pub name: String,
    /// 与户主关系; empty for the head.
    pub relation: String,
    /// 身份证号, or empty.
    pub id_number: String,
}

/// The head and the members of household `no` with their numbers, shown for
/// `reason`.
///
/// # Errors
/// When the person may not, there is no such household this person may see, or
/// it cannot be noted.
pub async fn numbers(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: Reason,
) -> Result<Vec<Numbered>, ViewError> {
    actor.must(Right::Reveal)?;
    let look = Look { reason: Some(reason), ..Look::new(Kind::Reveal).of(no.clone()) };
    let mut tx = app.db.read().await?;
    let Ok(household) = filing::seen_household(&mut tx, &scope(actor), no).await else {
        drop(tx);
        looks::refuses(app, actor, look).await?;
        return Err(ViewError::UnknownHousehold(no.clone()));
    };
    drop(tx);
    // The database has them covered; the act that gave them is in the store.
    let opened = truth::body(&app.db, &app.vault, household.opened).await;
    let opened = opened.map_err(FilingError::from)?;
    let Act::OpenHousehold { head, id_number, members, .. } = opened.act else {
        return Err(ViewError::UnknownHousehold(no.clone()));
    };
    let head = Numbered { name: head, relation: String::new(), id_number };
    let look = look.titled(&head.name).counting(members.len() + 1);
    app.looks.note(actor, look).await?;
    let others = members.into_iter().map(|one| Numbered {
        name: one.name,
        relation: one.relation,
        id_number: one.id_number,
    });
    Ok(std::iter::once(head).chain(others).collect())
}
