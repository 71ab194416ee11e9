//! 户档: the file of one household, and its binding.

use std::collections::HashMap;

use axum::extract::{Path, State as Shared};

use super::uses::rows;
use super::{Answer, household_no};
use crate::binding::{self, Plan};
use crate::keying;
use crate::living::{findings, kinship, roster};
use crate::model::access::Right;
use crate::model::act::Act;
use crate::model::document::State;
use crate::model::look::Reason;
use crate::model::profile::Profile;
use crate::model::rules::Rules;
use crate::uses;
use crate::view::{self, Happening, HouseholdView, OfLevel, Place};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::household::{
    BindPlan, Event, Filed, Group, Household, Level, Missing, Person, Row, Standing, VolumeBrief,
};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{download, words};

/// How many looks the page of a household shows.
const LOOKS: u32 = 8;

/// `GET /household/{no}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    let no = household_no(&no)?;
    let (app, lang) = (&web.app, session.lang);
    let file = view::household(app, &session.actor, &no).await?;
    // A volume whose manifest is damaged must not hide the household.
    let plan = binding::plan(app, &session.actor, &no).await.map_err(Failure::from);
    let pages: HashMap<i64, (u64, u64)> = plan
        .iter()
        .flat_map(|plan| &plan.items)
        .map(|item| (item.document.0, (item.first_page.into(), item.last_page.into())))
        .collect();
    let seen = uses::of_household(app, &session.actor, &no, LOOKS).await?;
    let mut case = super::cases::case(app, lang, &file);
    if session.actor.may(Right::File) {
        case.proposed = super::cases::proposed(lang, keying::steps(app, &file).await?);
    }
    let page = Household {
        frame: session.frame.clone(),
        no: file.household.no.clone(),
        head: file.household.head.clone(),
        address: file.household.address.clone(),
        organisation: file
            .region
            .last()
            .cloned()
            .unwrap_or_else(|| file.household.organisation.clone()),
        status: session.said(),
        open_findings: findings::open_of(app, &session.actor, &no).await?,
        people: people(&file),
        has_roster: roster::has_original(app, &session.actor, &no).await?,
        kin: super::kinship::shown(lang, kinship::of_household(app, &session.actor, &no).await?),
        case,
        groups: groups(lang, &web, &file, &pages),
        documents: file.places.iter().filter(|place| place.document.is_some()).count() as u64,
        levels: levels(lang, &web, &file),
        volume: file.versions.last().map(|volume| VolumeBrief {
            version: words::count(volume.version),
            reference_code: Some(volume.reference_code.clone()),
            documents: words::count(volume.items),
            pages: words::count(volume.pages),
            bound: words::date(&volume.bound_at),
            by: volume.bound_by.clone(),
        }),
        unbound: file.unbound() as u64,
        bind: bind_plan((lang, &web.app.profile), &file, plan),
        visitors: std::iter::once(file.household.head.clone())
            .chain(file.members.iter().map(|one| one.name.clone()))
            .collect(),
        events: events(lang, &web.app.rules, &file.history),
        events_total: words::count(file.history_total),
        looks: rows(lang, &seen.uses),
        looks_total: words::count(seen.total),
        reads_uses: session.actor.may(Right::ReadUse),
    };
    session.show(&page)
}

/// `POST /household/{no}/roster`: the roster it was opened from, as it came; that is noted
/// with the reason.
pub(crate) async fn original(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let file = roster::original(&web.app, &session.actor, &no, Some(reason)).await?;
    Ok(download::file(file.mime, &file.name, file.bytes))
}

/// The head and the members.
fn people(file: &HouseholdView) -> Vec<Person> {
    let head = Person {
        name: file.household.head.clone(),
        relation: String::new(),
        number: file.household.id_number.clone(),
    };
    let members = file.members.iter().map(|one| Person {
        name: one.name.clone(),
        relation: one.relation.clone(),
        number: one.id_number.clone(),
    });
    std::iter::once(head).chain(members).collect()
}

/// The places by the class they stand under in the volume.
fn groups(
    lang: Lang,
    web: &Web,
    file: &HouseholdView,
    pages: &HashMap<i64, (u64, u64)>,
) -> Vec<Group> {
    let profile = &web.app.profile;
    let mut groups: Vec<Group> = Vec::new();
    let mut order = 0;
    for place in &file.places {
        let class = profile.type_of(&place.type_code).and_then(|kind| profile.class_of(kind));
        let name = match class {
            Some(class) => lang.t(&class.name, &class.name_en),
            None => lang.t("还没定件种", "Type not known yet"),
        };
        let row = row(lang, web, place, &mut order, pages);
        match groups.last_mut() {
            Some(last) if last.name == name => last.rows.push(row),
            _ => groups.push(Group { name: name.to_owned(), rows: vec![row] }),
        }
    }
    groups
}

