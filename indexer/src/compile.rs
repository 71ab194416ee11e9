//! The query tree in tantivy's terms.
//!
//! A run is one term or one phrase of grams, which decides and ranks at once: that words and
//! labels count more is already in the index (see `analysis/tokens.rs` and `writer.rs`); what has it
//! in a label alone comes after what has it on the page (`standing.rs`). On top of that, plain terms that stand one after the other come first; and what counts for a term although
//! it is not it comes below (`tiers.rs`).

use std::ops::{Bound, Range};
use std::sync::Arc;

use tantivy::Term as Token;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as Matcher,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field as Stored, IndexRecordOption};

use crate::among::Among;
use crate::analysis::cover;
use crate::forward::Forward;
use crate::index::View;
use crate::normalise::Normal;
use crate::rows::{HOUSEHOLD, ORGANISATION, REFERENCE, TYPE};
use crate::schema::Fields;
use crate::standing::Standing;
use crate::tiers::Tiers;
use crate::values::Value;
use crate::{Field, FieldTerm, Query, Term, Why, keyed};

/// Above anything that word frequencies can add up to: terms that stand one after the other come
/// before terms that only occur.
const IN_A_ROW: f32 = 1000.0;
/// Most plain terms that are also tried one after the other.
const ROW_TERMS: usize = 8;
/// Most pairs of characters that are looked at in one part of the index for what may stand between
/// two characters, and most characters that are kept.
const PAIRS: usize = 5_000;
const BETWEEN: usize = 60;

/// Compiles queries for one view.
pub(crate) struct Compiler {
    pub(crate) fields: Fields,
    pub(crate) view: Arc<View>,
}

impl Compiler {
    /// The pages `query` finds, ranked.
    pub(crate) fn query(&self, query: &Query) -> Box<dyn Matcher> {
        match query {
            Query::Everything => Box::new(AllQuery),
            Query::Term(term) => self.term(term),
            Query::Field(asked) => self.asked(asked),
            Query::Not(part) => self.without(vec![], vec![self.decide(part)]),
            Query::Any(parts) => {
                Box::new(BooleanQuery::union(parts.iter().map(|part| self.query(part)).collect()))
            }
            Query::All(parts) => {
                let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
                for part in parts {
                    match part {
                        Query::Not(part) => unwanted.push(self.decide(part)),
                        part => wanted.push((Occur::Must, self.query(part))),
                    }
                }
                wanted.extend(self.in_a_row(parts).map(|row| (Occur::Should, row)));
                self.without(wanted, unwanted)
            }
        }
    }

    /// The pages of one document among those of `matcher`.
    pub(crate) fn of_document(&self, matcher: Box<dyn Matcher>, document: u64) -> Box<dyn Matcher> {
        let token = Token::from_field_u64(self.fields.document, document);
        let document = Box::new(TermQuery::new(token, IndexRecordOption::Basic));
        let document: Box<dyn Matcher> = Box::new(ConstScoreQuery::new(document, 0.0));
        Box::new(BooleanQuery::intersection(vec![document, matcher]))
    }

    /// The pages where `run` stands, on the page or in a label.
    pub(crate) fn run(&self, run: &[char]) -> Box<dyn Matcher> {
        let field = if run.len() == 1 { self.fields.chars } else { self.fields.grams };
        Box::new(Standing::new(&self.view, self.fields, run, phrase(field, run)))
    }

    /// The pages where a covered number of that shape stands, with `?` for any digit. What is covered
    /// is told by its ends and their distance, and not gone through star by star.
    fn shape(&self, shape: &[char]) -> Box<dyn Matcher> {
        let digits = if shape.contains(&'?') { "0123456789" } else { "0" };
        let one = |digit: char| {
            let run: Vec<char> = shape.iter().map(|&c| if c == '?' { digit } else { c }).collect();
            let told = cover(&run).into_iter().filter(|gram| run[gram.clone()] != ['*', '*']);
            let token = |gram: Range<usize>| {
                let text: String = run[gram.clone()].iter().collect();
                (gram.start, Token::from_field_text(self.fields.grams, &text))
            };
            tokens(told.map(token).collect())
        };
        Box::new(BooleanQuery::union(digits.chars().map(one).collect()))
    }

