//! What can be found in the text of a form: dates, document numbers, ID and
//! household numbers; and what of a typed text is kept. Pure, and forgiving of the blanks a reader leaves.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

/// The text in one run: full-width forms folded (NFKC), blanks removed.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a character is not seen where it stands, or turns what stands around it: control
/// characters, separators of lines, and format characters (Unicode 16, categories Cc, Zl, Zp, Cf). A name with
/// them looks like another name.
#[must_use]
pub fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without [`hidden`] characters, and without blanks around it.
#[must_use]
pub fn plain(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !hidden(*c)).collect();
    seen.trim().to_owned()
}

/// The dates written in a squeezed text, in order, with the character offset
/// at which each begins: `2026年3月9日`, `2026-03-09`, `2026.3.9`,
/// `二〇二六年三月九日`.
#[must_use]
pub fn dates(text: &str) -> Vec<(usize, Date)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if at > 0 && digit(chars[at - 1]).is_some() {
            at += 1;
            continue;
        }
        match date_at(&chars[at..]) {
            Some((date, length)) => {
                found.push((at, date));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

fn date_at(chars: &[char]) -> Option<(Date, usize)> {
    let year_digits = chars.get(..4)?;
    let mut year = 0;
    for c in year_digits {
        year = year * 10 + digit(*c)?;
    }
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let mut at = 4;
    if !matches!(chars.get(at)?, '年' | '-' | '.' | '/') {
        return None;
    }
    let (month, length) = small_number(&chars[at + 1..])?;
    at += 1 + length;
    if !matches!(chars.get(at)?, '月' | '-' | '.' | '/') {
        return None;
    }
    let (day, length) = small_number(&chars[at + 1..])?;
    at += 1 + length;
    if chars.get(at) == Some(&'日') {
        at += 1;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, at))
}

fn digit(c: char) -> Option<i16> {
    match c {
        '0'..='9' => i16::try_from(u32::from(c) - u32::from('0')).ok(),
        '〇' | '○' | '零' => Some(0),
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}

/// A month or a day: `9`, `09`, `九`, `十二`, `二十三`; value and length.
fn small_number(chars: &[char]) -> Option<(i16, usize)> {
    let first = *chars.first()?;
    if first.is_ascii_digit() {
        let one = digit(first)?;
        return Some(match chars.get(1).filter(|c| c.is_ascii_digit()).and_then(|c| digit(*c)) {
            Some(two) => (one * 10 + two, 2),
            None => (one, 1),
        });
    }
    let (tens, mut at) = match (first, chars.get(1)) {
        ('十', _) => (1, 1),
        (c, Some('十')) => (digit(c)?, 2),
        (c, _) => return digit(c).map(|value| (value, 1)),
    };
    let ones = match chars.get(at).copied().and_then(digit) {
        Some(value) => {
            at += 1;
            value
        }
        None => 0,
    };
    Some((tens * 10 + ones, at))
}

/// The 文号 written in a squeezed text, such as `青民保〔2026〕118号`.
#[must_use]
pub fn document_numbers(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (open, c) in chars.iter().enumerate() {
        if !matches!(c, '〔' | '[' | '(' | '【') {
            continue;
        }
        let Some(inside) = chars.get(open + 1..open + 6) else { continue };
        let (year, close) = inside.split_at(4);
        if !year.iter().all(char::is_ascii_digit) || !matches!(close[0], '〕' | ']' | ')' | '】')
        {
            continue;
        }
        let rest = &chars[open + 6..];
        let rest = rest.strip_prefix(&['第']).unwrap_or(rest);
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if !(1..=6).contains(&digits) || rest.get(digits) != Some(&'号') {
            continue;
        }
        let before: String = {
            let start = chars[..open]
                .iter()
                .rev()
                .take_while(|c| is_han(**c) && !matches!(c, '号'))
                .take(8)
                .count();
            chars[open - start..open].iter().collect()
        };
        let before = before.rsplit(['为', '第']).next().unwrap_or_default().to_owned();
        if before.is_empty() {
            continue;
        }
        let year: String = year.iter().collect();
        let number: String = rest[..digits].iter().collect();
        found.push(format!("{before}〔{year}〕{number}号"));
    }
    found
}

/// Whether `c` is a Chinese character.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' | '〇')
}

/// The runs of at least `least` digits (a final X counts) in a squeezed text.
fn digit_runs(text: &str, least: usize) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit() && !matches!(c, 'X' | 'x'))
        .filter(|run| run.len() >= least)
        .map(str::to_ascii_uppercase)
        .collect()
}

/// The 18-character ID numbers with a right check digit in a squeezed text.
#[must_use]
pub fn id_numbers(text: &str) -> Vec<String> {
    digit_runs(text, 18).into_iter().filter(|run| is_id_number(run)).collect()
}

/// The 17-digit household numbers in a squeezed text.
#[must_use]
pub fn household_numbers(text: &str) -> Vec<String> {
    digit_runs(text, 17).into_iter().filter(|run| run.len() == 17 && !run.contains('X')).collect()
}

/// Whether `text` is an ID number of 18 characters whose check digit is right
/// (GB 11643-1999, ISO 7064 MOD 11-2).
#[must_use]
pub fn is_id_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes[..17].iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS[(sum % 11) as usize] == bytes[17]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_hidden_and_what_is_written_is_not() {
        for c in "\0\n\t\u{7f}\u{85}\u{ad}\u{200b}\u{200d}\u{202e}\u{2066}\u{2069}\u{2028}\u{feff}\u{e0041}".chars() {
            assert!(hidden(c), "{c:?}");
        }
        // A blank, the dot in a name, a rare character and the selector of its form.
        for c in "周·𠮷\u{fe00}\u{e0100} 　aé—〇々".chars() {
            assert!(!hidden(c), "{c:?}");
        }
        assert_eq!(plain(" 周\u{202e}桂\n兰 "), "周桂兰");
    }

    #[test]
    fn dates_are_found_in_every_usual_form() {
        let found = |text: &str| -> Vec<String> {
            dates(&squeeze(text)).into_iter().map(|(_, d)| d.to_string()).collect()
        };
        assert_eq!(found("填表日期 2026年3月9日"), ["2026-03-09"]);
        assert_eq!(found("2026 年 03 月 12 日，至 2026.4.2"), ["2026-03-12", "2026-04-02"]);
        assert_eq!(found("二〇二六年十二月二十三日"), ["2026-12-23"]);
        assert_eq!(found("二○二六年三月十日"), ["2026-03-10"]);
        assert!(found("990102195803122146").is_empty(), "not inside an ID number");
        assert!(found("2026年13月40日").is_empty());
    }

    #[test]
    fn document_numbers_are_found() {
        assert_eq!(document_numbers("青民保〔2026〕118号"), ["青民保〔2026〕118号"]);
        assert_eq!(document_numbers("文号：青核[2026]0427号"), ["青核〔2026〕0427号"]);
        assert!(document_numbers("(2026)号").is_empty());
    }

    #[test]
    fn only_right_id_numbers_count() {
        // Region 11010519491231002X is the example printed in the standard.
        assert!(is_id_number("11010519491231002X"));
        assert!(!is_id_number("110105194912310021"));
        assert!(!is_id_number("11010519491231002"));
        assert_eq!(id_numbers("身份证号:11010519491231002x,男"), ["11010519491231002X"]);
        assert_eq!(household_numbers("户号99010200300400127"), ["99010200300400127"]);
    }
}
