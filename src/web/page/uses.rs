//! 利用登记册: who has looked at what, when and why.

mod sample;

use std::borrow::Borrow;

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::model::look::{Kind, MOST_WORDS, Outcome, Purpose};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// One page of the register.
#[derive(Debug, Template)]
#[template(path = "uses.html")]
pub struct UsesPage {
    /// The frame.
    pub frame: Frame,
    /// By what it is narrowed, as it was typed.
    pub asked: Narrowing,
    /// Why that cannot be asked, as a sentence; usually `None`.
    pub wrong: Option<String>,
    /// Fifty at most, newest first.
    pub rows: Vec<UseRow>,
    /// How many there are in all.
    pub total: u64,
    /// How many looks are noted and not published yet.
    pub waiting: u64,
    /// Where older ones go on; `None` at the end.
    pub before: Option<String>,
}

/// The register as it is printed: A4 landscape.
#[derive(Debug, Template)]
#[template(path = "uses_print.html")]
pub struct UsesPrint {
    /// The frame.
    pub frame: Frame,
    /// By what it is narrowed.
    pub asked: Narrowing,
    /// Every row, newest first.
    pub rows: Vec<UseRow>,
    /// How many more there are than are printed.
    pub left_out: u64,
    /// When it was printed, `YYYY-MM-DD HH:MM`.
    pub printed: String,
}

/// By what the register is narrowed; empty fields narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// A part of a name.
    pub person: String,
    /// An organisation code or its beginning.
    pub organisation: String,
    /// 户号
    pub household: String,
    /// Number of a document.
    pub document: String,
    /// Name of a kind.
    pub kind: String,
    /// Name of an outcome.
    pub outcome: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// One look.
#[derive(Clone, Debug)]
pub struct UseRow {
    /// Number in the access log; `None` while it waits to be published.
    pub no: Option<u64>,
    /// When, `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// Who.
    pub who: String,
    /// For which organisation.
    pub organisation: String,
    /// What was done, as a word in the language of the page.
    pub what: String,
    /// Whether it was refused, or there was no such thing.
    pub refused: bool,
    /// What came of it, as a word in the language of the page.
    pub outcome: String,
    /// 户号, or empty.
    pub household: String,
    /// Number of the document.
    pub document: Option<u64>,
    /// 档号, or empty.
    pub code: String,
    /// 题名 or the words that were searched, or empty.
    pub title: String,
    /// Pages, papers or rows.
    pub count: Option<u64>,
    /// Why, in words, or empty.
    pub reason: String,
}

impl Narrowing {
    fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("person", &self.person),
            ("organisation", &self.organisation),
            ("household", &self.household),
            ("document", &self.document),
            ("kind", &self.kind),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// Whether anything is narrowed.
    pub fn is_any(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    /// The fields that are not empty, for a form that asks the same.
    pub fn given(&self) -> Vec<(&'static str, &str)> {
        self.pairs().into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The fields that are not empty as a sheet says them, in Chinese: what is asked
    /// by, and by which word.
    pub fn told<'a>(&'a self) -> Vec<(&'static str, &'a str)> {
        let names = ["利用人", "单位", "户号", "件号", "方式", "结果", "自", "至"];
        let all = names.into_iter().zip(self.pairs()).filter(|(_, (_, value))| !value.is_empty());
        let told = |(said, (name, value)): (&'static str, (&str, &'a str))| match name {
            "kind" => (said, value.parse().map_or(value, |one: Kind| one.zh())),
            "outcome" => (said, value.parse().map_or(value, |one: Outcome| one.zh())),
            _ => (said, value),
        };
        all.map(told).collect()
    }

    /// Address of the register narrowed by this, below `path`.
    pub fn address(&self, path: &str) -> String {
        text::address(path, &self.pairs())
    }
}

impl UseRow {
    /// Address of what was looked at; empty when that has no page.
    pub fn href(&self) -> String {
        match (self.refused, self.document, self.household.as_str()) {
            (true, ..) | (_, None, "") => String::new(),
            (_, Some(document), _) => format!("/doc/{document}"),
            (_, None, no) => format!("/household/{no}"),
        }
    }

    /// What was looked at, in words.
    pub fn about(&self) -> String {
        let document = self.document.map(|id| format!("#{id}")).unwrap_or_default();
        let parts = [text::grouped_no(&self.household), self.code.clone(), document];
        let named = parts.into_iter().chain([self.title.clone()]);
        named.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl UsesPage {
    /// The kinds to choose from.
    pub fn kinds(&self) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| *kind != Kind::Seal).collect()
    }

    /// The purposes of taking the register along.
    pub fn purposes(&self) -> [Purpose; 5] {
        Purpose::ALL
    }

    /// The most characters of a reason in words.
    pub fn most(&self) -> usize {
        MOST_WORDS
    }

    /// Address of older looks.
    pub fn older(&self) -> Option<String> {
        let before = self.before.as_deref()?;
        let mut pairs = self.asked.pairs().to_vec();
        pairs.push(("before", before));
        Some(text::address("/uses", &pairs))
    }

    /// The first sentence of the page.
    pub fn sentence(&self) -> String {
        let total = text::number(*self.total.borrow());
        match (self.lang(), self.total) {
            (Lang::Zh, 0) => "没有这样的利用记录。".to_owned(),
            (Lang::En, 0) => "No such look is recorded.".to_owned(),
            (Lang::Zh, _) => format!("利用登记册，{total}条。"),
            (Lang::En, 1) => "Use register, 1 look.".to_owned(),
            (Lang::En, _) => format!("Use register, {total} looks."),
        }
    }
}

super::page!(UsesPage, Some(Entry::Audit), keys::USES, sample::examples);
super::page!(UsesPrint, Some(Entry::Audit), keys::USES, sample::printed);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_says_in_chinese_what_was_asked() {
        let asked = Narrowing {
            kind: "download".into(),
            outcome: "refused".into(),
            from: "2026-11-01".into(),
            ..Narrowing::default()
        };
        let wanted = [("方式", "下载"), ("结果", "已拒绝"), ("自", "2026-11-01")];
        assert_eq!(asked.told(), wanted);
    }
}
