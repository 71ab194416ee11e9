//! What people keyed from forms is found: by its words, by the name of its field, at its
//! page and its box; the newest version alone, and by nobody who may not see the paper.

use serde_json::Value;
use yidang::filing::{self, NewHousehold};
use yidang::keying::{self, Keying, TypedValue};
use yidang::living::statements::{self, Stating};
use yidang::model::act::Member;
use yidang::model::id::DocumentId;
use yidang::model::living::Fact;
use yidang::rebuild;
use yidang::search::{self, Asked, FoundField, FoundPage};
use yidang::web::text::query_value;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, description, for_all, household};
use crate::pages::Browser;

const NO: &str = "99010200300400888";
const SECOND: &str = "99010219850130850X";

/// The second page of a form on which 纺 was read as 访.
const FORM: [&str; 7] = [
    "城市居民最低生活保障待遇申请审批表",
    "户主姓名：林秀芳",
    "性别：女",
    "联系电话：13812345678",
    "工作单位：市第一访织厂",
    "现家庭住址：槐荫里7号",
    "月人均收入：630.00元",
];

/// A form in the file of a household of its own, read.
async fn filed(archive: &Archive) -> DocumentId {
    let member = Member { name: "周文".into(), relation: "夫".into(), id_number: String::new() };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: String::new(),
        address: "槐荫里5号".into(),
        members: vec![member],
    };
    filing::open_household(&archive.app, &archive.bureau(), &household(NO), new).await.unwrap();
    let pages: [&[&str]; 2] = [&["封面", "低保档案"], &FORM];
    let taken = archive.take(NO, "form.pdf", &paper(&pages)).await.unwrap();
    let said = description("A02", "城市低保审批表", "2026-04-02");
    let (clerk, no) = (archive.clerk(), household(NO));
    filing::file(&archive.app, &clerk, taken.document, &no, said).await.unwrap();
    archive.settle().await;
    taken.document
}

/// Keys these values beside what was read, and has the index follow.
async fn key(archive: &Archive, id: DocumentId, values: &[(&str, &str)]) {
    let value = |(field, value): &(&str, &str)| TypedValue {
        field: (*field).to_owned(),
        value: (*value).to_owned(),
    };
    let said = Keying { seen: None, values: values.iter().map(value).collect(), accept: true };
    keying::save(&archive.app, &archive.clerk(), id, said).await.unwrap();
    archive.settle().await;
}

/// The page on which a query is found, and the field it is found in first.
async fn field(archive: &Archive, query: &str) -> (FoundPage, FoundField) {
    let found = archive.find(query).await;
    assert_eq!(found.total, 1, "{query}");
    let page = found.found[0].pages[0].clone();
    let field = page.fields.first().cloned().unwrap_or_else(|| panic!("{query}: {page:?}"));
    (page, field)
}

fn marked(field: &FoundField) -> Vec<String> {
    let piece = |(from, to): &(usize, usize)| field.snippet.chars().skip(*from).take(to - from);
    field.marks.iter().map(|mark| piece(mark).collect()).collect()
}

