//! A file is lent with the approval of another, read by nobody else and no
//! longer, and shown to its household at the counter.

mod counter;
mod decided;
mod effects;

use std::time::Duration;

use axum::http::StatusCode;
use yidang::guests::{self, GuestError};
use yidang::lending::{self, For, Handed, LendingError, List, Wanted, register};
use yidang::model::access::{Actor, Role};
use yidang::model::id::DocumentId;
use yidang::model::lending::{Cover, Manner, Purpose, Rule, Standing};
use yidang::people::{self, Changed, NewPerson};
use yidang::record::RecordError;
use yidang::uses::export::Shape;
use yidang::view::{self, opened};
use yidang::{binding, catalog::Refusal, filing, sessions, uses};

use crate::files::paper;
use crate::harness::{
    Archive, CHEN, NOBODY, Sql, Store, ZHOU, description, for_all, household, signed_in,
};
use crate::pages::Browser;

/// The street of 周桂兰, and the one beside it.
const LIUQIAO: &str = "990102003000";
const NANMEN: &str = "990102002000";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Somebody with an account.
async fn somebody(archive: &Archive, name: &str, organisation: &str, roles: &[Role]) -> Actor {
    let key = signed_in(&archive.app, name, organisation, roles).await;
    sessions::identify(&archive.app, &key).await.unwrap().unwrap().1
}

