//! Chinese names as they are typed in letters: `wangxiaoming`, `wxm`, `wangxm` for 王小明.

use pinyin::{ToPinyin, ToPinyinMulti};

/// Most syllables of a name that are compared.
const SYLLABLES: usize = 12;

/// Whether `typed`, in lower case letters, is how a name begins: each character by its whole
/// syllable or by the first letters of it, in any of its readings. `ü` is typed as `v` or `u`.
#[must_use]
pub fn is_spelled(typed: &str, name: &str) -> bool {
    let chars: Vec<char> = name.chars().take(SYLLABLES).collect();
    !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_lowercase()) && begins(typed, &chars)
}

/// The letters that the first character of a name can begin with, one bit each.
pub(crate) fn first_letters(name: &str) -> u32 {
    let mut letters = 0;
    if let Some(first) = name.chars().next() {
        has_reading(first, |reading| {
            let letter = reading.bytes().next().filter(u8::is_ascii_lowercase);
            letters |= letter.map_or(0, |b| 1 << (b - b'a'));
            false
        });
    }
    letters
}

fn begins(typed: &str, name: &[char]) -> bool {
    let Some((first, rest)) = name.split_first() else { return false };
    has_reading(*first, |reading| {
        // As many letters of the syllable as agree, or fewer: `xia` is 夏, and 西安.
        let most = reading.chars().zip(typed.chars()).take_while(|(a, b)| same(*a, *b)).count();
        (1..=most).rev().any(|used| match &typed[used..] {
            "" => true,
            // What is left belongs to the next character.
            left => is_whole_or_initial(reading, used) && begins(left, rest),
        })
    })
}

/// Whether so many letters are the syllable, or its initial: one letter, or `zh`, `ch`, `sh`.
fn is_whole_or_initial(reading: &str, used: usize) -> bool {
    let initial = if reading.as_bytes().get(1) == Some(&b'h') { 1..=2 } else { 1..=1 };
    used == reading.chars().count() || initial.contains(&used)
}

/// Whether a letter of a syllable may be typed as another one.
fn same(letter: char, typed: char) -> bool {
    letter == typed || (letter == 'ü' && matches!(typed, 'v' | 'u'))
}

/// Whether a reading of a character is such a one; a letter is its own.
fn has_reading(c: char, mut is_one: impl FnMut(&str) -> bool) -> bool {
    if c.is_ascii_alphanumeric() {
        return is_one(c.to_ascii_lowercase().encode_utf8(&mut [0; 4]));
    }
    match c.to_pinyin_multi() {
        Some(all) => all.into_iter().any(|one| is_one(one.plain())),
        None => c.to_pinyin().is_some_and(|one| is_one(one.plain())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_full_by_initials_and_mixed() {
        for typed in ["w", "wang", "wangx", "wangxiao", "wangxiaoming", "wxm", "wx", "wangxm"] {
            assert!(is_spelled(typed, "王小明"), "{typed}");
        }
        for typed in ["", "x", "wm", "wangm", "wangxiaomingx", "wxmx", "王", "WXM"] {
            assert!(!is_spelled(typed, "王小明"), "{typed}");
        }
    }

    #[test]
    fn every_reading_counts() {
        for (typed, name) in [
            ("zgl", "曾桂兰"),
            ("cgl", "曾桂兰"),
            ("shanxiaoli", "单小丽"),
            ("danxiaoli", "单小丽"),
            ("zhgl", "周桂兰"),
            ("lvfang", "吕芳"),
            ("lufang", "吕芳"),
            ("xian", "西安"),
            ("abdu", "abdu"),
        ] {
            assert!(is_spelled(typed, name), "{typed} {name}");
        }
    }

    #[test]
    fn the_first_letters_are_those_of_every_reading() {
        let bits = |letters: &str| letters.bytes().fold(0, |all, b| all | 1 << (b - b'a'));
        assert_eq!(first_letters("曾桂兰"), bits("zc"));
        assert_eq!(first_letters("李"), bits("l"));
        assert_eq!(first_letters(""), 0);
    }

    #[test]
    fn what_would_try_many_ways_ends() {
        assert!(!is_spelled(&"a".repeat(200), &"阿".repeat(200)));
    }
}
