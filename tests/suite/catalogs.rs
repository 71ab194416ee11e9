//! 检索目录 are asked as a search is: names by their sound and in any script, fields, what must
//! not be, one or the other. The same answer on the page and over the API, never beyond the
//! scope; what a catalog has no column for is said, and nothing is looked up then.

use serde_json::Value;
use yidang::model::id::DocumentId;
use yidang::model::rights::Role;
use yidang::search::SearchError;
use yidang::search::catalogs::{self, Asked, Catalog, Order};
use yidang::setup::{self, HouseholdEntry, MemberEntry};
use yidang::{binding, filing};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};
use crate::pages::Browser;

/// A household whose head is written in traditional characters.
const ZENG: &str = "99010200300400077";
const CARD: &str = "11010519491231002X";

async fn filed(archive: &Archive, no: &str, title: &str, code: &str, date: &str) -> DocumentId {
    let id = archive.take(no, "a.pdf", &paper(&[&[title, "二", "三"]])).await.unwrap().document;
    let said = description(code, title, date);
    filing::file(&archive.app, &archive.bureau(), id, &household(no), said).await.unwrap();
    id
}

/// 周桂兰 with a bound volume, 陈志强 of another street, 曾桂蘭 with a son.
async fn three(archive: &Archive) {
    let (app, bureau) = (&archive.app, archive.bureau());
    let son =
        MemberEntry { name: "单雄".into(), relation: "儿子".into(), id_number: CARD.into() };
    let zeng = HouseholdEntry {
        household_no: household(ZENG),
        head: "曾桂蘭".into(),
        id_number: String::new(),
        address: String::new(),
        members: vec![son],
    };
    setup::open_all(app, &bureau, vec![zeng]).await.unwrap();
    filed(archive, ZHOU, "收入证明", "A08", "2026-03-10").await;
    filed(archive, CHEN, "低保申请书", "A01", "2025-06-01").await;
    binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
}

fn asked(part: &str) -> Asked {
    Asked { part: part.into(), ..Asked::default() }
}

