//! 动态: a year in the life of a household, from the application to the end of the
//! allowance: what is stated of it, the steps of its cases, the papers it lacks,
//! what is due when.

use std::time::Duration;

use jiff::civil::Date;
use serde_json::json;
use yidang::catalog::Refusal;
use yidang::filing::{self, NewHousehold};
use yidang::living::calendar;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::completeness::{self, Asked};
use yidang::living::payments::{self, GivenFile};
use yidang::living::statements::{self, Stating};
use yidang::living::{Lacking, LivingError};
use yidang::model::access::{Actor, Role};
use yidang::model::act::{Act, Member};
use yidang::model::benefit::BenefitRule;
use yidang::model::id::{DocumentId, HouseholdNo};
use yidang::model::lending::day_of;
use yidang::model::living::{Fact, LivingRule};
use yidang::model::look::Reason;
use yidang::model::money::Total;
use yidang::model::month::Month;
use yidang::model::notice::NoticeKind;
use yidang::model::payment::Difference;
use yidang::model::procedure::MoveError;
use yidang::notices::{self, Posting};
use yidang::rebuild;
use yidang::record::RecordError;
use yidang::view;

use crate::files::noise;
use crate::harness::{Archive, Sql, Store, description, for_all, household};
use crate::pages::Browser;

pub(crate) const NO: &str = "99010200300400888";
const ID: &str = "990102195203142149";

pub(crate) async fn opened(archive: &Archive) {
    let member = |name: &str, relation: &str| Member {
        name: name.into(),
        relation: relation.into(),
        id_number: String::new(),
    };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: ID.into(),
        address: "槐荫里7号".into(),
        members: vec![member("周文", "夫"), member("周小满", "女")],
    };
    filing::open_household(&archive.app, &archive.bureau(), &household(NO), new).await.unwrap();
}

pub(crate) fn today(archive: &Archive) -> Date {
    day_of(archive.app.now())
}

pub(crate) fn days(archive: &Archive, days: u64) {
    archive.hands.advance(Duration::from_secs(days * 24 * 3600));
}

pub(crate) fn taking(step: &str) -> Taking {
    Taking { step: step.into(), ..Taking::default() }
}

pub(crate) fn beginning(procedure: &str, step: &str) -> Taking {
    Taking { procedure: procedure.into(), ..taking(step) }
}

pub(crate) fn visited(step: &str) -> Taking {
    Taking { people: vec!["赵玉梅".into(), "李建国".into()], ..taking(step) }
}

pub(crate) fn deciding(step: &str, amount: &str, category: &str) -> Taking {
    let giving = Giving { amount: amount.into(), category: category.into(), ..Giving::default() };
    Taking { benefit: Some(giving), words: "按核定".into(), ..taking(step) }
}

pub(crate) async fn take(archive: &Archive, actor: &Actor, taking: Taking) {
    let step = taking.step.clone();
    let taken = cases::take(&archive.app, actor, &household(NO), taking).await;
    taken.unwrap_or_else(|error| panic!("{step}: {error}"));
}

/// Puts up what is proposed for a household, and takes the step of it.
pub(crate) async fn put_up(archive: &Archive, no: &str) {
    let (app, clerk, no) = (&archive.app, archive.clerk(), household(no));
    let posting =
        Posting { kind: NoticeKind::Proposed, amount: "1120".into(), from: None, until: None };
    notices::post(app, &clerk, &no, posting).await.unwrap();
    cases::take(app, &clerk, &no, taking("notice")).await.unwrap();
}

/// Files a paper of this type in the file.
pub(crate) async fn file(archive: &Archive, kind: &str) -> DocumentId {
    let taken = archive.take(NO, &format!("{kind}.png"), &noise(30, 30)).await.unwrap();
    let said = description(kind, kind, "2026-11-23");
    let no = household(NO);
    filing::file(&archive.app, &archive.clerk(), taken.document, &no, said).await.unwrap();
    taken.document
}

async fn lacking(archive: &Archive, actor: &Actor, level: &str) -> Vec<Lacking> {
    let asked = Asked { level: level.into(), ..Asked::default() };
    completeness::lacking(&archive.app, actor, &asked, 100).await.unwrap()
}

fn kinds(found: &[Lacking]) -> Vec<&str> {
    found.iter().map(|one| one.type_code.as_str()).collect()
}

/// Goes through an application up to the confirmation, over 20 days.
pub(crate) async fn applied(archive: &Archive) {
    let clerk = archive.clerk();
    take(archive, &clerk, beginning("application", "apply")).await;
    take(archive, &clerk, taking("accept")).await;
    confirmed(archive).await;
}

/// Goes on with an application that was accepted up to the confirmation.
pub(crate) async fn confirmed(archive: &Archive) {
    let (clerk, bureau) = (archive.clerk(), archive.bureau());
    take(archive, &bureau, taking("check")).await;
    take(archive, &clerk, visited("visit")).await;
    take(archive, &clerk, taking("opinion")).await;
    put_up(archive, NO).await;
    days(archive, 7);
    take(archive, &bureau, deciding("confirm", "1120", "B")).await;
    take(archive, &bureau, taking("notify")).await;
}

/// What was done is what the log says: a rebuild makes the same rows.
pub(crate) async fn comes_back(archive: &Archive) {
    let before = archive.dump().await;
    archive.app.settle().await.unwrap();
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(archive.dump().await, before);
}

