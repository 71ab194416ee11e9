//! 台账: the registers that are entered by hand: which rows they have, through
//! which stages a row goes, what is written in each. The registers are data
//! (`schemas/rules/registers.toml`); here is what they mean.

mod entry;
mod number;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::entry::{Cell, Entered, RowRule, Sealed, SealedCells};
pub use self::number::{NoNumber, RowNumber};
use super::field::{self, Field, FieldKind, Of};
use super::profile::Collector;
use super::rules::RulesError;
use super::workdays::Holidays;

/// The most characters of a text in a register.
const LONGEST: usize = 1000;
/// The most people that are named in a column.
const MOST_PEOPLE: usize = 10;

/// Whether a row is about a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AboutHousehold {
    /// It is.
    Must,
    /// It may be.
    May,
    /// It is not.
    None,
}

/// Which side of a row that goes between two organisations enters a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BySide {
    /// The one that began it.
    Own,
    /// The one it goes to.
    Other,
}

/// 时限: within how many days after the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterTerm)]
pub struct Term {
    /// How many.
    pub days: u16,
    /// Whether only days that are worked count.
    #[serde(default)]
    pub working: bool,
}

/// When a stage is not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterWhen)]
pub struct When {
    /// The column that is looked at.
    pub column: String,
    /// What it has to be.
    #[serde(default)]
    pub is: Option<String>,
    /// The column it has to differ from.
    #[serde(default)]
    pub differs: Option<String>,
    /// Another condition: either is enough.
    #[serde(default)]
    #[schema(no_recursion)]
    pub or: Option<Box<When>>,
}

/// 栏: a column of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterColumn)]
pub struct Column {
    /// Such as `findings`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What can be typed.
    pub kind: FieldKind,
    /// The values of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The same in English, one for each.
    #[serde(default)]
    pub choices_en: Vec<String>,
    /// Whether it cannot be left empty.
    #[serde(default)]
    pub required: bool,
    /// When it cannot be left empty, where it can otherwise.
    #[serde(default)]
    pub required_when: Option<When>,
    /// The number of an earlier stage that this one is not greater than.
    #[serde(default)]
    pub at_most: Option<String>,
    /// What those are of whom it is fewer than another number that it should agree with, behind
    /// how many they are: `户没有签字`.
    #[serde(default)]
    pub fewer: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub fewer_en: Option<String>,
    /// How many names it has at least; 0 where it is not of people.
    #[serde(default)]
    pub people: u8,
    /// From which level on it is seen; by all where there is none.
    #[serde(default)]
    pub seen_by: Option<Collector>,
}

/// 环节: a stage of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterStage)]
pub struct Stage {
    /// Such as `checked`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What the day it is entered of is called, where that is a column of its own.
    #[serde(default)]
    pub day: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub day_en: Option<String>,
    /// Who enters it, at least.
    pub level: Collector,
    /// Which side enters it; either, where it says nothing.
    #[serde(default)]
    pub by: Option<BySide>,
    /// By when, counted from the stage before.
    #[serde(default)]
    pub limit: Option<Term>,
    /// When it is not passed over; always, where it says nothing.
    #[serde(default)]
    pub when: Option<When>,
    /// Whether the scan of a paper has to be named.
    #[serde(default)]
    pub paper: bool,
    /// What is written then.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

/// 台账: a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterRules)]
pub struct Register {
    /// Such as `tips`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Whether a row is about a household.
    pub household: AboutHousehold,
    /// Whether the street and the community of the household are columns of their own.
    #[serde(default)]
    pub places: bool,
    /// Whether a row is told in the history of its household.
    #[serde(default = "yes")]
    pub in_file: bool,
    /// Whether a row goes from one organisation to another.
    #[serde(default)]
    pub between: bool,
    /// Whether rows are begun by draws alone.
    #[serde(default)]
    pub drawn: bool,
    /// Whether a row is begun by printing its sheet.
    #[serde(default)]
    pub printed: bool,
    /// Its stages, in order.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    register: Vec<Register>,
}

/// The registers of a table in TOML.
///
/// # Errors
/// When it cannot be read, or names what is not there.
pub fn parse(source: &str) -> Result<Vec<Register>, RulesError> {
    let Table { register } = toml::from_str(source)?;
    let mut seen = BTreeSet::new();
    for one in &register {
        if !seen.insert(one.code.clone()) {
            return Err(RulesError::Twice(format!("register {}", one.code)));
        }
        one.check()?;
    }
    Ok(register)
}

impl When {
    /// Whether it holds for these values.
    #[must_use]
    pub fn holds(&self, values: &BTreeMap<String, String>) -> bool {
        let value = |column: &str| values.get(column).map_or("", String::as_str);
        let one = value(&self.column);
        let is = self.is.as_ref().is_none_or(|word| one == word);
        // What was never written differs from nothing.
        let differs = |other: &String| !one.is_empty() && one != value(other);
        let holds = is && self.differs.as_ref().is_none_or(differs);
        holds || self.or.as_ref().is_some_and(|or| or.holds(values))
    }

