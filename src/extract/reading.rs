//! What was read from a file: the part of a rendition that this module makes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The pages of one file, in order, each of them present even when it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// One entry a page.
    pub pages: Vec<PageReading>,
}

/// One page: how large its upright image is, where its text came from and why, and the lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageReading {
    /// Page number, from 1.
    pub page: u32,
    /// Width of the upright page image in pixels; 0 when the page could not be opened.
    pub width: u32,
    /// Height of the upright page image in pixels; 0 when the page could not be opened.
    pub height: u32,
    /// Clockwise degrees by which the page was turned to stand upright: 0, 90, 180 or 270.
    pub turned: u16,
    /// Where the text came from.
    pub source: Source,
    /// One English sentence: why this source.
    pub reason: String,
    /// The share of what looks like text, by area, that could not be read with any certainty; from 0 to 1.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub missed: f32,
    /// The lines in reading order.
    pub lines: Vec<Line>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_nothing(share: &f32) -> bool {
    *share == 0.0
}

/// Where the text of a page came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Text embedded in the PDF.
    TextLayer,
    /// Recognised from the page image.
    Ocr,
    /// A person has said what stands on the page.
    Person,
    /// The page was not read; the reason says why.
    None,
}

/// One line of text. Boxes are `[x, y, width, height]` in pixels of the upright page image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// The characters.
    pub text: String,
    /// Box of the whole line.
    #[serde(rename = "box")]
    pub bbox: [u32; 4],
    /// From 0 to 1; embedded text has 1.
    pub confidence: f32,
    /// One box for each character of `text`.
    pub chars: Vec<[u32; 4]>,
    /// What characters in doubt may be instead, in the order of the text, the likelier first. None of embedded text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// A character that the recogniser considered and did not choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alternative {
    /// Which character of the line it is an alternative of, from 0.
    pub at: usize,
    /// What that may be instead.
    pub text: char,
    /// How likely, from 0 to 1.
    pub probability: f32,
}

impl PageReading {
    /// The lines joined by line feeds.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// The alternatives of all lines: at which character of [`PageReading::text`], from 0, and what.
    pub fn alternatives(&self) -> Vec<(usize, char)> {
        let mut start = 0;
        let mut found = Vec::new();
        for line in &self.lines {
            found.extend(line.alternatives.iter().map(|other| (start + other.at, other.text)));
            // A line feed stands between two lines.
            start += line.text.chars().count() + 1;
        }
        found
    }

    /// Leaves out the alternatives of characters that stand otherwise in `covered`, which is [`PageReading::text`] with
    /// what must not be seen replaced character for character.
    pub fn cover_alternatives(&mut self, covered: &str) {
        let text = self.text();
        let stays: Vec<bool> = text.chars().zip(covered.chars()).map(|(a, b)| a == b).collect();
        let mut start = 0;
        for line in &mut self.lines {
            line.alternatives.retain(|other| stays.get(start + other.at) == Some(&true));
            start += line.text.chars().count() + 1;
        }
    }

    /// A page that was not read, for the given reason. Its size is 0 when not even that is known.
    pub(super) fn unread(page: u32, size: (u32, u32), reason: impl Into<String>) -> Self {
        PageReading {
            page,
            width: size.0,
            height: size.1,
            turned: 0,
            source: Source::None,
            reason: reason.into(),
            missed: 0.0,
            lines: Vec::new(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_the_rendition_contract_says() {
        let page = PageReading {
            page: 1,
            width: 1654,
            height: 2339,
            turned: 180,
            source: Source::TextLayer,
            reason: "why".into(),
            missed: 0.0,
            lines: vec![
                Line {
                    text: "户主".into(),
                    bbox: [1, 2, 3, 4],
                    confidence: 1.0,
                    chars: vec![[1, 2, 1, 4], [2, 2, 2, 4]],
                    alternatives: Vec::new(),
                },
                Line {
                    text: "周".into(),
                    bbox: [1, 9, 1, 4],
                    confidence: 0.5,
                    chars: vec![[1, 9, 1, 4]],
                    alternatives: vec![Alternative { at: 0, text: '同', probability: 0.25 }],
                },
            ],
        };
        assert_eq!(page.text(), "户主\n周");
        let json = serde_json::to_value(&page).unwrap();
        assert_eq!(json["source"], "text-layer");
        assert_eq!(json["lines"][0]["box"], serde_json::json!([1, 2, 3, 4]));
        assert_eq!(json["lines"][0].get("alternatives"), None);
        let other = serde_json::json!([{"at": 0, "text": "同", "probability": 0.25}]);
        assert_eq!(json["lines"][1]["alternatives"], other);
        assert_eq!(serde_json::from_value::<PageReading>(json).unwrap(), page);
        assert_eq!(page.alternatives(), [(3, '同')]);
    }

    #[test]
    fn what_is_covered_has_no_alternatives() {
        let line = |text: &str, at| Line {
            text: text.into(),
            bbox: [0, 0, 10, 10],
            confidence: 0.9,
            chars: vec![[0, 0, 1, 1]; text.chars().count()],
            alternatives: vec![Alternative { at, text: '8', probability: 0.2 }],
        };
        let mut page = PageReading::unread(1, (100, 100), "");
        page.lines = vec![line("周桂3", 2), line("1230", 3), line("1234", 1)];
        page.cover_alternatives("周桂3\n1230\n1*34");
        assert_eq!(page.alternatives(), [(2, '8'), (7, '8')]);
    }
}
