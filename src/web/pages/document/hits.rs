//! The found words of one document: numbered in reading order through its
//! pages, boxed on the scan, marked in the text.

use crate::extract::{PageReading, Source};
use crate::search::FoundPage;
use crate::view::{DocumentView, PageView};
use crate::web::lang::Lang;
use crate::web::page::part::{Look, Mark, Picture};
use crate::web::page::viewer::{HitPlace, Line, Piece, Reading, Thumb};
use crate::web::pages::intake::size;
use crate::web::words;

/// The found words of one document.
pub(super) struct Hits<'f> {
    found: Vec<&'f FoundPage>,
    /// How many there are.
    pub(super) total: u64,
    /// The one stood on, from 1; 0 when there is none.
    pub(super) current: u64,
    /// The page that one is on.
    pub(super) page: Option<u64>,
}

impl<'f> Hits<'f> {
    /// The found words, standing on number `hit`, else on the first of page
    /// `page`, else on the first of all.
    pub(super) fn of(found: &'f [FoundPage], page: Option<u64>, hit: Option<u64>) -> Self {
        let mut found: Vec<&FoundPage> = found.iter().collect();
        found.sort_by_key(|one| one.page);
        let total = found.iter().map(|one| count(one)).sum();
        let mut hits = Self { found, total, current: 0, page: None };
        let on_page = |page: u64| hits.found.iter().any(|one| u64::from(one.page) == page);
        hits.current = match (hit, page) {
            (Some(hit), _) => hit.min(total),
            (None, Some(page)) if on_page(page) => hits.before(page) + 1,
            // Between two pages that have some, one stands on the earlier.
            (None, Some(page)) => hits.before(page).max(1).min(total),
            (None, None) => total.min(1),
        };
        let of_its_own = hit.is_some() || page.is_none_or(on_page);
        hits.page = hits.place(hits.current).map(|place| place.page).filter(|_| of_its_own);
        hits
    }

    /// How many stand before a page.
    fn before(&self, page: u64) -> u64 {
        let earlier = self.found.iter().filter(|one| u64::from(one.page) < page);
        earlier.map(|one| count(one)).sum()
    }

    fn on(&self, page: u32) -> Option<&FoundPage> {
        self.found.iter().find(|one| one.page == page).copied()
    }

    /// Where a found word is.
    pub(super) fn place(&self, hit: u64) -> Option<HitPlace> {
        if hit == 0 || hit > self.total {
            return None;
        }
        let on = |one: &&&FoundPage| hit <= self.before(one.page.into()) + count(one);
        self.found.iter().find(on).map(|one| HitPlace { page: one.page.into(), hit })
    }

    /// The strip of pages.
    pub(super) fn thumbs(&self, seen: &DocumentView) -> Vec<Thumb> {
        let before = words::count(seen.pages_before);
        let document = words::count(seen.document.id);
        let thumb = |view: &PageView| {
            let page = u64::from(view.page);
            let found = self.on(view.page);
            let picture = Picture::new(&format!("t{page}"), document, page, size(view), "");
            Thumb {
                page,
                number: before + page,
                hits: found.map_or(0, count),
                picture: match found {
                    Some(found) => picture.with(Look::Found, &found.boxes),
                    None => picture,
                },
            }
        };
        seen.pages.iter().map(thumb).collect()
    }

    /// The page with its found words boxed.
    pub(super) fn picture(
        &self,
        lang: Lang,
        seen: &DocumentView,
        view: &PageView,
        query: &str,
    ) -> Picture {
        let page = u64::from(view.page);
        let alt = match lang {
            Lang::Zh => format!("{}第{page}页", seen.title),
            Lang::En => format!("{}, page {page}", seen.title),
        };
        let mut picture =
            Picture::new("page", words::count(seen.document.id), page, size(view), &alt);
        let mut hit = self.before(page);
        for boxes in self.on(view.page).into_iter().flat_map(FoundPage::boxed) {
            hit += 1;
            let look = if hit == self.current { Look::Current } else { Look::Found };
            let mark = |bbox: &[u32; 4]| Mark { bbox: *bbox, look, word: query.to_owned(), hit };
            picture.marks.extend(boxes.iter().map(mark));
        }
        picture
    }

