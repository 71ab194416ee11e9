//! What of a query stands on a page, and where.

use std::ops::Range;

use crate::alternatives::Alternatives;
use crate::entry::Sign;
use crate::highlight::joined;
use crate::normalise::Normal;
use crate::values::{self, Value};
use crate::{Bounds, Field, FieldTerm, KeyedHit, KeyedValue, Near, Query, Term, Why};

/// What is marked on the pages of one query.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Folded runs, each once.
    runs: Vec<Vec<char>>,
    /// Those of them that also count where the recogniser thought of them.
    open: Vec<Vec<char>>,
    /// Runs that count for others, each with the one it counts for.
    near: Vec<(Vec<char>, Near, Vec<char>)>,
    /// Shapes of covered numbers, see [`FieldTerm::codes`].
    shapes: Vec<Vec<char>>,
    values: Vec<Value>,
    amounts: Vec<Bounds>,
    signs: Vec<String>,
    /// What is asked of fields of forms.
    keyed: Vec<FieldTerm>,
}

/// What is kept of a page.
#[derive(Debug, Default)]
pub(crate) struct Kept<'p> {
    pub(crate) text: &'p str,
    pub(crate) sign_places: &'p str,
    pub(crate) alternatives: &'p str,
}

/// What stands on a page.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Ranges of characters of the text with the number of what stands there, in order of start.
    pub(crate) places: Vec<(Range<usize>, usize)>,
    /// What stands there instead of what was asked, and why it counts.
    pub(crate) near: Vec<Near>,
}

