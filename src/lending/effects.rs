//! 利用效果登记: what the use of lent files led to, on screen and to take away.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LendingError, Shown, get, kept};
use crate::app::App;
use crate::catalog::effects::{self, EffectRow};
use crate::catalog::{lendings, organisations};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::lending::{self as rules, Purpose, Stage};
use crate::model::look::{Kind, Look};
use crate::uses::UsesError;
use crate::uses::export::{self, Shape, harmless};

/// The most rows of a file.
const MOST: u32 = 20_000;

/// What a use led to, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Effect {
    /// The entry of the log.
    pub entry: i64,
    /// On which day.
    pub date: String,
    /// 利用内容
    pub content: String,
    /// 利用效果
    pub effect: String,
    /// Who wrote it down.
    pub name: String,
    /// When, RFC 3339.
    pub time: String,
}

impl From<EffectRow> for Effect {
    fn from(row: EffectRow) -> Self {
        let EffectRow { entry, date, content, effect, time, name, .. } = row;
        Self { entry, date, content, effect, name, time }
    }
}

/// A row of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Registered {
    /// What it led to.
    #[serde(flatten)]
    pub effect: Effect,
    /// Which lending.
    pub lending: String,
    /// Whose file.
    pub household: String,
    /// 利用者
    pub borrower: String,
    /// 单位
    pub body: String,
    /// 利用目的
    pub purpose: Purpose,
    /// The same in words.
    pub reason: String,
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct New {
    /// On which day; today where it is not said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// 利用内容, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub content: String,
    /// 利用效果, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub effect: String,
}

/// Writes down what the use of a lent file led to, when it is over or any time
/// after it was agreed to.
///
/// # Errors
/// When the person may not, keeps not this file, or it was never lent.
pub async fn note(app: &App, actor: &Actor, id: &str, new: New) -> Result<Shown, LendingError> {
    actor.must(Right::HandOver)?;
    let lending = kept(app, actor, id).await?;
    let date = new.date.unwrap_or_else(|| rules::day_of(app.now()));
    let agreed = lending.step(Stage::Agreed);
    rules::effect(agreed.is_some(), date, app.now())?;
    if agreed.and_then(|step| step.time.parse().ok()).is_some_and(|time| date < rules::day_of(time))
    {
        return Err(rules::Rule::Effect.into());
    }
    let (content, effect) = (rules::words(&new.content)?, rules::words(&new.effect)?);
    let (lending, household) = (id.to_owned(), lending.row.household()?);
    let act = Act::NoteEffect { lending, household, date, content, effect };
    app.recorder.record(actor, act).await?;
    get(app, actor, id).await
}

/// The register of what lendings of the own files led to, the newest first, at
/// most `limit` before entry `before`.
///
/// # Errors
/// When the person may not read it.
pub async fn register(
    app: &App,
    actor: &Actor,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Registered>, LendingError> {
    actor.must(Right::ReadUse)?;
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or(i64::MAX);
    let found = effects::list(&mut tx, &scope(actor), before, limit).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let Some(lending) = lendings::get(&mut tx, &row.lending).await? else { continue };
        let lent = lending.row;
        let body = match lent.borrower_organisation.as_str() {
            "" => lent.body,
            code => organisations::name(&mut tx, code).await?,
        };
        rows.push(Registered {
            lending: lent.id,
            household: lent.household,
            borrower: lent.borrower,
            body,
            purpose: lent.purpose.parse().map_err(crate::db::DbError::Corrupt)?,
            reason: lent.reason,
            effect: row.into(),
        });
    }
    Ok(rows)
}

/// The columns of 利用效果登记簿.
pub const COLUMNS: [(&str, &str); 9] = [
    ("序号", "No."),
    ("日期", "Date"),
    ("利用者", "User"),
    ("单位", "Body"),
    ("户号", "Household"),
    ("利用目的", "Purpose"),
    ("利用内容", "Content"),
    ("利用效果", "Effect"),
    ("登记人", "Noted by"),
];

impl Registered {
    /// Its cells, as the register has its columns; the purpose in Chinese or, with
    /// `english`, in English.
    #[must_use]
    pub fn cells(&self, english: bool) -> [String; COLUMNS.len()] {
        let purpose = match english {
            true => format!("{}: {}", self.purpose.en(), self.reason),
            false => format!("{}：{}", self.purpose.zh(), self.reason),
        };
        [
            self.effect.entry.to_string(),
            self.effect.date.clone(),
            self.borrower.clone(),
            self.body.clone(),
            self.household.clone(),
            purpose,
            self.effect.content.clone(),
            self.effect.effect.clone(),
            self.effect.name.clone(),
        ]
    }
}

/// The register as a file; that it was taken along is noted.
///
/// # Errors
/// When the person may not, or it cannot be noted.
pub async fn export(app: &App, actor: &Actor, shape: Shape) -> Result<Vec<u8>, LendingError> {
    actor.must(Right::Export)?;
    let found = register(app, actor, None, MOST).await?;
    let columns = COLUMNS.map(|(zh, _)| zh);
    let rows: Vec<_> =
        found.iter().map(|one| one.cells(false).map(|cell| harmless(&cell))).collect();
    let file = export::written(shape, "利用效果登记簿", &columns, &rows)?;
    let look = Look::new(Kind::Export).titled("利用效果登记簿").counting(rows.len());
    app.looks.note(actor, look).await.map_err(UsesError::from)?;
    Ok(file)
}
