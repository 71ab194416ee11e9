//! Registers and lists with the columns they have on paper, in order of their days, in both
//! languages, and taken along: the sheet that is signed and public notices too.

use yidang::living::payments::{self as paying, GivenFile};
use yidang::living::standards::{self, Setting};
use yidang::model::look::Kind;
use yidang::model::notice::NoticeKind;
use yidang::model::standard::{Method, Unit};
use yidang::notices::{self, Posting};
use yidang::uses;

use super::*;

const FIRST: &str = "99010200300400900";

async fn stated(archive: &Archive, facts: &[(&str, &str)]) {
    let fact = |(field, value): &(&str, &str)| Fact {
        member: None,
        field: (*field).into(),
        value: (*value).into(),
    };
    let facts = facts.iter().map(fact).collect();
    let stating = Stating { facts, ..Stating::default() };
    statements::state(&archive.app, &archive.clerk(), &household(FIRST), stating).await.unwrap();
}

/// A list with the names of its columns above.
async fn whole(archive: &Archive, code: &str, asked: &Asked) -> Vec<Vec<String>> {
    let found = books::printed(&archive.app, &archive.clerk(), code, asked).await.unwrap();
    let mut all = vec![found.sheet.columns.iter().map(|one| one.zh.clone()).collect()];
    let row = |row: &Vec<yidang::sheet::Cell>| row.iter().map(ToString::to_string).collect();
    all.extend(found.sheet.rows.iter().map(row));
    all
}

/// The value of a column in a line of a list with its names.
fn at<'a>(list: &'a [Vec<String>], line: usize, column: &str) -> &'a str {
    let place = list[0].iter().position(|name| name == column);
    &list[line][place.unwrap_or_else(|| panic!("{column}: {:?}", list[0]))]
}

async fn exported(archive: &Archive, code: &str, asked: &Asked, shape: Shape) -> Vec<u8> {
    let reason = Some("审计".parse().unwrap());
    books::export(&archive.app, &archive.clerk(), code, asked, (shape, reason)).await.unwrap()
}

