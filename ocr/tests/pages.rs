//! Reads small pages with the real models. Needs the three model files, in the
//! folder named by `YIDANG_MODELS` or in `.local/models` of the workspace
//! (`tools/models.sh` puts them there); says so loudly when they are missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use image::{Rgb, RgbImage, imageops};
use yidang_ocr::{Engine, Error, Line, Models, Page, Settings, turn};

fn folder() -> PathBuf {
    std::env::var_os("YIDANG_MODELS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.local/models"),
        PathBuf::from,
    )
}

/// The engine, or `None` with a loud word when there are no models.
fn engine() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    let load = || {
        let models = Models::in_dir(folder());
        if !models.recognition.exists() {
            eprintln!(
                "SKIPPED: no recognition models in {}; run tools/models.sh",
                folder().display()
            );
            return None;
        }
        Some(Engine::load(&models, 2).expect("the models load"))
    };
    ENGINE.get_or_init(load).as_ref()
}

/// A form with a row of two cells, a red seal over its last line, drawn once
/// with a Chinese font and kept beside this file.
fn form() -> RgbImage {
    let bytes = include_bytes!("form.png");
    image::load_from_memory(bytes).unwrap().to_rgb8()
}

fn line<'a>(page: &'a Page, text: &str) -> &'a Line {
    let found = page.lines.iter().find(|line| line.text == text);
    found.unwrap_or_else(|| panic!("no line {text:?} in {:#?}", texts(page)))
}

fn texts(page: &Page) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

const BODY: [&str; 5] =
    ["低保申请登记表", "户主姓名", "周桂兰", "身份证号码", "990102196804120024"];

#[test]
fn a_form_is_read_row_by_row_whichever_way_up() {
    let Some(engine) = engine() else { return };
    for (scanned, expected) in [(0, 0), (90, 270), (180, 180), (270, 90)] {
        let page = engine.read(&turn(&form(), scanned), &Settings::default()).unwrap();
        assert_eq!(page.turned, expected);
        assert_eq!((page.width, page.height), form().dimensions());
        assert_eq!(texts(&page)[..5], BODY, "scanned at {scanned}");
    }
}

/// Every line of the form as it was read before crooked, small and upright
/// writing were looked at: a straight page must not be read otherwise.
const STRAIGHT: [([u32; 4], &str); 7] = [
    ([193, 27, 255, 39], "低保申请登记表"),
    ([95, 113, 118, 36], "户主姓名"),
    ([264, 111, 95, 40], "周桂兰"),
    ([84, 174, 143, 33], "身份证号码"),
    ([269, 177, 276, 28], "990102196804120024"),
    ([78, 306, 226, 31], "经办人签字盖章处"),
    ([200, 349, 118, 30], "档案专用章"),
];

#[test]
fn a_straight_page_is_read_as_ever() {
    let Some(engine) = engine() else { return };
    let page = engine.read(&form(), &Settings::default()).unwrap();
    let found: Vec<_> = page.lines.iter().map(|line| (line.bbox, line.text.as_str())).collect();
    assert_eq!(found, STRAIGHT);
}

/// `page` lying `degrees` to the right, whole on a larger lid.
fn crooked(page: &RgbImage, degrees: f64) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (w, h) = (f64::from(page.width()), f64::from(page.height()));
    let side = |a: f64, b: f64| (a * cos.abs() + b * sin.abs()).ceil();
    let (width, height) = (side(w, h), side(h, w));
    RgbImage::from_fn(width as u32, height as u32, |x, y| {
        let (x, y) = (f64::from(x) - width / 2.0, f64::from(y) - height / 2.0);
        let (x, y) = (x * cos + y * sin + w / 2.0, y * cos - x * sin + h / 2.0);
        let at = || imageops::interpolate_bilinear(page, x as f32, y as f32);
        let is_inside = x >= 0.0 && y >= 0.0 && x <= w - 1.0 && y <= h - 1.0;
        is_inside.then(at).flatten().unwrap_or(Rgb([214, 216, 212]))
    })
}

#[test]
fn a_crooked_page_is_read_row_by_row() {
    let Some(engine) = engine() else { return };
    for degrees in [3.0, -5.0, 10.0, -15.0f64] {
        let image = crooked(&form(), degrees);
        let page = engine.read(&image, &Settings::default()).unwrap();
        assert_eq!((page.width, page.height, page.turned), (image.width(), image.height(), 0));
        assert_eq!(texts(&page)[..5], BODY, "at {degrees} degrees");
        // The characters are where the crooked image has them.
        let (sin, cos) = degrees.to_radians().sin_cos();
        for (index, &[x, y, w, h]) in line(&page, "周桂兰").chars.iter().enumerate() {
            let (right, down) = (284.0 + 28.0 * index as f64 - 320.0, 131.0 - 210.0);
            let expected = (
                right * cos - down * sin + f64::from(image.width()) / 2.0,
                right * sin + down * cos + f64::from(image.height()) / 2.0,
            );
            let found = (f64::from(x) + f64::from(w) / 2.0, f64::from(y) + f64::from(h) / 2.0);
            let off = (found.0 - expected.0).hypot(found.1 - expected.1);
            assert!(off < 9.0, "character {index} at {found:?}, drawn at {expected:?}");
        }
    }
}

