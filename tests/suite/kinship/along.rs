//! What of a household as a whole goes along in a split, and who is its head when the head
//! goes.

use serde_json::json;
use yidang::living::LivingError;
use yidang::living::kinship::{self, Splitting};
use yidang::living::statements::{self, Family, Stating};
use yidang::model::access::Role;
use yidang::model::field::ValueError;
use yidang::model::id::DocumentId;
use yidang::model::kinship::KinRule;
use yidang::model::living::LivingRule;
use yidang::view;

use super::{COMMUNITY, day, family, goes, kin, paper, rule, split, splitting, told};
use crate::cli::Desk;
use crate::files::noise;
use crate::harness::{Archive, Sql, Store, ZHOU, for_all, household};
use crate::living::{NO, comes_back, fact, json_of, opened, state};
use crate::pages::Browser;

/// Where who leaves lived is stated by a paper, and what comes in by none.
async fn known(archive: &Archive) -> DocumentId {
    let proof = paper(archive, NO, "A06").await;
    let stating = Stating {
        from: day("2026-05-01"),
        proof: Some(proof),
        facts: vec![
            fact(None, "registered_address", "青石县槐荫里"),
            fact(None, "phone", "0539-1234567"),
        ],
        ..Stating::default()
    };
    statements::state(&archive.app, &archive.clerk(), &household(NO), stating).await.unwrap();
    state(archive, "2026-06-01", vec![fact(None, "income", "1800")]).await;
    state(archive, "2026-11-10", vec![fact(None, "phone", "0539-7654321")]).await;
    proof
}

fn codes(family: &Family) -> Vec<(&str, &str)> {
    family.household.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect()
}