fn row(
    lang: Lang,
    web: &Web,
    place: &Place,
    order: &mut u64,
    pages: &HashMap<i64, (u64, u64)>,
) -> Row {
    let Some(document) = &place.document else {
        return Row::Missing(Missing {
            type_code: place.type_code.clone(),
            name: words::type_name(lang, &web.app.profile, &place.type_code),
            owner: place.collector.map_or("", |level| words::level(lang, level)).to_owned(),
            since: place.since.clone(),
        });
    };
    *order += 1;
    Row::Filed(Filed {
        document: words::count(document.id),
        order: *order,
        type_code: place.type_code.clone(),
        title: place.title.clone(),
        responsible: document.responsible.clone(),
        date: document.date.clone(),
        pages: pages.get(&document.id).copied(),
        standing: match (place.bound, place.stopped, place.read) {
            _ if !place.sent_back.is_empty() => Standing::SentBack,
            (true, ..) => Standing::Bound,
            (_, true, _) => Standing::Unread,
            (_, _, false) => Standing::Reading,
            _ => Standing::Unbound,
        },
    })
}

fn levels(lang: Lang, web: &Web, file: &HouseholdView) -> Vec<Level> {
    let level = |one: &OfLevel| Level {
        name: words::level(lang, one.collector).to_owned(),
        have: one.have as u64,
        expected: one.wanted as u64,
        missing: file
            .missing()
            .filter(|place| place.collector == Some(one.collector))
            .map(|place| words::type_name(lang, &web.app.profile, &place.type_code))
            .collect(),
    };
    file.completeness.iter().filter(|one| one.wanted > 0).map(level).collect()
}

/// What binding would do; none when there is nothing to bind.
fn bind_plan(
    (lang, profile): (Lang, &Profile),
    file: &HouseholdView,
    plan: Result<Plan, Failure>,
) -> Option<BindPlan> {
    let plan = match plan {
        Ok(plan) if plan.items.is_empty() => return None,
        Ok(plan) if plan.changes.is_empty() && !file.versions.is_empty() => return None,
        Ok(plan) => plan,
        Err(failure) => {
            return Some(BindPlan {
                version: file.versions.last().map_or(1, |volume| words::count(volume.version) + 1),
                documents: 0,
                pages: 0,
                changes: Vec::new(),
                missing: Vec::new(),
                note: String::new(),
                obstacles: vec![failure.sentence.said_in(lang)],
            });
        }
    };
    let changed = |word: &str, titles: &[String]| -> Vec<String> {
        titles.iter().map(|title| format!("{word}{}{title}", lang.t("：", ": "))).collect()
    };
    let mut changes = Vec::new();
    if plan.version > 1 {
        changes.extend(changed(lang.t("加入", "Added"), &plan.changes.added));
        changes.extend(changed(lang.t("更正", "Corrected"), &plan.changes.changed));
        changes.extend(changed(lang.t("撤出", "Taken out"), &plan.changes.removed));
    }
    let as_proposed: Vec<String> =
        plan.as_proposed.iter().map(|one| one.description.title.clone()).collect();
    changes.extend(changed(lang.t("照识别的归入", "Filed as read"), &as_proposed));
    let missing = plan.missing.into_iter().map(|name| {
        let kind = profile.types.iter().find(|kind| kind.name == name);
        lang.t(&name, kind.map_or(&name, |kind| &kind.name_en)).to_owned()
    });
    Some(BindPlan {
        version: words::count(plan.version),
        documents: words::len(&plan.items),
        pages: plan.items.last().map_or(0, |item| item.last_page.into()),
        changes,
        missing: missing.collect(),
        note: String::new(),
        obstacles: Vec::new(),
    })
}

/// What happened, newest first.
fn events(lang: Lang, rules: &Rules, history: &[Happening]) -> Vec<Event> {
    let event = |(at, happening): (usize, &Happening)| {
        let document = happening.body.act.document(happening.no);
        let before = history.iter().skip(at + 1);
        let again = matches!(happening.body.act, Act::FileDocument { .. })
            && before
                .filter(|one| matches!(one.body.act, Act::FileDocument { .. }))
                .any(|one| one.body.act.document(one.no) == document);
        Event {
            entry: words::count(happening.no),
            date: words::date(&happening.time),
            what: words::phrase(lang, rules, &happening.body.act, again),
            who: happening.body.actor.name.clone(),
            changed: true,
        }
    };
    history.iter().enumerate().map(event).collect()
}

/// `POST /household/{no}/bind`
pub(crate) async fn bind(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let bound = match binding::bind(&web.app, &session.actor, &no, fields.text("note")).await {
        Err(binding::BindError::Unchanged(version)) => {
            let sentence = match session.lang {
                Lang::Zh => format!("没有变化，还是第{version}版。"),
                Lang::En => format!("Nothing has changed since version {version}."),
            };
            return Ok(go_saying(&format!("/household/{no}"), &sentence));
        }
        bound => bound?,
    };
    let sentence = match session.lang {
        Lang::Zh => format!("已装订成第{}版，{}件{}页。", bound.version, bound.items, bound.pages),
        Lang::En => format!(
            "Bound as version {}: {} documents, {} pages.",
            bound.version, bound.items, bound.pages
        ),
    };
    Ok(go_saying(&format!("/volume/{no}"), &sentence))
}

/// Whether a paper is filed, so that it can be corrected.
pub(super) fn is_filed(document: &view::Document) -> bool {
    matches!(document.state(), State::Filed | State::Undescribed) && document.household.is_some()
}
