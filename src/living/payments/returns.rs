//! 银行回盘: taking in what the bank says of the payments of a month.

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::payable;
use crate::app::App;
use crate::catalog::payments::{self, BankFile};
use crate::catalog::{Refusal, households};
use crate::living::computed::Place;
use crate::living::{LivingError, refused};
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::act::Act;
use crate::model::bank_file::{self, BadRow, SheetError};
use crate::model::fund::FundRule;
use crate::model::id::{Digest, EntryNo};
use crate::model::month::Month;
use crate::model::payment::{BankReturn, MOST_ROWS, ReturnRow};
use crate::record::{RecordError, Since};

/// The most characters of the name of a file.
const NAME: usize = 100;

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
                return Err(refused(FundRule::NoFile(month).into()));
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