#[tokio::test]
async fn a_year_of_a_household_goes_from_the_application_to_the_end() {
    for_all(async |archive| {
        opened(archive).await;
        let (clerk, bureau, no) = (archive.clerk(), archive.bureau(), household(NO));
        applied(archive).await;
        let app = archive.app.clone();
        let cases = cases::list(&app, &clerk, &no).await.unwrap();
        assert_eq!((cases.state.as_str(), cases.open()), ("receiving", None));
        let this = Month::of(today(archive));
        assert_eq!(cases.paid_in(this), None, "paid from the next month on");
        let paid = cases.paid_in(this.next()).unwrap();
        assert_eq!((paid.amount, paid.persons, paid.category.as_str()), (112_000, 3, "B"));
        assert_eq!(cases.beginning, ["review", "change"]);

        // Half a year later it is reviewed, and raised; the calendar had asked for it.
        let due: Date = cases.review_due.parse().unwrap();
        assert_eq!(today(archive).until(due).unwrap().get_days() / 180, 1);
        let reviews = |until: Option<Date>| {
            let (app, clerk) = (app.clone(), clerk.clone());
            async move {
                let asked = calendar::Asked { until, ..calendar::Asked::default() };
                calendar::reviews(&app, &clerk, &asked, 10).await.unwrap()
            }
        };
        assert!(reviews(Some(today(archive))).await.is_empty());
        days(archive, 190);
        assert_eq!(reviews(Some(today(archive))).await.len(), 1);
        assert_eq!(
            calendar::year(&app, &clerk, &calendar::Asked::default()).await.unwrap().late,
            1
        );
        take(archive, &clerk, Taking { procedure: "review".into(), ..visited("visit") }).await;
        assert_eq!(reviews(None).await[0].running, "review");
        take(archive, &clerk, Taking { words: "收入减少".into(), ..taking("opinion") }).await;
        take(archive, &bureau, deciding("raise", "1280.50", "")).await;
        assert!(reviews(Some(today(archive))).await.is_empty(), "the next one is ahead");

        // Work is found: it is phased out, and stopped; the file is kept three years.
        days(archive, 60);
        take(archive, &clerk, Taking { words: "周文就业".into(), ..beginning("change", "report") })
            .await;
        take(archive, &clerk, taking("verify")).await;
        let this = Month::of(today(archive));
        let mut phase = deciding("phase_out", "900", "");
        phase.benefit.as_mut().unwrap().until = Some(this.plus(3));
        take(archive, &bureau, phase).await;
        let cases = cases::list(&app, &clerk, &no).await.unwrap();
        assert_eq!(cases.state, "phase_out");
        assert_eq!(cases.paid_in(this.plus(3)).unwrap().amount, 90_000);
        assert_eq!(cases.paid_in(this.plus(4)), None);
        assert_eq!(cases.review_due, this.plus(3).last().to_string());
        days(archive, 80);
        take(archive, &clerk, Taking { procedure: "review".into(), ..visited("visit") }).await;
        take(archive, &clerk, Taking { words: "已就业".into(), ..taking("opinion") }).await;
        take(archive, &bureau, Taking { words: "已就业".into(), ..taking("stop") }).await;
        let cases = cases::list(&app, &clerk, &no).await.unwrap();
        assert_eq!((cases.state.as_str(), cases.review_due.as_str()), ("stopped", ""));
        let ended = Month::of(today(archive)).last();
        let mut tx = app.db.read().await.unwrap();
        let row = yidang::catalog::households::get(&mut tx, &no).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(row.kept_until, ended.saturating_add(jiff::Span::new().years(3)).to_string());
        let effects: Vec<_> = cases.benefits.iter().map(|one| one.effect.as_str()).collect();
        assert_eq!(effects, ["grant", "raise", "phase_out", "stop"]);

        // It may come back, under the same number.
        take(archive, &clerk, beginning("application", "apply")).await;
        let cases = cases::list(&app, &clerk, &no).await.unwrap();
        assert_eq!((cases.state.as_str(), cases.open().unwrap().no), ("applying", 5));
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_allowed_is_refused_with_the_rule() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, bureau, no) = (&archive.app, archive.clerk(), archive.bureau(), household(NO));
    let community = crate::harness::actor("孙晓", "990102003004", Role::Clerk);
    let stranger = archive.other_clerk();
    let take = |actor: Actor, taking: Taking| {
        let no = no.clone();
        async move { cases::take(app, &actor, &no, taking).await.map(drop) }
    };
    let foreign = take(stranger, beginning("application", "apply")).await;
    assert!(matches!(foreign, Err(LivingError::UnknownHousehold(_))), "{foreign:?}");
    let none = take(clerk.clone(), taking("accept")).await;
    assert!(matches!(none, Err(LivingError::NoCase)), "{none:?}");
    let early = take(clerk.clone(), beginning("review", "visit")).await;
    assert!(matches!(early, Err(LivingError::NotNow { .. })), "{early:?}");
    take(community.clone(), beginning("application", "apply")).await.unwrap();
    let above = take(community, taking("accept")).await;
    assert!(matches!(above, Err(LivingError::OtherLevel(_))), "{above:?}");
    let first = take(clerk.clone(), visited("visit")).await;
    assert!(matches!(first, Err(LivingError::Move(MoveError::First { .. }))), "{first:?}");
    take(clerk.clone(), taking("accept")).await.unwrap();
    let alone = Taking { people: vec!["赵玉梅".into(), "赵玉梅".into()], ..taking("visit") };
    let alone = take(clerk.clone(), alone).await;
    assert!(matches!(alone, Err(LivingError::People(2))), "{alone:?}");
    let ahead = Taking { on: Some("2027-01-01".parse().unwrap()), ..visited("visit") };
    let ahead = take(clerk.clone(), ahead).await;
    assert!(
        matches!(
            &ahead,
            Err(LivingError::Record(RecordError::Refused(Refusal::Living(LivingRule::NotYet(_)))))
        ),
        "{ahead:?}"
    );
    let before = Taking { on: Some("2026-01-01".parse().unwrap()), ..visited("visit") };
    let before = take(clerk.clone(), before).await;
    assert!(matches!(before, Err(LivingError::Move(MoveError::Backwards { .. }))), "{before:?}");
    take(clerk.clone(), visited("visit")).await.unwrap();
    take(bureau.clone(), taking("check")).await.unwrap();
    // Departments sign one after the other, each by name and with an opinion.
    let nameless = Taking { words: "同意".into(), ..taking("cosign") };
    let nameless = take(bureau.clone(), nameless).await;
    assert!(matches!(nameless, Err(LivingError::Office)), "{nameless:?}");
    let signed = Taking { office: "医保局".into(), words: "同意".into(), ..taking("cosign") };
    let bare = take(bureau.clone(), signed.clone()).await;
    assert!(matches!(bare, Err(LivingError::Paper)), "{bare:?}");
    let paper = Some(file(&archive, "A15").await);
    take(bureau.clone(), Taking { paper, ..signed }).await.unwrap();
    take(clerk.clone(), taking("opinion")).await.unwrap();
    let unseen = take(clerk.clone(), taking("notice")).await;
    assert!(matches!(unseen, Err(LivingError::NotPutUp(NoticeKind::Proposed))), "{unseen:?}");
    put_up(&archive, NO).await;
    days(&archive, 6);
    let early = take(bureau.clone(), deciding("confirm", "1120", "B")).await;
    assert!(matches!(early, Err(LivingError::Move(MoveError::TooEarly { .. }))), "{early:?}");
    days(&archive, 1);
    for (amount, category) in [("", "B"), ("x", "B"), ("1120", "Z"), ("1120", "")] {
        let bad = take(bureau.clone(), deciding("confirm", amount, category)).await;
        let named = matches!(bad, Err(LivingError::Benefit(_) | LivingError::BenefitRule(_)));
        assert!(named, "{amount} {category}: {bad:?}");
    }
    let mut many = deciding("confirm", "1120", "B");
    many.benefit.as_mut().unwrap().persons = Some(4);
    let many = take(bureau.clone(), many).await;
    assert!(matches!(many, Err(LivingError::BenefitRule(BenefitRule::Persons(3)))), "{many:?}");
    take(bureau.clone(), deciding("confirm", "1120", "B")).await.unwrap();
    let other = take(bureau.clone(), beginning("change", "report")).await;
    assert!(matches!(other, Err(LivingError::Runs(1))), "{other:?}");
    take(bureau.clone(), taking("notify")).await.unwrap();
    let over = take(bureau, taking("withdraw")).await;
    assert!(matches!(over, Err(LivingError::NoCase)), "{over:?}");
}

#[tokio::test]
async fn a_notice_from_before_or_one_taken_down_early_does_not_count() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, bureau, no) = (&archive.app, archive.clerk(), archive.bureau(), household(NO));
    let post = async |from: Option<Date>| {
        let kind = NoticeKind::Proposed;
        let posting = Posting { kind, amount: "1120".into(), from, until: None };
        notices::post(app, &clerk, &no, posting).await.unwrap()
    };
    let try_to = async |by: &Actor, taking: Taking| cases::take(app, by, &no, taking).await;
    take(&archive, &clerk, beginning("application", "apply")).await;
    take(&archive, &clerk, taking("accept")).await;
    let before = post(None).await;
    days(&archive, 1);
    take(&archive, &clerk, visited("visit")).await;
    take(&archive, &bureau, taking("check")).await;
    take(&archive, &clerk, taking("opinion")).await;
    let unseen = try_to(&clerk, taking("notice")).await;
    assert!(matches!(unseen, Err(LivingError::NotPutUp(NoticeKind::Proposed))), "{unseen:?}");
    notices::take_down(app, &clerk, before, "意见还没有出").await.unwrap();
    let first = post(None).await;
    take(&archive, &clerk, taking("notice")).await;

    // An objection on the third day; what hangs in its place hangs for seven days too.
    days(&archive, 3);
    notices::take_down(app, &clerk, first, "有异议").await.unwrap();
    post(None).await;
    days(&archive, 4);
    let confirm = || deciding("confirm", "1120", "B");
    let early = try_to(&bureau, confirm()).await;
    assert!(
        matches!(early, Err(LivingError::TakenDown { kind: NoticeKind::Proposed, days: 7 })),
        "{early:?}"
    );
    let mut browser = Browser::on(&archive).await;
    let fields = [("step", "/confirm"), ("amount", "1120"), ("category", "B")];
    let told = browser.post(&format!("/household/{NO}/steps"), &fields).await;
    let told = told.text();
    assert!(told.contains("「初审公示」要挂满7天"), "{told}");
    days(&archive, 3);
    try_to(&bureau, confirm()).await.unwrap();
}

