//! 身份: what the number of an identity card says of the person it is of (GB 11643-1999),
//! and whether what else is stated of that person agrees with it. Nothing is made of a number
//! that was not stated: where it is covered, it would be told by that.

use jiff::civil::Date;

use super::text::{is_id_number, squeeze};

/// The sexes, as they are stated.
const SEXES: [&str; 2] = ["女", "男"];

/// The day of birth in a number: digits 7 to 14 of one of 18, 7 to 12 of one of 15, which is
/// of the twentieth century; none where there is no such day, or it is covered.
#[must_use]
pub fn born(number: &str) -> Option<Date> {
    let digits = match number.len() {
        18 => number.get(6..14)?.to_owned(),
        15 => format!("19{}", number.get(6..12)?),
        _ => return None,
    };
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range| digits.get(range).and_then(|part: &str| part.parse::<i8>().ok());
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    Date::new(year, part(4..6)?, part(6..8)?).ok().filter(|_| all)
}

/// The sex in a number, 男 or 女: the 17th digit of one of 18, the last of one of 15, is odd
/// for men. It stays where a number is covered.
#[must_use]
pub fn sex(number: &str) -> Option<&'static str> {
    let at = match number.len() {
        18 => 16,
        15 => 14,
        _ => return None,
    };
    let digit = number.as_bytes().get(at).filter(|byte| byte.is_ascii_digit())?;
    SEXES.get(usize::from((digit - b'0') % 2)).copied()
}

/// The 18 characters that a number of 15 digits became: the century of the year of birth, and
/// the check digit.
#[must_use]
pub fn long(old: &str) -> Option<String> {
    if old.len() != 15 || !old.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let body = format!("{}19{}", old.get(..6)?, old.get(6..)?);
    let found = "0123456789X".chars().map(|check| format!("{body}{check}"));
    found.into_iter().find(|number| is_somebody(number))
}

/// Whether the check digit of a number is right, and there is such a day of birth.
#[must_use]
pub fn is_somebody(number: &str) -> bool {
    is_id_number(number) && born(number).is_some()
}

/// A number by which two persons are told to be one, however it is written; none of nothing,
/// or of one that is covered.
fn compared(number: &str) -> Option<String> {
    let written = squeeze(number).to_uppercase();
    let plain: String = written.chars().filter(|c| c.is_alphanumeric() || *c == '*').collect();
    let known = !plain.is_empty() && !plain.contains('*');
    known.then(|| long(&plain).unwrap_or(plain))
}

/// A person, as far as it is stated; empty for what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// 姓名
    pub name: String,
    /// 身份证号
    pub id_number: String,
    /// 出生日期, ISO.
    pub birth: String,
    /// 性别
    pub sex: String,
}

/// What is stated of persons cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityRule {
    /// The day of birth is not the one in the number.
    #[error("the day of birth of {0} is not the one in the identity number: look at the card")]
    Birth(String),
    /// The sex is not the one in the number.
    #[error("the sex of {0} is not the one in the identity number: look at the card")]
    Sex(String),
    /// Two persons of a household have one number.
    #[error("{0} and {1} of this household would have the same identity number")]
    Twice(String, String),
}

impl IdentityRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Birth(_) => "birth_unlike_number",
            Self::Sex(_) => "sex_unlike_number",
            Self::Twice(..) => "number_twice",
        }
    }

    /// In Chinese, as a sentence. What the number says is not told: it may be covered.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Birth(name) => format!("{name}的出生日期和身份证号对不上，请对照证件。"),
            Self::Sex(name) => format!("{name}的性别和身份证号对不上，请对照证件。"),
            Self::Twice(one, other) => {
                format!("{one}和{other}的身份证号相同，一户里不能有两个人同号。")
            }
        }
    }
}

