//! A waiting paper is described, corrected, joined or sent back.

use yidang::catalog::Refusal;
use yidang::filing::{self, FilingError};
use yidang::model::document::{Description, DescriptionError, State};
use yidang::model::people::PersonError;
use yidang::people::{self, NewPerson, PeopleError};
use yidang::record::RecordError;
use yidang::setup::{self, OrganisationEntry, OrganisationError};
use yidang::view;

use crate::files::paper;
use crate::harness::{Archive, CHEN, NOBODY, Sql, Store, ZHOU, description, for_all, household};

const FRONT: &[&str] = &["最低生活保障申请表", "申请人：周桂兰", "人口三人"];
const BACK: &[&str] = &["家庭收入说明", "每月退休金八百元", "无其他收入"];

#[tokio::test]
async fn a_paper_is_described_and_corrected_and_nothing_is_forgotten() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let id = archive.take("", "scan 1.pdf", &paper(&[FRONT])).await.unwrap().document;
        archive.settle().await;
        assert_eq!(view::pile(&app, &bureau, 10).await.unwrap().len(), 1);

        let first = description("A02", "最低生活保障申请表", "2026-03-09");
        let act = filing::file(&app, &archive.clerk(), id, &household(ZHOU), first.clone()).await;
        assert!(
            matches!(act, Err(FilingError::Unknown(_))),
            "the bureau's desk is not the clerk's"
        );
        filing::file(&app, &bureau, id, &household(ZHOU), first.clone()).await.unwrap();
        let shown = view::document(&app, &bureau, id).await.unwrap();
        assert_eq!((shown.description, shown.head.as_str()), (first, "周桂兰"));
        assert_eq!(shown.document.state(), State::Filed);
        assert!(view::pile(&app, &bureau, 10).await.unwrap().is_empty());

        let better = description("A02", "申请表（补正）", "2026-03-10");
        filing::file(&app, &bureau, id, &household(CHEN), better.clone()).await.unwrap();
        let shown = view::document(&app, &bureau, id).await.unwrap();
        assert_eq!((shown.description, shown.head.as_str()), (better, "陈志强"));
        let acts: Vec<_> = shown.history.iter().map(|one| one.body.act.name()).collect();
        assert_eq!(acts, ["accept_document", "file_document", "file_document"]);

        archive.settle().await;
        let found = archive.find("人口三人").await;
        assert_eq!(found.found[0].household.as_deref(), Some(CHEN));
        assert_eq!((found.found[0].title.as_str(), found.total), ("申请表（补正）", 1));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_not_filed() {
    for_all(async |archive| {
        let (app, bureau) = (&archive.app, archive.bureau());
        let id = archive.take("", "scan.pdf", &paper(&[FRONT])).await.unwrap().document;
        let before = archive.dump().await;
        let good = description("A02", "申请表", "");
        let zhou = household(ZHOU);

        let kind = filing::file(app, &bureau, id, &zhou, description("Z99", "x", "")).await;
        assert!(matches!(kind, Err(FilingError::UnknownType(code)) if code == "Z99"));
        let untitled = filing::file(app, &bureau, id, &zhou, description("A02", " ", "")).await;
        assert!(matches!(untitled, Err(FilingError::Description(_))));
        let nobody = filing::file(app, &bureau, id, &household(NOBODY), good.clone()).await;
        assert!(matches!(nobody, Err(FilingError::UnknownHousehold(_))));
        let nothing = "999999".parse().unwrap();
        let nothing = filing::file(app, &bureau, nothing, &zhou, good).await;
        assert!(matches!(nothing, Err(FilingError::Unknown(_))));
        let unreasoned = filing::give_back(app, &bureau, id, " \n").await;
        assert!(matches!(unreasoned, Err(FilingError::NoReason)));
        let itself = filing::join(app, &bureau, id, id).await;
        assert!(matches!(refusal(itself), Refusal::JoinedToItself(_)));
        assert_eq!(archive.dump().await, before);
    })
    .await;
}

