//! Somebody of the bureau, who does everything on the pages, or sends it as a program.

use serde_json::{Value, json};
use yidang::model::month::Month;

use super::{BUREAU, COMMUNITY, NO};
use crate::files::paper;
use crate::harness::{Archive, Sql, Store};
use crate::living::{days, json_of, today};
use crate::pages::Browser;

/// Which way what happens comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Pages,
    Program,
}

/// Somebody of the bureau, before an archive of their own.
pub(super) struct Desk {
    pub(super) archive: Archive,
    pub(super) browser: Browser,
    way: Way,
}

impl Desk {
    pub(super) async fn new(way: Way) -> Self {
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

    /// Takes in a scan with these lines and files it as a paper of today; returns its number.
    pub(super) async fn files(&mut self, kind: &str, title: &str, lines: &[&str]) -> String {
        let (bytes, name) = (paper(&[lines]), format!("{kind}.pdf"));
        let taken = match self.way {
            Way::Pages => {
                let (path, token) = ("/intake/upload", self.browser.token.clone());
                self.browser.send_file(path, &token, &name, &bytes, true).await
            }
            Way::Program => {
                let path = format!("/api/v1/documents?name={name}");
                self.browser.send_bytes(&path, &bytes).await
            }
        };
        let document = json_of(&taken)["document"].as_i64().unwrap().to_string();
        self.archive.settle().await;
        let date = today(&self.archive).to_string();
        let filed = match self.way {
            Way::Pages => {
                let form = [("other", NO), ("type", kind), ("title", title), ("date", &date[..])];
                self.browser.post(&format!("/intake/{document}/file"), &form).await
            }
            Way::Program => {
                let path = format!("/api/v1/documents/{document}/description");
                let body = json!({"household": NO, "type": kind, "title": title, "date": date});
                self.browser.put_json(&path, &body).await
            }
        };
        let wanted = if self.way == Way::Pages { 303 } else { 200 };
        assert_eq!(filed.status, wanted, "{kind}: {}", filed.text());
        self.archive.settle().await;
        document
    }

    /// Keys fields of a paper, and states what `facts` of them say of the household.
    pub(super) async fn keys(&mut self, document: &str, values: &[(&str, &str)], facts: &[&str]) {
        let mut form = vec![("seen".to_owned(), "-1")];
        form.extend(values.iter().map(|(field, value)| (format!("v.{field}"), *value)));
        let form: Vec<_> = form.iter().map(|(name, value)| (&name[..], *value)).collect();
        let value = |(field, value): &(&str, &str)| json!({"field": field, "value": value});
        let body = json!({"seen": -1, "values": values.iter().map(value).collect::<Vec<_>>()});
        let page = format!("/doc/{document}/key");
        let api = format!("/api/v1/documents/{document}/fields");
        self.sends(&page, &form, &api, body).await;
        let form: Vec<_> = facts.iter().map(|field| ("field", *field)).collect();
        let (page, api) = (format!("{page}/facts"), format!("{api}/facts"));
        self.sends(&page, &form, &api, json!({"fields": facts})).await;
    }

    /// Puts up a notice of the household.
    pub(super) async fn puts_up(&mut self, kind: &str, amount: &str) {
        let page = format!("/household/{NO}/notices");
        let api = format!("/api/v1/households/{NO}/notices");
        let body = json!({"kind": kind, "amount": amount});
        self.sends(&page, &[("kind", kind), ("amount", amount)], &api, body).await;
    }

    /// Enters a stage of a row about the household: of a new one, or of the one with this
    /// number.
    pub(super) async fn enters(&mut self, register: &str, row: &str, values: &[(&str, &str)]) {
        let mut form = vec![];
        form.extend(values.iter().map(|(column, value)| (format!("v.{column}"), *value)));
        let mut form: Vec<_> = form.iter().map(|(name, value)| (&name[..], *value)).collect();
        let cell = |(column, value): &(&str, &str)| json!({"column": column, "value": value});
        let mut body = json!({"values": values.iter().map(cell).collect::<Vec<_>>()});
        let mut page = format!("/registers/{register}");
        match row {
            "" => {
                form.push(("household", NO));
                body["household"] = json!(NO);
            }
            number => {
                page = format!("{page}/{COMMUNITY}/{number}");
                body["number"] = json!(number);
                body["organisation"] = json!(COMMUNITY);
            }
        }
        let api = format!("/api/v1/registers/{register}/rows");
        self.sends(&page, &form, &api, body).await;
    }

    pub(super) async fn open(&mut self) {
        let form = [("household_no", NO), ("head", "林秀芳"), ("address", "槐荫里7号")];
        let body = json!({"household": NO, "head": "林秀芳", "address": "槐荫里7号"});
        self.sends("/household/open", &form, "/api/v1/households", body).await;
    }

    /// States facts of a person, or of the household.
    pub(super) async fn states(&mut self, member: &str, from: &str, facts: &[(&str, &str)]) {
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
    pub(super) async fn steps(&mut self, step: &str, more: &[(&str, &str)]) {
        let mut form = vec![("step", step), ("on", ""), ("seen", "")];
        form.extend(more);
        let (procedure, code) = step.split_once('/').unwrap();
        let mut body = json!({"procedure": procedure, "step": code});
        for (field, value) in more {
            match *field {
                "people" => body["people"] = json!(value.split('、').collect::<Vec<_>>()),
                "words" => body["words"] = json!(value),
                "paper" => body["paper"] = json!(value.parse::<i64>().unwrap()),
                "persons" => body["benefit"]["persons"] = json!(value.parse::<u32>().unwrap()),
                field => body["benefit"][field] = json!(value),
            }
        }
        let (page, api) =
            (format!("/household/{NO}/steps"), format!("/api/v1/households/{NO}/steps"));
        self.sends(&page, &form, &api, body).await;
    }

    /// Lists the next month, and takes in what the bank says of it.
    pub(super) async fn pays(&mut self, yuan: &str) -> String {
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
    pub(super) async fn waits(&mut self, count: u64) {
        days(&self.archive, count);
        self.browser = Browser::on(&self.archive).await;
    }
}
