//! 任意次序: whichever legal steps, months, rosters and files of banks follow each other,
//! sums, states and dates agree with a small ledger that is kept beside, and a rebuild
//! makes the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yidang::filing::{self, NewHousehold};
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::payments::{self, GivenFile};
use yidang::living::statistics::{self, Statistics};
use yidang::living::{LivingError, funds};
use yidang::model::access::Actor;
use yidang::model::id::HouseholdNo;
use yidang::model::money::Fen;
use yidang::model::money::Total;
use yidang::model::month::Month;
use yidang::model::statistics::{Figure, Line, Measure};
use yidang::notices::{self, NoticeError, Posting};

use crate::harness::{Archive, Sql, Store, household};
use crate::living::{comes_back, today};

const HOUSEHOLDS: usize = 3;

/// What is done next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// A step of which household, which of those that can be taken, with what amount.
    Step(usize, usize, i64),
    /// So many days go by.
    Days(u64),
    /// The next month is listed, and the bank answers; who is paid, by bits.
    Month(u8),
}

/// A decision, as the test keeps it.
#[derive(Debug, Clone, Copy)]
struct Decision {
    from: Month,
    until: Option<Month>,
    amount: i64,
}

/// What the test knows of a household.
#[derive(Debug, Clone, Default)]
struct Known {
    state: String,
    decisions: Vec<Decision>,
}

impl Known {
    /// What it is to get in a month.
    fn held(&self, month: Month) -> Option<i64> {
        let mut begun = self.decisions.iter().filter(|one| one.from <= month);
        let last = begun.next_back()?;
        let ended = last.until.is_some_and(|until| until < month);
        (last.amount > 0 && !ended).then_some(last.amount)
    }
}

/// The ledger that is kept beside.
struct Beside {
    archive: Archive,
    bureau: Actor,
    known: Vec<(HouseholdNo, Known)>,
    /// What was listed by month and household, and whether it was paid.
    listed: BTreeMap<Month, BTreeMap<String, (i64, bool)>>,
}

impl Beside {
    async fn new() -> Self {
        let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
        let bureau = archive.bureau();
        let mut known = Vec::new();
        for at in 0..HOUSEHOLDS {
            let no = household(&format!("990102003004007{at:02}"));
            let new = NewHousehold { head: format!("户主{at}"), ..NewHousehold::default() };
            filing::open_household(&archive.app, &bureau, &no, new).await.unwrap();
            let state = "none".to_owned();
            known.push((no, Known { state, ..Known::default() }));
        }
        Self { archive, bureau, known, listed: BTreeMap::new() }
    }

    async fn does(&mut self, deed: Deed) {
        match deed {
            Deed::Step(at, pick, amount) => self.step(at % HOUSEHOLDS, pick, amount).await,
            Deed::Days(days) => self.archive.hands.advance(Duration::from_secs(days * 24 * 3600)),
            Deed::Month(bits) => self.month(bits).await,
        }
    }

