//! Files from strangers, through the real child process.
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use image::ImageFormat;
use tempfile::TempDir;
use yidang::extract::{
    Cost, Error, Inspected, Kind, Limits, NO_MODELS, PageReading, Reader, Source,
};

use crate::files::{
    Sheet, bomb_picture, encoded, jpeg_picture, locked, page, pdf, photo, raw_pdf, saved, tiff,
};

/// A folder for files, and a reader whose child is the program under test.
struct Desk {
    folder: TempDir,
    reader: Reader,
}

impl Desk {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let mut reader = Reader::new(limits);
        reader.program = env!("CARGO_BIN_EXE_yidang").into();
        Desk { folder: tempfile::tempdir().unwrap(), reader }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A program to be started instead of the page reader.
    fn impostor(&mut self, script: &str) {
        let path = self.file("impostor", format!("#!/bin/sh\n{script}\n").as_bytes());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        self.reader.program = path;
    }

    async fn inspect(&self, bytes: &[u8]) -> Result<Inspected, Error> {
        self.reader.inspect(&self.file("scan.jpg", bytes)).await
    }

    async fn code(&self, bytes: &[u8]) -> &'static str {
        self.inspect(bytes).await.map_or_else(|error| error.code(), |_| "fine")
    }

    async fn read(&self, kind: Kind, bytes: &[u8]) -> Result<Vec<PageReading>, Error> {
        let path = self.file("scan", bytes);
        let mut last = 0;
        let reading = self.reader.read(&path, kind, |progress| last = progress.done).await?;
        assert_eq!(last as usize, reading.pages.len(), "progress is told for every page");
        for (index, page) in reading.pages.iter().enumerate() {
            assert_eq!(page.page as usize, index + 1);
        }
        Ok(reading.pages)
    }

    async fn picture(
        &self,
        kind: Kind,
        bytes: &[u8],
        page: u32,
        turned: u16,
        width: u32,
    ) -> image::RgbImage {
        let path = self.file("scan", bytes);
        let jpeg = self.reader.page_image(&path, kind, page, turned, width).await.unwrap();
        image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
    }
}

const FORM: [&str; 3] =
    ["最低生活保障申请表", "户主姓名：周桂兰", "身份证号码：99010219560412001X"];

fn form() -> Sheet {
    FORM.iter().enumerate().fold(Sheet::default(), |sheet, (index, line)| {
        sheet.text(line, 20.0, 72.0, 700.0 - 40.0 * index as f32)
    })
}

fn is_dark(image: &image::RgbImage, x: u32, y: u32) -> bool {
    image.get_pixel(x, y).0[0] < 100
}

