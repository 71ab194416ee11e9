//! What a person read on a page takes the place of what the machine did.

use crate::extract::{Line, PageReading, Source};
use crate::model::correction::{CheckedLine, Correction, Rect};

/// Puts the lines that a person looked at in place of what was read there, whatever
/// read it: an earlier or a later version of the reader. A page that was looked at
/// as a whole has these lines and no others.
pub(super) fn lay_over(page: &mut PageReading, correction: &Correction) {
    if page.width == 0 || page.height == 0 {
        (page.width, page.height) = (correction.width, correction.height);
    }
    let scale = Scale::of(page, correction);
    let checked: Vec<Line> = correction.lines.iter().map(|line| scale.line(line)).collect();
    if correction.whole {
        page.source = Source::Person;
        page.reason = "A person has looked at the whole page.".into();
        page.missed = 0.0;
        page.lines = checked;
    } else {
        for line in checked {
            let first = page.lines.iter().position(|one| covers(line.bbox, one.bbox));
            page.lines.retain(|one| !covers(line.bbox, one.bbox));
            // Where nothing was read, above the first line that begins below it.
            let below = || page.lines.iter().position(|one| one.bbox[1] > line.bbox[1]);
            let at = first.or_else(below).unwrap_or(page.lines.len());
            page.lines.insert(at.min(page.lines.len()), line);
        }
    }
    page.lines.retain(|line| !line.text.is_empty());
}

/// From the page that was corrected to the page as it is read now: each side, and
/// what it was.
struct Scale {
    x: (u32, u32),
    y: (u32, u32),
}

/// Where the lines of a correction stand on the page as it is read now.
pub(super) fn places(page: &PageReading, correction: &Correction) -> Vec<Rect> {
    let scale = Scale::of(page, correction);
    correction.lines.iter().map(|line| scale.place(line.bbox)).collect()
}

impl Scale {
    fn of(page: &PageReading, correction: &Correction) -> Self {
        Self {
            x: (page.width, correction.width.max(1)),
            y: (page.height, correction.height.max(1)),
        }
    }

    fn line(&self, line: &CheckedLine) -> Line {
        Line {
            text: line.text.clone(),
            bbox: self.place(line.bbox),
            confidence: 1.0,
            chars: line.chars.iter().map(|place| self.place(*place)).collect(),
            alternatives: Vec::new(),
        }
    }

    fn place(&self, [x, y, width, height]: Rect) -> Rect {
        let to = |(now, before): (u32, u32), length: u32| {
            u32::try_from(u64::from(length) * u64::from(now) / u64::from(before)).unwrap_or(now)
        };
        [to(self.x, x), to(self.y, y), to(self.x, width), to(self.y, height)]
    }
}

/// Whether the middle of a line that was read lies in the box of one that was
/// checked.
fn covers([x, y, width, height]: Rect, read: Rect) -> bool {
    let middle = |at: usize| u64::from(read[at]) * 2 + u64::from(read[at + 2]);
    let within = |from: u32, length: u32, at: u64| {
        let from = u64::from(from) * 2;
        (from..=from + u64::from(length) * 2).contains(&at)
    };
    within(x, width, middle(0)) && within(y, height, middle(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Alternative;
    use crate::model::correction::CORRECTION_FORMAT;
    use crate::model::id::Digest;

    fn read(text: &str, y: u32) -> Line {
        Line {
            text: text.into(),
            bbox: [100, y, 400, 40],
            confidence: 0.7,
            chars: vec![[100, y, 40, 40]; text.chars().count()],
            alternatives: vec![Alternative { at: 0, text: '明', probability: 0.3 }],
        }
    }

    fn page(lines: Vec<Line>) -> PageReading {
        PageReading {
            page: 1,
            width: 1000,
            height: 2000,
            turned: 0,
            source: Source::Ocr,
            reason: String::new(),
            missed: 0.4,
            lines,
        }
    }

    fn correction(whole: bool, lines: &[(&str, u32)]) -> Correction {
        let checked = |&(text, y): &(&str, u32)| CheckedLine::added(text, [100, y, 400, 40]);
        Correction {
            format: CORRECTION_FORMAT.into(),
            salt: String::new(),
            file: Digest::of(b""),
            page: 1,
            width: 1000,
            height: 2000,
            whole,
            lines: lines.iter().map(checked).collect(),
        }
    }

    fn texts(page: &PageReading) -> Vec<&str> {
        page.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn a_checked_line_takes_the_place_of_what_was_read_there() {
        let mut page = page(vec![read("户王", 100), read("周桂兰", 200), read("#", 300)]);
        lay_over(&mut page, &correction(false, &[("户主", 102), ("", 300), ("补的", 150)]));
        assert_eq!(texts(&page), ["户主", "补的", "周桂兰"]);
        assert_eq!((page.source, page.missed), (Source::Ocr, 0.4));
        assert!((page.lines[0].confidence - 1.0).abs() < f32::EPSILON);
        assert!(page.lines[0].alternatives.is_empty() && !page.lines[2].alternatives.is_empty());
    }

    #[test]
    fn a_whole_page_is_what_the_person_says() {
        let mut page = page(vec![read("户王", 100), read("多的", 900)]);
        lay_over(&mut page, &correction(true, &[("户主", 100)]));
        assert_eq!(texts(&page), ["户主"]);
        assert_eq!(page.source, Source::Person);
        assert_eq!(crate::rendition::quality::of(&page), 1000);
    }

    #[test]
    fn a_later_reading_in_another_size_is_corrected_where_it_stands() {
        let mut later = page(Vec::new());
        (later.width, later.height) = (2000, 4000);
        let mut again = read("户玉姓名", 200);
        again.bbox = [210, 196, 780, 84];
        later.lines = vec![again, read("别的", 1000)];
        lay_over(&mut later, &correction(false, &[("户主姓名", 100)]));
        assert_eq!(texts(&later), ["户主姓名", "别的"]);
        assert_eq!(later.lines[0].bbox, [200, 200, 800, 80]);
    }

    #[test]
    fn a_page_that_was_not_read_is_what_was_typed() {
        let mut unread = page(Vec::new());
        (unread.width, unread.height, unread.source) = (0, 0, Source::None);
        lay_over(&mut unread, &correction(true, &[("户主", 100)]));
        assert_eq!((unread.width, unread.height), (1000, 2000));
        assert_eq!((texts(&unread), unread.source), (vec!["户主"], Source::Person));
    }
}