    /// The text of a page, found words apart.
    pub(super) fn reading(
        &self,
        lang: Lang,
        seen: &DocumentView,
        view: Option<&PageView>,
    ) -> Reading {
        let Some(view) = view else { return Reading::Waiting };
        match &view.reading {
            Some(reading) if reading.source == Source::None => Reading::Failed(match lang {
                Lang::Zh => {
                    format!("这一页没读出：{}。可以看图。", words::why(lang, &reading.reason))
                }
                Lang::En => format!(
                    "This page was not read: {}. See the image.",
                    words::why(lang, &reading.reason)
                ),
            }),
            Some(reading) => Reading::Read(lines(reading, self.on(view.page))),
            None => match &seen.job {
                Some(job) if job.state == "failed" => Reading::Failed(job.error.clone()),
                _ => Reading::Waiting,
            },
        }
    }
}

/// In how many places of a page something is boxed; a run over two lines has two boxes.
fn count(page: &FoundPage) -> u64 {
    page.boxed().map(|_| 1).sum()
}

fn lines(reading: &PageReading, found: Option<&FoundPage>) -> Vec<Line> {
    let matches = found.map(|found| found.matches.as_slice()).unwrap_or_default();
    let mut start = 0;
    let mut lines = Vec::with_capacity(reading.lines.len());
    for line in &reading.lines {
        let length = line.text.chars().count();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let sure = (line.confidence.clamp(0.0, 1.0) * 100.0).round() as u64;
        lines.push(Line {
            pieces: pieces(&line.text, start, matches),
            bbox: line.bbox,
            confidence: (reading.source == Source::Ocr).then_some(sure),
        });
        // A line feed stands between two lines.
        start += length + 1;
    }
    lines
}

/// A line that begins at character `start` of its page, cut where found words
/// begin and end.
fn pieces(text: &str, start: usize, matches: &[(usize, usize)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in (start..).zip(text.chars()) {
        let found = matches.iter().any(|(from, to)| (*from..*to).contains(&at));
        match pieces.last_mut() {
            Some(last) if last.found == found => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), found }),
        }
    }
    pieces
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(page: u32, boxes: usize) -> FoundPage {
        FoundPage {
            page,
            snippet: String::new(),
            marks: Vec::new(),
            boxes: vec![[0, 0, 1, 1]; boxes],
            width: 10,
            height: 10,
            fields: Vec::new(),
            near: Vec::new(),
            labels: Vec::new(),
            spans: vec![1; boxes],
            matches: Vec::new(),
        }
    }

    #[test]
    fn hits_are_numbered_through_the_pages() {
        let found = [page(4, 1), page(2, 2)];
        let first = Hits::of(&found, None, None);
        assert_eq!((first.total, first.current, first.page), (3, 1, Some(2)));
        assert_eq!(first.place(3).unwrap().page, 4);
        assert!(first.place(0).is_none() && first.place(4).is_none());
        let by_page = Hits::of(&found, Some(4), None);
        assert_eq!((by_page.current, by_page.page), (3, Some(4)));
        let without = Hits::of(&found, Some(3), None);
        assert_eq!((without.current, without.page), (2, None));
        let beyond = Hits::of(&found, None, Some(99));
        assert_eq!((beyond.current, beyond.page), (3, Some(4)));
        let none = Hits::of(&[], None, Some(1));
        assert_eq!((none.total, none.current, none.page), (0, 0, None));
    }

    #[test]
    fn a_run_over_a_line_end_is_one_hit() {
        let broken = FoundPage { spans: vec![2, 0, 1], ..page(2, 3) };
        assert_eq!(broken.places(), 3);
        assert_eq!(broken.boxed().map(<[_]>::len).collect::<Vec<_>>(), [2, 1]);
        let found = [broken, page(4, 1)];
        let hits = Hits::of(&found, None, Some(3));
        assert_eq!((hits.total, hits.page), (3, Some(4)));
        assert_eq!(hits.place(2).unwrap().page, 2);
    }

    #[test]
    fn found_words_are_cut_out_of_their_line() {
        let cut: Vec<(String, bool)> = pieces("户主周桂兰", 10, &[(12, 15)])
            .into_iter()
            .map(|one| (one.text, one.found))
            .collect();
        assert_eq!(cut, [("户主".to_owned(), false), ("周桂兰".to_owned(), true)]);
        assert!(pieces("", 0, &[]).is_empty());
    }
}
