//! 作业

use axum::extract::State as Shared;

use super::Answer;
use crate::web::lang::Lang;
use crate::web::page::jobs::{JobRow, JobState, Jobs};
use crate::web::page::search::told;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;
use crate::{jobs, search, view};

/// How many jobs are looked at, and how many of them are shown.
const LOOKED_AT: u32 = 5_000;
const SHOWN: usize = 200;

/// `GET /jobs`
pub(crate) async fn show(session: Session, Shared(web): Shared<Web>) -> Answer {
    let lang = session.lang;
    let seen = jobs::list(&web.app, &session.actor, LOOKED_AT).await?;
    let of = |wanted: fn(&JobState) -> bool| {
        seen.iter().filter(|(job, _)| wanted(&state(job))).count() as u64
    };
    let page = Jobs {
        frame: session.frame.clone(),
        failed: of(|state| *state == JobState::Failed),
        running: of(|state| *state == JobState::Running),
        waiting: of(|state| matches!(state, JobState::Waiting | JobState::Retrying)),
        rows: seen.iter().take(SHOWN).map(|(job, papers)| row(lang, job, papers)).collect(),
        status: session.said(),
        renewal: search::renewal(&web.app).await?.map(|one| told(lang, &one)),
    };
    session.show(&page)
}

fn state(job: &view::Job) -> JobState {
    match job.state.as_str() {
        "failed" => JobState::Failed,
        "running" => JobState::Running,
        _ if job.attempts > 0 => JobState::Retrying,
        _ => JobState::Waiting,
    }
}

fn row(lang: Lang, job: &view::Job, papers: &[view::Document]) -> JobRow {
    let first = papers.first();
    let about = first.map(|paper| match (paper.title.as_str(), lang) {
        ("", Lang::Zh) => format!("第{}号件", paper.id),
        ("", Lang::En) => format!("document {}", paper.id),
        (title, _) => title.to_owned(),
    });
    JobRow {
        id: job.key.clone(),
        state: state(job),
        kind: lang.t("识别", "Reading").to_owned(),
        document: first.map(|paper| words::count(paper.id)),
        about: about.unwrap_or_default(),
        reason: job.error.clone(),
        tries: words::count(job.attempts),
        done: words::count(job.done),
        total: words::count(job.total),
    }
}

/// `POST /jobs/retry`: the job of the form, or all that failed.
pub(crate) async fn retry(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let key = Some(fields.text("key")).filter(|key| !key.is_empty());
    let ready = jobs::retry(&web.app, &session.actor, key).await?;
    let sentence = match (ready, session.lang) {
        (0, lang) => {
            lang.t("没有停下的作业可以重试。", "No stopped job could be tried again.").to_owned()
        }
        (n, Lang::Zh) => format!("{n}项已重新排队。"),
        (n, Lang::En) => format!("Queued again: {n}."),
    };
    Ok(go_saying("/jobs", &sentence))
}
