//! 花名册文件: reading an existing roster, a row a person, into households with their
//! members. A household is kept whole or not at all, and no row is guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evidence::person;
use super::id::{Digest, HouseholdNo};
use super::table::{BadRows, SheetError, Table};
use super::text::squeeze;

/// The most characters of a name or a relation.
const NAME: usize = 40;
/// The most persons of one household.
const PERSONS: usize = 30;

const KEY: [&str; 8] =
    ["户号", "家庭编号", "户编号", "低保证编号", "低保证号", "户序号", "户主身份证号", "household"];
const HEAD: [&str; 3] = ["户主姓名", "户主", "head"];
const NAMES: [&str; 5] = ["家庭成员姓名", "成员姓名", "姓名", "保障对象姓名", "name"];
const ID: [&str; 6] =
    ["身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证号(15/18位)", "id_number"];
const RELATION: [&str; 3] = ["与户主关系", "关系", "relation"];
const BIRTH: [&str; 4] = ["出生日期", "出生年月日", "出生年月", "birth"];
const ADDRESS: [&str; 5] = ["现住址", "住址", "家庭住址", "地址", "address"];

/// 来源: the roster that a household was opened from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterSource {
    /// The file, already durable in the vault.
    pub file: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type.
    pub mime: String,
    /// The line of its first person, from 1.
    pub line: u64,
}

/// A person of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The line of the file.
    pub line: u64,
    /// 姓名
    pub name: String,
    /// 与户主关系; empty for the head.
    pub relation: String,
    /// 身份证号 of 18 characters, or empty.
    pub id_number: String,
}

/// A household of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The number it has already, where the roster has one of 17 digits.
    pub number: Option<HouseholdNo>,
    /// Where it lives, or empty.
    pub address: String,
    /// Its persons, the head first.
    pub persons: Vec<Listed>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// The households that are in order, by line.
    pub families: Vec<Family>,
    /// The rows that are not, those of one household together.
    pub bad: BadRows,
    /// How many numbers of 15 digits were made what they became.
    pub converted: u64,
}

struct Columns {
    key: Option<usize>,
    head: Option<usize>,
    name: Option<usize>,
    id: usize,
    relation: Option<usize>,
    birth: Option<usize>,
    address: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, SheetError> {
        let (head, name) = (table.place(&HEAD), table.place(&NAMES));
        if head.or(name).is_none() {
            return Err(SheetError::Column("姓名"));
        }
        Ok(Self {
            key: table.place(&KEY),
            head,
            name,
            id: table.place(&ID).ok_or(SheetError::Column("身份证号"))?,
            relation: table.place(&RELATION),
            birth: table.place(&BIRTH),
            address: table.place(&ADDRESS),
        })
    }
}

/// What a row says.
struct Line {
    key: String,
    person: Listed,
    is_head: bool,
    address: String,
    converted: bool,
}

