//! 台账: rows that go through stages and are corrected, what is kept apart, random samples,
//! lists as tables and files, what is due.

mod columns;

use std::time::Duration;

use serde_json::{Value, json};
use yidang::catalog::Refusal;
use yidang::filing::{self, NewHousehold};
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::registers::books::{self, Asked};
use yidang::living::registers::draws::{self, Ordering, SPOT_CHECKS};
use yidang::living::registers::{self, Entering, Key, RegisterError, Row, sign_offs};
use yidang::living::statements::{self, Stating};
use yidang::living::{LivingError, due, payments};
use yidang::model::access::{Actor, Role};
use yidang::model::act::Act;
use yidang::model::draw::{DrawSample, Drawn};
use yidang::model::id::{Digest, HouseholdNo};
use yidang::model::lending::day_of;
use yidang::model::living::Fact;
use yidang::model::month::Month;
use yidang::model::register::{Cell, RowRule};
use yidang::rebuild;
use yidang::record::RecordError;
use yidang::sheet::Shape;

use crate::files::noise;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, actor, for_all, household};
use crate::pages::{Answer, Browser};

const COMMUNITY: &str = "990102003004";
const STREET: &str = "990102003000";
const INFORMANT: &str = "孙大勇";

fn days(archive: &Archive, days: u64) {
    archive.hands.advance(Duration::from_secs(days * 24 * 3600));
}

fn cells(pairs: &[(&str, &str)]) -> Vec<Cell> {
    let cell = |(column, value): &(&str, &str)| Cell {
        column: (*column).to_owned(),
        value: (*value).to_owned(),
    };
    pairs.iter().map(cell).collect()
}

fn entering(pairs: &[(&str, &str)]) -> Entering {
    Entering { values: cells(pairs), ..Entering::default() }
}

const TIP: &[(&str, &str)] = &[
    ("manner", "来电"),
    ("named", "实名"),
    ("informant", INFORMANT),
    ("contact", "13812345678"),
    ("reported", "周桂兰"),
    ("content", "在外有一套住房出租，没有报。"),
    ("taken_by", "赵玉梅"),
];

const CHECKED: &[(&str, &str)] =
    &[("checkers", "赵玉梅、李建国"), ("findings", "属实"), ("outcome", "重新核算")];

/// The community's clerk, who is below the street.
fn neighbour() -> Actor {
    actor("孙晓", COMMUNITY, Role::Clerk)
}

async fn enter(archive: &Archive, by: &Actor, code: &str, what: Entering) -> Key {
    registers::enter(&archive.app, by, code, what).await.unwrap().0
}

async fn row(archive: &Archive, by: &Actor, key: &Key) -> Row {
    registers::row(&archive.app, by, key).await.unwrap()
}

/// What a row waits for, entered.
fn onward(key: &Key, pairs: &[(&str, &str)]) -> Entering {
    Entering {
        number: Some(key.number),
        organisation: Some(key.organisation.clone()),
        ..entering(pairs)
    }
}

fn rule(error: &RegisterError) -> Option<&RowRule> {
    match error {
        RegisterError::Rule(rule) => Some(rule),
        RegisterError::Living(LivingError::Record(RecordError::Refused(Refusal::Row(rule)))) => {
            Some(rule)
        }
        _ => None,
    }
}

/// What was done is what the log says: a rebuild makes the same rows.
async fn comes_back(archive: &Archive) {
    let before = archive.dump().await;
    archive.app.settle().await.unwrap();
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(archive.dump().await, before);
}

