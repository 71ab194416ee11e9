//! Which households a catalog shows, in which order: those held in memory that the person may
//! see and that fit what is asked.

use yidang_indexer::{Field, FieldTerm, Near, Query, ReadAs, Term, Why, folded, is_spelled};

use super::question::{Meant, Question};
use super::{Asked, Order};
use crate::model::access::Scope;
use crate::model::file_state::FileState;
use crate::search::held::{Followed, Row};

/// The fewest and most letters that are taken for the sound of a name, as in a search.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=40;
/// The most names that are told of those that sound so.
const TOLD: usize = 20;

/// A part of the households of a catalog.
#[derive(Debug)]
pub(super) struct Chosen {
    /// How many there are in all.
    pub(super) total: usize,
    /// Those of the part: by what the place in the order is told, and the number.
    pub(super) part: Vec<(String, String)>,
    /// Whether there are more behind it.
    pub(super) has_more: bool,
    /// How what was asked was read.
    pub(super) read: ReadAs,
}

/// Whether a household, by its number and what is held of it, fits.
type Test<'q> = Box<dyn Fn(&str, &Row) -> bool + 'q>;

/// The households within `scope` that fit, behind the place and number `after`, at most
/// `limit`.
pub(super) fn choose(
    held: &Followed,
    scope: &Scope,
    (asked, question): (&Asked, Question),
    after: (&str, &str),
    limit: usize,
) -> Chosen {
    let is_within = |row: &Row| {
        scope.covers(&row.organisation)
            && row.organisation.starts_with(asked.organisation.trim())
            && asked.state.is_none_or(|one| (one == FileState::Open) == row.reference.is_empty())
    };
    let rows = held.rows.iter().filter(|(_, row)| is_within(row));
    let rows: Vec<(&str, &Row)> = rows.map(|(no, row)| (no.as_str(), row)).collect();
    let Question { query, meant } = question;
    let query = heard(query, true, &rows);
    let fits = test(&query, &meant);
    let found = rows.iter().filter(|(no, row)| fits(no, row));
    let found: Vec<(&str, &str)> =
        found.map(|(no, row)| (place(asked.sort, no, row), *no)).collect();
    let total = found.len();
    let mut part: Vec<(&str, &str)> = found.into_iter().filter(|one| *one > after).collect();
    part.sort_unstable();
    let has_more = part.len() > limit;
    part.truncate(limit);
    let part = part.into_iter().map(|(place, no)| (place.to_owned(), no.to_owned())).collect();
    Chosen { total, part, has_more, read: ReadAs::of(&query) }
}

/// By what the place of a household in an order is told.
fn place<'r>(order: Order, no: &'r str, row: &'r Row) -> &'r str {
    match order {
        Order::Number => no,
        Order::Head => &row.head,
        // After every code comes `~`.
        Order::Reference if row.reference.is_empty() => "~",
        Order::Reference => &row.reference,
    }
}

/// The query with the names of `rows` that sound as something in it was typed. As in a search
/// a run in quotes, or one that must not occur, is that run alone: `counts` says whether a
/// part speaks for a household.
fn heard(query: Query, counts: bool, rows: &[(&str, &Row)]) -> Query {
    let each = |parts: Vec<Query>| -> Vec<Query> {
        parts.into_iter().map(|part| heard(part, counts, rows)).collect()
    };
    match query {
        Query::All(parts) => Query::All(each(parts)),
        Query::Any(parts) => Query::Any(each(parts)),
        Query::Not(part) => Query::Not(Box::new(heard(*part, !counts, rows))),
        Query::Term(term) if counts && !term.quoted => {
            let all = rows.iter().flat_map(|(_, row)| row.people.lines());
            let near = sounding(&term.text, all).into_iter();
            let near = near.map(|text| Near { text, why: Why::Sound }).collect();
            Query::Term(Term { near, ..term })
        }
        Query::Field(asked) if counts && asked.field == Field::Head => {
            let codes = sounding(&asked.text, rows.iter().map(|(_, row)| head(row)));
            Query::Field(FieldTerm { codes, ..asked })
        }
        other => other,
    }
}

/// The first of these names that are spelled so in letters, each once.
fn sounding<'r>(typed: &str, names: impl Iterator<Item = &'r str>) -> Vec<String> {
    let letters = folded(typed);
    let mut sounding: Vec<String> = Vec::new();
    if LETTERS.contains(&letters.len()) && letters.bytes().all(|one| one.is_ascii_lowercase()) {
        for name in names.filter(|name| is_spelled(&letters, name)) {
            if sounding.len() == TOLD {
                break;
            }
            if sounding.iter().all(|known| known != name) {
                sounding.push(name.to_owned());
            }
        }
    }
    sounding
}

/// 户主 as it is compared.
fn head(row: &Row) -> &str {
    row.people.lines().next().unwrap_or_default()
}

