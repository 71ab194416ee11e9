//! A value of its kind out of the characters that stand beside a label.

use jiff::civil::Date;

use super::{Found, Seen};
use crate::model::form::{FormField, Kind};
use crate::model::text::{dates, is_han, is_id_number};

/// A value, the characters it is made of, and how sure it is, from 0 to 1.
pub(super) struct Worth {
    pub(super) value: String,
    pub(super) chars: Vec<Seen>,
    pub(super) sure: f32,
}

/// What is left of the certainty of a number whose check digit does not fit.
const ODD: f32 = 0.5;
/// And of one that was put right, or of a tick that was taken for one.
const REPAIRED: f32 = 0.8;

/// The value of a field; none when these characters are none.
pub(super) fn of(field: &FormField, found: &Found, today: Date) -> Option<Worth> {
    let chars = &found.chars;
    match field.kind {
        Kind::Text | Kind::Region => {
            let chars = without_date(field, chars);
            let chars = trimmed(&chars);
            kept(field, &printed(chars), chars, certainty(chars), today)
        }
        Kind::Date => {
            let text = found.text();
            let (at, day) = dates(&text).into_iter().next()?;
            let length = text.chars().skip(at).take_while(|c| is_of_day(*c)).count();
            let chars = chars.get(at..at + length)?;
            kept(field, &day.to_string(), chars, certainty(chars), today)
        }
        Kind::Month => {
            let begin = chars.iter().position(|seen| seen.c.is_ascii_digit())?;
            let length = chars[begin..].iter().take_while(|seen| is_of_month(seen.c)).count();
            let chars = &chars[begin..begin + length];
            let text: String = chars.iter().map(|seen| seen.c).collect();
            // A day is of a month, but no month is written so.
            kept(field, text.split('月').next()?, chars, certainty(chars), today)
        }
        Kind::Money | Kind::Whole => {
            let begin = chars.iter().position(|seen| seen.c.is_ascii_digit())?;
            let of_number = |seen: &&Seen| seen.c.is_ascii_digit() || matches!(seen.c, '.' | ',');
            let length = chars[begin..].iter().take_while(of_number).count();
            let chars = &chars[begin..begin + length];
            let text: String = chars.iter().map(|seen| seen.c).collect();
            kept(field, text.trim_end_matches(['.', ',']), chars, certainty(chars), today)
        }
        Kind::Phone | Kind::Account => {
            let run = longest_run(chars, |c| c.is_ascii_digit() || c == '-');
            let text: String = run.iter().map(|seen| seen.c).collect();
            kept(field, text.trim_matches('-'), run, certainty(run), today)
        }
        Kind::IdNumber => id_number(chars),
        Kind::Choice => choice(field, chars),
        Kind::YesNo => yes_no(field, chars),
    }
}

fn kept(field: &FormField, text: &str, chars: &[Seen], sure: f32, today: Date) -> Option<Worth> {
    let value = field.value(text, today).ok().filter(|value| !value.is_empty())?;
    Some(Worth { value, chars: chars.to_vec(), sure })
}

/// How sure characters were read: as the least sure of them, where one was in doubt.
fn certainty(chars: &[Seen]) -> f32 {
    chars.iter().map(|seen| seen.sure).fold(1.0, f32::min)
}

/// Behind a short text on a form the day may stand on which it was signed.
fn without_date(field: &FormField, chars: &[Seen]) -> Vec<Seen> {
    let text: String = chars.iter().map(|seen| seen.c).collect();
    match dates(&text).first() {
        Some((at, _)) if *at > 0 && field.longest <= 200 => chars[..*at].to_vec(),
        _ => chars.to_vec(),
    }
}

/// Without signs at the ends.
fn trimmed(chars: &[Seen]) -> &[Seen] {
    let sign =
        |seen: &Seen| matches!(seen.c, '，' | ',' | '。' | '；' | ';' | '、' | ':' | '：' | '|');
    let begin = chars.iter().position(|seen| !sign(seen)).unwrap_or(chars.len());
    let end = chars.iter().rposition(|seen| !sign(seen)).map_or(begin, |at| at + 1);
    &chars[begin..end]
}

/// The text as it is printed: signs beside Chinese characters are as wide as they are.
fn printed(chars: &[Seen]) -> String {
    let is_han_at =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|seen| is_han(seen.c));
    let wide = |(at, seen): (usize, &Seen)| match seen.c {
        c if !is_han_at(at.checked_sub(1)) && !is_han_at(Some(at + 1)) => c,
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        c => c,
    };
    chars.iter().enumerate().map(wide).collect()
}

