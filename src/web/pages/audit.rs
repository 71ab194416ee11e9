//! 审计: the last verification, the one that runs, and the log.

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS};
use crate::audit::{self, Report};
use crate::history::{self, Told};
use crate::model::act::Act;
use crate::web::lang::Lang;
use crate::web::page::audit::{ActRow, Audit, Class, Finding};
use crate::web::page::part::{HouseholdRef, Progress};
use crate::web::session::{Fields, Session, go};
use crate::web::state::Web;
use crate::web::{text, words};

/// How many findings the page shows.
const FINDINGS: usize = 200;

/// What the address of the page says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    before: Option<i64>,
}

/// `GET /audit`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let last = audit::last(app, &session.actor).await?;
    let history::Acts { told: acts, older, .. } = history::acts(app, &session.actor, asked.before, ROWS).await?;
    let found = last.as_ref().map(|(_, _, report)| findings(lang, report)).unwrap_or_default();
    let page = Audit {
        frame: session.frame.clone(),
        last: last.map(|(time, _, report)| words::verified(lang, &time, &report)),
        running: web.verifying.progress().map(|(done, total)| Progress {
            name: lang.t("核验", "Verification").to_owned(),
            done,
            total,
        }),
        problem: web.verifying.problem(),
        findings_total: words::len(&found),
        findings: found.into_iter().take(FINDINGS).collect(),
        acts: acts.iter().map(|told| act(lang, told)).collect(),
        before: older.map(words::count),
    };
    session.show(&page)
}

/// `POST /audit/verify`: starts a verification; one at a time.
pub(crate) async fn verify(session: Session, Shared(web): Shared<Web>, _: Fields) -> Answer {
    web.verifying.start(web.app.clone(), session.actor.clone());
    Ok(go("/audit"))
}

fn findings(lang: Lang, report: &Report) -> Vec<Finding> {
    let classes = [
        (Class::Changed, &report.changed),
        (Class::Missing, &report.missing),
        (Class::Untracked, &report.untracked),
        (Class::Unseen, &report.unread),
    ];
    let finding = |class: Class, one: &audit::Finding| Finding {
        class,
        // Of an object that nothing names, the last part of its path.
        sha256: one.object.rsplit('/').next().unwrap_or_default().to_owned(),
        document: one.document.map(words::count),
        title: one.title.clone(),
        household: one.household.as_ref().map(|no| HouseholdRef::new(no, &one.head)),
        detail: detail(lang, class, one),
    };
    classes.iter().flat_map(|(class, found)| found.iter().map(|one| finding(*class, one))).collect()
}

fn detail(lang: Lang, class: Class, one: &audit::Finding) -> String {
    let what = match one.kind {
        "original" => lang.t("原文", "Original"),
        "manifest" => lang.t("案卷清单", "Manifest of a volume"),
        "act" => lang.t("存证里一条行为的正文", "Body of a log entry"),
        "log" => lang.t("存证日志的一部分", "Part of the log"),
        _ => lang.t("文件", "Object"),
    };
    let how = match class {
        Class::Changed => {
            lang.t("与存证不符，已停止提供", "differs from the log and is not given out")
        }
        Class::Missing => lang.t("存储里没有", "is not in the store"),
        Class::Untracked => lang.t("目录里没有哪一件用到它", "is named by nothing in the catalog"),
        Class::Unseen => lang.t("没能读到", "could not be read"),
    };
    match (lang, one.reason.as_str()) {
        (Lang::Zh, "") => format!("{what}{how}"),
        (Lang::Zh, reason) => format!("{what}{how}（{reason}）"),
        (Lang::En, "") => format!("{what} {how}"),
        (Lang::En, reason) => format!("{what} {how} ({reason})"),
    }
}

fn act(lang: Lang, told: &Told) -> ActRow {
    ActRow {
        entry: words::count(told.no),
        when: words::clock(&told.time),
        what: words::act(lang, &told.body.act, told.again).to_owned(),
        who: told.body.actor.name.clone(),
        about: about(lang, told),
        href: match (told.document, &told.household) {
            (Some(document), _) => format!("/doc/{document}"),
            (None, Some(no)) => format!("/household/{no}"),
            (None, None) => String::new(),
        },
    }
}

/// On what an act was done, as a phrase.
fn about(lang: Lang, told: &Told) -> String {
    let household =
        told.household.as_deref().map(|no| format!("{} {}", text::short_no(no), told.head));
    let title = Some(told.title.clone()).filter(|title| !title.is_empty());
    match &told.body.act {
        Act::CreateArchive { fonds_name, .. } => fonds_name.clone(),
        Act::RegisterOrganisation { name, .. } => name.clone(),
        Act::CheckFixity { result } => match lang {
            Lang::Zh => format!("{}份文件", text::number(result.checked)),
            Lang::En => format!("{} files", text::number(result.checked)),
        },
        Act::BindVolume { version, .. } => {
            let version = match lang {
                Lang::Zh => format!("第{version}版"),
                Lang::En => format!("version {version}"),
            };
            household.into_iter().chain([version]).collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        _ => title.into_iter().chain(household).collect::<Vec<_>>().join(lang.t("，", ", ")),
    }
}
