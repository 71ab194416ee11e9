//! What acts are called, what they are about, and where that is shown.

use super::kinship::linked;
use super::{len, type_name};
use crate::history::{Change, Field, Told};
use crate::model::act::{Act, Side};
use crate::model::draw::BELOW;
use crate::model::id::HouseholdNo;
use crate::model::living::Step;
use crate::model::profile::Profile;
use crate::model::register::Entered;
use crate::model::roster_file::RosterSource;
use crate::model::rules::Rules;
use crate::web::lang::Lang;
use crate::web::page::history::Change as Corrected;
use crate::web::text;

/// What an act is called; `again` when the paper had been filed before.
pub(crate) fn act(lang: Lang, act: &Act, again: bool) -> &'static str {
    let (zh, en) = act.words(again);
    lang.t(zh, en)
}

/// An act as a phrase with what it is about: `收入证明归入`.
pub(crate) fn phrase(lang: Lang, rules: &Rules, done: &Act, again: bool) -> String {
    let word = act(lang, done, again);
    let about = match done {
        Act::AcceptDocument { file, .. } => file.name.clone(),
        Act::FileDocument { description, .. } => description.title.clone(),
        Act::ReturnDocument { reason, .. }
        | Act::DestroyKeys { reason, .. }
        | Act::AskDestruction { reason, .. }
        | Act::RefuseDestruction { reason, .. } => reason.clone(),
        Act::BindVolume { version, .. } => match lang {
            Lang::Zh => format!("第{version}版"),
            Lang::En => format!("version {version}"),
        },
        Act::TakeStep(step) => called(lang, rules, step),
        Act::OpenHousehold { source: Some(source), .. } => carried(lang, rules, source),
        Act::SendBack(sent) => sent.reason.clone(),
        Act::EnterRow(said) => row(lang, rules, said),
        Act::LinkHouseholds(said) => linked(lang, said),
        Act::UnlinkHouseholds(said) => said.words.clone(),
        Act::StateFacts(said) if !said.words.is_empty() => said.words.clone(),
        Act::StateFacts(said) => lang.count(len(&said.facts), "项", "value", "values"),
        _ => String::new(),
    };
    match lang {
        _ if about.is_empty() => word.to_owned(),
        Lang::Zh => format!("{word}：{about}"),
        Lang::En => format!("{word}: {about}"),
    }
}

/// What a step is called: as it was then, and in English as the rules have it now.
fn called(lang: Lang, rules: &Rules, step: &Step) -> String {
    let english = || {
        let procedure = rules.procedure(&step.procedure)?;
        Some(format!("{}: {}", procedure.name_en, procedure.step(&step.step)?.name_en))
    };
    let english = Some(lang).filter(|lang| *lang == Lang::En).and_then(|_| english());
    english.unwrap_or_else(|| step.called.clone())
}

/// What a row of a register is called, in the same way.
fn row(lang: Lang, rules: &Rules, said: &Entered) -> String {
    let english = || {
        let register = rules.register(&said.register)?;
        Some(format!("{}: {}", register.name_en, register.stage(&said.stage)?.name_en))
    };
    let english = Some(lang).filter(|lang| *lang == Lang::En).and_then(|_| english());
    format!("{} {}", english.unwrap_or_else(|| said.called.clone()), said.number)
}

/// From whom is drawn. What was `told` when it was ordered is Chinese; in English it is made
/// from the organisation's name there and the codes of state and category.
pub(crate) fn population(
    lang: Lang,
    rules: &Rules,
    told: &str,
    [state, category]: [&str; 2],
) -> String {
    let english = || {
        let (organisation, _) = told.split_once(BELOW)?;
        let state = &rules.state(state)?.name_en;
        let category = match category {
            "" => "all categories",
            code => &rules.category(code)?.name_en,
        };
        Some(format!("{organisation} and below, {state}, {category}, as of this entry"))
    };
    let english = Some(lang).filter(|lang| *lang == Lang::En).and_then(|_| english());
    english.unwrap_or_else(|| told.to_owned())
}

/// By which step a household goes on that a roster opened, or empty.
fn carried(lang: Lang, rules: &Rules, source: &RosterSource) -> String {
    source.carried.as_ref().map_or_else(String::new, |step| called(lang, rules, step))
}