#[tokio::test]
async fn an_application_waits_for_every_department_that_signs_it() {
    let own = include_str!("../../schemas/rules/procedures.toml")
        .replacen("code = \"cosign\"", "code = \"cosign\"\noffices = [\"公安局\", \"人社局\"]", 1)
        .replacen("aside = true\nagain = true\noffice", "office", 1)
        .replacen("after = [\"notice\"]", "after = [\"notice\", \"cosign\"]", 1);
    let archive = Archive::ruled("procedures.toml", &own).await;
    opened(&archive).await;
    let (app, clerk, bureau, no) = (&archive.app, archive.clerk(), archive.bureau(), household(NO));
    take(&archive, &clerk, beginning("application", "apply")).await;
    take(&archive, &clerk, taking("accept")).await;
    take(&archive, &bureau, taking("check")).await;
    take(&archive, &clerk, visited("visit")).await;
    take(&archive, &clerk, taking("opinion")).await;
    put_up(&archive, NO).await;
    days(&archive, 7);
    let waits = async || {
        let found = cases::list(app, &bureau, &no).await.unwrap();
        let offices = found.offered.iter().find(|one| one.step == "cosign");
        let next = found.open().unwrap().next_step.clone();
        (next, offices.map_or_else(Vec::new, |one| one.offices.clone()))
    };
    let both = vec!["公安局".to_owned(), "人社局".to_owned()];
    assert_eq!(waits().await, ("cosign".to_owned(), both.clone()));
    let paper = Some(file(&archive, "A15").await);
    let sign = |office: &str| Taking {
        office: office.into(),
        words: "同意".into(),
        paper,
        ..taking("cosign")
    };
    let other = cases::take(app, &bureau, &no, sign("医保局")).await;
    assert!(matches!(&other, Err(LivingError::OtherOffice(who)) if *who == both.join("、")));
    take(&archive, &bureau, sign("人社局")).await;
    let twice = cases::take(app, &bureau, &no, sign("人社局")).await;
    assert!(matches!(&twice, Err(LivingError::OtherOffice(who)) if who == "公安局"), "{twice:?}");
    let early = cases::take(app, &bureau, &no, deciding("confirm", "1120", "B")).await;
    assert!(
        matches!(&early, Err(LivingError::Move(MoveError::Unsigned { offices, .. }))
            if offices == "公安局"),
        "{early:?}"
    );
    take(&archive, &bureau, sign("公安局")).await;
    assert_eq!(waits().await, ("confirm".to_owned(), Vec::new()));
    take(&archive, &bureau, deciding("confirm", "1120", "B")).await;
}

