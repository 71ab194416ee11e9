//! No first page reads a whole table of those that grow with every month. Which queries the
//! pages of a server ask is read from what it says of itself, and how SQLite would go about
//! each is asked of SQLite: a page that only a large archive would show to be slow is found
//! in a small one. What a query reads by an index that narrows little is not seen so, nor what
//! is asked only where results of other departments were taken in.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, Row};

use crate::harness::ZHOU;
use crate::served::{ask, serve, yidang};

/// The tables that grow with every month, and with every paper and look.
const LARGE: [&str; 9] = [
    "fact",
    "present_fact",
    "payment",
    "bank_return",
    "case_step",
    "document_file",
    "evidence",
    "reading",
    "look",
];

/// The first page of every list, and of a household; `MONTH` and `YEAR` are those of today.
const PAGES: [&str; 48] = [
    "/",
    "/households",
    "/households?q=%E5%91%A8",
    "/household/ZHOU",
    "/household/ZHOU/family",
    "/household/ZHOU/findings",
    "/household/ZHOU/history",
    "/intake",
    "/missing",
    "/missing?level=bureau",
    "/reviews",
    "/checks",
    "/checks?finding=deposits&state=open",
    "/payments?month=MONTH",
    "/standards",
    "/fund",
    "/notices",
    "/volumes",
    "/lending",
    "/search?q=%E5%91%A8",
    "/catalogs/archive",
    "/catalogs/hardship",
    "/catalogs/payment",
    "/statistics?period=MONTH",
    "/statistics?period=YEAR",
    "/registers",
    "/registers/roster",
    "/registers/changes?period=MONTH",
    "/registers/near_relatives",
    "/registers/missing",
    "/registers/reviews",
    "/registers/differences?period=MONTH",
    "/registers/assessment?period=MONTH",
    "/registers/fund?period=YEAR",
    "/registers/recoveries",
    "/registers/tips",
    "/registers/visits",
    "/registers/spot_checks",
    "/registers/payments?period=MONTH",
    "/registers/notices",
    "/uses",
    "/audit",
    "/api/v1/due",
    "/api/v1/cases",
    "/api/v1/completeness",
    "/api/v1/missing-papers",
    "/api/v1/findings",
    "/api/v1/payments?month=MONTH",
];

/// An archive with a household.
fn founded(data: &Path) {
    assert!(yidang(data).arg("init").output().unwrap().status.success());
    std::fs::write(data.join("yidang.toml"), "[access]\nreason = \"optional\"\n").unwrap();
    let write = |name: &str, value: serde_json::Value| {
        std::fs::write(data.join(name), value.to_string()).unwrap();
        data.join(name).display().to_string()
    };
    let organisation = |code: &str, name: &str| json!({ "code": code, "name": name });
    let organisations = json!([
        organisation("990102000000", "青石县民政局"),
        organisation("990102003000", "柳桥街道办事处"),
        organisation("990102003004", "槐荫里社区居民委员会"),
    ]);
    let households = json!([{ "household_no": ZHOU, "head": "周桂兰" }]);
    let (organisations, households) =
        (write("organisations.json", organisations), write("households.json", households));
    let words = ["register", "--organisations", &organisations, "--households", &households];
    assert!(yidang(data).args(words).output().unwrap().status.success());
}

/// The query of a line in which the program says what it asked the database.
fn query(line: &str) -> Option<String> {
    let (_, line) = line.split_once("summary=\"")?;
    let (summary, line) = line.split_once("\" db.statement=\"")?;
    let (whole, _) = line.split_once("\" rows_affected=")?;
    // A short one is its own summary.
    let sql = if whole.is_empty() { summary } else { whole };
    let sql = sql.replace("\\n", "\n").replace("\\\"", "\"");
    let sql = sql.trim();
    ["SELECT", "WITH"].iter().any(|begin| sql.starts_with(begin)).then(|| sql.to_owned())
}

/// The steps of a query that go through a large table from end to end.
async fn read_whole(db: &SqlitePool, sql: &str) -> Vec<String> {
    let words: Vec<&str> =
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut names: BTreeSet<&str> = LARGE.into();
    for (at, word) in words.iter().enumerate() {
        if LARGE.contains(word) {
            let behind: Vec<_> = words[at + 1..].iter().filter(|word| **word != "AS").collect();
            names.extend(behind.first().copied());
        }
    }
    let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    let plan = plan.fetch_all(db).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let steps = plan.iter().map(|step| step.get::<String, _>("detail"));
    let scanned = steps.filter(|step| {
        let name = step.strip_prefix("SCAN ").and_then(|name| name.split(' ').next());
        name.is_some_and(|name| names.contains(name))
    });
    scanned.collect()
}

#[tokio::test]
async fn no_first_page_reads_a_table_whole_that_grows_with_every_month() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    founded(&data);
    let mut command = yidang(&data);
    command.env("YIDANG_LOG", "warn,sqlx::query=debug").env("NO_COLOR", "1");
    let mut server = serve(command);
    let today = yidang::model::lending::day_of(jiff::Timestamp::now()).to_string();
    for page in PAGES {
        let page =
            page.replace("MONTH", &today[..7]).replace("YEAR", &today[..4]).replace("ZHOU", ZHOU);
        let answered = ask(&server.address, "GET", &page, b"");
        let (status, told) = answered.unwrap_or_else(|| panic!("{page}: no answer"));
        let told: String = String::from_utf8_lossy(&told).chars().take(300).collect();
        assert_eq!(status, 200, "{page}: {told}");
    }
    // What it said is read to its end.
    let count = || server.said.lock().unwrap().len();
    let mut before = 0;
    while before < count() {
        before = count();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let asked: BTreeSet<String> =
        server.said.lock().unwrap().iter().filter_map(|line| query(line)).collect();
    server.kill();
    assert!(asked.len() > 100, "so many queries were seen: {}", asked.len());

    let options = SqliteConnectOptions::new().filename(data.join("catalog.sqlite"));
    let db = SqlitePool::connect_with(options).await.unwrap();
    let careless = "SELECT h.no FROM present_fact AS f JOIN household h ON h.no = f.household
                    WHERE f.field LIKE 'near_relative%' OR f.value = $1";
    assert!(!read_whole(&db, careless).await.is_empty(), "it would be seen");
    let mut whole = Vec::new();
    for sql in &asked {
        let steps = read_whole(&db, sql).await;
        if !steps.is_empty() {
            whole.push(format!("{steps:?}: {sql}"));
        }
    }
    assert!(whole.is_empty(), "{}", whole.join("\n\n"));
}
