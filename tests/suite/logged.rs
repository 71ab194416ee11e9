//! What the program says of itself on standard error, at its most talkative, has
//! no number of a person in full.

use serde_json::{Value, json};
use yidang::web::text::query_value;

use crate::files::paper;
use crate::served::{answer, ask, form_token, serve, yidang};

/// The household of the numbers; its own number names no person.
const NO: &str = "99010200300400777";
const HEAD: &str = "990102194912310021";
const MEMBER: &str = "990102197001010013";
const ACCOUNT: &str = "6222020200112233445";
const PHONE: &str = "13812345678";
const NUMBERS: [&str; 4] = [HEAD, MEMBER, ACCOUNT, PHONE];

/// A paper with all of them, and one by the way.
fn application() -> Vec<u8> {
    let lines = [
        "最低生活保障申请书".to_owned(),
        format!("林秀芳 {HEAD}"),
        format!("林小满 {MEMBER}"),
        format!("账号：{ACCOUNT}"),
        format!("电话{PHONE}"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    paper(&[&lines])
}

/// Asks the server; that must have this status, or be an answer that is no failure
/// of the server where none is named.
fn asked(address: &str, method: &str, path: &str, body: &[u8], wanted: Option<u16>) -> Vec<u8> {
    let (status, told) = ask(address, method, path, body).unwrap();
    let shown = String::from_utf8_lossy(&told);
    let fits = wanted.map_or(status < 500, |wanted| status == wanted);
    assert!(fits, "{method} {path}: {status}: {shown}");
    told
}

/// Everything in which a number is typed, read, shown or refused.
fn story(address: &str) {
    let json = |value: Value| value.to_string().into_bytes();
    let opening = json!({
        "household": NO, "head": "林秀芳", "id_number": HEAD, "address": format!("电话{PHONE}"),
        "members": [{ "name": "林小满", "relation": "女", "id_number": MEMBER }],
    });
    asked(address, "POST", "/api/v1/households", &json(opening.clone()), Some(201));
    asked(address, "POST", "/api/v1/households", &json(opening), Some(409));
    let add = format!("/api/v1/documents?name={HEAD}.pdf&household={NO}");
    let taken = asked(address, "POST", &add, &application(), Some(201));
    let taken: Value = serde_json::from_slice(&taken).unwrap();
    let id = taken["document"].as_i64().unwrap();
    // Until it is read, and found by each of its numbers.
    for number in NUMBERS {
        let path = format!("/api/v1/search?q={number}");
        let mut told = Value::Null;
        let found = (0..300).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            told = serde_json::from_slice(&asked(address, "GET", &path, b"", Some(200))).unwrap();
            told["total"] == json!(1)
        });
        assert!(found, "{number} is found: {told}");
        for path in [
            format!("/intake?doc={number}"),
            format!("/search?q={number}"),
            format!("/doc/{id}?q={number}"),
            format!("/households?q={number}"),
            format!("/api/v1/households?q={number}"),
            format!("/search?q={}", query_value(&format!("\"{number}\" -"))),
        ] {
            asked(address, "GET", &path, b"", None);
        }
        // Addresses and fields that are wrong, with a number in them.
        for path in [
            format!("/household/{number}"),
            format!("/doc/{number}"),
            format!("/doc/{id}/page/{number}.jpg"),
            format!("/{number}"),
            format!("/uses?person={number}&household={number}"),
            format!("/people/{number}"),
            format!("/audit/entry/{number}"),
            format!("/uses/{number}/bundle"),
            format!("/lending/{number}/doc/{number}"),
            format!("/api/v1/households/{number}"),
            format!("/api/v1/documents/{number}"),
            format!("/api/v1/documents/{id}?x={number}"),
            format!("/api/v1/{number}"),
        ] {
            asked(address, "GET", &path, b"", None);
        }
        let who = json!({ "login": number, "password": number });
        asked(address, "POST", "/api/v1/session", &json(who), None);
        let odd = json!({ "type": "A01", "title": number, "date": number });
        let path = format!("/api/v1/documents/{id}/description");
        asked(address, "PUT", &path, &json(odd), None);
    }
    // Filed, corrected, and shown in full for a reason that has a number too.
    let said = json!({
        "type": "A01", "title": format!("低保申请书 {HEAD}"), "date": "2026-03-09",
        "remarks": format!("电话{PHONE}"), "household": NO,
    });
    let path = format!("/api/v1/documents/{id}/description");
    asked(address, "PUT", &path, &json(said), Some(200));
    let why = json!({ "reason": format!("check 核对{ACCOUNT}") });
    let path = format!("/api/v1/households/{NO}/numbers");
    let shown = asked(address, "POST", &path, &json(why), Some(200));
    assert!(String::from_utf8_lossy(&shown).contains(HEAD), "it is shown to who asks");
    let form = format!(
        "csrf={}&purpose=check&words={}",
        form_token(address),
        query_value(&format!("核对{ACCOUNT}"))
    );
    let path = format!("/household/{NO}/numbers");
    let page = asked(address, "POST", &path, form.as_bytes(), Some(200));
    assert!(String::from_utf8_lossy(&page).contains(HEAD));
    for path in [format!("/household/{NO}"), format!("/doc/{id}?tab=text"), "/uses".to_owned()] {
        asked(address, "GET", &path, b"", None);
    }
}

#[test]
fn at_its_most_talkative_the_program_says_no_number_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(yidang(data).arg("init").output().unwrap().status.success());
    answer(data, &["organisation", "set", "990102003004", "槐荫里社区居民委员会"]);
    let mut command = yidang(data);
    command.env("YIDANG_LOG", "trace").env("NO_COLOR", "1");
    let mut server = serve(command);
    story(&server.address);
    // The same on the command line, beside the server.
    let mut said = Vec::new();
    for words in [
        vec!["find", HEAD],
        vec!["show", PHONE],
        vec!["find", "\"6222020200112233445"],
        vec!["person", "show", MEMBER],
        vec!["add", "990102194912310021.pdf"],
    ] {
        let done = yidang(data).env("YIDANG_LOG", "trace").args(&words).output().unwrap();
        // What the person typed is answered to the person; the rest is the log.
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        said.extend(told.lines().filter(|line| is_logged(line)).map(ToOwned::to_owned));
    }
    server.kill();
    said.extend(server.said.lock().unwrap().iter().cloned());
    let talks = |word: &str| said.iter().any(|line| line.contains(word));
    assert!(talks("DEBUG") && talks("not answered"), "it talks, and refusals are in it");
    assert!(talks("/household/9901**********0021"), "with the number covered");
    for line in &said {
        for number in NUMBERS {
            assert!(!stands_in(line, number), "{number}: {line}");
        }
    }
}

/// Whether a line is of the log.
fn is_logged(line: &str) -> bool {
    ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].iter().any(|level| line.contains(level))
}

/// Whether a number stands in a line, as it is or as a list of bytes.
fn stands_in(line: &str, number: &str) -> bool {
    let bytes: Vec<String> = number.bytes().map(|byte| byte.to_string()).collect();
    line.contains(number) || line.contains(&bytes.join(", "))
}
