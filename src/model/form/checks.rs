//! What does not agree on a form: told while it is keyed, and never a reason to refuse
//! what stands on the paper.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Form, FormField, Item, KeyedValue, Kind};
use crate::model::identity;
use crate::model::money::Fen;
use crate::model::text::is_id_number;

/// What is odd about a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The form is not complete without it.
    #[error("the form is not complete without it")]
    Missing,
    /// The last character of an identity number does not follow from the others.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// An identity number has no day of birth in it.
    #[error("there is no day of birth in it")]
    NoBirth,
    /// The day of birth is another than that of the identity number.
    #[error("the identity number says born on {0}")]
    Birth(Date),
    /// The sex is another than that of the identity number.
    #[error("the identity number says {0}")]
    Sex(&'static str),
    /// A sum does not come out.
    #[error("{}: reckoned {}, found {}", .0.title_en, .0.reckoned, .0.found)]
    Sum(Said),
    /// The number is that of another household.
    #[error("it is the number of another household")]
    OtherHousehold,
    /// No organisation is called so.
    #[error("no organisation is called so")]
    UnknownRegion,
}

impl Problem {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::CheckDigit => "check_digit",
            Self::NoBirth => "no_birth",
            Self::Birth(_) => "birth",
            Self::Sex(_) => "sex",
            Self::Sum(_) => "sum",
            Self::OtherHousehold => "other_household",
            Self::UnknownRegion => "unknown_region",
        }
    }
}

/// A value that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the field.
    pub field: String,
    /// What is odd.
    pub problem: Problem,
}

/// A sum that can be reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How it reads, in Chinese.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// What was reckoned, as the result is written.
    pub reckoned: String,
    /// What stands there.
    pub found: String,
    /// Whether both agree.
    pub holds: bool,
    /// The names of the fields in it.
    pub fields: Vec<String>,
}

/// What does not agree on a form with these values, those of a table by row.
#[must_use]
pub fn check(form: &Form, values: &[KeyedValue]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say =
        |field: &str, problem| findings.push(Finding { field: field.to_owned(), problem });
    for field in form.fields().filter(|field| field.required) {
        if value(values, &field.code).is_none() {
            say(&field.code, Problem::Missing);
        }
    }
    for one in values {
        let of_kind = |kind| form.field(&one.field).is_some_and(|field| field.kind == kind);
        if of_kind(Kind::IdNumber) && one.value.len() == 18 {
            if !is_id_number(&one.value) {
                say(&one.field, Problem::CheckDigit);
            }
            person(values, one, &mut say);
        }
    }
    for said in sums(form, values).into_iter().filter(|said| !said.holds) {
        let field = said.fields.last().cloned().unwrap_or_default();
        say(&field, Problem::Sum(said));
    }
    findings
}

/// Whether what is said of a person agrees with the identity number.
fn person(values: &[KeyedValue], number: &KeyedValue, say: &mut impl FnMut(&str, Problem)) {
    let beside = |code: &str| {
        let name = number.field.strip_suffix("id_number").map(|whose| format!("{whose}{code}"))?;
        value(values, &name).map(|value| (name, value))
    };
    match identity::born(&number.value) {
        None => say(&number.field, Problem::NoBirth),
        Some(day) => {
            if let Some((name, typed)) = beside("birth")
                && typed != day.to_string()
            {
                say(&name, Problem::Birth(day));
            }
        }
    }
    if let Some(sex) = identity::sex(&number.value)
        && let Some((name, typed)) = beside("sex")
        && typed != sex
    {
        say(&name, Problem::Sex(sex));
    }
}

/// The sums of a form that can be reckoned with these values.
#[must_use]
pub fn sums(form: &Form, values: &[KeyedValue]) -> Vec<Said> {
    let number = |name: &str| match name.split_once('.') {
        None => form.field(name)?.number(value(values, name)?),
        Some((group, column)) => column_sum(form, values, group, column),
    };
    let said = |sum: &super::sums::Sum| {
        let came = sum.reckon(&number)?;
        let is_money = sum.fields().iter().any(|name| kind_of(form, name) == Some(Kind::Money));
        let write = |number: i64| match is_money {
            true if number >= 0 => Fen::new(number.unsigned_abs()).to_string(),
            true => format!("-{}", Fen::new(number.unsigned_abs())),
            false => number.to_string(),
        };
        let mut fields: Vec<String> = sum.fields().into_iter().map(ToOwned::to_owned).collect();
        if let Some(result) = sum.result() {
            fields.retain(|name| name != result);
            fields.push(result.to_owned());
        }
        Some(Said {
            title: sum.title.clone(),
            title_en: sum.title_en.clone(),
            reckoned: write(came.left),
            found: write(came.right),
            holds: came.holds,
            fields,
        })
    };
    form.sums.iter().filter_map(said).collect()
}

