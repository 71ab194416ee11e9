//! What a term can be found as: itself, in another form, or as something near it.
//!
//! "Stands nowhere" always means among what may be seen, so nobody learns more than that; what was
//! chosen in facets does not change how a query is read.

use std::collections::HashSet;

use tantivy::query::Query as Matcher;
use tantivy::schema::Value as _;
use tantivy::{Searcher, TantivyDocument};

use crate::analysis::lexicon::Lexicon;
use crate::compile::Compiler;
use crate::filter::Sieve;
use crate::normalise::Normal;
use crate::values::Value;
use crate::{Error, Field, FieldTerm, Near, Query, Term, Why, look_alikes, sounds};

/// Longest run that other spellings are tried for, in characters.
const LONGEST: usize = 8;
/// Most other spellings that are tried, and most that are kept of those that were not asked for.
const TRIED: usize = 100;
const KEPT: usize = 6;
/// Most pages that are read for a name that was read with one other character.
const READ: usize = 200;
/// Lengths of names, in characters, of which one may be another or missing.
const NAMES: std::ops::RangeInclusive<usize> = 2..=4;
/// Most words in letters that are taken together as one sound.
const SYLLABLES: usize = 8;

/// Settles terms on one view, for what one person may see.
pub(crate) struct Settler<'s> {
    pub(crate) compiler: &'s Compiler,
    pub(crate) sieve: &'s Sieve,
    pub(crate) lexicon: &'s Lexicon,
}

