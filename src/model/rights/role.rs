//! The roles, and what they are called.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person does in the office.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 经办人: adds scans, confirms what they are.
    Clerk,
    /// 档案员: binds volumes.
    Archivist,
    /// 查阅人: searches and reads.
    Reader,
    /// 审批人: decides what needs a second person.
    Approver,
    /// 审计员: verifies, and reads who did and saw what.
    Auditor,
    /// 系统管理员: accounts and organisations; sees no record.
    Administrator,
    /// 安全保密管理员: who may do what; sees no record.
    SecurityOfficer,
    /// 值守: whoever has the machine, on its command line.
    Operator,
    /// 来访: a household at the counter, or somebody to whom a file is lent.
    Guest,
    /// The program itself: jobs, sweeps, the demonstration.
    System,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Clerk,
        Self::Archivist,
        Self::Reader,
        Self::Approver,
        Self::Auditor,
        Self::Administrator,
        Self::SecurityOfficer,
        Self::Operator,
        Self::Guest,
        Self::System,
    ];

    /// Those that a person can be given.
    pub const GIVEN: [Self; 7] = [
        Self::Clerk,
        Self::Archivist,
        Self::Reader,
        Self::Approver,
        Self::Auditor,
        Self::Administrator,
        Self::SecurityOfficer,
    ];

    /// As it stands in acts, in SQL and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Archivist => "archivist",
            Self::Reader => "reader",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::SecurityOfficer => "security_officer",
            Self::Operator => "operator",
            Self::Guest => "guest",
            Self::System => "system",
        }
    }

    /// The role's Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Clerk => "经办人",
            Self::Archivist => "档案员",
            Self::Reader => "查阅人",
            Self::Approver => "审批人",
            Self::Auditor => "审计员",
            Self::Administrator => "系统管理员",
            Self::SecurityOfficer => "安全保密管理员",
            Self::Operator => "值守",
            Self::Guest => "来访",
            Self::System => "系统",
        }
    }

    /// The role's English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::SecurityOfficer => "security officer",
            other => other.as_str(),
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::GIVEN.into_iter().find(|role| role.as_str() == text.trim());
        found.ok_or_else(|| {
            let known = Self::GIVEN.map(Self::as_str).join(", ");
            format!("{text:?} is no role; the roles are {known}")
        })
    }
}