#[tokio::test]
async fn whoever_saw_an_older_state_changes_nothing() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, no) = (&archive.app, archive.clerk(), household(NO));
    take(&archive, &clerk, beginning("application", "apply")).await;
    let seen = cases::list(app, &clerk, &no).await.unwrap().stepped;
    let twice = |step: &str| Taking { seen, ..taking(step) };
    cases::take(app, &clerk, &no, twice("accept")).await.unwrap();
    let late = Taking { words: "不办了".into(), ..twice("withdraw") };
    let late = cases::take(app, &clerk, &no, late).await;
    let refused = |error: &LivingError, rule: fn(&LivingRule) -> bool| {
        matches!(error, LivingError::Record(RecordError::Refused(Refusal::Living(found)))
            if rule(found))
    };
    let error = late.unwrap_err();
    assert!(refused(&error, |rule| matches!(rule, LivingRule::SteppedMeanwhile(_))), "{error:?}");

    let income = |value: &str, seen| Stating {
        facts: vec![Fact { member: None, field: "income".into(), value: value.into() }],
        seen,
        ..Stating::default()
    };
    let none = Some(yidang::living::NONE_SEEN);
    let first = statements::state(app, &clerk, &no, income("640", none)).await.unwrap().no;
    let error = statements::state(app, &clerk, &no, income("650", none)).await.unwrap_err();
    assert!(refused(&error, |rule| matches!(rule, LivingRule::StatedMeanwhile(_))), "{error:?}");
    statements::state(app, &clerk, &no, income("700", Some(first))).await.unwrap();
    let error = statements::state(app, &clerk, &no, income("800", Some(first))).await.unwrap_err();
    assert!(refused(&error, |rule| matches!(rule, LivingRule::StatedMeanwhile(_))), "{error:?}");
    let family = statements::on_day(app, &clerk, &no, None, None).await.unwrap();
    assert_eq!(family.value("income"), "700.00");
}

