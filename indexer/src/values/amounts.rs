//! Amounts of money.

use std::ops::Range;

use super::numerals::{digit, in_words, is_numeral};

/// More than any office pays, in 元: what is larger is some other number.
const MOST: u64 = 99_999_999_999;

/// All amounts of a folded text, in 分: figures or words before 元, figures after ¥, and figures
/// with two places.
pub(super) fn found(chars: &[char]) -> Vec<(Range<usize>, u64)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let read = match chars[at] {
            c if c.is_ascii_digit() => in_figures(chars, at),
            c if is_numeral(c) => in_numerals(chars, at),
            _ => None,
        };
        at = match read {
            Some((place, fen)) => {
                let end = place.end;
                found.push((place, fen));
                end
            }
            None => number_end(chars, at).max(at + 1),
        };
    }
    found
}

/// An amount typed as nothing but a number.
pub(super) fn bare(chars: &[char]) -> Option<u64> {
    let (fen, end) = figures(chars, 0)?;
    // A single figure, or a long number, is no question about money.
    (end == chars.len() && (2..=12).contains(&end)).then_some(fen)
}

/// The end of the figures that begin at `at`, or `at`.
fn number_end(chars: &[char], at: usize) -> usize {
    let part = |c: &&char| c.is_ascii_alphanumeric();
    at + chars[at..].iter().take_while(part).count()
}

fn in_figures(chars: &[char], start: usize) -> Option<(Range<usize>, u64)> {
    let (mut fen, mut end) = figures(chars, start)?;
    let whole = chars[start..end].iter().all(char::is_ascii_digit);
    let signed = start > 0 && matches!(chars[start - 1], '¥' | '￥');
    let begins = start == 0 || !matches!(chars[start - 1], 'a'..='z' | '.' | ',' | '-');
    if chars.get(end) == Some(&'万') {
        fen = fen.checked_mul(10_000)?;
        end += 1;
    }
    let named = matches!(chars.get(end), Some('元' | '圆'));
    // Two places mean money in a table, whole figures do not.
    let counts = named || signed || (!whole && begins && has_cents(&chars[start..end]));
    if !counts || fen > MOST * 100 {
        return None;
    }
    if named {
        end += 1;
        let (small, after) = small_change(chars, end);
        (fen, end) = (fen + small, after);
    }
    Some((framed(chars, start, end), fen))
}

fn in_numerals(chars: &[char], start: usize) -> Option<(Range<usize>, u64)> {
    let mut end = start + chars[start..].iter().take(24).take_while(|c| is_numeral(**c)).count();
    let yuan = in_words(&chars[start..end]).filter(|yuan| *yuan <= MOST)?;
    if !matches!(chars.get(end), Some('元' | '圆')) {
        return None;
    }
    end += 1;
    let (small, end) = small_change(chars, end);
    Some((framed(chars, start, end), yuan * 100 + small))
}

/// 角 and 分 that follow, in 分, and their end.
fn small_change(chars: &[char], mut end: usize) -> (u64, usize) {
    let mut fen = 0;
    for (unit, worth) in [('角', 10), ('分', 1)] {
        let one = chars.get(end).and_then(|c| digit(*c)).map(u64::from);
        if let Some(one) = one.filter(|_| chars.get(end + 1) == Some(&unit)) {
            fen += one * worth;
            end += 2;
        } else if worth == 10 && one == Some(0) && chars.get(end + 2) == Some(&'分') {
            // 元零五分
            end += 1;
        }
    }
    (fen, end)
}

/// The amount with what belongs to it: 人民币 or ¥ before, 整 or 正 behind.
fn framed(chars: &[char], start: usize, end: usize) -> Range<usize> {
    let before = |text: &str, at: usize| {
        let length = text.chars().count();
        at.checked_sub(length).filter(|&from| chars[from..at].iter().copied().eq(text.chars()))
    };
    let start = before("¥", start).or_else(|| before("￥", start)).unwrap_or(start);
    let start = before("人民币", start).unwrap_or(start);
    let end = end + usize::from(matches!(chars.get(end), Some('整' | '正')));
    start..end
}

fn has_cents(figures: &[char]) -> bool {
    figures.len() > 3 && figures[figures.len() - 3] == '.'
}

/// The figures that begin at `start` in 分, with their end: `1,234.50`.
fn figures(chars: &[char], start: usize) -> Option<(u64, usize)> {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = start + digits(start);
    if end == start || end - start > 12 {
        return None;
    }
    let mut text: String = chars[start..end].iter().collect();
    while text.len() <= 12 && chars.get(end) == Some(&',') && digits(end + 1) == 3 {
        text.extend(&chars[end + 1..end + 4]);
        end += 4;
    }
    let yuan: u64 = text.parse().ok().filter(|yuan| *yuan <= MOST)?;
    let mut fen = yuan * 100;
    if chars.get(end) == Some(&'.') {
        let places = digits(end + 1);
        // Dates and numbers of sections have points too.
        if (1..=2).contains(&places) && chars.get(end + 1 + places) != Some(&'.') {
            let part: String = chars[end + 1..end + 1 + places].iter().collect();
            fen += part.parse::<u64>().ok()? * if places == 1 { 10 } else { 1 };
            end += 1 + places;
        }
    }
    Some((fen, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, u64)> {
        let chars: Vec<char> = text.chars().collect();
        let piece = |place: Range<usize>| chars[place].iter().collect();
        found(&chars).into_iter().map(|(place, fen)| (piece(place), fen)).collect()
    }

    #[test]
    fn amounts_are_found_with_what_belongs_to_them() {
        let one = |text: &str| read(text).first().cloned();
        for (text, piece, fen) in [
            ("每月860元。", "860元", 86_000),
            ("人民币捌佰陆拾元整", "人民币捌佰陆拾元整", 86_000),
            ("¥1,234.50", "¥1,234.50", 123_450),
            ("合计1.2万元", "1.2万元", 1_200_000),
            ("八百六十元五角", "八百六十元五角", 86_050),
            ("玖拾元零五分", "玖拾元零五分", 9_005),
            ("12元3角4分", "12元3角4分", 1_234),
            ("实发430.00户", "430.00", 43_000),
        ] {
            assert_eq!(one(text), Some((piece.to_owned(), fen)), "{text}");
        }
        assert_eq!(read("一千元、2000元").len(), 2);
    }

    #[test]
    fn other_numbers_are_no_amounts() {
        for text in ["第860页", "2026.3.9", "990102003004001", "一户一档", "元", "1.1.2", "a12.50"]
        {
            assert!(read(text).is_empty(), "{text}");
        }
        assert!(read("99999999999999999999元 亿亿亿亿元").is_empty());
    }
}
