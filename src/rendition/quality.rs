//! How well a page was read, as one number. A pure function of what the page's reading says of itself; nobody is asked.

use crate::extract::{PageReading, Source};

/// A page under this score, in per mille, is one that a person should look at.
pub const DOUBTFUL: u32 = 900;

/// Height of a character, in pixels, below which a recogniser guesses.
const SMALL: f64 = 16.0;
/// The least share that small print leaves of a score.
const LEAST: f64 = 0.5;

/// The score of a page in per mille: 1000 when every character is sure, 0 when nothing was read.
///
/// It is the mean confidence of the characters, less the share of them that is in doubt, less the share of what looks
/// like text and was not read, less what print costs that is too small. Embedded text has 1000, and so has a blank page.
#[must_use]
pub fn of(page: &PageReading) -> u32 {
    match page.source {
        Source::TextLayer | Source::Person => return 1000,
        Source::None => return 0,
        Source::Ocr => {}
    }
    let read = 1.0 - f64::from(page.missed).clamp(0.0, 1.0);
    let characters: usize = page.lines.iter().map(|line| line.chars.len()).sum();
    if characters == 0 {
        return per_mille(read);
    }
    let sure: f64 =
        page.lines.iter().map(|line| f64::from(line.confidence) * count(line.chars.len())).sum();
    let sure = sure / count(characters);
    let doubted = count(page.lines.iter().map(doubted).sum()) / count(characters);
    per_mille(sure * (1.0 - doubted) * read * legible(page))
}

/// How many characters of a line have alternatives.
fn doubted(line: &crate::extract::Line) -> usize {
    let mut places: Vec<usize> = line.alternatives.iter().map(|other| other.at).collect();
    places.dedup();
    places.len().min(line.chars.len())
}

/// What the size of the print leaves of a score: all of it, or less where most characters are small.
fn legible(page: &PageReading) -> f64 {
    let of_line = |line: &crate::extract::Line| line.bbox[2].min(line.bbox[3]);
    let mut heights: Vec<u32> = page.lines.iter().map(of_line).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0);
    (f64::from(usual) / SMALL).clamp(LEAST, 1.0)
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn per_mille(share: f64) -> u32 {
    (1000.0 * share).round().clamp(0.0, 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Alternative, Line};

    fn page(lines: Vec<Line>) -> PageReading {
        PageReading {
            page: 1,
            width: 1654,
            height: 2339,
            turned: 0,
            source: Source::Ocr,
            reason: String::new(),
            missed: 0.0,
            lines,
        }
    }

    /// A line of ten characters so high, with so many in doubt.
    fn line(confidence: f32, height: u32, doubted: usize) -> Line {
        let alternative = |at| Alternative { at, text: '明', probability: 0.2 };
        Line {
            text: "户主姓名周桂兰身份证".into(),
            bbox: [100, 100, 400, height],
            confidence,
            chars: vec![[0, 0, 40, height]; 10],
            // Two for each.
            alternatives: (0..doubted).flat_map(|at| [alternative(at); 2]).collect(),
        }
    }

    #[test]
    fn a_page_read_well_scores_high() {
        assert_eq!(of(&page(vec![line(1.0, 40, 0), line(0.98, 40, 0)])), 990);
        assert_eq!(of(&PageReading { source: Source::TextLayer, ..page(Vec::new()) }), 1000);
        assert_eq!(of(&page(Vec::new())), 1000, "a blank page");
    }

    #[test]
    fn everything_that_makes_a_reading_doubtful_costs() {
        assert_eq!(of(&PageReading { source: Source::None, ..page(Vec::new()) }), 0);
        assert_eq!(of(&page(vec![line(0.8, 40, 0)])), 800);
        assert_eq!(
            of(&page(vec![line(1.0, 40, 3), line(1.0, 40, 0)])),
            850,
            "three of twenty in doubt"
        );
        assert_eq!(of(&page(vec![line(1.0, 12, 0)])), 750, "small print");
        assert_eq!(of(&page(vec![line(1.0, 2, 0)])), 500, "smallest print");
        assert_eq!(of(&PageReading { missed: 0.25, ..page(vec![line(1.0, 40, 0)]) }), 750);
        assert_eq!(
            of(&PageReading { missed: 1.0, ..page(Vec::new()) }),
            0,
            "text that was not read"
        );
    }

    #[test]
    fn a_page_that_says_nonsense_of_itself_has_a_score() {
        let nonsense = PageReading { missed: f32::NAN, ..page(vec![line(f32::NAN, 0, 30)]) };
        assert_eq!(of(&nonsense), 0);
        assert_eq!(of(&page(vec![line(9.0, 40, 0)])), 1000);
    }
}
