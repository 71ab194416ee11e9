//! What a page is operated with: every control has a name that can be read out, the order
//! of Tab is that of the page, and what scrolls sideways can be reached without a mouse.

use super::*;

/// Tags without an end.
const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];
/// Elements whose text is no name of what is around them.
const SILENT: [&str; 5] = ["option", "textarea", "script", "style", "kbd"];

/// A tag that is open, with the text in it so far and the fields it stands around.
struct Open {
    tag: Tag,
    text: String,
    fields: Vec<usize>,
}

fn value<'a>((_, attributes): &'a Tag, wanted: &str) -> &'a str {
    attributes.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
}

fn is_labelled(tag: &Tag) -> bool {
    ["aria-label", "aria-labelledby"].iter().any(|name| !value(tag, name).trim().is_empty())
}

/// Whether a label is for the field of this id.
fn is_called(labels: &HashSet<String>, id: &str) -> bool {
    !id.is_empty() && labels.contains(id)
}

/// The controls of a page that nothing names.
fn nameless(html: &str) -> Vec<Tag> {
    let labels: HashSet<String> =
        tags(html).iter().map(|tag| value(tag, "for").to_owned()).collect();
    let (mut open, mut fields, mut bare): (Vec<Open>, Vec<(Tag, bool)>, Vec<Tag>) =
        (Vec::new(), Vec::new(), Vec::new());
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if !open.iter().any(|one| SILENT.contains(&one.tag.0.as_str())) {
            open.iter_mut().for_each(|one| one.text.push_str(text.trim()));
        }
        rest = after;
        if rest.starts_with('/') {
            rest = rest.split_once('>').map_or("", |(_, after)| after);
            let Some(Open { tag, text, fields: around }) = open.pop() else { continue };
            // What neither Tab nor a reader comes to needs no name.
            let is_hidden = value(&tag, "aria-hidden") == "true" && value(&tag, "tabindex") == "-1";
            let is_named = !text.is_empty() || is_labelled(&tag) || is_hidden;
            match tag.0.as_str() {
                "label" if is_named => around.iter().for_each(|at| fields[*at].1 = true),
                "a" | "button" | "summary" if !is_named => bare.push(tag),
                _ => {}
            }
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, after) = read_tag(rest);
            rest = after;
            let is_field = match tag.0.as_str() {
                "input" => value(&tag, "type") != "hidden",
                name => ["select", "textarea"].contains(&name),
            };
            if is_field {
                let is_named = is_labelled(&tag) || is_called(&labels, value(&tag, "id"));
                open.iter_mut().for_each(|one| one.fields.push(fields.len()));
                fields.push((tag.clone(), is_named));
            }
            // A picture is read out as what it shows.
            let said = [value(&tag, "alt"), value(&tag, "aria-label")].concat();
            open.iter_mut().for_each(|one| one.text.push_str(&said));
            if !VOID.contains(&tag.0.as_str()) {
                open.push(Open { tag, text: String::new(), fields: Vec::new() });
            }
        }
    }
    bare.extend(fields.into_iter().filter(|(_, is_named)| !is_named).map(|(tag, _)| tag));
    bare
}

#[test]
fn a_control_without_a_name_is_seen() {
    let named = "<label>年 <input name=\"y\"></label><label for=\"q\">找</label><input id=\"q\">\
        <a href=\"/\"><img alt=\"档\"></a><button aria-label=\"关\"></button>";
    assert_eq!(nameless(named), []);
    for bare in [
        "<input name=\"y\">",
        "<label><select name=\"y\"><option>年</option></select></label>",
        "<button><kbd>P</kbd></button>",
        "<a href=\"/\"><span> </span></a>",
        "<label for=\"other\">年</label><textarea id=\"y\">字</textarea>",
    ] {
        assert_eq!(nameless(bare).len(), 1, "{bare}");
    }
}

#[test]
fn every_control_has_a_name() {
    each(|page| assert_eq!(nameless(&page.html), [], "{}", page.name));
}

#[test]
fn tab_goes_along_the_page_and_reaches_what_scrolls() {
    each(|page| {
        for tag in tags(&page.html) {
            let place = value(&tag, "tabindex");
            assert!(["", "0", "-1"].contains(&place), "{}: {tag:?}", page.name);
            if value(&tag, "class").split(' ').any(|class| class == "sideways") {
                let is_reached = place == "0" && value(&tag, "role") == "region";
                assert!(is_reached && is_labelled(&tag), "{}: {tag:?}", page.name);
            }
        }
    });
}
