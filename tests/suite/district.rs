//! A district from a seed, with faults that are planted by a list: the program's own
//! lists find every one of them, where and what it is, and flag nobody else.

use std::collections::{BTreeMap, BTreeSet};

use yidang::living::assessment;
use yidang::living::roster::{self, GivenRoster};
use yidang::model::access::{Actor, Role};
use yidang::model::money::Fen;
use yidang::model::profile::Profile;
use yidang::model::rules::Rules;

use crate::harness::{Archive, Sql, Store, actor};
use crate::living::comes_back;

#[allow(dead_code, unused_imports)]
#[path = "../district/generator.rs"]
mod generator;

use generator::{District, Expected, Fault, Found, Kind, Plan, RosterFile};

/// How many households a district has; `YIDANG_DISTRICT` says another number.
const HOUSEHOLDS: usize = 200;
/// How many districts are made; `YIDANG_DISTRICTS` says another number.
const DISTRICTS: usize = 1;

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn plan(seed: u64) -> Plan {
    let households = number("YIDANG_DISTRICT", HOUSEHOLDS);
    Plan { seed, households, months: 12, last: "2026-11".parse().unwrap() }
}

/// The list of faults, as it is given: it goes through a file.
fn faults(plan: &Plan, times: usize) -> Vec<Fault> {
    let (profile, rules) = (Profile::national_2008().unwrap(), Rules::national().unwrap());
    let list = generator::planted(plan, (&profile, &rules), times).unwrap();
    let kinds: BTreeSet<Kind> = list.iter().map(|one| one.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    serde_json::from_str(&serde_json::to_string(&list).unwrap()).unwrap()
}

/// What the lists have to say to whoever sees the organisations that begin so.
fn right(district: &District, prefix: &str) -> Found {
    let profile = Profile::national_2008().unwrap();
    Found::right(&Expected::of(district, &profile, prefix), &district.plan.months())
}

async fn found(archive: &Archive, by: &Actor, plan: &Plan) -> Found {
    Found::read(&archive.app, by, &plan.months()).await.unwrap()
}

/// Takes in what other departments say; the lines with another name are told.
async fn checked(archive: &Archive, district: &District) {
    let profile = Profile::national_2008().unwrap();
    let mismatched = Expected::of(district, &profile, "").mismatched;
    for (kind, text) in generator::results(district) {
        let bureau = archive.bureau();
        let taken = generator::take(&archive.app, &bureau, (kind, text), &|_, _| {}).await;
        let taken = taken.unwrap();
        let lines: BTreeSet<u64> = taken.bad.iter().map(|bad| bad.line).collect();
        let right = if kind == "deposits" { mismatched.clone() } else { BTreeSet::new() };
        assert_eq!(lines, right, "{kind}: {:?}", taken.bad);
        assert!(taken.bad.iter().all(|bad| bad.reason.contains("姓名")), "{:?}", taken.bad);
        assert_eq!(taken.unknown, 0, "{kind}");
    }
    let rules = Rules::national().unwrap();
    let taken: BTreeSet<&str> = generator::results(district).into_iter().map(|one| one.0).collect();
    let kinds = rules.evidence.kinds.iter().map(|one| one.code.as_str());
    assert_eq!(taken, kinds.collect(), "what every kind of result tells is planted");
}

/// Imports a roster with typos: every one is told with its line and reason, and every
/// household without one is opened.
async fn imported(archive: &Archive, district: &District) {
    let file: RosterFile = generator::roster_file(district, 0).unwrap();
    let given = |partly| GivenRoster {
        community: None,
        bytes: file.text.clone().into(),
        partly,
        only_open: false,
    };
    let (app, bureau) = (&archive.app, archive.bureau());
    let first = roster::import(app, &bureau, given(false), &|_, _| {}).await.unwrap();
    assert_eq!(first.households, 0, "nothing is kept until the clerk says so");
    let kept = roster::import(app, &bureau, given(true), &|_, _| {}).await.unwrap();
    for one in [&first, &kept] {
        let bad: BTreeMap<u64, String> =
            one.bad.iter().map(|bad| (bad.line, bad.reason.clone())).collect();
        assert_eq!(bad, file.bad);
        assert_eq!((one.bad_total, one.converted), (file.bad.len() as u64, file.converted));
    }
    assert_eq!(kept.households, file.sound.len() as u64);
    let mut tx = app.db.read().await.unwrap();
    for no in &file.sound {
        let no = no.parse().unwrap();
        assert!(yidang::catalog::households::exists(&mut tx, &no).await.unwrap(), "{no}");
    }
    drop(tx);
    // Others go on with what they get.
    let (text, sum) = generator::carried_file(district, 300..320).unwrap();
    let given =
        GivenRoster { community: None, bytes: text.into(), partly: false, only_open: false };
    let carried = roster::import(app, &bureau, given, &|_, _| {}).await.unwrap();
    assert_eq!((carried.households, carried.decisions), (20, 20), "{:?}", carried.bad);
    assert_eq!(carried.amount, Fen::new(sum));
}

/// Makes the district, and compares what the lists say of it with its list of faults.
async fn a_district(archive: &Archive, seed: u64, times: usize) {
    let plan = plan(seed);
    let district = District::new(plan, faults(&plan, times)).unwrap();
    let app = &archive.app;
    generator::record(app, &archive.bureau(), &district, &|_, _, _| {}).await.unwrap();
    checked(archive, &district).await;
    let bureau = found(archive, &archive.bureau(), &plan).await;
    assert_eq!(bureau, right(&district, ""));
    // A street is told its own, and nothing of others.
    let street = actor("孙丽", "990102010000", Role::Clerk);
    let own = right(&district, "990102010");
    assert!(own.missing.len() < bureau.missing.len());
    assert_eq!(found(archive, &street, &plan).await, own);
    // By standards and declared incomes, decisions are right.
    let assessed = assessment::assess(app, &archive.bureau(), "", plan.last).await.unwrap();
    assert_eq!(assessed.unlike, []);
    assert!(assessed.computed.households > 0 && assessed.computed == assessed.decided);
    imported(archive, &district).await;
}

async fn seeds(times: usize, sql: Sql) {
    for _ in 0..number("YIDANG_DISTRICTS", DISTRICTS) {
        let seed = match std::env::var("YIDANG_DISTRICT_SEED") {
            Ok(text) => text.parse().unwrap(),
            Err(_) => u64::from(rand::random::<u32>()),
        };
        eprintln!("-- the district of YIDANG_DISTRICT_SEED={seed} on {sql:?}");
        let archive = Archive::new(Store::Folder, sql).await;
        a_district(&archive, seed, times).await;
        comes_back(&archive).await;
        archive.remove().await;
    }
}

#[tokio::test]
async fn every_planted_fault_is_found_and_nobody_else_is_flagged() {
    seeds(3, Sql::Sqlite).await;
}

#[tokio::test]
async fn so_it_is_on_the_other_database() {
    if std::env::var_os("YIDANG_TEST_POSTGRES").is_some() {
        seeds(3, Sql::Postgres).await;
    }
}

/// The same seed makes the same district, another seed another; nobody has a number
/// twice, and no fault stands in a household that is not in the list.
#[test]
fn a_district_is_its_seed_and_its_list() {
    let (one, other) = (plan(7), plan(8));
    let made = |plan: &Plan| District::new(*plan, faults(plan, 2)).unwrap();
    let (first, again) = (made(&one), made(&one));
    assert_eq!((&first.households, &first.faults), (&again.households, &again.faults));
    assert_ne!(first.households, made(&other).households);
    let persons = first.households.iter().map(|one| one.persons.len()).sum::<usize>();
    assert!((400..800).contains(&persons) || one.households != HOUSEHOLDS, "{persons}");
    let clean = District::new(one, Vec::new()).unwrap();
    let mut numbers = BTreeSet::new();
    for person in clean.households.iter().flat_map(|one| &one.persons) {
        assert!(yidang::model::text::is_id_number(&person.id_number));
        assert!(numbers.insert(person.id_number.clone()), "{person:?}");
    }
    let nothing = right(&clean, "");
    assert!(nothing.missing.is_empty() && nothing.findings.is_empty());
    assert!(nothing.differences.values().all(BTreeMap::is_empty));
}
