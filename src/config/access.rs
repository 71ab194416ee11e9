//! The settings of access: how looks are noted, and who acts on the command line.

use std::path::PathBuf;

use serde::Deserialize;

use crate::model::access::Role;
use crate::model::id::OrganisationCode;

/// Whether somebody who looks at a household's file must say why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonIs {
    /// Nothing of it is shown on pages and by the API before a reason was given,
    /// once a day.
    #[default]
    Required,
    /// It may be given.
    Optional,
}

/// How looks at records are noted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Whether a reason must be given.
    pub reason: ReasonIs,
    /// The file of the key of the access log, relative to the data folder.
    pub key: PathBuf,
}

impl Default for Access {
    fn default() -> Self {
        Self { reason: ReasonIs::default(), key: PathBuf::from("keys/access.key") }
    }
}

/// Who acts on the command line: whoever has the machine. In the pages, people
/// sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// The name that stands in the record.
    pub name: String,
    /// The region code of the organisation: the person sees its records and
    /// those below it.
    pub organisation: OrganisationCode,
    /// In which capacity.
    pub role: Role,
}

impl Default for Operator {
    fn default() -> Self {
        Self {
            name: "宋青".into(),
            organisation: OrganisationCode::default(),
            role: Role::Operator,
        }
    }
}
