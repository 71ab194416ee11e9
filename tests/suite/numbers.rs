//! Numbers of persons at rest: covered in database and index, looked up by keyed
//! digests, in full in the store alone.

use std::path::{Path, PathBuf};

use sqlx::AssertSqlSafe;
use yidang::args;
use yidang::catalog::households as rows;
use yidang::db::Db;
use yidang::filing::{self, NewHousehold};
use yidang::model::act::Member;
use yidang::model::id::DocumentId;
use yidang::model::look::Reason;
use yidang::record::truth;
use yidang::search::{self, Found};
use yidang::{audit, history, looks, prove, rebuild, rendition, uses, view};
use yidang_verifier::policy::Policy;
use yidang_verifier::verify;

use crate::files::paper;
use crate::harness::{
    ALL_ROUND, Archive, Sql, Store, ZHOU, description, for_all, for_all_encrypted, household,
    of_records,
};
use crate::pages::Browser;

const NO: &str = "99010200300400777";
const HEAD: &str = "34052419491231002X";
const MEMBER: &str = "340524197001010013";
const ACCOUNT: &str = "6222020200112233445";
const PHONE: &str = "13812345678";
/// What is covered of each.
const HIDDEN: [&str; 4] = ["2419491231", "2419700101", "02020011223", "1234567"];

/// Every file below a folder.
pub fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// Whether bytes hold a text, with one byte or with two for each character.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.bytes().flat_map(|byte| [byte, 0]).collect();
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    has(text.as_bytes()) || has(&wide)
}

/// What is covered of the numbers stands in none of these bytes.
fn tells_no_number(where_: &str, bytes: &[u8]) {
    for hidden in HIDDEN {
        assert!(!holds(bytes, hidden), "{where_} has {hidden}");
    }
}

/// A household whose numbers stand wherever one can be written; returns its paper.
async fn lived_in(archive: &Archive) -> DocumentId {
    let (app, bureau, no) = (&archive.app, archive.bureau(), household(NO));
    let member =
        Member { name: "林小满".into(), relation: "女".into(), id_number: MEMBER.into() };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: HEAD.to_lowercase(),
        address: format!("槐荫里7号 {PHONE}"),
        members: vec![member],
    };
    filing::open_household(app, &bureau, &no, new).await.unwrap();
    let lines = [
        "最低生活保障申请书".to_owned(),
        "申请人：林秀芳".to_owned(),
        format!("身份证号{HEAD}"),
        "林小满340524 19700101 0013".to_owned(),
        "账号6222 0202 0011 2233 445".to_owned(),
        "电话138-1234-5678".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let name = format!("{HEAD}.pdf");
    let other = ["收入证明", "陈志强", "月收入八百元"];
    archive.take(ZHOU, "b.pdf", &paper(&[&other])).await.unwrap();
    let taken = archive.take("", &name, &paper(&[&other, &lines])).await.unwrap();
    archive.settle().await;
    let proposed = filing::propose(app, &bureau, taken.document).await.unwrap();
    assert_eq!(proposed.candidates[0].household, no, "the numbers on the paper say whose it is");
    assert!(proposed.candidates[0].reasons.contains(&filing::Reason::IdNumber));
    let mut said = description("A01", &format!("低保申请书 {HEAD}"), "2026-03-09");
    said.remarks = format!("联系{PHONE}");
    said.document_no = HEAD.into();
    filing::file(app, &bureau, taken.document, &no, said).await.unwrap();
    archive.settle().await;
    taken.document
}

/// What a whole number finds, in whatever way it is typed.
async fn is_looked_up(archive: &Archive, paper: DocumentId) {
    for query in [
        HEAD,
        &HEAD.to_lowercase(),
        "340524 19491231 002x",
        "\"340524 19491231 002X\"",
        "３４０５２４１９４９１２３１００２Ｘ",
        "身份证号34052419491231002X",
        "林秀芳 34052419491231002X",
        MEMBER,
        "340524-19700101-0013",
        ACCOUNT,
        "6222 0202 0011 2233 445",
        PHONE,
        "138 1234 5678",
        "NOT 13812345679 138-1234-5678",
        // What people see of them.
        "002X",
        "3405",
        "6222",
        "138****5678",
    ] {
        assert_eq!(archive.finds(query).await, [paper], "{query}");
    }
    for query in [
        // One digit is another one.
        "34052419491231003X",
        "340524197001010012",
        "6222020200112233446",
        "13812345679",
        // Whoever has a part is told nothing of the next digit.
        "34052",
        "340524",
        "19491231",
        "2419",
        "1949",
        "02020011",
        "1381",
        "123456",
        "3405241949123100",
        "林秀芳 13812345679",
    ] {
        assert!(archive.finds(query).await.is_empty(), "{query}");
    }
    let (app, bureau) = (&archive.app, archive.bureau());
    for number in [HEAD, "340524 19491231 002x", MEMBER] {
        let found = view::roster(app, &bureau, number, "", 9).await.unwrap();
        let numbers: Vec<&str> = found.rows.iter().map(|one| one.no.as_str()).collect();
        assert_eq!((numbers, found.total), (vec![NO], 1), "{number}");
    }
    for number in ["34052419491231003X", "1949", "002X", "3405"] {
        let found = view::roster(app, &bureau, number, "", 9).await.unwrap();
        let numbers: Vec<&str> = found.rows.iter().map(|one| one.no.as_str()).collect();
        assert!(!numbers.contains(&NO) || NO.contains(number), "{number}");
    }
    let elsewhere = view::roster(app, &archive.other_clerk(), HEAD, "", 9).await.unwrap();
    assert_eq!(elsewhere.total, 0, "nobody learns of a household of another street");
}

