//! How findings are computed: what was declared beside what was found.

use crate::model::codes::member;
use std::collections::{BTreeMap, BTreeSet};

use super::super::evidence::EvidenceRules;
use super::super::field::base;
use super::super::text::squeeze;
use super::{Finding, FindingRule, Household, How, ResultRow, Stated, Twin};

/// What holds of a household: of all that was stated until an entry.
struct Known<'a>(BTreeMap<(i64, &'a str), &'a Stated>);

impl<'a> Known<'a> {
    /// What held at an entry.
    fn at(stated: &'a [Stated], entry: i64) -> Self {
        Self::of(
            stated.iter().filter(|one| {
                one.entry.0 <= entry && one.voided.is_none_or(|voided| voided > entry)
            }),
        )
    }

    /// What holds now, without what was stated after an entry and no paper proves.
    fn proven(stated: &'a [Stated], entry: i64) -> Self {
        Self::of(
            stated
                .iter()
                .filter(|one| one.voided.is_none() && (one.entry.0 <= entry || one.proven)),
        )
    }

    fn of(stated: impl Iterator<Item = &'a Stated>) -> Self {
        let mut last: BTreeMap<(i64, &str), &Stated> = BTreeMap::new();
        for one in stated {
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

    /// Whether something is stated of a field of the household, of several the first or any
    /// other.
    fn has(&self, field: &str) -> bool {
        let mut of_household = self.0.iter().filter(|((member, _), _)| *member == -1);
        of_household.any(|((_, code), one)| base(code) == field && !one.value.is_empty())
    }

    fn lives(&self, member: i64) -> bool {
        !self.value(member, member::NAME).is_empty() && self.value(member, member::LEFT).is_empty()
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

/// The findings of a household, in the order of the rules: those that hold, those that
/// held until a statement was corrected and proven, and those that held until later results
/// said otherwise.
#[must_use]
pub fn findings(rules: &EvidenceRules, household: &Household) -> Vec<Finding> {
    let now = Known::at(&household.stated, i64::MAX);
    let mut found = Vec::new();
    for rule in &rules.findings {
        if rule.how == How::Twice {
            found.extend(twice(rule, &now, &household.twins));
            continue;
        }
        let of_rule =
            |one: &&ResultRow| rules.kind(&one.kind).is_some_and(|kind| kind.finding == rule.code);
        let mine: Vec<&ResultRow> = household.results.iter().filter(of_rule).collect();
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
            found.extend(stands(rules, rule, &household.stated, member, &results));
        }
    }
    found
}

/// How one thing that may be found of a household or a person stands, by all results that
/// ever told of it. The last ones decide; where they say nothing the ones before do, since a
/// finding does not go away by being told otherwise, but by being decided.
fn stands(
    rules: &EvidenceRules,
    rule: &FindingRule,
    stated: &[Stated],
    member: Option<i64>,
    results: &[&ResultRow],
) -> Option<Finding> {
    let entries: BTreeSet<i64> = results.iter().map(|one| one.entry).collect();
    let newest = *entries.last()?;
    entries.iter().rev().find_map(|entry| {
        let until = results.iter().filter(|one| one.entry <= *entry).copied();
        let latest = latest(until);
        let compared = |known: &Known<'_>| compared(rules, rule, known, member, &latest);
        let outdated = *entry < newest;
        if let Some(one) = compared(&Known::at(stated, i64::MAX)) {
            return Some(Finding { outdated, ..one });
        }
        let held = compared(&Known::at(stated, *entry))?;
        let settled = compared(&Known::proven(stated, *entry)).is_none();
        Some(Finding { settled, outdated, ..held })
    })
}

/// Of each person and kind, the results of the last day; the same line of the same file
/// counts once, however often the file came.
fn latest<'a>(results: impl Iterator<Item = &'a ResultRow>) -> Vec<&'a ResultRow> {
    let results: Vec<&ResultRow> = results.collect();
    let mut last: BTreeMap<(i64, &str), &str> = BTreeMap::new();
    for one in &results {
        let day = last.entry((one.member, &one.kind)).or_default();
        *day = (*day).max(&one.as_of);
    }
    let mut seen = BTreeSet::new();
    let mut kept: Vec<&ResultRow> = results
        .into_iter()
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
            if known.has(&rule.field) {
                return None;
            }
            (String::new(), newest.value.clone(), 0)
        }
        How::There => (String::new(), newest.value.clone(), 0),
        How::Partner => {
            let named = squeeze(&newest.value);
            let is_there = |other: &i64| {
                Some(*other) != member && squeeze(known.value(*other, member::NAME)) == named
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
        name: member.map(|member| known.value(member, member::NAME).to_owned()).unwrap_or_default(),
        mark: entries.last().map(ToString::to_string).unwrap_or_default(),
        declared,
        found,
        difference,
        since: living.iter().map(|one| one.on.clone()).min().unwrap_or_default(),
        entries: entries.into_iter().collect(),
        settled: false,
        outdated: false,
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
            name: known.value(twin.member, member::NAME).to_owned(),
            mark: twin.other.clone(),
            declared: String::new(),
            found: twin.told.clone(),
            difference: 0,
            since: String::new(),
            entries: Vec::new(),
            settled: false,
            outdated: false,
        })
        .collect()
}