    /// Whether all grams of `run` are known: a cheap no before the question is asked.
    pub(crate) fn may_stand(&self, run: &[char]) -> tantivy::Result<bool> {
        self.has_grams(self.fields.grams, run)
    }

    /// Whether the recogniser may have thought of a term where it read something else.
    pub(crate) fn may_be_thought_of(&self, term: &Term) -> tantivy::Result<bool> {
        let open = !term.quoted && term.words.is_empty() && term.sign.is_none();
        Ok(open && self.has_grams(self.fields.near, &Normal::of(&term.text).chars)?)
    }

    fn has_grams(&self, field: Stored, run: &[char]) -> tantivy::Result<bool> {
        for gram in cover(run) {
            let text: String = run[gram].iter().collect();
            let token = Token::from_field_text(field, &text);
            if self.view.searcher.doc_freq(&token)? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// By number of the household whether `run` stands on a paper of it.
    pub(crate) fn homes(&self, run: &[char]) -> tantivy::Result<Vec<bool>> {
        let mut homes = vec![false; self.view.labels.kind(HOUSEHOLD).list().len()];
        self.view.each_page(&*self.run(run), |_, row| {
            homes[row.labels[HOUSEHOLD] as usize] = true;
            true
        })?;
        // Number 0 is no household.
        homes[0] = false;
        Ok(homes)
    }

    /// The pages where `run` stands on a paper of one of `homes`.
    pub(crate) fn at_home(&self, run: &[char], homes: Vec<bool>) -> Box<dyn Matcher> {
        Box::new(BooleanQuery::intersection(vec![self.run(run), self.households(homes)]))
    }

    /// The pages of papers of one of `homes`.
    pub(crate) fn households(&self, homes: Vec<bool>) -> Box<dyn Matcher> {
        self.labelled(homes, HOUSEHOLD)
    }

    /// The characters that stand between `before` and `after` somewhere, or at all behind `before`, as
    /// far as the pairs tell.
    pub(crate) fn between(&self, before: char, after: Option<char>) -> tantivy::Result<Vec<char>> {
        let is_pair = |one: char, other: char| {
            let pair = Token::from_field_text(self.fields.grams, &format!("{one}{other}"));
            Ok::<_, tantivy::TantivyError>(self.view.searcher.doc_freq(&pair)? > 0)
        };
        let mut found = Vec::new();
        let start = before.to_string();
        for reader in self.view.searcher.segment_readers() {
            let index = reader.inverted_index(self.fields.grams)?;
            let range = index.terms().range().ge(&start).lt(format!("{before}\u{10ffff}"));
            let mut pairs = range.into_stream()?;
            let mut looked_at = 0;
            while let Some((pair, _)) = pairs.next() {
                looked_at += 1;
                if looked_at > PAIRS || found.len() >= BETWEEN {
                    break;
                }
                let mut chars = std::str::from_utf8(pair).unwrap_or_default().chars().skip(1);
                let (Some(c), None) = (chars.next(), chars.next()) else { continue };
                if !found.contains(&c) && after.map_or(Ok(true), |after| is_pair(c, after))? {
                    found.push(c);
                }
            }
        }
        Ok(found)
    }

    /// The pages `query` finds, without ranking: for what must not occur.
    fn decide(&self, query: &Query) -> Box<dyn Matcher> {
        match query {
            Query::Everything => Box::new(AllQuery),
            Query::Term(Term { sign: Some(name), .. }) => self.sign(name),
            Query::Term(term) => self.exactly(term),
            Query::Field(asked) => self.asked(asked),
            Query::Not(part) => self.without(vec![], vec![self.decide(part)]),
            Query::Any(parts) => {
                Box::new(BooleanQuery::union(parts.iter().map(|part| self.decide(part)).collect()))
            }
            Query::All(parts) => Box::new(BooleanQuery::intersection(
                parts.iter().map(|part| self.decide(part)).collect(),
            )),
        }
    }

    fn without(
        &self,
        mut wanted: Vec<(Occur, Box<dyn Matcher>)>,
        unwanted: Vec<Box<dyn Matcher>>,
    ) -> Box<dyn Matcher> {
        if wanted.iter().all(|(occur, _)| *occur != Occur::Must) {
            wanted.push((Occur::Must, Box::new(AllQuery)));
        }
        for part in unwanted {
            wanted.push((Occur::MustNot, Box::new(Forward(part))));
        }
        Box::new(BooleanQuery::new(wanted))
    }

    /// The pages that have the sign of this name.
    fn sign(&self, name: &str) -> Box<dyn Matcher> {
        let token = Token::from_field_text(self.fields.signs, name);
        Box::new(TermQuery::new(token, IndexRecordOption::Basic))
    }

    /// The pages on which the term itself stands, in any form of its value.
    fn exactly(&self, term: &Term) -> Box<dyn Matcher> {
        let normal = Normal::of(&term.text);
        let run = self.run(&normal.chars);
        match Value::of(&normal).filter(|_| !term.quoted) {
            None => run,
            Some(value) => {
                let value = Token::from_field_text(self.fields.values, &value.term());
                let value = Box::new(TermQuery::new(value, IndexRecordOption::Basic));
                Box::new(BooleanQuery::union(vec![run, value]))
            }
        }
    }

    /// The pages that count for a term, the better ones above the others.
    pub(crate) fn term(&self, term: &Term) -> Box<dyn Matcher> {
        if let Some(name) = &term.sign {
            return self.sign(name);
        }
        if !term.words.is_empty() {
            let words = term.words.iter().map(|word| self.run(&Normal::of(word).chars));
            return Box::new(BooleanQuery::intersection(words.collect()));
        }
        let exact = self.exactly(term);
        if term.quoted {
            return exact;
        }
        let thought_of = phrase(self.fields.near, &Normal::of(&term.text).chars);
        let mut ways = vec![(0, exact), (Why::Recogniser.steps(), thought_of)];
        // That the index fails will be said where the pages are asked for.
        let homes =
            term.name.then(|| self.homes(&Normal::of(&term.text).chars).unwrap_or_default());
        for near in &term.near {
            let run = Normal::of(&near.text).chars;
            let way = match &homes {
                Some(homes) if near.why == Why::OneCharacter => self.at_home(&run, homes.clone()),
                _ => self.run(&run),
            };
            ways.push((near.why.steps(), way));
        }
        Box::new(Tiers { ways })
    }

    /// The pages of documents whose household has that head.
    pub(crate) fn head(&self, name: &str) -> Box<dyn Matcher> {
        phrase(self.fields.head, &Normal::of(name).chars)
    }

    /// The pages whose field is as asked.
    fn asked(&self, asked: &FieldTerm) -> Box<dyn Matcher> {
        let run = Normal::of(&asked.text).chars;
        let labels = &self.view.labels;
        match asked.field {
            // Typed by its sound it is any name that sounds so.
            Field::Head if !asked.codes.is_empty() => {
                let names = asked.codes.iter().map(|name| self.head(name));
                Box::new(BooleanQuery::union(names.collect()))
            }
            Field::Head => phrase(self.fields.head, &run),
            Field::Title => phrase(self.fields.title, &run),
            Field::Reference => {
                let text = asked.text.trim().to_uppercase();
                self.labelled(labels.kind(REFERENCE).those(|code| code.contains(&text)), REFERENCE)
            }
            Field::Id => {
                let signs = asked.signs.iter().map(|name| self.sign(name));
                let shapes = asked.codes.iter().map(|shape| self.shape(&Normal::of(shape).chars));
                let ways: Vec<_> = signs.chain(shapes).collect();
                if ways.is_empty() {
                    Box::new(EmptyQuery)
                } else {
                    Box::new(BooleanQuery::union(ways))
                }
            }
            Field::Household => {
                let text: String = run.into_iter().collect();
                self.labelled(
                    labels.kind(HOUSEHOLD).those(|name| name.starts_with(&text)),
                    HOUSEHOLD,
                )
            }
            Field::Type => {
                let is_one = |name: &str| asked.codes.iter().any(|code| code == name);
                self.labelled(labels.kind(TYPE).those(is_one), TYPE)
            }
            Field::Place => {
                let begins = |name: &str| {
                    asked
                        .codes
                        .iter()
                        .any(|code| !code.is_empty() && name.starts_with(code.as_str()))
                };
                self.labelled(labels.kind(ORGANISATION).those(begins), ORGANISATION)
            }
            Field::Keyed => self.keyed(asked, &run),
            Field::Date => {
                let Some(between) = asked.between else { return Box::new(EmptyQuery) };
                Box::new(Among::new(&self.view, move |row| {
                    row.date > 0 && (between.from..=between.to).contains(&u64::from(row.date))
                }))
            }
            Field::Amount => {
                let Some(between) = asked.between else { return Box::new(EmptyQuery) };
                let end =
                    |number| Bound::Included(Token::from_field_u64(self.fields.amounts, number));
                let range = RangeQuery::new(end(between.from), end(between.to));
                Box::new(ConstScoreQuery::new(Box::new(range), 0.0))
            }
        }
    }

    /// The pages from which something of that was keyed into one of the fields, in any form of its
    /// value.
    fn keyed(&self, asked: &FieldTerm, run: &[char]) -> Box<dyn Matcher> {
        let stored = self.fields.keyed;
        let one = |text: String| -> Box<dyn Matcher> {
            let token = Token::from_field_text(stored, &text);
            Box::new(TermQuery::new(token, IndexRecordOption::WithFreqs))
        };
        let value = Value::of(&Normal::of(&asked.text));
        let mut ways = Vec::new();
        for field in &asked.codes {
            if !asked.signs.is_empty() {
                ways.extend(asked.signs.iter().map(|name| one(keyed::sign_of(field, name))));
                continue;
            }
            ways.push(phrase_of(stored, run, |gram| keyed::run_of(field, gram)));
            ways.extend(value.map(|value| one(keyed::value_of(field, value))));
        }
        if ways.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::union(ways)) }
    }

