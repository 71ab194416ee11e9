//! 分户、并户: households that come from each other by one act, with everything that is
//! known of who moves; and decisions that are not what the standard comes to.

mod along;
mod gone;
mod proved;
mod silent;

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use yidang::catalog::Refusal;
use yidang::filing::{self, FilingError, NewHousehold};
use yidang::history;
use yidang::living::assessment;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::findings::{self, State as FindingState};
use yidang::living::kinship::{self, Going, Kinship, Merging, Split, Splitting};
use yidang::living::payments::{self, GivenFile};
use yidang::living::recoveries::{self, Asking, Settling};
use yidang::living::registers::books::{self, Asked};
use yidang::living::standards::{self, Setting};
use yidang::living::statements::{self, Family, Stating};
use yidang::living::{LivingError, NONE_SEEN};
use yidang::model::access::{Actor, Role};
use yidang::model::act::{Act, Member};
use yidang::model::fund::SettledBy;
use yidang::model::id::{DocumentId, HouseholdNo};
use yidang::model::kinship::KinRule;
use yidang::model::living::{Fact, LivingRule};
use yidang::model::look::Reason;
use yidang::model::money::Total;
use yidang::model::month::Month;
use yidang::model::standard::{Method, Unit};
use yidang::record::RecordError;
use yidang::view;

use crate::cli::Desk;
use crate::files::noise;
use crate::harness::{
    Archive, CHEN, NOBODY, Sql, Store, ZHOU, actor, description, for_all, household,
};
use crate::living::{
    NO, applied, beginning, comes_back, fact, json_of, opened, state, take, taking, today,
};
use crate::pages::Browser;
use crate::prove::Packed;

const WEN: &str = "990102195001012135";
const COMMUNITY: &str = "990102003004";
const OTHER: &str = "99010200300400889";
const XIAO: &str = "990102197003120012";

/// Takes a paper into a file.
async fn paper(archive: &Archive, no: &str, kind: &str) -> DocumentId {
    let taken = archive.take(no, &format!("{kind}.png"), &noise(30, 30)).await.unwrap();
    let said = description(kind, kind, "2026-11-01");
    filing::file(&archive.app, &archive.bureau(), taken.document, &household(no), said)
        .await
        .unwrap();
    taken.document
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn goes(place: u32, relation: &str) -> Going {
    Going { place, relation: relation.into() }
}

fn splitting(document: DocumentId, going: Vec<Going>) -> Splitting {
    Splitting {
        head: going[0].place,
        going,
        community: COMMUNITY.parse().unwrap(),
        address: "槐荫里9号".into(),
        along: Vec::new(),
        successor: None,
        staying: Vec::new(),
        on: day("2026-11-02"),
        document,
        words: "另立门户".into(),
        seen: None,
    }
}

pub(crate) fn merging(into: &HouseholdNo, document: DocumentId) -> Merging {
    Merging {
        into: into.clone(),
        going: Vec::new(),
        on: None,
        document,
        words: "结婚".into(),
        seen: None,
    }
}

async fn split(archive: &Archive, no: &HouseholdNo, splitting: Splitting) -> Split {
    kinship::split(&archive.app, &archive.bureau(), no, splitting).await.unwrap()
}

async fn family(archive: &Archive, no: &HouseholdNo) -> Family {
    statements::on_day(&archive.app, &archive.bureau(), no, None, None).await.unwrap()
}

async fn links(archive: &Archive, by: &Actor, no: &HouseholdNo) -> Kinship {
    kinship::list(&archive.app, by, no).await.unwrap()
}

/// A number of an identity card with a right check digit.
fn number(first: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!(
        "{first}{}",
        ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize]
    )
}

fn rule<T: std::fmt::Debug>(refused: Result<T, LivingError>) -> LivingRule {
    match refused.unwrap_err() {
        LivingError::Record(RecordError::Refused(Refusal::Living(rule))) => rule,
        other => panic!("{other:?}"),
    }
}

fn kin<T: std::fmt::Debug>(refused: Result<T, LivingError>) -> KinRule {
    match rule(refused) {
        LivingRule::Kin(rule) => rule,
        other => panic!("{other:?}"),
    }
}

fn told<T: std::fmt::Debug>(refused: Result<T, LivingError>) -> &'static str {
    match refused.unwrap_err() {
        LivingError::Told { zh, .. } => zh,
        other => panic!("{other:?}"),
    }
}

/// Opens the household of two that goes into another.
async fn another(archive: &Archive) -> HouseholdNo {
    let new = NewHousehold {
        head: "吴山".into(),
        members: vec![Member {
            name: "吴小山".into(),
            relation: "子".into(),
            id_number: number(&XIAO[..17]),
        }],
        ..NewHousehold::default()
    };
    let no = household(OTHER);
    filing::open_household(&archive.app, &archive.bureau(), &no, new).await.unwrap();
    no
}

