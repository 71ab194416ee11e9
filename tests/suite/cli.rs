//! The program as scripts use it: verbs, exit statuses and the JSON they may
//! rely on.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use yidang::model::id::Digest;

use crate::files::{noise, paper};
use crate::harness::{NOBODY, ZHOU, models};

const PAPER: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "家住槐荫里社区"];

/// A folder with an archive and files, and the program.
pub(crate) struct Desk {
    folder: TempDir,
    models: PathBuf,
}

pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.out.trim())
            .unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            status: output.status.code().expect("it ended by itself"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("no-models");
        Self { folder, models }
    }

    pub(crate) fn founded() -> Self {
        let desk = Self::new();
        let made = desk.run(&["init"]);
        assert_eq!(made.status, 0, "{}", made.err);
        desk
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yidang"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("YIDANG_")) {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("YIDANG_MODELS", &self.models)
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn blob(&self, bytes: &[u8]) -> PathBuf {
        let digest = Digest::of(bytes).to_string();
        self.folder.path().join("data/store/obj/sha256").join(&digest[..2]).join(digest)
    }
}

#[test]
fn two_checkpoints_are_asked_for_from_the_older_to_the_newer() {
    let desk = Desk::founded();
    let kept = |name: &str| {
        assert_eq!(desk.run(&["log"]).status, 0);
        let note = std::fs::read(desk.folder.path().join("data/store/log/checkpoint")).unwrap();
        desk.file(name, &note)
    };
    let old = kept("old");
    let file = desk.file("申请书.pdf", &paper(&[PAPER]));
    assert_eq!(desk.run(&["add", &file]).status, 0);
    let new = kept("new");
    let shown = desk.run(&["consistency", &old, &new]);
    assert!(shown.status == 0 && !shown.out.is_empty(), "{}", shown.err);
    let turned = desk.run(&["consistency", &new, &old]);
    assert_eq!((turned.status, turned.out.as_str()), (2, ""));
    assert!(turned.err.contains("the first is the newer one"), "{}", turned.err);
    let same = desk.run(&["consistency", &new, &new]);
    assert_eq!((same.status, same.out.as_str()), (0, ""));
}

/// Whether `value` has every field that `fields` names.
fn has(value: &Value, fields: &[&str]) -> bool {
    fields.iter().all(|field| value.get(field).is_some())
}

#[test]
fn a_command_that_finds_the_last_batch_damaged_makes_it_again_and_verify_tells_it() {
    let desk = Desk::founded();
    let file = desk.file("申请书.pdf", &paper(&[PAPER]));
    assert_eq!(desk.run(&["add", &file]).status, 0);
    let last = || {
        let folder = desk.folder.path().join("data/store/log/entries");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.max().unwrap()
    };
    for repair in [false, true] {
        let path = last();
        let right = std::fs::read(&path).unwrap();
        std::fs::write(&path, &right[..right.len() / 2]).unwrap();
        let words: &[&str] = if repair { &["verify", "--repair"] } else { &["verify"] };
        let told = desk.run(words);
        assert_eq!(told.status, 1, "{}\n{}", told.out, told.err);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let line = format!("changed: log log/entries/{name} (it was made again");
        assert!(told.out.contains(&line), "{}", told.out);
        assert!(told.out.contains(&format!("repaired: store log/entries/{name}")), "{}", told.out);
        assert!(told.out.contains("is now quarantine/log.entries."), "{}", told.out);
        assert_eq!(std::fs::read(&path).unwrap(), right, "byte for byte");
        assert_eq!(desk.run(&["verify"]).status, 0);
    }
}

