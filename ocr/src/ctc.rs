//! From the recognition model's time steps to text, and to the place of each
//! character on the line.
//!
//! The model gives, for every few pixels along the line, a probability for
//! each character and for "blank". Equal neighbours are one character; blanks
//! part them (connectionist temporal classification).

use crate::page::Alternative;
use crate::steps::{SURE, Step};

/// Time steps by which the model names a character after its middle, on
/// average: measured on drawn text at two sizes.
const LATE: f64 = 0.25;
/// Alternatives kept of one character, and of one line.
const ALTERNATIVES: (usize, usize) = (3, 64);

/// The characters a recognition model can tell apart.
#[derive(Debug)]
pub(crate) struct Dictionary {
    entries: Vec<String>,
}

impl Dictionary {
    /// The dictionary written one entry a line, as the model carries it.
    ///
    /// Entries are taken to the byte: one of them is the wide space U+3000,
    /// and trimming it away would shift all that follow.
    pub(crate) fn parse(lines: &str) -> Self {
        let lines = lines.strip_suffix('\n').unwrap_or(lines);
        let entries = lines.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        Self { entries: entries.map(str::to_owned).collect() }
    }

    /// Classes of a model with this dictionary: blank, the entries, space.
    pub(crate) fn classes(&self) -> usize {
        self.entries.len() + 2
    }

    /// What `class` stands for; `None` for blank.
    fn get(&self, class: usize) -> Option<&str> {
        let index = class.checked_sub(1)?;
        Some(self.entries.get(index).map_or(" ", String::as_str))
    }
}

/// What a line says, and where.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    /// The text without spaces at either end.
    pub(crate) text: String,
    /// Start and end of each `char` along the line, from 0 to 1.
    pub(crate) spans: Vec<(f64, f64)>,
    /// Height of the characters as a share of the line's, around its middle.
    pub(crate) height: f64,
    /// Mean probability of the characters, from 0 to 1; 0 without any.
    pub(crate) confidence: f32,
    /// What characters in doubt may be instead; in the order of the text, the
    /// likelier of one character first.
    pub(crate) alternatives: Vec<Alternative>,
}

/// A character found: what, how sure, the middle of its steps, and what else
/// it may be.
struct Sign {
    symbol: char,
    probability: f32,
    centre: f64,
    others: Vec<(char, f32)>,
}

/// Reads the steps of a line that is `aspect` times as long as high.
pub(crate) fn decode(steps: &[Step], dictionary: &Dictionary, aspect: f64) -> Reading {
    let mut signs = Vec::new();
    for range in runs(steps) {
        let run = &steps[range.clone()];
        let Some(entry) = dictionary.get(run[0].class) else {
            continue;
        };
        let probability = run.iter().map(|step| step.probability).fold(0.0, f32::max);
        let middle = (range.start + range.end) as f64 / 2.0 - LATE;
        let centre = middle / steps.len() as f64;
        let mut others = others(run, dictionary, probability);
        for symbol in entry.chars() {
            let others = std::mem::take(&mut others);
            signs.push(Sign { symbol, probability, centre, others });
        }
    }
    let is_space = |sign: &Sign| sign.symbol.is_whitespace();
    let end = signs.len() - signs.iter().rev().take_while(|s| is_space(s)).count();
    let start = signs[..end].iter().take_while(|s| is_space(s)).count();
    let signs = &signs[start..end];
    let em = em(signs, aspect);
    let sum: f32 = signs.iter().map(|sign| sign.probability).sum();
    Reading {
        text: signs.iter().map(|sign| sign.symbol).collect(),
        spans: spans(signs, em),
        height: (1.25 * em * aspect).min(1.0),
        confidence: sum / signs.len().max(1) as f32,
        alternatives: alternatives(signs),
    }
}

/// The ranges of neighbouring steps of one class.
fn runs(steps: &[Step]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    steps.chunk_by(|a, b| a.class == b.class).map(move |run| {
        let range = start..start + run.len();
        start = range.end;
        range
    })
}