/// Reads a roster. Persons with the same 户号 are one household; where the roster has no
/// such column, one begins with every head. Numbers that stand twice are bad in both rows.
///
/// # Errors
/// When a column is missing.
pub fn read(table: Table) -> Result<Read, SheetError> {
    let columns = Columns::of(&table)?;
    let mut found = Read::default();
    let mut wrong: BTreeMap<u64, String> = BTreeMap::new();
    // Which households there are, in order of their first rows, and whose lines are theirs.
    let (mut order, mut lines): (Vec<String>, HashMap<String, Vec<Line>>) =
        (Vec::new(), HashMap::new());
    let mut spoilt: BTreeSet<String> = BTreeSet::new();
    let (mut last, mut of_line) = (String::new(), BTreeMap::new());
    for row in table.rows {
        let cells = row.cells.map_err(|reason| (None, reason));
        let read = cells.and_then(|cells| line(&columns, row.line, &cells));
        let (key, read) = match read {
            Ok(one) if columns.key.is_some() => (one.key.clone(), Ok(one)),
            Ok(one) if one.is_head => (format!("@{}", row.line), Ok(one)),
            Ok(one) => (last.clone(), Ok(one)),
            Err((key, reason)) => {
                let key = key.filter(|key| !key.is_empty());
                (key.unwrap_or_else(|| last.clone()), Err(reason))
            }
        };
        last.clone_from(&key);
        if !lines.contains_key(&key) {
            order.push(key.clone());
            lines.insert(key.clone(), Vec::new());
        }
        of_line.insert(row.line, key.clone());
        match read {
            Ok(one) => lines.entry(key).or_default().push(one),
            Err(reason) => {
                wrong.insert(row.line, reason);
                spoilt.insert(key);
            }
        }
    }
    twice(&lines, &mut wrong);
    for (key, all) in &lines {
        let heads: Vec<u64> =
            all.iter().filter(|one| one.is_head).map(|one| one.person.line).collect();
        let reason = match heads.len() {
            _ if spoilt.contains(key) => continue,
            0 => "这一户没有户主",
            1 if all.len() > PERSONS => "这一户人太多",
            1 => continue,
            _ => "这一户不止一个户主",
        };
        let first = heads.last().copied().or(all.first().map(|one| one.person.line));
        if let Some(line) = first {
            wrong.entry(line).or_insert_with(|| reason.to_owned());
        }
    }
    spoilt.extend(wrong.keys().filter_map(|line| of_line.get(line).cloned()));
    for key in order {
        let mut all = lines.remove(&key).unwrap_or_default();
        if spoilt.contains(&key) {
            for one in all {
                let other = || "同一户有读不出的行".to_owned();
                wrong.entry(one.person.line).or_insert_with(other);
            }
            continue;
        }
        all.sort_by_key(|one| !one.is_head);
        found.converted += all.iter().filter(|one| one.converted).count() as u64;
        found.families.push(Family {
            number: key.parse().ok(),
            address: all
                .iter()
                .map(|one| one.address.clone())
                .find(|one| !one.is_empty())
                .unwrap_or_default(),
            persons: all.into_iter().map(|one| one.person).collect(),
        });
    }
    for (line, reason) in wrong {
        found.bad.add(line, reason);
    }
    Ok(found)
}

/// Marks the rows whose numbers stand in another row too.
fn twice(lines: &HashMap<String, Vec<Line>>, wrong: &mut BTreeMap<u64, String>) {
    let mut rows: HashMap<&str, Vec<u64>> = HashMap::new();
    for one in lines.values().flatten().filter(|one| !one.person.id_number.is_empty()) {
        rows.entry(&one.person.id_number).or_default().push(one.person.line);
    }
    for mut rows in rows.into_values().filter(|rows| rows.len() > 1) {
        rows.sort_unstable();
        for line in &rows {
            let other = rows.iter().find(|other| *other != line).unwrap_or(line);
            wrong.insert(*line, format!("身份证号与第{other}行相同"));
        }
    }
}

type Wrong = (Option<String>, String);

fn line(columns: &Columns, at: u64, cells: &[String]) -> Result<Line, Wrong> {
    let cell =
        |place: Option<usize>| place.and_then(|place| cells.get(place)).map_or("", String::as_str);
    let key = squeeze(cell(columns.key));
    let because = |reason: String| (Some(key.clone()), reason);
    if columns.key.is_some() && key.is_empty() {
        return Err((None, "没有户号".to_owned()));
    }
    let head = cell(columns.head);
    let name = match cell(columns.name) {
        "" => head,
        name => name,
    };
    let relation = cell(columns.relation);
    if name.is_empty() {
        return Err(because("没有姓名".to_owned()));
    }
    if name.chars().count() > NAME || relation.chars().count() > NAME {
        return Err(because(format!("姓名或关系超过{NAME}字")));
    }
    let typed = cell(Some(columns.id));
    let id_number = person(typed).map_err(because)?;
    let born = cell(columns.birth);
    if !born.is_empty() && !fits(born, &id_number) {
        return Err(because("出生日期不对，或与身份证号不一致".to_owned()));
    }
    let named = !head.is_empty() && squeeze(head) == squeeze(name);
    let is_head = match squeeze(relation).as_str() {
        // Without relations every row is a head, unless it names another.
        "" => named || columns.relation.is_none() && (head.is_empty() || columns.name.is_none()),
        "户主" | "本人" => true,
        _ => false,
    };
    Ok(Line {
        key,
        is_head,
        address: cell(columns.address).to_owned(),
        converted: squeeze(typed).len() == 15,
        person: Listed {
            line: at,
            name: name.to_owned(),
            relation: if is_head { String::new() } else { relation.to_owned() },
            id_number,
        },
    })
}

