//! Samples: a form in doubt, a conflict, an empty and an extreme one.

use super::*;

fn field(id: usize, name: &str, value: &str, sure: Option<u64>) -> Field {
    Field {
        id,
        field: format!("field_{id}"),
        name: name.to_owned(),
        mode: "text",
        value: value.to_owned(),
        sure,
        page: "1".to_owned(),
        bbox: format!("185 {} 420 36", 180 + 50 * id),
        ..Field::default()
    }
}

fn bare(frame: Frame) -> Keying {
    Keying {
        frame,
        document: 120_002,
        title: "城市居民最低生活保障待遇申请审批表".to_owned(),
        household: HouseholdRef::new("99010200300400127", "周桂兰"),
        form: "申请审批表".to_owned(),
        pages: Vec::new(),
        more_pages: 0,
        seen: "-1".to_owned(),
        by: None,
        read: false,
        draft: None,
        resumed: false,
        wrong: None,
        sections: Vec::new(),
        former: Vec::new(),
    }
}

pub(super) fn keying() -> Vec<Keying> {
    let section = |name: &str, fields: Vec<Field>| Section { name: name.to_owned(), fields };
    let mut amount = field(9, "户月保障金额", "1095.00", Some(60));
    amount.required = true;
    amount.messages.push((
        false,
        "(保障标准 − 月人均收入) × 保障人口 = 户月保障金额：算出来是1995.00，填的是1095.00。"
            .to_owned(),
    ));
    let mut sex = field(2, "性别", "女", Some(97));
    sex.choices = ["男", "女"].map(|one| (one.to_owned(), one.to_owned())).to_vec();
    let mut row = field(5, "姓名", "陈晓梅", Some(96));
    row.row = "家庭成员 1".to_owned();
    let mut reason =
        field(12, "申请理由", "本人肢体二级残疾，无劳动能力；女儿打零工，收入不稳。", Some(88));
    reason.long = true;
    let usual = Keying {
        pages: vec![Picture::new("p1", 120_002, 1, (900, 1273), "申请审批表第1页")],
        read: true,
        draft: Some("11:31".to_owned()),
        resumed: true,
        sections: vec![
            section(
                "户主",
                vec![
                    field(1, "户主姓名", "周桂兰", Some(99)),
                    sex,
                    field(3, "身份证号", "9901**********2146", Some(98)),
                ],
            ),
            section("家庭成员", vec![row, field(6, "身份证号", "9901**********850X", Some(97))]),
            section("保障", vec![field(8, "保障标准", "1085.00", Some(99)), amount]),
            section("意见", vec![reason]),
        ],
        ..bare(Frame::sample())
    };
    let mut crossed = field(1, "户月保障金额", "1995.00", None);
    crossed.now = Some("1095.00".to_owned());
    let mut bad = field(2, "申请日期", "三月九日", None);
    bad.messages.push((true, "「申请日期」写成2026-03-09、20260309或3月9日这样。".to_owned()));
    let conflict = Keying {
        wrong: Some("刚才有人先录了这一件，您的还没有存，都在下面。".to_owned()),
        by: Some("陆小舟 2026-11-28 10:12 录过".to_owned()),
        seen: "184".to_owned(),
        read: true,
        sections: vec![section("保障", vec![crossed, bad])],
        former: vec![("members.1.identity".to_owned(), "长期患病".to_owned())],
        ..bare(Frame::sample())
    };
    let long = |id| field(id, &"长<b>".repeat(10), &"值".repeat(200), Some(3));
    let extreme = Keying {
        title: "题".repeat(120),
        pages: vec![Picture::new("p1", 7, 1, (4000, 300), "一页"); 3],
        more_pages: 17,
        sections: vec![section(&"节".repeat(40), (1..=60).map(long).collect())],
        ..bare(Frame::extreme())
    };
    vec![usual, bare(Frame::sample()), conflict, extreme]
}

pub(super) fn versions() -> Vec<Versions> {
    let version = Version {
        form: "申请审批表".to_owned(),
        by: "赵玉梅".to_owned(),
        when: "2026-11-28 11:40".to_owned(),
        readable: true,
        values: vec![
            ("户主姓名".to_owned(), "周桂兰".to_owned(), true),
            ("户月保障金额".to_owned(), "1995.00".to_owned(), false),
        ],
    };
    let page = |frame, versions| Versions {
        frame,
        document: 120_002,
        title: "城市居民最低生活保障待遇申请审批表".to_owned(),
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        status: None,
        versions,
    };
    let gone = Version { readable: false, values: Vec::new(), ..version.clone() };
    vec![
        page(Frame::sample(), vec![version.clone(), gone]),
        page(Frame::sample(), Vec::new()),
        page(Frame::extreme(), vec![version; 30]),
    ]
}

pub(super) fn offers() -> Vec<Offers> {
    let offer = |who: &str, name: &str, known: &str, value: &str| Offer {
        field: "income".to_owned(),
        who: who.to_owned(),
        joins: known.is_empty() && !who.is_empty(),
        name: name.to_owned(),
        known: known.to_owned(),
        value: value.to_owned(),
        obstacle: String::new(),
        ticked: true,
    };
    let mut odd = offer("陈晓梅", "健康状况", "", "肢体二级残疾");
    odd.obstacle = "只能是：健康、多病、重病。".to_owned();
    let page = |frame, rows| Offers {
        frame,
        document: 120_002,
        title: "城市居民最低生活保障待遇申请审批表".to_owned(),
        household: HouseholdRef::new("99010200300400127", "周桂兰"),
        seen: "184220".to_owned(),
        from: "2026-04-02".to_owned(),
        today: "2026-11-28".to_owned(),
        status: Some("存为新一版字段。".to_owned()),
        wrong: None,
        rows,
    };
    vec![
        page(
            Frame::sample(),
            vec![
                offer("", "家庭月收入", "640.00", "1260.00"),
                offer("陈宁", "姓名", "", "陈宁"),
                odd.clone(),
            ],
        ),
        page(Frame::sample(), Vec::new()),
        page(Frame::extreme(), vec![odd; 40]),
    ]
}
