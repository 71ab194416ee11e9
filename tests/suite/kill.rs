//! A server that is killed while clerks upload: what it answered is there when
//! it starts again, and there is one history. `make soak` does many rounds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::files::noise;

/// How many clerks upload at the same time.
const CLERKS: usize = 6;

/// What was answered: the number of each document, and the digest of its bytes.
type Answered = Arc<Mutex<BTreeMap<i64, String>>>;

fn yidang(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yidang"));
    command.arg("--data").arg(data).env("YIDANG_MODELS", data.join("no-models"));
    command
}

/// What a command answers in JSON; it must have status 0 or 1.
fn answer(data: &Path, words: &[&str]) -> Value {
    let done = yidang(data).args(words).arg("--json").output().unwrap();
    let trouble = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(matches!(done.status.code(), Some(0 | 1)), "{words:?}: {trouble}");
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A server and its address.
fn serve(data: &Path) -> (Child, String) {
    let mut server = yidang(data)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    let address = BufReader::new(server.stderr.take().unwrap()).lines().find_map(|line| {
        let line = line.ok()?;
        said.push(line.clone());
        line.split_once("http://")?.1.split('/').next().map(ToOwned::to_owned)
    });
    (server, address.unwrap_or_else(|| panic!("it says its address: {said:?}")))
}

/// Uploads a file; returns the document when the whole answer came.
fn upload(address: &str, bytes: &[u8]) -> Option<i64> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let head = format!(
        "POST /api/v1/documents?name=scan.png HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n",
        bytes.len()
    );
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(bytes).ok()?;
    let mut text = String::new();
    connection.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 20"), "{text}");
    let answer: Value = serde_json::from_str(body).ok()?;
    answer["document"].as_i64()
}

/// Lets clerks upload to a server that is killed after `life`.
fn round(data: &Path, life: Duration, answered: &Answered) {
    let (mut server, address) = serve(data);
    let over = Arc::new(AtomicBool::new(false));
    let clerks: Vec<_> = (0..CLERKS)
        .map(|_| {
            let (address, over, answered) =
                (address.clone(), Arc::clone(&over), Arc::clone(answered));
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let scan = noise(40, 40);
                    if let Some(document) = upload(&address, &scan) {
                        let digest = hex::encode(Sha256::digest(&scan));
                        answered.lock().unwrap().insert(document, digest);
                    }
                }
            })
        })
        .collect();
    std::thread::sleep(life);
    // SIGKILL: nothing is flushed, nothing is said.
    server.kill().unwrap();
    over.store(true, Ordering::Relaxed);
    server.wait().unwrap();
    clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
}

#[test]
fn a_server_that_is_killed_loses_nothing_it_answered() {
    let rounds: u64 =
        std::env::var("YIDANG_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let seed: u64 = std::env::var("YIDANG_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    eprintln!("seed {seed}: YIDANG_SEED={seed} gives the same lives");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    answer(&data, &["init"]);
    let answered = Answered::default();
    let mut dice = seed;
    for number in 0..rounds {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(20 + (dice >> 33) % 600);
        round(&data, life, &answered);
        if number % 50 == 49 {
            eprintln!("{} rounds, {} answered", number + 1, answered.lock().unwrap().len());
        }
    }

    // One history, of which nothing is damaged or gone: what is too much was
    // never answered.
    let report = answer(&data, &["verify"]);
    for class in ["changed", "missing", "unread"] {
        assert_eq!(report[class], Value::Array(Vec::new()), "seed {seed}: {class}");
    }
    let dump = |data: &Path| yidang(data).arg("dump").output().unwrap().stdout;
    let before = dump(&data);
    assert!(yidang(&data).arg("rebuild").status().unwrap().success());
    assert_eq!(dump(&data), before, "seed {seed}: the database is what the log says");
    let answered = answered.lock().unwrap();
    assert!(!answered.is_empty(), "nothing was uploaded in {rounds} rounds");
    let text = String::from_utf8(before).unwrap();
    let mut kept = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["table"] == "document_file" {
            let row = &line["row"];
            kept.insert(
                row["document"].as_i64().unwrap(),
                row["sha256"].as_str().unwrap().to_owned(),
            );
        }
    }
    for (document, digest) in answered.iter() {
        assert_eq!(
            kept.get(document),
            Some(digest),
            "seed {seed}: document {document} was answered"
        );
    }
    eprintln!("{rounds} kills, {} answered, {} kept, none lost", answered.len(), kept.len());
}