#[test]
fn a_paper_goes_the_whole_way() {
    let desk = Desk::founded();
    let bytes = paper(&[PAPER]);
    let file = desk.file("申请书.pdf", &bytes);

    let added = desk.run(&["add", "--json", "--household", ZHOU, "--open", "周桂兰", &file]);
    assert_eq!(added.status, 0, "{}", added.err);
    let one = &added.json()[0];
    assert_eq!(one["sha256"], Digest::of(&bytes).to_string());
    assert_eq!((&one["bytes"], &one["pages"]), (&json!(bytes.len()), &json!(1)));
    assert_eq!(one["duplicate_of"], Value::Null);
    let document = one["document"].to_string();

    let again = desk.run(&["add", "--json", &file]);
    assert_eq!((again.status, &again.json()[0]["duplicate_of"]), (0, &one["document"]));
    // Opened already under this head is as good; under another name it is refused.
    let opened = |head| desk.run(&["add", "--json", "--household", ZHOU, "--open", head, &file]);
    assert_eq!((opened("周桂兰").status, opened("别人").status), (0, 3));

    let worked = desk.run(&["work", "--until-idle", "--json"]);
    assert_eq!((worked.status, worked.json()), (0, json!({ "done": 1, "failed": 0 })));

    let found = desk.run(&["find", "--json", "槐荫里"]);
    assert_eq!(found.status, 0);
    let found = found.json();
    assert_eq!(found["total"], 1);
    assert!(found["read_as"].as_str().unwrap().contains("槐荫里"), "{}", found["read_as"]);
    let hit = &found["hits"][0];
    let fields = ["document", "household", "volume", "page", "title", "snippet", "boxes"];
    assert!(has(hit, &fields), "{hit}");
    assert_eq!((&hit["document"], &hit["page"]), (&one["document"], &json!(1)));
    assert_eq!((&hit["household"], &hit["volume"]), (&json!(ZHOU), &Value::Null));
    let corner = hit["boxes"][0].as_array().unwrap();
    assert!(corner.len() == 4 && corner.iter().all(Value::is_u64), "{hit}");

    let bound = desk.run(&["bind", "--json", ZHOU]);
    assert_eq!((bound.status, &bound.json()["version"]), (0, &json!(1)), "{}", bound.err);
    let code = bound.json()["reference_code"].clone();
    assert_eq!(desk.run(&["find", "--json", "槐荫里"]).json()["hits"][0]["volume"], code);
    let unchanged = desk.run(&["bind", "--json", ZHOU]);
    assert_eq!((unchanged.status, unchanged.json()), (0, bound.json()));
    assert!(unchanged.err.contains("nothing has changed"), "{}", unchanged.err);

    let shown = desk.run(&["show", "--json", ZHOU]);
    assert_eq!((shown.status, &shown.json()["household"]["head"]), (0, &json!("周桂兰")));
    let shown = desk.run(&["show", "--json", &document]).json();
    assert_eq!(shown["pages"][0]["reading"]["source"], "text-layer");

    let copy = desk.folder.path().join("copy.pdf");
    assert_eq!(desk.run(&["get", &document, "-o", &copy.display().to_string()]).status, 0);
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    let piped = desk.command(&["get", &document]).output().unwrap();
    assert_eq!(piped.stdout, bytes);

    let verified = desk.run(&["verify", "--json"]);
    let report = verified.json();
    assert_eq!(verified.status, 0);
    assert!(has(&report, &["checked", "bytes", "changed", "missing", "untracked"]), "{report}");
    assert_eq!(report["changed"], json!([]));

    let dump = desk.run(&["dump"]);
    assert!(dump.out.lines().count() > 5 && dump.out.lines().all(|line| line.starts_with('{')));
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(desk.folder.path().join("data").join(name)).ok();
    }
    std::fs::remove_dir_all(desk.folder.path().join("data/index")).unwrap();
    let rebuilt = desk.run(&["rebuild", "--json"]);
    assert_eq!((rebuilt.status, &rebuilt.json()["to_read"]), (0, &json!(0)), "{}", rebuilt.err);
    assert_eq!(desk.run(&["dump"]).out, dump.out);
    assert_eq!(desk.run(&["find", "--json", "槐荫里"]).json()["hits"][0]["boxes"], hit["boxes"]);
}

#[test]
fn an_office_brings_its_own_profile() {
    let desk = Desk::new();
    let national = include_str!("../../schemas/profiles/national-2008.toml");
    let own = national.replacen("code = \"national-2008\"", "code = \"liuqiao-2026\"", 1).replacen(
        "\"低保申请书\"",
        "\"本地申请书\"",
        1,
    );
    let data = desk.folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("own.toml"), &own).unwrap();
    std::fs::write(data.join("yidang.toml"), "profile = \"own.toml\"\n").unwrap();
    let made = desk.run(&["init"]);
    assert_eq!(made.status, 0, "{}", made.err);
    assert!(desk.run(&["dump"]).out.contains("liuqiao-2026"));
    let file = desk.file("a.pdf", &paper(&[PAPER]));
    desk.run(&["add", "--household", ZHOU, "--open", "周桂兰", &file]);
    let shown = desk.run(&["show", ZHOU]);
    assert!(shown.out.contains("本地申请书"), "{}", shown.out);

    std::fs::write(data.join("own.toml"), "code = 3").unwrap();
    let refused = desk.run(&["show", ZHOU]);
    assert!(refused.status == 3 && refused.err.contains("profile"), "{}", refused.err);
}

#[test]
fn a_bureau_brings_its_own_rules_and_takes_them_along() {
    let desk = Desk::founded();
    let data = desk.folder.path().join("data");
    let usual = include_str!("../../schemas/rules/procedures.toml");
    let own = usual.replacen("code = \"supplement\"", "code = \"told_once\"", 1);
    std::fs::create_dir(data.join("rules")).unwrap();
    std::fs::write(data.join("rules/procedures.toml"), &own).unwrap();
    let mut settings = std::fs::read_to_string(data.join("yidang.toml")).unwrap_or_default();
    settings.insert_str(0, "rules = \"rules\"\n");
    std::fs::write(data.join("yidang.toml"), settings).unwrap();
    let file = desk.file("a.pdf", &paper(&[PAPER]));
    desk.run(&["add", "--household", ZHOU, "--open", "周桂兰", &file]);
    let step = desk.run(&["case", "step", ZHOU, "apply", "--begin", "application"]);
    assert_eq!(step.status, 0, "{}", step.err);
    let shown = desk.run(&["case", "show", ZHOU]);
    assert!(shown.out.contains("told_once"), "{}", shown.out);
    let backup = desk.folder.path().join("backup.tar");
    let written = desk.run(&["backup", "-o", backup.to_str().unwrap()]);
    assert_eq!(written.status, 0, "{}", written.err);
    assert!(written.out.contains("rules/procedures.toml"), "{}", written.out);

    std::fs::write(data.join("rules/procedures.toml"), own.replacen("phase_out", "x", 1)).unwrap();
    let refused = desk.run(&["show", ZHOU]);
    assert!(refused.status == 3 && refused.err.contains("phase_out"), "{}", refused.err);
    // So is one without a code that the program asks for, with the file and the code.
    let renamed = own.replace("\"stopped\"", "\"ended\"");
    std::fs::write(data.join("rules/procedures.toml"), renamed).unwrap();
    let refused = desk.run(&["show", ZHOU]);
    let said = "procedures.toml: there is no state stopped";
    assert!(refused.status == 3 && refused.err.contains(said), "{}", refused.err);
    // A folder that is not there is told, and not passed over.
    std::fs::rename(data.join("rules"), data.join("elsewhere")).unwrap();
    assert_eq!(desk.run(&["show", ZHOU]).status, 3);
}

