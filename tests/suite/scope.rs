//! Nobody sees, counts, or learns of what belongs to another street.

use std::time::Duration;

use yidang::audit::AuditError;
use yidang::binding::{self, BindError};
use yidang::catalog::Refusal;
use yidang::filing::{self, FilingError, NewHousehold};
use yidang::intake::IntakeError;
use yidang::model::access::{Actor, Role};
use yidang::record::RecordError;
use yidang::search::{self, Asked, Part};
use yidang::view::{self, ViewError};
use yidang::{audit, follow, jobs};

use crate::files::{noise, paper};
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};

const PAPER: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "退休金八百元"];
const OTHER: &[&str] = &["最低生活保障申请书", "申请人：陈志强", "退休金九百元"];

/// A described and bound paper in each street.
async fn two_streets(archive: &Archive) -> [yidang::intake::Taken; 2] {
    let mut papers = Vec::new();
    for (no, lines) in [(ZHOU, PAPER), (CHEN, OTHER)] {
        let taken = archive.take(no, "a.pdf", &paper(&[lines])).await.unwrap();
        let said = description("A01", "低保申请书", "2026-03-09");
        filing::file(&archive.app, &archive.bureau(), taken.document, &household(no), said)
            .await
            .unwrap();
        binding::bind(&archive.app, &archive.bureau(), &household(no), "").await.unwrap();
        papers.push(taken);
    }
    archive.settle().await;
    papers.try_into().unwrap()
}

