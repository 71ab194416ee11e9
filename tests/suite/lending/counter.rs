//! The household at the counter: its own file, nothing of others, nothing else.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use yidang::correction::{self, Said, SaidLine};
use yidang::guests::{self, AtCounter, GuestError, Visit};
use yidang::model::access::Right;

use yidang::model::cover::Covered;
use yidang::setup::{self, HouseholdEntry, MemberEntry};
use yidang::view::ViewError;
use yidang::view::opened::{self, Sight};
use yidang::web::rights::{Gate, rows};
use yidang::{filing, rendition, sessions};

use super::*;

/// 周桂兰, her number, and that of her daughter.
const ZHOU_CARD: &str = "99010219550312002X";
const DAUGHTER_CARD: &str = "990102198001010011";
/// The household with members, in the community of 周桂兰.
const FAMILY: &str = "99010200300400002";

/// A household with members, with a paper that names both, and one that was not
/// read.
async fn family(archive: &Archive) -> [DocumentId; 2] {
    let (app, bureau) = (&archive.app, archive.bureau());
    let daughter = MemberEntry {
        name: "周桂英".into(),
        relation: "女儿".into(),
        id_number: DAUGHTER_CARD.into(),
    };
    let entry = HouseholdEntry {
        household_no: household(FAMILY),
        head: "周桂兰".into(),
        id_number: ZHOU_CARD.into(),
        address: String::new(),
        members: vec![daughter],
    };
    setup::open_all(app, &bureau, vec![entry]).await.unwrap();
    let lines = [
        "最低生活保障申请书",
        "申请人：周桂兰",
        "身份证号：99010219550312002X",
        "女儿：周桂英",
        "身份证号：990102198001010011",
        "电话：13800138000",
        "退休金八百元",
    ];
    let mut ids = Vec::new();
    for (name, bytes) in
        [("read.pdf", paper(&[&lines])), ("scan.png", crate::files::noise(300, 400))]
    {
        let taken = archive.take(FAMILY, name, &bytes).await.unwrap();
        let said = description("A01", "周桂英的申请书", "2026-03-09");
        filing::file(app, &bureau, taken.document, &household(FAMILY), said).await.unwrap();
        ids.push(taken.document);
    }
    archive.settle().await;
    ids.try_into().unwrap()
}

fn seen() -> AtCounter {
    AtCounter {
        household: household(FAMILY),
        visitor: "周桂兰".into(),
        id_card: "002x".into(),
        allowance: "低保证 0127".into(),
    }
}

/// How dark the middle of a line with this text is on a drawn page, 0 to 255.
async fn darkness(archive: &Archive, jpeg: &[u8], document: DocumentId, text: &str) -> u64 {
    let page = view::document(&archive.app, &archive.bureau(), document).await.unwrap();
    // As it was read: what is shown has its numbers covered.
    let sha256 = page.files[0].digest().unwrap();
    let read = rendition::newest(&archive.app, sha256).await.unwrap().unwrap();
    let reading = read.reading.pages[0].clone();
    let line = reading.lines.iter().find(|line| line.text.contains(text));
    let [x, y, width, height] = line.unwrap_or_else(|| panic!("no line has {text}")).bbox;
    let drawn = image::load_from_memory(jpeg).unwrap().into_luma8();
    let scale = |at: u32| at * drawn.width() / reading.width;
    let part = image::imageops::crop_imm(&drawn, scale(x), scale(y), scale(width), scale(height));
    let pixels: Vec<u64> =
        part.to_image().pixels().map(|pixel| u64::from(255 - pixel.0[0])).collect();
    pixels.iter().sum::<u64>() / pixels.len() as u64
}

/// The first page of a paper as somebody at the counter sees it.
async fn jpeg_of(archive: &Archive, visit: &Visit, paper: DocumentId) -> Vec<u8> {
    let seen = opened::page_image(&archive.app, &visit.actor(), &visit.grant, paper, 1, 900).await;
    seen.unwrap().to_vec()
}

