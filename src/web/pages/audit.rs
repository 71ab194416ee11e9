//! 审计: the checkpoint, the last verification and the one that runs, the log.

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS, entry, seal};
use crate::app::App;
use crate::audit::{self, Report, SecondCopy};
use crate::history::{self, Acts, Told};
use crate::model::access::Right;
use crate::model::act::Repair;
use crate::model::rules::Rules;
use crate::prove::seal::Standing;
use crate::record::RecordError;
use crate::uses;
use crate::web::lang::Lang;
use crate::web::page::audit::{AccessLog, ActRow, Audit, Broken, Class, Copy, Finding, LogRow};
use crate::web::page::part::{HouseholdRef, Progress, Verified};
use crate::web::session::{Fields, Session, go};
use crate::web::state::Web;
use crate::web::{text, words};

/// How many findings the page shows.
const FINDINGS: usize = 200;

/// What the address of the page says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    before: Option<i64>,
    #[serde(default)]
    class: String,
    from: Option<usize>,
}

/// `GET /audit`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let last = audit::last(app, &session.actor).await?;
    let acts = history::acts(app, &session.actor, asked.before, ROWS).await?;
    let class = Class::from_code(&asked.class);
    let mut found = last.as_ref().map(|(_, _, report)| findings(lang, report)).unwrap_or_default();
    found.retain(|finding| class.is_none_or(|class| finding.class == class));
    let (total, from) = (found.len(), asked.from.unwrap_or(0).min(found.len()));
    let next = Some(from + FINDINGS).filter(|next| *next < total).map(|next| next as u64);
    let standing = seal::standing(lang, app).await;
    let broken = broken(lang, &standing, last.as_ref().map(|(_, _, report)| report));
    let verified = last.as_ref().map(|(time, _, report)| words::verified(lang, time, report));
    let reported = last.as_ref().map(|(_, _, report)| report);
    let copies = copies(lang, app, reported.zip(verified.as_ref())).await?;
    let older = acts.older;
    let first = asked.before.is_none() && class.is_none();
    let shown = if first { entry::newest(lang, app, &acts.told).await } else { None };
    let seal = standing.as_ref().ok().and_then(|one| one.published.as_ref()).map(seal::shown);
    let none = || lang.t("还没有封条。", "There is no checkpoint yet. ").to_owned();
    let page = Audit {
        frame: session.frame.clone(),
        seal,
        unsealed: standing.err().unwrap_or_else(none),
        broken,
        shown,
        last_entry: history::last_verification(app).await?.map(words::count),
        running: web.verifying.progress().map(|(done, total)| Progress {
            name: lang.t("清点", "Sweep").to_owned(),
            done,
            total,
        }),
        problem: web.verifying.problem(),
        copies,
        last: verified,
        class,
        findings_total: total as u64,
        findings: found.into_iter().skip(from).take(FINDINGS).collect(),
        findings_next: next,
        acts: rows(lang, &app.rules, acts),
        before: older.map(words::count),
        access: access(lang, app, session.actor.may(Right::ReadUse)).await?,
    };
    session.show(&page)
}

/// How the access log stands; its register for those who may `read` it.
async fn access(lang: Lang, app: &App, read: bool) -> Result<AccessLog, RecordError> {
    let state = uses::state(app).await?;
    Ok(AccessLog {
        size: state.size,
        root: state.root,
        origin: match state.origin.as_str() {
            "" => lang.t("本机没有它的钥", "no key of it on this machine").to_owned(),
            origin => origin.to_owned(),
        },
        waiting: words::count(state.waiting),
        sealed: state.sealed.map(|(entry, size)| (words::count(entry), words::count(size))),
        behind: state.behind,
        problem: state.problem,
        read,
    })
}

