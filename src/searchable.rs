//! 可检索 PDF: the picture of each page, and its text unseen above it, so that what was read can be selected and found in any
//! viewer. A pure function from pictures and lines to bytes.

mod font;

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};

use crate::extract::Line;
use crate::rendition::language;

/// Long side of a page in points: that of A4.
const LONG: f64 = 841.89;
/// How far the foot of a character lies below its middle, as a share of its size.
const FOOT: f64 = 0.38;

/// One page of the file.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// The upright page as a JPEG in colour.
    pub jpeg: Vec<u8>,
    /// Width and height of that JPEG in pixels.
    pub picture: (u32, u32),
    /// Width and height in pixels of the page that the boxes of the lines are for.
    pub size: (u32, u32),
    /// What stands on it, in reading order.
    pub lines: &'a [Line],
}

/// The pages as one PDF.
///
/// # Errors
/// When the file cannot be put together.
pub fn searchable<'a>(sheets: Vec<Sheet<'a>>) -> Result<Vec<u8>, lopdf::Error> {
    let codes = Codes::of(&sheets);
    let texts = |sheet: &Sheet<'a>| sheet.lines.iter().map(|line| line.text.as_str());
    let language = language::of(sheets.iter().flat_map(texts));
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = codes.font(&mut document);
    let mut kids: Vec<Object> = Vec::new();
    for sheet in sheets {
        let scale = LONG / f64::from(sheet.size.0.max(sheet.size.1).max(1));
        let (width, height) = (f64::from(sheet.size.0) * scale, f64::from(sheet.size.1) * scale);
        let mut content = vec![
            Operation::new("q", vec![]),
            Operation::new("cm", numbers(&[width, 0.0, 0.0, height, 0.0, 0.0])),
            Operation::new("Do", vec!["Im".into()]),
            Operation::new("Q", vec![]),
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F".into(), 1.into()]),
            // Neither filled nor drawn.
            Operation::new("Tr", vec![3.into()]),
        ];
        for line in sheet.lines {
            let Some(run) = Run::of(line) else { continue };
            content.push(Operation::new("Tm", run.matrix(scale, height)));
            let text = Object::String(codes.encode(&line.text), StringFormat::Hexadecimal);
            content.push(Operation::new("Tj", vec![text]));
        }
        content.push(Operation::new("ET", vec![]));
        let content = Stream::new(Dictionary::new(), Content { operations: content }.encode()?);
        let content = document.add_object(content);
        let picture = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Filter" => "DCTDecode", "ColorSpace" => "DeviceRGB",
            "Width" => i64::from(sheet.picture.0), "Height" => i64::from(sheet.picture.1), "BitsPerComponent" => 8,
        };
        let picture = document.add_object(Stream::new(picture, sheet.jpeg).with_compression(false));
        let page = dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "MediaBox" => numbers(&[0.0, 0.0, width, height]),
            "Resources" => dictionary! {
                "Font" => dictionary! { "F" => font.clone() }, "XObject" => dictionary! { "Im" => picture },
            },
        };
        kids.push(document.add_object(page).into());
    }
    let count = i64::try_from(kids.len()).unwrap_or(0);
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(tree, pages.into());
    let language = Object::string_literal(language.tag());
    let catalog = dictionary! { "Type" => "Catalog", "Pages" => tree, "Lang" => language };
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", catalog);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

#[allow(clippy::cast_possible_truncation)]
fn numbers(values: &[f64]) -> Vec<Object> {
    values.iter().map(|&value| Object::Real(value as f32)).collect()
}

/// The width of a character in ems, as it is usual in print.
fn share(c: char) -> f64 {
    if c < '\u{2000}' { 0.5 } else { 1.0 }
}

/// The code of each character of the file. They are given out as needed, so that characters beyond the first 65,536 have one.
struct Codes(BTreeMap<char, u16>);