fn test<'q>(query: &'q Query, meant: &'q Meant) -> Test<'q> {
    let each = |parts: &'q [Query]| -> Vec<Test<'q>> {
        parts.iter().map(|part| test(part, meant)).collect()
    };
    match query {
        Query::Everything => Box::new(|_, _| true),
        Query::All(parts) => {
            let parts = each(parts);
            Box::new(move |no, row| parts.iter().all(|part| part(no, row)))
        }
        Query::Any(parts) => {
            let parts = each(parts);
            Box::new(move |no, row| parts.iter().any(|part| part(no, row)))
        }
        Query::Not(part) => {
            let part = test(part, meant);
            Box::new(move |no, row| !part(no, row))
        }
        Query::Term(term) => of_term(term, meant),
        Query::Field(asked) => of_field(asked, meant),
    }
}

/// A term stands in a name, in 题名 or 档号 of the volume, or in the number of the household,
/// with or without its hyphen; somebody's name sounds so; or it is somebody's number.
fn of_term<'q>(term: &'q Term, meant: &'q Meant) -> Test<'q> {
    let run = folded(&term.text);
    let digits = run.replace('-', "");
    let is_number = !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit());
    let sounds = !term.near.is_empty();
    let signed = term.sign.as_ref().and_then(|sign| meant.by_sign.get(sign));
    Box::new(move |no, row| {
        [&row.people, &row.title, &row.code].into_iter().any(|text| text.contains(&run))
            || is_number && no.contains(&digits)
            || sounds && row.people.lines().any(|name| is_spelled(&run, name))
            || signed.is_some_and(|those| those.contains(no))
    })
}

fn of_field<'q>(asked: &'q FieldTerm, meant: &'q Meant) -> Test<'q> {
    let run = folded(&asked.text);
    match asked.field {
        Field::Head => {
            let sounds = !asked.codes.is_empty();
            Box::new(move |_, row| {
                head(row).contains(&run) || sounds && is_spelled(&run, head(row))
            })
        }
        Field::Title => Box::new(move |_, row| row.title.contains(&run)),
        Field::Reference => Box::new(move |_, row| row.code.contains(&run)),
        Field::Household => {
            // With a hyphen it is the end, as screens print it.
            let (is_end, digits) = (run.contains('-'), run.replace('-', ""));
            Box::new(move |no, _| match is_end {
                true => !digits.is_empty() && no.ends_with(&digits),
                false => no.starts_with(&digits),
            })
        }
        Field::Place => {
            let begins =
                |row: &Row, code: &str| !code.is_empty() && row.organisation.starts_with(code);
            Box::new(move |_, row| asked.codes.iter().any(|code| begins(row, code)))
        }
        Field::Id | Field::Type | Field::Date | Field::Amount | Field::Keyed => {
            let those = meant.by_field.get(asked);
            Box::new(move |no, _| those.is_some_and(|those| those.contains(no)))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The serials of the households that are found.
    fn found(typed: &str) -> String {
        let mut held = Followed::default();
        for (serial, people, code, title) in [
            ("1", "周桂兰\n周小军", "j016-db·2026-d10-001", "周桂兰户最低生活保障档案"),
            ("2", "陈志强", "", ""),
            ("3", "王桂兰\n单雄", "", ""),
        ] {
            let row = Row {
                organisation: "990102003004".into(),
                head: people.lines().next().unwrap_or_default().into(),
                reference: code.to_uppercase(),
                people: people.into(),
                code: code.into(),
                title: title.into(),
            };
            held.rows.insert(format!("9901020030040012{serial}"), row);
        }
        held.rows.insert(
            "99010200200100001".into(),
            Row {
                organisation: "990102002001".into(), people: "周桂兰".into(), ..Row::default()
            },
        );
        let query = Query::read(typed).unwrap();
        let question = Question { query, meant: Meant::default() };
        let clerk = crate::model::access::Actor::new(
            "赵",
            "990102003004".parse().unwrap(),
            crate::model::rights::Role::Clerk,
        );
        let scope = crate::model::access::scope(&clerk);
        let chosen = choose(&held, &scope, (&Asked::default(), question), ("", ""), 9);
        chosen.part.iter().filter_map(|(_, no)| no.chars().last()).collect()
    }

    #[test]
    fn a_catalog_is_asked_as_a_search_is() {
        for (typed, right) in [
            ("", "123"),
            ("周桂蘭", "1"),
            ("桂兰", "13"),
            ("桂兰 -周", "3"),
            ("-桂兰", "2"),
            ("周桂兰 OR 陈志强", "12"),
            ("zgl", "1"),
            ("zhouguilan", "1"),
            ("shanxiong", "3"),
            ("\"zgl\"", ""),
            ("3004-00122", "2"),
            ("99010200300400123", "3"),
            ("户号:3004-00122", "2"),
            ("户号:990102003", "123"),
            ("户号:00122", ""),
            ("户主:桂兰", "13"),
            ("户主:wgl", "3"),
            ("户主:单雄", ""),
            ("档号:d10-001", "1"),
            ("题名:最低生活", "1"),
            ("ｊ016", "1"),
            ("收入", ""),
        ] {
            assert_eq!(found(typed), right, "{typed}");
        }
    }
}