impl Stated {
    /// Whether day of birth and sex agree with the number, as far as all are stated.
    ///
    /// # Errors
    /// Which of both does not.
    pub fn agrees(&self) -> Result<(), IdentityRule> {
        let number = squeeze(&self.id_number);
        if let Some(born) = born(&number)
            && !self.birth.is_empty()
            && self.birth != born.to_string()
        {
            return Err(IdentityRule::Birth(self.name.clone()));
        }
        match sex(&number) {
            Some(sex) if !self.sex.is_empty() && self.sex != sex => {
                Err(IdentityRule::Sex(self.name.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Whether both have the same number.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        compared(&self.id_number).is_some_and(|own| compared(&other.id_number) == Some(own))
    }
}

/// Whether all of these persons, who live in one household, are different ones.
///
/// # Errors
/// Which two have one number.
pub fn apart(persons: &[Stated]) -> Result<(), IdentityRule> {
    for (at, one) in persons.iter().enumerate() {
        if let Some(other) = persons.iter().take(at).find(|other| other.is(one)) {
            return Err(IdentityRule::Twice(other.name.clone(), one.name.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// The example of the standard: a woman born on 31 December 1949.
    const WOMAN: &str = "11010519491231002X";

    fn stated(name: &str, id_number: &str, birth: &str, sex: &str) -> Stated {
        let text = str::to_owned;
        Stated { name: text(name), id_number: text(id_number), birth: text(birth), sex: text(sex) }
    }

    #[test]
    fn a_number_says_when_somebody_was_born_and_as_what() {
        assert_eq!((born(WOMAN), sex(WOMAN)), (Some(date(1949, 12, 31)), Some("女")));
        let old = "110105491231002";
        assert_eq!((born(old), sex(old)), (born(WOMAN), sex(WOMAN)));
        assert_eq!(long(old).as_deref(), Some(WOMAN));
        assert_eq!(sex("110105194912310011"), Some("男"));
        // Covered, the sex can still be read, and the day cannot.
        assert_eq!((born("1101**********002X"), sex("1101**********002X")), (None, Some("女")));
        for none in ["", "1101051949", "11010519491331002X", "１２３４５６７８９０１２３４５６７８"]
        {
            assert_eq!(born(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_stated_agrees_with_the_number_or_is_not_stated() {
        for (birth, sex) in [("", ""), ("1949-12-31", ""), ("", "女"), ("1949-12-31", "女")] {
            assert_eq!(stated("周", WOMAN, birth, sex).agrees(), Ok(()), "{birth} {sex}");
            assert_eq!(stated("周", "110105491231002", birth, sex).agrees(), Ok(()));
            assert_eq!(stated("周", "", "1900-01-01", "男").agrees(), Ok(()));
        }
        let wrong = stated("周", WOMAN, "1949-12-30", "女").agrees();
        assert_eq!(wrong, Err(IdentityRule::Birth("周".to_owned())));
        let wrong = stated("周", WOMAN, "", "男").agrees();
        assert_eq!(wrong, Err(IdentityRule::Sex("周".to_owned())));
        // What is told tells nothing of the number.
        assert!(!IdentityRule::Birth("周".to_owned()).zh().contains("1949"));
    }

    #[test]
    fn two_persons_have_two_numbers() {
        let (one, other) =
            (stated("周", WOMAN, "", ""), stated("李", "11010519491231002x", "", ""));
        let twice = apart(&[stated("无", "", "", ""), one.clone(), other]);
        assert_eq!(twice, Err(IdentityRule::Twice("周".to_owned(), "李".to_owned())));
        // A number of before and what it became is one person.
        assert!(one.is(&stated("周", "110105 491231 002", "", "")));
        assert_eq!(apart(&[one, stated("李", "", "", ""), stated("王", "", "", "")]), Ok(()));
        let covered = stated("甲", "1101**********002X", "", "");
        assert!(!covered.is(&covered.clone()), "ends tell nobody apart, and nobody the same");
    }

    proptest! {
        #[test]
        fn whoever_is_born_on_a_day_is_said_to_be(
            year in 1900_i16..2026, month in 1_i8..13, day in 1_i8..32, order in 0_u32..1000,
        ) {
            let number = format!("990102{year:04}{month:02}{day:02}{order:03}5");
            prop_assert_eq!(born(&number), Date::new(year, month, day).ok());
            let said = if order % 2 == 1 { "男" } else { "女" };
            prop_assert_eq!(sex(&number), Some(said));
            if year < 2000 {
                let old = format!("{}{}", &number[..6], &number[8..17]);
                prop_assert_eq!((born(&old), sex(&old)), (born(&number), sex(&number)));
            }
        }

        #[test]
        fn nothing_that_is_typed_makes_it_panic(text in "\\PC{0,18}") {
            let one = stated(&text, &text, &text, &text);
            let _ = (one.agrees(), one.is(&one.clone()), born(&text), sex(&text), long(&text));
        }
    }
}