/// A filed paper of 周桂兰 and one of 陈志强, both read.
async fn two_papers(archive: &Archive) -> [DocumentId; 2] {
    let mut ids = Vec::new();
    for (no, head) in [(ZHOU, "周桂兰"), (CHEN, "陈志强")] {
        let lines = [
            "最低生活保障申请书".to_owned(),
            format!("申请人：{head}"),
            "女儿：周桂英".to_owned(),
            "电话：13800138000".to_owned(),
            "退休金八百元".to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let taken = archive.take(no, &format!("{head}.pdf"), &paper(&[&lines])).await.unwrap();
        let said = description("A01", "低保申请书", "2026-03-09");
        let (app, bureau) = (&archive.app, archive.bureau());
        filing::file(app, &bureau, taken.document, &household(no), said).await.unwrap();
        ids.push(taken.document);
    }
    archive.settle().await;
    ids.try_into().unwrap()
}

/// What is asked for: to read the file of 周桂兰 for a week.
fn wanted() -> Wanted {
    Wanted {
        household: household(ZHOU),
        borrower: For::Oneself,
        manner: Manner::Look,
        purpose: Purpose::Check,
        reason: "两个街道一起核对".into(),
        until: "2026-11-30".parse().unwrap(),
        cover: Cover::Numbers,
    }
}

/// So many pages, as they are handed over.
fn pages(pages: u32) -> Handed {
    Handed { pages, ..Handed::default() }
}

fn outsider() -> For {
    For::Outsider {
        name: "孙立".into(),
        body: "青石县审计局".into(),
        contact: "0990-5550".into(),
        certificate: "工作证 0417".into(),
    }
}

fn ruled(result: Result<impl std::fmt::Debug, LendingError>) -> Rule {
    match result.unwrap_err() {
        LendingError::Rule(rule) => rule,
        LendingError::Record(RecordError::Refused(Refusal::Lending(rule))) => rule,
        other => panic!("{other:?}"),
    }
}

fn unknown(result: Result<impl std::fmt::Debug, LendingError>) -> bool {
    matches!(result, Err(LendingError::Unknown))
}

#[tokio::test]
async fn a_file_is_lent_read_marked_and_closes_by_itself() {
    for_all(async |archive| {
        let [zhou, chen] = two_papers(archive).await;
        let reader = somebody(archive, "钱文斌", NANMEN, &[Role::Reader]).await;
        let approver = somebody(archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
        let other = somebody(archive, "马素琴", NANMEN, &[Role::Reader]).await;
        let app = &archive.app;

        let id = lending::ask(app, &reader, wanted()).await.unwrap();
        assert!(unknown(lending::grant(app, &reader, &id).await), "nobody has agreed");
        let waiting = lending::list(app, &approver, List::Waiting, None, 10).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].head.as_str()), (1, "周桂兰"));
        assert!(waiting[0].can.decide && !waiting[0].can.read);
        // The head is told to nobody who does not keep the file.
        assert_eq!(lending::get(app, &reader, &id).await.unwrap().head, "");
        lending::decide(app, &approver, &id, true, "").await.unwrap();

        let grant = lending::grant(app, &reader, &id).await.unwrap();
        assert!(grant.mark().contains("钱文斌") && grant.mark().contains("南门街道办事处"));
        let file = opened::file(app, &reader, &grant).await.unwrap();
        assert_eq!((file.head.as_str(), file.papers.len()), ("周桂兰", 1));
        let marked = opened::page_image(app, &reader, &grant, zhou, 1, 900).await.unwrap();
        let plain = view::page_image(app, &archive.bureau(), zhou, 1, 900).await.unwrap();
        assert_ne!(marked, plain);

        // It is noted who read, and by which lending; once for all pages.
        app.looks.flush().await.unwrap();
        let seen = uses::of_household(app, &archive.bureau(), &household(ZHOU), 10).await.unwrap();
        let theirs: Vec<_> = seen.uses.iter().filter(|one| one.person == "钱文斌").collect();
        assert_eq!(theirs.len(), 2, "the file and the paper: {theirs:?}");
        for one in theirs {
            let why = one.look.reason.as_ref().unwrap().zh();
            assert_eq!(why, format!("借阅 {}", &id[..8]));
        }

        // Of others there is nothing, and everywhere else it is as before.
        assert!(opened::paper(app, &reader, &grant, chen).await.is_err());
        assert!(opened::page_image(app, &reader, &grant, chen, 1, 900).await.is_err());
        assert!(opened::page_image(app, &reader, &grant, zhou, 2, 900).await.is_err());
        assert!(view::document(app, &reader, zhou).await.is_err());
        assert!(view::original(app, &reader, zhou, 1).await.is_err());
        assert!(view::page_image(app, &reader, zhou, 1, 900).await.is_err());
        assert!(view::household(app, &reader, &household(ZHOU)).await.is_err());
        assert_eq!(archive.find_as(&reader, "\"周桂兰\"").await.total, 0);
        let near = archive.find_as(&reader, "周桂兰").await;
        assert!(near.found.iter().all(|one| one.document == chen), "what is near is the street's");
        assert!(unknown(lending::grant(app, &other, &id).await));
        assert!(unknown(lending::get(app, &other, &id).await), "others do not know of it");
        assert!(unknown(lending::grant(app, &approver, &id).await));

        // No picture of it is kept.
        let kept = archive.paths("derived").await;
        assert!(kept.iter().all(|path| !path.contains("mark")), "{kept:?}");
        assert_eq!(kept.iter().filter(|path| path.ends_with("w900.jpg")).count(), 1);

        // The last day is over.
        archive.hands.advance(DAY * 7 + Duration::from_secs(16 * 3600 - 1));
        assert!(lending::grant(app, &reader, &id).await.is_ok());
        archive.hands.advance(Duration::from_secs(1));
        assert!(unknown(lending::grant(app, &reader, &id).await));
        let over = lending::list(app, &reader, List::Over, None, 10).await.unwrap();
        assert_eq!(over[0].standing, Standing::Lapsed);

        // It is all in the log, and a rebuild makes the same of it.
        let before = archive.dump().await;
        assert!(before.iter().any(|line| line.contains("\"table\":\"lending_step\"")));
        yidang::rebuild::rebuild(app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, before);
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_for_oneself_under_any_name_or_role() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let app = &archive.app;
    let both = [Role::Clerk, Role::Approver];
    let asker = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let id = lending::ask(app, &asker, wanted()).await.unwrap();
    assert!(matches!(
        lending::decide(app, &asker, &id, true, "").await,
        Err(LendingError::Denied(_))
    ));

    // The role changes between asking and deciding.
    let bureau = archive.bureau();
    let login = people::list(app, &bureau, None, 10).await.unwrap()[0].login.clone();
    people::grant(app, &bureau, &login, both.into()).await.unwrap();
    let asker = somebody(&archive, "赵玉梅", LIUQIAO, &both).await;
    assert_eq!(ruled(lending::decide(app, &asker, &id, true, "").await), Rule::OwnRequest);
    assert!(lending::get(app, &asker, &id).await.unwrap().can.own);

    // The account is renamed, and moved up.
    let renamed = Changed {
        name: "赵改名".into(),
        organisation: "990102000000".parse().unwrap(),
        disabled: false,
    };
    people::change(app, &bureau, &login, renamed).await.unwrap();
    let asker = somebody(&archive, "赵改名", "990102000000", &both).await;
    assert_eq!(ruled(lending::decide(app, &asker, &id, true, "").await), Rule::OwnRequest);

    // A second account of the same name.
    let twin = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Approver]).await;
    assert_ne!(twin.person, asker.person);
    assert_eq!(ruled(lending::decide(app, &twin, &id, false, "不").await), Rule::OwnRequest);

    // A second account, whichever of the two was renamed and when: called like the asker is now;
    // called so before, and otherwise now.
    let now = somebody(&archive, "赵改名", LIUQIAO, &[]).await;
    assert_eq!(now.person, asker.person);
    let all = people::list(app, &bureau, None, 100).await.unwrap();
    let second = NewPerson {
        login: "second".into(),
        name: "赵 改名".into(),
        organisation: LIUQIAO.parse().unwrap(),
    };
    people::add(app, &bureau, second).await.unwrap();
    assert_eq!(people::list(app, &bureau, None, 100).await.unwrap().len(), all.len() + 1);
    people::grant(app, &bureau, "second", vec![Role::Approver]).await.unwrap();
    for name in ["赵 改名", "全不同"] {
        let organisation = LIUQIAO.parse().unwrap();
        let called = Changed { name: name.into(), organisation, disabled: false };
        people::change(app, &bureau, "second", called).await.unwrap();
        let second = people::acting(app, "second").await.unwrap();
        assert_eq!(ruled(lending::decide(app, &second, &id, true, "").await), Rule::OwnRequest);
        let shown = lending::get(app, &second, &id).await.unwrap();
        assert!(shown.can.own && !shown.can.decide, "{name}");
    }

    // Past the use case, the door of the log refuses too.
    let forged = yidang::model::act::Act::DecideLending {
        lending: id.clone(),
        household: household(ZHOU),
        agreed: true,
        reason: String::new(),
    };
    let recorded = app.recorder.record(&asker, forged.clone()).await;
    assert!(matches!(recorded, Err(RecordError::Refused(Refusal::Lending(Rule::OwnRequest)))));
    let clerk = somebody(&archive, "田福来", LIUQIAO, &[Role::Clerk]).await;
    assert!(matches!(app.recorder.record(&clerk, forged).await, Err(RecordError::Denied(_))));

    // Noted by a clerk for somebody else: the borrower does not decide either.
    let borrower = somebody(&archive, "邓文彬", LIUQIAO, &both).await;
    let logins = people::list(app, &bureau, None, 10).await.unwrap();
    let login = logins.iter().find(|one| one.name == "邓文彬").unwrap().login.clone();
    let noted = Wanted { borrower: For::Person { login }, ..wanted() };
    let id = lending::ask(app, &clerk, noted).await.unwrap();
    assert_eq!(ruled(lending::decide(app, &borrower, &id, true, "").await), Rule::OwnRequest);

    // An approver of another street does not know of it; one of the own decides once.
    let far = somebody(&archive, "吴小满", NANMEN, &[Role::Approver]).await;
    assert!(unknown(lending::decide(app, &far, &id, true, "").await));
    let second = somebody(&archive, "何桂珍", LIUQIAO, &[Role::Approver]).await;
    assert_eq!(ruled(lending::decide(app, &second, &id, false, " ").await), Rule::Words);
    let long = "字".repeat(201);
    assert_eq!(ruled(lending::decide(app, &second, &id, false, &long).await), Rule::Words);
    lending::decide(app, &second, &id, false, "事由不清楚").await.unwrap();
    assert_eq!(ruled(lending::decide(app, &second, &id, true, "").await), Rule::Stage);
    assert!(unknown(lending::grant(app, &borrower, &id).await));
}

