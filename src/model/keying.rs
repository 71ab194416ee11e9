//! 录入字段: what a person keyed from a form. The values are a blob of their own, with
//! the key of no other, so that they can be destroyed with the paper; the act names it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::KeyedValue;
use super::id::{Digest, DocumentId, EntryNo};

/// The name of the format of the values; its JSON Schema has the same name.
pub const KEYED_FORMAT: &str = "yidang-keyed/1";

/// 录入字段: the next version of the fields of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyFields {
    /// Which paper.
    pub document: DocumentId,
    /// The code of the form it is.
    pub form: String,
    /// The values, already durable in the vault: a [`Keyed`].
    pub keyed: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// The entry of the version before, which the person saw; none before the first.
    #[serde(default)]
    pub seen: Option<EntryNo>,
}

/// The values of a form, as they are kept in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyed {
    /// [`KEYED_FORMAT`].
    pub format: String,
    /// 32 random bytes in hexadecimal: the digest tells nothing of the values.
    pub salt: String,
    /// The paper they stand on.
    pub document: DocumentId,
    /// The code of the form.
    pub form: String,
    /// The values, in the order of the paper.
    pub values: Vec<KeyedValue>,
}