#[tokio::test]
async fn what_a_step_leaves_is_owed_until_it_is_filed_and_good_enough() {
    for_all(async |archive| {
        opened(archive).await;
        let (clerk, bureau) = (archive.clerk(), archive.bureau());
        assert!(lacking(archive, &clerk, "").await.is_empty());
        take(archive, &clerk, beginning("application", "apply")).await;
        let owed = lacking(archive, &clerk, "").await;
        assert_eq!(kinds(&owed), ["A01", "A03", "A04", "A05", "A06", "A08"]);
        assert_eq!(kinds(&lacking(archive, &clerk, "community").await), ["A01", "A05", "A06"]);
        assert!(lacking(archive, &archive.other_clerk(), "").await.is_empty());

        let paper = file(archive, "A01").await;
        for kind in ["A03", "A04", "A05", "A06"] {
            file(archive, kind).await;
        }
        assert_eq!(kinds(&lacking(archive, &clerk, "").await), ["A08"]);

        // The bureau sends one back: it is owed again, with the reason, until it is
        // filed anew.
        let back = completeness::send_back(&archive.app, &bureau, paper, "缺签字");
        back.await.unwrap();
        let owed = lacking(archive, &clerk, "community").await;
        assert_eq!((kinds(&owed), owed[0].reason.as_str()), (vec!["A01"], "缺签字"));
        assert_eq!(owed[0].document, Some(paper.0));
        let again = completeness::send_back(&archive.app, &bureau, paper, "再退").await;
        assert!(again.is_err(), "{again:?}");
        let said = description("A01", "低保申请书", "2026-11-23");
        filing::file(&archive.app, &clerk, paper, &household(NO), said).await.unwrap();
        assert!(lacking(archive, &clerk, "community").await.is_empty());

        // Filed as something else it is missing here.
        let said = description("A13", "代办委托书", "2026-11-23");
        filing::file(&archive.app, &clerk, paper, &household(NO), said).await.unwrap();
        assert_eq!(kinds(&lacking(archive, &clerk, "community").await), ["A01"]);

        let rows = completeness::standing(&archive.app, &bureau).await.unwrap();
        let names: Vec<_> =
            rows.iter().map(|row| (row.organisation.as_str(), row.street)).collect();
        assert_eq!(names, [("990102003000", true), ("990102003004", false)]);
        assert_eq!((rows[0].households, rows[0].complete, rows[0].expected), (1, 0, 6));
        assert_eq!(rows[1].lacking, [1, 1, 0]);
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn two_reviews_need_two_forms() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (clerk, bureau) = (archive.clerk(), archive.bureau());
    applied(&archive).await;
    for _ in 0..2 {
        days(&archive, 180);
        take(&archive, &clerk, Taking { procedure: "review".into(), ..visited("visit") }).await;
        take(&archive, &clerk, Taking { words: "维持".into(), ..taking("opinion") }).await;
        take(&archive, &bureau, taking("keep")).await;
    }
    let reviews = async || {
        let asked = Asked { kind: "B01".into(), ..Asked::default() };
        completeness::lacking(&archive.app, &clerk, &asked, 10).await.unwrap()
    };
    let owed = reviews().await;
    assert_eq!(owed.len(), 2);
    file(&archive, "B01").await;
    // The one that was owed longest is there; the other is owed since its own day.
    assert_eq!(reviews().await, owed[1..]);
    file(&archive, "B01").await;
    assert!(reviews().await.is_empty());
}

pub(crate) fn fact(member: Option<u32>, field: &str, value: &str) -> Fact {
    Fact { member, field: field.into(), value: value.into() }
}

pub(crate) async fn state(archive: &Archive, from: &str, facts: Vec<Fact>) -> i64 {
    let from = Some(from.parse().unwrap());
    let stating = Stating { from, facts, ..Stating::default() };
    let clerk = archive.clerk();
    statements::state(&archive.app, &clerk, &household(NO), stating).await.unwrap().no
}

#[tokio::test]
async fn what_was_known_on_any_day_stays_known() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(NO));
        let may = state(archive, "2026-05-01", vec![fact(None, "income", "500")]).await;
        let july = state(archive, "2026-07-01", vec![fact(None, "income", "800.5")]).await;
        let facts = vec![fact(None, "income", "1"), fact(None, "income", "2")];
        let both = Stating { facts, ..Stating::default() };
        let both = statements::state(&app, &clerk, &no, both).await;
        assert!(matches!(both, Err(LivingError::Told { .. })), "{both:?}");
        // Learned later, of an earlier time.
        let june = state(archive, "2026-06-01", vec![fact(None, "income", "600")]).await;
        let income = |on: &str, known: Option<i64>| {
            let (app, clerk, no) = (app.clone(), clerk.clone(), no.clone());
            let on = Some(on.parse().unwrap());
            async move {
                let family = statements::on_day(&app, &clerk, &no, on, known).await.unwrap();
                family.value("income").to_owned()
            }
        };
        assert_eq!(income("2026-04-30", None).await, "");
        assert_eq!(income("2026-06-15", None).await, "600.00");
        assert_eq!(income("2026-06-15", Some(july)).await, "500.00", "as it was known then");
        assert_eq!(income("2026-11-01", None).await, "800.50");
        assert_eq!(income("2026-11-01", Some(may)).await, "500.00");

        // What was wrong holds no more, and did hold for whoever looked before.
        let stating = Stating { instead_of: Some(july), ..Stating::default() };
        statements::state(&app, &clerk, &no, stating.clone()).await.unwrap();
        assert_eq!(income("2026-11-01", None).await, "600.00");
        assert_eq!(income("2026-11-01", Some(june)).await, "800.50");
        let twice = statements::state(&app, &clerk, &no, stating).await;
        assert!(twice.is_err(), "{twice:?}");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn a_family_changes_and_keeps_its_number() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, bureau, no) =
            (archive.app.clone(), archive.clerk(), archive.bureau(), household(NO));
        let paper = file(archive, "B09").await;
        // A child is born; the head dies, and her husband is the head.
        let born = vec![
            fact(Some(3), "name", "周小雨"),
            fact(Some(3), "relation", "女"),
            fact(Some(3), "birth", "2026-10-01"),
        ];
        state(archive, "2026-10-01", born).await;
        let now = vec![
            fact(None, "head", "1"),
            fact(Some(0), "left", "死亡"),
            fact(Some(1), "relation", ""),
            fact(Some(1), "id_number", "990102195001012135"),
        ];
        let stating = Stating { proof: Some(paper), facts: now, ..Stating::default() };
        statements::state(&app, &clerk, &no, stating).await.unwrap();
        let family = statements::on_day(&app, &clerk, &no, None, None).await.unwrap();
        assert_eq!(family.living(), 3);
        let file = yidang::view::household(&app, &clerk, &no).await.unwrap();
        assert_eq!(file.household.head, "周文");
        assert_eq!(file.household.id_number, "9901**********2135");
        let members: Vec<_> = file.members.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(members, ["周小满", "周小雨"]);
        // He is found by his number, and she still is by hers: it is one file.
        for number in ["990102195001012135", ID] {
            let found = yidang::view::households(&app, &clerk, number, "", 10).await.unwrap();
            assert_eq!(found.len(), 1, "{number}");
        }

        // It moves to another street: who had it sees it no more, who gets it does.
        let stating = Stating {
            facts: vec![fact(None, "organisation", "990102002001")],
            ..Stating::default()
        };
        statements::state(&app, &clerk, &no, stating).await.unwrap();
        let gone = yidang::view::household(&app, &clerk, &no).await;
        assert!(gone.is_err(), "{gone:?}");
        let other = archive.other_clerk();
        let file = yidang::view::household(&app, &other, &no).await.unwrap();
        assert_eq!(file.household.no, NO);
        let shown = yidang::view::document(&app, &other, paper).await;
        assert!(shown.is_ok(), "{shown:?}");
        assert!(yidang::view::document(&app, &clerk, paper).await.is_err());
        // What comes in for it goes to whoever has it now.
        let taken = archive.take(NO, "later.png", &noise(31, 31)).await.unwrap().document;
        assert!(yidang::view::document(&app, &other, taken).await.is_ok());
        archive.settle().await;
        for wrong in [
            vec![fact(None, "organisation", "990199999999")],
            vec![fact(Some(9), "relation", "子")],
            vec![fact(None, "head", "0")],
            vec![fact(Some(1), "left", "迁出")],
        ] {
            let stating = Stating { facts: wrong.clone(), ..Stating::default() };
            let bad = statements::state(&app, &bureau, &no, stating).await;
            assert!(bad.is_err(), "{wrong:?}");
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn numbers_of_persons_are_covered_in_what_is_stated() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let facts = vec![
        fact(None, "account", "6222 0200 0011 2233"),
        fact(None, "phone", "13812345678"),
        fact(Some(1), "id_number", "990102195001012135"),
    ];
    state(&archive, "2026-11-01", facts).await;
    let said = archive.dump().await.join("\n");
    for number in ["6222 0200 0011 2233", "13812345678", "990102195001012135"] {
        assert!(!said.contains(number), "{number}");
    }
    let (clerk, no) = (archive.clerk(), household(NO));
    let family = statements::on_day(&archive.app, &clerk, &no, None, None).await.unwrap();
    assert_eq!(family.value("phone"), "138****5678");
    assert_eq!(family.persons[1].value("id_number"), "9901**********2135");
    // Whoever may see them sees those that were stated later, of those who live there.
    let shown = async || {
        let reason = Reason::new("check", "").unwrap();
        let shown = view::numbers(&archive.app, &clerk, &no, reason).await.unwrap();
        let told = |one: view::Numbered| (one.name, one.relation, one.id_number);
        shown.into_iter().map(told).collect::<Vec<_>>()
    };
    let row = |name: &str, relation: &str, number: &str| {
        (name.to_owned(), relation.to_owned(), number.to_owned())
    };
    let head = row("林秀芳", "", ID);
    let husband = row("周文", "夫", "990102195001012135");
    assert_eq!(shown().await, [head.clone(), husband.clone(), row("周小满", "女", "")]);
    state(&archive, "2026-11-02", vec![fact(Some(2), "left", "婚嫁")]).await;
    assert_eq!(shown().await, [head, husband]);
}

