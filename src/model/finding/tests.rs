//! Findings, case by case.

use proptest::prelude::*;

use super::*;
use crate::model::rules::Rules;

fn stated(entry: i64, member: i64, field: &str, value: &str) -> Stated {
    Stated {
        entry: (entry, 0),
        member,
        field: field.to_owned(),
        value: value.to_owned(),
        from: "2026-01-01".to_owned(),
        voided: None,
        proven: true,
    }
}

fn result(entry: i64, member: i64, kind: &str, value: &str, amount: i64) -> ResultRow {
    ResultRow {
        entry,
        member,
        kind: kind.to_owned(),
        as_of: "2026-03-01".to_owned(),
        on: "2026-02-01".to_owned(),
        value: value.to_owned(),
        amount,
        line: (format!("{entry}"), amount),
    }
}

fn two() -> Vec<Stated> {
    vec![stated(1, 0, "name", "周桂兰"), stated(1, 1, "name", "周建国")]
}

fn found(stated: Vec<Stated>, results: Vec<ResultRow>) -> Vec<Finding> {
    let rules = Rules::national().unwrap().evidence;
    findings(&rules, &Household { stated, results, twins: Vec::new() })
}

#[test]
fn more_than_declared_by_more_than_the_threshold_is_found() {
    let with = |declared: &str, found_fen: i64| {
        let mut facts = two();
        facts.push(stated(2, -1, "deposits", declared));
        found(facts, vec![result(5, 0, "deposits", "", found_fen)])
    };
    assert_eq!(with("5000.00", 600_000), vec![]);
    let one = with("5000.00", 600_001);
    assert_eq!(one.len(), 1);
    assert_eq!((one[0].code.as_str(), one[0].difference), ("deposits", 100_001));
    assert_eq!((one[0].declared.as_str(), one[0].found.as_str()), ("5000.00", "6000.01"));
    assert_eq!((one[0].mark.as_str(), one[0].since.as_str()), ("5", "2026-02-01"));
    // Less than declared is nobody's fault.
    assert_eq!(with("5000.00", 0), vec![]);
}

#[test]
fn kinds_that_tell_of_the_same_money_count_once() {
    let mut facts = two();
    facts.push(stated(2, 0, "income", "3000.00"));
    facts.push(stated(2, 1, "income", "1000.00"));
    let wages = vec![
        result(5, 0, "wages", "", 300_000),
        result(6, 0, "social_insurance", "", 310_000),
        result(7, 1, "pensions", "", 100_000),
    ];
    // 3,100 and 1,000 against 4,000: not more than 100 above it.
    assert_eq!(found(facts.clone(), wages.clone()), vec![]);
    let mut more = wages;
    more.push(result(8, 0, "pensions", "", 100));
    let one = found(facts, more);
    assert_eq!((one[0].found.as_str(), one[0].entries.len()), ("4101.00", 4));
}

#[test]
fn only_the_last_day_counts_and_a_line_once() {
    let old =
        ResultRow { as_of: "2025-03-01".to_owned(), ..result(3, 0, "deposits", "", 9_000_000) };
    let new = result(5, 0, "deposits", "", 50_000);
    let again = ResultRow { entry: 6, ..new.clone() };
    // What was found before and never decided stands, though it is said otherwise now.
    let before = found(two(), vec![old.clone(), new.clone(), again.clone()]);
    assert_eq!(before.len(), 1);
    assert_eq!(
        (before[0].mark.as_str(), before[0].outdated, before[0].settled),
        ("3", true, false)
    );
    let less = ResultRow { amount: 50_000, ..old };
    assert_eq!(found(two(), vec![less, new.clone(), again]), vec![]);
    let other = ResultRow { line: ("x".to_owned(), 2), ..new.clone() };
    let third = ResultRow { line: ("x".to_owned(), 3), ..new.clone() };
    assert_eq!(found(two(), vec![new, other, third])[0].found, "1500.00");
}

