//! 分户、并户: how households came from each other, who moved, and where somebody
//! lives now who lived elsewhere before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::apply::{ApplyError, Refusal};
use super::facts::{self, WHOLE};
use super::households::{self, Household};
use super::owed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::kinship::{
    Kin, KinRule, Linking, MERGED, MOST_PERSONS, NewFile, Unlinking, VOID, is_gone,
};
use crate::model::lending::day_of;
use crate::model::living::LivingRule;

/// A split or merge.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = HouseholdLink)]
pub struct LinkRow {
    /// The entry that recorded it.
    pub entry: i64,
    /// `split` or `merge`.
    pub kind: String,
    /// The household that was left.
    pub source: String,
    /// The one they live in from then on.
    pub target: String,
    /// From which day on.
    pub on_day: String,
    /// The paper that proves it.
    pub document: i64,
    /// A remark, or empty.
    pub words: String,
    /// Who recorded it.
    pub author: String,
    /// The state of the household that was left before it went into the other; empty
    /// for a split.
    pub was: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
    /// Why it was wrong, or empty.
    pub why: String,
}

/// A person who moved.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = MovedPerson)]
pub struct MovedRow {
    /// The entry of the split or merge.
    pub entry: i64,
    /// The order among those who moved, from 0.
    pub place: i64,
    /// The place in the household that was left.
    pub source_place: i64,
    /// The place in the other one.
    pub target_place: i64,
    /// 姓名
    pub name: String,
}

fn refused(rule: KinRule) -> ApplyError {
    LivingRule::from(rule).into()
}

/// The household of that number, where somebody lives in it.
async fn living(tx: &mut Tx, no: &HouseholdNo) -> Result<Household, ApplyError> {
    let found = households::get(tx, no).await?;
    let found = found.ok_or_else(|| Refusal::UnknownHousehold(no.clone()))?;
    if is_gone(&found.state) { Err(refused(KinRule::Gone(no.clone()))) } else { Ok(found) }
}

/// What is written of an act beside its link.
struct Writing<'a> {
    entry: EntryNo,
    on: String,
    document: i64,
    author: &'a str,
    /// How many values were written.
    written: i64,
    /// Whose values they are.
    touched: BTreeSet<(String, i64, String)>,
}

/// A value as it is carried over.
struct Carried {
    member: i64,
    field: String,
    value: String,
    from_day: String,
    proof: Option<i64>,
}

impl Writing<'_> {
    fn stated(&self, member: i64, field: &str, value: &str) -> Carried {
        Carried {
            member,
            field: field.to_owned(),
            value: value.to_owned(),
            from_day: self.on.clone(),
            proof: Some(self.document),
        }
    }

    /// The remark stands with the link: who sees one household is not told of the other.
    async fn write(&mut self, tx: &mut Tx, no: &HouseholdNo, one: Carried) -> Result<(), DbError> {
        tx.run(
            "INSERT INTO fact (entry, place, household, member, field, value, from_day, proof,
                               words, author, voided)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, NULL)",
            args![
                self.entry,
                self.written,
                no.as_str(),
                one.member,
                &one.field,
                &one.value,
                &one.from_day,
                one.proof,
                self.author,
            ],
        )
        .await?;
        self.written += 1;
        self.touched.insert((no.to_string(), one.member, one.field));
        Ok(())
    }
}