#[tokio::test]
async fn some_of_a_household_become_one_of_their_own_with_all_that_is_known_of_them() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, old) = (archive.app.clone(), archive.clerk(), household(NO));
        let wen = number(&WEN[..17]);
        let proof = paper(archive, NO, "A06").await;
        let stating = Stating {
            from: day("2026-05-01"),
            proof: Some(proof),
            facts: vec![fact(Some(1), "id_number", &wen), fact(Some(2), "health", "多病")],
            ..Stating::default()
        };
        statements::state(&app, &clerk, &old, stating).await.unwrap();
        // What is known of later goes along with its own day.
        state(archive, "2026-11-10", vec![fact(Some(2), "health", "健康")]).await;
        let known = archive.entries().await - 1;
        let paper = paper(archive, NO, "B09").await;
        let made = split(archive, &old, splitting(paper, vec![goes(1, ""), goes(2, "女")])).await;
        let new = made.household.clone();
        assert_eq!(new.as_str(), "99010200300400889", "the next number");

        let file = view::household(&app, &clerk, &new).await.unwrap();
        assert_eq!(
            (file.household.head.as_str(), file.household.address.as_str()),
            ("周文", "槐荫里9号")
        );
        assert_eq!(file.household.id_number, format!("{}**********{}", &wen[..4], &wen[14..]));
        assert_eq!((file.members.len(), file.members[0].relation.as_str()), (1, "女"));
        assert!(file.history.iter().any(|one| matches!(one.body.act, Act::LinkHouseholds(_))));
        let left = view::household(&app, &clerk, &old).await.unwrap();
        assert!(left.members.is_empty() && left.household.head == "林秀芳");
        assert!(left.history.iter().any(|one| matches!(one.body.act, Act::LinkHouseholds(_))));

        // What was known, and what held, on every day, in both.
        let on = async |no: &HouseholdNo, on: &str, known: Option<i64>| {
            statements::on_day(&app, &clerk, no, day(on), known).await.unwrap()
        };
        assert_eq!(on(&old, "2026-11-01", None).await.living(), 3);
        assert_eq!(on(&old, "2026-11-02", None).await.living(), 1);
        assert_eq!(on(&old, "2026-11-23", Some(known)).await.living(), 3, "as it was known");
        assert_eq!(on(&new, "2026-11-01", None).await.living(), 0);
        let then = on(&new, "2026-11-02", None).await;
        assert_eq!((then.living(), then.persons[1].value("health")), (2, "多病"));
        let now = family(archive, &new).await;
        assert_eq!(now.persons[1].value("health"), "健康");
        let named = |family: &Family, field: &str| {
            family.persons[0].facts.iter().find(|one| one.field == field).cloned().unwrap()
        };
        assert_eq!(named(&now, "id_number").proof, Some(proof.0), "with its proof");
        assert_eq!(named(&now, "id_number").from, "2026-11-02");

        // The whole number is where it was stated, and shown for a reason.
        let reason = Reason::new("check", "").unwrap();
        let shown = view::numbers(&app, &clerk, &new, reason).await.unwrap();
        assert_eq!((shown[0].name.as_str(), &shown[0].id_number), ("周文", &wen));
        // Who looks for him finds where he lives now, and where he lived.
        let lived = kinship::lived(&app, &clerk, &wen).await.unwrap();
        let lived: Vec<_> = lived
            .iter()
            .map(|one| (one.household.as_str(), one.left.as_str(), one.until.as_str()))
            .collect();
        assert_eq!(lived, [(new.as_str(), "", ""), (NO, "分户", "2026-11-02")]);
        assert!(told(kinship::lived(&app, &clerk, " ").await).contains("身份证号"));
        assert!(kinship::lived(&app, &clerk, "周文").await.unwrap().is_empty());
        // He lives in one: nothing is found.
        let asked = findings::Asked::default();
        let found = findings::list(&app, &archive.bureau(), &asked, 50).await.unwrap().findings;
        assert!(found.is_empty(), "{found:?}");

        // Both files lead to each other.
        let there = links(archive, &clerk, &old).await.links;
        assert_eq!(
            (there.len(), there[0].out, there[0].other.as_deref()),
            (1, true, Some(new.as_str()))
        );
        assert_eq!(
            (there[0].document, &there[0].moved[..]),
            (Some(paper.0), &["周文".to_owned(), "周小满".to_owned()][..])
        );
        let here = links(archive, &clerk, &new).await.links;
        assert_eq!(
            (here[0].out, here[0].other.as_deref(), here[0].head.as_str()),
            (false, Some(NO), "林秀芳")
        );
        for no in [&old, &new] {
            let acts = history::of_household(&app, &clerk, no, None, 50).await.unwrap();
            assert!(acts.told.iter().any(|one| one.no == made.entry), "{no}");
        }

        // Nobody comes back by a statement, and a part of a split is not taken back alone.
        let back =
            |facts: Vec<Fact>, instead_of| Stating { facts, instead_of, ..Stating::default() };
        let said = back(vec![fact(Some(1), "left", "")], None);
        assert_eq!(
            kin(statements::state(&app, &clerk, &old, said).await),
            KinRule::Away(old.clone(), 1)
        );
        for no in [&old, &new] {
            let said = back(Vec::new(), Some(made.entry));
            let refused = statements::state(&app, &clerk, no, said).await;
            assert_eq!(kin(refused), KinRule::IsLink(made.entry));
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn a_split_that_cannot_be_is_refused_with_the_rule() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, old) = (&archive.app, archive.clerk(), household(NO));
    let there = paper(&archive, NO, "B09").await;
    let elsewhere = paper(&archive, ZHOU, "B09").await;
    let before = archive.dump().await;
    let one = || splitting(there, vec![goes(1, "")]);
    let split = async |splitting| kinship::split(app, &clerk, &old, splitting).await;
    let head = Splitting { going: vec![goes(0, "")], head: 0, ..one() };
    assert_eq!(kin(split(head).await), KinRule::HeadStays(old.clone()));
    let stranger = Splitting { head: 2, ..one() };
    assert!(told(split(stranger).await).contains("户主"));
    let nobody = Splitting { going: Vec::new(), ..one() };
    assert!(told(split(nobody).await).contains("户主"));
    let twice = Splitting { going: vec![goes(1, ""), goes(1, "")], ..one() };
    assert_eq!(kin(split(twice).await), KinRule::NotAll(old.clone()));
    let foreign = Splitting { community: "990102002001".parse().unwrap(), ..one() };
    assert!(told(split(foreign).await).contains("社区"));
    let long = Splitting { going: vec![goes(1, ""), goes(2, &"长".repeat(41))], ..one() };
    assert!(told(split(long).await).contains("40"));
    for wrong in [
        Splitting { going: vec![goes(9, "")], head: 9, ..one() },
        Splitting { document: elsewhere, ..one() },
        Splitting { document: DocumentId(999_999), ..one() },
        Splitting { on: day("2026-12-01"), ..one() },
        Splitting { on: day("1900-01-01"), ..one() },
        Splitting { community: "990102003999".parse().unwrap(), ..one() },
        Splitting { words: "长".repeat(501), ..one() },
        Splitting { seen: Some(1), ..one() },
    ] {
        let refused = split(wrong.clone()).await;
        assert!(refused.is_err(), "{wrong:?}");
    }
    // Another street sees no such household.
    let foreign = kinship::split(app, &archive.other_clerk(), &old, one()).await;
    assert!(matches!(foreign, Err(LivingError::UnknownHousehold(_))), "{foreign:?}");
    let reader = actor("宋青", "990102000000", Role::Reader);
    let denied = kinship::split(app, &reader, &old, one()).await;
    assert!(matches!(denied, Err(LivingError::Denied(_))), "{denied:?}");
    assert_eq!(archive.dump().await, before, "nothing was half done");

    // Of two who split the same household the second is told.
    let seen = Some(NONE_SEEN);
    split(Splitting { seen, ..one() }).await.unwrap();
    let late = split(Splitting { seen, going: vec![goes(2, "")], head: 2, ..one() }).await;
    assert!(
        matches!(
            late,
            Err(LivingError::Record(RecordError::Refused(Refusal::Living(
                LivingRule::StatedMeanwhile(_)
            ))))
        ),
        "{late:?}"
    );
    // Before the last one there is none.
    let early = Splitting { on: day("2026-10-01"), going: vec![goes(2, "")], head: 2, ..one() };
    assert!(matches!(kin(split(early).await), KinRule::Before(_)));
}

