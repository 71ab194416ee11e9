//! The words for what use cases tell in their own terms: acts, levels, reasons.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::lang::Lang;
use super::page::history::Change as Corrected;
use super::page::part::{TypeChoice, Verified};
use super::text;
use crate::audit::{Finding, Report};
use crate::extract::Source;
use crate::filing::Reason;
use crate::history::{Change, Field, Told};
use crate::model::act::{Act, Side};
use crate::model::id::HouseholdNo;
use crate::model::kinship::Linking;
use crate::model::lending::Rule;
use crate::model::notice::NoticeRule;
use crate::model::profile::{Collector, DocumentType, Profile};

/// A time as the office reads it, `2026-11-23 11:40:12`; what is no time stays
/// as it is.
pub(crate) fn clock(time: &str) -> String {
    match time.parse::<Timestamp>() {
        Ok(time) => at(time),
        Err(_) => time.to_owned(),
    }
}

/// As [`clock`], without the seconds.
pub(crate) fn minute(time: &str) -> String {
    let clock = clock(time);
    clock.get(..16).unwrap_or(&clock).to_owned()
}

/// As [`clock`], without the time of day.
pub(crate) fn date(time: &str) -> String {
    let clock = clock(time);
    clock.get(..10).unwrap_or(&clock).to_owned()
}

