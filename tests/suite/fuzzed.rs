//! A program of others, schemathesis, asks the served API whatever its
//! description allows and what it does not, as each role of one street: nothing
//! breaks, everything is as described, and nobody gets what is not theirs.
//!
//! `FUZZ_API=200 cargo test --test suite -- --nocapture fuzzed::` asks each
//! operation more often; `YIDANG_SEED` begins elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::http::Method;
use serde_json::{Value, json};
use yidang::model::access::{Right, Role};
use yidang::web::rights::gate;

use crate::files::paper;
use crate::harness::{CHEN, ZHOU};
use crate::independent::{auditors, python, said};
use crate::served::{answer, ask, serve_nobody, yidang};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/fuzzed");
/// The street of 周桂兰, where all who ask work, and the one beside it.
const LIUQIAO: &str = "990102003000";
const NANMEN: &str = "990102002000";
/// The password of everybody.
const PASSWORD: &str = "the willow bends in march";
/// What stands in the file of each household and nowhere else.
const OF_ZHOU: &str = "周桂兰|槐花糕";
const OF_CHEN: &str = "陈志强|石榴树|钱文斌";

fn done(data: &Path, words: &[&str], given: &str) {
    let mut command = yidang(data);
    let child = command.args(words).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = child.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), given.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{words:?}");
}

/// An archive with a filed and bound paper in each street, one on the desk of
/// each, and somebody of every role in the first; returns the papers.
fn filled(data: &Path) -> Vec<i64> {
    done(data, &["init"], "");
    let write = |name: &str, value: Value| {
        std::fs::write(data.join(name), value.to_string()).unwrap();
        data.join(name).display().to_string()
    };
    let organisation = |code: &str, name: &str| json!({ "code": code, "name": name });
    let organisations = json!([
        organisation("990102000000", "青石县民政局"),
        organisation(NANMEN, "南门街道办事处"),
        organisation("990102002001", "古井社区居民委员会"),
        organisation(LIUQIAO, "柳桥街道办事处"),
        organisation("990102003004", "槐荫里社区居民委员会"),
    ]);
    let household = |no: &str, head: &str| json!({ "household_no": no, "head": head });
    let households = json!([household(ZHOU, "周桂兰"), household(CHEN, "陈志强")]);
    let (organisations, households) =
        (write("organisations.json", organisations), write("households.json", households));
    let roster = ["register", "--organisations", &organisations, "--households", &households];
    done(data, &roster, "");
    let mut people: Vec<_> =
        Role::GIVEN.iter().map(|role| (role.as_str(), role.zh(), LIUQIAO, role.as_str())).collect();
    people.push(("qian", "钱文斌", NANMEN, "clerk"));
    // Whoever may change accounts changes this one, and none of those who ask.
    people.push(("spare", "备用", LIUQIAO, "reader"));
    for (login, name, organisation, role) in people {
        let organisation = ["--organisation", organisation];
        let account = ["person", "add", name, "--login", login, "--roles", role];
        done(data, &[&account[..], &organisation[..]].concat(), "");
        done(data, &["person", "password", login], PASSWORD);
    }
    let mut documents = Vec::new();
    for (no, head, clerk, own) in
        [(ZHOU, "周桂兰", "clerk", "槐花糕"), (CHEN, "陈志强", "qian", "石榴树")]
    {
        for place in [Some(no), None] {
            let name = format!("{head}的{}.pdf", if place.is_some() { "申请书" } else { "来件" });
            let lines = ["最低生活保障申请书", head, own, "退休金八百元", &name];
            let file = data.join(&name);
            std::fs::write(&file, paper(&[&lines])).unwrap();
            let file = file.display().to_string();
            let to: &[&str] = if place.is_some() { &["--household", no] } else { &[] };
            let added = answer(data, &[&["--as", clerk, "add", &file], to].concat());
            documents.push(added[0]["document"].as_i64().unwrap());
        }
        done(data, &["bind", no], "");
    }
    done(data, &["work", "--until-idle"], "");
    documents
}

/// What a person shows who has signed in.
fn token(address: &str, login: &str) -> String {
    let who = json!({ "login": login, "password": PASSWORD }).to_string();
    let (status, told) = ask(address, "POST", "/api/v1/session", who.as_bytes()).unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(status, 201, "{login}: {told}");
    told["token"].as_str().unwrap().to_owned()
}

/// Which statuses were answered, by method and path of the description.
type Answers = BTreeMap<(String, String), BTreeSet<u16>>;

fn answers(file: &Path) -> Answers {
    let mut all = Answers::new();
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let [method, path, status] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let of = all.entry((method.to_owned(), path.to_owned())).or_default();
        of.insert(status.parse().unwrap());
    }
    all
}

