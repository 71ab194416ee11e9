//! 借阅登记簿: the register with the columns it has on paper.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use crate::lending::register::COLUMNS;
use crate::web::{filters, keys};
use askama::Template;

/// The register.
#[derive(Debug, Template)]
#[template(path = "lending_register.html")]
pub struct Register {
    /// The frame.
    pub frame: Frame,
    /// Its rows, the newest first.
    pub rows: Vec<Vec<String>>,
    /// Where the next page starts.
    pub before: Option<i64>,
    /// Who prints it, and when.
    pub printed: String,
}

impl Register {
    /// The heads of the columns.
    pub fn columns(&self) -> Vec<&'static str> {
        COLUMNS.iter().map(|(zh, en)| self.frame.lang.t(zh, en)).collect()
    }
}

super::super::page!(Register, Some(Entry::Lending), keys::NONE, examples);

fn examples() -> Vec<Register> {
    let page = |rows| Register {
        frame: Frame::sample(),
        rows,
        before: Some(9),
        printed: "赵玉梅 2026-11-24 15:30".to_owned(),
    };
    let row = |text: &str| -> Vec<String> { COLUMNS.map(|_| text.to_owned()).to_vec() };
    vec![
        page(vec![row("周桂兰"), row("青石县审计局")]),
        page(Vec::new()),
        page(vec![row("<script>")]),
    ]
}