/// Writes a split or merge: the new household, who lives where, the link.
pub(super) async fn link(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Linking,
) -> Result<(), ApplyError> {
    let (from, to) = (&said.from, &said.to);
    if from == to {
        return Err(refused(KinRule::Itself(from.clone())));
    }
    let source = living(tx, from).await?;
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
        }
        None => joins(tx, said).await?,
    }
    for one in &said.moved {
        let place = i64::from(one.to);
        carry_over(tx, &mut writing, (from, one.place.into()), (to, place)).await?;
        if !one.relation.is_empty() {
            let relation = writing.stated(place, "relation", &one.relation);
            writing.write(tx, to, relation).await?;
        }
    }
    for one in &said.moved {
        let left = writing.stated(one.place.into(), "left", said.kind.zh());
        writing.write(tx, from, left).await?;
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
/// that is split the head stays, of one that goes into another everybody goes.
async fn who_moves(tx: &mut Tx, said: &Linking) -> Result<Vec<String>, ApplyError> {
    let from = &said.from;
    let now = residents(&facts::present(tx, from).await?);
    let then = residents(&facts::on_day(tx, from, said.on, EntryNo::MAX).await?);
    let mut names = Vec::new();
    let mut going = BTreeSet::new();
    for one in &said.moved {
        let place = i64::from(one.place);
        let lives = now.get(&place).filter(|_| then.contains_key(&place));
        let name = lives.ok_or_else(|| LivingRule::NoPerson(from.clone(), place))?;
        if !going.insert(place) {
            return Err(refused(KinRule::NotAll(from.clone())));
        }
        names.push(name.clone());
    }
    let head = head(tx, from).await?;
    match said.kind {
        Kin::Merge if going.len() != now.len() => Err(refused(KinRule::NotAll(from.clone()))),
        Kin::Split if going.is_empty() => Err(LivingRule::NoPerson(from.clone(), 0).into()),
        Kin::Split if going.contains(&head) => Err(refused(KinRule::HeadStays(from.clone()))),
        _ => Ok(names),
    }
}

/// Those who live in a household, by place, with their names.
fn residents(facts: &[facts::PresentFact]) -> BTreeMap<i64, String> {
    let gone = |member: i64| {
        facts.iter().any(|one| one.member == member && one.field == "left" && !one.value.is_empty())
    };
    facts
        .iter()
        .filter(|one| one.member != WHOLE && one.field == "name" && !one.value.is_empty())
        .filter(|one| !gone(one.member))
        .map(|one| (one.member, one.value.clone()))
        .collect()
}

async fn head(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let found: Option<(String,)> = tx
        .one(
            "SELECT value FROM present_fact
             WHERE household = $1 AND member = $2 AND field = 'head'",
            args![no.as_str(), WHOLE],
        )
        .await?;
    Ok(found.and_then(|(value,)| value.parse().ok()).unwrap_or(0))
}

/// Writes the household that a split opens, with what it begins with.
async fn open(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    no: &HouseholdNo,
    new: &NewFile,
) -> Result<(), ApplyError> {
    if households::exists(tx, no).await? {
        return Err(Refusal::HouseholdExists(no.clone()).into());
    }
    let organisation = no.organisation().to_string();
    tx.run(
        "INSERT INTO household (no, head, id_number, address, organisation, opened, volume,
                                last_entry)
         VALUES ($1, '', '', $2, $3, $4, $5, $4)",
        args![no.as_str(), &new.address, &organisation, writing.entry, &new.volume],
    )
    .await?;
    for (field, value) in
        [("head", "0"), ("organisation", organisation.as_str()), ("address", &new.address)]
    {
        if !value.is_empty() {
            let fact = writing.stated(WHOLE, field, value);
            writing.write(tx, no, fact).await?;
        }
    }
    Ok(())
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
async fn joins(tx: &mut Tx, said: &Linking) -> Result<(), ApplyError> {
    let to = &said.to;
    if living(tx, to).await?.stated != said.seen_there {
        return Err(LivingRule::StatedMeanwhile(to.clone()).into());
    }
    in_order(said, last_place(tx, to).await? + 1)?;
    let there = residents(&facts::present(tx, to).await?).len();
    if there + said.moved.len() > MOST_PERSONS {
        return Err(refused(KinRule::TooMany));
    }
    Ok(())
}

/// Writes what is known of a person in the other household: what held on the day from
/// the day on, what was stated of later as it was, each with its proof. How the person
/// is related to another head, and why the person left, does not go along.
async fn carry_over(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    (from, place): (&HouseholdNo, i64),
    (to, there): (&HouseholdNo, i64),
) -> Result<(), DbError> {
    let known: Vec<(String, String, String, Option<i64>)> = tx
        .all(
            "SELECT field, value, from_day, proof FROM fact
             WHERE household = $1 AND member = $2 AND voided IS NULL
               AND field NOT IN ('relation', 'left')
             ORDER BY from_day, entry, place",
            args![from.as_str(), place],
        )
        .await?;
    let (held, later): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|(_, _, from_day, _)| *from_day <= writing.on);
    let mut last = BTreeMap::new();
    for (field, value, _, proof) in held {
        last.insert(field, (value, proof));
    }
    let on = writing.on.clone();
    let held = last
        .into_iter()
        .filter(|(_, (value, _))| !value.is_empty())
        .map(|(field, (value, proof))| (field, value, on.clone(), proof));
    for (field, value, from_day, proof) in held.chain(later) {
        let one = Carried { member: there, field, value, from_day, proof };
        writing.write(tx, to, one).await?;
    }
    Ok(())
}