/// The text that is marked on the second page, and the boxes around it.
async fn marked(archive: &Archive, query: &str, paper: DocumentId) -> (Vec<String>, Vec<[u32; 4]>) {
    let app = &archive.app;
    let pages =
        search::within(app, &archive.bureau(), &search::Asked::of(query), paper).await.unwrap();
    let page = pages.into_iter().find(|page| page.page == 2).unwrap();
    let mut tx = app.db.read().await.unwrap();
    let files = yidang::catalog::documents::files(&mut tx, paper).await.unwrap();
    let read = rendition::load::<view::ViewError>(app, &mut tx, &files[0]).await.unwrap();
    let reading = read.unwrap();
    drop(tx);
    let text: Vec<char> = reading.pages[1].text().chars().collect();
    let marked = page.matches.iter().map(|(from, to)| text[*from..*to].iter().collect()).collect();
    (marked, page.boxes)
}

/// The entry that opened the household.
async fn rows_entry(archive: &Archive) -> i64 {
    let mut tx = archive.app.db.read().await.unwrap();
    rows::get(&mut tx, &household(NO)).await.unwrap().unwrap().opened
}

#[tokio::test]
async fn what_is_at_rest_has_no_whole_number_and_a_whole_number_is_found() {
    for_all(async |archive| {
        let paper = lived_in(archive).await;
        is_looked_up(archive, paper).await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let reason = Reason::new("check", &format!("核对{HEAD}")).unwrap();
        assert!(looks::give_reason(&app, &bureau, &household(NO), &reason).await.unwrap());
        view::household(&app, &bureau, &household(NO)).await.unwrap();
        app.settle().await.unwrap();
        app.looks.flush().await.unwrap();
        let all = uses::of_household(&app, &bureau, &household(NO), 50).await.unwrap();
        let words: Vec<_> = all.uses.iter().filter_map(|one| one.look.reason.clone()).collect();
        assert!(words.iter().any(|one| one.words == "核对3405**********002X"), "{words:?}");

        // An entry whose body has numbers is what was done, and is read with them covered.
        let opened = rows_entry(archive).await;
        let entry = history::entry(&app, &bureau, opened).await.unwrap();
        assert!(entry.body_matches, "{entry:?}");
        let told = serde_json::to_vec(&entry.told.unwrap()).unwrap();
        tells_no_number("an entry", &told);

        // What a hit shows is what the index has.
        for query in ["申请人", HEAD, PHONE] {
            let found: Vec<Found> = archive.find(query).await.found;
            let told = serde_json::to_vec(&found).unwrap();
            tells_no_number(query, &told);
        }
        for line in rebuild::dump(&app).await.unwrap() {
            tells_no_number("the dump", line.as_bytes());
        }
        if let Db::Postgres(pool) = &app.db {
            let sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
            let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
            assert!(tables.len() > 30, "{tables:?}");
            for table in tables {
                let sql = format!("SELECT t::text FROM \"{table}\" t");
                let rows: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
                rows.iter().for_each(|row| tells_no_number(&table, row.as_bytes()));
            }
        }
        // With the log of what is written first; the store has them, as it must.
        let mut files = Vec::new();
        files_below(archive.data(), &mut files);
        let store = archive.data().join("store");
        files.retain(|file| !file.starts_with(&store) || file.starts_with(store.join("access")));
        assert!(files.iter().any(|file| file.ends_with("meta.json")), "{files:?}");
        for file in files {
            tells_no_number(&file.display().to_string(), &std::fs::read(&file).unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_is_marked_where_it_stands() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let paper = lived_in(&archive).await;
    for (query, text, before) in [
        (HEAD, HEAD, "身份证号"),
        (MEMBER, "340524 19700101 0013", "林小满"),
        ("6222 0202 0011 2233 445", "6222 0202 0011 2233 445", "账号"),
        (PHONE, "138-1234-5678", "电话"),
    ] {
        let (found, boxes) = marked(&archive, query, paper).await;
        assert_eq!(found, [text]);
        let (_, beside) = marked(&archive, before, paper).await;
        let ([x, y, width, _], [left, top, wide, _]) = (boxes[0], beside[beside.len() - 1]);
        assert_eq!(boxes.len(), 1, "{query}");
        assert!(
            x + 3 >= left + wide && width > 100 && y.abs_diff(top) < 12,
            "{boxes:?} {beside:?}"
        );
    }
}

#[tokio::test]
async fn the_key_is_expendable_and_another_one_makes_the_same_archive() {
    for_all(async |archive| {
        let paper = lived_in(archive).await;
        let (dump, key) = (archive.dump().await, archive.data().join("keys/lookup.key"));
        let before = std::fs::read_to_string(&key).unwrap();
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        is_looked_up(archive, paper).await;
        let digests = digests(archive).await;

        // Lost, it is made at the next start, and all that hangs on it with it.
        std::fs::remove_file(&key).unwrap();
        archive.reopen().await.unwrap();
        archive.settle().await;
        assert_ne!(std::fs::read_to_string(&key).unwrap(), before);
        assert_eq!(archive.dump().await, dump);
        is_looked_up(archive, paper).await;
        assert_ne!(self::digests(archive).await, digests);
        assert_eq!(self::digests(archive).await.len(), digests.len());

        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        is_looked_up(archive, paper).await;
        let report = audit::verify(&archive.app, &archive.bureau(), Default::default()).await;
        assert!(report.unwrap().is_clean());

        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&key).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    })
    .await;
}

async fn digests(archive: &Archive) -> Vec<(i64, String)> {
    let mut tx = archive.app.db.read().await.unwrap();
    yidang::catalog::id_digests::of_household(&mut tx, &household(NO)).await.unwrap()
}

#[tokio::test]
async fn a_digest_that_was_changed_in_the_database_is_told() {
    for_all(async |archive| {
        lived_in(archive).await;
        let mut tx = archive.app.db.write().await.unwrap();
        let sql = "UPDATE id_digest SET household = '99010200300400001' WHERE place = 1";
        assert_eq!(tx.run(sql, &[]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let bureau = archive.bureau();
        let report = audit::verify(&archive.app, &bureau, Default::default()).await.unwrap();
        let found = report.untracked.iter().chain(&report.missing);
        let mut told: Vec<&str> = found.map(|one| one.path.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["id_digest/99010200300400001/1", "id_digest/99010200300400777/1"]);
    })
    .await;
}

#[tokio::test]
async fn who_needs_the_truth_has_it_from_the_store() {
    for_all(async |archive| {
        let paper = lived_in(archive).await;
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        let mut tx = app.db.read().await.unwrap();
        let row = rows::get(&mut tx, &no).await.unwrap().unwrap();
        assert_eq!(row.id_number, "3405**********002X");
        assert_eq!(row.address, "槐荫里7号 138****5678");
        drop(tx);
        let reason = Reason::new("check", "").unwrap();
        let shown = view::numbers(&app, &archive.clerk(), &no, reason).await.unwrap();
        let numbers: Vec<&str> = shown.iter().map(|one| one.id_number.as_str()).collect();
        assert_eq!(numbers, [HEAD, MEMBER]);

        // A proof has the act as it was done, or the log would not have it.
        let folder = tempfile::tempdir().unwrap();
        let policy = std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap();
        let policy = Policy::parse(&policy).unwrap();
        app.settle().await.unwrap();
        for (name, subject) in [("household", NO.to_owned()), ("paper", paper.to_string())] {
            let bag = folder.path().join(name);
            let subject = subject.parse().unwrap();
            prove::prove(&app, &bureau, &subject, true, &bag).await.unwrap();
            let judged = verify::bag(&bag, &policy, None);
            assert_eq!(judged.status(), 0, "{name}: {}", judged.to_text());
        }
        let mut files = Vec::new();
        files_below(&folder.path().join("household/data/entries"), &mut files);
        let whole = |path: &PathBuf| holds(&std::fs::read(path).unwrap(), HEAD);
        assert!(files.iter().any(whole));
        let bag = folder.path().join("look");
        uses::prove(&app, &bureau, 1, &bag).await.unwrap();
        let judged = verify::bag(&bag, &policy, None);
        assert_eq!(judged.status(), 0, "{}", judged.to_text());
    })
    .await;
}

#[tokio::test]
async fn where_the_store_is_encrypted_no_file_at_all_has_a_number() {
    for_all_encrypted(async |archive| {
        let paper = lived_in(archive).await;
        is_looked_up(archive, paper).await;
        let mut browser = Browser::of(archive.app.clone(), "宋青", "990102000000", ALL_ROUND).await;
        assert_eq!(browser.get(&format!("/doc/{paper}?q={HEAD}&page=2")).await.status, 200);
        archive.app.settle().await.unwrap();
        let mut files = Vec::new();
        files_below(archive.data(), &mut files);
        assert!(files.len() > 20, "{files:?}");
        for file in files {
            tells_no_number(&file.display().to_string(), &std::fs::read(&file).unwrap());
        }
        for (path, bytes) in crate::encryption::contents(&*archive.objects()).await {
            tells_no_number(&path, &bytes);
        }
        let dump = of_records(rebuild::dump(&archive.app).await.unwrap());
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        is_looked_up(archive, paper).await;
    })
    .await;
}

/// What an earlier program wrote: every covered text in clear, and no digests.
async fn uncover(archive: &Archive) {
    let (app, no) = (&archive.app, household(NO));
    let mut tx = app.db.write().await.unwrap();
    let opened = rows::get(&mut tx, &no).await.unwrap().unwrap().opened;
    let all: [(&'static str, &[yidang::db::Arg]); 9] = [
        ("UPDATE household SET id_number = $1 WHERE no = $2", args![HEAD, NO]),
        (
            "UPDATE household SET address = $1 WHERE no = $2",
            args![format!("槐荫里7号 {PHONE}"), NO],
        ),
        ("UPDATE member SET id_number = $1 WHERE household = $2", args![MEMBER, NO]),
        ("UPDATE document_file SET name = $1 WHERE name LIKE '%*%'", args![format!("{HEAD}.pdf")]),
        (
            "UPDATE document SET title = $1 WHERE title LIKE '%*%'",
            args![format!("低保申请书 {HEAD}")],
        ),
        (
            "UPDATE document SET remarks = $1 WHERE remarks LIKE '%*%'",
            args![format!("联系{PHONE}")],
        ),
        ("UPDATE document SET document_no = $1 WHERE document_no LIKE '%*%'", args![HEAD]),
        ("DELETE FROM id_digest", args![]),
        ("UPDATE lookup SET key = ''", args![]),
    ];
    for (sql, args) in all {
        assert!(tx.run(sql, args).await.unwrap() > 0, "{sql}");
    }
    tx.commit().await.unwrap();
    for no in opened..archive.entries().await {
        let body = truth::body_bytes(&app.db, &app.vault, no).await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        tx.run("UPDATE entry SET body = $2 WHERE no = $1", args![no, body]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_with_numbers_in_clear_is_covered_at_the_next_start_and_loses_nothing() {
    for_all(async |archive| {
        let paper = lived_in(archive).await;
        // A job that waits, and a session, are in no log.
        archive
            .take(ZHOU, "c.pdf", &crate::files::paper(&[&["新的一页", "内容", "续"]]))
            .await
            .unwrap();
        crate::harness::signed_in(&archive.app, "宋青", "990102000000", ALL_ROUND).await;
        archive.app.settle().await.unwrap();
        let (dump, digests) = (archive.dump().await, digests(archive).await);
        uncover(archive).await;
        assert!(archive.dump().await.iter().any(|line| line.contains(HEAD)));
        let expendable = async |archive: &Archive| {
            let mut tx = archive.app.db.read().await.unwrap();
            let mut counts = Vec::new();
            for sql in [
                "SELECT COUNT(*) FROM job",
                "SELECT COUNT(*) FROM session",
                "SELECT COUNT(*) FROM reading",
                "SELECT COUNT(*) FROM batch",
                "SELECT MAX(seq) FROM feed",
            ] {
                counts.push(tx.number(sql, &[]).await.unwrap());
            }
            counts
        };
        let before = expendable(archive).await;
        assert!(before.iter().all(|count| *count > 0), "{before:?}");
        archive.reopen().await.unwrap();
        assert_eq!(archive.dump().await, dump);
        assert_eq!(self::digests(archive).await, digests);
        assert_eq!(expendable(archive).await, before);
        is_looked_up(archive, paper).await;
        let mut files = Vec::new();
        files_below(archive.data(), &mut files);
        files.retain(|file| file.to_string_lossy().contains("catalog.sqlite"));
        for file in files {
            tells_no_number(&file.display().to_string(), &std::fs::read(&file).unwrap());
        }
    })
    .await;
}
