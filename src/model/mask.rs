//! Numbers of persons covered: identity cards, bank accounts, mobile phones.
//! What leaves the archive as text shows their ends alone; the whole number is
//! shown to whoever gives a reason (PIPL arts 28 and 51).

use super::act::{Act, Body};

/// The text with every number of a person covered, character for character,
/// so that what was found in it stays where it was:
///
/// * 18 characters of an identity card: the first and the last four stay;
/// * 16, 18, 19 or more digits of a bank account: the same;
/// * 11 digits of a mobile phone: the first three and the last four stay.
///
/// Digits may be full-width, and have single blanks or hyphens between them. The 17
/// digits of a household number name no person and stay.
#[must_use]
pub fn numbers(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if digit(chars[at]).is_none() {
            at += 1;
            continue;
        }
        let run = run_at(&chars, at);
        at = run.last().map_or(at, |last| last + 1);
        let first = run.first().and_then(|place| digit(chars[*place]));
        let second = run.get(1).and_then(|place| digit(chars[*place]));
        let (before, after) = match (run.len(), first, second) {
            (16 | 18.., ..) => (4, 4),
            (11, Some(1), Some(3..)) => (3, 4),
            _ => continue,
        };
        for place in &run[before..run.len() - after] {
            chars[*place] = '*';
        }
    }
    chars.into_iter().collect()
}

/// The places of the digits of a run that begins at `from`, with the final X of
/// an identity card.
fn run_at(chars: &[char], from: usize) -> Vec<usize> {
    let mut run = vec![from];
    let mut at = from + 1;
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        if digit(chars[at]).is_some() {
            run.push(at);
        } else if run.len() == 17 && matches!(chars[at], 'x' | 'X' | 'ｘ' | 'Ｘ') {
            run.push(at);
            return run;
        } else if !(matches!(chars[at], ' ' | '-' | '\u{3000}') && next.and_then(digit).is_some()) {
            return run;
        }
        at += 1;
    }
    run
}

fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        c => c.to_digit(10),
    }
}

/// What was done, with the numbers of persons covered.
#[must_use]
pub fn body(mut body: Body) -> Body {
    if let Act::OpenHousehold { id_number, members, .. } = &mut body.act {
        *id_number = numbers(id_number);
        for member in members {
            member.id_number = numbers(&member.id_number);
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_numbers_stay() {
        for (open, covered) in [
            ("身份证号110105194912310021。", "身份证号1101**********0021。"),
            ("11010519491231002X", "1101**********002X"),
            ("11010519491231002x,男", "1101**********002x,男"),
            ("110105 19491231 0021", "1101** ******** 0021"),
            ("１１０１０５１９４９１２３１００２１", "１１０１**********００２１"),
            ("账号6222020200112233445", "账号6222***********3445"),
            ("6222 0202 0011 2233", "6222 **** **** 2233"),
            ("电话13812345678", "电话138****5678"),
            ("138-1234-5678", "138-****-5678"),
        ] {
            assert_eq!(numbers(open), covered);
        }
    }

    #[test]
    fn other_numbers_stay_as_they_are() {
        for text in [
            "",
            "户号99010200300400001",
            "2026年3月9日",
            "20260309",
            "青民发〔2026〕3号",
            "退休金1,995.00元",
            "12811112222",
            "第1页 第2页",
            "J016-DB-2026-D10-001",
            "010-8888 9999",
        ] {
            assert_eq!(numbers(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_found_stays_where_it_was(text in "[0-9xX０-９ \\-周桂兰a]{0,60}") {
            let covered = numbers(&text);
            proptest::prop_assert_eq!(covered.chars().count(), text.chars().count());
            let same = text.chars().zip(covered.chars()).all(|(a, b)| a == b || b == '*');
            proptest::prop_assert!(same);
            // Nothing more is covered the second time.
            proptest::prop_assert_eq!(numbers(&covered), covered);
        }

        #[test]
        fn no_whole_number_is_left(before in "[^0-9]{0,3}", number in "[1-9][0-9]{16}[0-9X]") {
            let covered = numbers(&format!("{before}{number}。"));
            proptest::prop_assert!(!covered.contains(&number));
        }
    }
}
