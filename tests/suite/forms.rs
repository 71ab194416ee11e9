//! 表单: a bureau has forms of its own, in the place of the program's and beside them; what
//! was keyed before stays and is shown.

use serde_json::{Value, json};
use yidang::filing;
use yidang::keying::{self, Keying, TypedValue};
use yidang::model::id::DocumentId;
use yidang::rebuild;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, description, household};
use crate::pages::Browser;

const FORM: [&str; 5] = [
    "城市居民最低生活保障待遇申请审批表",
    "户主姓名：周桂兰",
    "性别：女",
    "工作单位：红星纺织厂",
    "户月保障金额：910元",
];

/// A form of the program, as it can be changed.
fn approval() -> Value {
    serde_json::from_str(include_str!("../../schemas/forms/approval.json")).unwrap()
}

/// The form without a field of its first part.
fn without(mut form: Value, field: &str) -> Value {
    form["x-sections"][0]["fields"].as_array_mut().unwrap().retain(|one| one != field);
    form["properties"].as_object_mut().unwrap().remove(field).unwrap();
    form
}

/// Puts a form into the folder of the bureau's own rules.
fn puts(archive: &Archive, name: &str, form: &str) {
    let data = archive.data();
    std::fs::create_dir_all(data.join("rules/forms")).unwrap();
    let settings = std::fs::read_to_string(data.join("yidang.toml")).unwrap_or_default();
    if !settings.contains("rules = ") {
        let settings = format!("rules = \"rules\"\n{settings}");
        std::fs::write(data.join("yidang.toml"), settings).unwrap();
    }
    std::fs::write(data.join("rules/forms").join(name), form).unwrap();
}

async fn filed(archive: &Archive, kind: &str, lines: &[&str]) -> DocumentId {
    let taken = archive.take(ZHOU, "form.pdf", &paper(&[lines])).await.unwrap();
    let said = description(kind, "审批表", "2026-04-02");
    filing::file(&archive.app, &archive.clerk(), taken.document, &household(ZHOU), said)
        .await
        .unwrap();
    archive.settle().await;
    taken.document
}

fn typing(values: &[(&str, &str)]) -> Keying {
    let value = |(field, value): &(&str, &str)| TypedValue {
        field: (*field).into(),
        value: (*value).into(),
    };
    Keying { values: values.iter().map(value).collect(), ..Keying::default() }
}

#[tokio::test]
async fn what_was_keyed_stays_when_the_form_changes() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let id = filed(&archive, "A02", &FORM).await;
    let clerk = archive.clerk();
    let said = [
        ("head", "周桂兰"),
        ("sex", "女"),
        ("employer", "红星纺织厂"),
        ("phone", "13812345678"),
        ("amount", "910"),
    ];
    keying::save(&archive.app, &clerk, id, typing(&said)).await.unwrap();

    // The form loses two fields, names another, and has other choices.
    let mut form = without(without(approval(), "employer"), "phone");
    form["properties"]["amount"]["title"] = json!("每月发放");
    form["properties"]["sex"]["enum"] = json!(["男性", "女性"]);
    puts(&archive, "approval.json", &form.to_string());
    archive.reopen().await.unwrap();
    let app = &archive.app;
    let sheet = keying::sheet(app, &clerk, id).await.unwrap();
    let former: Vec<_> =
        sheet.former.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
    assert_eq!(former, [("phone", "138****5678"), ("employer", "红星纺织厂")]);
    let fields: Vec<_> = sheet.sections.iter().flat_map(|one| &one.fields).collect();
    let field = |name: &str| *fields.iter().find(|one| one.field == name).unwrap();
    assert_eq!(field("amount").name, "每月发放");
    assert_eq!((field("sex").value.as_str(), field("sex").choices.len()), ("女", 3));
    let mut browser = Browser::on(&archive).await;
    let page = browser.get(&format!("/doc/{}/key?draft=no", id.0)).await.text();
    for word in [
        "表上已经没有的项",
        "红星纺织厂",
        "138****5678",
        "每月发放",
        "<option value=\"女\" selected>",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    browser.cookie = "lang=en".into();
    let page = browser.get(&format!("/doc/{}/key?draft=no", id.0)).await.text();
    for word in
        ["<option value=\"男性\">Male</option>", "<option value=\"女\" selected>女</option>"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }

    // The next version has them all the same, and what was left as it stood.
    let said = [("head", "周桂兰"), ("sex", "女"), ("amount", "920")];
    keying::save(app, &clerk, id, typing(&said)).await.unwrap();
    let versions = keying::versions(app, &clerk, id).await.unwrap();
    let newest: Vec<_> =
        versions[0].values.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect();
    assert_eq!(
        newest,
        [
            ("head", "周桂兰"),
            ("sex", "女"),
            ("amount", "920.00"),
            ("phone", "138****5678"),
            ("employer", "红星纺织厂"),
        ]
    );
    // Found, and its number with it; of the choices that are gone none can be typed anew.
    archive.settle().await;
    for words in ["红星纺织厂", "13812345678"] {
        assert_eq!(archive.finds(words).await, [id], "{words}");
    }
    let other = keying::save(app, &clerk, id, typing(&[("sex", "男")])).await;
    assert!(matches!(other, Err(keying::KeyingError::Value { .. })), "{other:?}");
    let gone = keying::save(app, &clerk, id, typing(&[("employer", "别处")])).await;
    assert!(matches!(gone, Err(keying::KeyingError::NoField(_))), "{gone:?}");

    // Without the folder it is as it was before, and a rebuild says the same.
    let dump = archive.dump().await;
    std::fs::remove_file(archive.data().join("rules/forms/approval.json")).unwrap();
    archive.reopen().await.unwrap();
    let sheet = keying::sheet(&archive.app, &clerk, id).await.unwrap();
    assert_eq!(sheet.former, []);
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(archive.dump().await, dump);
}

