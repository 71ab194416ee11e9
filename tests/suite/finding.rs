//! Finding: orders and parts, what was found searched again, suggestions, what a
//! person keeps, lists as files, the retrieval catalogs. Never beyond the scope.

use yidang::config::ReasonIs;
use yidang::filing;
use yidang::living::kinship;
use yidang::model::file_state::FileState;
use yidang::model::id::DocumentId;
use yidang::model::look::Reason;
use yidang::search::catalogs::{self, Catalog, Order};
use yidang::search::{self, Asked, Band, Part, SearchError, Sort, recent, saved, suggest};
use yidang::setup::{self, HouseholdEntry};
use yidang::uses::export::Shape;
use yidang::{binding, follow, rebuild, uses, view};

use crate::files::{noise, paper};
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};
use crate::kinship::merging;
use crate::living;
use crate::pages::Browser;

/// A paper of a household, described and read.
async fn filed(archive: &Archive, no: &str, lines: &[&str], code: &str, date: &str) -> DocumentId {
    let id = archive.take(no, "a.pdf", &paper(&[lines])).await.unwrap().document;
    let said = description(code, lines[0], date);
    filing::file(&archive.app, &archive.bureau(), id, &household(no), said).await.unwrap();
    id
}

/// Three papers of 周桂兰, bound, and one of 陈志强.
async fn some_papers(archive: &Archive) -> [DocumentId; 4] {
    let of = ["收入证明", "周桂兰 月收入一千元", "青石县保洁公司"];
    let income = filed(archive, ZHOU, &of, "A08", "2026-03-10").await;
    let of = ["低保申请书", "周桂兰 没有收入", "青石县保洁公司"];
    let request = filed(archive, ZHOU, &of, "A01", "2026-03-09").await;
    let of = ["复审表", "周桂兰 年收入一万元", "每半年核查"];
    let review = filed(archive, ZHOU, &of, "B01", "2027-01-20").await;
    let of = ["低保申请书", "陈志强 没有收入", "青石县保洁公司"];
    let other = filed(archive, CHEN, &of, "A01", "2025-06-01").await;
    binding::bind(&archive.app, &archive.bureau(), &household(ZHOU), "").await.unwrap();
    archive.settle().await;
    [income, request, review, other]
}

fn documents(answer: &search::Answer) -> Vec<DocumentId> {
    answer.found.iter().map(|one| one.document).collect()
}

#[tokio::test]
async fn a_result_comes_in_its_order_and_in_parts() {
    for_all(async |archive| {
        let [income, request, review, other] = some_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        for (sort, order) in [
            // The volume of 周桂兰 in its filing order; 陈志强 has none.
            (Sort::Reference, [request, income, review, other]),
            (Sort::Newest, [review, income, request, other]),
            (Sort::Oldest, [other, request, income, review]),
        ] {
            let asked = Asked { sort, ..Asked::of("收入") };
            let (mut found, mut part) = (Vec::new(), Part::first(1));
            loop {
                let answer = search::find(app, &bureau, &asked, &part).await.unwrap();
                assert_eq!(answer.total, 4);
                found.extend(documents(&answer));
                part.after = answer.next;
                if part.after.is_none() {
                    break;
                }
            }
            assert_eq!(found, order, "{sort:?}");
            let beside = search::beside(app, &bureau, &asked, order[1]).await.unwrap();
            assert_eq!(beside, [Some(order[0]), Some(order[2])]);
            let clerk = archive.other_clerk();
            let beside = search::beside(app, &clerk, &asked, other).await.unwrap();
            assert_eq!(beside, [None, None], "the neighbours are of another street");
        }
    })
    .await;
}

