//! The forms of registers, made from their rules: one field for each column.

use crate::living::registers::Row;
use crate::model::field::FieldKind;
use crate::model::register::{AboutHousehold, Column, Register, Stage};
use crate::web::lang::Lang;

/// A field of a form.
#[derive(Debug, Clone)]
pub struct FormField {
    /// Its name: `v.` and the code of the column.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// The choices, where it is one: what is kept, and how it is called.
    pub choices: Vec<(String, String)>,
    /// The type of the input: `text`, `date`, `number`, or `words` for several lines.
    pub kind: &'static str,
    /// Whether it cannot be left empty.
    pub required: bool,
    /// Whether it is kept apart.
    pub apart: bool,
}

/// How a stage is entered.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// The stage.
    pub stage: String,
    /// 户号, where one is asked.
    pub household: Option<String>,
    /// Whether it cannot be left empty.
    pub household_wanted: bool,
    /// Whose register it is, where a new row is begun.
    pub organisation: Option<String>,
    /// The organisations it can go to: code and name; none where it goes to no other.
    pub others: Vec<(String, String)>,
    /// The chosen one.
    pub other: String,
    /// The day.
    pub on: String,
    /// The fields.
    pub fields: Vec<FormField>,
    /// The scan of the paper, where one can be named.
    pub paper: String,
    /// Whether it has to be.
    pub paper_wanted: bool,
    /// The line that is corrected, or empty.
    pub instead_of: String,
    /// What was seen of the row, or empty.
    pub seen: String,
}

/// How a draw is ordered.
#[derive(Debug, Clone)]
pub struct Ordering {
    /// The code of the organisation.
    pub organisation: String,
    /// The month.
    pub month: String,
    /// The categories: code and name.
    pub categories: Vec<(String, String)>,
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        FieldKind::Date => "date",
        FieldKind::Whole => "number",
        _ if column.people > 0 || column.seen_by.is_some() => "text",
        FieldKind::Text => "words",
        _ => "text",
    }
}

fn choice(lang: Lang, column: &Column, value: &str) -> (String, String) {
    let said = lang.t(value, column.english(value).unwrap_or(value));
    (value.to_owned(), said.to_owned())
}

fn fields(lang: Lang, stage: &Stage, value: impl Fn(&str) -> String) -> Vec<FormField> {
    let field = |column: &Column| FormField {
        name: format!("v.{}", column.code),
        label: lang.t(&column.name, &column.name_en).to_owned(),
        value: value(&column.code),
        choices: column.choices.iter().map(|one| choice(lang, column, one)).collect(),
        kind: kind(column),
        required: column.required,
        apart: column.seen_by.is_some(),
    };
    stage.columns.iter().map(field).collect()
}

impl Form {
    /// The form of a new row; none where rows are not begun by hand.
    pub fn beginning(
        lang: Lang,
        rule: &Register,
        (organisation, today): (&str, &str),
        others: Vec<(String, String)>,
        typed: impl Fn(&str) -> String,
    ) -> Option<Self> {
        let stage = rule.stages.first().filter(|_| !rule.drawn)?;
        let mut fields = fields(lang, stage, |code| typed(&format!("v.{code}")));
        if rule.printed {
            // The roster says how many and how much.
            fields.retain(|field| field.name == "v.month");
            for field in &mut fields {
                field.kind = "month";
            }
        }
        let or = |name: &str, usual: &str| match typed(name) {
            given if given.is_empty() => usual.to_owned(),
            given => given,
        };
        Some(Self {
            action: format!("/registers/{}", rule.code),
            stage: lang.t(&stage.name, &stage.name_en).to_owned(),
            household: (rule.household != AboutHousehold::None).then(|| typed("household")),
            household_wanted: rule.household == AboutHousehold::Must,
            organisation: (!rule.between).then(|| or("organisation", organisation)),
            others: if rule.between { others } else { Vec::new() },
            other: typed("other"),
            on: or("on", today),
            fields,
            paper: typed("paper"),
            paper_wanted: stage.paper,
            instead_of: String::new(),
            seen: String::new(),
        })
    }

    /// The form of a stage of a row, filled with what was typed.
    pub fn of_row(
        lang: Lang,
        (rule, stage): (&Register, &Stage),
        (row, today): (&Row, &str),
        typed: impl Fn(&str) -> String,
    ) -> Self {
        let on = typed("on");
        Self {
            action: format!("/registers/{}/{}/{}", row.register, row.organisation, row.number),
            stage: lang.t(&stage.name, &stage.name_en).to_owned(),
            household: None,
            household_wanted: rule.household == AboutHousehold::Must,
            organisation: None,
            others: Vec::new(),
            other: String::new(),
            on: if on.is_empty() { today.to_owned() } else { on },
            fields: fields(lang, stage, |code| typed(&format!("v.{code}"))),
            paper: typed("paper"),
            paper_wanted: stage.paper,
            instead_of: String::new(),
            seen: row.last.to_string(),
        }
    }

    /// The form that corrects a line of a row.
    pub fn correcting(
        lang: Lang,
        (rule, stage): (&Register, &Stage),
        (row, line): (&Row, &crate::living::registers::Line),
    ) -> Self {
        let value = |name: &str| match name {
            "on" => line.on.clone(),
            "paper" => line.paper.map(|id| id.to_string()).unwrap_or_default(),
            name => line.value(name.trim_start_matches("v.")).to_owned(),
        };
        let first = rule.stages.first().is_some_and(|one| one.code == stage.code);
        let about = first && rule.household != AboutHousehold::None;
        Self {
            household: about.then(|| row.household.clone()),
            instead_of: line.entry.to_string(),
            ..Self::of_row(lang, (rule, stage), (row, ""), value)
        }
    }
}
