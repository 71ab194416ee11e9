//! 利用登记册: who has looked at what, when and why, as far as a person may see
//! it; and one look of it with its proof, to be taken away.

pub mod export;
mod proof;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::proof::{bundle, prove};
use crate::app::App;
use crate::catalog::looks::{self, Before, LookRow, Wanted};
use crate::catalog::organisations;
use crate::db::{DbError, Tx};
use crate::filing;
use crate::looks::LookError;
use crate::model::access::{Actor, Denied, Right, Role, scope};
use crate::model::id::{DocumentId, HouseholdNo, PersonId};
use crate::model::look::{Kind, Look, Outcome};
use crate::prove::ProveError;
use crate::record::{LooksState, RecordError};
use crate::view::ViewError;

/// Why the register is not shown.
#[derive(Debug, thiserror::Error)]
pub enum UsesError {
    /// The person may not read the register, or not take it along.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Something is asked for by what is not a value of it.
    #[error("{0}")]
    Asked(String),
    /// More than goes into a file.
    #[error("these are {found} rows, and a file holds {most}: choose a shorter time")]
    TooMany {
        /// How many there are.
        found: i64,
        /// How many go into a file.
        most: u32,
    },
    /// The access log has no such entry, or none this person may see.
    #[error("the access log has no entry {0}")]
    Unknown(i64),
    /// The file could not be written.
    #[error("the file could not be written: {0}")]
    File(String),
    /// The export, or a part of the file, is not shown.
    #[error(transparent)]
    View(#[from] ViewError),
    /// There is no proof.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// The access log.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<LookError> for UsesError {
    fn from(error: LookError) -> Self {
        Self::View(error.into())
    }
}

/// Which looks are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// A part of the person's name.
    pub person: String,
    /// The person's organisation, or the beginning of its code.
    pub organisation: String,
    /// 户号
    pub household: String,
    /// The number of the document.
    pub document: Option<i64>,
    /// The kind, by its name such as `open`.
    pub kind: String,
    /// What came of it, by its name such as `refused`.
    pub outcome: String,
    /// The first day, `2026-11-24`, in China.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl Asked {
    /// These as the catalog asks for them, within what `actor` may see.
    fn wanted(&self, actor: &Actor) -> Result<Wanted, UsesError> {
        actor.must(Right::ReadUse)?;
        let wrong = |what: &str| UsesError::Asked(format!("{what} cannot be understood"));
        let code = self.organisation.trim();
        if code.len() > 12 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("the organisation"));
        }
        let household = match self.household.replace(' ', "").as_str() {
            "" => String::new(),
            no => no.parse::<HouseholdNo>().map_err(|_| wrong("the household"))?.to_string(),
        };
        let kind = match self.kind.as_str() {
            "" => "",
            kind => kind.parse::<Kind>().map_err(UsesError::Asked)?.as_str(),
        };
        let outcome = match self.outcome.as_str() {
            "" => "",
            outcome => outcome.parse::<Outcome>().map_err(UsesError::Asked)?.as_str(),
        };
        Ok(Wanted {
            // Who watches over rights sees who looked, and not at what.
            prefix: actor.organisation.prefix().to_owned(),
            person: self.person.trim().to_owned(),
            organisation: code.trim_end_matches('0').to_owned(),
            household,
            document: self.document,
            kind: kind.to_owned(),
            outcome: outcome.to_owned(),
            from: midnight(&self.from, 0).ok_or_else(|| wrong("the first day"))?,
            to: midnight(&self.to, 1).ok_or_else(|| wrong("the last day"))?,
        })
    }

    /// What is asked for, in words for the log.
    fn told(&self) -> String {
        let document = self.document.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            ("人", &self.person),
            ("单位", &self.organisation),
            ("户", &self.household),
            ("件", &document),
            ("方式", &self.kind),
            ("结果", &self.outcome),
            ("自", &self.from),
            ("至", &self.to),
        ];
        let told = fields.iter().filter(|(_, value)| !value.is_empty());
        let told: Vec<String> = told.map(|(name, value)| format!("{name}{value}")).collect();
        format!("利用登记册 {}", told.join(" ")).trim_end().to_owned()
    }
}

/// The moment in China at which a day begins, or so many days later; the inner
/// none for no day, the outer for what is no day.
fn midnight(day: &str, later: i64) -> Option<Option<i64>> {
    let day = day.trim();
    if day.is_empty() {
        return Some(None);
    }
    let date: jiff::civil::Date = day.parse().ok()?;
    let date = date.checked_add(jiff::Span::new().days(later)).ok()?;
    let zone = jiff::tz::Offset::constant(crate::looks::CHINA);
    zone.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()
        .map(|moment| Some(moment.as_microsecond()))
}

