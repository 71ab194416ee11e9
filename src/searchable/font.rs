//! A font that draws nothing: what a PDF needs so that its text can be selected and found without being seen. Written here,
//! since what there is to draw is nothing.

/// Units an em.
pub(super) const EM: u16 = 1000;
/// Glyphs: the one for what is missing, and the one that stands for every character. Both are empty.
const GLYPHS: u16 = 2;

/// The font as a TrueType file.
pub(super) fn file() -> Vec<u8> {
    let mut tables = [
        (*b"cmap", words(&[0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0])),
        (*b"glyf", vec![0; 4]),
        (*b"head", head()),
        (*b"hhea", hhea()),
        (*b"hmtx", words(&[EM, 0, EM, 0])),
        (*b"loca", words(&[0, 0, 0])),
        // Version 1.0; of everything else than glyphs there is none, but one zone.
        (*b"maxp", words(&[1, 0, GLYPHS, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
        (*b"name", words(&[0, 0, 6])),
        // Version 3.0: glyphs without names.
        (*b"post", [words(&[3, 0]), vec![0; 28]].concat()),
    ];
    let count = u16::try_from(tables.len()).unwrap_or(0);
    let mut file = words(&[1, 0, count, 128, 3, count * 16 - 128]);
    let mut offset = 12 + 16 * tables.len();
    let mut bodies = Vec::new();
    for (tag, table) in &mut tables {
        let length = table.len();
        table.resize(length.next_multiple_of(4), 0);
        file.extend_from_slice(tag);
        for number in [sum(table), offset as u32, length as u32] {
            file.extend_from_slice(&number.to_be_bytes());
        }
        offset += table.len();
        bodies.extend_from_slice(table);
    }
    file.extend(bodies);
    file
}

/// Version, units an em, bounds and the format of `loca` (short).
fn head() -> Vec<u8> {
    let mut table = words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, EM]);
    // Made and changed at no time.
    table.extend([0; 16]);
    table.extend(words(&[0, 0, EM, EM, 0, 8, 2, 0, 0]));
    table
}

/// Ascent, descent and the number of widths.
fn hhea() -> Vec<u8> {
    let mut table = words(&[1, 0, 880, 0u16.wrapping_sub(120), 0, EM]);
    table.extend([0; 22]);
    table.extend(words(&[GLYPHS]));
    table
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// The checksum of a table: its words added up.
fn sum(table: &[u8]) -> u32 {
    let words = table.chunks_exact(4).map(|w| u32::from_be_bytes([w[0], w[1], w[2], w[3]]));
    words.fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ab_glyph::Font;

    #[test]
    fn it_is_a_font_of_empty_glyphs() {
        let file = file();
        let font = ab_glyph::FontRef::try_from_slice(&file);
        assert!(font.is_ok(), "{:?}", font.err());
        let Ok(font) = font else { return };
        assert_eq!(font.glyph_count(), usize::from(GLYPHS));
        assert_eq!(font.units_per_em(), Some(f32::from(EM)));
        assert!(font.outline(ab_glyph::GlyphId(1)).is_none_or(|outline| outline.curves.is_empty()));
    }
}
