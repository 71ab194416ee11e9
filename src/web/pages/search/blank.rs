//! What a person can go back to: recent searches, and saved ones.

use super::facets::{category, standing};
use crate::search::{self, Asked};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::search::{Blank, Recent, SavedRow, band};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// What a person can go back to.
pub(super) async fn blank(session: &Session, web: &Web) -> Result<Blank, Failure> {
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
pub(crate) async fn saved(session: &Session, web: &Web) -> Result<Vec<SavedRow>, Failure> {
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