#[test]
fn a_bureau_brings_its_own_forms_and_takes_them_along() {
    let desk = Desk::founded();
    let data = desk.folder.path().join("data");
    let own = include_str!("../../schemas/forms/application.json").replacen(
        "\"title\": \"申请人姓名\"",
        "\"title\": \"本县申请人\"",
        1,
    );
    std::fs::create_dir_all(data.join("rules/forms")).unwrap();
    std::fs::write(data.join("rules/forms/application.json"), &own).unwrap();
    let mut settings = std::fs::read_to_string(data.join("yidang.toml")).unwrap_or_default();
    settings.insert_str(0, "rules = \"rules\"\n");
    std::fs::write(data.join("yidang.toml"), settings).unwrap();
    let file = desk.file("a.pdf", &paper(&[PAPER]));
    let added = desk.run(&["add", "--json", "--household", ZHOU, "--open", "周桂兰", &file]);
    let document = added.json()[0]["document"].to_string();
    let given = ["--type", "A01", "--title", "低保申请书", "--date", "2026-03-09"];
    let filed = [&["file", &document, "--household", ZHOU][..], &given].concat();
    let filed = desk.run(&filed);
    assert_eq!(filed.status, 0, "{}", filed.err);
    let shown = desk.run(&["form", "show", &document]);
    assert!(shown.out.contains("本县申请人"), "{} {}", shown.out, shown.err);

    let backup = desk.folder.path().join("backup.tar");
    let written = desk.run(&["backup", "-o", backup.to_str().unwrap()]);
    assert!(written.out.contains("rules/forms/application.json"), "{}", written.out);
    std::fs::rename(&data, desk.folder.path().join("before")).unwrap();
    let back = desk.run(&["restore", backup.to_str().unwrap()]);
    assert_eq!(back.status, 0, "{}", back.err);
    assert_eq!(std::fs::read_to_string(data.join("rules/forms/application.json")).unwrap(), own);

    let broken = own.replacen("\"applied_on\"", "\"never\"", 1);
    std::fs::write(data.join("rules/forms/application.json"), broken).unwrap();
    let store = desk.folder.path().join("before/store");
    std::fs::rename(store, data.join("store")).unwrap();
    let refused = desk.run(&["show", ZHOU]);
    let said = refused.err.contains("forms/application.json");
    assert!(refused.status == 3 && said, "{} {}", refused.status, refused.err);
}

#[test]
fn a_changed_file_is_reported_with_its_household_and_not_handed_out() {
    let desk = Desk::founded();
    let bytes = noise(100, 100);
    let file = desk.file("scan.png", &bytes);
    let added = desk.run(&["add", "--json", "--household", ZHOU, "--open", "周桂兰", &file]);
    let document = added.json()[0]["document"].clone();
    let mut there = std::fs::read(desk.blob(&bytes)).unwrap();
    there[5000] ^= 1;
    std::fs::write(desk.blob(&bytes), there).unwrap();

    let verified = desk.run(&["verify", "--json"]);
    assert_eq!(verified.status, 1);
    let finding = verified.json()["changed"][0].clone();
    assert_eq!((&finding["document"], &finding["household"]), (&document, &json!(ZHOU)));
    let told = desk.run(&["verify"]);
    assert!(told.out.contains(ZHOU) && told.out.contains("周桂兰"), "{}", told.out);

    let copy = desk.folder.path().join("copy.png");
    let got = desk.run(&["get", &document.to_string(), "-o", &copy.display().to_string()]);
    assert_eq!(got.status, 1);
    assert!(got.err.contains("digest") && !copy.exists(), "{}", got.err);
}

#[test]
fn the_exit_status_says_what_happened() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["find", "x"]).status, 3, "there is no archive");
    assert!(desk.run(&["dump"]).err.contains("yidang init"));
    assert_eq!(desk.run(&["init"]).status, 0);
    assert_eq!(desk.run(&["init"]).status, 3, "there is one already");
    let scan = desk.file("scan.png", &noise(20, 20));

    let nobody = desk.run(&["add", "--household", NOBODY, &scan]);
    assert_eq!(nobody.status, 1);
    assert!(nobody.err.contains(NOBODY) && nobody.err.contains("--open"), "{}", nobody.err);
    let malformed = desk.run(&["add", "--household", "12", &scan]);
    assert_eq!(malformed.status, 2);
    assert!(malformed.err.contains("99010200300400001"), "{}", malformed.err);

    assert_eq!(desk.run(&["find", "没有这个词"]).status, 1);
    assert_eq!(desk.run(&["find", "\"open"]).status, 2);
    assert_eq!(desk.run(&["show", "424242"]).status, 1);
    assert_eq!(desk.run(&["show", NOBODY]).status, 1);
    assert_eq!(desk.run(&["bind", NOBODY]).status, 1);
    assert_eq!(desk.run(&["get", "424242"]).status, 1);
    assert_eq!(desk.run(&["add", "nowhere.png"]).status, 1);
    for wrong in [&["add"][..], &["bogus"], &["find"], &["bind", "x"], &["work", "--bogus"]] {
        assert_eq!(desk.run(wrong).status, 2, "{wrong:?}");
    }
    for help in [&["--help"][..], &["--version"], &["add", "--help"]] {
        let answer = desk.run(help);
        assert!(answer.status == 0 && answer.out.contains("yidang"), "{help:?}");
    }
    let error = desk.run(&["show", "--json", "424242"]).json();
    assert!(has(&error["error"], &["code", "message", "hint"]), "{error}");
}

