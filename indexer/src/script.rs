//! Traditional characters as the simplified ones, each by itself: what stands for several
//! traditional characters is one character in both spellings of a query. The table is that of
//! OpenCC.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// The characters of which some are traditional.
const HAN: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// The simplified form of every character of [`HAN`], made once, in a few milliseconds.
static SIMPLIFIED: LazyLock<Vec<char>> =
    // The table is part of the program; were it not, every character would be itself.
    LazyLock::new(|| table().unwrap_or_else(|| HAN.collect()));

fn table() -> Option<Vec<char>> {
    let script = OpenCC::from_config(BuiltinConfig::T2s).ok()?;
    let once = |c: char| {
        let text = script.convert(c.encode_utf8(&mut [0; 4]));
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(simple), None) => simple,
            _ => c,
        }
    };
    // Twice, since a few lead to one that is not simplified yet.
    Some(HAN.map(|c| once(once(c))).collect())
}

/// `c`, or its simplified form where it is a traditional character.
pub(crate) fn simplified(c: char) -> char {
    if !HAN.contains(&c) {
        return c;
    }
    let at = c as usize - *HAN.start() as usize;
    SIMPLIFIED.get(at).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::{HAN, simplified};

    #[test]
    fn what_is_simplified_stays() {
        for c in HAN {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
        assert_eq!(HAN.filter(|&c| simplified(c) != c).count(), 3751);
        assert_eq!("請審後王a１".chars().map(simplified).collect::<String>(), "请审后王a１");
    }
}
