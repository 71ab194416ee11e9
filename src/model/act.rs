//! 业务行为: everything that changes the archive, as data. An act is what a
//! person decided; its entry in the log is the proof that it was decided then.

mod entry;
mod fixity;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::entry::{Body, FORMAT, Link, LogEntry};
pub use self::fixity::{
    Coverage, FindingClass, FixityResult, Found, LogFinding, Repair, Side, Source,
};
use super::access::{Right, Role};
use super::document::{Description, StoredFile};
use super::draw::{DrawOrder, DrawSample};
use super::evidence::{Closing, Evidence};
use super::fund::{Booking, Recovery, Settlement};
use super::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode, PersonId};
use super::keying::KeyFields;
use super::kinship::{Kin, Linking, Unlinking};
use super::lending::{Borrower, Cover, Manner, Purpose};
use super::living::{SendBack, Statement, Step};
use super::money::Fen;
use super::notice::NoticeKind;
use super::payment::{BankReturn, Roster};
use super::register::Entered;
use super::roster_file::RosterSource;
use super::standard::Standard;

/// A member of a household, as it was given when the file was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// 姓名
    pub name: String,
    /// 与户主关系, in Chinese.
    pub relation: String,
    /// 身份证号 of 18 characters, or empty.
    pub id_number: String,
}

