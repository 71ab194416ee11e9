//! What stands in the fields of a form, found on the page by the labels printed beside
//! them. Pure: lines with boxes in, proposals out; nothing is proposed that is not there.
//!
//! `labels` finds the labels, `places` what stands beside or below one, `tables` the rows
//! of tables, `worth` makes a value of it.

mod labels;
mod places;
mod tables;
mod worth;

use jiff::civil::Date;

use self::labels::Labels;
use self::places::Page;
use super::{Form, FormField, Item, KeyedFrom, KeyedValue, MOST};

/// `[x, y, width, height]` in pixels of the upright page image.
pub type Rect = [u32; 4];

/// A character on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The character, full-width forms folded.
    pub c: char,
    /// Where it stands.
    pub bbox: Rect,
    /// How sure it was read, from 0 to 1.
    pub sure: f32,
    /// What it may be instead.
    pub others: Vec<char>,
    /// Whether a blank stands before it.
    pub apart: bool,
}

/// A line on a page, without its blanks.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenLine {
    /// On which page of the document, from 1.
    pub page: u32,
    /// Where it stands.
    pub bbox: Rect,
    /// Its characters.
    pub chars: Vec<Seen>,
}

/// A value that seems to stand on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The name of the field.
    pub field: String,
    /// The value in the form of its kind.
    pub value: String,
    /// 把握, from 0 to 100.
    pub sure: u8,
    /// On which page, from 1.
    pub page: u32,
    /// Where.
    pub bbox: Rect,
}

/// Below this a person has to look.
pub const DOUBTFUL: u8 = 90;
/// What is left of the certainty of values that do not agree with each other.
const DISPUTED: u8 = 60;

/// Characters taken from a page, with how well their label was found.
#[derive(Debug, Clone)]
struct Found {
    page: u32,
    chars: Vec<Seen>,
    /// 1 for a label read without a mistake.
    label: f32,
}

impl Found {
    fn text(&self) -> String {
        self.chars.iter().map(|seen| seen.c).collect()
    }

    fn bbox(&self) -> Rect {
        self.chars.iter().map(|seen| seen.bbox).reduce(union).unwrap_or_default()
    }
}

/// What seems to stand in the fields of `form` on these lines, in reading order;
/// `today` tells the year of days without one.
#[must_use]
pub fn read(form: &Form, lines: &[SeenLine], today: Date) -> Vec<Proposed> {
    let labels = Labels::find(form, lines);
    let page = Page { lines, labels: &labels };
    let mut proposals = Vec::new();
    for item in form.items() {
        match item {
            Item::Field(field) => proposals.extend(of_field(&page, field, today)),
            Item::Group(group) => proposals.extend(tables::rows(&page, group, today)),
        }
    }
    proposals.truncate(MOST);
    dispute(form, &mut proposals);
    proposals
}

/// The value of a field: that of the first place where one of its kind stands.
fn of_field(page: &Page<'_>, field: &FormField, today: Date) -> Option<Proposed> {
    let found = page.of(field);
    let mut worth = found.iter().filter_map(|found| proposed(field, &field.code, found, today));
    worth.next()
}

/// The proposal that these characters are for a field, if they are a value of it.
fn proposed(field: &FormField, name: &str, found: &Found, today: Date) -> Option<Proposed> {
    let worth = worth::of(field, found, today)?;
    let sure = (worth.sure * found.label * 100.0).round().clamp(0.0, 100.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let sure = sure as u8;
    let bbox = Found { chars: worth.chars, ..found.clone() }.bbox();
    Some(Proposed { field: name.to_owned(), value: worth.value, sure, page: found.page, bbox })
}

/// Whoever of them is wrong, values of a sum that does not come out are looked at; so
/// is what does not agree with an identity number.
fn dispute(form: &Form, proposals: &mut [Proposed]) {
    let value = |one: &Proposed| KeyedValue {
        field: one.field.clone(),
        value: one.value.clone(),
        from: KeyedFrom::Read,
    };
    let values: Vec<KeyedValue> = proposals.iter().map(value).collect();
    let odd: Vec<String> = super::check(form, &values)
        .into_iter()
        .flat_map(|finding| match finding.problem {
            super::Problem::Sum(said) => said.fields,
            super::Problem::Missing => Vec::new(),
            _ => vec![finding.field],
        })
        .collect();
    for one in proposals.iter_mut() {
        let column = one.field.splitn(3, '.').collect::<Vec<_>>();
        let name = match column[..] {
            [group, _, column] => format!("{group}.{column}"),
            _ => one.field.clone(),
        };
        if odd.contains(&one.field) || odd.contains(&name) {
            one.sure = one.sure.min(DISPUTED);
        }
    }
}

/// The smallest box around two.
fn union(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a[0].min(b[0]), a[1].min(b[1]));
    let right = a[0].saturating_add(a[2]).max(b[0].saturating_add(b[2]));
    let bottom = a[1].saturating_add(a[3]).max(b[1].saturating_add(b[3]));
    [x, y, right - x, bottom - y]
}

/// Right edge, bottom edge, and twice the middles of a box.
fn right([x, _, width, _]: Rect) -> u32 {
    x.saturating_add(width)
}

fn bottom([_, y, _, height]: Rect) -> u32 {
    y.saturating_add(height)
}

fn middle_x([x, _, width, _]: Rect) -> u32 {
    x.saturating_add(width / 2)
}

fn middle_y([_, y, _, height]: Rect) -> u32 {
    y.saturating_add(height / 2)
}

/// Whether two boxes stand in one row: the middle of the lower one is within the other.
fn beside(a: Rect, b: Rect) -> bool {
    let apart = middle_y(a).abs_diff(middle_y(b));
    apart * 5 <= a[3].max(b[3]) * 3
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