#[tokio::test]
async fn a_household_has_several_relatives_among_the_staff() {
    for_all(async |archive| {
        receiving(archive, 2).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(FIRST));
        // As it was stated before there could be several: that is the first.
        stated(archive, &[("near_relative", "王芳"), ("staff_relation", "姐妹")]).await;
        stated(
            archive,
            &[
                ("near_relative.2", "李强"),
                ("staff_relation.2", "父女"),
                ("staff_id_number.2", "11010519491231002X"),
                ("staff_phone.2", "13812345678"),
                ("near_relative.11", "赵一"),
            ],
        )
        .await;
        let listed = async || {
            let found = whole(archive, "near_relatives", &Asked::default()).await;
            let row = |line| [at(&found, line, "工作人员姓名"), at(&found, line, "关系")].join(" ");
            (1..found.len()).map(row).collect::<Vec<_>>()
        };
        assert_eq!(listed().await, ["王芳 姐妹", "李强 父女", "赵一 "]);
        let found = whole(archive, "near_relatives", &Asked::default()).await;
        let number = at(&found, 2, "工作人员身份证号").to_owned();
        assert!(number.contains('*') && number.ends_with("002X"), "{number}");
        let dump = archive.dump().await.join("\n");
        assert!(!dump.contains("11010519491231002X") && !dump.contains("13812345678"));
        // Each ends by itself, and nobody else gets its place.
        stated(archive, &[("near_relative", "")]).await;
        assert_eq!(listed().await, ["李强 父女", "赵一 "]);
        let family = statements::on_day(&app, &clerk, &no, None, None).await.unwrap();
        assert_eq!(family.value("near_relative.2"), "李强");
        assert_eq!(family.several["near_relative"], 11);
        let named = family.household.iter().find(|one| one.field == "staff_relation.2").unwrap();
        assert_eq!(named.name, "与工作人员的关系（2）");
        for wrong in
            ["near_relative.1", "near_relative.02", "near_relative.21", "address.2", "staff.2"]
        {
            let facts = vec![Fact { member: None, field: wrong.into(), value: "甲".into() }];
            let refused =
                statements::state(&app, &clerk, &no, Stating { facts, ..Stating::default() });
            assert!(refused.await.is_err(), "{wrong}");
        }
        crate::living::comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn the_page_has_a_form_for_each_of_them_and_for_another() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    receiving(&archive, 2).await;
    stated(&archive, &[("near_relative", "王芳"), ("near_relative.2", "李强")]).await;
    let app = archive.app.clone();
    let mut browser = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    browser.post(&format!("/household/{FIRST}/reason"), &[("purpose", "check")]).await;
    let at = format!("/household/{FIRST}/family");
    let page = browser.get(&at).await.text();
    assert!(page.contains("近亲属备案：工作人员，王芳"), "{page}");
    assert!(page.contains("近亲属备案：工作人员（2），李强"), "{page}");
    assert!(page.contains("name=\"field.near_relative.3\""), "another one: {page}");
    assert!(!page.contains("name=\"field.near_relative.4\""));
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = |seen: &'static str, phone: &'static str| {
        [
            ("member", ""),
            ("each", "near_relative.3"),
            ("seen", seen),
            ("field.near_relative.3", "孙立"),
            ("field.staff_phone.3", phone),
        ]
    };
    let seen: &'static str = seen.to_owned().leak();
    // What is wrong is shown where it was typed.
    let facts = format!("/household/{FIRST}/facts");
    let again = browser.post(&facts, &form(seen, "没有")).await;
    assert_eq!(again.status, 422);
    assert!(again.text().contains("value=\"孙立\""), "{}", again.text());
    assert_eq!(browser.post(&facts, &form(seen, "13812345678")).await.status, 303);
    let seen = browser.get(&at).await.text();
    let seen = seen.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let ends =
        [("member", ""), ("each", "near_relative"), ("seen", seen), ("field.near_relative", "-")];
    assert_eq!(browser.post(&facts, &ends).await.status, 303);
    let page = browser.get(&at).await.text();
    assert!(page.contains("近亲属备案：工作人员（3），孙立"), "{page}");
    let list = browser.get("/registers/near_relatives").await.text();
    assert!(list.contains("孙立") && list.contains("李强") && !list.contains("王芳"), "{list}");
}

#[tokio::test]
async fn the_sheet_that_is_signed_is_a_book() {
    for_all(async |archive| {
        receiving(archive, 2).await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        stated(
            archive,
            &[("certificate_no", "=青低保0900"), ("supplement", "60.5"), ("subsidy", "20")],
        )
        .await;
        let month = Month::of(day_of(app.now())).next();
        payments::list(&app, &clerk, &STREET.parse().unwrap(), month).await.unwrap();
        let asked = Asked { period: month.to_string(), ..Asked::default() };
        let list = whole(archive, "payments", &asked).await;
        assert_eq!(list.len(), 3);
        for (column, value) in [
            ("序号", "1"),
            ("低保证号", "=青低保0900"),
            ("户号", FIRST),
            ("户主", "户主900"),
            ("保障人数", "1"),
            ("月保障金（元）", "480.00"),
            ("分类施保（元）", "60.50"),
            ("物价等补贴（元）", "20.00"),
            ("合计（元）", "560.50"),
            ("签字", ""),
            ("备注", ""),
        ] {
            assert_eq!(at(&list, 1, column), value, "{column}");
        }
        assert_eq!(at(&list, 2, "月保障金（元）"), "560.50");
        let text = String::from_utf8(exported(archive, "payments", &asked, Shape::Csv).await);
        let text = text.unwrap();
        assert!(text.contains("\r\n1,'=青低保0900,") && text.contains(",60.50,"), "{text}");
        assert!(exported(archive, "payments", &asked, Shape::Xlsx).await.starts_with(b"PK"));
        let before = Asked { period: "2026-01".into(), ..Asked::default() };
        assert_eq!(whole(archive, "payments", &before).await.len(), 1);

        // Why the bank did not pay stands in the remarks.
        let bytes = format!("户号,金额,结果,原因\n{FIRST},560.50,失败,账号不符\n");
        let given =
            GivenFile { name: "回盘.csv", bytes: bytes.into(), partly: false, instead_of: None };
        paying::take_return(&app, &archive.bureau(), month, given, &|_, _| {}).await.unwrap();
        assert_eq!(at(&whole(archive, "payments", &asked).await, 1, "备注"), "账号不符");

        let other = archive.other_clerk();
        let theirs = books::table(&app, &other, "payments", &asked, 10).await.unwrap();
        assert!(theirs.sheet.rows.is_empty(), "another street");
        let (bureau, all) = (archive.bureau(), uses::Asked::default());
        let taken = uses::register(&app, &bureau, &all, None, 50).await.unwrap().uses;
        let taken = taken.iter().filter(|one| one.look.kind == Kind::Export);
        assert_eq!(taken.filter(|one| one.look.title.starts_with("领取金签字表")).count(), 2);
    })
    .await;
}

#[tokio::test]
async fn public_notices_are_a_book_and_say_no_more_than_outside() {
    for_all(async |archive| {
        receiving(archive, 1).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(FIRST));
        let post = async |kind, amount: &str| {
            let posting = Posting { kind, amount: amount.into(), from: None, until: None };
            notices::post(&app, &clerk, &no, posting).await.unwrap()
        };
        let wrong = post(NoticeKind::Proposed, "500").await;
        notices::take_down(&app, &clerk, wrong, "=金额写错").await.unwrap();
        post(NoticeKind::Confirmed, "560.5").await;
        let list = whole(archive, "notices", &Asked::default()).await;
        assert_eq!(list.len(), 3);
        for (column, value) in [
            ("序号", "1"),
            ("申请人姓名", "户主900"),
            ("家庭成员数量", "1"),
            ("保障金额（元/月）", "560.50"),
            ("公示自", "2026-11-23"),
            ("种类", NoticeKind::Confirmed.zh()),
            ("状态", "公示中"),
        ] {
            assert_eq!(at(&list, 1, column), value, "{column}");
        }
        assert_eq!(at(&list, 2, "状态"), "已撤下");
        let up = Asked { open: true, ..Asked::default() };
        assert_eq!(whole(archive, "notices", &up).await.len(), 2);
        let of = |period: &str| Asked { period: period.into(), ..Asked::default() };
        assert_eq!(whole(archive, "notices", &of("2026-Q3")).await.len(), 1);
        assert_eq!(whole(archive, "notices", &of("2026-11")).await.len(), 3);
        let text = exported(archive, "notices", &Asked::default(), Shape::Csv).await;
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(",'=金额写错") && !text.contains(FIRST), "{text}");
        assert!(!text.contains("户号") && !text.contains("住址"), "{text}");
        // In parts it is the same as whole.
        let part = books::table(&app, &clerk, "notices", &Asked::default(), 1).await.unwrap();
        let rest = Asked { after: part.next.unwrap(), ..Asked::default() };
        let rest = books::table(&app, &clerk, "notices", &rest, 1).await.unwrap();
        assert_eq!((rest.sheet.rows.len(), rest.next), (1, None));
        let theirs = books::table(&app, &archive.other_clerk(), "notices", &up, 10).await.unwrap();
        assert!(theirs.sheet.rows.is_empty(), "another street");
    })
    .await;
}