    /// It, and the other conditions of which one is enough.
    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |one| one.or.as_deref())
    }
}

impl Column {
    /// A choice in English; none where the value is none of the choices.
    #[must_use]
    pub fn english(&self, value: &str) -> Option<&str> {
        field::english(&self.choices, &self.choices_en, value)
    }

    /// The value as it is kept, in the form of its kind; empty where nothing was
    /// typed. `today` is the last day that a date can be.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn value(&self, typed: &str, today: Date) -> Result<String, RowRule> {
        let text = super::text::plain(typed);
        if text.is_empty() {
            return if self.required { Err(RowRule::Missing(self.name.clone())) } else { Ok(text) };
        }
        if self.people > 0 {
            return self.named(&text);
        }
        if self.kind == FieldKind::Text {
            let fits = text.chars().count() <= LONGEST;
            return if fits { Ok(text) } else { Err(RowRule::Long(self.name.clone())) };
        }
        let field = Field {
            code: self.code.clone(),
            of: Of::Household,
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            kind: self.kind,
            choices: self.choices.clone(),
            choices_en: self.choices_en.clone(),
            hint: String::new(),
            each: String::new(),
        };
        field.value(&text, today).map_err(RowRule::Value)
    }

    /// Names of people, each once, parted by 、.
    fn named(&self, text: &str) -> Result<String, RowRule> {
        let mut names: Vec<&str> = Vec::new();
        for name in text.split(['、', ',', '，', ';', '；']).map(str::trim) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let enough = names.len() >= usize::from(self.people) && names.len() <= MOST_PEOPLE;
        if !enough || names.iter().any(|name| name.chars().count() > 40) {
            return Err(RowRule::People(self.name.clone(), self.people));
        }
        Ok(names.join("、"))
    }
}

impl Stage {
    /// The last day of this stage, when the one before it was entered on `from`.
    #[must_use]
    pub fn due(&self, from: Date, holidays: &Holidays) -> Option<Date> {
        self.limit.map(|limit| holidays.end(from, limit.days, limit.working))
    }
}

impl Register {
    /// The stage of that code.
    #[must_use]
    pub fn stage(&self, code: &str) -> Option<&Stage> {
        self.stages.iter().find(|one| one.code == code)
    }

