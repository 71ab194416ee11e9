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

/// The folders of the entries of a kind, with what the log has of them.
fn entries_of(bag: &Path, is_one: impl Fn(&Value) -> bool) -> Vec<(PathBuf, Value)> {
    let json = |path: PathBuf| serde_json::from_str::<Value>(&read(&path)).unwrap();
    let folders = std::fs::read_dir(bag.join("data/entries")).unwrap();
    let folders = folders.map(|folder| folder.unwrap().path());
    let mut found: Vec<(PathBuf, Value)> = folders
        .filter(|folder| is_one(&json(folder.join("body.json"))["act"]))
        .map(|folder| (folder.clone(), json(folder.join("entry.json"))))
        .collect();
    found.sort_by_key(|(_, entry)| entry["no"].as_i64());
    assert!(!found.is_empty());
    found
}

/// The digests of the files that an entry names.
fn objects(entry: &Value) -> impl Iterator<Item = &str> {
    entry["objects"].as_array().unwrap().iter().map(|digest| digest.as_str().unwrap())
}

/// Takes entries of a kind out of a bag; the files that they name stay.
fn taken_out(bag: &Path, is_one: impl Fn(&Value) -> bool) -> Vec<Value> {
    let gone = entries_of(bag, is_one);
    let gone: Vec<Value> = gone
        .into_iter()
        .map(|(folder, entry)| {
            std::fs::remove_dir_all(folder).unwrap();
            entry
        })
        .collect();
    proof(bag, |json| {
        let all = json["entries"].as_array_mut().unwrap();
        all.retain(|no| gone.iter().all(|entry| entry["no"] != *no));
    });
    gone
}

/// Takes entries of a kind out of a bag, and the files that only they name.
fn without(bag: &Path, is_one: impl Fn(&Value) -> bool) {
    for entry in taken_out(bag, is_one) {
        for digest in objects(&entry) {
            std::fs::remove_file(first_with(bag, digest)).unwrap();
        }
    }
}

/// Puts entries of a kind from another bag of the same moment into this one, with the files that
/// they name.
fn put_in(bag: &Path, other: &Path, is_one: impl Fn(&Value) -> bool) {
    let mut more = Vec::new();
    for (folder, entry) in entries_of(other, is_one) {
        let to = bag.join("data/entries").join(folder.file_name().unwrap());
        std::fs::create_dir_all(&to).unwrap();
        for file in ["entry.json", "body.json", "entry.tlog-proof"] {
            std::fs::copy(folder.join(file), to.join(file)).unwrap();
        }
        for digest in objects(&entry) {
            let from = first_with(other, digest);
            std::fs::copy(&from, bag.join(from.strip_prefix(other).unwrap())).unwrap();
        }
        more.push(entry["no"].clone());
    }
    proof(bag, |json| json["entries"].as_array_mut().unwrap().extend(more));
}

fn is(act: &Value, name: &str) -> bool {
    act["act"] == name
}

/// A bound volume of 周桂兰 with three papers, of which one came to the desk first.
async fn bound() -> (Archive, DocumentId) {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let id = desk(&archive, "第一").await;
    filed(&archive, id, ZHOU).await;
    fill(&archive).await;
    (archive, id)
}

