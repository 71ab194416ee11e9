//! 核查发现: what other departments say of a household, set against what it declared.
//! A finding is computed, never kept, and decides nothing: it is closed by a person.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evidence::{EvidenceRules, Unit};
use super::money::{Fen, signed};
use super::text::squeeze;

/// How what was found is compared with what was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingComparison)]
pub enum How {
    /// More was found than was declared, by more than the threshold.
    More,
    /// Something was found of a person who lives in the household.
    There,
    /// As [`How::There`], and the field of the household is empty.
    Undeclared,
    /// Somebody is named who does not live in the household.
    Partner,
    /// The number is not how many live in the household.
    Count,
    /// A person lives in two households.
    Twice,
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FindingRule)]
pub struct FindingRule {
    /// Such as `deposits`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How both are compared.
    pub how: How,
    /// The field of the household that declares it; empty for none.
    #[serde(default)]
    pub field: String,
    /// What the values are.
    pub unit: Unit,
    /// 阈值: how much more may be found, in yuan or as a number.
    #[serde(default)]
    pub threshold: String,
}

impl FindingRule {
    /// A value as a number: 分, or how many; 0 for none.
    fn number(&self, text: &str) -> i64 {
        match self.unit {
            Unit::Money => {
                text.parse::<Fen>().map_or(0, |fen| i64::try_from(fen.get()).unwrap_or(i64::MAX))
            }
            _ => text.parse().unwrap_or(0),
        }
    }

    /// A number as it is shown.
    fn text(&self, number: i64) -> String {
        if self.unit == Unit::Money { signed(number) } else { number.to_string() }
    }
}

/// A value that was stated of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The entry that stated it, and its place there.
    pub entry: (i64, i64),
    /// The place of the person; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value; empty when none holds.
    pub value: String,
    /// From which day on.
    pub from: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The entry that took it in.
    pub entry: i64,
    /// The place of the person.
    pub member: i64,
    /// The code of its kind.
    pub kind: String,
    /// The day all results of the file are of.
    pub as_of: String,
    /// The day this one is of.
    pub on: String,
    /// The value as it is kept.
    pub value: String,
    /// The value as a number.
    pub amount: i64,
    /// The SHA-256 of the file, and the line.
    pub line: (String, i64),
}

/// Somebody of the household who lives in another one too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The place of the person.
    pub member: i64,
    /// The random name of the other file, which tells nobody whose it is.
    pub other: String,
    /// What of the other one may be told.
    pub told: String,
}

/// What is known of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Household {
    /// Everything that was ever stated of it.
    pub stated: Vec<Stated>,
    /// What was found of its persons.
    pub results: Vec<ResultRow>,
    /// Those of its persons who live in another one too.
    pub twins: Vec<Twin>,
}

/// 核查发现
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComputedFinding)]
pub struct Finding {
    /// The code of its rule.
    pub code: String,
    /// Of which person, by place; none when it is of the household as a whole.
    pub member: Option<i64>,
    /// The name of that person, or empty.
    pub name: String,
    /// What it rests on: what is found later is another finding.
    pub mark: String,
    /// What was declared; empty for nothing.
    pub declared: String,
    /// What was found.
    pub found: String,
    /// How much more was found than declared, in 分 or as a number; 0 where it is none.
    pub difference: i64,
    /// Since when; empty where no day is known.
    pub since: String,
    /// The entries that took in what it rests on.
    pub entries: Vec<i64>,
    /// 已更正: that what is declared now agrees; it held when the results came.
    pub settled: bool,
}

/// What holds of a household: of all that was stated until an entry.
struct Known<'a>(BTreeMap<(i64, &'a str), &'a Stated>);

impl<'a> Known<'a> {
    fn at(stated: &'a [Stated], entry: i64) -> Self {
        let mut last: BTreeMap<(i64, &str), &Stated> = BTreeMap::new();
        let holds =
            |one: &&Stated| one.entry.0 <= entry && one.voided.is_none_or(|voided| voided > entry);
        for one in stated.iter().filter(holds) {
            let newest = last.entry((one.member, one.field.as_str())).or_insert(one);
            if (&one.from, one.entry) > (&newest.from, newest.entry) {
                *newest = one;
            }
        }
        Self(last)
    }

    fn value(&self, member: i64, field: &str) -> &'a str {
        self.0.get(&(member, field)).map_or("", |one| one.value.as_str())
    }

    fn lives(&self, member: i64) -> bool {
        !self.value(member, "name").is_empty() && self.value(member, "left").is_empty()
    }

    /// Those who live in it.
    fn living(&self) -> Vec<i64> {
        let members: BTreeSet<i64> = self.0.keys().map(|(member, _)| *member).collect();
        members.into_iter().filter(|member| *member >= 0 && self.lives(*member)).collect()
    }

    /// What the household declared of a field, or its persons together; none when nobody
    /// declared anything.
    fn declared(&self, rule: &FindingRule) -> Option<i64> {
        let whole = self.value(-1, &rule.field);
        if !whole.is_empty() {
            return Some(rule.number(whole));
        }
        let each: Vec<i64> = self
            .living()
            .into_iter()
            .map(|member| self.value(member, &rule.field))
            .filter(|value| !value.is_empty())
            .map(|value| rule.number(value))
            .collect();
        (!each.is_empty()).then(|| each.iter().fold(0, |sum: i64, one| sum.saturating_add(*one)))
    }
}

