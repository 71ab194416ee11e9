//! 资金: standards and what they come to, the fund in which every 分 is traced, what was
//! paid too much and comes back, and files of the bank that were wrong.

use serde_json::json;
use yidang::catalog::Refusal;
use yidang::living::LivingError;
use yidang::living::assessment;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::funds::{self, Entering};
use yidang::living::payments::{self, GivenFile};
use yidang::living::recoveries::{self, Asking, Settling};
use yidang::living::registers::books::{self, Asked};
use yidang::living::standards::{self, Setting};
use yidang::living::statements::{self, Stating};
use yidang::model::access::{Actor, Role};
use yidang::model::act::Act;
use yidang::model::fund::{FundKind, FundRule, SettledBy};
use yidang::model::id::{Digest, DocumentId};
use yidang::model::living::{LivingRule, Statement};
use yidang::model::money::Total;
use yidang::model::month::Month;
use yidang::model::payment::Difference;
use yidang::model::standard::{Method, Unit};
use yidang::record::RecordError;
use yidang::view;

use crate::harness::{Archive, CHEN, Sql, Store, for_all, household};
use crate::living::{NO, applied, beginning, comes_back, fact, json_of, opened, state, today};
use crate::pages::Browser;

const COUNTY: &str = "990102000000";
const STREET: &str = "990102003000";

fn setting(organisation: &str, from: &str, amount: &str) -> Setting {
    Setting {
        organisation: organisation.parse().unwrap(),
        from: from.parse().unwrap(),
        amount: amount.into(),
        method: Method::Difference,
        tiers: String::new(),
        unit: Unit::Yuan,
        words: "青民发〔2026〕12号".into(),
    }
}

fn booking(kind: FundKind, on: &str, amount: &str) -> Entering {
    Entering {
        organisation: COUNTY.parse().unwrap(),
        on: Some(on.parse().unwrap()),
        kind,
        amount: amount.into(),
        words: "财社〔2026〕31号".into(),
        instead_of: None,
    }
}

fn rule(error: &LivingError) -> Option<&FundRule> {
    match error {
        LivingError::Record(RecordError::Refused(Refusal::Living(LivingRule::Fund(rule)))) => {
            Some(rule)
        }
        _ => None,
    }
}

/// A household in the other street that is paid 560.55.
async fn other(archive: &Archive) {
    let benefit = Giving { amount: "560.55".into(), category: "A".into(), ..Giving::default() };
    let carry = Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") };
    cases::take(&archive.app, &archive.bureau(), &household(CHEN), carry).await.unwrap();
}

async fn gives(
    archive: &Archive,
    by: &Actor,
    month: Month,
    rows: &str,
    instead_of: Option<Digest>,
) -> Result<payments::Taken, LivingError> {
    let bytes = bytes::Bytes::from(format!("户号,金额,结果,原因\n{rows}"));
    let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of };
    payments::take_return(&archive.app, by, month, given, &|_, _| {}).await
}

