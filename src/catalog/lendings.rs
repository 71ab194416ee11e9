//! 借阅: what was asked for, and what became of it.

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use super::people;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{HouseholdNo, PersonId};
use crate::model::lending::{self as rules, Borrower, Cover, Facts, Manner, Party, Rule, Stage};

/// A lending as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct LendingRow {
    /// Its name.
    pub id: String,
    /// Whose file.
    pub household: String,
    /// The organisation that keeps it.
    pub organisation: String,
    /// 借阅人
    pub borrower: String,
    /// Their account, or empty.
    pub borrower_person: String,
    /// For which organisation they have it, or empty.
    pub borrower_organisation: String,
    /// 单位, of somebody of another body.
    pub body: String,
    /// 联系方式, or empty.
    pub contact: String,
    /// 证件名称及号码, or empty.
    pub certificate: String,
    /// What is done with the file.
    pub manner: String,
    /// For what.
    pub purpose: String,
    /// The same in words.
    pub reason: String,
    /// The last day.
    pub until: String,
    /// What is covered on the pages.
    pub cover: String,
    /// How far it has come.
    pub stage: String,
    /// The entry that asked for it.
    pub asked: i64,
    /// The last entry about it.
    pub last: i64,
}

/// Something that was done with a lending.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct StepRow {
    /// The entry.
    pub entry: i64,
    /// Which.
    pub lending: String,
    /// How far it had come then.
    pub stage: String,
    /// When.
    pub time: String,
    /// Who.
    pub name: String,
    /// Their account, or empty.
    pub person: String,
    /// For which organisation.
    pub organisation: String,
    /// What was said.
    pub words: String,
    /// Pages that were counted.
    pub pages: i64,
    /// Copies of them that were handed over; 0 where that was not said.
    pub copies: i64,
}

/// A lending with what was done with it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lending {
    /// As the table has it.
    pub row: LendingRow,
    /// What was done.
    pub steps: Vec<StepRow>,
    /// The accounts that may be the asker's too, and those that may be the borrower's; none of a
    /// lending that is over.
    pub alike: [Vec<PersonId>; 2],
}

fn corrupt(what: &str, id: &str) -> DbError {
    DbError::Corrupt(format!("{what} of lending {id}"))
}

impl LendingRow {
    /// Whose file.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn household(&self) -> Result<HouseholdNo, DbError> {
        self.household.parse().map_err(|_| corrupt("household", &self.id))
    }

    /// What is done with the file.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn manner(&self) -> Result<Manner, DbError> {
        self.manner.parse().map_err(DbError::Corrupt)
    }

    /// What is covered on the pages.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn cover(&self) -> Result<Cover, DbError> {
        self.cover.parse().map_err(DbError::Corrupt)
    }

    /// The last day.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn until(&self) -> Result<Date, DbError> {
        self.until.parse().map_err(|_| corrupt("last day", &self.id))
    }
}

impl Lending {
    /// The first step that came to this stage.
    #[must_use]
    pub fn step(&self, stage: Stage) -> Option<&StepRow> {
        self.steps.iter().find(|step| step.stage == stage.as_str())
    }

    /// What the rules need to know of it.
    ///
    /// # Errors
    /// When a column holds something else.
    pub fn facts(&self) -> Result<Facts, DbError> {
        let row = &self.row;
        let asked = self.step(Stage::Asked).ok_or_else(|| corrupt("asker", &row.id))?;
        let party = |person: &str, name: &str, alike: &[PersonId]| -> Result<Party, DbError> {
            let known = Some(person).filter(|person| !person.is_empty());
            let person =
                known.map(str::parse).transpose().map_err(|_| corrupt("party", &row.id))?;
            Ok(Party { person, name: name.to_owned(), alike: alike.to_vec() })
        };
        let [of_asker, of_borrower] = &self.alike;
        Ok(Facts {
            household: row.household()?,
            asker: party(&asked.person, &asked.name, of_asker)?,
            borrower: party(&row.borrower_person, &row.borrower, of_borrower)?,
            manner: row.manner()?,
            until: row.until()?,
            stage: row.stage.parse().map_err(DbError::Corrupt)?,
            pages: self
                .step(Stage::HandedOver)
                .map_or(0, |step| u32::try_from(step.pages).unwrap_or(0)),
        })
    }
}

