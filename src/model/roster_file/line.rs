//! A row of a roster, which is a person with what stands beside the name.

use std::collections::BTreeMap;

use super::super::evidence::person;
use super::super::identity;
use super::super::table::{Row, Why};
use super::super::text::squeeze;
use super::columns::{Columns, Use};
use super::{Listed, NAME};

/// What of a row is of the household, as it stands there.
pub(super) const OF_HOUSEHOLD: [Use; 11] = [
    Use::Address,
    Use::Registered,
    Use::Certificate,
    Use::Phone,
    Use::Bank,
    Use::Account,
    Use::People,
    Use::Covered,
    Use::Amount,
    Use::From,
    Use::Category,
];

/// What a row says.
pub(super) struct Line {
    pub(super) key: String,
    pub(super) person: Listed,
    pub(super) is_head: bool,
    /// What it says of the household, where it says something.
    pub(super) whole: BTreeMap<Use, String>,
    /// The lines at which the cells begin that are merged down to it.
    pub(super) merged: BTreeMap<Use, u64>,
    pub(super) converted: bool,
}

/// Why a row cannot be read, and of which household it is as far as it says so.
pub(super) struct Wrong {
    /// 户号, or empty.
    pub(super) key: String,
    /// Whether it is of a head.
    pub(super) is_head: bool,
    pub(super) why: Why,
}

/// Reads a row.
pub(super) fn line(columns: &Columns, row: Row) -> Result<Line, Wrong> {
    let Row { line: at, cells, merged } = row;
    let nobody = |why| Wrong { key: String::new(), is_head: false, why };
    let cells = cells.map_err(nobody)?;
    let cell = |wanted: Use| {
        columns.place(wanted).and_then(|place| cells.get(place)).map_or("", String::as_str)
    };
    let key = squeeze(cell(Use::Key));
    let head = cell(Use::Head);
    let name = match cell(Use::Name) {
        "" => head,
        name => name,
    };
    let relation = cell(Use::Relation);
    let named = !head.is_empty() && squeeze(head) == squeeze(name);
    let is_head = match squeeze(relation).as_str() {
        // Without relations every row is a head, unless it names another.
        "" => {
            let alone = head.is_empty() || columns.place(Use::Name).is_none();
            named || columns.place(Use::Relation).is_none() && alone
        }
        "户主" | "本人" => true,
        _ => false,
    };
    let because = |why: Why| Wrong { key: key.clone(), is_head, why };
    if merged.iter().any(|(column, _)| columns.is_of_a_person(*column)) {
        return Err(because(Why::new(
            "姓名、身份证号这些每人一格，不能合并几行",
            "names, identity numbers and the like are one cell a person, not merged over rows",
        )));
    }
    if name.is_empty() {
        return Err(because(Why::new("没有姓名", "no name")));
    }
    if name.chars().count() > NAME || relation.chars().count() > NAME {
        let en = format!("the name or the relation has more than {NAME} characters");
        return Err(because(Why::new(format!("姓名或关系超过{NAME}字"), en)));
    }
    let typed = cell(Use::Id);
    let id_number = person(typed).map_err(because)?;
    let birth = born(cell(Use::Birth), &id_number).ok_or_else(|| {
        because(Why::new(
            "出生日期不对，或与身份证号不一致",
            "the day of birth is no day, or not that of the identity number",
        ))
    })?;
    let sex = sex(cell(Use::Sex), &id_number).map_err(because)?;
    let whole = OF_HOUSEHOLD.into_iter().map(|what| (what, cell(what).to_owned()));
    let starts = OF_HOUSEHOLD.into_iter().filter_map(|what| {
        let place = columns.place(what)?;
        merged.iter().find(|(column, _)| *column == place).map(|(_, start)| (what, *start))
    });
    Ok(Line {
        is_head,
        whole: whole.filter(|(_, text)| !text.is_empty()).collect(),
        merged: starts.collect(),
        converted: squeeze(typed).len() == 15,
        person: Listed {
            line: at,
            name: name.to_owned(),
            relation: if is_head { String::new() } else { relation.to_owned() },
            id_number,
            birth,
            sex,
        },
        key,
    })
}

/// The day of birth that is typed, ISO; empty where it is none, or a year and month alone.
/// None where it is no day, or not that of the number.
fn born(typed: &str, id_number: &str) -> Option<String> {
    if typed.is_empty() {
        return Some(String::new());
    }
    let born = identity::born(id_number)?;
    match super::super::field::day(typed.split([' ', 'T']).next().unwrap_or(typed)) {
        Some(day) => (day == born).then(|| day.to_string()),
        None => {
            let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
            let typed = match typed.len() {
                5 => format!("{}0{}", &typed[..4], &typed[4..]),
                _ => typed,
            };
            let same = typed.len() == 6 && born.strftime("%Y%m").to_string() == typed;
            same.then(String::new)
        }
    }
}

/// The sex that is typed, or empty.
fn sex(typed: &str, id_number: &str) -> Result<String, Why> {
    let typed = squeeze(typed);
    let sex = match typed.as_str() {
        "" => return Ok(String::new()),
        "男" | "男性" => "男",
        "女" | "女性" => "女",
        _ => {
            let en = "the sex is not the Chinese word for male or female";
            return Err(Why::new("性别不是男或女", en));
        }
    };
    match identity::sex(id_number) {
        Some(other) if other != sex => {
            Err(Why::new("性别与身份证号不一致", "the sex is not that of the identity number"))
        }
        _ => Ok(sex.to_owned()),
    }
}
