//! The real program as a process: commands, a server, and clerks who upload.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The documents somebody was told of, with the digests of their bytes.
pub type Answered = BTreeMap<i64, String>;

/// The program on the archive in `data`.
pub fn yidang(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yidang"));
    command.arg("--data").arg(data).env("YIDANG_MODELS", data.join("no-models"));
    command
}

/// What a command answers in JSON; it must have status 0 or 1.
pub fn answer(data: &Path, words: &[&str]) -> Value {
    let done = yidang(data).args(words).arg("--json").output().unwrap();
    let trouble = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(matches!(done.status.code(), Some(0 | 1)), "{words:?}: {trouble}");
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A server, killed at the latest when this value is dropped.
pub struct Server {
    child: Child,
    pub address: String,
    /// What it has said on standard error, line by line.
    pub said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Kills it (SIGKILL): nothing is flushed, nothing is said.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Waits until it ends by itself; returns its status.
    pub fn end(&mut self, what: &str) -> Option<i32> {
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{what}: the server goes on");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The tokens of those who are signed in, by the address of the server.
static TOKENS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
/// The password of who uploads.
const PASSWORD: &str = "the willow bends in march";

/// Somebody who may upload, in the archive of a command.
fn somebody(command: &Command) {
    let mut words = command.get_args();
    let data = words.by_ref().skip_while(|word| *word != "--data").nth(1).unwrap();
    let run = |words: &[&str], given: &str| {
        let mut same = yidang(Path::new(data));
        // A shim below the server is not below this.
        let envs = command.get_envs().filter(|(name, _)| *name != "LD_PRELOAD");
        same.envs(envs.filter_map(|(name, value)| Some((name, value?))));
        let child = same.args(words).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = child.stderr(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{given}").unwrap();
        child.wait().unwrap().success()
    };
    let roles = ["person", "add", "宋青", "--login", "songqing", "--roles", "clerk,archivist"];
    if run(&roles, "") {
        assert!(run(&["person", "password", "songqing"], PASSWORD));
    }
}

/// Signs in at a server, for all that is asked under its address.
fn sign_in(address: &str) {
    let who = json!({ "login": "songqing", "password": PASSWORD }).to_string();
    let (status, told) = ask(address, "POST", "/api/v1/session", who.as_bytes()).unwrap();
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&told));
    let told: Value = serde_json::from_slice(&told).unwrap();
    let token = told["token"].as_str().unwrap().to_owned();
    TOKENS.lock().unwrap().insert(address.to_owned(), token);
}

/// Starts `yidang` as a server; somebody who may upload is signed in.
pub fn serve(yidang: Command) -> Server {
    somebody(&yidang);
    let server = serve_nobody(yidang);
    sign_in(&server.address);
    server
}

/// Starts `yidang` as a server; nobody is signed in.
pub fn serve_nobody(mut yidang: Command) -> Server {
    let mut child =
        yidang.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let said = Arc::new(Mutex::new(Vec::new()));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines.find_map(|line| {
        let line = line.ok()?;
        said.lock().unwrap().push(line.clone());
        let at = line.split_once("http://").or_else(|| line.split_once("https://"))?.1;
        at.split('/').next().map(ToOwned::to_owned)
    });
    let address = address.unwrap_or_else(|| panic!("it says its address: {said:?}"));
    // What it says later is read, so that it never waits for a reader.
    let kept = Arc::clone(&said);
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if !line.contains("DEBUG") && !line.contains("TRACE") {
                eprintln!("  server: {line}");
            }
            kept.lock().unwrap().push(line);
        }
    });
    Server { child, address, said }
}

/// What the forms of whoever is signed in at the server carry.
pub fn form_token(address: &str) -> String {
    let token = TOKENS.lock().unwrap().get(address).cloned().unwrap_or_default();
    hex_of(format!("form {token}").as_bytes())
}

/// Asks the server as a program and as a browser: JSON where it begins so, a form
/// where it begins with its token; returns status and answer when the whole answer
/// came.
pub fn ask(address: &str, method: &str, path: &str, bytes: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let token = TOKENS.lock().unwrap().get(address).cloned();
    let token =
        token.map(|one| format!("Authorization: Bearer {one}\r\nCookie: __Host-yidang={one}\r\n"));
    let token = token.unwrap_or_default();
    let kind = match bytes {
        [b'{', ..] => "Content-Type: application/json\r\n",
        [b'c', b's', b'r', b'f', b'=', ..] => "Content-Type: application/x-www-form-urlencoded\r\n",
        _ => "",
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{token}{kind}\
         Content-Length: {}\r\n\r\n",
        bytes.len()
    );
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(bytes).ok()?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let lengths = head.lines().filter_map(|line| line.split_once(": "));
    let mut length = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let whole = length.next_back().and_then(|(_, length)| length.parse::<usize>().ok());
    let body = answer.split_off(end + 4);
    let status = head.split(' ').nth(1)?.parse().ok()?;
    whole.is_none_or(|length| length == body.len()).then_some((status, body))
}

/// Uploads a file; returns status and answer when the whole answer came.
pub fn upload(address: &str, bytes: &[u8]) -> Option<(u16, Value)> {
    let (status, body) = ask(address, "POST", "/api/v1/documents?name=scan.png", bytes)?;
    Some((status, serde_json::from_slice(&body).ok()?))
}

pub fn hex_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Checks an archive that nobody serves: nothing is damaged or gone, the
/// database is what the log says, and what was `answered` is there. Returns
/// how many documents there are.
pub fn is_sound(data: &Path, answered: &Answered, what: &str) -> usize {
    let report = answer(data, &["verify"]);
    for class in ["changed", "missing", "unread"] {
        assert_eq!(report[class], Value::Array(Vec::new()), "{what}: {class}");
    }
    let dump = || yidang(data).arg("dump").output().unwrap().stdout;
    let before = dump();
    assert!(yidang(data).arg("rebuild").output().unwrap().status.success());
    let (was, is) =
        (String::from_utf8(before.clone()).unwrap(), String::from_utf8(dump()).unwrap());
    let was: std::collections::BTreeSet<_> = was.lines().collect();
    let is: std::collections::BTreeSet<_> = is.lines().collect();
    // A seal may have fallen due meanwhile: nothing else comes of itself.
    let sealed = |line: &&&str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let row = &line["row"];
        line["table"] == "access_seal"
            || [&row["body"], &row["leaf"]].iter().any(|text| {
                text.as_str().is_some_and(|text| {
                    text.contains("seal_access_log") || text.contains("\"kind\":\"seal\"")
                })
            })
    };
    let lost: Vec<_> = was.difference(&is).take(3).collect();
    let new: Vec<_> = is.difference(&was).filter(|line| !sealed(line)).take(3).collect();
    assert!(
        lost.is_empty() && new.is_empty(),
        "{what}: the database is what the log says\nonly before {lost:#?}\nonly after {new:#?}"
    );
    let mut kept = Answered::new();
    for line in String::from_utf8(before).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["table"] == "document_file" {
            let (row, text) = (&line["row"], |value: &Value| value.as_str().unwrap().to_owned());
            kept.insert(row["document"].as_i64().unwrap(), text(&row["sha256"]));
        }
    }
    for (document, digest) in answered {
        assert_eq!(kept.get(document), Some(digest), "{what}: document {document} was answered");
    }
    kept.len()
}