#[tokio::test]
async fn what_is_chosen_of_the_household_as_a_whole_goes_along_with_its_proof() {
    for_all(async |archive| {
        opened(archive).await;
        let proof = known(archive).await;
        let old = household(NO);
        let document = paper(archive, NO, "B09").await;
        let asked = |along: &[&str], address: &str| Splitting {
            along: along.iter().map(|code| (*code).to_owned()).collect(),
            address: address.into(),
            ..splitting(document, vec![goes(1, "")])
        };
        for wrong in ["head", "organisation", "nonsense", "name", ""] {
            let refused =
                kinship::split(&archive.app, &archive.clerk(), &old, asked(&[wrong], "")).await;
            assert!(
                matches!(&refused, Err(LivingError::Value(ValueError::Unknown(_)))),
                "{wrong}: {refused:?}"
            );
        }
        let all = ["phone", "address", "registered_address", "phone"];
        let new = split(archive, &old, asked(&all, "")).await.household;
        let there = family(archive, &new).await;
        assert_eq!(
            codes(&there),
            [
                ("head", "0"),
                ("organisation", COMMUNITY),
                ("address", "槐荫里7号"),
                ("registered_address", "青石县槐荫里"),
                ("phone", "0539-7654321"),
            ],
            "neither the income nor the head"
        );
        let of = |field: &str| there.household.iter().find(|one| one.field == field).unwrap();
        assert_eq!(of("registered_address").proof, Some(proof.0));
        assert_eq!(of("registered_address").from, "2026-11-02");
        // What was stated of later goes along with its own day.
        assert_eq!(of("phone").from, "2026-11-10");
        let clerk = archive.clerk();
        let then = statements::on_day(&archive.app, &clerk, &new, day("2026-11-05"), None).await;
        assert_eq!(then.unwrap().value("phone"), "0539-1234567");
        let file = view::household(&archive.app, &clerk, &new).await.unwrap();
        assert_eq!(file.household.address, "槐荫里7号");
        assert_eq!(family(archive, &old).await.value("phone"), "0539-7654321", "and stays");

        // An address that is given stands instead of the known one; nothing goes unasked.
        let given = Splitting {
            going: vec![goes(2, "")],
            head: 2,
            ..asked(&["address", "income"], "河沿街3号")
        };
        let other = split(archive, &old, given).await.household;
        let there = family(archive, &other).await;
        assert_eq!((there.value("address"), there.value("income")), ("河沿街3号", "1800.00"));
        assert_eq!(there.value("phone"), "");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn the_head_goes_and_another_is_the_head_of_who_stays_by_the_same_act() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, old) = (archive.app.clone(), archive.clerk(), household(NO));
        let document = paper(archive, NO, "B09").await;
        let before = family(archive, &old).await.persons;
        let leaving = || splitting(document, vec![goes(0, "")]);
        let split = async |asked: Splitting| kinship::split(&app, &clerk, &old, asked).await;
        // Nobody is named, she is named herself, or somebody who is not there.
        for successor in [None, Some(0)] {
            let refused = split(Splitting { successor, ..leaving() }).await;
            assert_eq!(kin(refused), KinRule::HeadStays(old.clone()), "{successor:?}");
        }
        let stranger = split(Splitting { successor: Some(9), ..leaving() }).await;
        assert_eq!(rule(stranger), LivingRule::NoPerson(old.clone(), 9));
        let both = vec![goes(0, ""), goes(1, "夫")];
        let goes_too = Splitting { going: both, successor: Some(1), ..leaving() };
        assert_eq!(kin(split(goes_too).await), KinRule::HeadStays(old.clone()));
        // A relation is of somebody who stays, and only where the head changes.
        let staying = vec![goes(0, "妻")];
        let gone = split(Splitting { successor: Some(1), staying, ..leaving() }).await;
        assert!(told(gone).contains("没有留下"));
        let staying = vec![goes(2, "女")];
        let same = Splitting { staying, ..splitting(document, vec![goes(1, "")]) };
        assert!(told(split(same).await).contains("户主不换"));

        let asked = Splitting {
            successor: Some(1),
            staying: vec![goes(2, "女，电话13812345678")],
            ..leaving()
        };
        let made = split(asked).await.unwrap();
        let left = family(archive, &old).await;
        assert_eq!(left.value("head"), "1");
        let lives: Vec<_> = left
            .persons
            .iter()
            .filter(|one| !one.left)
            .map(|one| (one.place, one.head, one.value("relation")))
            .collect();
        assert_eq!(lives, [(1, true, ""), (2, false, "女，电话138****5678")]);
        assert!(!archive.dump().await.join("\n").contains("13812345678"));
        let file = view::household(&app, &clerk, &old).await.unwrap();
        assert_eq!((file.household.head.as_str(), file.members.len()), ("周文", 1));
        let there = view::household(&app, &clerk, &made.household).await.unwrap();
        assert_eq!(there.household.head, "林秀芳");
        let then = statements::on_day(&app, &clerk, &old, day("2026-11-01"), None).await.unwrap();
        assert_eq!(then.value("head"), "0", "until the day she was the head");

        // All of it is taken back together.
        kinship::take_back(&app, &clerk, &old, made.entry, "登错了户").await.unwrap();
        let back = family(archive, &old).await;
        assert_eq!(back.value("head"), "0");
        assert_eq!(back.persons, before);
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn the_form_offers_what_goes_along_and_another_head() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    known(&archive).await;
    let document = paper(&archive, NO, "B09").await.0.to_string();
    let app = archive.app.clone();
    let mut clerk = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let path = format!("/household/{NO}");
    let page = clerk.get(&format!("{path}/family")).await.text();
    for offered in ["registered_address", "phone", "address", "income"] {
        assert!(page.contains(&format!("name=\"along\" value=\"{offered}\"")), "{offered}: {page}");
    }
    for own in ["head", "organisation", "account"] {
        assert!(!page.contains(&format!("name=\"along\" value=\"{own}\"")), "{own}: {page}");
    }
    let form = |successor: &'static str| {
        vec![
            ("stays", "0"),
            ("stays", "1"),
            ("stays", "2"),
            ("goes", "0"),
            ("head", "0"),
            ("successor", successor),
            ("relation.0", ""),
            ("relation.2", "女"),
            ("along", "phone"),
            ("community", COMMUNITY),
            ("on", "2026-11-12"),
            ("document", document.as_str()),
        ]
    };
    let refused = clerk.post(&format!("{path}/split"), &form("0")).await;
    let text = refused.text();
    assert_eq!(refused.status, 422, "{text}");
    assert!(text.contains("选留下的人里谁当户主"), "{text}");
    assert!(text.contains("name=\"relation.2\" value=\"女\""), "what was typed stays: {text}");
    assert!(text.contains("name=\"along\" value=\"phone\" checked"), "{text}");
    let done = clerk.post(&format!("{path}/split"), &form("1")).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let new = done.header("location").split('?').next().unwrap().to_owned();
    let file = clerk.get(&path).await.text();
    assert!(file.contains("<h1>周文户</h1>"), "{file}");
    let there = clerk.get(&format!("{new}/family")).await.text();
    assert!(there.contains("0539-7654321") && there.contains("林秀芳"), "{there}");
    comes_back(&archive).await;
}

