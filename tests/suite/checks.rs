//! 核查: what other departments say of persons is taken in, set against what was
//! declared, and closed by a paper of the file.

use bytes::Bytes;
use serde_json::json;
use yidang::catalog::Refusal;
use yidang::filing::{self, NewHousehold};
use yidang::living::LivingError;
use yidang::living::evidence::{self, GivenResults, Taken};
use yidang::living::findings::{self, Asked, Standing, State, ToClose};
use yidang::living::payments;
use yidang::living::roster::{self, GivenRoster};
use yidang::living::statements::{self, Stating};
use yidang::model::access::{Actor, Role};
use yidang::model::act::Member;
use yidang::model::evidence::{EvidenceRule, Mapping, Outcome};
use yidang::model::id::DocumentId;
use yidang::model::living::LivingRule;
use yidang::model::month::Month;
use yidang::model::payment::Difference;
use yidang::record::RecordError;

use crate::files::noise;
use crate::harness::{Archive, CHEN, Sql, Store, description, for_all, household};
use crate::living::{NO, applied, comes_back, fact, json_of, opened, state, today};
use crate::pages::Browser;

/// The head of the household [`NO`].
const LIN: &str = "990102195203142149";
/// Somebody who is nobody here.
const NOBODY: &str = "990102196001010011";
/// Somebody of the other street.
const WU: &str = "990102197001011019";

fn given(kind: &str, text: &str) -> GivenResults {
    GivenResults {
        kind: kind.into(),
        as_of: None,
        name: "结果.csv".into(),
        bytes: Bytes::from(text.to_owned()),
        mapping: None,
        partly: false,
    }
}

async fn take(archive: &Archive, by: &Actor, given: GivenResults) -> Result<Taken, LivingError> {
    evidence::take(&archive.app, by, given, &|_, _| {}).await
}

async fn open(archive: &Archive, by: &Actor) -> Vec<Standing> {
    let asked = Asked { state: Some(State::Open), ..Asked::default() };
    findings::list(&archive.app, by, &asked, 50).await.unwrap().findings
}

/// A paper of the file of [`NO`].
async fn paper(archive: &Archive) -> DocumentId {
    let taken = archive.take(NO, "说明.png", &noise(30, 30)).await.unwrap();
    let said = description("B14", "核查说明", "2026-11-23");
    let (app, no) = (&archive.app, household(NO));
    filing::file(app, &archive.clerk(), taken.document, &no, said).await.unwrap();
    taken.document
}

/// A paper that was filed, and closes no finding.
async fn no_decision(archive: &Archive, type_code: &str, date: &str) -> DocumentId {
    let seed = u32::try_from(date.len() + type_code.len()).unwrap();
    let taken = archive.take(NO, "别的.png", &noise(31, 31 + seed)).await.unwrap();
    let said = description(type_code, "别的", date);
    let (app, no) = (&archive.app, household(NO));
    filing::file(app, &archive.clerk(), taken.document, &no, said).await.unwrap();
    taken.document
}

fn closing(one: &Standing, document: DocumentId) -> ToClose {
    ToClose {
        finding: one.finding.code.clone(),
        member: one.finding.member.map(|place| place.try_into().unwrap()),
        mark: one.finding.mark.clone(),
        outcome: Outcome::Explained,
        document,
        words: "已核实".into(),
    }
}

fn rule(error: &LivingError) -> Option<&EvidenceRule> {
    match error {
        LivingError::Record(RecordError::Refused(Refusal::Living(LivingRule::Evidence(rule)))) => {
            Some(rule)
        }
        _ => None,
    }
}

