//! What the recogniser also thought of: characters that may stand on the page instead of the ones
//! that were read.
//!
//! Only what lies around such a place is indexed once more, in a field of its own: every gram of
//! up to [`REACH`] characters before and behind, in all its readings and at its position. So a run
//! stands on a page in one of its other readings exactly when its cover is in that field.

use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::analysis::{LONGEST, grams};
use crate::normalise::Normal;

/// How far around an uncertain character runs are found in its other readings, in characters.
const REACH: usize = 7;
/// Most other readings of one character.
const EACH: usize = 3;
/// Most uncertain characters of one page.
const MOST: usize = 400;
/// Most readings of one gram.
const READINGS: usize = 16;

/// The uncertain characters of a folded text, with their other readings.
#[derive(Debug, Default)]
pub(crate) struct Alternatives(BTreeMap<usize, Vec<char>>);

impl Alternatives {
    /// `given` in characters of the text that `normal` was folded from.
    pub(crate) fn of(normal: &Normal, given: &[(usize, char)]) -> Self {
        let mut places: BTreeMap<usize, Vec<char>> = BTreeMap::new();
        for &(at, c) in given {
            let other = Normal::of(c.encode_utf8(&mut [0; 4]));
            // What folds into several characters, or none, has no other reading.
            let (Some(place), [other]) = (normal.folded(at), other.chars.as_slice()) else {
                continue;
            };
            if places.len() >= MOST && !places.contains_key(&place) {
                continue;
            }
            let others = places.entry(place).or_default();
            if others.len() < EACH && normal.chars[place] != *other && !others.contains(other) {
                others.push(*other);
            }
        }
        places.retain(|_, others| !others.is_empty());
        Alternatives(places)
    }

    /// What [`to_text`](Self::to_text) made.
    pub(crate) fn from_text(normal: &Normal, text: &str) -> Self {
        let one = |line: &str| {
            let (at, c) = line.split_once(' ')?;
            Some((at.parse().ok()?, c.chars().next()?))
        };
        Self::of(normal, &text.lines().filter_map(one).collect::<Vec<_>>())
    }

    /// What was given, as it is kept beside a page.
    pub(crate) fn to_text(given: &[(usize, char)]) -> String {
        given.iter().take(MOST * EACH).map(|(at, c)| format!("{at} {c}\n")).collect()
    }

    /// The grams around uncertain characters in all their readings; none when nothing is uncertain.
    pub(crate) fn tokens(&self, chars: &[char]) -> Option<PreTokenizedString> {
        let mut tokens = Vec::new();
        let mut done = 0;
        for window in self.windows(chars.len()) {
            let start = window.start.max(done);
            let singles =
                (start..window.end).filter(|at| self.0.contains_key(at)).map(|at| at..at + 1);
            let longer =
                grams(&chars[start..window.end]).map(|gram| gram.start + start..gram.end + start);
            for gram in singles.chain(longer) {
                for text in self.readings(chars, &gram) {
                    let position = gram.start + LONGEST;
                    tokens.push(Token { position, text, ..Token::default() });
                }
            }
            // The last characters begin grams that reach into the next window.
            done = window.end;
        }
        tokens.sort_by_key(|token| token.position);
        (!tokens.is_empty()).then(|| PreTokenizedString { text: String::new(), tokens })
    }

    /// Where `run` stands in another reading, as ranges of folded characters.
    pub(crate) fn find<'a>(
        &'a self,
        chars: &'a [char],
        run: &'a [char],
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let reads = |at: usize, c: &char| {
            chars[at] == *c || self.0.get(&at).is_some_and(|others| others.contains(c))
        };
        let starts = 0..(chars.len() + 1).saturating_sub(run.len().max(1));
        let starts = if self.0.is_empty() || run.is_empty() { 0..0 } else { starts };
        starts
            .filter(move |&start| run.iter().enumerate().all(|(at, c)| reads(start + at, c)))
            .map(move |start| start..start + run.len())
            .filter(move |place| chars.get(place.clone()) != Some(run))
    }

    /// Stretches around uncertain characters, joined where they meet.
    fn windows(&self, length: usize) -> Vec<Range<usize>> {
        let mut windows: Vec<Range<usize>> = Vec::new();
        for &at in self.0.keys() {
            let window = at.saturating_sub(REACH)..(at + REACH + 1).min(length);
            match windows.last_mut() {
                Some(last) if window.start <= last.end => last.end = window.end,
                _ => windows.push(window),
            }
        }
        windows
    }

    /// The readings of one gram; a single character only in its other ones.
    fn readings(&self, chars: &[char], gram: &Range<usize>) -> Vec<String> {
        let mut readings = vec![String::new()];
        for at in gram.clone() {
            let others = self.0.get(&at).map(Vec::as_slice).unwrap_or_default();
            let own = (gram.len() > 1).then_some(&chars[at]);
            let choices: Vec<char> = own.into_iter().chain(others).copied().collect();
            readings = readings
                .iter()
                .flat_map(|text| choices.iter().map(move |c| format!("{text}{c}")))
                .take(READINGS)
                .collect();
        }
        readings
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn normal() -> Normal {
        Normal::of("申请人 王小朋，家庭")
    }

    #[test]
    fn a_run_stands_in_another_reading() {
        let normal = normal();
        let alternatives =
            Alternatives::of(&normal, &[(6, '明'), (6, '朋'), (3, '李'), (99, '一')]);
        let run: Vec<char> = "王小明".chars().collect();
        let found: Vec<_> = alternatives.find(&normal.chars, &run).collect();
        assert_eq!(
            found,
            vec![3..6],
            "a blank has no other reading, and a reading is no other one"
        );
        assert_eq!(normal.original(3..6), 4..7);
        let own: Vec<char> = "王小朋".chars().collect();
        assert_eq!(alternatives.find(&normal.chars, &own).count(), 0);
        assert_eq!(alternatives.find(&normal.chars, &[]).count(), 0);
    }

    #[test]
    fn grams_around_it_are_there_in_all_readings() {
        let normal = normal();
        let alternatives = Alternatives::of(&normal, &[(6, '明')]);
        let tokens = alternatives.tokens(&normal.chars).unwrap().tokens;
        let at = |text: &str| tokens.iter().find(|token| token.text == text).map(|t| t.position);
        for (text, place) in [("申请", 0), ("小朋", 4), ("小明", 4), ("明,", 5), ("明", 5)]
        {
            assert_eq!(at(text), Some(place + LONGEST), "{text}");
        }
        assert_eq!(at("朋"), None, "by itself only the other reading");
        assert!(Alternatives::default().tokens(&normal.chars).is_none());
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let normal = normal();
        let kept = Alternatives::to_text(&[(6, '明'), (5, '少')]);
        assert_eq!(
            Alternatives::from_text(&normal, &kept).0,
            Alternatives::of(&normal, &[(6, '明'), (5, '少')]).0
        );
        assert!(Alternatives::from_text(&normal, "x\n9\n").0.is_empty());
    }
}
