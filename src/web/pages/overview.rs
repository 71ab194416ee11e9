//! 总览

use axum::extract::State as Shared;
use jiff::civil::Date;

use super::Answer;
use super::search::saved;
use crate::audit;
use crate::jobs;
use crate::living::due;
use crate::model::access::Right;
use crate::model::profile::Collector;
use crate::view;
use crate::web::lang::Lang;
use crate::web::page::overview::{Due, DueRow, Figures, Lacking, Overview, Unbound, Waiting};
use crate::web::page::part::{FailedJob, HouseholdRef, Progress, State};
use crate::web::session::{Session, go};
use crate::web::state::Web;
use crate::web::{text, words};

/// How many rows each group shows.
const SHOWN: usize = 8;

/// `GET /`
pub(crate) async fn show(session: Session, Shared(web): Shared<Web>) -> Answer {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    if !actor.may(Right::Look) {
        // Their work begins elsewhere.
        let first = session.frame.entries().first().map_or("/audit/check", |one| one.href());
        return Ok(go(first));
    }
    // Side by side: whoever opens it waits for the longest of them and not for all.
    let counted = async { Ok(view::overview(app, actor).await?) };
    let due = async { Ok(due::due(app, actor, SHOWN as u32).await?) };
    let jobs = async { Ok(jobs::list(app, actor, 500).await?) };
    let (seen, due, jobs, mut saved) = tokio::try_join!(counted, due, jobs, saved(&session, &web))?;
    // Those with news first; all of them are on the search page.
    saved.sort_by_key(|one| one.news == 0);
    saved.truncate(SHOWN);
    // It is of the whole archive: for those who watch over it.
    let last = match actor.may(Right::ReadLog) {
        true => audit::last(app, actor).await?,
        false => None,
    };
    let name = |papers: &[view::Document], job: &view::Job| match papers.first() {
        Some(paper) if !paper.title.is_empty() => paper.title.clone(),
        _ => job_name(&seen.waiting, job),
    };
    let failed: Vec<FailedJob> = jobs
        .iter()
        .filter(|(job, _)| job.state == "failed")
        .map(|(job, papers)| FailedJob {
            id: job.key.clone(),
            document: papers.first().map(|paper| words::count(paper.id)),
            about: name(papers, job),
            reason: job.error.clone(),
            tries: words::count(job.attempts),
        })
        .collect();
    let reading = jobs
        .iter()
        .filter(|(job, _)| job.state == "running" && job.total > 0)
        .map(|(job, papers)| Progress {
            name: name(papers, job),
            done: words::count(job.done),
            total: words::count(job.total),
        })
        .take(4)
        .collect();
    let page = Overview {
        frame: session.frame.clone(),
        today: words::at(app.now()).get(..10).unwrap_or_default().to_owned(),
        due: matters(lang, due),
        failed,
        waiting: seen.waiting.iter().take(SHOWN).map(|one| waiting(lang, app, one)).collect(),
        waiting_total: words::count(seen.waiting_total),
        lacking: seen
            .incomplete
            .iter()
            .take(SHOWN)
            .map(|one| Lacking {
                household: HouseholdRef::new(&one.no, &one.head),
                organisation: one.organisation_name.clone(),
                missing: words::lacking(lang, &app.profile, one),
                expected: words::count(one.expected),
            })
            .collect(),
        lacking_total: words::count(seen.incomplete_total),
        unbound: seen
            .unbound
            .iter()
            .take(SHOWN)
            .map(|one| Unbound {
                household: HouseholdRef::new(&one.no, &one.head),
                organisation: one.organisation_name.clone(),
                documents: words::count(one.unbound),
                version: Some(words::count(one.version)).filter(|version| *version > 0),
            })
            .collect(),
        unbound_total: words::count(seen.unbound_total),
        doubtful: words::count(seen.doubtful),
        reading,
        verified: last.map(|(time, _, report)| words::verified(lang, &time, &report)),
        saved,
        figures: Some(Figures {
            households: words::count(seen.households),
            documents: words::count(seen.documents),
            pages: words::count(seen.pages),
            bytes: words::count(seen.bytes),
        }),
    };
    session.show(&page)
}

/// What is due, in its three groups.
fn matters(lang: Lang, found: due::Due) -> Due {
    let today = found.today.clone();
    let mut rows: [Vec<DueRow>; 3] = Default::default();
    for one in found.matters {
        let left = match (today.parse::<Date>(), one.due.parse::<Date>()) {
            (Ok(today), Ok(due)) => today.until(due).map_or(0, |span| i64::from(span.get_days())),
            _ => 0,
        };
        let [late, now, week] = &mut rows;
        let group = match left {
            left if left < 0 => late,
            0 => now,
            _ => week,
        };
        if group.len() < SHOWN {
            group.push(matter(lang, one, left));
        }
    }
    let count = words::count;
    Due {
        late: count(found.late),
        now: count(found.now),
        week: count(found.week),
        rows,
        next: found.next,
    }
}

fn matter(lang: Lang, one: due::Matter, left: i64) -> DueRow {
    let level = Collector::named(&one.level).map(|level| words::level(lang, level));
    let owner: Vec<&str> = level.into_iter().chain([one.organisation_name.as_str()]).collect();
    let href = match one.register.as_str() {
        "" => format!("/household/{}", one.household),
        register => format!("/registers/{register}/{}/{}", one.organisation, one.number),
    };
    let who = match one.head.as_str() {
        "" => (one.number.clone(), String::new()),
        head => (head.to_owned(), text::short_no(&one.household)),
    };
    DueRow {
        href,
        who,
        about: lang.t(&one.about.zh, &one.about.en).to_owned(),
        held_at: lang.t(&one.held_at.zh, &one.held_at.en).to_owned(),
        owner: owner.join(lang.t("，", ", ")),
        due: one.due,
        left,
    }
}

/// The paper a job works on, by the name its file came with.
fn job_name(waiting: &[view::Waiting], job: &view::Job) -> String {
    let of = |one: &&view::Waiting| one.job.as_ref().is_some_and(|its| its.key == job.key);
    waiting
        .iter()
        .find(of)
        .map_or_else(|| job.key.chars().take(13).collect(), |one| one.file.clone())
}

fn waiting(lang: Lang, app: &crate::app::App, one: &view::Waiting) -> Waiting {
    let named = !one.type_code.is_empty();
    Waiting {
        document: words::count(one.document.id),
        name: if named {
            words::type_name(lang, &app.profile, &one.type_code)
        } else {
            one.title.clone()
        },
        pages: words::count(one.document.pages),
        household: one
            .candidate
            .as_ref()
            .map(|likely| HouseholdRef::new(likely.household.as_str(), &likely.head)),
        state: state(one),
        arrived: words::minute(&one.document.accepted_at),
    }
}

/// Where a waiting paper stands.
pub(super) fn state(one: &view::Waiting) -> State {
    match &one.job {
        Some(job) if job.state == "failed" => State::Late,
        _ if !one.read => State::Run,
        _ if one.sure => State::None,
        _ => State::Due,
    }
}
