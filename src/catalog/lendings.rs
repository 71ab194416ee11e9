//! 借阅: what was asked for, and what became of it.

mod list;
mod steps;

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;

pub use self::list::{List, list};
pub(super) use self::steps::apply;
use super::people;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::{HouseholdNo, PersonId};
use crate::model::lending::{Cover, Facts, Manner, Party, Stage};

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
