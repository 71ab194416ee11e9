//! A lending covers what was decided about, and ends: neither later papers nor a
//! clock that was set back make it more.

use super::*;

/// A lending of the file of 周桂兰 to a reader of another street, agreed to now.
async fn lent(archive: &Archive, wanted: Wanted) -> (Actor, String) {
    let reader = somebody(archive, "钱文斌", NANMEN, &[Role::Reader]).await;
    let approver = somebody(archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let id = lending::ask(&archive.app, &reader, wanted).await.unwrap();
    lending::decide(&archive.app, &approver, &id, true, "").await.unwrap();
    (reader, id)
}

/// Another paper of 周桂兰, filed now.
async fn another(archive: &Archive, text: &str) -> DocumentId {
    let taken = archive.take(ZHOU, "b.pdf", &paper(&[&[text]])).await.unwrap();
    let said = description("A02", text, "2026-11-20");
    let (app, bureau) = (&archive.app, archive.bureau());
    filing::file(app, &bureau, taken.document, &household(ZHOU), said).await.unwrap();
    archive.settle().await;
    taken.document
}

#[tokio::test]
async fn what_came_into_the_file_after_the_decision_is_not_lent() {
    for_all(async |archive| {
        let [zhou, _] = two_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let (reader, id) = lent(archive, wanted()).await;
        let shown = async |id: &str| {
            let grant = lending::grant(app, &reader, id).await.unwrap();
            let file = opened::file(app, &reader, &grant).await.unwrap();
            let papers: Vec<i64> = file.papers.iter().map(|one| one.document).collect();
            (papers, file.later)
        };
        assert_eq!(shown(&id).await, (vec![zhou.0], 0));
        let later = another(archive, "后来的证明").await;
        assert_eq!(shown(&id).await, (vec![zhou.0], 1));
        let grant = lending::grant(app, &reader, &id).await.unwrap();
        assert!(opened::paper(app, &reader, &grant, later).await.is_err());
        assert!(opened::page_image(app, &reader, &grant, later, 1, 900).await.is_err());
        // Whoever is asked again decides about it too.
        let (_, again) = lent(archive, wanted()).await;
        assert_eq!(shown(&again).await, (vec![zhou.0, later.0], 0));

        // A correction changes nothing; a paper that moved away is not in the file.
        let file = async |no: &str| {
            let said = description("A01", "更正的题名", "2026-03-09");
            filing::file(app, &bureau, zhou, &household(no), said).await.unwrap();
        };
        file(ZHOU).await;
        assert_eq!(shown(&id).await, (vec![zhou.0], 1));
        file(CHEN).await;
        assert_eq!(shown(&id).await, (vec![], 1));
        let (_, without) = lent(archive, wanted()).await;
        file(ZHOU).await;
        assert_eq!(shown(&id).await, (vec![zhou.0], 1));
        assert_eq!(shown(&without).await, (vec![later.0], 1), "it came after that decision");

        // Pages that are added to a paper were not decided about either.
        let taken = archive.take(ZHOU, "c.pdf", &paper(&[&["补交的一页"]])).await.unwrap();
        filing::join(app, &bureau, taken.document, zhou).await.unwrap();
        archive.settle().await;
        assert_eq!(shown(&id).await, (vec![], 2));
        assert!(opened::page_image(app, &reader, &grant, zhou, 1, 900).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_lent_file_says_what_came_later() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    two_papers(&archive).await;
    let (_, id) = lent(&archive, wanted()).await;
    let mut browser = Browser::of(archive.app.clone(), "钱文斌", NANMEN, &[Role::Reader]).await;
    let at = format!("/lending/{id}/file");
    assert!(!browser.get(&at).await.text().contains("data-later"));
    another(&archive, "后来的证明").await;
    let text = browser.get(&at).await.text();
    assert!(text.contains("data-later=\"1\"") && !text.contains("后来的证明"), "{text}");
}

#[tokio::test]
async fn a_clock_set_back_opens_nothing_though_nothing_was_recorded_since() {
    for_all(async |archive| {
        two_papers(archive).await;
        let (reader, id) = lent(archive, wanted()).await;
        assert!(lending::grant(&archive.app, &reader, &id).await.is_ok());
        archive.hands.advance(DAY * 8);
        assert!(unknown(lending::grant(&archive.app, &reader, &id).await));
        archive.hands.set_back(DAY * 5);
        assert!(unknown(lending::grant(&archive.app, &reader, &id).await), "seen by this process");
        let other = archive.second().await.unwrap();
        assert!(lending::grant(&other, &reader, &id).await.is_ok(), "no other knows of it yet");
        archive.app.keep_latest().await.unwrap();
        other.keep_latest().await.unwrap();
        assert!(unknown(lending::grant(&other, &reader, &id).await), "now it does");
        other.db.close().await;
        archive.reopen().await.unwrap();
        assert!(unknown(lending::grant(&archive.app, &reader, &id).await), "nor at the next start");

        // Nobody is locked out meanwhile, and what begins now lasts as long as ever.
        let key = signed_in(&archive.app, "钱文斌", NANMEN, &[]).await;
        assert!(sessions::identify(&archive.app, &key).await.unwrap().is_some());
        assert_eq!(ruled(lending::ask(&archive.app, &reader, wanted()).await), Rule::Term);
        let longer = Wanted { until: "2026-12-10".parse().unwrap(), ..wanted() };
        let (reader, id) = lent(archive, longer).await;
        assert!(lending::grant(&archive.app, &reader, &id).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_look_is_enough_to_know_how_late_it_was() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    two_papers(&archive).await;
    let (reader, id) = lent(&archive, wanted()).await;
    archive.hands.advance(DAY * 8);
    archive.find("低保").await;
    archive.hands.set_back(DAY * 5);
    archive.reopen().await.unwrap();
    assert!(unknown(lending::grant(&archive.app, &reader, &id).await));
}
