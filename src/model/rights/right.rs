//! The rights: what they are called, and which a machine can be given.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
