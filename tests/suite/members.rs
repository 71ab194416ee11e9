//! 身份: what is stated of the members of a household agrees with their numbers, and no two
//! who live in it have the same, whoever came, left and came back.

use serde_json::json;
use yidang::filing::{self, FilingError, NewHousehold};
use yidang::living::cases::Taking;
use yidang::living::due::{self, Due};
use yidang::living::kinship::{self, Going, Splitting};
use yidang::living::statements::{self, Stating};
use yidang::living::{LivingError, findings, payments};
use yidang::model::access::Role;
use yidang::model::act::Member;
use yidang::model::id::HouseholdNo;
use yidang::model::identity::IdentityRule;
use yidang::model::living::{Fact, LivingRule};
use yidang::model::month::Month;
use yidang::model::notice::{NoticeKind, NoticeRule};
use yidang::model::payment::Difference;
use yidang::model::workdays::months_after;
use yidang::notices::{self, NoticeError, Posting};
use yidang::record::RecordError;
use yidang::{catalog::Refusal, view};

use crate::cli::Desk;
use crate::files::noise;
use crate::harness::{Archive, Sql, Store, ZHOU, for_all, household};
use crate::living::{
    NO, applied, beginning, comes_back, days, fact, file, opened, take, taking, today,
};
use crate::pages::Browser;

/// A man born on 1 January 1950, and a woman born on 14 March 1952, who is the head.
const WEN: &str = "990102195001012135";
const HEAD: &str = "990102195203142149";

async fn said(archive: &Archive, no: &HouseholdNo, stating: Stating) -> Result<i64, IdentityRule> {
    match statements::state(&archive.app, &archive.bureau(), no, stating).await {
        Ok(receipt) => Ok(receipt.no),
        Err(LivingError::Identity(rule)) => Err(rule),
        Err(other) => panic!("{other}"),
    }
}

async fn states(archive: &Archive, facts: Vec<Fact>) -> Result<i64, IdentityRule> {
    said(archive, &household(NO), Stating { facts, ..Stating::default() }).await
}

async fn back(archive: &Archive, wrong: i64, facts: Vec<Fact>) -> Result<i64, IdentityRule> {
    let stating = Stating { facts, instead_of: Some(wrong), ..Stating::default() };
    said(archive, &household(NO), stating).await
}

fn twice(one: &str, other: &str) -> Result<i64, IdentityRule> {
    Err(IdentityRule::Twice(one.into(), other.into()))
}