    /// The pages of documents whose label of that kind is one of `passes`.
    fn labelled(&self, passes: Vec<bool>, kind: usize) -> Box<dyn Matcher> {
        if !passes.contains(&true) {
            return Box::new(EmptyQuery);
        }
        let passes = move |label: u32| passes.get(label as usize).copied().unwrap_or(false);
        Box::new(Among::new(&self.view, move |row| passes(row.labels[kind])))
    }

    /// The plain terms of `parts` one after the other, when there are several.
    fn in_a_row(&self, parts: &[Query]) -> Option<Box<dyn Matcher>> {
        let mut row = Vec::new();
        let mut terms = 0;
        for part in parts {
            if let Query::Term(term) = part
                && !term.quoted
                && term.words.is_empty()
                && term.sign.is_none()
            {
                row.extend(Normal::of(&term.text).chars);
                terms += 1;
            }
        }
        let row = (2..=ROW_TERMS).contains(&terms).then(|| self.run(&row))?;
        Some(Box::new(ConstScoreQuery::new(row, IN_A_ROW)))
    }
}

/// The pages where `run` stands in a field of grams, or of characters when it is one.
fn phrase(field: Stored, run: &[char]) -> Box<dyn Matcher> {
    phrase_of(field, run, |gram| gram.iter().collect())
}

/// As [`phrase`], with `term` making the term of a gram.
fn phrase_of(field: Stored, run: &[char], term: impl Fn(&[char]) -> String) -> Box<dyn Matcher> {
    let grams = cover(run).into_iter();
    tokens(
        grams.map(|gram| (gram.start, Token::from_field_text(field, &term(&run[gram])))).collect(),
    )
}

/// The pages where these terms stand at these distances.
fn tokens(mut tokens: Vec<(usize, Token)>) -> Box<dyn Matcher> {
    match tokens.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(tokens.remove(0).1, IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new_with_offset(tokens)),
    }
}
