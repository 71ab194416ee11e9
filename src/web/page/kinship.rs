//! 分户、并户: how a household came from others and what became of it, as lines, and the
//! forms to split and to merge.

use super::part::HouseholdRef;

/// How a household came from others.
#[derive(Debug, Clone, Default)]
pub struct Kinship {
    /// Why nobody lives in it any more; none where somebody does.
    pub gone: Option<Gone>,
    /// Its splits and merges, the newest first.
    pub lines: Vec<Line>,
}

/// A household in which nobody lives any more.
#[derive(Debug, Clone)]
pub struct Gone {
    /// What became of it, as a sentence.
    pub sentence: String,
    /// Where it goes on, where the person may see that.
    pub lives_on: Option<HouseholdRef>,
}

/// A split or merge.
#[derive(Debug, Clone)]
pub struct Line {
    /// The entry that recorded it.
    pub entry: u64,
    /// From which day on, ISO.
    pub on: String,
    /// What, as a phrase: who left or came.
    pub what: String,
    /// The other household; none outside the scope.
    pub other: Option<HouseholdRef>,
    /// The paper that proves it, where the person may see it.
    pub document: Option<u64>,
    /// Who recorded it, and the remark.
    pub by: String,
    /// Whether it was taken back.
    pub taken_back: bool,
    /// Whether it can be taken back on this page.
    pub may_take_back: bool,
}

/// A person who can go.
#[derive(Debug, Clone)]
pub struct Leaver {
    /// The place in the household.
    pub place: u32,
    /// 姓名
    pub name: String,
    /// What the person is to the head.
    pub relation: String,
    /// Whether it is the head.
    pub head: bool,
    /// Whether the person goes, as it was typed.
    pub goes: bool,
    /// Whether the person is the head of the new household, as it was typed.
    pub leads: bool,
    /// Whether the person is the head of those who stay, as it was typed; the head until
    /// then.
    pub succeeds: bool,
    /// The relation to the other head, as it was typed.
    pub typed: String,
}

/// A value of the household as a whole that can go along.
#[derive(Debug, Clone)]
pub struct Along {
    /// The code of the field.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is known, numbers covered.
    pub value: String,
    /// Whether it goes along, as it was typed.
    pub goes: bool,
}

/// The form of a split or of a merge, with what was typed.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Whether it is shown open.
    pub open: bool,
    /// The community of the new household, or the number of the other one.
    pub other: String,
    /// Where the new household lives.
    pub address: String,
    /// From which day on, ISO.
    pub on: String,
    /// The number of the paper.
    pub document: String,
    /// The number of a paper of the other file.
    pub document_there: String,
    /// A remark.
    pub words: String,
    /// Those who live in the household.
    pub people: Vec<Leaver>,
    /// What is known of the household as a whole.
    pub along: Vec<Along>,
}

impl Form {
    /// Whether that paper is chosen.
    pub fn has(&self, document: &u64) -> bool {
        self.document == document.to_string()
    }
}

/// Lines for the pages that show them.
pub(super) fn sample() -> Kinship {
    let line = |entry, on: &str, what: &str, no: Option<&str>| Line {
        entry,
        on: on.to_owned(),
        what: what.to_owned(),
        other: no.map(|no| HouseholdRef::new(no, "周文")),
        document: Some(184_001),
        by: "赵玉梅，结婚另住".to_owned(),
        taken_back: false,
        may_take_back: no.is_some(),
    };
    Kinship {
        gone: None,
        lines: vec![
            line(184_300, "2026-11-02", "分出1人（周文），到", Some("99010200300400131")),
            Line {
                taken_back: true,
                ..line(184_100, "2026-10-01", "并入2人（周大山、周小山），来自", None)
            },
        ],
    }
}

/// A household that went into another.
pub(super) fn gone() -> Kinship {
    Kinship {
        gone: Some(Gone {
            sentence: "这一户已经并户，户号不再用，档案留着。并户当天以前的材料还归在这里，以后的归到新的一户。"
                .to_owned(),
            lives_on: Some(HouseholdRef::new("99010200300400131", "周文")),
        }),
        ..sample()
    }
}

/// The form of a split, for samples.
pub(super) fn split() -> Form {
    let leaver = |place, name: &str, relation: &str| Leaver {
        place,
        name: name.to_owned(),
        relation: relation.to_owned(),
        head: place == 0,
        goes: place == 1,
        leads: place == 1,
        succeeds: place == 0,
        typed: String::new(),
    };
    let along = |code: &str, name: &str, value: &str| Along {
        code: code.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        goes: code == "registered_address",
    };
    Form {
        other: "990102003004".to_owned(),
        on: "2026-11-28".to_owned(),
        people: vec![
            leaver(0, "周桂兰", ""),
            leaver(1, "周文", "长子"),
            leaver(2, "周小满", "孙女"),
        ],
        along: vec![
            along("address", "现住址", "槐荫里5号楼2单元301室"),
            along("registered_address", "户籍地址", "青石县柳桥街道槐荫里5号楼2单元301室"),
            along("phone", "联系电话", "138****5678"),
        ],
        ..Form::default()
    }
}
