//! 发放: listing who is paid in a month, taking in what the bank says of it, and
//! finding what does not agree.

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::computed::Place;
use super::{LivingError, possible, recorded, region, today};
use crate::app::App;
pub use crate::catalog::payments::BankFile;
use crate::catalog::payments::{self, Entitled, Listed, ThreeRow};
use crate::catalog::{Refusal, households};
use crate::looks;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::act::Act;
use crate::model::bank_file::{self, BadRow, SheetError};
use crate::model::fund::FundRule;
use crate::model::id::{Digest, EntryNo, OrganisationCode};
use crate::model::look::{Kind, Look};
use crate::model::money::{Fen, Total};
use crate::model::month::Month;
use crate::model::payment::{
    BankReturn, Difference, MOST_ROWS, ReturnRow, Roster, RosterRow, Three, differences,
};
use crate::record::{RecordError, Since};

/// The most rows of a sheet.
const PRINTED: u32 = 5000;
/// The most characters of the name of a file.
const NAME: usize = 100;

/// What was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterMade)]
pub struct Made {
    /// The entries that listed it.
    pub entries: Vec<EntryNo>,
    /// How many households.
    pub households: usize,
    /// The sum, in 分.
    pub amount: i64,
}

/// The households of an organisation that are entitled in a month and not listed for
/// it yet.
///
/// # Errors
/// When the organisation is none.
pub async fn to_list(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Vec<Entitled>, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let mut tx = app.db.read().await?;
    Ok(payments::to_list(&mut tx, &scope(actor), &organisation, month).await?)
}

/// Lists everybody of an organisation who is entitled in a month and not listed for it
/// yet.
///
/// # Errors
/// When the month is more than one ahead, nobody is to be listed, or somebody was
/// listed by another meanwhile.
pub async fn list(
    app: &App,
    actor: &Actor,
    organisation: &OrganisationCode,
    month: Month,
) -> Result<Made, LivingError> {
    actor.must(Right::File)?;
    payable(app, month)?;
    let found = to_list(app, actor, organisation.as_str(), month).await?;
    if found.is_empty() {
        return Err(LivingError::NobodyToList);
    }
    let (mut made, mut acts) = (Made { entries: Vec::new(), households: 0, amount: 0 }, Vec::new());
    for part in found.chunks(MOST_ROWS) {
        let mut rows = Vec::new();
        for one in part {
            let number = one.household.parse();
            rows.push(RosterRow {
                household: number
                    .map_err(|_| crate::db::DbError::Corrupt(one.household.clone()))?,
                persons: u32::try_from(one.persons).unwrap_or(0),
                amount: Fen::new(u64::try_from(one.amount).unwrap_or(0)),
            });
            made.amount += one.amount;
        }
        made.households += rows.len();
        let roster = Roster { month, organisation: organisation.clone(), rows };
        acts.push(Act::MakeRoster(roster));
    }
    made.entries = recorded(app, actor, acts, |_| {}).await?;
    Ok(made)
}

/// Refuses a month that nobody is paid for yet.
fn payable(app: &App, month: Month) -> Result<(), LivingError> {
    if month > Month::of(today(app)).next() {
        return Err(LivingError::Asked("a month is this one, one before, or the next"));
    }
    possible(month.first())
}

/// The roster of a month, by household number, after `after`, at most `limit`.
///
/// # Errors
/// When the organisation is none.
pub async fn roster(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
    part: (&str, u32),
) -> Result<Vec<Listed>, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let mut tx = app.db.read().await?;
    Ok(payments::roster(&mut tx, &scope(actor), &organisation, month, part).await?)
}

/// 领取金签字表: the roster as it is printed; that it was printed is noted.
///
/// # Errors
/// When the organisation is none, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Vec<Listed>, LivingError> {
    let found = roster(app, actor, organisation, month, ("", PRINTED)).await?;
    let title = format!("领取金签字表 {month} {organisation}");
    let look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}

/// What became of a bank's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BankReturnTaken)]
pub struct Taken {
    /// The entries that have its rows; none when nothing was kept.
    pub entries: Vec<EntryNo>,
    /// How many rows were kept.
    pub kept: usize,
    /// The rows that could not be read, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of those there are.
    pub bad_total: u64,
}

