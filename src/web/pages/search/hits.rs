//! The papers of a result: their text, fields and pictures with what was found marked.

use std::collections::BTreeSet;

use super::understood;
use crate::search::{self, FoundField, FoundPage};
use crate::web::lang::Lang;
use crate::web::page::part::{HouseholdRef, Look, Picture};
use crate::web::page::search::{FieldHit, Hit, Piece, Preview};
use crate::web::words;

/// How many fields a result shows in which something was found.
const FIELDS: usize = 3;
/// How many boxes a picture of a result carries.
const BOXES: usize = 40;

/// A paper of a result; its picture is left out where it has to be said first why it is looked at.
pub(super) fn hit(
    lang: Lang,
    one: &search::Found,
    selected: Option<&search::Found>,
    unsaid: &BTreeSet<String>,
) -> Hit {
    let (first, asks) = (one.pages.first(), is_of(one, unsaid));
    let shown = first.filter(|_| !asks);
    Hit {
        document: words::count(one.document.0),
        title: match one.title.as_str() {
            "" => lang.t("（没有题名）", "(no title)").to_owned(),
            title => title.to_owned(),
        },
        household: one.household.as_ref().map(|no| HouseholdRef::new(no, &one.head)),
        ended: one.gone.as_ref().map(|gone| words::ended(lang, gone)),
        date: one.date.clone(),
        reference: one.volume.clone(),
        pages: one.pages.iter().map(|page| page.page.into()).collect(),
        places: one.pages.iter().map(|page| page.places() as u64).sum(),
        near: why(lang, first),
        fields: first.map(|page| fields(lang, page)).unwrap_or_default(),
        snippet: first.filter(|page| shows_text(page)).map(snippet).unwrap_or_default(),
        picture: shown.and_then(|page| picture(&format!("h{}", one.document), one, page, "")),
        asks,
        grouped: false,
        heads: false,
        selected: selected.is_some_and(|chosen| chosen.document == one.document),
    }
}

/// Whether a paper is of one of these households.
fn is_of(one: &search::Found, households: &BTreeSet<String>) -> bool {
    one.household.as_ref().is_some_and(|no| households.contains(no))
}

/// Why a page is found that has not the words themselves: what stands there instead, or
/// which label of its document has them.
fn why(lang: Lang, page: Option<&FoundPage>) -> Vec<String> {
    let Some(page) = page else { return Vec::new() };
    let mut why = understood::near(lang, &page.near);
    why.extend(understood::labels(lang, &page.labels));
    why
}

/// The first page of the chosen paper, without its picture where that has to be said first.
pub(super) fn preview(
    lang: Lang,
    one: &search::Found,
    unsaid: &BTreeSet<String>,
) -> Option<Preview> {
    let page = one.pages.first()?;
    let shown = |picture| Preview {
        document: words::count(one.document.0),
        page: page.page.into(),
        of: words::count(one.of),
        picture,
    };
    if is_of(one, unsaid) {
        return Some(shown(None));
    }
    let alt = match lang {
        Lang::Zh => format!("{}第{}页", one.title, page.page),
        Lang::En => format!("{}, page {}", one.title, page.page),
    };
    let mut picture = picture("pv", one, page, &alt)?;
    if let Some(first) = picture.marks.first_mut() {
        first.look = Look::Current;
    }
    Some(shown(Some(picture)))
}

fn picture(id: &str, one: &search::Found, page: &FoundPage, alt: &str) -> Option<Picture> {
    let size = (u64::from(page.width), u64::from(page.height));
    let boxes = page.boxes.get(..BOXES).unwrap_or(&page.boxes);
    let picture = Picture::new(id, words::count(one.document.0), page.page.into(), size, alt);
    (page.width > 0).then(|| picture.with(Look::Found, boxes))
}

/// Whether the text of a page is shown: not when what was found stands in fields alone.
fn shows_text(page: &FoundPage) -> bool {
    page.fields.is_empty() || !page.marks.is_empty()
}

/// The fields in which something was found.
fn fields(lang: Lang, page: &FoundPage) -> Vec<FieldHit> {
    let field = |one: &FoundField| FieldHit {
        kind: match one.stated {
            true => lang.t("记载", "Stated").to_owned(),
            false => lang.t("字段", "Field").to_owned(),
        },
        name: lang.t(&one.name, &one.name_en).to_owned(),
        value: pieces(&one.snippet, &one.marks),
    };
    page.fields.iter().take(FIELDS).map(field).collect()
}

fn snippet(page: &FoundPage) -> Vec<Piece> {
    pieces(&page.snippet, &page.marks)
}

/// A text cut where found words begin and end.
fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let found = marks.iter().any(|(from, to)| (*from..*to).contains(&at));
        let c = if c == '\n' { ' ' } else { c };
        match pieces.last_mut() {
            Some(last) if last.found == found => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), found }),
        }
    }
    pieces
}
