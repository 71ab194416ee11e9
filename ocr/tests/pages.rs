//! Reads small pages with the real models. Needs the three model files, in the
//! folder named by `YIDANG_MODELS` or in `.local/models` of the workspace
//! (`tools/models.sh` puts them there); says so loudly when they are missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use image::{Rgb, RgbImage};
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
