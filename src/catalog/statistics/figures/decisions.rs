//! The figures that are made of decisions: who receives, who came and went, what changed.

use super::Both;
use crate::model::statistics::Figure;

/// For how many months each decision held (from `n_from`, no longer in `n_past`), and what
/// was paid right before it, if anything. A decision holds until the first month of one that
/// was made after it, as everywhere.
macro_rules! spans {
    ($rest:expr) => {
        concat!(
            "WITH dated AS (
                SELECT b.*, MIN(b.from_month) OVER (PARTITION BY b.household ORDER BY b.entry
                    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_month
                FROM benefit b
             ), numbered AS (
                SELECT household, entry, effect, category, persons, amount, from_month, until_month,
                    words, ",
            ordinal!("from_month"),
            " AS n_from, CASE WHEN next_month IS NULL THEN 999999 ELSE ",
            ordinal!("next_month"),
            " END AS n_next, CASE WHEN until_month = '' THEN 999999 ELSE ",
            ordinal!("until_month"),
            " + 1 END AS n_until
                FROM dated WHERE next_month IS NULL OR next_month > from_month
             ), ended AS (
                SELECT numbered.*, CASE WHEN n_next < n_until THEN n_next ELSE n_until END AS n_past
                FROM numbered
             ), neighbours AS (
                SELECT ended.*,
                    LAG(amount) OVER own AS amount_before,
                    LAG(persons) OVER own AS persons_before,
                    LAG(n_past) OVER own AS past_before,
                    MAX(amount) OVER (PARTITION BY household ORDER BY n_from, entry
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS most_before
                FROM ended WINDOW own AS (PARTITION BY household ORDER BY n_from, entry)
             ), span AS (
                SELECT neighbours.*,
                    CASE WHEN COALESCE(amount_before, 0) > 0 AND past_before = n_from THEN 1
                         ELSE 0 END AS goes_on
                FROM neighbours
             ) ",
            $rest
        )
    };
}

macro_rules! rows_receiving {
    () => {
        "SELECT household, category AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE amount > 0 AND n_from <= $4 AND n_past > $4"
    };
}
pub(super) const RECEIVING: Both = both!(spans, rows_receiving!());

macro_rules! rows_joined {
    () => {
        "SELECT household, CASE WHEN COALESCE(most_before, 0) > 0 THEN 'again' ELSE 'new' END
            AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE amount > 0 AND goes_on = 0 AND n_from >= $3 AND n_from <= $4"
    };
}
pub(super) const JOINED: Both = both!(spans, rows_joined!());

/// Who was stopped, and whose phase-out was over.
macro_rules! rows_left {
    () => {
        "SELECT household, words AS about, persons_before AS persons, amount_before AS amount,
            from_month AS day, words, entry
     FROM span WHERE amount = 0 AND goes_on = 1 AND n_from >= $3 AND n_from <= $4
     UNION ALL
     SELECT household, '渐退期满' AS about, persons, amount, until_month AS day, words, entry
     FROM span WHERE amount > 0 AND n_until < n_next AND n_past >= $3 AND n_past <= $4"
    };
}
pub(super) const LEFT: Both = both!(spans, rows_left!());

macro_rules! rows_raised {
    () => {
        "SELECT household, '' AS about, persons, amount - COALESCE(amount_before, 0) AS amount,
            from_month AS day, words, entry
     FROM span WHERE effect = 'raise' AND n_from >= $3 AND n_from <= $4"
    };
}
pub(super) const RAISED: Both = both!(spans, rows_raised!());

macro_rules! rows_reduced {
    () => {
        "SELECT household, '' AS about, persons, amount - COALESCE(amount_before, 0) AS amount,
            from_month AS day, words, entry
     FROM span WHERE effect = 'reduce' AND n_from >= $3 AND n_from <= $4"
    };
}
pub(super) const REDUCED: Both = both!(spans, rows_reduced!());

macro_rules! rows_phased_out {
    () => {
        "SELECT household, '' AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE effect = 'phase_out' AND n_from >= $3 AND n_from <= $4"
    };
}
pub(super) const PHASED_OUT: Both = both!(spans, rows_phased_out!());

/// A decision counts with every month of the period in which it held.
macro_rules! rows_entitled {
    () => {
        "SELECT household, category AS about, persons,
            amount * (CASE WHEN n_past - 1 < $4 THEN n_past - 1 ELSE $4 END
                - CASE WHEN n_from > $3 THEN n_from ELSE $3 END + 1) AS amount,
            from_month AS day, words, entry
     FROM span WHERE amount > 0 AND n_from <= $4 AND n_past > $3"
    };
}
pub(super) const ENTITLED: Both = both!(spans, rows_entitled!());

/// The sums of all figures that are made of decisions, in one go: working out for how long
/// decisions held is most of the work.
pub(in crate::catalog::statistics) const OF_DECISIONS: (&[Figure], &str) = (
    &[
        Figure::Receiving,
        Figure::Joined,
        Figure::Left,
        Figure::Raised,
        Figure::Reduced,
        Figure::PhasedOut,
        Figure::Entitled,
    ],
    spans!(concat!(
        "SELECT q.figure, COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) AS organisation,
            q.about, COUNT(*) AS count,
            CAST(COALESCE(SUM(q.persons), 0) AS BIGINT) AS persons,
            CAST(COALESCE(SUM(q.amount), 0) AS BIGINT) AS amount
         FROM (",
        "SELECT 'receiving' AS figure, r0.* FROM (",
        rows_receiving!(),
        ") AS r0",
        " UNION ALL SELECT 'joined' AS figure, r1.* FROM (",
        rows_joined!(),
        ") AS r1",
        " UNION ALL SELECT 'left' AS figure, r2.* FROM (",
        rows_left!(),
        ") AS r2",
        " UNION ALL SELECT 'raised' AS figure, r3.* FROM (",
        rows_raised!(),
        ") AS r3",
        " UNION ALL SELECT 'reduced' AS figure, r4.* FROM (",
        rows_reduced!(),
        ") AS r4",
        " UNION ALL SELECT 'phased_out' AS figure, r5.* FROM (",
        rows_phased_out!(),
        ") AS r5",
        " UNION ALL SELECT 'entitled' AS figure, r6.* FROM (",
        rows_entitled!(),
        ") AS r6",
        ")",
        of_scope!(),
        " GROUP BY q.figure, COALESCE(h.organisation, SUBSTR(q.household, 1, 12)), q.about
         ORDER BY 1, 2, 3"
    )),
);

/// From which month on (as a number) until before which one how many households receive
/// how much in all, as far as that is between `$3` and `$4`.
pub(in crate::catalog::statistics) const HELD: &str = spans!(
    "SELECT q.n_from, q.n_past, COUNT(*) AS count, CAST(SUM(q.amount) AS BIGINT) AS amount
     FROM span AS q JOIN household h ON h.no = q.household
     WHERE h.organisation LIKE $1 AND h.organisation LIKE $2
       AND q.amount > 0 AND q.n_from <= $4 AND q.n_past > $3
     GROUP BY q.n_from, q.n_past ORDER BY q.n_from, q.n_past"
);
