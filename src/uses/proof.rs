//! One look with its proof: a bag for `yidang-verify`, as of a paper.

use std::path::Path;
use std::sync::Arc;

use super::UsesError;
use crate::app::App;
use crate::catalog::households;
use crate::catalog::looks::{self, Exact};
use crate::model::access::{Actor, Right, scope};
use crate::model::look::{Kind, Look, LookBody};
use crate::prove::bundle::{self, Bundle};
use crate::prove::{self, Proven, Subject};
use crate::record::Tree;

/// Packs entry `no` of the access log with its body and its proof into the new
/// folder `to`, a BagIt bag, and notes that it was.
///
/// # Errors
/// When there is no such entry this person may see, the folder is there already,
/// or the look cannot be noted.
pub async fn prove(app: &App, actor: &Actor, no: i64, to: &Path) -> Result<Proven, UsesError> {
    actor.must(Right::ReadUse)?;
    actor.must(Right::Export)?;
    let exact = seen(app, actor, no).await?;
    let look = Look::new(Kind::Export).titled(&format!("利用日志第{no}条")).counting(1_u64);
    app.looks.note(actor, look).await?;
    let tree = covering(app, no).await?;
    Ok(prove::look(app, &exact, &tree, to).await?)
}

/// As [`prove()`], as one zip file.
///
/// # Errors
/// As [`prove()`], and when too many are being packed.
pub async fn bundle(app: &Arc<App>, actor: &Actor, no: i64) -> Result<Bundle, UsesError> {
    let (here, own, actor) = (tokio::runtime::Handle::current(), Arc::clone(app), actor.clone());
    let name = bundle::name(&Subject::Look(no));
    bundle::packed(app, name, move |bag| here.block_on(prove(&own, &actor, no, bag))).await
}

/// An entry of the access log that this person may see.
async fn seen(app: &App, actor: &Actor, no: i64) -> Result<Exact, UsesError> {
    let mut tx = app.db.read().await?;
    let exact = looks::exact(&mut tx, no).await?.ok_or(UsesError::Unknown(no))?;
    let body: LookBody = serde_json::from_str(&exact.body).map_err(|_| UsesError::Unknown(no))?;
    let visible = scope(actor);
    let at = match &body.look.household {
        Some(no) => Some(households::in_charge(&mut tx, no).await?),
        None => None,
    };
    let sees = visible.covers(body.actor.organisation.as_str())
        || at.is_some_and(|organisation| visible.covers(&organisation));
    if sees { Ok(exact) } else { Err(UsesError::Unknown(no)) }
}

/// The tree of the newest checkpoint of the access log, which must cover entry
/// `no`.
async fn covering(app: &App, no: i64) -> Result<Tree, UsesError> {
    // Another process may be the one that publishes the tiles.
    for _ in 0..50 {
        app.looks.settle().await?;
        let tree = app.looks.tree().await?;
        let covers = |tree: &Tree| i64::try_from(tree.checkpoint().size).unwrap_or(0) > no;
        if let Some(tree) = tree.filter(covers) {
            return Ok(tree);
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    Err(prove::ProveError::NotYet(no).into())
}
