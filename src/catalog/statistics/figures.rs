//! The queries of the figures. In all of them `$1` and `$2` begin the codes of
//! organisations, `$3` is the first month of the period and `$4` the month that stands for
//! its end (both as numbers), `$5` and `$6` are its first and last month, `$7` and `$8` its
//! first and last day, `$9` is today, `$10` the month that stands for its end.

use crate::model::statistics::Figure;

/// A month in SQL as a number, as [`super::ordinal`].
macro_rules! ordinal {
    ($month:literal) => {
        concat!(
            "(CAST(SUBSTR(",
            $month,
            ", 1, 4) AS BIGINT) * 12 + CAST(SUBSTR(",
            $month,
            ", 6, 2) AS BIGINT))"
        )
    };
}

/// A query of rows, filtered by organisation; every placeholder stands in it.
macro_rules! of_scope {
    () => {
        " AS q LEFT JOIN household h ON h.no = q.household
         WHERE COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) LIKE $1
           AND COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) LIKE $2
           AND $3 <= $4 AND $5 <= $6 AND $7 <= $8 AND $9 <> '' AND $10 <> ''"
    };
}

/// The sums and the list of a figure, from the same rows. Where a row is costly to describe,
/// those that are summed come without what only the list shows.
macro_rules! both {
    ($with:ident, $rows:expr) => {
        both!($with, $rows, $rows)
    };
    ($with:ident, $summed:expr, $listed:expr) => {
        (
            $with!(concat!(
                "SELECT COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) AS organisation,
                    q.about, COUNT(*) AS count,
                    CAST(COALESCE(SUM(q.persons), 0) AS BIGINT) AS persons,
                    CAST(COALESCE(SUM(q.amount), 0) AS BIGINT) AS amount
                 FROM (",
                $summed,
                ")",
                of_scope!(),
                " GROUP BY COALESCE(h.organisation, SUBSTR(q.household, 1, 12)), q.about
                 ORDER BY 1, 2"
            )),
            $with!(concat!(
                "SELECT q.household, COALESCE(h.head, '') AS head,
                    COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) AS organisation,
                    q.about, CAST(q.persons AS BIGINT) AS persons,
                    CAST(q.amount AS BIGINT) AS amount, q.day, q.words, q.entry
                 FROM (",
                $listed,
                ")",
                of_scope!(),
                " AND ($11 = '' OR q.about = $11)
                 ORDER BY q.household, q.entry, q.day, q.words LIMIT $12 OFFSET $13"
            )),
        )
    };
}

/// Rows that need no decisions.
macro_rules! plain {
    ($rest:expr) => {
        $rest
    };
}

// Behind the macros, which they use.
mod decisions;
mod people;
mod plain;

pub(super) use self::decisions::{HELD, OF_DECISIONS};

type Both = (&'static str, &'static str);

const fn of(figure: Figure) -> Option<Both> {
    Some(match figure {
        Figure::Receiving => decisions::RECEIVING,
        Figure::People => people::PEOPLE,
        Figure::Causes => people::CAUSES,
        Figure::Joined => decisions::JOINED,
        Figure::Left => decisions::LEFT,
        Figure::Raised => decisions::RAISED,
        Figure::Reduced => decisions::REDUCED,
        Figure::PhasedOut => decisions::PHASED_OUT,
        Figure::Entitled => decisions::ENTITLED,
        Figure::Listed => plain::LISTED,
        Figure::Paid => plain::PAID,
        Figure::ListedSoFar => plain::LISTED_SO_FAR,
        Figure::PaidSoFar => plain::PAID_SO_FAR,
        Figure::Files => plain::FILES,
        Figure::Lacking => plain::LACKING,
        Figure::ReviewsOverdue => plain::REVIEWS_OVERDUE,
        Figure::StepsOverdue => plain::STEPS_OVERDUE,
        // Last days are counted in working days: by the rules, not in SQL.
        Figure::Reviews | Figure::Steps | Figure::Cases => return None,
    })
}

/// The sums of a figure, by community and what its rows are about.
pub(super) const fn counted(figure: Figure) -> Option<&'static str> {
    match of(figure) {
        Some((counted, _)) => Some(counted),
        None => None,
    }
}

/// The rows of a figure: about `$11`, at most `$12`, from the place `$13` on.
pub(super) const fn listed(figure: Figure) -> Option<&'static str> {
    match of(figure) {
        Some((_, listed)) => Some(listed),
        None => None,
    }
}
