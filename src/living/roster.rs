//! 花名册导入: opening the households of an existing roster, with the allowance that it says
//! they get. What would become of it is shown before. Bad rows are told with their line and
//! reason, and the others kept only if that is said.

mod kept;
mod open;
mod plan;

use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use self::open::{Opener, numbered};
use self::plan::{Plan, plan};
use super::cases::Carrying;
use super::{LivingError, today};
use crate::app::App;
use crate::model::access::Actor;
use crate::model::id::{Digest, HouseholdNo, OrganisationCode};
use crate::model::money::Fen;
use crate::model::roster_file::{ReadColumn, RosterSource, Sums};
use crate::model::table::{self, BadRow, BadRows};

pub use self::kept::{has_original, original};

/// How many households are opened at a time: acts that wait together are made durable
/// together.
const AT_ONCE: usize = 512;

/// A roster as it is given.
#[derive(Debug, Clone)]
pub struct GivenRoster {
    /// The community that gives numbers to households that have none of 17 digits.
    pub community: Option<OrganisationCode>,
    /// What is in it.
    pub bytes: Bytes,
    /// Keeps the households that are in order although others are not.
    pub partly: bool,
    /// 只立户: passes over what it says of allowances, which the bureau alone carries over.
    pub only_open: bool,
}

/// What would become of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterPreview)]
pub struct Preview {
    /// Every column of the file, with what it is read as; those that are passed over too.
    pub columns: Vec<ReadColumn>,
    /// How many rows the file has.
    pub rows: u64,
    /// Whether it says which allowances households get, and that is read.
    pub decides: bool,
    /// Whether whoever asks may carry those over; where not, households are only opened.
    pub may_decide: bool,
    /// What the rows that are in order come to: households that would be opened, their
    /// persons, the decisions that would be carried over and their sum a month.
    pub good: Sums,
    /// How many numbers of 15 digits would be made the 18 they became.
    pub converted: u64,
    /// How many cells have a formula, of which the last result is taken.
    pub formulas: u64,
    /// The rows that cannot be taken in, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of those there are.
    pub bad_total: u64,
}

/// What became of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterImported)]
pub struct Imported {
    /// How many households were opened.
    pub households: u64,
    /// One of them, by which the roster can be taken along again; none when none was.
    pub one: Option<HouseholdNo>,
    /// How many persons they have.
    pub persons: u64,
    /// How many of them go on with an allowance.
    pub decisions: u64,
    /// What they get a month together, in 分.
    pub amount: Fen,
    /// Every column of the file, with what it was read as; those that were passed over too.
    pub columns: Vec<ReadColumn>,
    /// How many numbers of 15 digits were made the 18 they became.
    pub converted: u64,
    /// How many cells have a formula, of which the last result was taken.
    pub formulas: u64,
    /// The rows that could not be taken in, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of those there are.
    pub bad_total: u64,
    /// All of them, to be taken along.
    #[serde(skip)]
    pub every_bad: Vec<BadRow>,
}

/// What would become of a roster; nothing is kept of it.
///
/// # Errors
/// When it is no roster, or the community is not the actor's.
pub async fn look_over(
    app: &App,
    actor: &Actor,
    given: &GivenRoster,
) -> Result<Preview, LivingError> {
    let Plan { read, good, bad, formulas } = plan(app, actor, given).await?;
    let mut sums = Sums::default();
    good.iter().for_each(|one| sums.add(one.persons.len(), one.benefit.as_ref()));
    Ok(Preview {
        columns: read.columns,
        rows: read.rows,
        decides: read.decides,
        may_decide: Carrying::by(app).is_ok_and(|by| by.may(actor).is_ok()),
        good: sums,
        converted: read.converted,
        formulas,
        bad: bad.told,
        bad_total: bad.total,
    })
}

/// Opens the households of a roster. `done` is told how many are open, of how many.
///
/// # Errors
/// When it is no roster, the community is not the actor's, or it says which allowances
/// households get and the actor may not carry them over.
pub async fn import(
    app: &App,
    actor: &Actor,
    given: GivenRoster,
    done: &(dyn Fn(u64, u64) + Sync),
) -> Result<Imported, LivingError> {
    let Plan { read, good, mut bad, formulas } = plan(app, actor, &given).await?;
    let carrying = match read.decides {
        false => None,
        true => {
            let by = Carrying::by(app)?;
            by.may(actor)?;
            Some(by)
        }
    };
    let GivenRoster { community, bytes: file, partly, .. } = given;
    let mut imported = Imported {
        columns: read.columns,
        converted: read.converted,
        formulas,
        ..Imported::default()
    };
    let mut sums = Sums::default();
    if bad.total == 0 || partly {
        let total = good.len() as u64;
        let good = numbered(app, community.as_ref(), good).await?;
        done(0, total);
        // 原件 is durable before a household says that it stands in it.
        let source = RosterSource {
            file: Digest::of(&file),
            bytes: file.len() as u64,
            mime: table::mime(&file).to_owned(),
            line: 0,
            facts: Vec::new(),
            carried: None,
        };
        if !good.is_empty() {
            app.vault.put(file).await?;
        }
        let community = community.as_ref();
        let opener = Opener { app, actor, community, carrying, source, today: today(app) };
        let opening = good.into_iter().map(|(family, no)| opener.open(family, no));
        let mut opening = futures::stream::iter(opening).buffered(AT_ONCE);
        while let Some(opened) = opening.next().await {
            match opened? {
                Ok(one) => {
                    sums.add(one.persons, one.benefit.as_ref());
                    imported.one.get_or_insert(one.no);
                    done(sums.households, total);
                }
                Err((line, why)) => bad.add(line, why),
            }
        }
    }
    let BadRows { told, total, every } = bad;
    (imported.bad, imported.bad_total, imported.every_bad) = (told, total, every);
    (imported.households, imported.persons) = (sums.households, sums.persons);
    (imported.decisions, imported.amount) = (sums.decisions, sums.amount);
    Ok(imported)
}
