//! The sums of all figures of a period, by community.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{WhyLeft, kept, timeliness};
use crate::app::App;
use crate::catalog::statistics::{self as catalog, Counted, Wanted};
use crate::db::DbError;
use crate::model::access::Scope;
use crate::model::statistics::{Figure, Kind, Line, Measure};

/// The sums of all figures, by community, figure and what they are about.
#[derive(Debug, Default)]
pub(super) struct Sums {
    counted: Vec<(Figure, Counted)>,
    walked: Arc<Vec<timeliness::Counts>>,
}

impl Sums {
    /// Those of a period; what no period before stands beside only where `is_now`.
    pub(super) async fn of(
        app: &App,
        visible: &Scope,
        wanted: &Wanted,
        is_now: bool,
    ) -> Result<Self, DbError> {
        let mut sums = Self::default();
        let mut tx = app.db.read().await?;
        sums.counted = kept::of_decisions(app, &mut tx, visible, wanted).await?;
        let is_asked =
            |one: &Figure| !catalog::is_of_decisions(*one) && (is_now || one.is_compared());
        for figure in Figure::ALL.into_iter().filter(is_asked) {
            let found = kept::counted(app, &mut tx, visible, figure, wanted).await?;
            sums.counted.extend(found.into_iter().map(|one| (figure, one)));
        }
        sums.walked = timeliness::walked(app, &mut tx, visible, wanted).await?;
        Ok(sums)
    }

    /// What each line comes to in the places that communities belong to, by the beginning of
    /// their codes.
    pub(super) fn by_place<'a>(
        &'a self,
        lines: &[Line],
        place: impl Fn(&'a str) -> &'a str,
    ) -> BTreeMap<&'a str, Vec<i64>> {
        let meant = |figure: Figure, about: &str| {
            let about = about.to_owned();
            lines.iter().enumerate().filter(move |(_, line)| {
                line.figure == figure && (line.about.is_empty() || line.about == about)
            })
        };
        let mut sums: BTreeMap<&'a str, Vec<i64>> = BTreeMap::new();
        let none = || vec![0; lines.len()];
        for (figure, one) in &self.counted {
            let values = sums.entry(place(&one.organisation)).or_insert_with(none);
            for (at, line) in meant(*figure, &one.about) {
                values[at] += match line.measure {
                    Measure::Count => one.count,
                    Measure::Persons => one.persons,
                    Measure::Amount => one.amount,
                    Measure::Days | Measure::PerHead | Measure::Share => 0,
                };
            }
        }
        self.divided(lines, &place, &mut sums);
        let mut days: BTreeMap<(&'a str, usize), Vec<i64>> = BTreeMap::new();
        for one in self.walked.iter() {
            let place = place(&one.organisation);
            let values = sums.entry(place).or_insert_with(none);
            for (at, line) in meant(one.figure, &one.about) {
                match line.measure {
                    Measure::Count => values[at] += 1,
                    Measure::Days => days.entry((place, at)).or_default().extend(one.days),
                    Measure::Persons | Measure::Amount | Measure::PerHead | Measure::Share => {}
                }
            }
        }
        for ((place, at), days) in days {
            if let Some(values) = sums.get_mut(place) {
                values[at] = median(days);
            }
        }
        sums
    }

    /// Writes the lines that are one sum over another.
    fn divided<'a>(
        &'a self,
        lines: &[Line],
        place: &impl Fn(&'a str) -> &'a str,
        sums: &mut BTreeMap<&'a str, Vec<i64>>,
    ) {
        let divided = |one: &Line| matches!(one.measure, Measure::PerHead | Measure::Share);
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| divided(line)) {
            let mut parts: BTreeMap<&'a str, (i64, i64)> = BTreeMap::new();
            for (_, one) in self.counted.iter().filter(|(figure, _)| *figure == line.figure) {
                let is_about = line.about.is_empty() || line.about == one.about;
                let (over, under) = parts.entry(place(&one.organisation)).or_default();
                match line.measure {
                    Measure::PerHead if is_about => {
                        *over += one.amount;
                        *under += one.persons;
                    }
                    Measure::Share => {
                        *over += if is_about { one.count * 1000 } else { 0 };
                        *under += if one.about == Kind::Member.code() { one.count } else { 0 };
                    }
                    _ => {}
                }
            }
            for (place, (over, under)) in parts {
                if let Some(values) = sums.get_mut(place) {
                    values[at] = rounded(over, under);
                }
            }
        }
    }

    /// What each line comes to in all places together.
    pub(super) fn in_all(&self, lines: &[Line]) -> Vec<i64> {
        let all = self.by_place(lines, |_| "").into_values().next();
        all.unwrap_or_else(|| vec![0; lines.len()])
    }
}

/// One over the other, rounded half up; 0 of nobody. Neither is negative.
pub(super) fn rounded(over: i64, under: i64) -> i64 {
    if under == 0 { 0 } else { (2 * over + under) / (2 * under) }
}

/// The middle one, the lower of two; 0 of none.
pub(super) fn median(mut days: Vec<i64>) -> i64 {
    days.sort_unstable();
    let middle = days.len().saturating_sub(1) / 2;
    days.get(middle).copied().unwrap_or(0)
}

pub(super) fn reasons(sums: &Sums) -> Vec<WhyLeft> {
    let mut all: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (_, one) in sums.counted.iter().filter(|(figure, _)| *figure == Figure::Left) {
        let (count, persons) = all.entry(&one.about).or_default();
        *count += one.count;
        *persons += one.persons;
    }
    let why = |(reason, (count, persons)): (&str, _)| WhyLeft {
        reason: reason.to_owned(),
        count,
        persons,
    };
    let mut all: Vec<WhyLeft> = all.into_iter().map(why).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_them() {
        assert_eq!(median(vec![]), 0);
        assert_eq!(median(vec![7]), 7);
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(vec![9, 1, 5, 6]), 5);
    }

    #[test]
    fn what_is_divided_is_rounded_once_and_half_up() {
        assert_eq!((rounded(5, 0), rounded(0, 3)), (0, 0));
        assert_eq!((rounded(7, 2), rounded(10, 3), rounded(11, 3)), (4, 3, 4));
    }
}