async fn settle(tx: &mut Tx, touched: &BTreeSet<(String, i64, String)>) -> Result<(), ApplyError> {
    let mut of: BTreeMap<&String, BTreeSet<(i64, String)>> = BTreeMap::new();
    for (household, member, field) in touched {
        of.entry(household).or_default().insert((*member, field.clone()));
    }
    for (household, touched) in of {
        let no: HouseholdNo = household.parse().map_err(|_| DbError::Corrupt(household.clone()))?;
        facts::settle(tx, &no, touched).await?;
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

async fn write_link(
    tx: &mut Tx,
    writing: &Writing<'_>,
    said: &Linking,
    source: &Household,
    names: &[String],
) -> Result<(), DbError> {
    let was = if said.kind == Kin::Merge { source.state.as_str() } else { "" };
    tx.run(
        "INSERT INTO household_link (entry, kind, source, target, on_day, document, words, author,
                                     was, voided, why)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '')",
        args![
            writing.entry,
            said.kind.as_str(),
            said.from.as_str(),
            said.to.as_str(),
            &writing.on,
            writing.document,
            &said.words,
            writing.author,
            was,
        ],
    )
    .await?;
    for ((one, name), place) in said.moved.iter().zip(names).zip(0_i64..) {
        tx.run(
            "INSERT INTO moved_person (entry, place, source_place, target_place, name)
             VALUES ($1, $2, $3, $4, $5)",
            args![writing.entry, place, i64::from(one.place), i64::from(one.to), name],
        )
        .await?;
    }
    Ok(())
}

/// Nobody lives under this number any more; the file stays, called by its last head.
async fn close(tx: &mut Tx, no: &HouseholdNo, state: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM member WHERE household = $1", args![no.as_str()]).await?;
    let sql = "UPDATE household SET state = $2, review_due = '' WHERE no = $1";
    tx.run(sql, args![no.as_str(), state]).await?;
    Ok(())
}

