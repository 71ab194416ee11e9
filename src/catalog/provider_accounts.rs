//! Which account at a provider of sign-in is whose. Expendable.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};

/// An account at a provider.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ProviderAccountRow {
    /// Whose it is.
    pub person: String,
    /// At which provider.
    pub issuer: String,
    /// What the person is called there; counts until the first sign-in.
    pub name: String,
    /// What the provider calls the person for ever; none before the first
    /// sign-in.
    pub subject: Option<String>,
}

/// Whether another person has this name at a provider.
///
/// # Errors
/// When the database refuses.
pub async fn is_taken(
    tx: &mut Tx,
    person: &str,
    issuer: &str,
    name: &str,
) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM provider_account
               WHERE issuer = $1 AND name = $2 AND person <> $3";
    Ok(tx.number(sql, args![issuer, name, person]).await? > 0)
}

/// Says what a person is called at a provider; a subject that was there is
/// forgotten. An empty name takes it away. False when another person has the name.
///
/// # Errors
/// When the database refuses.
pub async fn set(tx: &mut Tx, person: &str, issuer: &str, name: &str) -> Result<bool, DbError> {
    if is_taken(tx, person, issuer, name).await? {
        return Ok(false);
    }
    let sql = "DELETE FROM provider_account WHERE person = $1 AND issuer = $2";
    tx.run(sql, args![person, issuer]).await?;
    if !name.is_empty() {
        let sql = "INSERT INTO provider_account (person, issuer, name, subject) VALUES ($1, $2, $3, NULL)";
        tx.run(sql, args![person, issuer, name]).await?;
    }
    Ok(true)
}

/// What a person is called at a provider.
///
/// # Errors
/// When the database refuses.
pub async fn of(
    tx: &mut Tx,
    person: &str,
    issuer: &str,
) -> Result<Option<ProviderAccountRow>, DbError> {
    let sql = "SELECT person, issuer, name, subject FROM provider_account
               WHERE person = $1 AND issuer = $2";
    tx.one(sql, args![person, issuer]).await
}

/// Whose account this is: by the subject, or, where no subject is tied to the
/// name yet, by the name, which ties the subject to it.
///
/// # Errors
/// When the database refuses.
pub async fn person(
    tx: &mut Tx,
    issuer: &str,
    subject: &str,
    name: &str,
) -> Result<Option<String>, DbError> {
    let sql = "SELECT person FROM provider_account WHERE issuer = $1 AND subject = $2";
    if let Some((person,)) = tx.one::<(String,)>(sql, args![issuer, subject]).await? {
        return Ok(Some(person));
    }
    if name.is_empty() {
        return Ok(None);
    }
    let sql = "UPDATE provider_account SET subject = $3
               WHERE issuer = $1 AND name = $2 AND subject IS NULL RETURNING person";
    let tied: Option<(String,)> = tx.one(sql, args![issuer, name, subject]).await?;
    Ok(tied.map(|row| row.0))
}