#[tokio::test]
async fn a_household_goes_into_another_once_nothing_of_it_runs() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, clerk, into) =
            (archive.app.clone(), archive.bureau(), archive.clerk(), household(NO));
        let no = another(archive).await;
        let proof = paper(archive, OTHER, "B09").await;
        let merge = async |merging| kinship::merge(&app, &clerk, &no, merging).await;
        let go = || merging(&into, proof);
        let take = async |taking: Taking| cases::take(&app, &bureau, &no, taking).await.unwrap();
        assert_eq!(kin(merge(merging(&no, proof)).await), KinRule::Itself(no.clone()));
        let unknown = merge(merging(&household(NOBODY), proof)).await;
        assert!(matches!(unknown, Err(LivingError::UnknownHousehold(_))), "{unknown:?}");
        let foreign = merge(merging(&household(CHEN), proof)).await;
        assert!(matches!(foreign, Err(LivingError::UnknownHousehold(_))), "{foreign:?}");

        // A case, an allowance, a payment, an amount asked back, a finding.
        take(beginning("application", "apply")).await;
        assert!(matches!(merge(go()).await, Err(LivingError::Runs(1))));
        take(Taking { words: "不办了".into(), ..taking("withdraw") }).await;
        let benefit = Giving { amount: "560".into(), category: "A".into(), ..Giving::default() };
        take(Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") }).await;
        assert!(told(merge(go()).await).contains("停发"));
        let month = Month::of(today(archive)).next();
        payments::list(&app, &bureau, &"990102000000".parse().unwrap(), month).await.unwrap();
        take(Taking { words: "结婚".into(), ..beginning("change", "report") }).await;
        take(taking("verify")).await;
        take(Taking { words: "结婚".into(), ..taking("stop") }).await;
        assert_eq!(kin(merge(go()).await), KinRule::Unpaid(no.clone()));
        let bytes = bytes::Bytes::from(format!("户号,金额,结果,原因\n{OTHER},560.00,成功,\n"));
        let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
        payments::take_return(&app, &bureau, month, given, &|_, _| {}).await.unwrap();
        let asking = Asking {
            amount: "560".into(),
            from: month,
            until: month,
            words: "停发后仍发".into(),
            paper: None,
        };
        let recovery = recoveries::recover(&app, &bureau, &no, asking).await.unwrap().no;
        assert_eq!(kin(merge(go()).await), KinRule::AskedBack(no.clone()));
        let settling = Settling {
            recovery,
            by: SettledBy::Repaid,
            amount: "560".into(),
            on: None,
            words: "已退".into(),
            paper: None,
        };
        recoveries::settle(&app, &bureau, &no, settling).await.unwrap();

        // Somebody of it lives elsewhere too: where they go, or in a third household.
        let number = number(&XIAO[..17]);
        let twin = async |no: &HouseholdNo, member: u32| {
            let facts = vec![
                fact(Some(member), "name", "吴小山"),
                fact(Some(member), "id_number", &number),
            ];
            let stating = Stating { facts, ..Stating::default() };
            statements::state(&app, &bureau, no, stating).await.unwrap();
        };
        let leaves = async |no: &HouseholdNo, member: u32| {
            let facts = vec![fact(Some(member), "left", "其他")];
            let stating = Stating { facts, ..Stating::default() };
            statements::state(&app, &bureau, no, stating).await.unwrap();
        };
        twin(&into, 3).await;
        assert!(told(merge(go()).await).contains("两户都在"));
        leaves(&into, 3).await;
        // The state of one that was stopped is no living household, so nothing is found.
        assert_eq!(findings::open_of(&app, &bureau, &no).await.unwrap(), 0);

        let going = vec![goes(0, "夫"), goes(7, "子")];
        let stranger = merge(Merging { going, ..go() }).await;
        assert!(stranger.is_err(), "{stranger:?}");
        let going = vec![goes(0, "夫"), goes(1, "继子")];
        let made = merge(Merging { going, ..go() }).await.unwrap().no;
        let all = family(archive, &into).await;
        let living: Vec<_> = all
            .persons
            .iter()
            .filter(|one| !one.left)
            .map(|one| (one.place, one.value("name"), one.value("relation")))
            .collect();
        assert_eq!(
            living,
            [
                (0, "林秀芳", ""),
                (1, "周文", "夫"),
                (2, "周小满", "女"),
                (4, "吴山", "夫"),
                (5, "吴小山", "继子")
            ]
        );
        // The old number leads to where they live; its file stays.
        let gone = links(archive, &clerk, &no).await;
        assert_eq!(gone.gone, "merged");
        assert_eq!(gone.lives_on.unwrap().household.as_deref(), Some(NO));
        let file = view::household(&app, &clerk, &no).await.unwrap();
        assert_eq!((file.household.head.as_str(), file.members.len()), ("吴山", 0));
        assert_eq!(file.household.state, "merged");
        assert!(
            file.cases.beginning.is_empty() && file.places.iter().any(|one| one.document.is_some())
        );
        let lived = kinship::lived(&app, &clerk, &number).await.unwrap();
        assert_eq!((lived[0].household.as_str(), lived[0].left.as_str()), (NO, ""));
        assert!(lived.iter().any(|one| one.household == OTHER && one.left == "并户"));

        // Nothing more is stated, done or filed there, but what belongs to its time.
        let rule = || KinRule::Gone(no.clone(), Some(into.clone()));
        let stating = Stating { facts: vec![fact(None, "income", "1")], ..Stating::default() };
        assert_eq!(kin(statements::state(&app, &clerk, &no, stating).await), rule());
        assert_eq!(kin(merge(go()).await), rule());
        let other = paper(archive, ZHOU, "B09").await;
        let back = kinship::merge(&app, &clerk, &household(ZHOU), merging(&no, other)).await;
        assert_eq!(kin(back), rule());
        let step = cases::take(&app, &clerk, &no, beginning("application", "apply")).await;
        assert_eq!(kin(step), rule());
        assert!(archive.take(OTHER, "new.png", &noise(31, 31)).await.is_err());
        let waiting = archive.take("", "late.png", &noise(32, 32)).await.unwrap().document;
        let file = async |date: &str| {
            filing::file(&app, &bureau, waiting, &no, description("B06", "停发通知书", date)).await
        };
        let late = file("2026-11-24").await;
        assert!(
            matches!(
                &late,
                Err(FilingError::Record(RecordError::Refused(Refusal::Living(LivingRule::Kin(
                    KinRule::Gone(..)
                )))))
            ),
            "{late:?}"
        );
        assert!(file("").await.is_err());
        file("2026-11-20").await.unwrap();
        // What is there can be described anew.
        file("2026-11-24").await.unwrap();
        for one in [&no, &into] {
            let acts = history::of_household(&app, &clerk, one, None, 90).await.unwrap();
            assert!(acts.told.iter().any(|told| told.no == made), "{one}");
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn an_open_finding_is_closed_before_a_merge() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let no = another(&archive).await;
    let proof = paper(&archive, OTHER, "B09").await;
    // He lives in a third household as well.
    let facts =
        vec![fact(Some(1), "name", "吴小山"), fact(Some(1), "id_number", &number(&XIAO[..17]))];
    let third = household(ZHOU);
    let stating = Stating { facts, ..Stating::default() };
    statements::state(app, &bureau, &third, stating).await.unwrap();
    let refused = kinship::merge(app, &bureau, &no, merging(&household(NO), proof)).await;
    assert!(told(refused).contains("核查发现"));
    let stating = Stating { facts: vec![fact(Some(1), "left", "其他")], ..Stating::default() };
    statements::state(app, &bureau, &third, stating).await.unwrap();
    kinship::merge(app, &bureau, &no, merging(&household(NO), proof)).await.unwrap();
    let asked = findings::Asked { state: Some(FindingState::Open), ..findings::Asked::default() };
    assert!(findings::list(app, &bureau, &asked, 50).await.unwrap().findings.is_empty());
}

#[tokio::test]
async fn what_was_wrong_is_taken_back_until_something_is_built_upon_it() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, old) = (archive.app.clone(), archive.clerk(), household(NO));
        let wen = number(&WEN[..17]);
        state(archive, "2026-05-01", vec![fact(Some(1), "id_number", &wen)]).await;
        let proof = paper(archive, NO, "B09").await;
        let before = family(archive, &old).await.persons;
        let made = split(archive, &old, splitting(proof, vec![goes(1, "")])).await;
        let new = made.household.clone();
        let take_back = async |no: &HouseholdNo, link, words: &str| {
            kinship::take_back(&app, &clerk, no, link, words).await
        };
        assert!(matches!(take_back(&old, made.entry, " 错").await, Err(LivingError::Words)));
        let none = take_back(&old, made.entry - 1, "登错了户").await;
        assert!(matches!(kin(none), KinRule::NoLink(..)));
        take_back(&new, made.entry, "登错了户").await.unwrap();
        assert_eq!(family(archive, &old).await.persons, before, "as if they had never left");
        assert_eq!(family(archive, &new).await.living(), 0);
        let known = statements::on_day(&app, &clerk, &old, None, Some(made.entry)).await.unwrap();
        assert_eq!(known.living(), 2, "as it was thought then");
        let gone = links(archive, &clerk, &new).await;
        assert_eq!((gone.gone.as_str(), gone.links[0].taken_back), ("void", true));
        assert_eq!(gone.links[0].why, "登错了户");
        assert_eq!(gone.lives_on.unwrap().household.as_deref(), Some(NO));
        let lived = kinship::lived(&app, &clerk, &wen).await.unwrap();
        assert_eq!((lived.len(), lived[0].household.as_str(), lived[0].left.as_str()), (1, NO, ""));
        assert!(matches!(kin(take_back(&old, made.entry, "再来").await), KinRule::NoLink(..)));
        assert!(archive.take(new.as_str(), "x.png", &noise(33, 33)).await.is_err());
        let listed = view::households(&app, &clerk, new.as_str(), "", 10).await.unwrap();
        assert_eq!((listed[0].expected, listed[0].missing), (0, 0), "nobody owes it papers");
        let file = view::household(&app, &clerk, &new).await.unwrap();
        assert_eq!(file.missing().count(), 0);

        // The number is nobody's any more. Once something is stated, the way back is a merge.
        let again = split(archive, &old, splitting(proof, vec![goes(1, "")])).await;
        assert_ne!(again.household, new);
        let stating = Stating { facts: vec![fact(None, "income", "300")], ..Stating::default() };
        statements::state(&app, &clerk, &again.household, stating).await.unwrap();
        let late = take_back(&old, again.entry, "登错了户").await;
        assert_eq!(kin(late), KinRule::Since(again.household.clone()));
        let merged = merging(&old, proof);
        let merged = kinship::merge(&app, &clerk, &again.household, merged).await.unwrap().no;
        assert_eq!(family(archive, &old).await.living(), 3);

        // A merge is taken back, too: the household lives as it did.
        take_back(&old, merged, "并错了户").await.unwrap();
        let lives = links(archive, &clerk, &again.household).await;
        assert_eq!(lives.gone, "");
        assert_eq!(family(archive, &again.household).await.living(), 1);
        assert_eq!(family(archive, &old).await.living(), 2);
        let file = view::household(&app, &clerk, &again.household).await.unwrap();
        assert_eq!((file.household.state.as_str(), file.household.head.as_str()), ("none", "周文"));
        let merged = kinship::merge(&app, &clerk, &again.household, merging(&old, proof)).await;
        assert!(merged.is_ok(), "places that were taken back are nobody's: {merged:?}");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_sees_one_of_both_is_not_told_which_the_other_is() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, bureau, old) = (&archive.app, archive.bureau(), household(NO));
    let proof = paper(&archive, NO, "B09").await;
    let away = Splitting {
        community: "990102002001".parse().unwrap(),
        words: "迁往南门".into(),
        ..splitting(proof, vec![goes(1, "")])
    };
    let made = kinship::split(app, &bureau, &old, away).await.unwrap();
    let new = made.household.as_str();
    let mut here = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Archivist]).await;
    let mut there = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Archivist]).await;
    let mut above = Browser::on(&archive).await;
    let (short_new, short_old) = (made.household.short(), old.short());
    for (browser, mine, other, short) in
        [(&mut here, NO, new, &short_new), (&mut there, new, NO, &short_old)]
    {
        for path in [
            format!("/household/{mine}"),
            format!("/household/{mine}/family"),
            format!("/household/{mine}/history"),
            format!("/api/v1/households/{mine}"),
            format!("/api/v1/households/{mine}/links"),
            format!("/api/v1/households/{mine}/facts/history"),
            format!("/api/v1/log/entries/{}", made.entry),
        ] {
            let page = browser.get(&path).await;
            let text = page.text();
            assert_eq!(page.status, 200, "{path}: {text}");
            assert!(!text.contains(other) && !text.contains(short.as_str()), "{path}: {text}");
            assert!(!text.contains("迁往南门"), "{path}: {text}");
        }
        let page = browser.get(&format!("/household/{mine}/family")).await.text();
        assert!(page.contains("不在您的范围里") && page.contains("周文"), "{page}");
        assert_eq!(browser.get(&format!("/household/{other}/family")).await.status, 404);
        let kept = format!("/api/v1/households/{other}/links");
        assert_eq!(browser.get(&kept).await.status, 404);
        let back = format!("/api/v1/households/{mine}/links/{}/take-back", made.entry);
        let refused = browser.send_json(&back, &json!({"words": "登错了户"})).await;
        assert_eq!(json_of(&refused)["error"]["code"], "no_link", "{}", refused.text());
    }
    let lived = kinship::lived(app, &archive.other_clerk(), "990102195203142149").await.unwrap();
    assert!(lived.is_empty(), "she never lived there: {lived:?}");
    let both = above.get(&format!("/household/{NO}/family")).await.text();
    assert!(both.contains(&format!("/household/{new}")) && both.contains("迁往南门"), "{both}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn both_files_are_packed_with_their_proofs() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let proof = paper(&archive, NO, "B09").await;
    let made = split(&archive, &household(NO), splitting(proof, vec![goes(1, "")])).await;
    archive.app.settle().await.unwrap();
    for no in [NO, made.household.as_str()] {
        let packed = Packed::of(&archive, no, true).await;
        packed.is_sound(no, &format!("everything of household {no}"));
    }
}