    /// Takes one of the steps that can be taken; a rule may still refuse it, and then
    /// nothing has changed.
    async fn step(&mut self, at: usize, pick: usize, amount: i64) {
        let (app, this) = (&self.archive.app, Month::of(today(&self.archive)));
        let (no, known) = &mut self.known[at];
        let now = cases::list(app, &self.bureau, no).await.unwrap();
        let (procedure, taken) = match now.open() {
            Some(case) => {
                let of_case = now.steps.iter().filter(|one| one.case_no == case.no);
                let taken = of_case.map(|one| yidang::model::procedure::Taken {
                    step: one.step.clone(),
                    on: one.on_day.parse().unwrap(),
                    office: one.office.clone(),
                });
                (app.rules.procedure(&case.procedure).unwrap(), taken.collect())
            }
            None => {
                let code = &now.beginning[pick % now.beginning.len()];
                (app.rules.procedure(code).unwrap(), Vec::new())
            }
        };
        let offered = procedure.offered(&taken);
        let rule = offered[pick % offered.len()];
        let from = this.next().plus(u16::try_from(pick / 7 % 4).unwrap());
        let before = known.held(from).or(known.held(this)).unwrap_or(0);
        let (amount, until) = match rule.benefit.map(|effect| effect.as_str()) {
            Some("raise") => (before + amount, None),
            Some("reduce") => (before - amount % 9_000, None),
            Some("phase_out") => (before, Some(from.plus(u16::try_from(pick % 5).unwrap()))),
            Some("stop") | None => (0, None),
            Some(_) => (amount, None),
        };
        if let Some(kind) = rule.notice
            && procedure.allows(&rule.code, &taken, today(&self.archive)).is_ok()
        {
            let amount = "560".to_owned();
            let posting = Posting { kind, amount, from: None, until: None };
            let posted = notices::post(app, &self.bureau, no, posting).await;
            assert!(matches!(posted, Ok(_) | Err(NoticeError::SameDays(_))), "{posted:?}");
        }
        let yuan = |amount: i64| Fen::new(u64::try_from(amount).unwrap_or(0)).to_string();
        let benefit = rule.benefit.map(|effect| Giving {
            category: if effect.as_str() == "stop" { String::new() } else { "B".to_owned() },
            amount: if amount > 0 { yuan(amount) } else { String::new() },
            from: Some(from),
            until,
            ..Giving::default()
        });
        let taking = Taking {
            procedure: procedure.code.clone(),
            step: rule.code.clone(),
            people: vec!["赵玉梅".into(), "李建国".into()],
            office: if rule.office { "税务局".into() } else { String::new() },
            words: "按规定".into(),
            benefit,
            ..Taking::default()
        };
        match cases::take(app, &self.bureau, no, taking).await {
            Ok(_) => {
                if let Some(state) = &rule.state {
                    known.state.clone_from(state);
                }
                if rule.benefit.is_some() {
                    known.decisions.push(Decision { from, until, amount });
                }
            }
            Err(LivingError::Move(_) | LivingError::BenefitRule(_) | LivingError::Paper) => {}
            Err(error) => panic!("{}: {error}", rule.code),
        }
    }

    /// Lists the next month once, and has the bank answer.
    async fn month(&mut self, bits: u8) {
        let month = Month::of(today(&self.archive)).next();
        let held = self
            .known
            .iter()
            .filter_map(|(no, known)| known.held(month).map(|amount| (no.to_string(), amount)));
        let held: BTreeMap<String, i64> = held.collect();
        if self.listed.contains_key(&month) {
            return;
        }
        let all = "990102000000".parse().unwrap();
        let made = payments::list(&self.archive.app, &self.bureau, &all, month).await;
        if held.is_empty() {
            assert!(matches!(made, Err(LivingError::NobodyToList)), "{made:?}");
            return;
        }
        let made = made.unwrap();
        assert_eq!((made.households, made.amount), (held.len(), held.values().sum()));
        let mut file = "户号,金额,结果,原因\n".to_owned();
        let mut listed = BTreeMap::new();
        for ((no, amount), bit) in held.into_iter().zip(0..) {
            let paid = bits >> bit & 1 == 0;
            let (result, why) = if paid { ("成功", "") } else { ("失败", "账号不对") };
            let yuan = Fen::new(u64::try_from(amount).unwrap());
            file.push_str(&format!("{no},{yuan},{result},{why}\n"));
            listed.insert(no, (amount, paid));
        }
        let bytes = Bytes::from(file);
        let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
        payments::take_return(&self.archive.app, &self.bureau, month, given, &|_, _| {})
            .await
            .unwrap();
        self.listed.insert(month, listed);
    }

    /// What the archive says is what was kept beside.
    async fn agrees(&self) {
        let app = &self.archive.app;
        for (no, known) in &self.known {
            let now = cases::list(app, &self.bureau, no).await.unwrap();
            assert_eq!(now.state, known.state, "{no}");
            let days: Vec<_> = now.steps.iter().map(|one| one.on_day.as_str()).collect();
            assert!(days.is_sorted(), "{days:?}");
            let is_on = matches!(known.state.as_str(), "receiving" | "phase_out");
            assert_eq!(now.review_due.is_empty(), !is_on, "{no}: {}", known.state);
        }
        for (month, listed) in &self.listed {
            let found = payments::reconcile(app, &self.bureau, "", *month).await.unwrap();
            let held: Vec<i64> =
                self.known.iter().filter_map(|(_, known)| known.held(*month)).collect();
            let paid = || listed.values().filter(|(_, paid)| *paid).map(|(amount, _)| amount);
            let counted = |count: usize| i64::try_from(count).unwrap();
            let entitled = Total::new(counted(held.len()), held.iter().sum());
            assert_eq!(found.entitled, entitled, "{month}");
            let sum = listed.values().map(|(amount, _)| amount).sum();
            assert_eq!(found.listed, Total::new(counted(listed.len()), sum), "{month}");
            assert_eq!(found.paid, Total::new(counted(paid().count()), paid().sum()), "{month}");
            let unlike = self.known.iter().filter(|(no, known)| {
                let of_list = listed.get(no.as_str());
                known.held(*month) != of_list.map(|(amount, _)| *amount)
                    || of_list.is_some_and(|(_, paid)| !paid)
            });
            let unlike: Vec<&str> = unlike.map(|(no, _)| no.as_str()).collect();
            let mut told: Vec<&str> =
                found.unlike.iter().map(|one| one.household.as_str()).collect();
            told.sort_unstable();
            assert_eq!(told, unlike, "{month}");
        }
        self.fund_agrees().await;
    }