#[tokio::test]
async fn hidden_deposits_are_found_and_closed_by_a_paper() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, other) = (archive.app.clone(), archive.clerk(), archive.other_clerk());
        let no = household(NO);
        state(archive, "2026-01-01", vec![fact(None, "deposits", "5000")]).await;
        let text = format!(
            "姓名,身份证号,余额\n林秀芳,{LIN},8000\n谁,{NOBODY},1\n林秀方,{LIN},2\n林秀芳,123,2\n"
        );
        // Bad rows are told, and nothing is kept until the clerk says so.
        let first = take(archive, &clerk, given("deposits", &text)).await.unwrap();
        assert_eq!((first.entries.len(), first.kept, first.bad_total, first.unknown), (0, 0, 2, 1));
        let lines: Vec<_> = first.bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [4, 5]);
        let partly = GivenResults { partly: true, ..given("deposits", &text) };
        let kept = take(archive, &clerk, partly.clone()).await.unwrap();
        assert_eq!((kept.entries.len(), kept.kept, kept.households, kept.unknown), (1, 1, 1, 1));
        let again = take(archive, &clerk, partly.clone()).await.unwrap_err();
        assert!(matches!(rule(&again), Some(EvidenceRule::Taken(_))), "{again:?}");
        // The bureau takes the same file in too: its line counts once.
        take(archive, &archive.bureau(), partly).await.unwrap();

        let found = open(archive, &clerk).await;
        assert_eq!(found.len(), 1);
        let one = &found[0].finding;
        assert_eq!((one.code.as_str(), one.difference), ("deposits", 300_000));
        assert_eq!((one.declared.as_str(), one.found.as_str()), ("5000.00", "8000.00"));
        assert!(open(archive, &other).await.is_empty(), "another street sees nothing");
        let hidden = findings::of_household(&app, &other, &no).await;
        assert!(matches!(hidden, Err(LivingError::UnknownHousehold(_))), "{hidden:?}");

        // No decision without a paper of the file and words.
        let document = paper(archive).await;
        let close = async |closing| findings::close(&app, &clerk, &no, closing).await;
        let foreign = closing(&found[0], DocumentId(99_999));
        assert!(close(foreign).await.is_err());
        let silent = ToClose { words: " ".into(), ..closing(&found[0], document) };
        assert!(matches!(close(silent).await, Err(LivingError::Words)));
        let none = ToClose { mark: "1".into(), ..closing(&found[0], document) };
        assert!(matches!(close(none).await, Err(LivingError::Told { .. })));
        let told = |error: LivingError, part: &str| {
            let LivingError::Told { zh, .. } = error else { panic!("{error}") };
            assert!(zh.contains(part), "{zh}");
        };
        let copy = no_decision(archive, "A05", "2026-11-23").await;
        told(close(closing(&found[0], copy)).await.unwrap_err(), "要凭核对报告");
        let older = no_decision(archive, "A15", "2025-01-01").await;
        told(close(closing(&found[0], older)).await.unwrap_err(), "比查到的还早");
        let community = Actor { organisation: "990102003004".parse().unwrap(), ..clerk.clone() };
        let lower = findings::close(&app, &community, &no, closing(&found[0], document)).await;
        assert!(matches!(lower, Err(LivingError::OtherLevel(_))), "{lower:?}");
        close(closing(&found[0], document)).await.unwrap();
        let second = close(closing(&found[0], document)).await.unwrap_err();
        assert!(
            matches!(rule(&second), Some(EvidenceRule::Closed { author, .. }) if author == "赵玉梅"),
            "{second:?}"
        );
        assert!(open(archive, &clerk).await.is_empty());
        let all = findings::of_household(&app, &clerk, &no).await.unwrap();
        assert_eq!((all.findings.len(), all.findings[0].state), (1, State::Closed));

        // What is found later is another finding, and a correction settles it.
        let later = given("deposits", &format!("身份证号,余额\n{LIN},9000\n"));
        take(archive, &clerk, later).await.unwrap();
        assert_eq!(open(archive, &clerk).await.len(), 1);
        // A statement that nothing proves settles nothing.
        let bare = state(archive, "2026-02-01", vec![fact(None, "deposits", "17000")]).await;
        assert_eq!(open(archive, &clerk).await.len(), 1);
        let proven = Stating {
            from: Some("2026-02-01".parse().unwrap()),
            facts: vec![fact(None, "deposits", "17000")],
            proof: Some(document),
            seen: Some(bare),
            ..Stating::default()
        };
        statements::state(&app, &clerk, &no, proven).await.unwrap();
        let all = findings::of_household(&app, &clerk, &no).await.unwrap().findings;
        let states: Vec<_> = all.iter().map(|one| one.state).collect();
        assert_eq!(states, [State::Settled, State::Closed]);

        // Being told otherwise later is no decision.
        let car = |count: &str, as_of: &str| GivenResults {
            as_of: Some(as_of.parse().unwrap()),
            ..given("vehicles", &format!("身份证号,数量\n{LIN},{count}\n"))
        };
        take(archive, &clerk, car("1", "2026-10-01")).await.unwrap();
        let hidden = open(archive, &clerk).await;
        assert_eq!((hidden.len(), hidden[0].finding.outdated), (1, false));
        take(archive, &clerk, car("0", "2026-11-01")).await.unwrap();
        let still = open(archive, &clerk).await;
        assert_eq!((still.len(), &still[0].finding.mark), (1, &hidden[0].finding.mark));
        close(closing(&still[0], document)).await.unwrap();
        assert!(open(archive, &clerk).await.is_empty());
        // Nobody's number stands clear in a row or the log.
        let dump = archive.dump().await.join("\n");
        assert!(!dump.contains(LIN) && !dump.contains(NOBODY));
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn the_dead_and_those_of_two_households_are_found_and_nobody_else() {
    for_all(async |archive| {
        opened(archive).await;
        let (clerk, bureau) = (archive.clerk(), archive.bureau());
        assert!(open(archive, &bureau).await.is_empty(), "clean households are not flagged");
        let text = format!("公民身份号码,死亡日期\n{LIN},2026-10-01\n");
        take(archive, &clerk, given("deaths", &text)).await.unwrap();
        let found = open(archive, &clerk).await;
        assert_eq!((found.len(), found[0].finding.code.as_str()), (1, "dead"));
        assert_eq!(found[0].finding.since, "2026-11-23", "as of the file");
        // Whoever is in a household of another street too is found in both, and neither
        // street is told whose file the other is.
        let head = NewHousehold {
            head: "吴强".into(),
            id_number: WU.into(),
            address: String::new(),
            members: vec![Member {
                name: "林秀芳".into(),
                relation: "母".into(),
                id_number: LIN.into(),
            }],
        };
        let second = household("99010200200100888");
        filing::open_household(&archive.app, &bureau, &second, head).await.unwrap();
        let twice = async |by: &Actor| {
            let found = open(archive, by).await;
            let twice = found.into_iter().filter(|one| one.finding.code == "two_households");
            twice.map(|one| (one.household, one.finding.found)).collect::<Vec<_>>()
        };
        assert_eq!(twice(&clerk).await, [(NO.to_owned(), String::new())]);
        let both = twice(&bureau).await;
        assert_eq!(both.len(), 2);
        assert!(both.contains(&(NO.to_owned(), second.to_string())), "{both:?}");
        assert!(
            findings::list(
                &archive.app,
                &clerk,
                &Asked { organisation: "x".into(), ..Asked::default() },
                50
            )
            .await
            .is_err()
        );
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_found_dead_is_told_of_the_roster_until_somebody_decides() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        let (app, clerk, bureau) = (archive.app.clone(), archive.clerk(), archive.bureau());
        let number = fact(Some(1), "id_number", "990102195001012135");
        state(archive, "2026-01-01", vec![number]).await;
        let month = Month::of(today(archive)).next();
        payments::list(&app, &bureau, &"990102000000".parse().unwrap(), month).await.unwrap();
        let unlike = async |by: &Actor| {
            let found = payments::reconcile(&app, by, "", month).await.unwrap().unlike;
            found.into_iter().map(|one| (one.household, one.differences)).collect::<Vec<_>>()
        };
        assert_eq!(unlike(&bureau).await, []);
        let died = |day: &str| format!("姓名,身份证号,死亡日期\n周文,990102195001012135,{day}\n");
        let dead = [(NO.to_owned(), vec![Difference::FoundDead])];
        let as_of = Some("2026-11-22".parse().unwrap());
        let early = GivenResults { as_of, ..given("deaths", &died("2026-11-20")) };
        take(archive, &clerk, early).await.unwrap();
        assert_eq!(unlike(&bureau).await, dead);
        assert_eq!(unlike(&archive.other_clerk()).await, [], "another street is told nothing");
        // Decided by a paper it is none; results that come later have to be decided again.
        let found = open(archive, &clerk).await;
        let document = paper(archive).await;
        findings::close(&app, &clerk, &household(NO), closing(&found[0], document)).await.unwrap();
        assert_eq!(unlike(&bureau).await, []);
        take(archive, &clerk, given("deaths", &died("2026-11-21"))).await.unwrap();
        assert_eq!(unlike(&bureau).await, dead);
        // Once it is stated, the roster covers more than live there.
        state(archive, "2026-11-21", vec![fact(Some(1), "left", "死亡")]).await;
        assert_eq!(unlike(&bureau).await, [(NO.to_owned(), vec![Difference::TooMany])]);
    })
    .await;
}

