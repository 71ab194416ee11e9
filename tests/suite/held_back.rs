//! What a bag cannot hold back, and what makes no honest bag a wrong one: both verifiers say
//! the same.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::{Value, json};
use yidang::catalog::entries;
use yidang::living::roster::{self, GivenRoster};
use yidang::model::id::DocumentId;
use yidang::tlog::Frontier;
use yidang::{binding, filing, keying};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};
use crate::prove::{Packed, edit, fill, first_with, read, repack};

const VOLUME: &str = "J016-DB·2026-D10-001";

/// A paper on the desk.
async fn desk(archive: &Archive, text: &str) -> DocumentId {
    archive.take("", "desk.pdf", &paper(&[&[text, "在收件台", "上"]])).await.unwrap().document
}

async fn filed(archive: &Archive, id: DocumentId, no: &str) {
    let said = description("A04", "另一件", "2026-04-01");
    filing::file(&archive.app, &archive.bureau(), id, &household(no), said).await.unwrap();
}

fn proof(bag: &Path, change: impl FnOnce(&mut Value)) {
    edit(&bag.join("data/proof.json"), |text| {
        let mut json: Value = serde_json::from_str(&text).unwrap();
        change(&mut json);
        json.to_string()
    });
}

/// Takes entries of a kind out of a bag, and the files that only they name.
fn without(bag: &Path, is_one: impl Fn(&Value) -> bool) {
    let mut gone = Vec::new();
    for folder in std::fs::read_dir(bag.join("data/entries")).unwrap() {
        let folder: PathBuf = folder.unwrap().path();
        let body: Value = serde_json::from_str(&read(&folder.join("body.json"))).unwrap();
        if !is_one(&body["act"]) {
            continue;
        }
        let entry: Value = serde_json::from_str(&read(&folder.join("entry.json"))).unwrap();
        for digest in entry["objects"].as_array().unwrap() {
            std::fs::remove_file(first_with(bag, digest.as_str().unwrap())).unwrap();
        }
        gone.push(entry["no"].clone());
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(!gone.is_empty());
    proof(bag, |json| json["entries"].as_array_mut().unwrap().retain(|no| !gone.contains(no)));
}

#[tokio::test]
async fn later_acts_cannot_be_held_back() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let mut tx = archive.app.db.read().await.unwrap();
    let mut log = Frontier::default();
    for no in 0..archive.entries().await {
        log.push(entries::exact(&mut tx, no).await.unwrap().leaf.as_bytes());
    }
    drop(tx);
    let packed = Packed::of(&archive, ZHOU, true).await;
    let without_binding = |change: &dyn Fn(&Path)| {
        packed.with(|bag| {
            without(bag, |act| act["act"] == "bind_volume");
            change(bag);
            repack(bag);
        })
    };
    without_binding(&|_| {}).is_refused("the binding", "holds back entries");
    without_binding(&|bag| proof(bag, |json| json["volume"] = json!("0".repeat(32))))
        .is_refused("the history of another file", "is not that of the file it is about");
    without_binding(&|bag| {
        proof(bag, |json| json["history_from"] = json!(log.size()));
        std::fs::write(bag.join("data/history/entries"), "").unwrap();
        std::fs::write(bag.join("data/history/frontier"), log.to_text()).unwrap();
    })
    .is_refused("a history that begins at its end", "the history in the bag begins after entry");
    // The same of one paper.
    let id = desk(&archive, "第一").await;
    filed(&archive, id, ZHOU).await;
    let packed = Packed::of(&archive, &id.0.to_string(), true).await;
    let other = packed.with(|bag| {
        proof(bag, |json| json["volume"] = json!("0".repeat(32)));
        repack(bag);
    });
    other.is_refused("another file", "is not that of the file it is about");
}

#[tokio::test]
async fn a_paper_that_is_in_the_file_cannot_be_left_out() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let id = desk(&archive, "第一").await;
    filed(&archive, id, ZHOU).await;
    let packed = Packed::of(&archive, ZHOU, true).await;
    packed.is_sound("with it", "nothing else was recorded");
    let other = packed.with(|bag| {
        without(bag, |act| act["act"] == "accept_document" && act["household"].is_null());
        repack(bag);
    });
    other.is_refused("without it", "the bag does not show how it was taken in");
}

#[tokio::test]
async fn nothing_is_in_a_bag_that_nobody_looks_at() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let packed = Packed::of(&archive, ZHOU, true).await;
    packed.is_sound("an honest bag", "they are for people, and prove nothing");
    for path in ["data/papers/approval.html", "approval.html", "previews/a/b.jpg", "data/body.json"]
    {
        let other = packed.with(|bag| {
            let place = bag.join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, "批准").unwrap();
            repack(bag);
        });
        other.is_refused(path, "is no part of a proof");
    }
    let strange: [fn(&mut Value); 5] = [
        |json| json["subject"] = json!({"household": ZHOU, "document": null}),
        |json| json["volume"] = json!(["x"]),
        |json| json["entries"].as_array_mut().unwrap().push(json!("x")),
        |json| json["history_from"] = json!(1.0),
        |json| json["more"] = json!(1),
    ];
    for change in strange {
        let other = packed.with(|bag| {
            proof(bag, change);
            repack(bag);
        });
        other.is_refused("another form", "data/proof.json: ");
    }
}

#[tokio::test]
async fn what_the_office_does_every_day_spoils_no_bag() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        // The first paper, an application form.
        let document = DocumentId(fill(archive).await - 2);
        // A form is keyed.
        archive.settle().await;
        let said = keying::Keying { seen: None, values: Vec::new(), accept: true };
        let typed = [("head", "周桂兰"), ("amount", "560")];
        let values = typed
            .map(|(field, value)| keying::TypedValue { field: field.into(), value: value.into() });
        keying::save(&app, &bureau, document, keying::Keying { values: values.into(), ..said })
            .await
            .unwrap();
        // A paper of the desk is joined into one of the file.
        let more = desk(archive, "第二").await;
        filing::join(&app, &bureau, more, document).await.unwrap();
        let all = [document.0.to_string(), ZHOU.to_owned(), VOLUME.to_owned()];
        for subject in &all {
            Packed::of(archive, subject, true).await.is_sound(subject, "entries stand in the log");
        }
        // One that was bound goes to another household.
        filed(archive, document, CHEN).await;
        for subject in &all {
            Packed::of(archive, subject, true).await.is_sound(subject, "entries stand in the log");
        }
        binding::bind(&app, &bureau, &household(ZHOU), "").await.unwrap();
        for subject in &all {
            Packed::of(archive, subject, true).await.is_sound(subject, "entries stand in the log");
        }
    })
    .await;
}

#[tokio::test]
async fn a_roster_is_not_in_the_bag_of_one_household() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (first, second) = ("990102195203142149", "99010219850130850X");
    let text = format!("姓名,与户主关系,身份证号\n赵一一,户主,{first}\n钱二二,户主,{second}\n");
    let community = Some("990102003004".parse().unwrap());
    let given = GivenRoster { community, bytes: Bytes::from(text), partly: false, only_open: true };
    let opened = roster::import(&archive.app, &archive.bureau(), given, &|_, _| {}).await.unwrap();
    let no = opened.one.unwrap().to_string();
    let packed = Packed::of(&archive, &no, true).await;
    packed.is_sound("opened from a roster", "are about others too, and not in this bag");
    assert!(!packed.bag().join("data/objects").exists());
}
