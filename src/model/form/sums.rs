//! What the numbers of a form have to do with each other: `(standard - per_head) *
//! covered` is `amount`. Numbers are 分 or how many; what is reckoned is exact.

use serde::Deserialize;

/// A sum as a form has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    title: String,
    #[serde(rename = "x-en")]
    title_en: String,
    #[serde(default)]
    equal: Option<[String; 2]>,
    #[serde(default)]
    at_least: Option<[String; 2]>,
    /// How far apart both may be, since what stands on paper is rounded.
    #[serde(default)]
    within: u32,
}

/// A sum.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    /// How it reads, in Chinese.
    pub(super) title: String,
    /// The same in English.
    pub(super) title_en: String,
    left: Term,
    right: Term,
    is_least: bool,
    within: u32,
}

/// What a sum comes to with the values of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Came {
    /// Whether it holds.
    pub(super) holds: bool,
    /// What was reckoned, rounded.
    pub(super) left: i64,
    /// What stands there.
    pub(super) right: i64,
}

impl Sum {
    /// The sum of a form.
    pub(super) fn parse(source: Source) -> Result<Self, String> {
        let title = source.title;
        let (sides, is_least) = match (source.equal, source.at_least) {
            (Some(sides), None) => (sides, false),
            (None, Some(sides)) => (sides, true),
            _ => return Err(format!("reckons in {title:?} neither one thing nor the other")),
        };
        let term = |text: &String| Term::parse(text).ok_or(format!("cannot reckon {text:?}"));
        let [left, right] = &sides;
        Ok(Self {
            left: term(left)?,
            right: term(right)?,
            title_en: source.title_en,
            is_least,
            within: source.within,
            title,
        })
    }

    /// The names of the fields in it.
    pub(super) fn fields(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.left.names(&mut names);
        self.right.names(&mut names);
        names
    }

    /// The field that should be what is reckoned, where it is one alone.
    pub(super) fn result(&self) -> Option<&str> {
        match &self.right {
            Term::Field(name) => Some(name),
            _ => None,
        }
    }

    /// What it comes to; none while a value is missing.
    pub(super) fn reckon(&self, value: &impl Fn(&str) -> Option<i64>) -> Option<Came> {
        let (left, right) = (self.left.worth(value)?, self.right.worth(value)?);
        let apart = left.minus(right)?;
        let within = i128::from(self.within);
        let holds = match self.is_least {
            true => apart.0 >= 0,
            false => apart.0.abs() <= within.checked_mul(apart.1)?,
        };
        Some(Came { holds, left: left.rounded()?, right: right.rounded()? })
    }
}

/// A term of a sum.
#[derive(Debug, Clone)]
enum Term {
    Number(i64),
    Field(String),
    Of(Box<Term>, char, Box<Term>),
}

/// A fraction; what it is divided by is above zero.
#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    fn plus(self, other: Self) -> Option<Self> {
        let both = self.0.checked_mul(other.1)?.checked_add(other.0.checked_mul(self.1)?)?;
        Some(Self(both, self.1.checked_mul(other.1)?))
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self(-other.0, other.1))
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self(self.0.checked_mul(other.0)?, self.1.checked_mul(other.1)?))
    }

    fn over(self, other: Self) -> Option<Self> {
        let upright = if other.0 < 0 { Self(-other.1, -other.0) } else { Self(other.1, other.0) };
        if other.0 == 0 { None } else { self.times(upright) }
    }

    fn rounded(self) -> Option<i64> {
        let half = if self.0 < 0 { -self.1 / 2 } else { self.1 / 2 };
        i64::try_from(self.0.checked_add(half)? / self.1).ok()
    }
}

/// Blanks stand between what belongs to a term, never inside.
fn skip_blanks(rest: &mut &[char]) {
    let length = rest.iter().take_while(|c| **c == ' ').count();
    *rest = &rest[length..];
}

