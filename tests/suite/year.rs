//! 同一年: what happens to a household in a year is typed on the pages, and sent by a
//! program; both archives say the same afterwards.

mod desk;

use serde_json::{Value, json};

use self::desk::{Desk, Way};
use crate::living::{comes_back, json_of};

const NO: &str = "99010200300400888";
const COMMUNITY: &str = "990102003004";
const BUREAU: &str = "990102000000";

/// The application, as it was scanned.
const APPLICATION: [&str; 5] = [
    "最低生活保障申请书",
    "申请人：林秀芳",
    "性别：女",
    "家庭住址：槐荫里9号",
    "联系电话：13812345678",
];
/// The decision, as it was scanned.
const APPROVAL: [&str; 6] = [
    "城市居民最低生活保障待遇申请审批表",
    "户主姓名：林秀芳",
    "家庭月总收入：640元",
    "保障人口：2人",
    "户月保障金额：1120.05元",
    "民政局确认：同意。",
];

impl Desk {
    async fn year(&mut self) -> [String; 2] {
        let visited = [("people", "赵玉梅、李建国")];
        self.open().await;
        self.states("1", "2026-10-01", &[("name", "周小满"), ("relation", "孙女")]).await;
        self.states("", "2026-10-01", &[("cause", "疾病"), ("income", "640")]).await;
        let health = [("health", "重病"), ("disability", "肢体二级")];
        self.states("0", "2026-10-01", &health).await;
        let application = self.files("A01", "低保申请书", &APPLICATION).await;
        let keyed = [("name", "林秀芳"), ("sex", "女"), ("address", "槐荫里9号")];
        self.keys(&application, &keyed, &["sex", "address"]).await;
        self.steps("application/apply", &[("paper", &application)]).await;
        for step in ["/accept", "/check"] {
            self.steps(step, &[]).await;
        }
        self.steps("/visit", &visited).await;
        self.steps("/opinion", &[]).await;
        self.puts_up("proposed", "1120.05").await;
        self.steps("/notice", &[]).await;
        self.waits(8).await;
        let grant = [("amount", "1120.05"), ("category", "B"), ("persons", "2")];
        self.steps("/confirm", &grant).await;
        let approval = self.files("A02", "城市低保审批表", &APPROVAL).await;
        let keyed = [("head", "林秀芳"), ("income", "650"), ("amount", "1120.05")];
        self.keys(&approval, &keyed, &["income"]).await;
        self.steps("/notify", &[]).await;
        self.puts_up("confirmed", "1120.05").await;
        let first = self.pays("1120.05").await;
        self.waits(190).await;
        let visit = [("announced", "走访"), ("visitors", "赵玉梅"), ("changes", "孙女升学")];
        self.enters("visits", "", &visit).await;
        self.steps("review/visit", &visited).await;
        self.steps("/opinion", &[("words", "孙女升学")]).await;
        self.steps("/raise", &[("words", "孙女升学"), ("amount", "1280.50")]).await;
        let second = self.pays("1280.50").await;
        self.waits(60).await;
        let told = [
            ("manner", "来电"),
            ("named", "匿名"),
            ("content", "孙女已工作"),
            ("taken_by", "李丽"),
        ];
        self.enters("tips", "", &told).await;
        let checked = [("checkers", "赵玉梅、李建国"), ("findings", "属实"), ("outcome", "停发")];
        self.enters("tips", "2027-001", &checked).await;
        self.states("", "2027-07-01", &[("income", "2600")]).await;
        self.steps("change/report", &[("words", "孙女就业")]).await;
        self.steps("/verify", &[]).await;
        self.steps("/stop", &[("words", "收入超过标准")]).await;
        [first, second]
    }

    /// What the archive says of the money of a month.
    async fn money(&mut self, month: &str) -> [Value; 3] {
        let path = format!("/api/v1/payments/reconciliation?month={month}");
        let found = json_of(&self.browser.get(&path).await);
        assert_eq!(found["unlike"], json!([]), "{found}");
        [found["entitled"].clone(), found["listed"].clone(), found["paid"].clone()]
    }

