//! 办理: where the case of a household stands, and the form of its next step.

use crate::web::page::part::State;

/// How a household stands and what can be done.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// 状态, as a word.
    pub state: String,
    /// 类别, 保障人数, 月保障金, as phrases; empty where nothing is paid.
    pub paid: Vec<String>,
    /// When it is reviewed next, ISO, or empty.
    pub review_due: String,
    /// Whether that day is over.
    pub review_late: bool,
    /// The case that runs, or the last one.
    pub name: String,
    /// Its steps: those that were taken, the one it waits for, the usual ones after it.
    pub track: Vec<Dot>,
    /// 测算 as a phrase; empty where nothing can be computed.
    pub computed: String,
    /// Whether what is paid is not what was computed.
    pub computed_otherwise: bool,
    /// Why what is decided is not what was computed, or empty.
    pub departs: String,
    /// The last day of the case, ISO, or empty.
    pub last_day: String,
    /// What can be done next.
    pub choices: Vec<Choice>,
    /// The papers of the file a step can stand on: number and title.
    pub papers: Vec<(u64, String)>,
    /// The entry of the last step that is shown; -1 before the first.
    pub seen: String,
    /// The categories: code and name.
    pub categories: Vec<(String, String)>,
    /// Today, ISO.
    pub today: String,
    /// The departments that have still to sign steps that can be taken.
    pub offices: Vec<String>,
    /// How many days a notice of the first opinion stays up.
    pub notice_days: u64,
    /// The steps that papers of the file propose.
    pub proposed: Vec<Proposed>,
    /// The decisions on its allowance, the newest first.
    pub decided: Vec<Decided>,
}

/// A decision on the allowance.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The first month, and the last one of a phase-out.
    pub months: String,
    /// What it does, as a word.
    pub effect: String,
    /// 类别, or empty.
    pub category: String,
    /// 保障人数, or empty.
    pub persons: String,
    /// 月保障金 in yuan.
    pub amount: String,
    /// Why, or empty.
    pub words: String,
    /// The entry of the log.
    pub entry: i64,
    /// Whether another decision took its place before its first month.
    pub overtaken: bool,
}

/// A step that a paper proposes, with what was keyed from it.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// Number of the paper.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Whether its fields were keyed.
    pub keyed: bool,
    /// What the form sends: `procedure/step`.
    pub step: String,
    /// What the step is called.
    pub name: String,
    /// Whether a department has to be named.
    pub office: bool,
    /// Whether it decides on the allowance.
    pub decides: bool,
    /// The day, ISO, or empty.
    pub on: String,
    /// Who took it, or empty.
    pub people: String,
    /// Reason or opinion, or empty.
    pub words: String,
    /// 类别, or empty.
    pub category: String,
    /// 保障人数, or empty.
    pub persons: String,
    /// 月保障金 in yuan, or empty.
    pub amount: String,
    /// The first month, or empty.
    pub from: String,
    /// The last month of a phase-out, or empty.
    pub until: String,
}

/// A step on the way of a case.
#[derive(Debug, Clone)]
pub struct Dot {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// The day it was taken or is due, ISO, or empty.
    pub day: String,
    /// Who took it or takes it, and what was said.
    pub words: String,
    /// Whether it is the one that is waited for.
    pub present: bool,
}

/// A step that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends: `procedure/step`.
    pub value: String,
    /// How it is called.
    pub name: String,
    /// What it needs, as a phrase; empty when nothing more.
    pub needs: String,
    /// Whether it decides on the allowance.
    pub decides: bool,
}

impl Case {
    /// Whether a step that can be chosen decides on the allowance.
    pub fn decides(&self) -> bool {
        self.choices.iter().any(|choice| choice.decides)
    }
}