/// On what an act was done, as a phrase.
pub(crate) fn about(lang: Lang, rules: &Rules, told: &Told) -> String {
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
        Act::RotateKey { new, .. } => new.clone(),
        Act::RetireKey { key } => key.clone(),
        Act::TimestampCheckpoint { size, .. } | Act::SealAccessLog { size, .. } => match lang {
            Lang::Zh => format!("前{}条", text::number(*size)),
            Lang::En => format!("the first {} entries", text::number(*size)),
        },
        Act::RepairObject { repair } => match repair.side {
            Side::Store => repair.path.clone(),
            Side::Copy => format!("{}{}", lang.t("副本里的", "in the copy: "), repair.path),
        },
        Act::AskLending { borrower, .. } => household
            .into_iter()
            .chain([borrower.name().to_owned()])
            .collect::<Vec<_>>()
            .join(lang.t("，", ", ")),
        Act::BeginEncryption { keys } => keys.clone(),
        Act::EncryptBlobs { side, files, .. } => {
            let place = match side {
                Side::Store => "",
                Side::Copy => lang.t("副本里的", "in the copy: "),
            };
            match lang {
                Lang::Zh => format!("{place}{}份文件", text::number(*files)),
                Lang::En => format!("{place}{} files", text::number(*files)),
            }
        }
        Act::AskDestruction { reason, .. } | Act::RefuseDestruction { reason, .. } => {
            let all = household.into_iter().chain([reason.clone()]);
            all.collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::DestroyKeys { objects, reason, .. } => {
            let files = match lang {
                Lang::Zh => format!("{}份文件", text::number(objects.len() as u64)),
                Lang::En => format!("{} files", text::number(objects.len() as u64)),
            };
            let all = household.into_iter().chain([files, reason.clone()]);
            all.collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::BindVolume { version, .. } => {
            let version = match lang {
                Lang::Zh => format!("第{version}版"),
                Lang::En => format!("version {version}"),
            };
            household.into_iter().chain([version]).collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::TakeStep(step) => {
            let all = household.into_iter().chain([called(lang, rules, step)]);
            all.collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::EnterRow(said) => {
            let row = row(lang, rules, said);
            household.into_iter().chain([row]).collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::LinkHouseholds(said) => linked(lang, said),
        Act::UnlinkHouseholds(said) => {
            let both = [&said.from, &said.to].map(HouseholdNo::short).join(" → ");
            [both, said.words.clone()].join(lang.t("，", ", "))
        }
        Act::OrderDraw(order) => {
            population(lang, rules, &order.population, [&order.state, &order.category])
        }
        Act::DrawSample(drawn) => lang.count(len(&drawn.drawn), "户", "household", "households"),
        Act::SendBack(sent) => title
            .into_iter()
            .chain([sent.reason.clone()])
            .collect::<Vec<_>>()
            .join(lang.t("，", ", ")),
        Act::ReturnDocument { reason, .. } => {
            title.into_iter().chain([reason.clone()]).collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        _ => title.into_iter().chain(household).collect::<Vec<_>>().join(lang.t("，", ", ")),
    }
}

/// Address of what an act was about; empty when that has no page.
pub(crate) fn place(told: &Told) -> String {
    match (&told.body.act, told.document, &told.household) {
        (Act::BindVolume { version, .. }, _, Some(no)) => format!("/volume/{no}?v={version}"),
        (Act::EnterRow(said), ..) => {
            format!("/registers/{}/{}/{}", said.register, said.organisation, said.number)
        }
        (Act::OrderDraw(_) | Act::DrawSample(_), ..) => "/registers/spot_checks".to_owned(),
        (_, Some(document), _) => format!("/doc/{document}"),
        (_, None, Some(no)) => format!("/household/{no}"),
        (_, None, None) => String::new(),
    }
}

/// What a correction changed, in words.
pub(crate) fn changes(lang: Lang, profile: &Profile, changes: &[Change]) -> Vec<Corrected> {
    let value = |field: Field, value: &str| match field {
        _ if value.is_empty() => lang.t("（空）", "(empty)").to_owned(),
        Field::Type => type_name(lang, profile, value),
        Field::Household => text::short_no(value),
        _ => value.to_owned(),
    };
    let hidden = || lang.t("另一户（不在您的范围里）", "another (outside your scope)").to_owned();
    let word = |change: &Change| Corrected {
        field: match change.field {
            Field::Household => lang.t("户", "Household"),
            Field::Type => lang.t("件种", "Type"),
            Field::Title => lang.t("题名", "Title"),
            Field::Date => lang.t("日期", "Date"),
            Field::Responsible => lang.t("责任者", "Responsible"),
            Field::DocumentNo => lang.t("文号", "Document no."),
            Field::Remarks => lang.t("备注", "Remarks"),
        }
        .to_owned(),
        before: change.before.as_ref().map_or_else(hidden, |before| value(change.field, before)),
        after: value(change.field, &change.after),
    };
    changes.iter().map(word).collect()
}