#[test]
fn a_corrected_declaration_settles_it() {
    let mut facts = two();
    facts.push(stated(2, -1, "vehicles", "0"));
    let evidence = vec![result(5, 1, "vehicles", "1", 1)];
    assert!(!found(facts.clone(), evidence.clone())[0].settled);
    facts.push(stated(7, -1, "vehicles", "1"));
    let after = found(facts.clone(), evidence.clone());
    assert_eq!((after.len(), after[0].settled), (1, true));
    // One that nothing proves settles nothing.
    facts[3].proven = false;
    let unproven = found(facts.clone(), evidence.clone());
    assert_eq!((unproven.len(), unproven[0].settled), (1, false));
    facts[3].proven = true;
    // What was declared before the result came was never a finding.
    facts[3].entry.0 = 4;
    assert_eq!(found(facts.clone(), evidence.clone()), vec![]);
    // A correction that was taken back settles nothing.
    facts[3].entry.0 = 7;
    facts[3].voided = Some(9);
    assert!(!found(facts, evidence)[0].settled);
}

#[test]
fn persons_are_found_dead_married_or_counted() {
    let dead = vec![result(5, 1, "deaths", "2026-02-01", 1)];
    let one = found(two(), dead.clone());
    assert_eq!((one[0].code.as_str(), one[0].name.as_str()), ("dead", "周建国"));
    let mut gone = two();
    gone.push(stated(4, 1, "left", "死亡"));
    assert_eq!(found(gone, dead), vec![]);

    let married = |name: &str| found(two(), vec![result(5, 0, "marriages", name, 1)]);
    assert_eq!(married("周 建国"), vec![]);
    assert_eq!(married("马素琴")[0].code, "marriage");
    let counted = |number| found(two(), vec![result(5, 0, "residents", "", number)]);
    assert_eq!(counted(2), vec![]);
    assert_eq!((counted(1)[0].difference, counted(1)[0].code.as_str()), (-1, "persons"));

    let staff = vec![result(5, 0, "staff", "科员王某", 1)];
    assert_eq!(found(two(), staff.clone())[0].code, "staff");
    let mut told = two();
    told.push(stated(4, -1, "near_relative", "王某，科员，父女"));
    assert_eq!(found(told.clone(), staff.clone()), vec![]);
    // Any of several, and none that has ended.
    told.push(stated(6, -1, "near_relative", ""));
    assert_eq!(found(told.clone(), staff.clone())[0].code, "staff");
    told.push(stated(7, -1, "near_relative.2", "李某，站长"));
    assert_eq!(found(told, staff), vec![]);
}

#[test]
fn who_lives_in_two_households_is_found() {
    let rules = Rules::national().unwrap().evidence;
    let twin = Twin { member: 1, other: "ab".to_owned(), told: "另一户".to_owned() };
    let mut household = Household { stated: two(), results: Vec::new(), twins: vec![twin] };
    let one = findings(&rules, &household);
    assert_eq!((one[0].code.as_str(), one[0].mark.as_str()), ("two_households", "ab"));
    household.stated.push(stated(4, 1, "left", "迁出"));
    assert_eq!(findings(&rules, &household), vec![]);
}

proptest! {
    #[test]
    fn nobody_who_declared_everything_is_found(
        amounts in prop::collection::vec((0..4_i64, 0..10_000_000_i64), 0..12),
    ) {
        let mut facts: Vec<Stated> =
            (0..4).map(|member| stated(1, member, "name", &format!("甲{member}"))).collect();
        let sum: i64 = amounts.iter().map(|(_, amount)| amount).sum();
        facts.push(stated(2, -1, "deposits", &signed(sum)));
        facts.push(stated(2, -1, "income", &signed(sum)));
        let mut results = Vec::new();
        for ((member, amount), at) in amounts.into_iter().zip(0..) {
            for kind in ["deposits", "wages"] {
                let one = result(5, member, kind, "", amount);
                results.push(ResultRow { line: ("f".to_owned(), at), ..one });
            }
        }
        prop_assert_eq!(found(facts, results), vec![]);
    }

    #[test]
    fn what_was_not_declared_is_found(
        declared in 0..1_000_000_i64, hidden in 100_001..1_000_000_i64,
    ) {
        let mut facts = two();
        facts.push(stated(2, -1, "deposits", &signed(declared)));
        let one = found(facts, vec![result(5, 0, "deposits", "", declared + hidden)]);
        prop_assert_eq!(one.len(), 1);
        prop_assert_eq!(one[0].difference, hidden);
    }
}