#[tokio::test]
async fn a_grant_ends_with_the_post_the_account_and_the_right() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let approver = somebody(&archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let reader = somebody(&archive, "钱文斌", NANMEN, &[Role::Reader]).await;
    let login = people::list(app, &bureau, None, 10).await.unwrap();
    let login = login.iter().find(|one| one.name == "钱文斌").unwrap().login.clone();
    let id = lending::ask(app, &reader, wanted()).await.unwrap();
    lending::decide(app, &approver, &id, true, "").await.unwrap();
    assert!(lending::grant(app, &reader, &id).await.is_ok());

    let moved = |organisation: &str, disabled| Changed {
        name: "钱文斌".into(),
        organisation: organisation.parse().unwrap(),
        disabled,
    };
    people::change(app, &bureau, &login, moved("990102002001", false)).await.unwrap();
    let now = somebody(&archive, "钱文斌", NANMEN, &[]).await;
    assert!(unknown(lending::grant(app, &now, &id).await), "works elsewhere now");
    assert!(!lending::get(app, &now, &id).await.unwrap().can.read);
    people::change(app, &bureau, &login, moved(NANMEN, false)).await.unwrap();
    let now = somebody(&archive, "钱文斌", NANMEN, &[]).await;
    assert!(lending::grant(app, &now, &id).await.is_ok());

    people::grant(app, &bureau, &login, vec![Role::Auditor]).await.unwrap();
    let now = somebody(&archive, "钱文斌", NANMEN, &[]).await;
    assert!(matches!(lending::grant(app, &now, &id).await, Err(LendingError::Denied(_))));
    people::grant(app, &bureau, &login, vec![Role::Reader]).await.unwrap();
    let key = signed_in(app, "钱文斌", NANMEN, &[]).await;
    people::change(app, &bureau, &login, moved(NANMEN, true)).await.unwrap();
    assert!(sessions::identify(app, &key).await.unwrap().is_none(), "no session, no grant");
    people::change(app, &bureau, &login, moved(NANMEN, false)).await.unwrap();

    // Ended before its day, by whoever keeps the file.
    let now = somebody(&archive, "钱文斌", NANMEN, &[]).await;
    assert_eq!(ruled(lending::end(app, &approver, &id, "").await), Rule::Words);
    lending::end(app, &approver, &id, "核对完了").await.unwrap();
    assert!(unknown(lending::grant(app, &now, &id).await));
    assert_eq!(ruled(lending::end(app, &now, &id, "再来").await), Rule::Stage);
}

