//! Who acts, and what an acting person may see: the one place that decides it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::OrganisationCode;

/// What a person does in the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 经办人: adds scans, confirms what they are.
    Clerk,
    /// 档案员: binds volumes.
    Archivist,
    /// 查阅人: searches and reads.
    Reader,
    /// 审计员: verifies.
    Auditor,
    /// The program itself: jobs, sweeps, the demonstration.
    System,
}

impl Role {
    /// The role's Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Clerk => "经办人",
            Self::Archivist => "档案员",
            Self::Reader => "查阅人",
            Self::Auditor => "审计员",
            Self::System => "系统",
        }
    }

    /// The role's English name.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Archivist => "archivist",
            Self::Reader => "reader",
            Self::Auditor => "auditor",
            Self::System => "system",
        }
    }
}

/// The person who acts: a parameter of every use case, so that no act is
/// without one and no read without a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// The name that stands in the record.
    pub name: String,
    /// The organisation for which the person acts.
    pub organisation: OrganisationCode,
    /// In which capacity.
    pub role: Role,
}

/// What part of the archive a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    prefix: String,
}

impl Scope {
    /// Whether records of `organisation` are inside.
    #[must_use]
    pub fn covers(&self, organisation: &str) -> bool {
        organisation.starts_with(&self.prefix)
    }

    /// What the organisation code of every visible record begins with; the
    /// one filter that SQL and the index apply.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// The scope of `actor`: the records of the own organisation and of those
/// below it. Every read asks here and nowhere else.
#[must_use]
pub fn scope(actor: &Actor) -> Scope {
    Scope { prefix: actor.organisation.prefix().to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_street_sees_its_communities_and_no_other_street() {
        let actor = Actor {
            name: "赵玉梅".into(),
            organisation: "990102003000".parse().unwrap(),
            role: Role::Clerk,
        };
        let scope = scope(&actor);
        assert!(scope.covers("990102003000"));
        assert!(scope.covers("990102003004"));
        assert!(!scope.covers("990102002001"));
        assert!(!scope.covers("990102000000"));
    }
}
