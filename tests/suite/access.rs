//! Who may ask what: every address as every role, the printed matrix, and a
//! walk through every link as everybody.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write;

use axum::http::{Method, StatusCode};
use yidang::catalog::sessions;
use yidang::model::access::{Right, Role};
use yidang::model::id::DocumentId;
use yidang::people::{self, PeopleError};
use yidang::web::rights::{Gate, gate, rows};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, actor, description, household};
use crate::pages::Browser;

/// The street of 周桂兰, and the one beside it.
const LIUQIAO: &str = "990102003000";
const NANMEN: &str = "990102002000";

/// An archive with a filed and bound paper in each street, and one on the desk
/// of each.
async fn filled() -> (Archive, [DocumentId; 2]) {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let mut ids = Vec::new();
    for (no, head) in [(ZHOU, "周桂兰"), (CHEN, "陈志强")] {
        let lines = ["最低生活保障申请书", &format!("申请人：{head}"), "退休金八百元"];
        let taken = archive.take(no, &format!("{head}.pdf"), &paper(&[&lines])).await.unwrap();
        let said = description("A01", &format!("{head}的申请书"), "2026-03-09");
        let (app, bureau) = (&archive.app, archive.bureau());
        let no = household(no);
        yidang::filing::file(app, &bureau, taken.document, &no, said).await.unwrap();
        yidang::binding::bind(app, &bureau, &no, "").await.unwrap();
        ids.push(taken.document);
    }
    archive.settle().await;
    (archive, ids.try_into().unwrap())
}

/// An address of the table with names of the archive in it.
fn named(path: &str, no: &str, id: DocumentId) -> String {
    path.replace("{no}", if path.contains("/entr") { "0" } else { no })
        .replace("{id}", &id.to_string())
        .replace("{page}", if path.contains("/text/") { "1" } else { "1.jpg" })
        .replace("{n}", if path.ends_with("/pages/{n}") { "1.jpg" } else { "1" })
        .replace("{place}", "1")
        .replace("{version}", "1")
        .replace("{code}", "en")
        .replace("{file}", "style.css")
        .replace("{login}", "p10")
}

/// Every person a test asks as: each role alone, of one street.
async fn everybody(archive: &Archive, street: &str) -> Vec<(Role, Browser)> {
    let mut all = Vec::new();
    for role in Role::GIVEN {
        let name = format!("{}{street}", role.zh());
        all.push((role, Browser::of(archive.app.clone(), &name, street, &[role]).await));
    }
    all
}

#[tokio::test]
async fn every_address_answers_every_role_as_the_matrix_says() {
    let (archive, [zhou, _]) = filled().await;
    let mut nobody = Browser::nobody(archive.app.clone());
    for (role, mut browser) in everybody(&archive, LIUQIAO).await {
        for (method, path, gate) in rows() {
            // What ends the session that asks is asked elsewhere.
            if *path == "/signout" || (method, *path) == (&Method::DELETE, "/api/v1/session") {
                continue;
            }
            let at = named(path, ZHOU, zhou);
            let what = format!("{method} {at} as {role:?}");
            let status = browser.ask(method, &at).await.status;
            match gate {
                Gate::Public => assert_ne!(status, StatusCode::FORBIDDEN, "{what}"),
                gate if gate.lets(|right| role.may(right)) => {
                    let refused = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED];
                    assert!(!refused.contains(&status), "{what}: {status}");
                    assert!(!status.is_server_error(), "{what}: {status}");
                    assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{what}");
                }
                _ => assert_eq!(status, StatusCode::FORBIDDEN, "{what}"),
            }
        }
    }
    for (method, path, gate) in rows() {
        let answer = nobody.ask(method, &named(path, ZHOU, zhou)).await;
        let (status, what) = (answer.status, format!("{method} {path} as nobody"));
        match gate {
            Gate::Public => assert!(!status.is_server_error(), "{what}: {status}"),
            Gate::Needs(Right::Visit) => {
                assert_eq!(answer.header("location"), "/guest/over", "{what}")
            }
            _ if *method == Method::GET && !path.starts_with("/api/") => {
                assert_eq!(status, StatusCode::SEE_OTHER, "{what}");
                assert!(answer.header("location").starts_with("/signin"), "{what}");
            }
            _ => assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}"),
        }
        assert!(!answer.is_about("周桂兰"), "{what}");
    }
}

#[tokio::test]
async fn nobody_of_another_street_gets_anything_by_guessing() {
    let (archive, [zhou, _]) = filled().await;
    for (role, mut browser) in everybody(&archive, NANMEN).await {
        for (method, path, _) in rows() {
            let of_a_record = ["{no}", "{id}"].iter().any(|part| path.contains(part));
            if !of_a_record || path.contains("/entr") {
                continue;
            }
            let answer = browser.ask(method, &named(path, ZHOU, zhou)).await;
            let what = format!("{method} {path} as {role:?}: {}", answer.status);
            assert!(answer.status.is_client_error(), "{what}");
            for word in ["周桂兰", "退休金", "申请书"] {
                assert!(!answer.is_about(word), "{what}: {word}");
            }
        }
    }
}

/// The addresses of a page: what it links to and draws, and where its forms go
/// with which method.
fn addresses(page: &str) -> Vec<(Method, String)> {
    let mut all = Vec::new();
    for (mark, method) in [("href=\"", Method::GET), ("src=\"", Method::GET)] {
        for rest in page.split(mark).skip(1) {
            let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
            all.push((method.clone(), address));
        }
    }
    for rest in page.split("<form ").skip(1) {
        let tag = rest.split('>').next().unwrap_or_default();
        let action = tag.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
        let post = tag.contains("method=\"post\"");
        if let Some(action) = action {
            all.push((if post { Method::POST } else { Method::GET }, action.to_owned()));
        }
    }
    all.retain(|(_, address)| address.starts_with('/'));
    all
}