    /// Its columns, of all stages in order.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.stages.iter().flat_map(|stage| &stage.columns)
    }

    /// The stage that a row waits for after stage `after`, with these values; none
    /// when it is done.
    #[must_use]
    pub fn next(&self, after: &str, values: &BTreeMap<String, String>) -> Option<&Stage> {
        let mut begun = self.stages.iter().skip_while(|one| one.code != after).skip(1);
        begun.find(|stage| stage.when.as_ref().is_none_or(|when| when.holds(values)))
    }

    /// What two columns that should agree say of a row, where they do not: such as how many
    /// papers were sent, and how many came.
    #[must_use]
    pub fn unlike(&self, values: &BTreeMap<String, String>) -> Vec<(&Column, &Column)> {
        let named = |code: &str| self.columns().find(|one| one.code == code);
        let value = |column: &Column| values.get(&column.code).filter(|value| !value.is_empty());
        let pair = |when: &When| Some((named(when.differs.as_deref()?)?, named(&when.column)?));
        let whens = self.stages.iter().filter_map(|one| one.when.as_ref()).flat_map(When::all);
        let differ = |(one, other): &(&Column, &Column)| {
            value(one).is_some() && value(other).is_some() && value(one) != value(other)
        };
        whens.filter_map(pair).filter(differ).collect()
    }

    /// The same as it is told, in Chinese and in English: `发出份数3，收到份数2`, or of how many
    /// it is fewer, `2户没有签字`.
    #[must_use]
    pub fn differences(&self, values: &BTreeMap<String, String>) -> Vec<(String, String)> {
        let value = |column: &Column| values.get(&column.code).map_or("", String::as_str);
        let number = |column: &Column| value(column).parse::<u64>().ok();
        let told = |(one, other): (&Column, &Column)| {
            if let (Some(zh), Some(all), Some(some)) = (&other.fewer, number(one), number(other))
                && some < all
            {
                let en = other.fewer_en.as_ref().unwrap_or(zh);
                return (format!("{}{zh}", all - some), format!("{} {en}", all - some));
            }
            let (this, that) = (value(one), value(other));
            (
                format!("{}{this}，{}{that}", one.name, other.name),
                format!("{} {this}, {} {that}", one.name_en, other.name_en),
            )
        };
        self.unlike(values).into_iter().map(told).collect()
    }

    fn check(&self) -> Result<(), RulesError> {
        let mut seen = BTreeSet::new();
        let names = self.stages.iter().map(|one| format!("stage {}", one.code));
        let columns = self.columns().map(|one| format!("column {}", one.code));
        for name in names.chain(columns) {
            if !seen.insert(name.clone()) {
                return Err(RulesError::Twice(format!("{name} of {}", self.code)));
            }
        }
        let unknown =
            |what: &str| RulesError::Unknown { place: self.code.clone(), what: what.to_owned() };
        if self.stages.is_empty() {
            return Err(unknown("a first stage"));
        }
        let named = |one: &Column| one.choices_en.len() == one.choices.len();
        if let Some(column) = self.columns().find(|one| !named(one)) {
            return Err(unknown(&format!("choices_en of {}", column.code)));
        }
        let bounds = self.columns().filter_map(|one| one.at_most.as_ref());
        for bound in bounds {
            if !self.columns().any(|one| one.code == *bound) {
                return Err(unknown(bound));
            }
        }
        let of_columns = self.columns().filter_map(|one| one.required_when.as_ref());
        for when in self.stages.iter().filter_map(|one| one.when.as_ref()).chain(of_columns) {
            for column in when.all().flat_map(|one| [Some(&one.column), one.differs.as_ref()]) {
                let Some(column) = column else { continue };
                if !self.columns().any(|one| one.code == *column) {
                    return Err(unknown(column));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn registers() -> Vec<Register> {
        parse(include_str!("../../schemas/rules/registers.toml")).unwrap()
    }

    fn of<'a>(all: &'a [Register], code: &str) -> &'a Register {
        all.iter().find(|one| one.code == code).unwrap()
    }

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn whoever_gave_a_name_is_answered_and_nobody_else() {
        let all = registers();
        let tips = of(&all, "tips");
        let next = |after, named| {
            tips.next(after, &values(&[("named", named)])).map(|stage| stage.code.as_str())
        };
        assert_eq!(next("received", "实名"), Some("checked"));
        assert_eq!(next("checked", "实名"), Some("answered"));
        assert_eq!(next("checked", "匿名"), None);
        assert_eq!(next("answered", "实名"), None);
    }

    #[test]
    fn who_did_not_sign_is_told_and_looked_into() {
        let all = registers();
        let sheets = of(&all, "sign_offs");
        let signed = |many: &str| values(&[("households", "5"), ("signed", many)]);
        let next = |many| sheets.next("returned", &signed(many)).map(|stage| stage.code.as_str());
        assert_eq!((next("5"), next("3")), (None, Some("unsigned")));
        assert!(sheets.differences(&signed("5")).is_empty());
        let told = ("2户没有签字".to_owned(), "2 did not sign".to_owned());
        assert_eq!(sheets.differences(&signed("3")), [told]);
    }

    #[test]
    fn a_count_that_differs_is_agreed_on_by_both() {
        let all = registers();
        let transfers = of(&all, "transfers");
        let next = |after: &str, pairs: &[(&str, &str)]| {
            transfers.next(after, &values(pairs)).map(|stage| stage.code.clone())
        };
        let agreed = [("pages", "12"), ("pages_received", "12")];
        assert_eq!(next("received", &agreed), None);
        let fewer =
            [("count", "3"), ("count_received", "2"), ("pages", "12"), ("pages_received", "12")];
        assert_eq!(next("received", &fewer).as_deref(), Some("settled"));
        let unlike: Vec<_> = transfers
            .unlike(&values(&fewer))
            .into_iter()
            .map(|(one, other)| (one.code.as_str(), other.code.as_str()))
            .collect();
        assert_eq!(unlike, [("count", "count_received")]);
        let told =
            ("发出份数3，收到份数2".to_owned(), "Sent, papers 3, Received, papers 2".to_owned());
        assert_eq!(transfers.differences(&values(&fewer)), [told]);
        let counted = [("count_received", "2"), ("count_agreed", "3")];
        assert_eq!(next("settled", &counted).as_deref(), Some("confirmed"));
        let differs = [("pages", "12"), ("pages_received", "11")];
        assert_eq!(next("received", &differs).as_deref(), Some("settled"));
        let settled = [("pages", "12"), ("pages_received", "11"), ("pages_agreed", "11")];
        assert_eq!(next("settled", &settled), None);
        let other = [("pages", "12"), ("pages_received", "11"), ("pages_agreed", "12")];
        assert_eq!(next("settled", &other).as_deref(), Some("confirmed"));
    }

    #[test]
    fn a_value_fits_its_column() {
        let all = registers();
        let (tips, today) = (of(&all, "tips"), date(2026, 11, 28));
        let value = |code: &str, typed: &str| {
            let column = tips.columns().find(|one| one.code == code).unwrap();
            column.value(typed, today)
        };
        assert_eq!(value("checkers", "赵玉梅，李建国").as_deref(), Ok("赵玉梅、李建国"));
        for bad in ["赵玉梅", "赵玉梅、赵玉梅", "", "、"] {
            assert!(value("checkers", bad).is_err(), "{bad}");
        }
        assert_eq!(value("manner", "来电").as_deref(), Ok("来电"));
        assert!(value("manner", "托梦").is_err());
        assert!(value("content", " ").is_err());
        assert_eq!(value("address", "").as_deref(), Ok(""));
        assert!(value("content", &"长".repeat(1001)).is_err());
    }

    #[test]
    fn the_days_of_a_stage_are_those_of_the_rules() {
        let all = registers();
        let holidays = Holidays::parse(include_str!("../../schemas/rules/holidays.toml")).unwrap();
        let checked = of(&all, "tips").stage("checked").unwrap();
        assert_eq!(checked.due(date(2026, 11, 2), &holidays), Some(date(2026, 11, 30)));
        assert_eq!(of(&all, "visits").stages[0].due(date(2026, 11, 2), &holidays), None);
    }

    #[test]
    fn registers_that_name_what_is_not_there_are_refused() {
        let source = include_str!("../../schemas/rules/registers.toml");
        for (right, wrong) in [
            (r#"column = "named""#, r#"column = "nothing""#),
            (r#"differs = "pages","#, r#"differs = "nothing","#),
            (r#"differs = "count" "#, r#"differs = "nothing" "#),
        ] {
            let spoilt = source.replacen(right, wrong, 1);
            assert!(matches!(parse(&spoilt), Err(RulesError::Unknown { .. })), "{wrong}");
        }
        let twice = source.replacen(r#"code = "visits""#, r#"code = "tips""#, 1);
        assert!(matches!(parse(&twice), Err(RulesError::Twice(_))));
    }
}
