//! What a paper seems to be, judged by the lines read from it: the proposal a
//! person confirms or changes. Pure. This file tells the type and the title,
//! `formed` when, by whom and under which number the paper was made.

mod formed;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::profile::{DocumentType, Profile};
use super::text::{is_han, squeeze};

/// A line as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLine {
    /// On which page, from 1.
    pub page: u32,
    /// Its text.
    pub text: String,
    /// Where it stands: x, y, width, height in pixels of the upright page.
    pub bbox: [u32; 4],
}

/// A place on the paper that decided something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deciding {
    /// What it decided: `type`, `date`, `document_no`.
    pub what: String,
    /// On which page, from 1.
    pub page: u32,
    /// Where it stands.
    #[serde(rename = "box")]
    pub bbox: [u32; 4],
}

/// What a paper seems to be. Empty texts were not found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// A type of the profile, or empty.
    #[serde(rename = "type")]
    pub type_code: String,
    /// Whether the title line names the type so that nothing else fits.
    pub sure: bool,
    /// The title as it stands on the paper.
    pub title: String,
    /// The date of the paper.
    pub date: Option<Date>,
    /// The body that issued it, where the paper says so.
    pub issuer: String,
    /// Its number.
    pub document_no: String,
    /// The places that decided.
    pub deciding: Vec<Deciding>,
}

/// The proposal for a paper whose lines are given in reading order.
#[must_use]
pub fn propose(lines: &[SeenLine], profile: &Profile) -> Proposal {
    let mut proposal = Proposal::default();
    if let Some(found) = best_title(lines, profile) {
        proposal.type_code.clone_from(&found.kind.code);
        proposal.sure = found.sure;
        proposal.title = found.title;
        if let Some(line) = found.line {
            proposal.deciding.push(deciding("type", line));
        }
    }
    let kind = profile.type_of(&proposal.type_code);
    if let Some((date, line)) = formed::date(lines, kind) {
        proposal.date = Some(date);
        proposal.deciding.push(deciding("date", line));
    }
    if let Some((number, line)) = formed::number(lines) {
        proposal.document_no = number;
        proposal.deciding.push(deciding("document_no", line));
    }
    proposal.issuer = formed::issuer(lines, kind);
    proposal
}

fn deciding(what: &str, line: &SeenLine) -> Deciding {
    Deciding { what: what.to_owned(), page: line.page, bbox: line.bbox }
}

struct TitleFound<'a> {
    kind: &'a DocumentType,
    title: String,
    line: Option<&'a SeenLine>,
    sure: bool,
}

/// The type whose title words fill a line best. A title line is mostly its
/// title, stands out in height, and stands high on the first page; body text
/// that merely mentions a form is long, or small, or low.
fn best_title<'a>(lines: &'a [SeenLine], profile: &'a Profile) -> Option<TitleFound<'a>> {
    let first_page: Vec<&SeenLine> = lines.iter().filter(|line| line.page == 1).collect();
    let mut heights: Vec<u32> = first_page.iter().map(|line| line.bbox[3]).collect();
    heights.sort_unstable();
    let usual = f64::from(heights.get(heights.len() / 2).copied().unwrap_or(1).max(1));
    let bottom = f64::from(
        first_page.iter().map(|line| line.bbox[1] + line.bbox[3]).max().unwrap_or(1).max(1),
    );
    let mut best: Option<(f64, TitleFound<'a>)> = None;
    for line in &first_page {
        let text = squeeze(&line.text);
        let length = text.chars().filter(|c| is_han(*c)).count();
        if length == 0 || length > 40 {
            continue;
        }
        let tall = f64::from(line.bbox[3]) / usual;
        let high = 1.0 - f64::from(line.bbox[1]) / bottom;
        for kind in &profile.types {
            for words in &kind.titles {
                let Some(exact) = contains(&text, words) else { continue };
                let size = words.chars().count();
                #[allow(clippy::cast_precision_loss)]
                let (size, share) = (size as f64, size as f64 / length as f64);
                let stands_out = tall >= 1.25 || share >= 0.5;
                if !stands_out || (share < 0.3 && tall < 1.6) {
                    continue;
                }
                let score =
                    size.min(14.0) / 14.0 + share.min(1.0) + tall.min(2.5) * 0.6 + high * 0.6
                        - if exact { 0.0 } else { 0.3 };
                if best.as_ref().is_none_or(|(top, _)| score > *top) {
                    let sure = share >= 0.4 && (tall >= 1.2 || high >= 0.6);
                    let title = title_text(&text, words);
                    best = Some((score, TitleFound { kind, title, line: Some(line), sure }));
                }
            }
        }
    }
    best.map(|(_, found)| found).or_else(|| by_words(&first_page, profile))
}

/// The title as the catalog shows it: the line without what stands after the
/// title words, such as a number in brackets, and with a misread character of
/// them put right.
fn title_text(line: &str, words: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let words: Vec<char> = words.chars().collect();
    let misread = |run: &[char]| run.iter().zip(&words).filter(|(a, b)| a != b).count();
    let places = chars.windows(words.len()).enumerate();
    let Some((at, _)) = places.min_by_key(|(_, run)| misread(run)) else { return line.to_owned() };
    let title = chars[..at].iter().chain(&words).skip_while(|c| !is_han(**c));
    title
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            c => *c,
        })
        .collect()
}

