//! What acts are about: households, documents, organisations, and the blobs they bring.

use super::Act;
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode};

impl Act {
    /// The blobs the act brings into the archive.
    #[must_use]
    pub fn objects(&self) -> Vec<Digest> {
        match self {
            Self::AcceptDocument { file, .. } => vec![file.sha256],
            Self::OpenHousehold { source: Some(source), .. } => vec![source.file],
            Self::CorrectText { correction, .. } => vec![*correction],
            Self::BindVolume { manifest, .. } => vec![*manifest],
            Self::TakeBankReturn(said) => vec![said.file],
            Self::TimestampCheckpoint { token, .. } => vec![*token],
            Self::KeyFields(said) => vec![said.keyed],
            Self::EnterRow(said) => said.sealed.iter().map(|one| one.sha256).collect(),
            Self::TakeEvidence(said) => vec![said.file],
            _ => Vec::new(),
        }
    }

    /// The household the act is about, if any.
    #[must_use]
    pub fn household(&self) -> Option<&HouseholdNo> {
        match self {
            Self::OpenHousehold { household, .. }
            | Self::FileDocument { household, .. }
            | Self::BindVolume { household, .. }
            | Self::AskLending { household, .. }
            | Self::DecideLending { household, .. }
            | Self::HandOverLending { household, .. }
            | Self::ReturnLending { household, .. }
            | Self::EndLending { household, .. }
            | Self::NoteEffect { household, .. }
            | Self::OpenCounter { household, .. }
            | Self::PostNotice { household, .. }
            | Self::TakeDownNotice { household, .. }
            | Self::DestroyKeys { household, .. }
            | Self::AskDestruction { household, .. }
            | Self::RefuseDestruction { household, .. } => Some(household),
            Self::AcceptDocument { household, .. } => household.as_ref(),
            Self::StateFacts(said) => Some(&said.household),
            Self::TakeStep(step) => Some(&step.household),
            Self::SendBack(sent) => Some(&sent.household),
            // What is kept apart from the file of a household is not told there.
            Self::EnterRow(said) => said.household.as_ref().filter(|_| said.in_file),
            Self::Recover(said) => Some(&said.household),
            Self::SettleRecovery(said) => Some(&said.household),
            Self::CloseFinding(said) => Some(&said.household),
            Self::LinkHouseholds(said) => Some(&said.from),
            Self::UnlinkHouseholds(said) => Some(&said.from),
            _ => None,
        }
    }

    /// The second household, of acts that are about two. Who may not see both is not
    /// told of the act.
    #[must_use]
    pub fn other_household(&self) -> Option<&HouseholdNo> {
        match self {
            Self::LinkHouseholds(said) => Some(&said.to),
            Self::UnlinkHouseholds(said) => Some(&said.to),
            _ => None,
        }
    }

    /// The organisations in whose registers or lists it stands; none for acts that stand
    /// in no such thing. Who sees the records of none of them is not told of it.
    #[must_use]
    pub fn kept_by(&self) -> Vec<&OrganisationCode> {
        match self {
            Self::MakeRoster(roster) => vec![&roster.organisation],
            Self::EnterRow(said) => {
                std::iter::once(&said.organisation).chain(&said.other).collect()
            }
            Self::OrderDraw(order) => vec![&order.organisation],
            Self::DrawSample(drawn) => vec![&drawn.organisation],
            Self::TakeEvidence(said) => vec![&said.organisation],
            _ => Vec::new(),
        }
    }

    /// The document the act is about, if any, when its entry has number `no`.
    #[must_use]
    pub fn document(&self, no: EntryNo) -> Option<DocumentId> {
        match self {
            Self::AcceptDocument { .. } => Some(DocumentId(no)),
            Self::FileDocument { document, .. }
            | Self::JoinDocument { document, .. }
            | Self::ReturnDocument { document, .. }
            | Self::CorrectText { document, .. } => Some(*document),
            Self::SendBack(sent) => Some(sent.document),
            Self::KeyFields(said) => Some(said.document),
            _ => None,
        }
    }
}