/// A time as the office reads it: in China, where it is.
pub(crate) fn at(time: Timestamp) -> String {
    let china = TimeZone::fixed(Offset::constant(8));
    china.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time in milliseconds since 1970 as the office reads it, without the
/// seconds; empty where there is none.
pub(crate) fn moment(millisecond: i64) -> String {
    minute(
        &Timestamp::from_millisecond(millisecond).map(|time| time.to_string()).unwrap_or_default(),
    )
}

/// As [`moment`], without the time of day.
pub(crate) fn day_of(millisecond: i64) -> String {
    moment(millisecond).get(..10).unwrap_or_default().to_owned()
}

/// What a browser says it is, as people call it: `Firefox · Windows`; as it says
/// it where it is another program.
pub(crate) fn browser(agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Most claim to be others too: the one that nobody else claims comes first.
    let name = known(&[
        ("MicroMessenger/", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = known(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} · {system}"),
        _ => agent.to_owned(),
    }
}

/// A count of the database as a page writes it.
pub(crate) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A count of items as a page writes it.
pub(crate) fn len<T>(items: &[T]) -> u64 {
    items.len() as u64
}

/// What a rule of notices says, in Chinese and English.
pub(crate) fn notice_rule(rule: NoticeRule) -> (&'static str, &'static str) {
    match rule {
        NoticeRule::TooShort => {
            ("初审公示要满七天。", "A notice of the first opinion is up for seven days.")
        }
        NoticeRule::Days => (
            "日期不对：先后要对，前后不超过一年。",
            "The days are in order, and not more than a year away.",
        ),
        NoticeRule::Reason => ("请用一句话写明原因。", "Say why in one sentence."),
    }
}

/// What a rule of lending says, in Chinese and English.
pub(crate) fn rule(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::OwnRequest => (
            "提请的人和借阅的人不能自己审批、交接，请换一人。",
            "Who asked or borrows neither decides nor hands over: somebody else has to.",
        ),
        Rule::Stage => (
            "这笔借阅现在不在这一步，刷新看看。",
            "This lending stands otherwise now; reload to see.",
        ),
        Rule::Past => ("这笔借阅已经到期。", "The term of this lending has passed."),
        Rule::Term => (
            "期限从今天起，最长30天；到期还要用，另行提请。",
            "A term ends today at the earliest and in 30 days at the latest; then ask anew.",
        ),
        Rule::Words => {
            ("理由要写，1到200个字，不换行。", "Give a reason of 1 to 200 characters in one line.")
        }
        Rule::Borrower => (
            "姓名、单位、证件名称及号码都要写，各不超过60个字。",
            "Name, body and certificate are needed, each up to 60 characters.",
        ),
        Rule::Household => ("这笔借阅不是这一户的。", "This lending is of another household."),
        Rule::Effect => (
            "同意过的借阅才登记效果，日期从同意那天到今天。",
            "An effect is noted of a lending that was agreed to, on a day from then up to today.",
        ),
        Rule::Pages => (
            "页数不对：交出的页数、份数从1到100000，收回的不能多于交出的。",
            "The pages do not add up: 1 to 100,000 pages and copies go out, and no more come back.",
        ),
    }
}

/// What an act is called; `again` when the paper had been filed before.
pub(crate) fn act(lang: Lang, act: &Act, again: bool) -> &'static str {
    let (zh, en) = act.words(again);
    lang.t(zh, en)
}

/// An act as a phrase with what it is about: `收入证明归入`.
pub(crate) fn phrase(lang: Lang, done: &Act, again: bool) -> String {
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
        Act::TakeStep(step) => step.called.clone(),
        Act::SendBack(sent) => sent.reason.clone(),
        Act::EnterRow(said) => format!("{} {}", said.called, said.number),
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

/// How many went from which household to which.
fn linked(lang: Lang, said: &Linking) -> String {
    let persons = lang.count(len(&said.moved), "人", "person", "persons");
    let [from, to] = [&said.from, &said.to].map(HouseholdNo::short);
    format!("{persons}{}{from} → {to}", lang.t("，", ", "))
}

/// On what an act was done, as a phrase.
pub(crate) fn about(lang: Lang, told: &Told) -> String {
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
            let all = household.into_iter().chain([step.called.clone()]);
            all.collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::EnterRow(said) => {
            let row = format!("{} {}", said.called, said.number);
            household.into_iter().chain([row]).collect::<Vec<_>>().join(lang.t("，", ", "))
        }
        Act::LinkHouseholds(said) => linked(lang, said),
        Act::UnlinkHouseholds(said) => {
            let both = [&said.from, &said.to].map(HouseholdNo::short).join(" → ");
            [both, said.words.clone()].join(lang.t("，", ", "))
        }
        Act::OrderDraw(order) => order.population.clone(),
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

/// The level that owes a paper.
pub(crate) fn level(lang: Lang, collector: Collector) -> &'static str {
    match lang {
        Lang::Zh => collector.zh(),
        Lang::En => match collector {
            Collector::Community => "Community",
            Collector::Street => "Street",
            Collector::Bureau => "Bureau",
        },
    }
}

/// Why a household may be the right one.
pub(crate) fn reasons(lang: Lang, reasons: &[Reason]) -> String {
    let words: Vec<&str> = reasons
        .iter()
        .map(|reason| match reason {
            Reason::Number => lang.t("户号相符", "number agrees"),
            Reason::IdNumber => lang.t("身份证号相符", "ID number agrees"),
            Reason::Head => lang.t("写有户主姓名", "names the head"),
            Reason::Member => lang.t("写有家庭成员姓名", "names a member"),
            Reason::Address => lang.t("住址相符", "address agrees"),
            Reason::Given => lang.t("收件时指定", "given when added"),
        })
        .collect();
    words.join(lang.t("，", ", "))
}

/// Where the text of a page comes from.
pub(crate) fn source(lang: Lang, source: Source) -> &'static str {
    match source {
        Source::TextLayer => lang.t("PDF自带文字", "PDF text"),
        Source::Ocr => lang.t("识别", "OCR"),
        Source::Person => lang.t("人工订正", "Corrected"),
        Source::None => lang.t("没读出", "Not read"),
    }
}

/// Why a page was read as it was. What is not known here stays in English.
pub(crate) fn why(lang: Lang, reason: &str) -> String {
    const KNOWN: [(&str, &str); 13] = [
        ("The file is a picture", "这是图片"),
        ("The page is a picture with", "整页是图片，自带的字很少"),
        ("The page has no embedded text", "PDF里没有自带文字"),
        ("The embedded text is sound; it lies unseen", "自带文字可信，压在图下"),
        ("The embedded text is sound", "自带文字可信"),
        ("The embedded text has characters without meaning", "自带文字有乱码"),
        ("The embedded text does not look like text", "自带文字不像文字"),
        ("The embedded text could not be read twice", "自带文字读不通"),
        ("Two readers of the embedded text agree", "自带文字两种读法对不上"),
        ("The page has", "自带文字太少"),
        ("Left unread after", "前面几页接连读不出，没有再读"),
        ("A person has looked at the whole page", "有人整页核对过"),
        ("The page was not recognised", "识别没有成功"),
    ];
    let known = KNOWN.iter().find(|(english, _)| reason.starts_with(english));
    match (lang, known) {
        (Lang::Zh, Some((_, chinese))) => (*chinese).to_owned(),
        _ => reason.trim_end_matches('.').to_owned(),
    }
}

/// The kind of a file by its media type.
pub(crate) fn kind(mime: &str) -> String {
    match mime {
        "image/jpeg" => "JPEG".to_owned(),
        other => other.rsplit('/').next().unwrap_or(other).to_uppercase(),
    }
}

/// The name of a type; its code while the profile does not know it.
pub(crate) fn type_name(lang: Lang, profile: &Profile, code: &str) -> String {
    profile.type_of(code).map_or_else(|| code.to_owned(), |kind| name_of(lang, kind))
}

fn name_of(lang: Lang, kind: &DocumentType) -> String {
    lang.t(&kind.name, &kind.name_en).to_owned()
}

/// The types a paper of a household can have.
pub(crate) fn types(lang: Lang, profile: &Profile) -> Vec<TypeChoice> {
    let choice =
        |kind: &DocumentType| TypeChoice { code: kind.code.clone(), name: name_of(lang, kind) };
    profile.household_types().map(choice).collect()
}

/// What the file of a household lacks: what steps left, or without a case what every
/// file must have.
pub(crate) fn lacking(lang: Lang, profile: &Profile, one: &crate::view::Listed) -> Vec<String> {
    if !one.lacks.is_empty() {
        return one.lacks.split(',').map(|code| type_name(lang, profile, code)).collect();
    }
    let there: Vec<&str> = one.kinds.split(',').collect();
    profile
        .required()
        .filter(|kind| !there.contains(&kind.code.as_str()))
        .map(|kind| name_of(lang, kind))
        .collect()
}

/// The last verification as pages show it.
pub(crate) fn verified(lang: Lang, time: &str, report: &Report) -> Verified {
    let files = |findings: &[Finding]| {
        let mut names: Vec<&str> = findings.iter().map(|one| one.object.as_str()).collect();
        names.dedup();
        names.len() as u64
    };
    let missing = files(&report.missing);
    // A part is never told as the whole.
    let left_out = match report.scope.whole {
        true => 0,
        false => report.scope.files.saturating_sub(report.checked + missing),
    };
    let destroyed = report.destroyed.iter().map(|(entry, files)| match lang {
        Lang::Zh => {
            format!("另有{}份的密钥已由日志第{entry}条销毁，谁也读不出了。", text::number(*files))
        }
        Lang::En => format!(
            " The keys of {} more were destroyed by log entry {entry}; nobody can read them.",
            text::number(*files)
        ),
    });
    Verified {
        destroyed: destroyed.collect(),
        when: minute(time),
        // What of the log is not right counts among what was looked at.
        checked: report.checked
            + missing
            + report.changed.iter().filter(|one| one.kind == "log").count() as u64,
        bytes: report.bytes,
        changed: files(&report.changed),
        missing,
        untracked: files(&report.untracked) + files(&report.derived_only),
        unseen: files(&report.unread).max(left_out),
        unseen_reason: match report.unread.first() {
            Some(one) => {
                lang.t("存储没有应答", "the store did not answer").to_owned()
                    + lang.t("：", ": ")
                    + &one.reason
            }
            None if left_out > 0 => {
                lang.t("这一次只看一部分", "this time a part was looked at").to_owned()
            }
            None => String::new(),
        },
    }
}

/// A date as a person types it, as `2026-03-09`; empty stays empty. None when
/// it is no date.
pub(crate) fn typed_date(typed: &str) -> Option<Option<jiff::civil::Date>> {
    let squeezed = crate::model::text::squeeze(typed);
    if squeezed.is_empty() {
        return Some(None);
    }
    let whole = if squeezed.len() == 8 && squeezed.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{}-{}-{}", &squeezed[..4], &squeezed[4..6], &squeezed[6..])
    } else {
        squeezed
    };
    match crate::model::text::dates(&whole).as_slice() {
        [(0, date)] => Some(Some(*date)),
        _ => None,
    }
}

