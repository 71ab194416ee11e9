//! What acts are called: in their bodies, in the log, on the screen.

use super::Act;
use crate::model::kinship::Kin;

impl Act {
    /// The act's name as it stands in its body, such as `file_document`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateArchive { .. } => "create_archive",
            Self::RegisterOrganisation { .. } => "register_organisation",
            Self::AddPerson { .. } => "add_person",
            Self::ChangePerson { .. } => "change_person",
            Self::GrantRoles { .. } => "grant_roles",
            Self::IssueCode { .. } => "issue_code",
            Self::NameAtProvider { .. } => "name_at_provider",
            Self::OpenHousehold { .. } => "open_household",
            Self::AcceptDocument { .. } => "accept_document",
            Self::FileDocument { .. } => "file_document",
            Self::JoinDocument { .. } => "join_document",
            Self::ReturnDocument { .. } => "return_document",
            Self::CorrectText { .. } => "correct_text",
            Self::BindVolume { .. } => "bind_volume",
            Self::StateFacts(_) => "state_facts",
            Self::TakeStep(_) => "take_step",
            Self::SendBack(_) => "send_back",
            Self::MakeRoster(_) => "make_roster",
            Self::TakeBankReturn(_) => "take_bank_return",
            Self::SetStandard(_) => "set_standard",
            Self::BookFund(_) => "book_fund",
            Self::Recover(_) => "recover",
            Self::SettleRecovery(_) => "settle_recovery",
            Self::AskLending { .. } => "ask_lending",
            Self::DecideLending { .. } => "decide_lending",
            Self::HandOverLending { .. } => "hand_over_lending",
            Self::ReturnLending { .. } => "return_lending",
            Self::EndLending { .. } => "end_lending",
            Self::NoteEffect { .. } => "note_effect",
            Self::OpenCounter { .. } => "open_counter",
            Self::PostNotice { .. } => "post_notice",
            Self::TakeDownNotice { .. } => "take_down_notice",
            Self::RotateKey { .. } => "rotate_key",
            Self::RetireKey { .. } => "retire_key",
            Self::TimestampCheckpoint { .. } => "timestamp_checkpoint",
            Self::SealAccessLog { .. } => "seal_access_log",
            Self::CheckFixity { .. } => "check_fixity",
            Self::RepairObject { .. } => "repair_object",
            Self::BeginEncryption { .. } => "begin_encryption",
            Self::EncryptBlobs { .. } => "encrypt_blobs",
            Self::DestroyKeys { .. } => "destroy_keys",
            Self::AskDestruction { .. } => "ask_destruction",
            Self::RefuseDestruction { .. } => "refuse_destruction",
            Self::KeyFields(_) => "key_fields",
            Self::EnterRow(_) => "enter_row",
            Self::OrderDraw(_) => "order_draw",
            Self::DrawSample(_) => "draw_sample",
            Self::TakeEvidence(_) => "take_evidence",
            Self::CloseFinding(_) => "close_finding",
            Self::LinkHouseholds(_) => "link_households",
            Self::UnlinkHouseholds(_) => "unlink_households",
        }
    }

    /// The PREMIS 3 event type of the act (Library of Congress vocabulary
    /// `eventType`), the only thing the log says about it in clear.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::CreateArchive { .. }
            | Self::RegisterOrganisation { .. }
            | Self::AddPerson { .. }
            | Self::OpenHousehold { .. } => "creation",
            Self::AcceptDocument { .. } | Self::TakeBankReturn(_) => "ingestion",
            Self::FileDocument { .. }
            | Self::JoinDocument { .. }
            | Self::ChangePerson { .. }
            | Self::NameAtProvider { .. }
            | Self::CorrectText { .. }
            | Self::StateFacts(_)
            | Self::TakeStep(_)
            | Self::SendBack(_)
            | Self::MakeRoster(_)
            | Self::NoteEffect { .. }
            | Self::EnterRow(_)
            | Self::DrawSample(_)
            | Self::SetStandard(_)
            | Self::BookFund(_)
            | Self::Recover(_)
            | Self::SettleRecovery(_) => "metadata modification",
            Self::ReturnDocument { .. } => "deaccession",
            Self::BindVolume { .. } => "information package creation",
            Self::RotateKey { .. }
            | Self::RetireKey { .. }
            | Self::GrantRoles { .. }
            | Self::IssueCode { .. }
            | Self::AskLending { .. }
            | Self::DecideLending { .. }
            | Self::EndLending { .. }
            | Self::AskDestruction { .. }
            | Self::RefuseDestruction { .. }
            | Self::OrderDraw(_) => "policy assignment",
            Self::HandOverLending { .. }
            | Self::OpenCounter { .. }
            | Self::PostNotice { .. }
            | Self::TakeDownNotice { .. } => "dissemination",
            Self::ReturnLending { .. } => "transfer",
            Self::TimestampCheckpoint { .. } => "digital signature generation",
            Self::SealAccessLog { .. } => "message digest calculation",
            Self::CheckFixity { .. } => "fixity check",
            Self::RepairObject { .. } => "recovery",
            Self::BeginEncryption { .. } | Self::EncryptBlobs { .. } => "encryption",
            Self::DestroyKeys { .. } => "deletion",
            Self::KeyFields(_) => "metadata modification",
            Self::TakeEvidence(_) => "ingestion",
            Self::CloseFinding(_) => "metadata modification",
            Self::LinkHouseholds(_) | Self::UnlinkHouseholds(_) => "metadata modification",
        }
    }

    /// What the act is called, in Chinese and English; `again` when the paper
    /// had been filed before.
    #[must_use]
    pub fn words(&self, again: bool) -> (&'static str, &'static str) {
        match self {
            Self::CreateArchive { .. } => ("建库", "Archive made"),
            Self::RegisterOrganisation { .. } => ("登记机构", "Organisation registered"),
            Self::AddPerson { .. } => ("开户头", "Account made"),
            Self::ChangePerson { .. } => ("改户头", "Account changed"),
            Self::GrantRoles { .. } => ("授权", "Roles granted"),
            Self::IssueCode { .. } => ("发登录码", "One-time code issued"),
            Self::NameAtProvider { .. } => ("记统一认证账号", "Provider account named"),
            Self::OpenHousehold { .. } => ("立户", "File opened"),
            Self::AcceptDocument { .. } => ("收下", "Accepted"),
            Self::FileDocument { .. } if again => ("更正", "Corrected"),
            Self::FileDocument { .. } => ("归入", "Filed"),
            Self::JoinDocument { .. } => ("并入", "Joined"),
            Self::ReturnDocument { .. } => ("退回", "Sent back"),
            Self::CorrectText { .. } => ("订正文字", "Text corrected"),
            Self::BindVolume { version, .. } if *version > 1 => ("重新装订", "Re-bound"),
            Self::BindVolume { .. } => ("装订", "Bound"),
            Self::StateFacts(said) if said.instead_of.is_some() => ("更正记载", "Facts corrected"),
            Self::StateFacts(_) => ("记载", "Facts stated"),
            Self::TakeStep(_) => ("办理", "Step taken"),
            Self::SendBack(_) => ("退回补正", "Sent back to be mended"),
            Self::MakeRoster(_) => ("做名册", "Roster made"),
            Self::TakeBankReturn(_) => ("银行回盘", "Bank return taken in"),
            Self::SetStandard(_) => ("定标准", "Standard set"),
            Self::BookFund(_) => ("资金记账", "Fund booked"),
            Self::Recover(_) => ("追缴", "Asked back"),
            Self::SettleRecovery(_) => ("退款", "Amount asked back settled"),
            Self::AskLending { .. } => ("提请借阅", "Lending asked for"),
            Self::DecideLending { agreed: true, .. } => ("同意借阅", "Lending agreed to"),
            Self::DecideLending { .. } => ("不同意借阅", "Lending refused"),
            Self::HandOverLending { .. } => ("借出交接", "Handed over"),
            Self::ReturnLending { .. } => ("归还", "Returned"),
            Self::EndLending { .. } => ("终止借阅", "Lending ended"),
            Self::NoteEffect { .. } => ("登记利用效果", "Effect of use noted"),
            Self::OpenCounter { .. } => ("本人查阅", "Shown to the household"),
            Self::PostNotice { .. } => ("公示", "Notice put up"),
            Self::TakeDownNotice { .. } => ("撤下公示", "Notice taken down"),
            Self::RotateKey { .. } => ("更换日志密钥", "Key of the log changed"),
            Self::RetireKey { .. } => ("停用旧密钥", "Old key of the log retired"),
            Self::TimestampCheckpoint { .. } => ("盖时间戳", "Timestamped"),
            Self::SealAccessLog { .. } => ("封存利用日志", "Access log sealed"),
            Self::CheckFixity { .. } => ("核验", "Verified"),
            Self::RepairObject { .. } => ("修复", "Repaired"),
            Self::BeginEncryption { .. } => ("启用加密", "Encryption begun"),
            Self::EncryptBlobs { .. } => ("补加密", "Encrypted later"),
            Self::DestroyKeys { .. } => ("销毁密钥", "Keys destroyed"),
            Self::AskDestruction { .. } => ("提请销毁", "Destruction asked for"),
            Self::RefuseDestruction { .. } => ("不予销毁", "Destruction refused"),
            Self::KeyFields(said) if said.seen.is_some() => ("重录字段", "Fields keyed again"),
            Self::KeyFields(_) => ("录入字段", "Fields keyed"),
            Self::EnterRow(said) if said.instead_of.is_some() => ("更正台账", "Row corrected"),
            Self::EnterRow(_) => ("登记台账", "Row entered"),
            Self::OrderDraw(_) => ("抽检令", "Draw ordered"),
            Self::DrawSample(_) => ("抽签", "Sample drawn"),
            Self::TakeEvidence(_) => ("导入核查结果", "Results of a check taken in"),
            Self::CloseFinding(_) => ("处理核查发现", "Finding closed"),
            Self::LinkHouseholds(said) if said.kind == Kin::Split => ("分户", "Household split"),
            Self::LinkHouseholds(_) => ("并户", "Households merged"),
            Self::UnlinkHouseholds(_) => ("更正分户、并户", "Split or merge taken back"),
        }
    }
}
