//! 动态管理: the file of a household as it lives: what is stated of it, the steps
//! of its cases, the papers it lacks, what is due when. What these have in common.

pub mod assessment;
pub mod calendar;
pub mod cases;
pub mod completeness;
pub mod computed;
pub mod due;
pub mod evidence;
pub mod findings;
pub mod funds;
mod identity;
pub mod kinship;
pub mod payments;
pub mod recoveries;
pub mod registers;
pub mod roster;
pub mod standards;
pub mod statements;
pub mod statistics;

use futures::StreamExt;
use jiff::civil::Date;

use crate::app::App;
use crate::catalog::households::Household;
use crate::catalog::{entries, owed};
use crate::db::{DbError, Tx};
use crate::filing;
use crate::looks::LookError;
use crate::model::access::{Actor, Denied, Right, scope};
use crate::model::act::Act;
use crate::model::bank_file::SheetError;
use crate::model::benefit::BenefitRule;
use crate::model::field::{self, Field, Of, ValueError};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::identity::IdentityRule;
use crate::model::lending::day_of;
use crate::model::living::LivingRule;
use crate::model::money::{Fen, NoAmount};
use crate::model::month::Month;
use crate::model::notice::NoticeKind;
use crate::model::procedure::{MoveError, OFFICE};
use crate::model::profile::Collector;
use crate::record::RecordError;
use crate::vault::VaultError;

/// The most characters of a remark, a reason, an opinion.
const WORDS: usize = 500;
/// The most characters of the name of a person.
const NAME: usize = 40;

