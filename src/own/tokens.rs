//! Tokens: what a machine shows in the place of a person, for a part of what
//! the person may do and for a time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Me, OwnError};
use crate::app::App;
use crate::catalog::people;
use crate::catalog::tokens::{self as rows, TokenRow};
use crate::credentials::{fingerprint, token};
use crate::db::DbError;
use crate::model::access::{Actor, Right};
use crate::model::people::Person;
use crate::model::text::hidden;

/// A token that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Which machine has it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What it is for.
    #[schema(min_items = 1, max_items = 22)]
    pub rights: Vec<Right>,
    /// The last day it is good, a year away at most.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// A token, without what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Token {
    /// What names it.
    pub id: String,
    /// Which machine has it.
    pub name: String,
    /// What it is for.
    pub rights: Vec<Right>,
    /// When it was made, in milliseconds since 1970.
    pub made: i64,
    /// When it ends.
    pub ends: i64,
    /// When it was used last; 0: never.
    pub seen: i64,
}

impl Token {
    /// A token as the table has it. A right that this version does not know is
    /// none.
    pub(crate) fn of(row: TokenRow) -> Self {
        let rights = row.rights.split(' ').filter_map(Right::named).collect();
        let TokenRow { id, name, made, ends, seen, .. } = row;
        Self { id, name, rights, made, ends, seen }
    }
}

/// Makes a token of one's own; returns what the machine is to show. Nothing
/// shows it again.
///
/// # Errors
/// When it is for more than the person may do, or ends too late.
pub async fn make(app: &App, me: Me<'_>, actor: &Actor, new: NewToken) -> Result<String, OwnError> {
    let name = token::named(&new.name)?;
    if name.chars().any(hidden) {
        return Err(token::TokenError::Name.into());
    }
    let mut rights = new.rights;
    rights.sort_unstable();
    rights.dedup();
    if rights.is_empty() {
        return Err(token::TokenError::Nothing.into());
    }
    if let Some(too_much) = rights.iter().find(|right| !right.of_machines() || !actor.may(**right))
    {
        return Err(OwnError::TooMuch(*too_much));
    }
    let now = app.now();
    // The day of the office.
    let ends = token::end(new.until, &TimeZone::fixed(jiff::tz::offset(8)), app.latest())?;
    let words: Vec<&str> = rights.iter().map(|right| right.as_str()).collect();
    let row = TokenRow {
        id: hex::encode(rand::random::<[u8; 8]>()),
        person: me.person.id.as_str().to_owned(),
        name,
        rights: words.join(" "),
        made: now.as_millisecond(),
        ends: ends.as_millisecond(),
        seen: 0,
    };
    let shown = token::new();
    let mut tx = app.db.write().await?;
    if !rows::add(&mut tx, &row, &fingerprint("token", &shown)).await? {
        return Err(OwnError::TooMany);
    }
    tx.commit().await?;
    Ok(shown)
}

/// The own tokens, the newest first, those that have ended too.
///
/// # Errors
/// When the database refuses.
pub async fn list(app: &App, me: Me<'_>) -> Result<Vec<Token>, DbError> {
    let mut tx = app.db.read().await?;
    let all = rows::list(&mut tx, Some(me.person.id.as_str())).await?;
    Ok(all.into_iter().map(Token::of).collect())
}

/// Ends an own token.
///
/// # Errors
/// When it is not there, or somebody else's.
pub async fn remove(app: &App, me: Me<'_>, id: &str) -> Result<(), OwnError> {
    let mut tx = app.db.write().await?;
    if !rows::remove(&mut tx, id, Some(me.person.id.as_str())).await? {
        return Err(OwnError::Gone);
    }
    Ok(tx.commit().await?)
}

/// Whose token a program shows in its `Authorization` header, acting with no
/// more than the token is for, and no more than the person may do now; none
/// when it is no token, or good no more.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn identify(app: &App, header: &str) -> Result<Option<(Person, Actor)>, DbError> {
    let Some(shown) = token::of_header(header) else { return Ok(None) };
    let now = app.latest();
    let mut tx = app.db.read().await?;
    let moment = (app.now(), now);
    let Some(row) = rows::good(&mut tx, &fingerprint("token", shown), moment).await? else {
        return Ok(None);
    };
    let person = match row.person.parse() {
        Ok(id) => people::get(&mut tx, &id).await?,
        Err(_) => None,
    };
    drop(tx);
    let Some((person, actor)) = person.and_then(|one| one.actor().map(|actor| (one, actor))) else {
        return Ok(None);
    };
    if rows::is_news(&row, now) {
        let mut tx = app.db.write().await?;
        rows::seen(&mut tx, &row.id, now).await?;
        tx.commit().await?;
    }
    let rights = Token::of(row).rights;
    Ok(Some((person, actor.only(rights))))
}
