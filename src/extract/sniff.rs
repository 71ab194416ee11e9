//! What a file is, by its first bytes.

use super::Kind;

/// How many leading bytes [`sniff`] looks at.
pub(super) const HEAD: usize = 1024;

/// The kind of a document, or a short name for what it is instead; the name is empty when unknown.
pub(super) fn sniff(head: &[u8]) -> Result<Kind, &'static str> {
    let kind = match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Png,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Kind::Tiff,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Webp,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Kind::Bmp,
        [b'%', b'P', b'D', b'F', b'-', ..] => Kind::Pdf,
        _ => return other(head),
    };
    Ok(kind)
}

/// What people most often upload by mistake, and what attackers rename.
fn other(head: &[u8]) -> Result<Kind, &'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"GIF8", "GIF"),
        (b"%!PS", "PostScript"),
        (b"\xC5\xD0\xD3\xC6", "PostScript (EPS)"),
        (b"MZ", "a Windows program (EXE)"),
        (b"\x7FELF", "a program (ELF)"),
        (b"PK\x03\x04", "ZIP, Word, Excel or OFD"),
        (b"PK\x05\x06", "ZIP"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"\x1F\x8B", "gzip"),
        (b"\xD0\xCF\x11\xE0", "Word or Excel (97-2003)"),
        (b"{\\rtf", "RTF"),
        (b"8BPS", "Photoshop"),
        (b"\0\0\0\x0CjP  ", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"AT&TFORM", "DjVu"),
        (b"push graphic-context", "ImageMagick MVG"),
        (b"viewbox", "ImageMagick MVG"),
    ];
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(name);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Err(match head.get(8..12) {
            Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"hevc") => "HEIC",
            Some(b"avif" | b"avis") => "AVIF",
            _ => "a video (MP4)",
        });
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = text.trim_ascii_start();
    if text.starts_with(b"<") {
        let lower = text.to_ascii_lowercase();
        let has = |word: &[u8]| lower.windows(word.len()).any(|window| window == word);
        return Err(if has(b"<svg") {
            "SVG"
        } else if has(b"<html") || has(b"<!doctype html") || has(b"<script") {
            "HTML"
        } else {
            "XML"
        });
    }
    // Readers of PDF take some junk before the header, and some mail gateways put it there.
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    Err("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_content() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0...."), Ok(Kind::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n"), Ok(Kind::Png));
        assert_eq!(sniff(b"II\x2a\0\x08\0\0\0"), Ok(Kind::Tiff));
        assert_eq!(sniff(b"MM\0\x2b\0\x08\0\0"), Ok(Kind::Tiff));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8L"), Ok(Kind::Webp));
        assert_eq!(sniff(b"BM\x10\0\0\0\0\0\0\0\x36\0\0\0"), Ok(Kind::Bmp));
        assert_eq!(sniff(b"%PDF-1.7\n"), Ok(Kind::Pdf));
        assert_eq!(sniff(b"\r\n\r\n%PDF-1.4\n"), Ok(Kind::Pdf));
    }

    #[test]
    fn what_is_no_document_is_named() {
        for (head, name) in [
            (&b"<!DOCTYPE html><title>x"[..], "HTML"),
            (b"\xEF\xBB\xBF\n <svg onload='alert(1)'>", "SVG"),
            (
                b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
                "SVG",
            ),
            (b"%!PS-Adobe-3.0\n", "PostScript"),
            (b"MZ\x90\0", "a Windows program (EXE)"),
            (b"PK\x03\x04\x14\0", "ZIP, Word, Excel or OFD"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"GIF89a", "GIF"),
            (
                b"push graphic-context\nfill 'url(https://example.org)'",
                "ImageMagick MVG",
            ),
            (b"<image><read filename='x'/></image>", "XML"),
            (b"hello", ""),
            (b"\xFF", ""),
            // A web page that hides a PDF header is a web page.
            (b"<html>%PDF-1.4", "HTML"),
        ] {
            assert_eq!(sniff(head), Err(name), "{}", String::from_utf8_lossy(head));
        }
    }
}