/// Whether a day, or a year and month, of birth is that of an identity number.
fn fits(born: &str, id_number: &str) -> bool {
    let digits = id_number.get(6..14).unwrap_or_default();
    match super::field::day(born.split([' ', 'T']).next().unwrap_or(born)) {
        Some(day) => day.strftime("%Y%m%d").to_string() == digits,
        None => {
            let typed: String = born.chars().filter(char::is_ascii_digit).collect();
            let typed = match typed.len() {
                5 => format!("{}0{}", &typed[..4], &typed[4..]),
                _ => typed,
            };
            typed.len() == 6 && digits.starts_with(&typed)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const A: &str = "990102195203142149";
    const B: &str = "990102197001011019";
    const C: &str = "990102198506063038";
    const D: &str = "990102196001010011";

    fn roster(text: &str) -> Read {
        read(Table::read(text.as_bytes(), 100).unwrap()).unwrap()
    }

    fn bad(found: &Read) -> Vec<(u64, &str)> {
        found.bad.told.iter().map(|one| (one.line, one.reason.as_str())).collect()
    }

    #[test]
    fn persons_of_one_number_are_a_household() {
        let found = roster(&format!(
            "低保花名册\n序号,户号,姓名,与户主关系,身份证号,出生年月,现住址\n\
             1,1,周文,夫,{B},1970-01-01,\n2,1,林秀芳,户主,{A},1952年3月,槐荫里7号\n\
             3,99010200300400123,吴强,户主,{C},1985.6.6,\n"
        ));
        assert_eq!((found.families.len(), found.bad.total), (2, 0), "{:?}", found.bad);
        let names: Vec<_> = found.families[0].persons.iter().map(|one| &one.name[..]).collect();
        assert_eq!(names, ["林秀芳", "周文"]);
        assert_eq!(found.families[0].address, "槐荫里7号");
        assert_eq!(found.families[1].number.as_ref().unwrap().as_str(), "99010200300400123");
    }

    #[test]
    fn without_numbers_a_household_begins_with_its_head() {
        let found =
            roster(&format!("姓名,关系,身份证号\n林秀芳,户主,{A}\n周文,夫,{B}\n吴强,本人,{C}\n"));
        let persons: Vec<_> = found.families.iter().map(|one| one.persons.len()).collect();
        assert_eq!(persons, [2, 1]);
    }

    #[test]
    fn bad_rows_take_their_household_with_them() {
        let found = roster(&format!(
            "户号,姓名,与户主关系,身份证号,出生日期\n\
             1,林秀芳,户主,{A},\n1,周文,夫,990102197001011010,\n\
             2,吴强,户主,{C},1985-02-30\n\
             3,甲,户主,{B},\n4,乙,户主,{B},\n\
             5,丙,妻,{D},\n"
        ));
        assert!(found.families.is_empty(), "{found:?}");
        let lines: Vec<_> = bad(&found).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
        let reasons = bad(&found);
        for (at, why) in
            [(0, "同一户"), (1, "校验码"), (2, "出生日期"), (3, "第6行"), (5, "没有户主")]
        {
            assert!(reasons[at].1.contains(why), "{reasons:?}");
        }
    }

    #[test]
    fn old_numbers_become_new_ones() {
        let old = format!("{}{}", &A[..6], &A[8..17]);
        let found = roster(&format!("户主,身份证号\n林秀芳,{old}\n"));
        assert_eq!((found.converted, found.bad.total), (1, 0), "{:?}", found.bad);
        assert_eq!(found.families[0].persons[0].id_number, A);
    }
}