#[tokio::test]
async fn a_clerk_splits_and_merges_on_the_page() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let proof = paper(&archive, NO, "B09").await.0.to_string();
    let app = archive.app.clone();
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut reader = Browser::of(app, "何静", "990102003000", &[Role::Reader]).await;
    let path = format!("/household/{NO}");
    let page = clerk.get(&format!("{path}/family")).await.text();
    assert!(page.contains("分户：有人另立一户"), "{page}");
    assert!(page.contains("name=\"successor\" value=\"0\" checked"), "the head stays: {page}");
    let page = reader.get(&format!("{path}/family")).await.text();
    assert!(!page.contains("/split\"") && page.contains("没有分过户"), "{page}");
    let form = |document: &'static str, on: &'static str| {
        [
            ("goes", "1"),
            ("goes", "2"),
            ("head", "1"),
            ("relation.2", "女<b>"),
            ("community", COMMUNITY),
            ("address", "槐荫里9号"),
            ("on", on),
            ("document", document),
            ("seen", ""),
        ]
    };
    let proof: &'static str = proof.leak();
    assert_eq!(reader.post(&format!("{path}/split"), &form(proof, "2026-11-02")).await.status, 403);
    for (bad, sentence) in [
        (form("", "2026-11-02"), "要选一件依据"),
        (form(proof, "2026-12-02"), "2026-12-02还没有到"),
        (form("7", "2026-11-02"), "不在这一户的卷里"),
    ] {
        let page = clerk.post(&format!("{path}/split"), &bad).await;
        let text = page.text();
        assert!(page.status.is_client_error() && text.contains(sentence), "{sentence}: {text}");
        assert!(text.contains("<details class=\"in\" id=\"split\" open>"), "{text}");
        assert!(
            text.contains("value=\"女&#60;b&#62;\"") && text.contains("value=\"1\" checked"),
            "{text}"
        );
    }
    let done = clerk.post(&format!("{path}/split"), &form(proof, "2026-11-02")).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let new = done.header("location").split('?').next().unwrap().to_owned();
    assert_eq!(new, "/household/99010200300400889");
    let file = clerk.get(&new).await.text();
    assert!(file.contains("分户而来2人（周文、周小满）") && file.contains(&path), "{file}");
    let file = clerk.get(&path).await.text();
    assert!(file.contains("分出2人（周文、周小满）") && file.contains(&new), "{file}");

    // Wrong: taken back; and done once more.
    let page = clerk.get(&format!("{path}/family")).await.text();
    let (_, rest) = page.split_once(&format!("{path}/links/")).unwrap();
    let entry = rest.split('/').next().unwrap().to_owned();
    let back = format!("{path}/links/{entry}/take-back");
    assert_eq!(clerk.post(&back, &[("words", "")]).await.status, 422);
    assert_eq!(clerk.post(&back, &[("words", "登错了户")]).await.status, 303);
    assert_eq!(clerk.post(&back, &[("words", "登错了户")]).await.status, 409);
    let void = clerk.get(&new).await.text();
    assert!(void.contains("立错的") && void.contains(&path), "{void}");
    let done = clerk.post(&format!("{path}/split"), &form(proof, "2026-11-02")).await;
    let new = done.header("location").split('?').next().unwrap().to_owned();

    // And back, by a merge, with a paper of the other file.
    let page = clerk.get(&format!("{new}/family")).await.text();
    assert!(page.contains("并户：全户并入另一户"), "{page}");
    let merge = |document: &'static str| {
        [
            ("goes", "0"),
            ("goes", "1"),
            ("into", NO),
            ("relation.0", "夫"),
            ("relation.1", "女"),
            ("document", ""),
            ("document_there", document),
        ]
    };
    let bad = clerk.post(&format!("{new}/merge"), &merge("")).await;
    assert!(bad.status == 422 && bad.text().contains("要选一件依据"), "{}", bad.text());
    let into_none = [("goes", "0"), ("into", "12"), ("document_there", proof)];
    assert!(clerk.post(&format!("{new}/merge"), &into_none).await.status.is_client_error());
    let done = clerk.post(&format!("{new}/merge"), &merge(proof)).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let gone = clerk.get(&new).await.text();
    assert!(gone.contains("已经并户") && gone.contains(&path), "{gone}");
    let family = clerk.get(&format!("{new}/family")).await.text();
    assert!(!family.contains("action=\"/household/99010200300400890/facts\""), "{family}");
    let members = clerk.get(&path).await.text();
    assert!(members.contains("周文") && members.contains("并入2人"), "{members}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn whose_number_is_looked_for_is_told_where_the_person_lives_and_lived() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let wen = number(&WEN[..17]);
    state(&archive, "2026-05-01", vec![fact(Some(1), "id_number", &wen)]).await;
    let proof = paper(&archive, NO, "B09").await;
    let made = split(&archive, &household(NO), splitting(proof, vec![goes(1, "")])).await;
    let mut clerk =
        Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let page = clerk.get(&format!("/households?q={wen}")).await.text();
    let now = page.find(&format!("现在在<a class=\"b\" href=\"/household/{}\"", made.household));
    let then = page.find(&format!("以前在<a class=\"b\" href=\"/household/{NO}\""));
    assert!(now.is_some() && then > now && page.contains("到2026-11-02，分户"), "{page}");
    let page = clerk.get("/households?q=%E5%91%A8%E6%96%87").await.text();
    assert!(!page.contains("现在在"), "{page}");
    let found = clerk.send_json("/api/v1/persons/households", &json!({"number": wen})).await;
    assert_eq!(json_of(&found)[0]["household"], made.household.as_str());
    let bad = json!({"number": "1".repeat(41)});
    assert_eq!(clerk.send_json("/api/v1/persons/households", &bad).await.status, 422);
}

