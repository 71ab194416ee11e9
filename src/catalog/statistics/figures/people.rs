//! The figures of those who receive the allowance: what persons they were at the end of the
//! period, and from what causes, by all that is stated of that day now.

use super::Both;
use crate::catalog::receiving::receiving;

/// The households that receive the allowance in the month that stands for the end, as
/// the roster of that month has them.
macro_rules! of_receiving {
    ($rest:expr) => {
        concat!(
            "WITH receiving AS (SELECT b.household, b.persons, b.amount, b.entry FROM ",
            receiving!("$10"),
            ") ",
            $rest
        )
    };
}

/// The day as of which persons are counted: the last one of the period, or today while it
/// goes on; and that day so many years earlier.
macro_rules! day {
    () => {
        "CASE WHEN $8 < $9 THEN $8 ELSE $9 END"
    };
    ($years:literal) => {
        concat!(
            "(CAST(SUBSTR(",
            day!(),
            ", 1, 4) AS BIGINT) - ",
            $years,
            ") || SUBSTR(",
            day!(),
            ", 5)"
        )
    };
}

/// Whether the fact `$fact` had begun on that day and was not taken back. Sex and birth are
/// those of a whole life, from whichever day on they are stated.
macro_rules! begun {
    ($fact:literal) => {
        concat!(
            $fact,
            ".voided IS NULL AND ",
            $fact,
            ".from_day <= CASE WHEN ",
            $fact,
            ".field IN ('sex', 'birth') THEN $9 ELSE ",
            day!(),
            " END"
        )
    };
}

/// Whether the fact `f` held on that day: it had begun, and none after it in its place.
macro_rules! held {
    () => {
        concat!(
            begun!("f"),
            " AND NOT EXISTS (SELECT 1 FROM fact n WHERE n.household = f.household
                AND n.member = f.member AND n.field = f.field
                AND (n.from_day, n.entry, n.place) > (f.from_day, f.entry, f.place) AND ",
            begun!("n"),
            ")"
        )
    };
}

/// What else of the person of a fact `f` held on that day.
macro_rules! known {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT k.value FROM fact k WHERE k.household = f.household
                AND k.member = f.member AND k.field = '",
            $field,
            "' AND ",
            begun!("k"),
            " ORDER BY k.from_day DESC, k.entry DESC, k.place DESC LIMIT 1), '')"
        )
    };
}

/// Whether the person of a fact `f` was of the household on that day.
macro_rules! of_household {
    () => {
        concat!(known!("name"), " <> '' AND ", known!("left"), " = ''")
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
            day!("60"),
            " THEN 'elderly' ELSE 'minor' END
                WHEN 'disability' THEN 'disabled' WHEN 'health' THEN 'ill'
                WHEN 'registration' THEN 'non_farming'
                ELSE CASE WHEN f.value = '部分丧失' THEN 'partly_unable' ELSE 'unable' END
                END AS about,
            1 AS persons, 0 AS amount, ",
            $day,
            " AS day, ",
            $words,
            " AS words, f.entry
         FROM receiving r JOIN fact f ON f.household = r.household AND f.member >= 0
         WHERE CASE f.field
                WHEN 'name' THEN f.value <> ''
                WHEN 'sex' THEN f.value = '女'
                WHEN 'birth' THEN f.value <> '' AND (f.value <= ",
            day!("60"),
            " OR f.value <= ",
            day!(),
            " AND f.value > ",
            day!("18"),
            ")
                WHEN 'disability' THEN f.value NOT IN ('', '无', '否')
                WHEN 'health' THEN f.value = '重病'
                WHEN 'ability' THEN f.value IN ('部分丧失', '完全丧失')
                WHEN 'employment' THEN f.value = '无劳动能力' AND ",
            known!("ability"),
            " = ''
                WHEN 'registration' THEN f.value = '非农业'
                ELSE FALSE END
           AND ",
            held!(),
            " AND ",
            of_household!(),
            " UNION ALL
         SELECT f.household, 'unknown', 1, 0, ",
            $day,
            ", f.value, f.entry
         FROM receiving r JOIN fact f ON f.household = r.household AND f.member >= 0
         WHERE f.field = 'name' AND f.value <> '' AND (",
            known!("sex"),
            " = '' OR ",
            known!("birth"),
            " = '') AND ",
            held!(),
            " AND ",
            known!("left"),
            " = ''"
        )
    };
}
pub(super) const PEOPLE: Both =
    both!(of_receiving, rows_people!("''", "''"), rows_people!(known!("birth"), known!("name")));

pub(super) const CAUSES: Both = both!(
    of_receiving,
    concat!(
        "SELECT r.household, COALESCE(f.value, 'unknown') AS about, r.persons, r.amount,
        COALESCE(f.from_day, '') AS day, '' AS words, COALESCE(f.entry, r.entry) AS entry
     FROM receiving r LEFT JOIN fact f
       ON f.household = r.household AND f.member = -1 AND f.field = 'cause' AND f.value <> ''
         AND ",
        held!()
    )
);