impl Codes {
    fn of(sheets: &[Sheet<'_>]) -> Self {
        let lines = sheets.iter().flat_map(|sheet| sheet.lines);
        let mut codes: BTreeMap<char, u16> =
            lines.flat_map(|line| line.text.chars()).map(|c| (c, 0)).collect();
        // There are fewer characters in use than codes; if not, the last ones have none and are left out.
        for (code, place) in (1..u16::MAX).zip(codes.values_mut()) {
            *place = code;
        }
        Self(codes)
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        text.chars().filter_map(|c| self.0.get(&c)).flat_map(|code| code.to_be_bytes()).collect()
    }

    /// Adds the font to the file; returns its number.
    fn font(&self, document: &mut Document) -> Object {
        let bytes = font::file();
        let length = i64::try_from(bytes.len()).unwrap_or(0);
        let file = document.add_object(Stream::new(dictionary! { "Length1" => length }, bytes));
        let descriptor = document.add_object(dictionary! {
            "Type" => "FontDescriptor", "FontName" => "Unseen", "Flags" => 4, "ItalicAngle" => 0,
            "FontBBox" => vec![0.into(), Object::from(-120), 1000.into(), 880.into()],
            "Ascent" => 880, "Descent" => -120, "CapHeight" => 880, "StemV" => 80, "FontFile2" => file,
        });
        // Every code is the one empty glyph.
        let glyphs = [vec![0, 0], [0, 1].repeat(self.0.len())].concat();
        let glyphs = document.add_object(Stream::new(Dictionary::new(), glyphs));
        let em = f64::from(font::EM);
        let widths = self.0.keys().map(|&c| share(c) * em).collect::<Vec<_>>();
        let descendant = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "Unseen", "FontDescriptor" => descriptor,
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "CIDToGIDMap" => glyphs, "DW" => 1000,
            "W" => vec![1.into(), Object::Array(numbers(&widths))],
        });
        let unicode = document.add_object(Stream::new(Dictionary::new(), self.unicode()));
        document
            .add_object(dictionary! {
                "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Unseen", "Encoding" => "Identity-H",
                "DescendantFonts" => vec![descendant.into()], "ToUnicode" => unicode,
            })
            .into()
    }

    /// What each code means.
    fn unicode(&self) -> Vec<u8> {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let all: Vec<_> = self.0.iter().collect();
        for some in all.chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", some.len()));
            for (c, code) in some {
                let utf16: String =
                    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
                map.push_str(&format!("<{code:04X}> <{utf16}>\n"));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map.into_bytes()
    }
}

/// How the text of a line lies on the page, in pixels.
#[derive(Debug)]
struct Run {
    /// Where the first character begins, on the foot of the line.
    start: (f64, f64),
    /// Along the line, of length 1.
    along: (f64, f64),
    /// Height of a character, and how much wider than usual it is.
    size: f64,
    stretch: f64,
}

impl Run {
    /// The run of a line, from the boxes of its characters; none when it has no character or no box.
    fn of(line: &Line) -> Option<Self> {
        let shares: Vec<f64> = line.text.chars().map(share).collect();
        let middle = |[x, y, w, h]: &[u32; 4]| {
            (f64::from(*x) + f64::from(*w) / 2.0, f64::from(*y) + f64::from(*h) / 2.0)
        };
        let (first, last) = (line.chars.first()?, line.chars.last()?);
        let (first_share, last_share) = (*shares.first()?, *shares.last()?);
        let (from, to) = (middle(first), middle(last));
        let long = (to.0 - from.0).hypot(to.1 - from.1);
        let along =
            if long > 0.0 { ((to.0 - from.0) / long, (to.1 - from.1) / long) } else { (1.0, 0.0) };
        // Across the line, of boxes that are upright.
        let across = if along.0.abs() >= along.1.abs() { 3 } else { 2 };
        let mut sizes: Vec<u32> = line.chars.iter().map(|area| area[across]).collect();
        sizes.sort_unstable();
        let size = f64::from(*sizes.get(sizes.len() / 2)?).max(1.0);
        let ems = shares.iter().sum::<f64>() - (first_share + last_share) / 2.0;
        let stretch = if long > 0.0 && ems > 0.0 {
            long / (ems * size)
        } else {
            f64::from(first[2]) / (first_share * size)
        };
        let back = first_share / 2.0 * size * stretch;
        let down = FOOT * size;
        let start =
            (from.0 - along.0 * back - along.1 * down, from.1 - along.1 * back + along.0 * down);
        Some(Self { start, along, size, stretch: stretch.max(0.01) })
    }