#[tokio::test]
async fn a_tip_is_registered_checked_and_answered_and_nothing_is_edited() {
    for_all(async |archive| {
        let (app, clerk, other) = (archive.app.clone(), archive.clerk(), archive.other_clerk());
        let tip = Entering { household: Some(household(ZHOU)), ..entering(TIP) };
        let key = enter(archive, &neighbour(), "tips", tip.clone()).await;
        assert_eq!(
            (key.organisation.as_str(), key.number.to_string()),
            (COMMUNITY, "2026-001".to_owned())
        );
        let second = enter(archive, &neighbour(), "tips", tip).await;
        assert_eq!(second.number.to_string(), "2026-002");
        let shown = row(archive, &clerk, &key).await;
        assert_eq!(
            (shown.next_stage.as_str(), shown.next_level.as_str(), shown.due.as_str()),
            ("checked", "street", "2026-12-21"),
            "20 working days from Monday the 23rd of November"
        );
        assert!(shown.lines[0].sealed && shown.value("informant").is_empty());

        // The street checks, not the community; two people at least.
        let early = registers::enter(&app, &neighbour(), "tips", onward(&key, CHECKED)).await;
        assert!(
            matches!(early, Err(RegisterError::Living(LivingError::OtherLevel(_)))),
            "{early:?}"
        );
        let mut alone = onward(&key, CHECKED);
        alone.values[0].value = "赵玉梅".into();
        let alone = registers::enter(&app, &clerk, "tips", alone).await.unwrap_err();
        assert!(matches!(rule(&alone), Some(RowRule::People(_, 2))), "{alone:?}");
        enter(archive, &clerk, "tips", onward(&key, CHECKED)).await;
        assert_eq!(row(archive, &clerk, &key).await.next_stage, "answered", "by name: answered");
        // Whoever saw less enters nothing.
        let stale = Entering { seen: Some(shown.last), ..onward(&key, &[("answer", "已告知")]) };
        let stale = registers::enter(&app, &clerk, "tips", stale).await.unwrap_err();
        assert!(matches!(rule(&stale), Some(RowRule::Meanwhile(_))), "{stale:?}");

        // The first line was wrong: it was anonymous. It is struck and stays.
        let anonymous: Vec<_> = TIP
            .iter()
            .filter(|(column, _)| !matches!(*column, "informant" | "contact"))
            .map(|(column, value)| (*column, if *column == "named" { "匿名" } else { *value }))
            .collect();
        let wrong = row(archive, &clerk, &key).await.lines[0].entry;
        let corrected = Entering {
            instead_of: Some(wrong),
            household: Some(household(ZHOU)),
            ..onward(&key, &anonymous)
        };
        enter(archive, &clerk, "tips", corrected.clone()).await;
        let now = row(archive, &clerk, &key).await;
        assert_eq!(now.lines.len(), 3);
        assert_eq!(now.lines[0].struck, Some(now.lines[2].entry));
        assert_eq!((now.value("named"), now.next_stage.as_str()), ("匿名", ""), "nobody to answer");
        let twice = registers::enter(&app, &clerk, "tips", corrected).await.unwrap_err();
        assert!(matches!(rule(&twice), Some(RowRule::NoLine(_))), "{twice:?}");
        let done = registers::enter(&app, &clerk, "tips", onward(&key, CHECKED)).await.unwrap_err();
        assert!(matches!(rule(&done), Some(RowRule::NotItsTurn(_))), "{done:?}");

        // Another street sees none of it, and may enter nothing in it.
        let asked = registers::Asked::default();
        assert!(registers::rows(&app, &other, "tips", &asked, 10).await.unwrap().is_empty());
        let foreign = registers::row(&app, &other, &key).await;
        assert!(matches!(foreign, Err(RegisterError::UnknownRow(_))), "{foreign:?}");
        let foreign = registers::enter(&app, &other, "tips", onward(&second, CHECKED)).await;
        assert!(matches!(foreign, Err(RegisterError::UnknownRow(_))), "{foreign:?}");
        let theirs = Entering { organisation: Some(STREET.parse().unwrap()), ..entering(TIP) };
        let theirs = registers::enter(&app, &other, "tips", theirs).await;
        assert!(matches!(theirs, Err(RegisterError::Side)), "{theirs:?}");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn who_reported_something_is_kept_apart() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, clerk) = (archive.app.clone(), archive.clerk());
    let tip = Entering { household: Some(household(ZHOU)), ..entering(TIP) };
    let key = enter(&archive, &neighbour(), "tips", tip).await;
    let dump = archive.dump().await.join("\n");
    for word in [INFORMANT, "13812345678"] {
        assert!(!dump.contains(word), "{word}");
    }
    // Nor in the history of the household, which whoever packs it takes along.
    let acts =
        yidang::history::of_household(&app, &clerk, &household(ZHOU), None, 50).await.unwrap();
    assert!(acts.told.iter().all(|told| told.body.act.name() != "enter_row"));
    let entry = row(&archive, &clerk, &key).await.lines[0].entry;
    let reason = || "信访".parse().unwrap();
    let values = registers::sealed(&app, &clerk, (&key, entry), reason()).await.unwrap();
    assert_eq!(values["informant"], INFORMANT);
    let below = registers::sealed(&app, &neighbour(), (&key, entry), reason()).await;
    assert!(matches!(below, Err(RegisterError::Living(LivingError::OtherLevel(_)))), "{below:?}");
    let reader = actor("李文", STREET, Role::Reader);
    let reader = registers::sealed(&app, &reader, (&key, entry), reason()).await;
    assert!(matches!(reader, Err(RegisterError::Living(LivingError::Denied(_)))), "{reader:?}");
    let other = registers::sealed(&app, &archive.other_clerk(), (&key, entry), reason()).await;
    assert!(matches!(other, Err(RegisterError::UnknownRow(_))), "{other:?}");
    // Named, and no name.
    let nameless: Vec<_> =
        TIP.iter().filter(|(column, _)| *column != "informant").copied().collect();
    let nameless = registers::enter(&app, &clerk, "tips", entering(&nameless)).await.unwrap_err();
    assert!(matches!(rule(&nameless), Some(RowRule::Missing(_))), "{nameless:?}");
    // A correction that does not say it again keeps it.
    let again: Vec<_> = TIP
        .iter()
        .filter(|(column, _)| !matches!(*column, "informant" | "contact"))
        .map(|(column, value)| (*column, if *column == "manner" { "来信" } else { *value }))
        .collect();
    let again = Entering { instead_of: Some(entry), ..onward(&key, &again) };
    enter(&archive, &clerk, "tips", again).await;
    let entry = row(&archive, &clerk, &key).await.lines[1].entry;
    let values = registers::sealed(&app, &clerk, (&key, entry), reason()).await.unwrap();
    assert_eq!(values["informant"], INFORMANT);
}

#[tokio::test]
async fn papers_handed_over_are_counted_by_both_sides() {
    for_all(async |archive| {
        let (app, community, street) = (archive.app.clone(), neighbour(), archive.clerk());
        let sent = |pages: &'static str| {
            let values =
                [("papers", "申请材料"), ("count", "3"), ("pages", pages), ("sender", "孙晓")];
            Entering { other: Some(STREET.parse().unwrap()), ..entering(&values) }
        };
        let to_nobody = Entering { other: None, ..sent("12") };
        let to_nobody =
            registers::enter(&app, &community, "transfers", to_nobody).await.unwrap_err();
        assert!(matches!(rule(&to_nobody), Some(RowRule::Missing(_))), "{to_nobody:?}");
        let key = enter(archive, &community, "transfers", sent("12")).await;
        let open = row(archive, &street, &key).await;
        assert_eq!((open.next_stage.as_str(), open.next_level.as_str()), ("received", "street"));
        // The sender does not say for the receiver what came.
        let received = [("count_received", "3"), ("pages_received", "11"), ("receiver", "赵玉梅")];
        let own = registers::enter(&app, &community, "transfers", onward(&key, &received)).await;
        assert!(matches!(own, Err(RegisterError::Side)), "{own:?}");
        enter(archive, &street, "transfers", onward(&key, &received)).await;
        // Counts differ: the sender settles it.
        assert_eq!(row(archive, &community, &key).await.next_stage, "settled");
        let settled =
            [("count_agreed", "3"), ("pages_agreed", "12"), ("settlement", "一页夹在第二份里")];
        let by_street = registers::enter(&app, &street, "transfers", onward(&key, &settled)).await;
        assert!(matches!(by_street, Err(RegisterError::Side)), "{by_street:?}");
        enter(archive, &community, "transfers", onward(&key, &settled)).await;
        // The sender stays with another count than the receiver: the receiver agrees, or not.
        assert_eq!(row(archive, &community, &key).await.next_stage, "confirmed");
        let confirmed = [("confirmation", "同意核定数")];
        enter(archive, &street, "transfers", onward(&key, &confirmed)).await;
        assert_eq!(row(archive, &community, &key).await.next_stage, "");
        // The same count is done at once.
        let key = enter(archive, &community, "transfers", sent("5")).await;
        let received = [("count_received", "3"), ("pages_received", "5"), ("receiver", "赵玉梅")];
        enter(archive, &street, "transfers", onward(&key, &received)).await;
        assert_eq!(row(archive, &community, &key).await.next_stage, "");
        // As many pages in fewer papers: that is a difference too, and is seen.
        let key = enter(archive, &community, "transfers", sent("5")).await;
        let uncounted = [("pages_received", "5"), ("receiver", "赵玉梅")];
        let uncounted =
            registers::enter(&app, &street, "transfers", onward(&key, &uncounted)).await;
        let uncounted = uncounted.unwrap_err();
        assert!(matches!(rule(&uncounted), Some(RowRule::Missing(_))), "{uncounted:?}");
        let received = [("count_received", "2"), ("pages_received", "5"), ("receiver", "赵玉梅")];
        enter(archive, &street, "transfers", onward(&key, &received)).await;
        assert_eq!(row(archive, &community, &key).await.next_stage, "settled");
        let shown = table(archive, &community, "transfers", "").await;
        assert_eq!(shown[0].last().unwrap(), "发出份数3，收到份数2");
        let settled =
            [("count_agreed", "2"), ("pages_agreed", "5"), ("settlement", "两份订在一起")];
        enter(archive, &community, "transfers", onward(&key, &settled)).await;
        assert_eq!(row(archive, &community, &key).await.next_stage, "");
        comes_back(archive).await;
    })
    .await;
}

