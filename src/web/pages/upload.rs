//! Papers come in: a stream for every file, never a whole file in memory.

use axum::Json;
use axum::extract::State as Shared;
use axum::extract::multipart::{Field, Multipart};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde_json::json;

use super::Answer;
use crate::intake::{self, Taken};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::session::{Session, go_saying, wants_json};
use crate::web::state::Web;
use crate::web::words;

/// `POST /intake/upload`: takes every file of the form. A program is told of
/// each in JSON; a browser without scripts goes on to the desk.
pub(crate) async fn take(
    session: Session,
    Shared(web): Shared<Web>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Answer {
    let mut trusted = false;
    let mut outcomes: Vec<(String, Result<Taken, Failure>)> = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => {
                let text = short_text(field).await?;
                trusted = session.is_token(&text);
            }
            // The token stands before the files, so that nothing is taken
            // from a form that has none.
            Some("file") if !trusted => return Err(Failure::token()),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let taken = one(&session, &web, &name, field).await;
                // A browser sends one empty file when none was chosen.
                if !(name.is_empty() && taken.is_err()) {
                    outcomes.push((name, taken));
                }
            }
            _ => {}
        }
    }
    if !trusted {
        return Err(Failure::token());
    }
    if wants_json(&headers) {
        return as_json(session.lang, outcomes);
    }
    Ok(go_saying("/intake", &as_sentence(session.lang, &outcomes)))
}

/// The text of a field that is no file.
pub(super) async fn short_text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| Failure::form(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > 1024 {
            return Err(Failure::token());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn one(
    session: &Session,
    web: &Web,
    name: &str,
    mut field: Field<'_>,
) -> Result<Taken, Failure> {
    let taken = intake::take(&web.app, &session.actor, name, None, &mut field).await;
    if taken.is_err() {
        // A browser reads the answer only after it has sent everything.
        let mut left = web.app.config.limits.bytes.saturating_mul(4);
        while let Ok(Some(chunk)) = field.chunk().await {
            left = left.saturating_sub(chunk.len() as u64);
            if left == 0 {
                break;
            }
        }
    }
    let failed = |error: intake::IntakeError| {
        tracing::info!(%error, "a file was not taken in");
        Failure::from(error)
    };
    taken.map_err(failed)
}

/// One answer for one file, as the script sends them; a list for several.
fn as_json(lang: Lang, outcomes: Vec<(String, Result<Taken, Failure>)>) -> Answer {
    if let [(_, Err(failure))] = outcomes.as_slice() {
        return Err(failure.clone());
    }
    let mut answers: Vec<serde_json::Value> = outcomes
        .into_iter()
        .map(|(name, outcome)| match outcome {
            Ok(taken) => json!({
                "document": taken.document,
                "sha256": taken.sha256.to_string(),
                "bytes": taken.bytes,
                "pages": taken.pages,
                "duplicate_of": taken.duplicate_of.as_ref().map(|known| known.document),
                "message": taken.duplicate_of.as_ref().map(|known| words::known(lang, known)),
            }),
            Err(failure) => json!({
                "name": name,
                "error": failure.sentence.said_in(lang),
                "hint": failure.hint.said_in(lang),
            }),
        })
        .collect();
    Ok(match answers.len() {
        1 => Json(answers.remove(0)).into_response(),
        _ => Json(answers).into_response(),
    })
}

/// What became of the files, in a sentence for each kind of outcome.
fn as_sentence(lang: Lang, outcomes: &[(String, Result<Taken, Failure>)]) -> String {
    let mut said = Vec::new();
    let new = |one: &&(String, Result<Taken, Failure>)| {
        one.1.as_ref().is_ok_and(|taken| taken.duplicate_of.is_none())
    };
    let count = outcomes.iter().filter(new).count() as u64;
    if count > 0 {
        said.push(match lang {
            Lang::Zh => format!("收下{count}件，正在识别。"),
            Lang::En => format!("Accepted: {count}. They are being read."),
        });
    }
    for (name, outcome) in outcomes {
        match outcome {
            Ok(Taken { duplicate_of: Some(known), .. }) => {
                said.push(format!("{}{}", named(lang, name), words::known(lang, known)));
            }
            Ok(_) => {}
            Err(failure) => {
                let why = failure.sentence.said_in(lang);
                said.push(format!("{}{}{why}", named(lang, name), lang.t("没收：", "refused. ")));
            }
        }
    }
    if said.is_empty() {
        said.push(lang.t("没有选文件。", "No file was chosen.").to_owned());
    }
    // A cookie carries it; the desk shows the rest.
    said.join(lang.t("", " ")).chars().take(400).collect()
}

fn named(lang: Lang, name: &str) -> String {
    format!("{} ", lang.quote(&intake::clean_name(name)))
}
