//! 检索

mod kept;
mod suggest;
pub(super) mod understood;

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery, State as Shared};
use serde::Deserialize;

pub(crate) use self::kept::{clear_recent, delete, export, open, rename, save, shape};
pub(crate) use self::suggest::show as suggest;
use super::{Answer, document_id};
use crate::looks;
use crate::model::file_state::FileState;
use crate::search::{
    self, Asked, Cursor, Flaw, FoundField, FoundPage, Part, SearchError, SyntaxError,
};
use crate::view;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::part::{HouseholdRef, Look, Picture};
use crate::web::page::search::{
    Alike, Blank, Facet, FacetField, FacetValue, FieldHit, Found, Hit, Link, Nothing, Outcome,
    Piece, Preview, Recent, Refused, SavedRow, Search, band, grouped, told,
};
use crate::web::session::{Session, go};
use crate::web::state::Web;
use crate::web::words;

/// How many documents one page of results has.
const HITS: usize = 20;
/// How many values a facet shows, beside those that were chosen.
const VALUES: usize = 8;
/// How many fields a result shows in which something was found.
const FIELDS: usize = 3;
/// How many boxes a picture of a result carries.
const BOXES: usize = 40;

/// What the address of a search says beside the search.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Beside {
    sel: Option<i64>,
    after: String,
}

/// `GET /search`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let asked = Asked::from_address(&query)?;
    let beside: Beside = serde_html_form::from_str(&query).unwrap_or_default();
    // A number of a household or a volume goes straight there.
    if is_number(&asked.query)
        && let Some(no) = view::named(&web.app, &session.actor, &asked.query).await?
    {
        return Ok(go(&format!("/household/{no}")));
    }
    let mut frame = session.frame.clone();
    frame.query.clone_from(&asked.query);
    let outcome = if asked.is_empty() {
        Outcome::Blank(blank(&session, &web).await?)
    } else {
        outcome(&session, &web, &asked, &beside).await?
    };
    let renewal = search::renewal(&web.app).await?;
    let renewal = renewal.map(|one| told(session.lang, &one));
    session.show(&Search { frame, asked, status: session.said(), renewal, outcome })
}

fn is_number(query: &str) -> bool {
    let digits = query.len() == 17 && query.bytes().all(|byte| byte.is_ascii_digit());
    digits || (query.contains('·') && query.contains('-') && !query.contains(' '))
}

/// What a person can go back to.
async fn blank(session: &Session, web: &Web) -> Result<Blank, Failure> {
    let (app, actor) = (&web.app, &session.actor);
    let recent = search::recent::recent(app, actor).await?.into_iter();
    Ok(Blank {
        recent: recent
            .map(|asked| Recent {
                words: asked.told(),
                href: format!("/search?{}", asked.to_address()),
            })
            .collect(),
        saved: saved(session, web).await?,
    })
}

/// The saved searches of a person, for a list.
pub(super) async fn saved(session: &Session, web: &Web) -> Result<Vec<SavedRow>, Failure> {
    let saved = search::saved::list(&web.app, &session.actor).await?;
    let row = |one: search::saved::Saved| SavedRow {
        about: about(session.lang, web, &one.search()),
        id: one.id,
        name: one.name,
        news: one.news,
    };
    Ok(saved.into_iter().map(row).collect())
}

