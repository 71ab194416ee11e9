//! 业务行为: everything that changes the archive, as data. An act is what a
//! person decided; its entry in the log is the proof that it was decided then.

mod about;
mod entry;
mod fixity;
mod named;
mod right;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::entry::{Body, FORMAT, Link, LogEntry};
pub use self::fixity::{
    Coverage, FindingClass, FixityResult, Found, LogFinding, Repair, Side, Source,
};
use super::access::Role;
use super::document::{Description, StoredFile};
use super::draw::{DrawOrder, DrawSample};
use super::evidence::{Closing, Evidence};
use super::fund::{Booking, Recovery, Settlement};
use super::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode, PersonId};
use super::keying::KeyFields;
use super::kinship::{Linking, Unlinking};
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