/// The row of the table an address belongs to.
fn row_of(method: &Method, address: &str) -> Option<Gate> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |row: &str| {
        let row: Vec<&str> = row.split('/').collect();
        row.len() == parts.len()
            && row.iter().zip(&parts).all(|(a, b)| a == b || (a.starts_with('{') && !b.is_empty()))
    };
    let (_, row, _) = rows().find(|(one, row, _)| one == method && fits(row))?;
    gate(method, row)
}

#[tokio::test]
async fn a_walk_through_every_link_meets_nothing_outside_and_no_closed_door() {
    let (archive, _) = filled().await;
    for (role, mut browser) in everybody(&archive, LIUQIAO).await {
        let (mut seen, mut open) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
        let mut pages = 0;
        while let Some(address) = open.pop_front() {
            if !seen.insert(address.clone()) || seen.len() > 400 {
                continue;
            }
            let answer = browser.get(&address).await;
            let what = format!("{address} as {role:?}: {}", answer.status);
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{what}");
            if answer.status.is_redirection() {
                open.push_back(answer.header("location").to_owned());
                continue;
            }
            // Of the other street there is nothing, not even a name.
            for word in ["陈志强", CHEN] {
                assert!(!answer.is_about(word), "{what}: {word}");
            }
            if !role.may(Right::Look) {
                assert!(!answer.is_about("周桂兰"), "{what}");
            }
            if !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            pages += 1;
            for (method, to) in addresses(&answer.text()) {
                let gate = row_of(&method, &to);
                let gate = gate.unwrap_or_else(|| panic!("{what} leads nowhere: {method} {to}"));
                let lets = gate.lets(|right| role.may(right));
                assert!(lets, "{what} shows a closed door: {method} {to}");
                if method == Method::GET {
                    open.push_back(to.split('#').next().unwrap_or_default().to_owned());
                }
            }
        }
        let least = if role.may(Right::Look) { 8 } else { 1 };
        assert!(pages >= least, "{role:?} met {pages} pages");
    }
}

/// The matrix as `docs/access.md` prints it.
fn printed() -> String {
    let mut text = String::from("| right |");
    let roles = Role::GIVEN.into_iter().chain([Role::Operator, Role::Guest]);
    let roles: Vec<Role> = roles.collect();
    for role in &roles {
        write!(text, " {} {} |", role.zh(), role.en()).unwrap();
    }
    writeln!(text, "\n|---|{}", "---|".repeat(roles.len())).unwrap();
    for right in Right::ALL {
        write!(text, "| `{}` {} {} |", right.as_str(), right.zh(), right.en()).unwrap();
        for role in &roles {
            text.push_str(if role.may(right) { " ● |" } else { " |" });
        }
        text.push('\n');
    }
    text.push_str("\n| address | right |\n|---|---|\n");
    for (method, path, gate) in rows() {
        let who = match gate {
            Gate::Public => "everybody".to_owned(),
            Gate::Needs(right) => format!("`{}`", right.as_str()),
            Gate::Both(one, other) => format!("`{}` and `{}`", one.as_str(), other.as_str()),
            Gate::Either(one, other) => format!("`{}` or `{}`", one.as_str(), other.as_str()),
        };
        writeln!(text, "| `{method} {path}` | {who} |").unwrap();
    }
    text
}

#[test]
fn the_printed_matrix_is_the_one_that_is_applied() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/access.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (begin, end) = ("<!-- matrix -->\n", "<!-- end of matrix -->");
    let (before, rest) = text.split_once(begin).unwrap();
    let (now, after) = rest.split_once(end).unwrap();
    if std::env::var_os("YIDANG_PRINT_MATRIX").is_some() {
        let text = format!("{before}{begin}{}{end}{after}", printed());
        std::fs::write(file, text).unwrap();
        return;
    }
    assert!(now == printed(), "docs/access.md is old: run this test with YIDANG_PRINT_MATRIX=1");
}

#[tokio::test]
async fn an_administrator_signs_in_as_nobody_who_watches() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let app = &archive.app;
    let han = actor("韩冰", "990102000000", Role::Administrator);
    let officer = actor("罗琳", "990102000000", Role::SecurityOfficer);
    for (login, role) in [("wu", Role::Auditor), ("luo2", Role::SecurityOfficer)] {
        let new = people::NewPerson {
            login: login.into(),
            name: format!("吴{login}"),
            organisation: "990102000000".parse().unwrap(),
        };
        let person = people::add(app, &han, new).await.unwrap();
        people::grant(app, &officer, login, vec![role]).await.unwrap();
        // The first code is the administrator's to give.
        people::access::issue_code(app, &han, login, false).await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        sessions::set_password(&mut tx, &person.id, "$argon2id$", app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let later = people::access::issue_code(app, &han, login, true).await;
        assert!(matches!(later, Err(PeopleError::Apart(_))), "{role:?}: {later:?}");
        people::access::issue_code(app, &archive.bureau(), login, true).await.unwrap();
    }
}

#[tokio::test]
async fn a_form_that_is_too_long_is_told_so() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let mut browser = Browser::on(&archive).await;
    let long = "字".repeat(1 << 20);
    let told = browser.post(&format!("/household/{ZHOU}/reason"), &[("words", &long)]).await;
    assert_eq!(told.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(told.is_about("这张表太长了"), "{}", told.text());
}