#[tokio::test]
async fn both_are_taken_along_from_their_pages_and_by_a_program() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    receiving(&archive, 1).await;
    let (app, clerk) = (&archive.app, archive.clerk());
    let month = Month::of(day_of(app.now())).next();
    paying::list(app, &clerk, &STREET.parse().unwrap(), month).await.unwrap();
    let mut browser = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let mut reader = Browser::of(app.clone(), "李文", STREET, &[Role::Reader]).await;
    for (page, code) in
        [(format!("/payments?month={month}"), "payments"), ("/notices".into(), "notices")]
    {
        let action = format!("action=\"/registers/{code}/export\"");
        assert!(browser.get(&page).await.text().contains(&action), "{page}");
        assert!(!reader.get(&page).await.text().contains(&action), "{page}");
    }
    let period = month.to_string();
    let given = [("purpose", "audit"), ("shape", "csv"), ("period", period.as_str())];
    let file = browser.post("/registers/payments/export", &given).await;
    assert!(file.text().contains("户主900") && file.text().contains("560.50"), "{}", file.text());
    let taking = json!({"reason": "4", "shape": "csv", "period": period});
    let file = browser.send_json("/api/v1/registers/payments/export", &taking).await;
    assert!(file.text().contains("户主900"), "{}", file.text());
    let table =
        json_of(&browser.get(&format!("/api/v1/registers/payments/table?period={period}")).await);
    assert_eq!(table["rows"].as_array().unwrap().len(), 1, "{table}");
    let sheet = browser.get(&format!("/payments/print?month={month}")).await.text();
    for name in ["月保障金", "分类施保", "物价等补贴", "领取人", "签字", "备注"]
    {
        assert!(sheet.contains(&format!(">{name}</th>")), "{name}: {sheet}");
    }
}