impl Settler<'_> {
    /// The query with words in letters that follow each other taken as one, `zhou gui lan` as
    /// `zhouguilan`, where that is how a name sounds and no page has the words.
    pub(crate) fn joined(&self, query: Query) -> Result<Query, Error> {
        let parts = match query {
            Query::All(parts) => parts,
            other => return Ok(other),
        };
        let mut joined: Vec<Query> = Vec::new();
        for group in parts.chunk_by(|one, next| letters(one).is_some() && letters(next).is_some()) {
            let typed: String = group.iter().filter_map(letters).collect();
            let typed = typed.to_ascii_lowercase();
            let together = (2..=SYLLABLES).contains(&group.len()) && {
                let chars: Vec<char> = typed.chars().collect();
                let exact = |part: &Query| match part {
                    Query::Term(term) => Query::Term(Term::exact(term.text.clone())),
                    other => other.clone(),
                };
                let words = Query::all(group.iter().map(exact).collect());
                sounds::is_sound(&chars)
                    && !self.stands(&*self.compiler.query(&words))?
                    && !self.sounding(&chars)?.is_empty()
            };
            match together {
                true => joined.push(Query::Term(Term::plain(typed))),
                false => joined.extend_from_slice(group),
            }
        }
        Ok(Query::all(joined))
    }

    /// A term or a field as it can be found.
    pub(crate) fn settle(&self, leaf: Query) -> Result<Query, Error> {
        Ok(match leaf {
            Query::Term(term) => Query::Term(self.term(term)?),
            Query::Field(asked) if asked.field == Field::Head => Query::Field(self.head(asked)?),
            other => other,
        })
    }

    /// The head of a household as it was typed, or, when no head has it and it is a sound, as the
    /// names that sound so.
    fn head(&self, asked: FieldTerm) -> Result<FieldTerm, Error> {
        let typed = Normal::of(&asked.text).chars;
        if !sounds::is_sound(&typed) || self.stands(&*self.compiler.head(&asked.text))? {
            return Ok(asked);
        }
        let mut codes = Vec::new();
        for name in sounds::names(self.searcher(), &self.compiler.fields, &typed, sounds::NAMES)? {
            if self.stands(&*self.compiler.head(&name))? {
                codes.push(name);
            }
        }
        Ok(FieldTerm { codes, ..asked })
    }

    /// The term as it can be found. A run that stands nowhere, not even near, is read by its sound,
    /// as its words, or with one character off, whichever stands somewhere.
    fn term(&self, mut term: Term) -> Result<Term, Error> {
        if term.quoted || term.sign.is_some() {
            return Ok(term);
        }
        let run = Normal::of(&term.text);
        term.value = Value::of(&run).and_then(|value| value.other_form(&term.text));
        term.near = self.kept(look_alikes::variants(short(&run.chars)), Why::LookAlike, KEPT)?;
        term.name =
            !term.wide && sounds::is_name(self.searcher(), &self.compiler.fields, &run.chars)?;
        if term.wide || term.name {
            term.near.extend(self.off_by_one(&run.chars, &term)?);
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
        term.near = self.off_by_one(&run.chars, &term)?;
        Ok(if term.near.is_empty() { as_words } else { term })
    }

    /// What has one character off, for runs as long as names: the name of a person on papers of
    /// households that have it itself, anything else anywhere. What is shorter counts only where
    /// nothing of the same length does.
    fn off_by_one(&self, run: &[char], term: &Term) -> Result<Vec<Near>, Error> {
        // A digit or two of a number that is covered must not be guessed.
        if !NAMES.contains(&run.len()) || run.iter().any(char::is_ascii) {
            return Ok(Vec::new());
        }
        if term.name {
            return self.kept(self.at_home(run)?, Why::OneCharacter, TRIED);
        }
        let others = self.kept(self.one_off(run, term.wide)?, Why::OneCharacter, TRIED)?;
        match others.is_empty() {
            true => self.kept(one_less(run), Why::OneCharacter, TRIED),
            false => Ok(others),
        }
    }

    /// What stands with one other character on papers of households that have `run` itself. Their
    /// papers are read for it, which takes less than to try what might stand there.
    fn at_home(&self, run: &[char]) -> Result<Vec<Vec<char>>, Error> {
        let homes = self.compiler.households(self.compiler.homes(run)?);
        self.instead_of(run, &*homes)
    }

    /// What stands with one other character than `run` on the first pages of `matcher`.
    fn instead_of(&self, run: &[char], matcher: &dyn Matcher) -> Result<Vec<Vec<char>>, Error> {
        let mut pages = Vec::new();
        self.compiler.view.each_page(matcher, |page, row| {
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

    /// `run` with one character being another. What may stand at the ends is read where the rest of
    /// it stands; the pairs of characters tell the others, and what follows in labels.
    fn one_off(&self, run: &[char], wide: bool) -> Result<Vec<Vec<char>>, Error> {
        let last = run.len() - 1;
        if last == 1 && !wide {
            // Half of the run would be too much to leave open.
            return Ok(self.same_sound(run)?);
        }
        let mut variants = self.instead_of(run, &*self.compiler.run(&run[1..]))?;
        variants.extend(self.instead_of(run, &*self.compiler.run(&run[..last]))?);
        for at in 1..=last {
            let between = self.compiler.between(run[at - 1], run.get(at + 1).copied())?;
            variants.extend(between.into_iter().filter(|c| *c != run[at]).map(|c| {
                let mut variant = run.to_vec();
                variant[at] = c;
                variant
            }));
        }
        let mut known = HashSet::new();
        variants.retain(|variant| variant != run && known.insert(variant.clone()));
        if wide && last > 1 {
            return Ok(variants);
        }
        // Names of persons are meant before whatever else stands there.
        let mut names = Vec::new();
        for variant in &variants {
            if sounds::is_name(self.searcher(), &self.compiler.fields, variant)? {
                names.push(variant.clone());
            }
        }
        Ok(if names.is_empty() && last > 1 { variants } else { names })
    }

    /// The names of persons as long as `run` that sound as it does and share a character with it.
    fn same_sound(&self, run: &[char]) -> tantivy::Result<Vec<Vec<char>>> {
        let Some(sound) = sounds::whole(run) else { return Ok(Vec::new()) };
        let names = sounds::names(self.searcher(), &self.compiler.fields, &sound, sounds::NAMES)?;
        let names = names.into_iter().map(|name| name.chars().collect::<Vec<char>>());
        let shares =
            |name: &Vec<char>| name.len() == run.len() && name.iter().zip(run).any(|(a, b)| a == b);
        Ok(names.filter(|name| name != run && shares(name)).collect())
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

/// The text of a part of a query that is letters alone and may be the sound of something.
fn letters(part: &Query) -> Option<&str> {
    let Query::Term(term) = part else { return None };
    let is_plain = !term.quoted && !term.wide && term.sign.is_none();
    let is_letters = term.text.chars().all(|c| c.is_ascii_alphabetic());
    (is_plain && is_letters).then_some(term.text.as_str())
}

/// `run` with one character missing, for names of three characters and more.
fn one_less(run: &[char]) -> Vec<Vec<char>> {
    if run.len() < 3 {
        return Vec::new();
    }
    let ends = [0, run.len() - 1].into_iter();
    let without = |at: usize| {
        let mut variant = run.to_vec();
        variant.remove(at);
        variant
    };
    ends.chain(1..run.len() - 1).map(without).collect()
}

/// The run, when other spellings are tried for it: one character has too many.
fn short(run: &[char]) -> &[char] {
    if (2..=LONGEST).contains(&run.len()) { run } else { &[] }
}
