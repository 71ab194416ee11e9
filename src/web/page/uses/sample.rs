//! Samples of the use register.

use super::{Narrowing, UseRow, UsesPage, UsesPrint};
use crate::web::page::frame::Frame;

impl UseRow {
    /// Looks for samples, newest first.
    pub fn samples() -> Vec<UseRow> {
        let row = |no: Option<u64>, when: &str, who: &str, what: &str, title: &str| UseRow {
            no,
            when: when.to_owned(),
            who: who.to_owned(),
            organisation: "柳桥街道办事处".to_owned(),
            what: what.to_owned(),
            refused: false,
            outcome: "已提供".to_owned(),
            household: "99010200300400127".to_owned(),
            document: None,
            code: String::new(),
            title: title.to_owned(),
            count: Some(8),
            reason: "复审".to_owned(),
        };
        vec![
            row(None, "2026-11-24 09:12", "赵玉梅", "查阅", "周桂兰"),
            UseRow {
                document: Some(120_002),
                count: Some(2),
                ..row(Some(4_211), "2026-11-24 09:10", "赵玉梅", "下载", "收入证明")
            },
            UseRow {
                household: String::new(),
                reason: String::new(),
                ..row(Some(4_210), "2026-11-24 09:08", "宋青", "检索", "周桂兰 <b>收入</b>")
            },
            UseRow {
                refused: true,
                outcome: "已拒绝".to_owned(),
                organisation: "南门街道办事处".to_owned(),
                count: None,
                reason: String::new(),
                ..row(Some(4_209), "2026-11-23 16:40", "钱文斌", "查阅", "")
            },
        ]
    }
}

fn long() -> UseRow {
    UseRow {
        who: "阿卜杜勒艾则孜吾买尔江".to_owned(),
        organisation: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
        title: "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告"
            .to_owned(),
        code: "J016-DB·2026-D10-001".to_owned(),
        reason: "户主的女儿来电询问为什么本月的保障金比上月少，".repeat(8),
        document: Some(1_000_000),
        no: Some(1_234_567_890),
        count: Some(1_000_000),
        ..UseRow::samples().remove(1)
    }
}

pub(super) fn examples() -> Vec<UsesPage> {
    let frame = Frame { here: "/uses".to_owned(), ..Frame::sample() };
    let usual = UsesPage {
        frame: frame.clone(),
        asked: Narrowing { from: "2026-11-01".to_owned(), ..Narrowing::default() },
        wrong: None,
        rows: UseRow::samples(),
        total: 4_212,
        waiting: 1,
        before: Some(format!("1764000000000-{}", "ab".repeat(32))),
    };
    let empty = UsesPage {
        frame,
        asked: Narrowing { kind: "reveal".to_owned(), ..Narrowing::default() },
        wrong: Some("日期看不懂，请写成2026-11-24。".to_owned()),
        rows: Vec::new(),
        total: 0,
        waiting: 0,
        before: None,
    };
    let extreme = UsesPage {
        frame: Frame::extreme(),
        asked: Narrowing::default(),
        wrong: None,
        rows: vec![long()],
        total: 1_000_000,
        waiting: 1_000,
        before: None,
    };
    vec![usual, empty, extreme]
}

pub(super) fn printed() -> Vec<UsesPrint> {
    let page = |frame, rows, left_out| UsesPrint {
        frame,
        asked: Narrowing { from: "2026-11-01".to_owned(), ..Narrowing::default() },
        rows,
        left_out,
        printed: "2026-11-24 09:30".to_owned(),
    };
    vec![
        page(Frame::sample(), UseRow::samples(), 0),
        page(Frame::sample(), Vec::new(), 0),
        page(Frame::extreme(), vec![long()], 1_000_000),
    ]
}
