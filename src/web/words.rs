//! The words for what use cases tell in their own terms: acts, levels, reasons.

mod acts;
mod kinship;
mod time;

pub(crate) use self::acts::{about, act, changes, phrase, place, population};
pub(crate) use self::kinship::ended;
pub(crate) use self::time::{at, clock, date, day_of, minute, moment, no_date, typed_date};
use super::lang::Lang;
use super::page::part::{TypeChoice, Verified};
use super::text;
use crate::audit::{Finding, Report};
use crate::extract::Source;
use crate::filing::Reason;
use crate::model::field::{Field, nth};
use crate::model::lending::Rule;
use crate::model::notice::NoticeRule;
use crate::model::profile::{Collector, DocumentType, Profile};

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

/// What a field is called, with its number where it is not the first of several.
pub(crate) fn field(lang: Lang, field: &Field, code: &str) -> String {
    let name = lang.t(&field.name, &field.name_en);
    match (nth(code), lang) {
        (None | Some(1), _) => name.to_owned(),
        (Some(nth), Lang::Zh) => format!("{name}（{nth}）"),
        (Some(nth), Lang::En) => format!("{name} ({nth})"),
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
pub(crate) fn notice_rule(rule: NoticeRule) -> (String, String) {
    let (zh, en) = match rule {
        NoticeRule::TooShort(days) => {
            return (
                format!("初审公示要满{days}天。"),
                format!("A notice of the first opinion is up for {days} days."),
            );
        }
        NoticeRule::Days => (
            "日期不对：先后要对，前后不超过一年。",
            "The days are in order, and not more than a year away.",
        ),
        NoticeRule::NotPaid => (
            "这一户没有在保，也没有在申请，不能公示。",
            "The household neither receives the allowance nor applies for it.",
        ),
        NoticeRule::Nobody => {
            ("这一户已经没有人了，不能公示。", "Nobody lives in the household any more.")
        }
        NoticeRule::Otherwise => (
            "确认公示的金额要和决定的一样。",
            "What is confirmed is put up with the amount that was decided.",
        ),
        NoticeRule::Reason => ("请用一句话写明原因。", "Say why in one sentence."),
    };
    (zh.to_owned(), en.to_owned())
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
}