/// Why nothing was stated, done or shown.
#[derive(Debug, thiserror::Error)]
pub enum LivingError {
    /// No such household, or none this person may see.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// No such document, or none this person may see.
    #[error("document {0} is not known")]
    UnknownDocument(DocumentId),
    /// A value does not fit its field.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// What is stated of persons does not agree with their numbers.
    #[error(transparent)]
    Identity(#[from] IdentityRule),
    /// The rules of the procedure.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// Nothing is stated.
    #[error("1 to {MOST} values are stated at a time", MOST = statements::MOST)]
    NoFacts,
    /// There is no such procedure.
    #[error("there is no procedure {0:?}")]
    NoProcedure(String),
    /// It cannot begin now.
    #[error("{procedure} cannot begin while the household is {state}")]
    NotNow {
        /// The name of the procedure, in Chinese.
        procedure: String,
        /// The name of the state, in Chinese.
        state: String,
    },
    /// Another case runs.
    #[error("case {0} has not ended: it goes on, or is ended, first")]
    Runs(i64),
    /// No case runs.
    #[error("no case runs: say which procedure begins")]
    NoCase,
    /// A step belongs to another level.
    #[error("this step is taken by the {0:?}")]
    OtherLevel(Collector),
    /// Who did it is missing.
    #[error("{0} people have to be named who did it, each with at most {NAME} characters")]
    People(u8),
    /// The department is missing.
    #[error("the department whose opinion it is has to be named, with at most {OFFICE} characters")]
    Office,
    /// Another department has to sign.
    #[error("one of these departments signs: {0}")]
    OtherOffice(String),
    /// The paper is missing.
    #[error("the paper has to be named that the step stands on")]
    Paper,
    /// No notice was up that day.
    #[error(
        "no notice ({}) is up on that day: put one up, or name the paper that shows it",
        .0.en()
    )]
    NotPutUp(NoticeKind),
    /// What was proposed did not hang for the days that the rules want.
    #[error(
        "the notice ({}) has to be up for {days} days after the first: one that was \
         taken down before does not count, put it up anew",
        .kind.en()
    )]
    TakenDown {
        /// Which notice.
        kind: NoticeKind,
        /// How many days after the first.
        days: u16,
    },
    /// Words are missing or too many.
    #[error("words are needed, at most {WORDS} characters")]
    Words,
    /// The decision is missing, or is none of this step.
    #[error("{0}")]
    Benefit(&'static str),
    /// The decision breaks a rule.
    #[error(transparent)]
    BenefitRule(#[from] BenefitRule),
    /// A file of a bank.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The same file came before.
    #[error("this file of the bank was taken in for {0} already")]
    TakenAlready(Month),
    /// More is asked back than was paid.
    #[error("at most {0} yuan of what was paid in these months can be asked back")]
    NotPaid(Fen),
    /// Nobody is left to list.
    #[error("nobody is entitled who is not on the roster already")]
    NobodyToList,
    /// The decision is not what was computed, and nobody says why.
    #[error(
        "the decision is {decided} yuan and {computed} yuan was computed: why it is another has \
         to be said, in 2 to 500 characters"
    )]
    Departs {
        /// What is decided.
        decided: Fen,
        /// What was computed.
        computed: Fen,
    },
    /// What is stated as income is no amount, so that nobody can say whether the decision
    /// is what the standard comes to.
    #[error(
        "the income {0:?} is no amount: state it as yuan, or that it is not known, and decide then"
    )]
    UnreadableIncome(String),
    /// What is asked for cannot be.
    #[error("{0}")]
    Asked(&'static str),
    /// It cannot be, as a sentence.
    #[error("{en}")]
    Told {
        /// In Chinese.
        zh: &'static str,
        /// In English.
        en: &'static str,
    },
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The look could not be noted.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What stands for "none was seen" where an entry could.
pub const NONE_SEEN: EntryNo = -1;

/// Whether what was seen last is not what is there: nothing that is said counts as
/// the last.
fn is_stale(seen: Option<EntryNo>, there: Option<EntryNo>) -> bool {
    match seen {
        None => false,
        Some(NONE_SEEN) => there.is_some(),
        seen => seen != there,
    }
}

/// A rule, as the record refuses what breaks it.
fn refused(rule: LivingRule) -> LivingError {
    LivingError::Record(RecordError::Refused(rule.into()))
}

/// The household of that number, if this person may see it.
async fn seen(tx: &mut Tx, actor: &Actor, no: &HouseholdNo) -> Result<Household, LivingError> {
    let found = filing::seen_household(tx, &scope(actor), no).await;
    found.map_err(|_| LivingError::UnknownHousehold(no.clone()))
}

/// As [`seen`], where somebody lives in it; else the rule says where it goes on.
async fn lived_in(tx: &mut Tx, actor: &Actor, no: &HouseholdNo) -> Result<Household, LivingError> {
    let found = seen(tx, actor, no).await?;
    match crate::catalog::kinship::gone(tx, &scope(actor), &found).await? {
        Some(rule) => Err(refused(rule.into())),
        None => Ok(found),
    }
}

/// The first day that can be stated.
const EARLIEST: Date = jiff::civil::date(1949, 10, 1);

/// How many parts of one file or roster are recorded at a time: those that wait together
/// are made durable together.
const PARTS: usize = 8;

/// Records the parts of one thing, the first before all others; `done` is told how many
/// are recorded. Returns their entries, in order. When one is refused, those before it
/// stay.
async fn recorded(
    app: &App,
    actor: &Actor,
    acts: Vec<Act>,
    done: impl Fn(usize),
) -> Result<Vec<EntryNo>, RecordError> {
    let (mut entries, mut acts) = (Vec::with_capacity(acts.len()), acts.into_iter());
    if let Some(first) = acts.next() {
        entries.push(app.recorder.record(actor, first).await?.no);
        done(entries.len());
    }
    let others = acts.map(|act| app.recorder.record(actor, act));
    let mut others = futures::stream::iter(others).buffered(PARTS);
    while let Some(receipt) = others.next().await {
        entries.push(receipt?.no);
        done(entries.len());
    }
    Ok(entries)
}

/// Refuses a day that nobody can mean.
fn possible(day: Date) -> Result<(), LivingError> {
    match day < EARLIEST {
        true => Err(LivingError::Told {
            zh: "日期不能早于1949年10月1日。",
            en: "a day is not before 1949-10-01",
        }),
        false => Ok(()),
    }
}

/// Today, in China.
fn today(app: &App) -> Date {
    day_of(app.now())
}

/// The level an organisation is of.
fn level(organisation: &OrganisationCode) -> Collector {
    match organisation.prefix().len() {
        6 => Collector::Bureau,
        9 => Collector::Street,
        _ => Collector::Community,
    }
}

/// Whether a person files at the bureau: who does sets standards, and waives what is
/// asked back.
#[must_use]
pub fn files_at_bureau(actor: &Actor) -> bool {
    level(&actor.organisation) == Collector::Bureau && actor.may(Right::File)
}

/// An amount above zero that was typed, as `read` reads it: one of a household, or of
/// a fund.
fn amount(typed: &str, read: fn(&str) -> Result<Fen, NoAmount>) -> Result<Fen, LivingError> {
    let read = read(&typed.replace(',', "")).ok();
    read.filter(|amount| *amount > Fen::new(0)).ok_or(LivingError::Asked(
        "an amount is yuan above zero with at most two decimals, such as 1120.00",
    ))
}

/// The field that a code is of, also with a number behind it where there can be several.
///
/// # Errors
/// When there is none.
pub(crate) fn stated_field<'a>(app: &'a App, of: Of, code: &str) -> Result<&'a Field, ValueError> {
    let field = app.rules.field(of, field::base(code))?;
    let is_one = code == field.code || (!field.each.is_empty() && field::nth(code).is_some());
    if is_one { Ok(field) } else { Err(ValueError::Unknown(code.to_owned())) }
}

