//! 检索

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::Answer;
use crate::search::{self, Flaw, FoundPage, Narrowed, SearchError, SyntaxError};
use crate::view;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::part::{HouseholdRef, Look, Picture};
use crate::web::page::search::{
    Chosen, Facet, FacetField, FacetValue, Found, Hit, Nothing, Outcome, Piece, Preview, ReadAs,
    Refused, Search,
};
use crate::web::session::{Session, go};
use crate::web::state::Web;
use crate::web::words;

/// How many documents one page of results has.
const HITS: usize = 20;
/// How many values a facet shows.
const VALUES: usize = 8;
/// How many boxes a picture of a result carries.
const BOXES: usize = 40;

/// What the address of a search says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    r#type: String,
    year: String,
    household: String,
    organisation: String,
    sel: Option<i64>,
    after: Option<usize>,
}

/// `GET /search`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let query = asked.q.trim();
    // A number of a household or a volume goes straight there.
    if is_number(query)
        && let Some(no) = view::named(&web.app, &session.actor, query).await?
    {
        return Ok(go(&format!("/household/{no}")));
    }
    let mut frame = session.frame.clone();
    frame.query = query.to_owned();
    let page = Search {
        frame,
        chosen: Chosen {
            type_code: asked.r#type.clone(),
            year: asked.year.clone(),
            household: asked.household.clone(),
            organisation: asked.organisation.clone(),
        },
        outcome: if query.is_empty() {
            Outcome::Blank
        } else {
            outcome(&session, &web, &asked).await?
        },
    };
    session.show(&page)
}

fn is_number(query: &str) -> bool {
    let digits = query.len() == 17 && query.bytes().all(|byte| byte.is_ascii_digit());
    digits || (query.contains('·') && query.contains('-') && !query.contains(' '))
}

