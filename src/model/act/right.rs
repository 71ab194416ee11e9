//! What whoever does an act has to be allowed.

use super::Act;
use crate::model::access::Right;

impl Act {
    /// What whoever does it has to be allowed.
    #[must_use]
    pub fn right(&self) -> Right {
        match self {
            Self::CreateArchive { .. } => Right::Found,
            Self::RegisterOrganisation { .. }
            | Self::AddPerson { .. }
            | Self::ChangePerson { .. }
            | Self::IssueCode { .. }
            | Self::NameAtProvider { .. } => Right::ManagePeople,
            Self::GrantRoles { .. } => Right::GrantRoles,
            Self::AcceptDocument { .. } => Right::Upload,
            Self::OpenHousehold { .. }
            | Self::FileDocument { .. }
            | Self::JoinDocument { .. }
            | Self::ReturnDocument { .. }
            | Self::CorrectText { .. }
            | Self::StateFacts(_)
            | Self::TakeStep(_)
            | Self::SendBack(_)
            | Self::MakeRoster(_)
            | Self::TakeBankReturn(_)
            | Self::SetStandard(_)
            | Self::BookFund(_)
            | Self::Recover(_)
            | Self::SettleRecovery(_)
            | Self::PostNotice { .. }
            | Self::TakeDownNotice { .. }
            | Self::EnterRow(_)
            | Self::OrderDraw(_)
            | Self::DrawSample(_) => Right::File,
            Self::BindVolume { .. } => Right::Bind,
            Self::RotateKey { .. }
            | Self::RetireKey { .. }
            | Self::TimestampCheckpoint { .. }
            | Self::SealAccessLog { .. }
            | Self::BeginEncryption { .. }
            | Self::EncryptBlobs { .. }
            | Self::AskDestruction { .. } => Right::ManageKeys,
            Self::DestroyKeys { .. } | Self::RefuseDestruction { .. } => Right::DecideDestruction,
            Self::CheckFixity { .. } | Self::RepairObject { .. } => Right::Verify,
            Self::AskLending { .. } | Self::EndLending { .. } => Right::AskLending,
            Self::DecideLending { .. } => Right::DecideLending,
            Self::HandOverLending { .. } | Self::ReturnLending { .. } | Self::NoteEffect { .. } => {
                Right::HandOver
            }
            Self::OpenCounter { .. } => Right::OpenCounter,
            Self::KeyFields(_) => Right::File,
            Self::TakeEvidence(_) | Self::CloseFinding(_) => Right::File,
            Self::LinkHouseholds(_) | Self::UnlinkHouseholds(_) => Right::File,
        }
    }
}