/// Opens households that receive the allowance, from serial 900 on.
async fn receiving(archive: &Archive, count: u32) {
    let bureau = archive.bureau();
    for serial in 900..900 + count {
        let no: HouseholdNo = format!("{COMMUNITY}{serial:05}").parse().unwrap();
        let new = NewHousehold {
            head: format!("户主{serial}"),
            id_number: String::new(),
            address: "槐荫里".into(),
            members: Vec::new(),
        };
        filing::open_household(&archive.app, &bureau, &no, new).await.unwrap();
        let giving = Giving { amount: "560.50".into(), category: "B".into(), ..Giving::default() };
        let taking = Taking {
            procedure: "carried_over".into(),
            step: "carry".into(),
            benefit: Some(giving),
            ..Taking::default()
        };
        cases::take(&archive.app, &bureau, &no, taking).await.unwrap();
    }
}

fn ordering(organisation: &str, count: Option<u32>, per_cent: Option<u32>) -> Ordering {
    Ordering {
        organisation: organisation.parse().unwrap(),
        month: "2026-11".parse().unwrap(),
        state: String::new(),
        category: String::new(),
        count,
        per_cent,
        words: "第四季度抽检".into(),
    }
}

#[tokio::test]
async fn a_sample_is_drawn_by_the_log_and_can_be_drawn_again() {
    for_all(async |archive| {
        receiving(archive, 7).await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        for (count, per_cent) in
            [(None, None), (Some(2), Some(2)), (Some(0), None), (None, Some(101))]
        {
            let bad = draws::order(&app, &clerk, ordering(STREET, count, per_cent)).await;
            assert!(matches!(bad, Err(RegisterError::Draw(_))), "{bad:?}");
        }
        let foreign =
            draws::order(&app, &archive.other_clerk(), ordering(STREET, Some(2), None)).await;
        assert!(foreign.is_err(), "{foreign:?}");
        let below = draws::order(&app, &neighbour(), ordering(COMMUNITY, Some(2), None)).await;
        assert!(
            matches!(below, Err(RegisterError::Living(LivingError::OtherLevel(_)))),
            "{below:?}"
        );
        let nobody = Ordering { state: "stopped".into(), ..ordering(STREET, Some(2), None) };
        let nobody = draws::order(&app, &clerk, nobody).await.unwrap_err();
        assert!(matches!(rule(&nobody), Some(RowRule::Sample(0))), "{nobody:?}");

        let order = draws::order(&app, &clerk, ordering(STREET, None, Some(30))).await.unwrap().no;
        // Nobody orders several draws of the same households and takes the one that suits.
        for organisation in [STREET, COMMUNITY] {
            let second = draws::order(&app, &clerk, ordering(organisation, Some(1), None)).await;
            assert!(matches!(second, Err(RegisterError::Undrawn(first)) if first == order));
        }
        // Who comes after the order is not drawn from.
        let late: HouseholdNo = format!("{COMMUNITY}00990").parse().unwrap();
        let new = NewHousehold {
            head: "后来的".into(),
            id_number: String::new(),
            address: String::new(),
            members: Vec::new(),
        };
        filing::open_household(&app, &archive.bureau(), &late, new).await.unwrap();
        let before = draws::check(&app, &clerk, order).await.unwrap();
        assert_eq!((before.households, before.drawn.len(), before.sample.len()), (7, 0, 0));

        // A sample that somebody chose is refused.
        let chosen = DrawSample {
            order,
            organisation: STREET.parse().unwrap(),
            register: SPOT_CHECKS.into(),
            stage: "drawn".into(),
            tree_size: before.tree_size,
            root: Digest::of(b"a root somebody likes"),
            population: 7,
            population_sha256: before.population_sha256,
            drawn: (1..=3)
                .map(|n| Drawn {
                    household: format!("{COMMUNITY}{:05}", 899 + n).parse().unwrap(),
                    number: format!("2026-{n:03}").parse().unwrap(),
                })
                .collect(),
            next: None,
        };
        let root = before.root;
        let chosen_with_root = DrawSample { root, population: 6, ..chosen.clone() };
        for bad in [chosen_with_root, DrawSample { drawn: Vec::new(), ..chosen }] {
            let refused = app.recorder.record(&clerk, Act::DrawSample(bad)).await;
            let is_refused =
                matches!(&refused, Err(RecordError::Refused(Refusal::Row(RowRule::OtherSample))));
            assert!(is_refused, "{refused:?}");
        }

        draws::draw(&app, &clerk, order).await.unwrap();
        let checked = draws::check(&app, &clerk, order).await.unwrap();
        assert_eq!(checked.drawn.len(), 3, "30 of a hundred of 7, rounded up");
        assert_eq!(checked.drawn, checked.sample);
        assert!(checked.unlike.is_empty(), "{:?}", checked.unlike);
        // Once more by hand, from the formula of the document and the numbers of the dump.
        let mut seed = checked.root.as_bytes().to_vec();
        seed.extend_from_slice(&u64::try_from(order).unwrap().to_be_bytes());
        let mut ranked: Vec<(String, String)> = (900..907)
            .map(|serial| {
                let household = format!("{COMMUNITY}{serial:05}");
                let bytes = [&seed[..], household.as_bytes()].concat();
                (Digest::of(&bytes).to_string(), household)
            })
            .collect();
        ranked.sort();
        let by_hand: Vec<String> = ranked.into_iter().take(3).map(|(_, no)| no).collect();
        assert_eq!(checked.drawn, by_hand);
        let again = draws::draw(&app, &clerk, order).await.unwrap_err();
        assert!(matches!(rule(&again), Some(RowRule::DrawnAlready(_))), "{again:?}");

        // Each has a row, which is due; nobody adds one by hand.
        let open = registers::Asked { open: true, ..registers::Asked::default() };
        let rows = registers::rows(&app, &clerk, SPOT_CHECKS, &open, 10).await.unwrap();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|one| one.next_stage == "checked" && !one.due.is_empty()));
        let by_hand = Entering { household: Some(household(ZHOU)), ..Entering::default() };
        let by_hand = registers::enter(&app, &clerk, SPOT_CHECKS, by_hand).await;
        assert!(matches!(by_hand, Err(RegisterError::BegunBy(_))), "{by_hand:?}");
        let key = registers::key(SPOT_CHECKS, STREET, &rows[0].number).unwrap();
        let found = [
            ("checkers", "赵玉梅、李建国"),
            ("subject", "收入、人口"),
            ("agrees", "不一致"),
            ("problem", "多报一人"),
        ];
        enter(archive, &clerk, SPOT_CHECKS, onward(&key, &found)).await;
        assert_eq!(row(archive, &clerk, &key).await.next_stage, "corrected");

        // A second order is allowed, and seen.
        draws::order(&app, &clerk, ordering(STREET, Some(1), None)).await.unwrap();
        let all = draws::list(&app, &clerk, None, 10).await.unwrap();
        assert_eq!(all.iter().map(|one| one.nth).collect::<Vec<_>>(), [2, 1]);
        assert!(draws::list(&app, &archive.other_clerk(), None, 10).await.unwrap().is_empty());
        comes_back(archive).await;
        let rebuilt = draws::check(&app, &clerk, order).await.unwrap();
        assert_eq!(rebuilt, checked);
    })
    .await;
}