#[tokio::test]
async fn a_household_sees_its_own_file_without_what_is_of_others() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let [_, chen] = two_papers(&archive).await;
    let [read, scan] = family(&archive).await;
    let app = &archive.app;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let key = guests::open_counter(app, &clerk, seen()).await.unwrap();
    let visit = guests::identify(app, &key).await.unwrap().unwrap();
    assert!(matches!(visit.grant.cover(), Covered::Others { names, .. } if names == &["周桂英"]));

    let file = opened::file(app, &visit.actor(), &visit.grant).await.unwrap();
    let members: Vec<_> = file.members.iter().map(|one| [&one.name[..], &one.relation]).collect();
    assert_eq!(members, [["周＊＊", "女儿"]]);
    assert!(file.papers.iter().all(|paper| paper.title == "周＊＊的申请书"), "{file:?}");
    let of_scan = opened::paper(app, &visit.actor(), &visit.grant, scan).await.unwrap();
    assert_eq!(of_scan.pages, [Sight::Unread], "what was not read cannot be covered");
    let scanned = opened::page_image(app, &visit.actor(), &visit.grant, scan, 1, 900).await;
    assert!(matches!(scanned, Err(ViewError::UnknownPage(_))));
    assert!(opened::page_image(app, &visit.actor(), &visit.grant, chen, 1, 900).await.is_err());

    for width in [160, 900, 1800] {
        let jpeg =
            opened::page_image(app, &visit.actor(), &visit.grant, read, 1, width).await.unwrap();
        for others in ["女儿", "19800101", "13800138000"] {
            let dark = darkness(&archive, &jpeg, read, others).await;
            assert!(dark > 240, "{others} at {width}: {dark}");
        }
        for own in ["申请人", "19550312", "退休金"] {
            let dark = darkness(&archive, &jpeg, read, own).await;
            assert!(dark < 160, "{own} at {width}: {dark}");
        }
    }

    // Who crosses out the line of another by mistake lays nothing open.
    let sheet = correction::sheet(app, &archive.bureau(), read, 1).await.unwrap();
    let kept = sheet.lines.iter().filter(|line| !line.text.contains("女儿"));
    let lines = kept.map(|line| SaidLine { bbox: line.bbox, text: line.text.clone() }).collect();
    let said = Said { seen: None, whole: true, lines };
    let reading_before = jpeg_of(&archive, &visit, read).await;
    correction::correct(app, &archive.bureau(), read, 1, said).await.unwrap();
    assert_eq!(jpeg_of(&archive, &visit, read).await, reading_before);

    // To the daughter the mother is another.
    let daughter = AtCounter { visitor: "周桂英".into(), id_card: "0011".into(), ..seen() };
    let key = guests::open_counter(app, &clerk, daughter).await.unwrap();
    let visit = guests::identify(app, &key).await.unwrap().unwrap();
    let jpeg = opened::page_image(app, &visit.actor(), &visit.grant, read, 1, 900).await.unwrap();
    assert!(darkness(&archive, &jpeg, read, "19550312").await > 240);
    assert!(darkness(&archive, &jpeg, read, "19800101").await < 160);
    let looks = guests::looks(app, &visit).await.unwrap();
    let who: Vec<&str> = looks.iter().map(|one| one.who.as_str()).collect();
    assert!(who.contains(&"周桂英") && who.contains(&"周＊＊"), "both visits: {who:?}");
    assert!(!who.contains(&"周桂兰") && who.contains(&"青石县民政局"), "{who:?}");
}

#[tokio::test]
async fn the_counter_opens_only_for_who_showed_the_papers() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    family(&archive).await;
    let app = &archive.app;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let entries = archive.entries().await;
    for wrong in [
        AtCounter { id_card: "0011".into(), ..seen() },
        AtCounter { id_card: "02X".into(), ..seen() },
        AtCounter { id_card: "%002".into(), ..seen() },
        AtCounter { allowance: " ".into(), ..seen() },
        AtCounter { allowance: "字".repeat(201), ..seen() },
    ] {
        let opened = guests::open_counter(app, &clerk, wrong.clone()).await;
        assert!(matches!(opened, Err(GuestError::Papers)), "{wrong:?}");
    }
    for visitor in ["", "周", "王强", "周桂兰 "] {
        let wrong = AtCounter { visitor: visitor.into(), ..seen() };
        let opened = guests::open_counter(app, &clerk, wrong).await;
        let trimmed = visitor.trim() == "周桂兰";
        assert_eq!(opened.is_ok(), trimmed, "{visitor:?}");
    }
    let far = AtCounter { household: household(CHEN), ..seen() };
    assert!(matches!(guests::open_counter(app, &clerk, far).await, Err(GuestError::View(_))));
    let reader = somebody(&archive, "钱文斌", LIUQIAO, &[Role::Reader]).await;
    assert!(matches!(
        guests::open_counter(app, &reader, seen()).await,
        Err(GuestError::Lending(LendingError::Denied(_)))
    ));
    // One was opened, and two people were made and given rights.
    let acts = archive.entries().await - entries;
    assert_eq!(acts, 1 + 2, "what is refused is no act");
}

