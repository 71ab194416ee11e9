//! 花名册导入: an office begins with the roster it has: what would become of it is shown, and
//! households go on with the allowance that stands there.

use bytes::Bytes;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};
use yidang::catalog::Refusal;
use yidang::filing::{self, FilingError, NewHousehold};
use yidang::living::cases;
use yidang::living::payments;
use yidang::living::roster::{self, GivenRoster};
use yidang::living::{LivingError, statements};
use yidang::model::access::{Actor, Role};
use yidang::model::id::Digest;
use yidang::model::living::LivingRule;
use yidang::model::money::Fen;
use yidang::model::month::Month;
use yidang::model::profile::Collector;
use yidang::model::roster_file::RosterSource;
use yidang::record::RecordError;
use yidang::search::catalogs::{self, Catalog};
use yidang::setup;

use crate::cli::Desk;
use crate::harness::{Archive, Sql, Store, for_all, household};
use crate::living::{comes_back, json_of, today};
use crate::pages::Browser;

const HEADS: &str = "户号,姓名,与户主关系,身份证号,性别,出生日期,联系电话,家庭人口数,保障人数,月保障金,起始月,家庭类别,备注\n";
const LIN: &str = "990102195203142149";
const WEN: &str = "990102195001012135";
const WU: &str = "990102198506063038";
const HE: &str = "990102196001010011";
const FIRST: &str = "99010200300400901";

/// Two households in order, the second without a number; and one whose count is wrong.
fn text() -> String {
    format!(
        "{HEADS}{FIRST},林秀芳,户主,{LIN},女,1952-03-14,13812345678,2,1,\"1,120.50\",2024年5月,B类,住院\n\
         {FIRST},周文,夫,{WEN},男,,,,,,,,\n\
         2,吴强,户主,{WU},男,,,1,,560,202612,A,\n\
         3,何桂珍,户主,{HE},,,,2,,300,2024-05,A,\n"
    )
}

fn given(bytes: impl Into<Bytes>, partly: bool, only_open: bool) -> GivenRoster {
    let community = Some("990102003004".parse().unwrap());
    GivenRoster { community, bytes: bytes.into(), partly, only_open }
}

async fn import(
    archive: &Archive,
    by: &Actor,
    given: GivenRoster,
) -> Result<roster::Imported, LivingError> {
    roster::import(&archive.app, by, given, &|_, _| {}).await
}