#[tokio::test]
async fn a_search_counts_only_the_own_street() {
    for_all(async |archive| {
        let [zhou, chen] = two_streets(archive).await;
        assert_eq!(archive.finds("退休金").await, [zhou.document, chen.document]);
        let seen = archive.find_as(&archive.other_clerk(), "退休金").await;
        assert_eq!((seen.total, seen.total_pages, seen.found.len()), (1, 1, 1));
        assert_eq!(seen.found[0].document, chen.document);
        assert_eq!(seen.types, [("A01".to_owned(), 1)]);
        assert_eq!(seen.years, [("2026".to_owned(), 1)]);
        assert_eq!(seen.households, [(CHEN.to_owned(), 1)]);
        assert!(
            seen.organisations.iter().all(|(code, _)| code.starts_with("990102002")),
            "{:?}",
            seen.organisations
        );

        // Asking for the other one by number, name or organisation finds nothing.
        assert_eq!(archive.find_as(&archive.other_clerk(), "周桂兰").await.total, 0);
        let asked = Asked::of("退休金");
        for narrowed in [
            Asked { households: vec![ZHOU.into()], ..asked.clone() },
            Asked { organisations: vec!["990102003".into()], ..asked.clone() },
            Asked { within: vec!["周桂兰".into()], ..asked.clone() },
        ] {
            let clerk = archive.other_clerk();
            let found = search::find(&archive.app, &clerk, &narrowed, &Part::first(10)).await;
            let found = found.unwrap();
            assert_eq!((found.total, found.total_pages), (0, 0), "{narrowed:?}");
            assert!(found.types.is_empty() && found.states.is_empty() && found.bands.is_empty());
            assert!(found.standings.is_empty() && found.categories.is_empty());
            // What else could be chosen is the own street, and what was chosen has no name.
            assert!(found.households.iter().all(|(no, _)| no == CHEN), "{narrowed:?}");
            let own = |code: &String| code.starts_with("990102002");
            assert!(found.organisations.iter().all(|(code, _)| own(code)), "{narrowed:?}");
            assert_eq!(found.names.get(ZHOU), None);
        }
        let inside =
            search::within(&archive.app, &archive.other_clerk(), &asked, zhou.document).await;
        assert!(inside.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_view_of_another_street_is_of_something_unknown() {
    for_all(async |archive| {
        let [zhou, chen] = two_streets(archive).await;
        let (app, other) = (&archive.app, archive.other_clerk());
        let no = household(ZHOU);
        assert!(view::document(app, &other, chen.document).await.is_ok());
        let unknown = |error: ViewError| {
            matches!(error, ViewError::UnknownDocument(_) | ViewError::UnknownHousehold(_))
        };
        assert!(unknown(view::document(app, &other, zhou.document).await.unwrap_err()));
        assert!(unknown(view::original(app, &other, zhou.document, 1).await.unwrap_err()));
        assert!(unknown(view::page_image(app, &other, zhou.document, 1, 900).await.unwrap_err()));
        assert!(unknown(view::household(app, &other, &no).await.unwrap_err()));
        assert!(unknown(view::volume(app, &other, &no, None).await.unwrap_err()));

        let households = view::households(app, &other, "", "", 10).await.unwrap();
        assert_eq!(households.iter().map(|one| one.no.as_str()).collect::<Vec<_>>(), [CHEN]);
        let volumes = view::volumes(app, &other, "", 10).await.unwrap();
        assert_eq!(volumes.iter().map(|one| one.household.as_str()).collect::<Vec<_>>(), [CHEN]);
        let overview = view::overview(app, &other).await.unwrap();
        assert_eq!((overview.households, overview.documents, overview.volumes), (1, 1, 1));
        assert!(overview.incomplete.iter().all(|one| one.no == CHEN));
    })
    .await;
}

#[tokio::test]
async fn nobody_acts_on_what_another_street_has() {
    for_all(async |archive| {
        let [zhou, chen] = two_streets(archive).await;
        let (app, other) = (&archive.app, archive.other_clerk());
        let before = archive.dump().await;
        let said = description("A01", "改名", "");
        let unknown = |error: FilingError| {
            matches!(error, FilingError::Unknown(_) | FilingError::UnknownHousehold(_))
        };
        let stolen = filing::file(app, &other, zhou.document, &household(CHEN), said.clone()).await;
        assert!(unknown(stolen.unwrap_err()));
        let pushed = filing::file(app, &other, chen.document, &household(ZHOU), said).await;
        assert!(unknown(pushed.unwrap_err()));
        assert!(unknown(
            filing::join(app, &other, zhou.document, chen.document).await.unwrap_err()
        ));
        assert!(unknown(filing::give_back(app, &other, zhou.document, "x").await.unwrap_err()));
        assert!(unknown(filing::propose(app, &other, zhou.document).await.unwrap_err()));
        let bound = binding::bind(app, &other, &household(ZHOU), "").await;
        assert!(matches!(bound, Err(BindError::Filing(FilingError::UnknownHousehold(_)))));
        let added = archive.take_as(&other, ZHOU, "b.png", &noise(20, 20)).await.unwrap_err();
        let IntakeError::Record(RecordError::Refused(Refusal::UnknownHousehold(_))) = added else {
            panic!("{added}");
        };
        assert_eq!(archive.dump().await, before);
    })
    .await;
}

#[tokio::test]
async fn the_next_number_of_another_office_is_not_told() {
    for_all(async |archive| {
        let (app, other) = (&archive.app, archive.other_clerk());
        let new = || NewHousehold { head: "甲".into(), ..NewHousehold::default() };
        let told = filing::open_next(app, &other, &"990102003004".parse().unwrap(), new()).await;
        let Err(FilingError::Elsewhere(community)) = told else { panic!("{told:?}") };
        assert_eq!(community.as_str(), "990102003004");
        let opened = filing::open_next(app, &other, &"990102002001".parse().unwrap(), new()).await;
        assert_eq!(opened.unwrap().as_str(), "99010200200100002");
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_elsewhere_is_not_told() {
    for_all(async |archive| {
        let [zhou, _] = two_streets(archive).await;
        let bytes = paper(&[PAPER]);
        let taken = archive.take_as(&archive.other_clerk(), "", "a.pdf", &bytes).await.unwrap();
        assert_eq!(taken.duplicate_of, None);
        assert_ne!(taken.document, zhou.document);
        let told = archive.take_as(&archive.clerk(), "", "a.pdf", &bytes).await.unwrap();
        assert_eq!(told.duplicate_of.unwrap().document, zhou.document);
    })
    .await;
}

#[tokio::test]
async fn proposals_name_only_the_own_households() {
    for_all(async |archive| {
        let both = [&["两户联名说明", "周桂兰与陈志强", "同住一院"][..]];
        let other = archive.other_clerk();
        let id = archive.take_as(&other, "", "both.pdf", &paper(&both)).await.unwrap().document;
        archive.settle().await;
        let proposed = filing::propose(&archive.app, &other, id).await.unwrap();
        let heads: Vec<_> = proposed.candidates.iter().map(|one| one.head.as_str()).collect();
        assert_eq!(heads, ["陈志强"]);
    })
    .await;
}

#[tokio::test]
async fn findings_and_jobs_of_others_name_nobody() {
    for_all(async |archive| {
        let taken = archive.take(ZHOU, "a.png", &noise(200, 200)).await.unwrap();
        archive.damage(taken.sha256).await;
        archive.settle().await;
        let (app, own, other) = (&archive.app, archive.clerk(), archive.other_clerk());
        assert_eq!(jobs::list(app, &own, 10).await.unwrap().len(), 1);
        assert!(jobs::list(app, &other, 10).await.unwrap().is_empty());
        let denied = audit::verify(app, &other, Default::default()).await.unwrap_err();
        assert!(matches!(denied, AuditError::Record(RecordError::Denied(_))), "{denied}");
        let other = Actor { role: Role::Archivist, ..other };
        let told = audit::verify(app, &other, Default::default()).await.unwrap();
        let finding = &told.changed[0];
        assert_eq!((finding.document, finding.household.as_deref()), (None, None));
        let (_, _, told) = audit::last(app, &own).await.unwrap().unwrap();
        assert_eq!(told.changed[0].household.as_deref(), Some(ZHOU));
    })
    .await;
}

#[tokio::test]
async fn bytes_of_another_office_are_read_as_if_they_were_new() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (own, other) = (archive.clerk(), archive.other_clerk());
    let bytes = paper(&[PAPER]);
    let first = archive.take_as(&own, "", "a.pdf", &bytes).await.unwrap().document;
    archive.settle().await;
    let taken = archive.take_as(&other, "", "b.pdf", &bytes).await.unwrap();
    assert_eq!(taken.duplicate_of, None);
    let second = taken.document;
    follow::until_current(&archive.app).await.unwrap();

    // Nothing of it is read, in any view, until its own job has been done.
    let app = &archive.app;
    let seen = view::document(app, &other, second).await.unwrap();
    assert!(seen.pages.iter().all(|page| page.reading.is_none()) && seen.job.is_some());
    assert_eq!(seen.title, "b.pdf");
    assert!(!filing::propose(app, &other, second).await.unwrap().read);
    assert!(!view::pile(app, &other, 10).await.unwrap()[0].read);
    assert_eq!(archive.find_as(&other, "退休金").await.total, 0);
    assert_eq!(view::overview(app, &other).await.unwrap().jobs, (1, 0, 0));

    // And who had it before learns nothing of the job.
    let seen = view::document(app, &own, first).await.unwrap();
    assert!(seen.pages.iter().all(|page| page.reading.is_some()) && seen.job.is_none());
    assert_eq!(archive.find_as(&own, "退休金").await.total, 1);
    assert_eq!(view::overview(app, &own).await.unwrap().jobs, (0, 0, 0));
    assert!(jobs::list(app, &own, 10).await.unwrap().is_empty());

    // It takes the time of a reading: without a program that reads it does not come.
    archive.read_with("/nonexistent");
    archive.settle().await;
    assert_eq!(archive.find_as(&other, "退休金").await.total, 0);
    assert_eq!(jobs::list(&archive.app, &other, 10).await.unwrap().len(), 1);
    archive.read_with(env!("CARGO_BIN_EXE_yidang"));
    jobs::retry(&archive.app, &other, None).await.unwrap();
    archive.hands.advance(Duration::from_secs(60));
    archive.settle().await;
    assert_eq!(archive.find_as(&other, "退休金").await.total, 1);
    assert_eq!(archive.find_as(&own, "退休金").await.total, 1);
}

#[tokio::test]
async fn what_an_office_had_read_itself_is_not_read_again() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let bytes = paper(&[PAPER]);
    let neighbour = household("99010200300400009");
    let new = NewHousehold { head: "甲".into(), ..NewHousehold::default() };
    filing::open_household(&archive.app, &archive.bureau(), &neighbour, new).await.unwrap();
    archive.take(ZHOU, "a.pdf", &bytes).await.unwrap();
    archive.settle().await;
    let again = archive.take(neighbour.as_str(), "b.pdf", &bytes).await.unwrap();
    archive.read_with("/nonexistent");
    archive.settle().await;
    let seen = view::document(&archive.app, &archive.bureau(), again.document).await.unwrap();
    assert!(seen.pages.iter().all(|page| page.reading.is_some()) && seen.job.is_none());
}