/// A look, as the register tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Use {
    /// Its number in the access log; none while it waits to be published.
    pub no: Option<i64>,
    /// The digest of its body, to which the access log commits.
    pub body_sha256: String,
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub person: String,
    /// Whose account it is; none on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<PersonId>,
    /// For which organisation: its code.
    pub organisation: String,
    /// The name of that, or its code again.
    pub organisation_name: String,
    /// In which capacity.
    pub role: Role,
    /// At what, why, and what came of it.
    #[serde(flatten)]
    pub look: Look,
}

impl Use {
    /// Leaves out what names people in the records: for those who may not look at
    /// them.
    fn veil(&mut self) {
        // Of a sign-in it is the address.
        if self.look.kind != Kind::SignIn {
            self.look.title.clear();
        }
        self.look.code.clear();
        self.look.reason.iter_mut().for_each(|reason| reason.words.clear());
    }
}

/// A part of the register, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Register {
    /// The looks.
    pub uses: Vec<Use>,
    /// How many there are in all.
    pub total: i64,
    /// Where older ones go on; none at the end.
    pub next: Option<String>,
}

/// The looks that are asked for, newest first, after `before`, at most `limit`;
/// those of people of the own organisation and of those below it, and those at
/// its records.
///
/// # Errors
/// When something asked for cannot be understood, or the database fails.
pub async fn register(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    before: Option<&str>,
    limit: u32,
) -> Result<Register, UsesError> {
    let wanted = asked.wanted(actor)?;
    let before = before.map(place).transpose()?;
    app.looks.flush().await?;
    let mut tx = app.db.read().await?;
    let mut rows = looks::list(&mut tx, &wanted, before.as_ref(), limit.saturating_add(1)).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| format!("{}-{}", row.at, row.sha256));
    let total = looks::count(&mut tx, &wanted).await?;
    let mut uses = told(&mut tx, rows).await?;
    if !actor.may(Right::Look) {
        uses.iter_mut().for_each(Use::veil);
    }
    Ok(Register { uses, total, next })
}

/// As [`register`], of everything that is asked for, at most `limit`, to be
/// printed: that is noted.
///
/// # Errors
/// As [`register`], or when the look cannot be noted.
pub async fn printed(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Register, UsesError> {
    let found = register(app, actor, asked, None, limit).await?;
    let look = Look::new(Kind::Print).titled(&asked.told()).counting(found.uses.len());
    app.looks.note(actor, look).await?;
    Ok(found)
}

/// The place that `next` of a part of the register names.
fn place(text: &str) -> Result<Before, UsesError> {
    let parts = text.split_once('-').filter(|(_, sha256)| sha256.len() == 64);
    let parsed = parts.and_then(|(at, sha256)| Some((at.parse().ok()?, sha256.to_owned())));
    parsed.ok_or_else(|| UsesError::Asked("where the list goes on cannot be understood".into()))
}

async fn told(tx: &mut Tx, rows: Vec<LookRow>) -> Result<Vec<Use>, DbError> {
    let mut uses = Vec::with_capacity(rows.len());
    for row in rows {
        let body = row.body()?;
        let organisation = body.actor.organisation.to_string();
        uses.push(Use {
            no: row.no,
            body_sha256: row.sha256,
            time: jiff::Timestamp::from_microsecond(row.at)
                .map(|time| time.to_string())
                .unwrap_or_default(),
            person: body.actor.name,
            account: body.actor.person,
            organisation_name: organisations::name(tx, &organisation).await?,
            organisation,
            role: body.actor.role,
            look: body.look,
        });
    }
    Ok(uses)
}

/// 谁看过: the last looks at the file of a household, at most `limit`.
///
/// # Errors
/// When there is no such household this person may see.
pub async fn of_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    limit: u32,
) -> Result<Register, UsesError> {
    let mut tx = app.db.read().await?;
    filing::seen_household(&mut tx, &scope(actor), no)
        .await
        .map_err(|_| ViewError::UnknownHousehold(no.clone()))?;
    of(&mut tx, Wanted { household: no.to_string(), ..Wanted::default() }, limit).await
}

/// 谁看过: the last looks at a document, at most `limit`.
///
/// # Errors
/// When there is no such document this person may see.
pub async fn of_document(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    limit: u32,
) -> Result<Register, UsesError> {
    let mut tx = app.db.read().await?;
    filing::seen(&mut tx, &scope(actor), id).await.map_err(|_| ViewError::UnknownDocument(id))?;
    of(&mut tx, Wanted { document: Some(id.0), ..Wanted::default() }, limit).await
}

/// The looks at what was seen to be within the scope: by whoever they were.
async fn of(tx: &mut Tx, wanted: Wanted, limit: u32) -> Result<Register, UsesError> {
    let rows = looks::list(tx, &wanted, None, limit).await?;
    let total = looks::count(tx, &wanted).await?;
    Ok(Register { uses: told(tx, rows).await?, total, next: None })
}

/// How the access log stands.
///
/// # Errors
/// When the database fails.
pub async fn state(app: &App) -> Result<LooksState, RecordError> {
    app.looks.state().await
}
