//! The figures of those who receive the allowance: what persons they were at the end of the
//! period, and from what causes, by all that is stated of that day now.

use super::Both;
use crate::catalog::facts::{lifelong, newest_first};
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

/// What a column of the fact in the place of `p`, which holds now, was on that day: most have
/// begun before. Sex and birth are those of a whole life, from whichever day on they are
/// stated. NULL where none had begun.
macro_rules! held {
    ($column:literal) => {
        concat!(
            "CASE WHEN p.from_day <= ",
            day!(),
            " OR",
            lifelong!("p"),
            "THEN p.",
            $column,
            " ELSE (SELECT k.",
            $column,
            " FROM fact k WHERE k.household = p.household AND k.member = p.member
                AND k.field = p.field AND k.voided IS NULL AND k.from_day <= ",
            day!(),
            " ORDER BY",
            newest_first!("k"),
            "LIMIT 1) END"
        )
    };
}

/// What else of the person of a fact `f` held on that day.
macro_rules! known {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT ",
            held!("value"),
            " FROM present_fact p WHERE p.household = f.household
                AND p.member = f.member AND p.field = '",
            $field,
            "'), '')"
        )
    };
}

/// The persons of these households on that day: who had a name and had not left. Facts are
/// looked up for each (CROSS JOIN): otherwise SQLite goes through those of all persons.
macro_rules! of_persons {
    ($rest:expr) => {
        of_receiving!(concat!(
            ", person AS MATERIALIZED (
                SELECT f.household, f.member, f.name, f.entry FROM (
                    SELECT p.household, p.member, ",
            held!("value"),
            " AS name, ",
            held!("entry"),
            " AS entry
                    FROM receiving r CROSS JOIN present_fact p
                    WHERE p.household = r.household AND p.member >= 0 AND p.field = 'name'
                ) AS f WHERE f.name <> '' AND ",
            known!("left"),
            " = ''
             ) ",
            $rest
        ))
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
         FROM (SELECT q.household, q.member, q.name, p.field, ",
            held!("value"),
            " AS value, ",
            held!("entry"),
            " AS entry
            FROM person q CROSS JOIN present_fact p
            WHERE p.household = q.household AND p.member = q.member) AS f
         WHERE CASE f.field
                WHEN 'name' THEN TRUE
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
         UNION ALL
         SELECT f.household, 'unknown', 1, 0, ",
            $day,
            ", f.name, f.entry
         FROM person f WHERE ",
            known!("sex"),
            " = '' OR ",
            known!("birth"),
            " = ''"
        )
    };
}
pub(super) const PEOPLE: Both =
    both!(of_persons, rows_people!("''", "''"), rows_people!(known!("birth"), "f.name"));

pub(super) const CAUSES: Both = both!(
    of_receiving,
    concat!(
        "SELECT r.household, COALESCE(f.value, 'unknown') AS about, r.persons, r.amount,
            COALESCE(f.from_day, '') AS day, '' AS words, COALESCE(f.entry, r.entry) AS entry
         FROM receiving r LEFT JOIN (
            SELECT p.household, ",
        held!("value"),
        " AS value, ",
        held!("from_day"),
        " AS from_day, ",
        held!("entry"),
        " AS entry FROM present_fact p WHERE p.member = -1 AND p.field = 'cause'
         ) AS f ON f.household = r.household AND f.value <> ''"
    )
);