async fn table(archive: &Archive, by: &Actor, code: &str, period: &str) -> Vec<Vec<String>> {
    let asked = Asked { period: period.into(), ..Asked::default() };
    let found = books::table(&archive.app, by, code, &asked, 100).await.unwrap();
    let texts = |row: &Vec<yidang::sheet::Cell>| row.iter().map(ToString::to_string).collect();
    found.sheet.rows.iter().map(texts).collect()
}

#[tokio::test]
async fn lists_are_filled_by_what_is_done_and_taken_along_as_values() {
    for_all(async |archive| {
        receiving(archive, 2).await;
        let (app, clerk, other) = (archive.app.clone(), archive.clerk(), archive.other_clerk());
        let no: HouseholdNo = format!("{COMMUNITY}00900").parse().unwrap();
        let fact = |member, field: &str, value: &str| Fact {
            member,
            field: field.into(),
            value: value.into(),
        };
        let facts = vec![
            fact(None, "near_relative", "王芳，柳桥街道办事处，科员，姐妹"),
            fact(Some(1), "name", "=1+1"),
            fact(Some(1), "relation", "子"),
            fact(Some(1), "birth", "2020-02-01"),
        ];
        let stating = Stating { facts, ..Stating::default() };
        statements::state(&app, &clerk, &no, stating).await.unwrap();
        let month = Month::of(day_of(app.now())).next().to_string();

        let roster = table(archive, &clerk, "roster", &month).await;
        assert_eq!(roster.len(), 3, "a line for each person");
        assert_eq!(roster[1][3..7], ["=1+1", "", "2020-02-01", "子"].map(ToOwned::to_owned));
        assert_eq!(roster[1][19], "560.50");
        assert!(table(archive, &other, "roster", &month).await.is_empty(), "another street");
        let relatives = table(archive, &clerk, "near_relatives", "").await;
        assert_eq!(relatives.len(), 1);
        assert!(relatives[0][0].starts_with("王芳"));
        let changes = table(archive, &clerk, "changes", "2026-Q4").await;
        let kinds: Vec<&str> = changes.iter().map(|row| row[4].as_str()).collect();
        assert_eq!(kinds, ["新增", "新增", "增员"]);
        assert!(table(archive, &clerk, "changes", "2026-Q3").await.is_empty());
        let missing = table(archive, &clerk, "missing", "").await;
        assert_eq!(missing.len(), 22, "what two files carried over still lack");
        assert_eq!(table(archive, &clerk, "reviews", "").await.len(), 2);
        payments::list(&app, &clerk, &STREET.parse().unwrap(), month.parse().unwrap())
            .await
            .unwrap();
        assert!(table(archive, &clerk, "differences", &month).await.is_empty());

        let asked = Asked { period: month, ..Asked::default() };
        let reason = || Some("审计".parse().unwrap());
        let file = async |by: &Actor, shape| {
            books::export(&app, by, "roster", &asked, (shape, reason())).await
        };
        let text = String::from_utf8(file(&clerk, Shape::Csv).await.unwrap()).unwrap();
        assert!(text.contains(",'=1+1,") && text.contains(",560.50,"), "{text}");
        let book = file(&clerk, Shape::Xlsx).await.unwrap();
        assert!(book.starts_with(b"PK"));
        let reader = actor("李文", STREET, Role::Reader);
        assert!(file(&reader, Shape::Csv).await.is_err());
        // In parts it is the same as whole.
        let mut parts = Vec::new();
        let mut after = String::new();
        loop {
            let asked = Asked { after, ..Asked::default() };
            let found = books::table(&app, &clerk, "missing", &asked, 5).await.unwrap();
            parts.extend(found.sheet.rows);
            match found.next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(parts.len(), missing.len());
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_told_by_the_day() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, clerk) = (archive.app.clone(), archive.clerk());
    let none = due::due(&app, &clerk, 10).await.unwrap();
    assert_eq!((none.late, none.now, none.week, none.next), (0, 0, 0, None));
    // Papers sent on Monday are to be received by Thursday.
    let values = [("papers", "申请材料"), ("count", "3"), ("pages", "12"), ("sender", "孙晓")];
    let sent = Entering { other: Some(STREET.parse().unwrap()), ..entering(&values) };
    enter(&archive, &neighbour(), "transfers", sent).await;
    let counts = async |by: &Actor| {
        let found = due::due(&app, by, 10).await.unwrap();
        (found.late, found.now, found.week)
    };
    assert_eq!(counts(&clerk).await, (0, 0, 1));
    assert_eq!(counts(&archive.other_clerk()).await, (0, 0, 0));
    days(&archive, 3);
    assert_eq!(counts(&clerk).await, (0, 1, 0));
    days(&archive, 1);
    let found = due::due(&app, &clerk, 10).await.unwrap();
    assert_eq!((found.late, found.now, found.week), (1, 0, 0));
    assert_eq!(found.matters[0].about.zh, "收发登记簿");
    assert_eq!(found.matters[0].held_at.zh, "收到");
    let mut browser = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let page = browser.get("/").await.text();
    assert!(page.contains("今天有1件要办，其中1件已过期限"), "{page}");
    assert!(page.contains("过了期限") && page.contains("过期1天"), "{page}");
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text()).unwrap()
}

#[tokio::test]
async fn a_clerk_keeps_the_registers_on_the_pages() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    receiving(&archive, 3).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    let shelf = clerk.get("/registers").await.text();
    for name in ["群众举报登记册", "抽检登记册", "收发登记簿", "低保对象花名册", "公示"]
    {
        assert!(shelf.contains(name), "{name}: {shelf}");
    }
    let mut form = vec![("household", ZHOU), ("on", "2026-11-20")];
    let named: Vec<(String, &str)> =
        TIP.iter().map(|(column, value)| (format!("v.{column}"), *value)).collect();
    form.extend(named.iter().map(|(name, value)| (name.as_str(), *value)));
    let bad: Vec<_> = form.iter().filter(|(name, _)| *name != "v.content").copied().collect();
    let refused = clerk.post("/registers/tips", &bad).await;
    assert_eq!(refused.status, 422);
    let said = refused.text();
    assert!(said.contains("「举报内容」要写") && said.contains("value=\"赵玉梅\""), "{said}");
    let begun = clerk.post("/registers/tips", &form).await;
    assert_eq!(begun.status, 303);
    let place = begun.header("location").to_owned();
    assert_eq!(place, format!("/registers/tips/{COMMUNITY}/2026-001"));
    let page = clerk.get(&place).await.text();
    assert!(page.contains("待核查，限2026-12-18") && !page.contains(INFORMANT), "{page}");
    assert_eq!(other.get(&place).await.status, 404);
    let entry = page.split("name=\"entry\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sealed = format!("{place}/sealed");
    let opened = clerk.post(&sealed, &[("entry", entry), ("purpose", "petition")]).await;
    assert!(opened.text().contains(INFORMANT), "{}", opened.text());
    assert_eq!(other.post(&sealed, &[("entry", entry), ("purpose", "petition")]).await.status, 404);
    let checked: Vec<(String, &str)> =
        CHECKED.iter().map(|(column, value)| (format!("v.{column}"), *value)).collect();
    let checked: Vec<_> = checked.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(clerk.post(&place, &checked).await.status, 303);
    let list = clerk.get("/registers/tips?period=2026").await.text();
    assert!(list.contains("2026-001") && list.contains("（另存）"), "{list}");
    assert!(!other.get("/registers/tips").await.text().contains("2026-001"));
    for odd in ["/registers/tips?period=x", "/registers/tips?after=x", "/registers/roster?period=x"]
    {
        let page = clerk.get(odd).await;
        assert_eq!(page.status, 200, "{odd}");
        assert!(page.text().contains("role=\"alert\""), "{odd}");
    }
    assert_eq!(clerk.get("/registers/nothing").await.status, 404);
    let print = clerk.get("/registers/tips/print").await.text();
    assert!(print.contains("a4 land") && print.contains("2026-001"), "{print}");
    let given = [("purpose", "audit"), ("shape", "csv")];
    let file = clerk.post("/registers/tips/export", &given).await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.text().contains("2026-001") && !file.text().contains(INFORMANT));

    // A draw is ordered and drawn.
    let order = [("organisation", STREET), ("month", "2026-11"), ("count", "2")];
    assert_eq!(clerk.post("/draws", &order).await.status, 303);
    let page = clerk.get("/registers/spot_checks").await.text();
    let draw = page.split("action=\"/draws/").nth(1).unwrap().split('"').next().unwrap();
    let draw = format!("/draws/{draw}");
    assert_eq!(other.post(&draw, &[]).await.status, 404);
    assert_eq!(clerk.post(&draw, &[]).await.status, 303);
    assert_eq!(clerk.post(&draw, &[]).await.status, 409);
    let page = clerk.get("/registers/spot_checks").await.text();
    assert!(page.contains("2026-002") && page.contains("已抽"), "{page}");
}