/// The sentence for a date that is none.
pub(crate) fn no_date(lang: Lang) -> String {
    lang.t(
        "日期写成2026-03-09这样，不知道可以空着。",
        "Write a date as 2026-03-09, or leave it empty.",
    )
    .to_owned()
}

/// The sentence after a file that is held already came again.
pub(crate) fn known(lang: Lang, known: &crate::intake::Known) -> String {
    let day = date(&known.accepted_at);
    match (lang, &known.household) {
        (Lang::Zh, Some((_, head))) => format!("这份文件已在{day}归入{head}户，没有再存一份。"),
        (Lang::Zh, None) => {
            format!("这份文件已在收件台上（{}），没有再存一份。", text::day(lang, &day))
        }
        (Lang::En, Some((_, head))) => {
            format!("Held already: filed with {head} on {day}; not stored again.")
        }
        (Lang::En, None) => {
            format!("Held already: on the intake desk since {day}; not stored again.")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome · Windows");
        assert_eq!(browser(&format!("{chrome} Edg/142.0.0.0")), "Edge · Windows");
        assert_eq!(browser("curl/8.5.0"), "curl/8.5.0");
    }

    #[test]
    fn dates_are_taken_as_people_type_them() {
        for typed in ["20260309", "2026-3-9", "2026.3.9", " 2026年3月9日 ", "２０２６/３/９"]
        {
            let date = typed_date(typed).unwrap().unwrap();
            assert_eq!(date.to_string(), "2026-03-09", "{typed}");
        }
        assert_eq!(typed_date(" "), Some(None));
        for odd in ["昨天", "20261340", "2026-13-01", "2026-03-09和2026-03-10"] {
            assert_eq!(typed_date(odd), None, "{odd}");
        }
    }

    #[test]
    fn times_are_those_of_the_office() {
        assert_eq!(clock("2026-11-22T18:10:05Z"), "2026-11-23 02:10:05");
        assert_eq!(minute("2026-11-22T18:10:05.123Z"), "2026-11-23 02:10");
        assert_eq!(date("2026-11-22T18:10:05Z"), "2026-11-23");
        assert_eq!(clock("民国三十年"), "民国三十年");
    }
}
