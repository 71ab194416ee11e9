//! Where the runs of a query stand on a page, and the piece of its text that shows them best.

use std::ops::Range;

use serde::Serialize;

/// Length of a snippet in characters.
const WIDTH: usize = 72;

/// A piece of a page's text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Original characters, every line end turned into a blank.
    pub text: String,
    /// Matched runs in `text`, as ranges of characters, in order, not overlapping.
    pub marks: Vec<Range<usize>>,
    /// Whether the page has text before it.
    pub cut_before: bool,
    /// Whether the page has text after it.
    pub cut_after: bool,
}

/// A page seen through the runs of a query.
#[derive(Debug)]
pub(crate) struct Highlight {
    /// Ranges of characters of the original text where runs stand, in order, not overlapping.
    pub(crate) matches: Vec<Range<usize>>,
    pub(crate) snippet: Snippet,
}

impl Highlight {
    /// `found` are the places of the runs in `text`, in order of start, each with its run's number.
    pub(crate) fn of(text: &str, found: &[(Range<usize>, usize)]) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let matches = joined(found.iter().map(|(place, _)| place.clone()));
        let snippet = snippet(&chars, &matches, best_cluster(found));
        Highlight { matches, snippet }
    }
}

/// Overlapping ranges made one; ranges that only touch stay two. `ranges` are in order of start.
pub(crate) fn joined(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The stretch of at most [`WIDTH`] characters with the most different runs in it, then the most
/// runs, then the first. `found` is in order of start.
fn best_cluster(found: &[(Range<usize>, usize)]) -> Range<usize> {
    let mut best = (0, 0, 0..0);
    for (at, (first, _)) in found.iter().enumerate() {
        let inside = || {
            found[at..]
                .iter()
                .take_while(|(place, _)| place.start < first.start + WIDTH)
                .filter(|(place, _)| place.end <= first.start + WIDTH)
        };
        let mut runs: Vec<usize> = inside().map(|(_, run)| *run).collect();
        let count = runs.len();
        runs.sort_unstable();
        runs.dedup();
        if (runs.len(), count) > (best.0, best.1) {
            let end = inside().map(|(place, _)| place.end).max().unwrap_or(first.end);
            best = (runs.len(), count, first.start..end);
        }
    }
    // A single run longer than a snippet is in no stretch: show its beginning.
    if best.0 == 0 { found.first().map_or(0..0, |(first, _)| first.clone()) } else { best.2 }
}

/// The snippet around `cluster`, with the marks that lie in it.
fn snippet(chars: &[char], matches: &[Range<usize>], cluster: Range<usize>) -> Snippet {
    let room = WIDTH.saturating_sub(cluster.len());
    let start = cluster.start.saturating_sub(room / 2).min(chars.len().saturating_sub(WIDTH));
    let end = (start + WIDTH).min(chars.len());
    let marks = matches
        .iter()
        .map(|range| range.start.max(start)..range.end.min(end))
        .filter(|range| !range.is_empty())
        .map(|range| range.start - start..range.end - start)
        .collect();
    let blank = |&c: &char| {
        if c.is_control() || c == '\u{2028}' { ' ' } else { c }
    };
    Snippet {
        text: chars[start..end].iter().map(blank).collect(),
        marks,
        cut_before: start > 0,
        cut_after: end < chars.len(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::Query;
    use crate::marks::{Kept, Marks};

    fn look(text: &str, runs: &[&str]) -> Highlight {
        let runs = runs.iter().map(|run| Query::Term(crate::Term::exact(*run))).collect();
        let marks = Marks::of([&Query::all(runs)]);
        Highlight::of(text, &marks.on(&Kept { text, ..Kept::default() }).places)
    }

    fn marked(text: &str, ranges: &[Range<usize>]) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        ranges.iter().map(|range| chars[range.clone()].iter().collect()).collect()
    }

    #[test]
    fn ranges_span_blanks_and_line_ends() {
        let text = "申请人：王\n小 明\r\n身份证 1101\n0119";
        let seen = look(text, &["王小明", "11010119"]);
        assert_eq!(marked(text, &seen.matches), ["王\n小 明", "1101\n0119"]);
        assert_eq!(seen.snippet.text, "申请人：王 小 明  身份证 1101 0119");
        assert_eq!(seen.snippet.marks, seen.matches);
        assert!(!seen.snippet.cut_before && !seen.snippet.cut_after);
    }

    #[test]
    fn overlapping_runs_are_one_mark_and_touching_ones_two() {
        let text = "王小明王王";
        assert_eq!(look(text, &["王小", "小明"]).matches, vec![0..3]);
        assert_eq!(look(text, &["王"]).matches, vec![0..1, 3..4, 4..5]);
    }

    #[test]
    fn the_snippet_lies_where_most_runs_are() {
        let filler = "空".repeat(100);
        let text = format!("低保{filler}低保申请{filler}低保低保低保");
        let snippet = look(&text, &["低保", "申请"]).snippet;
        assert_eq!(marked(&snippet.text, &snippet.marks), ["低保", "申请"]);
        assert_eq!(snippet.text.chars().count(), WIDTH);
        assert!(snippet.cut_before && snippet.cut_after);
        assert_eq!(snippet.marks[0].start, (WIDTH - 4) / 2);
    }

    #[test]
    fn a_run_longer_than_the_snippet_is_shown_from_its_beginning() {
        let run = "甲乙丙".repeat(50);
        let seen = look(&format!("前面{run}"), &[&run]);
        assert_eq!(seen.matches, vec![2..152]);
        assert_eq!(seen.snippet.marks, vec![0..WIDTH]);
    }

    #[test]
    fn without_runs_the_beginning_is_shown() {
        let seen = look("第一行\n第二行", &[]);
        assert_eq!(seen.snippet.text, "第一行 第二行");
        assert!(seen.matches.is_empty() && seen.snippet.marks.is_empty());
        assert_eq!(look("", &["王"]).snippet, Snippet::default());
    }
}
