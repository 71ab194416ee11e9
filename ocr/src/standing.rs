//! Whether a page of tall lines lies on its side or is written downwards.
//!
//! The recognition model reads a tall line laid on its left side, however its
//! characters stand in it. How they stand shows when each is looked at alone,
//! as it stands on the page: of a page that lies on its side it says something else.

use crate::crew::Crew;
use crate::crop::Strip;
use crate::error::Error;
use crate::geometry::Slanted;
use crate::recognise::{Look, Recogniser};
use crate::sheet::Levels;

/// Lines that are asked, the largest, and characters of each.
const LINES: usize = 6;
const CHARACTERS: usize = 4;
/// Least characters that an answer rests on.
const LEAST: usize = 3;

/// Whether the tall ones among `lines` are written downwards: most of their
/// Chinese characters are what they were read as when each is looked at alone,
/// standing upright on the page.
pub(crate) fn is_written_down(
    recogniser: &Recogniser,
    levels: &Levels,
    lines: &[Slanted],
    crew: &Crew,
) -> Result<bool, Error> {
    let mut tall: Vec<&Slanted> = lines.iter().filter(|line| line.is_tall()).collect();
    tall.sort_by(|a, b| b.area().total_cmp(&a.area()));
    tall.truncate(LINES);
    let readings = crew.each(&tall, |line, options| {
        recogniser.read(levels, &Strip::of(line), Look::First, options)
    })?;
    let mut signs: Vec<(char, Slanted)> = Vec::new();
    for (line, reading) in tall.into_iter().zip(readings) {
        let strip = Strip::of(line);
        let square = |(start, end): (f64, f64)| {
            let centre = strip.point((start + end) / 2.0, 0.5);
            Slanted { centre, width: line.width, height: line.width, ..*line }
        };
        let places = reading.text.chars().zip(reading.spans);
        let chinese = places.filter(|&(sign, _)| is_chinese(sign));
        signs.extend(chinese.map(|(sign, span)| (sign, square(span))).take(CHARACTERS));
    }
    let same = crew.each(&signs, |(sign, square), options| {
        let alone = recogniser.read(levels, &Strip::of(square), Look::First, options)?;
        Ok(alone.text.contains(*sign))
    })?;
    let standing = same.iter().filter(|&&same| same).count();
    Ok(signs.len() >= LEAST && 2 * standing > signs.len())
}

/// Whether a character is one of those that look otherwise on their side.
fn is_chinese(sign: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&sign)
}
