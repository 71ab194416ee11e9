//! 借阅登记簿: the register with the columns it has on paper.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use crate::web::lang::Lang;
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

/// The heads of its columns.
pub fn columns(lang: Lang) -> [&'static str; 17] {
    [
        lang.t("序号", "No."),
        lang.t("日期", "Date"),
        lang.t("借阅人", "Borrower"),
        lang.t("单位", "Body"),
        lang.t("联系方式", "Contact"),
        lang.t("证件", "Certificate"),
        lang.t("档号", "Reference code"),
        lang.t("题名", "Title"),
        lang.t("方式", "Manner"),
        lang.t("事由", "Purpose"),
        lang.t("审批人及意见", "Decision"),
        lang.t("期限", "Until"),
        lang.t("归还日期", "Returned"),
        lang.t("页数", "Pages"),
        lang.t("是否完好", "Condition"),
        lang.t("经办人", "Handled by"),
        lang.t("备注", "Remarks"),
    ]
}

impl Register {
    /// The heads of the columns.
    pub fn columns(&self) -> [&'static str; 17] {
        columns(self.frame.lang)
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
    let row = |text: &str| -> Vec<String> { (0..17).map(|_| text.to_owned()).collect() };
    vec![
        page(vec![row("周桂兰"), row("青石县审计局")]),
        page(Vec::new()),
        page(vec![row("<script>")]),
    ]
}