#[tokio::test]
async fn a_program_splits_and_merges() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let proof = paper(&archive, NO, "B09").await.0;
    let mut clerk =
        Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let api = format!("/api/v1/households/{NO}");
    let body = json!({"going": [{"place": 1}, {"place": 2, "relation": "女"}], "head": 1,
        "community": COMMUNITY, "document": proof, "on": "2026-11-02", "seen": NONE_SEEN});
    for (wrong, value, code) in [
        ("head", json!(2_000), "asked"),
        ("community", json!("990102002001"), "asked"),
        ("document", json!(999_999), "not_in_file"),
        ("on", json!("2026-12-01"), "not_yet"),
        ("seen", json!(3), "stated_meanwhile"),
        ("going", json!([{"place": 0}, {"place": 1}]), "head_stays"),
    ] {
        let mut body = body.clone();
        body[wrong] = value;
        let refused = clerk.send_json(&format!("{api}/split"), &body).await;
        assert!(refused.status.is_client_error(), "{wrong}");
        assert_eq!(json_of(&refused)["error"]["code"], code, "{}", refused.text());
    }
    let split = clerk.send_json(&format!("{api}/split"), &body).await;
    assert_eq!(split.status, 201, "{}", split.text());
    let new = json_of(&split)["household"].as_str().unwrap().to_owned();
    assert_eq!(split.header("location"), format!("/api/v1/households/{new}"));
    let links = json_of(&clerk.get(&format!("{api}/links")).await);
    assert_eq!((&links["links"][0]["other"], &links["gone"]), (&json!(new), &json!("")));
    let there = format!("/api/v1/households/{new}");
    let merge = json!({"into": NO, "document": proof, "going": [{"place": 0, "relation": "夫"}]});
    for (wrong, value, code) in [
        ("into", json!(new), "same_household"),
        ("into", json!(CHEN), "unknown_household"),
        ("going", json!([{"place": 7}]), "no_person"),
    ] {
        let mut body = merge.clone();
        body[wrong] = value;
        let refused = clerk.send_json(&format!("{there}/merge"), &body).await;
        assert_eq!(json_of(&refused)["error"]["code"], code, "{}", refused.text());
    }
    let merged = clerk.send_json(&format!("{there}/merge"), &merge).await;
    assert_eq!(merged.status, 201, "{}", merged.text());
    let again = clerk.send_json(&format!("{there}/merge"), &merge).await;
    assert_eq!(
        (again.status, &json_of(&again)["error"]["code"]),
        (409.try_into().unwrap(), &json!("household_gone"))
    );
    let gone = json_of(&clerk.get(&format!("{there}/links")).await);
    assert_eq!((&gone["gone"], &gone["lives_on"]["household"]), (&json!("merged"), &json!(NO)));
    let entry = json_of(&merged)["entry"].as_i64().unwrap();
    let back = format!("{there}/links/{entry}/take-back");
    let done = clerk.send_json(&back, &json!({"words": "并错了户"})).await;
    assert_eq!(done.status, 201, "{}", done.text());
    comes_back(&archive).await;
}

