//! Every page, with every sample, in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod controls;

use super::*;
use crate::web::{assets, keys};
use askama::Template;
use std::collections::HashSet;

/// A start tag: its name, and its attributes with their values.
type Tag = (String, Vec<(String, String)>);

/// Start tags of a page, with text left out.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, after) = read_tag(rest);
            tags.push(tag);
            rest = after;
        }
    }
    tags
}

/// Reads one start tag; an attribute value must stand in double quotes.
fn read_tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_whitespace() || c == '>').expect("a tag ends");
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return ((name.to_owned(), attributes), after);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .expect("an attribute ends");
        let (attribute, after) = rest.split_at(end);
        let mut value = "";
        rest = after;
        if let Some(after) = after.strip_prefix("=\"") {
            (value, rest) = after.split_once('"').expect("a value ends");
        } else {
            assert!(!after.starts_with('='), "{name} has an unquoted {attribute}");
        }
        attributes.push((attribute.to_owned(), value.to_owned()));
    }
}

fn each(check: impl Fn(&Drawn)) {
    let drawn = gallery().expect("every sample draws");
    assert!(drawn.len() >= 2 * 12 * 2, "every page has samples");
    drawn.iter().for_each(check);
}

#[test]
fn tags_open_and_close_in_order() {
    const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];
    each(|page| {
        let mut open: Vec<String> = Vec::new();
        for part in page.html.split('<').skip(1) {
            let name: String = part
                .chars()
                .skip_while(|c| *c == '/')
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if part.starts_with('/') {
                assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{} at </{part}", page.name);
            } else if !name.is_empty() && !VOID.contains(&name.as_str()) {
                open.push(name);
            }
        }
        assert_eq!(open, Vec::<String>::new(), "{}", page.name);
    });
}

#[test]
fn ids_are_unique_and_what_is_named_exists() {
    each(|page| {
        let mut ids = HashSet::new();
        let mut named = Vec::new();
        for (_, attributes) in tags(&page.html) {
            for (attribute, value) in attributes {
                match attribute.as_str() {
                    "id" => assert!(ids.insert(value.clone()), "{} has #{value} twice", page.name),
                    "for" | "popovertarget" | "aria-labelledby" => named.push(value),
                    _ => {}
                }
            }
        }
        for id in named {
            assert!(ids.contains(&id), "{} names #{id}, which is not there", page.name);
        }
    });
}

#[test]
fn nothing_is_inline_and_nothing_is_foreign() {
    each(|page| {
        for (tag, attributes) in tags(&page.html) {
            for (attribute, value) in &attributes {
                assert!(
                    attribute != "style" && !attribute.starts_with("on"),
                    "{}: {tag} {attribute}",
                    page.name
                );
                if ["href", "src", "srcset", "action"].contains(&attribute.as_str()) {
                    let ours = value.starts_with('#')
                        || value == "data:,"
                        || (value.starts_with('/') && !value.starts_with("//"));
                    assert!(ours, "{}: {tag} {attribute}={value}", page.name);
                }
            }
            let has = |wanted: &str| {
                attributes.iter().any(|(name, value)| name == wanted && !value.is_empty())
            };
            assert!(tag != "script" || has("src"), "{} has an inline script", page.name);
            assert!(
                tag != "style" || has("nonce"),
                "{} has a style block without nonce",
                page.name
            );
            assert!(
                tag != "img" || attributes.iter().any(|(name, _)| name == "alt"),
                "{}: img without alt",
                page.name
            );
        }
        assert!(!page.html.contains("javascript:") && !page.html.contains("http"), "{}", page.name);
    });
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    each(|page| {
        for form in page.html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or(form);
            let posts = form.split('>').next().is_some_and(|head| head.contains("method=\"post\""));
            assert!(
                !posts || form.contains("name=\"csrf\" value=\"sample-token\""),
                "{}: {form}",
                page.name
            );
        }
    });
}

#[test]
fn a_page_has_one_first_heading_and_speaks_its_language() {
    each(|page| {
        let of = |wanted: &str| tags(&page.html).iter().filter(|(tag, _)| tag == wanted).count();
        assert_eq!((of("h1"), of("main")), (1, 1), "{}", page.name);
        let printed = page.name.starts_with("print");
        let lang = if printed { "zh-CN" } else { page.lang.tag() };
        assert!(page.html.contains(&format!("<html lang=\"{lang}\">")), "{}", page.name);
    });
}

/// Text and attribute values people read, without tags.
fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text
}

#[test]
fn no_blank_is_typed_between_a_number_and_its_unit() {
    const UNITS: &str = "件页户份条版处项卷次行张";
    each(|page| {
        if page.lang != Lang::Zh {
            return;
        }
        let chars: Vec<char> = text(&page.html).chars().collect();
        for window in chars.windows(3) {
            let [before, ' ', after] = *window else {
                continue;
            };
            let typed = (before.is_ascii_digit() && UNITS.contains(after))
                || (before == '第' && after.is_ascii_digit());
            assert!(!typed, "{} writes {before} {after}", page.name);
        }
    });
}

#[test]
fn what_people_typed_is_escaped() {
    let mut page = overview::Overview::samples().remove(0);
    page.frame.person = "<script>alert(1)</script>\"'&".to_owned();
    page.waiting[0].name = "<img src=x onerror=alert(1)>".to_owned();
    let html = page.render().unwrap();
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
}

fn declared<P: Page>() -> (String, &'static [&'static Key]) {
    let html: Vec<String> = P::samples().iter().map(|page| page.render().unwrap()).collect();
    (html.join("\n"), P::KEYS)
}

#[test]
fn every_key_is_bound_and_shown() {
    let scripts: String = assets::all()
        .iter()
        .filter(|asset| asset.name.ends_with(".js"))
        .map(|asset| asset.body.as_str())
        .collect();
    let screens = [
        declared::<overview::Overview>(),
        declared::<intake::Intake>(),
        declared::<search::Search>(),
        declared::<households::Households>(),
        declared::<household::Household>(),
        declared::<volumes::Volumes>(),
        declared::<volume::Volume>(),
        declared::<viewer::Viewer>(),
        declared::<audit::Audit>(),
        declared::<entry::EntryPage>(),
        declared::<history::History>(),
        declared::<check::Check>(),
        declared::<jobs::Jobs>(),
        declared::<people::People>(),
        declared::<lending::Lendings>(),
        declared::<lending::one::Lending>(),
        declared::<error::ErrorPage>(),
    ];
    for (html, of_screen) in screens {
        for key in of_screen.iter().chain(keys::EVERYWHERE) {
            let act = key.act;
            let listed = format!("data-press=\"{}\" data-do=\"{act}\"", key.press);
            assert!(html.contains(&listed), "{act} is not in the help");
            let by_element = html.contains(&format!("data-act=\"{act}\""));
            let by_script = scripts.contains(&format!("on('{act}'"));
            assert!(by_element || by_script, "{act} does nothing on its screen");
        }
        let listed = html.matches("data-press=").count();
        let samples = html.matches("<!doctype html>").count();
        assert_eq!(
            listed,
            samples * (of_screen.len() + keys::EVERYWHERE.len()),
            "a key is listed that is not declared"
        );
    }
}