#[tokio::test]
async fn what_is_stated_of_a_person_agrees_with_the_number() {
    for_all(async |archive| {
        opened(archive).await;
        let of = |field: &str, value: &str| fact(Some(1), field, value);
        let (birth, sex) = (IdentityRule::Birth("周文".into()), IdentityRule::Sex("周文".into()));
        // In one statement, whichever comes first.
        let one = vec![of("id_number", WEN), of("birth", "1950-01-02")];
        assert_eq!(states(archive, one).await, Err(birth.clone()));
        let one = vec![of("sex", "女"), of("id_number", WEN)];
        assert_eq!(states(archive, one).await, Err(sex.clone()));
        // One after the other: the number in full is in the act, covered in the database.
        states(archive, vec![of("id_number", WEN)]).await.unwrap();
        assert_eq!(states(archive, vec![of("birth", "1950-01-02")]).await, Err(birth.clone()));
        assert_eq!(states(archive, vec![of("sex", "女")]).await, Err(sex.clone()));
        states(archive, vec![of("birth", "1950-01-01"), of("sex", "男")]).await.unwrap();
        let other = vec![of("id_number", "990102195203142245")];
        assert_eq!(states(archive, other).await, Err(birth.clone()));
        // Together they are somebody else's, and all of it fits.
        let all = vec![of("id_number", "990102195001022106"), of("birth", "1950-01-02")];
        assert_eq!(states(archive, all).await, Err(sex));
        // What the file was opened with counts too; of nobody without a number anything may be.
        let head = vec![fact(Some(0), "birth", "1952-03-15")];
        assert_eq!(states(archive, head).await, Err(IdentityRule::Birth("林秀芳".into())));
        states(archive, vec![fact(Some(2), "birth", "2020-02-29")]).await.unwrap();
        // What is taken back is not what is there.
        let wrong = states(archive, vec![of("id_number", "")]).await.unwrap();
        let free = states(archive, vec![of("birth", "1950-01-02")]).await.unwrap();
        assert_eq!(back(archive, wrong, Vec::new()).await, Err(birth.clone()), "it comes back");
        back(archive, free, Vec::new()).await.unwrap();
        back(archive, wrong, Vec::new()).await.unwrap();
        assert_eq!(states(archive, vec![of("birth", "1950-01-03")]).await, Err(birth));
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn two_who_live_in_a_household_have_two_numbers() {
    for_all(async |archive| {
        opened(archive).await;
        let joins = |place, name: &str, number: &str| {
            vec![fact(Some(place), "name", name), fact(Some(place), "id_number", number)]
        };
        let wen = vec![fact(Some(1), "id_number", HEAD)];
        assert_eq!(states(archive, wen).await, twice("林秀芳", "周文"));
        let same = [joins(3, "甲", WEN), joins(4, "乙", WEN)].concat();
        assert_eq!(states(archive, same).await, twice("乙", "甲"));
        assert_eq!(states(archive, joins(3, "甲", HEAD)).await, twice("林秀芳", "甲"));

        // A number that was given to the wrong one is taken back and given to the right one.
        let wrong = states(archive, vec![fact(Some(2), "id_number", WEN)]).await.unwrap();
        assert_eq!(
            states(archive, vec![fact(Some(1), "id_number", WEN)]).await,
            twice("周小满", "周文")
        );
        back(archive, wrong, Vec::new()).await.unwrap();
        let right = states(archive, vec![fact(Some(1), "id_number", WEN)]).await.unwrap();
        // Or both at once.
        back(archive, right, vec![fact(Some(2), "id_number", WEN)]).await.unwrap();
        let both = vec![fact(Some(2), "id_number", ""), fact(Some(1), "id_number", WEN)];
        states(archive, both).await.unwrap();

        // Who moved away and came back is entered anew, or comes back as the same.
        states(archive, vec![fact(Some(1), "left", "迁出")]).await.unwrap();
        let again = states(archive, joins(3, "周文", WEN)).await.unwrap();
        assert_eq!(
            states(archive, vec![fact(Some(1), "left", "")]).await,
            twice("周文", "周文"),
            "there already"
        );
        let gone = states(archive, vec![fact(Some(3), "left", "其他")]).await.unwrap();
        let home = states(archive, vec![fact(Some(1), "left", "")]).await.unwrap();
        assert!(again < gone && gone < home);
        assert_eq!(back(archive, gone, Vec::new()).await, twice("周文", "周文"));
        // Of somebody whom it does not concern anything else is stated.
        states(archive, vec![fact(Some(2), "birth", "2020-02-29")]).await.unwrap();
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn a_household_is_opened_with_different_persons_and_shares_them_with_another() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let new = |number: &str| NewHousehold {
            head: "林秀芳".into(),
            id_number: HEAD.into(),
            members: vec![Member {
                name: "周文".into(),
                relation: "夫".into(),
                id_number: number.into(),
            }],
            ..NewHousehold::default()
        };
        // Written otherwise, and as it was before it had 18 digits.
        for number in [HEAD, "990102 19520314 2149", "990102520314214"] {
            let refused = filing::open_household(&app, &bureau, &household(NO), new(number)).await;
            assert!(
                matches!(refused, Err(FilingError::Identity(IdentityRule::Twice(..)))),
                "{number}: {refused:?}"
            );
        }
        filing::open_household(&app, &bureau, &household(NO), new(WEN)).await.unwrap();
        // In another household it is no mistake of who enters it: it is found.
        let found = |no| findings::of_household(&app, &bureau, no);
        let (here, there) = (household(NO), household("99010200300400889"));
        filing::open_household(&app, &bureau, &there, new(WEN)).await.unwrap();
        for no in [&here, &there] {
            let codes: Vec<_> = found(no).await.unwrap().findings;
            let twice = codes.iter().filter(|one| one.finding.code == "two_households").count();
            assert_eq!(twice, 2, "{no}");
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn who_was_split_off_comes_back_once() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        states(archive, vec![fact(Some(1), "id_number", WEN)]).await.unwrap();
        let paper = file(archive, "B09").await;
        let splitting = Splitting {
            going: vec![Going { place: 1, relation: String::new() }],
            head: 1,
            community: "990102003004".parse().unwrap(),
            address: String::new(),
            along: Vec::new(),
            successor: None,
            staying: Vec::new(),
            on: None,
            document: paper,
            words: String::new(),
            seen: None,
        };
        let split = kinship::split(&app, &bureau, &no, splitting.clone()).await.unwrap();
        // The number went along: it is his there too.
        let wrong = vec![fact(Some(0), "birth", "1950-01-02")];
        let wrong = Stating { facts: wrong, ..Stating::default() };
        let refused = said(archive, &split.household, wrong).await;
        assert_eq!(refused, Err(IdentityRule::Birth("周文".into())));
        // Somebody enters him anew where he left; so he is not brought back by a correction.
        let anew = vec![fact(Some(3), "name", "周文"), fact(Some(3), "id_number", WEN)];
        states(archive, anew).await.unwrap();
        let refused = kinship::take_back(&app, &bureau, &no, split.entry, "分错了").await;
        assert!(matches!(refused, Err(LivingError::Told { .. })), "{refused:?}");
        states(archive, vec![fact(Some(3), "left", "其他")]).await.unwrap();
        kinship::take_back(&app, &bureau, &no, split.entry, "分错了").await.unwrap();
        // Back, he is split off again.
        kinship::split(&app, &bureau, &no, splitting).await.unwrap();
        comes_back(archive).await;
    })
    .await;
}

fn saying(taking: Taking) -> Taking {
    Taking { words: "户主死亡".into(), ..taking }
}

/// What is due after a death: of whom, what, and the last day.
fn deaths(found: &Due) -> Vec<(&str, &str, &str)> {
    let deaths = found.matters.iter().filter(|one| one.kind == "death");
    deaths.map(|one| (&*one.household, &*one.held_at.en, &*one.due)).collect()
}

#[tokio::test]
async fn who_lives_alone_can_die_and_the_allowance_is_due_to_be_stopped() {
    for_all(async |archive| {
        let (app, clerk, bureau) = (archive.app.clone(), archive.clerk(), archive.bureau());
        let no = household(NO);
        let new = NewHousehold { head: "林秀芳".into(), ..NewHousehold::default() };
        filing::open_household(&app, &bureau, &no, new).await.unwrap();
        applied(archive).await;
        let month = Month::of(today(archive)).next();
        payments::list(&app, &bureau, &"990102000000".parse().unwrap(), month).await.unwrap();
        let due = async || due::due(&app, &bureau, 10).await.unwrap();
        let unlike = async || payments::reconcile(&app, &bureau, "", month).await.unwrap().unlike;
        assert!(unlike().await.is_empty());

        // Nobody who lives alone moves away and leaves the file without a head.
        let facts = vec![fact(Some(0), "left", "迁出")];
        let stating = Stating { facts, ..Stating::default() };
        let moved = statements::state(&app, &clerk, &no, stating).await;
        assert!(
            matches!(
                moved,
                Err(LivingError::Record(RecordError::Refused(Refusal::Living(
                    LivingRule::HeadLeaves(_)
                ))))
            ),
            "{moved:?}"
        );
        let (died, paper) = (today(archive), file(archive, "B09").await);
        let facts = vec![fact(Some(0), "left", "死亡")];
        let stating = Stating { proof: Some(paper), from: Some(died), facts, ..Stating::default() };
        let entry = statements::state(&app, &clerk, &no, stating).await.unwrap().no;
        let family = statements::on_day(&app, &clerk, &no, None, None).await.unwrap();
        assert_eq!((family.living(), family.persons[0].value("left")), (0, "死亡"));
        let file = view::household(&app, &clerk, &no).await.unwrap();
        assert_eq!(file.household.head, "林秀芳", "the file is called as it was");

        let kind = NoticeKind::Proposed;
        let wanted = Posting { kind, amount: "100".into(), from: None, until: None };
        let put_up = notices::post(&app, &clerk, &no, wanted).await;
        assert!(matches!(put_up, Err(NoticeError::Rule(NoticeRule::Nobody))), "{put_up:?}");

        // It is paid until that is decided; that it is not is told by the third month.
        let found = unlike().await;
        assert_eq!(found[0].differences, [Difference::TooMany]);
        let last = months_after(died, 3).to_string();
        let found = due().await;
        assert_eq!((deaths(&found), found.next.as_deref()), (Vec::new(), Some(last.as_str())));
        days(archive, 100);
        let found = due().await;
        assert_eq!(found.late, 1);
        let stop = "Stop the allowance: nobody lives there";
        assert_eq!(deaths(&found), [(NO, stop, last.as_str())]);
        assert!(deaths(&due::due(&app, &archive.other_clerk(), 10).await.unwrap()).is_empty());

        // Taken back it was never so.
        let wrong = Stating { instead_of: Some(entry), ..Stating::default() };
        let back = statements::state(&app, &clerk, &no, wrong).await.unwrap().no;
        assert!(deaths(&due().await).is_empty());
        let facts = vec![fact(Some(0), "left", "死亡")];
        let again = Stating { from: Some(died), facts, ..Stating::default() };
        assert!(statements::state(&app, &clerk, &no, again).await.unwrap().no > back);
        assert_eq!(deaths(&due().await).len(), 1);

        take(archive, &clerk, saying(beginning("change", "report"))).await;
        take(archive, &clerk, taking("verify")).await;
        take(archive, &bureau, saying(taking("stop"))).await;
        assert!(deaths(&due().await).is_empty(), "it is decided");
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn after_the_death_of_one_of_several_the_allowance_is_due_to_be_adjusted() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        states(archive, vec![fact(Some(1), "left", "死亡")]).await.unwrap();
        states(archive, vec![fact(Some(2), "left", "婚嫁")]).await.unwrap();
        let died = today(archive);
        days(archive, 100);
        let found = due::due(&app, &bureau, 10).await.unwrap();
        let last = months_after(died, 3).to_string();
        let adjust = "Adjust the allowance to those who live there";
        assert_eq!(deaths(&found), [(NO, adjust, last.as_str())]);
        // The page has it where the day begins.
        let mut browser = Browser::of(app, "宋青", "990102000000", &[Role::Clerk]).await;
        let text = browser.get("/").await.text();
        assert!(text.contains("办增减停，保障人数多于在户"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn pages_programs_and_the_command_line_say_the_same() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let app = archive.app.clone();
    let mut browser = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    browser.post(&format!("/household/{NO}/reason"), &[("purpose", "check")]).await;
    let form = [("member", "1"), ("field.id_number", WEN), ("field.sex", "女"), ("seen", "-1")];
    let page = browser.post(&format!("/household/{NO}/facts"), &form).await;
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(text.contains("周文的性别和身份证号对不上，请对照证件。"), "{text}");
    let path = format!("/api/v1/households/{NO}/facts");
    let facts = json!([{ "member": 1, "field": "id_number", "value": HEAD }]);
    let refused = browser.send_json(&path, &json!({ "facts": facts })).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("number_twice"), "{}", refused.text());
    let same = |number: &str| json!({ "name": "周文", "relation": "夫", "id_number": number });
    let opening = json!({
        "household": "99010200300400890", "head": "林秀芳", "id_number": HEAD,
        "members": [same(HEAD)],
    });
    let refused = browser.send_json("/api/v1/households", &opening).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("number_twice"), "{}", refused.text());
}

#[test]
fn the_command_line_refuses_what_does_not_fit() {
    let desk = Desk::founded();
    let scan = desk.file("1.png", &noise(30, 30));
    desk.run(&["add", "--household", ZHOU, "--open", "周桂兰", &scan]);
    let number = format!("0.id_number={WEN}");
    let state = ["family", "state", ZHOU, "--set", &number, "--set", "0.birth=1950-01-02"];
    let refused = desk.run(&state);
    assert_ne!(refused.status, 0);
    assert!(refused.err.contains("is not the one in the identity number"), "{}", refused.err);
}