#[test]
fn one_bad_file_keeps_no_other_out() {
    let desk = Desk::founded();
    let good = desk.file("good.png", &noise(20, 20));
    let empty = desk.file("empty.jpg", b"");
    let page = desk.file("page.html", b"<html>");
    let added = desk.run(&["add", "--json", &empty, &good, &page]);
    assert_eq!(added.status, 3);
    let added = added.json();
    assert!(has(&added[0], &["file", "error"]) && has(&added[2], &["file", "error"]), "{added}");
    assert_eq!(added[1]["pages"], 1);
    assert_eq!(desk.run(&["verify"]).status, 0);
}

#[test]
fn any_file_is_read_without_an_archive() {
    let desk = Desk::new();
    let file = desk.file("form.pdf", &paper(&[PAPER]));
    let read = desk.run(&["ocr", "--json", &file]);
    assert_eq!(read.status, 0, "{}", read.err);
    let page = &read.json()["pages"][0];
    assert!(has(page, &["width", "height", "turned", "lines"]), "{page}");
    let line = &page["lines"][1];
    assert_eq!((&line["text"], &line["confidence"]), (&json!("申请人：周桂兰"), &json!(1.0)));
    assert_eq!(line["box"].as_array().unwrap().len(), 4);
    // A picture cannot be read without models: said, and the status shows it.
    let picture = desk.run(&["ocr", "--json", &desk.file("a.png", &noise(60, 40))]);
    assert_eq!(picture.status, 1);
    assert!(picture.err.contains("make models"), "{}", picture.err);
    assert_eq!(desk.run(&["ocr", "nowhere.jpg"]).status, 1);
    assert_eq!(desk.run(&["ocr", &desk.file("b.jpg", b"text")]).status, 3);
    assert!(!desk.folder.path().join("data").exists());
}

#[test]
fn only_this_machine_may_connect() {
    let desk = Desk::founded();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let refused = desk.run(&["serve", "--listen", address]);
        assert_eq!(refused.status, 2, "{address}");
        assert!(refused.err.contains("nothing protects"), "{}", refused.err);
    }
    let mut command = desk.command(&["serve"]);
    let refused: Ended = command.env("YIDANG_LISTEN", "0.0.0.0:0").output().unwrap().into();
    assert_eq!(refused.status, 2);
}

