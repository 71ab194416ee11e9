//! What each role may do: the one matrix of roles and rights. `docs/access.md`
//! prints it, and a test compares the two.

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

/// Something a person may do, or not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Opens, lists and searches records of the own scope.
    Look,
    /// Takes files, proof bundles and lists out of the building.
    Export,
    /// Adds scans.
    Upload,
    /// Says what a paper is and whose; opens the files of households.
    File,
    /// Binds volumes.
    Bind,
    /// Has stored files read again, and repaired.
    Verify,
    /// Reads the log of acts and what was found by verifications.
    ReadLog,
    /// Reads who looked at what.
    ReadUse,
    /// Asks for a file of another office.
    AskLending,
    /// Decides whether a file is lent.
    DecideLending,
    /// Hands over what is lent, and takes it back.
    HandOver,
    /// Shows a household its own file at the counter.
    OpenCounter,
    /// Sees a masked number in full.
    Reveal,
    /// Looks at reading jobs and starts them again.
    RunJobs,
    /// Sees people and their rights.
    SeePeople,
    /// Makes and disables accounts; names organisations; ends sessions.
    ManagePeople,
    /// Says which roles a person has.
    GrantRoles,
    /// Changes the keys of the log, has its checkpoints timestamped; encrypts, and
    /// asks that keys of the store be destroyed.
    ManageKeys,
    /// Decides whether the keys of a household's papers are destroyed.
    DecideDestruction,
    /// Founds the archive.
    Found,
    /// What concerns nobody but oneself: the own password and sessions.
    Own,
    /// Reads the one file that was opened for a visitor.
    Visit,
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

    /// What the role may do.
    #[must_use]
    pub const fn rights(self) -> &'static [Right] {
        use Right as R;
        match self {
            Self::Clerk => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::AskLending,
                R::OpenCounter,
                R::Reveal,
                R::RunJobs,
                R::Own,
            ],
            Self::Archivist => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::Bind,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::AskLending,
                R::HandOver,
                R::OpenCounter,
                R::Reveal,
                R::RunJobs,
                R::Own,
            ],
            Self::Reader => &[R::Look, R::AskLending, R::Own],
            Self::Approver => &[
                R::Look,
                R::ReadUse,
                R::AskLending,
                R::DecideLending,
                R::Reveal,
                R::DecideDestruction,
                R::Own,
            ],
            Self::Auditor => &[
                R::Look,
                R::Export,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::Reveal,
                R::SeePeople,
                R::Own,
            ],
            Self::Administrator => &[R::SeePeople, R::ManagePeople, R::ManageKeys, R::Own],
            Self::SecurityOfficer => &[R::ReadUse, R::SeePeople, R::GrantRoles, R::Own],
            // Whoever has the machine has its files; what needs a second person does too.
            Self::Operator => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::Bind,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::RunJobs,
                R::SeePeople,
                R::ManagePeople,
                R::GrantRoles,
                R::ManageKeys,
                R::Found,
                R::Own,
            ],
            Self::Guest => &[R::Visit],
            Self::System => &[R::Look, R::Verify, R::RunJobs, R::ManageKeys],
        }
    }

    /// Whether the role may do `right`.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }

    /// Whether it is one of the three that nobody has beside another role:
    /// 三员分立, as the protection of classified systems has it. Who makes
    /// accounts does not say what they may do, and neither watches over it.
    #[must_use]
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::Administrator | Self::SecurityOfficer)
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

impl Right {
    /// All of them, in the order of the printed matrix.
    pub const ALL: [Self; 22] = [
        Self::Look,
        Self::Export,
        Self::Upload,
        Self::File,
        Self::Bind,
        Self::Verify,
        Self::ReadLog,
        Self::ReadUse,
        Self::AskLending,
        Self::DecideLending,
        Self::HandOver,
        Self::OpenCounter,
        Self::Reveal,
        Self::RunJobs,
        Self::SeePeople,
        Self::ManagePeople,
        Self::GrantRoles,
        Self::ManageKeys,
        Self::DecideDestruction,
        Self::Found,
        Self::Own,
        Self::Visit,
    ];