    /// What the statistics, the registers and the catalogs say.
    async fn says(&mut self, months: &[String]) -> Vec<Value> {
        let mut paths: Vec<String> =
            months.iter().map(|month| format!("statistics?period={month}")).collect();
        paths.push("statistics?period=2027".to_owned());
        for month in months {
            paths.push(format!("registers/roster/table?period={month}"));
        }
        for register in ["changes", "visits", "tips"] {
            paths.push(format!("registers/{register}/table?period=2027"));
        }
        let mut said = Vec::new();
        for path in paths {
            let answer = self.browser.get(&format!("/api/v1/{path}")).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            said.push(json_of(&answer));
        }
        said
    }

    /// The dump, without what is drawn at random: the names of volumes, salts and what
    /// they are hashed into, and keys of persons.
    async fn dump(&self) -> Vec<String> {
        let lines = self.archive.dump().await;
        let mut lines: Vec<String> = lines.iter().map(|line| without_random(line)).collect();
        // Blobs stand in the order of their digests, of which those of salted values are chance.
        lines.sort();
        lines
    }
}

fn without_random(line: &str) -> String {
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let (mut told, mut run) = (String::new(), String::new());
    for c in line.chars().chain(['\n']) {
        if is_hex(c) {
            run.push(c);
            continue;
        }
        told.push_str(if run.len() == 16 || run.len() >= 32 { "#" } else { &run });
        run.clear();
        told.push(c);
    }
    told
}

#[tokio::test]
async fn a_year_typed_on_pages_is_the_one_a_program_sends() {
    let (mut typed, mut sent) = (Desk::new(Way::Pages).await, Desk::new(Way::Program).await);
    let months = typed.year().await;
    assert_eq!(sent.year().await, months);
    for (month, fen) in months.iter().zip([112_005, 128_050]) {
        let all = json!({"households": 1, "amount": fen});
        for desk in [&mut typed, &mut sent] {
            assert_eq!(desk.money(month).await, [all.clone(), all.clone(), all.clone()]);
        }
    }
    let (typed_says, sent_says) = (typed.says(&months).await, sent.says(&months).await);
    assert_eq!(typed_says, sent_says);
    // What is said of the money of the first month is that one household, to the 分.
    let page = typed.browser.get(&format!("/statistics?period={}", months[0])).await.text();
    assert!(page.contains("在保1户") && page.contains("1,120.05"), "{page}");
    speaks_english(&mut typed).await;
    let (typed_dump, sent_dump) = (typed.dump().await, sent.dump().await);
    assert!(typed_dump.len() > 100, "{}", typed_dump.len());
    for (one, other) in typed_dump.iter().zip(&sent_dump) {
        assert_eq!(one, other);
    }
    assert_eq!(typed_dump.len(), sent_dump.len());
    comes_back(&typed.archive).await;
    comes_back(&sent.archive).await;
}

/// On English pages and over the API words of the rules are English; what was entered stays
/// as it was entered.
async fn speaks_english(desk: &mut Desk) {
    let file = format!("/household/{NO}");
    for (path, words) in [
        ("/catalogs/hardship", &["Seriously ill, 肢体二级", "Illness"][..]),
        (
            &file[..],
            &[
                "Change: Stopped",
                "Row entered: Home visits: Visited",
                "Still missing: Declaration of honesty",
            ][..],
        ),
        ("/registers/visits?period=2027", &["Announced visit", "孙女升学"][..]),
    ] {
        desk.browser.cookie = "lang=en".to_owned();
        let page = desk.browser.get(path).await.text();
        for word in words {
            assert!(page.contains(word), "{path} does not say {word}: {page}");
        }
    }
    let path = "/api/v1/registers/visits/table?period=2027";
    let table = json_of(&desk.browser.get(path).await);
    let column = |name: &str| {
        let columns = table["columns"].as_array().unwrap();
        columns.iter().position(|one| one["en"] == name).unwrap()
    };
    let english = |name: &str| {
        let cells = table["english"].as_array().unwrap();
        let cell = cells.iter().find(|one| one["row"] == 0 && one["column"] == column(name));
        cell.map(|cell| cell["value"].clone())
    };
    assert_eq!(english("Manner"), Some(json!("Announced visit")));
    assert_eq!((&table["rows"][0][column("Manner")], english("Changes")), (&json!("走访"), None));
    desk.browser.cookie = "lang=zh".to_owned();
}