/// A bag with something done to a copy of it, and its manifests written anew.
fn changed(packed: &Packed, change: impl FnOnce(&Path)) -> Packed {
    packed.with(|bag| {
        change(bag);
        repack(bag);
    })
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

#[tokio::test]
async fn what_the_catalog_of_a_volume_lists_cannot_be_left_out() {
    let (archive, id) = bound().await;
    let packed = Packed::of(&archive, VOLUME, true).await;
    packed.is_sound("as it is", "version 1, is here with its 3 papers");
    changed(&packed, |bag| std::fs::remove_file(first_with(bag, ".pdf")).unwrap())
        .is_refused("a scan", "is missing from the bag");
    let came = |act: &Value| is(act, "accept_document") && act["household"].is_null();
    changed(&packed, |bag| without(bag, came))
        .is_refused("a paper that came to the desk", "is missing from the bag");
    changed(&packed, |bag| without(bag, |act| is(act, "accept_document") && !came(act)))
        .is_refused("papers that were given for the household", "is missing from the bag");
    changed(&packed, |bag| without(bag, |act| is(act, "file_document")))
        .is_refused("what was said of the papers", "holds back entries");
    let manifest = |bag: &Path| {
        let (_, bound) = entries_of(bag, |act| is(act, "bind_volume")).pop().unwrap();
        objects(&bound).next().unwrap().to_owned()
    };
    changed(&packed, |bag| std::fs::remove_file(first_with(bag, &manifest(bag))).unwrap())
        .is_refused("the catalog", "the manifest");
    changed(&packed, |bag| {
        without(bag, |act| is(act, "bind_volume"));
    })
    .is_refused("the binding", "does not show how the volume");

    // How the same bytes were taken in elsewhere, at another time, is not how this paper was.
    let scan = paper(&[&["第一", "在收件台", "上"]]);
    archive.take(CHEN, "copy.pdf", &scan).await.unwrap();
    let packed = Packed::of(&archive, VOLUME, true).await;
    let other = Packed::of(&archive, CHEN, true).await;
    let digest = yidang::model::id::Digest::of(&scan).to_string();
    changed(&packed, |bag| {
        taken_out(bag, came);
        put_in(bag, &other.bag(), |act| act["file"]["sha256"] == digest.as_str());
    })
    .is_refused("another paper in its place", &format!("how document {id} was taken in"));
}

#[tokio::test]
async fn what_is_of_another_file_is_in_no_volume() {
    let (archive, _) = bound().await;
    let id = desk(&archive, "另一户").await;
    filed(&archive, id, CHEN).await;
    let bound = binding::bind(&archive.app, &archive.bureau(), &household(CHEN), "").await.unwrap();
    let packed = Packed::of(&archive, VOLUME, true).await;
    let whole = Packed::of(&archive, ZHOU, true).await;
    let theirs = Packed::of(&archive, CHEN, true).await;
    let other = theirs.bag();
    let binds = |act: &Value| is(act, "bind_volume");
    let manifest = |bag: &Path| {
        let (_, bound) = entries_of(bag, binds).pop().unwrap();
        first_with(bag, objects(&bound).next().unwrap())
    };
    // Its catalog: under its own name, with its binding, and as what the bag is about.
    changed(&packed, |bag| {
        std::fs::remove_file(manifest(bag)).unwrap();
        let its = manifest(&other);
        std::fs::copy(&its, bag.join(its.strip_prefix(&other).unwrap())).unwrap();
    })
    .is_refused("another catalog", "is named by no entry");
    changed(&packed, |bag| put_in(bag, &other, binds))
        .is_refused("another catalog with its binding", "does not show how the volume");
    let code = bound.reference_code.clone();
    changed(&packed, |bag| {
        put_in(bag, &other, binds);
        proof(bag, |json| json["subject"] = json!({ "volume": code }));
    })
    .is_refused("another volume", "is missing from the bag");
    // One of its papers, and what was recorded of it.
    changed(&packed, |bag| put_in(bag, &other, |act| is(act, "accept_document")))
        .is_refused("another scan", "is not in the catalog of the volume");
    for one in [&packed, &whole] {
        changed(one, |bag| put_in(bag, &other, |act| is(act, "open_household")))
            .is_refused("another entry", "is not about the file the bag is about");
    }
}

#[tokio::test]
async fn a_later_version_of_a_volume_cannot_be_held_back() {
    let (archive, id) = bound().await;
    let before = Packed::of(&archive, VOLUME, true).await;
    let said = description("A04", "改过的题名", "2026-04-02");
    filing::file(&archive.app, &archive.bureau(), id, &household(ZHOU), said).await.unwrap();
    let corrected = Packed::of(&archive, VOLUME, true).await;
    binding::bind(&archive.app, &archive.bureau(), &household(ZHOU), "").await.unwrap();
    let packed = Packed::of(&archive, VOLUME, true).await;
    before.is_sound("of its time", "version 1, is here with its 3 papers");
    corrected.is_sound("corrected since", "version 1, is here with its 3 papers");
    packed.is_sound("bound anew", "version 2, is here with its 3 papers");
    let later = |act: &Value| is(act, "bind_volume") && act["version"] == 2;
    changed(&packed, |bag| {
        without(bag, later);
        let (_, first) = entries_of(bag, |act| is(act, "bind_volume")).pop().unwrap();
        let from = first_with(&before.bag(), objects(&first).next().unwrap());
        std::fs::copy(&from, bag.join(from.strip_prefix(before.bag()).unwrap())).unwrap();
    })
    .is_refused("as if it were not bound anew", "holds back entries");
    changed(&corrected, |bag| {
        without(bag, |act| is(act, "file_document") && act["description"]["title"] == "改过的题名");
    })
    .is_refused("as if it were not corrected", "holds back entries");
    // Its catalog is not in a bag of the version after it.
    changed(&packed, |bag| drop(taken_out(bag, |act| is(act, "bind_volume") && !later(act))))
        .is_refused("the version before", "holds back entries");
}

#[tokio::test]
async fn a_page_of_a_volume_has_its_own_name_and_no_other() {
    let (archive, _) = bound().await;
    for subject in [VOLUME, ZHOU] {
        let packed = Packed::of(&archive, subject, true).await;
        let renamed = |name: &dyn Fn(&str) -> String| {
            changed(&packed, |bag| {
                let scan = first_with(bag, ".pdf");
                let name = name(scan.file_name().unwrap().to_str().unwrap());
                std::fs::rename(&scan, scan.with_file_name(name)).unwrap();
            })
        };
        for ending in ["html", "jpg", "pdf.html"] {
            renamed(&|name| name.replace("pdf", ending))
                .is_refused(subject, "is not named as the kind of file it was taken in as");
        }
        renamed(&|_| format!("{}.pdf", "0".repeat(64))).is_refused(subject, "has the digest");
        changed(&packed, |bag| {
            let scans = entries_of(bag, |act| is(act, "accept_document"));
            let scans = scans.iter().flat_map(|(_, entry)| objects(entry));
            let scans: Vec<PathBuf> = scans.map(|digest| first_with(bag, digest)).collect();
            let aside = bag.join("aside");
            std::fs::rename(&scans[0], &aside).unwrap();
            std::fs::rename(&scans[1], &scans[0]).unwrap();
            std::fs::rename(&aside, &scans[1]).unwrap();
        })
        .is_refused(subject, "has the digest");
    }
}

#[tokio::test]
async fn a_paper_that_went_to_another_file_is_told_and_not_counted() {
    let told = "stand in the catalog and were put into another file since";
    for joins in [false, true] {
        let (archive, id) = bound().await;
        let (app, bureau) = (&archive.app, archive.bureau());
        if joins {
            let into = desk(&archive, "另一户").await;
            filed(&archive, into, CHEN).await;
            filing::join(app, &bureau, id, into).await.unwrap();
        } else {
            filed(&archive, id, CHEN).await;
        }
        for subject in [VOLUME, ZHOU] {
            let packed = Packed::of(&archive, subject, true).await;
            packed.is_sound(subject, &format!("documents {id} {told}"));
        }
        Packed::of(&archive, VOLUME, true).await.is_sound("two are left", "with its 2 papers");
        if joins {
            continue;
        }
        // It comes back: as if it had not, it cannot be told.
        filed(&archive, id, ZHOU).await;
        let packed = Packed::of(&archive, VOLUME, true).await;
        packed.is_sound("it is back", "with its 3 papers");
        let no = archive.entries().await - 1;
        changed(&packed, |bag| {
            without(bag, |act| is(act, "accept_document") && act["household"].is_null());
            std::fs::remove_dir_all(bag.join(format!("data/entries/{no}"))).unwrap();
            proof(bag, |json| json["entries"].as_array_mut().unwrap().retain(|one| *one != no));
        })
        .is_refused("as if it were gone", "holds back entries");
    }
}

#[tokio::test]
async fn a_page_that_was_joined_to_a_paper_of_the_file_cannot_be_left_out() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let document = DocumentId(fill(&archive).await);
    let more = desk(&archive, "第二").await;
    filing::join(&archive.app, &archive.bureau(), more, document).await.unwrap();
    let packed = Packed::of(&archive, ZHOU, true).await;
    packed.is_sound("with it", "nothing else was recorded");
    changed(&packed, |bag| {
        without(bag, |act| is(act, "accept_document") && act["household"].is_null());
    })
    .is_refused("without it", "the bag does not show how it was taken in");
    // What it was joined to is given back, and it with that: nothing is owed.
    let given = archive.take(ZHOU, "given.pdf", &paper(&[&["给户里的", "还没有归", "件"]])).await;
    let (given, last) = (given.unwrap().document, desk(&archive, "第三").await);
    filing::join(&archive.app, &archive.bureau(), last, given).await.unwrap();
    filing::give_back(&archive.app, &archive.bureau(), given, "看不清").await.unwrap();
    Packed::of(&archive, ZHOU, true).await.is_sound("given back", "nothing else was recorded");
}