#[tokio::test]
async fn each_way_of_asking_has_the_same_answer_on_each_catalog() {
    for_all(async |archive| {
        three(archive).await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let mut browser = Browser::on(archive).await;
        let asks: &[(&str, &[&str])] = &[
            ("", &[CHEN, ZHOU, ZENG]),
            ("周桂蘭", &[ZHOU]),
            ("曾桂兰", &[ZENG]),
            ("桂 兰", &[ZHOU, ZENG]),
            ("zgl", &[ZHOU, ZENG]),
            ("zhouguilan", &[ZHOU]),
            ("shanxiong", &[ZENG]),
            ("单雄", &[ZENG]),
            ("\"zgl\"", &[]),
            ("户主:czq", &[CHEN]),
            ("户主:单雄", &[]),
            ("3004-00077", &[ZENG]),
            (ZENG, &[ZENG]),
            ("户号:3004-00001", &[ZHOU]),
            ("户号:990102002", &[CHEN]),
            ("d10-001", &[ZHOU]),
            ("档号:d10-001", &[ZHOU]),
            ("题名:周桂兰", &[ZHOU]),
            ("类型:收入证明", &[ZHOU]),
            ("类型:a01", &[CHEN]),
            ("街道:南门", &[CHEN]),
            ("日期:2026", &[ZHOU]),
            ("日期:<2026", &[CHEN]),
            (CARD, &[ZENG]),
            ("身份证:002X", &[ZENG]),
            ("-桂兰", &[CHEN]),
            ("桂兰 -周", &[ZENG]),
            ("周桂兰 OR 陈志强", &[CHEN, ZHOU]),
            ("街道:槐荫里 -类型:收入证明", &[ZENG]),
            ("-(类型:A01 OR 类型:A08)", &[ZENG]),
            ("没有这个人", &[]),
        ];
        for &(part, right) in asks {
            let query = asked(part).to_address();
            for catalog in Catalog::ALL {
                let name = catalog.as_str();
                let listed = catalogs::list(&app, &bureau, catalog, &asked(part), "", 9).await;
                let listed = listed.unwrap();
                let found: Vec<&str> = listed.rows.iter().map(|row| &*row.household).collect();
                assert_eq!((found.as_slice(), listed.next), (right, None), "{name} {part}");
                let told = browser.get(&format!("/api/v1/catalogs/{name}?{query}")).await.text();
                let told: Value = serde_json::from_str(&told).unwrap();
                let rows = told["rows"].as_array().unwrap().iter();
                let found: Vec<&str> = rows.map(|row| row["household"].as_str().unwrap()).collect();
                assert_eq!(found, right, "{name} {part}");
                assert_eq!(told["total"], right.len(), "{name} {part}");
                let page = browser.get(&format!("/catalogs/{name}?{query}")).await.text();
                for no in [CHEN, ZHOU, ZENG] {
                    let is_there = page.contains(&format!("href=\"/household/{no}\""));
                    assert_eq!(is_there, right.contains(&no), "{name} {part} {no}: {page}");
                }
                assert_eq!(page.contains("这样读的"), !part.is_empty(), "{name} {part}");
            }
        }
        // In every order part by part, each once.
        for sort in [Order::Number, Order::Head, Order::Reference] {
            let asked = Asked { sort, ..asked("-没有") };
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let part = catalogs::list(&app, &bureau, Catalog::Archive, &asked, &after, 1).await;
                let part = part.unwrap();
                assert_eq!(part.total, 3);
                found.extend(part.rows.into_iter().map(|row| row.household));
                let Some(next) = part.next else { break };
                after = next;
            }
            assert_eq!(found.len(), 3, "{sort:?} {found:?}");
            found.sort();
            assert_eq!(found, [CHEN, ZHOU, ZENG]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_catalog_cannot_answer_is_said_and_nothing_is_looked_up() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    three(&archive).await;
    let (app, bureau) = (archive.app.clone(), archive.bureau());
    let mut browser = Browser::on(&archive).await;
    for (name, part, said, code) in [
        ("archive", "金额:500", "没有一栏可以查「金额:500」", "no_column"),
        // Not even where it must not be: nothing is left out in silence.
        ("archive", "桂兰 -金额:500", "没有一栏可以查「金额:500」", "no_column"),
        ("payment", "致贫原因:疾病", "没有一栏可以查「致贫原因:疾病」", "no_column"),
        ("hardship", "王小明~", "没有一栏可以查「王小明~」", "no_column"),
        ("hardship", "(桂兰", "括号没有成对。", "query"),
        ("payment", "日期:明天", "这不是日期。", "query"),
    ] {
        let query = asked(part).to_address();
        let page = browser.get(&format!("/catalogs/{name}?{query}")).await;
        let (status, text) = (page.status, page.text());
        assert_eq!(status, 200);
        assert!(text.contains(said) && text.contains("还没有查"), "{name} {part}: {text}");
        assert!(!text.contains(&format!("/household/{ZHOU}")), "{name} {part}");
        let told = browser.get(&format!("/api/v1/catalogs/{name}?{query}")).await;
        assert_eq!(told.status, 422, "{name} {part}");
        assert!(told.text().contains(&format!("\"code\":\"{code}\"")), "{}", told.text());
        let print = browser.get(&format!("/catalogs/{name}/print?{query}")).await;
        assert_eq!(print.status, 422, "{name} {part}");
    }
    let refused = catalogs::list(&app, &bureau, Catalog::Archive, &asked("金额:1"), "", 9).await;
    assert!(matches!(refused, Err(SearchError::NoColumn { .. })));
    browser.cookie = "lang=en".to_owned();
    let page = browser.get("/catalogs/archive?q=amount:500").await.text();
    assert!(page.contains("The Archive catalog has no column for amount:500."), "{page}");
}

#[tokio::test]
async fn how_it_was_read_is_told_with_the_names_of_the_own_street_alone() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    three(&archive).await;
    let mut browser = Browser::on(&archive).await;
    let page = browser.get("/catalogs/hardship?q=zgl").await.text();
    assert!(page.contains("也列出近似「zgl」的") && page.contains("「周桂兰」"), "{page}");
    let page = browser.get("/catalogs/hardship?q=%E6%A1%82+%E5%85%B0").await.text();
    assert!(page.contains("改成任一即可"), "{page}");
    let roles = [Role::Clerk];
    let mut other = Browser::of(archive.app.clone(), "钱进", "990102002000", &roles).await;
    let page = other.get("/catalogs/hardship?q=zgl").await.text();
    assert!(!page.contains("周桂兰") && page.contains("没有这样的户"), "{page}");
}

#[tokio::test]
async fn an_english_page_calls_nothing_in_chinese_but_what_is_data() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    three(&archive).await;
    let mut browser = Browser::on(&archive).await;
    browser.cookie = "lang=en".to_owned();
    for (path, english, chinese) in [
        ("/catalogs/archive?q=zgl", "Understood as:", "这样读的"),
        ("/catalogs/archive?q=zgl", "sounds so", "读音"),
        ("/catalogs/archive?q=-zgl", "without", "排除"),
        ("/catalogs/archive?q=(zgl", "The parenthesis is not closed.", "括号"),
        ("/catalogs/archive/print", "Archive catalog", "序号"),
        ("/catalogs/payment/print?q=-zgl", "printed ", "打印"),
        ("/search?q=whale", "Every page in scope is read", "范围内"),
    ] {
        if path.starts_with("/search") {
            archive.settle().await;
        }
        let page = browser.get(path).await.text();
        assert!(page.contains(english) && !page.contains(chinese), "{path} {english}: {page}");
    }
}
