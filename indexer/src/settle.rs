//! What a term can be found as: itself, in another form, or as something near it.
//!
//! "Stands nowhere" always means among what may be seen, so nobody learns more than that; what was
//! chosen in facets does not change how a query is read.

use tantivy::query::Query as Matcher;
use tantivy::schema::Value as _;
use tantivy::{Searcher, TantivyDocument};

use crate::analysis::lexicon::Lexicon;
use crate::compile::Compiler;
use crate::filter::Sieve;
use crate::normalise::Normal;
use crate::values::Value;
use crate::{Error, Near, Term, Why, look_alikes, sounds};

/// Longest run that other spellings are tried for, in characters.
const LONGEST: usize = 8;
/// Most other spellings that are tried, and most that are kept of those that were not asked for.
const TRIED: usize = 100;
const KEPT: usize = 6;
/// Most pages of households that are read for a name that was read with one other character.
const READ: usize = 200;
/// Lengths of names, in characters, of which one may be another or missing.
const NAMES: std::ops::RangeInclusive<usize> = 3..=4;

/// Settles terms on one view, for what one person may see.
pub(crate) struct Settler<'s> {
    pub(crate) compiler: &'s Compiler,
    pub(crate) sieve: &'s Sieve,
    pub(crate) lexicon: &'s Lexicon,
}

impl Settler<'_> {
    /// The term as it can be found. A run that stands nowhere, not even near, is read by its sound,
    /// as its words, or with one character off, whichever stands somewhere.
    pub(crate) fn settle(&self, mut term: Term) -> Result<Term, Error> {
        if term.quoted || term.sign.is_some() {
            return Ok(term);
        }
        let run = Normal::of(&term.text);
        term.value = Value::of(&run).and_then(|value| value.other_form(&term.text));
        term.near = self.kept(look_alikes::variants(short(&run.chars)), Why::LookAlike, KEPT)?;
        term.name =
            !term.wide && sounds::is_name(self.searcher(), &self.compiler.fields, &run.chars)?;
        if term.wide || term.name {
            term.near.extend(self.off_by_one(&run.chars, term.name)?);
        }
        if self.stands(&*self.compiler.term(&term))? {
            return Ok(term);
        }
        if sounds::is_sound(&run.chars) {
            term.near = self.sounding(&run.chars)?;
            if !term.near.is_empty() {
                return Ok(term);
            }
        }
        let words = self.lexicon.words(&run);
        let all_long = words.iter().all(|word| word.len() > 1);
        let text = |word: std::ops::Range<usize>| run.chars[word].iter().collect::<String>();
        let mut as_words = term.clone();
        if words.len() > 1 {
            as_words.words = words.into_iter().map(text).collect();
            if all_long && self.stands(&*self.compiler.term(&as_words))? {
                return Ok(as_words);
            }
        }
        term.name = false;
        term.near = self.off_by_one(&run.chars, false)?;
        Ok(if term.near.is_empty() { as_words } else { term })
    }

    /// What has one character off, for runs as long as names; if it `is_name`, on papers of
    /// households that have the name itself.
    fn off_by_one(&self, run: &[char], is_name: bool) -> Result<Vec<Near>, Error> {
        // A digit or two of a number that is covered must not be guessed.
        if !NAMES.contains(&run.len()) || run.iter().any(char::is_ascii) {
            return Ok(Vec::new());
        }
        let variants = if is_name { self.at_home(run)? } else { self.one_off(run)? };
        self.kept(variants, Why::OneCharacter, TRIED)
    }

    /// What stands with one other character on papers of households that have `run` itself. Their
    /// papers are read for it, which takes less than to try what might stand there.
    fn at_home(&self, run: &[char]) -> Result<Vec<Vec<char>>, Error> {
        let mut pages = Vec::new();
        let homes = self.compiler.households(self.compiler.homes(run)?);
        self.compiler.view.each_page(&*homes, |page, row| {
            if self.sieve.may_be_seen(row) {
                pages.push(page);
            }
            pages.len() < READ
        })?;
        let mut variants: Vec<Vec<char>> = Vec::new();
        for page in pages {
            let entry: TantivyDocument = self.searcher().doc(page)?;
            let text = entry.get_first(self.compiler.fields.text);
            let text = Normal::of(text.and_then(|value| value.as_str()).unwrap_or_default()).chars;
            for window in text.windows(run.len()) {
                let mut others = window.iter().zip(run).filter(|(a, b)| a != b).map(|(a, _)| a);
                if let (Some(other), None) = (others.next(), others.next())
                    && !other.is_ascii()
                    && other.is_alphanumeric()
                    && !variants.iter().any(|known| known == window)
                {
                    variants.push(window.to_vec());
                }
            }
        }
        Ok(variants)
    }

    fn searcher(&self) -> &Searcher {
        &self.compiler.view.searcher
    }

    /// The names that sound so.
    fn sounding(&self, typed: &[char]) -> Result<Vec<Near>, Error> {
        let names = sounds::names(self.searcher(), &self.compiler.fields, typed, sounds::NAMES)?;
        let runs = names.into_iter().map(|name| name.chars().collect()).collect();
        self.kept(runs, Why::Sound, sounds::NAMES)
    }

    /// The first of `runs` that stand somewhere, at most `most`.
    fn kept(&self, runs: Vec<Vec<char>>, why: Why, most: usize) -> Result<Vec<Near>, Error> {
        let mut kept = Vec::new();
        for run in runs.into_iter().take(TRIED) {
            if self.compiler.may_stand(&run)? && self.stands(&*self.compiler.run(&run))? {
                kept.push(Near { text: run.into_iter().collect(), why });
                if kept.len() == most {
                    break;
                }
            }
        }
        Ok(kept)
    }

    /// `run` with one character being another or missing. What stands at either end is left open:
    /// it is whatever the page has there.
    fn one_off(&self, run: &[char]) -> Result<Vec<Vec<char>>, Error> {
        let mut variants = Vec::new();
        for at in 1..run.len() - 1 {
            let between = self.compiler.between(run[at - 1], run[at + 1])?;
            variants.extend(between.into_iter().filter(|c| *c != run[at]).map(|c| {
                let mut variant = run.to_vec();
                variant[at] = c;
                variant
            }));
        }
        variants.push(run[1..].to_vec());
        variants.push(run[..run.len() - 1].to_vec());
        for at in 1..run.len() - 1 {
            let mut variant = run.to_vec();
            variant.remove(at);
            variants.push(variant);
        }
        Ok(variants)
    }

    /// Whether `matcher` finds a page that may be seen.
    fn stands(&self, matcher: &dyn Matcher) -> Result<bool, Error> {
        let mut stands = false;
        self.compiler.view.each_page(matcher, |_, row| {
            stands = self.sieve.may_be_seen(row);
            !stands
        })?;
        Ok(stands)
    }
}

/// The run, when other spellings are tried for it: one character has too many.
fn short(run: &[char]) -> &[char] {
    if (2..=LONGEST).contains(&run.len()) { run } else { &[] }
}
