//! 检索: what is asked, and what came of it.

mod blank;
mod facets;
mod hits;
mod kept;
mod refusal;
mod suggest;
pub(super) mod understood;

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery, State as Shared};
use serde::Deserialize;

use self::blank::blank;
pub(super) use self::blank::saved;
use self::facets::facets;
use self::hits::{hit, preview};
pub(crate) use self::kept::{clear_recent, delete, export, open, rename, save, shape};
pub(super) use self::refusal::refused;
pub(crate) use self::suggest::show as suggest;
use super::{Answer, document_id};
use crate::looks;
use crate::search::{self, Asked, Cursor, Part, SearchError};
use crate::view;
use crate::web::error::Failure;
use crate::web::page::search::{Alike, Found, Link, Nothing, Outcome, Search, grouped, told};
use crate::web::session::{Session, go};
use crate::web::state::Web;
use crate::web::words;

/// How many documents one page of results has.
const HITS: usize = 20;

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
}
