//! 人员分类: as what a person of a household that receives the allowance is counted.

/// What a person is counted as; one can be several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everybody who lives in the household.
    Member,
    /// 女性
    Female,
    /// 老年人: of 60 years and more (老年人权益保障法 art. 2).
    Elderly,
    /// 未成年人: below 18 years (未成年人保护法 art. 2).
    Minor,
    /// 残疾人: with a disability of any kind and degree.
    Disabled,
    /// 重病
    Ill,
    /// 部分丧失劳动能力
    PartlyUnable,
    /// 无劳动能力, 完全丧失劳动能力
    Unable,
    /// 非农业户口
    NonFarming,
    /// Sex or day of birth is not stated: may be missing in the others.
    Unknown,
}

impl Kind {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Member,
        Self::Female,
        Self::Elderly,
        Self::Minor,
        Self::Disabled,
        Self::Ill,
        Self::PartlyUnable,
        Self::Unable,
        Self::NonFarming,
        Self::Unknown,
    ];

    /// What rows of it are about.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Female => "female",
            Self::Elderly => "elderly",
            Self::Minor => "minor",
            Self::Disabled => "disabled",
            Self::Ill => "ill",
            Self::PartlyUnable => "partly_unable",
            Self::Unable => "unable",
            Self::NonFarming => "non_farming",
            Self::Unknown => "unknown",
        }
    }

    /// The one of that code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Member => "家庭成员",
            Self::Female => "女性",
            Self::Elderly => "老年人",
            Self::Minor => "未成年人",
            Self::Disabled => "残疾人",
            Self::Ill => "重病",
            Self::PartlyUnable => "部分丧失劳动能力",
            Self::Unable => "无劳动能力",
            Self::NonFarming => "非农业户口",
            Self::Unknown => "性别或生日未记载",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Member => "Members",
            Self::Female => "Women",
            Self::Elderly => "60 and older",
            Self::Minor => "Below 18",
            Self::Disabled => "Disabled",
            Self::Ill => "Seriously ill",
            Self::PartlyUnable => "Partly unable to work",
            Self::Unable => "Unable to work",
            Self::NonFarming => "Not of farming registration",
            Self::Unknown => "Sex or birth not stated",
        }
    }
}