#[tokio::test]
async fn kinds_are_known_whatever_the_name() {
    let desk = Desk::new();
    let image = page(64, 48);
    for (kind, pages, bytes) in [
        (Kind::Jpeg, 1, encoded(&image, ImageFormat::Jpeg)),
        (Kind::Png, 1, encoded(&image, ImageFormat::Png)),
        (Kind::Webp, 1, encoded(&image, ImageFormat::WebP)),
        (Kind::Bmp, 1, encoded(&image, ImageFormat::Bmp)),
        (Kind::Tiff, 3, tiff(&[(64, 48), (32, 32), (48, 64)])),
        (Kind::Pdf, 2, saved(pdf(vec![form(), form()]))),
    ] {
        assert_eq!(desk.inspect(&bytes).await, Ok(Inspected { kind, pages }));
        // Every kind is taken for what it is in the half of it that arrived.
        assert_eq!(desk.code(&bytes[..bytes.len() / 2]).await, "truncated", "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_no_scan_is_refused() {
    let desk = Desk::with(Limits { bytes: 1000, ..Limits::default() });
    assert_eq!(desk.code(b"").await, "empty");
    assert_eq!(desk.code(b"x").await, "not_a_document");
    assert_eq!(desk.code(b"<html><script>alert(1)</script>").await, "not_a_document");
    assert_eq!(desk.code(b"%!PS-Adobe-3.0 (%stdout) (w) file").await, "not_a_document");
    assert_eq!(
        desk.inspect(&[0xFF; 1001]).await,
        Err(Error::TooLarge { bytes: 1001, limit: 1000 })
    );
    let missing = desk.folder.path().join("gone");
    assert_eq!(desk.reader.inspect(&missing).await.unwrap_err().code(), "machine");
}

#[tokio::test]
async fn pdfs_behind_a_password_are_told_apart() {
    let desk = Desk::new();
    assert_eq!(desk.inspect(&locked(pdf(vec![form()]), "secret")).await, Err(Error::Encrypted));
    let open = locked(pdf(vec![form()]), "");
    assert_eq!(desk.inspect(&open).await, Ok(Inspected { kind: Kind::Pdf, pages: 1 }));
    assert_eq!(desk.read(Kind::Pdf, &open).await.unwrap()[0].text(), FORM.join("\n"));
}

#[tokio::test]
async fn page_trees_that_loop_swell_or_sink_do_no_harm() {
    let desk = Desk::new();
    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    let circle = raw_pdf(&[
        catalog,
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Pages/Count 1/Kids[2 0 R]>>",
    ]);
    assert_eq!(desk.code(&circle).await, "unreadable");
    let parent = raw_pdf(&[catalog, "<</Type/Pages/Count 1/Parent 2 0 R/Kids[2 0 R 2 0 R]>>"]);
    assert_eq!(desk.code(&parent).await, "unreadable");
    let million =
        format!("<</Type/Pages/Count 1000000/Kids[{}]>>", "<</Type/Page>>".repeat(1_000_000));
    let refused = desk.inspect(&raw_pdf(&[catalog, &million])).await;
    assert_eq!(refused, Err(Error::TooManyPages { pages: 1_000_000, limit: 2_000 }));
    let deep = format!("{}{}", "<</Type/Pages/Kids[".repeat(200_000), "]>>".repeat(200_000));
    assert_eq!(desk.code(&raw_pdf(&[catalog, &deep])).await, "unreadable");
    let xref = b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 9/Size 1>>\nstartxref\n9\n%%EOF\n";
    assert_eq!(desk.code(xref).await, "unreadable");
}

#[tokio::test]
async fn embedded_text_comes_with_boxes() {
    let desk = Desk::new();
    let pages = desk.read(Kind::Pdf, &saved(pdf(vec![form()]))).await.unwrap();
    let page = &pages[0];
    assert_eq!((page.source, page.text()), (Source::TextLayer, FORM.join("\n")), "{}", page.reason);
    assert_eq!((page.width, page.height), (1625, 2300));
    // 20 points at 72 points from the left and 700 from the bottom; a character is as wide as high.
    let scale = 2300.0 / 842.0;
    let line = &page.lines[0];
    assert_eq!(line.chars.len(), line.text.chars().count());
    let expected =
        [72.0, 842.0 - 700.0 - 0.88 * 20.0, 20.0, 20.0].map(|points: f64| points * scale);
    for (found, expected) in line.chars[0].iter().zip(expected) {
        assert!(
            (f64::from(*found) - expected).abs() <= 2.0,
            "{:?} is not near {expected:?}",
            line.chars[0]
        );
    }
    assert!(line.chars.windows(2).all(|pair| pair[0][0] + 50 < pair[1][0]));
}

#[tokio::test]
async fn scans_in_pdfs_are_left_to_the_recogniser() {
    let desk = Desk::new();
    let stamped = Sheet::default().image(jpeg_picture(&page(827, 1170))).text(
        "扫描件第三页",
        10.0,
        20.0,
        20.0,
    );
    let scan = Sheet::default().image(jpeg_picture(&page(827, 1170)));
    let pages = desk.read(Kind::Pdf, &saved(pdf(vec![form(), scan, stamped]))).await.unwrap();
    assert_eq!(pages[0].source, Source::TextLayer);
    // A scan waits for the recogniser, and so does one with a few words stamped on it.
    for page in &pages[1..] {
        assert_eq!((page.source, page.reason.as_str()), (Source::None, NO_MODELS));
        // The page image of a scan has the pixels of the scan.
        assert_eq!((page.width, page.height), (827, 1170));
    }
}

#[tokio::test]
async fn a_bomb_costs_its_page_and_not_the_file() {
    let desk = Desk::with(Limits { child_memory: 512 << 20, ..Limits::default() });
    let bomb = Sheet::default().image(bomb_picture(30_000, 2_700_000_000));
    let file = saved(pdf(vec![form(), bomb, form()]));
    let path = desk.file("bomb.pdf", &file);
    let started = Instant::now();
    let drawn = desk.reader.page_image(&path, Kind::Pdf, 2, 0, 900).await;
    let cost = Cost::Memory(512 << 20);
    assert_eq!(drawn, Err(Error::TooCostly { cost }));
    assert!(started.elapsed() < Duration::from_secs(60));
    let pages = desk.read(Kind::Pdf, &file).await.unwrap();
    assert_eq!(
        pages.iter().map(|page| page.source).collect::<Vec<_>>(),
        [Source::TextLayer, Source::None, Source::TextLayer]
    );
}

#[tokio::test]
async fn content_that_unpacks_without_end_is_an_error_of_its_page() {
    let desk = Desk::with(Limits { child_memory: 384 << 20, ..Limits::default() });
    let mut document = pdf(vec![form(), form(), form()]);
    let second = *document.get_pages().get(&2).unwrap();
    let content = document.get_page_contents(second)[0];
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), crate::files::zeros(3 << 30))
        .with_compression(false);
    stream.dict.set("Filter", "FlateDecode");
    document.objects.insert(content, stream.into());
    let pages = desk.read(Kind::Pdf, &saved(document)).await.unwrap();
    assert_eq!((pages[0].source, pages[2].source), (Source::TextLayer, Source::TextLayer));
    assert_eq!(pages[1].source, Source::None);
    assert!(pages[1].reason.contains("384 MB of memory"), "{}", pages[1].reason);
}

