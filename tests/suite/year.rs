//! 同一年: what happens to a household in a year is typed on the pages, and sent by a
//! program; both archives say the same afterwards.

use serde_json::{Value, json};
use yidang::model::month::Month;

use crate::harness::{Archive, Sql, Store};
use crate::living::{comes_back, days, json_of, today};
use crate::pages::Browser;

const NO: &str = "99010200300400888";
const BUREAU: &str = "990102000000";

/// Which way what happens comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Pages,
    Program,
}

/// Somebody of the bureau, before an archive of their own.
struct Desk {
    archive: Archive,
    browser: Browser,
    way: Way,
}

impl Desk {
    async fn new(way: Way) -> Self {
        let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
        let browser = Browser::on(&archive).await;
        Self { archive, browser, way }
    }

    /// Sends a form, or its JSON; it is taken.
    async fn sends(&mut self, page: &str, form: &[(&str, &str)], api: &str, body: Value) {
        let answer = match self.way {
            Way::Pages => self.browser.post(page, form).await,
            Way::Program => self.browser.send_json(api, &body).await,
        };
        let wanted = if self.way == Way::Pages { 303 } else { 201 };
        assert_eq!(answer.status, wanted, "{page} {form:?}: {}", answer.text());
    }

    async fn open(&mut self) {
        let form = [("household_no", NO), ("head", "林秀芳"), ("address", "槐荫里7号")];
        let body = json!({"household": NO, "head": "林秀芳", "address": "槐荫里7号"});
        self.sends("/household/open", &form, "/api/v1/households", body).await;
    }

    /// States facts of a person, or of the household.
    async fn states(&mut self, member: &str, from: &str, facts: &[(&str, &str)]) {
        let mut form = vec![("member".to_owned(), member), ("from".to_owned(), from)];
        form.extend(facts.iter().map(|(field, value)| (format!("field.{field}"), *value)));
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (&name[..], *value)).collect();
        let fact = |(field, value): &(&str, &str)| match member.parse::<u32>() {
            Ok(member) => json!({"member": member, "field": field, "value": value}),
            Err(_) => json!({"field": field, "value": value}),
        };
        let body = json!({"from": from, "facts": facts.iter().map(fact).collect::<Vec<_>>()});
        let (page, api) =
            (format!("/household/{NO}/facts"), format!("/api/v1/households/{NO}/facts"));
        self.sends(&page, &form, &api, body).await;
    }

    /// Takes a step today, `procedure/step`; `more` are fields of its form.
    async fn steps(&mut self, step: &str, more: &[(&str, &str)]) {
        let mut form = vec![("step", step), ("on", ""), ("seen", "")];
        form.extend(more);
        let (procedure, code) = step.split_once('/').unwrap();
        let mut body = json!({"procedure": procedure, "step": code});
        for (field, value) in more {
            match *field {
                "people" => body["people"] = json!(value.split('、').collect::<Vec<_>>()),
                "words" => body["words"] = json!(value),
                "persons" => body["benefit"]["persons"] = json!(value.parse::<u32>().unwrap()),
                field => body["benefit"][field] = json!(value),
            }
        }
        let (page, api) =
            (format!("/household/{NO}/steps"), format!("/api/v1/households/{NO}/steps"));
        self.sends(&page, &form, &api, body).await;
    }

    /// Lists the next month, and takes in what the bank says of it.
    async fn pays(&mut self, yuan: &str) -> String {
        let month = Month::of(today(&self.archive)).next().to_string();
        let form = [("month", &month[..]), ("organisation", BUREAU)];
        let body = json!({"month": month, "organisation": BUREAU});
        self.sends("/payments", &form, "/api/v1/payments", body).await;
        let file = format!("户号,金额,结果,原因\n{NO},{yuan},成功,\n");
        let answer = match self.way {
            Way::Pages => {
                let (path, token) =
                    (format!("/payments/return?month={month}"), self.browser.token.clone());
                self.browser.send_file(&path, &token, "r.csv", file.as_bytes(), false).await
            }
            Way::Program => {
                let path = format!("/api/v1/payments/returns?month={month}&name=r.csv");
                self.browser.send_bytes(&path, file.as_bytes()).await
            }
        };
        assert!(answer.status.is_success() || answer.status == 303, "{}", answer.text());
        month
    }

    /// Days go by, after which somebody has to come in again.
    async fn waits(&mut self, count: u64) {
        days(&self.archive, count);
        self.browser = Browser::on(&self.archive).await;
    }

    async fn year(&mut self) -> [String; 2] {
        let visited = [("people", "赵玉梅、李建国")];
        self.open().await;
        self.states("1", "2026-10-01", &[("name", "周小满"), ("relation", "孙女")]).await;
        self.states("", "2026-10-01", &[("income", "640")]).await;
        self.steps("application/apply", &[]).await;
        for step in ["/accept", "/check"] {
            self.steps(step, &[]).await;
        }
        self.steps("/visit", &visited).await;
        self.steps("/opinion", &[]).await;
        self.steps("/notice", &[]).await;
        self.waits(8).await;
        let grant = [("amount", "1120.05"), ("category", "B"), ("persons", "2")];
        self.steps("/confirm", &grant).await;
        self.steps("/notify", &[]).await;
        let first = self.pays("1120.05").await;
        self.waits(190).await;
        self.steps("review/visit", &visited).await;
        self.steps("/opinion", &[("words", "孙女升学")]).await;
        self.steps("/raise", &[("words", "孙女升学"), ("amount", "1280.50")]).await;
        let second = self.pays("1280.50").await;
        self.waits(60).await;
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

    /// The dump, without what is drawn at random: the names of volumes, salts and what
    /// they are hashed into, and keys of persons.
    async fn dump(&self) -> Vec<String> {
        let lines = self.archive.dump().await;
        lines.iter().map(|line| without_random(line)).collect()
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
        let all = json!([1, fen]);
        for desk in [&mut typed, &mut sent] {
            assert_eq!(desk.money(month).await, [all.clone(), all.clone(), all.clone()]);
        }
    }
    let (typed_dump, sent_dump) = (typed.dump().await, sent.dump().await);
    assert!(typed_dump.len() > 50, "{}", typed_dump.len());
    for (one, other) in typed_dump.iter().zip(&sent_dump) {
        assert_eq!(one, other);
    }
    assert_eq!(typed_dump.len(), sent_dump.len());
    comes_back(&typed.archive).await;
    comes_back(&sent.archive).await;
}
