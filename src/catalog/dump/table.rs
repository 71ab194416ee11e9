//! The tables of the dump.

/// A table that is made from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Facts of the archive.
    Setting,
    /// Organisations.
    Organisation,
    /// People with accounts.
    Person,
    /// Households.
    Household,
    /// Their members.
    Member,
    /// What was ever stated of them.
    Fact,
    /// What of that holds.
    PresentFact,
    /// Their cases.
    CaseFile,
    /// The steps of those.
    CaseStep,
    /// The papers that steps leave.
    Owed,
    /// What decisions gave them.
    Benefit,
    /// Who was listed for payment.
    Payment,
    /// What banks say of it.
    BankReturn,
    /// 实发 by community.
    BankPaid,
    /// What a person is guaranteed.
    Standard,
    /// What came into the fund or left it.
    Booking,
    /// What is asked back.
    Recovery,
    /// What became of that.
    Settlement,
    /// By which digests their numbers are looked up. Another key makes others, so
    /// they are compared and not dumped.
    IdDigest,
    /// Papers.
    Document,
    /// Their files.
    DocumentFile,
    /// Bytes.
    Blob,
    /// Bound versions.
    Volume,
    /// How far the access log was.
    AccessSeal,
    /// Lendings.
    Lending,
    /// What was done with each.
    LendingStep,
    /// What they led to.
    LendingEffect,
    /// Public notices.
    Notice,
    /// What people read on pages.
    Correction,
    /// Bytes that nobody can read any more.
    Destroyed,
    /// Who asked for that.
    Destruction,
    /// What people keyed from forms.
    Keyed,
    /// The log.
    Entry,
    /// Rows of registers.
    RegisterRow,
    /// What was entered in them.
    RegisterLine,
    /// Draws.
    DrawOrder,
    /// Files of other departments.
    EvidenceFile,
    /// What they say of persons.
    Evidence,
    /// Findings that were closed.
    ClosedFinding,
    /// How households came from each other.
    HouseholdLink,
    /// Who moved then.
    MovedPerson,
}

impl Table {
    /// All of them, in the order of the dump, with the one that is not in it.
    pub const ALL: &[Self] = &[
        Self::Setting,
        Self::Organisation,
        Self::Person,
        Self::Household,
        Self::Member,
        Self::Fact,
        Self::PresentFact,
        Self::CaseFile,
        Self::CaseStep,
        Self::Owed,
        Self::Benefit,
        Self::Payment,
        Self::BankReturn,
        Self::BankPaid,
        Self::Standard,
        Self::Booking,
        Self::Recovery,
        Self::Settlement,
        Self::IdDigest,
        Self::Document,
        Self::DocumentFile,
        Self::Blob,
        Self::Volume,
        Self::AccessSeal,
        Self::Lending,
        Self::LendingStep,
        Self::LendingEffect,
        Self::Notice,
        Self::Correction,
        Self::Destroyed,
        Self::Destruction,
        Self::Keyed,
        Self::Entry,
        Self::RegisterRow,
        Self::RegisterLine,
        Self::DrawOrder,
        Self::EvidenceFile,
        Self::Evidence,
        Self::ClosedFinding,
        Self::HouseholdLink,
        Self::MovedPerson,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Organisation => "organisation",
            Self::Person => "person",
            Self::Household => "household",
            Self::Member => "member",
            Self::Fact => "fact",
            Self::PresentFact => "present_fact",
            Self::CaseFile => "case_file",
            Self::CaseStep => "case_step",
            Self::Owed => "owed",
            Self::Benefit => "benefit",
            Self::Payment => "payment",
            Self::BankReturn => "bank_return",
            Self::BankPaid => "bank_paid",
            Self::Standard => "standard",
            Self::Booking => "booking",
            Self::Recovery => "recovery",
            Self::Settlement => "settlement",
            Self::IdDigest => "id_digest",
            Self::Document => "document",
            Self::DocumentFile => "document_file",
            Self::Blob => "blob",
            Self::Volume => "volume",
            Self::AccessSeal => "access_seal",
            Self::Lending => "lending",
            Self::LendingStep => "lending_step",
            Self::LendingEffect => "lending_effect",
            Self::Notice => "notice",
            Self::Correction => "correction",
            Self::Destroyed => "destroyed",
            Self::Destruction => "destruction",
            Self::Keyed => "keyed",
            Self::Entry => "entry",
            Self::RegisterRow => "register_row",
            Self::RegisterLine => "register_line",
            Self::DrawOrder => "draw_order",
            Self::EvidenceFile => "evidence_file",
            Self::Evidence => "evidence",
            Self::ClosedFinding => "closed_finding",
            Self::HouseholdLink => "household_link",
            Self::MovedPerson => "moved_person",
        }
    }

    /// The columns that name a row.
    #[must_use]
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Setting => &["key"],
            Self::Organisation => &["code"],
            Self::Household | Self::Entry => &["no"],
            Self::Member | Self::IdDigest => &["household", "place"],
            Self::Payment => &["household", "month"],
            Self::Fact | Self::Owed | Self::BankReturn => &["entry", "place"],
            Self::BankPaid => &["entry", "organisation"],
            Self::PresentFact => &["household", "member", "field"],
            Self::CaseFile => &["household", "no"],
            Self::Document | Self::Person | Self::Lending => &["id"],
            Self::DocumentFile => &["document", "place"],
            Self::Blob | Self::Destroyed => &["sha256"],
            Self::Volume => &["household", "version"],
            Self::AccessSeal
            | Self::LendingStep
            | Self::CaseStep
            | Self::Benefit
            | Self::Standard
            | Self::Booking
            | Self::Recovery
            | Self::Settlement
            | Self::LendingEffect
            | Self::Notice
            | Self::Correction => &["entry"],
            Self::Destruction => &["asked"],
            Self::Keyed => &["entry"],
            Self::RegisterRow => &["register", "organisation", "year", "serial"],
            Self::RegisterLine => &["entry", "place"],
            Self::DrawOrder => &["entry"],
            Self::EvidenceFile | Self::ClosedFinding => &["entry"],
            Self::Evidence => &["entry", "place"],
            Self::HouseholdLink => &["entry"],
            Self::MovedPerson => &["entry", "place"],
        }
    }
}