impl Term {
    fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut rest = chars.as_slice();
        skip_blanks(&mut rest);
        let term = Self::sum(&mut rest)?;
        rest.is_empty().then_some(term)
    }

    fn sum(rest: &mut &[char]) -> Option<Self> {
        Self::chain(rest, &['+', '-'], Self::product)
    }

    fn product(rest: &mut &[char]) -> Option<Self> {
        Self::chain(rest, &['*', '/'], Self::one)
    }

    fn chain(
        rest: &mut &[char],
        signs: &[char],
        next: impl Fn(&mut &[char]) -> Option<Self>,
    ) -> Option<Self> {
        let mut term = next(rest)?;
        while let Some(sign) = rest.first().copied().filter(|c| signs.contains(c)) {
            *rest = &rest[1..];
            skip_blanks(rest);
            term = Self::Of(Box::new(term), sign, Box::new(next(rest)?));
        }
        Some(term)
    }

    fn one(rest: &mut &[char]) -> Option<Self> {
        if let Some(inside) = rest.strip_prefix(&['(']) {
            *rest = inside;
            skip_blanks(rest);
            let term = Self::sum(rest)?;
            *rest = rest.strip_prefix(&[')'])?;
            skip_blanks(rest);
            return Some(term);
        }
        let named = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let length = rest.iter().take_while(named).count();
        let (word, after) = rest.split_at(length);
        *rest = after;
        skip_blanks(rest);
        let word: String = word.iter().collect();
        match word.parse() {
            Ok(number) => Some(Self::Number(number)),
            Err(_) if word.starts_with(|c: char| c.is_ascii_lowercase()) => Some(Self::Field(word)),
            Err(_) => None,
        }
    }

    fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Field(name) => names.push(name),
            Self::Of(left, _, right) => {
                left.names(names);
                right.names(names);
            }
        }
    }

    fn worth(&self, value: &impl Fn(&str) -> Option<i64>) -> Option<Fraction> {
        match self {
            Self::Number(number) => Some(Fraction((*number).into(), 1)),
            Self::Field(name) => Some(Fraction(value(name)?.into(), 1)),
            Self::Of(left, sign, right) => {
                let (left, right) = (left.worth(value)?, right.worth(value)?);
                match sign {
                    '+' => left.plus(right),
                    '-' => left.minus(right),
                    '*' => left.times(right),
                    _ => left.over(right),
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sum(left: &str, right: &str, within: u32) -> Result<Sum, String> {
        let equal = Some([left.to_owned(), right.to_owned()]);
        let (title, title_en) = (String::new(), String::new());
        Sum::parse(Source { title, title_en, equal, at_least: None, within })
    }

    fn value(name: &str) -> Option<i64> {
        match name {
            "standard" => Some(108_500),
            "per_head" => Some(42_000),
            "covered" => Some(3),
            "amount" => Some(199_500),
            "third" => Some(33_333),
            "zero" => Some(0),
            _ => None,
        }
    }

    #[test]
    fn terms_are_reckoned_as_people_do() {
        let came = |left, right, within| {
            let came = sum(left, right, within).unwrap().reckon(&value)?;
            Some((came.holds, came.left, came.right))
        };
        let amount = "(standard - per_head) * covered";
        assert_eq!(came(amount, "amount", 0), Some((true, 199_500, 199_500)));
        assert_eq!(came(amount, "standard", 100), Some((false, 199_500, 108_500)));
        assert_eq!(came("100000 / covered", "third", 1), Some((true, 33_333, 33_333)));
        assert_eq!(came("100000 / covered", "third", 0), Some((false, 33_333, 33_333)));
        assert_eq!(came("standard - per_head * covered", "zero", 0), Some((false, -17_500, 0)));
        assert_eq!(came("standard / zero", "amount", 0), None);
        assert_eq!(came("missing + 1", "amount", 0), None);
    }

    #[test]
    fn what_cannot_be_reckoned_is_no_sum() {
        for text in ["", "(", "1 +", "a b", "a ! b", "(a", "a)", "A"] {
            assert!(sum(text, "amount", 0).is_err(), "{text}");
        }
    }
}