fn is_of_day(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, '年' | '月' | '日' | '-' | '.' | '/')
        || "〇○零一二三四五六七八九十".contains(c)
}

fn is_of_month(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '年' | '月' | '-' | '.' | '/')
}

fn longest_run(chars: &[Seen], of: impl Fn(char) -> bool) -> &[Seen] {
    let runs = chars.split(|seen| !of(seen.c));
    runs.max_by_key(|run| run.len()).unwrap_or_default()
}

/// An identity number. One whose check digit does not fit is put right where the reader
/// thought of exactly one other digit that makes it fit.
fn id_number(chars: &[Seen]) -> Option<Worth> {
    let run = longest_run(chars, |c| digit(c).is_some() || matches!(c, 'X' | 'x'));
    let text: String = run.iter().map(|seen| digit(seen.c).unwrap_or(seen.c)).collect();
    let text = text.to_ascii_uppercase();
    let worth = |value: String, sure| Some(Worth { value, chars: run.to_vec(), sure });
    let as_read = run.iter().all(|seen| seen.c.is_ascii_digit() || matches!(seen.c, 'X' | 'x'));
    if is_id_number(&text) {
        // A check digit that fits is worth more than what the reader thought.
        let sure = if as_read { certainty(run).max(0.97) } else { REPAIRED };
        return worth(text, sure);
    }
    if text.len() == 15 && as_read {
        return worth(text, certainty(run) * REPAIRED);
    }
    if text.len() != 18 {
        return None;
    }
    let mut repaired: Vec<String> = Vec::new();
    for (at, seen) in run.iter().enumerate() {
        for other in seen.others.iter().filter_map(|c| digit(*c).or((*c == 'X').then_some('X'))) {
            let with: String =
                text.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect();
            if is_id_number(&with) && !repaired.contains(&with) {
                repaired.push(with);
            }
        }
    }
    match &repaired[..] {
        [one] => worth(one.clone(), REPAIRED),
        _ if text[..17].bytes().all(|byte| byte.is_ascii_digit()) => worth(text, ODD),
        _ => None,
    }
}

/// The digit that a character is, or is read for.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' | 'D' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        'Z' => Some('2'),
        'S' => Some('5'),
        'B' => Some('8'),
        _ => None,
    }
}

/// What a tick is read as.
const TICKS: [char; 10] = ['☑', '✓', '√', '✔', '☒', '■', '✅', 'V', 'v', '図'];

/// One of the choices: the one that stands there alone, or the one that is ticked.
fn choice(field: &FormField, chars: &[Seen]) -> Option<Worth> {
    let there = standing(&field.choices, chars);
    let worth = |(at, length, word): &(usize, usize, String), sure: f32| {
        let chars = chars[*at..at + length].to_vec();
        Worth { value: word.clone(), sure: certainty(&chars) * sure, chars }
    };
    match &there[..] {
        [] => None,
        [one] if one.1 * 2 >= chars.len() => Some(worth(one, 1.0)),
        [one] => Some(worth(one, REPAIRED)),
        many => {
            let ticked = |one: &&(usize, usize, String)| {
                one.0.checked_sub(1).is_some_and(|before| TICKS.contains(&chars[before].c))
            };
            let mut ticked = many.iter().filter(ticked);
            match (ticked.next(), ticked.next()) {
                (Some(one), None) => Some(worth(one, REPAIRED)),
                _ => None,
            }
        }
    }
}

/// Which of some words stand there, each once and no part of another: where, how long.
fn standing(words: &[String], chars: &[Seen]) -> Vec<(usize, usize, String)> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut there: Vec<(usize, usize, String)> = Vec::new();
    for word in words {
        let length = word.chars().count();
        let at = (0..(chars.len() + 1).saturating_sub(length)).find(|at| {
            let same = chars[*at..at + length].iter().map(|seen| seen.c).eq(word.chars());
            same && there.iter().all(|(from, size, _)| at + length <= *from || from + size <= *at)
        });
        there.extend(at.map(|at| (at, length, word.clone())));
    }
    there.sort_by_key(|one| one.0);
    there
}

fn yes_no(field: &FormField, chars: &[Seen]) -> Option<Worth> {
    let words = ["是", "否", "有", "无"].map(ToOwned::to_owned).to_vec();
    let of_words = FormField { choices: words, ..field.clone() };
    let found = choice(&of_words, chars)?;
    let value = if matches!(found.value.as_str(), "是" | "有") { "yes" } else { "no" };
    Some(Worth { value: value.to_owned(), ..found })
}
