//! Sums of whole districts, which are kept until an act could make them other ones.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::super::computed::Place;
use crate::app::App;
use crate::catalog::statistics::{self as catalog, Counted, Wanted};
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::period::Period;
use crate::model::statistics::Figure;

/// The sums of the figures that are made of decisions; kept until another is made.
pub(super) async fn of_decisions(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    wanted: &Wanted,
) -> Result<Vec<(Figure, Counted)>, DbError> {
    let key = format!("decisions {} {wanted:?}", visible.prefix());
    let place = Place::of(tx, &["take_step"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let found = catalog::of_decisions(tx, visible, wanted).await?;
    Ok(app.computed.keep(place, found.len(), found))
}

/// For how long decisions hold; kept until another is made.
pub(super) async fn held(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    wanted: &Wanted,
) -> Result<Vec<catalog::Held>, DbError> {
    let key = format!("held {} {wanted:?}", visible.prefix());
    let place = Place::of(tx, &["take_step"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let found = catalog::held(tx, visible, wanted).await?;
    Ok(app.computed.keep(place, found.len(), found))
}

/// The sums of another figure; those of whole rosters, of all persons and of all papers are
/// kept until an act could change them.
pub(super) async fn counted(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    figure: Figure,
    wanted: &Wanted,
) -> Result<Vec<Counted>, DbError> {
    if let Some(monthly) = figure.monthly() {
        return so_far(app, tx, visible, monthly, wanted).await;
    }
    let acts: &[&str] = match figure {
        Figure::Listed => &["make_roster"],
        Figure::Paid => &["take_bank_return"],
        Figure::People | Figure::Causes => &["take_step"],
        Figure::Files | Figure::Lacking => {
            &["take_step", "file_document", "join_document", "send_back"]
        }
        _ => return catalog::counted(tx, visible, figure, wanted).await,
    };
    let key = format!("counted {} {} {wanted:?}", figure.code(), visible.prefix());
    let place = Place::of(tx, acts, key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let found = catalog::counted(tx, visible, figure, wanted).await?;
    Ok(app.computed.keep(place, found.len(), found))
}

/// The sums of a figure of months over the year of a period, up to its end: each month is
/// kept by itself.
async fn so_far(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    figure: Figure,
    wanted: &Wanted,
) -> Result<Vec<Counted>, DbError> {
    let mut sums: BTreeMap<(String, String), Counted> = BTreeMap::new();
    for month in Period::year_of(wanted.end).months().filter(|month| *month <= wanted.end) {
        let of_month = Wanted { period: Period::month(month), end: month, ..wanted.clone() };
        for one in Box::pin(counted(app, tx, visible, figure, &of_month)).await? {
            match sums.entry((one.organisation.clone(), one.about.clone())) {
                Entry::Vacant(place) => {
                    place.insert(one);
                }
                Entry::Occupied(mut sum) => {
                    let sum = sum.get_mut();
                    sum.count += one.count;
                    sum.persons += one.persons;
                    sum.amount += one.amount;
                }
            }
        }
    }
    Ok(sums.into_values().collect())
}