/// The stores, as the last verification saw them, and how far the second one
/// follows.
async fn copies(
    lang: Lang,
    app: &App,
    last: Option<(&Report, &Verified)>,
) -> Result<Vec<Copy>, RecordError> {
    let name = |store: &str| match store.starts_with("s3://") {
        true => store.to_owned(),
        false => format!("{} {store}", lang.t("本机文件夹", "Folder")),
    };
    let seen = |name: String, place: &str| {
        let wrong = last.map(|(report, _)| {
            let all = report.changed.iter().chain(&report.missing);
            let of_files =
                |one: &&audit::Finding| !matches!(one.kind, "log" | "access" | "catalog");
            words::len(&all.filter(of_files).filter(|one| one.place == place).collect::<Vec<_>>())
        });
        Copy {
            name,
            there: last.zip(wrong).map(|((report, _), wrong)| report.checked.saturating_sub(wrong)),
            behind: wrong.unwrap_or(0),
            when: last.map(|(_, verified)| verified.when.clone()).unwrap_or_default(),
            follows: String::new(),
            away: false,
        }
    };
    let mut copies = vec![seen(name(&app.config.store), "store")];
    if let Some(second) = audit::second(app).await? {
        let (follows, away) = follows(lang, &second);
        copies.push(Copy { follows, away, ..seen(name(&second.address), "copy") });
    }
    Ok(copies)
}

/// How far the second copy follows, as a sentence, and whether it does not.
fn follows(lang: Lang, second: &SecondCopy) -> (String, bool) {
    let lacks = match second.behind {
        Some(0) => lang.t("日志齐了。", "It has the whole log. ").to_owned(),
        Some(n) => match lang {
            Lang::Zh => format!("还差{}条。", text::number(n)),
            Lang::En => lang.count(n, "", "entry behind. ", "entries behind. "),
        },
        None => lang.t("还不知道差多少。", "Nobody knows yet what it lacks. ").to_owned(),
    };
    match second.problem.as_str() {
        "" if second.copies == 2 => {
            let both = lang.t("两份都存好才答复。", "Acts wait for both.");
            (format!("{lacks}{both}"), false)
        }
        "" => (lacks, false),
        problem => (format!("{lacks}{problem}"), true),
    }
}

/// That the log is forked or shortened: seen now, or by the last verification.
fn broken(
    lang: Lang,
    standing: &Result<Standing, String>,
    report: Option<&Report>,
) -> Option<Broken> {
    let standing = standing.as_ref().ok()?;
    let found = report.map(|report| {
        // A tile can be made again from the entries; these cannot. What was taken away of
        // the checkpoints of before, or is right again, is no other history.
        let gone = |one: &audit::Finding| {
            one.code.ends_with(".missing") && one.object.starts_with("log/checkpoints/")
        };
        let history = |one: &&audit::Finding| {
            let of_log = one.kind == "log" && one.place == "store";
            let tile = one.object.starts_with("log/tile/");
            of_log && !tile && !gone(one) && !is_mended(report, one)
        };
        let all = report.changed.iter().chain(&report.missing);
        all.filter(history).map(|one| (one.object.clone(), one.reason.clone())).collect()
    });
    let found: Vec<(String, String)> = found.unwrap_or_default();
    if standing.wrong.is_none() && found.is_empty() {
        return None;
    }
    Some(Broken {
        sentence: seal::broken(lang, standing),
        published: standing.published.as_ref().map(seal::shown),
        known: standing.known.as_ref().map(seal::shown),
        found,
    })
}

