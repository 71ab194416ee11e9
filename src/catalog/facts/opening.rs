//! What a file is opened with, as facts of no particular day.

use super::WHOLE;
use crate::args;
use crate::db::{Statement, about_rows};
use crate::model::act::Member;
use crate::model::codes::{household, member};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::living::Fact;

/// What writes with what a file was opened, as facts of no particular day.
pub(in crate::catalog) fn opening(
    no: EntryNo,
    household: &HouseholdNo,
    [head, id_number, address, author]: [&str; 4],
    members: &[Member],
    told: &[Fact],
) -> Vec<Statement> {
    let organisation = household.organisation().to_string();
    let mut facts = vec![
        (0, WHOLE, household::HEAD, "0"),
        (1, WHOLE, household::ORGANISATION, organisation.as_str()),
        (2, WHOLE, household::ADDRESS, address),
        (3, 0, member::NAME, head),
        (4, 0, member::ID_NUMBER, id_number),
    ];
    for (one, person) in members.iter().zip(1_i64..) {
        let place = 3 * person + 2;
        facts.push((place, person, member::NAME, one.name.as_str()));
        facts.push((place + 1, person, member::RELATION, &one.relation));
        facts.push((place + 2, person, member::ID_NUMBER, &one.id_number));
    }
    // What else the roster says, behind what every file is opened with.
    let behind = i64::try_from(3 * members.len() + 5).unwrap_or(i64::MAX);
    for (one, place) in told.iter().zip(behind..) {
        facts.push((place, one.member.map_or(WHOLE, i64::from), &one.field, one.value.as_str()));
    }
    let given = facts.into_iter().filter(|(.., value)| !value.is_empty());
    let rows: Vec<_> = given
        .map(|(place, member, field, value)| args![place, member, field, value].to_vec())
        .collect();
    let around = (
        "INSERT INTO fact (entry, place, household, member, field, value, from_day, proof,
                           words, author, voided)
         SELECT $1, v.column1, $2, v.column2, v.column3, v.column4, '', CAST(NULL AS BIGINT),
                '', $3, CAST(NULL AS BIGINT) FROM (VALUES ",
        ") AS v",
    );
    let mut all = about_rows(around, args![no, household.as_str(), author], &rows);
    all.push((
        "INSERT INTO present_fact (household, member, field, value, from_day, entry, proof)
         SELECT household, member, field, value, from_day, entry, proof FROM fact
         WHERE entry = $1"
            .into(),
        args![no].to_vec(),
    ));
    all
}
