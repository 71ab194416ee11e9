//! The figures that need no decisions: rosters and banks, papers, terms.

use super::Both;

pub(super) const LISTED: Both = both!(
    plain,
    "SELECT household, '' AS about, persons, amount, month AS day, '' AS words, entry
     FROM payment WHERE month >= $5 AND month <= $6"
);

pub(super) const PAID: Both = both!(
    plain,
    "SELECT household, '' AS about, 0 AS persons, amount, month AS day, '' AS words, entry
     FROM bank_return WHERE month >= $5 AND month <= $6 AND paid = 1 AND voided IS NULL"
);

pub(super) const LISTED_SO_FAR: Both = both!(
    plain,
    "SELECT household, '' AS about, persons, amount, month AS day, '' AS words, entry
     FROM payment WHERE month >= SUBSTR($6, 1, 4) || '-01' AND month <= $10"
);

pub(super) const PAID_SO_FAR: Both = both!(
    plain,
    "SELECT household, '' AS about, 0 AS persons, amount, month AS day, '' AS words, entry
     FROM bank_return WHERE month >= SUBSTR($6, 1, 4) || '-01' AND month <= $10 AND paid = 1
       AND voided IS NULL"
);

/// The moment, UTC, at which the last day of the period is past in China.
macro_rules! past {
    () => {
        "($8 || 'T16')"
    };
}

/// Of a period that has not ended, what stands with the households; of an earlier one, the
/// papers that were due by its last day and those of today's that had been taken in by then.
pub(super) const FILES: Both = both!(
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

pub(super) const LACKING: Both = both!(
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

pub(super) const REVIEWS_OVERDUE: Both = both!(
    plain,
    "SELECT no AS household, category AS about, 0 AS persons, 0 AS amount, review_due AS day,
            '' AS words, COALESCE(stepped, 0) AS entry
     FROM household WHERE review_due <> '' AND review_due < $9"
);

pub(super) const STEPS_OVERDUE: Both = both!(
    plain,
    "SELECT household, next_level AS about, 0 AS persons, 0 AS amount, due AS day,
            procedure || '.' || next_step AS words, entry
     FROM case_file WHERE ended = '' AND due <> '' AND due < $9"
);
