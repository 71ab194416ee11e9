//! Where a paper comes from: its files, how it was read, what happened.

use crate::model::act::Act;
use crate::model::rules::Rules;
use crate::view::{DocumentView, Happening};
use crate::web::lang::Lang;
use crate::web::page::viewer::{Event, FileFact, PageFact, Provenance};
use crate::web::words;

/// The provenance of a document.
pub(super) fn of(lang: Lang, rules: &Rules, seen: &DocumentView) -> Provenance {
    let files = seen.files.iter().map(|file| FileFact {
        order: words::count(file.place),
        name: file.name.clone(),
        kind: words::kind(&file.mime),
        bytes: words::count(file.bytes),
        sha256: file.sha256.clone(),
    });
    let pages = seen.pages.iter().map(|page| match &page.reading {
        Some(reading) => PageFact {
            page: page.page.into(),
            source: words::source(lang, reading.source).to_owned(),
            reason: words::why(lang, &reading.reason),
            turned: reading.turned.into(),
        },
        None => PageFact {
            page: page.page.into(),
            source: lang.t("还没读", "Not read yet").to_owned(),
            reason: String::new(),
            turned: 0,
        },
    });
    Provenance {
        files: files.collect(),
        pages: pages.collect(),
        events: events(lang, rules, &seen.history),
    }
}

/// What happened, newest first; the second filing is a correction.
fn events(lang: Lang, rules: &Rules, history: &[Happening]) -> Vec<Event> {
    let mut filed = false;
    let mut events: Vec<Event> = history
        .iter()
        .map(|happening| {
            let files = matches!(happening.body.act, Act::FileDocument { .. });
            let again = files && filed;
            filed |= files;
            Event {
                entry: words::count(happening.no),
                when: words::minute(&happening.time),
                what: words::phrase(lang, rules, &happening.body.act, again),
                who: happening.body.actor.name.clone(),
                changed: true,
            }
        })
        .collect();
    events.reverse();
    events
}