/// A search in words: what was typed, and what was chosen.
fn about(lang: Lang, web: &Web, asked: &Asked) -> String {
    let types = asked.types.iter().map(|code| words::type_name(lang, &web.app.profile, code));
    let states = asked.states.iter().map(|one| lang.t(one.zh(), one.en()).to_owned());
    let bands = asked.bands.iter().map(|one| band(lang, *one).to_owned());
    let (standings, categories) = (asked.standings.iter(), asked.categories.iter());
    let standings = standings.map(|code| standing(lang, web, code));
    let categories = categories.map(|code| category(lang, web, code));
    let plain = asked.years.iter().chain(&asked.organisations).chain(&asked.households).cloned();
    let stands = standings.chain(categories);
    let chosen: Vec<String> = types.chain(stands).chain(states).chain(bands).chain(plain).collect();
    let parts = [asked.told(), lang.list(&chosen)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(lang.t("；", "; "))
}

/// 状态 of a household, in words.
fn standing(lang: Lang, web: &Web, code: &str) -> String {
    let found = web.app.rules.state(code);
    found.map_or_else(|| code.to_owned(), |one| lang.t(&one.name, &one.name_en).to_owned())
}

/// 类别 of a household, in words.
fn category(lang: Lang, web: &Web, code: &str) -> String {
    let found = web.app.rules.category(code);
    found.map_or_else(|| code.to_owned(), |one| lang.t(&one.name, &one.name_en).to_owned())
}

/// `GET /doc/{id}/alike`
pub(crate) async fn alike(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    let id = document_id(&id)?;
    let most = search::alike::MOST;
    let found = search::alike::alike(app, actor, id, most).await?;
    let unsaid = unsaid(&session, &web, &found.found).await?;
    let hits = found.found.iter().map(|one| hit(lang, one, None, &unsaid)).collect();
    let page = Search {
        frame: session.frame.clone(),
        asked: Asked::default(),
        status: session.said(),
        renewal: search::renewal(app).await?.map(|one| told(lang, &one)),
        outcome: Outcome::Alike(Alike {
            document: words::count(id.0),
            title: found.title,
            words: found.words,
            documents: found.total,
            hits: grouped(hits),
        }),
    };
    session.show(&page)
}

async fn outcome(
    session: &Session,
    web: &Web,
    asked: &Asked,
    beside: &Beside,
) -> Result<Outcome, Failure> {
    let (app, actor) = (&web.app, &session.actor);
    // A place of another time or order is the beginning.
    let after: Option<Cursor> = beside.after.parse().ok();
    let part = Part { after, ..Part::first(HITS) };
    let answer = match search::find(app, actor, asked, &part).await {
        Err(SearchError::Index(yidang_indexer::Error::Syntax(error))) => {
            let said = asked.within.iter().find(|link| search::is_flawed(app, link));
            let query =
                said.filter(|_| !search::is_flawed(app, &asked.query)).unwrap_or(&asked.query);
            return Ok(Outcome::Refused(refused(session.lang, query, &error)));
        }
        answer => answer?,
    };
    let unread = match answer.unread {
        Some(unread) => words::count(unread),
        None => words::count(search::unread(app, actor).await?),
    };
    let understood = understood::read_as(session.lang, &answer.read_as);
    let links = asked.within.iter().zip(&answer.within);
    let links: Vec<Link> = links
        .map(|(words, read)| Link {
            words: words.clone(),
            read_as: understood::read_as(session.lang, read),
        })
        .collect();
    if answer.total == 0 {
        let mut alone = Vec::new();
        for word in understood.all.iter().filter(|_| understood.several()).take(4) {
            let pages = search::count_pages(app, actor, word, asked).await?;
            alone.push((word.clone(), pages));
        }
        let hint = understood::hint(session.lang, &answer.read_as).to_owned();
        return Ok(Outcome::Nothing(Nothing { read_as: understood, links, alone, unread, hint }));
    }
    let selected = answer.found.iter().find(|one| Some(one.document.0) == beside.sel);
    let selected = selected.or(answer.found.first());
    let (lang, unsaid) = (session.lang, unsaid(session, web, &answer.found).await?);
    let hits = answer.found.iter().map(|one| hit(lang, one, selected, &unsaid)).collect();
    Ok(Outcome::Found(Box::new(Found {
        documents: answer.total,
        pages: answer.total_pages,
        near: answer.near,
        read_as: understood,
        links,
        unread,
        facets: facets(lang, web, asked, &answer),
        hits: grouped(hits),
        preview: selected.and_then(|one| preview(lang, one, &unsaid)),
        after: answer.next.map(|next| next.to_string()),
    })))
}

/// Of the households of these papers those of which it has to be said first why they are
/// looked at.
async fn unsaid(
    session: &Session,
    web: &Web,
    found: &[search::Found],
) -> Result<BTreeSet<String>, Failure> {
    let households = found.iter().filter_map(|one| one.household.clone()).collect();
    Ok(looks::unsaid(&web.app, &session.actor, households).await?)
}

/// Whether a paper is of one of these households.
fn is_of(one: &search::Found, households: &BTreeSet<String>) -> bool {
    one.household.as_ref().is_some_and(|no| households.contains(no))
}

/// Why a query cannot be read, at the place.
pub(super) fn refused(lang: Lang, query: &str, error: &SyntaxError) -> Refused {
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
            lang.t("写上要查的，如 户主:周桂兰。", "Fill it, as in head:周桂兰."),
        ),
        Flaw::FieldGroup(_) => (
            lang.t(
                "一个字段只查一个词，或者引号里的几个词。",
                "A field is asked for one word, or for several in quotes.",
            ),
            lang.t(
                "写成 户主:周桂兰 或 户主:\"周 桂兰\"；两个都要就写两遍。",
                "Write head:周桂兰 or head:\"周 桂兰\"; to ask two, write the field twice.",
            ),
        ),
        Flaw::Reversed => (
            lang.t("起止颠倒了。", "The range ends before it begins."),
            lang.t(
                "小的、早的写在前面，如 2024..2025。",
                "Write the lesser or earlier first, as in 2024..2025.",
            ),
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

fn facets(lang: Lang, web: &Web, asked: &Asked, answer: &search::Answer) -> Vec<Facet> {
    let bands: Vec<(String, u64)> =
        answer.bands.iter().map(|(band, count)| (band.as_str().to_owned(), *count)).collect();
    let lists = [
        (FacetField::Type, &answer.types),
        (FacetField::Organisation, &answer.organisations),
        (FacetField::Year, &answer.years),
        (FacetField::Standing, &answer.standings),
        (FacetField::Category, &answer.categories),
        (FacetField::State, &answer.states),
        (FacetField::Confidence, &bands),
        (FacetField::Household, &answer.households),
    ];
    let named = |field, value: &String| match field {
        FacetField::Type => words::type_name(lang, &web.app.profile, value),
        FacetField::Standing => standing(lang, web, value),
        FacetField::Category => category(lang, web, value),
        FacetField::State => value
            .parse::<FileState>()
            .map_or_else(|_| value.clone(), |state| lang.t(state.zh(), state.en()).to_owned()),
        FacetField::Confidence => {
            value.parse().map_or_else(|_| value.clone(), |one| band(lang, one).to_owned())
        }
        _ => answer.names.get(value).unwrap_or(value).clone(),
    };
    let facet = |(field, counted): (FacetField, &Vec<(String, u64)>)| {
        let chosen = field.chosen(asked);
        let shown = counted.iter().enumerate();
        let shown = shown.filter(|(at, (value, _))| *at < VALUES || chosen.contains(value));
        let mut values: Vec<(String, u64)> = shown.map(|(_, pair)| pair.clone()).collect();
        // What was chosen can be lifted though nothing has it any more.
        let missing = chosen.into_iter().filter(|one| values.iter().all(|(value, _)| value != one));
        values.extend(missing.map(|value| (value, 0)).collect::<Vec<_>>());
        let values = values.into_iter().map(|(value, documents)| FacetValue {
            name: named(field, &value),
            value,
            documents,
        });
        Facet { field, values: values.collect() }
    };
    lists.into_iter().map(facet).collect()
}

fn hit(
    lang: Lang,
    one: &search::Found,
    selected: Option<&search::Found>,
    unsaid: &BTreeSet<String>,
) -> Hit {
    let (first, asks) = (one.pages.first(), is_of(one, unsaid));
    let shown = first.filter(|_| !asks);
    Hit {
        document: words::count(one.document.0),
        title: match one.title.as_str() {
            "" => lang.t("（没有题名）", "(no title)").to_owned(),
            title => title.to_owned(),
        },
        household: one.household.as_ref().map(|no| HouseholdRef::new(no, &one.head)),
        ended: one.gone.as_ref().map(|gone| words::ended(lang, gone)),
        date: one.date.clone(),
        reference: one.volume.clone(),
        pages: one.pages.iter().map(|page| page.page.into()).collect(),
        places: one.pages.iter().map(|page| page.places() as u64).sum(),
        near: why(lang, first),
        fields: first.map(|page| fields(lang, page)).unwrap_or_default(),
        snippet: first.filter(|page| shows_text(page)).map(snippet).unwrap_or_default(),
        picture: shown.and_then(|page| picture(&format!("h{}", one.document), one, page, "")),
        asks,
        grouped: false,
        heads: false,
        selected: selected.is_some_and(|chosen| chosen.document == one.document),
    }
}

/// Why a page is found that has not the words themselves: what stands there instead, or
/// which label of its document has them.
fn why(lang: Lang, page: Option<&FoundPage>) -> Vec<String> {
    let Some(page) = page else { return Vec::new() };
    let mut why = understood::near(lang, &page.near);
    why.extend(understood::labels(lang, &page.labels));
    why
}

fn preview(lang: Lang, one: &search::Found, unsaid: &BTreeSet<String>) -> Option<Preview> {
    let page = one.pages.first()?;
    let shown = |picture| Preview {
        document: words::count(one.document.0),
        page: page.page.into(),
        of: words::count(one.of),
        picture,
    };
    if is_of(one, unsaid) {
        return Some(shown(None));
    }
    let alt = match lang {
        Lang::Zh => format!("{}第{}页", one.title, page.page),
        Lang::En => format!("{}, page {}", one.title, page.page),
    };
    let mut picture = picture("pv", one, page, &alt)?;
    if let Some(first) = picture.marks.first_mut() {
        first.look = Look::Current;
    }
    Some(shown(Some(picture)))
}

fn picture(id: &str, one: &search::Found, page: &FoundPage, alt: &str) -> Option<Picture> {
    let size = (u64::from(page.width), u64::from(page.height));
    let boxes = page.boxes.get(..BOXES).unwrap_or(&page.boxes);
    let picture = Picture::new(id, words::count(one.document.0), page.page.into(), size, alt);
    (page.width > 0).then(|| picture.with(Look::Found, boxes))
}

/// Whether the text of a page is shown: not when what was found stands in fields alone.
fn shows_text(page: &FoundPage) -> bool {
    page.fields.is_empty() || !page.marks.is_empty()
}

/// The fields in which something was found.
fn fields(lang: Lang, page: &FoundPage) -> Vec<FieldHit> {
    let field = |one: &FoundField| FieldHit {
        kind: match one.stated {
            true => lang.t("记载", "Stated").to_owned(),
            false => lang.t("字段", "Field").to_owned(),
        },
        name: lang.t(&one.name, &one.name_en).to_owned(),
        value: pieces(&one.snippet, &one.marks),
    };
    page.fields.iter().take(FIELDS).map(field).collect()
}

fn snippet(page: &FoundPage) -> Vec<Piece> {
    pieces(&page.snippet, &page.marks)
}

/// A text cut where found words begin and end.
fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let found = marks.iter().any(|(from, to)| (*from..*to).contains(&at));
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
