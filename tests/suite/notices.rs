//! 公示: three things are shown outside, for as long as they have to be, and
//! nothing else.

use std::time::Duration;

use yidang::catalog::Refusal;
use yidang::filing::{self, NewHousehold};
use yidang::model::access::Role;
use yidang::model::act::{Act, Member};
use yidang::model::look::Kind;
use yidang::model::money::Fen;
use yidang::model::notice::{NoticeKind, NoticeRule};
use yidang::notices::{self, Asked, NoticeError, Posting, Standing};
use yidang::record::RecordError;
use yidang::{rebuild, uses};

use crate::harness::{Archive, Sql, Store, for_all, household};
use crate::pages::Browser;

const NO: &str = "99010200300400777";
const ID: &str = "990102194912310021";

async fn opened(archive: &Archive) {
    let member =
        Member { name: "林小满".into(), relation: "女".into(), id_number: String::new() };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: ID.into(),
        address: "槐荫里7号".into(),
        members: vec![member],
    };
    filing::open_household(&archive.app, &archive.bureau(), &household(NO), new).await.unwrap();
}

fn wanted(kind: NoticeKind, amount: &str) -> Posting {
    Posting { kind, amount: amount.into(), from: None, until: None }
}

fn all() -> Asked {
    Asked::default()
}