/// A page with a line of digits above, and `columns` of characters that are
/// cut out of the form, from the right.
fn written_down(read: &Page, columns: &[&str]) -> RgbImage {
    let mut page = RgbImage::from_pixel(640, 480, Rgb([250, 250, 246]));
    let form = form();
    let paste = |page: &mut RgbImage, [x, y, w, h]: [u32; 4], left: u32, top: u32| {
        let cut = imageops::crop_imm(&form, x, y, w, h).to_image();
        imageops::replace(page, &cut, i64::from(left), i64::from(top));
    };
    paste(&mut page, line(read, BODY[4]).bbox, 180, 30);
    for (index, column) in columns.iter().enumerate() {
        let mut top = 110;
        for &place in &line(read, column).chars {
            paste(&mut page, place, 420 - 90 * index as u32, top);
            top += place[3];
        }
    }
    page
}

#[test]
fn writing_that_runs_downwards_is_read_from_the_right() {
    let Some(engine) = engine() else { return };
    let read = engine.read(&form(), &Settings::default()).unwrap();
    let page = written_down(&read, &[BODY[0], BODY[3], BODY[1]]);
    let page = engine.read(&page, &Settings::default()).unwrap();
    assert_eq!(
        (page.width, page.height, page.turned),
        (640, 480, 0),
        "it does not lie on its side"
    );
    assert_eq!(texts(&page), [BODY[4], BODY[0], BODY[3], BODY[1]]);
    for column in &page.lines[1..] {
        let tops: Vec<u32> = column.chars.iter().map(|place| place[1]).collect();
        assert!(tops.is_sorted() && column.bbox[3] > 3 * column.bbox[2], "{column:?}");
    }
}

#[test]
fn a_seal_and_the_line_under_it_are_both_read() {
    let Some(engine) = engine() else { return };
    let page = engine.read(&form(), &Settings::default()).unwrap();
    line(&page, "经办人签字盖章处");
    let seal = line(&page, "档案专用章");
    assert!(seal.confidence > 0.8);
    let twice = texts(&page).iter().filter(|text| text.contains("专用章")).count();
    assert_eq!(twice, 1, "{:#?}", texts(&page));
}

#[test]
fn every_character_has_its_place() {
    let Some(engine) = engine() else { return };
    let page = engine.read(&form(), &Settings::default()).unwrap();
    for line in &page.lines {
        assert_eq!(line.chars.len(), line.text.chars().count());
        let [x, y, w, h] = line.bbox;
        let mut before = 0;
        for &[cx, cy, cw, ch] in &line.chars {
            assert!(cx >= x && cx + cw <= x + w + 1 && cy >= y && cy + ch <= y + h + 1, "{line:?}");
            assert!(cx + cw / 2 > before, "{line:?}");
            before = cx + cw / 2;
        }
    }
    // The drawn places of 周桂兰: 28 pixels each, from x = 270.
    for (index, &[x, _, w, _]) in line(&page, "周桂兰").chars.iter().enumerate() {
        let middle = 270 + 28 * index as u32 + 14;
        assert!(
            (x + w / 2).abs_diff(middle) <= 8,
            "character {index} at {x}+{w}, drawn at {middle}"
        );
    }
}

#[test]
fn limits_hold_and_blank_pages_are_empty() {
    let Some(engine) = engine() else { return };
    let blank = RgbImage::from_pixel(800, 600, Rgb([250, 250, 246]));
    let page = engine.read(&blank, &Settings::default()).unwrap();
    assert_eq!((page.width, page.height, page.turned), (800, 600, 0));
    assert!(page.lines.is_empty());
    assert!(engine.read(&RgbImage::new(0, 0), &Settings::default()).unwrap().lines.is_empty());

    let small = Settings { pixel_limit: 1000, ..Settings::default() };
    assert!(matches!(engine.read(&form(), &small), Err(Error::TooLarge { limit: 1000, .. })));
    let hasty = Settings { time_limit: Some(Duration::from_millis(1)), ..Settings::default() };
    assert!(matches!(engine.read(&form(), &hasty), Err(Error::TookTooLong { .. })));
}

#[test]
fn wrong_models_are_refused() {
    let missing = Engine::load(&Models::in_dir("no such folder"), 1);
    assert!(matches!(missing, Err(Error::Model { model: "detection", .. })));

    if engine().is_none() {
        return;
    }
    let right = Models::in_dir(folder());
    let swapped = Models { detection: right.recognition.clone(), ..right.clone() };
    assert!(matches!(Engine::load(&swapped, 1), Err(Error::Model { model: "detection", .. })));
    let swapped = Models { recognition: right.detection.clone(), ..right.clone() };
    assert!(matches!(Engine::load(&swapped, 1), Err(Error::Model { model: "recognition", .. })));
    let swapped = Models { orientation: right.recognition.clone(), ..right.clone() };
    assert!(matches!(Engine::load(&swapped, 1), Err(Error::Model { model: "orientation", .. })));

    let bytes = std::fs::read(&right.orientation).unwrap();
    let damaged = std::env::temp_dir().join(format!("yidang-ocr-{}.onnx", std::process::id()));
    for cut in [0, 10, bytes.len() / 2, bytes.len() - 100] {
        std::fs::write(&damaged, &bytes[..cut]).unwrap();
        let models = Models { orientation: damaged.clone(), ..right.clone() };
        assert!(matches!(Engine::load(&models, 1), Err(Error::Model { .. })), "cut at {cut}");
    }
    std::fs::remove_file(&damaged).unwrap();
}