#[tokio::test]
async fn a_request_tells_nothing_and_a_wrong_one_is_refused() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let app = &archive.app;
    let reader = somebody(&archive, "钱文斌", NANMEN, &[Role::Reader]).await;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let approver = somebody(&archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;

    // A number that nobody has is asked for like any other; who keeps files sees it.
    let nobodys = Wanted { household: household(NOBODY), ..wanted() };
    let id = lending::ask(app, &reader, nobodys).await.unwrap();
    let real = lending::ask(app, &reader, wanted()).await.unwrap();
    let [a, b] = [&id, &real].map(|id| lending::get(app, &reader, id));
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert_eq!((a.head, a.standing, a.can), (b.head, b.standing, b.can));
    assert!(lending::decide(app, &approver, &id, true, "").await.is_err());

    for until in ["2026-11-22", "2026-12-24", "9999-12-31"] {
        let wanted = Wanted { until: until.parse().unwrap(), ..wanted() };
        assert_eq!(ruled(lending::ask(app, &reader, wanted).await), Rule::Term, "{until}");
    }
    for reason in ["", "\n", &"字".repeat(201), "a\u{0}b"] {
        let wanted = Wanted { reason: reason.into(), ..wanted() };
        assert_eq!(ruled(lending::ask(app, &reader, wanted).await), Rule::Words);
    }
    let foreign = Wanted { borrower: outsider(), ..wanted() };
    assert!(matches!(
        lending::ask(app, &reader, foreign.clone()).await,
        Err(LendingError::Denied(_))
    ));
    let chen = Wanted { household: household(CHEN), ..foreign };
    assert!(matches!(lending::ask(app, &clerk, chen).await, Err(LendingError::NotOurs)));
    let nobody = Wanted { borrower: For::Person { login: "nobody".into() }, ..wanted() };
    let nobody = lending::ask(app, &reader, nobody).await.unwrap_err();
    assert!(matches!(nobody, LendingError::Nobody(_)));
    // A login of another office is answered like one that nobody has.
    let all = people::list(app, &archive.bureau(), None, 10).await.unwrap();
    let login = all.iter().find(|one| one.name == "赵玉梅").unwrap().login.clone();
    let elsewhere = Wanted { borrower: For::Person { login: login.clone() }, ..wanted() };
    let elsewhere = lending::ask(app, &reader, elsewhere).await.unwrap_err();
    assert_eq!(
        elsewhere.to_string(),
        nobody.to_string().replace("nobody\"", &format!("{login}\""))
    );
    let near = Wanted { borrower: For::Person { login: login.clone() }, ..wanted() };
    assert!(lending::ask(app, &approver, near).await.is_ok(), "of the own street");
    // Nor does a list of people that goes on behind it tell.
    let admin = Actor { role: Role::Administrator, ..reader.clone() };
    let first = people::list(app, &admin, None, 10).await.unwrap();
    assert_eq!(people::list(app, &admin, Some(&login), 10).await.unwrap(), first);
    assert_eq!(people::list(app, &admin, Some("nobody"), 10).await.unwrap(), first);
    for id in ["", "x", &"0".repeat(32), "../../etc", "' OR 1=1 --"] {
        assert!(unknown(lending::get(app, &approver, id).await), "{id}");
    }
}

