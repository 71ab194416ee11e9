//! What decisions on the allowance do to each other, and to what is paid, put up and asked
//! back: the one made last holds, none goes behind another, and a phase-out ends.

use jiff::civil::Date;
use yidang::living::LivingError;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::{payments, recoveries};
use yidang::model::access::Actor;
use yidang::model::benefit::BenefitRule;
use yidang::model::month::Month;
use yidang::model::notice::{NoticeKind, NoticeRule};
use yidang::model::procedure::{Behind, MoveError};
use yidang::notices::{self, NoticeError, Posting};

use crate::harness::{Archive, Sql, Store, for_all, household};
use crate::living::{
    NO, applied, beginning, comes_back, days, deciding, opened, take, taking, today, visited,
};

async fn tried(archive: &Archive, by: &Actor, step: Taking) -> Result<(), LivingError> {
    cases::take(&archive.app, by, &household(NO), step).await.map(drop)
}

/// A change of the family that was reported and verified.
async fn changed(archive: &Archive) {
    let words = |step: Taking| Taking { words: "就业".into(), ..step };
    take(archive, &archive.clerk(), words(beginning("change", "report"))).await;
    take(archive, &archive.clerk(), taking("verify")).await;
}

fn from(step: &str, amount: &str, from: Month, until: Option<Month>) -> Taking {
    let step = deciding(step, amount, "B");
    let giving = step.benefit.clone().unwrap_or_default();
    Taking { benefit: Some(Giving { from: Some(from), until, ..giving }), ..step }
}

fn stop() -> Taking {
    Taking { words: "收入超过标准".into(), ..taking("stop") }
}

#[tokio::test]
async fn a_stop_takes_the_place_of_a_raise_that_was_to_come() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        applied(archive).await;
        let this = Month::of(today(archive));
        let raised = this.plus(4);
        changed(archive).await;
        take(archive, &bureau, from("raise", "1300", raised, None)).await;
        let cases = cases::list(&app, &bureau, &no).await.unwrap();
        assert_eq!(cases.paid_in(raised).map(|one| one.amount), Some(130_000));
        changed(archive).await;
        take(archive, &bureau, stop()).await;
        let cases = cases::list(&app, &bureau, &no).await.unwrap();
        assert_eq!(cases.paid_in(raised), None);
        let overtaken: Vec<bool> =
            cases.benefits.iter().map(|one| cases.is_overtaken(one)).collect();
        // What was granted from the same month never came about either.
        assert_eq!(overtaken, [true, true, false]);
        for month in [this.next(), raised] {
            if month == raised {
                days(archive, 93);
            }
            let all = "990102000000".parse().unwrap();
            let listed = payments::list(&app, &bureau, &all, month).await;
            assert!(matches!(listed, Err(LivingError::NobodyToList)), "{month}: {listed:?}");
            let rows = payments::reconcile(&app, &bureau, "", month).await.unwrap();
            assert!(rows.unlike.is_empty(), "{month}: {rows:?}");
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn no_case_goes_behind_what_the_household_has_behind_it() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (clerk, bureau) = (archive.clerk(), archive.bureau());
    let begun: Date = today(&archive);
    applied(&archive).await;
    let decided = today(&archive);
    let visit = |on: Date| {
        let visit = Taking { procedure: "review".into(), ..visited("visit") };
        Taking { on: Some(on), ..visit }
    };
    let behind = async |on: Date| match tried(&archive, &clerk, visit(on)).await {
        Err(LivingError::Move(MoveError::Sooner { behind, on, .. })) => (behind, on),
        other => panic!("{on}: {other:?}"),
    };
    let day = |date: Date| date.yesterday().unwrap();
    assert_eq!(behind(day(begun)).await, (Behind::Case, begun));
    assert_eq!(behind(day(decided)).await, (Behind::Decision, decided));
    tried(&archive, &clerk, visit(decided)).await.unwrap();
    take(&archive, &clerk, Taking { words: "已就业".into(), ..taking("opinion") }).await;
    // Nor does a decision in the same case.
    let late = Taking { on: Some(day(decided)), ..stop() };
    assert!(matches!(tried(&archive, &bureau, late).await, Err(LivingError::Move(_))));
}

