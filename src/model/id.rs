//! A type for every kind of identifier, so that a household number cannot be
//! passed where a digest is wanted. Each parses, prints and orders.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::canonical;

/// A text that is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not 64 lower-case hexadecimal characters.
    #[error("{0:?} is not a SHA-256 digest of 64 hexadecimal characters")]
    Digest(String),
    /// Not 12 digits of region and 5 of serial.
    #[error("{0:?} is not a household number of 17 digits")]
    Household(String),
    /// Not a region code of 12 digits.
    #[error("{0:?} is not an organisation code of 12 digits")]
    Organisation(String),
    /// Not a positive whole number.
    #[error("{0:?} is not a document number")]
    Document(String),
    /// Not 16 lower-case hexadecimal characters.
    #[error("{0:?} does not name a person")]
    Person(String),
}

/// The SHA-256 of some bytes: the name of a blob.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest whose 32 bytes are already known, as a hasher leaves them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 of the 64 hexadecimal characters, for people to compare.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..8])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError::Digest(shown(text));
        if text.len() != 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| wrong())?;
        Ok(Self(bytes))
    }
}

/// 户号: 12 digits of the community's region code and 5 of a serial; given
/// once to a household and never changed (一户一号).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HouseholdNo(String);

impl HouseholdNo {
    /// The organisation in whose region the number was given.
    #[must_use]
    pub fn organisation(&self) -> OrganisationCode {
        OrganisationCode(self.0[..12].to_owned())
    }

    /// The last four digits of the region and the serial, `3004-00127`, as
    /// lists show it.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}-{}", &self.0[8..12], &self.0[12..])
    }

    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HouseholdNo {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.trim();
        if digits.len() == 17 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(IdError::Household(shown(text)))
        }
    }
}

/// A 12-digit region code of an organisation: 6 digits of the county, 3 of the
/// street, 3 of the community, zeros where it ends earlier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode(String);

impl OrganisationCode {
    /// What every code inside this organisation's region begins with: 6, 9 or
    /// 12 digits.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match &self.0 {
            code if code.ends_with("000000") => &code[..6],
            code if code.ends_with("000") => &code[..9],
            code => code,
        }
    }

    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for OrganisationCode {
    /// The invented county of the samples, 990102; an office sets its own.
    fn default() -> Self {
        Self("990102000000".to_owned())
    }
}

impl FromStr for OrganisationCode {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Organisation(shown(text)))
        }
    }
}

/// The random name of a person who works with the archive: 16 hexadecimal
/// characters, given once and never to anybody else. It tells nothing of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(String);

impl PersonId {
    /// The name made of these random bytes.
    #[must_use]
    pub fn of(bytes: [u8; 8]) -> Self {
        Self(hex::encode(bytes))
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let hexadecimal = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 16 && text.bytes().all(hexadecimal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Person(shown(text)))
        }
    }
}

/// The number of an entry in the log, from 0.
pub type EntryNo = i64;

/// A document, named by the number of the log entry that accepted it, so that
/// the log alone decides every identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DocumentId(pub EntryNo);

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.parse::<EntryNo>() {
            Ok(number) if (0..=canonical::GREATEST).contains(&number) => Ok(Self(number)),
            _ => Err(IdError::Document(shown(text))),
        }
    }
}

impl<'de> Deserialize<'de> for DocumentId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = EntryNo::deserialize(from)?;
        number.to_string().parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({})", self.0)
    }
}

/// At most 40 characters of a text that came from outside, for an error.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Identifiers that are text in JSON, and are checked when read from it.
macro_rules! textual {
    ($($kind:ty),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
textual!(Digest, HouseholdNo, OrganisationCode, PersonId);

/// How identifiers stand in the description of the API.
macro_rules! described {
    ($($kind:ty: $pattern:literal, $example:literal;)*) => {$(
        impl PartialSchema for $kind {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                text.pattern(Some($pattern)).examples([$example]).into()
            }
        }
        impl ToSchema for $kind {}
    )*};
}
described! {
    Digest: "^[0-9a-f]{64}$",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    HouseholdNo: "^[0-9]{17}$", "99010200300400001";
    OrganisationCode: "^[0-9]{12}$", "990102003004";
    PersonId: "^[0-9a-f]{16}$", "5f0c9a1be2d37846";
}

impl PartialSchema for DocumentId {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        let number = number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        number.minimum(Some(0)).maximum(Some(canonical::GREATEST)).into()
    }
}

impl ToSchema for DocumentId {}

macro_rules! prints_its_text {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
prints_its_text!(HouseholdNo, OrganisationCode, PersonId);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_prints_as_it_parses() {
        let digest = Digest::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse::<Digest>().unwrap(), digest);
        assert_eq!(digest.short(), "ba7816bf8f01cfea");
    }

    #[test]
    fn what_is_not_a_digest_is_refused() {
        for text in ["", "ab", &"AB".repeat(32), &"zz".repeat(32), &"ab".repeat(33)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_document_has_a_number_that_acts_can_hold() {
        for good in ["0", "7", "9007199254740991"] {
            assert_eq!(good.parse::<DocumentId>().unwrap().to_string(), good);
            assert!(serde_json::from_str::<DocumentId>(good).is_ok());
        }
        for bad in ["-1", "", "x", "9007199254740992", "9223372036854775807"] {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
            assert!(serde_json::from_str::<DocumentId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_household_number_knows_its_community() {
        let no: HouseholdNo = "99010200300400127".parse().unwrap();
        assert_eq!(no.organisation().as_str(), "990102003004");
        assert_eq!(no.short(), "3004-00127");
        assert!("9901020030040012".parse::<HouseholdNo>().is_err());
        assert!("9901020030040012x".parse::<HouseholdNo>().is_err());
        assert!("９９０１０２００３００４００１２７".parse::<HouseholdNo>().is_err());
    }

    #[test]
    fn an_organisation_covers_what_its_zeros_leave_open() {
        let prefix = |code: &str| code.parse::<OrganisationCode>().unwrap().prefix().to_owned();
        assert_eq!(prefix("990102000000"), "990102");
        assert_eq!(prefix("990102003000"), "990102003");
        assert_eq!(prefix("990102003004"), "990102003004");
    }
}
