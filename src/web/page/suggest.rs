//! What stands below the search field while somebody types: a part of a page.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::keys;

/// The list of suggestions.
#[derive(Debug, Template)]
#[template(path = "suggest.html")]
pub struct Suggestions {
    /// The frame, of which only the language is used.
    pub frame: Frame,
    /// The suggestions, the likeliest first.
    pub rows: Vec<Suggestion>,
}

/// Something that may be meant.
#[derive(Debug)]
pub struct Suggestion {
    /// Where it leads.
    pub href: String,
    /// What it makes of what is typed, to be gone on with; empty when it leads somewhere.
    pub fill: String,
    /// What it is.
    pub words: String,
    /// What kind of thing it is, or its number.
    pub about: String,
}

fn examples() -> Vec<Suggestions> {
    let row = |href: &str, words: &str, about: &str| Suggestion {
        href: href.to_owned(),
        fill: String::new(),
        words: words.to_owned(),
        about: about.to_owned(),
    };
    vec![Suggestions {
        frame: Frame::sample(),
        rows: vec![
            row("/household/99010200300400127", "周桂兰", "3004-00127 J016-DB·2026-D10-001"),
            row("/household/99010200300400118", "林秀芳", "3004-00118 已并户"),
            row("/household/99010200300400131", "周文", "3004-00131 现在是这一户"),
            row("/search?type=A08", "收入证明", "件种 A08"),
            Suggestion { fill: "月收入:".to_owned(), ..row("#q", "月收入:", "字段") },
            row("/search?q=x", "周桂兰收入证明", "题名"),
        ],
    }]
}

super::page!(Suggestions, Some(Entry::Search), keys::NONE, examples);
