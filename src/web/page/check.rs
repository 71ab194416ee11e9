//! 核验一份文件: a form for one file, and what came of it.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, State};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The page that checks a file.
#[derive(Debug, Template)]
#[template(path = "check.html")]
pub struct Check {
    /// The frame.
    pub frame: Frame,
    /// The file that was looked at; `None` before one was given.
    pub answer: Option<Answer>,
    /// The most bytes a file may have, with its unit.
    pub limit: String,
}

/// What came of a file.
#[derive(Debug)]
pub struct Answer {
    /// The name it was given under.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// What it is.
    pub outcome: Outcome,
}

/// What a file is.
#[derive(Debug)]
pub enum Outcome {
    /// The archive has it, in these places.
    Held(Vec<Place>),
    /// The archive has it not.
    NotHeld,
    /// A bundle: what the auditor's program said, and the verdict.
    Bundle(Verdict, Vec<Step>),
    /// A zip that was not opened: why.
    Refused(String),
}

/// Where the archive has a file.
#[derive(Debug)]
pub struct Place {
    /// What it is, as a phrase.
    pub what: String,
    /// Address of it.
    pub href: String,
    /// The household.
    pub household: Option<HouseholdRef>,
    /// The entry that brought it; `None` where that is not one.
    pub entry: Option<u64>,
}

/// The verdict over a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was looked at is right.
    Sound,
    /// Something is wrong.
    Wrong,
    /// It could not be looked at.
    Unseen,
}

/// One step of the auditor's program.
#[derive(Debug)]
pub struct Step {
    /// Shape and colour.
    pub state: State,
    /// Right, wrong, not checked, not seen.
    pub word: String,
    /// What it says.
    pub sentence: String,
}

impl Check {
    /// The first sentence of the page.
    pub fn sentence(&self) -> String {
        let Some(answer) = &self.answer else {
            return self.t("核验一份文件", "Verify a file").to_owned();
        };
        match (&answer.outcome, self.lang()) {
            (Outcome::Held(_), Lang::Zh) => "这份文件我们有，一个字节也没有变。".to_owned(),
            (Outcome::Held(_), Lang::En) => "We hold this file, byte for byte.".to_owned(),
            (Outcome::NotHeld, Lang::Zh) => "没有这份文件。".to_owned(),
            (Outcome::NotHeld, Lang::En) => "We do not hold this file.".to_owned(),
            (Outcome::Bundle(Verdict::Sound, _), Lang::Zh) => "这个核验包没有变过。".to_owned(),
            (Outcome::Bundle(Verdict::Sound, _), Lang::En) => "This bundle is sound.".to_owned(),
            (Outcome::Bundle(Verdict::Wrong, _), Lang::Zh) => "这个核验包不能相信。".to_owned(),
            (Outcome::Bundle(Verdict::Wrong, _), Lang::En) => {
                "This bundle is not to be trusted.".to_owned()
            }
            (Outcome::Bundle(Verdict::Unseen, _), Lang::Zh) => "这个核验包没能看成。".to_owned(),
            (Outcome::Bundle(Verdict::Unseen, _), Lang::En) => {
                "This bundle could not be looked at.".to_owned()
            }
            (Outcome::Refused(_), Lang::Zh) => "这个压缩包没有打开。".to_owned(),
            (Outcome::Refused(_), Lang::En) => "This zip was not opened.".to_owned(),
        }
    }

    /// Whether something is wrong with the file.
    pub fn is_bad(&self) -> bool {
        let outcome = self.answer.as_ref().map(|answer| &answer.outcome);
        matches!(outcome, Some(Outcome::Bundle(Verdict::Wrong, _) | Outcome::Refused(_)))
    }

    /// What the file is, below the first sentence.
    pub fn facts(&self, answer: &Answer) -> String {
        let size = text::size(answer.bytes);
        match self.lang() {
            Lang::Zh => format!("{}，{size}", self.lang().quote(&answer.name)),
            Lang::En => format!("{}, {size}", self.lang().quote(&answer.name)),
        }
    }
}

super::page!(Check, Some(Entry::Audit), keys::CHECKING, examples);

fn examples() -> Vec<Check> {
    let digest = "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9";
    let check = |outcome: Option<Outcome>| Check {
        frame: Frame { here: "/audit/check".to_owned(), ..Frame::sample() },
        answer: outcome.map(|outcome| Answer {
            name: "扫描0007.pdf".to_owned(),
            bytes: 312_455,
            sha256: digest.to_owned(),
            outcome,
        }),
        limit: "1.1 GB".to_owned(),
    };
    let held = Outcome::Held(vec![
        Place {
            what: "定期核查（复审）表".to_owned(),
            href: "/doc/120002".to_owned(),
            household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
            entry: Some(120_002),
        },
        Place {
            what: "案卷清单".to_owned(),
            href: "/volume/99010200300400127".to_owned(),
            household: Some(HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努")),
            entry: None,
        },
    ]);
    let step = |state, word: &str, sentence: &str| Step {
        state,
        word: word.to_owned(),
        sentence: sentence.to_owned(),
    };
    let sound = vec![
        step(State::Ok, "对", "包里的116份文件与装包时一样"),
        step(State::Due, "没有查", "日志有没有给别人看另一份历史：策略没有要求见证"),
        step(State::Ok, "对", "到第177条为止，没有另外的记录"),
    ];
    let wrong = vec![
        step(State::Ok, "对", "包里的116份文件与装包时一样"),
        step(State::Late, "不对", "第41条的正文不是它认下的那一份"),
    ];
    vec![
        check(None),
        check(Some(held)),
        check(Some(Outcome::NotHeld)),
        check(Some(Outcome::Bundle(Verdict::Sound, sound))),
        check(Some(Outcome::Bundle(Verdict::Wrong, wrong))),
        check(Some(Outcome::Bundle(Verdict::Unseen, Vec::new()))),
        Check {
            frame: Frame::extreme(),
            ..check(Some(Outcome::Refused(
                "里面有一个文件名会写到别处：../../etc/passwd".to_owned(),
            )))
        },
    ]
}