#[tokio::test]
async fn every_page_of_a_tiff_is_read() {
    let desk = Desk::new();
    let sizes = [(60, 40), (40, 60), (5000, 10)];
    let pages = desk.read(Kind::Tiff, &tiff(&sizes)).await.unwrap();
    let found: Vec<_> = pages.iter().map(|page| (page.width, page.height)).collect();
    assert_eq!(found, [(60, 40), (40, 60), (4000, 8)]);
    let second = desk.picture(Kind::Tiff, &tiff(&sizes), 2, 0, 900).await;
    assert_eq!(second.dimensions(), (40, 60));
    let path = desk.file("scan.tif", &tiff(&sizes));
    let beyond = desk.reader.page_image(&path, Kind::Tiff, 4, 0, 900).await;
    assert_eq!(beyond, Err(Error::NoSuchPage { page: 4, pages: 3 }));
}

#[tokio::test]
async fn a_page_that_cannot_be_decoded_does_not_fail_the_others() {
    let desk = Desk::new();
    let mut file = tiff(&[(60, 40), (40, 60), (30, 30)]);
    // An unknown compression (tag 259) on the second page.
    let entry = [0x03, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00];
    let places: Vec<usize> = (0..file.len() - 8).filter(|at| file[*at..at + 8] == entry).collect();
    assert_eq!(places.len(), 3);
    file[places[1] + 8] = 99;
    let pages = desk.read(Kind::Tiff, &file).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.width).collect::<Vec<_>>(), [60, 0, 30]);
    assert!(pages[1].reason.contains("damaged"), "{}", pages[1].reason);
}

#[tokio::test]
async fn photos_are_shown_as_the_camera_was_held() {
    let desk = Desk::new();
    // Held so that the camera's right is up: the corner at the top left of the sensor is at the top right of the picture.
    let file = photo(&page(400, 200), 6);
    let pages = desk.read(Kind::Jpeg, &file).await.unwrap();
    assert_eq!((pages[0].width, pages[0].height), (200, 400));
    let shown = desk.picture(Kind::Jpeg, &file, 1, 0, 900).await;
    assert_eq!(shown.dimensions(), (200, 400));
    assert!(is_dark(&shown, 180, 20) && !is_dark(&shown, 20, 20));
}

#[tokio::test]
async fn files_of_two_kinds_and_with_programs_inside_are_only_read() {
    let desk = Desk::new();
    let mut polyglot = encoded(&page(64, 48), ImageFormat::Jpeg);
    polyglot.extend(saved(pdf(vec![form()])));
    assert_eq!(desk.inspect(&polyglot).await.unwrap().kind, Kind::Jpeg);
    // A script, a program to launch and a file attached: nothing of it is run, the page is read.
    let mut document = pdf(vec![form()]);
    let attached =
        document.add_object(lopdf::Stream::new(lopdf::Dictionary::new(), b"MZ\x90\0".to_vec()));
    let catalog = document.catalog_mut().unwrap();
    catalog.set(
        "OpenAction",
        lopdf::dictionary! { "S" => "Launch", "F" => lopdf::Object::string_literal("/bin/sh") },
    );
    catalog.set("AA", lopdf::dictionary! { "S" => "JavaScript", "JS" => lopdf::Object::string_literal("app.alert(1)") });
    catalog.set("EmbeddedFiles", attached);
    let pages = desk.read(Kind::Pdf, &saved(document)).await.unwrap();
    assert_eq!(pages[0].text(), FORM.join("\n"));
}

