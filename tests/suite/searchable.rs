//! A document as a PDF that can be searched in any viewer.

use std::process::Command;
use std::sync::Once;

use yidang::extract::{Alternative, Line};
use yidang::searchable::{Sheet, searchable};
use yidang::view;

use crate::files::{encoded, page, paper};
use crate::harness::{Archive, Sql, Store, ZHOU, not_tested};

/// Lines as a recogniser gives them, on a page of 1654 by 2339 pixels: one level, one that rises, one that runs down, and one
/// of two widths of characters.
fn lines() -> Vec<Line> {
    let line = |text: &str, place: &dyn Fn(u32) -> [u32; 4]| {
        let chars: Vec<[u32; 4]> = (0..).zip(text.chars()).map(|(at, _)| place(at)).collect();
        let alternatives = vec![Alternative { at: 0, text: '明', probability: 0.1 }];
        Line { text: text.into(), bbox: chars[0], confidence: 0.9, chars, alternatives }
    };
    vec![
        line("城市居民最低生活保障待遇申请审批表", &|at| {
            [300 + 60 * at, 200, 60, 60]
        }),
        line("户主姓名周桂兰家住柳桥街道", &|at| [200 + 40 * at, 400 + at, 40, 42]),
        line("家庭成员情况", &|at| [100, 700 + 44 * at, 40, 44]),
        line("身份证号990102195704129284", &|at| {
            if at < 4 { [600 + 40 * at, 900, 40, 40] } else { [760 + 20 * (at - 4), 900, 20, 40] }
        }),
        line("𠮷林", &|at| [600 + 40 * at, 1000, 40, 40]),
    ]
}

/// What poppler reads in a PDF, or none where it is not installed.
fn read_by_poppler(bytes: &[u8], arguments: &[&str]) -> Option<String> {
    static SAID: Once = Once::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, bytes).unwrap();
    match Command::new("pdftotext").args(arguments).arg(&file).arg("-").output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(_) => {
            not_tested(&SAID, "searchable PDFs by poppler: pdftotext is not installed");
            None
        }
    }
}

#[test]
fn every_line_is_found_whole_and_without_blanks() {
    let jpeg = encoded(&page(827, 1170), image::ImageFormat::Jpeg);
    let lines = lines();
    let sheet =
        || Sheet { jpeg: jpeg.clone(), picture: (827, 1170), size: (1654, 2339), lines: &lines };
    let bytes = searchable(vec![sheet(), sheet()]).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    assert_eq!(document.get_pages().len(), 2);
    for arguments in [&["-raw"][..], &["-layout"], &[]] {
        let Some(text) = read_by_poppler(&bytes, arguments) else { return };
        for line in &lines {
            assert_eq!(text.matches(&line.text).count(), 2, "{arguments:?} {}: {text}", line.text);
        }
    }
}

#[test]
fn what_is_found_is_marked_where_it_stands() {
    let jpeg = encoded(&page(827, 1170), image::ImageFormat::Jpeg);
    let lines = lines();
    let sheet = Sheet { jpeg, picture: (827, 1170), size: (1654, 2339), lines: &lines };
    let bytes = searchable(vec![sheet]).unwrap();
    let Some(boxes) = read_by_poppler(&bytes, &["-bbox"]) else { return };
    // In points of a page 841.89 high: 0.36 a pixel.
    let word = boxes.lines().find(|line| line.contains(">身份证号")).unwrap();
    let number = |name: &str| -> f64 {
        let rest = word.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let scale = 841.89 / 2339.0;
    for (name, pixels) in [("xMin", 600.0), ("xMax", 1120.0), ("yMin", 900.0), ("yMax", 940.0)] {
        assert!((number(name) - pixels * scale).abs() < 3.0, "{name}: {word}");
    }
}

#[tokio::test]
async fn a_document_leaves_as_a_searchable_file_and_that_is_noted() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let bytes = paper(&[&["低保申请书", "槐荫里十二号"], &["收入证明", "退休金八百元"]]);
    let id = archive.take(ZHOU, "a.pdf", &bytes).await.unwrap().document;
    archive.settle().await;
    let made = view::searchable(&archive.app, &archive.bureau(), id).await.unwrap();
    assert_eq!(lopdf::Document::load_mem(&made).unwrap().get_pages().len(), 2);
    if let Some(text) = read_by_poppler(&made, &[]) {
        let (first, second) = text.split_once('\u{c}').unwrap();
        assert!(first.contains("槐荫里十二号") && second.contains("退休金八百元"), "{text}");
    }
    archive.app.looks.flush().await.unwrap();
    let mut tx = archive.app.db.read().await.unwrap();
    let downloads = tx
        .number("SELECT COUNT(*) FROM look WHERE kind = 'download'", yidang::args![])
        .await
        .unwrap();
    assert_eq!(downloads, 1);
    drop(tx);
    // Nobody gets what they may not see.
    let other = archive.other_clerk();
    assert!(view::searchable(&archive.app, &other, id).await.is_err());
}