/// Writes that a split or merge was wrong: its values hold no more, in both.
pub(super) async fn unlink(
    tx: &mut Tx,
    entry: EntryNo,
    said: &Unlinking,
) -> Result<(), ApplyError> {
    let (from, to) = (&said.from, &said.to);
    let found: Option<LinkRow> = tx
        .one(
            "SELECT * FROM household_link
             WHERE entry = $1 AND source = $2 AND target = $3 AND voided IS NULL",
            args![said.link, from.as_str(), to.as_str()],
        )
        .await?;
    let row = found.ok_or_else(|| refused(KinRule::NoLink(said.link, from.clone())))?;
    let split = row.kind == Kin::Split.as_str();
    let target = living(tx, to).await?;
    // Whoever built upon it would find it gone.
    let stepped = target.stepped.is_some_and(|step| split || step > row.entry);
    if target.stated != Some(row.entry) || stepped {
        return Err(refused(KinRule::Since(to.clone())));
    }
    if split {
        living(tx, from).await?;
        let sql = "SELECT COUNT(*) FROM document WHERE household = $1
                   AND state IN ('filed', 'undescribed')";
        if tx.number(sql, args![to.as_str()]).await? > 0 {
            return Err(refused(KinRule::Since(to.clone())));
        }
    }
    let touched: Vec<(String, i64, String)> = tx
        .all("SELECT household, member, field FROM fact WHERE entry = $1", args![row.entry])
        .await?;
    let sql = "UPDATE fact SET voided = $1 WHERE entry = $2 AND voided IS NULL";
    tx.run(sql, args![entry, row.entry]).await?;
    settle(tx, &touched.into_iter().collect()).await?;
    let sql = "UPDATE household_link SET voided = $1, why = $2 WHERE entry = $3";
    tx.run(sql, args![entry, &said.words, row.entry]).await?;
    for no in [from, to] {
        let sql = "UPDATE household SET stated = $1 WHERE no = $2";
        tx.run(sql, args![entry, no.as_str()]).await?;
    }
    if split {
        close(tx, to, VOID).await?;
    } else {
        let sql = "UPDATE household SET state = $2 WHERE no = $1";
        tx.run(sql, args![from.as_str(), &row.was]).await?;
        facts::project(tx, to).await?;
    }
    facts::project(tx, from).await
}

/// Whether an entry is a split or merge.
pub(super) async fn is_link(tx: &mut Tx, entry: EntryNo) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM household_link WHERE entry = $1";
    Ok(tx.number(sql, args![entry]).await? > 0)
}

/// Whether the person at that place left a household by a split or merge that holds.
pub(super) async fn went_away(tx: &mut Tx, no: &HouseholdNo, member: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM moved_person m JOIN household_link l ON l.entry = m.entry
               WHERE l.source = $1 AND l.voided IS NULL AND m.source_place = $2";
    Ok(tx.number(sql, args![no.as_str(), member]).await? > 0)
}

/// Refuses a paper for a household in which nobody lives any more, unless it is dated up
/// to the day it went into the other: that one is late, and of this file.
pub(super) async fn takes_papers(
    tx: &mut Tx,
    no: &HouseholdNo,
    date: Option<Date>,
) -> Result<(), ApplyError> {
    let sql = "SELECT state FROM household WHERE no = $1";
    let found: Option<(String,)> = tx.one(sql, args![no.as_str()]).await?;
    if !found.is_some_and(|(state,)| is_gone(&state)) {
        return Ok(());
    }
    let merged: Option<(String,)> = tx
        .one(
            "SELECT on_day FROM household_link
             WHERE source = $1 AND kind = 'merge' AND voided IS NULL ORDER BY entry DESC LIMIT 1",
            args![no.as_str()],
        )
        .await?;
    let late = date.zip(merged).is_some_and(|(date, (on,))| date.to_string() <= on);
    if late { Ok(()) } else { Err(refused(KinRule::Gone(no.clone()))) }
}

/// The links of a household, those that were taken back too, in order.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<LinkRow>, DbError> {
    let sql = "SELECT * FROM household_link WHERE source = $1 OR target = $1 ORDER BY entry";
    tx.all(sql, args![no.as_str()]).await
}

/// Who moved with a split or merge, in order.
///
/// # Errors
/// When the database refuses.
pub async fn moved(tx: &mut Tx, entry: EntryNo) -> Result<Vec<MovedRow>, DbError> {
    tx.all("SELECT * FROM moved_person WHERE entry = $1 ORDER BY place", args![entry]).await
}

