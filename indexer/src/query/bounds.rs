//! From where to where: `2024..2025`, `>500`, `<=2026-03`.

use serde::Serialize;

use super::syntax::Flaw;
use crate::normalise::Normal;
use crate::values::Value;

/// A range of numbers; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Bounds {
    /// The least.
    pub from: u64,
    /// The greatest.
    pub to: u64,
}

impl Bounds {
    /// Days as YYYYMMDD: a day, a month or a year, in any form it is written; compared, or from one
    /// to the other.
    ///
    /// # Errors
    /// [`Flaw::NoDay`] when the text is no such thing; [`Flaw::Reversed`].
    pub(super) fn days(text: &str) -> Result<Self, Flaw> {
        let days = |normal: &Normal| {
            let text: String = normal.chars.iter().collect();
            let whole = match text.split('-').collect::<Vec<_>>().as_slice() {
                // Forms that are no dates in a text, but are where nothing else is asked.
                [year] if is_figures(year, 4) => Value::Year(year.parse().ok()?),
                [year, month] | [year, month, ""] if is_figures(year, 4) => month_of(year, month)?,
                _ => match text.split('.').collect::<Vec<_>>().as_slice() {
                    [year, month] if is_figures(year, 4) => month_of(year, month)?,
                    _ => Value::of(normal)?,
                },
            };
            Some(match whole {
                Value::Year(year) => (year * 10_000 + 101, year * 10_000 + 1231),
                Value::Month(month) => (month * 100 + 1, month * 100 + 31),
                Value::Day(day) => (day, day),
                Value::Date(_) | Value::Fen(_) => return None,
            })
        };
        let days = |normal: &Normal| days(normal).map(|(from, to)| (from.into(), to.into()));
        Self::read(text, 1, 99_991_231, &days).ok_or(Flaw::NoDay)?.in_order()
    }

    /// Amounts in 分: `500`, `>500`, `300..500`, with or without 元.
    ///
    /// # Errors
    /// [`Flaw::NoAmount`] when the text is no such thing; [`Flaw::Reversed`].
    pub(super) fn amounts(text: &str) -> Result<Self, Flaw> {
        let amounts = |normal: &Normal| match Value::of(normal) {
            Some(Value::Fen(fen)) => Some((fen, fen)),
            _ => {
                let text: String = normal.chars.iter().collect();
                let yuan = text.strip_suffix('元').unwrap_or(&text);
                let yuan = (yuan.len() <= 12).then(|| yuan.parse::<u64>().ok())?? * 100;
                Some((yuan, yuan))
            }
        };
        Self::read(text, 0, u64::MAX, &amounts).ok_or(Flaw::NoAmount)?.in_order()
    }

    /// Itself, unless what was typed as its end comes before its beginning.
    fn in_order(self) -> Result<Self, Flaw> {
        if self.from <= self.to { Ok(self) } else { Err(Flaw::Reversed) }
    }

    fn read(
        text: &str,
        least: u64,
        most: u64,
        one: &dyn Fn(&Normal) -> Option<(u64, u64)>,
    ) -> Option<Self> {
        let text: String = Normal::of(text).chars.into_iter().collect();
        let one = |text: &str| one(&Normal::of(text));
        if let Some((from, to)) = text.split_once("..") {
            let from = if from.is_empty() { least } else { one(from)?.0 };
            let to = if to.is_empty() { most } else { one(to.trim_start_matches('.'))?.1 };
            let open = from == least && to == most;
            return (!open).then_some(Bounds { from, to });
        }
        let compared = |sign: &str| text.strip_prefix(sign);
        let (from, to) = if let Some(text) = compared(">=").or(compared("≥")) {
            (one(text)?.0, most)
        } else if let Some(text) = compared("<=").or(compared("≤")) {
            (least, one(text)?.1)
        } else if let Some(text) = compared(">") {
            (one(text)?.1.checked_add(1)?, most)
        } else if let Some(text) = compared("<") {
            (least, one(text)?.0.checked_sub(1)?)
        } else {
            one(&text)?
        };
        (from <= to).then_some(Bounds { from, to })
    }
}

fn is_figures(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn month_of(year: &str, month: &str) -> Option<Value> {
    let month: u32 = (month.len() <= 2).then(|| month.parse().ok())??;
    let year: u32 = year.parse().ok()?;
    (1..=12).contains(&month).then_some(Value::Month(year * 100 + month))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn days(text: &str) -> Option<(u64, u64)> {
        Bounds::days(text).ok().map(|bounds| (bounds.from, bounds.to))
    }

    fn amounts(text: &str) -> Option<(u64, u64)> {
        Bounds::amounts(text).ok().map(|bounds| (bounds.from, bounds.to))
    }

    #[test]
    fn days_are_read_in_all_forms() {
        assert_eq!(days("2024..2025"), Some((20_240_101, 20_251_231)));
        assert_eq!(days("2024"), Some((20_240_101, 20_241_231)));
        for month in ["2024-03", "2024.3", "2024年3月", "二〇二四年三月"] {
            assert_eq!(days(month), Some((20_240_301, 20_240_331)), "{month}");
        }
        assert_eq!(days("20240309"), Some((20_240_309, 20_240_309)));
        assert_eq!(days("2024-03-09..2024-04"), Some((20_240_309, 20_240_431)));
        assert_eq!(days("..2024.6.30"), Some((1, 20_240_630)));
        assert_eq!(days("2024.."), Some((20_240_101, 99_991_231)));
        assert_eq!(days(">2024"), Some((20_241_232, 99_991_231)));
        assert_eq!(days("＜＝２０２４"), Some((1, 20_241_231)));
        for bad in ["", "..", "2025..2024", "王", "2024-13", "3月9日", "860元", ">", "12024"] {
            assert_eq!(days(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_range_from_the_later_to_the_earlier_is_told_from_what_is_none() {
        assert_eq!(Bounds::days("2025..2024"), Err(Flaw::Reversed));
        assert_eq!(Bounds::amounts("500..300元"), Err(Flaw::Reversed));
        assert_eq!(Bounds::days("2025..明天"), Err(Flaw::NoDay));
        assert_eq!(Bounds::amounts("<0"), Err(Flaw::NoAmount));
    }

    #[test]
    fn amounts_are_read_in_all_forms() {
        assert_eq!(amounts("500"), Some((50_000, 50_000)));
        assert_eq!(amounts(">500"), Some((50_001, u64::MAX)));
        assert_eq!(amounts("≥500元"), Some((50_000, u64::MAX)));
        assert_eq!(amounts("<0.5"), Some((0, 49)));
        assert_eq!(amounts("300..捌佰陆拾元"), Some((30_000, 86_000)));
        assert_eq!(amounts("5"), Some((500, 500)));
        for bad in ["", "王", "9999999999999", "500..300", "<0", "2024-03-09", ".."] {
            assert_eq!(amounts(bad), None, "{bad}");
        }
    }
}