#[tokio::test]
async fn two_papers_become_one_of_two_pages() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let front = archive.take(ZHOU, "front.pdf", &paper(&[FRONT])).await.unwrap().document;
        let back = archive.take(ZHOU, "back.pdf", &paper(&[BACK])).await.unwrap().document;
        archive.settle().await;
        assert_eq!(archive.finds("退休金").await, [back]);

        filing::join(&app, &bureau, back, front).await.unwrap();
        archive.settle().await;
        let shown = view::document(&app, &bureau, front).await.unwrap();
        assert_eq!((shown.files.len(), shown.pages.len(), shown.document.pages), (2, 2, 2));
        let found = archive.find("退休金").await;
        assert_eq!((found.total, found.found[0].document), (1, front));
        assert_eq!(found.found[0].pages[0].page, 2);
        assert!(!found.found[0].pages[0].boxes.is_empty());

        // The one that ended takes no further act, and is told as what it became.
        let again = filing::join(&app, &bureau, back, front).await;
        let Refusal::NotLive { state, .. } = refusal(again) else { panic!("joined twice") };
        assert_eq!(state, State::Joined);
        let ended = view::document(&app, &bureau, back).await.unwrap();
        assert_eq!(ended.document.joined_into, Some(front.0));
    })
    .await;
}

#[tokio::test]
async fn a_paper_sent_back_leaves_the_desk_but_not_the_archive() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let taken = archive.take("", "blurred.pdf", &paper(&[BACK])).await.unwrap();
        archive.settle().await;
        filing::give_back(&app, &bureau, taken.document, "看不清，请重扫").await.unwrap();
        archive.settle().await;
        assert!(view::pile(&app, &bureau, 10).await.unwrap().is_empty());
        assert!(archive.finds("退休金").await.is_empty());
        let shown = view::document(&app, &bureau, taken.document).await.unwrap();
        assert_eq!(shown.document.reason, "看不清，请重扫");
        assert!(app.vault.check(taken.sha256).await.is_ok());

        // Scanned again by mistake with the same bytes, it is a new paper.
        let again = archive.take("", "blurred.pdf", &paper(&[BACK])).await.unwrap();
        assert_ne!(again.document, taken.document);

        // What is filed is corrected, not sent back.
        let good = description("A03", "家庭收入说明", "");
        filing::file(&app, &bureau, again.document, &household(ZHOU), good).await.unwrap();
        let back = filing::give_back(&app, &bureau, again.document, "不要了").await;
        assert!(matches!(refusal(back), Refusal::AlreadyFiled(_)));
    })
    .await;
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, FilingError>) -> Refusal {
    match outcome {
        Err(FilingError::Record(RecordError::Refused(refusal))) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_name_has_what_is_not_seen_in_it() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let code = "990102003004";
    for name in ["柳桥\u{202e}街道", "柳桥\u{200b}街道", "\u{feff}柳桥街道"] {
        let named = setup::register_one(app, &bureau, code, name).await;
        assert!(matches!(named, Err(OrganisationError::Name)), "{name:?}");
        let organisation = code.parse().unwrap();
        let new = NewPerson { login: "liu".into(), name: name.into(), organisation };
        let added = people::add(app, &bureau, new).await;
        assert!(matches!(added, Err(PeopleError::Person(PersonError::Name))), "{name:?}");
        let said = Description { title: name.into(), ..Description::default() };
        assert!(matches!(said.checked(), Err(DescriptionError::Unprintable(_))), "{name:?}");
    }
    // A roster is taken as it is seen.
    let entry = OrganisationEntry { code: code.parse().unwrap(), name: "槐荫\u{202e}里".into() };
    setup::register(app, &bureau, vec![entry]).await.unwrap();
    let all = view::organisations(app, &bureau).await.unwrap();
    assert!(all.iter().any(|one| one.name == "槐荫里"), "{all:?}");
}
