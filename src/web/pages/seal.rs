//! 存证封条: the checkpoint as a file and as a certificate on paper, and its
//! words for other pages.

use std::sync::Arc;

use axum::extract::State as Shared;

use super::Answer;
use crate::app::App;
use crate::prove::ProveError;
use crate::prove::seal::{self, Sealed, Standing};
use crate::view;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::seal::{Seal, SealPrint, Signer, qr};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::{download, text, words};

/// The newest checkpoint, or why it was not seen, as a sentence.
pub(super) async fn standing(lang: Lang, app: &App) -> Result<Standing, String> {
    seal::seal(app).await.map_err(|error| {
        tracing::error!(%error, "the checkpoint was not read");
        match error {
            ProveError::Db(_) => lang.t(
                "数据库没有应答，封条没有看成。",
                "The database did not answer; the checkpoint was not read. ",
            ),
            _ => lang.t(
                "存储没有应答，封条没有看成。",
                "The store did not answer; the checkpoint was not read. ",
            ),
        }
        .to_owned()
    })
}

/// A checkpoint as pages show it.
pub(super) fn shown(sealed: &Sealed) -> Seal {
    let signer = |one: &seal::Signer| Signer {
        name: one.name.clone(),
        key: one.key.clone(),
        when: one.time.as_ref().map(|time| words::clock(time)),
        right: one.right,
    };
    Seal {
        origin: sealed.origin.clone(),
        size: sealed.size,
        root: sealed.root.clone(),
        when: words::clock(&sealed.time),
        signers: sealed.signatures.iter().map(signer).collect(),
        note: sealed.note.clone(),
    }
}

/// What is wrong with a log that is not one history, in one sentence.
pub(super) fn broken(lang: Lang, standing: &Standing) -> String {
    let n = text::number;
    let zh = lang == Lang::Zh;
    let sentence = match (&standing.published, &standing.known) {
        (Some(out), Some(own)) if out.origin != own.origin => {
            lang.t("公布的封条是另一本日志的。", "The published checkpoint is of another log.")
        }
        (Some(out), Some(own)) if out.size > own.size => {
            return match zh {
                true => format!(
                    "日志短了：公布的封条封住{}条，本库只有{}条。",
                    n(out.size),
                    n(own.size)
                ),
                false => format!(
                    "The log was shortened: {} entries were sealed, {} are here.",
                    n(out.size),
                    n(own.size)
                ),
            };
        }
        (Some(out), Some(own)) if out.size == own.size && out.root != own.root => {
            return match zh {
                true => {
                    format!("同样是{}条，公布的封条与本库的不是同一枚：历史被改过。", n(out.size))
                }
                false => format!(
                    "Two checkpoints over {} entries are not the same: history was changed.",
                    n(out.size)
                ),
            };
        }
        (Some(out), Some(own)) if out.size < own.size => {
            return match zh {
                true => format!("公布的封条封到第{}条，本库从没有签过这样一枚。", n(out.size)),
                false => format!(
                    "The published checkpoint covers {} entries; this archive never signed one like it.",
                    n(out.size)
                ),
            };
        }
        (Some(out), _) if out.signatures.iter().all(|one| one.right == Some(false)) => lang.t(
            "公布的封条不是日志的密钥签的。",
            "The published checkpoint is not signed by the key of the log.",
        ),
        (None, Some(_)) => lang.t(
            "公布的封条不见了，或者读不懂。",
            "The published checkpoint is gone, or cannot be read.",
        ),
        _ => lang.t(
            "上次清点时，存证日志与封条对不上。",
            "At the last sweep the log did not lead to its checkpoint.",
        ),
    };
    sentence.to_owned()
}

/// The published checkpoint, where it is that of this archive: one that is not is no
/// certificate of anything.
async fn published(app: &Arc<App>) -> Result<Sealed, Failure> {
    let standing = seal::seal(app).await?;
    match &standing.wrong {
        Some(why) => {
            let said = |lang| broken(lang, &standing);
            Err(Failure::broken_seal(said(Lang::Zh), said(Lang::En), why))
        }
        None => standing.published.ok_or_else(Failure::unsealed),
    }
}

/// `GET /audit/checkpoint`: the signed note, to be kept.
pub(crate) async fn note(_: Session, Shared(web): Shared<Web>) -> Answer {
    let sealed = published(&web.app).await?;
    let name = format!("checkpoint-{}.txt", sealed.size);
    Ok(download::file("text/plain; charset=utf-8", &name, sealed.note))
}

/// `GET /audit/checkpoint/print`
pub(crate) async fn print(session: Session, Shared(web): Shared<Web>) -> Answer {
    let sealed = published(&web.app).await?;
    let now = words::at(web.app.now());
    let page = SealPrint {
        frame: session.frame.clone(),
        keeper: view::status(&web.app, &session.actor).await?.fonds_name,
        printed: now.get(..16).unwrap_or(&now).to_owned(),
        code: qr::svg(&sealed.note),
        seal: shown(&sealed),
    };
    session.show(&page)
}
