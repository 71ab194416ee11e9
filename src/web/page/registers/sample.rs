//! Samples of the registers: ordinary, empty, extreme.

use super::form::FormField;
use super::*;

const LONG: &str = "阿卜杜勒艾则孜吾买尔江";

fn item(code: &str, name: &str, waiting: u64, late: u64) -> Item {
    let (href, name) = (format!("/registers/{code}"), name.to_owned());
    Item { href, name, waiting: Some(waiting), late }
}

fn shelf() -> Shelf {
    let filled = |(href, name): (&str, &str)| Item {
        href: href.to_owned(),
        name: name.to_owned(),
        waiting: None,
        late: 0,
    };
    Shelf {
        entered: vec![
            item("tips", "群众举报登记册", 3, 1),
            item("spot_checks", "抽检登记册", 12, 0),
            item("visits", "入户走访记录", 0, 0),
            item("transfers", "收发登记簿", 2, 0),
            item("sign_offs", "领取金签字表登记", 1, 0),
        ],
        filled: [
            ("/registers/roster", "低保对象花名册"),
            ("/registers/changes", "动态管理变动册"),
            ("/notices", "公示"),
            ("/lending/register", "借阅登记簿"),
        ]
        .map(filled)
        .to_vec(),
    }
}

fn field(name: &str, label: &str, kind: &'static str) -> FormField {
    FormField {
        name: format!("v.{name}"),
        label: label.to_owned(),
        value: String::new(),
        choices: Vec::new(),
        kind,
        required: true,
        apart: false,
    }
}

fn form(action: &str, stage: &str) -> Form {
    let manner = ["来电", "来信", "来访", "网上"].map(|one| (one.to_owned(), one.to_owned()));
    Form {
        action: action.to_owned(),
        stage: stage.to_owned(),
        household: Some(String::new()),
        household_wanted: false,
        organisation: Some("990102003004".to_owned()),
        others: Vec::new(),
        other: String::new(),
        on: "2026-11-23".to_owned(),
        fields: vec![
            FormField { choices: manner.to_vec(), ..field("manner", "方式", "text") },
            FormField { apart: true, required: false, ..field("informant", "举报人", "text") },
            field("content", "举报内容", "words"),
            field("taken_by", "受理人", "text"),
        ],
        paper: String::new(),
        paper_wanted: false,
        instead_of: String::new(),
        seen: String::new(),
    }
}

fn row(number: &str, cells: &[&str]) -> Row {
    let cells = std::iter::once(&number).chain(cells);
    Row {
        lead: format!("/registers/tips/990102003004/{number}"),
        struck: false,
        cells: cells.map(|cell| ((*cell).to_owned(), false)).collect(),
    }
}

fn heads() -> Vec<Head> {
    ["编号", "日期", "户主", "方式", "举报人", "举报内容", "受理人", "办到", "限", "备注"]
        .map(|name| (name.to_owned(), false))
        .to_vec()
}

fn tips() -> Shown {
    let content = "户主在外有一套住房出租，没有报。";
    Shown {
        code: "tips".to_owned(),
        name: "群众举报登记册".to_owned(),
        entered: true,
        period: "年",
        heads: heads(),
        rows: vec![
            row(
                "2026-002",
                &[
                    "2026-11-20",
                    "周桂兰",
                    "来电",
                    "（另存）",
                    content,
                    "赵玉梅",
                    "待核查",
                    "2026-12-18",
                    "有更正",
                ],
            ),
            Row {
                struck: true,
                ..row(
                    "2026-002",
                    &[
                        "2026-11-20",
                        "周桂兰",
                        "来信",
                        "（另存）",
                        content,
                        "赵玉梅",
                        "登记",
                        "",
                        "已更正，作废",
                    ],
                )
            },
            row(
                "2026-001",
                &["2026-10-08", "", "网上", "", "有人死亡没有报。", "孙晓", "办结", "", ""],
            ),
        ],
        more: Some("/registers/tips?after=12.1".to_owned()),
        form: Some(form("/registers/tips", "登记")),
        ordering: None,
        draws: Vec::new(),
    }
}

fn page(frame: Frame, shown: Option<Shown>) -> Registers {
    let (shelf, asked) = (shelf(), Narrowing::default());
    Registers { frame, status: None, wrong: None, shelf, shown, asked }
}

