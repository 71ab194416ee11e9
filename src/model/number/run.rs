//! Digits that may belong together, with what stands between them.

use unicode_normalization::UnicodeNormalization;

use super::{APART, Number, is_date};

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// One blank, or nothing before the first group.
    Blank,
    /// One hyphen.
    Hyphen,
    /// Line ends, or several blanks.
    Loose,
}

/// Digits without anything between them.
#[derive(Debug)]
pub(super) struct Group {
    /// What stands before them.
    pub(super) joint: Joint,
    pub(super) digits: Number,
}

/// The groups as one number.
pub(super) fn joined(groups: &[Group]) -> Number {
    let mut whole = Number { text: String::new(), places: Vec::new() };
    for group in groups {
        whole.text.push_str(&group.digits.text);
        whole.places.extend_from_slice(&group.digits.places);
    }
    whole
}

/// Hands over the groups that follow each other, dates left out.
pub(super) fn runs(chars: &[char], mut each: impl FnMut(&[Group])) {
    let (mut at, mut run, mut joint): (usize, Vec<Group>, Joint) = (0, Vec::new(), Joint::Blank);
    let mut end = |run: &mut Vec<Group>| {
        for part in without_dates(std::mem::take(run)) {
            each(&part);
        }
    };
    while at < chars.len() {
        if digit(chars[at]).is_none() {
            at += 1;
            continue;
        }
        let (digits, after) = digits_at(chars, at);
        run.push(Group { joint, digits });
        let is_over = match final_x(chars, after, &run) {
            Some(place) => {
                if let Some(last) = run.last_mut() {
                    last.digits.text.push('X');
                    last.digits.places.push(place);
                }
                at = place + 1;
                true
            }
            _ => match joint_at(chars, after) {
                Some((found, next)) => {
                    (joint, at) = (found, next);
                    false
                }
                None => {
                    at = after;
                    true
                }
            },
        };
        if is_over {
            end(&mut run);
            joint = Joint::Blank;
        }
    }
    end(&mut run);
}

/// The digits that begin at `from`, and the place after them.
fn digits_at(chars: &[char], from: usize) -> (Number, usize) {
    let (mut digits, mut at) = (Number { text: String::new(), places: Vec::new() }, from);
    let mut end = from;
    while let Some(&c) = chars.get(at) {
        match digit(c) {
            Some(digit) => {
                digits.text.push(digit);
                digits.places.push(at);
                end = at + 1;
            }
            None if is_invisible(c) => {}
            None => break,
        }
        at += 1;
    }
    (digits, end)
}

/// The place of the X that ends the number of an identity card whose digits end
/// before `from`. Readers put a blank before it now and then.
fn final_x(chars: &[char], from: usize, run: &[Group]) -> Option<usize> {
    let is_apart = |c: char| c.is_whitespace() || is_invisible(c);
    let parted = chars.iter().skip(from).take(APART).take_while(|c| is_apart(**c)).count();
    let place = from + parted;
    let is_x = matches!(chars.get(place), Some('x' | 'X' | 'ｘ' | 'Ｘ'));
    let ends = !chars.get(place + 1).is_some_and(char::is_ascii_alphanumeric);
    let fits = parted == 0 || ends;
    (is_x && fits && ends_with_17(run)).then_some(place)
}

/// Whether the last groups have 17 digits together, so that an X belongs to them.
fn ends_with_17(run: &[Group]) -> bool {
    let mut total = 0;
    for group in run.iter().rev() {
        total += group.digits.text.len();
        if total >= 17 {
            break;
        }
    }
    total == 17
}

/// What stands between the digits before `from` and the next ones, and where these
/// begin; none when something else does.
fn joint_at(chars: &[char], from: usize) -> Option<(Joint, usize)> {
    let (mut blanks, mut hyphens, mut lines) = (0, 0, 0);
    for (at, &c) in chars.iter().enumerate().skip(from).take(APART + 1) {
        match c {
            _ if digit(c).is_some() => {
                let joint = match (blanks, hyphens, lines) {
                    (1, 0, 0) => Joint::Blank,
                    (0, 1, 0) => Joint::Hyphen,
                    (_, 0, _) => Joint::Loose,
                    _ => return None,
                };
                return Some((joint, at));
            }
            '\n' | '\r' | '\u{2028}' => lines += 1,
            '-' | '－' | '‐' | '‑' | '–' | '—' => hyphens += 1,
            _ if is_invisible(c) => {}
            _ if c.is_whitespace() => blanks += 1,
            _ => return None,
        }
    }
    None
}

/// A run in parts, cut where a date such as 2026-03-09 stands, or two of 20260309.
fn without_dates(run: Vec<Group>) -> Vec<Vec<Group>> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    let mut run = run.into_iter().peekable();
    let mut rest: std::collections::VecDeque<Group> = std::collections::VecDeque::new();
    loop {
        while rest.len() < 4 {
            let Some(group) = run.next() else { break };
            rest.push_back(group);
        }
        let is_date = matches!(
            (rest.front(), rest.get(1), rest.get(2)),
            (Some(year), Some(month), Some(day))
                if year.joint != Joint::Hyphen
                    && month.joint == Joint::Hyphen
                    && day.joint == Joint::Hyphen
                    && is_date(&year.digits.text, &month.digits.text, &day.digits.text)
        ) && rest.get(3).is_none_or(|next| next.joint != Joint::Hyphen);
        let bare = |at: usize| rest.get(at).is_some_and(|group: &Group| is_bare_date(group));
        let dates = match (is_date, bare(0) && bare(1) && rest[1].joint == Joint::Blank) {
            (true, _) => 3,
            (_, true) => 2,
            _ => 0,
        };
        if dates > 0 {
            rest.drain(..dates);
            parts.push(std::mem::take(&mut part));
            continue;
        }
        match rest.pop_front() {
            Some(group) => part.push(group),
            None => break,
        }
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// 20260309; two of them beside each other are no account.
fn is_bare_date(group: &Group) -> bool {
    let text = &group.digits.text;
    text.len() == 8 && is_date(&text[..4], &text[4..6], &text[6..])
}

/// The digit that a character is, or stands for.
pub(super) fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        // What nearly all of a text consists of, without looking into tables.
        '\0'..='~' | '\u{4e00}'..='\u{9fff}' => None,
        c => {
            let mut folded = std::iter::once(c).nfkc();
            folded.next().filter(|one| one.is_ascii_digit() && folded.next().is_none())
        }
    }
}

/// Characters that take no room.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
