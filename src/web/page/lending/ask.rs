//! 提请借阅: the form.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use super::super::part::{FieldError, error_for};
use crate::model::lending::{Cover, Manner, Purpose};
use crate::web::{filters, keys};
use askama::Template;

/// The form, with what was typed.
#[derive(Debug, Template)]
#[template(path = "lending_ask.html")]
pub struct Ask {
    /// The frame.
    pub frame: Frame,
    /// 户号
    pub household: String,
    /// `oneself`, `person` or `outsider`.
    pub who: String,
    /// Login of another person.
    pub login: String,
    /// 姓名 of an outsider.
    pub name: String,
    /// 单位
    pub body: String,
    /// 联系方式
    pub contact: String,
    /// 证件名称及号码
    pub certificate: String,
    /// The manner that is chosen.
    pub manner: Manner,
    /// The purpose that is chosen.
    pub purpose: Purpose,
    /// The same in words.
    pub reason: String,
    /// The last day.
    pub until: String,
    /// The first and the last day that can be chosen.
    pub days: (String, String),
    /// What is covered.
    pub cover: Cover,
    /// Fields that were refused.
    pub errors: Vec<FieldError>,
}

impl Ask {
    /// Why a field was refused.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_for(&self.errors, field)
    }

    /// Whether the person notes requests of people without an account.
    pub fn notes(&self) -> bool {
        self.frame.may(super::super::Right::OpenCounter)
    }

    /// Whether this kind of borrower is chosen.
    pub fn is(&self, who: &str) -> bool {
        self.who == who
            || (who == "oneself" && !["person", "outsider"].contains(&self.who.as_str()))
    }
}

super::super::page!(Ask, Some(Entry::Lending), keys::NONE, examples);

fn examples() -> Vec<Ask> {
    let page = |frame| Ask {
        frame,
        household: "99010200300400127".to_owned(),
        who: "oneself".to_owned(),
        login: String::new(),
        name: String::new(),
        body: String::new(),
        contact: String::new(),
        certificate: String::new(),
        manner: Manner::Look,
        purpose: Purpose::Review,
        reason: String::new(),
        until: "2026-12-01".to_owned(),
        days: ("2026-11-24".to_owned(), "2026-12-24".to_owned()),
        cover: Cover::Numbers,
        errors: Vec::new(),
    };
    let error = |field: &str, message: &str| FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    };
    vec![
        page(Frame::sample()),
        Ask {
            who: "outsider".to_owned(),
            reason: "字".repeat(300),
            household: "\"><script>".to_owned(),
            errors: vec![
                error("reason", "理由要写，1到200个字，不换行。"),
                error("household", "户号是17位数字，这里有10位。"),
            ],
            ..page(Frame::extreme())
        },
    ]
}
