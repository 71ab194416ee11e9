//! 存疑的页: pages that were read badly, the worst first.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::HouseholdRef;
use crate::web::{filters, keys};

/// The list of doubtful pages.
#[derive(Debug, Template)]
#[template(path = "doubtful.html")]
pub struct Doubtful {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// The pages, the worst first, fifty at most.
    pub rows: Vec<Row>,
    /// Where the next part begins, if there is one.
    pub after: Option<String>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number of the document.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Its household; none while nobody has filed it.
    pub household: Option<HouseholdRef>,
    /// The page, from 1.
    pub page: u64,
    /// How well it was read, from 0 to 100.
    pub quality: u64,
    /// Where it stands in the list.
    pub listed: String,
}

super::page!(Doubtful, Some(Entry::Search), keys::LIST, examples);

fn examples() -> Vec<Doubtful> {
    let row = |document, title: &str, quality| Row {
        document,
        title: title.to_owned(),
        household: (document > 9).then(|| HouseholdRef::new("99010200300400127", "周桂兰")),
        page: document % 7 + 1,
        quality,
        listed: format!("{}-{document}-1", quality * 10),
    };
    let frame = Frame::sample();
    let usual = Doubtful {
        frame,
        status: Some("已存好，改过的字马上查得到。".to_owned()),
        rows: vec![row(7, "扫描0007.jpg", 0), row(12, "收入证明", 61), row(45, "入户调查表", 88)],
        after: None,
    };
    let empty = Doubtful { frame: Frame::sample(), status: None, rows: Vec::new(), after: None };
    let extreme = Doubtful {
        frame: Frame::extreme(),
        status: None,
        rows: (0..50).map(|at| row(at + 1_000_000, &"<i>题".repeat(40), 40)).collect(),
        after: Some("400-1000049-1".to_owned()),
    };
    vec![usual, empty, extreme]
}
