//! 花名册文件: reading an existing roster, a row a person, into households with their
//! members and, where it says so, with the allowance they get. A household is kept whole or
//! not at all, and no row is guessed.

mod columns;
mod line;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::columns::ReadColumn;
use self::columns::{Columns, Use, called};
use self::line::{Line, Wrong, line};
use self::whole::By;
pub use self::whole::decided_on;
use super::benefit::Benefit;
use super::id::{Digest, HouseholdNo};
use super::living::{Fact, Step};
use super::money::Fen;
use super::rules::Rules;
use super::table::{BadRows, SheetError, Table, Why};

/// The most characters of a name or a relation.
const NAME: usize = 40;
/// The most persons of one household.
const PERSONS: usize = 30;

/// 来源: the roster that a household was opened from, and what it says of the household
/// beside who lives in it.
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
    /// What it says of the household and its persons, known when the file is opened. Acts of
    /// before have nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// 存量接收: the step by which the allowance that it says goes on; none where it says
    /// none, and in acts of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Box<Step>>,
}

impl RosterSource {
    /// The same, of the household that is opened under this number.
    #[must_use]
    pub fn of(mut self, no: &HouseholdNo) -> Self {
        if let Some(step) = &mut self.carried {
            step.household = no.clone();
        }
        self
    }
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
    /// 出生日期, ISO, where the file says the day; or empty.
    pub birth: String,
    /// 性别, where the file says it; or empty.
    pub sex: String,
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
    /// What else is said of it and its persons, who have their places in this order.
    pub facts: Vec<Fact>,
    /// The allowance it gets; none where the roster says none.
    pub benefit: Option<Benefit>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Every column with what it is read as.
    pub columns: Vec<ReadColumn>,
    /// How many rows there are that are not blank.
    pub rows: u64,
    /// Whether it says which allowances there are.
    pub decides: bool,
    /// The households that are in order, by line.
    pub families: Vec<Family>,
    /// The rows that are not, those of one household together.
    pub bad: BadRows,
    /// How many numbers of 15 digits were made what they became.
    pub converted: u64,
}

/// How many households and persons, and what they get a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterSums)]
pub struct Sums {
    /// How many households.
    pub households: u64,
    /// How many persons they have, each in a row of the file.
    pub persons: u64,
    /// How many of the households get an allowance.
    pub decisions: u64,
    /// What they get a month together, in 分.
    pub amount: Fen,
}

impl Sums {
    /// Counts one more.
    pub fn add(&mut self, persons: usize, benefit: Option<&Benefit>) {
        self.households += 1;
        self.persons += persons as u64;
        if let Some(benefit) = benefit {
            self.decisions += 1;
            self.amount = Fen::new(self.amount.get() + benefit.amount.get());
        }
    }
}

/// With it, and its line, begins what a household is called here that has no 户号.
const UNNUMBERED: char = '@';
/// What has so many digits was meant to be the number of a household.
const DIGITS: usize = 15;

