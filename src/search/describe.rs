//! What the catalog says of the papers that the index found.

use std::collections::BTreeMap;

use yidang_indexer::ReadAs;

use super::{Answer, Asked, Found, FoundPage, NearBy, SearchError, fields, labels, renewal};
use crate::app::App;
use crate::catalog::{documents, households, kinship, organisations, volumes};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, scope};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::places::Places;

/// So many values of a list are named.
const NAMED: usize = 12;

/// An answer of the index with what the catalog says of the papers it found.
pub(super) async fn described(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    answer: yidang_indexer::Answer,
) -> Result<Answer, SearchError> {
    let renewal = renewal(app).await?;
    let mut tx = app.db.read().await?;
    let reads: Vec<&ReadAs> = std::iter::once(&answer.read_as).chain(&answer.within).collect();
    let found = describe_all(app, &mut tx, actor, &answer.hits, &reads).await?;
    let facets = answer.facets;
    let mut names = BTreeMap::new();
    let first = |list: &[(String, u64)], chosen: &[String]| {
        let counted = list.iter().take(NAMED).map(|(value, _)| value.clone());
        counted.chain(chosen.iter().cloned()).collect::<Vec<String>>()
    };
    for code in first(&facets.organisations, &asked.organisations) {
        let name = organisations::name(&mut tx, &code).await?;
        names.insert(code, name);
    }
    for no in first(&facets.households, &asked.households) {
        let Ok(known) = no.parse::<HouseholdNo>() else { continue };
        let household = households::get(&mut tx, &known).await?;
        if let Some(one) = household.filter(|one| scope(actor).covers(&one.organisation)) {
            names.insert(no, one.head);
        }
    }
    Ok(Answer {
        total: answer.total,
        total_pages: answer.total_pages,
        near: answer.near,
        read_as: answer.read_as,
        within: answer.within,
        found,
        next: answer.next,
        types: facets.types,
        years: facets.years,
        households: facets.households,
        organisations: facets.organisations,
        states: facets.states,
        bands: facets.bands,
        standings: facets.standings,
        categories: facets.categories,
        unread: None,
        renewal,
        names,
    })
}

/// What the catalog says of papers that were found by what was read so.
pub(super) async fn describe_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    hits: &[yidang_indexer::DocumentHit],
    reads: &[&ReadAs],
) -> Result<Vec<Found>, DbError> {
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        let id = DocumentId(i64::try_from(hit.document).unwrap_or(i64::MAX));
        if let Some(mut one) = describe(app, tx, actor, id, hit).await? {
            labels::tell(&mut one, reads);
            found.push(one);
        }
    }
    Ok(found)
}

/// What the catalog says of one paper; none when it is gone.
async fn describe(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: DocumentId,
    hit: &yidang_indexer::DocumentHit,
) -> Result<Option<Found>, DbError> {
    let found = documents::get(tx, &scope(actor), id).await?;
    // What has just gone may still be in the index.
    let Some(document) = found.filter(|one| one.state().is_live()) else { return Ok(None) };
    let no: Option<HouseholdNo> = document.household.as_ref().and_then(|no| no.parse().ok());
    let (mut head, mut gone, mut volume) = (String::new(), None, None);
    if let Some(no) = &no {
        if let Some(household) = households::get(tx, no).await? {
            gone = kinship::became(tx, &scope(actor), &household).await?;
            head = household.head;
        }
        volume = volumes::current(tx, no).await?.map(|volume| volume.reference_code);
    }
    let shown = documents::shown(tx, &document).await?;
    let opens = hit.opens_at().map(|page| page.page);
    let mut pages: Vec<FoundPage> = hit.pages.iter().map(|page| found_page(app, page)).collect();
    // The page it opens at comes first; the others follow in order.
    if let Some(at) = pages.iter().position(|page| Some(page.page) == opens) {
        pages[..=at].rotate_right(1);
    }
    Ok(Some(Found {
        document: id,
        household: document.household.clone(),
        head,
        gone,
        volume,
        organisation: document.organisation.clone(),
        type_code: shown.type_code,
        title: shown.title,
        date: document.date.clone(),
        of: document.pages,
        pages,
    }))
}

/// A page that the index found, with the places of the words on its image.
pub(super) fn found_page(app: &App, hit: &yidang_indexer::PageHit) -> FoundPage {
    let places = Places::from_bytes(&hit.payload).unwrap_or_default();
    let each: Vec<_> = hit.matches.iter().map(|range| places.boxes(range)).collect();
    let mut spans: Vec<usize> = each.iter().map(Vec::len).collect();
    let mut boxes = each.concat();
    let fields: Vec<_> = hit.keyed.iter().map(|one| fields::found(app, one)).collect();
    // Where the words were found on the page itself, their field is not boxed again.
    for field in &fields {
        match field.bbox {
            Some(place) if boxes.iter().any(|known| lies_in(*known, place)) => {}
            Some(place) => {
                boxes.push(place);
                spans.push(1);
            }
            None => spans.push(0),
        }
    }
    FoundPage {
        page: hit.page,
        snippet: hit.snippet.text.clone(),
        marks: hit.snippet.marks.iter().map(|mark| (mark.start, mark.end)).collect(),
        boxes,
        fields,
        width: places.width,
        height: places.height,
        near: hit.near.iter().map(NearBy::from).collect(),
        labels: Vec::new(),
        spans,
        matches: hit.matches.iter().map(|range| (range.start, range.end)).collect(),
    }
}

/// Whether the middle of a box lies in another.
fn lies_in([x, y, width, height]: [u32; 4], other: [u32; 4]) -> bool {
    let (x, y) = (x.saturating_add(width / 2), y.saturating_add(height / 2));
    let within =
        |at: u32, from: u32, length: u32| (from..=from.saturating_add(length)).contains(&at);
    within(x, other[0], other[2]) && within(y, other[1], other[3])
}