impl Marks {
    /// What is marked for all of `queries`.
    pub(crate) fn of<'q>(queries: impl IntoIterator<Item = &'q Query>) -> Self {
        let mut marks = Marks::default();
        queries.into_iter().for_each(|query| marks.add(query));
        for runs in [&mut marks.runs, &mut marks.open] {
            runs.retain(|run| !run.is_empty());
            runs.sort_unstable();
            runs.dedup();
        }
        marks
    }

    fn add(&mut self, query: &Query) {
        match query {
            Query::Everything | Query::Not(_) => {}
            Query::Term(term) => self.add_term(term),
            Query::Field(asked) => self.add_field(asked),
            Query::All(parts) | Query::Any(parts) => parts.iter().for_each(|part| self.add(part)),
        }
    }

    fn add_term(&mut self, term: &Term) {
        if let Some(name) = &term.sign {
            self.signs.push(name.clone());
            return;
        }
        let run = Normal::of(&term.text);
        if !term.quoted {
            self.values.extend(Value::of(&run));
        }
        for near in &term.near {
            let near_run = Normal::of(&near.text).chars;
            self.near.push((near_run, near.clone(), run.chars.clone()));
        }
        if term.words.is_empty() {
            if !term.quoted {
                self.open.push(run.chars.clone());
            }
            self.runs.push(run.chars);
        } else {
            self.runs.extend(term.words.iter().map(|word| Normal::of(word).chars));
        }
    }

    fn add_field(&mut self, asked: &FieldTerm) {
        match asked.field {
            Field::Head if !asked.codes.is_empty() => {
                self.runs.extend(asked.codes.iter().map(|name| Normal::of(name).chars));
            }
            Field::Head | Field::Title => self.runs.push(Normal::of(&asked.text).chars),
            Field::Id => {
                self.signs.extend(asked.signs.iter().cloned());
                self.shapes.extend(asked.codes.iter().map(|shape| Normal::of(shape).chars));
            }
            Field::Amount => self.amounts.extend(asked.between),
            Field::Keyed => self.keyed.push(asked.clone()),
            Field::Household | Field::Reference | Field::Type | Field::Place | Field::Date => {}
        }
    }

    /// What stands on a page.
    pub(crate) fn on(&self, page: &Kept<'_>) -> Standing {
        let normal = Normal::of(page.text);
        let mut standing = Standing::default();
        for (number, run) in self.runs.iter().enumerate() {
            let found = normal.find(run).map(|place| (normal.original(place), number));
            standing.places.extend(found);
        }
        self.add_values(&normal, &mut standing);
        self.add_shapes(&normal, &mut standing);
        self.add_signs(page, &mut standing);
        self.add_near(page, &normal, &mut standing);
        standing.places.sort_by_key(|(place, number)| (place.start, place.end, *number));
        standing
    }

    /// The keyed value if something of the query stands in it, and what stands there instead of what
    /// was asked.
    pub(crate) fn in_keyed(&self, value: KeyedValue) -> Option<(KeyedHit, Vec<Near>)> {
        let mut standing = Standing::default();
        if !value.by_field {
            let length = value.text.chars().count();
            let sign = |name: &String| Sign { name: name.clone(), place: 0..length };
            let signs: Vec<Sign> = value.signs.iter().map(sign).collect();
            let sign_places = &Sign::to_text(&signs);
            standing = self.on(&Kept { text: &value.text, sign_places, alternatives: "" });
        }
        let normal = Normal::of(&value.text);
        for asked in self.keyed.iter().filter(|asked| asked.codes.contains(&value.field)) {
            standing.places.extend(in_field(asked, &value, &normal).map(|place| (place, 0)));
        }
        standing.places.sort_by_key(|(place, number)| (place.start, place.end, *number));
        let marks = joined(standing.places.into_iter().map(|(place, _)| place));
        let KeyedValue { field, text, bbox, .. } = value;
        (!marks.is_empty()).then_some((KeyedHit { field, text, marks, bbox }, standing.near))
    }

    fn add_values(&self, normal: &Normal, standing: &mut Standing) {
        if self.values.is_empty() && self.amounts.is_empty() {
            return;
        }
        let asked = |value: Value| {
            let within = |bounds: &Bounds| matches!(value, Value::Fen(fen) if (bounds.from..=bounds.to).contains(&fen));
            self.values.contains(&value) || self.amounts.iter().any(within)
        };
        let found = values::found(normal).into_iter().filter(|(_, value)| asked(*value));
        let number = self.runs.len();
        standing.places.extend(found.map(|(place, _)| (normal.original(place), number)));
    }

    /// What was typed of covered numbers, where they have one of the shapes.
    fn add_shapes(&self, normal: &Normal, standing: &mut Standing) {
        for shape in &self.shapes {
            let is_typed = |c: &char| c.is_alphanumeric();
            let Some(from) = shape.iter().position(is_typed) else { continue };
            let to = shape.iter().rposition(is_typed).map_or(from, |last| last + 1);
            let fits = |window: &[char]| {
                let mut pairs = window.iter().zip(shape);
                pairs.all(|(c, wanted)| c == wanted || *wanted == '?' && c.is_ascii_digit())
            };
            let windows = normal.chars.windows(shape.len()).enumerate();
            let found = windows.filter(|(_, window)| fits(window));
            let place = |(at, _): (usize, &[char])| normal.original(at + from..at + to);
            standing.places.extend(found.map(|one| (place(one), self.runs.len())));
        }
    }

    fn add_signs(&self, page: &Kept<'_>, standing: &mut Standing) {
        let length = if self.signs.is_empty() { 0 } else { page.text.chars().count() };
        for (number, name) in self.signs.iter().enumerate() {
            let places = Sign::places(page.sign_places, name);
            let inside = places.filter(|place| place.start < place.end && place.end <= length);
            standing.places.extend(inside.map(|place| (place, self.runs.len() + 1 + number)));
        }
    }

    fn add_near(&self, page: &Kept<'_>, normal: &Normal, standing: &mut Standing) {
        let first = self.runs.len() + 1 + self.signs.len();
        for (number, (run, near, term)) in self.near.iter().enumerate() {
            // Where the term itself stands nothing is read instead of it.
            if normal.find(term).next().is_some() {
                continue;
            }
            let before = standing.places.len();
            let found = normal.find(run).map(|place| (normal.original(place), first + number));
            standing.places.extend(found);
            if standing.places.len() > before && !standing.near.contains(near) {
                standing.near.push(near.clone());
            }
        }
        if page.alternatives.is_empty() {
            return;
        }
        let alternatives = Alternatives::from_text(normal, page.alternatives);
        for run in &self.open {
            for place in alternatives.find(&normal.chars, run) {
                let text: String = normal.chars[place.clone()].iter().collect();
                let near = Near { text, why: Why::Recogniser };
                if !standing.near.contains(&near) {
                    standing.near.push(near);
                }
                let number = self.runs.iter().position(|known| known == run).unwrap_or(0);
                standing.places.push((normal.original(place), number));
            }
        }
    }
}

/// Where what is asked of a field stands in a value of it.
fn in_field(
    asked: &FieldTerm,
    value: &KeyedValue,
    normal: &Normal,
) -> impl Iterator<Item = Range<usize>> {
    let length = value.text.chars().count();
    let has_sign = asked.signs.iter().any(|name| value.signs.contains(name));
    let mut places = Vec::new();
    if has_sign && length > 0 {
        places.push(0..length);
    }
    if asked.signs.is_empty() {
        let run = Normal::of(&asked.text);
        places.extend(normal.find(&run.chars).map(|place| normal.original(place)));
        let same = Value::of(&run);
        let found = values::found(normal).into_iter().filter(|(_, value)| Some(*value) == same);
        places.extend(found.map(|(place, _)| normal.original(place)));
    }
    places.into_iter()
}