#[tokio::test]
async fn nothing_is_checked_before_it_was_reported() {
    for_all(async |archive| {
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let day = |text: &str| Some(text.parse().unwrap());
        let tip = Entering { on: day("2026-11-20"), ..entering(TIP) };
        let key = enter(archive, &neighbour(), "tips", tip).await;
        let checked = |on: &str| Entering { on: day(on), ..onward(&key, CHECKED) };
        let early = registers::enter(&app, &clerk, "tips", checked("2026-11-19")).await;
        let early = early.unwrap_err();
        assert!(matches!(rule(&early), Some(RowRule::Order(..))), "{early:?}");
        enter(archive, &clerk, "tips", checked("2026-11-20")).await;
        let answer = Entering { on: day("2026-11-22"), ..onward(&key, &[("answer", "已告知")]) };
        enter(archive, &clerk, "tips", answer).await;
        // Nor is the report moved behind its check.
        let entry = row(archive, &clerk, &key).await.lines[0].entry;
        let later =
            Entering { instead_of: Some(entry), on: day("2026-11-21"), ..onward(&key, TIP) };
        let later = registers::enter(&app, &clerk, "tips", later).await.unwrap_err();
        assert!(matches!(rule(&later), Some(RowRule::Order(..))), "{later:?}");
        let list = whole(archive, "tips", &Asked::default()).await;
        for (column, value) in
            [("日期", "2026-11-20"), ("核查日期", "2026-11-20"), ("反馈日期", "2026-11-22")]
        {
            assert_eq!(at(&list, 1, column), value, "{column}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_rule_of_days_is_told_on_the_page_and_words_are_english_there() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let key = enter(&archive, &neighbour(), "tips", entering(TIP)).await;
    let mut clerk = Browser::of(archive.app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let place = format!("/registers/tips/{COMMUNITY}/{}", key.number);
    let checked: Vec<(String, &str)> =
        CHECKED.iter().map(|(column, value)| (format!("v.{column}"), *value)).collect();
    let mut form: Vec<_> = checked.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    form.push(("on", "2026-11-01"));
    let refused = clerk.post(&place, &form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("后一环节不能早于前一环节"), "{}", refused.text());
    clerk.cookie = "lang=en".to_owned();
    let list = clerk.get("/registers/tips").await.text();
    for word in [">Call<", ">Named<", "waits: Checked", "<option value=\"网上\">Online</option>"]
    {
        assert!(list.contains(word), "{word}: {list}");
    }
    assert!(!list.contains("待核查"), "{list}");
    let one = clerk.get(&place).await.text();
    assert!(one.contains("<dd>Call</dd>"), "{one}");
    // What is on paper is Chinese.
    clerk.cookie = "lang=en".to_owned();
    assert!(clerk.get("/registers/tips/print").await.text().contains("待核查"));
}

#[tokio::test]
async fn rosters_relatives_and_spot_checks_have_the_columns_of_paper() {
    for_all(async |archive| {
        receiving(archive, 2).await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        stated(
            archive,
            &[
                ("certificate_no", "青低保0900"),
                ("house_condition", "砖混，60平方米"),
                ("roster_remarks", "单亲"),
                ("cause", "疾病"),
                ("near_relative", "王芳"),
                ("staff_unit", "柳桥街道办事处"),
                ("staff_post", "科员"),
                ("staff_relation", "姐妹"),
                ("staff_id_number", "11010519491231002X"),
                ("staff_phone", "13812345678"),
            ],
        )
        .await;
        let month = Month::of(day_of(app.now())).next();
        let setting = Setting {
            organisation: "990102000000".parse().unwrap(),
            from: month,
            amount: "1085".into(),
            method: Method::Difference,
            tiers: String::new(),
            unit: Unit::Fen,
            words: String::new(),
        };
        standards::set(&app, &archive.bureau(), setting).await.unwrap();
        let asked = Asked { period: month.to_string(), ..Asked::default() };
        let roster = whole(archive, "roster", &asked).await;
        for (column, value) in [
            ("序号", "1"),
            ("低保证编号", "青低保0900"),
            ("保障方式", "差额"),
            ("房屋状况", "砖混，60平方米"),
            ("致贫原因", "疾病"),
            ("备注", "单亲"),
        ] {
            assert_eq!(at(&roster, 1, column), value, "{column}");
        }
        let relatives = whole(archive, "near_relatives", &Asked::default()).await;
        for (column, value) in [
            ("工作人员姓名", "王芳"),
            ("单位", "柳桥街道办事处"),
            ("职务", "科员"),
            ("关系", "姐妹"),
            ("救助种类", "城市最低生活保障"),
            ("救助对象姓名", "户主900"),
        ] {
            assert_eq!(at(&relatives, 1, column), value, "{column}");
        }
        // Numbers of persons are covered, as everywhere.
        let number = at(&relatives, 1, "工作人员身份证号");
        assert!(number.contains('*') && number.ends_with("002X"), "{number}");

        let order = draws::order(&app, &clerk, ordering(STREET, Some(1), None)).await.unwrap().no;
        draws::draw(&app, &clerk, order).await.unwrap();
        let all = registers::Asked::default();
        let rows = registers::rows(&app, &clerk, SPOT_CHECKS, &all, 10).await.unwrap();
        let number = rows[0].number.clone();
        let key = registers::key(SPOT_CHECKS, STREET, &number).unwrap();
        let found = [("checkers", "赵玉梅、李建国"), ("subject", "收入"), ("agrees", "一致")];
        enter(archive, &clerk, SPOT_CHECKS, onward(&key, &found)).await;
        let checks = whole(archive, SPOT_CHECKS, &Asked::default()).await;
        for (column, value) in [
            ("抽查日期", "2026-11-23"),
            ("街道", "柳桥街道办事处"),
            ("居委会", "槐荫里社区居民委员会"),
        ] {
            assert_eq!(at(&checks, 1, column), value, "{column}");
        }
        comes_back(archive).await;
    })
    .await;
}
