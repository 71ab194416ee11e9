//! Samples of a household's file: ordinary, newly opened, extreme.

use super::*;

fn filed(
    order: u64,
    code: &str,
    title: &str,
    responsible: &str,
    date: &str,
    pages: (u64, u64),
) -> Row {
    Row::Filed(Filed {
        document: 120_000 + order,
        order,
        type_code: code.to_owned(),
        title: title.to_owned(),
        responsible: responsible.to_owned(),
        date: date.to_owned(),
        pages: Some(pages),
        standing: Standing::Bound,
    })
}

fn missing(code: &str, name: &str, owner: &str) -> Row {
    Row::Missing(Missing {
        type_code: code.to_owned(),
        name: name.to_owned(),
        owner: owner.to_owned(),
        since: "2026-03-09".to_owned(),
    })
}

fn level(name: &str, have: u64, expected: u64, missing: &[&str]) -> Level {
    Level {
        name: name.to_owned(),
        have,
        expected,
        missing: missing.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn event(entry: u64, date: &str, what: &str, who: &str, changed: bool) -> Event {
    Event { entry, date: date.to_owned(), what: what.to_owned(), who: who.to_owned(), changed }
}

pub(super) fn examples() -> Vec<Household> {
    let mut extreme = usual();
    extreme.frame = Frame::extreme();
    extreme.head = "阿卜杜勒艾则孜吾买尔江努".to_owned();
    extreme.case = case::receiving();
    extreme.organisation = "青石县柳桥街道槐荫里第一社区居民委员会".to_owned();
    extreme.groups.push(Group {
        name: "日常管理类".to_owned(),
        rows: vec![
            filed(
                1_000,
                "B01",
                "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告",
                "青石县民政局社会救助和养老服务综合保障中心",
                "2026-11-20",
                (99_998, 100_000),
            ),
            Row::Filed(Filed {
                document: 9,
                order: 1_001,
                type_code: String::new(),
                title: String::new(),
                responsible: String::new(),
                date: String::new(),
                pages: None,
                standing: Standing::Unread,
            }),
        ],
    });
    if let Some(plan) = &mut extreme.bind {
        plan.obstacles = vec!["第7件页号重了：第9页出现两次。".to_owned()];
    }
    vec![usual(), new_file(), extreme]
}

fn new_file() -> Household {
    Household {
        frame: Frame { here: "/household/99010200300700035".to_owned(), ..Frame::sample() },
        no: "99010200300700035".to_owned(),
        head: "马素琴".to_owned(),
        address: String::new(),
        organisation: "石板桥社区".to_owned(),
        open_findings: 0,
        status: Some("已立马素琴户。".to_owned()),
        groups: vec![Group {
            name: "审批类".to_owned(),
            rows: vec![
                missing("A01", "低保申请书", "石板桥社区"),
                missing("A02", "申请审批表", "民政局"),
                missing("A05", "户口簿复印件", "街道"),
            ],
        }],
        documents: 0,
        case: case::Case::default(),
        levels: vec![
            level("居委会", 0, 1, &["低保申请书"]),
            level("街道", 0, 1, &["户口簿复印件"]),
            level("民政局", 0, 1, &["申请审批表"]),
        ],
        volume: None,
        unbound: 0,
        bind: None,
        visitors: vec!["周桂兰".to_owned(), "周桂英".to_owned()],
        events: vec![event(184_190, "2026-11-23", "立户", "赵玉梅", true)],
        events_total: 1,
        looks: Vec::new(),
        people: people(),
        has_roster: true,
        kin: kinship::sample(),
        looks_total: 0,
        reads_uses: false,
    }
}

fn usual() -> Household {
    let bureau = "青石县民政局";
    let approval = vec![
        filed(1, "A01", "低保申请书", "周桂兰", "2026-03-09", (1, 1)),
        filed(2, "A02", "城市居民最低生活保障待遇申请审批表", bureau, "2026-04-02", (2, 3)),
        filed(3, "A04", "家庭经济状况核对授权书", "周桂兰", "2026-03-09", (4, 4)),
        filed(4, "A05", "户口簿复印件", "周桂兰", "2026-03-09", (5, 7)),
        filed(5, "A08", "收入证明（陈晓梅）", "青石县洁安物业服务部", "2026-03-10", (8, 8)),
        filed(6, "A15", "信息核对报告", "青石县民政局核对中心", "2026-03-18", (9, 10)),
        filed(7, "A16", "社会救助家庭入户调查表", "柳桥街道办事处", "2026-03-16", (11, 12)),
        missing("A20", "公示照片（张贴后）", "槐荫里社区"),
        filed(8, "A23", "最低生活保障确认通知书", bureau, "2026-04-03", (13, 13)),
    ];
    let routine = Row::Filed(Filed {
        document: 184_218,
        order: 9,
        type_code: "B01".to_owned(),
        title: "定期核查（复审）表".to_owned(),
        responsible: "柳桥街道办事处".to_owned(),
        date: "2026-11-20".to_owned(),
        pages: Some((14, 14)),
        standing: Standing::Unbound,
    });
    Household {
        frame: Frame { here: "/household/99010200300400127".to_owned(), ..Frame::sample() },
        no: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        address: "槐荫里12号院3幢2单元401室".to_owned(),
        organisation: "槐荫里社区".to_owned(),
        open_findings: 2,
        status: None,
        groups: vec![
            Group { name: "审批类".to_owned(), rows: approval },
            Group {
                name: "日常管理类".to_owned(),
                rows: vec![routine, missing("A08", "收入证明（下半年）", "街道")],
            },
        ],
        case: case::sample(),
        documents: 9,
        levels: vec![
            level("居委会", 2, 3, &["公示照片"]),
            level("街道", 4, 5, &["收入证明"]),
            level("民政局", 3, 3, &[]),
        ],
        volume: Some(VolumeBrief {
            version: 2,
            reference_code: Some("J016-DB·2026-D10-046".to_owned()),
            documents: 8,
            pages: 13,
            bound: "2026-10-08".to_owned(),
            by: "宋青".to_owned(),
        }),
        unbound: 1,
        bind: Some(BindPlan {
            version: 3,
            documents: 9,
            pages: 14,
            changes: vec!["加入第9件：定期核查（复审）表，1页（第14页）".to_owned()],
            missing: vec!["公示照片".to_owned(), "收入证明".to_owned()],
            note: "第3版补入定期核查（复审）表1件1页。".to_owned(),
            obstacles: Vec::new(),
        }),
        visitors: vec!["周桂兰".to_owned(), "周桂英".to_owned()],
        events: vec![
            event(184_218, "2026-11-20", "复审表归入", "赵玉梅", true),
            event(182_004, "2026-11-18", "查阅1次", "何国平", false),
            event(171_330, "2026-10-08", "案卷重新装订，第2版", "宋青", true),
            event(122_871, "2026-04-03", "确认通知书归入", "赵玉梅", true),
        ],
        events_total: 46,
        looks: UseRow::samples(),
        people: people(),
        has_roster: false,
        kin: kinship::gone(),
        looks_total: 1_000_000,
        reads_uses: true,
    }
}

fn people() -> Vec<Person> {
    let person = |name: &str, relation: &str, number: &str| Person {
        name: name.to_owned(),
        relation: relation.to_owned(),
        number: number.to_owned(),
    };
    vec![person("周桂兰", "", "9901**********2146"), person("周小满", "孙女", "")]
}