/// The acts as rows; what is left out stays as a gap that can be seen.
fn rows(lang: Lang, rules: &Rules, acts: Acts) -> Vec<LogRow> {
    let mut rows: Vec<(i64, LogRow)> =
        acts.told.iter().map(|told| (told.no, LogRow::Act(act(lang, rules, told)))).collect();
    let mut hidden: Vec<(i64, i64)> = Vec::new();
    for no in acts.hidden {
        match hidden.last_mut() {
            Some((_, first)) if *first == no + 1 => *first = no,
            _ => hidden.push((no, no)),
        }
    }
    let gap = |(last, first)| (last, LogRow::Hidden(words::count(last), words::count(first)));
    rows.extend(hidden.into_iter().map(gap));
    rows.sort_by_key(|(no, _)| std::cmp::Reverse(*no));
    rows.into_iter().map(|(_, row)| row).collect()
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
        (Class::Untracked, &report.derived_only),
        (Class::Unseen, &report.unread),
    ];
    let finding = |class: Class, one: &audit::Finding| Finding {
        class,
        // Of an object that nothing names, the last part of its path.
        sha256: one.object.rsplit('/').next().unwrap_or_default().to_owned(),
        document: one.document.map(words::count),
        title: one.title.clone(),
        household: one.household.as_ref().map(|no| HouseholdRef::new(no, &one.head)),
        detail: detail(lang, class, one) + mended(lang, report, one),
    };
    classes.iter().flat_map(|(class, found)| found.iter().map(|one| finding(*class, one))).collect()
}

fn detail(lang: Lang, class: Class, one: &audit::Finding) -> String {
    let what = match one.kind {
        "original" => lang.t("原文", "Original"),
        "manifest" => lang.t("案卷清单", "Manifest of a volume"),
        "act" => lang.t("存证里一条行为的正文", "Body of a log entry"),
        "log" => lang.t("存证日志的一部分", "Part of the log"),
        "derived" => lang.t("派生件", "Something made from a blob"),
        "catalog" => lang.t("目录里的一行", "Row of the catalog"),
        "access" => lang.t("利用日志", "Access log"),
        _ => lang.t("文件", "Object"),
    };
    let of_copy = one.place == "copy";
    let how = match class {
        Class::Changed if matches!(one.kind, "original" | "manifest") => lang.t(
            "与存证不符，这样的内容不提供",
            "differs from the log; such bytes are never given out",
        ),
        Class::Changed => lang.t("与存证不符", "differs from the log"),
        Class::Missing if one.kind == "catalog" => {
            lang.t("没有，存证里有", "is not there, and the log has it")
        }
        Class::Missing if of_copy => lang.t("副本里没有", "is not in the second copy"),
        Class::Missing => lang.t("存储里没有", "is not in the store"),
        Class::Untracked => lang.t("目录里没有哪一件用到它", "is named by nothing in the catalog"),
        Class::Unseen => lang.t("没能读到", "could not be read"),
    };
    let place = if of_copy { lang.t("副本：", "Second copy: ") } else { "" };
    let row = if one.kind == "catalog" { one.path.as_str() } else { "" };
    let why: Vec<&str> =
        [row, one.reason.as_str()].into_iter().filter(|said| !said.is_empty()).collect();
    match (lang, why.join(lang.t("，", ", ")).as_str()) {
        (Lang::Zh, "") => format!("{place}{what}{how}"),
        (Lang::Zh, why) => format!("{place}{what}{how}（{why}）"),
        (Lang::En, "") => format!("{place}{what} {how}"),
        (Lang::En, why) => format!("{place}{what} {how} ({why})"),
    }
}

/// That what was found has been repaired, where it has.
fn mended(lang: Lang, report: &Report, one: &audit::Finding) -> &'static str {
    match is_mended(report, one) {
        true => lang.t("，已修复", "; repaired"),
        false => "",
    }
}

fn is_mended(report: &Report, one: &audit::Finding) -> bool {
    let its = |repair: &Repair| repair.path == one.path && repair.side.as_str() == one.place;
    report.repaired.iter().any(its)
}

fn act(lang: Lang, rules: &Rules, told: &Told) -> ActRow {
    ActRow {
        entry: words::count(told.no),
        when: words::clock(&told.time),
        what: words::act(lang, &told.body.act, told.again).to_owned(),
        who: told.body.actor.name.clone(),
        about: words::about(lang, rules, told),
        href: words::place(told),
    }
}
