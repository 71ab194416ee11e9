//! Security headers, judged by the rules of others: drheader looks at what every
//! kind of answer carries on a protected connection.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method};
use serde_json::{Value, json};
use yidang::model::access::Role;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, signed_in};
use crate::independent::{auditors, python, said};
use crate::signin::visitor::Visitor;

const NAME: &str = "yidang.example.gov.cn";

/// Rules that do not fit, each with the reason. Everything else has to hold.
const ELSEWISE: &[(&str, &str)] = &[
    ("Pragma", "it is for caches that speak HTTP/1.0; `no-store` says it to all others"),
    (
        "Referrer-Policy",
        "`same-origin` tells other sites nothing at all, and is not in the list; `no-referrer` \
         would take the `Origin` away from our own forms, which is what tells them apart",
    ),
    (
        "Strict-Transport-Security",
        "only this name is ours: what is below it may be served by others, without TLS",
    ),
];

/// Answers that may be kept for a while, and by whom.
const KEPT: &[(&str, &str)] =
    &[("/assets/", "public, max-age=31536000, immutable"), ("/page/1.jpg", "private, ")];

fn pairs(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

#[tokio::test]
async fn every_kind_of_answer_carries_what_the_rules_of_others_ask_for() {
    let Some(auditors) = auditors() else { return };
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let settings = format!("names = [\"{NAME}\"]\n[proxy]\ntrusted = [\"127.0.0.1\"]\n");
    std::fs::write(archive.data().join("yidang.toml"), settings).unwrap();
    archive.reopen().await.unwrap();
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明", "周桂兰"]])).await.unwrap();
    archive.settle().await;
    let roles = [Role::Clerk, Role::Archivist, Role::Reader, Role::Approver];
    let key = signed_in(&archive.app, "宋青", "990102000000", &roles).await;

    let mut nobody = Visitor::new(&archive.app, "203.0.113.9");
    nobody.headers.push(("host", NAME.to_owned()));
    let mut clerk = nobody.clone();
    clerk.cookies.insert("__Host-yidang".into(), key.secret().into());
    let mut answers = Vec::new();
    let document = taken.document;
    for path in [
        "/".to_owned(),
        "/me".into(),
        "/people".into(),
        format!("/household/{ZHOU}"),
        format!("/doc/{document}"),
        format!("/doc/{document}/page/1.jpg"),
        format!("/doc/{document}/file/1"),
        format!("/household/{ZHOU}/bundle"),
        "/audit/checkpoint/print".into(),
        "/lending/register.csv".into(),
        "/lending/register.xlsx".into(),
        "/nothing/here".into(),
    ] {
        let answer = clerk.get(&path).await;
        answers.push((path, answer.headers));
    }
    for path in ["/signin", "/signin/code", "/guest", "/", "/api/v1/openapi.json"] {
        answers.push((format!("{path} as nobody"), nobody.get(path).await.headers));
    }
    for path in ["/api/v1/status", "/api/v1/nothing", "/api/v1/documents/999"] {
        let answer = nobody.api(Method::GET, path, key.secret(), "").await;
        answers.push((path.to_owned(), answer.headers));
    }
    let page = nobody.get("/signin").await.text;
    let (_, rest) = page.split_once("href=\"/assets/").unwrap();
    let asset = format!("/assets/{}", rest.split('"').next().unwrap());
    answers.push((asset.clone(), nobody.get(&asset).await.headers));
    let entered = nobody.sign_in("nobody", "not the password").await;
    answers.push(("POST /signin".into(), entered.headers));
    let spoken = nobody.post_from("/signin", "/lang/en", &[]).await;
    answers.push(("POST /lang/en".into(), spoken.headers));
    let mut foreign = nobody.clone();
    foreign.headers = vec![("host", "evil.example".into())];
    answers.push(("another name".into(), foreign.get("/").await.headers));

    let given: Vec<Value> = answers
        .iter()
        .map(|(path, headers)| {
            json!({ "url": format!("https://{NAME}/{path}"), "headers": pairs(headers) })
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answers.json");
    std::fs::write(&file, serde_json::to_string(&given).unwrap()).unwrap();
    let judged = python(&auditors)
        .args(["-c", "from drheader.cli.cli import main; main()", "compare", "bulk"])
        .arg(&file)
        .args(["--cross-origin-isolated", "--output", "json"])
        .output()
        .unwrap();
    let report: Vec<Value> = serde_json::from_slice(&judged.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", said(&judged)));
    assert_eq!(report.len(), answers.len());
    let (mut wrong, mut used) = (Vec::new(), BTreeMap::new());
    for ((path, headers), judged) in answers.iter().zip(&report) {
        for finding in judged["report"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap();
            if let Some((rule, _)) = ELSEWISE.iter().find(|(one, _)| *one == rule) {
                *used.entry(*rule).or_insert(0) += 1;
            } else if rule != "Cache-Control" {
                wrong.push(format!("{path}: {finding}"));
            }
        }
        // `max-age=0`, which the rules want beside `no-store`, adds nothing.
        let cache = headers["cache-control"].to_str().unwrap();
        let kept = KEPT.iter().find(|(part, _)| path.contains(part));
        let right = kept.map_or(cache.contains("no-store"), |(_, right)| cache.starts_with(right));
        assert!(right, "{path}: {cache}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(used.len(), ELSEWISE.len(), "a rule that fits is held: {used:?}");
}
