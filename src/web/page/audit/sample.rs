//! Samples of the audit page: ordinary, empty, running, bad, forked.

use super::*;

fn act(entry: u64, time: &str, what: &str, who: &str, about: &str) -> ActRow {
    ActRow {
        entry,
        when: format!("2026-11-23 {time}"),
        what: what.to_owned(),
        who: who.to_owned(),
        about: about.to_owned(),
        href: "/household/99010200300400127".to_owned(),
    }
}

pub(super) fn examples() -> Vec<Audit> {
    let acts = || {
        let acts = vec![
            ActRow {
                href: String::new(),
                ..act(184_219, "11:40:12", "核验", "赵玉梅", "216,540份原文")
            },
            act(184_218, "11:38:51", "更正", "何国平", "3004-00127第2件，日期"),
            act(184_217, "11:31:07", "归入", "赵玉梅", "3004-00127复审表，1页"),
            act(184_216, "11:12:30", "收下", "赵玉梅", "扫描0007.jpg"),
            act(184_212, "10:58:44", "立户", "宋青", "3007-00035马素琴"),
            act(184_211, "10:40:03", "重新装订", "宋青", "3004-00031第3版"),
        ];
        let mut rows: Vec<LogRow> = acts.into_iter().map(LogRow::Act).collect();
        rows.insert(4, LogRow::Hidden(184_215, 184_213));
        rows
    };
    let frame = Frame { here: "/audit".to_owned(), ..Frame::sample() };
    let usual = Audit {
        frame: frame.clone(),
        seal: Some(Seal::sample()),
        unsealed: String::new(),
        broken: None,
        shown: Some(Shown {
            title: "定期核查（复审）表".to_owned(),
            proof: Proof::sample(184_217, 184_220),
            bundle: "/doc/120002/bundle".to_owned(),
        }),
        last: Some(Verified::sample()),
        last_entry: Some(184_219),
        access: access(),
        copies: copies(),
        class: None,
        findings_next: None,
        running: None,
        problem: None,
        findings: vec![Finding {
            class: Class::Unseen,
            sha256: "b410cc0ed2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned(),
            document: Some(120_006),
            title: "信息核对报告".to_owned(),
            household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
            detail: "磁盘忙，今晚补看".to_owned(),
        }],
        findings_total: 2,
        acts: acts(),
        before: Some(184_215),
    };
    let empty = Audit {
        frame: Frame { log_position: 0, ..frame.clone() },
        seal: None,
        unsealed: "日志还是空的，没有封条。".to_owned(),
        broken: None,
        shown: None,
        last: None,
        last_entry: None,
        access: access(),
        copies: Vec::new(),
        class: None,
        findings_next: None,
        running: None,
        problem: None,
        findings: Vec::new(),
        findings_total: 0,
        acts: Vec::new(),
        before: None,
    };
    let running = Audit {
        frame: frame.clone(),
        seal: Some(Seal::sample()),
        unsealed: String::new(),
        broken: None,
        shown: None,
        last_entry: Some(184_219),
        access: access(),
        copies: two_copies(),
        class: None,
        findings_next: None,
        last: Some(Verified { unseen: 0, ..Verified::sample() }),
        running: Some(Progress { name: "核验".to_owned(), done: 131_200, total: 216_540 }),
        problem: None,
        findings: Vec::new(),
        findings_total: 0,
        acts: acts(),
        before: None,
    };
    let forked = Audit {
        frame: Frame { here: "/audit".to_owned(), ..Frame::sample() },
        broken: Some(Broken {
            sentence: "同样是184,220条，公布的封条与本库的不是同一枚：历史被改过。".to_owned(),
            published: Some(Seal::sample()),
            known: Some(Seal {
                root: "03bd51f7d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned(),
                ..Seal::sample()
            }),
            found: vec![("log/checkpoint".to_owned(), "the entries do not lead to it".to_owned())],
        }),
        ..bad(acts())
    };
    vec![usual, empty, running, bad(acts()), forked]
}

fn bad(acts: Vec<LogRow>) -> Audit {
    let digest = "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9";
    let finding = |class, document: Option<u64>, detail: &str| Finding {
        class,
        sha256: digest.to_owned(),
        document,
        title: document.map_or(String::new(), |_| {
            "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告"
                .to_owned()
        }),
        household: document
            .map(|_| HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努")),
        detail: detail.to_owned(),
    };
    Audit {
        frame: Frame::extreme(),
        seal: Some(Seal::sample()),
        unsealed: String::new(),
        broken: None,
        shown: None,
        last_entry: Some(184_219),
        access: access(),
        copies: copies(),
        class: Some(Class::Changed),
        findings_next: Some(200),
        last: Some(Verified { changed: 1, missing: 1, untracked: 1, ..Verified::sample() }),
        running: None,
        problem: None,
        findings: vec![
            finding(Class::Changed, Some(120_002), "应为7c1e 9a40…，现为03bd 51f7…，已停止提供"),
            finding(Class::Missing, Some(120_003), "没有这份文件"),
            finding(Class::Untracked, None, "目录里没有哪一件用到它"),
        ],
        findings_total: 1_000_000,
        acts,
        before: Some(1),
    }
}

fn copies() -> Vec<Copy> {
    vec![Copy {
        name: "store".to_owned(),
        there: Some(216_538),
        behind: 0,
        when: "2026-11-22 02:10".to_owned(),
        follows: String::new(),
        away: false,
    }]
}

fn two_copies() -> Vec<Copy> {
    let mut both = copies();
    both.push(Copy {
        name: "s3://second/archive".to_owned(),
        there: None,
        behind: 2,
        when: String::new(),
        follows: "还差1,204条。s3://second/archive连不上，接着试。".to_owned(),
        away: true,
    });
    both
}

fn access() -> AccessLog {
    AccessLog {
        size: 4_212,
        root: "6H4kZ0LJqFlbTjkxtCVVQCUhzX8MSFoa43gg5EDIugg=".to_owned(),
        origin: "archive.example.gov.cn/j016/access".to_owned(),
        waiting: 3,
        sealed: Some((184_211, 4_180)),
        behind: Some(0),
        problem: String::new(),
        read: true,
    }
}
