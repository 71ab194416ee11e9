//! Organisations: the bureau, its streets and communities.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::OrganisationCode;

/// An organisation and its name.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Organisation {
    /// Its region code of 12 digits.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Every known organisation, in order of codes.
///
/// # Errors
/// When the database refuses.
pub async fn all(tx: &mut Tx) -> Result<Vec<Organisation>, DbError> {
    tx.all("SELECT * FROM organisation ORDER BY code", args![]).await
}

/// The name of an organisation; the code itself while it is not registered.
///
/// # Errors
/// When the database refuses.
pub async fn name(tx: &mut Tx, code: &str) -> Result<String, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT name FROM organisation WHERE code = $1", args![code]).await?;
    Ok(found.map_or_else(|| code.to_owned(), |(name,)| name))
}

/// Whether an organisation with this code is registered.
///
/// # Errors
/// When the database refuses.
pub async fn is_registered(tx: &mut Tx, code: &OrganisationCode) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM organisation WHERE code = $1";
    Ok(tx.number(sql, args![code.as_str()]).await? > 0)
}

/// Whether organisations are registered, and this is none of them. While none is registered,
/// any code may be one.
///
/// # Errors
/// When the database refuses.
pub async fn is_stranger(tx: &mut Tx, code: &OrganisationCode) -> Result<bool, DbError> {
    let any = tx.number("SELECT COUNT(*) FROM organisation", args![]).await? > 0;
    Ok(any && !is_registered(tx, code).await?)
}