#[tokio::test]
async fn the_catalog_itself_refuses_what_the_use_case_would() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let no: HouseholdNo = household(NO);
    let elsewhere = archive.take("", "else.png", &noise(20, 20)).await.unwrap().document;
    let sent = yidang::model::living::SendBack {
        household: no.clone(),
        document: elsewhere,
        reason: "看不清".into(),
    };
    let refused = archive.app.recorder.record(&archive.clerk(), Act::SendBack(sent)).await;
    assert!(
        matches!(&refused, Err(RecordError::Refused(Refusal::Living(LivingRule::NotInFile(..))))),
        "{refused:?}"
    );
    let stating = Stating {
        proof: Some(elsewhere),
        facts: vec![fact(None, "income", "1")],
        ..Stating::default()
    };
    let refused = statements::state(&archive.app, &archive.clerk(), &no, stating).await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn a_clerk_does_all_of_it_on_the_pages() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    let file = clerk.get(&format!("/household/{NO}")).await.text();
    for word in ["未申请", "申请", "存量接收", "application/apply"] {
        assert!(file.contains(word), "{word}: {file}");
    }
    let steps = format!("/household/{NO}/steps");
    let step = |step: &'static str, people: &'static str, words: &'static str| {
        [("step", step), ("people", people), ("words", words), ("on", ""), ("seen", "")]
    };
    assert_eq!(clerk.post(&steps, &step("application/apply", "林秀芳", "")).await.status, 303);
    let wrong = clerk.post(&steps, &step("/visit", "赵玉梅、李建国", "")).await;
    assert_eq!(wrong.status, 409);
    let said = wrong.text();
    assert!(said.contains("要先办「受理」，才能办「入户调查」（审核确认办法第16条）"), "{said}");
    assert_eq!(clerk.post(&steps, &step("/accept", "", "")).await.status, 303);
    let above = clerk.post(&steps, &step("/check", "", "")).await;
    assert!(above.text().contains("这个环节由民政局办"));
    let file = clerk.get(&format!("/household/{NO}")).await.text();
    for word in ["申请中", "信息核对", "限", "办理：申请：受理", "户口簿复印件"]
    {
        assert!(file.contains(word), "{word}: {file}");
    }
    // What the others may not see they may not change either.
    assert_eq!(other.post(&steps, &step("/visit", "甲、乙", "")).await.status, 404);
    assert_eq!(other.get(&format!("/household/{NO}/family")).await.status, 404);

    let missing = clerk.get("/missing?level=community").await.text();
    assert!(missing.contains("1户里，1户还缺材料") && missing.contains("户口簿"), "{missing}");
    assert!(other.get("/missing").await.text().contains("还没有一户在办"));
    let sheet = clerk.get("/missing/print?level=street").await.text();
    assert!(sheet.contains("致街道") && sheet.contains("收入证明"), "{sheet}");
    for odd in
        ["/missing?organisation=x", "/missing?after=1", "/reviews?until=x", "/reviews?after=y"]
    {
        let page = clerk.get(odd).await;
        assert_eq!(page.status, 200, "{odd}");
        assert!(page.text().contains("筛选看不懂"), "{odd}");
    }

    // Two at once: the second sees the first's change and keeps what was typed.
    let facts = format!("/household/{NO}/facts");
    let income = |value: &'static str, seen: &'static str| {
        [("member", ""), ("field.income", value), ("from", "2026-11-01"), ("seen", seen)]
    };
    assert_eq!(clerk.post(&facts, &income("640", "")).await.status, 303);
    let page = clerk.get(&format!("/household/{NO}/family")).await.text();
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let seen: &'static str = seen.to_owned().leak();
    assert_eq!(clerk.post(&facts, &income("700", seen)).await.status, 303);
    let late = clerk.post(&facts, &income("800", seen)).await;
    assert_eq!(late.status, 409);
    let page = late.text();
    assert!(page.contains("刚才有人先改了") && page.contains("700.00"), "{page}");
    assert!(page.contains("value=\"800\""), "{page}");
    let bad = clerk.post(&facts, &income("很多", "")).await;
    assert_eq!(bad.status, 422);
    assert!(bad.text().contains("「家庭月收入」写元"));
    let then = clerk.get(&format!("/household/{NO}/family?on=2026-10-01")).await.text();
    assert!(then.contains("2026-10-01") && !then.contains("<td>700.00</td>"), "{then}");

    // A paper that is not good enough.
    let paper = file_as(&archive, "A05").await;
    let back = format!("/doc/{}/send-back", paper.0);
    assert_eq!(clerk.post(&back, &[("reason", " ")]).await.status, 422);
    assert_eq!(clerk.post(&back, &[("reason", "看不清")]).await.status, 303);
    let file = clerk.get(&format!("/household/{NO}")).await.text();
    assert!(file.contains("退回补正"), "{file}");
    assert!(clerk.get("/missing?type=a05").await.text().contains("看不清"));
}

