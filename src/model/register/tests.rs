//! The registers that come with the program, and what spoilt ones are refused for.

use jiff::civil::date;

use super::*;
use crate::model::workdays::Holidays;

fn registers() -> Vec<Register> {
    parse(include_str!("../../../schemas/rules/registers.toml")).unwrap()
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
    let told = ("发出份数3，收到份数2".to_owned(), "Sent, papers 3, Received, papers 2".to_owned());
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
    let holidays = Holidays::parse(include_str!("../../../schemas/rules/holidays.toml")).unwrap();
    let checked = of(&all, "tips").stage("checked").unwrap();
    assert_eq!(checked.due(date(2026, 11, 2), &holidays), Some(date(2026, 11, 30)));
    assert_eq!(of(&all, "visits").stages[0].due(date(2026, 11, 2), &holidays), None);
}

#[test]
fn registers_that_name_what_is_not_there_are_refused() {
    let source = include_str!("../../../schemas/rules/registers.toml");
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