#[tokio::test]
async fn a_program_names_what_goes_along_and_another_head() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    known(&archive).await;
    let document = paper(&archive, NO, "B09").await.0;
    let app = archive.app.clone();
    let mut clerk = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let path = format!("/api/v1/households/{NO}/split");
    let body = json!({"going": [{"place": 0}], "head": 0, "successor": 1,
        "staying": [{"place": 2, "relation": "女"}], "along": ["phone"],
        "community": COMMUNITY, "document": document, "on": "2026-11-12"});
    for (wrong, value, code) in [
        ("along", json!(["head"]), "value"),
        ("along", json!("phone"), "malformed"),
        ("successor", json!(9), "no_person"),
        ("successor", json!(null), "head_stays"),
        ("going", json!([{"place": 1}]), "asked"),
    ] {
        let mut body = body.clone();
        body[wrong] = value;
        let refused = clerk.send_json(&path, &body).await;
        assert!(refused.status.is_client_error(), "{wrong}");
        if code != "malformed" {
            assert_eq!(json_of(&refused)["error"]["code"], code, "{}", refused.text());
        }
    }
    let made = clerk.send_json(&path, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let new = household(json_of(&made)["household"].as_str().unwrap());
    assert_eq!(family(&archive, &new).await.value("phone"), "0539-7654321");
    assert_eq!(family(&archive, &household(NO)).await.value("head"), "1");
}

#[test]
fn the_command_line_takes_values_along_and_names_another_head() {
    let desk = Desk::founded();
    let scan = desk.file("a.png", &noise(30, 30));
    let set = desk.run(&["organisation", "set", COMMUNITY, "槐荫里社区居民委员会"]);
    assert_eq!(set.status, 0, "{}", set.err);
    let added = desk.run(&["add", "--json", "--household", ZHOU, "--open", "周桂兰", &scan]);
    let proof = added.json()[0]["document"].to_string();
    let known = ["--set", "1.name=周文", "--set", "2.name=周小满", "--set", "phone=0539-1234567"];
    let stated = desk.run(&[&["family", "state", ZHOU][..], &known].concat());
    assert_eq!(stated.status, 0, "{}", stated.err);
    let split = ["household", "split", ZHOU, "--goes", "0", "--community", COMMUNITY];
    let split = [&split[..], &["--along", "phone", "--proof", &proof, "--json"]].concat();
    let stays = desk.run(&split);
    assert_ne!(stays.status, 0);
    assert!(stays.err.contains("say who of those who stay is the head"), "{}", stays.err);
    let done = desk.run(&[&split[..], &["--successor", "1", "--stays", "2=女"]].concat());
    assert_eq!(done.status, 0, "{}", done.err);
    let new = done.json()["household"].as_str().unwrap().to_owned();
    let there = desk.run(&["family", "show", &new]).out;
    assert!(there.contains("0539-1234567") && there.contains("周桂兰"), "{there}");
    let here = desk.run(&["household", "links", ZHOU]).out;
    assert!(here.contains(&new), "{here}");
    let listed = desk.run(&["family", "show", ZHOU, "--json"]).json();
    let head = |one: &&serde_json::Value| one["head"] == true;
    let heads: Vec<_> = listed["persons"].as_array().unwrap().iter().filter(head).collect();
    assert_eq!((heads.len(), &heads[0]["place"]), (1, &json!(1)), "{listed}");
}
