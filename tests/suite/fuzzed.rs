//! A program of others, schemathesis, asks the served API whatever its
//! description allows and what it does not, as each role of one street: nothing
//! breaks, everything is as described, and nobody gets what is not theirs.
//!
//! `FUZZ_API=200 cargo test --test suite -- --nocapture fuzzed::` asks each
//! operation more often; `YIDANG_SEED` begins elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use axum::http::Method;
use serde_json::{Value, json};
use yidang::model::access::Role;
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
/// each, a lending asked for in each, and somebody of every role in the first.
fn filled(data: &Path) {
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
    for (login, name, organisation, role) in people {
        let organisation = ["--organisation", organisation];
        let account = ["person", "add", name, "--login", login, "--roles", role];
        done(data, &[&account[..], &organisation[..]].concat(), "");
        done(data, &["person", "password", login], PASSWORD);
    }
    for (no, head, clerk, own) in
        [(ZHOU, "周桂兰", "clerk", "槐花糕"), (CHEN, "陈志强", "qian", "石榴树")]
    {
        for place in [Some(no), None] {
            let name = format!("{head}的{}.pdf", if place.is_some() { "申请书" } else { "来件" });
            let lines = ["最低生活保障申请书", head, own, "退休金八百元", &name];
            let file = data.join(&name);
            std::fs::write(&file, paper(&[&lines])).unwrap();
            let file = file.display().to_string();
            let words = ["--as", clerk, "add", &file];
            match place {
                Some(no) => done(data, &[&words[..], &["--household", no][..]].concat(), ""),
                None => done(data, &words, ""),
            }
        }
        done(data, &["bind", no], "");
    }
    done(data, &["work", "--until-idle"], "");
}

/// What a person shows who has signed in.
fn token(address: &str, login: &str) -> String {
    let who = json!({ "login": login, "password": PASSWORD }).to_string();
    let (status, told) = ask(address, "POST", "/api/v1/session", who.as_bytes()).unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(status, 201, "{login}: {told}");
    told["token"].as_str().unwrap().to_owned()
}

/// How often which status was answered, by method and path of the description.
type Answers = BTreeMap<(String, String), BTreeMap<u16, usize>>;

fn answers(file: &Path) -> Answers {
    let mut all = Answers::new();
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let [method, path, status] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let of = all.entry((method.to_owned(), path.to_owned())).or_default();
        *of.entry(status.parse().unwrap()).or_default() += 1;
    }
    all
}

#[test]
fn whatever_is_asked_nothing_breaks_and_nobody_gets_what_is_not_theirs() {
    let Some(auditors) = auditors() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    filled(&data);
    let server = serve_nobody(yidang(&data));
    let address = &server.address;
    let asked = |login: &str, household: &str| {
        let words = ["--as", login, "lending", "ask", household, "--purpose", "check"];
        let rest = ["--reason", "核对", "--until", "2099-12-01"];
        answer(&data, &[&words[..], &rest[..]].concat())["id"].as_str().unwrap().to_owned()
    };
    let _ = asked;
    let examples = std::env::var("FUZZ_API").unwrap_or_else(|_| "3".into());
    let seed = std::env::var("YIDANG_SEED").unwrap_or_else(|_| "20261124".into());
    let mut failed = Vec::new();
    for role in Role::GIVEN {
        let sees = role.may(yidang::model::access::Right::Look);
        let hidden = if sees { OF_CHEN.to_owned() } else { format!("{OF_CHEN}|{OF_ZHOU}") };
        let written = folder.path().join(format!("{}.tsv", role.as_str()));
        let mut run: Command = python(&auditors);
        let paths = std::env::join_paths([auditors.as_path(), Path::new(FOLDER)]).unwrap();
        run.env("PYTHONPATH", paths)
            .env("YIDANG_FUZZ_TOKEN", token(address, role.as_str()))
            .env("YIDANG_FUZZ_HIDDEN", hidden)
            .env("YIDANG_FUZZ_ANSWERED", &written)
            .current_dir(folder.path())
            .args(["-m", "schemathesis.cli", "--config-file"])
            .arg(Path::new(FOLDER).join("schemathesis.toml"))
            .args(["run", &format!("http://{address}/api/v1/openapi.json"), "--no-color"])
            .args(["--max-examples", &examples, "--seed", &seed]);
        let done = run.output().unwrap();
        if !done.status.success() {
            failed.push(format!("{role:?}: {}", said(&done)));
        }
        let mut reached = BTreeSet::new();
        for ((method, path), statuses) in answers(&written) {
            let method: Method = method.parse().unwrap();
            let Some(gate) = gate(&method, &format!("/api/v1{path}")) else { continue };
            let lets = gate.lets(|right| role.may(right));
            for status in statuses.keys() {
                let refused = matches!(status, 400..=499);
                assert!(lets || refused, "{method} {path} as {role:?}: {status}");
                if (200..300).contains(status) {
                    reached.insert(format!("{method} {path}"));
                }
            }
        }
        eprintln!("-- {role:?} reached {} operations", reached.len());
        assert!(reached.len() >= if sees { 15 } else { 6 }, "{role:?} reached {reached:?}");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
