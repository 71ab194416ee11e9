//! How answers grow with pages, drawn: both axes by powers of ten, so that what grows as the pages
//! do is a line as steep as the dashed one.

use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const BELOW: f64 = 40.0;
const ABOVE: f64 = 24.0;
const RIGHT: f64 = 150.0;

/// The drawing as SVG: of each number of pages p50, p99 and the p50 of bare tantivy, in milliseconds.
pub(crate) fn growth(grown: &[(u32, Vec<f64>)]) -> String {
    let pages = || grown.iter().map(|(count, _)| f64::from(*count).log10());
    let times = || grown.iter().flat_map(|(_, times)| times).map(|time| time.max(1e-3).log10());
    let (from, to) = (least(pages()).floor(), most(pages()).ceil());
    let (low, high) = (least(times()).floor(), most(times()).ceil());
    let x = |value: f64| LEFT + (value - from) / (to - from).max(1.0) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| {
        HEIGHT - BELOW - (value - low) / (high - low).max(1.0) * (HEIGHT - BELOW - ABOVE)
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"Time of an answer over \
         the number of pages\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for power in range(from, to) {
        let at = x(power);
        let (top, bottom) = (ABOVE, HEIGHT - BELOW);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {top}V{bottom}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            10f64.powf(power)
        );
    }
    for power in range(low, high) {
        let at = y(power);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" \
             text-anchor=\"end\">{} ms</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            10f64.powf(power)
        );
    }
    let start = grown.first().map_or(low, |(_, times)| times[0].max(1e-3).log10());
    let steps = (high - start).min(to - from);
    let _ = writeln!(
        out,
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#888\" stroke-dasharray=\"4 4\" fill=\"none\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" fill=\"#666\">as the pages</text>",
        x(from),
        y(start),
        x(from + steps),
        y(start + steps),
        x(from + steps) + 6.0,
        y(start + steps) + 4.0
    );
    let series = [("p50", "#1e4167", 0), ("p99", "#b0301d", 1), ("bare tantivy, p50", "#777", 2)];
    for (name, colour, which) in series {
        let places = grown.iter().map(|(count, times)| {
            (x(f64::from(*count).log10()), y(times[which].max(1e-3).log10()))
        });
        let places: Vec<(f64, f64)> = places.collect();
        let line: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = writeln!(
            out,
            "<path d=\"M{}\" stroke=\"{colour}\" stroke-width=\"2\" fill=\"none\"/>",
            line.join("L")
        );
        for (x, y) in &places {
            let _ =
                writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>");
        }
        if let Some((x, y)) = places.last() {
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
                x + 8.0,
                y + 4.0
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NEG_INFINITY, f64::max)
}

/// The whole powers of ten from one to another.
fn range(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (from as i32..=to as i32).map(f64::from)
}
