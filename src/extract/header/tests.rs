//! Files made by hand, byte by byte.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;

fn walked(kind: Kind, bytes: &[u8]) -> Result<Option<u32>, Error> {
    walk(kind, Cursor::new(bytes), &Limits::default())
}

fn code(kind: Kind, bytes: &[u8]) -> &'static str {
    walked(kind, bytes).map_or_else(|error| error.code(), |_| "fine")
}

/// Every way of cutting a file short is noticed.
fn check_cuts(kind: Kind, whole: &[u8], head: usize) {
    assert_eq!(walked(kind, whole), Ok(Some(1)));
    for end in head..whole.len() {
        assert_eq!(
            code(kind, &whole[..end]),
            "truncated",
            "{kind:?} cut at {end} of {}",
            whole.len()
        );
    }
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0\x00\x04ab".to_vec();
    bytes.extend(b"\xFF\xC0\x00\x0B\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x01\x01\x11\x00");
    bytes.extend(b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00");
    // Entropy-coded data with a stuffed FF and a restart marker, then a second scan, as progressive pictures have.
    bytes.extend(b"\x12\xFF\x00\x34\xFF\xD0\x56");
    bytes.extend(b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x99\xFF\xD9");
    bytes
}

#[test]
fn jpeg_is_walked_to_its_end() {
    check_cuts(Kind::Jpeg, &jpeg(640, 480), 3);
    // What phones append behind the picture is no part of it.
    let mut with_video = jpeg(640, 480);
    with_video.extend([0u8; 5000]);
    assert_eq!(walked(Kind::Jpeg, &with_video), Ok(Some(1)));
    // The end marker of a thumbnail inside a segment is not the end of the picture.
    let mut thumbnail = b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD8\xFF\xD9".to_vec();
    thumbnail.extend(&jpeg(64, 48)[2..20]);
    assert_eq!(code(Kind::Jpeg, &thumbnail), "truncated");
    assert_eq!(code(Kind::Jpeg, b"\xFF\xD8\xFF\xD9"), "unreadable");
}

#[test]
fn pixel_bombs_are_refused_with_their_numbers() {
    assert_eq!(
        walked(Kind::Jpeg, &jpeg(65535, 65535)),
        Err(Error::TooManyPixels { page: 1, width: 65535, height: 65535, limit: 100_000_000 })
    );
    assert_eq!(code(Kind::Jpeg, &jpeg(0, 480)), "unreadable");
    assert_eq!(code(Kind::Png, &png(&[], u32::MAX, u32::MAX)), "too_many_pixels");
    assert_eq!(code(Kind::Bmp, &bmp(i32::MIN, i32::MIN, 1)), "too_many_pixels");
    assert_eq!(code(Kind::Webp, &webp(16384, 16384)), "too_many_pixels");
    let page = Page { width: 1 << 20, height: 1 << 20, ..Page::default() };
    assert_eq!(code(Kind::Tiff, &tiff(&[page], None)), "too_many_pixels");
}

fn png(extra: &[(&[u8; 4], u32)], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(name);
        bytes.extend(data);
        bytes.extend([0; 4]);
    };
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    chunk(b"IHDR", &header);
    for (name, length) in extra {
        chunk(name, &vec![0; *length as usize]);
    }
    chunk(b"IDAT", &[1, 2, 3]);
    chunk(b"IEND", &[]);
    bytes
}

#[test]
fn png_is_walked_to_its_end() {
    check_cuts(Kind::Png, &png(&[], 20, 10), 8);
    // Packed text and profiles are stepped over, never unpacked; animations are their first picture.
    assert_eq!(
        walked(Kind::Png, &png(&[(b"zTXt", 90_000), (b"iCCP", 9), (b"acTL", 8)], 20, 10)),
        Ok(Some(1))
    );
    let mut lying = png(&[], 20, 10);
    let at = lying.len() - 12 - 3 - 12;
    lying[at..at + 4].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(code(Kind::Png, &lying), "truncated");
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\x16\0\0\0WEBPVP8L\x0A\0\0\0\x2F".to_vec();
    bytes.extend(((width - 1) | ((height - 1) << 14)).to_le_bytes());
    bytes.extend([0; 5]);
    bytes
}

#[test]
fn webp_says_how_long_it_is() {
    check_cuts(Kind::Webp, &webp(20, 10), 12);
    let mut animated = b"RIFF\x12\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0".to_vec();
    animated.extend([19, 0, 0, 9, 0, 0]);
    assert_eq!(walked(Kind::Webp, &animated), Ok(Some(1)));
    assert_eq!(code(Kind::Webp, b"RIFF\x0C\0\0\0WEBPALPH\0\0\0\0"), "unreadable");
}

fn bmp(width: i32, height: i32, bits: u16) -> Vec<u8> {
    let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([1, 0]);
    bytes.extend(bits.to_le_bytes());
    // Run-length coded when the bits say so, so that a bomb need not bring its rows.
    bytes.extend(u32::from(bits == 1).to_le_bytes());
    bytes.extend([0; 20]);
    if bits > 1 {
        let row = (width.unsigned_abs() * u32::from(bits)).div_ceil(32) * 4;
        bytes.extend(vec![0; (row * height.unsigned_abs()) as usize]);
    }
    bytes
}

#[test]
fn bitmap_rows_must_be_there() {
    check_cuts(Kind::Bmp, &bmp(3, -2, 24), 18);
    assert_eq!(code(Kind::Bmp, b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x99\x99\0\0"), "unreadable");
}

#[derive(Clone)]
struct Page {
    width: u32,
    height: u32,
    reduced: bool,
    strip: (u32, u32),
}

impl Default for Page {
    fn default() -> Self {
        Page { width: 20, height: 10, reduced: false, strip: (8, 4) }
    }
}

/// A big-endian TIFF; `back` makes the last directory point to the page of this index.
fn tiff(pages: &[Page], back: Option<usize>) -> Vec<u8> {
    const SIZE: usize = 2 + 5 * 12 + 4;
    let mut bytes = b"MM\0\x2A\0\0\0\x0Cdata".to_vec();
    for (index, page) in pages.iter().enumerate() {
        bytes.extend(5u16.to_be_bytes());
        for (tag, value) in [
            (254u16, u32::from(page.reduced)),
            (256, page.width),
            (257, page.height),
            (273, page.strip.0),
            (279, page.strip.1),
        ] {
            bytes.extend(tag.to_be_bytes());
            bytes.extend(4u16.to_be_bytes());
            bytes.extend(1u32.to_be_bytes());
            bytes.extend(value.to_be_bytes());
        }
        let next = if index + 1 < pages.len() { Some(index + 1) } else { back };
        bytes.extend(next.map_or(0, |next| (12 + next * SIZE) as u32).to_be_bytes());
    }
    bytes
}

#[test]
fn tiff_pages_are_counted_without_thumbnails() {
    let thumbnail = Page { reduced: true, ..Page::default() };
    let file = tiff(&[Page::default(), thumbnail, Page::default()], None);
    assert_eq!(walked(Kind::Tiff, &file), Ok(Some(2)));
    check_cuts(Kind::Tiff, &tiff(&[Page::default()], None), 4);
}

#[test]
fn tiff_page_lists_must_end() {
    assert_eq!(code(Kind::Tiff, &tiff(&[Page::default(), Page::default()], Some(0))), "unreadable");
    assert_eq!(code(Kind::Tiff, b"II\x2A\0\0\0\0\0"), "unreadable");
    let limits = Limits { pages: 2, ..Limits::default() };
    let file = tiff(&vec![Page::default(); 9], None);
    assert_eq!(
        walk(Kind::Tiff, Cursor::new(&file), &limits),
        Err(Error::TooManyPages { pages: 3, limit: 2 })
    );
    let thumbnail = Page { reduced: true, ..Page::default() };
    let file = tiff(&vec![thumbnail; 9], None);
    assert_eq!(walk(Kind::Tiff, Cursor::new(&file), &limits).unwrap_err().code(), "too_many_pages");
}

#[test]
fn tiff_strips_must_lie_in_the_file() {
    for strip in [(8, u32::MAX), (u32::MAX, 4), (8, 1 << 20)] {
        let page = Page { strip, ..Page::default() };
        assert_eq!(code(Kind::Tiff, &tiff(&[page], None)), "truncated", "{strip:?}");
    }
}

#[test]
fn big_tiff_is_bounded_by_the_file() {
    let mut file = b"II\x2B\0\x08\0\0\0".to_vec();
    file.extend(16u64.to_le_bytes());
    file.extend(4u64.to_le_bytes());
    for (tag, count, value) in
        [(256u16, 1u64, 20u64), (257, 1, 10), (273, 1 << 60, 16), (279, 1 << 60, 16)]
    {
        file.extend(tag.to_le_bytes());
        file.extend(16u16.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(0u64.to_le_bytes());
    // 2^60 strips are more than are looked at; 2^20 would be, if they were there.
    assert_eq!(code(Kind::Tiff, &file), "unreadable");
    for at in [24 + 2 * 20 + 4, 24 + 3 * 20 + 4] {
        file[at..at + 8].copy_from_slice(&(1u64 << 20).to_le_bytes());
    }
    assert_eq!(code(Kind::Tiff, &file), "truncated");
    let far = [&b"II\x2B\0\x08\0\0\0"[..], &(1u64 << 60).to_le_bytes()].concat();
    assert_eq!(code(Kind::Tiff, &far), "truncated");
}

#[test]
fn one_page_of_a_tiff_can_be_made_the_first() {
    let mut file = tiff(&[Page::default(), Page { width: 7, ..Page::default() }], None);
    let mut bytes = Bytes::new(Cursor::new(&file), Kind::Tiff).unwrap();
    let pages = tiff::pages(&mut bytes, &Limits::default()).unwrap();
    assert_eq!(pages.len(), 2);
    tiff::make_first(&mut file, pages[1]);
    assert_eq!(walked(Kind::Tiff, &file), Ok(Some(1)));
}

#[test]
fn pdf_must_have_its_tail() {
    let whole = b"%PDF-1.4\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n27\n%%EOF\n";
    assert_eq!(walked(Kind::Pdf, whole), Ok(None));
    assert_eq!(code(Kind::Pdf, &whole[..40]), "truncated");
    // The trailer near the front of a linearised file does not make a whole of half of it.
    let half =
        b"%PDF-1.4\n1 0 obj<</Linearized 1/L 99999/N 1>>endobj\nstartxref\n0\n%%EOF\n2 0 obj";
    assert_eq!(code(Kind::Pdf, half), "truncated");
    let mut padded = whole.to_vec();
    padded.extend([0; 4096]);
    assert_eq!(walked(Kind::Pdf, &padded), Ok(None));
}

proptest::proptest! {
    /// Whatever strangers change in a file, the walk ends with an answer.
    #[test]
    fn changed_files_do_not_panic(which in 0usize..5, changes in proptest::collection::vec((0usize..400, 0u8..=255), 1..12)) {
        let (kind, mut bytes) = match which {
            0 => (Kind::Jpeg, jpeg(64, 48)),
            1 => (Kind::Png, png(&[(b"tEXt", 20)], 20, 10)),
            2 => (Kind::Webp, webp(20, 10)),
            3 => (Kind::Bmp, bmp(3, 2, 24)),
            _ => (Kind::Tiff, tiff(&[Page::default(), Page::default()], None)),
        };
        let length = bytes.len();
        for (at, value) in changes {
            bytes[at % length] = value;
        }
        let _ = walked(kind, &bytes);
    }
}
