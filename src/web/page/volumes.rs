//! 案卷: the list of volumes.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::HouseholdRef;
use crate::web::{filters, keys, text};
use askama::Template;

/// One page of the list.
#[derive(Debug, Template)]
#[template(path = "volumes.html")]
pub struct Volumes {
    /// The frame.
    pub frame: Frame,
    /// How many volumes are bound in all.
    pub total: u64,
    /// How many of them have papers filed after binding.
    pub outdated: u64,
    /// Fifty at most.
    pub rows: Vec<VolumeRow>,
    /// Where the next page starts; `None` at the end.
    pub after: Option<String>,
}

/// One volume of the list.
#[derive(Debug)]
pub struct VolumeRow {
    /// The household.
    pub household: HouseholdRef,
    /// Reference code, when one was given.
    pub reference_code: Option<String>,
    /// Version.
    pub version: u64,
    /// Documents in it.
    pub documents: u64,
    /// Pages in it.
    pub pages: u64,
    /// The day it was bound, ISO.
    pub bound: String,
    /// Who bound it.
    pub by: String,
    /// Documents filed after binding.
    pub unbound: u64,
}

impl Volumes {
    /// Address of the next page.
    pub fn next(&self) -> Option<String> {
        let after = self.after.as_deref()?;
        Some(text::address("/volumes", &[("after", after)]))
    }
}

super::page!(Volumes, Some(Entry::Volumes), keys::VOLUMES, examples);

fn row(no: &str, head: &str, version: u64, counts: [u64; 3], bound: &str, by: &str) -> VolumeRow {
    let [documents, pages, unbound] = counts;
    VolumeRow {
        household: HouseholdRef::new(no, head),
        reference_code: Some(format!("J016-DB·2026-D10-{}", no.get(14..).unwrap_or(no))),
        version,
        documents,
        pages,
        bound: bound.to_owned(),
        by: by.to_owned(),
        unbound,
    }
}

fn examples() -> Vec<Volumes> {
    let frame = Frame { here: "/volumes".to_owned(), ..Frame::sample() };
    let usual = Volumes {
        frame: frame.clone(),
        total: 431,
        outdated: 1,
        rows: vec![
            row("99010200300200031", "唐月琴", 1, [9, 15, 0], "2026-10-30", "宋青"),
            row("99010200300200188", "田福来", 1, [8, 12, 0], "2026-10-30", "宋青"),
            row("99010200300400093", "陈树生", 3, [12, 21, 0], "2026-11-20", "宋青"),
            row("99010200300400118", "林秀芳", 1, [10, 17, 0], "2026-04-08", "宋青"),
            row("99010200300400127", "周桂兰", 2, [8, 13, 1], "2026-10-08", "宋青"),
            VolumeRow {
                reference_code: None,
                ..row("99010200300500047", "何桂珍", 1, [8, 14, 0], "2026-04-08", "邓文彬")
            },
        ],
        after: Some("99010200300500047".to_owned()),
    };
    let empty = Volumes { frame, total: 0, outdated: 0, rows: Vec::new(), after: None };
    let long = "阿卜杜勒艾则孜吾买尔江努";
    let extreme = Volumes {
        frame: Frame::extreme(),
        total: 1_000_000,
        outdated: 1_000_000,
        rows: vec![row(
            "99010200300400127",
            long,
            1_000,
            [100_000, 1_000_000, 99_999],
            "2026-11-23",
            long,
        )],
        after: None,
    };
    vec![usual, empty, extreme]
}
