//! 录入字段: a form is keyed against its scan: what was read is proposed, what is typed is
//! checked, versions are kept, and what it says leads to statements and steps.

use serde_json::json;
use yidang::catalog::Refusal;
use yidang::encryption;
use yidang::filing::{self, NewHousehold};
use yidang::keying::{self, Keying, KeyingError, Stating, TypedValue};
use yidang::living::cases::{self, Taking};
use yidang::living::{NONE_SEEN, statements};
use yidang::model::access::Role;
use yidang::model::act::Member;
use yidang::model::form::KeyedFrom;
use yidang::model::id::DocumentId;
use yidang::model::living::LivingRule;
use yidang::model::notice::NoticeKind;
use yidang::notices::{self, Posting};
use yidang::rebuild;
use yidang::record::RecordError;
use yidang::view;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, actor, description, for_all, household};
use crate::pages::Browser;

const NO: &str = "99010200300400888";
const HEAD: &str = "990102195203142149";
const SECOND: &str = "99010219850130850X";

const FORM: [&str; 18] = [
    "城市居民最低生活保障待遇申请审批表",
    "家庭编号：99010200300400888",
    "填表日期：2026年3月9日",
    "户主姓名：林秀芳",
    "性别：女",
    "身份证号：990102195203142149",
    "家庭人口：2人",
    "联系电话：13812345678",
    "现家庭住址：槐荫里7号",
    "家庭月总收入：1260元",
    "月人均收入：630.00元",
    "保障人口：2人",
    "保障标准：1085元",
    "户月保障金额：910元",
    "民政局确认：同意发放。",
    "负责人：李建国2026年3月13日",
    "负责人：何国平2026年3月26日",
    "负责人：邓文彬2026年4月2日",
];

async fn opened(archive: &Archive) {
    let member = Member { name: "周文".into(), relation: "夫".into(), id_number: String::new() };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: HEAD.into(),
        address: "槐荫里5号".into(),
        members: vec![member],
    };
    filing::open_household(&archive.app, &archive.bureau(), &household(NO), new).await.unwrap();
}

/// Files a paper with these lines as one of this type, and has it read.
async fn filed(archive: &Archive, kind: &str, lines: &[&str], date: &str) -> DocumentId {
    let taken = archive.take(NO, "form.pdf", &paper(&[lines])).await.unwrap();
    let said = description(kind, "城市低保审批表", date);
    let (clerk, no) = (archive.clerk(), household(NO));
    filing::file(&archive.app, &clerk, taken.document, &no, said).await.unwrap();
    archive.settle().await;
    taken.document
}

fn value(field: &str, value: &str) -> TypedValue {
    TypedValue { field: field.into(), value: value.into() }
}

fn typing(seen: Option<i64>, values: &[(&str, &str)]) -> Keying {
    let values = values.iter().map(|(field, typed)| value(field, typed)).collect();
    Keying { seen, values, accept: true }
}

fn shown<'a>(sheet: &'a keying::Sheet, name: &str) -> &'a keying::SheetField {
    let mut fields = sheet.sections.iter().flat_map(|section| &section.fields);
    fields.find(|one| one.field == name).unwrap_or_else(|| panic!("{name}"))
}

fn is_meanwhile(error: &KeyingError) -> bool {
    matches!(
        error,
        KeyingError::Record(RecordError::Refused(Refusal::Living(LivingRule::KeyedMeanwhile(_))))
    )
}