pub(crate) fn json_of(answer: &crate::pages::Answer) -> serde_json::Value {
    serde_json::from_str(&answer.text()).unwrap()
}

async fn file_as(archive: &Archive, kind: &str) -> DocumentId {
    file(archive, kind).await
}

#[tokio::test]
async fn a_program_does_the_same_and_the_dump_is_the_same() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let mut clerk =
        Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let api = format!("/api/v1/households/{NO}");
    let (steps, facts) = (format!("{api}/steps"), format!("{api}/facts"));
    let begin = json!({"procedure": "application", "step": "apply"});
    let begun = clerk.send_json(&steps, &begin).await;
    assert_eq!(begun.status, 201);
    let entry = json_of(&begun)["entry"].as_i64().unwrap();
    for (body, code) in [
        (json!({"step": "accept", "seen": entry - 1}), "stepped_meanwhile"),
        (json!({"step": "opinion"}), "not_its_turn"),
    ] {
        let refused = clerk.send_json(&steps, &body).await;
        assert_eq!(refused.status, 409, "{body}");
        assert_eq!(json_of(&refused)["error"]["code"], code);
    }
    let said = json!({"from": "2026-11-01", "facts": [
        {"field": "income", "value": "640"}, {"member": 1, "field": "health", "value": "重病"}]});
    let stated = clerk.send_json(&facts, &said).await;
    assert_eq!(stated.status, 201, "{}", stated.text());
    for bad in [
        json!({"facts": []}),
        json!({"facts": [{"field": "income", "value": "x"}]}),
        json!({"facts": [{"field": "nothing", "value": "x"}]}),
        json!({"facts": [{"member": 1, "field": "id_number", "value": "990102195001012134"}]}),
    ] {
        assert_eq!(clerk.send_json(&facts, &bad).await.status, 422, "{bad}");
    }
    let family = json_of(&clerk.get(&format!("{api}/facts?on=2026-11-23")).await);
    assert_eq!(family["household"][3]["value"], "640.00", "{family}");
    let cases = json_of(&clerk.get(&format!("{api}/steps")).await);
    assert_eq!(cases["offered"][0]["step"], "supplement", "{cases}");
    let waiting = json_of(&clerk.get("/api/v1/cases?level=street").await);
    assert_eq!(waiting[0]["next_step"], "accept", "{waiting}");
    let missing = json_of(&clerk.get("/api/v1/missing-papers?limit=2").await);
    assert_eq!(missing["papers"].as_array().unwrap().len(), 2);
    let rest = format!("/api/v1/missing-papers?after={}", missing["next"].as_str().unwrap());
    assert_eq!(json_of(&clerk.get(&rest).await)["papers"].as_array().unwrap().len(), 4);
    comes_back(&archive).await;
}