#[tokio::test]
async fn a_form_more_is_keyed_like_the_others() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let mut form: Value =
        serde_json::from_str(include_str!("../../schemas/forms/income.json")).unwrap();
    form["$id"] = json!("insurance");
    form["title"] = json!("参保证明");
    form["x-types"] = json!(["A09"]);
    puts(&archive, "insurance.json", &form.to_string());
    puts(&archive, ".insurance.json.swp", "nobody's");
    archive.reopen().await.unwrap();
    let id = filed(&archive, "A09", &["参保证明", "姓名：周桂兰", "月收入：800元"]).await;
    let (app, clerk) = (&archive.app, archive.clerk());
    let sheet = keying::sheet(app, &clerk, id).await.unwrap();
    assert_eq!((sheet.form.as_str(), sheet.name.as_str()), ("insurance", "参保证明"));
    let name = sheet.sections[0].fields[0].field.clone();
    keying::save(app, &clerk, id, typing(&[(&name, "周桂兰")])).await.unwrap();
    let versions = keying::versions(app, &clerk, id).await.unwrap();
    assert_eq!(versions[0].form, "insurance");

    // A form that is gone leaves what was keyed, under its codes.
    std::fs::remove_file(archive.data().join("rules/forms/insurance.json")).unwrap();
    archive.reopen().await.unwrap();
    let none = keying::sheet(&archive.app, &clerk, id).await;
    assert!(matches!(none, Err(keying::KeyingError::NoForm(_))), "{none:?}");
    let versions = keying::versions(&archive.app, &clerk, id).await.unwrap();
    let values = &versions[0].values;
    assert_eq!((values[0].name.as_str(), values[0].value.as_str()), (name.as_str(), "周桂兰"));
    let mut browser = Browser::on(&archive).await;
    let page = browser.get(&format!("/doc/{}/key/versions", id.0)).await.text();
    assert!(page.contains("insurance") && page.contains("周桂兰"), "{page}");
}

#[tokio::test]
async fn forms_that_cannot_be_used_are_refused_at_the_start() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let twice = approval().to_string().replacen("\"$id\":\"approval\"", "\"$id\":\"second\"", 1);
    let large = " ".repeat(300 << 10);
    for (file, form, said) in [
        ("second.json", twice.as_str(), "forms/second.json is for papers of type A02"),
        ("approval.json", "{", "forms/approval.json cannot be read"),
        ("large.json", &large, "large.json has more than 256 KiB"),
        ("Approval.json", "{}", "forms/Approval.json is no form"),
        ("approval.txt", "{}", "forms/approval.txt is no form"),
    ] {
        puts(&archive, file, form);
        let told = archive.second().await.map(|_| ()).unwrap_err().to_string();
        assert!(told.contains(said) && !told.contains('\n'), "{told}");
        std::fs::remove_file(archive.data().join("rules/forms").join(file)).unwrap();
    }
    // A field that the rules of the bureau have not.
    let fields = include_str!("../../schemas/rules/fields.toml");
    let fields = fields.replacen("code = \"deposits\"", "code = \"savings\"", 1);
    std::fs::write(archive.data().join("rules/fields.toml"), fields).unwrap();
    let told = archive.second().await.map(|_| ()).unwrap_err().to_string();
    assert!(told.contains("deposits"), "{told}");
    std::fs::remove_file(archive.data().join("rules/fields.toml")).unwrap();
    archive.reopen().await.unwrap();
}
