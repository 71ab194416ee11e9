//! 订正文字: a page line by line, the scan above, what was read below.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::HouseholdRef;
use crate::web::{filters, keys};

/// A page of a paper, to be read again by a person.
#[derive(Debug, Template)]
#[template(path = "correct.html")]
pub struct Correct {
    /// The frame.
    pub frame: Frame,
    /// Number of the document.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Its household; none while nobody has filed it.
    pub household: Option<HouseholdRef>,
    /// The page, from 1.
    pub page: u64,
    /// Width and height of the upright page in pixels.
    pub size: (u32, u32),
    /// How well it is read, from 0 to 100.
    pub quality: u64,
    /// Who has corrected it last and when, as a sentence; or none.
    pub by: Option<String>,
    /// The entry of that correction, or empty.
    pub seen: String,
    /// Whether a person has said that these lines are all of it.
    pub whole: bool,
    /// Its lines in reading order.
    pub lines: Vec<Line>,
    /// Where it stands in the list of doubtful pages; empty when one did not come
    /// from there.
    pub listed: String,
    /// Why it was not kept, as a sentence.
    pub wrong: Option<String>,
    /// What was done last, as a sentence.
    pub status: Option<String>,
}

/// A line of the page.
#[derive(Debug, Clone)]
pub struct Line {
    /// Left, top, width, height in pixels of the upright page.
    pub bbox: [u32; 4],
    /// What stands in the field.
    pub text: String,
    /// The same in pieces, those in doubt apart.
    pub pieces: Vec<(String, bool)>,
    /// How sure the machine is, from 0 to 100.
    pub confidence: u64,
    /// Whether a person has looked at it.
    pub checked: bool,
    /// What stands there now, where that is not what was typed.
    pub now: Option<String>,
}

impl Line {
    /// Whether a person should look at it.
    pub fn is_doubtful(&self) -> bool {
        !self.checked && (self.confidence < 90 || self.pieces.iter().any(|(_, doubted)| *doubted))
    }

    /// The box as the form has it.
    pub fn place(&self) -> String {
        self.bbox.map(|n| n.to_string()).join(" ")
    }

    /// The part of the page that is shown: the line with a little around it.
    pub fn crop(&self) -> String {
        let [x, y, width, height] = self.bbox;
        let edge = (width.min(height) / 5).max(2);
        format!(
            "{} {} {} {}",
            x.saturating_sub(edge),
            y.saturating_sub(edge),
            width.saturating_add(2 * edge),
            height.saturating_add(2 * edge)
        )
    }

    /// Width and height at which it is shown: as high as a line of print, or as
    /// long as fits where it stands upright.
    pub fn shown(&self) -> (u64, u64) {
        let [_, _, width, height] = self.bbox.map(|n| u64::from(n.max(1)));
        let tall = if height > 2 * width { 240 } else { 44 };
        ((width * tall / height).clamp(24, 1600), tall)
    }
}

impl Correct {
    /// How many lines a person should look at.
    pub fn doubtful(&self) -> u64 {
        self.lines.iter().filter(|line| line.is_doubtful()).count() as u64
    }

    /// The address of the next page of the list, without keeping anything.
    pub fn skip(&self) -> String {
        format!("/pages/next?after={}", self.listed)
    }
}

super::page!(Correct, Some(Entry::Search), keys::CORRECTING, examples);

fn examples() -> Vec<Correct> {
    let line = |text: &str, y: u32, confidence: u64, doubted: Option<&str>| {
        let pieces = match doubted.and_then(|one| text.split_once(one).map(|cut| (one, cut))) {
            Some((one, (before, after))) => {
                vec![(before.to_owned(), false), (one.to_owned(), true), (after.to_owned(), false)]
            }
            None => vec![(text.to_owned(), false)],
        };
        let checked = confidence == 100;
        let text = text.to_owned();
        Line { bbox: [120, y, 640, 34], text, pieces, confidence, checked, now: None }
    };
    let usual = Correct {
        frame: Frame::sample(),
        document: 120_002,
        title: "城市居民最低生活保障待遇申请审批表".to_owned(),
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        page: 2,
        size: (900, 1273),
        quality: 74,
        by: None,
        seen: String::new(),
        whole: false,
        lines: vec![
            line("申请人 周佳兰", 180, 86, Some("佳")),
            line("身份证号 9901**********0021", 240, 97, None),
            line("家庭月收入 八百元", 300, 100, None),
        ],
        listed: "740-120002-2".to_owned(),
        wrong: None,
        status: None,
    };
    let mut crossed = line("申请人 周桂兰", 180, 86, None);
    crossed.now = Some("申请人 周佳兰".to_owned());
    let conflict = Correct {
        wrong: Some("这一页刚有人订正过，请对照着再看。".to_owned()),
        by: Some("陆小舟 2026-11-28 10:12 订正过".to_owned()),
        seen: "184".to_owned(),
        lines: vec![crossed],
        ..Correct { frame: Frame::sample(), ..empty() }
    };
    let long = Line { bbox: [0, 0, 20, 900], ..line(&"长<b>".repeat(60), 0, 3, None) };
    let extreme = Correct {
        frame: Frame::extreme(),
        title: "题".repeat(200),
        lines: vec![long; 40],
        ..empty()
    };
    vec![usual, empty(), conflict, extreme]
}

fn empty() -> Correct {
    Correct {
        frame: Frame::sample(),
        document: 7,
        title: "扫描0007.jpg".to_owned(),
        household: None,
        page: 1,
        size: (900, 1273),
        quality: 0,
        by: None,
        seen: String::new(),
        whole: false,
        lines: Vec::new(),
        listed: String::new(),
        wrong: None,
        status: Some("已存好，改过的字马上查得到。".to_owned()),
    }
}
