//! Why somebody looks: asked once a day for each household's file, in the place
//! of what is to be shown.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::model::look::{MOST_WORDS, Purpose};
use crate::web::{filters, keys, text};

/// The form that stands in the place of a household's file.
#[derive(Debug, Template)]
#[template(path = "reason.html")]
pub struct ReasonPage {
    /// The frame.
    pub frame: Frame,
    /// 户号
    pub no: String,
}

super::page!(ReasonPage, Some(Entry::Households), keys::REASONS, examples);

impl ReasonPage {
    /// The form for the file of household `no`; what was asked for is shown after
    /// it.
    #[must_use]
    pub fn new(frame: Frame, no: &str) -> Self {
        Self { frame, no: no.to_owned() }
    }

    /// The number as a person reads it.
    #[must_use]
    pub fn grouped(&self) -> String {
        text::grouped_no(&self.no)
    }

    /// The reasons that need no words, each with its key.
    #[must_use]
    pub fn plain(&self) -> Vec<(&'static keys::Key, Purpose)> {
        let all = keys::REASONS.iter().copied().zip(Purpose::ALL);
        all.filter(|(_, purpose)| *purpose != Purpose::Other).collect()
    }

    /// The most characters of another reason.
    #[must_use]
    pub fn most(&self) -> usize {
        MOST_WORDS
    }
}

fn examples() -> Vec<ReasonPage> {
    let no = "99010200300400127";
    vec![ReasonPage::new(Frame::sample(), no), ReasonPage::new(Frame::extreme(), no)]
}
