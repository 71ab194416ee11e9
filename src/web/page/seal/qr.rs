//! A text as a QR code: SVG of one path, black squares with the quiet zone a
//! reader needs. Pure.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// The empty squares around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code of a text, with as much redundancy as its size allows; none when
/// the text is too long for any.
pub fn svg(text: &str) -> Option<String> {
    let code = [EcLevel::M, EcLevel::L]
        .into_iter()
        .find_map(|level| QrCode::with_error_correction_level(text, level).ok())?;
    let (side, colours) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colours.chunks(side).enumerate() {
        let mut x = 0;
        while x < side {
            let dark = row[x..].iter().take_while(|colour| **colour == Color::Dark).count();
            if dark > 0 {
                // Writing to a String does not fail.
                let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
            }
            x += dark.max(1);
        }
    }
    let whole = side + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\"{path}\"></path></svg>"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The squares of a drawn code, as a reader sees them: eight pixels each.
    fn seen(svg: &str) -> (usize, Vec<bool>) {
        let (_, rest) = svg.split_once("viewBox=\"0 0 ").unwrap();
        let side: usize = rest.split(' ').next().unwrap().parse().unwrap();
        let (_, path) = svg.split_once(" d=\"").unwrap();
        let mut dark = vec![false; side * side];
        for run in path.split('"').next().unwrap().split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let wide = rest.split('v').next().unwrap();
            let [x, y, wide] = [x, y, wide].map(|number| number.parse::<usize>().unwrap());
            dark[y * side + x..y * side + x + wide].fill(true);
        }
        (side, dark)
    }

    #[test]
    fn a_reader_reads_the_note_back() {
        let signature = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=";
        let mut note =
            "archive.example.gov.cn/j016\n184220\nfB6aQNL4axMFzkGqk9foskDJpL4XXQij8XBMGO1iuQ=\n\n"
                .to_owned();
        for witnesses in 0..4 {
            note.push_str(&format!("— witness-{witnesses}.example.gov.cn/档案局 {signature}\n"));
            let (side, dark) = seen(&svg(&note).unwrap());
            let at = |x: usize, y: usize| if dark[y / 8 * side + x / 8] { 0 } else { 255 };
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 8, side * 8, at);
            let (_, read) = image.detect_grids().pop().unwrap().decode().unwrap();
            assert_eq!(read, note);
        }
        assert_eq!(svg(&"x".repeat(3000)), None, "too long for any code");
    }
}