#[tokio::test]
async fn hostile_files_are_refused() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let clerk = archive.clerk();
    let entries = archive.entries().await;
    for (kind, text) in [
        ("riches", format!("身份证号,余额\n{LIN},1\n")),
        ("deposits", String::new()),
        ("deposits", "姓名,余额\n林秀芳,1\n".to_owned()),
        ("deposits", format!("身份证号,姓名\n{LIN},林秀芳\n")),
        ("deposits", format!("身份证号,余额\n{}", format!("{LIN},1\n").repeat(100_001))),
        ("deposits", "PK\u{3}\u{4}".to_owned()),
    ] {
        let refused = take(&archive, &clerk, given(kind, &text)).await;
        assert!(refused.is_err(), "{kind}: {refused:?}");
    }
    let text = format!("身份证号,余额\n{LIN},1\n");
    let beyond = Mapping { id_number: 0, name: None, date: None, value: Some(9) };
    let wrong = GivenResults { mapping: Some(beyond), ..given("deposits", &text) };
    assert!(take(&archive, &clerk, wrong).await.is_err());
    let to_come = Some("2027-01-01".parse().unwrap());
    let early = GivenResults { as_of: to_come, ..given("deposits", &text) };
    assert!(take(&archive, &clerk, early).await.is_err());
    let lost = "身份证号,余额\n9.90102E+17,1\n";
    let lost = take(&archive, &clerk, given("deposits", lost)).await.unwrap();
    assert!(lost.bad[0].reason.contains("存成了数字"), "{lost:?}");
    assert_eq!(archive.entries().await, entries, "nothing was kept");
    // The limit that is passed is told.
    let many = format!("身份证号,余额\n{}", format!("{LIN},1\n").repeat(100_001));
    let many = take(&archive, &clerk, given("deposits", &many)).await.unwrap_err();
    assert!(many.to_string().contains("more than 100000 rows"), "{many}");
}

