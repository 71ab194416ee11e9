//! Writing a split or merge: what it has to keep to, and the order of what is written.

use std::collections::{BTreeMap, BTreeSet};

use super::gone::settled;
use super::persons::residents;
use super::writing::{
    Writing, carry_over, close, of_person, open, settle, succeed, take_along, write_link,
};
use super::{last_place, living, refused};
use crate::args;
use crate::catalog::apply::ApplyError;
use crate::catalog::{facts, owed};
use crate::db::Tx;
use crate::model::access::{Scope, scope};
use crate::model::act::{Body, LogEntry};
use crate::model::codes::member;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::{Kin, KinRule, Linking, MERGED, MOST_PERSONS};
use crate::model::lending::day_of;
use crate::model::living::LivingRule;

/// Writes a split or merge: the new household, who lives where, the link.
pub(in crate::catalog) async fn link(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Linking,
) -> Result<(), ApplyError> {
    let (from, to) = (&said.from, &said.to);
    if from == to {
        return Err(refused(KinRule::Itself(from.clone())));
    }
    let visible = scope(&body.actor);
    let source = living(tx, &visible, from).await?;
    if source.stated != said.seen {
        return Err(LivingRule::StatedMeanwhile(from.clone()).into());
    }
    if source.stepped != said.stepped {
        return Err(LivingRule::SteppedMeanwhile(from.clone()).into());
    }
    if said.on > day_of(entry.time) {
        return Err(LivingRule::NotYet(said.on).into());
    }
    not_before(tx, said).await?;
    proves(tx, said).await?;
    if said.kind == Kin::Merge {
        settled(tx, from).await?;
    }
    let names = who_moves(tx, said).await?;
    let mut writing = Writing {
        entry: entry.no,
        on: said.on.to_string(),
        document: said.document.0,
        author: &body.actor.name,
        written: 0,
        touched: BTreeSet::new(),
    };
    match &said.opened {
        Some(new) => {
            in_order(said, 0)?;
            open(tx, &mut writing, to, new).await?;
            take_along(tx, &mut writing, (from, to), new).await?;
        }
        None => joins(tx, &visible, said).await?,
    }
    for one in &said.moved {
        let place = i64::from(one.to);
        carry_over(tx, &mut writing, (from, one.place.into()), (to, place), of_person).await?;
        if !one.relation.is_empty() {
            let relation = writing.stated(place, member::RELATION, &one.relation);
            writing.write(tx, to, relation).await?;
        }
    }
    for one in &said.moved {
        let left = writing.stated(one.place.into(), member::LEFT, said.kind.zh());
        writing.write(tx, from, left).await?;
    }
    if let Some(successor) = &said.successor {
        succeed(tx, &mut writing, from, successor).await?;
    }
    settle(tx, &writing.touched).await?;
    still_gone(tx, said).await?;
    write_link(tx, &writing, said, &source, &names).await?;
    for no in [from, to] {
        let sql = "UPDATE household SET stated = $1 WHERE no = $2";
        tx.run(sql, args![entry.no, no.as_str()]).await?;
    }
    facts::project(tx, to).await?;
    match said.kind {
        Kin::Split => facts::project(tx, from).await,
        Kin::Merge => Ok(close(tx, from, MERGED).await?),
    }
}

/// Refuses a day before that of the last link of one of them.
async fn not_before(tx: &mut Tx, said: &Linking) -> Result<(), ApplyError> {
    let found: Option<(Option<String>,)> = tx
        .one(
            "SELECT MAX(on_day) FROM household_link WHERE voided IS NULL
             AND (source IN ($1, $2) OR target IN ($1, $2))",
            args![said.from.as_str(), said.to.as_str()],
        )
        .await?;
    let last = found.and_then(|(day,)| day).unwrap_or_default();
    if said.on.to_string() < last { Err(refused(KinRule::Before(said.on))) } else { Ok(()) }
}

/// Refuses a paper that is in neither file.
async fn proves(tx: &mut Tx, said: &Linking) -> Result<(), ApplyError> {
    match owed::in_file(tx, &said.from, said.document).await {
        Err(ApplyError::Refused(_)) if said.kind == Kin::Merge => {
            owed::in_file(tx, &said.to, said.document).await
        }
        found => found,
    }
}

/// The names of those who move. Each lives there on the day and now; of a household
/// that is split a head stays, who is named where it is another one; of one that goes
/// into another everybody goes.
async fn who_moves(tx: &mut Tx, said: &Linking) -> Result<Vec<String>, ApplyError> {
    let from = &said.from;
    let known = facts::present(tx, from).await?;
    let now = residents(&known);
    let then = residents(&facts::on_day(tx, from, said.on, EntryNo::MAX).await?);
    let mut names = Vec::new();
    let mut going = BTreeSet::new();
    for one in &said.moved {
        let place = i64::from(one.place);
        names.push(lives([&now, &then], from, place)?);
        if !going.insert(place) {
            return Err(refused(KinRule::NotAll(from.clone())));
        }
    }
    let head = match &said.successor {
        Some(one) => i64::from(one.place),
        None => facts::head(&known, from)?,
    };
    if let Some(successor) = &said.successor {
        let related = successor.relations.iter().map(|one| one.place);
        for place in related.chain([successor.place]) {
            lives([&now, &then], from, place.into())?;
        }
    }
    match said.kind {
        Kin::Merge if said.successor.is_some() || going.len() != now.len() => {
            Err(refused(KinRule::NotAll(from.clone())))
        }
        Kin::Split if going.is_empty() => Err(LivingRule::NoPerson(from.clone(), 0).into()),
        Kin::Split if going.contains(&head) => Err(refused(KinRule::HeadStays(from.clone()))),
        _ => Ok(names),
    }
}

/// Refuses somebody who does not live in the household, on the day and now.
fn lives(
    [now, then]: [&BTreeMap<i64, String>; 2],
    no: &HouseholdNo,
    place: i64,
) -> Result<String, ApplyError> {
    let name = now.get(&place).filter(|_| then.contains_key(&place));
    Ok(name.cloned().ok_or_else(|| LivingRule::NoPerson(no.clone(), place))?)
}

/// Whether their places in the other household follow each other from `first` on.
fn in_order(said: &Linking, first: i64) -> Result<(), ApplyError> {
    match said.moved.iter().zip(first..).find(|(one, place)| i64::from(one.to) != *place) {
        Some((one, _)) => Err(LivingRule::NoPerson(said.to.clone(), one.to.into()).into()),
        None => Ok(()),
    }
}

/// Whether they can go into a household that is there: it lives, nobody stated something
/// of it meanwhile, and their places in it are the next ones.
async fn joins(tx: &mut Tx, visible: &Scope, said: &Linking) -> Result<(), ApplyError> {
    let to = &said.to;
    if living(tx, visible, to).await?.stated != said.seen_there {
        return Err(LivingRule::StatedMeanwhile(to.clone()).into());
    }
    in_order(said, last_place(tx, to).await? + 1)?;
    let there = residents(&facts::present(tx, to).await?).len();
    if there + said.moved.len() > MOST_PERSONS {
        return Err(refused(KinRule::TooMany));
    }
    Ok(())
}

/// Refuses a day after which something else was stated of whether they live there.
async fn still_gone(tx: &mut Tx, said: &Linking) -> Result<(), ApplyError> {
    let now = residents(&facts::present(tx, &said.from).await?);
    if said.moved.iter().any(|one| now.contains_key(&one.place.into())) {
        return Err(refused(KinRule::Before(said.on)));
    }
    Ok(())
}