fn narrowed(asked: &Asked) -> Narrowed {
    let list = |value: &String| {
        Some(value.clone()).filter(|value| !value.is_empty()).into_iter().collect()
    };
    let day = |end: &str| {
        let year = asked.year.as_str();
        let known = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        if known { format!("{year}-{end}") } else { String::new() }
    };
    Narrowed {
        households: list(&asked.household),
        types: list(&asked.r#type),
        organisation: asked.organisation.clone(),
        from: day("01-01"),
        to: day("12-31"),
    }
}

async fn outcome(session: &Session, web: &Web, asked: &Asked) -> Result<Outcome, Failure> {
    let (app, actor, query) = (&web.app, &session.actor, asked.q.trim());
    let (narrowed, offset) = (narrowed(asked), asked.after.unwrap_or(0));
    let answer = match search::find(app, actor, query, &narrowed, offset, HITS).await {
        Err(SearchError::Index(yidang_indexer::Error::Syntax(error))) => {
            return Ok(Outcome::Refused(refused(session.lang, query, &error)));
        }
        answer => answer?,
    };
    let unread = words::count(search::unread(app, actor).await?);
    let read_as = read_as(&answer.read_as);
    if answer.total == 0 {
        let mut alone = Vec::new();
        for word in read_as.all.iter().filter(|_| read_as.several()).take(4) {
            let pages = search::count_pages(app, actor, word, &narrowed).await?;
            alone.push((word.clone(), pages));
        }
        return Ok(Outcome::Nothing(Nothing { read_as, alone, unread }));
    }
    let selected = answer.found.iter().find(|one| Some(one.document.0) == asked.sel);
    let selected = selected.or(answer.found.first());
    let shown = offset + answer.found.len();
    Ok(Outcome::Found(Box::new(Found {
        documents: answer.total,
        pages: answer.total_pages,
        read_as,
        unread,
        facets: facets(session.lang, web, &answer),
        hits: answer.found.iter().map(|one| hit(session.lang, one, selected)).collect(),
        preview: selected.and_then(|one| preview(session.lang, one)),
        after: (answer.total > shown as u64 && !answer.found.is_empty()).then(|| shown.to_string()),
    })))
}

/// How the words were understood, as flat lists of words.
fn read_as(read: &search::ReadAs) -> ReadAs {
    let mut flat = ReadAs {
        // Quotes around everything mean that nothing was interpreted.
        literal: !read.must.is_empty() && read.must.iter().all(|term| term.quoted),
        ..ReadAs::default()
    };
    for term in &read.must {
        match term.words.as_slice() {
            [] => flat.all.push(term.text.clone()),
            words => flat.all.extend(words.iter().cloned()),
        }
    }
    for group in &read.any_of {
        flat.any.push(group.iter().map(in_words).collect());
    }
    flat.not = read.must_not.iter().map(in_words).collect();
    flat
}

/// A reading inside another one, as it would be typed.
fn in_words(read: &search::ReadAs) -> String {
    let mut words: Vec<String> = read.must.iter().map(|term| term.text.clone()).collect();
    for group in &read.any_of {
        let group: Vec<String> = group.iter().map(in_words).collect();
        words.push(format!("({})", group.join(" OR ")));
    }
    words.extend(read.must_not.iter().map(|not| format!("-{}", in_words(not))));
    words.join(" ")
}

fn refused(lang: Lang, query: &str, error: &SyntaxError) -> Refused {
    let (message, hint) = match error.flaw {
        Flaw::UnclosedQuote => (
            lang.t("引号没有成对。", "The quote does not end."),
            lang.t("在末尾补上引号，或者去掉它。", "End it, or leave it out."),
        ),
        Flaw::EmptyQuote => (
            lang.t("引号里没有字。", "There is nothing in the quotes."),
            lang.t("写上字，或者去掉引号。", "Fill them, or leave them out."),
        ),
        Flaw::UnclosedGroup => (
            lang.t("括号没有成对。", "The parenthesis is not closed."),
            lang.t("补上右括号，或者去掉它。", "Close it, or leave it out."),
        ),
        Flaw::UnopenedGroup => (
            lang.t("多了一个右括号。", "There is no opening parenthesis for this one."),
            lang.t("去掉它，或者补上左括号。", "Leave it out, or open one."),
        ),
        Flaw::EmptyGroup => (
            lang.t("括号里没有字。", "There is nothing in the parentheses."),
            lang.t("写上字，或者去掉括号。", "Fill them, or leave them out."),
        ),
        Flaw::NothingBefore(_) | Flaw::NothingAfter(_) => (
            lang.t(
                "AND、OR、NOT和减号两边要有字。",
                "AND, OR, NOT and minus need words beside them.",
            ),
            lang.t(
                "要查这几个字母本身，请加引号。",
                "To find these letters themselves, quote them.",
            ),
        ),
        Flaw::EmptyField(_) => (
            lang.t("冒号后面没有字。", "There is nothing after the colon."),
            lang.t("写上要查的，如 户主:周桂兰。", "Fill it, as in 户主:周桂兰."),
        ),
        Flaw::NoDay => (
            lang.t("这不是日期。", "This is no date."),
            lang.t(
                "写成 2026-03-09、2026.3、2024..2025 或 >2024。",
                "Write 2026-03-09, 2026.3, 2024..2025 or >2024.",
            ),
        ),
        Flaw::NoAmount => (
            lang.t("这不是金额。", "This is no amount."),
            lang.t("写成 860、>500 或 300..500。", "Write 860, >500 or 300..500."),
        ),
        Flaw::TooLong(_) | Flaw::TooMany(_) | Flaw::TooDeep(_) => (
            lang.t("写得太长了。", "The query is too long."),
            lang.t("留下最要紧的几个词。", "Keep the words that matter most."),
        ),
    };
    let chars: Vec<char> = query.chars().collect();
    let at = error.at.min(chars.len());
    let text = |part: &[char]| part.iter().collect::<String>();
    Refused {
        message: message.to_owned(),
        hint: hint.to_owned(),
        before: text(&chars[..at]),
        at: text(&chars[at..(at + 1).min(chars.len())]),
        after: text(&chars[(at + 1).min(chars.len())..]),
    }
}

fn facets(lang: Lang, web: &Web, answer: &search::Answer) -> Vec<Facet> {
    let named = |code: &String| answer.names.get(code).unwrap_or(code).clone();
    let facet = |field, values: &[(String, u64)], name: &dyn Fn(&String) -> String| Facet {
        field,
        values: values
            .iter()
            .filter(|(value, _)| !value.is_empty())
            .take(VALUES)
            .map(|(value, documents)| FacetValue {
                value: value.clone(),
                name: name(value),
                documents: *documents,
            })
            .collect(),
    };
    vec![
        facet(FacetField::Type, &answer.types, &|code| {
            words::type_name(lang, &web.app.profile, code)
        }),
        facet(FacetField::Organisation, &answer.organisations, &named),
        facet(FacetField::Year, &answer.years, &String::clone),
        facet(FacetField::Household, &answer.households, &named),
    ]
}

fn hit(lang: Lang, one: &search::Found, selected: Option<&search::Found>) -> Hit {
    let first = one.pages.first();
    Hit {
        document: words::count(one.document.0),
        title: match one.title.as_str() {
            "" => lang.t("（没有题名）", "(no title)").to_owned(),
            title => title.to_owned(),
        },
        household: one.household.as_ref().map(|no| HouseholdRef::new(no, &one.head)),
        date: one.date.clone(),
        pages: one.pages.iter().map(|page| page.page.into()).collect(),
        places: one.pages.iter().map(|page| words::len(&page.boxes)).sum(),
        snippet: first.map(snippet).unwrap_or_default(),
        picture: first.and_then(|page| picture(&format!("h{}", one.document), one, page, "")),
        selected: selected.is_some_and(|chosen| chosen.document == one.document),
    }
}

fn preview(lang: Lang, one: &search::Found) -> Option<Preview> {
    let page = one.pages.first()?;
    let alt = match lang {
        Lang::Zh => format!("{}第{}页", one.title, page.page),
        Lang::En => format!("{}, page {}", one.title, page.page),
    };
    let mut picture = picture("pv", one, page, &alt)?;
    if let Some(first) = picture.marks.first_mut() {
        first.look = Look::Current;
    }
    Some(Preview {
        document: words::count(one.document.0),
        page: page.page.into(),
        of: words::count(one.of),
        picture,
    })
}

fn picture(id: &str, one: &search::Found, page: &FoundPage, alt: &str) -> Option<Picture> {
    let size = (u64::from(page.width), u64::from(page.height));
    let boxes = page.boxes.get(..BOXES).unwrap_or(&page.boxes);
    let picture = Picture::new(id, words::count(one.document.0), page.page.into(), size, alt);
    (page.width > 0).then(|| picture.with(Look::Found, boxes))
}

/// A snippet cut where found words begin and end.
fn snippet(page: &FoundPage) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in page.snippet.chars().enumerate() {
        let found = page.marks.iter().any(|(from, to)| (*from..*to).contains(&at));
        let c = if c == '\n' { ' ' } else { c };
        match pieces.last_mut() {
            Some(last) if last.found == found => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), found }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_words() {
        for number in ["99010200300400127", "F001-DB·2026-D10-001"] {
            assert!(is_number(number), "{number}");
        }
        for words in ["周桂兰", "9901020030040012", "A·B", "周-李", "J016-DB·2026 收入"] {
            assert!(!is_number(words), "{words}");
        }
    }

    #[test]
    fn a_refused_query_is_shown_with_its_place() {
        let error = SyntaxError { at: 3, flaw: Flaw::UnclosedQuote };
        let shown = refused(Lang::Zh, "周桂 \"收入", &error);
        assert_eq!(
            (shown.before.as_str(), shown.at.as_str(), shown.after.as_str()),
            ("周桂 ", "\"", "收入")
        );
        let end = refused(Lang::En, "a OR", &SyntaxError { at: 4, flaw: Flaw::NothingAfter("OR") });
        assert_eq!((end.before.as_str(), end.at.as_str()), ("a OR", ""));
    }
}