/// A lending that somebody of a street asks for themselves.
fn lending(data: &Path, login: &str, household: &str) -> String {
    let until = jiff::Timestamp::now() + std::time::Duration::from_secs(9 * 86_400);
    let until = &until.to_string()[..10];
    let words = ["--as", login, "lending", "ask", household, "--purpose", "check"];
    let rest = ["--reason", "核对", "--until", until];
    answer(data, &[&words[..], &rest[..]].concat())["id"].as_str().unwrap().to_owned()
}

/// What is there, for the dictionaries of schemathesis.
fn configured(folder: &Path, documents: &[i64], lendings: &[String]) -> PathBuf {
    let mut text = std::fs::read_to_string(Path::new(FOLDER).join("schemathesis.toml")).unwrap();
    for (name, values) in [("DOCUMENTS", json!(documents)), ("LENDINGS", json!(lendings))] {
        text = text.replace(&format!("[\"{name}\"]"), &values.to_string());
    }
    let file = folder.join("schemathesis.toml");
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn whatever_is_asked_nothing_breaks_and_nobody_gets_what_is_not_theirs() {
    let Some(auditors) = auditors() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let documents = filled(&data);
    let lendings = [lending(&data, "reader", ZHOU), lending(&data, "qian", CHEN)];
    let config = configured(folder.path(), &documents, &lendings);
    let server = serve_nobody(yidang(&data));
    let asking = Asking {
        auditors,
        folder: folder.path().to_owned(),
        config,
        address: server.address.clone(),
        often: std::env::var("FUZZ_API").ok(),
        seed: std::env::var("YIDANG_SEED").unwrap_or_else(|_| "20261124".into()),
    };
    // Who failed too often waits, and schemathesis guesses passwords.
    let tokens = Role::GIVEN.map(|role| (role, token(&server.address, role.as_str())));
    let (some, others) = tokens.split_at(3);
    let failed: Vec<String> = std::thread::scope(|scope| {
        let other = scope.spawn(|| asking.in_turn(others));
        let mut failed = asking.in_turn(some);
        failed.extend(other.join().unwrap());
        failed
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// How the API is asked.
struct Asking {
    auditors: PathBuf,
    folder: PathBuf,
    config: PathBuf,
    address: String,
    /// How often each operation; a few times when it is not said.
    often: Option<String>,
    seed: String,
}

impl Asking {
    /// As one role after the other; what was found.
    fn in_turn(&self, roles: &[(Role, String)]) -> Vec<String> {
        roles.iter().filter_map(|(role, token)| self.all(*role, token).err()).collect()
    }

    /// Lets schemathesis ask everything as somebody of a role; what it finds is
    /// the error.
    fn all(&self, role: Role, token: &str) -> Result<(), String> {
        let sees = role.may(Right::Look);
        let hidden = if sees { OF_CHEN.to_owned() } else { format!("{OF_CHEN}|{OF_ZHOU}") };
        let written = self.folder.join(format!("{}.tsv", role.as_str()));
        let mut run = python(&self.auditors);
        let paths = std::env::join_paths([self.auditors.as_path(), Path::new(FOLDER)]).unwrap();
        run.env("PYTHONPATH", paths)
            .env("YIDANG_FUZZ_TOKEN", token)
            .env("YIDANG_FUZZ_HIDDEN", hidden)
            .env("YIDANG_FUZZ_ANSWERED", &written)
            .current_dir(&self.folder)
            .args(["-m", "schemathesis.cli", "--config-file"])
            .arg(&self.config)
            .args(["run", &format!("http://{}/api/v1/openapi.json", self.address), "--no-color"])
            .args(["--max-examples", self.often.as_deref().unwrap_or("3")])
            .args(["--seed", &self.seed]);
        // Every value at its bounds takes long: here as those who may most.
        let most = [Role::Archivist, Role::Approver, Role::Administrator].contains(&role);
        if self.often.is_none() && !most {
            run.args(["--phases", "fuzzing"]);
        }
        let done = run.output().unwrap();
        let mut reached = BTreeSet::new();
        for ((method, path), statuses) in answers(&written) {
            let method: Method = method.parse().unwrap();
            let Some(gate) = gate(&method, &format!("/api/v1{path}")) else { continue };
            let lets = gate.lets(|right| role.may(right));
            for status in statuses {
                if !lets && !(400..500).contains(&status) {
                    return Err(format!("{role:?} {method} {path}: {status}"));
                }
                if (200..300).contains(&status) {
                    reached.insert(format!("{method} {path}"));
                }
            }
        }
        eprintln!("-- {role:?} reached {} operations", reached.len());
        if reached.len() < if sees { 14 } else { 8 } {
            return Err(format!("{role:?} reached no more than {reached:?}"));
        }
        if done.status.success() { Ok(()) } else { Err(format!("{role:?}: {}", said(&done))) }
    }
}
