//! What stands around every page: rail, search field, scope, who is acting.

use crate::model::access::Right;
use crate::web::keys::{self, Key};
use crate::web::lang::Lang;

/// The values the frame of a page needs.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// Token every form carries, so that another site cannot post for the person.
    pub csrf: String,
    /// Value the content security policy of this answer allows for its style block.
    pub nonce: String,
    /// Name of the acting person.
    pub person: String,
    /// Roles of the acting person, in the language of the page.
    pub role: String,
    /// What the acting person may do; nothing for somebody who is not signed in.
    pub rights: Vec<Right>,
    /// Organisation of the acting person.
    pub organisation: String,
    /// Organisation whose records are shown.
    pub scope: String,
    /// Number of the last entry of the log.
    pub log_position: u64,
    /// Papers waiting on the intake desk.
    pub intake_waiting: u64,
    /// What stands in the search field.
    pub query: String,
    /// Address of this page, to come back to after the language was switched.
    pub here: String,
}

impl Frame {
    /// Whether the acting person may do `right`.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// The screens that are open to the acting person.
    pub fn entries(&self) -> Vec<Entry> {
        Entry::ALL.into_iter().filter(|entry| entry.is_open_to(self)).collect()
    }

    /// A frame for samples.
    pub fn sample() -> Frame {
        Frame {
            lang: Lang::Zh,
            csrf: "sample-token".to_owned(),
            nonce: "sample-nonce".to_owned(),
            person: "赵玉梅".to_owned(),
            role: "经办人、档案员".to_owned(),
            rights: Right::ALL.to_vec(),
            organisation: "柳桥街道办事处".to_owned(),
            scope: "柳桥街道".to_owned(),
            log_position: 184_220,
            intake_waiting: 12,
            query: String::new(),
            here: "/".to_owned(),
        }
    }

    /// A frame for samples in which everything is long or large.
    pub fn extreme() -> Frame {
        Frame {
            person: "阿卜杜勒艾则孜吾买尔江".to_owned(),
            organisation: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
            scope: "青石县柳桥街道槐荫里第一社区居民委员会".to_owned(),
            log_position: 1_234_567_890,
            intake_waiting: 1_000_000,
            ..Frame::sample()
        }
    }
}

/// The screens of the rail, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// 总览
    Overview,
    /// 收件台
    Intake,
    /// 检索
    Search,
    /// 户档
    Households,
    /// 案卷
    Volumes,
    /// 复审日历
    Reviews,
    /// 发放
    Payments,
    /// 台账
    Registers,
    /// 借阅
    Lending,
    /// 审计
    Audit,
    /// 管理
    People,
    /// 加密
    Encryption,
}

impl Entry {
    /// Every entry, in the order of the rail.
    pub const ALL: [Entry; 12] = [
        Entry::Overview,
        Entry::Intake,
        Entry::Search,
        Entry::Households,
        Entry::Volumes,
        Entry::Reviews,
        Entry::Payments,
        Entry::Registers,
        Entry::Lending,
        Entry::Audit,
        Entry::People,
        Entry::Encryption,
    ];

    /// Address of the screen.
    pub fn href(self) -> &'static str {
        match self {
            Entry::Overview => "/",
            Entry::Intake => "/intake",
            Entry::Search => "/search",
            Entry::Households => "/households",
            Entry::Volumes => "/volumes",
            Entry::Reviews => "/reviews",
            Entry::Payments => "/payments",
            Entry::Registers => "/registers",
            Entry::Lending => "/lending",
            Entry::Audit => "/audit",
            Entry::People => "/people",
            Entry::Encryption => "/encryption",
        }
    }

    /// Whether the acting person may see the screen.
    fn is_open_to(self, frame: &Frame) -> bool {
        match self {
            Entry::Intake => frame.may(Right::Upload),
            Entry::Overview
            | Entry::Search
            | Entry::Households
            | Entry::Volumes
            | Entry::Reviews
            | Entry::Payments
            | Entry::Registers => frame.may(Right::Look),
            Entry::Lending => frame.may(Right::AskLending),
            Entry::Audit => frame.may(Right::ReadLog),
            Entry::People => frame.may(Right::SeePeople),
            Entry::Encryption => {
                frame.may(Right::ManageKeys) || frame.may(Right::DecideDestruction)
            }
        }
    }

    /// Name of the screen.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Entry::Overview => lang.t("总览", "Overview"),
            Entry::Intake => lang.t("收件台", "Intake"),
            Entry::Search => lang.t("检索", "Search"),
            Entry::Households => lang.t("户档", "Households"),
            Entry::Volumes => lang.t("案卷", "Volumes"),
            Entry::Reviews => lang.t("复审日历", "Reviews"),
            Entry::Payments => lang.t("发放", "Payments"),
            Entry::Registers => lang.t("台账", "Registers"),
            Entry::Lending => lang.t("借阅", "Lending"),
            Entry::Audit => lang.t("审计", "Audit"),
            Entry::People => lang.t("管理", "People"),
            Entry::Encryption => lang.t("加密", "Encryption"),
        }
    }

    /// The one character that stands for the screen on a narrow rail.
    pub fn glyph(self) -> &'static str {
        match self {
            Entry::Overview => "览",
            Entry::Intake => "收",
            Entry::Search => "检",
            Entry::Households => "户",
            Entry::Volumes => "卷",
            Entry::Reviews => "期",
            Entry::Payments => "发",
            Entry::Registers => "册",
            Entry::Lending => "借",
            Entry::Audit => "证",
            Entry::People => "管",
            Entry::Encryption => "密",
        }
    }

    /// The key that leads to the screen.
    pub fn key(self) -> &'static Key {
        match self {
            Entry::Overview => &keys::GO_OVERVIEW,
            Entry::Intake => &keys::GO_INTAKE,
            Entry::Search => &keys::GO_SEARCH,
            Entry::Households => &keys::GO_HOUSEHOLDS,
            Entry::Volumes => &keys::GO_VOLUMES,
            Entry::Reviews => &keys::GO_REVIEWS,
            Entry::Payments => &keys::GO_PAYMENTS,
            Entry::Registers => &keys::GO_REGISTERS,
            Entry::Lending => &keys::GO_LENDING,
            Entry::Audit => &keys::GO_AUDIT,
            Entry::People => &keys::GO_PEOPLE,
            Entry::Encryption => &keys::GO_ENCRYPTION,
        }
    }

    /// Whether a gap stands above the entry.
    pub fn starts_group(self) -> bool {
        self == Entry::Audit
    }

    /// Whether the entry has a place of its own in the bottom bar of a phone.
    pub fn on_phone(self) -> bool {
        !matches!(
            self,
            Entry::Volumes
                | Entry::Reviews
                | Entry::Payments
                | Entry::Registers
                | Entry::Lending
                | Entry::Audit
                | Entry::Encryption
        )
    }
}