/// The findings of a household, in the order of the rules: those that hold, and those
/// that held until a statement was corrected.
#[must_use]
pub fn findings(rules: &EvidenceRules, household: &Household) -> Vec<Finding> {
    let now = Known::at(&household.stated, i64::MAX);
    let latest = latest(&household.results);
    let mut found = Vec::new();
    for rule in &rules.findings {
        if rule.how == How::Twice {
            found.extend(twice(rule, &now, &household.twins));
            continue;
        }
        let of_rule =
            |one: &&&ResultRow| rules.kind(&one.kind).is_some_and(|kind| kind.finding == rule.code);
        let mine: Vec<&ResultRow> = latest.iter().filter(of_rule).copied().collect();
        let whole = matches!(rule.how, How::More | How::Count);
        let members: BTreeSet<i64> = mine.iter().map(|one| one.member).collect();
        let groups: Vec<(Option<i64>, Vec<&ResultRow>)> = match whole {
            true => vec![(None, mine)],
            false => {
                let of = |member: i64| mine.iter().filter(move |one| one.member == member).copied();
                members.iter().map(|member| (Some(*member), of(*member).collect())).collect()
            }
        };
        for (member, results) in groups {
            let Some(newest) = results.iter().map(|one| one.entry).max() else { continue };
            let then = Known::at(&household.stated, newest);
            let holds = compared(rules, rule, &now, member, &results);
            let held = || compared(rules, rule, &then, member, &results);
            let settled = holds.is_none();
            found.extend(holds.or_else(held).map(|one| Finding { settled, ..one }));
        }
    }
    found
}

/// Of each person and kind, the results of the last day; the same line of the same file
/// counts once, however often the file came.
fn latest(results: &[ResultRow]) -> Vec<&ResultRow> {
    let mut last: BTreeMap<(i64, &str), &str> = BTreeMap::new();
    for one in results {
        let day = last.entry((one.member, &one.kind)).or_default();
        *day = (*day).max(&one.as_of);
    }
    let mut seen = BTreeSet::new();
    let mut kept: Vec<&ResultRow> = results
        .iter()
        .filter(|one| last.get(&(one.member, one.kind.as_str())) == Some(&one.as_of.as_str()))
        .collect();
    kept.sort_by_key(|one| one.entry);
    kept.retain(|one| seen.insert((one.member, &one.kind, &one.line)));
    kept
}

fn compared(
    rules: &EvidenceRules,
    rule: &FindingRule,
    known: &Known<'_>,
    member: Option<i64>,
    results: &[&ResultRow],
) -> Option<Finding> {
    if member.is_some_and(|member| !known.lives(member)) {
        return None;
    }
    let living: Vec<&ResultRow> =
        results.iter().filter(|one| known.lives(one.member)).copied().collect();
    let newest = living.iter().max_by_key(|one| (&one.as_of, one.entry))?;
    let (declared, found, difference) = match rule.how {
        How::More => {
            let declared = known.declared(rule);
            let found = added_up(rules, &living);
            let more = found.saturating_sub(declared.unwrap_or(0));
            if more <= rule.number(&rule.threshold) {
                return None;
            }
            (declared.map(|one| rule.text(one)).unwrap_or_default(), rule.text(found), more)
        }
        How::Count => {
            let there = i64::try_from(known.living().len()).unwrap_or(i64::MAX);
            if newest.amount == there {
                return None;
            }
            (there.to_string(), newest.amount.to_string(), newest.amount - there)
        }
        How::Undeclared => {
            if !known.value(-1, &rule.field).is_empty() {
                return None;
            }
            (String::new(), newest.value.clone(), 0)
        }
        How::There => (String::new(), newest.value.clone(), 0),
        How::Partner => {
            let named = squeeze(&newest.value);
            let is_there = |other: &i64| {
                Some(*other) != member && squeeze(known.value(*other, "name")) == named
            };
            if known.living().iter().any(is_there) {
                return None;
            }
            (String::new(), newest.value.clone(), 0)
        }
        How::Twice => return None,
    };
    let entries: BTreeSet<i64> = results.iter().map(|one| one.entry).collect();
    Some(Finding {
        code: rule.code.clone(),
        member,
        name: member.map(|member| known.value(member, "name").to_owned()).unwrap_or_default(),
        mark: entries.last().map(ToString::to_string).unwrap_or_default(),
        declared,
        found,
        difference,
        since: living.iter().map(|one| one.on.clone()).min().unwrap_or_default(),
        entries: entries.into_iter().collect(),
        settled: false,
    })
}

/// What was found of all of them: of kinds that tell of the same, the most.
fn added_up(rules: &EvidenceRules, results: &[&ResultRow]) -> i64 {
    let mut kinds: BTreeMap<(i64, &str, &str), i64> = BTreeMap::new();
    for one in results {
        let Some(kind) = rules.kind(&one.kind) else { continue };
        let sum = kinds.entry((one.member, &kind.group, &kind.code)).or_default();
        *sum = sum.saturating_add(one.amount);
    }
    let mut groups: BTreeMap<(i64, &str), i64> = BTreeMap::new();
    for ((member, group, _), sum) in kinds {
        let most = groups.entry((member, group)).or_default();
        *most = (*most).max(sum);
    }
    groups.values().fold(0, |sum, one| sum.saturating_add(*one))
}

fn twice(rule: &FindingRule, known: &Known<'_>, twins: &[Twin]) -> Vec<Finding> {
    let lives = twins.iter().filter(|twin| known.lives(twin.member));
    lives
        .map(|twin| Finding {
            code: rule.code.clone(),
            member: Some(twin.member),
            name: known.value(twin.member, "name").to_owned(),
            mark: twin.other.clone(),
            declared: String::new(),
            found: twin.told.clone(),
            difference: 0,
            since: String::new(),
            entries: Vec::new(),
            settled: false,
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
        assert_eq!(found(two(), vec![old, new.clone(), again]), vec![]);
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
}