#[test]
fn the_command_line_does_the_same() {
    let desk = Desk::founded();
    let scan = desk.file("a.png", &noise(30, 30));
    let set = desk.run(&["organisation", "set", COMMUNITY, "槐荫里社区居民委员会"]);
    assert_eq!(set.status, 0, "{}", set.err);
    let added = desk.run(&["add", "--json", "--household", ZHOU, "--open", "周桂兰", &scan]);
    let proof = added.json()[0]["document"].to_string();
    let named = desk.run(&[
        "family",
        "state",
        ZHOU,
        "--set",
        "1.name=周文",
        "--set",
        "1.relation=长子",
        "--set",
        &format!("1.id_number={}", number(&WEN[..17])),
    ]);
    assert_eq!(named.status, 0, "{}", named.err);
    let split = ["household", "split", ZHOU, "--goes", "1", "--community", COMMUNITY, "--json"];
    let none = desk.run(&split);
    assert_eq!(none.status, 2, "a paper proves it");
    let wrong = desk.run(&[&split[..], &["--proof", "999"]].concat());
    assert_ne!(wrong.status, 0);
    let done = desk.run(&[&split[..], &["--proof", &proof]].concat());
    assert_eq!(done.status, 0, "{}", done.err);
    let new = done.json()["household"].as_str().unwrap().to_owned();
    let links = desk.run(&["household", "links", ZHOU]);
    assert!(links.out.contains(&new) && links.out.contains("周文"), "{}", links.out);
    let lived = desk.run(&["household", "lived", &number(&WEN[..17])]);
    assert!(lived.out.starts_with(&new) && lived.out.contains("分户"), "{}", lived.out);
    let merge = ["household", "merge", &new, ZHOU, "--relation", "0=子", "--proof", &proof];
    let merged = desk.run(&[&merge[..], &["--json"]].concat());
    assert_eq!(merged.status, 0, "{}", merged.err);
    assert_eq!(desk.run(&merge).status, 3, "it is gone");
    let entry = merged.json()["entry"].to_string();
    let back = desk.run(&["household", "take-back", &new, &entry, "--why", "并错了户"]);
    assert_eq!(back.status, 0, "{}", back.err);
    assert!(desk.run(&["household", "links", &new]).out.contains("taken back"));
    assert_eq!(desk.run(&["rebuild"]).status, 0);
    assert!(desk.run(&["household", "links", ZHOU]).out.contains(&new));
}