#[tokio::test]
async fn a_sign_off_sheet_goes_out_and_comes_back() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    receiving(&archive, 2).await;
    let (app, clerk) = (archive.app.clone(), archive.clerk());
    let month = Month::of(day_of(app.now())).next();
    let issue = || entering(&[("month", "2026-12")]);
    let none = registers::enter(&app, &clerk, "sign_offs", issue()).await.unwrap_err();
    assert!(matches!(rule(&none), Some(RowRule::Missing(_))), "{none:?}");
    payments::list(&app, &clerk, &STREET.parse().unwrap(), month).await.unwrap();
    let key = enter(&archive, &clerk, "sign_offs", issue()).await;
    let out = row(&archive, &clerk, &key).await;
    assert_eq!((out.value("households"), out.value("amount")), ("2", "1121.00"));
    assert_eq!(out.next_stage, "returned");
    let mut browser = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let address = format!("/registers/sign_offs/{STREET}/{}/print", key.number);
    let sheet = browser.get(&address).await.text();
    let code = sign_offs::code(&out);
    assert_eq!(code, "QZB-990102003000-2026-001");
    assert!(
        sheet.contains(&code) && sheet.contains("<svg") && sheet.contains("1,121.00"),
        "{sheet}"
    );
    // It comes back with its scan, which the own office has.
    let back =
        |paper| Entering { paper, ..onward(&key, &[("signed", "2"), ("checked_by", "赵玉梅")]) };
    let without = registers::enter(&app, &clerk, "sign_offs", back(None)).await.unwrap_err();
    assert!(matches!(rule(&without), Some(RowRule::Missing(_))), "{without:?}");
    let foreign = archive.take(CHEN, "other.png", &noise(30, 30)).await.unwrap().document;
    let foreign =
        registers::enter(&app, &clerk, "sign_offs", back(Some(foreign))).await.unwrap_err();
    assert!(matches!(rule(&foreign), Some(RowRule::NoPaper(_))), "{foreign:?}");
    let scan = archive.take_as(&clerk, "", "sheet.png", &noise(31, 31)).await.unwrap().document;
    let many = [("signed", "3"), ("checked_by", "赵玉梅")];
    let many = Entering { paper: Some(scan), ..onward(&key, &many) };
    let many = registers::enter(&app, &clerk, "sign_offs", many).await.unwrap_err();
    assert!(matches!(rule(&many), Some(RowRule::More(_, _, 2))), "{many:?}");
    enter(&archive, &clerk, "sign_offs", back(Some(scan))).await;
    let done = row(&archive, &clerk, &key).await;
    assert_eq!((done.next_stage.as_str(), done.lines[1].paper), ("", Some(scan.0)));
    let list = browser.get("/registers/sign_offs").await.text();
    assert!(!list.contains("没有签字"), "{list}");

    // Another one comes back with one signature less: that is told, and looked into.
    let short = enter(&archive, &clerk, "sign_offs", issue()).await;
    let values = [("signed", "1"), ("checked_by", "赵玉梅")];
    let back = Entering { paper: Some(scan), ..onward(&short, &values) };
    enter(&archive, &clerk, "sign_offs", back).await;
    let waits = row(&archive, &clerk, &short).await;
    assert_eq!((waits.next_stage.as_str(), waits.due.is_empty()), ("unsigned", false));
    let list = browser.get("/registers/sign_offs").await.text();
    assert!(list.contains("1户没有签字") && list.contains("待核实未签"), "{list}");
    let at = format!("/registers/sign_offs/{STREET}/{}", short.number);
    let shown = browser.get(&at).await.text();
    assert!(shown.contains("数目不符：1户没有签字"), "{shown}");
    let due = due::due(&app, &clerk, 50).await.unwrap();
    let held: Vec<_> = due.matters.iter().map(|one| one.held_at.zh.as_str()).collect();
    assert!(due.next.as_deref() == Some(waits.due.as_str()) || held == ["核实未签"], "{due:?}");
    let why = onward(&short, &[("unsigned_why", "一户住院，次日补签")]);
    enter(&archive, &clerk, "sign_offs", why).await;
    assert_eq!(row(&archive, &clerk, &short).await.next_stage, "");
    let list = browser.get("/registers/sign_offs").await.text();
    assert!(list.contains("1户没有签字"), "it stays told: {list}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn a_program_keeps_the_registers_too() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    receiving(&archive, 3).await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    let api = "/api/v1/registers";
    let shelf = json_of(&clerk.get(api).await);
    assert_eq!(shelf["entered"][0]["register"], "tips");
    assert_eq!(shelf["filled"].as_array().unwrap().len(), 12);
    let visit = json!({"household": ZHOU, "values": [
        {"column": "announced", "value": "暗访"}, {"column": "visitors", "value": "赵玉梅、李建国"},
        {"column": "changes", "value": "无变化"}]});
    let rows = format!("{api}/visits/rows");
    let entered = clerk.send_json(&rows, &visit).await;
    assert_eq!(entered.status, 201, "{}", entered.text());
    let said = json_of(&entered);
    assert_eq!((&said["organisation"], &said["number"]), (&json!(COMMUNITY), &json!("2026-001")));
    for (body, status, code) in [
        (json!({"values": []}), 422, "value"),
        (json!({"household": CHEN, "values": visit["values"]}), 404, "unknown_household"),
        (json!({"household": ZHOU, "values": [{"column": "x", "value": "y"}]}), 422, "value"),
        (json!({"household": ZHOU, "on": "2027-01-01", "values": visit["values"]}), 422, "not_yet"),
        (
            json!({"number": "2026-009", "organisation": COMMUNITY, "values": []}),
            404,
            "unknown_row",
        ),
    ] {
        let refused = clerk.send_json(&rows, &body).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
        assert_eq!(json_of(&refused)["error"]["code"], code, "{body}");
    }
    assert_eq!(clerk.send_json(&format!("{api}/nothing/rows"), &visit).await.status, 404);
    let one = format!("{rows}/{COMMUNITY}/2026-001");
    assert_eq!(json_of(&clerk.get(&one).await)["head"], "周桂兰");
    assert_eq!(other.get(&one).await.status, 404);
    assert_eq!(json_of(&other.get(&rows).await)["rows"], json!([]));
    let table = json_of(&clerk.get(&format!("{api}/roster/table?period=2026-12&limit=2")).await);
    assert_eq!(table["rows"].as_array().unwrap().len(), 2);
    let next = table["next"].as_str().unwrap();
    let rest = clerk.get(&format!("{api}/roster/table?period=2026-12&after={next}")).await;
    assert_eq!(json_of(&rest)["rows"].as_array().unwrap().len(), 1);
    let taking = json!({"reason": "4", "shape": "csv"});
    let file = clerk.send_json(&format!("{api}/visits/export"), &taking).await;
    assert!(file.text().contains("暗访"), "{}", file.text());
    let order = json!({"organisation": STREET, "month": "2026-11", "count": 2});
    let ordered = clerk.send_json("/api/v1/draws", &order).await;
    assert_eq!(ordered.status, 201, "{}", ordered.text());
    let draw = format!("/api/v1/draws/{}", json_of(&ordered)["entry"]);
    assert_eq!(other.send_json(&format!("{draw}/sample"), &json!({})).await.status, 404);
    let drawn = clerk.send_json(&format!("{draw}/sample"), &json!({})).await;
    assert_eq!(drawn.status, 201, "{}", drawn.text());
    let checked = json_of(&clerk.get(&format!("{draw}/check")).await);
    assert_eq!((&checked["sample"], &checked["unlike"]), (&checked["drawn"], &json!([])));
    assert_eq!(json_of(&clerk.get("/api/v1/due").await)["late"], 0);
    comes_back(&archive).await;
}
