//! Samples of the overview: ordinary, empty, extreme.

use super::*;

pub(super) fn examples() -> Vec<Overview> {
    let empty = Overview {
        frame: Frame { intake_waiting: 0, log_position: 0, ..Frame::sample() },
        today: "2026-11-23".to_owned(),
        due: Due { next: Some("2026-12-07".to_owned()), ..Due::default() },
        failed: Vec::new(),
        waiting: Vec::new(),
        waiting_total: 0,
        lacking: Vec::new(),
        lacking_total: 0,
        unbound: Vec::new(),
        unbound_total: 0,
        doubtful: 0,
        reading: Vec::new(),
        verified: None,
        saved: Vec::new(),
        figures: None,
    };
    vec![usual(), empty, extreme()]
}

fn waiting(
    document: u64,
    name: &str,
    pages: u64,
    who: Option<(&str, &str)>,
    state: State,
    at: &str,
) -> Waiting {
    Waiting {
        document,
        name: name.to_owned(),
        pages,
        household: who.map(|(no, head)| HouseholdRef::new(no, head)),
        state,
        arrived: format!("2026-11-23 {at}"),
    }
}

fn due(head: &str) -> Due {
    let row = |about: &str, held_at: &str, left: i64| DueRow {
        href: "/household/99010200300400127".to_owned(),
        who: (head.to_owned(), "3004-00127".to_owned()),
        about: about.to_owned(),
        held_at: held_at.to_owned(),
        owner: "街道，槐荫里社区".to_owned(),
        due: "2026-11-23".to_owned(),
        left,
    };
    let report = DueRow {
        href: "/registers/tips/990102003004/2026-002".to_owned(),
        who: ("2026-002".to_owned(), String::new()),
        ..row("群众举报登记册", "核查", 0)
    };
    Due {
        late: 3,
        now: 11,
        week: 4,
        rows: [
            vec![row("申请", "入户调查", -4), row("定期核查", "A类，长期", -1)],
            vec![report],
            vec![row("家庭变化", "核实", 3)],
        ],
        next: None,
    }
}

fn lacking(no: &str, head: &str, organisation: &str, missing: &[&str], expected: u64) -> Lacking {
    Lacking {
        household: HouseholdRef::new(no, head),
        organisation: organisation.to_owned(),
        missing: missing.iter().map(|name| (*name).to_owned()).collect(),
        expected,
    }
}

fn usual() -> Overview {
    let zhou = Some(("99010200300400127", "周桂兰"));
    let chen = Some(("99010200300400093", "陈树生"));
    Overview {
        frame: Frame::sample(),
        today: "2026-11-23".to_owned(),
        due: due("周桂兰"),
        failed: vec![FailedJob {
            id: "read:91".to_owned(),
            document: Some(184_107),
            about: "a-0417.tif".to_owned(),
            reason: "文件尾部缺2,048字节，请从扫描仪重取。".to_owned(),
            tries: 3,
        }],
        waiting: vec![
            waiting(184_201, "申请审批表", 2, zhou, State::None, "09:42"),
            waiting(184_202, "户口簿复印件", 2, zhou, State::None, "09:42"),
            waiting(184_203, "收入证明", 1, zhou, State::None, "09:42"),
            waiting(184_204, "入户调查表", 2, None, State::Due, "09:42"),
            waiting(184_205, "定期核查（复审）表", 1, chen, State::None, "09:43"),
            waiting(184_206, "扫描0007.jpg", 1, None, State::Run, "09:43"),
        ],
        waiting_total: 12,
        lacking: vec![
            lacking(
                "99010200300500047",
                "何桂珍",
                "渡口社区",
                &["收入证明", "信息核对报告", "公示照片"],
                11,
            ),
            lacking("99010200300400118", "林秀芳", "槐荫里社区", &["公示照片"], 11),
            lacking("99010200300200188", "田福来", "西仓社区", &["家庭经济状况核对授权书"], 9),
        ],
        lacking_total: 3,
        unbound: vec![
            Unbound {
                household: HouseholdRef::new("99010200300400127", "周桂兰"),
                organisation: "槐荫里社区".to_owned(),
                documents: 1,
                version: Some(2),
            },
            Unbound {
                household: HouseholdRef::new("99010200300700021", "邓庆余"),
                organisation: "石板桥社区".to_owned(),
                documents: 8,
                version: None,
            },
        ],
        unbound_total: 2,
        doubtful: 12,
        reading: vec![
            Progress { name: "扫描仪一 · 上午9:42".to_owned(), done: 26, total: 31 },
            Progress { name: "西仓社区送来".to_owned(), done: 18, total: 18 },
        ],
        verified: Some(Verified::sample()),
        saved: [("a", "周桂兰户的收入", 3), ("b", "把握低的申请审批表", 0)]
            .map(|(id, name, news)| SavedRow {
                id: id.to_owned(),
                name: name.to_owned(),
                about: "周桂兰 收入".to_owned(),
                news,
            })
            .to_vec(),
        figures: Some(Figures {
            households: 482,
            documents: 9_214,
            pages: 16_870,
            bytes: 5_210_000_000,
        }),
    }
}

fn extreme() -> Overview {
    let mut page = usual();
    page.frame = Frame::extreme();
    page.due = Due { late: 1_000_000, ..due("阿卜杜勒艾则孜吾买尔江努") };
    page.waiting_total = 1_000_000;
    page.waiting = vec![waiting(
        1_234_567_890,
        "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告",
        999_999,
        Some(("99010200300400127", "阿卜杜勒艾则孜吾买尔江努")),
        State::Due,
        "09:42",
    )];
    page.lacking_total = 1_000_000;
    page.verified = Some(Verified { changed: 1, missing: 12, unseen: 0, ..Verified::sample() });
    page.figures = Some(Figures {
        households: 1_000_000,
        documents: 21_000_000,
        pages: 54_000_000,
        bytes: 16_200_000_000_000,
    });
    page
}