#[tokio::test]
async fn a_visit_ends_by_itself_whatever_the_browser_does() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    family(&archive).await;
    let app = &archive.app;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let open = async || guests::open_counter(app, &clerk, seen()).await.unwrap();
    let stands = async |key| guests::identify(app, key).await.unwrap().is_some();

    // Three minutes without a request, and some seconds for the one that ends it.
    let key = open().await;
    archive.hands.advance(Duration::from_secs(185));
    assert!(stands(&key).await);
    archive.hands.advance(Duration::from_secs(195));
    assert!(!stands(&key).await);

    // However it is used, not longer than half an hour.
    let key = open().await;
    for _ in 0..14 {
        archive.hands.advance(Duration::from_secs(120));
        assert!(stands(&key).await);
    }
    archive.hands.advance(Duration::from_secs(120));
    assert!(!stands(&key).await);

    // A clock that is set back prolongs nothing.
    let key = open().await;
    archive.hands.set_back(Duration::from_secs(60));
    assert!(!stands(&key).await);
    archive.hands.advance(Duration::from_secs(60));

    let key = open().await;
    guests::end(app, &key).await.unwrap();
    assert!(!stands(&key).await);
}

#[tokio::test]
async fn from_the_counter_nothing_else_is_reached() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let [_, chen] = two_papers(&archive).await;
    let [read, scan] = family(&archive).await;
    let app = archive.app.clone();
    let mut browser = Browser::of(app.clone(), "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let of_clerk = browser.session.clone();
    let page = browser.get(&format!("/household/{FAMILY}")).await.text();
    assert!(page.contains(&format!("action=\"/household/{FAMILY}/counter\"")));
    let fields = [("visitor", "周桂兰"), ("id_card", "002X"), ("allowance", "低保证 0127")];
    let opened = browser.post(&format!("/household/{FAMILY}/counter"), &fields).await;
    assert_eq!(opened.header("location"), "/counter", "{}", opened.text());
    browser.session = browser.cookie.clone();
    browser.cookie.clear();
    assert_ne!(browser.session, of_clerk);

    // The clerk is signed in no more, in this browser or with a copy of its cookie.
    let mut clerk = Browser::nobody(app.clone());
    clerk.session = of_clerk;
    assert_eq!(clerk.get("/").await.status, StatusCode::SEE_OTHER);

    let home = browser.get("/counter").await.text();
    for word in ["我的材料", "我的发放", "谁看过我的档案", "看完了"] {
        assert!(home.contains(word), "{word}");
    }
    assert!(!home.contains("class=\"rail\"") && !home.contains("role=\"search\""));
    browser.token = home
        .split_once("name=\"csrf\" value=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .unwrap()
        .to_owned();

    // Every row of the table: the own pages answer, all others alike.
    let mut bodies = std::collections::BTreeSet::new();
    for (method, path, gate) in rows() {
        if *path == "/counter/end" {
            continue;
        }
        for (no, id) in [(FAMILY, read), (CHEN, chen), (NOBODY, DocumentId(999_999))] {
            let at = path
                .replace("{no}", no)
                .replace("{id}", &id.to_string())
                .replace("{n}", &id.to_string())
                .replace("{page}", "1.jpg")
                .replace("{place}", "1")
                .replace("{version}", "1")
                .replace("{code}", "en")
                .replace("{file}", "style.css")
                .replace("{login}", "p10");
            browser.cookie = "lang=zh".to_owned();
            let answer = browser.ask(method, &at).await;
            let what = format!("{method} {at}: {}", answer.status);
            for word in ["陈志强", "13800138000", DAUGHTER_CARD, "周桂英"] {
                assert!(!answer.is_about(word), "{what}: {word}");
            }
            let own = *gate == Gate::Needs(Right::Visit);
            if own && id == read || matches!(*path, "/lang/{code}" | "/assets/{file}") {
                assert!(!answer.status.is_server_error(), "{what}");
                assert!(!own || answer.status == StatusCode::OK, "{what}");
            } else if path.starts_with("/api/") {
                let public = *gate == Gate::Public;
                assert!(public || answer.status.is_client_error(), "{what}");
            } else if !own || path.contains("{n}") {
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
                let text = answer.text();
                assert!(text.contains("没有这一页。"), "{what}");
                bodies.insert(text.split_once("<main").unwrap().1.to_owned());
            }
        }
    }
    assert_eq!(bodies.len(), 1, "what is not there looks alike: {bodies:?}");

    // The scan that was not read is named, not shown.
    browser.cookie = "lang=zh".to_owned();
    let paper = browser.get(&format!("/counter/paper/{scan}")).await.text();
    assert!(paper.contains("请问柜台工作人员") && !paper.contains("<img"), "{paper}");
    let page = browser.get(&format!("/counter/paper/{scan}/page/1.jpg")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/counter/paper/{read}/page/1.jpg")).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));

    // A program with the key is nobody.
    let key = browser.session.split_once('=').unwrap().1.to_owned();
    browser.bearer = format!("Bearer {key}");
    let api = browser.get(&format!("/api/v1/documents/{read}")).await;
    assert_eq!(api.status, StatusCode::UNAUTHORIZED);

    // It ends, and what is kept of it opens nothing.
    let ended = browser.post("/counter/end", &[]).await;
    assert_eq!(ended.header("location"), "/guest/over");
    assert!(ended.header("clear-site-data").contains("cache"));
    // Whatever is asked for then, and however, it is said that it is over.
    for path in ["/counter", "/counter/papers", "/counter/looks"] {
        assert_eq!(browser.get(path).await.header("location"), "/guest/over", "{path}");
    }
    assert_eq!(browser.post("/counter/end", &[]).await.header("location"), "/guest/over");
    assert!(sessions::Key::parse(&key).is_some());
    assert_eq!(browser.ask(&Method::GET, "/guest/over").await.status, StatusCode::OK);
    // What was tried is noted, as anybody's attempts are.
    archive.app.looks.flush().await.unwrap();
    let mut tx = archive.app.db.read().await.unwrap();
    let sql =
        "SELECT COUNT(*) FROM look WHERE outcome = 'refused' AND body LIKE '%GET /households%'";
    assert!(tx.number(sql, yidang::args![]).await.unwrap() > 0);
}

#[tokio::test]
async fn an_identity_card_of_another_is_not_shown_at_all() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    family(&archive).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let card = |name: &str, number: &str| {
        vec![format!("姓名{name}"), "住址槐荫里7号".into(), format!("公民身份号码{number}")]
    };
    let (mine, daughters) = (card("周桂兰", ZHOU_CARD), card("周桂英", DAUGHTER_CARD));
    let back = vec!["中华人民共和国居民身份证".to_owned(), "签发机关青石县公安局".to_owned()];
    let both = [mine.clone(), daughters.clone()].concat();
    let pages: Vec<Vec<&str>> = [&mine, &daughters, &back, &both]
        .map(|page| page.iter().map(String::as_str).collect())
        .into();
    let pages: Vec<&[&str]> = pages.iter().map(Vec::as_slice).collect();
    let file = async |name: &str, type_code: &str, pages: &[&[&str]]| {
        let taken = archive.take(FAMILY, name, &paper(pages)).await.unwrap();
        let said = description(type_code, "身份证", "2026-03-09");
        filing::file(app, &bureau, taken.document, &household(FAMILY), said).await.unwrap();
        taken.document
    };
    let cards = file("cards.pdf", "A06", &pages).await;
    // Filed as something else, it still says what it is.
    let other = file("other.pdf", "A01", &pages[1..2]).await;
    archive.settle().await;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let key = guests::open_counter(app, &clerk, seen()).await.unwrap();
    let visit = guests::identify(app, &key).await.unwrap().unwrap();
    let (reader, grant) = (visit.actor(), &visit.grant);
    let card = opened::paper(app, &reader, grant, cards).await.unwrap();
    let hidden = Sight::CardOfOthers;
    assert_eq!(card.pages, [Sight::Shown, hidden, hidden, hidden]);
    assert_eq!(opened::paper(app, &reader, grant, other).await.unwrap().pages, [hidden]);
    for (id, page, shown) in
        [(cards, 1, true), (cards, 2, false), (cards, 4, false), (other, 1, false)]
    {
        let drawn = opened::page_image(app, &reader, grant, id, page, 900).await;
        assert_eq!(drawn.is_ok(), shown, "{id} {page}");
    }
}