    /// Every 分 that banks paid is in the ledger of its month.
    async fn fund_agrees(&self) {
        // The ledger of a year begins with it.
        let this = today(&self.archive).year();
        let years = self.listed.keys().map(|month| month.first().year());
        for year in years.filter(|year| *year <= this).collect::<BTreeSet<_>>() {
            let ledger = funds::ledger(&self.archive.app, &self.bureau, "", year).await.unwrap();
            let mut before = None;
            for month in &ledger.months {
                let listed = self.listed.get(&month.month.parse().unwrap());
                let rows = listed.into_iter().flat_map(BTreeMap::values);
                let paid: i64 = rows.filter(|(_, paid)| *paid).map(|(amount, _)| amount).sum();
                assert_eq!(month.paid, paid, "{}", month.month);
                assert_eq!(month.closing, month.opening - paid, "{}", month.month);
                assert!(before.is_none_or(|closing| closing == month.opening), "{}", month.month);
                before = Some(month.closing);
            }
        }
    }

    /// Whoever was there, and who came, less who went, are those who are there.
    async fn statistics_agree(&self, first: Month) {
        let last = Month::of(today(&self.archive));
        let (mut month, mut before) = (first, 0);
        while month <= last {
            let asked = statistics::Asked { period: month.to_string(), ..Default::default() };
            let found = statistics::statistics(&self.archive.app, &self.bureau, &asked);
            let found = found.await.unwrap();
            let held = || self.known.iter().filter_map(|(_, known)| known.held(month));
            let amount: i64 = held().sum();
            let there = sum(&found, Figure::Receiving, Measure::Count);
            assert_eq!(there, i64::try_from(held().count()).unwrap(), "{month}");
            assert_eq!(sum(&found, Figure::Receiving, Measure::Amount), amount, "{month}");
            assert_eq!(sum(&found, Figure::Entitled, Measure::Amount), amount, "{month}");
            let joined = sum(&found, Figure::Joined, Measure::Count);
            let left = sum(&found, Figure::Left, Measure::Count);
            assert_eq!(there, before + joined - left, "{month}");
            let rows = self.listed.get(&month).into_iter().flat_map(BTreeMap::values);
            let paid: i64 = rows.filter(|(_, paid)| *paid).map(|(amount, _)| amount).sum();
            assert_eq!(sum(&found, Figure::Paid, Measure::Amount), paid, "{month}");
            (month, before) = (month.next(), there);
        }
    }
}

fn sum(found: &Statistics, figure: Figure, measure: Measure) -> i64 {
    let is_it =
        |line: &Line| (line.figure, line.measure) == (figure, measure) && line.about.is_empty();
    found.sum[found.lines.iter().position(is_it).unwrap()]
}

async fn plays(deeds: Vec<Deed>) {
    let mut beside = Beside::new().await;
    let first = Month::of(today(&beside.archive));
    for deed in deeds {
        beside.does(deed).await;
        beside.agrees().await;
    }
    beside.statistics_agree(first).await;
    comes_back(&beside.archive).await;
    beside.archive.remove().await;
}

#[test]
fn whatever_follows_sums_states_and_dates_agree() {
    let deed = prop_oneof![
        12 => (0..HOUSEHOLDS, 0..9_usize, 1..200_000_i64)
            .prop_map(|(at, pick, amount)| Deed::Step(at, pick, amount)),
        3 => (1..45_u64).prop_map(Deed::Days),
        2 => any::<u8>().prop_map(Deed::Month),
    ];
    let deeds = proptest::collection::vec(deed, 20..90);
    // More of them, and other ones, where it is asked for.
    let cases = std::env::var("SEQUENCES").ok().and_then(|text| text.parse().ok());
    let config =
        Config { cases: cases.unwrap_or(8), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(config);
    runner
        .run(&deeds, |deeds| {
            runtime.block_on(plays(deeds));
            Ok(())
        })
        .unwrap();
}