/// A sample: an application that waits to be confirmed.
pub(super) fn sample() -> Case {
    let dot = |name: &str, state, day: &str, words: &str| Dot {
        name: name.to_owned(),
        state,
        day: day.to_owned(),
        words: words.to_owned(),
        present: false,
    };
    let choice = |value: &str, name: &str, needs: &str, decides| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        needs: needs.to_owned(),
        decides,
    };
    let mut track = vec![
        dot("申请", State::Ok, "2026-03-09", "周桂兰"),
        dot("受理", State::Ok, "2026-03-10", "赵玉梅"),
        dot("信息核对", State::Ok, "2026-03-12", "青石县核对中心"),
        dot("入户调查", State::Ok, "2026-03-12", "赵玉梅、李建国"),
        dot("初审意见", State::Ok, "2026-03-16", "符合"),
        dot("公示", State::Ok, "2026-03-16", ""),
        dot("审核确认", State::Late, "2026-04-08", "民政局"),
        dot("发确认通知书", State::None, "", "民政局"),
    ];
    track[6].present = true;
    Case {
        state: "申请中".to_owned(),
        paid: Vec::new(),
        review_due: String::new(),
        review_late: false,
        name: "申请".to_owned(),
        track,
        computed: "测算910.00元/月：标准1,085.00，2人，月收入1,260.00".to_owned(),
        computed_otherwise: true,
        departs: "物价补贴一并计入".to_owned(),
        last_day: "2026-04-22".to_owned(),
        choices: vec![
            choice("/confirm", "审核确认", "", true),
            choice(
                "/cosign",
                "协查联签",
                "要写部门（青石县人社局、青石县公安局）和意见，指出材料",
                false,
            ),
            choice("/refuse", "不予确认", "要写理由", false),
        ],
        papers: vec![(184_001, "低保申请书".to_owned())],
        seen: "184001".to_owned(),
        categories: vec![
            ("A".to_owned(), "A类，长期".to_owned()),
            ("B".to_owned(), "B类，收入不稳定".to_owned()),
        ],
        today: "2026-04-09".to_owned(),
        offices: vec!["青石县人社局".to_owned(), "青石县公安局".to_owned()],
        notice_days: 7,
        proposed: vec![Proposed {
            document: 184_002,
            title: "申请审批表".to_owned(),
            keyed: true,
            step: "/confirm".to_owned(),
            name: "审核确认".to_owned(),
            office: false,
            decides: true,
            on: "2026-04-02".to_owned(),
            people: "邓文彬".to_owned(),
            words: "同意发放。".to_owned(),
            category: "B".to_owned(),
            persons: "3".to_owned(),
            amount: "1995.00".to_owned(),
            from: "2026-05".to_owned(),
            until: String::new(),
        }],
        decided: Vec::new(),
    }
}

/// A sample: a household that receives the allowance, and is late for its review.
pub(super) fn receiving() -> Case {
    Case {
        state: "在保".to_owned(),
        paid: vec!["B类，收入不稳定".to_owned(), "2人".to_owned(), "1,120.00元/月".to_owned()],
        review_due: "2026-10-02".to_owned(),
        review_late: true,
        name: String::new(),
        track: Vec::new(),
        computed: String::new(),
        computed_otherwise: false,
        departs: String::new(),
        last_day: String::new(),
        choices: vec![Choice {
            value: "review/visit".to_owned(),
            name: "定期核查：入户核查".to_owned(),
            needs: "要写2个人".to_owned(),
            decides: false,
        }],
        proposed: Vec::new(),
        decided: vec![
            Decided {
                months: "2026-10".to_owned(),
                effect: "增发".to_owned(),
                category: "B".to_owned(),
                persons: "2".to_owned(),
                amount: "1,120.00".to_owned(),
                words: "孙女升学，学费由街道补助以外的部分自付".to_owned(),
                entry: 184_090,
                overtaken: false,
            },
            Decided {
                months: "2026-04".to_owned(),
                effect: "核定".to_owned(),
                category: "B".to_owned(),
                persons: "2".to_owned(),
                amount: "910.00".to_owned(),
                words: String::new(),
                entry: 171_004,
                overtaken: true,
            },
        ],
        ..sample()
    }
}
