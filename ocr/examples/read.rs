//! Prints the lines of the given images: `read MODELS THREADS IMAGE…`.

use std::time::Instant;

use yidang_ocr::{Engine, Models, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(models), Some(threads)) = (arguments.next(), arguments.next()) else {
        return Err("usage: read MODELS THREADS IMAGE...".into());
    };
    let started = Instant::now();
    let engine = Engine::load(&Models::in_dir(models), threads.parse()?)?;
    eprintln!("models loaded in {:.2?}", started.elapsed());
    for path in arguments {
        let image = image::ImageReader::open(&path)?.with_guessed_format()?.decode()?.to_rgb8();
        let started = Instant::now();
        let page = engine.read(&image, &Settings::default())?;
        println!("# {path}: {}x{}, turned {}", page.width, page.height, page.turned);
        for line in &page.lines {
            println!("{:?}\t{:.3}\t{}", line.bbox, line.confidence, line.text);
        }
        eprintln!("{path}: {} lines in {:.2?}", page.lines.len(), started.elapsed());
    }
    Ok(())
}