#[tokio::test]
async fn a_notice_is_up_for_its_days_and_comes_back_from_the_log() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(NO));
        let entry =
            notices::post(&app, &clerk, &no, wanted(NoticeKind::Proposed, "1120.5")).await.unwrap();
        let shown = notices::get(&app, &clerk, entry).await.unwrap();
        assert_eq!((shown.applicant.as_str(), shown.members), ("林秀芳", 2));
        assert_eq!((shown.amount, shown.standing), (Fen::new(112_050), Standing::Up));
        let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
        let until = shown.until.clone().unwrap();
        assert_eq!(day(&shown.from).until(day(&until)).unwrap().get_days(), 7);

        // Other offices neither see it nor touch it, and a reader touches nothing.
        let other = archive.other_clerk();
        assert!(notices::list(&app, &other, &all(), 10).await.unwrap().is_empty());
        for (who, which) in [(&other, entry), (&clerk, entry + 900)] {
            let down = notices::take_down(&app, who, which, "看看").await;
            assert!(matches!(down, Err(NoticeError::Unknown(no)) if no == which), "{down:?}");
        }
        let foreign = notices::post(&app, &other, &no, wanted(NoticeKind::Proposed, "1")).await;
        assert!(matches!(foreign, Err(NoticeError::UnknownHousehold(_))), "{foreign:?}");

        // What is confirmed stays for as long as it is paid; the other is over.
        let confirmed =
            notices::post(&app, &clerk, &no, wanted(NoticeKind::Confirmed, "1120")).await.unwrap();
        archive.hands.advance(Duration::from_secs(8 * 24 * 3600));
        let shown = notices::get(&app, &clerk, entry).await.unwrap();
        assert_eq!(shown.standing, Standing::Over);
        let up = Asked { up: true, ..all() };
        let found = notices::list(&app, &clerk, &up, 10).await.unwrap();
        assert_eq!(found.iter().map(|one| one.entry).collect::<Vec<_>>(), [confirmed]);
        let late = notices::take_down(&app, &clerk, entry, "写错了").await;
        assert!(matches!(late, Err(NoticeError::NotUp(_))), "{late:?}");

        let nothing = notices::take_down(&app, &clerk, confirmed, " ").await;
        assert!(matches!(nothing, Err(NoticeError::Rule(NoticeRule::Reason))), "{nothing:?}");
        notices::take_down(&app, &clerk, confirmed, "停保").await.unwrap();
        let shown = notices::get(&app, &clerk, confirmed).await.unwrap();
        assert_eq!((shown.standing, shown.reason.as_str()), (Standing::TakenDown, "停保"));
        // Twice, past the use case: the catalog itself refuses.
        let again = Act::TakeDownNotice { household: no, notice: confirmed, reason: "再".into() };
        let again = app.recorder.record(&clerk, again).await;
        assert!(matches!(again, Err(RecordError::Refused(Refusal::NotUp(..)))), "{again:?}");

        let before = archive.dump().await;
        assert_eq!(before.iter().filter(|line| line.contains("\"table\":\"notice\"")).count(), 2);
        archive.app.settle().await.unwrap();
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, before);
    })
    .await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_put_up() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, no) = (&archive.app, archive.clerk(), household(NO));
    for amount in ["", "0", "0.00", "-1", "1.234", "1e3", "99999999", "五百"] {
        let bad = notices::post(app, &clerk, &no, wanted(NoticeKind::Proposed, amount)).await;
        assert!(matches!(bad, Err(NoticeError::Amount(_))), "{amount}: {bad:?}");
    }
    let today = yidang::model::lending::day_of(app.now());
    for (until, rule) in [(6, NoticeRule::TooShort(7)), (-1, NoticeRule::Days)] {
        let until = today.checked_add(jiff::Span::new().days(until)).unwrap();
        let short = Posting { until: Some(until), ..wanted(NoticeKind::Proposed, "560") };
        let bad = notices::post(app, &clerk, &no, short).await;
        assert!(matches!(bad, Err(NoticeError::Rule(found)) if found == rule), "{bad:?}");
    }
    for asked in [
        Asked { organisation: "九".into(), ..all() },
        Asked { household: "1".into(), ..all() },
        Asked { kind: "x".into(), ..all() },
    ] {
        let bad = notices::list(app, &clerk, &asked, 10).await;
        assert!(matches!(bad, Err(NoticeError::Asked(_))), "{asked:?}: {bad:?}");
    }
    assert!(notices::list(app, &clerk, &all(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn two_notices_of_one_kind_are_not_up_on_one_day() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, no) = (&archive.app, archive.clerk(), household(NO));
    let today = yidang::model::lending::day_of(app.now());
    let on = |from: i64, until: i64| {
        let day = |days| today.checked_add(jiff::Span::new().days(days)).ok();
        Posting { from: day(from), until: day(until), ..wanted(NoticeKind::Proposed, "560") }
    };
    let first = notices::post(app, &clerk, &no, on(10, 20)).await.unwrap();
    for (from, until) in [(10, 20), (3, 10), (20, 30), (0, 40), (12, 19)] {
        let twice = notices::post(app, &clerk, &no, on(from, until)).await;
        assert!(matches!(twice, Err(NoticeError::SameDays(entry)) if entry == first), "{twice:?}");
    }
    let other = Posting { kind: NoticeKind::Confirmed, until: None, ..on(10, 20) };
    notices::post(app, &clerk, &no, other).await.unwrap();
    let ever = Posting { until: None, ..wanted(NoticeKind::Confirmed, "560") };
    let ever = notices::post(app, &clerk, &no, ever).await;
    assert!(matches!(ever, Err(NoticeError::SameDays(_))), "{ever:?}");
    notices::post(app, &clerk, &no, on(2, 9)).await.unwrap();
    notices::post(app, &clerk, &no, on(21, 30)).await.unwrap();
    notices::take_down(app, &clerk, first, "写错了").await.unwrap();
    notices::post(app, &clerk, &no, on(10, 20)).await.unwrap();
}

#[tokio::test]
async fn the_sheet_on_the_wall_has_three_things_about_people() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let form = [("kind", "proposed"), ("amount", "1120.5"), ("from", ""), ("until", "")];
    let gone = clerk.post(&format!("/household/{NO}/notices"), &form).await;
    assert_eq!(gone.status, 303);
    let listed = clerk.get(gone.header("location")).await.text();
    assert!(listed.contains("林秀芳户已公示") && listed.contains("1,120.50"), "{listed}");
    let sheet = clerk.get("/notices/print?sheet=proposed").await.text();
    for word in ["初审公示", "林秀芳", "<td>2</td>", "1,120.50"] {
        assert!(sheet.contains(word), "{word}: {sheet}");
    }
    // Nobody else of the household, no number of any kind, no address, no reason.
    for word in ["林小满", ID, "990102********", NO, "槐荫里7号"] {
        assert!(!sheet.contains(word), "{word}: {sheet}");
    }
    assert!(!clerk.get("/notices/print?sheet=confirmed").await.text().contains("林秀芳"));
    let printed = uses::register(app, &archive.bureau(), &uses::Asked::default(), None, 10)
        .await
        .unwrap()
        .uses;
    let printed = printed.iter().filter(|one| one.look.kind == Kind::Print).count();
    assert_eq!(printed, 2, "both printings are noted");

    let mut reader = Browser::of(app.clone(), "何立新", "990102003000", &[Role::Reader]).await;
    let page = reader.get("/notices").await.text();
    assert!(page.contains("林秀芳") && !page.contains("/down\""), "{page}");
    assert_eq!(reader.post("/notices/2/down", &[("reason", "看看")]).await.status, 403);
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    assert!(!other.get("/notices?all=yes").await.text().contains("林秀芳"));
    let bad = clerk.get("/notices?household=1").await;
    assert!(bad.text().contains("筛选看不懂"));
    let entry = notices::list(app, &archive.clerk(), &all(), 1).await.unwrap()[0].entry;
    assert!(clerk.get("/notices").await.text().contains("没挂满就撤下的不算数"));
    let down = clerk.post(&format!("/notices/{entry}/down"), &[("reason", "<b>写错")]).await;
    assert_eq!(down.status, 303);
    // Twice is a conflict; one that never was, or is another office's, is not there.
    let (path, reason) = (|no: i64| format!("/notices/{no}/down"), [("reason", "再")]);
    let json = serde_json::json!({ "reason": "再" });
    let asked = async |who: &mut Browser, no: i64| {
        let page = who.post(&path(no), &reason).await;
        let api = who.send_json(&format!("/api/v1{}", path(no)), &json).await;
        (page.status.as_u16(), api.status.as_u16(), page.text() + &api.text())
    };
    let (page, api, said) = asked(&mut clerk, entry).await;
    assert_eq!((page, api), (409, 409), "{said}");
    assert!(said.contains("已经撤下") && said.contains("not_up"), "{said}");
    let (page, api, said) = asked(&mut clerk, entry + 900).await;
    assert_eq!((page, api), (404, 404), "{said}");
    assert!(said.contains("没有第") && said.contains("unknown_notice"), "{said}");
    let (page, api, foreign) = asked(&mut other, entry).await;
    assert_eq!((page, api), (404, 404), "{foreign}");
    let over = clerk.get("/notices?all=yes").await.text();
    assert!(over.contains("已撤下") && over.contains("&#60;b&#62;写错"), "{over}");
}