#[tokio::test]
async fn a_phase_out_ends_after_six_months_in_all_and_is_closed() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        applied(archive).await;
        days(archive, 31);
        let first = Month::of(today(archive)).next();
        changed(archive).await;
        take(archive, &bureau, from("phase_out", "600", first, Some(first.plus(3)))).await;
        let years = app.profile.retention_of(&app.profile.volume.retention).unwrap().years;
        let years = jiff::Span::new().years(years.unwrap());
        let ends = first.plus(3).last().saturating_add(years).to_string();
        assert!(archive.dump().await.join("\n").contains(&ends), "it is kept until {ends}");
        // Decided again it is no longer than six months in all.
        changed(archive).await;
        let again = |months| from("phase_out", "500", first.plus(2), Some(first.plus(months)));
        let long = tried(archive, &bureau, again(6)).await;
        assert!(
            matches!(long, Err(LivingError::BenefitRule(BenefitRule::PhaseOut(6)))),
            "{long:?}"
        );
        take(archive, &bureau, again(5)).await;
        let early = tried(archive, &bureau, beginning("exit", "close")).await;
        assert!(matches!(early, Err(LivingError::Move(MoveError::TooEarly { .. }))), "{early:?}");
        days(archive, 31 * 7);
        take(archive, &bureau, beginning("exit", "close")).await;
        let cases = cases::list(&app, &bureau, &no).await.unwrap();
        assert_eq!((cases.state.as_str(), cases.review_due.as_str()), ("stopped", ""));
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_put_up_is_what_was_decided_and_ends_with_it() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, bureau, no) =
            (archive.app.clone(), archive.clerk(), archive.bureau(), household(NO));
        applied(archive).await;
        let put_up = |kind, amount: &str| {
            let wanted = Posting { kind, amount: amount.into(), from: None, until: None };
            notices::post(&app, &clerk, &no, wanted)
        };
        let other = put_up(NoticeKind::Confirmed, "999").await;
        assert!(matches!(other, Err(NoticeError::Rule(NoticeRule::Otherwise))), "{other:?}");
        let entry = put_up(NoticeKind::Confirmed, "1120").await.unwrap();
        assert_eq!(notices::get(&app, &clerk, entry).await.unwrap().until, None);
        changed(archive).await;
        take(archive, &bureau, stop()).await;
        let last = Month::of(today(archive)).last().to_string();
        assert_eq!(notices::get(&app, &clerk, entry).await.unwrap().until, Some(last));
        for kind in [NoticeKind::Confirmed, NoticeKind::Proposed] {
            let none = put_up(kind, "1120").await;
            assert!(matches!(none, Err(NoticeError::Rule(NoticeRule::NotPaid))), "{none:?}");
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn no_more_is_asked_back_than_was_paid() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        applied(archive).await;
        let month = Month::of(today(archive)).next();
        let all = "990102000000".parse().unwrap();
        payments::list(&app, &bureau, &all, month).await.unwrap();
        let ask = |amount: &str, from: Month| {
            let asking = recoveries::Asking {
                amount: amount.into(),
                from,
                until: month,
                words: "多发".into(),
                paper: None,
            };
            recoveries::recover(&app, &bureau, &no, asking)
        };
        let left = async |amount: &str, from| match ask(amount, from).await {
            Err(LivingError::NotPaid(left)) => left.to_string(),
            other => panic!("{amount}: {other:?}"),
        };
        assert_eq!(left("1120.01", month).await, "1120.00");
        ask("1000", month).await.unwrap();
        assert_eq!(left("121", month.before(3)).await, "120.00");
        ask("120", month).await.unwrap();
        comes_back(archive).await;
    })
    .await;
}
