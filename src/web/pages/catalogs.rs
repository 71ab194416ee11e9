//! 检索目录: shown, printed, taken along.

use axum::extract::{Path, RawQuery, State as Shared};
use serde::Deserialize;

use super::search::{refused, shape, understood};
use super::{Answer, ROWS};
use crate::model::look::Reason;
use crate::search::SearchError;
use crate::search::catalogs::{self, Asked, Catalog};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::catalogs::{CatalogPrint, Catalogs};
use crate::web::page::search::{ReadAs, Refused};
use crate::web::session::{Fields, Session};
use crate::web::state::Web;
use crate::web::{download, words};

/// The most rows that are printed at once.
const PRINTED: u32 = 1000;

/// Where a part of a catalog begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    after: String,
}

fn catalog(name: &str) -> Result<Catalog, Failure> {
    name.parse().map_err(|_| Failure::not_here())
}

/// What an address or a form narrows a catalog to; an empty choice is none.
fn asked(query: &str) -> Result<Asked, SearchError> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    let given = serde_html_form::to_string(&given).unwrap_or_default();
    serde_html_form::from_str(&given).map_err(|error| SearchError::Asked(error.to_string()))
}

/// `GET /catalogs/{name}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let (catalog, asked) = (catalog(&name)?, asked(&query)?);
    let place: Place = serde_html_form::from_str(&query).unwrap_or_default();
    let (app, actor) = (&web.app, &session.actor);
    let page = Catalogs {
        frame: session.frame.clone(),
        catalog,
        asked,
        read_as: None,
        refused: None,
        rows: Vec::new(),
        total: 0,
        next: None,
    };
    let listed = catalogs::list(app, actor, catalog, &page.asked, &place.after, ROWS).await;
    let found = match listed {
        Ok(found) => found,
        Err(error) => {
            let refused = Some(refusal(session.lang, &page.asked, error)?);
            return session.show(&Catalogs { refused, ..page });
        }
    };
    // What has one character off is searched on the papers.
    let read_as = understood::read_as(session.lang, &found.read);
    let read_as = ReadAs { wider: String::new(), ..read_as };
    session.show(&Catalogs {
        read_as: (!page.asked.part.trim().is_empty()).then_some(read_as),
        rows: found.rows,
        total: words::count(found.total),
        next: found.next,
        ..page
    })
}

/// Why nothing was looked up, to be told on the page; any other error as it is.
fn refusal(lang: Lang, asked: &Asked, error: SearchError) -> Result<Refused, SearchError> {
    match error {
        SearchError::Index(yidang_indexer::Error::Syntax(error)) => {
            Ok(refused(lang, &asked.part, &error))
        }
        SearchError::NoColumn { catalog, asked, asked_en } => Ok(Refused {
            message: match lang {
                Lang::Zh => format!("{}没有一栏可以查「{asked}」。", catalog.zh()),
                Lang::En => format!("The {} has no column for {asked_en}.", catalog.en()),
            },
            hint: lang
                .t("去掉它，或者在纸面上查。", "Leave it out, or search the papers.")
                .to_owned(),
            before: String::new(),
            at: lang.t(&asked, &asked_en).to_owned(),
            after: String::new(),
        }),
        error => Err(error),
    }
}

/// `GET /catalogs/{name}/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (catalog, asked) = (catalog(&name)?, asked(&query.unwrap_or_default())?);
    let found = catalogs::printed(&web.app, &session.actor, catalog, &asked, PRINTED).await?;
    let now = words::at(web.app.now());
    session.show(&CatalogPrint {
        frame: session.frame.clone(),
        catalog,
        asked,
        left_out: words::count(found.total).saturating_sub(words::len(&found.rows)),
        rows: found.rows,
        printed: now.get(..16).unwrap_or_default().to_owned(),
    })
}

/// `POST /catalogs/{name}/export`
pub(crate) async fn export(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<String>,
    fields: Fields,
) -> Answer {
    let catalog = catalog(&name)?;
    let given = ["q", "organisation", "state", "sort"].map(|name| (name, fields.text(name)));
    let asked = asked(&serde_html_form::to_string(given).unwrap_or_default())?;
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let (app, actor, shape) = (&web.app, &session.actor, shape(&fields));
    let bytes = catalogs::export(app, actor, catalog, &asked, shape, Some(reason)).await?;
    Ok(download::sheet(catalog.as_str(), shape, bytes))
}
