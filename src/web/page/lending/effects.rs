//! 利用效果登记簿: the register with the columns it has on paper.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use crate::lending::effects::COLUMNS;
use crate::web::{filters, keys};
use askama::Template;

/// The register.
#[derive(Debug, Template)]
#[template(path = "lending_effects.html")]
pub struct Effects {
    /// The frame.
    pub frame: Frame,
    /// Its rows, the newest first.
    pub rows: Vec<Vec<String>>,
    /// Where the next page starts.
    pub before: Option<i64>,
    /// Who prints it, and when.
    pub printed: String,
}

impl Effects {
    /// The heads of the columns.
    pub fn columns(&self) -> Vec<&'static str> {
        COLUMNS.iter().map(|(zh, en)| self.frame.lang.t(zh, en)).collect()
    }
}

super::super::page!(Effects, Some(Entry::Lending), keys::NONE, examples);

fn examples() -> Vec<Effects> {
    let page = |rows, before| Effects {
        frame: Frame::sample(),
        rows,
        before,
        printed: "赵玉梅 2026-11-24 15:30".to_owned(),
    };
    let row = |text: &str| -> Vec<String> { COLUMNS.map(|_| text.to_owned()).to_vec() };
    vec![
        page(vec![row("追回低保金三千元"), row("核实身份")], Some(9)),
        page(Vec::new(), None),
        page(vec![row("<script>")], None),
    ]
}
