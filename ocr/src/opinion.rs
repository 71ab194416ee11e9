//! A second opinion: lines that were read with doubt are looked at again in
//! another way, and the two readings are made one.

use crate::ctc::{Reading, bounded};
use crate::page::Alternative;

/// A line less sure than this is read again.
pub(crate) const DOUBTED: f32 = 0.94;
/// How much of the length of all lines may be read again.
const SHARE: f64 = 0.08;
/// Lines longer than this many characters are not compared with each other.
const LONG: usize = 400;

/// The numbers of the lines to be read again, the least sure first: as many as
/// fit into the time allowed. `lines` has how sure and how long each is.
pub(crate) fn doubted(lines: &[(f32, f64)]) -> Vec<usize> {
    let all: f64 = lines.iter().map(|(_, length)| length).sum();
    let mut left = SHARE * all;
    let mut numbers: Vec<usize> = (0..lines.len()).filter(|&n| lines[n].0 < DOUBTED).collect();
    numbers.sort_by(|&a, &b| lines[a].0.total_cmp(&lines[b].0));
    numbers.retain(|&number| {
        let fits = lines[number].1 <= left;
        left -= if fits { lines[number].1 } else { 0.0 };
        fits
    });
    numbers
}

/// The surer of two readings of one line. Where the other has another
/// character at the same place, that becomes an alternative.
pub(crate) fn joined(first: Reading, second: Reading) -> Reading {
    let (mut kept, other) =
        if second.confidence > first.confidence { (second, first) } else { (first, second) };
    let known = |at: usize, text: char| {
        kept.alternatives.iter().any(|one| (one.at, one.text) == (at, text))
    };
    let differing = differences(&kept.text, &other.text);
    let new: Vec<Alternative> = differing
        .into_iter()
        .filter(|&(at, text)| text.is_alphanumeric() && !known(at, text))
        .map(|(at, text)| Alternative { at, text, probability: other.confidence / 2.0 })
        .collect();
    kept.alternatives.extend(new);
    kept.alternatives = bounded(kept.alternatives);
    kept
}

/// Where `kept` has one character and `other` another at the same place: at
/// which character of `kept`, and what the other has. By the cheapest way to
/// change one into the other.
fn differences(kept: &str, other: &str) -> Vec<(usize, char)> {
    let (kept, other): (Vec<char>, Vec<char>) = (kept.chars().collect(), other.chars().collect());
    if kept.len().max(other.len()) > LONG {
        return Vec::new();
    }
    // costs[i][j]: to change the first i of one into the first j of the other.
    let mut costs = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in kept.iter().enumerate() {
        let above = &costs[i];
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = above[j] + usize::from(a != b);
            row.push(changed.min(above[j + 1] + 1).min(row[j] + 1));
        }
        costs.push(row);
    }
    let (mut i, mut j) = (kept.len(), other.len());
    let mut found = Vec::new();
    while i > 0 && j > 0 {
        let (a, b) = (kept[i - 1], other[j - 1]);
        if costs[i][j] == costs[i - 1][j - 1] + usize::from(a != b) {
            (i, j) = (i - 1, j - 1);
            if a != b {
                found.push((i, b));
            }
        } else if costs[i][j] == costs[i - 1][j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str, confidence: f32, alternatives: &[(usize, char)]) -> Reading {
        Reading {
            text: text.into(),
            spans: vec![(0.0, 1.0); text.chars().count()],
            height: 1.0,
            confidence,
            alternatives: alternatives
                .iter()
                .map(|&(at, text)| Alternative { at, text, probability: 0.3 })
                .collect(),
        }
    }

    #[test]
    fn the_surer_reading_stays_and_the_other_is_remembered() {
        let first = reading("王小朋", 0.6, &[]);
        let second = reading("王小明", 0.8, &[]);
        for both in [joined(first.clone(), second.clone()), joined(second, first)] {
            assert_eq!(both.text, "王小明");
            assert_eq!(both.alternatives, [Alternative { at: 2, text: '朋', probability: 0.3 }]);
        }
    }

    #[test]
    fn what_is_known_or_a_sign_is_not_added() {
        let both = joined(reading("户主：明", 0.9, &[(3, '朋')]), reading("户主:朋", 0.5, &[]));
        assert_eq!(both.alternatives.len(), 1);
    }

    #[test]
    fn places_are_right_beside_what_is_missing_or_too_much() {
        assert_eq!(differences("青石县柳桥", "石县柳乔"), [(4, '乔')]);
        assert_eq!(differences("石县柳桥", "青石具柳桥"), [(1, '具')]);
        assert_eq!(differences("", "青"), []);
        assert_eq!(differences(&"一".repeat(LONG + 1), "二"), []);
    }

    #[test]
    fn the_least_sure_lines_are_read_again_within_the_time() {
        let sure = (0.99, 100.0);
        let lines = [sure, (0.5, 7.0), (0.7, 3.0), (0.3, 2.0), (0.8, 3.0), sure];
        // 0.08 of 215 is 17.2: all four that are in doubt.
        assert_eq!(doubted(&lines), [3, 1, 2, 4]);
        // 0.08 of 65 is 5.2: the worst, then the one that still fits.
        let lines = [(0.99, 50.0), (0.5, 7.0), (0.7, 3.0), (0.3, 2.0), (0.8, 3.0)];
        assert_eq!(doubted(&lines), [3, 2]);
        assert!(doubted(&[sure]).is_empty());
    }
}
