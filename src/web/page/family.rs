//! 家庭情况: what is known of a household and its persons, from which day on and by
//! which paper, and the forms to state something new.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::kinship::{self, Form, Kinship};
use crate::model::field::FieldKind;
use crate::web::{filters, keys, text};

/// What is known of a household.
#[derive(Debug, Template)]
#[template(path = "family.html")]
pub struct FamilyPage {
    /// The frame.
    pub frame: Frame,
    /// 17 digits.
    pub no: String,
    /// Name of the head.
    pub head: String,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why what was typed is not stored, as a sentence.
    pub wrong: Option<String>,
    /// The household, each person, and one who joins.
    pub parts: Vec<Part>,
    /// The day it is shown for, ISO; empty for what is known to hold now.
    pub on: String,
    /// The papers of the file that can prove something: number and title.
    pub papers: Vec<(u64, String)>,
    /// The entry of the last statement that is shown; -1 before the first.
    pub seen: String,
    /// Today, ISO.
    pub today: String,
    /// What was stated, newest first.
    pub history: Vec<Stated>,
    /// How it came from others, and what became of it.
    pub kin: Kinship,
    /// The form by which some of it become a household of their own.
    pub split: Form,
    /// The form by which it goes into another.
    pub merge: Form,
}

/// Whose values these are.
#[derive(Debug, Clone)]
pub struct Part {
    /// As the form sends it: empty for the household, else the place of the person.
    pub member: String,
    /// Which of several of the household it is, by the code of its first field; empty where
    /// it is not one of several.
    pub each: String,
    /// What stands above it.
    pub title: String,
    /// What stands on its form.
    pub asks: String,
    /// Why it holds no more, such as that the person has left; empty while it does.
    pub ended: String,
    /// Whether nobody is there yet.
    pub new: bool,
    /// Whether its form is open, with what was typed.
    pub open: bool,
    /// Its fields.
    pub fields: Vec<Value>,
}

/// A field with what is known.
#[derive(Debug, Clone)]
pub struct Value {
    /// Its code.
    pub code: String,
    /// Its name in the language of the page.
    pub name: String,
    /// What can be typed.
    pub kind: FieldKind,
    /// The values of a choice, or the persons: what is kept, and how it is called.
    pub choices: Vec<(String, String)>,
    /// What is known by its name, where it is a code; empty where it is not.
    pub called: String,
    /// What to type.
    pub hint: String,
    /// What is known, numbers covered; empty for nothing.
    pub value: String,
    /// From which day on, ISO, or empty.
    pub from: String,
    /// The document that proves it.
    pub proof: Option<u64>,
    /// What was typed and is not stored.
    pub typed: String,
}

impl Value {
    /// What is known, as it is read: an amount with commas, a person or a place by name.
    pub fn read(&self) -> String {
        match self.kind {
            FieldKind::Money => text::stated_yuan(&self.value),
            FieldKind::Choice | FieldKind::Member => {
                let named = self.choices.iter().find(|(value, _)| *value == self.value);
                named.map_or(&self.value, |(_, name)| name).clone()
            }
            _ if !self.called.is_empty() => self.called.clone(),
            _ => self.value.clone(),
        }
    }

    /// Whether it is chosen and not typed.
    pub fn chosen(&self) -> bool {
        matches!(self.kind, FieldKind::Choice | FieldKind::Member) && !self.choices.is_empty()
    }

    /// Whether it can hold no more: a household always has a head.
    pub fn may_end(&self) -> bool {
        !self.value.is_empty() && self.kind != FieldKind::Member
    }

    /// The type of its input.
    pub fn input(&self) -> &'static str {
        if self.kind == FieldKind::Date { "date" } else { "text" }
    }

    /// How its keyboard is on a phone.
    pub fn mode(&self) -> &'static str {
        match self.kind {
            FieldKind::Money => "decimal",
            FieldKind::Whole | FieldKind::Member | FieldKind::Place => "numeric",
            FieldKind::Phone | FieldKind::Account => "tel",
            _ => "text",
        }
    }
}

impl Part {
    /// What of it is known.
    pub fn known(&self) -> impl Iterator<Item = &Value> {
        self.fields.iter().filter(|one| !one.value.is_empty())
    }
}

/// A value that was stated.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The entry that stated it.
    pub entry: u64,
    /// Whose, and which field.
    pub what: String,
    /// The value; empty when none holds any more.
    pub value: String,
    /// From which day on, ISO, or empty.
    pub from: String,
    /// Who stated it.
    pub by: String,
    /// A remark, or empty.
    pub words: String,
    /// The document that proves it.
    pub proof: Option<u64>,
    /// Whether it was taken back.
    pub voided: bool,
    /// Whether it is the first of its statement, which can be taken back.
    pub first: bool,
}

super::page!(FamilyPage, Some(Entry::Households), keys::NONE, examples);

