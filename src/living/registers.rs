//! 台账: the registers that are entered, row by row and stage by stage; random samples
//! for spot checks; and every list of the office as it is printed and taken along.

pub mod books;
pub mod draws;
mod enter;
mod rows;
mod sealed;
pub mod sign_offs;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::enter::{Entering, enter};
pub use self::rows::{Asked, Line, Row, behind, row, rows};
pub use self::sealed::{may_see_sealed, sealed};
use super::{LivingError, today};
use crate::app::App;
use crate::catalog::registers;
use crate::db::DbError;
use crate::looks::LookError;
use crate::model::access::{Actor, Denied, Right, scope};
use crate::model::id::{EntryNo, OrganisationCode};
use crate::model::register::{Register, RowNumber, RowRule};
use crate::prove::ProveError;
use crate::record::RecordError;
use crate::sheet::SheetTrouble;
use crate::vault::VaultError;

pub use crate::catalog::registers::Key;

/// Why nothing was entered, drawn or shown.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// There is no such register.
    #[error("there is no register {0:?}")]
    Unknown(String),
    /// No such row, or none this person may see.
    #[error("there is no row {0} in this register of this organisation")]
    UnknownRow(RowNumber),
    /// Nothing was kept apart there.
    #[error("nothing is kept apart in this line")]
    NothingSealed,
    /// The other side enters it.
    #[error("this is entered by the other side of the row")]
    Side,
    /// Rows of this register are begun otherwise.
    #[error("rows of this register are begun by {0}")]
    BegunBy(&'static str),
    /// No such order, or none this person may see.
    #[error("entry {0} orders no draw")]
    UnknownOrder(EntryNo),
    /// Another order waits, which is for some of the same households.
    #[error(
        "entry {0} orders a draw of some of these for the month, and is not drawn: draw it first"
    )]
    Undrawn(EntryNo),
    /// What a draw cannot be.
    #[error("{0}")]
    Draw(&'static str),
    /// A reason is wanted.
    #[error("say why you take it along")]
    NoReason,
    /// More than goes into a file.
    #[error("a file holds {0} rows, and these are more: narrow the list")]
    TooMany(u32),
    /// What is entered breaks a rule.
    #[error(transparent)]
    Rule(#[from] RowRule),
    /// The log.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// The file.
    #[error(transparent)]
    File(#[from] SheetTrouble),
    /// As of everything that lives.
    #[error(transparent)]
    Living(#[from] LivingError),
}

macro_rules! as_of_everything {
    ($($error:ty),*) => {$(
        impl From<$error> for RegisterError {
            fn from(error: $error) -> Self {
                Self::Living(error.into())
            }
        }
    )*};
}
as_of_everything!(DbError, RecordError, VaultError, LookError, Denied);

/// The register of that code.
fn register<'a>(app: &'a App, code: &str) -> Result<&'a Register, RegisterError> {
    app.rules.register(code).ok_or_else(|| RegisterError::Unknown(code.to_owned()))
}

async fn names(app: &App) -> Result<HashMap<String, String>, DbError> {
    let mut tx = app.db.read().await?;
    let all = crate::catalog::organisations::all(&mut tx).await?;
    Ok(all.into_iter().map(|one| (one.code, one.name)).collect())
}

/// How many rows a register has in the own scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterCount)]
pub struct Count {
    /// The code of the register.
    pub register: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// How many rows.
    pub rows: i64,
    /// How many wait for something.
    pub waiting: i64,
    /// How many of those are past their day.
    pub late: i64,
}

/// The registers that are entered, each with how many rows it has.
///
/// # Errors
/// When the database fails.
pub async fn counts(app: &App, actor: &Actor) -> Result<Vec<Count>, RegisterError> {
    actor.must(Right::Look)?;
    let day = today(app).to_string();
    let mut tx = app.db.read().await?;
    let found = registers::counts(&mut tx, &scope(actor), &day).await?;
    drop(tx);
    let count = |rule: &Register| {
        let one = found.iter().find(|(code, ..)| *code == rule.code);
        let (rows, waiting, late) =
            one.map_or((0, 0, 0), |(_, rows, waits, late)| (*rows, *waits, *late));
        let (name, name_en) = (rule.name.clone(), rule.name_en.clone());
        Count { register: rule.code.clone(), name, name_en, rows, waiting, late }
    };
    Ok(app.rules.registers.iter().map(count).collect())
}

/// The name of a row from the parts of an address.
///
/// # Errors
/// When the organisation or the number is none.
pub fn key(register: &str, organisation: &str, number: &str) -> Result<Key, LivingError> {
    let wrong = || LivingError::Asked("a row is named by an organisation and a number");
    let organisation: OrganisationCode = organisation.parse().map_err(|_| wrong())?;
    let number: RowNumber = number.parse().map_err(|_| wrong())?;
    Ok(Key { register: register.to_owned(), organisation, number })
}