#[tokio::test]
async fn pictures_with_broken_insides_are_pages_not_read() {
    let desk = Desk::new();
    for (kind, format) in [(Kind::Webp, ImageFormat::WebP), (Kind::Png, ImageFormat::Png)] {
        let mut file = encoded(&page(64, 48), format);
        let length = file.len();
        for byte in &mut file[length / 2..length - 16] {
            *byte ^= 0x5A;
        }
        assert_eq!(desk.inspect(&file).await, Ok(Inspected { kind, pages: 1 }));
        let pages = desk.read(kind, &file).await.unwrap();
        assert_eq!((pages[0].source, pages[0].width), (Source::None, 0), "{kind:?}");
    }
}

#[tokio::test]
async fn a_page_stored_sideways_is_read_as_it_is_shown() {
    let desk = Desk::new();
    let mut document = pdf(vec![form()]);
    let first = *document.get_pages().get(&1).unwrap();
    document.get_dictionary_mut(first).unwrap().set("Rotate", 90);
    let file = saved(document);
    let pages = desk.read(Kind::Pdf, &file).await.unwrap();
    assert_eq!((pages[0].width, pages[0].height), (2300, 1625));
    // Shown turned clockwise, the lines run down and follow each other from right to left.
    assert_eq!(pages[0].text(), FORM.join("\n"));
    let boxes: Vec<_> = pages[0].lines.iter().map(|line| line.bbox).collect();
    assert!(boxes[0][3] > boxes[0][2] && boxes[0][0] > boxes[1][0], "{boxes:?}");
    assert_eq!(desk.picture(Kind::Pdf, &file, 1, 0, 2300).await.dimensions(), (2300, 1625));
}

#[tokio::test]
async fn page_images_are_turned_and_scaled() {
    let desk = Desk::new();
    let file = encoded(&page(1600, 800), ImageFormat::Png);
    let thumbnail = desk.picture(Kind::Png, &file, 1, 0, 160).await;
    assert_eq!(thumbnail.dimensions(), (160, 80));
    assert!(is_dark(&thumbnail, 20, 10) && !is_dark(&thumbnail, 150, 10));
    let turned = desk.picture(Kind::Png, &file, 1, 90, 400).await;
    assert_eq!(turned.dimensions(), (400, 800));
    assert!(is_dark(&turned, 380, 20) && !is_dark(&turned, 20, 20));
    assert_eq!(desk.picture(Kind::Png, &file, 1, 180, 9000).await.dimensions(), (1600, 800));
    let drawn = desk.picture(Kind::Pdf, &saved(pdf(vec![form()])), 1, 0, 900).await;
    assert_eq!(drawn.width(), 900);
}

#[tokio::test]
async fn a_child_that_crashes_hangs_or_babbles_is_an_error() {
    let mut desk = Desk::with(Limits { seconds_per_page: 2, ..Limits::default() });
    let file = saved(pdf(vec![form()]));
    for (script, code) in [
        ("kill -SEGV $$", "unreadable"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", "too_costly"),
        ("echo 'thread main has overflowed its stack' >&2; kill -ABRT $$", "unreadable"),
        ("exec sleep 60", "too_costly"),
        ("exec yes", "too_costly"),
        ("exit 3", "machine"),
    ] {
        desk.impostor(script);
        assert_eq!(desk.code(&file).await, code, "{script}");
    }
    desk.reader.program = desk.folder.path().join("no-such-program");
    assert_eq!(desk.code(&file).await, "machine");
}

#[tokio::test]
async fn the_child_is_given_the_file_and_little_else() {
    let mut desk = Desk::new();
    let said = desk.folder.path().join("said");
    let out = said.display();
    desk.impostor(&format!("env > {out}; readlink /proc/self/cwd >> {out}; head -c 5 >> {out}"));
    let _ = desk.inspect(&saved(pdf(vec![form()]))).await;
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.ends_with("/\n%PDF-"), "{said}");
    assert!(!said.contains("CARGO") && !said.contains("HOME"), "{said}");
}

#[tokio::test]
async fn dropping_a_reading_ends_its_child() {
    let mut desk = Desk::new();
    let note = desk.folder.path().join("pid");
    desk.impostor(&format!("echo $$ > {}; exec sleep 600", note.display()));
    let path = desk.file("scan.pdf", &saved(pdf(vec![form()])));
    let reading = desk.reader.read(&path, Kind::Pdf, |_| {});
    let _ = tokio::time::timeout(Duration::from_secs(1), reading).await;
    let pid = std::fs::read_to_string(note).unwrap();
    let process = PathBuf::from("/proc").join(pid.trim()).join("cmdline");
    let ended = || std::fs::read(&process).map_or(true, |line| line.is_empty());
    let deadline = Instant::now() + Duration::from_secs(10);
    while !ended() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(ended(), "the child lives on");
}