#[tokio::test]
async fn what_a_standard_comes_to_stands_beside_what_was_decided() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        other(archive).await;
        let (app, clerk, bureau) = (archive.app.clone(), archive.clerk(), archive.bureau());
        let month = Month::of(today(archive)).next();
        let assess =
            async |actor: &Actor| assessment::assess(&app, actor, "", month).await.unwrap();
        assert_eq!(assess(&bureau).await.without_standard, 2);
        for (by, wrong) in [
            (&clerk, setting(STREET, "2026-07", "1085")),
            (&bureau, setting("990103000000", "2026-07", "1085")),
        ] {
            let refused = standards::set(&app, by, wrong).await;
            assert!(matches!(refused, Err(LivingError::OtherLevel(_))), "{refused:?}");
        }
        for (amount, tiers) in [("0", ""), ("-1", ""), ("x", ""), ("1", "A=1"), ("1", "Z=1,A=2")] {
            let method = if tiers.is_empty() { Method::Difference } else { Method::Tiers };
            let wrong =
                Setting { tiers: tiers.into(), method, ..setting(COUNTY, "2026-07", amount) };
            let refused = standards::set(&app, &bureau, wrong).await;
            let fine = amount == "1" && tiers == "A=1";
            assert_eq!(refused.is_ok(), fine, "{amount} {tiers}: {refused:?}");
        }
        standards::set(&app, &bureau, setting(COUNTY, "2026-07", "1085")).await.unwrap();
        let found = assess(&bureau).await;
        assert_eq!((found.decided, found.computed), (Total::new(2, 168_055), Total::default()));
        assert_eq!((found.without_standard, found.without_income), (0, 2));

        // Two are covered; 2 × 1,085 less 1,049.50 is 1,120.50, and up to a whole yuan.
        let persons = archive_persons(archive).await;
        state(archive, "2026-11-01", vec![fact(None, "income", "1049.50")]).await;
        let guaranteed = 108_500 * persons - 104_950;
        let up = (guaranteed + 99) / 100 * 100;
        let found = assess(&clerk).await;
        assert_eq!((found.decided, found.computed), (Total::new(1, 112_000), Total::new(1, up)));
        assert_eq!(found.unlike.len(), 1);
        assert_eq!(
            (found.unlike[0].computed.income, found.unlike[0].over()),
            (104_950, 112_000 - up)
        );
        assert!(assess(&archive.other_clerk()).await.unlike.is_empty());
        // The nearest standard holds, and an earlier month has its own.
        standards::set(&app, &bureau, setting(STREET, &month.to_string(), "900")).await.unwrap();
        let nearest = assess(&clerk).await.unlike;
        assert_eq!(nearest[0].computed.standard, 90_000);
        let file = view::household(&app, &clerk, &household(NO)).await.unwrap();
        assert_eq!(file.computed.unwrap().standard, 108_500, "this month has the county's");
        let rows = standards::list(&app, &clerk).await.unwrap();
        assert_eq!(rows.len(), 3, "those above hold here too");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn an_income_that_is_no_amount_is_told() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    standards::set(app, &bureau, setting(COUNTY, "2026-07", "1085")).await.unwrap();
    let seen = state(&archive, "2026-11-01", vec![fact(None, "income", "500")]).await;
    // As rules by which it was no amount let it be stated.
    let said = Statement {
        household: household(NO),
        from: today(&archive),
        proof: None,
        words: String::new(),
        facts: vec![fact(None, "income", "约八百")],
        instead_of: None,
        seen: Some(seen),
    };
    app.recorder.record(&archive.clerk(), Act::StateFacts(said)).await.unwrap();
    let month = Month::of(today(&archive)).next();
    let found = assessment::assess(app, &bureau, "", month).await.unwrap();
    assert_eq!((found.decided.households, found.computed), (1, Total::default()));
    assert_eq!((found.without_standard, found.without_income), (0, 0));
    let unreadable: Vec<_> =
        found.unreadable.iter().map(|one| (&one.household[..], &one.income[..])).collect();
    assert_eq!(unreadable, [(NO, "约八百")]);
    let mut bureau = Browser::of(app.clone(), "何国平", COUNTY, &[Role::Clerk]).await;
    let page = bureau.get(&format!("/standards?month={month}")).await.text();
    assert!(page.contains("收入不是金额") && page.contains("约八百"), "{page}");
    let page = bureau.get(&format!("/household/{NO}")).await.text();
    assert!(page.contains("记的月收入「约八百」不是金额"), "{page}");
    let answer = bureau.get(&format!("/api/v1/payments/assessment?month={month}")).await;
    assert_eq!(json_of(&answer)["unreadable"][0]["income"], "约八百");
    comes_back(&archive).await;
}

/// How many persons the decision covers.
async fn archive_persons(archive: &Archive) -> i64 {
    let found = cases::list(&archive.app, &archive.clerk(), &household(NO)).await.unwrap();
    let month = Month::of(today(archive)).next();
    found.paid_in(month).unwrap().persons
}