/// The type whose words stand on a page that has no title line, such as the
/// front of an ID card.
fn by_words<'a>(lines: &[&'a SeenLine], profile: &'a Profile) -> Option<TitleFound<'a>> {
    let text: String = lines.iter().map(|line| squeeze(&line.text)).collect();
    let kind = profile
        .types
        .iter()
        .find(|kind| kind.words.iter().any(|words| text.contains(words.as_str())))?;
    Some(TitleFound { kind, title: kind.name.clone(), line: None, sure: lines.len() <= 20 })
}

/// Whether `text` has `words` in it: exactly, or with one character misread
/// where there are at least six.
fn contains(text: &str, words: &str) -> Option<bool> {
    if text.contains(words) {
        return Some(true);
    }
    let (text, words): (Vec<char>, Vec<char>) = (text.chars().collect(), words.chars().collect());
    if words.len() < 6 {
        return None;
    }
    text.windows(words.len())
        .any(|run| run.iter().zip(&words).filter(|(a, b)| a != b).count() <= 1)
        .then_some(false)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(rows: &[(&str, u32)]) -> Vec<SeenLine> {
        rows.iter()
            .zip(0..)
            .map(|((text, height), row)| SeenLine {
                page: 1,
                text: (*text).to_owned(),
                bbox: [100, 100 + row * 80, 600, *height],
            })
            .collect()
    }

    #[test]
    fn a_form_is_known_by_its_title_line() {
        let profile = Profile::national_2008().unwrap();
        let lines = page(&[
            ("城市居民最低生活保障待遇申请审批表", 52),
            ("填表日期 2026年3月9日", 30),
            ("本人承诺：申请书所填属实。", 30),
            ("经审核公示无异议，同意 2026年4月2日", 30),
        ]);
        let proposal = propose(&lines, &profile);
        assert_eq!(proposal.type_code, "A02");
        assert!(proposal.sure);
        assert_eq!(proposal.title, "城市居民最低生活保障待遇申请审批表");
        assert_eq!(proposal.date.unwrap().to_string(), "2026-04-02");
    }

    #[test]
    fn one_misread_character_does_not_hide_the_title() {
        let profile = Profile::national_2008().unwrap();
        let lines = page(&[("社会救助家庭人户调查表", 50), ("姓名", 30), ("住址", 30)]);
        assert_eq!(propose(&lines, &profile).type_code, "A16");
    }

    #[test]
    fn body_text_that_mentions_a_form_is_no_title() {
        let profile = Profile::national_2008().unwrap();
        let lines = page(&[
            ("情况说明", 50),
            ("我已在上月向社区递交了低保申请书和收入证明等全部材料并等待审核请予以办理为盼", 30),
            ("特此说明", 30),
        ]);
        assert_eq!(propose(&lines, &profile).type_code, "");
    }

    #[test]
    fn the_issuer_and_number_are_read() {
        let profile = Profile::national_2008().unwrap();
        let lines = page(&[
            ("最低生活保障确认通知书", 50),
            ("青民保〔2026〕118号", 30),
            ("周桂兰：", 30),
            ("青石县民政局（盖章）", 30),
            ("二〇二六年四月三日", 30),
        ]);
        let proposal = propose(&lines, &profile);
        assert_eq!(proposal.type_code, "A23");
        assert_eq!(proposal.document_no, "青民保〔2026〕118号");
        assert_eq!(proposal.issuer, "青石县民政局");
        assert_eq!(proposal.date.unwrap().to_string(), "2026-04-03");
    }

    #[test]
    fn nothing_read_proposes_nothing() {
        let profile = Profile::national_2008().unwrap();
        assert_eq!(propose(&[], &profile), Proposal::default());
    }
}
