//! 人员: who has an account, and what they may do.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::{Role, conflict};
use crate::model::act::{Act, Body};
use crate::model::id::PersonId;
use crate::model::people::{Person, in_order, without_blanks};

/// A person as the table has it.
#[derive(Debug, FromRow, Serialize)]
pub(super) struct PersonRow {
    id: String,
    login: String,
    name: String,
    organisation: String,
    roles: String,
    disabled: i64,
}

impl PersonRow {
    pub(super) fn person(self) -> Result<Person, DbError> {
        let wrong = |what: &str| DbError::Corrupt(format!("{what} of person {}", self.id));
        let roles = self.roles.split(',').filter(|word| !word.is_empty());
        Ok(Person {
            roles: roles
                .map(str::parse)
                .collect::<Result<Vec<Role>, _>>()
                .map_err(DbError::Corrupt)?,
            organisation: self.organisation.parse().map_err(|_| wrong("organisation"))?,
            id: self.id.parse().map_err(|_| wrong("name"))?,
            login: self.login,
            name: self.name,
            disabled: self.disabled != 0,
        })
    }
}

/// The rows of an act about a person.
pub(super) async fn apply(tx: &mut Tx, body: &Body) -> Result<(), ApplyError> {
    let by = body.actor.person.as_ref();
    match &body.act {
        Act::AddPerson { person, login, name, organisation } => {
            let added = tx
                .run(
                    "INSERT INTO person (id, login, name, organisation, roles, disabled)
                     VALUES ($1, $2, $3, $4, '', 0) ON CONFLICT DO NOTHING",
                    args![person.as_str(), login, name, organisation.as_str()],
                )
                .await?;
            if added == 0 {
                return Err(Refusal::LoginTaken(login.clone()).into());
            }
            called(tx, person, name).await
        }
        Act::ChangePerson { person, .. }
        | Act::GrantRoles { person, .. }
        | Act::IssueCode { person, .. }
        | Act::NameAtProvider { person, .. }
            if by == Some(person) =>
        {
            Err(Refusal::Oneself.into())
        }
        Act::ChangePerson { person, name, organisation, disabled } => {
            let sql = "UPDATE person SET name = $2, organisation = $3, disabled = $4 WHERE id = $1";
            let args = args![person.as_str(), name, organisation.as_str(), i64::from(*disabled)];
            known(person, tx.run(sql, args).await?)?;
            called(tx, person, name).await
        }
        Act::GrantRoles { person, roles } => {
            if let Some(why) = conflict(roles) {
                return Err(Refusal::Roles(why).into());
            }
            let words: Vec<&str> = in_order(roles.clone()).into_iter().map(Role::as_str).collect();
            let sql = "UPDATE person SET roles = $2 WHERE id = $1";
            known(person, tx.run(sql, args![person.as_str(), words.join(",")]).await?)
        }
        // How people come in is kept beside the log; that they were helped is
        // in it.
        Act::IssueCode { person, .. } | Act::NameAtProvider { person, .. } => {
            let there = get(tx, person).await?.is_some();
            known(person, u64::from(there))
        }
        _ => Ok(()),
    }
}

/// Keeps what an account is called now, beside what it was called before.
async fn called(tx: &mut Tx, person: &PersonId, name: &str) -> Result<(), ApplyError> {
    let sql = "INSERT INTO person_name (person, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    tx.run(sql, args![person.as_str(), without_blanks(name)]).await?;
    Ok(())
}

/// The accounts that are or were ever called like somebody is, or was: like `name`, or like any
/// name of the account `person`.
///
/// # Errors
/// When the database refuses.
pub async fn alike(tx: &mut Tx, person: &str, name: &str) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT DISTINCT person FROM person_name
             WHERE name = $1 OR name IN (SELECT name FROM person_name WHERE person = $2)
             ORDER BY person",
            args![without_blanks(name), person],
        )
        .await?;
    let id = |(id,): (String,)| id.parse().map_err(|_| DbError::Corrupt(format!("person {id}")));
    rows.into_iter().map(id).collect()
}

fn known(person: &PersonId, rows: u64) -> Result<(), ApplyError> {
    if rows == 0 { Err(Refusal::UnknownPerson(person.clone()).into()) } else { Ok(()) }
}

/// The person with this name.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: &PersonId) -> Result<Option<Person>, DbError> {
    let sql = "SELECT id, login, name, organisation, roles, disabled FROM person WHERE id = $1";
    tx.one::<PersonRow>(sql, args![id.as_str()]).await?.map(PersonRow::person).transpose()
}

/// The person who signs in like this.
///
/// # Errors
/// When the database refuses.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<Person>, DbError> {
    let sql = "SELECT id, login, name, organisation, roles, disabled FROM person WHERE login = $1";
    tx.one::<PersonRow>(sql, args![login]).await?.map(PersonRow::person).transpose()
}

/// People whose organisation has a code that begins with `prefix`, by
/// organisation and login, at most `limit` after the place of `after`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    prefix: &str,
    after: Option<&Person>,
    limit: u32,
) -> Result<Vec<Person>, DbError> {
    let (code, login) = after.map_or(("", ""), |one| (one.organisation.as_str(), &one.login));
    let rows: Vec<PersonRow> = tx
        .all(
            "SELECT id, login, name, organisation, roles, disabled FROM person
             WHERE organisation LIKE $1
               AND (organisation > $2 OR (organisation = $2 AND login > $3))
             ORDER BY organisation, login LIMIT $4",
            args![format!("{prefix}%"), code, login, limit],
        )
        .await?;
    rows.into_iter().map(PersonRow::person).collect()
}

/// How many people there are.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT COUNT(*) FROM person", args![]).await
}