#[tokio::test]
async fn money_agrees_to_the_fen_and_what_does_not_is_listed() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        let (app, clerk, bureau, no) =
            (archive.app.clone(), archive.clerk(), archive.bureau(), household(NO));
        // Another household, in the other street.
        let other = household(crate::harness::CHEN);
        let carry = Taking {
            benefit: Some(Giving {
                amount: "560.55".into(),
                category: "A".into(),
                ..Giving::default()
            }),
            ..beginning("carried_over", "carry")
        };
        cases::take(&app, &bureau, &other, carry).await.unwrap();
        let month = Month::of(today(archive)).next();
        let street = "990102003000".parse().unwrap();
        let made = payments::list(&app, &clerk, &street, month).await.unwrap();
        assert_eq!((made.households, made.amount), (1, 112_000));
        let again = payments::list(&app, &clerk, &street, month).await;
        assert!(matches!(again, Err(LivingError::NobodyToList)), "{again:?}");
        let far = payments::list(&app, &clerk, &street, month.next()).await;
        assert!(matches!(far, Err(LivingError::Asked(_))), "{far:?}");
        let county = "990102000000".parse().unwrap();
        let made = payments::list(&app, &bureau, &county, month).await.unwrap();
        assert_eq!((made.households, made.amount), (1, 56_055));
        let reconciled =
            async |actor: &Actor| payments::reconcile(&app, actor, "", month).await.unwrap();
        let all = reconciled(&bureau).await;
        assert_eq!([all.entitled, all.listed], [Total::new(2, 168_055); 2]);
        assert_eq!(all.paid, Total::default());
        assert!(all.unlike.is_empty(), "the bank has not answered yet");
        assert_eq!(reconciled(&clerk).await.listed, Total::new(1, 112_000), "the own street alone");

        // The bank pays one, not the other, and somebody nobody listed.
        let text = format!(
            "户号,金额,结果,原因\n{NO},1120.00,成功,\n{other},560.55,失败,账号不符\n\
             99010200300400999,1.00,成功,\n坏的,1,成功,\n"
        );
        let given = |partly| GivenFile {
            name: "回盘.csv",
            bytes: bytes::Bytes::from(text.clone()),
            partly,
            instead_of: None,
        };
        let foreign = payments::take_return(&app, &clerk, month, given(true), &|_, _| {}).await;
        assert!(matches!(foreign, Err(LivingError::UnknownHousehold(_))), "{foreign:?}");
        let nothing =
            payments::take_return(&app, &bureau, month, given(false), &|_, _| {}).await.unwrap();
        assert_eq!((nothing.kept, nothing.bad_total, nothing.bad[0].line), (0, 1, 5));
        let taken =
            payments::take_return(&app, &bureau, month, given(true), &|_, _| {}).await.unwrap();
        assert_eq!((taken.kept, taken.entries.len()), (3, 1));
        let again = payments::take_return(&app, &bureau, month, given(true), &|_, _| {}).await;
        assert!(matches!(again, Err(LivingError::TakenAlready(_))), "{again:?}");
        let all = reconciled(&bureau).await;
        assert_eq!(all.paid, Total::new(2, 112_100));
        let unlike: Vec<_> =
            all.unlike.iter().map(|one| (one.household.as_str(), &one.differences[..])).collect();
        assert_eq!(
            unlike,
            [
                (other.as_str(), &[Difference::NotPaid][..]),
                ("99010200300400999", &[Difference::PaidUnlisted][..]),
            ]
        );
        // It is stopped after it was listed.
        take(archive, &clerk, beginning("change", "report").saying("全家就业")).await;
        take(archive, &clerk, taking("verify")).await;
        take(archive, &bureau, taking("stop").saying("全家就业")).await;
        let found = reconciled(&clerk).await;
        let stopped = found.unlike.iter().find(|one| one.household == NO).unwrap();
        assert_eq!(stopped.differences, [Difference::NotEntitled]);
        let part = ("", 10);
        let listed = payments::roster(&app, &clerk, "", month, part).await.unwrap();
        assert_eq!((listed.len(), listed[0].paid), (1, 1));
        let cases = cases::list(&app, &clerk, &no).await.unwrap();
        assert_eq!(cases.state, "stopped");
        comes_back(archive).await;
    })
    .await;
}

/// A step with a reason.
trait Saying {
    fn saying(self, words: &str) -> Taking;
}

impl Saying for Taking {
    fn saying(self, words: &str) -> Taking {
        Taking { words: words.into(), ..self }
    }
}

#[tokio::test]
async fn a_file_of_the_bank_is_taken_in_on_the_page() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let month = Month::of(today(&archive)).next().to_string();
    let mut clerk =
        Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let page = clerk.get(&format!("/payments?month={month}")).await.text();
    assert!(page.contains("还没有做名册") && page.contains("做名册，1户"), "{page}");
    let form = [("month", month.as_str()), ("organisation", "990102003000")];
    assert_eq!(clerk.post("/payments", &form).await.status, 303);
    assert_eq!(clerk.post("/payments", &form).await.status, 409);
    let sheet = clerk.get(&format!("/payments/print?month={month}")).await.text();
    assert!(sheet.contains("林秀芳") && sheet.contains("1,120.00"), "{sheet}");
    assert!(!sheet.contains(ID), "{sheet}");
    let token = clerk.token.clone();
    let path = format!("/payments/return?month={month}");
    let text = format!("户号,金额,结果\n{NO},1120,成功\n1,2,成功\n");
    let bad = clerk.send_file(&path, &token, "回盘.csv", text.as_bytes(), false).await.text();
    assert!(bad.contains("有1行读不出，都还没有存") && bad.contains("第3行"), "{bad}");
    let (gbk, ..) = encoding_rs::GBK.encode(text.split_inclusive('\n').next().unwrap());
    let row = format!("{NO},1119.99,1\n");
    let file = [&gbk[..], row.as_bytes()].concat();
    assert_eq!(clerk.send_file(&path, "x", "回盘.csv", &file, false).await.status, 403);
    assert_eq!(clerk.send_file(&path, &token, "回盘.csv", &file, false).await.status, 303);
    let page = clerk.get(&format!("/payments?month={month}")).await.text();
    assert!(page.contains("1户对不上") && page.contains("实发金额不符"), "{page}");
    let page = clerk.get("/payments?month=x").await;
    assert_eq!(page.status, 400);
    let page = clerk.get("/payments?organisation=x").await;
    assert!(page.status == 200 && page.text().contains("筛选看不懂"));
    let api = clerk.get(&format!("/api/v1/payments/reconciliation?month={month}")).await;
    assert_eq!(json_of(&api)["listed"], json!({"households": 1, "amount": 112_000}));
}