#[tokio::test]
async fn what_was_read_is_proposed_and_every_version_is_kept() {
    for_all(async |archive| {
        opened(archive).await;
        let id = filed(archive, "A02", &FORM, "2026-04-02").await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let sheet = keying::sheet(&app, &clerk, id).await.unwrap();
        assert_eq!((sheet.form.as_str(), sheet.seen, sheet.read), ("approval", None, true));
        for (field, wanted) in [
            ("head", "林秀芳"),
            ("sex", "女"),
            ("id_number", "9901**********2149"),
            ("phone", "138****5678"),
            ("income", "1260.00"),
            ("covered", "2"),
            ("amount", "910.00"),
            ("bureau_by", "邓文彬"),
            ("bureau_on", "2026-04-02"),
        ] {
            let one = shown(&sheet, field);
            assert_eq!(one.value, wanted, "{field}: {sheet:?}");
            assert!(one.bbox.is_some() && one.page == Some(1), "{field}");
        }
        assert_eq!(sheet.findings, [], "all of it agrees");

        // A part is accepted as it was read, the rest typed.
        let said = typing(sheet.seen, &[("covered", "2人"), ("members.1.name", "周文")]);
        let first = keying::save(&app, &clerk, id, said).await.unwrap().no;
        let versions = keying::versions(&app, &clerk, id).await.unwrap();
        let from = |name: &str| {
            let mut values = versions[0].values.iter();
            values.find(|one| one.field == name).map(|one| one.from)
        };
        assert_eq!((versions.len(), versions[0].entry), (1, first));
        assert_eq!(from("id_number"), Some(KeyedFrom::Read));
        assert_eq!(from("members.1.name"), Some(KeyedFrom::Typed));
        assert_eq!(versions[0].object["amount"], 91_000, "money is 分");
        assert_eq!(versions[0].object["members"][0]["name"], "周文");

        // Whoever saw nothing of it changes nothing; a number that is left covered stays.
        let late = keying::save(&app, &clerk, id, typing(Some(NONE_SEEN), &[("age", "74")])).await;
        assert!(is_meanwhile(&late.unwrap_err()));
        let said = typing(Some(first), &[("age", "74"), ("id_number", "9901**********2149")]);
        keying::save(&app, &clerk, id, said).await.unwrap();
        let versions = keying::versions(&app, &clerk, id).await.unwrap();
        assert_eq!(versions.len(), 2);
        let offers = keying::offers(&app, &clerk, id).await.unwrap();
        assert!(offers.facts.iter().all(|one| one.fact != "id_number"), "it is known: {offers:?}");

        // Nothing of a person stands in SQL or in the dump; a rebuild makes the same.
        app.settle().await.unwrap();
        let dump = archive.dump().await;
        assert_eq!(dump.iter().filter(|line| line.contains("\"keyed\":")).count(), 2);
        let text = dump.join("\n");
        for number in [HEAD, "13812345678", "邓文彬"] {
            assert!(!text.contains(number), "{number}");
        }
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        assert_eq!(keying::versions(&app, &clerk, id).await.unwrap(), versions);
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_checked_and_what_is_no_value_refused() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let mut lines = FORM;
    lines[1] = "家庭编号：99010200300400001";
    lines[13] = "户月保障金额：190元";
    let id = filed(&archive, "A02", &lines, "2026-04-02").await;
    let (app, clerk) = (&archive.app, archive.clerk());
    let sheet = keying::sheet(app, &clerk, id).await.unwrap();
    let codes: Vec<_> = sheet.findings.iter().map(|one| (one.field.as_str(), one.code)).collect();
    assert!(codes.contains(&("amount", "sum")), "{codes:?}");
    assert!(codes.contains(&("household_no", "other_household")), "{codes:?}");
    assert!(shown(&sheet, "amount").sure.unwrap() <= 60, "it is looked at");
    for (field, typed) in [
        ("filled_on", "三月九日"),
        ("amount", "很多"),
        ("sex", "不详"),
        ("nothing", "1"),
        ("members.21.name", "周"),
        ("id_number", "9901**********0000"),
    ] {
        let wrong = keying::save(app, &clerk, id, typing(None, &[(field, typed)])).await;
        let named = matches!(
            &wrong,
            Err(KeyingError::Value { .. } | KeyingError::NoField(_) | KeyingError::Covered { .. })
        );
        assert!(named, "{field}: {wrong:?}");
    }
    let many = vec![value("age", "1"); 401];
    let many = Keying { values: many, ..Keying::default() };
    assert!(matches!(keying::save(app, &clerk, id, many).await, Err(KeyingError::HowMany)));
    let none = keying::save(app, &clerk, id, Keying::default()).await;
    assert!(matches!(none, Err(KeyingError::HowMany)), "{none:?}");

    // What others may not see they may not key; what is no form is not keyed.
    let other = keying::sheet(app, &archive.other_clerk(), id).await;
    assert!(matches!(other, Err(KeyingError::View(_))), "{other:?}");
    let reader = actor("钱一", "990102003000", Role::Reader);
    assert!(matches!(keying::sheet(app, &reader, id).await, Err(KeyingError::Denied(_))));
    let card = filed(&archive, "A06", &["居民身份证"], "").await;
    assert!(matches!(keying::sheet(app, &clerk, card).await, Err(KeyingError::NoForm(_))));
    let waiting = archive.take("", "a.pdf", &paper(&[&["审批表"]])).await.unwrap().document;
    let waiting = keying::sheet(app, &archive.bureau(), waiting).await;
    assert!(matches!(waiting, Err(KeyingError::NoForm(_))), "{waiting:?}");
}

#[tokio::test]
async fn a_draft_is_kept_for_its_person_without_numbers_and_ends_with_saving() {
    for_all(async |archive| {
        opened(archive).await;
        let id = filed(archive, "A01", &FORM, "2026-04-02").await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        assert_eq!(keying::draft(&app, &clerk, id).await.unwrap().map(|draft| draft.seen), None);
        let said = Keying {
            seen: Some(NONE_SEEN),
            values: vec![
                value("people", "七十四口"),
                value("id_number", "9901**********2149"),
                value("members.1.id_number", SECOND),
            ],
            accept: false,
        };
        let kept = keying::keep_draft(&app, &clerk, id, said).await.unwrap();
        assert_eq!(kept.wrong.len(), 1, "{:?}", kept.wrong);
        let draft = keying::draft(&app, &clerk, id).await.unwrap().unwrap();
        assert_eq!(shown(&draft.sheet, "people").value, "七十四口", "as it was typed");
        assert_eq!(shown(&draft.sheet, "id_number").value, "9901**********2149");
        // A number that nobody has read is typed again, and it is said.
        assert_eq!(shown(&draft.sheet, "members.1.id_number").value, "9901**********850X");
        let wrong: Vec<_> = draft.wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(wrong, ["people", "members.1.id_number"]);
        let colleague = actor("李丽", "990102003000", Role::Clerk);
        assert!(keying::draft(&app, &colleague, id).await.unwrap().is_none());
        // It is not made from the log, and a rebuild keeps it.
        app.settle().await.unwrap();
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        archive.settle().await;
        assert!(keying::draft(&app, &clerk, id).await.unwrap().is_some());
        keying::save(&app, &clerk, id, typing(None, &[])).await.unwrap();
        assert!(keying::draft(&app, &clerk, id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_it_says_of_the_household_is_offered_and_stated() {
    for_all(async |archive| {
        opened(archive).await;
        let id = filed(archive, "A02", &FORM, "2026-04-02").await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(NO));
        let more = [
            ("members.1.name", "周文"),
            ("members.1.income", "760"),
            ("members.1.health", "肢体二级残疾"),
            ("members.2.name", "周小雨"),
            ("members.2.relation", "女儿"),
        ];
        keying::save(&app, &clerk, id, typing(None, &more)).await.unwrap();
        let offers = keying::offers(&app, &clerk, id).await.unwrap();
        let told: Vec<_> = offers
            .facts
            .iter()
            .map(|one| (one.field.as_str(), one.member, one.known.as_str(), one.value.as_str()))
            .collect();
        assert!(told.contains(&("address", None, "槐荫里5号", "槐荫里7号")), "{told:?}");
        assert!(told.contains(&("members.1.income", Some(1), "", "760.00")), "{told:?}");
        assert!(told.contains(&("members.2.name", Some(2), "", "周小雨")), "{told:?}");
        assert!(!told.iter().any(|one| one.0 == "head" || one.0 == "id_number"), "{told:?}");
        let odd = offers.facts.iter().find(|one| one.field == "members.1.health").unwrap();
        assert!(!odd.obstacle.is_empty(), "it is no choice of the household's file");
        assert_eq!(offers.from.to_string(), "2026-04-02");

        let wanted = |fields: &[&str], seen| Stating {
            fields: fields.iter().map(|one| (*one).to_owned()).collect(),
            from: None,
            seen,
        };
        let odd = keying::state(&app, &clerk, id, wanted(&["members.1.health"], None)).await;
        assert!(matches!(odd, Err(KeyingError::NotOffered(_))), "{odd:?}");
        let fields =
            ["address", "phone", "members.1.income", "members.2.name", "members.2.relation"];
        let stated = keying::state(&app, &clerk, id, wanted(&fields, Some(offers.seen)));
        stated.await.unwrap();
        let late = keying::state(&app, &clerk, id, wanted(&["income"], Some(offers.seen))).await;
        assert!(late.is_err(), "another stated something meanwhile");
        let family = statements::on_day(&app, &clerk, &no, None, None).await.unwrap();
        assert_eq!(family.value("address"), "槐荫里7号");
        assert_eq!(family.persons[2].value("name"), "周小雨");
        let proof = family.household.iter().find(|one| one.field == "address").unwrap();
        assert_eq!((proof.proof, proof.from.as_str()), (Some(id.0), "2026-04-02"));
        let left = keying::offers(&app, &clerk, id).await.unwrap();
        let left: Vec<_> = left.facts.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(left, ["sex", "members.1.health", "income"]);
        app.settle().await.unwrap();
        let dump = archive.dump().await;
        assert!(!dump.join("\n").contains("13812345678"));
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_filed_proposes_the_step_it_is_left_by() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, clerk, bureau, no) = (&archive.app, archive.clerk(), archive.bureau(), household(NO));
    let steps = async || {
        let file = view::household(app, &clerk, &no).await.unwrap();
        keying::steps(app, &file).await.unwrap()
    };
    assert_eq!(steps().await, []);
    // An application proposes the application, and not that it is carried over.
    let first =
        filed(&archive, "A01", &["低保申请书", "申请日期：2026年3月1日"], "2026-03-01").await;
    let proposed = steps().await;
    let told: Vec<_> =
        proposed.iter().map(|one| (one.procedure.as_str(), one.step.step.as_str())).collect();
    assert_eq!(told, [("application", "apply")]);
    assert!(!proposed[0].keyed);
    let day = |on: &str| Some(on.parse().unwrap());
    let taking =
        |step: &str, on: &str| Taking { step: step.into(), on: day(on), ..Taking::default() };
    let apply = Taking {
        procedure: "application".into(),
        paper: Some(first),
        ..taking("apply", "2026-03-01")
    };
    cases::take(app, &clerk, &no, apply).await.unwrap();
    assert_eq!(steps().await, [], "it was used");
    for (step, on) in
        [("accept", "2026-03-02"), ("opinion", "2026-03-10"), ("notice", "2026-03-12")]
    {
        if step == "opinion" {
            cases::take(app, &bureau, &no, taking("check", "2026-03-04")).await.unwrap();
            let people = vec!["赵玉梅".into(), "李建国".into()];
            let visit = Taking { people, ..taking("visit", "2026-03-04") };
            cases::take(app, &clerk, &no, visit).await.unwrap();
        }
        if step == "notice" {
            let posting = Posting {
                kind: NoticeKind::Proposed,
                amount: "1995".into(),
                from: day(on),
                until: None,
            };
            notices::post(app, &clerk, &no, posting).await.unwrap();
        }
        cases::take(app, &clerk, &no, taking(step, on)).await.unwrap();
    }
    let form = filed(&archive, "A02", &FORM, "2026-04-02").await;
    let proposed = steps().await;
    assert_eq!((proposed.len(), proposed[0].step.step.as_str()), (1, "confirm"));
    assert_eq!((proposed[0].keyed, proposed[0].amount.as_str()), (false, ""));
    let said = typing(None, &[("category", "B"), ("from", "2026年12月")]);
    keying::save(app, &clerk, form, said).await.unwrap();
    let proposed = steps().await;
    let one = &proposed[0];
    assert_eq!((one.document, one.keyed), (form.0, true));
    assert_eq!(one.on.unwrap().to_string(), "2026-04-02");
    assert_eq!(one.people, "邓文彬");
    let benefit = [&one.amount, &one.persons, &one.category, &one.from];
    assert_eq!(benefit, ["910.00", "2", "B", "2026-12"]);
    // It stands on the page of the household, to be recorded by one button.
    let mut page = Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let text = page.get(&format!("/household/{NO}")).await.text();
    for word in ["已归入，可以记下「", "审核确认", "value=\"910.00\"", "value=\"2026-12\""]
    {
        assert!(text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn what_was_keyed_is_destroyed_with_the_paper() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let id = filed(&archive, "A02", &FORM, "2026-04-02").await;
    let (app, clerk, no) = (&archive.app, archive.clerk(), household(NO));
    keying::save(app, &clerk, id, typing(None, &[])).await.unwrap();
    let said = Keying { values: vec![value("age", "7")], ..Keying::default() };
    keying::keep_draft(app, &clerk, id, said).await.unwrap();
    app.settle().await.unwrap();
    let admin = actor("韩冰", "990102000000", Role::Administrator);
    let asked = encryption::ask(app, &admin, &no, "期满").await.unwrap();
    let other = actor("邓文彬", "990102000000", Role::Approver);
    encryption::destroy(app, &other, asked.asked, NO).await.unwrap();
    let versions = keying::versions(app, &clerk, id).await.unwrap();
    assert_eq!((versions.len(), versions[0].readable, versions[0].values.len()), (1, false, 0));
    assert!(keying::draft(app, &clerk, id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_clerk_keys_on_the_pages_and_a_second_one_loses_nothing() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let id = filed(&archive, "A02", &FORM, "2026-04-02").await;
    let app = &archive.app;
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut second = Browser::of(app.clone(), "李丽", "990102003000", &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    let at = format!("/doc/{}/key", id.0);
    assert!(clerk.get(&format!("/doc/{}", id.0)).await.text().contains(&format!("href=\"{at}\"")));
    let page = clerk.get(&at).await.text();
    for word in [
        "户月保障金额",
        "value=\"910.00\"",
        "9901**********2149",
        "data-box=\"",
        "name=\"seen\" value=\"-1\"",
    ] {
        assert!(page.contains(word), "{word}");
    }
    assert!(!page.contains(HEAD), "numbers are covered");
    for path in [at.clone(), format!("{at}/versions"), format!("{at}/facts")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    let form = |amount: &'static str| {
        [("seen", "-1"), ("v.head", "林秀芳"), ("v.covered", "2"), ("v.amount", amount)]
    };
    // What cannot be kept comes back with the sentence at its place, and is a draft.
    let wrong = clerk.post(&at, &form("很多")).await;
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    assert!(text.contains("「户月保障金额」写元") && text.contains("value=\"很多\""), "{text}");
    assert!(clerk.get(&at).await.text().contains("接着上次的写"));
    assert!(!clerk.get(&format!("{at}?draft=no")).await.text().contains("很多"));
    let draft = clerk.post(&format!("{at}/draft"), &form("190")).await;
    assert_eq!(draft.status, 200);
    assert!(draft.text().contains("草稿存好了"));

    let saved = clerk.post(&at, &form("910")).await;
    assert_eq!(
        (saved.status.as_u16(), saved.header("location")),
        (303, &format!("{at}/versions")[..])
    );
    let late = second.post(&at, &form("1910")).await;
    assert_eq!(late.status, 409);
    let text = late.text();
    assert!(text.contains("刚才有人先录了这一件"), "{text}");
    assert!(text.contains("value=\"1910\"") && text.contains("<b>910.00</b>"), "{text}");
    // The second takes what the first has, and one value more.
    let seen = text.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [
        ("seen", seen),
        ("v.head", "林秀芳"),
        ("v.covered", "2"),
        ("v.amount", "1910"),
        ("take", "amount"),
        ("now.amount", "910.00"),
        ("v.income", "1260"),
    ];
    let saved = second.post(&at, &fields).await;
    assert_eq!(saved.header("location"), format!("{at}/facts"));
    let versions = clerk.get(&format!("{at}/versions")).await.text();
    assert!(versions.contains("2版字段") && !versions.contains("1910.00"), "{versions}");
    let facts = clerk.get(&format!("{at}/facts")).await.text();
    assert!(facts.contains("与户档不同") && facts.contains("1260.00"), "{facts}");
    let stated =
        clerk.post(&format!("{at}/facts"), &[("field", "income"), ("from", "2026-04-02")]).await;
    assert_eq!(stated.header("location"), format!("/household/{NO}"));
    assert!(clerk.get(&format!("/household/{NO}")).await.text().contains("记进户档了"));
    let none = clerk.post(&format!("{at}/facts"), &[("from", "2026-04-02")]).await;
    assert_eq!(none.status, 422);
    let history = clerk.get(&format!("/doc/{}/history", id.0)).await.text();
    assert!(history.contains("录入字段") && history.contains("重录字段"), "{history}");
}

#[tokio::test]
async fn a_program_does_the_same() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let id = filed(&archive, "A02", &FORM, "2026-04-02").await;
    let app = archive.app.clone();
    let mut clerk = Browser::of(app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let api = format!("/api/v1/documents/{}", id.0);
    let json_of = |answer: &crate::pages::Answer| -> serde_json::Value {
        serde_json::from_str(&answer.text()).unwrap()
    };
    let form = json_of(&clerk.get(&format!("{api}/form")).await);
    assert_eq!((form["form"].as_str(), form["seen"].is_null()), (Some("approval"), true));
    let fields = format!("{api}/fields");
    let kept = clerk.send_json(&fields, &json!({"seen": -1, "accept": true})).await;
    assert_eq!(kept.status, 201, "{}", kept.text());
    for (body, status, code) in [
        (json!({"seen": -1, "accept": true}), 409, "keyed_meanwhile"),
        (json!({"values": [{"field": "amount", "value": "x"}]}), 422, "value"),
        (json!({"values": [{"field": "x", "value": "x"}]}), 422, "no_field"),
    ] {
        let refused = clerk.send_json(&fields, &body).await;
        assert_eq!(
            (refused.status.as_u16(), json_of(&refused)["error"]["code"].as_str()),
            (status, Some(code))
        );
    }
    let versions = json_of(&clerk.get(&fields).await);
    assert_eq!(versions[0]["object"]["amount"], 91_000);
    let facts = format!("{fields}/facts");
    let offers = json_of(&clerk.get(&facts).await);
    assert!(offers["facts"].as_array().unwrap().iter().any(|one| one["fact"] == "income"));
    let stated = clerk.send_json(&facts, &json!({"fields": ["income"]})).await;
    assert_eq!(stated.status, 201, "{}", stated.text());
    let steps = clerk.get(&format!("/api/v1/households/{NO}/proposed-steps")).await;
    assert_eq!(json_of(&steps)[0]["procedure"], "carried_over");
}