#[tokio::test]
async fn households_go_on_with_the_allowance_of_the_roster() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let entries = archive.entries().await;
        let look = roster::look_over(&app, &bureau, &given(text(), false, false)).await.unwrap();
        assert_eq!((look.rows, look.bad_total, look.decides, look.may_decide), (4, 1, true, true));
        assert_eq!((look.good.households, look.good.persons, look.good.decisions), (2, 3, 2));
        assert_eq!(look.good.amount, Fen::new(168_050));
        assert_eq!(look.bad[0].line, 5);
        assert!(look.bad[0].reason.contains("家庭人口数是2"), "{look:?}");
        let passed: Vec<_> = look.columns.iter().filter(|one| one.read.is_empty()).collect();
        assert_eq!((passed.len(), passed[0].head.as_str(), passed[0].place), (1, "备注", 13));
        let told = import(archive, &bureau, given(text(), false, false)).await.unwrap();
        assert_eq!((told.households, told.amount), (0, Fen::new(0)), "{told:?}");
        assert_eq!(archive.entries().await, entries, "nothing was kept");

        let done = import(archive, &bureau, given(text(), true, false)).await.unwrap();
        assert_eq!((done.households, done.persons, done.decisions), (2, 3, 2), "{done:?}");
        assert_eq!(done.amount, look.good.amount, "what was shown is what was done");
        assert_eq!(archive.entries().await, entries + 2, "each by one act");

        let (no, today) = (household(FIRST), today(archive));
        let file = cases::list(&app, &bureau, &no).await.unwrap();
        let one = &file.benefits[0];
        assert_eq!((file.state.as_str(), one.category.as_str()), ("receiving", "B"));
        assert_eq!((one.amount, one.persons, one.from_month.as_str()), (112_050, 1, "2024-05"));
        assert_eq!(file.steps[0].on_day, "2024-05-01", "what was done since can be entered");
        assert_eq!((file.cases[0].no, file.cases[0].ended.as_str()), (1, "2024-05-01"));
        // The next review is one that has not gone by.
        let told = yidang::view::household(&app, &bureau, &no).await.unwrap();
        let review = &told.household.review_due;
        assert!(*review >= today.to_string() && review.ends_with("-01"), "{review}");
        let family = statements::on_day(&app, &bureau, &no, None, None).await.unwrap();
        assert_eq!(family.value("phone"), "138****5678", "covered, as everywhere");
        let person = |place: usize| &family.persons[place];
        assert_eq!((person(0).value("birth"), person(0).value("sex")), ("1952-03-14", "女"));
        // What the number would say and nobody has is not stated.
        assert_eq!((person(1).value("birth"), person(1).value("sex")), ("", "男"));
        // It is paid, and the household that begins later is paid from then on.
        let street = "990102003000".parse().unwrap();
        let made = payments::list(&app, &bureau, &street, Month::of(today)).await.unwrap();
        assert_eq!((made.households, made.amount), (1, 112_050));
        let made =
            payments::list(&app, &bureau, &street, "2026-12".parse().unwrap()).await.unwrap();
        assert_eq!((made.households, made.amount), (2, 168_050));
        // Its papers are owed.
        let asked = yidang::living::completeness::Asked::default();
        let lacks =
            yidang::living::completeness::lacking(&app, &bureau, &asked, 100).await.unwrap();
        assert_eq!(lacks.len(), 22);
        let dump = archive.dump().await.join("\n");
        assert!(!dump.contains("13812345678") && !dump.contains(LIN), "numbers are covered");
        // The same file again is bad in every row, and nothing is paid twice.
        let again = import(archive, &bureau, given(text(), true, false)).await.unwrap();
        assert_eq!((again.households, again.bad_total), (0, 3), "{again:?}");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_of_the_bureau_is_carried_over_by_nobody_else() {
    for_all(async |archive| {
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let look = roster::look_over(&app, &clerk, &given(text(), true, false)).await.unwrap();
        assert!(look.decides && !look.may_decide);
        let refused = import(archive, &clerk, given(text(), true, false)).await;
        assert!(matches!(refused, Err(LivingError::OtherLevel(Collector::Bureau))), "{refused:?}");
        let opened = import(archive, &clerk, given(text(), true, true)).await.unwrap();
        assert_eq!((opened.households, opened.decisions, opened.bad_total), (2, 0, 1));
        let passed = opened.columns.iter().filter(|one| one.read.is_empty());
        let passed: Vec<_> = passed.map(|one| one.head.as_str()).collect();
        assert_eq!(passed, ["保障人数", "月保障金", "起始月", "家庭类别", "备注"], "told by name");
        let file = cases::list(&app, &clerk, &household(FIRST)).await.unwrap();
        assert_eq!((file.state.as_str(), file.cases.len()), ("none", 0));
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn the_payment_catalog_says_that_the_roster_is_where_it_is_known_from() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        import(archive, &bureau, given(text(), true, false)).await.unwrap();
        let asked = catalogs::Asked { part: FIRST.into(), ..catalogs::Asked::default() };
        let found = catalogs::list(&app, &bureau, Catalog::Payment, &asked, "", 10).await.unwrap();
        let row = &found.rows[0];
        let at = |name: &str| found.columns.iter().position(|one| one == name).unwrap();
        for (name, said) in [
            ("保障人数", "1"),
            ("月保障金", "1120.50"),
            ("依据", "存量接收（花名册）"),
            ("自", "2024-05"),
        ] {
            assert_eq!(row.values[at(name)], said, "{name}");
        }
        assert!(row.roster && row.proofs.is_empty(), "{row:?}");
        assert!(row.english.iter().any(|one| one.value == "Carried over (roster)"), "{row:?}");
        let mut browser = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
        let page = browser.get("/catalogs/payment").await.text();
        let lead = format!("href=\"/household/{FIRST}\">存量接收（花名册）</a>");
        assert!(page.contains(&lead), "{page}");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_opened_in_a_community_that_is_not_registered() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let (code, no) = ("990102003099", "99010200309900901");
        let mut browser = Browser::of(app.clone(), "宋青", "990102000000", &[Role::Clerk]).await;
        let entries = archive.entries().await;
        // Of a roster it is one bad row; as the community of all it is refused.
        let typed = text().replace(FIRST, no);
        let look = roster::look_over(&app, &bureau, &given(typed, true, false)).await.unwrap();
        assert_eq!((look.good.households, look.bad_total), (1, 2));
        let bad = look.bad.iter().find(|one| one.line == 2).unwrap();
        assert_eq!(bad.reason, "户号前12位没有登记为机构");
        let community = Some(code.parse().unwrap());
        let all = GivenRoster { community, ..given(text(), true, false) };
        let refused = import(archive, &bureau, all).await;
        let is_refused = matches!(
            &refused,
            Err(LivingError::Record(RecordError::Refused(Refusal::Living(
                LivingRule::UnknownPlace(_)
            ))))
        );
        assert!(is_refused, "{refused:?}");
        let new = || NewHousehold { head: "林秀芳".into(), ..NewHousehold::default() };
        let opened = filing::open_household(&app, &bureau, &household(no), new()).await;
        assert!(matches!(opened, Err(FilingError::NotRegistered(_))), "{opened:?}");
        let next = filing::open_next(&app, &bureau, &code.parse().unwrap(), new()).await;
        assert!(matches!(next, Err(FilingError::NotRegistered(_))), "{next:?}");
        let form = [("household_no", no), ("head", "林秀芳")];
        let page = browser.post("/household/open", &form).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("户号前12位990102003099没有登记为机构"), "{}", page.text());
        let body = json!({ "household": no, "head": "林秀芳" });
        let answer = browser.send_json("/api/v1/households", &body).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("not_registered"), "{}", answer.text());
        assert_eq!(archive.entries().await, entries, "nothing was recorded");

        setup::register_one(&app, &bureau, code, "新桥社区居民委员会").await.unwrap();
        filing::open_household(&app, &bureau, &household(no), new()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_workbook_with_merged_cells_is_taken_in() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let mut book = Workbook::new();
    let (sheet, plain) = (book.add_worksheet(), Format::new());
    sheet.merge_range(0, 0, 0, 5, "柳桥街道低保对象花名册", &plain).unwrap();
    for (column, head) in (0..).zip(["户主", "姓名", "身份证号", "保障金额", "起始月", "类别"])
    {
        sheet.write_string(1, column, head).unwrap();
    }
    for (row, (name, number)) in (2..).zip([("林秀芳", LIN), ("周文", WEN), ("吴强", WU)]) {
        sheet.write_string(row, 1, name).unwrap();
        sheet.write_string(row, 2, number).unwrap();
    }
    sheet.merge_range(2, 0, 3, 0, "林秀芳", &plain).unwrap();
    sheet.merge_range(2, 3, 3, 3, "560.05", &plain).unwrap();
    sheet.merge_range(2, 4, 4, 4, "2024-05", &plain).unwrap();
    sheet.merge_range(2, 5, 4, 5, "A类", &plain).unwrap();
    sheet.write_string(4, 0, "吴强").unwrap();
    sheet.write_number(4, 3, 300).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let done = import(&archive, &archive.bureau(), given(bytes, false, false)).await.unwrap();
    assert_eq!((done.households, done.persons, done.bad_total), (2, 3, 0), "{done:?}");
    assert_eq!(done.amount, Fen::new(86_005));
    comes_back(&archive).await;
}

#[test]
fn acts_of_before_say_nothing_of_it_and_stay_as_they_were() {
    let old = json!({
        "file": Digest::of(b"roster").to_string(), "bytes": 6, "mime": "text/csv", "line": 2,
    });
    let source: RosterSource = serde_json::from_value(old.clone()).unwrap();
    assert_eq!((source.facts.len(), source.carried.is_none()), (0, true));
    assert_eq!(serde_json::to_value(&source).unwrap(), old);
}

#[tokio::test]
async fn the_page_shows_what_would_become_of_it_and_then_does_it() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let app = archive.app.clone();
    let part = |name: &str, value: &str| {
        format!("\r\n--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}")
    };
    let mut bureau = Browser::of(app.clone(), "何国平", "990102000000", &[Role::Clerk]).await;
    let fields = format!("{}{}", bureau.token, part("community", "990102003004"));
    let bytes = text();
    let sent =
        bureau.send_file("/checks/roster", &fields, "花名册.csv", bytes.as_bytes(), false).await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, "/checks#look"));
    let page = bureau.get("/checks").await.text();
    assert!(
        page.contains("文件4行：可以立2户、3人，接收2户的待遇，每月合计1,680.50元；1行有问题。"),
        "{page}"
    );
    assert!(page.contains("不收的列：备注") && page.contains("家庭人口数是2"), "{page}");
    // Nobody else sees it; a street is told that its amounts are not carried over.
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    assert!(!clerk.get("/checks").await.text().contains("不收的列"));
    let fields = format!("{}{}", clerk.token, part("community", "990102003004"));
    clerk.send_file("/checks/roster", &fields, "花名册.csv", bytes.as_bytes(), false).await;
    let page = clerk.get("/checks").await.text();
    assert!(page.contains("保障金额没有收：存量接收由民政局办"), "{page}");
    assert_eq!(clerk.post("/checks/roster/take", &[("drop", "yes")]).await.status, 303);
    assert!(!clerk.get("/checks").await.text().contains("不收的列"));
    assert!(clerk.post("/checks/roster/take", &[]).await.status.is_client_error());

    assert_eq!(bureau.post("/checks/roster/take", &[("partly", "yes")]).await.status, 303);
    let done = "立户2户，3人，接收待遇2户，每月合计1,680.50元；1行有问题，没有立";
    let mut page = String::new();
    for _ in 0..400 {
        page = bureau.get("/checks").await.text();
        if page.contains(done) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(page.contains(done) && !page.contains("不收的列"), "{page}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn programs_look_first_too() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let app = archive.app.clone();
    let mut bureau = Browser::of(app, "何国平", "990102000000", &[Role::Clerk]).await;
    let at = "/api/v1/rosters/look?community=990102003004";
    let look = json_of(&bureau.send_bytes(at, text().as_bytes()).await);
    assert_eq!(
        (&look["good"]["amount"], &look["bad_total"]),
        (&json!(168_050), &json!(1)),
        "{look}"
    );
    assert_eq!(
        look["columns"][12],
        json!({"place": 13, "head": "备注", "read": "", "read_en": ""})
    );
    let bad = json!({
        "line": 5,
        "reason": "家庭人口数是2，名册上这一户有1人",
        "reason_en": "\"People\" is 2, but the roster lists 1 in the household",
    });
    assert_eq!(look["bad"], json!([bad]));
    let at = "/api/v1/rosters?community=990102003004&partly=true";
    let wrong = bureau.follow_bytes(at, b"x\n1\n").await;
    assert_eq!((wrong.status.as_u16(), wrong.header("content-type")), (422, "application/json"));
    let followed = bureau.follow_bytes(at, text().as_bytes()).await;
    assert_eq!(followed.header("content-type"), "application/x-ndjson");
    let text_of_lines = followed.text();
    let last = text_of_lines.lines().last().unwrap();
    let done = &serde_json::from_str::<Value>(last).unwrap()["ended"];
    assert_eq!((&done["amount"], &done["decisions"]), (&json!(168_050), &json!(2)), "{last}");
    let again = json_of(&bureau.send_bytes(at, text().as_bytes()).await);
    assert_eq!((&again["households"], &again["bad_total"]), (&json!(0), &json!(3)), "{again}");
}

#[test]
fn the_command_line_looks_first_too() {
    let desk = Desk::founded();
    let file = desk.file("花名册.csv", text().as_bytes());
    let args = ["evidence", "roster", &file, "--community", "990102003004"];
    let look = desk.run(&[&args[..], &["--look"]].concat());
    assert!(look.out.contains("备注  passed over"), "{} {}", look.out, look.err);
    assert!(look.out.contains("line 5: \"People\" is 2, but the roster"), "{}", look.out);
    assert!(look.out.contains("2 go on with 1680.50 yuan a month in all"), "{}", look.out);
    let done = desk.run(&[&args[..], &["--partly"]].concat());
    assert!(done.out.contains("columns passed over: 备注"), "{} {}", done.out, done.err);
}
