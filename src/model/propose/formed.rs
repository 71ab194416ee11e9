//! When, by whom and under which number a paper was made: what its label says,
//! or the place where it is signed (落款): a body alone on a line, and below it
//! a date alone.

use jiff::civil::Date;

use super::SeenLine;
use crate::model::profile::{Dated, DocumentType, Responsible};
use crate::model::text::{dates, document_numbers, is_han, squeeze};

/// Labels before the date that counts.
const DATE_LABELS: [&str; 12] = [
    "填表日期",
    "填报日期",
    "申请日期",
    "授权日期",
    "调查日期",
    "出具日期",
    "签发日期",
    "评议时间",
    "申报时间",
    "受理日期",
    "核查日期",
    "公示日期",
];

/// Labels before the body that issued the paper.
const ISSUER_LABELS: [&str; 4] = ["登记机关", "签发机关", "发证机关", "出具单位"];

/// Last characters of the names of bodies.
const BODY_ENDS: &str = "局处会部所院校学站店厂场司社行队办府心科";

/// Numbers with these labels are those of a person or a household.
const NOT_OF_THE_PAPER: [&str; 4] = ["家庭编号", "户编号", "身份证", "人员编号"];

/// The date of the paper, and the line it stands on.
pub(super) fn date<'a>(
    lines: &'a [SeenLine],
    kind: Option<&DocumentType>,
) -> Option<(Date, &'a SeenLine)> {
    let dated = kind.map_or(Dated::Signed, |kind| kind.dated);
    match dated {
        Dated::Never => None,
        Dated::Last => last_date(lines),
        Dated::Signed => labelled_date(lines)
            .or_else(|| signed(lines).map(|(_, date, line)| (date, line)))
            .or_else(|| last_date(lines)),
    }
}

/// The body that issued the paper, or empty.
pub(super) fn issuer(lines: &[SeenLine], kind: Option<&DocumentType>) -> String {
    let to_be_read = kind.is_none_or(|kind| kind.responsible == Responsible::Issuer);
    labelled_body(lines)
        .or_else(|| signed(lines).map(|(body, ..)| body))
        .or_else(|| if to_be_read { last_body(lines) } else { None })
        .or_else(|| if to_be_read { first_body(lines) } else { None })
        .unwrap_or_default()
}

/// The number of the paper, and the line it stands on.
pub(super) fn number(lines: &[SeenLine]) -> Option<(String, &SeenLine)> {
    let official = lines.iter().find_map(|line| {
        let found = document_numbers(&squeeze(&line.text)).into_iter().next()?;
        Some((found, line))
    });
    official.or_else(|| lines.iter().find_map(|line| Some((labelled_number(line)?, line))))
}

fn labelled_date(lines: &[SeenLine]) -> Option<(Date, &SeenLine)> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let text = squeeze(&line.text);
        let (_, date) = dates(&text).into_iter().next_back()?;
        let before = at.checked_sub(1).and_then(|at| lines.get(at)).map(|l| squeeze(&l.text));
        DATE_LABELS
            .iter()
            .any(|label| {
                text.contains(label) || before.as_ref().is_some_and(|text| text.ends_with(label))
            })
            .then_some((date, line))
    })
}

fn last_date(lines: &[SeenLine]) -> Option<(Date, &SeenLine)> {
    lines.iter().rev().find_map(|line| {
        let (_, date) = dates(&squeeze(&line.text)).into_iter().next_back()?;
        Some((date, line))
    })
}

/// The first place where a body stands alone above a date; the seal over it
/// may have put a line between them.
fn signed(lines: &[SeenLine]) -> Option<(String, Date, &SeenLine)> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let body = body(&squeeze(&line.text))?;
        let below = lines.get(at + 1..)?.iter().take(2);
        let (date, line) = below.filter_map(|line| Some((lone_date(line)?, line))).next()?;
        Some((body, date, line))
    })
}

/// The date of a line that is nothing else.
fn lone_date(line: &SeenLine) -> Option<Date> {
    let text = squeeze(&line.text);
    match dates(&text)[..] {
        [(0, date)] if text.ends_with('日') && text.chars().count() <= 11 => Some(date),
        _ => None,
    }
}