/// The entry that stated the number of a person who came with the split or merge
/// `entry` to place `place`, and the place there: where the act with the whole number
/// is; none where no number was known.
///
/// # Errors
/// When the database refuses.
pub async fn numbered_by(
    tx: &mut Tx,
    entry: EntryNo,
    place: i64,
) -> Result<Option<(EntryNo, i64)>, DbError> {
    tx.one(
        "SELECT f.entry, f.member FROM moved_person m
         JOIN household_link l ON l.entry = m.entry
         JOIN fact f ON f.household = l.source AND f.member = m.source_place
            AND f.field = 'id_number' AND f.entry < m.entry
            AND (f.voided IS NULL OR f.voided > m.entry)
         WHERE m.entry = $1 AND m.target_place = $2
         ORDER BY f.from_day DESC, f.entry DESC, f.place DESC LIMIT 1",
        args![entry, place],
    )
    .await
}

/// Where a person lives or lived.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = PlaceOfLife)]
pub struct Lived {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 姓名 of the person.
    pub name: String,
    /// From which day on; empty for what was known when the file was opened.
    pub since: String,
    /// Why the person left, or empty: lives there now.
    pub left: String,
    /// From which day the person left, or empty.
    pub until: String,
}

/// The households of the scope in which somebody lives or lived whose number has this
/// digest: where the person lives now first, then the latest.
///
/// # Errors
/// When the database refuses.
pub async fn lived(tx: &mut Tx, scope: &Scope, digest: &str) -> Result<Vec<Lived>, DbError> {
    tx.all(
        "SELECT h.no AS household, h.head, h.organisation, n.value AS name, n.from_day AS since,
                COALESCE(g.value, '') AS \"left\", COALESCE(g.from_day, '') AS until
         FROM id_digest d JOIN household h ON h.no = d.household
         JOIN present_fact n ON n.household = d.household AND n.member = d.place
            AND n.field = 'name' AND n.value <> ''
         LEFT JOIN present_fact g ON g.household = d.household AND g.member = d.place
            AND g.field = 'left' AND g.value <> ''
         WHERE d.digest = $1 AND h.organisation LIKE $2
         ORDER BY CASE WHEN g.value IS NULL THEN 0 ELSE 1 END, until DESC, since DESC, h.no
         LIMIT 50",
        args![digest, format!("{}%", scope.prefix())],
    )
    .await
}

/// The last place in a household that anybody ever had; nobody else gets one of those.
///
/// # Errors
/// When the database refuses.
pub async fn last_place(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let sql = "SELECT MAX(member) FROM fact WHERE household = $1 AND field = 'name'";
    tx.number(sql, args![no.as_str()]).await
}

/// How many persons live in a household now.
///
/// # Errors
/// When the database refuses.
pub async fn how_many(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let living = residents(&facts::present(tx, no).await?);
    Ok(i64::try_from(living.len()).unwrap_or(i64::MAX))
}

/// How many payments of a household were listed and did not come through.
///
/// # Errors
/// When the database refuses.
pub async fn unpaid(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(*) FROM payment p WHERE p.household = $1 AND NOT EXISTS (
            SELECT 1 FROM bank_return r WHERE r.household = p.household AND r.month = p.month
               AND r.paid = 1 AND r.voided IS NULL)",
        args![no.as_str()],
    )
    .await
}

/// Whether some persons with the same number live in both households.
///
/// # Errors
/// When the database refuses.
pub async fn in_both(tx: &mut Tx, one: &HouseholdNo, other: &HouseholdNo) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM id_digest d JOIN id_digest o ON o.digest = d.digest
               WHERE d.household = $1 AND o.household = $2
                 AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.field = 'left'
                    AND g.value <> '' AND ((g.household = d.household AND g.member = d.place)
                      OR (g.household = o.household AND g.member = o.place)))";
    Ok(tx.number(sql, args![one.as_str(), other.as_str()]).await? > 0)
}

/// The paper, if it is of an organisation of the scope.
///
/// # Errors
/// When the database refuses.
pub async fn seen_paper(tx: &mut Tx, scope: &Scope, id: i64) -> Result<Option<i64>, DbError> {
    let found = super::documents::get(tx, scope, DocumentId(id)).await?;
    Ok(found.map(|one| one.id))
}