/// What else the character of a run may be, likeliest first: letters, digits
/// and Chinese characters only. None when one of its steps is sure.
fn others(run: &[Step], dictionary: &Dictionary, probability: f32) -> Vec<(char, f32)> {
    let mut found: Vec<(char, f32)> = Vec::new();
    if probability >= SURE {
        return found;
    }
    for &(class, share) in run.iter().flat_map(|step| &step.others) {
        let mut symbols = dictionary.get(class).unwrap_or_default().chars();
        let (Some(symbol), None) = (symbols.next(), symbols.next()) else { continue };
        match found.iter_mut().find(|(other, _)| *other == symbol) {
            Some((_, most)) => *most = most.max(share),
            None if symbol.is_alphanumeric() => found.push((symbol, share)),
            None => {}
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(ALTERNATIVES.0);
    found
}

/// The alternatives of a line. When there are too many, the likelier stay.
fn alternatives(signs: &[Sign]) -> Vec<Alternative> {
    let of_sign = |(at, sign): (usize, &Sign)| {
        let alternative = move |&(text, probability)| Alternative { at, text, probability };
        sign.others.iter().map(alternative).collect::<Vec<_>>()
    };
    bounded(signs.iter().enumerate().flat_map(of_sign).collect())
}

/// The likeliest of `alternatives` that a line may have, in their order.
pub(crate) fn bounded(mut alternatives: Vec<Alternative>) -> Vec<Alternative> {
    alternatives.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    alternatives.truncate(ALTERNATIVES.1);
    // A stable sort: of one character the likelier stays first.
    alternatives.sort_by_key(|alternative| alternative.at);
    alternatives
}

/// Where each sign begins and ends, for a Chinese character `em` of the line
/// wide. Neighbours meet between their centres, a wide one taking more of the
/// way than a narrow one; none is wider than its kind.
fn spans(signs: &[Sign], em: f64) -> Vec<(f64, f64)> {
    let reach = |sign: &Sign| 0.6 * em * share_of_em(sign);
    let border =
        |a: &Sign, b: &Sign| a.centre + (b.centre - a.centre) * reach(a) / (reach(a) + reach(b));
    let around = |index: usize| {
        let sign = &signs[index];
        let (mut start, mut end) = (sign.centre - reach(sign), sign.centre + reach(sign));
        if let Some(before) = index.checked_sub(1).and_then(|before| signs.get(before)) {
            start = start.max(border(before, sign));
        }
        if let Some(after) = signs.get(index + 1) {
            end = end.min(border(sign, after));
        }
        (start.clamp(0.0, 1.0), end.clamp(0.0, 1.0))
    };
    (0..signs.len()).map(around).collect()
}

/// The width of a Chinese character as a share of the line: the median of what
/// neighbours keep apart, at most the height of the line.
fn em(signs: &[Sign], aspect: f64) -> f64 {
    let apart = |pair: &[Sign]| {
        let widths = (share_of_em(&pair[0]) + share_of_em(&pair[1])) / 2.0;
        (pair[1].centre - pair[0].centre) / widths
    };
    let mut steps: Vec<f64> = signs.windows(2).map(apart).collect();
    steps.sort_by(f64::total_cmp);
    let highest = 1.0 / aspect.max(0.1);
    steps.get(steps.len() / 2).map_or(highest, |step| step.min(highest))
}

/// The usual width of a character in units of a Chinese one.
fn share_of_em(sign: &Sign) -> f64 {
    if is_narrow(sign.symbol) { 0.55 } else { 1.0 }
}

/// Whether a character takes about half the width of a Chinese one.
fn is_narrow(symbol: char) -> bool {
    symbol < '\u{2000}'
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        Dictionary::parse("户\n主\n\u{3000}\n7\n")
    }

    /// Steps from class numbers: 0 blank, then 户 主 U+3000 7, and 5 a space.
    fn read(classes: &[usize], aspect: f64) -> Reading {
        let steps: Vec<_> = classes.iter().map(|&class| step(class, 0.9, &[])).collect();
        decode(&steps, &dictionary(), aspect)
    }

    fn step(class: usize, probability: f32, others: &[(usize, f32)]) -> Step {
        Step { class, probability, others: others.to_vec() }
    }

    #[test]
    fn the_dictionary_is_offset_by_blank_and_ends_in_space() {
        let dictionary = dictionary();
        assert_eq!(dictionary.classes(), 6);
        assert_eq!(dictionary.get(0), None);
        assert_eq!(dictionary.get(1), Some("户"));
        assert_eq!(dictionary.get(3), Some("\u{3000}"), "the wide space is an entry");
        assert_eq!(dictionary.get(4), Some("7"));
        assert_eq!(dictionary.get(5), Some(" "));
    }

    #[test]
    fn a_dictionary_without_a_last_line_break_is_as_long() {
        assert_eq!(Dictionary::parse("a\nb").classes(), Dictionary::parse("a\r\nb\n").classes());
    }

    #[test]
    fn repeats_are_one_and_blanks_part_them() {
        assert_eq!(read(&[0, 1, 1, 0, 2, 0], 2.0).text, "户主");
        assert_eq!(read(&[4, 4, 0, 4], 2.0).text, "77");
        assert_eq!(read(&[0, 0, 0], 2.0).text, "");
        assert_eq!(read(&[], 2.0).confidence, 0.0);
    }

    #[test]
    fn spaces_stay_inside_and_go_at_the_ends() {
        let reading = read(&[5, 1, 5, 2, 0, 3, 5], 4.0);
        assert_eq!(reading.text, "户 主");
        assert_eq!(reading.spans.len(), 3);
    }

    #[test]
    fn confidence_is_the_mean_of_the_best_steps() {
        let steps = [(1, 0.4), (1, 0.8), (0, 1.0), (2, 0.6)];
        let steps = steps.map(|(class, probability)| step(class, probability, &[]));
        let reading = decode(&steps, &dictionary(), 2.0);
        assert!((reading.confidence - 0.7).abs() < 1e-6);
    }

    #[test]
    fn a_character_in_doubt_has_its_alternatives() {
        let steps = [
            step(5, 0.9, &[]),
            step(1, 0.5, &[(2, 0.1), (5, 0.3), (4, 0.02)]),
            step(1, 0.6, &[(2, 0.2)]),
            step(0, 0.9, &[]),
            step(2, 0.7, &[(3, 0.2), (4, 0.1)]),
        ];
        let reading = decode(&steps, &dictionary(), 4.0);
        assert_eq!(reading.text, "户主");
        let alternative = |at, text, probability| Alternative { at, text, probability };
        // A space is no alternative; of two steps the likelier counts.
        let expected =
            [alternative(0, '主', 0.2), alternative(0, '7', 0.02), alternative(1, '7', 0.1)];
        assert_eq!(reading.alternatives, expected);
    }

    #[test]
    fn a_sure_step_ends_the_doubt_of_its_neighbours() {
        let steps = [step(1, 0.5, &[(2, 0.4)]), step(1, 0.99, &[])];
        assert!(decode(&steps, &dictionary(), 2.0).alternatives.is_empty());
    }

    #[test]
    fn a_line_has_a_bounded_number_of_alternatives() {
        let doubted = |at: usize| step(1 + at % 2, 0.5, &[(4, 0.1 + at as f32 / 10_000.0)]);
        let steps: Vec<Step> = (0..200).map(doubted).collect();
        let reading = decode(&steps, &dictionary(), 200.0);
        assert_eq!(reading.text.chars().count(), 200);
        let places: Vec<usize> = reading.alternatives.iter().map(|one| one.at).collect();
        assert_eq!(places, (200 - ALTERNATIVES.1..200).collect::<Vec<_>>(), "the likeliest stay");
    }

    #[test]
    fn characters_are_no_larger_than_their_distance() {
        // Three steps of twelve apart on a line six times as long as high:
        // each 0.25 of the length would be 1.5 of the height, so 1 / 6 it is.
        let far = read(&[0, 1, 0, 0, 2, 0, 0, 1, 0, 0, 2, 0], 6.0);
        let (start, end) = far.spans[1];
        assert!((end - start - 1.2 / 6.0).abs() < 1e-9 && far.height == 1.0, "{far:?}");
        assert!(far.spans[2].0 > end, "a gap is left where there is nothing: {far:?}");
        // On one only three times as long they are smaller than the line is high.
        let near = read(&[0, 0, 0, 0, 1, 0, 2, 0, 1, 0, 0, 0], 3.0);
        assert!((near.height - 1.25 * 3.0 / 6.0).abs() < 1e-9, "{near:?}");
        assert!(near.spans[0].0 > 0.2, "the first is no wider than the others: {near:?}");
    }

    #[test]
    fn every_char_has_a_span_in_order() {
        let reading = read(&[0, 1, 0, 2, 0, 0, 0, 4, 0, 0], 4.0);
        assert_eq!(reading.text.chars().count(), reading.spans.len());
        let [(a, b), (c, d), (e, f)] = reading.spans[..] else { panic!("{reading:?}") };
        assert!(a >= 0.0 && a < b && (b - c).abs() < 1e-9, "neighbours meet: {reading:?}");
        assert!(f - e < d - c, "a digit is narrower: {reading:?}");
        assert!(a < 0.15 && 0.15 < b, "a span holds its centre: {reading:?}");
    }
}
