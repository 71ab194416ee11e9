//! Query text to tree.
//!
//! ```text
//! 王小明 低保            both occur
//! "最低 保障" “…” 「…」   exactly this run (blanks never count)
//! a AND b, a OR b        AND binds tighter than OR; a blank is AND; ＡＮＤ and ＯＲ as well
//! NOT a, -a, b AND NOT a does not occur
//! (a OR b) c             groups; （ ） as well
//! 户主:周桂兰 日期:2024..2025 金额:>500   one field (`query/field.rs`), of which one word or one
//!                        quote is asked; blanks behind the colon do not count
//! 工作单位:纺织厂         a field of a form, where the caller knows one by that name
//! 王小明~                with one character off as well, below what is it
//! 王小*                  the same as 王小: any run is found, whatever follows
//! ```
//!
//! A parenthesis opens a group only where a word could begin: 审批表（一） is one word.

use std::ops::Range;

use super::field::{Field, FieldTerm};
use crate::normalise::is_dropped;
use crate::{Query, Term};

/// Longest query, in characters.
const MAX_CHARS: usize = 1000;
/// Most terms in a query.
const MAX_TERMS: usize = 64;
/// Deepest nesting of groups and negations.
const MAX_DEPTH: usize = 16;

/// Why a query cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {flaw}", at + 1)]
pub struct SyntaxError {
    /// Number of the offending character in the query, from 0.
    pub at: usize,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A quote that does not end.
    #[error("the quote does not end")]
    UnclosedQuote,
    /// Nothing to look for between quotes.
    #[error("there is nothing in the quotes")]
    EmptyQuote,
    /// A parenthesis that is not closed.
    #[error("the parenthesis is not closed")]
    UnclosedGroup,
    /// A closing parenthesis without an opening one.
    #[error("there is no opening parenthesis for this one")]
    UnopenedGroup,
    /// Nothing to look for between parentheses.
    #[error("there is nothing in the parentheses")]
    EmptyGroup,
    /// AND or OR with nothing before it.
    #[error("{0} needs something before it")]
    NothingBefore(&'static str),
    /// AND, OR, NOT or a minus with nothing after it.
    #[error("{0} needs something after it")]
    NothingAfter(&'static str),
    /// Nothing to look for after the name of a field.
    #[error("nothing is asked of {}", .0.name())]
    EmptyField(Field),
    /// Several words are asked of a field, in parentheses.
    #[error("{} is asked for one word, or for several in quotes", .0.name())]
    FieldGroup(Field),
    /// What is asked of the date is no day, month or year, nor from one to another.
    #[error("this is no date")]
    NoDay,
    /// What is asked of the amount is none, nor from one to another.
    #[error("this is no amount")]
    NoAmount,
    /// A range whose end comes before its beginning.
    #[error("the range ends before it begins")]
    Reversed,
    /// More characters than allowed.
    #[error("a query may have {0} characters")]
    TooLong(usize),
    /// More terms than allowed.
    #[error("a query may have {0} terms")]
    TooMany(usize),
    /// More nesting than allowed.
    #[error("a query may be nested {0} deep")]
    TooDeep(usize),
}

impl Flaw {
    fn at(self, at: usize) -> SyntaxError {
        SyntaxError { at, flaw: self }
    }
}

/// Whether a field of a form has this name.
pub(crate) type IsKeyed<'a> = &'a dyn Fn(&str) -> bool;

/// The tree of `text`; [`Query::Everything`] when there is nothing in it.
pub(crate) fn parse(text: &str, is_keyed: IsKeyed<'_>) -> Result<Query, SyntaxError> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_CHARS {
        return Err(Flaw::TooLong(MAX_CHARS).at(MAX_CHARS));
    }
    let tokens = tokens(&chars, is_keyed)?;
    if tokens.is_empty() {
        return Ok(Query::Everything);
    }
    let mut parser = Parser { tokens, next: 0 };
    let query = parser.any(0)?;
    match parser.peek() {
        Some((at, _)) => Err(Flaw::UnopenedGroup.at(at)),
        None => Ok(query),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not(&'static str),
    Term(Term),
    Field(FieldTerm),
}

/// Cuts the query into tokens, each with the place where it begins.
fn tokens(chars: &[char], is_keyed: IsKeyed<'_>) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut terms = 0;
    while let Some(&c) = chars.get(at) {
        let start = at;
        let token = match c {
            _ if is_dropped(c) => {
                at += 1;
                continue;
            }
            '(' | '（' => Token::Open,
            ')' | '）' => Token::Close,
            '-' | '－' => Token::Not("-"),
            _ if closing_quotes(c).is_some() => {
                let (term, end) = quoted(chars, at)?;
                at = end;
                Token::Term(term)
            }
            _ => {
                at = word_end(chars, at);
                let (token, end) = word_or_field(chars, start..at, is_keyed)?;
                at = end;
                token
            }
        };
        if at == start {
            at += 1;
        }
        if matches!(token, Token::Term(_) | Token::Field(_)) {
            terms += 1;
            if terms > MAX_TERMS {
                return Err(Flaw::TooMany(MAX_TERMS).at(start));
            }
        }
        tokens.push((start, token));
    }
    Ok(tokens)
}

/// What a word is, and the place after it: a field takes along the quote or the word that follows
/// its colon.
fn word_or_field(
    chars: &[char],
    word_at: Range<usize>,
    is_keyed: IsKeyed<'_>,
) -> Result<(Token, usize), SyntaxError> {
    let Range { start, end } = word_at;
    let typed = &chars[start..end];
    let colon = typed.iter().position(|c| matches!(c, ':' | '：'));
    let name: String = typed[..colon.unwrap_or(0)].iter().collect();
    let keyed = || (!name.is_empty() && is_keyed(&name)).then_some(Field::Keyed);
    let field = || Field::named(&name).or_else(keyed);
    let Some((colon, field)) = colon.and_then(|colon| Some((colon, field()?))) else {
        return Ok((word(typed.iter().collect()), end));
    };
    let behind = start + colon + 1;
    let blanks = chars[behind..].iter().take_while(|&&c| is_dropped(c)).count();
    let at = behind + blanks;
    let empty = || Flaw::EmptyField(field).at(start);
    let (text, end) = match chars.get(at) {
        None | Some(')' | '）') => return Err(empty()),
        Some('(' | '（') => return Err(Flaw::FieldGroup(field).at(at)),
        Some(&c) if closing_quotes(c).is_some() => {
            let (term, after) = quoted(chars, at)?;
            (term.text, after)
        }
        // Behind blanks a minus, an operator or another field is what it is, and nothing for this one.
        Some('-' | '－') if blanks > 0 => return Err(empty()),
        Some(_) if blanks > 0 => match word_or_field(chars, at..word_end(chars, at), is_keyed)? {
            (Token::Term(term), after) => (term.text, after),
            _ => return Err(empty()),
        },
        Some(_) => (plain(chars[at..end].iter().collect()).text, end),
    };
    let asked = match field {
        Field::Keyed => FieldTerm::keyed(name, text),
        _ => FieldTerm::new(field, text).map_err(|flaw| flaw.at(at))?,
    };
    Ok((Token::Field(asked), end))
}

fn word(text: String) -> Token {
    // An input method in full width writes operators so as well.
    let narrow = |c| match c {
        'Ａ'..='Ｚ' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    match text.chars().map(narrow).collect::<String>().as_str() {
        "AND" => Token::And,
        "OR" => Token::Or,
        "NOT" => Token::Not("NOT"),
        _ => Token::Term(plain(text)),
    }
}

/// A term without the signs behind it, unless there is nothing else.
fn plain(text: String) -> Term {
    let is_more = |begun: &str| begun.chars().any(char::is_alphanumeric);
    match text.trim_end_matches(['*', '＊', '~', '～']) {
        begun if is_more(begun) && begun.len() < text.len() => {
            let wide = text[begun.len()..].contains(['~', '～']);
            Term { wide, ..Term::plain(begun) }
        }
        _ => Term::plain(text),
    }
}

/// The quotes that close what `c` opens, if it opens anything. Input methods and hurried hands mix
/// up the curly ones, so either closes.
fn closing_quotes(c: char) -> Option<&'static [char]> {
    match c {
        '"' | '＂' => Some(&['"', '＂']),
        '“' | '”' => Some(&['“', '”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

/// The quoted term that begins at `start`, and the place after it.
fn quoted(chars: &[char], start: usize) -> Result<(Term, usize), SyntaxError> {
    let closing = closing_quotes(chars[start]).unwrap_or_default();
    let inside = &chars[start + 1..];
    let Some(length) = inside.iter().position(|c| closing.contains(c)) else {
        return Err(Flaw::UnclosedQuote.at(start));
    };
    let inside = &inside[..length];
    if inside.iter().all(|&c| is_dropped(c)) {
        return Err(Flaw::EmptyQuote.at(start));
    }
    Ok((Term::exact(inside.iter().collect::<String>()), start + length + 2))
}

/// The end of the word that begins at `start`: before a blank, a quote, or a parenthesis that does
/// not belong to the word.
fn word_end(chars: &[char], start: usize) -> usize {
    let mut end = start;
    while let Some(&c) = chars.get(end) {
        match c {
            _ if c.is_whitespace() || closing_quotes(c).is_some() => break,
            ')' | '）' => break,
            '(' | '（' => {
                let so_far: String = chars[start..end].iter().collect();
                let is_operator = !matches!(word(so_far), Token::Term(_));
                match parenthesis_end(chars, end) {
                    Some(after) if !is_operator => end = after,
                    _ => break,
                }
            }
            _ => end += 1,
        }
    }
    end
}

/// The place after the parenthesis that closes the one at `open`, if no blank or quote stands
/// between them.
fn parenthesis_end(chars: &[char], open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, &c) in chars.iter().enumerate().skip(open) {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            _ if c.is_whitespace() || closing_quotes(c).is_some() => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
}

impl Parser {
    fn peek(&self) -> Option<(usize, &Token)> {
        self.tokens.get(self.next).map(|(at, token)| (*at, token))
    }

    /// Takes the next token if it is `wanted`, and says where it stood.
    fn take(&mut self, wanted: &Token) -> Option<usize> {
        let (at, token) = self.peek()?;
        let matches = token == wanted;
        matches.then(|| {
            self.next += 1;
            at
        })
    }

    /// all (OR all)*
    fn any(&mut self, depth: usize) -> Result<Query, SyntaxError> {
        if let Some((at, Token::Or)) = self.peek() {
            return Err(Flaw::NothingBefore("OR").at(at));
        }
        let mut parts = vec![self.all(depth)?];
        while let Some(at) = self.take(&Token::Or) {
            self.expect_operand("OR", at)?;
            parts.push(self.all(depth)?);
        }
        Ok(Query::any(parts))
    }

    /// one (AND? one)*
    fn all(&mut self, depth: usize) -> Result<Query, SyntaxError> {
        if let Some((at, Token::And)) = self.peek() {
            return Err(Flaw::NothingBefore("AND").at(at));
        }
        let mut parts = vec![self.one(depth)?];
        loop {
            if let Some(at) = self.take(&Token::And) {
                self.expect_operand("AND", at)?;
            } else if !self.at_operand() {
                return Ok(Query::all(parts));
            }
            parts.push(self.one(depth)?);
        }
    }

    /// NOT one | ( any ) | term
    fn one(&mut self, depth: usize) -> Result<Query, SyntaxError> {
        let Some((at, token)) = self.tokens.get(self.next).cloned() else {
            return Ok(Query::Everything);
        };
        if depth > MAX_DEPTH {
            return Err(Flaw::TooDeep(MAX_DEPTH).at(at));
        }
        self.next += 1;
        match token {
            Token::Term(term) => Ok(Query::Term(term)),
            Token::Field(asked) => Ok(Query::Field(asked)),
            Token::Not(sign) => {
                self.expect_operand(sign, at)?;
                Ok(Query::negated(self.one(depth + 1)?))
            }
            Token::Open => {
                if matches!(self.peek(), Some((_, Token::Close))) {
                    return Err(Flaw::EmptyGroup.at(at));
                }
                if self.peek().is_none() {
                    return Err(Flaw::UnclosedGroup.at(at));
                }
                let inside = self.any(depth + 1)?;
                match self.take(&Token::Close) {
                    Some(_) => Ok(inside),
                    None => Err(Flaw::UnclosedGroup.at(at)),
                }
            }
            Token::Close => Err(Flaw::UnopenedGroup.at(at)),
            Token::And => Err(Flaw::NothingBefore("AND").at(at)),
            Token::Or => Err(Flaw::NothingBefore("OR").at(at)),
        }
    }

    fn at_operand(&self) -> bool {
        matches!(
            self.peek(),
            Some((_, Token::Term(_) | Token::Field(_) | Token::Open | Token::Not(_)))
        )
    }

    fn expect_operand(&self, sign: &'static str, at: usize) -> Result<(), SyntaxError> {
        if self.at_operand() { Ok(()) } else { Err(Flaw::NothingAfter(sign).at(at)) }
    }
}

#[cfg(test)]
mod tests;