/// The rows of an act about a lending.
pub(super) async fn apply(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<(), ApplyError> {
    let refused = |rule: Rule| ApplyError::from(Refusal::from(rule));
    let (by, now) = (&body.actor, entry.time);
    let (id, household) = match &body.act {
        Act::AskLending { lending, household, .. }
        | Act::DecideLending { lending, household, .. }
        | Act::HandOverLending { lending, household, .. }
        | Act::ReturnLending { lending, household, .. }
        | Act::EndLending { lending, household, .. } => (lending, household),
        _ => return Ok(()),
    };
    if let Act::AskLending { until, reason, .. } = &body.act {
        rules::term(*until, now).and_then(|()| rules::words(reason)).map_err(refused)?;
        ask(tx, entry, &body.act).await?;
        return step(tx, entry, body, id, (Stage::Asked, reason, [0, 0])).await;
    }
    let lending = get(tx, id).await?.ok_or(Refusal::UnknownLending)?;
    let facts = lending.facts()?;
    if facts.household != *household {
        return Err(refused(Rule::Household));
    }
    let (stage, words, pages) = match &body.act {
        Act::DecideLending { agreed, reason, .. } => {
            let said = if *agreed { rules::remark(reason) } else { rules::words(reason) };
            if *agreed && !super::households::exists(tx, household).await? {
                return Err(Refusal::UnknownHousehold(household.clone()).into());
            }
            (said.and_then(|_| facts.decided(by, *agreed, now)), reason.as_str(), [0, 0])
        }
        Act::HandOverLending { pages, copies, .. } => {
            (facts.handed_over(by, now), "", [*pages, *copies])
        }
        Act::ReturnLending { pages, condition, .. } => {
            let stage = rules::words(condition).and_then(|_| facts.returned(by, *pages));
            (stage, condition.as_str(), [*pages, 0])
        }
        Act::EndLending { reason, .. } => {
            (rules::words(reason).and_then(|_| facts.ended()), reason.as_str(), [0, 0])
        }
        _ => return Ok(()),
    };
    step(tx, entry, body, id, (stage.map_err(refused)?, words, pages)).await
}

async fn ask(tx: &mut Tx, entry: &LogEntry, act: &Act) -> Result<(), ApplyError> {
    let Act::AskLending {
        lending, household, borrower, manner, purpose, reason, until, cover, ..
    } = act
    else {
        return Ok(());
    };
    let [person, organisation, body, contact, certificate] = match borrower {
        Borrower::Person { person, organisation, .. } => {
            [person.as_str(), organisation.as_str(), "", "", ""]
        }
        Borrower::Outsider { body, contact, certificate, .. } => {
            ["", "", body, contact, certificate]
        }
    };
    // Nobody learns whether there is such a household: the number has a region.
    let in_charge = super::households::in_charge(tx, household).await?;
    tx.run(
        "INSERT INTO lending (id, household, organisation, borrower, borrower_person,
                              borrower_organisation, body, contact, certificate, manner, purpose,
                              reason, until, cover, stage, asked, last)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, $15)",
        args![
            lending,
            household.as_str(),
            in_charge,
            borrower.name(),
            person,
            organisation,
            body,
            contact,
            certificate,
            manner.as_str(),
            purpose.as_str(),
            reason,
            until.to_string(),
            cover.as_str(),
            entry.no,
        ],
    )
    .await?;
    Ok(())
}

async fn step(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    lending: &str,
    (stage, words, [pages, copies]): (Stage, &str, [u32; 2]),
) -> Result<(), ApplyError> {
    let by = &body.actor;
    tx.run(
        "INSERT INTO lending_step (entry, lending, stage, time, name, person, organisation, words,
                                   pages, copies)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            entry.no,
            lending,
            stage.as_str(),
            entry.time.to_string(),
            &by.name,
            by.person.as_ref().map_or("", PersonId::as_str),
            by.organisation.as_str(),
            words,
            pages,
            copies,
        ],
    )
    .await?;
    let sql = "UPDATE lending SET stage = $2, last = $3 WHERE id = $1";
    tx.run(sql, args![lending, stage.as_str(), entry.no]).await?;
    Ok(())
}

/// The lending of that name, whoever asks.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: &str) -> Result<Option<Lending>, DbError> {
    let row: Option<LendingRow> = tx.one("SELECT * FROM lending WHERE id = $1", args![id]).await?;
    match row {
        Some(row) => Ok(Some(whole(tx, row).await?)),
        None => Ok(None),
    }
}

/// A lending with its steps and parties.
async fn whole(tx: &mut Tx, row: LendingRow) -> Result<Lending, DbError> {
    let sql = "SELECT * FROM lending_step WHERE lending = $1 ORDER BY entry";
    let steps: Vec<StepRow> = tx.all(sql, args![&row.id]).await?;
    let mut alike = [Vec::new(), Vec::new()];
    let goes_on = [Stage::Asked, Stage::Agreed, Stage::HandedOver];
    if goes_on.iter().any(|stage| stage.as_str() == row.stage) {
        if let Some(asked) = steps.first() {
            alike[0] = people::alike(tx, &asked.person, &asked.name).await?;
        }
        alike[1] = people::alike(tx, &row.borrower_person, &row.borrower).await?;
    }
    Ok(Lending { row, steps, alike })
}

/// Which lendings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// 待审批
    Waiting,
    /// 在外, and what has still to be handed over.
    Outside,
    /// What is over.
    Over,
    /// All of them, for the register.
    All,
}

/// The statement of a list: what it holds on the day `$4`, and in which order.
macro_rules! listing {
    ($condition:literal, $order:literal) => {
        concat!(
            "SELECT * FROM lending
             WHERE (organisation LIKE $1 OR borrower_person = $2
                    OR id IN (SELECT lending FROM lending_step
                              WHERE person = $2 AND stage = 'asked'))
               AND asked < $3 AND ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $5"
        )
    };
}

/// Lendings of files inside the scope, and those that `person` asked for or
/// borrows; the newest first, at most `limit` that were asked for before entry
/// `before`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    person: Option<&PersonId>,
    list: List,
    today: Date,
    before: i64,
    limit: u32,
) -> Result<Vec<Lending>, DbError> {
    let sql = match list {
        List::Waiting => listing!("stage = 'asked' AND until >= $4", "asked"),
        // What should be back stands first.
        List::Outside => listing!(
            "((stage = 'agreed' AND until >= $4)
              OR (stage = 'handed_over' AND (manner = 'borrow'
                                             OR (manner = 'look' AND until >= $4))))",
            "until, asked"
        ),
        List::Over => listing!(
            "(stage IN ('refused', 'returned', 'ended')
              OR (stage IN ('asked', 'agreed') AND until < $4)
              OR (stage = 'handed_over' AND (manner = 'copy'
                                             OR (manner = 'look' AND until < $4))))",
            "asked DESC"
        ),
        List::All => listing!("$4 <> ''", "asked DESC"),
    };
    let mine = person.map_or("-", PersonId::as_str);
    let rows: Vec<LendingRow> = tx
        .all(sql, args![format!("{}%", scope.prefix()), mine, before, today.to_string(), limit])
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(whole(tx, row).await?);
    }
    Ok(found)
}