pub(super) fn examples() -> Vec<Registers> {
    let draw = |order, nth, drawn| Draw {
        order,
        month: "2026-11".to_owned(),
        population: "柳桥街道办事处及以下，在保，各类，以本条入日志时为准".to_owned(),
        of: (482, 25),
        author: "宋青，2026-11-23 09:10".to_owned(),
        nth,
        drawn,
        root: if drawn { "7c1e9a40d2f86b13".to_owned() } else { String::new() },
    };
    let checks = Shown {
        code: "spot_checks".to_owned(),
        name: "抽检登记册".to_owned(),
        form: None,
        ordering: Some(Ordering {
            organisation: "990102003000".to_owned(),
            month: "2026-11".to_owned(),
            categories: vec![("A".to_owned(), "A类，长期".to_owned())],
        }),
        draws: vec![draw(310, 2, false), draw(240, 1, true)],
        rows: Vec::new(),
        more: None,
        ..tips()
    };
    let mut long = tips();
    long.rows.push(row(
        "2026-1000",
        &[
            "2026-10-08",
            LONG,
            "网上",
            "",
            &"户主<b>有房".repeat(90),
            LONG,
            "待核查",
            "2026-11-01",
            "",
        ],
    ));
    vec![
        Registers {
            status: Some("已登记，2026-002。".to_owned()),
            ..page(Frame::sample(), Some(tips()))
        },
        page(Frame::sample(), None),
        page(Frame::sample(), Some(checks)),
        Registers {
            wrong: Some("「受理人」至少写1个人的姓名。".to_owned()),
            ..page(Frame::extreme(), Some(long))
        },
    ]
}

fn line(stage: &str, struck: Option<u64>) -> Line {
    let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Line {
        entry: 240,
        stage: stage.to_owned(),
        on: "2026-11-20".to_owned(),
        author: "赵玉梅".to_owned(),
        values: vec![value("方式", "来电"), value("举报内容", "户主在外有一套住房出租，没有报。")],
        sealed: Some(true),
        opened: Vec::new(),
        paper: Some(184_001),
        struck,
        correction: struck.is_none().then(|| Form {
            instead_of: "240".to_owned(),
            seen: "251".to_owned(),
            organisation: None,
            ..form("/registers/tips/990102003004/2026-002", "登记")
        }),
    }
}

pub(super) fn rows() -> Vec<RegisterRow> {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let usual = |frame| RegisterRow {
        frame,
        status: None,
        wrong: None,
        register: "tips".to_owned(),
        name: "群众举报登记册".to_owned(),
        organisation: pair("990102003004", "槐荫里社区"),
        number: "2026-002".to_owned(),
        other: String::new(),
        household: pair("99010200300400127", "周桂兰"),
        waits: ("核查".to_owned(), "街道".to_owned(), "2026-12-18".to_owned()),
        late: false,
        unlike: String::new(),
        lines: vec![line("登记", Some(251)), line("登记", None)],
        form: Some(Form {
            household: None,
            organisation: None,
            seen: "251".to_owned(),
            ..form("/registers/tips/990102003004/2026-002", "核查")
        }),
        sheet: None,
    };
    let opened = vec![("举报人".to_owned(), format!("{LONG}<i>"))];
    vec![
        usual(Frame::sample()),
        RegisterRow {
            waits: Default::default(),
            form: None,
            lines: vec![Line { sealed: None, correction: None, ..line("登记", None) }],
            sheet: Some(pair("/registers/sign_offs/990102003004/2026-001/print", "/search?q=QZB")),
            ..usual(Frame::sample())
        },
        RegisterRow {
            late: true,
            unlike: "发出份数3，收到份数2".to_owned(),
            wrong: Some("刚才有人先写了2026-002这一条，您的还没有存。".to_owned()),
            other: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
            lines: vec![
                Line { opened, ..line("登记", None) },
                Line { sealed: Some(false), ..line("核查", None) },
            ],
            ..usual(Frame::extreme())
        },
    ]
}

pub(super) fn prints() -> Vec<RegisterPrint> {
    let shown = tips();
    let page = |frame, rows, more| RegisterPrint {
        frame,
        code: "tips".to_owned(),
        name: shown.name.clone(),
        asked: Narrowing { period: "2026".to_owned(), ..Narrowing::default() },
        heads: shown.heads.clone(),
        rows,
        more,
        printed: "2026-11-23 09:10".to_owned(),
    };
    vec![page(Frame::sample(), shown.rows.clone(), false), page(Frame::extreme(), Vec::new(), true)]
}

pub(super) fn sheets() -> Vec<SignSheet> {
    let code = "QZB-990102003000-2026-001";
    vec![SignSheet {
        frame: Frame::sample(),
        back: "/registers/sign_offs/990102003000/2026-001".to_owned(),
        month: "2026-12".to_owned(),
        organisation: "柳桥街道办事处".to_owned(),
        code: code.to_owned(),
        qr: crate::web::page::seal::qr::svg(code),
        rows: vec![crate::web::page::payments::signs("周桂兰")],
        sum: "1,120.00".to_owned(),
        issued: "1,120.00".to_owned(),
        day: "2026年11月23日".to_owned(),
    }]
}
