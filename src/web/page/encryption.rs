//! 加密: how the store is encrypted, and which keys are to be destroyed. Nothing
//! here reads a file.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use crate::model::access::Right;
use crate::web::lang::Lang;
use crate::web::{filters, keys};
use askama::Template;

/// How the store is encrypted.
#[derive(Debug, Template)]
#[template(path = "encryption.html")]
pub struct Encryption {
    /// The frame.
    pub frame: Frame,
    /// Whether what is stored now is encrypted.
    pub on: bool,
    /// The name of the keys; empty without any.
    pub name: String,
    /// How many files nobody can read any more.
    pub destroyed: u64,
    /// Where the master key is; empty for those who do not need to know.
    pub master: String,
    /// Destructions that were asked for, the newest first.
    pub rows: Vec<Row>,
    /// What was typed as number of a household.
    pub household: String,
    /// What was typed as reason.
    pub reason: String,
    /// What was done, as a sentence.
    pub status: Option<String>,
    /// What was not, and why, as a sentence; else empty.
    pub wrong: String,
}

/// A destruction that was asked for.
#[derive(Debug)]
pub struct Row {
    /// The entry that asked for it.
    pub asked: u64,
    /// Whose papers.
    pub household: String,
    /// Why, and on whose decision.
    pub reason: String,
    /// When it was asked for, as a time.
    pub when: String,
    /// Who asked.
    pub name: String,
    /// What became of it.
    pub stage: Stage,
    /// Who decided, or empty.
    pub decider: String,
    /// Why not, or empty.
    pub answer: String,
    /// Whether the acting person may decide.
    pub yours: bool,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Waits,
    /// It was refused.
    Refused,
    /// The keys are gone.
    Destroyed,
}

impl Stage {
    /// Shape and colour.
    pub fn state(self) -> State {
        match self {
            Self::Waits => State::Due,
            Self::Refused => State::None,
            Self::Destroyed => State::Ok,
        }
    }

    /// Its name.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Waits => lang.t("等审批", "Waits"),
            Self::Refused => lang.t("不予销毁", "Refused"),
            Self::Destroyed => lang.t("已销毁", "Destroyed"),
        }
    }
}

super::page!(Encryption, Some(Entry::Encryption), keys::NONE, samples);

fn samples() -> Vec<Encryption> {
    let row = |asked, stage, yours| Row {
        asked,
        household: "99010200300400001".into(),
        reason: "保管期满，销毁清册2026-3号".into(),
        when: "2026-11-23 09:41".into(),
        name: "韩冰".into(),
        stage,
        decider: if stage == Stage::Waits { String::new() } else { "邓文彬".into() },
        answer: if stage == Stage::Refused { "案子没结".into() } else { String::new() },
        yours,
    };
    let page = |frame: Frame, on: bool, rows| Encryption {
        frame: Frame { here: "/encryption".into(), ..frame },
        on,
        name: if on { "9c2f41d07ab3e865".into() } else { String::new() },
        destroyed: if on { 12 } else { 0 },
        master: if on { "/srv/yidang/keys/master.key".into() } else { String::new() },
        rows,
        household: String::new(),
        reason: String::new(),
        status: None,
        wrong: String::new(),
    };
    let all = vec![
        row(184_220, Stage::Waits, true),
        row(184_200, Stage::Waits, false),
        row(180_311, Stage::Refused, false),
        row(172_004, Stage::Destroyed, false),
    ];
    let mut long = row(1_234_567_890, Stage::Waits, true);
    (long.reason, long.name) = ("字".repeat(200), "阿卜杜勒艾则孜吾买尔江".into());
    vec![
        page(Frame::sample(), true, all),
        page(Frame::sample(), false, Vec::new()),
        Encryption {
            wrong: "户号写得不对，什么也没有销毁。".into(),
            ..page(Frame::extreme(), true, vec![long])
        },
    ]
}