#[tokio::test]
async fn how_a_file_stands_and_how_it_was_read_can_be_chosen() {
    for_all(async |archive| {
        let [income, _, _, other] = some_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let open = Asked { states: vec![FileState::Open], ..Asked::of("收入") };
        let answer = search::find(app, &bureau, &open, &Part::first(9)).await.unwrap();
        assert_eq!(documents(&answer), [other]);
        assert_eq!(answer.states, [("bound".to_owned(), 3), ("open".to_owned(), 1)]);
        assert_eq!(answer.types, [("A01".to_owned(), 1)]);
        // Text that came with the file is sure.
        let sure = Asked { bands: vec![Band::High], ..Asked::of("收入") };
        let answer = search::find(app, &bureau, &sure, &Part::first(9)).await.unwrap();
        assert_eq!((answer.total, answer.bands), (4, vec![(Band::High, 4)]));
        let two = Asked { types: vec!["A08".into(), "B01".into()], ..Asked::of("收入") };
        assert_eq!(search::find(app, &bureau, &two, &Part::first(9)).await.unwrap().total, 2);
        let within = Asked { within: vec!["月收入".into()], ..Asked::of("周桂兰") };
        let answer = search::find(app, &bureau, &within, &Part::first(9)).await.unwrap();
        assert_eq!(documents(&answer), [income]);
        assert!(answer.found[0].pages[0].boxes.len() >= 2, "both links are boxed");
        // Binding the other file changes what its papers are found by.
        binding::bind(app, &bureau, &household(CHEN), "").await.unwrap();
        follow::until_current(app).await.unwrap();
        assert_eq!(search::find(app, &bureau, &open, &Part::first(9)).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test]
async fn too_much_at_once_is_refused() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let many = vec!["收入".to_owned(); search::MOST_LINKS + 1];
    let asked = Asked { within: many, ..Asked::of("周") };
    let found = search::find(&archive.app, &archive.bureau(), &asked, &Part::first(1)).await;
    assert!(matches!(found, Err(SearchError::TooMuch)));
    let years: Vec<String> = (0..=search::MOST_CHOSEN).map(|year| year.to_string()).collect();
    let asked = Asked { years, ..Asked::of("周") };
    let found = search::find(&archive.app, &archive.bureau(), &asked, &Part::first(1)).await;
    assert!(matches!(found, Err(SearchError::TooMuch)));
}

#[tokio::test]
async fn suggestions_are_of_the_own_street() {
    for_all(async |archive| {
        some_papers(archive).await;
        let (app, clerk, other) = (&archive.app, archive.clerk(), archive.other_clerk());
        for typed in ["周", "周桂", "桂兰", "zgl", "zhouguilan", "zhougl", "3004-00001", "00400001"]
        {
            let found = suggest::suggest(app, &clerk, typed).await.unwrap();
            let numbers: Vec<&str> = found.households.iter().map(|one| one.no.as_str()).collect();
            assert_eq!(numbers, [ZHOU], "{typed}");
            assert!(found.households[0].reference.starts_with("J016-"));
            let hidden = suggest::suggest(app, &other, typed).await.unwrap();
            assert!(hidden.households.is_empty(), "{typed}");
        }
        let code = suggest::suggest(app, &clerk, "D10-001").await.unwrap();
        assert_eq!(code.households[0].head, "周桂兰");
        assert!(suggest::suggest(app, &other, "D10-001").await.unwrap().households.is_empty());

        let title = suggest::suggest(app, &clerk, "复审").await.unwrap();
        assert_eq!((title.titles[0].as_str(), title.types[0].code.as_str()), ("复审表", "B01"));
        let hidden = suggest::suggest(app, &other, "复审").await.unwrap();
        assert_eq!((hidden.titles.len(), hidden.types.len()), (0, 1), "the kind is no secret");
        let letters = suggest::suggest(app, &clerk, "srzm").await.unwrap();
        assert_eq!(letters.types[0].name, "收入证明");

        // What is recorded later is suggested too.
        let no = household("99010200300400077");
        let new = HouseholdEntry {
            household_no: no.clone(),
            head: "曾小军".into(),
            id_number: String::new(),
            address: String::new(),
            members: Vec::new(),
        };
        setup::open_all(app, &archive.bureau(), vec![new]).await.unwrap();
        let found = suggest::suggest(app, &clerk, "zengxj").await.unwrap();
        assert_eq!(found.households[0].no, no.to_string());
    })
    .await;
}

#[tokio::test]
async fn searches_of_before_come_back_until_they_are_cleared() {
    for_all(async |archive| {
        some_papers(archive).await;
        let (app, clerk) = (&archive.app, archive.clerk());
        let chain = Asked { within: vec!["收入".into()], ..Asked::of("周桂兰") };
        let number = "11010519491231002X";
        for asked in [&Asked::of("复审"), &chain, &Asked::of(number), &Asked::of("复审")] {
            search::find(app, &clerk, asked, &Part::first(1)).await.unwrap();
            archive.hands.advance(std::time::Duration::from_secs(3600));
        }
        let found = recent::recent(app, &clerk).await.unwrap();
        assert_eq!(found[0], Asked::of("复审"));
        assert!(found.contains(&chain) && found.len() == 3, "{found:?}");
        assert!(found.iter().all(|one| !one.query.contains(number)), "numbers stay covered");
        let begun = suggest::suggest(app, &clerk, "复").await.unwrap();
        assert_eq!(begun.recent, ["复审"]);
        assert!(recent::recent(app, &archive.other_clerk()).await.unwrap().is_empty());
        recent::clear(app, &clerk).await.unwrap();
        assert!(recent::recent(app, &clerk).await.unwrap().is_empty());
        archive.hands.advance(std::time::Duration::from_secs(3600));
        search::find(app, &clerk, &Asked::of("收入"), &Part::first(1)).await.unwrap();
        assert_eq!(recent::recent(app, &clerk).await.unwrap(), [Asked::of("收入")]);
    })
    .await;
}

#[tokio::test]
async fn a_saved_search_counts_what_came() {
    for_all(async |archive| {
        some_papers(archive).await;
        let (app, clerk) = (&archive.app, archive.clerk());
        let asked =
            Asked { types: vec!["A08".into()], sort: Sort::Newest, ..Asked::of("周桂兰") };
        let id = saved::keep(app, &clerk, " 周桂兰的收入 ", &asked).await.unwrap();
        let one = saved::list(app, &clerk).await.unwrap().remove(0);
        assert_eq!((one.name.as_str(), one.news, one.search()), ("周桂兰的收入", 0, asked.clone()));
        assert!(saved::list(app, &archive.other_clerk()).await.unwrap().is_empty());
        let stolen = saved::open(app, &archive.other_clerk(), &id).await;
        assert!(matches!(stolen, Err(SearchError::Unknown)));

        let of = ["收入证明", "周桂兰 月收入九百元", "清河饭店"];
        filed(archive, ZHOU, &of, "A08", "2026-09-01").await;
        archive.settle().await;
        assert_eq!(saved::list(app, &clerk).await.unwrap()[0].news, 1);
        assert_eq!(saved::open(app, &clerk, &id).await.unwrap(), asked);
        assert_eq!(saved::list(app, &clerk).await.unwrap()[0].news, 0);

        // What still has to be read when it is opened is news when it was read.
        let of = ["收入证明", "周桂兰 月收入八百元", "清河饭店"];
        filed(archive, ZHOU, &of, "A08", "2026-10-01").await;
        saved::open(app, &clerk, &id).await.unwrap();
        follow::until_current(app).await.unwrap();
        assert_eq!(saved::list(app, &clerk).await.unwrap()[0].news, 0);
        archive.settle().await;
        assert_eq!(saved::list(app, &clerk).await.unwrap()[0].news, 1);

        saved::rename(app, &clerk, &id, "收入").await.unwrap();
        assert_eq!(saved::list(app, &clerk).await.unwrap()[0].name, "收入");
        let number = Asked::of("11010519491231002X 收入");
        let kept = saved::keep(app, &clerk, "号码", &number).await;
        assert!(matches!(kept, Err(SearchError::HasNumber)));
        for bad in ["", "  ", &"长".repeat(61), "a\nb"] {
            let kept = saved::keep(app, &clerk, bad, &asked).await;
            assert!(matches!(kept, Err(SearchError::Name)), "{bad:?}");
        }
        let unreadable = saved::keep(app, &clerk, "坏", &Asked::of("周 AND")).await;
        assert!(matches!(unreadable, Err(SearchError::Index(_))));
        saved::delete(app, &clerk, &id).await.unwrap();
        assert!(saved::list(app, &clerk).await.unwrap().is_empty());
        assert!(matches!(saved::delete(app, &clerk, &id).await, Err(SearchError::Unknown)));
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_leaves_saved_searches_alone() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let clerk = archive.clerk();
    saved::keep(&archive.app, &clerk, "收入", &Asked::of("收入")).await.unwrap();
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(saved::list(&archive.app, &clerk).await.unwrap()[0].name, "收入");
}

#[tokio::test]
async fn a_list_of_hits_goes_along_whole_and_noted() {
    for_all(async |archive| {
        let [_, _, _, other] = some_papers(archive).await;
        let of = ["=1+1收入", "周桂兰 @SUM(A1)", "清河饭店"];
        filed(archive, ZHOU, &of, "A08", "2026-09-01").await;
        archive.settle().await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let asked = Asked { sort: Sort::Oldest, ..Asked::of("收入") };
        let reason = Reason::new("audit", "").unwrap();
        let file = search::export::export(app, &bureau, &asked, Shape::Csv, Some(reason.clone()));
        let text = String::from_utf8(file.await.unwrap()).unwrap();
        let lines: Vec<&str> = text.trim().lines().collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert!(
            lines[1].contains(&format!(",{CHEN},陈志强,")) && lines[1].contains(&other.to_string())
        );
        assert!(lines[2].contains("J016-") && lines[2].contains("低保申请书"));
        assert!(text.contains("'=1+1收入"), "a table program runs nothing");
        let looks = uses::register(app, &bureau, &uses::Asked::default(), None, 1).await.unwrap();
        let look = &looks.uses[0].look;
        assert_eq!(
            (look.kind.as_str(), look.title.as_str(), look.count),
            ("export", "收入", Some(5))
        );
        assert_eq!(look.reason, Some(reason));

        let book = search::export::export(app, &bureau, &asked, Shape::Xlsx, None).await.unwrap();
        assert!(book.starts_with(b"PK"));
        let street = archive.other_clerk();
        let denied = search::export::export(app, &street, &asked, Shape::Csv, None).await;
        if let Ok(bytes) = denied {
            assert!(!String::from_utf8(bytes).unwrap().contains("周桂兰"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_goes_along_with_a_reason_where_one_is_wanted() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    some_papers(&archive).await;
    std::fs::write(archive.data().join("yidang.toml"), "[access]\nreason = \"required\"\n")
        .unwrap();
    archive.reopen().await.unwrap();
    assert_eq!(archive.app.config.access.reason, ReasonIs::Required);
    let (app, bureau) = (&archive.app, archive.bureau());
    let asked = Asked::of("收入");
    let none = search::export::export(app, &bureau, &asked, Shape::Csv, None).await;
    assert!(matches!(none, Err(SearchError::NoReason)));
    let list = catalogs::Asked::default();
    let none = catalogs::export(app, &bureau, Catalog::Archive, &list, Shape::Csv, None).await;
    assert!(matches!(none, Err(SearchError::NoReason)));
    let reason = Reason::new("review", "").ok();
    search::export::export(app, &bureau, &asked, Shape::Csv, reason).await.unwrap();
}

#[tokio::test]
async fn what_is_like_a_paper_is_shown_within_the_street() {
    for_all(async |archive| {
        let [income, request, _, other] = some_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let alike = search::alike::alike(app, &bureau, income, 9).await.unwrap();
        let found: Vec<DocumentId> = alike.found.iter().map(|one| one.document).collect();
        assert!(found.contains(&request) && found.contains(&other), "{found:?}");
        assert!(!found.contains(&income) && alike.title == "收入证明");
        let own = search::alike::alike(app, &archive.clerk(), income, 9).await.unwrap();
        assert!(own.found.iter().all(|one| one.document != other));
        let hidden = search::alike::alike(app, &archive.other_clerk(), income, 9).await;
        assert!(matches!(hidden, Err(SearchError::UnknownPaper(id)) if id == income));
    })
    .await;
}

#[tokio::test]
async fn the_catalogs_list_what_is_held() {
    for_all(async |archive| {
        some_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let all = catalogs::Asked { sort: Order::Reference, ..Default::default() };
        let first = catalogs::list(app, &bureau, Catalog::Archive, &all, "", 1).await.unwrap();
        assert_eq!((first.total, first.rows.len()), (2, 1));
        let values: Vec<&str> = first.rows[0].values.iter().map(String::as_str).collect();
        assert!(values[0].starts_with("J016-") && values[2] == "周桂兰", "{values:?}");
        assert_eq!((values[5], values[6]), ("2026-03-09–2027-01-20", "3"));
        let next = first.next.unwrap();
        let rest = catalogs::list(app, &bureau, Catalog::Archive, &all, &next, 9).await.unwrap();
        assert_eq!((rest.rows[0].household.as_str(), rest.next), (CHEN, None));

        let need = catalogs::Asked { part: "周桂".into(), ..Default::default() };
        let need = catalogs::list(app, &bureau, Catalog::Hardship, &need, "", 9).await.unwrap();
        assert_eq!(need.rows.len(), 1);
        assert!(need.rows[0].values[5].contains("收入证明"), "{:?}", need.rows[0]);
        let paid = catalogs::Asked { state: Some(FileState::Open), ..Default::default() };
        let paid = catalogs::list(app, &bureau, Catalog::Payment, &paid, "", 9).await.unwrap();
        assert_eq!(paid.rows[0].household, CHEN);

        // Another street is not listed, whatever is asked.
        let clerk = archive.other_clerk();
        for part in ["", "周桂兰", ZHOU, "J016"] {
            for catalog in Catalog::ALL {
                let asked = catalogs::Asked { part: part.into(), ..Default::default() };
                let seen = catalogs::list(app, &clerk, catalog, &asked, "", 9).await.unwrap();
                assert!(seen.rows.iter().all(|row| row.household == CHEN), "{part}");
                assert_eq!(seen.total, seen.rows.len() as i64);
            }
        }
        let file = catalogs::export(app, &bureau, Catalog::Archive, &all, Shape::Csv, None).await;
        let text = String::from_utf8(file.unwrap()).unwrap();
        assert!(text.contains("档号") && text.lines().count() == 3);
        let looks = uses::register(app, &bureau, &uses::Asked::default(), None, 1).await.unwrap();
        assert_eq!(looks.uses[0].look.title, "档案检索目录");
    })
    .await;
}

#[tokio::test]
async fn the_pages_narrow_save_and_go_on() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let [income, request, review, _] = some_papers(&archive).await;
    let mut browser = Browser::on(&archive).await;
    let page = browser.get("/search?q=%E6%94%B6%E5%85%A5&sort=oldest&household=99010200300400001&type=A01&type=A08").await;
    let text = page.text();
    assert!(text.contains("2件、"), "{text}");
    assert!(
        text.contains("type=A08&amp;household") || text.contains("type=A08&#38;household"),
        "one of two is lifted"
    );
    assert!(text.contains("复审表"), "what else could be chosen is shown");
    // Within what was found.
    let page = browser
        .get("/search?q=%E5%91%A8%E6%A1%82%E5%85%B0&in=%E6%9C%88%E6%94%B6%E5%85%A5")
        .await
        .text();
    assert!(page.contains("1件、") && page.contains("class=\"chip\""));
    // The hits go on through the result.
    let at =
        |id: DocumentId| format!("/doc/{id}?q=%E6%94%B6%E5%85%A5&sort=oldest&household={ZHOU}");
    let viewer = browser.get(&at(income)).await.text();
    for beside in [request, review] {
        assert!(viewer.contains(&format!("/doc/{beside}?hit=")), "{beside}");
    }
    // What nobody can read is said, in the frame.
    assert_eq!(browser.get("/search?q=a&sort=best").await.status, 422);
    // Suggestions are a part of a page.
    let part = browser.get("/search/suggest?q=zgl").await.text();
    assert!(part.starts_with("<ul id=\"suggest\"") && part.contains(ZHOU));
    // Saved, shown on both pages, opened, taken along.
    let asked = "q=%E6%94%B6%E5%85%A5&type=A08";
    let kept = browser.post("/search/save", &[("name", "收入"), ("asked", asked)]).await;
    assert_eq!(kept.header("location"), format!("/search?{asked}"));
    assert!(browser.get("/").await.text().contains("/search/saved/"));
    let blank = browser.get("/search").await.text();
    let (_, rest) = blank.split_once("/search/saved/").unwrap();
    let id = rest.split('"').next().unwrap().to_owned();
    let opened = browser.get(&format!("/search/saved/{id}")).await;
    assert_eq!(opened.header("location"), format!("/search?{asked}"));
    let file = browser
        .post("/search/export", &[("asked", asked), ("purpose", "check"), ("shape", "csv")])
        .await;
    assert!(file.header("content-disposition").contains("hits.csv"));
    assert!(file.text().contains("收入证明"));
    let gone = browser.post(&format!("/search/saved/{id}/delete"), &[]).await;
    assert_eq!(gone.status, 303);
    assert_eq!(browser.get(&format!("/search/saved/{id}")).await.status, 404);
    assert!(browser.get(&format!("/doc/{income}/alike")).await.text().contains("相似"));
    for name in ["archive", "hardship", "payment"] {
        assert_eq!(browser.get(&format!("/catalogs/{name}?state=")).await.status, 200);
        assert_eq!(browser.get(&format!("/catalogs/{name}/print")).await.status, 200);
    }
    assert_eq!(browser.get("/catalogs/none").await.status, 404);
    assert!(view::overview(&archive.app, &archive.bureau()).await.is_ok());
}

#[tokio::test]
async fn papers_of_one_household_stand_under_its_name_where_they_follow_each_other() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    some_papers(&archive).await;
    let mut browser = Browser::on(&archive).await;
    // Three of one household, and one of another behind or before them.
    for sort in ["newest", "oldest"] {
        let page = browser.get(&format!("/search?q=%E6%94%B6%E5%85%A5&sort={sort}")).await.text();
        let count = |what: &str| page.matches(what).count();
        assert_eq!((count("class=\"group"), count("class=\"hit of\"")), (1, 3), "{page}");
        assert_eq!((count("<b>周桂兰</b>"), count("<b>陈志强</b>")), (1, 1), "{sort}: {page}");
    }
    let one = browser.get("/search?q=%E6%94%B6%E5%85%A5&type=A08").await.text();
    assert!(!one.contains("class=\"group") && one.contains("<b>周桂兰</b>"), "{one}");
}

#[tokio::test]
async fn a_page_for_which_a_reason_is_wanted_is_asked_for_and_not_a_broken_picture() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    some_papers(&archive).await;
    std::fs::write(archive.data().join("yidang.toml"), "[access]\nreason = \"required\"\n")
        .unwrap();
    archive.reopen().await.unwrap();
    let mut browser = Browser::on(&archive).await;
    let asks = "写明事由后显示";
    let before = browser.get("/search?q=%E6%94%B6%E5%85%A5").await.text();
    assert!(!before.contains("<img"), "{before}");
    assert_eq!(before.matches(asks).count(), 4, "{before}");
    assert!(before.contains("写明为什么看，才显示这一页。"), "{before}");
    let give = format!("/household/{ZHOU}/reason");
    assert_eq!(browser.post(&give, &[("purpose", "check")]).await.status, 303);
    let after = browser.get("/search?q=%E6%94%B6%E5%85%A5&sort=newest").await.text();
    assert_eq!(after.matches(asks).count(), 1, "陈志强 is of another file: {after}");
    let pictures: Vec<&str> =
        after.split("<img src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(pictures.len() >= 3, "{after}");
    for picture in pictures {
        assert_eq!(browser.get(picture).await.status, 200, "{picture}");
    }
}

#[tokio::test]
async fn nothing_found_tells_of_pages_that_nobody_could_read_however_it_is_asked() {
    for_all(async |archive| {
        some_papers(archive).await;
        archive.take(ZHOU, "户口簿.png", &noise(60, 40)).await.unwrap();
        follow::until_current(&archive.app).await.unwrap();
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let mut browser = Browser::on(archive).await;
        let asks = [
            Asked::of("鲸鱼"),
            Asked::of("户主:鲸鱼"),
            Asked::of("收入 -收入"),
            Asked { within: vec!["鲸鱼".into()], ..Asked::of("收入") },
            Asked { years: vec!["1999".into()], ..Asked::of("收入") },
        ];
        // It waits to be read at first, and then cannot be.
        for was_tried in [false, true] {
            if was_tried {
                archive.settle().await;
            }
            for asked in &asks {
                let answer = search::find(&app, &bureau, asked, &Part::first(9)).await.unwrap();
                assert_eq!((answer.total, answer.unread), (0, Some(1)), "{was_tried} {asked:?}");
                let page = browser.get(&format!("/search?{}", asked.to_address())).await.text();
                assert!(page.contains("范围内有1页还没读出或读不准"), "{asked:?}: {page}");
            }
        }
        let elsewhere = archive.find_as(&archive.other_clerk(), "鲸鱼").await;
        assert_eq!(elsewhere.unread, Some(0), "a street is told of its own pages");
        assert_eq!(archive.find("收入").await.unread, None);
    })
    .await;
}

#[tokio::test]
async fn fields_are_asked_by_the_names_people_know() {
    for_all(async |archive| {
        let [income, request, review, other] = some_papers(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        for (query, mut right) in [
            ("户主:周桂兰", vec![income, request, review]),
            ("类型:收入证明", vec![income]),
            ("类型:a08", vec![income]),
            ("街道:南门", vec![other]),
            ("街道:990102002000", vec![other]),
            ("日期:2026", vec![income, request]),
            ("日期:>2026-03-09 户主:周", vec![income, review]),
            ("金额:>5000", vec![review]),
            ("金额:一千元", vec![income]),
            ("1000元", vec![income]),
            ("档号:d10-001 -类型:收入证明", vec![request, review]),
            ("zgl 收入", vec![income, request, review]),
            ("类型:没有这种", vec![]),
        ] {
            let answer = search::find(app, &bureau, &Asked::of(query), &Part::first(9)).await;
            let mut found = documents(&answer.unwrap());
            found.sort_unstable();
            right.sort_unstable();
            assert_eq!(found, right, "{query}");
        }
        let clerk = archive.clerk();
        let hidden = search::find(app, &clerk, &Asked::of("街道:南门"), &Part::first(9)).await;
        assert_eq!(hidden.unwrap().total, 0, "a field leads nowhere the person may not look");
    })
    .await;
}

#[tokio::test]
async fn what_is_near_comes_last_and_says_why() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let right = filed(&archive, ZHOU, &["收入证明", "证明人王小明"], "A08", "2026-03-10").await;
    let wrong = filed(&archive, ZHOU, &["低保申请书", "证明人王小朋"], "A01", "2026-03-09").await;
    archive.settle().await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let answer = search::find(app, &bureau, &Asked::of("王小明"), &Part::first(9)).await.unwrap();
    assert_eq!((documents(&answer), answer.near), (vec![right, wrong], 1));
    let page = &answer.found[1].pages[0];
    assert_eq!((page.near[0].text.as_str(), page.boxes.len()), ("王小朋", 1));

    let mut browser = Browser::on(&archive).await;
    let at = |query: &str| format!("/search?{}", Asked::of(query).to_address());
    let page = browser.get(&at("王小明")).await.text();
    for said in ["其中1件只是近似", "这里读作「王小朋」（字形相近）", "差一个字的也查"]
    {
        assert!(page.contains(said), "{said} is not on: {page}");
    }
    let quoted = browser.get(&at("\"王小明\"")).await.text();
    assert!(quoted.contains("1件、") && !quoted.contains("近似"), "{quoted}");
    let nothing = browser.get(&at("日期:明天")).await.text();
    assert!(nothing.contains("这不是日期。"), "{nothing}");
}

#[tokio::test]
async fn papers_are_narrowed_by_how_their_household_stands_as_its_case_goes_on() {
    for_all(async |archive| {
        living::opened(archive).await;
        let lin = filed(archive, living::NO, &["收入证明", "林秀芳", "一千元"], "A08", "").await;
        let chen = filed(archive, CHEN, &["收入证明", "陈志强", "一千元"], "A08", "").await;
        archive.settle().await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let ask = async |standings: &[&str], categories: &[&str]| {
            let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
            let (standings, categories) = (list(standings), list(categories));
            let asked = Asked { standings, categories, ..Asked::of("收入证明") };
            follow::until_current(&app).await.unwrap();
            search::find(&app, &bureau, &asked, &Part::first(9)).await.unwrap()
        };
        let count = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
            list.iter().map(|(code, papers)| ((*code).to_owned(), *papers)).collect()
        };
        let before = ask(&["none"], &[]).await;
        assert_eq!((before.total, before.standings), (2, count(&[("none", 2)])));
        assert!(before.categories.is_empty());
        let apply = living::beginning("application", "apply");
        living::take(archive, &archive.clerk(), apply).await;
        assert_eq!(documents(&ask(&["applying"], &[]).await), [lin]);
        archive.settle().await;
        let position = app.index.own().position().unwrap();
        let accept = living::taking("accept");
        living::take(archive, &archive.clerk(), accept).await;
        follow::until_current(&app).await.unwrap();
        let still = app.index.own().position().unwrap();
        assert_eq!(still, position, "a step that moves no state is no work for the index");
        living::confirmed(archive).await;
        let found = ask(&["receiving"], &["B"]).await;
        assert_eq!(documents(&found), [lin]);
        assert_eq!(found.categories, count(&[("B", 1)]));
        let all = ask(&[], &[]).await;
        assert_eq!(all.standings, count(&[("none", 1), ("receiving", 1)]));
        assert_eq!(ask(&["applying"], &[]).await.total, 0);
        assert_eq!(documents(&ask(&["none", "applying"], &[]).await), [chen]);

        // On the page and over the API by the same names; a code of nobody is refused there.
        let mut browser = Browser::on(archive).await;
        let at = |rest: &str| format!("/search?q=%E6%94%B6%E5%85%A5%E8%AF%81%E6%98%8E{rest}");
        let page = browser.get(&at("&standing=receiving")).await.text();
        for said in ["1件、", "在保", "B类，收入不稳定", "未申请"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let api = |rest: &str| format!("/api/v1{}", at(rest));
        let told = browser.get(&api("&standing=receiving,stopped&category=B")).await.text();
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((told["total"].as_u64(), told["renewal"].is_null()), (Some(1), true));
        let counted = serde_json::json!([{ "value": "receiving", "documents": 1 }]);
        assert_eq!(told["counts"]["standing"], counted);
        for bad in ["&standing=rich", "&category=D"] {
            assert_eq!(browser.get(&api(bad)).await.status, 422, "{bad}");
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_merge_papers_are_those_of_a_household_that_is_no_more() {
    for_all(async |archive| {
        living::opened(archive).await;
        let proof =
            filed(archive, ZHOU, &["户籍证明", "周桂兰", "投靠"], "A08", "2026-11-01").await;
        archive.settle().await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let into = merging(&household(living::NO), proof);
        kinship::merge(app, &bureau, &household(ZHOU), into).await.unwrap();
        follow::until_current(app).await.unwrap();
        let merged = Asked { standings: vec!["merged".into()], ..Asked::of("投靠") };
        let found = search::find(app, &bureau, &merged, &Part::first(9)).await.unwrap();
        assert_eq!(documents(&found), [proof]);
    })
    .await;
}
