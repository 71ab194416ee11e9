//! Which passwords are taken: long ones that nobody guesses first.

use super::normal;

/// The fewest and the most code points of a password.
pub const SHORTEST: usize = 10;
/// See [`SHORTEST`].
pub const LONGEST: usize = 128;

/// What many choose, in lower case; with digits or signs behind it is no
/// better.
const COMMON: [&str; 60] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "administrator",
    "admin",
    "adminadmin",
    "root",
    "toor",
    "guest",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaini1314",
    "5201314",
    "1314520",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcv",
    "zxcvbn",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "a1b2c3d4",
    "abc",
    "abcd",
    "abcdef",
    "abcdefg",
    "aabbcc",
    "aa",
    "a",
    "ab",
    "test",
    "user",
    "huawei",
    "tencent",
    "china",
    "beijing",
    "zhongguo",
    "minzheng",
    "minzhengju",
    "dibao",
    "shequ",
    "jiedao",
    "dangan",
    "dang'an",
    "yidang",
    "bangong",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is short.
    #[error("it has fewer than {SHORTEST} characters")]
    Short,
    /// It is long.
    #[error("it has more than {LONGEST} characters")]
    Long,
    /// It has line ends or other control characters.
    #[error("it has characters that cannot be seen")]
    Control,
    /// It is the name of the person, the account or the organisation, or little
    /// more.
    #[error("it is a name that others know")]
    Name,
    /// It is one that many choose.
    #[error("it is one of the first that are tried")]
    Common,
}

/// Whether a password may be chosen by a person with these names: login, name,
/// organisation. There are no rules of composition.
///
/// # Errors
/// When it may not.
pub fn check(password: &str, names: &[&str]) -> Result<(), Weak> {
    let password = normal(password);
    match password.chars().count() {
        0..SHORTEST => return Err(Weak::Short),
        LONGEST.. if password.chars().count() > LONGEST => return Err(Weak::Long),
        _ => {}
    }
    if password.chars().any(char::is_control) {
        return Err(Weak::Control);
    }
    let lower = password.to_lowercase();
    let named = |name: &&str| {
        let name = normal(name).to_lowercase();
        let rest = lower.replace(&name, "");
        // What stands beside the name would have to be a password of its own;
        // a year and a sign are none.
        let more = |c: &char| !c.is_ascii_digit() && !c.is_ascii_punctuation();
        !name.is_empty()
            && lower.contains(&name)
            && rest.chars().filter(more).count() < SHORTEST / 2
    };
    if names.iter().any(named) {
        return Err(Weak::Name);
    }
    match is_common(&lower) {
        true => Err(Weak::Common),
        false => Ok(()),
    }
}

/// Whether a password in lower case is among the first that are tried: few
/// characters again and again, digits in a row, a date or a telephone number,
/// or a word of the list with digits and signs around it.
fn is_common(lower: &str) -> bool {
    let mut kinds: Vec<char> = lower.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 4 || lower.chars().all(|c| c.is_ascii_digit()) {
        return true;
    }
    let beside = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation();
    if COMMON.contains(&lower.trim_matches(beside)) || COMMON.contains(&lower) {
        return true;
    }
    let letters = |c: char| !c.is_ascii_digit();
    let digits = lower.trim_matches(letters);
    let row = "01234567890123456789".contains(digits) || "98765432109876543210".contains(digits);
    // Digits in a row with a few letters before or behind.
    let rest = lower.chars().count() - digits.chars().count();
    let common_rest = COMMON.iter().any(|word| lower.replace(digits, "").eq(word));
    digits.len() >= 4 && (common_rest || (row && digits.len() >= 6 && rest <= 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_what_counts() {
        let names = ["zhaoyumei", "赵玉梅", "柳桥街道办事处"];
        for good in [
            "correct horse battery",
            "槐荫里的槐树开花了真好",
            "xkq7vwm2pd",
            "四月十二去河边散步了吗",
        ] {
            assert_eq!(check(good, &names), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", Weak::Short),
            ("qp7xk2m9v", Weak::Short),
            ("槐荫里的槐树开花了", Weak::Short),
            ("correct\nhorse battery", Weak::Control),
            ("zhaoyumei1", Weak::Name),
            ("2026ZhaoYuMei", Weak::Name),
            ("zhaoyumei@20260409", Weak::Name),
            ("柳桥街道办事处2026", Weak::Name),
            ("1234567890", Weak::Common),
            ("12345678ab", Weak::Common),
            ("ab12345678", Weak::Common),
            ("qwer123456", Weak::Common),
            ("qwer1234!@", Weak::Common),
            ("Password2026!", Weak::Common),
            ("Admin@123456", Weak::Common),
            ("minzhengju2026", Weak::Common),
            ("woaini1314520", Weak::Common),
            ("19870412198", Weak::Common),
            ("aaaaaaaaaaaa", Weak::Common),
            ("abababababab", Weak::Common),
            ("1qaz2wsx3edc", Weak::Common),
        ] {
            assert_eq!(check(bad, &names), Err(why), "{bad}");
        }
        assert_eq!(check(&"长".repeat(LONGEST + 1), &[]), Err(Weak::Long));
        let longest: String = ('一'..).take(LONGEST).collect();
        assert_eq!(check(&longest, &[]), Ok(()));
        // An organisation without a name forbids nothing.
        assert_eq!(check("xkq7vwm2pd", &[""]), Ok(()));
    }
}
