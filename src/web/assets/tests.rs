//! What the style sheet and the scripts promise: contrast, size, strictness.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use std::collections::HashMap;

fn css() -> &'static str {
    &ASSETS.iter().find(|asset| asset.name == "style.css").unwrap().body
}

/// The colours of a `:root` block by name.
fn tokens(block: &str) -> HashMap<&str, [f64; 3]> {
    let declared = block.split(';').filter_map(|rule| rule.split_once("--")?.1.split_once(':'));
    declared.filter_map(|(name, value)| Some((name, channels(value.trim())?))).collect()
}

fn channels(value: &str) -> Option<[f64; 3]> {
    let hex = value.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let channel =
        |at: usize| Some(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()? as f64 / 255.0);
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] =
        colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Every pair that occurs on screen: text, ground, least contrast.
fn pairs() -> Vec<(&'static str, &'static str, f64)> {
    let mut pairs = Vec::new();
    for ground in ["paper", "sheet", "sunk"] {
        for text in ["ink", "ink2", "ink3", "pen", "seal", "ok", "due"] {
            pairs.push((text, ground, 4.5));
        }
        pairs.push(("edge", ground, 3.0));
    }
    for text in ["ink", "ink2", "ink3", "pen", "seal", "ok", "due"] {
        pairs.push((text, "penwash", 4.5));
    }
    for (text, ground) in [
        ("seal", "sealwash"),
        ("ok", "okwash"),
        ("due", "duewash"),
        ("ink", "sealwash"),
        ("ink", "okwash"),
        ("ink", "duewash"),
        ("pen", "sealwash"),
        ("pen", "okwash"),
        ("pen", "duewash"),
        ("ink", "mark"),
        ("sheet", "ink"),
        ("sheet", "pen"),
    ] {
        pairs.push((text, ground, 4.5));
    }
    pairs
}

#[test]
fn contrast_holds_in_light_and_dark() {
    let roots: Vec<&str> =
        css().split(":root{").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    let light = tokens(roots[0]);
    let dark = tokens(roots[1]);
    assert!(light.len() >= 17 && dark.len() >= 17, "the tokens are read from the sheet");
    for (name, colours) in [("light", &light), ("dark", &dark)] {
        for (text, ground, least) in pairs() {
            let got = contrast(colours[text], colours[ground]);
            assert!(got >= least, "{name}: {text} on {ground} is {got:.2}, wanted {least}");
        }
    }
    // Two numbers of the design, so that the arithmetic itself is held.
    assert_eq!(format!("{:.2}", contrast(light["ink"], light["paper"])), "13.15");
    assert_eq!(format!("{:.2}", contrast(dark["ink"], dark["mark"])), "5.85");
}

#[test]
fn sizes_stay_small() {
    for page in crate::web::page::gallery().unwrap() {
        let sheets = ASSETS.iter().filter(|asset| asset.name.ends_with(".css"));
        let used = sheets.filter(|asset| page.html.contains(&asset.url));
        let bytes: usize = used.map(|asset| asset.body.len()).sum();
        assert!(bytes > 0 && bytes <= 32 * 1024, "{} has {bytes} bytes of styles", page.name);
    }
    let scripts: usize = ASSETS
        .iter()
        .filter(|asset| asset.name.ends_with(".js"))
        .map(|asset| asset.body.len())
        .sum();
    assert!(scripts <= 40 * 1024, "the scripts together are {scripts} bytes");
}

#[test]
fn squeezing_keeps_the_meaning() {
    let loose = "/* a */ a  >  b , c:hover { color : red; margin: 0  auto }\n/* b */ @media (max-width: 1px) { i { x: calc(1px - 2px) } }";
    assert_eq!(
        squeeze(loose),
        "a>b,c:hover{color :red;margin:0 auto}@media (max-width:1px){i{x:calc(1px - 2px)}}"
    );
    for asset in ASSETS.iter().filter(|asset| asset.name.ends_with(".css")) {
        assert_eq!(asset.body.matches('{').count(), asset.body.matches('}').count());
        assert!(!asset.body.contains("/*"));
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere_and_nothing_is_evaluated() {
    for asset in all() {
        for word in [
            "http:",
            "https:",
            "@import",
            "url(",
            "eval(",
            "innerHTML",
            "document.write",
            "setAttribute('style'",
        ] {
            assert!(!asset.body.contains(word), "{} has {word}", asset.name);
        }
    }
}

#[test]
fn imports_name_the_hashed_address() {
    for asset in all() {
        assert!(!asset.body.contains("'./"), "{} imports by a name that may go stale", asset.name);
        assert_eq!(url(asset.name), asset.url);
    }
    assert!(all().iter().any(|asset| asset.body.contains(url("keys.js"))));
    assert_eq!(url("nothing.js"), "/assets/missing");
}

#[tokio::test]
async fn an_asset_is_kept_for_ever_and_an_unknown_one_is_not_found() {
    let name = url("app.js").trim_start_matches("/assets/").to_owned();
    let answer = serve(Path(name)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(serve(Path("app.js".to_owned())).await.status(), StatusCode::NOT_FOUND);
}