fn kind_of(form: &Form, name: &str) -> Option<Kind> {
    let name = match name.split_once('.') {
        None => name.to_owned(),
        Some((group, column)) => format!("{group}.1.{column}"),
    };
    form.field(&name).map(|field: &FormField| field.kind)
}

/// The sum of a column over the rows that have a value; none when one of the rows that
/// are there has none in it.
fn column_sum(form: &Form, values: &[KeyedValue], group: &str, column: &str) -> Option<i64> {
    let found = form.items().find_map(|item| match item {
        Item::Group(one) if one.code == group => Some(one),
        _ => None,
    })?;
    let field = found.columns.iter().find(|one| one.code == column)?;
    let rows: BTreeSet<&str> = values
        .iter()
        .filter_map(|one| one.field.strip_prefix(group)?.strip_prefix('.')?.split('.').next())
        .collect();
    let number = |row: &&str| field.number(value(values, &format!("{group}.{row}.{column}"))?);
    if rows.is_empty() {
        return None;
    }
    rows.iter().map(number).try_fold(0_i64, |sum, number| sum.checked_add(number?))
}

/// The value of a field, if it has one.
fn value<'a>(values: &'a [KeyedValue], name: &str) -> Option<&'a str> {
    let found = values.iter().find(|one| one.field == name)?;
    Some(found.value.as_str()).filter(|value| !value.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::form::{Forms, KeyedFrom};

    fn values(pairs: &[(&str, &str)]) -> Vec<KeyedValue> {
        let value = |(field, value): &(&str, &str)| KeyedValue {
            field: (*field).to_owned(),
            value: (*value).to_owned(),
            from: KeyedFrom::Typed,
        };
        pairs.iter().map(value).collect()
    }

    fn found(kind: &str, pairs: &[(&str, &str)]) -> Vec<(String, Problem)> {
        let forms = Forms::national().unwrap();
        let found = check(forms.of_type(kind).unwrap(), &values(pairs));
        let odd = found.into_iter().filter(|one| one.problem != Problem::Missing);
        odd.map(|one| (one.field, one.problem)).collect()
    }

    #[test]
    fn a_number_agrees_with_the_person() {
        // The example of the standard is a woman born on 31 December 1949.
        let number = ("id_number", "11010519491231002X");
        assert_eq!(found("A01", &[number, ("sex", "女")]), []);
        let man = found("A01", &[number, ("sex", "男")]);
        assert_eq!(man, [("sex".to_owned(), Problem::Sex("女"))]);
        let typo = found("A01", &[("id_number", "110105194912310021")]);
        assert_eq!(typo, [("id_number".to_owned(), Problem::CheckDigit)]);
        let row = [("members.2.id_number", "11010519491231002X"), ("members.2.sex", "男")];
        assert_eq!(found("A16", &row), [("members.2.sex".to_owned(), Problem::Sex("女"))]);
        let day = found("A01", &[("id_number", "110105194913310021")]);
        assert!(day.contains(&("id_number".to_owned(), Problem::NoBirth)));
        assert_eq!(found("A01", &[("id_number", "110105491231002")]), []);
        assert_eq!(date(1949, 12, 31).to_string(), "1949-12-31");
    }

    #[test]
    fn sums_are_told_when_they_do_not_come_out() {
        let right = [
            ("members.1.income", "760.00"),
            ("members.2.income", "500.00"),
            ("income", "1260.00"),
            ("people", "3"),
            ("per_head", "420.00"),
            ("standard", "1085.00"),
            ("covered", "3"),
            ("amount", "1995.00"),
        ];
        assert_eq!(found("A02", &right), []);
        let mut wrong = right;
        wrong[7].1 = "1095.00";
        let said = found("A02", &wrong);
        assert_eq!(said.len(), 1);
        let (field, Problem::Sum(sum)) = &said[0] else { panic!("{said:?}") };
        assert_eq!(
            (field.as_str(), sum.reckoned.as_str(), sum.found.as_str()),
            ("amount", "1995.00", "1095.00")
        );
        // A row whose income nobody keyed says nothing of the sum.
        let mut open = right.to_vec();
        open.push(("members.3.name", "陈宁"));
        assert_eq!(found("A02", &open), []);
        let vote = [("due", "21"), ("there", "10"), ("yes", "9"), ("no", "0"), ("abstain", "1")];
        let said = found("A18", &vote);
        assert!(
            matches!(&said[..], [(_, Problem::Sum(sum))] if sum.reckoned == "30" && sum.found == "42")
        );
    }

    #[test]
    fn what_the_form_needs_is_asked_for() {
        let forms = Forms::national().unwrap();
        let findings = check(forms.of_type("A02").unwrap(), &[]);
        let missing: Vec<_> = findings.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(missing, ["head", "id_number", "covered", "amount"]);
    }
}