fn value(code: &str, name: &str, kind: FieldKind, value: &str, from: &str) -> Value {
    Value {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        choices: ["疾病", "残疾"].map(|one| (one.to_owned(), one.to_owned())).to_vec(),
        called: String::new(),
        hint: String::new(),
        value: value.to_owned(),
        from: from.to_owned(),
        proof: (!from.is_empty()).then_some(184_001),
        typed: String::new(),
    }
}

fn part(member: &str, title: &str, fields: Vec<Value>) -> Part {
    Part {
        member: member.to_owned(),
        each: String::new(),
        title: title.to_owned(),
        asks: "有变化".to_owned(),
        ended: String::new(),
        new: false,
        open: false,
        fields,
    }
}

fn examples() -> Vec<FamilyPage> {
    use FieldKind::{Choice, Date, IdNumber, Money, Text};
    let household = part(
        "",
        "全户",
        vec![
            value("address", "现住址", Text, "槐荫里5号楼2单元301室", ""),
            value("cause", "致贫原因", Choice, "疾病", "2026-03-09"),
            value("income", "家庭月收入", Money, "640.00", "2026-03-09"),
            value("deposits", "存款", Money, "", ""),
        ],
    );
    let relative = Part {
        each: "near_relative".to_owned(),
        ..part(
            "",
            "近亲属备案：工作人员，王芳",
            vec![
                value("near_relative", "近亲属备案：工作人员", Text, "王芳", "2026-03-09"),
                value("staff_relation", "与工作人员的关系", Text, "姐妹", "2026-03-09"),
            ],
        )
    };
    let ended = Part {
        each: "near_relative.2".to_owned(),
        ended: "已了结".to_owned(),
        ..part(
            "",
            "近亲属备案：工作人员（2）",
            vec![value("staff_relation.2", "与工作人员的关系（2）", Text, "父女", "2026-05-01")],
        )
    };
    let another = Part {
        each: "near_relative.3".to_owned(),
        asks: "添一名".to_owned(),
        new: true,
        ..part(
            "",
            "近亲属备案：工作人员（3）",
            vec![value("near_relative.3", "近亲属备案：工作人员（3）", Text, "", "")],
        )
    };
    let head = part(
        "0",
        "周桂兰，户主",
        vec![
            value("id_number", "身份证号", IdNumber, "9901**********2146", ""),
            value("birth", "出生日期", Date, "1952-03-14", "2026-03-09"),
        ],
    );
    let gone = Part {
        ended: "已离户".to_owned(),
        ..part("1", "周文，长子", vec![value("left", "离户原因", Choice, "迁出", "2026-07-01")])
    };
    let new = Part {
        asks: "有人出生、迁入、结婚".to_owned(),
        new: true,
        ..part("2", "新增一人", vec![value("name", "姓名", Text, "", "")])
    };
    let stated = Stated {
        entry: 184_220,
        what: "全户，家庭月收入".to_owned(),
        value: "640.00".to_owned(),
        from: "2026-03-09".to_owned(),
        by: "赵玉梅".to_owned(),
        words: "收入证明".to_owned(),
        proof: Some(184_001),
        voided: false,
        first: true,
    };
    let page = FamilyPage {
        frame: Frame::sample(),
        no: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        status: Some("记下了。".to_owned()),
        wrong: None,
        parts: vec![household.clone(), head, gone, new, relative, ended, another],
        on: String::new(),
        papers: vec![(184_001, "收入证明".to_owned())],
        seen: "184220".to_owned(),
        today: "2026-11-28".to_owned(),
        history: vec![stated.clone(), Stated { voided: true, first: false, ..stated }],
        kin: kinship::sample(),
        split: Form { open: true, ..kinship::split() },
        merge: Form { other: String::new(), ..kinship::split() },
    };
    let mut conflict = household;
    conflict.open = true;
    conflict.fields[2].typed = "800".to_owned();
    vec![
        FamilyPage {
            wrong: Some("刚才有人先改了这一户的情况，您的还没有存。".to_owned()),
            status: None,
            parts: vec![conflict],
            frame: Frame::extreme(),
            head: "阿卜杜勒艾则孜吾买尔江努".to_owned(),
            on: "2026-05-01".to_owned(),
            ..page_of(&page)
        },
        FamilyPage { kin: kinship::gone(), parts: page.parts.clone(), ..page_of(&page) },
        page,
    ]
}

/// As `page`, with nothing in its lists.
fn page_of(page: &FamilyPage) -> FamilyPage {
    FamilyPage {
        frame: page.frame.clone(),
        no: page.no.clone(),
        head: page.head.clone(),
        status: None,
        wrong: None,
        parts: Vec::new(),
        on: String::new(),
        papers: Vec::new(),
        seen: String::new(),
        today: page.today.clone(),
        history: Vec::new(),
        kin: Kinship::default(),
        split: Form::default(),
        merge: Form::default(),
    }
}
