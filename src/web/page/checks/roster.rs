//! 花名册预览: what would become of a roster, before anything is done.

use crate::web::lang::Lang;
use crate::web::text;

/// A roster that waits.
#[derive(Debug, Clone, Default)]
pub struct RosterLook {
    /// Its name.
    pub name: String,
    /// Its columns: which, its name in the file, what it is read as or empty.
    pub columns: Vec<(u32, String, String)>,
    /// How many rows it has.
    pub rows: u64,
    /// Households that would be opened.
    pub households: u64,
    /// Their persons.
    pub persons: u64,
    /// How many of them go on with an allowance; none where the file is not read so.
    pub decisions: Option<u64>,
    /// What these get a month, in yuan with commas.
    pub amount: String,
    /// Whether it says allowances that are not carried over, since the bureau does that.
    pub left_to_bureau: bool,
    /// How many numbers of 15 digits would become 18.
    pub converted: u64,
    /// How many cells have a formula.
    pub formulas: u64,
    /// The rows that cannot be taken in: line and reason.
    pub bad: Vec<(u64, String)>,
    /// How many there are.
    pub bad_total: u64,
}

impl RosterLook {
    /// What the file comes to.
    pub fn sentence(&self, lang: Lang) -> String {
        let (rows, bad) = (text::number(self.rows), text::number(self.bad_total));
        let (households, persons) = (text::number(self.households), text::number(self.persons));
        match (lang, self.decisions) {
            (Lang::Zh, None) => {
                format!("文件{rows}行：可以立{households}户、{persons}人；{bad}行有问题。")
            }
            (Lang::Zh, Some(decisions)) => format!(
                "文件{rows}行：可以立{households}户、{persons}人，接收{}户的待遇，每月合计{}元；{bad}行有问题。",
                text::number(decisions),
                self.amount
            ),
            (Lang::En, None) => format!(
                "{rows} rows: {households} households with {persons} persons can be opened; {bad} rows cannot be taken in."
            ),
            (Lang::En, Some(decisions)) => format!(
                "{rows} rows: {households} households with {persons} persons can be opened, {} of them with their allowance, {} yuan a month in all; {bad} rows cannot be taken in.",
                text::number(decisions),
                self.amount
            ),
        }
    }

    /// The names of the columns that are passed over; those without a name by their place.
    pub fn passed(&self, lang: Lang) -> Option<String> {
        let passed = self.columns.iter().filter(|(.., read)| read.is_empty());
        let names: Vec<String> = passed
            .map(|(place, head, _)| match (head.is_empty(), lang) {
                (false, _) => head.clone(),
                (true, Lang::Zh) => format!("第{place}列"),
                (true, Lang::En) => format!("column {place}"),
            })
            .collect();
        (!names.is_empty()).then(|| names.join(lang.t("、", ", ")))
    }

    /// One that stands in the gallery.
    pub(super) fn sample() -> Self {
        let column = |place, head: &str, read: &str| (place, head.to_owned(), read.to_owned());
        Self {
            name: "柳桥街道花名册.xlsx".to_owned(),
            columns: vec![
                column(1, "序号", ""),
                column(2, "户主姓名", "户主"),
                column(3, "家庭成员姓名", "姓名"),
                column(4, "身份证号", "身份证号"),
                column(5, "月保障金(元)", "月保障金"),
                column(6, "备注", ""),
            ],
            rows: 320,
            households: 120,
            persons: 318,
            decisions: Some(120),
            amount: "134,400.50".to_owned(),
            left_to_bureau: false,
            converted: 2,
            formulas: 1,
            bad: vec![(17, "家庭人口数是3，名册上这一户有2人".to_owned())],
            bad_total: 2,
        }
    }
}