/// The name of a body, when the text is nothing else.
fn body(text: &str) -> Option<String> {
    let name = text.trim_end_matches(['(', ')', '盖', '章', '公']);
    let length = name.chars().count();
    let is_name = (5..=30).contains(&length)
        && name.chars().all(|c| is_han(c) || c.is_ascii_digit())
        && name.ends_with(|c| BODY_ENDS.contains(c));
    is_name.then(|| name.to_owned())
}

fn labelled_body(lines: &[SeenLine]) -> Option<String> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let text = squeeze(&line.text);
        let label = ISSUER_LABELS.iter().find(|label| text.starts_with(**label))?;
        match text[label.len()..].trim_start_matches([':', '：']) {
            "" => body(&squeeze(&lines.get(at + 1)?.text)),
            rest => body(rest),
        }
    })
}

/// The body named alone on one of the last lines.
fn last_body(lines: &[SeenLine]) -> Option<String> {
    lines.iter().rev().take(12).find_map(|line| {
        let text = squeeze(&line.text);
        body(text.rsplit([':', '：']).next().unwrap_or_default())
    })
}

/// The body named alone at the head of the page, as on a letter.
fn first_body(lines: &[SeenLine]) -> Option<String> {
    lines.iter().take(2).find_map(|line| body(&squeeze(&line.text)))
}

/// What stands after `编号：`, when it is the paper's own number.
fn labelled_number(line: &SeenLine) -> Option<String> {
    let text = squeeze(&line.text);
    let (label, rest) = text.split_once([':', '：'])?;
    if !label.ends_with("编号") || NOT_OF_THE_PAPER.iter().any(|other| label.contains(other)) {
        return None;
    }
    let number: String = rest
        .chars()
        .take_while(|c| {
            is_han(*c) || c.is_ascii_alphanumeric() || matches!(c, '〔' | '〕' | '[' | ']' | '-')
        })
        .map(|c| match c {
            '[' => '〔',
            ']' => '〕',
            c => c,
        })
        .collect();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (digits >= 4 && number.chars().count() <= 30).then_some(number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::profile::Profile;

    fn lines(texts: &[&str]) -> Vec<SeenLine> {
        texts
            .iter()
            .map(|text| SeenLine { page: 1, text: (*text).to_owned(), bbox: [0, 0, 100, 30] })
            .collect()
    }

    fn found(code: &str, texts: &[&str]) -> (String, String, String) {
        let profile = Profile::national_2008().unwrap();
        let kind = profile.type_of(code);
        let lines = lines(texts);
        (
            date(&lines, kind).map(|(date, _)| date.to_string()).unwrap_or_default(),
            issuer(&lines, kind),
            number(&lines).map(|(number, _)| number).unwrap_or_default(),
        )
    }

    #[test]
    fn the_place_of_signature_counts_and_not_the_receipt_below() {
        let notice = [
            "最低生活保障确认通知书",
            "青民低保〔2026〕127号",
            "青石县民政局",
            "2026年4月6日",
            "签收人：周桂兰",
            "日期：2026年4月7日",
        ];
        let right = ("2026-04-06", "青石县民政局", "青民低保〔2026〕127号");
        assert_eq!(found("A23", &notice), (right.0.into(), right.1.into(), right.2.into()));
    }

    #[test]
    fn a_form_that_is_decided_at_its_end_has_the_date_of_the_decision() {
        let form = ["填表日期：2026年3月9日", "负责人：何国平", "2026年3月26日", "2026年4月2日"];
        assert_eq!(found("A02", &form).0, "2026-04-02");
        assert_eq!(found("A16", &form).0, "2026-03-09");
    }

    #[test]
    fn a_card_that_is_valid_until_a_day_has_no_date() {
        assert_eq!(found("A06", &["签发机关", "青石县公安局", "2020.05.08-2040.05.08"]).0, "");
    }

    #[test]
    fn labels_name_the_body_and_the_number() {
        let book = ["登记机关：青石县公安局东关派出所", "家庭编号：99010200200300041"];
        assert_eq!(
            found("A05", &book),
            (String::new(), "青石县公安局东关派出所".into(), String::new())
        );
        let report = ["报告编号：核[2026]00127", "授权书编号：授202600400127"];
        assert_eq!(found("A15", &report).2, "核〔2026〕00127");
    }

    #[test]
    fn a_sentence_is_no_body() {
        for text in ["同意上报。", "负责人：许建中", "民政局", "公示期满，未收到异议。"]
        {
            assert_eq!(body(&squeeze(text)), None, "{text}");
        }
    }
}
