//! Samples of a volume: the newest version, an old one, extreme.

use super::*;

fn line(
    order: u64,
    no: &str,
    responsible: &str,
    title: &str,
    date: &str,
    pages: (u64, u64),
) -> CatalogRow {
    CatalogRow {
        document: 120_000 + order,
        order,
        document_no: no.to_owned(),
        responsible: responsible.to_owned(),
        title: title.to_owned(),
        date: date.to_owned(),
        pages: Some(pages),
        remarks: String::new(),
    }
}

fn version(version: u64, bound: &str, documents: u64, pages: u64) -> VersionRow {
    VersionRow { version, bound: bound.to_owned(), by: "宋青".to_owned(), documents, pages }
}

pub(super) fn examples() -> Vec<Volume> {
    let paper = Paper {
        no: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        keeper: "青石县民政局".to_owned(),
        class: "最低生活保障　审批类".to_owned(),
        reference_code: Some("J016-DB·2026-D10-046".to_owned()),
        version: 2,
        dates: ("2026-03-09".to_owned(), "2026-04-03".to_owned()),
        retention: "停保后3年".to_owned(),
        pages: 13,
        rows: vec![
            line(1, "", "周桂兰", "低保申请书", "2026-03-09", (1, 1)),
            line(2, "", "青石县民政局", "城市居民最低生活保障待遇申请审批表", "2026-04-02", (2, 3)),
            line(3, "", "周桂兰", "家庭经济状况核对授权书", "2026-03-09", (4, 4)),
            line(4, "", "周桂兰", "户口簿复印件", "2026-03-09", (5, 7)),
            line(5, "", "青石县洁安物业服务部", "收入证明（陈晓梅）", "2026-03-10", (8, 8)),
            line(6, "青核〔2026〕0427号", "青石县民政局核对中心", "信息核对报告", "2026-03-18", (9, 10)),
            line(7, "", "柳桥街道办事处", "社会救助家庭入户调查表", "2026-03-16", (11, 12)),
            line(8, "青民保〔2026〕118号", "青石县民政局", "最低生活保障确认通知书", "2026-04-03", (13, 13)),
        ],
        note: "本卷8件13页，编页无缺号。公示照片（A20）未归，已催槐荫里社区。第2版补入确认通知书1件1页。".to_owned(),
        by: "宋青".to_owned(),
        checked_by: "邓文彬".to_owned(),
        bound: "2026-10-08".to_owned(),
        digest: "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned(),
    };
    let frame = Frame { here: "/volume/99010200300400127".to_owned(), ..Frame::sample() };
    let versions = || vec![version(2, "2026-10-08", 8, 13), version(1, "2026-04-08", 7, 12)];
    let old =
        Paper { version: 1, rows: paper.rows[..7].to_vec(), reference_code: None, ..paper.clone() };
    let long = "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告";
    let extreme = Paper {
        head: "阿卜杜勒艾则孜吾买尔江努".to_owned(),
        keeper: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
        rows: (1..=37)
            .map(|i| {
                line(
                    i,
                    "青民保〔2026〕1180001号",
                    "青石县民政局社会救助中心",
                    long,
                    "2026-04-03",
                    (i, i),
                )
            })
            .collect(),
        dates: (String::new(), String::new()),
        note: String::new(),
        checked_by: String::new(),
        ..paper.clone()
    };
    vec![
        Volume { frame: frame.clone(), paper, versions: versions(), unbound: 1, status: None },
        Volume { frame, paper: old, versions: versions(), unbound: 1, status: None },
        Volume {
            frame: Frame::extreme(),
            paper: extreme,
            versions: vec![version(2, "2026-10-08", 37, 37)],
            unbound: 1_000_000,
            status: Some("已装订成第2版。".to_owned()),
        },
    ]
}

pub(super) fn prints() -> Vec<VolumePrint> {
    let print = |page: Volume| VolumePrint {
        frame: page.frame,
        paper: page.paper,
        printed: "2026-11-23 11:40".to_owned(),
    };
    examples().into_iter().map(print).collect()
}
