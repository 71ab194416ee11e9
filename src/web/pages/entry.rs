//! One entry of the log, and its proof as a file.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};

use super::{Answer, entry_no};
use crate::app::App;
use crate::history::{self, Told as Act};
use crate::prove;
use crate::prove::trace::{self, Step as Turn, Trace};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::audit::Shown;
use crate::web::page::entry::{EntryPage, Proof, Standing, Step, Told};
use crate::web::page::part::HouseholdRef;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::{download, words};

/// `GET /audit/entry/{no}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let entry = history::entry(app, &session.actor, entry_no(&no)?).await?;
    let page = EntryPage {
        frame: session.frame.clone(),
        no: words::count(entry.no),
        when: words::clock(&entry.time),
        event_type: entry.event_type,
        bundle: entry.told.as_ref().map(bundle).unwrap_or_default(),
        told: entry.told.as_ref().map(|told| self::told(lang, app, told)),
        leaf: entry.leaf,
        body: entry.body_sha256.to_string(),
        body_matches: entry.body_matches,
        objects: entry.objects.iter().map(ToString::to_string).collect(),
        proof: standing(lang, app, entry.no).await,
    };
    session.show(&page)
}

/// `GET /audit/entry/{no}/proof`: as C2SP tlog-proof has it. It names digests
/// only, so everybody may have it.
pub(crate) async fn proof(_: Session, Shared(web): Shared<Web>, Path(no): Path<String>) -> Answer {
    let no = entry_no(&no)?;
    let text = match prove::proof(&web.app, no).await {
        Ok(proof) => proof.to_text(),
        Err(error @ prove::ProveError::Log(_)) => return Err(unproved(&web.app, no, error).await),
        Err(error) => return Err(error.into()),
    };
    Ok(download::file("text/plain; charset=utf-8", &format!("entry-{no}.tlog-proof"), text))
}

/// Why there is no proof: what the drawing of it says, where it can be drawn.
async fn unproved(app: &Arc<App>, no: i64, error: prove::ProveError) -> Failure {
    let drawn = trace::trace(app, no).await.ok().flatten().map(|trace| drawn(&trace));
    match drawn.as_ref().and_then(|proof| Some((proof, proof.differs?))) {
        Some((proof, step)) => {
            Failure::unproved(no, &proof.broken(Lang::Zh, step), &proof.broken(Lang::En, step))
        }
        None => error.into(),
    }
}

fn told(lang: Lang, app: &App, told: &Act) -> Told {
    let actor = &told.body.actor;
    Told {
        what: words::phrase(lang, &app.rules, &told.body.act, told.again),
        who: actor.name.clone(),
        role: lang.t(actor.role.zh(), actor.role.en()).to_owned(),
        organisation: told.organisation.clone(),
        document: told.document.map(|id| (words::count(id), told.title.clone())),
        household: told.household.as_ref().map(|no| HouseholdRef::new(no, &told.head)),
        changes: words::changes(lang, &app.profile, &told.changes),
    }
}

/// Address of the bundle of what an act is about; empty when it is about
/// nothing that can be packed.
fn bundle(told: &Act) -> String {
    match (told.document, &told.household) {
        (Some(document), _) => format!("/doc/{document}/bundle"),
        (None, Some(no)) => format!("/household/{no}/bundle"),
        (None, None) => String::new(),
    }
}

/// The newest paper of these acts with its proof, for the audit page; none when
/// there is none to draw.
pub(super) async fn newest(lang: Lang, app: &Arc<App>, acts: &[Act]) -> Option<Shown> {
    let told = acts.iter().find(|told| told.document.is_some())?;
    match standing(lang, app, told.no).await {
        Standing::Drawn(proof) => {
            Some(Shown { title: told.title.clone(), proof, bundle: bundle(told) })
        }
        Standing::NotYet | Standing::Unseen(_) => None,
    }
}

/// The proof of an entry; that it cannot be looked at is shown in its place.
async fn standing(lang: Lang, app: &Arc<App>, no: i64) -> Standing {
    match trace::trace(app, no).await {
        Ok(Some(trace)) => Standing::Drawn(drawn(&trace)),
        Ok(None) => Standing::NotYet,
        Err(error) => {
            tracing::error!(%error, no, "the proof of an entry was not drawn");
            let why = match error {
                prove::ProveError::Log(_) => {
                    lang.t("封条或日志的文件读不懂", "checkpoint or tiles cannot be read")
                }
                prove::ProveError::Record(_) => {
                    lang.t("封条没有跟上来", "the checkpoint does not follow")
                }
                prove::ProveError::Db(_) => lang.t("数据库没有应答", "the database did not answer"),
                _ => lang.t("存储没有应答", "the store did not answer"),
            };
            Standing::Unseen(why.to_owned())
        }
    }
}

fn drawn(trace: &Trace) -> Proof {
    let hex = |hash: &crate::tlog::Hash| hex::encode(hash.0);
    let step = |step: &Turn| Step {
        left: step.left,
        beside: (step.beside.0, step.beside.1.saturating_sub(1)),
        neighbour: step.neighbour.as_ref().map(hex),
        computed: step.computed.as_ref().map(hex),
    };
    Proof {
        index: trace.index,
        size: trace.checkpoint.size,
        origin: trace.checkpoint.origin.clone(),
        leaf: hex(&trace.leaf),
        steps: trace.steps.iter().map(step).collect(),
        computed: trace.computed().as_ref().map(hex),
        published: hex(&trace.checkpoint.root),
        differs: trace.differs_at(),
    }
}
