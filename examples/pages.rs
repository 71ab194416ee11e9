//! Writes every sample page as HTML with its assets, to be looked at.
//!
//! `cargo run --example pages OUTDIR`, then serve OUTDIR with any static file
//! server; the addresses in the pages start at its root. The scans are drawn here.

use image::{Rgb, RgbImage};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use yidang::web::{assets, page};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("usage: pages OUTDIR")?);
    fs::create_dir_all(out.join("assets"))?;
    for asset in assets::all() {
        fs::write(out.join(asset.url.trim_start_matches('/')), &asset.body)?;
    }
    let drawn = page::gallery()?;
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>pages</title>");
    for sample in &drawn {
        fs::write(out.join(format!("{}.html", sample.name)), &sample.html)?;
        index.push_str(&format!("<p><a href=/{0}.html>{0}</a>", sample.name));
        for image in images(&sample.html) {
            draw(&out.join(image))?;
        }
    }
    fs::write(out.join("index.html"), index)?;
    println!("{} pages in {}", drawn.len(), out.display());
    Ok(())
}

/// Paths of the page images a page names.
fn images(html: &str) -> Vec<&str> {
    html.split("src=\"/")
        .skip(1)
        .filter_map(|rest| rest.split('?').next())
        .filter(|p| p.ends_with(".jpg"))
        .collect()
}

/// A form with ruled cells and strokes where words would stand.
fn draw(path: &Path) -> Result<(), Box<dyn Error>> {
    if path.exists() {
        return Ok(());
    }
    let (width, height) = (900u32, 1273u32);
    let mut scan = RgbImage::from_pixel(width, height, Rgb([243, 240, 232]));
    let ink = Rgb([52, 50, 46]);
    fill(&mut scan, [250, 84, 400, 22], ink);
    for (row, y) in (160..1180).step_by(56).enumerate() {
        fill(&mut scan, [60, y, 780, 2], ink);
        for cell in 0..4 {
            let x = 60 + cell * 195;
            fill(&mut scan, [x, y, 2, 56], ink);
            let length = 40 + (row as u32 * 37 + cell * 61) % 110;
            fill(&mut scan, [x + 24, y + 20, length, 14], Rgb([72, 82, 110]));
        }
        fill(&mut scan, [838, y, 2, 56], ink);
    }
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    scan.save(path)?;
    Ok(())
}

fn fill(scan: &mut RgbImage, [x, y, w, h]: [u32; 4], colour: Rgb<u8>) {
    for row in y..(y + h).min(scan.height()) {
        for column in x..(x + w).min(scan.width()) {
            scan.put_pixel(column, row, colour);
        }
    }
}