#[tokio::test]
async fn every_fen_that_comes_and_goes_is_in_the_ledger() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        other(archive).await;
        let (app, clerk, bureau, no) =
            (archive.app.clone(), archive.clerk(), archive.bureau(), household(NO));
        let now = today(archive);
        let (this, month) = (Month::of(now), Month::of(now).next());
        let in_year = async |year: i16| funds::ledger(&app, &bureau, "", year).await.unwrap();
        let year = now.year();
        for (kind, on, amount) in [
            (FundKind::Received, "2026-01-05", "20,000,000"),
            (FundKind::OtherIn, "2026-01-20", "0.01"),
            (FundKind::Returned, "2026-02-03", "19999000"),
        ] {
            funds::book(&app, &bureau, booking(kind, on, amount)).await.unwrap();
        }
        let wrong = booking(FundKind::OtherOut, "2026-03-01", "77.70");
        let wrong = funds::book(&app, &bureau, wrong).await.unwrap().no;
        let right = Entering {
            instead_of: Some(wrong),
            ..booking(FundKind::OtherOut, "2026-03-01", "7.77")
        };
        funds::book(&app, &bureau, right.clone()).await.unwrap();
        let twice = funds::book(&app, &bureau, right).await.unwrap_err();
        assert_eq!(rule(&twice), Some(&FundRule::NoBooking(wrong)));
        let early = booking(FundKind::Received, "2027-12-01", "1");
        let early = funds::book(&app, &bureau, early).await.unwrap_err();
        assert!(matches!(rule(&early), Some(FundRule::NotYet(_))), "{early:?}");
        let foreign =
            funds::book(&app, &clerk, booking(FundKind::Received, "2026-01-05", "1")).await;
        assert!(matches!(foreign, Err(LivingError::Asked(_))), "{foreign:?}");
        for (amount, words) in [("0", "x"), ("1.001", "x"), ("2000000000", "x"), ("1", " ")] {
            let given = Entering {
                words: words.into(),
                ..booking(FundKind::Received, "2026-01-05", amount)
            };
            assert!(funds::book(&app, &bureau, given).await.is_err(), "{amount} {words}");
        }
        let ledger = in_year(2026).await;
        let [january, february, march] = &ledger.months[..3] else { panic!("{ledger:?}") };
        assert_eq!((january.received, january.other_in), (2_000_000_000, 1));
        assert_eq!((january.closing, february.opening), (2_000_000_001, 2_000_000_001));
        assert_eq!((february.closing, march.other_out, march.closing), (100_001, 777, 99_224));

        // Two are paid; one row too many, and the bank's file was wrong.
        for street in [STREET, COUNTY] {
            payments::list(&app, &bureau, &street.parse().unwrap(), month).await.unwrap();
        }
        let rows = format!("{NO},1120.00,成功,\n{CHEN},560.55,成功,\n");
        gives(
            archive,
            &bureau,
            month,
            &format!("{NO},1120.00,成功,\n{CHEN},5605.50,成功,\n"),
            None,
        )
        .await
        .unwrap();
        let files = payments::files(&app, &bureau, month).await.unwrap();
        assert_eq!((files.len(), files[0].count, files[0].paid), (1, 2, 672_550));
        let file: Digest = files[0].file.parse().unwrap();
        let none = gives(archive, &bureau, this, &rows, Some(file)).await.unwrap_err();
        assert_eq!(rule(&none), Some(&FundRule::NoFile(this)));
        let only = format!("{NO},1120.00,成功,\n");
        let foreign = gives(archive, &clerk, month, &only, Some(file)).await.unwrap_err();
        assert!(matches!(foreign, LivingError::Asked(_)), "{foreign:?}");
        gives(archive, &bureau, month, &rows, Some(file)).await.unwrap();
        let files = payments::files(&app, &bureau, month).await.unwrap();
        let counts: Vec<_> = files.iter().map(|one| (one.voided, one.paid)).collect();
        assert_eq!(counts, [(1, 672_550), (0, 168_055)]);
        let found = payments::reconcile(&app, &bureau, "", month).await.unwrap();
        assert_eq!((found.paid, found.unlike.len()), (Total::new(2, 168_055), 0));
        let at = month.first().year();
        let paid = in_year(if at > year { year } else { at }).await;
        let paid: i64 = paid.months.iter().map(|one| one.paid).sum();
        assert_eq!(paid, if at > year { 0 } else { 168_055 });

        // What was paid too much is asked back, comes in parts, and the rest is waived.
        let asking = Asking {
            amount: "100".into(),
            from: this,
            until: month,
            words: "就业后未报告".into(),
            paper: None,
        };
        let backwards = Asking { from: month, until: this, ..asking.clone() };
        assert!(recoveries::recover(&app, &clerk, &no, backwards).await.is_err());
        let foreign = Asking { paper: Some(DocumentId(99_999)), ..asking.clone() };
        assert!(recoveries::recover(&app, &clerk, &no, foreign).await.is_err());
        let stranger = archive.other_clerk();
        let hidden = recoveries::recover(&app, &stranger, &no, asking.clone()).await;
        assert!(matches!(hidden, Err(LivingError::UnknownHousehold(_))), "{hidden:?}");
        let asked = recoveries::recover(&app, &clerk, &no, asking).await.unwrap().no;
        let settling = |by, amount: &str| Settling {
            recovery: asked,
            by,
            amount: amount.into(),
            on: None,
            words: "收据0031".into(),
            paper: None,
        };
        let settle = async |by, amount: &str| {
            recoveries::settle(&app, &clerk, &no, settling(by, amount)).await
        };
        settle(SettledBy::Repaid, "60").await.unwrap();
        let more = settle(SettledBy::Repaid, "40.01").await.unwrap_err();
        assert!(
            matches!(rule(&more), Some(FundRule::More(open)) if open.get() == 4000),
            "{more:?}"
        );
        let waived = settle(SettledBy::Waived, "40").await.unwrap_err();
        assert!(matches!(waived, LivingError::OtherLevel(_)), "the bureau waives: {waived:?}");
        recoveries::settle(&app, &bureau, &no, settling(SettledBy::Waived, "40")).await.unwrap();
        assert!(settle(SettledBy::Repaid, "0.01").await.is_err());
        let elsewhere =
            recoveries::settle(&app, &bureau, &household(CHEN), settling(SettledBy::Repaid, "1"))
                .await;
        assert!(matches!(rule(&elsewhere.unwrap_err()), Some(FundRule::NoRecovery(..))));
        let demands = recoveries::of_household(&app, &clerk, &no).await.unwrap();
        assert_eq!((demands[0].row.open(), demands[0].settlements.len()), (0, 2));
        let listed = recoveries::recoveries(&app, &clerk, "").await.unwrap();
        assert_eq!((listed.len(), listed[0].row.repaid, listed[0].row.waived), (1, 6000, 4000));
        assert!(recoveries::recoveries(&app, &stranger, "").await.unwrap().is_empty());
        let ledger = in_year(year).await;
        assert_eq!(ledger.sum.repaid, 6000, "what is waived never came");
        assert_eq!(ledger.bookings.iter().filter(|one| one.voided.is_some()).count(), 1);
        let street = funds::ledger(&app, &clerk, "", year).await.unwrap();
        assert_eq!((street.sum.received, street.sum.repaid), (0, 6000), "the own street alone");
        for register in ["fund", "recoveries", "assessment"] {
            let asked = Asked::default();
            assert!(books::table(&app, &bureau, register, &asked, 50).await.is_ok(), "{register}");
        }
        let asked = Asked { period: "2026".into(), ..Asked::default() };
        let table = books::table(&app, &bureau, "fund", &asked, 50).await.unwrap().sheet;
        let first: Vec<_> = table.rows[0].iter().map(ToString::to_string).collect();
        assert_eq!(first[2..4], ["20000000.00", "0.01"]);
        // What was paid stays with the street that was in charge when it was.
        let of_street = async |street| {
            let ledger = funds::ledger(&app, &bureau, street, month.first().year()).await;
            ledger.map_or(0, |ledger| ledger.sum.paid)
        };
        let paid = (112_000, 56_055);
        assert_eq!((of_street("990102003").await, of_street("990102002").await), paid);
        let moves = Stating {
            from: Some(now),
            facts: vec![fact(None, "organisation", "990102002001")],
            ..Stating::default()
        };
        statements::state(&app, &bureau, &no, moves).await.unwrap();
        assert_eq!((of_street("990102003").await, of_street("990102002").await), paid);
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn more_persons_than_live_there_and_one_on_two_households_are_seen() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        other(archive).await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let month = Month::of(today(archive)).next();
        payments::list(&app, &bureau, &COUNTY.parse().unwrap(), month).await.unwrap();
        let unlike = async || {
            let found = payments::reconcile(&app, &bureau, "", month).await.unwrap().unlike;
            let one = |one: payments::Unlike| (one.household, one.differences);
            found.into_iter().map(one).collect::<Vec<_>>()
        };
        assert!(unlike().await.is_empty());
        // The daughter moves out; then her father is the head of the other household too.
        let at = today(archive).to_string();
        state(archive, &at, vec![fact(Some(2), "left", "婚嫁")]).await;
        let found = unlike().await;
        assert_eq!(found, [(NO.to_owned(), vec![Difference::TooMany])]);
        let number = |member| fact(Some(member), "id_number", "990102195001012135");
        state(archive, &at, vec![number(1)]).await;
        assert_eq!(unlike().await, found, "one number on one household");
        let facts = vec![number(0)];
        let stating = Stating { from: Some(at.parse().unwrap()), facts, ..Stating::default() };
        statements::state(&app, &bureau, &household(CHEN), stating).await.unwrap();
        let twice = Difference::SamePerson;
        assert_eq!(
            unlike().await,
            [(CHEN.to_owned(), vec![twice]), (NO.to_owned(), vec![Difference::TooMany, twice])]
        );
    })
    .await;
}

