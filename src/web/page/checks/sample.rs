//! Examples of the findings and of a file that waits.

use super::*;

fn row(head: &str, called: &str, state: &str) -> Row {
    Row {
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        organisation: "槐荫里社区".to_owned(),
        called: called.to_owned(),
        name: String::new(),
        declared: "5,000.00".to_owned(),
        found: "48,120.55".to_owned(),
        difference: "43,120.55".to_owned(),
        state: state.to_owned(),
    }
}

fn file() -> File {
    File {
        entry: 1204,
        called: "存款".to_owned(),
        as_of: "2026-11-20".to_owned(),
        name: "存款核对结果.xlsx".to_owned(),
        kept: 812,
        by: "陈静".to_owned(),
    }
}

pub(super) fn examples() -> Vec<Checks> {
    let choice = |code: &str, name: &str, chosen| (code.to_owned(), name.to_owned(), chosen);
    let page = |frame, rows| Checks {
        frame,
        status: None,
        wrong: None,
        organisation: String::new(),
        findings: vec![choice("deposits", "存款不符", false), choice("income", "收入不符", false)],
        state: "open".to_owned(),
        rows,
        more: None,
        kinds: vec![choice("deposits", "存款", true), choice("wages", "工资", false)],
        today: "2026-11-28".to_owned(),
        waiting: None,
        look: None,
        goes: None,
        last: None,
        bad: Vec::new(),
        roster: None,
        files: vec![file()],
    };
    let waiting = Waiting {
        name: "存款核对结果.xlsx".to_owned(),
        kind: "存款".to_owned(),
        as_of: "2026-11-20".to_owned(),
        columns: ["序号", "姓名", "身份证号", "余额"].map(str::to_owned).to_vec(),
        first: vec![["1", "周桂兰", "990102195203142148", "48120.55"].map(str::to_owned).to_vec()],
        rows: 812,
        formulas: 3,
        as_before: Some(1204),
        chosen: [Some(2), Some(1), None, Some(3)],
    };
    vec![
        Checks {
            more: Some("/checks?after=99010200300400127".to_owned()),
            ..page(
                Frame::sample(),
                vec![row("马素琴", "存款不符", "open"), row("周桂兰", "一人两户", "settled")],
            )
        },
        Checks {
            waiting: Some(waiting.clone()),
            files: Vec::new(),
            ..page(Frame::sample(), Vec::new())
        },
        Checks { goes: Some(Progress::importing(Lang::Zh, "存款核对结果.xlsx", (400, 812))), ..page(Frame::sample(), Vec::new()) },
        Checks { goes: Some(Progress::importing(Lang::En, &"长".repeat(60), (0, 0))), ..page(Frame::extreme(), Vec::new()) },
        Checks { look: Some(RosterLook::sample()), ..page(Frame::sample(), Vec::new()) },
        Checks {
            look: Some(RosterLook {
                columns: (1..60).map(|at| (at, "长".repeat(40), String::new())).collect(),
                decisions: None,
                left_to_bureau: true,
                households: 0,
                bad: vec![(1_000_000, "长".repeat(80)); 200],
                ..RosterLook::sample()
            }),
            ..page(Frame::sample(), Vec::new())
        },
        Checks {
            last: Some("立户120户，318人，接收待遇120户，每月合计134,400.50元；0行有问题，没有立；2个15位号码转成了18位。".to_owned()),
            roster: Some("99010200300400127".to_owned()),
            ..page(Frame::sample(), Vec::new())
        },
        Checks {
            wrong: Some("看不懂这个文件。".to_owned()),
            last: Some("有2行读不出，都还没有存。".to_owned()),
            bad: vec![(17, "身份证号的校验码或出生日期不对".to_owned())],
            waiting: Some(Waiting {
                columns: vec!["长<b>".repeat(40); 12],
                first: vec![vec!["长".repeat(200); 12]; 5],
                ..waiting
            }),
            ..page(
                Frame::extreme(),
                vec![row("阿卜杜勒艾则孜吾买尔江", "工作人员近亲属未备案", "closed")],
            )
        },
    ]
}

pub(super) fn of_households() -> Vec<Findings> {
    let one = |state: &str, closed| One {
        row: row("周桂兰", "存款不符", state),
        code: "deposits".to_owned(),
        member: String::new(),
        mark: "1204".to_owned(),
        since: "2026-11-20".to_owned(),
        entries: vec![1204],
        closed,
        typed: String::new(),
    };
    let closed = Closed {
        entry: 1301,
        outcome: "已调整".to_owned(),
        words: "存款为丧葬费，已核实".to_owned(),
        by: "陈静".to_owned(),
        paper: 44,
    };
    let page = |frame, findings| Findings {
        frame,
        no: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        status: None,
        wrong: None,
        findings,
        papers: vec![(44, "核查说明".to_owned())],
        files: vec![file()],
    };
    vec![
        page(Frame::sample(), vec![one("open", None), one("closed", Some(closed.clone()))]),
        Findings { files: Vec::new(), ..page(Frame::sample(), Vec::new()) },
        Findings {
            wrong: Some("陈静刚才处理了这一条（第1301号记录），您的没有存。".to_owned()),
            ..page(
                Frame::extreme(),
                vec![One { typed: "长<b>".repeat(80), ..one("open", None) }, one("settled", None)],
            )
        },
    ]
}
