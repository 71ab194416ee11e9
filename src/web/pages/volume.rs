//! 案卷: the list of volumes, and a version on screen and on paper.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS, household_no};
use crate::model::volume::{Item, Manifest};
use crate::view::{self, Volume as Version, VolumeView};
use crate::web::page::part::HouseholdRef;
use crate::web::page::volume::{CatalogRow, Paper, VersionRow, Volume, VolumePrint};
use crate::web::page::volumes::{VolumeRow, Volumes};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// What the address of the list says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Listed {
    #[serde(default)]
    after: String,
}

/// `GET /volumes`
pub(crate) async fn list(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Listed>,
) -> Answer {
    let shelf = view::shelf(&web.app, &session.actor, &asked.after, ROWS).await?;
    let full = shelf.rows.len() == ROWS as usize;
    let page = Volumes {
        frame: session.frame.clone(),
        total: words::count(shelf.total),
        outdated: words::count(shelf.outdated),
        after: shelf.rows.last().filter(|_| full).map(|last| last.volume.reference_code.clone()),
        rows: shelf
            .rows
            .iter()
            .map(|one| VolumeRow {
                household: HouseholdRef::new(&one.volume.household, &one.head),
                reference_code: Some(one.volume.reference_code.clone()),
                version: words::count(one.volume.version),
                documents: words::count(one.volume.items),
                pages: words::count(one.volume.pages),
                bound: words::date(&one.volume.bound_at),
                by: one.volume.bound_by.clone(),
                unbound: words::count(one.unbound),
            })
            .collect(),
    };
    session.show(&page)
}

/// Which version an address names.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    v: Option<i64>,
}

/// `GET /volume/{no}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let seen = view::volume(&web.app, &session.actor, &household_no(&no)?, asked.v).await?;
    let page = Volume {
        frame: session.frame.clone(),
        paper: paper(&web, &seen),
        versions: seen.versions.iter().rev().map(version).collect(),
        unbound: seen.unbound as u64,
        status: session.said(),
    };
    session.show(&page)
}

/// `GET /volume/{no}/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let seen = view::printed(&web.app, &session.actor, &household_no(&no)?, asked.v).await?;
    let now = words::at(web.app.now());
    let page = VolumePrint {
        frame: session.frame.clone(),
        paper: paper(&web, &seen),
        printed: now.get(..16).unwrap_or_default().to_owned(),
    };
    session.show(&page)
}

fn version(volume: &Version) -> VersionRow {
    VersionRow {
        version: words::count(volume.version),
        bound: words::date(&volume.bound_at),
        by: volume.bound_by.clone(),
        documents: words::count(volume.items),
        pages: words::count(volume.pages),
    }
}

fn paper(web: &Web, seen: &VolumeView) -> Paper {
    let manifest = &seen.manifest;
    let day = |date: jiff::civil::Date| date.to_string();
    let dates = manifest.dates().map(|(first, last)| (day(first), day(last)));
    Paper {
        no: manifest.household.as_str().to_owned(),
        head: manifest.head.clone(),
        keeper: manifest.fonds_name.clone(),
        class: class(web, manifest),
        reference_code: Some(manifest.reference_code.clone()),
        version: words::count(manifest.version),
        dates: dates.unwrap_or_default(),
        retention: manifest.retention.clone(),
        pages: manifest.pages.into(),
        rows: manifest.items.iter().map(catalog_row).collect(),
        note: manifest.note.clone(),
        by: manifest.bound_by.clone(),
        checked_by: String::new(),
        bound: words::date(&seen.volume.bound_at),
        digest: seen.volume.manifest.clone(),
    }
}

/// The classes of the papers, as the cover names them.
fn class(web: &Web, manifest: &Manifest) -> String {
    let profile = &web.app.profile;
    let mut names: Vec<&str> = Vec::new();
    for item in &manifest.items {
        let kind = profile.type_of(&item.description.type_code);
        if let Some(class) = kind.and_then(|kind| profile.class_of(kind))
            && !names.contains(&class.name.as_str())
        {
            names.push(&class.name);
        }
    }
    format!("最低生活保障　{}", names.join("、"))
}

fn catalog_row(item: &Item) -> CatalogRow {
    let said = &item.description;
    CatalogRow {
        document: words::count(item.document.0),
        order: item.order.into(),
        document_no: said.document_no.clone(),
        responsible: said.responsible.clone(),
        title: said.title.clone(),
        date: said.date.map(|date| date.to_string()).unwrap_or_default(),
        pages: Some((item.first_page.into(), item.last_page.into())),
        remarks: said.remarks.clone(),
    }
}