#[tokio::test]
async fn the_next_file_with_the_same_columns_is_read_like_the_last_one() {
    for_all(async |archive| {
        opened(archive).await;
        let clerk = archive.clerk();
        // Nobody knows these names.
        let text = |value: &str| format!("车主,证件,辆数\n林秀芳,{LIN},{value}\n");
        let unknown = take(archive, &clerk, given("vehicles", &text("1"))).await;
        assert!(unknown.is_err(), "{unknown:?}");
        let chosen = Mapping { id_number: 1, name: Some(0), date: None, value: Some(2) };
        let first = GivenResults { mapping: Some(chosen), ..given("vehicles", &text("1")) };
        let first = take(archive, &clerk, first).await.unwrap();
        assert_eq!((first.kept, first.as_before), (1, None));

        let over = async |by: &Actor, kind: &str, text: String| {
            evidence::look_over(&archive.app, by, kind, Bytes::from(text)).await.unwrap()
        };
        let seen = over(&clerk, "vehicles", text("2")).await;
        assert_eq!((seen.mapping, seen.as_before), (Some(chosen), Some(first.entries[0])));
        let next = take(archive, &clerk, given("vehicles", &text("2"))).await.unwrap();
        assert_eq!((next.kept, next.as_before), (1, Some(first.entries[0])));
        // It can be changed, and the change is what is offered then.
        let nameless = Mapping { name: None, ..chosen };
        let other = GivenResults { mapping: Some(nameless), ..given("vehicles", &text("3")) };
        let other = take(archive, &clerk, other).await.unwrap();
        let seen = over(&clerk, "vehicles", text("4")).await;
        assert_eq!((seen.mapping, seen.as_before), (Some(nameless), Some(other.entries[0])));
        // Not for another kind, other columns, or another office.
        assert_eq!(over(&clerk, "deposits", text("4")).await.mapping, None);
        let wider = over(&clerk, "vehicles", text("4").replace("辆数", "辆数,车牌")).await;
        assert_eq!((wider.mapping, wider.as_before), (None, None));
        assert_eq!(over(&archive.other_clerk(), "vehicles", text("4")).await.mapping, None);
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn results_are_taken_in_on_the_pages() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    let page = clerk.get("/checks").await.text();
    assert!(page.contains("没有待处理的核查发现"), "{page}");
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let part = |name: &str, value: &str| {
        format!("\r\n--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}")
    };
    let fields = format!("{token}{}{}", part("kind", "vehicles"), part("as_of", "2026-11-20"));
    let text = format!("车主,证件,辆数\n林秀芳,{LIN},1\n谁,{NOBODY},1\n");
    let sent = clerk.send_file("/checks/look", &fields, "车.csv", text.as_bytes(), false).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = clerk.get("/checks").await.text();
    assert!(page.contains("2 证件") && page.contains("车.csv"), "{page}");
    assert!(!other.get("/checks").await.text().contains("车.csv"));
    let form = [("id_number", "1"), ("name", "0"), ("value", "2"), ("date", "")];
    assert_eq!(clerk.post("/checks/take", &form).await.status, 303);
    let mut page = String::new();
    for _ in 0..200 {
        page = clerk.get("/checks").await.text();
        if page.contains("存下1行") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(page.contains("存下1行，涉及1户；1行查无此人"), "{page}");
    assert!(page.contains("车辆未报") && page.contains("林秀芳"), "{page}");
    // The next file with these columns is read like this one, and the page says so.
    let next = format!("车主,证件,辆数\n林秀芳,{LIN},2\n");
    let sent = clerk.send_file("/checks/look", &fields, "车二.csv", next.as_bytes(), false).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = clerk.get("/checks").await.text();
    assert!(page.contains("列照那次选好了") && page.contains("号记录"), "{page}");
    assert!(page.contains("<option value=\"1\" selected>2 证件"), "{page}");
    // Why rows cannot be read is said in the language of the page, before and after.
    let wrong = format!("车主,证件,辆数\n林秀芳,123,1\n{},{LIN},1\n", "长".repeat(501));
    let sent = clerk.send_file("/checks/look", &fields, "车三.csv", wrong.as_bytes(), false).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = clerk.get("/checks").await.text();
    assert!(page.contains("有一格超过500字"), "{page}");
    assert_eq!(clerk.post("/checks/take", &form).await.status, 303);
    let mut page = String::new();
    for _ in 0..200 {
        page = clerk.get("/checks").await.text();
        if page.contains("有2行读不出") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(page.contains("身份证号不是18位，是3位"), "{page}");
    clerk.cookie = "lang=en".into();
    let page = clerk.get("/checks").await.text();
    for why in ["has a length of 3, not 18", "a cell has more than 500 characters"] {
        assert!(page.contains(why), "{why}: {page}");
    }
    assert!(!page.contains("身份证号不是18位") && !page.contains("有一格超过500字"), "{page}");
    clerk.cookie = "lang=zh".into();
    let at = format!("/household/{NO}/findings");
    assert_eq!(other.get(&at).await.status, 404);
    assert!(clerk.get(&at).await.text().contains("要凭卷里的一件"));
    let document = paper(&archive).await.to_string();
    let page = clerk.get(&at).await.text();
    let mark = page.split("name=\"mark\" value=\"").nth(1).unwrap();
    let mark = mark.split('"').next().unwrap().to_owned();
    let form = |words: &'static str| {
        [
            ("finding", "vehicles"),
            ("member", ""),
            ("mark", &mark[..]),
            ("outcome", "changed"),
            ("document", &document[..]),
            ("words", words),
        ]
    };
    assert_eq!(clerk.post(&at, &form("")).await.status, 422);
    assert_eq!(clerk.post(&at, &form("减发")).await.status, 303);
    let second = clerk.post(&at, &form("又一次")).await;
    assert_eq!(second.status, 409);
    assert!(second.text().contains("赵玉梅刚才处理了这一条"), "{}", second.text());
    assert!(clerk.get("/checks?state=closed").await.text().contains("已处理"));
    assert_eq!(clerk.get("/checks?state=x&finding=y&after=z").await.status, 200);
    comes_back(&archive).await;
}

#[tokio::test]
async fn a_program_takes_results_in() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let app = &archive.app;
    let mut bureau = Browser::of(app.clone(), "何国平", "990102000000", &[Role::Clerk]).await;
    let kinds = json_of(&bureau.get("/api/v1/evidence/kinds").await);
    assert!(kinds.as_array().unwrap().iter().any(|one| one["code"] == "deaths"), "{kinds}");
    assert_eq!(json_of(&bureau.get("/api/v1/evidence").await), json!([]));
    let none = json_of(&bureau.get("/api/v1/findings").await);
    assert_eq!(none, json!({"findings": [], "next": null}));
    let text = format!("身份证号,死亡日期\n{LIN},2026-10-01\n");
    take(&archive, &archive.bureau(), given("deaths", &text)).await.unwrap();
    let found = json_of(&bureau.get("/api/v1/findings?state=open&finding=dead").await);
    let one = &found["findings"][0];
    assert_eq!((&one["head"], &one["member"]), (&json!("林秀芳"), &json!(0)), "{found}");
    for refused in ["state=x", "finding=x"] {
        let asked = bureau.get(&format!("/api/v1/findings?{refused}")).await;
        assert!(matches!(asked.status.as_u16(), 400 | 422), "{refused}: {}", asked.status);
    }
    let document = paper(&archive).await.0;
    let at = format!("/api/v1/households/{NO}/findings");
    let body = json!({"finding": "dead", "member": 0, "mark": one["mark"], "outcome": "stopped",
        "document": document, "words": "停发"});
    let closed = bureau.send_json(&at, &body).await;
    assert_eq!(closed.status, 201, "{}", closed.text());
    let again = bureau.send_json(&at, &body).await;
    assert_eq!(json_of(&again)["error"]["code"], "finding_closed");
    let all = json_of(&bureau.get(&at).await);
    assert_eq!(all["findings"][0]["closed"]["outcome"], "stopped", "{all}");
    let chen = bureau.get(&format!("/api/v1/households/{CHEN}/findings")).await;
    assert_eq!(json_of(&chen)["findings"], json!([]));
    comes_back(&archive).await;
}

#[tokio::test]
async fn a_roster_opens_households_whole_or_not_at_all() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let import = async |by: &Actor, text: &str, community: &str, partly| {
            let community = (!community.is_empty()).then(|| community.parse().unwrap());
            let bytes = Bytes::from(text.to_owned());
            let given = GivenRoster { community, bytes, partly, only_open: false };
            roster::import(&app, by, given, &|_, _| {}).await
        };
        let text = format!(
            "户号,姓名,与户主关系,身份证号,现住址\n\
             1,吴强,户主,{WU},槐荫里9号\n1,吴小,子,{NOBODY},\n\
             2,林秀芳,户主,{LIN},\n3,谁,户主,990102196001010012,\n"
        );
        let entries = archive.entries().await;
        let told = import(&clerk, &text, "990102003004", false).await.unwrap();
        assert_eq!((told.households, told.bad_total), (0, 2), "{told:?}");
        assert!(told.bad.iter().any(|bad| bad.line == 4 && bad.reason.contains("另一户")));
        assert_eq!(archive.entries().await, entries, "nothing was kept");
        let foreign = import(&clerk, &text, "990102002001", true).await;
        assert!(matches!(foreign, Err(LivingError::Told { .. })), "{foreign:?}");
        let kept = import(&clerk, &text, "990102003004", true).await.unwrap();
        assert_eq!((kept.households, kept.persons, kept.bad_total), (1, 2, 2));
        let again = import(&clerk, &text, "990102003004", true).await.unwrap();
        assert_eq!((again.households, again.bad_total), (0, 3), "{again:?}");
        assert!(open(archive, &clerk).await.is_empty(), "clean households are not flagged");
        let dump = archive.dump().await.join("\n");
        assert!(dump.contains("吴小") && !dump.contains(WU), "numbers are covered");
        comes_back(archive).await;
    })
    .await;
}