#[tokio::test]
async fn what_was_compared_before_a_split_is_compared_again() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let (app, bureau, old) = (&archive.app, archive.bureau(), household(NO));
    let month = Month::of(today(&archive)).next();
    payments::list(app, &bureau, &"990102000000".parse().unwrap(), month).await.unwrap();
    assert_eq!(payments::reconcile(app, &bureau, "", month).await.unwrap().unlike, []);
    let proof = paper(&archive, NO, "B09").await;
    split(&archive, &old, splitting(proof, vec![goes(1, "")])).await;
    // One more is paid for than lives there.
    assert_eq!(payments::reconcile(app, &bureau, "", month).await.unwrap().unlike.len(), 1);
}

#[tokio::test]
async fn nobody_is_paid_for_twice_after_a_split() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    applied(&archive).await;
    let (app, bureau, old) = (&archive.app, archive.bureau(), household(NO));
    let proof = paper(&archive, NO, "B09").await;
    let made = split(&archive, &old, splitting(proof, vec![goes(1, "")])).await;
    let carry = || {
        let benefit = Giving { amount: "300".into(), category: "A".into(), ..Giving::default() };
        Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") }
    };
    // The decision on the old one still counts him.
    let twice = cases::take(app, &bureau, &made.household, carry()).await;
    assert!(told(twice).contains("还算着这些人"));
    take(&archive, &bureau, Taking { words: "分户".into(), ..beginning("change", "report") }).await;
    take(&archive, &bureau, taking("verify")).await;
    let less = Giving { amount: "700".into(), persons: Some(2), ..Giving::default() };
    let less = Taking { benefit: Some(less), words: "分户".into(), ..taking("reduce") };
    take(&archive, &bureau, less).await;
    cases::take(app, &bureau, &made.household, carry()).await.unwrap();
    let month = Month::of(today(&archive)).next();
    payments::list(app, &bureau, &"990102000000".parse().unwrap(), month).await.unwrap();
    let all = payments::reconcile(app, &bureau, "", month).await.unwrap();
    assert!(all.unlike.is_empty(), "{:?}", all.unlike);
    assert_eq!(all.listed, Total::new(2, 100_000));
    comes_back(&archive).await;
}

#[tokio::test]
async fn a_decision_that_departs_from_the_calculation_says_why() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        let carry = |amount: &str, why: &str| {
            let benefit = Giving {
                amount: amount.into(),
                category: "B".into(),
                departs: why.into(),
                ..Giving::default()
            };
            Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") }
        };
        // Without a standard, or an income, nothing is computed and nothing asked.
        let set = |amount: &str| Setting {
            organisation: "990102000000".parse().unwrap(),
            from: "2026-07".parse().unwrap(),
            amount: amount.into(),
            method: Method::Difference,
            tiers: String::new(),
            unit: Unit::Yuan,
            words: String::new(),
        };
        let free = cases::take(&app, &bureau, &household(ZHOU), carry("560", "")).await;
        assert!(free.is_ok(), "{free:?}");
        standards::set(&app, &bureau, set("1000")).await.unwrap();
        let free = cases::take(&app, &bureau, &household(CHEN), carry("560", "")).await;
        assert!(free.is_ok(), "{free:?}");

        // Three persons, 3,000 less 1,800 of income: 1,200.
        state(archive, "2026-11-01", vec![fact(None, "income", "1800")]).await;
        for why in ["", " ", "少", &"长".repeat(501)] {
            let asked = cases::take(&app, &bureau, &no, carry("1100", why)).await;
            let Err(LivingError::Departs { decided, computed }) = asked else {
                panic!("{why}: {asked:?}")
            };
            assert_eq!((decided.get(), computed.get()), (110_000, 120_000));
        }
        let why = "物价补贴另发，电话13812345678";
        cases::take(&app, &bureau, &no, carry("1100", why)).await.unwrap();
        let held = cases::list(&app, &bureau, &no).await.unwrap();
        let covered = "物价补贴另发，电话138****5678";
        assert_eq!(
            (held.benefits[0].computed, held.benefits[0].departs.as_str()),
            (Some(120_000), covered)
        );
        assert!(!archive.dump().await.join("\n").contains("13812345678"));
        // It stands in the register of what departs, and beside it on the page.
        let month = Month::of(today(archive)).next();
        let found = assessment::assess(&app, &bureau, "", month).await.unwrap().unlike;
        assert_eq!((found.len(), found[0].reason.as_str()), (1, covered));
        let asked = Asked { period: month.to_string(), ..Asked::default() };
        let table = books::table(&app, &bureau, "assessment", &asked, 100).await.unwrap();
        let told = format!("{table:?}");
        assert!(told.contains(covered) && told.contains("原因"), "{told}");

        // A decision as computed asks for nothing, and keeps nothing.
        take(
            archive,
            &bureau,
            Taking { words: "收入变化".into(), ..beginning("change", "report") },
        )
        .await;
        take(archive, &bureau, taking("verify")).await;
        let raise =
            Giving { amount: "1200".into(), departs: "多写的".into(), ..Giving::default() };
        let raise = Taking { benefit: Some(raise), words: "增加".into(), ..taking("raise") };
        take(archive, &bureau, raise).await;
        let held = cases::list(&app, &bureau, &no).await.unwrap();
        let last = held.benefits.last().unwrap();
        assert_eq!((last.computed, last.departs.as_str()), (None, ""));
        // To stop it departs from nothing.
        take(archive, &bureau, Taking { words: "就业".into(), ..beginning("change", "report") })
            .await;
        take(archive, &bureau, taking("verify")).await;
        take(archive, &bureau, Taking { words: "就业".into(), ..taking("stop") }).await;
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn why_a_decision_departs_is_asked_on_the_page_and_by_programs() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, bureau) = (archive.app.clone(), archive.bureau());
    let standard = Setting {
        organisation: "990102000000".parse().unwrap(),
        from: "2026-07".parse().unwrap(),
        amount: "1000".into(),
        method: Method::Difference,
        tiers: String::new(),
        unit: Unit::Yuan,
        words: String::new(),
    };
    standards::set(&app, &bureau, standard).await.unwrap();
    state(&archive, "2026-11-01", vec![fact(None, "income", "1800")]).await;
    let mut browser = Browser::on(&archive).await;
    let path = format!("/household/{NO}");
    assert!(browser.get(&path).await.text().contains("name=\"departs\""));
    let form = |why: &'static str| {
        [("step", "carried_over/carry"), ("amount", "1100"), ("category", "B"), ("departs", why)]
    };
    let asked = browser.post(&format!("{path}/steps"), &form("")).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text().contains("测算1200.00元：要写不一样的原因"), "{}", asked.text());
    let steps = format!("/api/v1/households/{NO}/steps");
    let body = json!({"procedure": "carried_over", "step": "carry",
        "benefit": {"amount": "1100", "category": "B"}});
    let refused = browser.send_json(&steps, &body).await;
    assert_eq!(refused.status, 422);
    assert_eq!(json_of(&refused)["error"]["code"], "departs", "{}", refused.text());
    assert_eq!(browser.post(&format!("{path}/steps"), &form("物价补贴另发")).await.status, 303);
    let page = browser.get(&path).await.text();
    assert!(page.contains("决定时写的原因：物价补贴另发"), "{page}");
    let page = browser.get("/standards?month=2026-12").await.text();
    assert!(page.contains("物价补贴另发"), "{page}");
    comes_back(&archive).await;
}