    /// The matrix that sets text of size 1 so, on a page `height` points high whose pixels are `scale` points wide.
    fn matrix(&self, scale: f64, height: f64) -> Vec<Object> {
        let (size, (x, y)) = (self.size * scale, self.along);
        let wide = size * self.stretch;
        // The page's y grows upwards.
        numbers(&[
            wide * x,
            -wide * y,
            size * y,
            size * x,
            self.start.0 * scale,
            height - self.start.1 * scale,
        ])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A line whose characters are `em` wide and as high, from (`x`, `y`), digits half as wide.
    fn line(text: &str, x: f64, y: f64, em: f64) -> Line {
        let mut at = x;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let place = |c: char| {
            let wide = share(c) * em;
            at += wide;
            [(at - wide) as u32, y as u32, wide as u32, em as u32]
        };
        let chars: Vec<_> = text.chars().map(place).collect();
        Line { text: text.into(), bbox: chars[0], confidence: 0.9, chars, alternatives: Vec::new() }
    }

    #[test]
    fn a_run_lies_where_the_characters_are() {
        let run = Run::of(&line("户主12周", 100.0, 200.0, 40.0)).unwrap();
        assert!((run.start.0 - 100.0).abs() < 1.0 && (run.start.1 - 235.2).abs() < 1.0, "{run:?}");
        assert!((run.size - 40.0).abs() < 1e-9 && (run.stretch - 1.0).abs() < 0.02, "{run:?}");
        let one = Run::of(&line("户", 100.0, 200.0, 40.0)).unwrap();
        assert!((one.start.0 - 100.0).abs() < 1.0 && (one.stretch - 1.0).abs() < 1e-9, "{one:?}");
        let mut down = line("户主姓", 100.0, 200.0, 40.0);
        down.chars = vec![[100, 200, 40, 40], [100, 240, 40, 40], [100, 280, 40, 40]];
        let down = Run::of(&down).unwrap();
        assert!(
            (down.along.1 - 1.0).abs() < 1e-9 && (down.start.1 - 200.0).abs() < 1.0,
            "{down:?}"
        );
    }

    #[test]
    fn a_line_without_boxes_is_left_out() {
        let empty = Line { chars: Vec::new(), ..line("户", 0.0, 0.0, 10.0) };
        assert!(Run::of(&empty).is_none());
    }

    #[test]
    fn the_file_says_its_language() {
        for (text, tag) in [("户主12周", "zh-CN"), ("Certificate of work", "en")] {
            let lines = [line(text, 10.0, 10.0, 10.0)];
            let sheet =
                Sheet { jpeg: Vec::new(), picture: (1, 1), size: (100, 100), lines: &lines };
            let document = Document::load_mem(&searchable(vec![sheet]).unwrap()).unwrap();
            let said = document.catalog().unwrap().get(b"Lang").unwrap();
            assert_eq!(said.as_str().unwrap(), tag.as_bytes());
        }
    }

    #[test]
    fn characters_of_every_plane_have_a_code() {
        let lines = [line("户𠮷1户", 0.0, 0.0, 10.0)];
        let sheet = Sheet { jpeg: Vec::new(), picture: (1, 1), size: (100, 100), lines: &lines };
        let codes = Codes::of(&[sheet]);
        assert_eq!(codes.encode("户1户").len(), 6);
        let map = String::from_utf8(codes.unicode()).unwrap();
        assert!(map.contains("3 beginbfchar") && map.contains("<D842DFB7>"), "{map}");
    }
}
