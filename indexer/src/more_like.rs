//! More like this: documents that share the rarest words of one.

use serde::Serialize;
use tantivy::query::{BooleanQuery, Occur, Query as Matcher, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term as Token};

use crate::analysis::cover;
use crate::analysis::lexicon::Lexicon;
use crate::normalise::Normal;
use crate::search::Search;
use crate::{DocumentHit, Error, Filter, Index, Order, Query, Term};

/// Most pages of a document that are looked at.
const PAGES: usize = 8;
/// Most characters of a page that are cut into words.
const CHARACTERS: usize = 3_000;
/// Most words a document is compared by.
const WORDS: usize = 12;
/// A document is alike when it shares so many of them.
const SHARED: usize = 2;

/// Documents that are like another one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Alike {
    /// The words it was compared by, the rarest first.
    pub words: Vec<String>,
    /// How many documents share two of them at least.
    pub total: u64,
    /// The most alike of these, the best first, with the shared words marked.
    pub hits: Vec<DocumentHit>,
}

impl Index {
    /// At most `limit` documents the filter shows that share the rarest words of `document`; none
    /// when the filter does not show the document itself.
    ///
    /// # Errors
    /// [`Error::Date`] of the filter; [`Error::Engine`].
    pub fn alike(&self, document: u64, filter: &Filter, limit: usize) -> Result<Alike, Error> {
        let own = Search::new(self, Query::Everything, filter)?;
        let found = own.walk(&*own.only(document, own.matcher()), 1, &Order::default())?;
        let Some(group) = found.best.first() else { return Ok(Alike::default()) };
        let searcher = own.searcher();
        let mut candidates: Vec<(u64, String)> = Vec::new();
        for &page in group.pages.iter().take(PAGES) {
            let entry: TantivyDocument = searcher.doc(DocAddress::new(group.segment, page))?;
            let text = entry.get_first(self.fields().text);
            let text = text.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
            for word in telling_words(self.lexicon(), text) {
                if !candidates.iter().any(|(_, known)| *known == word) {
                    candidates.push((self.pages_with(searcher, &word)?, word));
                }
            }
        }
        // What stands here alone leads nowhere.
        candidates.retain(|(pages, _)| *pages > group.pages.len() as u64);
        candidates.sort_unstable();
        candidates.truncate(WORDS);
        let words: Vec<String> = candidates.into_iter().map(|(_, word)| word).collect();
        if words.is_empty() {
            return Ok(Alike::default());
        }
        let terms = words.iter().map(|word| Query::Term(Term::exact(word.clone())));
        let search = Search::new(self, Query::any(terms.collect()), filter)?;
        let mut parts: Vec<(Occur, Box<dyn Matcher>)> =
            words.iter().map(|word| (Occur::Should, search.run(&Normal::of(word).chars))).collect();
        let token = Token::from_field_u64(self.fields().document, document);
        let itself = TermQuery::new(token, IndexRecordOption::Basic);
        parts.push((Occur::MustNot, Box::new(itself)));
        let shared = SHARED.min(words.len());
        let matcher = BooleanQuery::with_minimum_required_clauses(parts, shared);
        let found = search.walk(&matcher, limit, &Order::default())?;
        let hits = found.best.iter().map(|group| search.hit(group)).collect::<Result<_, _>>()?;
        Ok(Alike { words, total: found.documents, hits })
    }

    /// On how many pages a word stands at most.
    fn pages_with(&self, searcher: &Searcher, word: &str) -> Result<u64, Error> {
        let run = Normal::of(word).chars;
        let mut least = u64::MAX;
        for gram in cover(&run) {
            let text: String = run[gram].iter().collect();
            let token = Token::from_field_text(self.fields().grams, &text);
            least = least.min(searcher.doc_freq(&token)?);
        }
        Ok(least)
    }
}

/// The words of a text that tell something: of two to eight characters, one of them no digit.
fn telling_words(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let text: String = text.chars().take(CHARACTERS).collect();
    let normal = Normal::of(&text);
    let found = lexicon.words(&normal).into_iter().map(|word| &normal.chars[word]);
    let telling = found.filter(|word| {
        (2..=8).contains(&word.len())
            && word.iter().all(|c| c.is_alphanumeric())
            && word.iter().any(|c| !c.is_ascii_digit())
    });
    telling.map(|word| word.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lexicon, telling_words};

    #[test]
    fn numbers_and_single_characters_tell_nothing() {
        let usual = Lexicon::with(&[]);
        assert_eq!(telling_words(&usual, "户主 2026 年，退休金 1101**"), ["户主", "退休金"]);
    }
}
