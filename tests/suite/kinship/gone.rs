//! A household that went into another: nothing is begun with it any more, and lists,
//! suggestions and results say so and lead on.

use yidang::catalog::Refusal;
use yidang::filing;
use yidang::keying::{self, Keying, KeyingError, TypedValue};
use yidang::living::LivingError;
use yidang::living::cases;
use yidang::living::kinship::{self, Merging};
use yidang::living::recoveries::{self, Asking};
use yidang::living::registers::{self, Entering, RegisterError};
use yidang::living::statements::{self, Stating};
use yidang::model::access::{Actor, Role};
use yidang::model::id::{DocumentId, HouseholdNo};
use yidang::model::kinship::KinRule;
use yidang::model::living::LivingRule;
use yidang::model::month::Month;
use yidang::model::notice::NoticeKind;
use yidang::model::register::Cell;
use yidang::notices::{self, NoticeError, Posting};
use yidang::record::RecordError;
use yidang::search::suggest;
use yidang::view;
use yidang::web::text::query_value;

use super::{OTHER, another, goes, kin, merging, paper};
use crate::files::noise;
use crate::harness::{Archive, CHEN, Sql, Store, description, for_all, household};
use crate::living::{NO, beginning, comes_back, fact, json_of, opened, today};
use crate::pages::Browser;

/// The rule that an act was refused by.
fn kept_to(refused: &RecordError) -> Option<&KinRule> {
    match refused {
        RecordError::Refused(Refusal::Living(LivingRule::Kin(rule))) => Some(rule),
        _ => None,
    }
}

fn posting(kind: NoticeKind) -> Posting {
    Posting { kind, amount: "560".into(), from: None, until: None }
}

fn asking(archive: &Archive) -> Asking {
    let month = Month::of(today(archive));
    let words = "多发".to_owned();
    Asking { amount: "560".into(), from: month, until: month, words, paper: None }
}

/// A tip about a household that was given on a day.
fn tip(no: &HouseholdNo, on: &str) -> Entering {
    let cell = |(column, value): (&str, &str)| Cell { column: column.into(), value: value.into() };
    let values = [
        ("manner", "来电"),
        ("named", "匿名"),
        ("reported", "吴山"),
        ("content", "已经搬走"),
        ("taken_by", "赵玉梅"),
    ];
    Entering {
        household: Some(no.clone()),
        on: Some(on.parse().unwrap()),
        values: values.map(cell).into(),
        ..Entering::default()
    }
}

async fn key(archive: &Archive, by: &Actor, id: DocumentId) -> Result<(), KeyingError> {
    let value = TypedValue { field: "employer".into(), value: "市第一纺织厂".into() };
    let said = Keying { seen: None, values: vec![value], accept: false };
    keying::save(&archive.app, by, id, said).await.map(drop)
}

/// Merges the other household into the first; the entry.
async fn merged(archive: &Archive, no: &HouseholdNo, into: &HouseholdNo, proof: DocumentId) -> i64 {
    let asked = Merging { going: vec![goes(0, "夫")], ..merging(into, proof) };
    kinship::merge(&archive.app, &archive.bureau(), no, asked).await.unwrap().no
}