/// Reads a roster by these rules. Persons with the same 户号 are one household; where there is
/// none, one begins with every head. Numbers that stand twice are bad in
/// both rows. Where only households are to be opened, what is said of allowances is passed
/// over.
///
/// # Errors
/// When a column is missing.
pub fn read(table: Table, rules: &Rules, today: Date, only_open: bool) -> Result<Read, SheetError> {
    let mut columns = Columns::of(&table)?;
    if only_open {
        columns.without_decisions();
    }
    let decides = columns.place(Use::Amount).is_some();
    let rows = table.rows.len() as u64;
    let mut found = Read { columns: columns.told(&table), rows, decides, ..Read::default() };
    let by = By { rules, today, decides };
    let mut wrong: BTreeMap<u64, Why> = BTreeMap::new();
    // Which households there are, in order of their first rows, and whose lines are theirs.
    let (mut order, mut lines): (Vec<String>, HashMap<String, Vec<Line>>) =
        (Vec::new(), HashMap::new());
    let mut spoilt: BTreeSet<String> = BTreeSet::new();
    let keyless = columns.place(Use::Key).is_none();
    let (mut last, mut of_line) = (String::new(), BTreeMap::new());
    for row in table.rows {
        let at = row.line;
        let (key, read) = match line(&columns, row) {
            Ok(one) if !one.key.is_empty() => (one.key.clone(), Ok(one)),
            Ok(one) if one.is_head => (format!("{UNNUMBERED}{at}"), Ok(one)),
            Ok(one) if keyless || last.starts_with(UNNUMBERED) => (last.clone(), Ok(one)),
            Ok(_) => (last.clone(), Err(Why::new("没有户号", "no household number"))),
            Err(Wrong { key, why, .. }) if !key.is_empty() => (key, Err(why)),
            Err(Wrong { is_head: true, why, .. }) => (format!("{UNNUMBERED}{at}"), Err(why)),
            Err(Wrong { why, .. }) => (last.clone(), Err(why)),
        };
        last.clone_from(&key);
        if !lines.contains_key(&key) {
            order.push(key.clone());
            lines.insert(key.clone(), Vec::new());
        }
        of_line.insert(at, key.clone());
        match read {
            Ok(one) => lines.entry(key).or_default().push(one),
            Err(why) => {
                wrong.insert(at, why);
                spoilt.insert(key);
            }
        }
    }
    twice(&lines, &mut wrong);
    shared(&lines, &mut wrong);
    for (key, all) in &lines {
        let heads: Vec<u64> =
            all.iter().filter(|one| one.is_head).map(|one| one.person.line).collect();
        let why = match heads.len() {
            _ if spoilt.contains(key) => continue,
            0 => Why::new("这一户没有户主", "the household has no head"),
            1 if all.len() > PERSONS => {
                let en = format!("the household has more than {PERSONS} persons");
                Why::new("这一户人太多", en)
            }
            1 => continue,
            _ => Why::new("这一户不止一个户主", "the household has more than one head"),
        };
        let first = heads.last().copied().or(all.first().map(|one| one.person.line));
        if let Some(line) = first {
            wrong.entry(line).or_insert(why);
        }
    }
    spoilt.extend(wrong.keys().filter_map(|line| of_line.get(line).cloned()));
    for key in order {
        let mut all = lines.remove(&key).unwrap_or_default();
        all.sort_by_key(|one| !one.is_head);
        let family = match spoilt.contains(&key) {
            true => Err(None),
            false => family(&by, &key, &all).map_err(Some),
        };
        match family {
            Ok(family) => {
                found.converted += all.iter().filter(|one| one.converted).count() as u64;
                found.families.push(family);
            }
            Err(why) => {
                if let (Some(first), Some(why)) = (all.first(), why) {
                    wrong.entry(first.person.line).or_insert(why);
                }
                for one in all {
                    let other = || {
                        let en = "another row of the household cannot be read";
                        Why::new("同一户有读不出的行", en)
                    };
                    wrong.entry(one.person.line).or_insert_with(other);
                }
            }
        }
    }
    for (line, why) in wrong {
        found.bad.add(line, why);
    }
    Ok(found)
}

/// The household that these rows are, the head first.
fn family(by: &By<'_>, key: &str, all: &[Line]) -> Result<Family, Why> {
    let address = all.iter().find_map(|one| one.whole.get(&Use::Address));
    let number = key.parse().ok();
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    if number.is_none() && !key.starts_with(UNNUMBERED) && digits >= DIGITS {
        let en = "not a household number of 17 digits";
        return Err(Why::shown("户号不是17位数字", en, key));
    }
    Ok(Family {
        number,
        address: address.cloned().unwrap_or_default(),
        facts: by.facts(all)?,
        benefit: by.benefit(all)?,
        persons: all.iter().map(|one| one.person.clone()).collect(),
    })
}

/// Marks the rows whose numbers stand in another row too.
fn twice(lines: &HashMap<String, Vec<Line>>, wrong: &mut BTreeMap<u64, Why>) {
    let mut rows: HashMap<&str, Vec<u64>> = HashMap::new();
    for one in lines.values().flatten().filter(|one| !one.person.id_number.is_empty()) {
        rows.entry(&one.person.id_number).or_default().push(one.person.line);
    }
    for mut rows in rows.into_values().filter(|rows| rows.len() > 1) {
        rows.sort_unstable();
        for line in &rows {
            let other = rows.iter().find(|other| *other != line).unwrap_or(line);
            let en = format!("the identity number is the same as in line {other}");
            wrong.insert(*line, Why::new(format!("身份证号与第{other}行相同"), en));
        }
    }
}

/// The households that have what stands in a merged cell, and their rows.
type Sharing<'a> = (BTreeSet<&'a String>, Vec<u64>);

/// Marks the rows with what is merged over two households and is counted: it would count in
/// both.
fn shared(lines: &HashMap<String, Vec<Line>>, wrong: &mut BTreeMap<u64, Why>) {
    let mut cells: BTreeMap<(Use, u64), Sharing<'_>> = BTreeMap::new();
    for (key, all) in lines {
        for one in all {
            for (what, start) in &one.merged {
                if matches!(what, Use::Amount | Use::People | Use::Covered) {
                    let (keys, rows) = cells.entry((*what, *start)).or_default();
                    keys.insert(key);
                    rows.push(one.person.line);
                }
            }
        }
    }
    for ((what, _), (keys, rows)) in cells {
        for line in rows.into_iter().filter(|_| keys.len() > 1) {
            let (zh, en) = called(what);
            let why = || {
                let en = format!("\"{en}\" is merged into one cell with another household");
                Why::new(format!("{zh}和另一户合并在一格"), en)
            };
            wrong.entry(line).or_insert_with(why);
        }
    }
}
