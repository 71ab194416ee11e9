//! `GET /search/suggest`: the part of a page that stands below the search field
//! while somebody types.

use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;

use super::super::Answer;
use crate::search;
use crate::web::page::suggest::{Suggestion, Suggestions};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::text;
use crate::web::words;

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    q: String,
}

/// `GET /search/suggest?q=`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(typed): Query<Typed>,
) -> Answer {
    let lang = session.lang;
    let found = search::suggest::suggest(&web.app, &session.actor, &typed.q).await?;
    let mut rows = Vec::new();
    for one in found.households {
        let reference = if one.reference.is_empty() { String::new() } else { one.reference };
        let about = [text::short_no(&one.no), reference].join(" ");
        let href = format!("/household/{}", one.no);
        let (words, about) = (one.head, about.trim_end().to_owned());
        let Some(ended) = one.gone.as_ref().map(|gone| words::ended(lang, gone)) else {
            rows.push(Suggestion { href, words, about, fill: String::new() });
            continue;
        };
        let about = format!("{about} {}", ended.word);
        rows.push(Suggestion { href, words, about, fill: String::new() });
        // Right below it, the one it goes on as.
        rows.extend(ended.there.map(|there| Suggestion {
            href: format!("/household/{}", there.no),
            about: format!(
                "{} {}",
                text::short_no(&there.no),
                lang.t("现在是这一户", "goes on as")
            ),
            words: there.head,
            fill: String::new(),
        }));
    }
    for one in found.types {
        rows.push(Suggestion {
            href: text::address("/search", &[("type", &one.code)]),
            words: lang.t(&one.name, &one.name_en).to_owned(),
            about: format!("{} {}", lang.t("件种", "type"), one.code),
            fill: String::new(),
        });
    }
    for one in found.fields {
        let fill = lang.t(&one.query, &one.query_en).to_owned();
        rows.push(Suggestion {
            href: "#q".to_owned(),
            words: format!("{}:", lang.t(&one.name, &one.name_en)),
            about: lang.t("字段", "field").to_owned(),
            fill,
        });
    }
    for title in found.titles {
        rows.push(Suggestion {
            href: text::address("/search", &[("q", &title)]),
            words: title,
            about: lang.t("题名", "title").to_owned(),
            fill: String::new(),
        });
    }
    for words in found.recent {
        rows.push(Suggestion {
            href: text::address("/search", &[("q", &words)]),
            words,
            about: lang.t("查过", "searched").to_owned(),
            fill: String::new(),
        });
    }
    let frame = session.frame.clone();
    let mut response = session.show(&Suggestions { frame, rows })?;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("private, no-store"));
    Ok(response.into_response())
}