/// A file of the bank as it is given.
#[derive(Debug, Clone)]
pub struct GivenFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is in it.
    pub bytes: Bytes,
    /// Keeps the rows that are in order although others cannot be read.
    pub partly: bool,
    /// 更正: the file of the month that was wrong, and counts no more.
    pub instead_of: Option<Digest>,
}

/// The files of the bank that were taken in for a month, in order.
///
/// # Errors
/// When the person may not look.
pub async fn files(app: &App, actor: &Actor, month: Month) -> Result<Vec<BankFile>, LivingError> {
    actor.must(Right::Look)?;
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let key = format!("files of banks {} {month}", visible.prefix());
    let place = Place::of(&mut tx, &["take_bank_return"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let found = payments::files(&mut tx, &visible, month).await?;
    Ok(app.computed.keep(place, found.len(), found))
}

/// Takes in what the bank says of a month, in place of a file of before where one is
/// named. When some rows cannot be read nothing is
/// kept, unless `partly` says that the others are. `done` is told how many rows are done, of
/// how many.
///
/// # Errors
/// When it is no such file, or names households this person may not see.
pub async fn take_return(
    app: &App,
    actor: &Actor,
    month: Month,
    given: GivenFile<'_>,
    done: &(dyn Fn(u64, u64) + Sync),
) -> Result<Taken, LivingError> {
    let GivenFile { name, bytes, partly, instead_of } = given;
    actor.must(Right::File)?;
    payable(app, month)?;
    let whole = bytes.clone();
    let read = tokio::task::spawn_blocking(move || bank_file::read(&whole)).await;
    let read = read.map_err(|_| SheetError::Text)??;
    let total = read.rows.len() as u64;
    done(0, total);
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let numbers = read.rows.iter().map(|row| &row.household);
    let known = households::in_charge_of_all(&mut tx, numbers).await?;
    for row in &read.rows {
        // Of a household that nobody knows it is where its number was given.
        let at = known.get(row.household.as_str()).cloned();
        let at = at.unwrap_or_else(|| row.household.organisation().to_string());
        if !visible.covers(&at) {
            return Err(LivingError::UnknownHousehold(row.household.clone()));
        }
    }
    drop(tx);
    let mut taken =
        Taken { entries: Vec::new(), kept: 0, bad: read.bad, bad_total: read.bad_total };
    let name: String = crate::model::text::plain(name).chars().take(NAME).collect();
    let parts: Vec<&[ReturnRow]> = read.rows.chunks(MOST_ROWS).collect();
    let mut file = Filed { month, file: Digest::of(&bytes), begun: None };
    // Another one may be taken in at the same time, or have been broken off: what is not there
    // is taken in, and nothing twice.
    'anew: loop {
        let own = !taken.entries.is_empty();
        let (missing, mut since) = file.missing(app, &visible, (&parts, own), instead_of).await?;
        if missing.is_empty() && !own && !parts.is_empty() {
            return Err(LivingError::TakenAlready(month));
        }
        if parts.is_empty() || (taken.bad_total > 0 && !partly) {
            return Ok(taken);
        }
        app.vault.put(bytes.clone()).await?;
        for (part, rows) in missing {
            let said = BankReturn {
                month,
                file: file.file,
                bytes: bytes.len() as u64,
                name: name.clone(),
                instead_of: instead_of.filter(|_| part == 0),
                rows: rows.to_vec(),
            };
            let act = Act::TakeBankReturn(said);
            match app.recorder.record_since(actor, act, since).await {
                Ok(receipt) => {
                    since = since.after(receipt.no);
                    taken.entries.push(receipt.no);
                    taken.kept += rows.len();
                    done(taken.kept as u64, total);
                }
                Err(RecordError::Refused(Refusal::Meanwhile)) => continue 'anew,
                Err(error) => return Err(error.into()),
            }
        }
        return Ok(taken);
    }
}

/// A file of the bank, as far as it is there.
struct Filed {
    month: Month,
    file: Digest,
    /// Whether some of it was there when it was looked at first.
    begun: Option<bool>,
}

impl Filed {
    /// The parts of it that are not there, by place: each is one act, there whole or not at all.
    /// `own` says whether whoever asks has taken in some of them.
    ///
    /// # Errors
    /// When somebody else has begun with it meanwhile, or what it is to replace cannot be.
    async fn missing<'a>(
        &mut self,
        app: &App,
        visible: &Scope,
        (parts, own): (&[&'a [ReturnRow]], bool),
        instead_of: Option<Digest>,
    ) -> Result<(Vec<(usize, &'a [ReturnRow])>, Since), LivingError> {
        let month = self.month;
        let mut tx = app.db.read().await?;
        let since = Since::now(&mut tx, &["take_bank_return"]).await?;
        let mut there = payments::parts_of(&mut tx, self.file, month).await?;
        let begun = *self.begun.get_or_insert(!there.is_empty());
        if !begun && !own && !there.is_empty() {
            return Err(LivingError::TakenAlready(month));
        }
        let mut missing = Vec::new();
        for (part, rows) in parts.iter().enumerate() {
            let same = |one: &Vec<payments::Answered>| {
                one.len() == rows.len() && one.iter().zip(*rows).all(|(one, row)| one.is(row))
            };
            match there.iter().position(same) {
                Some(at) => drop(there.swap_remove(at)),
                None => missing.push((part, *rows)),
            }
        }
        if let (Some(wrong), Some((0, _))) = (instead_of, missing.first()) {
            let counts = |one: &BankFile| one.file == wrong.to_string() && one.voided == 0;
            if !payments::files(&mut tx, visible, month).await?.iter().any(counts) {
                return Err(super::refused(FundRule::NoFile(month).into()));
            }
            if payments::is_elsewhere(&mut tx, visible, wrong, month).await? {
                return Err(LivingError::Asked(
                    "the file has rows of other offices: they replace it",
                ));
            }
        }
        Ok((missing, since))
    }
}

/// A household for which the three do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Unreconciled)]
pub struct Unlike {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What decisions give it, in 分.
    pub entitled: Option<i64>,
    /// What the roster has, in 分.
    pub listed: Option<i64>,
    /// What the bank paid in all, in 分.
    pub paid: i64,
    /// What does not agree.
    pub differences: Vec<Difference>,
    /// What the bank says, or empty.
    pub words: String,
}

/// 对账: how entitlement, roster and bank agree in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reconciliation {
    /// Who is entitled.
    pub entitled: Total,
    /// Who is on the roster.
    pub listed: Total,
    /// Whom the bank paid.
    pub paid: Total,
    /// Those that do not agree.
    pub unlike: Vec<Unlike>,
}

/// How entitlement, roster and bank agree in a month.
///
/// # Errors
/// When the organisation is none.
pub async fn reconcile(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Reconciliation, LivingError> {
    actor.must(Right::Look)?;
    let (organisation, visible) = (region(organisation)?, scope(actor));
    let mut tx = app.db.read().await?;
    let key = format!("reconciliation {} {organisation} {month}", visible.prefix());
    let place = Place::of(&mut tx, &["take_step", "make_roster", "take_bank_return"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let rows = payments::three(&mut tx, &visible, &organisation, month).await?;
    drop(tx);
    let found = reconciled(rows);
    Ok(app.computed.keep(place, found.unlike.len(), found))
}

fn reconciled(rows: Vec<ThreeRow>) -> Reconciliation {
    let answered = rows.iter().any(|row| row.answers > 0);
    let mut found = Reconciliation::default();
    for row in rows {
        let known = |amount: i64| (amount >= 0).then_some(amount);
        let three = Three {
            entitled: known(row.entitled),
            listed: known(row.listed),
            paid: row.paid,
            times: row.times,
            answers: row.answers,
            covers: row.covers,
            lives: row.lives,
            is_twice: row.twice > 0,
        };
        if let Some(amount) = three.entitled {
            found.entitled.add(amount);
        }
        if let Some(amount) = three.listed {
            found.listed.add(amount);
        }
        if three.times > 0 {
            found.paid.add(three.paid);
        }
        let differences = differences(three, answered);
        if !differences.is_empty() {
            found.unlike.push(Unlike {
                household: row.household,
                head: row.head,
                organisation: row.organisation,
                entitled: three.entitled,
                listed: three.listed,
                paid: row.paid,
                differences,
                words: row.words,
            });
        }
    }
    found
}