#[tokio::test]
async fn papers_go_out_are_missed_and_come_back() {
    for_all(async |archive| {
        let app = &archive.app;
        let clerk = somebody(archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
        let approver = somebody(archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
        let archivist = somebody(archive, "何桂珍", LIUQIAO, &[Role::Archivist]).await;
        let paper = Wanted { borrower: outsider(), manner: Manner::Borrow, ..wanted() };
        let id = lending::ask(app, &clerk, paper).await.unwrap();
        assert_eq!(ruled(lending::hand_over(app, &archivist, &id, pages(12)).await), Rule::Stage);
        lending::decide(app, &approver, &id, true, "").await.unwrap();
        for wrong in [0, 100_001, 4_000_000_000] {
            let handed = lending::hand_over(app, &archivist, &id, pages(wrong)).await;
            assert_eq!(ruled(handed), Rule::Pages, "{wrong}");
        }
        assert_eq!(lending::hand_over(app, &archivist, &id, pages(12)).await.unwrap(), None);
        assert_eq!(ruled(lending::end(app, &archivist, &id, "不借了").await), Rule::Stage);

        archive.hands.advance(DAY * 10);
        let outside = lending::list(app, &archivist, List::Outside, None, 10).await.unwrap();
        assert_eq!(outside[0].standing, Standing::Overdue);
        assert_eq!(ruled(lending::take_back(app, &archivist, &id, 13, "完好").await), Rule::Pages);
        assert_eq!(ruled(lending::take_back(app, &archivist, &id, 12, "").await), Rule::Words);
        lending::take_back(app, &archivist, &id, 11, "缺第3页").await.unwrap();
        assert_eq!(ruled(lending::take_back(app, &archivist, &id, 1, "又来").await), Rule::Stage);
        let over = lending::list(app, &archivist, List::Over, None, 10).await.unwrap();
        assert_eq!(over[0].standing, Standing::Done);
        assert!(lending::list(app, &archivist, List::Outside, None, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn somebody_without_an_account_reads_by_a_code_that_works_once() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let [zhou, chen] = two_papers(&archive).await;
    let app = &archive.app;
    let clerk = somebody(&archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let approver = somebody(&archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let archivist = somebody(&archive, "何桂珍", LIUQIAO, &[Role::Archivist]).await;
    let id = lending::ask(app, &clerk, Wanted { borrower: outsider(), ..wanted() }).await.unwrap();
    lending::decide(app, &approver, &id, true, "").await.unwrap();
    assert_eq!(ruled(lending::code(app, &archivist, &id).await), Rule::Stage, "not handed over");
    let code = lending::hand_over(app, &archivist, &id, pages(0)).await.unwrap().unwrap();
    let second = lending::code(app, &archivist, &id).await.unwrap();
    let refused = |result: Result<sessions::Key, GuestError>| {
        assert!(matches!(result, Err(GuestError::Code)));
    };
    refused(guests::enter(app, &code).await);
    for wrong in ["", "AAAA-AAAA-AAAA", &"2".repeat(4000), "' OR ''='"] {
        refused(guests::enter(app, wrong).await);
    }
    let key = guests::enter(app, &second.to_lowercase()).await.unwrap();
    refused(guests::enter(app, &second).await);
    let visit = guests::identify(app, &key).await.unwrap().unwrap();
    assert!(!visit.is_own() && visit.grant.mark().contains("青石县审计局"));
    assert!(opened::page_image(app, &visit.actor(), &visit.grant, zhou, 1, 160).await.is_ok());
    assert!(opened::paper(app, &visit.actor(), &visit.grant, chen).await.is_err());
    // The key opens nothing as the key of a person.
    assert!(sessions::identify(app, &key).await.unwrap().is_none());

    // Codes grow old; sessions end when nobody asks, and when the lending does.
    let third = lending::code(app, &archivist, &id).await.unwrap();
    archive.hands.advance(Duration::from_secs(31 * 60));
    refused(guests::enter(app, &third).await);
    assert!(guests::identify(app, &key).await.unwrap().is_none(), "nobody asked for too long");
    let code = lending::code(app, &archivist, &id).await.unwrap();
    let key = guests::enter(app, &code).await.unwrap();
    assert!(guests::identify(app, &key).await.unwrap().is_some());
    lending::end(app, &approver, &id, "提前收回").await.unwrap();
    assert!(guests::identify(app, &key).await.unwrap().is_none());
}

#[tokio::test]
async fn the_pages_of_lending_say_what_can_be_done_and_show_no_script() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let [zhou, chen] = two_papers(&archive).await;
    let app = archive.app.clone();
    let mut clerk = Browser::of(app.clone(), "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let mut approver = Browser::of(app.clone(), "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let mut reader = Browser::of(app.clone(), "钱文斌", NANMEN, &[Role::Reader]).await;
    let mut archivist = Browser::of(app.clone(), "何桂珍", LIUQIAO, &[Role::Archivist]).await;
    let script = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";
    let fields = |reason: &str| {
        [
            ("household", ZHOU.to_owned()),
            ("who", "oneself".to_owned()),
            ("manner", "look".to_owned()),
            ("purpose", "audit".to_owned()),
            ("reason", reason.to_owned()),
            ("until", "2026-11-30".to_owned()),
            ("cover", "numbers".to_owned()),
        ]
    };
    let asked = fields(script);
    let asked: Vec<(&str, &str)> = asked.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let answer = reader.post("/lending/new", &asked).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let at = answer.header("location").to_owned();
    let long = fields(&"字".repeat(5000));
    let long: Vec<(&str, &str)> = long.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(reader.post("/lending/new", &long).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    for browser in [&mut reader, &mut approver, &mut archivist] {
        for page in ["/lending", at.as_str()] {
            let text = browser.get(page).await.text();
            assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{page}");
        }
    }
    let register = archivist.get("/lending/register").await.text();
    assert!(register.contains("钱文斌") && !register.contains("<script>alert"));
    let csv = archivist.get("/lending/register.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.text().contains("钱文斌") && csv.text().contains("\"\"'&"));
    let xlsx = archivist.get("/lending/register.xlsx").await;
    assert!(xlsx.bytes.starts_with(b"PK"), "a workbook");
    let taken = archivist.get("/uses?kind=export").await.text();
    assert!(taken.contains("借阅登记簿"), "that it was taken along is noted: {taken}");

    // What cannot be done is not offered, and refused when it is sent.
    assert!(approver.get(&at).await.text().contains("name=\"agreed\""));
    assert!(!reader.get(&at).await.text().contains("name=\"agreed\""));
    assert_eq!(reader.get(&format!("{at}/file")).await.status, StatusCode::NOT_FOUND);
    let refused = approver.post(&format!("{at}/decide"), &[("agreed", "no")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("理由要写"));
    let agreed = approver.post(&format!("{at}/decide"), &[("agreed", "yes")]).await;
    assert_eq!(agreed.header("location"), at);

    // Over the API the borrower reads the same, and nobody else does.
    let api = at.replace("/lending/", "/api/v1/lendings/");
    let file = reader.get(&format!("{api}/file")).await;
    let file: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
    assert_eq!((&file["head"], &file["papers"][0]["document"]), (&"周桂兰".into(), &zhou.0.into()));
    assert_eq!(file["papers"][0]["pages"], serde_json::json!(["shown"]));
    let page = reader.get(&format!("{api}/documents/{zhou}/pages/1.jpg?w=900")).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!(page.header("cache-control"), "no-store");
    for outside in [
        format!("{api}/documents/{chen}/pages/1.jpg"),
        format!("{api}/documents/{zhou}/pages/2.jpg"),
        format!("/api/v1/documents/{zhou}"),
    ] {
        assert_eq!(reader.get(&outside).await.status, StatusCode::NOT_FOUND, "{outside}");
    }
    let keeper = archivist.get(&format!("{api}/file")).await;
    assert_eq!(keeper.status, StatusCode::NOT_FOUND, "whoever keeps it does not borrow it");
    let register = archivist.get("/api/v1/lendings/register?limit=10").await;
    let register: serde_json::Value = serde_json::from_slice(&register.bytes).unwrap();
    assert_eq!(
        (&register[0]["borrower"], &register[0]["agreed"]),
        (&"钱文斌".into(), &true.into())
    );
    let denied = reader.get("/api/v1/lendings/register").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);

    // The borrower reads it there, and nowhere else.
    let file = reader.get(&format!("{at}/file")).await.text();
    assert!(file.contains("周桂兰") && file.contains(&format!("{at}/doc/{zhou}")));
    let page = reader.get(&format!("{at}/doc/{zhou}/page/1.jpg?w=900")).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(page.header("etag"), "");
    for outside in [
        format!("{at}/doc/{chen}"),
        format!("{at}/doc/{chen}/page/1.jpg"),
        format!("{at}/doc/{zhou}/page/0.jpg"),
        format!("{at}/doc/{zhou}/page/2.jpg"),
        format!("/doc/{zhou}"),
        format!("/doc/{zhou}/page/1.jpg"),
        format!("/household/{ZHOU}"),
        format!("/volume/{ZHOU}"),
    ] {
        assert_eq!(reader.get(&outside).await.status, StatusCode::NOT_FOUND, "{outside}");
    }
    for closed in [format!("/doc/{zhou}/file/1"), format!("/doc/{zhou}/bundle")] {
        assert!(reader.get(&closed).await.status.is_client_error());
    }
    assert!(!reader.get("/households").await.text().contains("周桂兰"));
    // Whoever else has the address: the approver does not borrow it, the clerk neither.
    for browser in [&mut approver, &mut clerk, &mut archivist] {
        assert_eq!(browser.get(&format!("{at}/file")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_register_has_the_secrecy_that_the_profile_gives() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    two_papers(&archive).await;
    let reader = somebody(&archive, "钱文斌", NANMEN, &[Role::Reader]).await;
    let archivist = somebody(&archive, "何桂珍", LIUQIAO, &[Role::Archivist]).await;
    lending::ask(&archive.app, &reader, wanted()).await.unwrap();
    let at = register::COLUMNS.iter().position(|(zh, _)| *zh == "密级").unwrap();
    let cell = async |archive: &Archive| {
        let rows = register::register(&archive.app, &archivist, None, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows[0].cells(false)[at].clone()
    };
    assert_eq!(cell(&archive).await, "", "none is made up");
    let level = "内部资料";
    let app = std::sync::Arc::get_mut(&mut archive.app).expect("nobody else has it open");
    level.clone_into(&mut app.profile.volume.secrecy);
    assert_eq!(cell(&archive).await, "", "nothing is bound");
    binding::bind(&archive.app, &archive.bureau(), &household(ZHOU), "").await.unwrap();
    assert_eq!(cell(&archive).await, level);
    let file = register::export(&archive.app, &archivist, Shape::Csv, false).await.unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("题名,密级,方式") && file.contains(&format!(",{level},")), "{file}");
    let denied = register::register(&archive.app, &reader, None, 10).await;
    assert!(matches!(denied, Err(LendingError::Denied(_))));
}
