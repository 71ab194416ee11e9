//! The queries of the figures. In all of them `$1` and `$2` begin the codes of
//! organisations, `$3` is the first month of the period and `$4` the month that stands for
//! its end (both as numbers), `$5` and `$6` are its first and last month, `$7` and `$8` its
//! first and last day, `$9` is today.

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

/// For how many months each decision held (from `n_from`, no longer in `n_past`), and what
/// was paid right before it, if anything. Of decisions from the same month the last one
/// holds, as everywhere.
macro_rules! spans {
    ($rest:expr) => {
        concat!(
            "WITH dated AS (
                SELECT b.*, LEAD(b.from_month) OVER (PARTITION BY b.household
                    ORDER BY b.from_month, b.entry) AS next_month
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

/// The households that receive the allowance in the month that stands for the end, as
/// the roster of that month has them.
macro_rules! receiving {
    ($rest:expr) => {
        concat!(
            "WITH receiving AS (
                SELECT b.household, b.persons, b.amount, b.entry
                FROM household h JOIN benefit b ON b.entry = (
                    SELECT d.entry FROM benefit d WHERE d.household = h.no AND ",
            ordinal!("d.from_month"),
            " <= $4 ORDER BY d.from_month DESC, d.entry DESC LIMIT 1)
                WHERE h.organisation LIKE $1 AND h.organisation LIKE $2 AND b.amount > 0
                  AND CASE WHEN b.until_month = '' THEN 999999 ELSE ",
            ordinal!("b.until_month"),
            " END >= $4
             ) ",
            $rest
        )
    };
}

/// The day on which persons are as old as they are counted: the last one of the period, or
/// today while it goes on; and that day so many years earlier.
macro_rules! age_day {
    () => {
        "CASE WHEN $8 < $9 THEN $8 ELSE $9 END"
    };
    ($years:literal) => {
        concat!(
            "(CAST(SUBSTR(",
            age_day!(),
            ", 1, 4) AS BIGINT) - ",
            $years,
            ") || SUBSTR(",
            age_day!(),
            ", 5)"
        )
    };
}

/// A query of rows, filtered by organisation; every placeholder stands in it.
macro_rules! of_scope {
    () => {
        " AS q LEFT JOIN household h ON h.no = q.household
         WHERE COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) LIKE $1
           AND COALESCE(h.organisation, SUBSTR(q.household, 1, 12)) LIKE $2
           AND $3 <= $4 AND $5 <= $6 AND $7 <= $8 AND $9 <> ''"
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
                " AND ($10 = '' OR q.about = $10)
                 ORDER BY q.household, q.entry, q.day, q.words LIMIT $11 OFFSET $12"
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

type Both = (&'static str, &'static str);

macro_rules! rows_receiving {
    () => {
        "SELECT household, category AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE amount > 0 AND n_from <= $4 AND n_past > $4"
    };
}
const RECEIVING: Both = both!(spans, rows_receiving!());

/// What else is known now of the person of a fact `f`.
macro_rules! known {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT k.value FROM present_fact k WHERE k.household = f.household
                AND k.member = f.member AND k.field = '",
            $field,
            "'), '')"
        )
    };
}

/// A row for everything that a person is by one fact, and one for those of whom sex or birth
/// is not known, see [`crate::model::statistics::Kind`]; described by `$day` and `$words`.
macro_rules! rows_people {
    ($day:expr, $words:expr) => {
        concat!(
            "SELECT f.household,
            CASE f.field WHEN 'name' THEN 'member' WHEN 'sex' THEN 'female'
                WHEN 'birth' THEN CASE WHEN f.value <= ",
            age_day!("60"),
            " THEN 'elderly' ELSE 'minor' END
                WHEN 'disability' THEN 'disabled' WHEN 'health' THEN 'ill'
                ELSE 'unable' END AS about,
            1 AS persons, 0 AS amount, ",
            $day,
            " AS day, ",
            $words,
            " AS words, f.entry
         FROM receiving r JOIN present_fact f ON f.household = r.household AND f.member >= 0
         WHERE CASE f.field
                WHEN 'name' THEN TRUE
                WHEN 'sex' THEN f.value = '女'
                WHEN 'birth' THEN f.value <> '' AND (f.value <= ",
            age_day!("60"),
            " OR f.value <= ",
            age_day!(),
            " AND f.value > ",
            age_day!("18"),
            ")
                WHEN 'disability' THEN f.value NOT IN ('', '无', '否')
                WHEN 'health' THEN f.value = '重病'
                WHEN 'employment' THEN f.value = '无劳动能力'
                ELSE FALSE END
           AND ",
            known!("left"),
            " = ''
         UNION ALL
         SELECT f.household, 'unknown', 1, 0, ",
            $day,
            ", f.value, f.entry
         FROM receiving r JOIN present_fact f ON f.household = r.household AND f.member >= 0
         WHERE f.field = 'name' AND (",
            known!("sex"),
            " = '' OR ",
            known!("birth"),
            " = '') AND ",
            known!("left"),
            " = ''"
        )
    };
}
const PEOPLE: Both =
    both!(receiving, rows_people!("''", "''"), rows_people!(known!("birth"), known!("name")));

const CAUSES: Both = both!(
    receiving,
    "SELECT r.household, COALESCE(f.value, 'unknown') AS about, r.persons, r.amount,
        COALESCE(f.from_day, '') AS day, '' AS words, COALESCE(f.entry, r.entry) AS entry
     FROM receiving r LEFT JOIN present_fact f
       ON f.household = r.household AND f.member = -1 AND f.field = 'cause' AND f.value <> ''"
);

macro_rules! rows_joined {
    () => {
        "SELECT household, CASE WHEN COALESCE(most_before, 0) > 0 THEN 'again' ELSE 'new' END
            AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE amount > 0 AND goes_on = 0 AND n_from >= $3 AND n_from <= $4"
    };
}
const JOINED: Both = both!(spans, rows_joined!());

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
const LEFT: Both = both!(spans, rows_left!());

macro_rules! rows_raised {
    () => {
        "SELECT household, '' AS about, persons, amount - COALESCE(amount_before, 0) AS amount,
            from_month AS day, words, entry
     FROM span WHERE effect = 'raise' AND n_from >= $3 AND n_from <= $4"
    };
}
const RAISED: Both = both!(spans, rows_raised!());

macro_rules! rows_reduced {
    () => {
        "SELECT household, '' AS about, persons, amount - COALESCE(amount_before, 0) AS amount,
            from_month AS day, words, entry
     FROM span WHERE effect = 'reduce' AND n_from >= $3 AND n_from <= $4"
    };
}
const REDUCED: Both = both!(spans, rows_reduced!());

macro_rules! rows_phased_out {
    () => {
        "SELECT household, '' AS about, persons, amount, from_month AS day, words, entry
     FROM span WHERE effect = 'phase_out' AND n_from >= $3 AND n_from <= $4"
    };
}
const PHASED_OUT: Both = both!(spans, rows_phased_out!());

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
const ENTITLED: Both = both!(spans, rows_entitled!());

const LISTED: Both = both!(
    plain,
    "SELECT household, '' AS about, persons, amount, month AS day, '' AS words, entry
     FROM payment WHERE month >= $5 AND month <= $6"
);

const PAID: Both = both!(
    plain,
    "SELECT household, '' AS about, 0 AS persons, amount, month AS day, '' AS words, entry
     FROM bank_return WHERE month >= $5 AND month <= $6 AND paid = 1 AND voided IS NULL"
);

/// The moment, UTC, at which the last day of the period is past in China.
macro_rules! past {
    () => {
        "($8 || 'T16')"
    };
}

/// Of a period that has not ended, what stands with the households; of an earlier one, the
/// papers that were due by its last day and those of today's that had been taken in by then.
const FILES: Both = both!(
    plain,
    concat!(
        "SELECT f.no AS household,
            CASE WHEN f.lacks = 0 THEN 'complete' ELSE 'incomplete' END AS about,
            0 AS persons, 0 AS amount,
            (SELECT MAX(o.since) FROM owed o WHERE o.household = f.no) AS day, '' AS words,
            (SELECT MAX(o.entry) FROM owed o WHERE o.household = f.no) AS entry
     FROM household f WHERE f.owed > 0 AND $8 >= $9
     UNION ALL
     SELECT household, CASE WHEN SUM(CASE WHEN met_at = '' OR met_at >= ",
        past!(),
        " THEN 1 ELSE 0 END) = 0 THEN 'complete' ELSE 'incomplete' END, 0, 0, MAX(since), '',
            MAX(entry)
     FROM owed WHERE since <= $8 AND $8 < $9 GROUP BY household"
    )
);

const LACKING: Both = both!(
    plain,
    concat!(
        "SELECT household, collector AS about, 0 AS persons, 0 AS amount, since AS day,
            type AS words, entry
     FROM owed WHERE met = 0 AND $8 >= $9
     UNION ALL
     SELECT household, collector, 0, 0, since, type, entry
     FROM owed WHERE since <= $8 AND $8 < $9 AND (met_at = '' OR met_at >= ",
        past!(),
        ")"
    )
);

const REVIEWS_OVERDUE: Both = both!(
    plain,
    "SELECT no AS household, category AS about, 0 AS persons, 0 AS amount, review_due AS day,
            '' AS words, COALESCE(stepped, 0) AS entry
     FROM household WHERE review_due <> '' AND review_due < $9"
);

const STEPS_OVERDUE: Both = both!(
    plain,
    "SELECT household, next_level AS about, 0 AS persons, 0 AS amount, due AS day,
            procedure || '.' || next_step AS words, entry
     FROM case_file WHERE ended = '' AND due <> '' AND due < $9"
);

/// The sums of all figures that are made of decisions, in one go: working out for how long
/// decisions held is most of the work.
pub(super) const OF_DECISIONS: (&[Figure], &str) = (
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
pub(super) const HELD: &str = spans!(
    "SELECT q.n_from, q.n_past, COUNT(*) AS count, CAST(SUM(q.amount) AS BIGINT) AS amount
     FROM span AS q JOIN household h ON h.no = q.household
     WHERE h.organisation LIKE $1 AND h.organisation LIKE $2
       AND q.amount > 0 AND q.n_from <= $4 AND q.n_past > $3
     GROUP BY q.n_from, q.n_past ORDER BY q.n_from, q.n_past"
);

const fn of(figure: Figure) -> Option<Both> {
    Some(match figure {
        Figure::Receiving => RECEIVING,
        Figure::People => PEOPLE,
        Figure::Causes => CAUSES,
        Figure::Joined => JOINED,
        Figure::Left => LEFT,
        Figure::Raised => RAISED,
        Figure::Reduced => REDUCED,
        Figure::PhasedOut => PHASED_OUT,
        Figure::Entitled => ENTITLED,
        Figure::Listed => LISTED,
        Figure::Paid => PAID,
        Figure::Files => FILES,
        Figure::Lacking => LACKING,
        Figure::ReviewsOverdue => REVIEWS_OVERDUE,
        Figure::StepsOverdue => STEPS_OVERDUE,
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

/// The rows of a figure: about `$10`, at most `$11`, from the place `$12` on.
pub(super) const fn listed(figure: Figure) -> Option<&'static str> {
    match of(figure) {
        Some((_, listed)) => Some(listed),
        None => None,
    }
}