#[tokio::test]
async fn nothing_is_begun_with_a_household_that_went_into_another() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, into) = (archive.app.clone(), archive.clerk(), household(NO));
        let no = another(archive).await;
        let proof = paper(archive, OTHER, "B09").await;
        let form = paper(archive, OTHER, "A02").await;
        let there = paper(archive, NO, "A02").await;
        let up = posting(NoticeKind::Proposed);
        let up = notices::post(&app, &clerk, &no, up).await.unwrap();
        let asked = registers::enter(&app, &clerk, "tips", tip(&no, "2026-11-20")).await;
        let (row, _) = asked.unwrap();
        let link = merged(archive, &no, &into, proof).await;
        let before = archive.dump().await;

        // Each is refused by the same rule, with the number where it goes on.
        let gone = KinRule::Gone(no.clone(), Some(into.clone()));
        let notice = notices::post(&app, &clerk, &no, posting(NoticeKind::Confirmed)).await;
        let Err(NoticeError::Record(error)) = &notice else { panic!("{notice:?}") };
        assert_eq!(kept_to(error), Some(&gone));
        assert_eq!(kin(recoveries::recover(&app, &clerk, &no, asking(archive)).await), gone);
        let step = cases::take(&app, &clerk, &no, beginning("application", "apply")).await;
        assert_eq!(kin(step), gone);
        let stating = Stating { facts: vec![fact(None, "income", "1")], ..Stating::default() };
        assert_eq!(kin(statements::state(&app, &clerk, &no, stating).await), gone);
        let keyed = key(archive, &clerk, form).await;
        let Err(KeyingError::Record(error)) = &keyed else { panic!("{keyed:?}") };
        assert_eq!(kept_to(error), Some(&gone));
        archive.hands.advance(std::time::Duration::from_secs(2 * 24 * 3600));
        let tipped = registers::enter(&app, &clerk, "tips", tip(&no, "2026-11-24")).await;
        let Err(RegisterError::Living(LivingError::Record(error))) = &tipped else {
            panic!("{tipped:?}")
        };
        assert_eq!(kept_to(error), Some(&gone));
        // A paper neither comes there by being joined to one that is there.
        let joined = filing::join(&app, &clerk, there, form).await;
        let Err(filing::FilingError::Record(error)) = &joined else { panic!("{joined:?}") };
        assert_eq!(kept_to(error), Some(&gone));
        assert_eq!(archive.dump().await, before, "nothing was half done");

        // What was begun ends, what is late is of this file, and its papers are its own.
        notices::take_down(&app, &clerk, up, "已并户").await.unwrap();
        let cell = |column: &str, value: &str| Cell { column: column.into(), value: value.into() };
        let onward = Entering {
            number: Some(row.number),
            organisation: Some(row.organisation.clone()),
            values: vec![
                cell("checkers", "赵玉梅、李建国"),
                cell("findings", "不属实"),
                cell("outcome", "不予处理"),
            ],
            ..Entering::default()
        };
        registers::enter(&app, &archive.bureau(), "tips", onward).await.unwrap();
        registers::enter(&app, &clerk, "tips", tip(&no, "2026-11-20")).await.unwrap();
        filing::join(&app, &clerk, form, proof).await.unwrap();

        // Taken back, it is a household as any other.
        kinship::take_back(&app, &archive.bureau(), &no, link, "并错了户").await.unwrap();
        notices::post(&app, &clerk, &no, posting(NoticeKind::Confirmed)).await.unwrap();
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn where_it_goes_on_is_told_in_a_sentence_and_not_to_who_may_not_see_that() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let no = another(&archive).await;
    let proof = paper(&archive, OTHER, "B09").await;
    // 陈志强 lives in another street.
    merged(&archive, &no, &household(CHEN), proof).await;
    let here = archive.clerk();
    let notice = posting(NoticeKind::Confirmed);
    let notice = notices::post(&archive.app, &here, &no, notice).await;
    let Err(NoticeError::Record(error)) = &notice else { panic!("{notice:?}") };
    assert_eq!(kept_to(error), Some(&KinRule::Gone(no.clone(), None)));
    let step = cases::take(&archive.app, &here, &no, beginning("application", "apply")).await;
    assert_eq!(kin(step), KinRule::Gone(no.clone(), None));

    let app = archive.app.clone();
    let mut clerk = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut bureau = Browser::on(&archive).await;
    let path = format!("/household/{OTHER}/notices");
    let form = [("kind", "confirmed"), ("amount", "560")];
    let told = clerk.post(&path, &form).await;
    assert_eq!(told.status, 409, "{}", told.text());
    assert!(told.text().contains("这个户号下已经没有人"), "{}", told.text());
    assert!(!told.text().contains(CHEN), "{}", told.text());
    let told = bureau.post(&path, &form).await;
    assert!(told.text().contains(&format!("人都在{CHEN}")), "{}", told.text());
    for (page, form) in [
        (format!("/household/{OTHER}"), "popovertarget=\"notice\"".to_owned()),
        (
            format!("/household/{OTHER}/recoveries"),
            format!("action=\"/household/{OTHER}/recoveries\""),
        ),
    ] {
        let page = bureau.get(&page).await.text();
        assert!(page.contains("已经并户") && !page.contains(&form), "{page}");
    }
    let body = serde_json::json!({"procedure": "application", "step": "apply"});
    let refused = bureau.send_json(&format!("/api/v1/households/{OTHER}/steps"), &body).await;
    let error = json_of(&refused)["error"].clone();
    assert_eq!(error["code"], "household_gone", "{error}");
    assert!(error["message"].as_str().unwrap().contains(CHEN), "{error}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn lists_suggestions_and_results_lead_from_a_merged_household_to_where_it_goes_on() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, into) = (archive.app.clone(), archive.clerk(), household(NO));
        let no = another(archive).await;
        let proof = paper(archive, OTHER, "B09").await;
        let taken = archive.take(OTHER, "s.png", &noise(31, 31)).await.unwrap().document;
        let said = description("A06", "吴山的说明", "2026-11-01");
        filing::file(&app, &archive.bureau(), taken, &no, said).await.unwrap();
        archive.settle().await;
        let listed = async || view::households(&app, &clerk, OTHER, "", 10).await.unwrap();
        let meant = async |by: &Actor| {
            let found = suggest::suggest(&app, by, "吴山").await.unwrap().households;
            found.into_iter().find(|one| one.no == OTHER).unwrap().gone
        };
        let found = async || {
            let found = archive.find_as(&clerk, "吴山的说明").await.found;
            found.into_iter().find(|one| one.document == taken).unwrap().gone
        };
        assert_eq!((listed().await[0].gone.clone(), meant(&clerk).await), (None, None));
        assert_eq!(found().await, None);

        let link = merged(archive, &no, &into, proof).await;
        archive.settle().await;
        let gone = view::Gone {
            state: "merged".into(),
            household: Some(NO.into()),
            head: "林秀芳".into(),
        };
        assert_eq!(listed().await[0].gone.as_ref(), Some(&gone));
        assert_eq!(meant(&clerk).await.as_ref(), Some(&gone));
        assert_eq!(found().await.as_ref(), Some(&gone));
        assert_eq!(view::households(&app, &clerk, NO, "", 10).await.unwrap()[0].gone, None);

        let mut browser = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
        let leads = format!("现在是</span> <a class=\"b\" href=\"/household/{NO}\">林秀芳</a>");
        for path in
            [format!("/households?q={OTHER}"), format!("/search?q={}", query_value("吴山的说明"))]
        {
            let page = browser.get(&path).await.text();
            assert!(page.contains("已并户") && page.contains(&leads), "{path}: {page}");
        }
        let path = format!("/search/suggest?q={}", query_value("吴山"));
        let part = browser.get(&path).await.text();
        let old = part.find(&format!("href=\"/household/{OTHER}\""));
        let new = part.find(&format!("href=\"/household/{NO}\""));
        assert!(old.is_some() && new > old && part.contains("已并户"), "{part}");
        let json = json_of(&browser.get(&format!("/api/v1/households?q={OTHER}")).await);
        assert_eq!(json["households"][0]["gone"]["household"], NO, "{json}");

        // Taken back, nothing is said of it any more.
        kinship::take_back(&app, &archive.bureau(), &no, link, "并错了户").await.unwrap();
        archive.settle().await;
        assert_eq!((listed().await[0].gone.clone(), meant(&clerk).await), (None, None));
        assert_eq!(found().await, None);
    })
    .await;
}