/// One act and what it needs to be done again on an empty catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// The archive of a fonds begins.
    CreateArchive {
        /// 全宗号, such as `J016`.
        fonds: String,
        /// 全宗名称: the keeping body.
        fonds_name: String,
        /// The code of the profile whose rules are applied.
        profile: String,
    },
    /// An organisation becomes known by name, or is renamed.
    RegisterOrganisation {
        /// Its region code.
        code: OrganisationCode,
        /// Its name.
        name: String,
    },
    /// Somebody gets an account, and no right yet.
    AddPerson {
        /// The name that never changes.
        person: PersonId,
        /// What is typed to sign in.
        login: String,
        /// 姓名
        name: String,
        /// The organisation the person works for.
        organisation: OrganisationCode,
    },
    /// Somebody is called otherwise, works elsewhere, or leaves.
    ChangePerson {
        /// Who.
        person: PersonId,
        /// 姓名
        name: String,
        /// The organisation the person works for.
        organisation: OrganisationCode,
        /// Whether the account is closed.
        disabled: bool,
    },
    /// 授权: a security officer says what a person is from now on.
    GrantRoles {
        /// Who.
        person: PersonId,
        /// All roles the person has, in order.
        roles: Vec<Role>,
    },
    /// 发码: a person is handed a one-time code for a first password, or another
    /// one.
    IssueCode {
        /// Who.
        person: PersonId,
        /// Whether the second factor of the person is taken away too.
        telephone_lost: bool,
    },
    /// Somebody can sign in at a provider.
    NameAtProvider {
        /// Who.
        person: PersonId,
        /// The provider.
        issuer: String,
        /// What the person is called there; empty: not any more.
        name: String,
    },
    /// A household gets its number.
    OpenHousehold {
        /// The number it keeps.
        household: HouseholdNo,
        /// 户主姓名
        head: String,
        /// 身份证号 of the head, or empty.
        id_number: String,
        /// Where it lives, or empty.
        address: String,
        /// The others who live with the head.
        members: Vec<Member>,
        /// 16 random bytes in hexadecimal: the name under which the log speaks
        /// of its file.
        volume: String,
        /// The roster it was opened from, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<RosterSource>,
    },
    /// A scan is taken in as a document of one file.
    AcceptDocument {
        /// The bytes, already durable in the vault.
        file: StoredFile,
        /// The household it was given for, or none: it waits to be filed.
        household: Option<HouseholdNo>,
        /// The organisation that keeps it until it is filed.
        organisation: OrganisationCode,
    },
    /// 归入, or 更正 when it was filed before: a person says what it is.
    FileDocument {
        /// Which document.
        document: DocumentId,
        /// The household it belongs to.
        household: HouseholdNo,
        /// Everything the catalog says of it.
        description: Description,
    },
    /// 并入上件: the files of one document become the last files of another.
    JoinDocument {
        /// The document that ends.
        document: DocumentId,
        /// The document that continues.
        into: DocumentId,
    },
    /// 退回: a paper on the intake desk is sent back; its bytes stay.
    ReturnDocument {
        /// Which document.
        document: DocumentId,
        /// Why, for whoever sent it.
        reason: String,
    },
    /// 订正文字: a person says what stands on a page, against what was read.
    CorrectText {
        /// The document the person looked at.
        document: DocumentId,
        /// The file the page is of.
        file: Digest,
        /// The page of that file, from 1.
        page: u32,
        /// What stands on it, already durable in the vault: a
        /// [`Correction`](super::correction::Correction).
        correction: Digest,
        /// Its size in bytes.
        bytes: u64,
        /// The entry of the correction before, which the person saw; none before the
        /// first.
        previous: Option<EntryNo>,
    },
    /// 装订: a version of a household's volume is fixed.
    BindVolume {
        /// Whose volume.
        household: HouseholdNo,
        /// The manifest, already durable in the vault.
        manifest: Digest,
        /// Its size in bytes.
        bytes: u64,
        /// 1 for the first binding.
        version: i64,
        /// 档号, the same in every version.
        reference_code: String,
        /// The manifest of the version before.
        previous: Option<Digest>,
        /// 案卷题名
        title: String,
        /// 件数
        items: u32,
        /// 页数
        pages: u32,
    },
    /// 记载: what is known of a household from a day on.
    StateFacts(Statement),
    /// 办理: a step of a case is taken.
    TakeStep(Step),
    /// 退回补正: a paper in a file is not good enough, and is owed again.
    SendBack(SendBack),
    /// 做名册: who is paid how much in a month.
    MakeRoster(Roster),
    /// 银行回盘: what a bank says of the payments of a month.
    TakeBankReturn(BankReturn),
    /// 定标准: what a person is guaranteed a month.
    SetStandard(Standard),
    /// 记账: what came into the fund or left it.
    BookFund(Booking),
    /// 追缴: a household was paid too much.
    Recover(Recovery),
    /// 退款: what became of an amount that is asked back.
    SettleRecovery(Settlement),
    /// 提请借阅: somebody asks for a household's file, for themselves or for
    /// another. Whether there is such a household is not said.
    AskLending {
        /// 16 random bytes in hexadecimal: the name of the lending.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// Who gets to read, or the papers.
        borrower: Borrower,
        /// What is done with the file.
        manner: Manner,
        /// For what.
        purpose: Purpose,
        /// The same in words.
        reason: String,
        /// The last day.
        #[schema(value_type = String)]
        until: Date,
        /// What is covered on the pages.
        cover: Cover,
    },
    /// 审批借阅: somebody who has no part in it agrees, or does not.
    DecideLending {
        /// Which.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// Whether it is lent.
        agreed: bool,
        /// Why not; may be empty when it is lent.
        reason: String,
    },
    /// 交接: the papers, their copies, or the key to read them are handed over.
    HandOverLending {
        /// Which.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// How many pages of paper; none when it is read on a screen.
        pages: u32,
        /// 份数: how many copies of these pages, where copies are handed over; 0 in
        /// acts that do not say it.
        #[serde(default, skip_serializing_if = "is_zero")]
        copies: u32,
    },
    /// 归还: the papers came back.
    ReturnLending {
        /// Which.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// How many pages were counted.
        pages: u32,
        /// 是否完好, in words.
        condition: String,
    },
    /// 终止借阅: withdrawn, or ended before its last day.
    EndLending {
        /// Which.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// Why.
        reason: String,
    },
    /// 利用效果登记: what the use of a lent file led to.
    NoteEffect {
        /// Which lending.
        lending: String,
        /// Whose file.
        household: HouseholdNo,
        /// On which day.
        #[schema(value_type = String)]
        date: Date,
        /// 利用内容: what was used of the file.
        content: String,
        /// 利用效果: what it led to.
        effect: String,
    },
    /// 本人查阅: papers of somebody at the counter were seen, and the file of
    /// their household is shown to them.
    OpenCounter {
        /// Whose file.
        household: HouseholdNo,
        /// Who came: one of the household.
        visitor: String,
        /// The last four characters of the identity card that was seen.
        id_card: String,
        /// Which paper of the allowance was seen.
        allowance: String,
    },
    /// 公示: the applicant, how many live in the household, and the amount are put
    /// up in the community.
    PostNotice {
        /// Of which household.
        household: HouseholdNo,
        /// Which notice.
        kind: NoticeKind,
        /// 申请人姓名
        applicant: String,
        /// 家庭成员数量, with the applicant.
        members: u32,
        /// 保障金额 a month, in 分.
        amount: Fen,
        /// The first day.
        #[schema(value_type = String)]
        from: Date,
        /// The last day; none for as long as it is paid.
        #[schema(value_type = Option<String>)]
        until: Option<Date>,
    },
    /// 撤下公示: taken down before its last day.
    TakeDownNotice {
        /// Of which household.
        household: HouseholdNo,
        /// The entry that put it up.
        notice: EntryNo,
        /// Why.
        reason: String,
    },
    /// 换钥: a new key signs the log from now on, beside the one before.
    RotateKey {
        /// The verifier key that was the newest.
        old: String,
        /// The verifier key that is the newest now.
        new: String,
    },
    /// 停用旧钥: an older key signs the log no more.
    RetireKey {
        /// Its verifier key.
        key: String,
    },
    /// 盖时间戳: an authority has confirmed when a checkpoint was there at the latest.
    TimestampCheckpoint {
        /// How many entries the checkpoint has.
        size: u64,
        /// The root of its tree, in base64.
        root: String,
        /// The answer of the authority with its token (RFC 3161), already durable in the vault.
        token: Digest,
        /// Its size in bytes.
        bytes: u64,
        /// Whom it is from: the address that was asked.
        authority: String,
        /// The time in it.
        #[schema(value_type = String)]
        confirmed: Timestamp,
    },
    /// 封存利用日志: how far the access log is, so that neither log can be cut
    /// back alone.
    SealAccessLog {
        /// The name of the access log.
        origin: String,
        /// How many entries it has.
        size: u64,
        /// The root of its tree, in base64.
        root: String,
    },
    /// 清点: the stored files were read again.
    CheckFixity {
        /// What was found.
        result: FixityResult,
    },
    /// 修复: a damaged object was moved to quarantine, and the right bytes stand
    /// in its place.
    RepairObject {
        /// Which, and how.
        repair: Repair,
    },
    /// 启用加密: what is stored from now on is encrypted.
    BeginEncryption {
        /// The name of the keys, in hexadecimal; it is no secret.
        keys: String,
    },
    /// 补加密: blobs that were stored plain stand in envelopes now. Their digests
    /// are those of the plain bytes, as before.
    EncryptBlobs {
        /// In which store.
        side: Side,
        /// How many.
        files: u64,
        /// How many bytes they have.
        bytes: u64,
    },
    /// 销毁密钥: nobody can read the papers of a household any more, in any copy.
    DestroyKeys {
        /// Whose papers.
        household: HouseholdNo,
        /// Their bytes, and the manifests of its volume.
        objects: Vec<Digest>,
        /// Why, and on whose decision.
        reason: String,
        /// The entry that asked for it; none in acts of before, when one person
        /// was enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<EntryNo>,
    },
    /// 提请销毁: somebody asks that the keys of a household's papers be destroyed.
    /// Nothing is, until another agrees.
    AskDestruction {
        /// Whose papers.
        household: HouseholdNo,
        /// Why, and on whose decision.
        reason: String,
    },
    /// 不予销毁: somebody else does not agree to it.
    RefuseDestruction {
        /// Whose papers.
        household: HouseholdNo,
        /// The entry that asked for it.
        asked: EntryNo,
        /// Why not.
        reason: String,
    },
    /// 录入字段: what stands in the fields of a form, as a person keyed it.
    KeyFields(KeyFields),
    /// 登记台账: a stage of a row of a register is entered, or corrected.
    EnterRow(Entered),
    /// 抽检令: a random sample is ordered.
    OrderDraw(DrawOrder),
    /// 抽签: the sample of an order is drawn.
    DrawSample(DrawSample),
    /// 核查结果导入: what another department says of persons.
    TakeEvidence(Evidence),
    /// 核查处理: a finding is closed by a documented decision.
    CloseFinding(Closing),
    /// 分户、并户: persons go from one household to another, and both are linked.
    LinkHouseholds(Linking),
    /// 更正: such a link was wrong.
    UnlinkHouseholds(Unlinking),
}

/// Whether a number is left out of a body: what did not say it is canonical as it
/// was.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Act {
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
}

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
