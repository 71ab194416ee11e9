//! What was read.

/// One page as it was read, in the pixels of the upright image.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width of the upright page in pixels.
    pub width: u32,
    /// Height of the upright page in pixels.
    pub height: u32,
    /// Clockwise degrees by which the given image was turned to stand upright:
    /// 0, 90, 180 or 270.
    pub turned: u16,
    /// The share of what looks like text, by area, in which nothing was read
    /// with enough certainty; from 0 to 1.
    pub missed: f32,
    /// The lines in reading order; none on a blank page.
    pub lines: Vec<Line>,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says; never empty, never only spaces.
    pub text: String,
    /// `[x, y, width, height]` around the line, in pixels of the upright page.
    pub bbox: [u32; 4],
    /// Mean probability of the characters, from 0 to 1.
    pub confidence: f32,
    /// One `[x, y, width, height]` for each `char` of [`text`](Self::text).
    pub chars: Vec<[u32; 4]>,
    /// What the characters in doubt may be instead, in the order of the text
    /// and the likelier first; at most three a character and 64 a line.
    pub alternatives: Vec<Alternative>,
}

/// A character that the recogniser considered and did not choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative {
    /// Which `char` of the line's text it is an alternative of, from 0.
    pub at: usize,
    /// What that may be instead.
    pub text: char,
    /// How likely, from 0 to 1.
    pub probability: f32,
}
