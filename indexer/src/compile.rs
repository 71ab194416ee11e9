//! The query tree in tantivy's terms.
//!
//! Every run is one term or one phrase of grams, which decides and ranks at once: that words and
//! labels count more is already in the index (see `analysis/tokens.rs` and `writer.rs`). On top of
//! that, plain terms that stand one after the other come first.

use tantivy::Term as Token;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as Matcher,
    TermQuery,
};
use tantivy::schema::IndexRecordOption;

use crate::analysis::cover;
use crate::forward::Forward;
use crate::normalise::Normal;
use crate::schema::Fields;
use crate::{Query, Term};

/// Above anything that word frequencies can add up to: terms that stand one after the other come
/// before terms that only occur.
const IN_A_ROW: f32 = 1000.0;
/// Most plain terms that are also tried one after the other.
const ROW_TERMS: usize = 8;

/// Compiles queries for one schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compiler {
    pub(crate) fields: Fields,
}

impl Compiler {
    /// The pages `query` finds, ranked.
    pub(crate) fn query(&self, query: &Query) -> Box<dyn Matcher> {
        match query {
            Query::Everything => Box::new(AllQuery),
            Query::Term(term) => self.term(term),
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
        let mut tokens: Vec<(usize, Token)> = cover(run)
            .into_iter()
            .map(|gram| {
                let text: String = run[gram.clone()].iter().collect();
                (gram.start, Token::from_field_text(field, &text))
            })
            .collect();
        match tokens.len() {
            0 => Box::new(EmptyQuery),
            1 => Box::new(TermQuery::new(tokens.remove(0).1, IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new_with_offset(tokens)),
        }
    }

    /// The pages `query` finds, without ranking: for what must not occur.
    fn decide(&self, query: &Query) -> Box<dyn Matcher> {
        match query {
            Query::Everything => Box::new(AllQuery),
            Query::Term(Term { sign: Some(name), .. }) => self.sign(name),
            Query::Term(term) => self.run(&Normal::of(&term.text).chars),
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

    fn term(&self, term: &Term) -> Box<dyn Matcher> {
        if let Some(name) = &term.sign {
            return self.sign(name);
        }
        if term.words.is_empty() {
            return self.run(&Normal::of(&term.text).chars);
        }
        let words = term.words.iter().map(|word| self.run(&Normal::of(word).chars));
        Box::new(BooleanQuery::intersection(words.collect()))
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