#[tokio::test]
async fn the_money_is_kept_on_the_pages() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let mut bureau = Browser::of(app.clone(), "何国平", COUNTY, &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    // Standards.
    assert!(!clerk.get("/standards").await.text().contains("定下标准"));
    let form = |amount: &'static str| {
        [("organisation", COUNTY), ("from", "2026-07"), ("amount", amount), ("unit", "yuan")]
    };
    let wrong = bureau.post("/standards", &form("很多")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("value=\"很多\""), "{}", wrong.text());
    assert_eq!(clerk.post("/standards", &form("1085")).await.status, 409);
    assert_eq!(bureau.post("/standards", &form("1085")).await.status, 303);
    let page = bureau.get("/standards").await.text();
    assert!(page.contains("标准定下了") && page.contains("1,085.00"), "{page}");
    state(&archive, "2026-11-01", vec![fact(None, "income", "1000")]).await;
    let page = clerk.get(&format!("/household/{NO}")).await.text();
    assert!(page.contains("测算") && page.contains("标准1,085.00"), "{page}");
    assert_eq!(bureau.get("/standards?month=x").await.status, 400);
    assert!(bureau.get("/standards?organisation=x").await.text().contains("筛选看不懂"));
    // The fund.
    let form = |amount: &'static str, words: &'static str| {
        [
            ("organisation", COUNTY),
            ("on", "2026-01-05"),
            ("kind", "received"),
            ("amount", amount),
            ("words", words),
        ]
    };
    let wrong = bureau.post("/fund/bookings", &form("1", "")).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(bureau.post("/fund/bookings", &form("1200000", "财社31号")).await.status, 303);
    let page = bureau.get("/fund?year=2026").await.text();
    assert!(page.contains("1,200,000.00") && page.contains("财社31号"), "{page}");
    assert!(!clerk.get("/fund").await.text().contains("财社31号"), "the county's own");
    assert!(bureau.get("/fund?year=1999").await.text().contains("筛选看不懂"));
    // What is asked back.
    let month = list_next(&archive).await.to_string();
    let at = format!("/household/{NO}/recoveries");
    assert_eq!(other.get(&at).await.status, 404);
    assert!(clerk.get(&at).await.text().contains("没有要追缴的"));
    let form = |amount: &'static str| {
        [("amount", amount), ("from", &month[..]), ("until", &month[..]), ("words", "未报告")]
    };
    let more = clerk.post(&at, &form("99999")).await;
    assert!(more.status == 422 && more.text().contains("还没有追缴的只有"), "{}", more.text());
    assert_eq!(clerk.post(&at, &form("x")).await.status, 422);
    assert_eq!(clerk.post(&at, &form("300")).await.status, 303);
    let page = clerk.get(&at).await.text();
    assert!(page.contains("还要退回300.00元") && !page.contains("减免"), "{page}");
    assert!(bureau.get(&at).await.text().contains("减免"));
    let recovery = page.split("name=\"recovery\" value=\"").nth(1).unwrap();
    let recovery = recovery.split('"').next().unwrap().to_owned();
    let settle = format!("/household/{NO}/settlements");
    let form = |amount| {
        [("recovery", &recovery[..]), ("by", "repaid"), ("amount", amount), ("words", "收据")]
    };
    let refused = clerk.post(&settle, &form("301")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("还剩300.00元没有退回"), "{}", refused.text());
    assert_eq!(clerk.post(&settle, &form("300")).await.status, 303);
    assert!(clerk.get(&at).await.text().contains("追缴都办结了"));
    assert!(clerk.get("/fund").await.text().contains("办结"));
    for register in ["fund", "recoveries", "assessment"] {
        let page = bureau.get(&format!("/registers/{register}")).await;
        assert_eq!(page.status, 200, "{register}");
    }
    comes_back(&archive).await;
}

