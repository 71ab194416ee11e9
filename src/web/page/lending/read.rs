//! 阅览: a lent file as its borrower reads it.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use crate::view::opened::{OpenedFile, OpenedMember, OpenedPaper, Sight};
use crate::web::{filters, keys};
use askama::Template;

/// A lent file, or one paper of it.
#[derive(Debug, Template)]
#[template(path = "lending_read.html")]
pub struct Lent {
    /// The frame.
    pub frame: Frame,
    /// The lending.
    pub id: String,
    /// The last day, ISO.
    pub until: String,
    /// What is drawn over every page.
    pub mark: String,
    /// What is in the file.
    pub file: OpenedFile,
    /// The paper that is read, if one is.
    pub paper: Option<OpenedPaper>,
}

impl Lent {
    /// Whether this is the paper that is read.
    pub fn reads(&self, paper: &OpenedPaper) -> bool {
        self.paper.as_ref().is_some_and(|one| one.document == paper.document)
    }

    /// Where the papers are.
    pub fn at(&self) -> String {
        format!("/lending/{}/doc", self.id)
    }
}

super::super::page!(Lent, Some(Entry::Lending), keys::NONE, examples);

/// A file for samples.
pub fn sample_file() -> OpenedFile {
    let paper = |document, title: &str, pages: &[Sight]| OpenedPaper {
        document,
        type_name: "申请书".to_owned(),
        title: title.to_owned(),
        responsible: "柳桥街道办事处".to_owned(),
        date: "2026-03-09".to_owned(),
        pages: pages.to_vec(),
    };
    OpenedFile {
        household: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        members: vec![OpenedMember { name: "周＊＊".to_owned(), relation: "女儿".to_owned() }],
        papers: vec![
            paper(7, "最低生活保障申请书", &[Sight::Shown, Sight::Shown]),
            paper(9, "字".repeat(60).as_str(), &[Sight::Shown, Sight::Unread, Sight::CardOfOthers]),
        ],
        later: 2,
    }
}

fn examples() -> Vec<Lent> {
    let page = |file: OpenedFile, paper| Lent {
        frame: Frame::sample(),
        id: "3f2a90c15d7e44b8a1c09e6677d20b14".to_owned(),
        until: "2026-12-01".to_owned(),
        mark: "孙立 青石县审计局 2026-11-24 15:30 3f2a90c1".to_owned(),
        file,
        paper,
    };
    let file = sample_file();
    let (first, last) = (file.papers[0].clone(), file.papers[1].clone());
    let bare = OpenedFile { papers: Vec::new(), members: Vec::new(), later: 0, ..file.clone() };
    vec![
        page(file.clone(), None),
        page(file.clone(), Some(first)),
        page(file, Some(last)),
        page(bare, None),
    ]
}