#[test]
fn the_command_line_asks_why_a_decision_departs() {
    let desk = Desk::founded();
    desk.run(&[
        "add",
        "--household",
        ZHOU,
        "--open",
        "周桂兰",
        &desk.file("a.png", &noise(30, 30)),
    ]);
    let set = ["money", "standard", "2020-01", "1000", "--organisation", "990102000000"];
    let set = desk.run(&set);
    assert_eq!(set.status, 0, "{}", set.err);
    desk.run(&["family", "state", ZHOU, "--set", "income=400"]);
    let carry = [
        "case",
        "step",
        ZHOU,
        "carry",
        "--begin",
        "carried_over",
        "--amount",
        "500",
        "--category",
        "B",
    ];
    let asked = desk.run(&carry);
    assert_eq!(asked.status, 2, "{}", asked.err);
    assert!(asked.err.contains("--departs") && asked.err.contains("600.00"), "{}", asked.err);
    let done = desk.run(&[&carry[..], &["--departs", "按原决定"]].concat());
    assert_eq!(done.status, 0, "{}", done.err);
}

/// What is done to the households of a community.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Of which household who becomes one of their own.
    Split(usize, usize),
    /// Which goes into which.
    Merge(usize, usize),
    /// The last one is taken back.
    Back,
}

#[test]
fn whatever_is_split_and_merged_everybody_lives_in_one_household() {
    let deed = prop_oneof![
        3 => (0usize..6, 1usize..9).prop_map(|(no, who)| Deed::Split(no, who)),
        2 => (0usize..6, 0usize..6).prop_map(|(one, other)| Deed::Merge(one, other)),
        1 => Just(Deed::Back),
    ];
    let deeds = proptest::collection::vec(deed, 1..14);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let run = |deeds: Vec<Deed>| {
        runtime.block_on(lives_on(deeds));
        Ok(())
    };
    runner.run(&deeds, run).unwrap();
}

async fn lives_on(deeds: Vec<Deed>) {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    opened(&archive).await;
    another(&archive).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let mut all = vec![household(NO), household(OTHER)];
    let mut papers: Vec<Option<DocumentId>> = vec![None, None];
    let mut last: Option<(HouseholdNo, i64)> = None;
    for deed in deeds {
        match deed {
            Deed::Split(at, who) => {
                let at = at % all.len();
                let family = family(&archive, &all[at]).await;
                let others: Vec<_> =
                    family.persons.iter().filter(|one| !one.left && !one.head).collect();
                if others.is_empty() {
                    continue;
                }
                let going = others.iter().take(1 + who % others.len());
                let going: Vec<_> = going.map(|one| goes(one.place, "")).collect();
                let proof = match papers[at] {
                    Some(proof) => proof,
                    None => paper(&archive, all[at].as_str(), "B09").await,
                };
                papers[at] = Some(proof);
                let asked = Splitting { on: None, ..splitting(proof, going) };
                let made = split(&archive, &all[at], asked).await;
                last = Some((made.household.clone(), made.entry));
                papers.push(None);
                all.push(made.household);
            }
            Deed::Merge(one, other) => {
                let (one, other) = (one % all.len(), other % all.len());
                for document in [papers[one], papers[other]].into_iter().flatten() {
                    let asked = merging(&all[other], document);
                    // Into itself, or where nobody lives any more, nobody goes.
                    if let Ok(made) = kinship::merge(app, &bureau, &all[one], asked).await {
                        last = Some((all[one].clone(), made.no));
                        break;
                    }
                }
            }
            Deed::Back => {
                if let Some((no, link)) = last.take() {
                    let back = kinship::take_back(app, &bureau, &no, link, "登错了户").await;
                    // A paper of its own is built upon it.
                    assert!(back.is_ok() || matches!(kin(back), KinRule::Since(_)));
                }
            }
        }
        alone(&archive, &all).await;
    }
    comes_back(&archive).await;
}

/// Everybody lives in exactly one household, and all who ever lived somewhere do.
async fn alone(archive: &Archive, all: &[HouseholdNo]) {
    let mut living = Vec::new();
    for no in all {
        let family = family(archive, no).await;
        let here: Vec<_> = family.persons.iter().filter(|one| !one.left).collect();
        let file = view::household_at_work(&archive.app, &archive.bureau(), no).await.unwrap();
        let gone = matches!(file.household.state.as_str(), "merged" | "void");
        assert_eq!(gone, here.is_empty(), "{no}");
        if !gone {
            assert_eq!(file.members.len() + 1, here.len(), "{no}");
            let head = family.persons.iter().find(|one| one.head).unwrap();
            assert!(!head.left && head.value("name") == file.household.head, "{no}");
        }
        living.extend(here.iter().map(|one| one.value("name").to_owned()));
    }
    living.sort_unstable();
    let mut all = ["周小满", "周文", "吴小山", "吴山", "林秀芳"];
    all.sort_unstable();
    assert_eq!(living, all);
}