#[tokio::test]
async fn what_was_typed_is_found_where_the_scan_was_misread() {
    for_all(async |archive| {
        let id = filed(archive).await;
        let words = "\"第一纺织厂\"";
        assert!(archive.finds(words).await.is_empty(), "nobody typed it yet");
        key(archive, id, &[("employer", "市第一纺织厂"), ("id_number", SECOND)]).await;
        let (page, employer) = field(archive, words).await;
        assert_eq!(
            (employer.field.as_str(), employer.name.as_str(), employer.name_en.as_str()),
            ("approval.employer", "工作单位", "Employer")
        );
        assert_eq!((page.page, employer.stated), (2, false), "the page it was keyed from");
        assert_eq!(marked(&employer), ["第一纺织厂"]);
        assert_eq!(page.boxes, [employer.bbox.unwrap()], "where the misread words stand");
        assert_eq!(page.excerpt(), "工作单位：市第一纺织厂");
        let within = search::within(&archive.app, &archive.clerk(), &Asked::of(words), id).await;
        assert_eq!(within.unwrap()[0].boxes, page.boxes, "the document opens there");

        // A number is found whole or by its end, shown covered, and stands nowhere in clear.
        for query in [SECOND, "850X", "身份证:99010219850130850X"] {
            let (_, number) = field(archive, query).await;
            assert_eq!(number.field, "approval.id_number", "{query}");
            assert_eq!(number.snippet, "9901**********850X");
        }
        for query in ["\"850130\"", "19850130", "198501308"] {
            assert!(archive.finds(query).await.is_empty(), "{query}");
        }

        // In a table the name says of which.
        key(archive, id, &[("members.1.identity", "重残人员")]).await;
        let (_, identity) = field(archive, "重残人员").await;
        assert_eq!(
            (identity.field.as_str(), identity.name.as_str()),
            ("approval.members.identity", "家庭成员·身份类别")
        );

        // What is typed anew takes the place of what was.
        key(archive, id, &[("employer", "市毛纺厂")]).await;
        assert!(archive.finds(words).await.is_empty());
        assert_eq!(field(archive, "\"市毛纺厂\"").await.1.field, "approval.employer");

        // The index is made again from the store as it was.
        let (dump, before) = (archive.dump().await, archive.find("毛纺厂").await.found);
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        archive.settle().await;
        assert_eq!(archive.dump().await, dump);
        assert_eq!(archive.find("毛纺厂").await.found, before);
        assert!(archive.finds(words).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_field_is_asked_for_by_its_name() {
    for_all(async |archive| {
        let id = filed(archive).await;
        key(archive, id, &[("employer", "市第一纺织厂"), ("filled_on", "2026-03-09")]).await;
        for query in [
            "工作单位:纺织厂",
            "单位：纺织厂",
            "employer:\"第一 纺织厂\"",
            "电话:13812345678",
            "联系电话:5678",
            "现家庭住址:槐荫里",
            "住址:槐荫里",
            "填表日期:2026年3月9日",
            "月人均收入:630",
            "income_per_head:六百三十元",
            "林秀芳 工作单位:纺织厂",
        ] {
            assert_eq!(archive.finds(query).await, [id], "{query}");
        }
        for query in [
            "工作单位:槐荫里",
            "工作单位:访织厂",
            "住址:纺织厂",
            "电话:13812345679",
            "城市居民最低生活 -工作单位:纺织厂",
            "月人均收入:631",
        ] {
            assert!(archive.finds(query).await.is_empty(), "{query}");
        }
        let read = archive.find("工作单位:纺织厂 -李四").await.read_as.to_string();
        assert_eq!(read, "工作单位:纺织厂 AND NOT 李四");
        let nothing = Asked::of("工作单位:");
        let refused =
            search::find(&archive.app, &archive.clerk(), &nothing, &search::Part::first(1)).await;
        assert!(refused.is_err() && search::is_flawed(&archive.app, "工作单位:"));
    })
    .await;
}

#[tokio::test]
async fn what_a_paper_proves_is_found_until_it_is_taken_back() {
    for_all(async |archive| {
        let id = filed(archive).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(NO));
        let address = |value: &str, instead_of| Stating {
            proof: Some(id),
            facts: vec![Fact { member: None, field: "address".into(), value: value.into() }],
            instead_of,
            ..Stating::default()
        };
        let stated = statements::state(&app, &clerk, &no, address("石榴巷9号", None)).await;
        archive.settle().await;
        let (page, found) = field(archive, "石榴巷").await;
        assert_eq!(
            (found.field.as_str(), found.stated, found.bbox, page.page),
            ("stated.household.address", true, None, 1)
        );
        assert_eq!(archive.finds("住址:石榴巷").await, [id]);
        let again = address("石榴巷6号", Some(stated.unwrap().no));
        statements::state(&app, &clerk, &no, again).await.unwrap();
        archive.settle().await;
        assert!(archive.finds("\"石榴巷9号\"").await.is_empty());
        assert_eq!(archive.finds("\"石榴巷6号\"").await, [id]);

        // Every paper of a household is found by the name its head has now.
        let name = Fact { member: Some(0), field: "name".into(), value: "林秀芬".into() };
        let renamed = Stating { facts: vec![name], ..Stating::default() };
        statements::state(&app, &clerk, &no, renamed).await.unwrap();
        archive.settle().await;
        assert_eq!(archive.finds("户主:林秀芬").await, [id]);
        assert!(archive.finds("户主:林秀芳").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn another_street_finds_nothing_of_it() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let id = filed(&archive).await;
    let values = [("employer", "市第一纺织厂"), ("id_number", SECOND)];
    key(&archive, id, &values).await;
    let other = archive.other_clerk();
    for query in ["纺织厂", "工作单位:纺织厂", SECOND, "850X", "身份证:850X"] {
        assert_eq!(archive.find_as(&archive.clerk(), query).await.total, 1, "{query}");
        let found = archive.find_as(&other, query).await;
        assert_eq!((found.total, found.near, found.types.len()), (0, 0, 0), "{query}");
    }
}

#[tokio::test]
async fn pages_and_programs_say_in_which_field_it_was_found() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let id = filed(&archive).await;
    key(&archive, id, &[("employer", "市第一纺织厂")]).await;
    let mut browser = Browser::on(&archive).await;
    let asked = format!("/search?q={}", query_value("\"第一纺织厂\""));
    let page = browser.get(&asked).await.text();
    assert!(page.contains("字段：工作单位</span> 市<mark>第一纺织厂</mark>"), "{page}");
    let suggested = format!("/search/suggest?q={}", query_value("林秀芳 工作单"));
    let list = browser.get(&suggested).await.text();
    assert!(list.contains("data-fill=\"林秀芳 工作单位:\""), "{list}");

    browser.cookie = "lang=en".into();
    let page = browser.get(&asked).await.text();
    assert!(page.contains("Field: Employer</span> 市<mark>第一纺织厂</mark>"), "{page}");
    let list = browser.get("/search/suggest?q=emplo").await.text();
    assert!(list.contains("data-fill=\"employer:\"") && list.contains("Employer:"), "{list}");
    let page = browser.get(&format!("/search?q={}", query_value("employer:"))).await.text();
    assert!(page.contains("There is nothing after the colon."), "{page}");

    let path = format!("/api/v1/search?q={}", query_value("工作单位:纺织厂"));
    let told: Value = serde_json::from_slice(&browser.get(&path).await.bytes).unwrap();
    let hit = &told["hits"][0]["pages"][0];
    assert_eq!(told["read_as"], "工作单位:纺织厂");
    assert_eq!(hit["page"], 2, "{told}");
    assert_eq!(hit["fields"][0]["field"], "approval.employer");
    assert_eq!(hit["fields"][0]["snippet"], "市第一纺织厂");
    assert_eq!(hit["fields"][0]["box"], hit["boxes"][0]);
    let path = format!("/api/v1/search/suggestions?q={}", query_value("周 gongzuo"));
    let told: Value = serde_json::from_slice(&browser.get(&path).await.bytes).unwrap();
    assert_eq!(told["fields"][0]["name"], "工作单位", "{told}");
    assert_eq!(told["fields"][0]["query"], "周 工作单位:");
}
