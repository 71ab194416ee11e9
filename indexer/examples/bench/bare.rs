//! The references: tantivy with plain fields and its own collectors. Bare, it answers with the ten
//! best pages and their number; like for like, with what an answer of ours has besides, as far as
//! it has something for it: counts by six facets, and the ten pages fetched, with a snippet each.

use std::path::Path;
use std::sync::LazyLock;

use jieba_rs::Jieba;
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Searcher, TantivyDocument, Term};

use crate::pages::{Pages, Question};

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The fields, and how each is cut: 0 for words.
const CUTS: [(&str, usize); 3] = [("words", 0), ("chars", 1), ("pairs", 2)];

/// What pages are counted by, each a list of at most a hundred.
const FACETS: [&str; 6] = ["type", "year", "household", "organisation", "state", "band"];

pub(crate) struct Bare {
    searcher: Searcher,
    words: Field,
    chars: Field,
    pairs: Field,
    text: Field,
    facets: Aggregations,
}

impl Bare {
    /// The index in `folder`, made before.
    pub(crate) fn open(folder: &Path) -> Self {
        let index = tantivy::Index::open_in_dir(folder).unwrap();
        let field = |name| index.schema().get_field(name).unwrap();
        let (words, chars, pairs) = (field("words"), field("chars"), field("pairs"));
        let text = field("text");
        for (name, width) in CUTS {
            index.tokenizers().register(name, Cut(width));
        }
        let searcher = index.reader().unwrap().searcher();
        let by =
            |name: &'static str| (name, serde_json::json!({"terms": {"field": name, "size": 100}}));
        let facets: serde_json::Map<String, serde_json::Value> =
            FACETS.map(by).into_iter().map(|(name, by)| (name.to_owned(), by)).collect();
        let facets = serde_json::from_value(facets.into()).unwrap();
        Bare { searcher, words, chars, pairs, text, facets }
    }

    pub(crate) fn build(folder: &Path, pages: Pages) {
        std::fs::create_dir_all(folder).unwrap();
        let mut schema = Schema::builder();
        let mut field = |name, option| {
            let indexing =
                TextFieldIndexing::default().set_tokenizer(name).set_index_option(option);
            schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        };
        let words = field("words", IndexRecordOption::WithFreqs);
        let chars = field("chars", IndexRecordOption::WithFreqs);
        let pairs = field("pairs", IndexRecordOption::WithFreqsAndPositions);
        let stored = schema.add_text_field("text", STORED);
        let fast = || TextOptions::default().set_fast("raw");
        let facets = FACETS.map(|name| schema.add_text_field(name, fast()));
        let index = tantivy::Index::create_in_dir(folder, schema.build()).unwrap();
        for (name, width) in CUTS {
            index.tokenizers().register(name, Cut(width));
        }
        let mut writer = index.writer_with_num_threads(2, 128_000_000).unwrap();
        for page in pages.documents().flatten() {
            let text: String = page.text.chars().filter(|c| !c.is_whitespace()).collect();
            let mut entry = TantivyDocument::default();
            for field in [words, chars, pairs] {
                entry.add_text(field, &text);
            }
            entry.add_text(stored, &page.text);
            let band = ["low", "fair", "high"][usize::from((page.confidence - 700) / 100)];
            let values = [
                &page.type_code,
                &page.date[..4],
                &page.household,
                &page.organisation,
                &page.state,
                band,
            ];
            for (field, value) in facets.into_iter().zip(values) {
                entry.add_text(field, value);
            }
            writer.add_document(entry).unwrap();
        }
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
    }

    fn query(&self, question: &Question) -> Box<dyn Query> {
        let is_phrase = question.text.starts_with('"');
        let run = question.words.concat();
        if is_phrase || question.words.len() == 1 {
            self.run(&run)
        } else {
            let parts = question.words.iter().map(|word| self.run(word)).collect();
            Box::new(BooleanQuery::intersection(parts))
        }
    }

    /// Number of pages found, the ten best of them put in order.
    pub(crate) fn count(&self, question: &Question) -> usize {
        let collector = (TopDocs::with_limit(10).order_by_score(), Count);
        self.searcher.search(&self.query(question), &collector).unwrap().1
    }

    /// The same, with counts by facets and the snippets of the ten.
    pub(crate) fn answer(&self, question: &Question) -> usize {
        let query = self.query(question);
        let facets = AggregationCollector::from_aggs(self.facets.clone(), Default::default());
        let collector = (TopDocs::with_limit(10).order_by_score(), Count, facets);
        let (best, count, facets) = self.searcher.search(&query, &collector).unwrap();
        assert_eq!(facets.0.len(), FACETS.len());
        let marks = [self.words, self.chars, self.pairs]
            .map(|field| SnippetGenerator::create(&self.searcher, &query, field).unwrap());
        for (_, page) in best {
            let page: TantivyDocument = self.searcher.doc(page).unwrap();
            let text = page.get_first(self.text).and_then(|value| value.as_str()).unwrap();
            // The run stands in one of the fields.
            let found = marks.iter().map(|mark| mark.snippet(text));
            std::hint::black_box(found.into_iter().find(|one| !one.is_empty()));
        }
        count
    }

    /// A word as a term where jieba sees one, else its pairs as a phrase.
    fn run(&self, run: &str) -> Box<dyn Query> {
        let term = |field, text: &str| {
            let term = Term::from_field_text(field, text);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>
        };
        let pairs: Vec<&str> = grams(run, 2).collect();
        match pairs.as_slice() {
            [] => term(self.chars, run),
            _ if JIEBA.cut(run, true).len() == 1 => term(self.words, run),
            [pair] => term(self.pairs, pair),
            _ => {
                let terms = pairs.iter().map(|pair| Term::from_field_text(self.pairs, pair));
                Box::new(PhraseQuery::new(terms.collect()))
            }
        }
    }
}

fn grams(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(width);
    text.char_indices().zip(ends).map(|((start, _), end)| &text[start..end])
}

/// Cuts into grams of so many characters, or into words when it is 0.
#[derive(Clone)]
struct Cut(usize);

impl Tokenizer for Cut {
    type TokenStream<'a> = Pieces<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces<'a> {
        let pieces: Vec<&str> = match self.0 {
            0 => JIEBA.cut(text, true).into_iter().map(|token| token.word).collect(),
            width => grams(text, width).collect(),
        };
        Pieces { pieces: pieces.into_iter(), token: Token::default() }
    }
}

struct Pieces<'a> {
    pieces: std::vec::IntoIter<&'a str>,
    token: Token,
}

impl TokenStream for Pieces<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.pieces.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(piece);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
