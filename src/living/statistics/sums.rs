//! The sums of all figures of a period, by community.

use std::collections::BTreeMap;

use super::{WhyLeft, kept, timeliness};
use crate::app::App;
use crate::catalog::statistics::{self as catalog, Counted, Wanted};
use crate::db::DbError;
use crate::model::access::Scope;
use crate::model::statistics::{Figure, Line, Measure};

/// The sums of all figures, by community, figure and what they are about.
#[derive(Debug, Default)]
pub(super) struct Sums {
    counted: Vec<(Figure, Counted)>,
    walked: Vec<timeliness::Counts>,
}

impl Sums {
    pub(super) async fn of(app: &App, visible: &Scope, wanted: &Wanted) -> Result<Self, DbError> {
        let mut sums = Self::default();
        let mut tx = app.db.read().await?;
        sums.counted = kept::of_decisions(app, &mut tx, visible, wanted).await?;
        for figure in Figure::ALL.into_iter().filter(|one| !catalog::is_of_decisions(*one)) {
            let found = kept::counted(app, &mut tx, visible, figure, wanted).await?;
            sums.counted.extend(found.into_iter().map(|one| (figure, one)));
        }
        sums.walked = timeliness::walked(app, &mut tx, visible, wanted).await?;
        Ok(sums)
    }

    /// The communities it has something of.
    pub(super) fn organisations(&self) -> impl Iterator<Item = &str> {
        let counted = self.counted.iter().map(|(_, one)| one.organisation.as_str());
        counted.chain(self.walked.iter().map(|one| one.organisation.as_str()))
    }

    /// What a line comes to in the communities that begin with `start`.
    pub(super) fn value(&self, line: &Line, start: &str) -> i64 {
        let is_meant = |organisation: &str, figure: Figure, about: &str| {
            organisation.starts_with(start)
                && figure == line.figure
                && (line.about.is_empty() || about == line.about)
        };
        let counted = self
            .counted
            .iter()
            .filter(|(figure, one)| is_meant(&one.organisation, *figure, &one.about))
            .map(|(_, one)| one);
        let walked =
            self.walked.iter().filter(|one| is_meant(&one.organisation, one.figure, &one.about));
        match line.measure {
            Measure::Count => {
                counted.map(|one| one.count).sum::<i64>() + walked.map(|_| 1).sum::<i64>()
            }
            Measure::Persons => counted.map(|one| one.persons).sum(),
            Measure::Amount => counted.map(|one| one.amount).sum(),
            Measure::Days => median(walked.filter_map(|one| one.days).collect()),
        }
    }
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
}
