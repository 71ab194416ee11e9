//! 复制证明: what was copied, for whom and for what; stamped by hand.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use crate::web::{filters, keys};
use askama::Template;

/// The sheet.
#[derive(Debug, Template)]
#[template(path = "lending_certificate.html")]
pub struct Certificate {
    /// The frame.
    pub frame: Frame,
    /// The lending.
    pub id: String,
    /// 档号, or the number of the household.
    pub code: String,
    /// 案卷题名, or the head of the household.
    pub title: String,
    /// 份数
    pub copies: u64,
    /// 页数
    pub pages: u64,
    /// 用途, in Chinese.
    pub purpose: String,
    /// Who got them.
    pub borrower: String,
    /// For which body.
    pub body: String,
    /// 经办人: who handed them over.
    pub handled: String,
    /// When, as a day.
    pub date: String,
    /// The entry of the log that says so.
    pub entry: u64,
}

super::super::page!(Certificate, Some(Entry::Lending), keys::NONE, examples);

fn examples() -> Vec<Certificate> {
    let page = || Certificate {
        frame: Frame::sample(),
        id: "3f2a90c15d7e44b8a1c09e6677d20b14".to_owned(),
        code: "J016-WS·2026·D30-SP-0127".to_owned(),
        title: "周桂兰户最低生活保障档案".to_owned(),
        copies: 2,
        pages: 12,
        purpose: "审计：年度低保资金专项审计，抽查".to_owned(),
        borrower: "孙立".to_owned(),
        body: "青石县审计局".to_owned(),
        handled: "何桂珍".to_owned(),
        date: "2026-11-24".to_owned(),
        entry: 184_220,
    };
    let long = "字".repeat(200);
    vec![page(), Certificate { purpose: long, title: "<b>".to_owned(), ..page() }]
}
