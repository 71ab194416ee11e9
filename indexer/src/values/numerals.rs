//! Chinese numerals of dates and amounts.

use chinese_number::{ChineseCountMethod, ChineseToNumber};

/// The digit a character stands for, in figures, small or capital numerals.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => c as u32 - '0' as u32,
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Whether a character is part of a number in words: digits and what multiplies them.
pub(super) fn is_numeral(c: char) -> bool {
    let multiplies = matches!(c, '十' | '拾' | '百' | '佰' | '千' | '仟' | '万' | '亿' | '两');
    multiplies || (!c.is_ascii() && digit(c).is_some())
}

/// The number that `chars` say in words, such as 八百六十 and 壹万贰仟.
pub(super) fn in_words(chars: &[char]) -> Option<u64> {
    let small = |c: &char| match c {
        // One form of each, as the parser knows them.
        '〇' => '零',
        '两' => '二',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        c => digit(*c)
            .and_then(|digit| "零一二三四五六七八九".chars().nth(digit as usize))
            .unwrap_or(*c),
    };
    let text: String = chars.iter().map(small).collect();
    text.as_str().to_number(ChineseCountMethod::TenThousand).ok()
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn words_are_numbers() {
        let number = |text: &str| in_words(&text.chars().collect::<Vec<_>>());
        for (text, value) in [
            ("八百六十", 860),
            ("捌佰陆拾", 860),
            ("壹万贰仟零伍", 12_005),
            ("十二", 12),
            ("两千", 2000),
            ("叁亿", 300_000_000),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(number("百百"), None);
        assert_eq!(number(""), None);
    }
}