/// A typed text of at most `most` characters; none when it is longer.
fn short(typed: &str, most: usize) -> Option<String> {
    let text = crate::model::text::plain(typed);
    (text.chars().count() <= most).then_some(text)
}

/// Words that may not be missing.
fn needed(typed: &str) -> Result<String, LivingError> {
    let words = short(typed, WORDS).ok_or(LivingError::Words)?;
    if words.is_empty() { Err(LivingError::Words) } else { Ok(words) }
}

/// An entry that was named, if the log has as many.
async fn known(app: &App, entry: Option<EntryNo>) -> Result<Option<EntryNo>, LivingError> {
    let Some(entry) = entry else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let size = entries::count(&mut tx).await?;
    if entry < 0 || entry >= size {
        return Err(LivingError::Asked("the log has no such entry"));
    }
    Ok(Some(entry))
}

/// The beginning of codes that a typed organisation stands for.
fn region(typed: &str) -> Result<String, LivingError> {
    let code = typed.trim();
    if code.len() > 12 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LivingError::Asked("an organisation is up to 12 digits"));
    }
    Ok(match code.parse::<OrganisationCode>() {
        Ok(whole) => whole.prefix().to_owned(),
        Err(_) => code.to_owned(),
    })
}

/// The whole code of a typed organisation: what stands for it alone, 本级, without those
/// below it; empty stays empty.
fn itself(typed: &str) -> Result<String, LivingError> {
    let code = typed.trim();
    region(code)?;
    Ok(if code.is_empty() { String::new() } else { format!("{code:0<12}") })
}

/// The level that was typed; empty for any.
fn collector(typed: &str) -> Result<String, LivingError> {
    match typed.trim() {
        "" => Ok(String::new()),
        name => Collector::named(name)
            .map(|level| level.as_str().to_owned())
            .ok_or(LivingError::Asked("a level is community, street or bureau")),
    }
}

pub use crate::catalog::cases::{ReviewRow, Waiting};
pub use crate::catalog::facts::FactRow;
pub use crate::catalog::payments::Listed;
pub use owed::{Lacking, Standing};

/// The names of organisations.
#[derive(Debug, Default)]
pub struct Names(std::collections::HashMap<String, String>);

impl Names {
    /// The name of an organisation; its code while it has none.
    #[must_use]
    pub fn of(&self, code: &str) -> String {
        self.0.get(code).map_or(code, String::as_str).to_owned()
    }
}

/// The names of all organisations.
///
/// # Errors
/// When the database fails.
pub async fn names(app: &App) -> Result<Names, LivingError> {
    let mut tx = app.db.read().await?;
    let all = crate::catalog::organisations::all(&mut tx).await?;
    Ok(Names(all.into_iter().map(|one| (one.code, one.name)).collect()))
}