#[test]
fn the_server_says_where_it_is_answers_and_ends_when_asked() {
    let desk = Desk::founded();
    let mut server =
        desk.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(server.stderr.take().unwrap()).lines();
    let address = said
        .find_map(|line| {
            let line = line.ok()?;
            let (_, rest) = line.split_once("http://")?;
            rest.split('/').next().map(ToOwned::to_owned)
        })
        .expect("it says its address");
    let mut connection = std::net::TcpStream::connect(&address).unwrap();
    write!(
        connection,
        "GET /api/v1/openapi.json HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", answer.lines().next().unwrap_or_default());

    let asked = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn the_demonstration_throws_away_only_what_it_made() {
    let desk = Desk::founded();
    let before = desk.run(&["dump"]).out;
    let refused = desk.run(&["demo", "--no-serve"]);
    assert_eq!(refused.status, 3);
    assert!(refused.err.contains("no demonstration made"), "{}", refused.err);
    assert_eq!(desk.run(&["dump"]).out, before);
}

#[test]
fn a_name_on_a_scanned_page_is_found_and_boxed() {
    let Some(models) = models() else { return };
    let desk = Desk { models: models.canonicalize().unwrap(), ..Desk::new() };
    assert_eq!(desk.run(&["init"]).status, 0);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-docs");
    // An upright form, and one that lies upside down on the glass.
    for (file, head, turned) in [("扫描0012.jpg", "周桂兰", 0), ("扫描0047.jpg", "林秀芳", 180)]
    {
        let path = samples.join("files").join(file).display().to_string();
        let added = desk.run(&["add", "--json", &path]);
        assert_eq!(added.status, 0, "{}", added.err);
        assert_eq!(desk.run(&["work", "--until-idle"]).status, 0);
        let found = desk.run(&["find", "--json", head]).json();
        let hit = &found["hits"][0];
        assert_eq!(hit["document"], added.json()[0]["document"], "{found}");
        assert!(!hit["boxes"].as_array().unwrap().is_empty());
        let shown = desk.run(&["show", "--json", &hit["document"].to_string()]).json();
        let reading = &shown["pages"][0]["reading"];
        assert_eq!((&reading["source"], &reading["turned"]), (&json!("ocr"), &json!(turned)));
    }
}

#[test]
fn a_part_is_not_told_as_the_whole() {
    let desk = Desk::founded();
    let part = desk.run(&["verify", "--minutes", "0"]);
    assert_eq!(part.status, 0, "{}", part.err);
    assert!(part.out.contains("only a part was looked at: 0 of 256 shards"), "{}", part.out);
    assert!(!part.out.contains("every file"), "{}", part.out);
    let whole = desk.run(&["verify", "--json"]).json();
    assert_eq!(
        (&whole["scope"]["whole"], &whole["scope"]["catalog"]),
        (&json!(true), &json!(true))
    );
    assert_eq!((&whole["copy"], &whole["derived_only"]), (&Value::Null, &json!([])));
}

#[test]
fn a_second_copy_is_filled_said_and_mends_the_first() {
    let desk = Desk::founded();
    let bytes = paper(&[PAPER]);
    let file = desk.file("a.pdf", &bytes);
    assert_eq!(desk.run(&["add", &file]).status, 0);
    let settings = desk.folder.path().join("data/yidang.toml");
    std::fs::write(&settings, "copies = 2\n[copy]\nstore = \"copy\"\n").unwrap();
    let told = desk.run(&["verify", "--json"]);
    let copy = json!({ "address": "copy", "copies": 2, "behind": 0, "problem": "" });
    assert_eq!((told.status, &told.json()["copy"]), (0, &copy), "{}", told.err);
    std::fs::write(desk.blob(&bytes), "other").unwrap();
    let told = desk.run(&["verify", "--repair", "--json"]).json();
    assert_eq!(told["changed"][0]["code"], "blob.changed");
    assert_eq!(told["repaired"][0]["source"], "copy");
    assert_eq!(std::fs::read(desk.blob(&bytes)).unwrap(), bytes);
    assert_eq!(desk.run(&["verify"]).status, 0);
    // The settings swapped: what to do is said.
    std::fs::write(&settings, "store = \"lost\"\n[copy]\nstore = \"copy\"\n").unwrap();
    let told = desk.run(&["verify"]);
    assert_eq!(told.status, 3);
    assert!(told.err.contains("yidang rebuild"), "{}", told.err);
    std::fs::write(&settings, "copies = 2\n").unwrap();
    assert_eq!(desk.run(&["verify"]).status, 2);
}

#[test]
fn what_is_outside_the_store_is_saved_and_put_back() {
    let desk = Desk::founded();
    let saved = desk.run(&["backup", "-o", "saved.tar", "--json"]);
    assert_eq!((saved.status, &saved.json()["catalog"]), (0, &json!(true)), "{}", saved.err);
    assert_eq!(desk.run(&["backup", "-o", "saved.tar"]).status, 2);
    let back = desk.run(&["--data", "other", "restore", "saved.tar", "--json"]);
    assert_eq!((back.status, &back.json()["store"]), (0, &json!("other/store")), "{}", back.err);
    assert_eq!(desk.run(&["--data", "other", "restore", "saved.tar"]).status, 2);
    let mut copying = Command::new("cp");
    copying.args(["-r", "data/store", "other/store"]).current_dir(desk.folder.path());
    assert!(copying.status().unwrap().success());
    assert_eq!(desk.run(&["--data", "other", "verify"]).status, 0);
    assert!(desk.run(&["--data", "other", "dump"]).out.lines().count() > 1);
}

#[test]
fn a_store_that_is_not_there_is_not_made_anew() {
    let desk = Desk::founded();
    let (store, away) = (desk.folder.path().join("data/store"), desk.folder.path().join("away"));
    std::fs::rename(&store, &away).unwrap();
    let told = desk.run(&["verify"]);
    assert_eq!(told.status, 3, "{}", told.out);
    assert!(told.err.contains("is its disk mounted?"), "{}", told.err);
    assert!(!store.exists());
    std::fs::rename(&away, &store).unwrap();
    assert_eq!(desk.run(&["verify"]).status, 0);
}

#[test]
fn a_store_is_encrypted_later_and_the_papers_of_a_household_destroyed() {
    let desk = Desk::founded();
    let scan = desk.file("a.pdf", &paper(&[PAPER]));
    desk.run(&["add", &scan, "--household", ZHOU, "--open", "周桂兰"]);
    let refused = desk.run(&["encryption", "on"]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(refused.err.contains("hint: write into yidang.toml"), "{}", refused.err);
    desk.file("data/yidang.toml", b"[encryption]\nvolumes = true\n");
    let refused = desk.run(&["show", ZHOU]);
    assert_eq!((refused.status, refused.err.lines().count()), (3, 1), "{}", refused.err);
    let on = desk.run(&["encryption", "on", "--json"]).json();
    assert_eq!((&on["on"], &on["secrets"], &on["destroyed"]), (&json!(true), &json!(1), &json!(0)));
    let ask = || desk.run(&["encryption", "destroy", ZHOU, "--reason", "期满", "--json"]);
    let plain = ask();
    assert_eq!(plain.status, 3, "{}", plain.out);
    assert!(plain.err.contains("yidang encryption seal"), "{}", plain.err);
    let sealed = desk.run(&["encryption", "seal", "--json"]).json();
    assert!(sealed["files"].as_u64().unwrap() > 2 && sealed["left"] == json!([]), "{sealed}");
    let add = ["person", "add", "邓文彬", "--login", "deng", "--roles", "approver"];
    assert_eq!(desk.run(&add).status, 0);
    let document = desk.run(&["add", "--json", &scan, "--household", ZHOU]).json();
    let document = document[0]["document"].to_string();
    assert_eq!(desk.run(&["get", &document, "-o", "b.pdf"]).status, 0);

    let asked = ask().json();
    assert_eq!((&asked["stage"], &asked["name"]), (&json!("asked"), &json!("宋青")));
    let asked = asked["asked"].to_string();
    let agree = |login: &[&str], confirmed: &str| {
        let words = ["encryption", "agree", &asked, "--confirm", confirmed, "--json"];
        desk.run(&[login, &words].concat())
    };
    let alone = agree(&[], ZHOU);
    assert_eq!(alone.status, 3, "who asked decides: {}", alone.out);
    let deng = ["--as", "deng"];
    let other = agree(&deng, NOBODY);
    assert_eq!(other.status, 2, "{}", other.out);
    assert_eq!(desk.run(&["get", &document, "-o", "b2.pdf"]).status, 0, "nothing is destroyed yet");
    let done = agree(&deng, ZHOU).json();
    let all = desk.run(&["encryption", "asked", "--json"]).json();
    assert_eq!((&all[0]["stage"], &all[0]["decider"]), (&json!("destroyed"), &json!("邓文彬")));
    assert_eq!(done["objects"].as_array().unwrap().len(), 1, "{done}");
    let gone = desk.run(&["get", &document, "-o", "c.pdf"]);
    assert_eq!(gone.status, 1, "{}", gone.err);
    assert!(gone.err.contains("destroyed"), "{}", gone.err);
    let verified = desk.run(&["verify", "--json"]);
    assert_eq!(verified.status, 0, "{}", verified.err);
    assert_eq!(verified.json()["destroyed"], json!([[done["entry"], 1]]));
}

#[test]
fn accounts_sessions_and_organisations_are_looked_at() {
    let desk = Desk::founded();
    let street = ["organisation", "set", "990102003000", "柳桥街道办事处", "--json"];
    assert_eq!(desk.run(&street).json()["code"], json!("990102003000"));
    assert_eq!(desk.run(&["organisation", "set", "110101000000", "别处"]).status, 2);
    let all = desk.run(&["organisation", "list", "--json"]).json();
    assert_eq!(all[0]["name"], json!("柳桥街道办事处"), "{all}");
    let add = ["person", "add", "赵玉梅", "--login", "zhao", "--roles", "clerk"];
    assert_eq!(desk.run(&add).status, 0);
    let shown = desk.run(&["person", "show", "zhao", "--json"]).json();
    assert_eq!(shown["person"]["name"], json!("赵玉梅"), "{shown}");
    assert_eq!(shown["access"]["password"], json!(false), "{shown}");
    assert_eq!(shown["access"]["sessions"], json!([]), "{shown}");
    let gone = desk.run(&["person", "sign-out", "zhao", "--session", "abc"]);
    assert_eq!(gone.status, 1, "{}", gone.err);
    assert!(gone.err.contains("session is not there"), "{}", gone.err);
    assert_eq!(desk.run(&["person", "sign-out", "zhao", "--json"]).json(), json!({ "ended": 0 }));
    let never = desk.run(&["notice", "down", "900", "--why", "写错"]);
    assert_eq!(never.status, 1, "{}", never.err);
    assert!(never.err.contains("there is no notice 900"), "{}", never.err);
    assert_eq!(desk.run(&["session", "list"]).status, 2, "whose?");
    let zhao = |words: &[&str]| desk.run(&[&["--as", "zhao"], words, &["--json"]].concat());
    assert_eq!(zhao(&["session", "list"]).json(), json!([]));
    // As over the API: who works here knows the organisations, and an administrator names them.
    assert_eq!(zhao(&["organisation", "list"]).json(), all);
    let refused = zhao(&["organisation", "set", "990102003000", "别的名字"]);
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (3, &json!("denied")));
    for of_all in [&["dump"][..], &["backup", "-o", "taken.tar"]] {
        let refused = zhao(of_all);
        assert_eq!(refused.status, 3, "{of_all:?}: {}", refused.err);
        assert_eq!(refused.json()["error"]["code"], "denied", "{of_all:?}");
    }
    assert_eq!(zhao(&["session", "end", "--all"]).json(), json!({ "ended": 0 }));
    assert_eq!(zhao(&["session", "end", "abc"]).status, 1);
    let until = (jiff::Timestamp::now() + std::time::Duration::from_secs(9 * 86_400)).to_string();
    let made = zhao(&["token", "add", "扫描仪", "--rights", "upload", "--until", &until[..10]]);
    assert!(made.json()["token"].is_string(), "{}", made.err);
    let tokens = zhao(&["token", "list"]).json();
    assert_eq!(tokens[0]["rights"], json!(["upload"]), "{tokens}");

    // Another ends it with the right to manage accounts, and not without.
    let id = tokens[0]["id"].as_str().unwrap();
    let own_right = zhao(&["token", "end", id, "--of", "zhao"]);
    assert_eq!((own_right.status, &own_right.json()["error"]["code"]), (3, &json!("denied")));
    let others = desk.run(&["token", "end", "abc", "--of", "zhao", "--json"]);
    assert_eq!(others.status, 1, "{}", others.err);
    let ended = desk.run(&["token", "end", id, "--of", "zhao", "--json"]);
    assert_eq!(ended.json(), json!({ "ended": 1 }), "{}", ended.err);
    assert_eq!(zhao(&["token", "list"]).json(), json!([]));
    assert_eq!(desk.run(&["lending", "register", "--json"]).json(), json!([]));
}

#[test]
fn the_money_is_kept_from_the_command_line() {
    let desk = Desk::founded();
    let county = "990102000000";
    assert_eq!(desk.run(&["organisation", "set", county, "青石县民政局"]).status, 0);
    let file = desk.file("申请书.pdf", &paper(&[PAPER]));
    let open = || desk.run(&["add", "--household", ZHOU, "--open", "周桂兰", &file]);
    // Once organisations are registered, a household is opened in one of them.
    let nowhere = open();
    assert_eq!(nowhere.status, 2, "{}", nowhere.err);
    assert!(nowhere.err.contains("990102003004 is not registered"), "{}", nowhere.err);
    assert_eq!(desk.run(&["organisation", "set", "990102003004", "槐荫里社区"]).status, 0);
    let added = open();
    assert_eq!(added.status, 0, "{}", added.err);
    let carry = ["case", "step", ZHOU, "carry", "--begin", "carried_over"];
    let carried = desk.run(&[&carry[..], &["--amount", "560.50", "--category", "A"]].concat());
    assert_eq!(carried.status, 0, "{}", carried.err);
    let now = jiff::Timestamp::now().to_string();
    let (year, month) = (&now[..4], &now[..7]);

    let of = ["--organisation", county];
    let set =
        desk.run(&[&["money", "standard", month, "1085", "--unit", "yuan"], &of[..]].concat());
    assert_eq!(set.status, 0, "{}", set.err);
    let wrong = desk.run(&[&["money", "standard", month, "x"], &of[..]].concat());
    assert_eq!(wrong.status, 2, "{}", wrong.err);
    assert!(desk.run(&["money", "standards"]).out.contains("1085.00"));
    let assessed = desk.run(&["money", "assess", month, "--json"]).json();
    assert_eq!(assessed["without_income"], assessed["decided"]["households"], "{assessed}");

    let book = ["fund", "book", "received", "1200000", "--why", "财社31号", "--json"];
    let booked = desk.run(&[&book[..], &of].concat());
    assert_eq!(booked.status, 0, "{}", booked.err);
    let entry = booked.json()["entry"].to_string();
    let back = ["fund", "book", "received", "0", "--why", "记错", "--instead-of", &entry];
    assert_eq!(desk.run(&[&back[..], &of].concat()).status, 0);
    let again = desk.run(&[&back[..], &of].concat());
    assert_eq!(again.status, 3, "{}", again.err);
    let other = ["fund", "book", "other_in", "0.75", "--why", "利息"];
    assert_eq!(desk.run(&[&other[..], &of].concat()).status, 0);
    let ledger = desk.run(&["fund", "ledger", year, "--json"]).json();
    let sum = &ledger["sum"];
    assert_eq!(
        (&sum["received"], &sum["other_in"], &sum["closing"]),
        (&json!(0), &json!(75), &json!(75))
    );
    assert!(desk.run(&["fund", "ledger", year]).out.contains("0.75"));

    let recover = ["fund", "recover", ZHOU, "300", "--from", month, "--until", month, "--json"];
    let asked = desk.run(&[&recover[..], &["--why", "未报告"]].concat());
    assert_eq!(asked.status, 0, "{}", asked.err);
    let entry = asked.json()["entry"].to_string();
    let settle = |amount| ["fund", "settle", ZHOU, &entry, amount, "--why", "收据0031"];
    assert_eq!(desk.run(&settle("300.01")).status, 3);
    assert_eq!(desk.run(&settle("120")).status, 0);
    assert!(desk.run(&["fund", "recoveries"]).out.contains("open 180.00"));
    assert_eq!(desk.run(&["money", "returns", month]).status, 0);
}

#[test]
fn registers_are_kept_and_samples_drawn_from_the_command_line() {
    let desk = Desk::founded();
    for (code, name) in [
        ("990102000000", "青石县民政局"),
        ("990102003000", "柳桥街道办事处"),
        ("990102003004", "槐荫里社区"),
    ] {
        assert_eq!(desk.run(&["organisation", "set", code, name]).status, 0);
    }
    let file = desk.file("申请书.pdf", &paper(&[PAPER]));
    let added = desk.run(&["add", "--household", ZHOU, "--open", "周桂兰", &file]);
    assert_eq!(added.status, 0, "{}", added.err);
    let carried = desk.run(&[
        "case",
        "step",
        ZHOU,
        "carry",
        "--begin",
        "carried_over",
        "--amount",
        "560.50",
        "--category",
        "A",
    ]);
    assert_eq!(carried.status, 0, "{}", carried.err);

    let visit =
        ["book", "enter", "visits", "--json", "--household", ZHOU, "--value", "announced=暗访"];
    let more = ["--value", "visitors=赵玉梅、李建国", "--value", "changes=无变化"];
    let without = desk.run(&visit);
    assert_eq!(without.status, 2, "{}", without.err);
    let entered = desk.run(&[&visit[..], &more].concat());
    assert_eq!(entered.status, 0, "{}", entered.err);
    let number = entered.json()["number"].as_str().unwrap().to_owned();
    let row = desk.run(&["book", "row", "visits", "990102003004", &number, "--json"]);
    assert_eq!(row.json()["lines"][0]["values"][0]["value"], "暗访");
    assert_eq!(desk.run(&["book", "row", "visits", "990102003004", "1999-001"]).status, 1);
    assert_eq!(desk.run(&["book", "show", "nothing"]).status, 1);
    let listed = desk.run(&["book", "list", "--json"]).json();
    assert_eq!(listed["entered"][2]["rows"], 1, "{listed}");
    let to = desk.folder.path().join("走访.csv").display().to_string();
    let taken = desk.run(&["book", "export", "visits", &to, "--reason", "4"]);
    assert_eq!(taken.status, 0, "{}", taken.err);
    assert!(std::fs::read_to_string(&to).unwrap().contains("暗访"));
    assert_eq!(desk.run(&["book", "export", "visits", &to]).status, 2, "it is there");

    // Who reported something is shown to whoever may see it, at the street, for a reason.
    for (name, login, of) in [("赵玉梅", "zhao", "990102003000"), ("孙晓", "sun", "990102003004")]
    {
        let add = ["person", "add", name, "--login", login, "--roles", "clerk"];
        let added = desk.run(&[&add[..], &["--organisation", of]].concat());
        assert_eq!(added.status, 0, "{}", added.err);
    }
    let mut tip = vec!["book", "enter", "tips", "--json", "--household", ZHOU];
    for value in [
        "manner=来电",
        "named=实名",
        "informant=吴老师",
        "contact=13812345678",
        "reported=周桂兰",
        "content=在外有房出租。",
        "taken_by=赵玉梅",
    ] {
        tip.extend(["--value", value]);
    }
    let told = desk.run(&tip);
    assert_eq!(told.status, 0, "{}", told.err);
    let told = told.json();
    let (number, entry) = (told["number"].as_str().unwrap(), told["entry"].to_string());
    let row = desk.run(&["book", "row", "tips", "990102003004", number]);
    assert!(row.out.contains("book sealed") && !row.out.contains("吴老师"), "{}", row.out);
    let sealed = |by: &[&str]| {
        let what = ["book", "sealed", "tips", "990102003004", number, &entry];
        desk.run(&[&what[..], by].concat())
    };
    assert_eq!(sealed(&["--reason", "3"]).status, 3, "whoever has the machine has no such right");
    assert_eq!(sealed(&["--as", "zhao"]).status, 2, "why?");
    let below = sealed(&["--as", "sun", "--reason", "3"]);
    assert!(below.status != 0 && !below.out.contains("吴老师"), "{}", below.out);
    let shown = sealed(&["--as", "zhao", "--reason", "3"]);
    assert!(shown.status == 0 && shown.out.contains("informant: 吴老师"), "{}", shown.err);
    let uses = desk.run(&["uses", "--json"]).json();
    let reveals = uses["uses"].as_array().unwrap().iter();
    let reveals: Vec<_> = reveals.filter(|one| one["kind"] == "reveal").collect();
    assert!(reveals.iter().any(|one| one["reason"]["purpose"] == "petition"), "{reveals:?}");

    let month = jiff::Timestamp::now().to_string();
    let order = ["draw", "order", &month[..7], "--organisation", "990102000000", "--count", "1"];
    let ordered = desk.run(&[&order[..], &["--json"]].concat());
    assert_eq!(ordered.status, 0, "{}", ordered.err);
    let order = ordered.json()["order"].to_string();
    let drawn = desk.run(&["draw", "run", &order, "--json"]);
    assert_eq!(drawn.json()["drawn"], json!([ZHOU]), "{}", drawn.err);
    let checked = desk.run(&["draw", "check", &order]);
    assert!(
        checked.status == 0 && checked.out.contains("drawn again: the same"),
        "{}",
        checked.out
    );
    assert_eq!(desk.run(&["draw", "run", &order]).status, 3);
    assert_eq!(desk.run(&["draw", "check", "0"]).status, 1);
}

#[test]
fn statistics_are_told_and_taken_along() {
    let desk = Desk::founded();
    let told = desk.run(&["statistics", "2026-12", "--json"]);
    assert_eq!(told.status, 0, "{}", told.err);
    let told = told.json();
    assert_eq!((&told["period"], &told["before"]), (&json!("2026-12"), &json!("2026-11")));
    let listed = desk.run(&["statistics", "2026", "--figure", "left", "--json"]);
    assert_eq!((listed.status, &listed.json()["count"]), (0, &json!(0)), "{}", listed.err);
    assert_eq!(desk.run(&["statistics", "2026", "--figure", "nothing"]).status, 2);
    assert_ne!(desk.run(&["statistics", "2026-13"]).status, 0);
    let file = desk.folder.path().join("statistics.csv").display().to_string();
    let taken = desk.run(&["statistics", "2026-12", "--csv", &file]);
    assert_eq!(taken.status, 0, "{}", taken.err);
    assert!(std::fs::read_to_string(&file).unwrap().contains("在保户"));
    assert_ne!(desk.run(&["statistics", "2026-12", "--csv", &file]).status, 0, "it is there");
}
