//! 材料齐不齐: what files lack, who owes it since when, and papers that are sent
//! back because they are not good enough.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Lacking, LivingError, Standing, WORDS, collector, itself, region, short};
use crate::app::App;
use crate::catalog::{organisations, owed};
use crate::filing;
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::document::State;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::living::SendBack;
use crate::model::look::{Kind, Look};
use crate::record::Receipt;

/// The most rows of a sheet.
const PRINTED: u32 = 2000;

/// Which papers are asked for, as it is typed. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The code of an organisation, or the beginning of codes.
    pub organisation: String,
    /// Who owes them: `community`, `street`, `bureau`.
    pub level: String,
    /// 件种
    pub kind: String,
    /// Those after this one: `household.entry.place`.
    pub after: String,
    /// 本级: the organisation itself, without those below it.
    pub own: bool,
}

impl Asked {
    fn read(&self, app: &App) -> Result<owed::Asked, LivingError> {
        let kind = self.kind.trim();
        if !kind.is_empty() && app.profile.type_of(kind).is_none() {
            return Err(LivingError::Asked("a type is a code of the profile, such as A08"));
        }
        Ok(owed::Asked {
            organisation: match self.own {
                true => itself(&self.organisation)?,
                false => region(&self.organisation)?,
            },
            collector: collector(&self.level)?,
            type_code: kind.to_owned(),
            after: position(&self.after)?,
        })
    }
}

fn position(text: &str) -> Result<(String, i64, i64), LivingError> {
    let wrong = || LivingError::Asked("a position is one that was handed out");
    if text.is_empty() {
        return Ok((String::new(), 0, 0));
    }
    let mut parts = text.split('.');
    let household: HouseholdNo =
        parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong);
    Ok((household.to_string(), number()?, number()?))
}

/// Where the list goes on behind a row.
#[must_use]
pub fn behind(row: &Lacking) -> String {
    format!("{}.{}.{}", row.household, row.entry, row.place)
}

/// The papers that files of the own scope lack, by household, at most `limit`.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn lacking(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Lacking>, LivingError> {
    actor.must(Right::Look)?;
    let asked = asked.read(app)?;
    let mut tx = app.db.read().await?;
    Ok(owed::lacking(&mut tx, &scope(actor), &asked, limit).await?)
}

/// 催办单: as [`lacking`], as it is printed and handed to whoever owes the papers;
/// that it was printed is noted.
///
/// # Errors
/// When what is asked for cannot be, or the look cannot be noted.
pub async fn reminder(
    app: &App,
    actor: &Actor,
    asked: &Asked,
) -> Result<Vec<Lacking>, LivingError> {
    let asked = Asked { after: String::new(), ..asked.clone() };
    let found = lacking(app, actor, &asked, PRINTED).await?;
    let title = format!("催办单 {} {}", asked.organisation, asked.level);
    let look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}

/// How complete the files of a street or community are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lacks {
    /// The code of the organisation.
    pub organisation: String,
    /// Its name, or its code again.
    pub name: String,
    /// Whether it is a street, with the sums of its communities.
    pub street: bool,
    /// 本级: these are the households directly of a street that has communities.
    pub own: bool,
    /// How many households owe or owed papers.
    pub households: i64,
    /// How many of them owe none.
    pub complete: i64,
    /// How many papers there should be.
    pub expected: i64,
    /// How many papers are missing, by who owes them: community, street, bureau.
    pub lacking: [i64; 3],
}

impl Lacks {
    fn add(&mut self, other: &Standing) {
        self.households += other.households;
        self.complete += other.complete;
        self.expected += other.expected;
        let [community, street, bureau] = &mut self.lacking;
        *community += other.community;
        *street += other.street;
        *bureau += other.bureau;
    }

    /// How many papers are missing in all.
    #[must_use]
    pub fn missing(&self) -> i64 {
        self.lacking.iter().sum()
    }
}

/// How complete the files of the own scope are: each street, and after it the households
/// directly of it, where there are others too, and its communities.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App, actor: &Actor) -> Result<Vec<Lacks>, LivingError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let found = owed::by_community(&mut tx, &scope(actor)).await?;
    let names = organisations::all(&mut tx).await?;
    drop(tx);
    let name = |code: &str| {
        let found = names.iter().find(|one| one.code == code);
        found.map_or_else(|| code.to_owned(), |one| one.name.clone())
    };
    let row = |code: &str, street: bool, own: bool| Lacks {
        organisation: code.to_owned(),
        name: name(code),
        street,
        own,
        households: 0,
        complete: 0,
        expected: 0,
        lacking: [0; 3],
    };
    let mut rows: BTreeMap<(&str, bool), Lacks> = BTreeMap::new();
    let of = |code: &str| format!("{}000", code.get(..9).unwrap_or_default());
    let streets: Vec<String> = found.iter().map(|one| of(&one.organisation)).collect();
    for (one, street) in found.iter().zip(&streets) {
        let (code, own) = (one.organisation.as_str(), one.organisation == *street);
        rows.entry((street.as_str(), false)).or_insert_with(|| row(street, true, false)).add(one);
        rows.entry((code, own)).or_insert_with(|| row(code, false, own)).add(one);
    }
    // Where nobody else is, the street says it all.
    let is_alone = |street: &str| streets.iter().filter(|one| *one == street).count() == 1;
    rows.retain(|(street, own), _| !own || !is_alone(street));
    Ok(rows.into_values().collect())
}

/// Sends a filed paper back to whoever collects it: it is owed again until it is
/// filed anew or another of its kind is.
///
/// # Errors
/// When there is none this person may see, it is not filed, or no reason is given.
pub async fn send_back(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    reason: &str,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let reason = short(reason, WORDS).filter(|text| !text.is_empty()).ok_or(LivingError::Words)?;
    let mut tx = app.db.read().await?;
    let found = filing::seen(&mut tx, &scope(actor), document).await;
    drop(tx);
    let found = found.map_err(|_| LivingError::UnknownDocument(document))?;
    let household = found.household.as_deref().and_then(|no| no.parse().ok());
    match (found.state(), household) {
        (State::Filed, Some(household)) => {
            let sent = SendBack { household, document, reason };
            Ok(app.recorder.record(actor, Act::SendBack(sent)).await?)
        }
        _ => Err(LivingError::Asked("only a paper that is filed is sent back to be mended")),
    }
}