    /// Its name, as documents and API tokens have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Export => "export",
            Self::Upload => "upload",
            Self::File => "file",
            Self::Bind => "bind",
            Self::Verify => "verify",
            Self::ReadLog => "read_log",
            Self::ReadUse => "read_use",
            Self::AskLending => "ask_lending",
            Self::DecideLending => "decide_lending",
            Self::HandOver => "hand_over",
            Self::OpenCounter => "open_counter",
            Self::Reveal => "reveal",
            Self::RunJobs => "run_jobs",
            Self::SeePeople => "see_people",
            Self::ManagePeople => "manage_people",
            Self::GrantRoles => "grant_roles",
            Self::ManageKeys => "manage_keys",
            Self::DecideDestruction => "decide_destruction",
            Self::Found => "found",
            Self::Own => "own",
            Self::Visit => "visit",
        }
    }

    /// The right with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == name)
    }

    /// Whether a machine can be given it by a token: none that could give
    /// itself or others more, and none that is for a person at a counter.
    #[must_use]
    pub const fn of_machines(self) -> bool {
        !matches!(
            self,
            Self::ManagePeople
                | Self::GrantRoles
                | Self::ManageKeys
                | Self::DecideDestruction
                | Self::Found
                | Self::Own
                | Self::DecideLending
                | Self::OpenCounter
        )
    }

    /// What it is to do, in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Look => "查看",
            Self::Export => "带出",
            Self::Upload => "收件",
            Self::File => "归户",
            Self::Bind => "装订",
            Self::Verify => "清点",
            Self::ReadLog => "看存证日志",
            Self::ReadUse => "看利用登记",
            Self::AskLending => "提请借阅",
            Self::DecideLending => "审批借阅",
            Self::HandOver => "借出归还",
            Self::OpenCounter => "本人查阅",
            Self::Reveal => "显示号码",
            Self::RunJobs => "管作业",
            Self::SeePeople => "看人员",
            Self::ManagePeople => "管人员机构",
            Self::GrantRoles => "授权",
            Self::ManageKeys => "管密钥",
            Self::DecideDestruction => "审批销毁",
            Self::Found => "建库",
            Self::Own => "管自己的登录",
            Self::Visit => "看为来访打开的一户",
        }
    }

    /// What it is to do, in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Export => "take out",
            Self::Upload => "add papers",
            Self::File => "file",
            Self::Bind => "bind",
            Self::Verify => "verify",
            Self::ReadLog => "read the log",
            Self::ReadUse => "read the use register",
            Self::AskLending => "ask for lending",
            Self::DecideLending => "decide lending",
            Self::HandOver => "hand over and take back",
            Self::OpenCounter => "show a household its file",
            Self::Reveal => "see full numbers",
            Self::RunJobs => "run jobs",
            Self::SeePeople => "see people",
            Self::ManagePeople => "manage accounts and organisations",
            Self::GrantRoles => "grant roles",
            Self::ManageKeys => "manage keys",
            Self::DecideDestruction => "decide destruction",
            Self::Found => "found the archive",
            Self::Own => "manage the own sign-in",
            Self::Visit => "read the file opened for a visitor",
        }
    }
}

/// Why nobody can have these roles together; none when a person can.
#[must_use]
pub fn conflict(roles: &[Role]) -> Option<&'static str> {
    let alone = roles.iter().filter(|role| role.stands_alone()).count();
    let audits = roles.contains(&Role::Auditor);
    if roles.iter().any(|role| !Role::GIVEN.contains(role)) {
        Some("operators and guests are nobody's roles")
    } else if alone > 0 && roles.len() > 1 {
        Some("administrators and security officers have no other role (三员分立)")
    } else if audits && roles.iter().any(|role| !matches!(role, Role::Auditor | Role::Reader)) {
        Some("auditors have no other role but that of a reader: nobody audits the own work")
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_three_officers_are_three_persons() {
        use Role::*;
        for good in [
            vec![],
            vec![Clerk],
            vec![Clerk, Archivist, Reader, Approver],
            vec![Auditor],
            vec![Auditor, Reader],
            vec![Administrator],
            vec![SecurityOfficer],
        ] {
            assert_eq!(conflict(&good), None, "{good:?}");
        }
        for bad in [
            vec![Administrator, SecurityOfficer],
            vec![Administrator, Auditor],
            vec![SecurityOfficer, Auditor],
            vec![Administrator, Reader],
            vec![SecurityOfficer, Clerk],
            vec![Auditor, Archivist],
            vec![Operator],
            vec![System, Clerk],
            vec![Guest],
        ] {
            assert!(conflict(&bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn who_manages_accounts_or_rights_sees_no_record() {
        for role in [Role::Administrator, Role::SecurityOfficer] {
            for right in [Right::Look, Right::Export, Right::Reveal, Right::ReadLog] {
                assert!(!role.may(right), "{role:?} {right:?}");
            }
        }
        assert!(!Role::Administrator.may(Right::GrantRoles));
        assert!(!Role::SecurityOfficer.may(Right::ManagePeople));
    }

    #[test]
    fn names_are_read_back() {
        for role in Role::GIVEN {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!("system".parse::<Role>().is_err());
        assert!("operator".parse::<Role>().is_err());
        let mut seen = std::collections::BTreeSet::new();
        assert!(Right::ALL.iter().all(|right| seen.insert(right.as_str())));
        for right in Right::ALL {
            assert_eq!(serde_json::to_value(right).unwrap(), right.as_str());
        }
    }
}