/// Lists all for the next month, which it returns.
async fn list_next(archive: &Archive) -> Month {
    let month = Month::of(today(archive)).next();
    payments::list(&archive.app, &archive.bureau(), &COUNTY.parse().unwrap(), month).await.unwrap();
    month
}

#[tokio::test]
async fn a_program_keeps_the_money() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let app = &archive.app;
    let mut bureau = Browser::of(app.clone(), "何国平", COUNTY, &[Role::Clerk]).await;
    let standard = json!({"organisation": COUNTY, "from": "2026-07", "amount": "1085",
        "method": "tiers", "tiers": "A=700,B=450", "unit": "yuan"});
    assert_eq!(bureau.send_json("/api/v1/standards", &standard).await.status, 201);
    let listed = json_of(&bureau.get("/api/v1/standards").await);
    assert_eq!(listed[0]["tiers"], "A=70000,B=45000");
    let assessed = bureau.get("/api/v1/payments/assessment?month=2026-12").await;
    assert_eq!(json_of(&assessed)["without_income"], 1);
    let booked = json!({"organisation": COUNTY, "on": "2026-01-05", "kind": "received",
        "amount": "1200000", "words": "财社31号"});
    let entry = json_of(&bureau.send_json("/api/v1/fund/bookings", &booked).await)["entry"].clone();
    let back = json!({"organisation": COUNTY, "on": "2026-01-05", "kind": "received",
        "amount": "0", "words": "记错了", "instead_of": entry});
    assert_eq!(bureau.send_json("/api/v1/fund/bookings", &back).await.status, 201);
    let again = bureau.send_json("/api/v1/fund/bookings", &back).await;
    assert_eq!(json_of(&again)["error"]["code"], "no_booking");
    let ledger = json_of(&bureau.get("/api/v1/fund?year=2026").await);
    assert_eq!(ledger["sum"]["received"], 0, "{ledger}");
    let api = format!("/api/v1/households/{NO}");
    let month = list_next(&archive).await.to_string();
    let asked = json!({"amount": "300", "from": month, "until": month, "words": "未报告"});
    let asked = bureau.send_json(&format!("{api}/recoveries"), &asked).await;
    assert_eq!(asked.status, 201, "{}", asked.text());
    let settled = json!({"recovery": json_of(&asked)["entry"], "by": "waived", "amount": "100",
        "words": "无力退回"});
    let done = bureau.send_json(&format!("{api}/settlements"), &settled).await;
    assert_eq!(done.status, 201, "{}", done.text());
    let one = json_of(&bureau.get(&format!("{api}/recoveries")).await);
    assert_eq!(
        (&one[0]["waived"], &one[0]["settlements"][0]["kind"]),
        (&json!(10000), &json!("waived"))
    );
    let all = json_of(&bureau.get("/api/v1/recoveries").await);
    assert_eq!((&all[0]["head"], &all[0]["amount"]), (&json!("林秀芳"), &json!(30000)));
    assert_eq!(json_of(&bureau.get("/api/v1/payments/returns?month=2026-12").await), json!([]));
    comes_back(&archive).await;
}
