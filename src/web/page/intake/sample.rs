//! Samples of the intake desk: ordinary, empty, known bytes, a broken file, extreme.

use super::*;
use crate::web::page::part::Look;

fn item(document: u64, name: &str, pages: u64, head: &str, state: PileState) -> PileItem {
    PileItem { document, name: name.to_owned(), pages, head: head.to_owned(), state }
}

fn field(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}

fn candidate(no: &str, head: &str, reason: &str, sure: bool) -> Candidate {
    Candidate {
        household: HouseholdRef::new(no, head),
        reason: reason.to_owned(),
        sure,
        chosen: sure,
    }
}

fn lack(name: &str, owner: &str, this_one: bool) -> LackRow {
    LackRow { name: name.to_owned(), owner: owner.to_owned(), this_one }
}

pub(super) fn examples() -> Vec<Intake> {
    let empty = Intake {
        frame: Frame { intake_waiting: 0, here: "/intake".to_owned(), ..Frame::sample() },
        pile: Vec::new(),
        pile_total: 0,
        filed: vec![item(184_196, "确认通知书", 1, "周桂兰", PileState::Filed)],
        status: Some("已归入周桂兰户第9件。".to_owned()),
        current: None,
        types: TypeChoice::samples(),
        limit: 200_000_000,
        not_reading: Some("识别模型没有装，收下的扫描件先不识别。装上后会接着读。".to_owned()),
    };
    vec![usual(), empty, known(), broken(), extreme()]
}

fn usual() -> Intake {
    let pages = vec![
        Picture::new("p1", 184_201, 1, (900, 1273), "申请审批表第1页").with(
            Look::Field,
            &[[171, 76, 558, 41], [185, 189, 84, 40], [661, 140, 171, 31], [185, 245, 439, 40]],
        ),
        Picture::new("p2", 184_201, 2, (900, 1273), "申请审批表第2页"),
    ];
    Intake {
        frame: Frame { here: "/intake?doc=184201".to_owned(), ..Frame::sample() },
        pile: vec![
            item(184_201, "申请审批表", 2, "周桂兰", PileState::Ready),
            item(184_202, "户口簿复印件", 2, "周桂兰", PileState::Ready),
            item(184_203, "收入证明", 1, "周桂兰", PileState::Ready),
            item(184_204, "入户调查表", 2, "", PileState::Doubt),
            item(184_205, "定期核查（复审）表", 1, "陈树生", PileState::Ready),
            item(184_207, "收入证明", 1, "陈树生", PileState::Known),
            item(184_208, "a-0417.tif", 0, "", PileState::Broken("文件尾部缺2,048字节".to_owned())),
            item(184_209, "扫描0007.jpg", 1, "", PileState::Reading),
        ],
        pile_total: 8,
        filed: vec![
            item(184_196, "确认通知书", 1, "周桂兰", PileState::Filed),
            item(184_195, "信息核对报告", 2, "周桂兰", PileState::Filed),
        ],
        status: None,
        current: Some(Proposal {
            document: 184_201,
            file_name: "扫描0001.pdf".to_owned(),
            pages,
            how: "已转正180°".to_owned(),
            state: PileState::Ready,
            candidates: vec![
                candidate("99010200300400127", "周桂兰", "姓名、身份证号、住址三处相符", true),
                candidate("99010200300200066", "周桂香", "姓名两字相同，身份证号不符", false),
            ],
            other: String::new(),
            new_head: String::new(),
            type_code: "A02".to_owned(),
            title: "周桂兰户最低生活保障待遇申请审批表".to_owned(),
            date: "2026-03-09".to_owned(),
            responsible: "青石县民政局".to_owned(),
            document_no: String::new(),
            doubts: vec![field("date", "「3月9日」也可能是「3月7日」，请看一眼。")],
            errors: Vec::new(),
            scope: vec!["审批类".to_owned(), "低保对象类".to_owned(), "停保后3年".to_owned()],
            duplicate: None,
            lacks: Some(Lacks {
                head: "周桂兰".to_owned(),
                expected: 11,
                missing: vec![
                    lack("申请审批表", "民政局", true),
                    lack("收入证明", "街道", false),
                    lack("公示照片", "槐荫里社区", false),
                ],
            }),
            previous: Some(184_200),
            next: Some(184_202),
        }),
        types: TypeChoice::samples(),
        limit: 200_000_000,
        not_reading: None,
    }
}

/// The same bytes came again, and a form that was refused.
fn known() -> Intake {
    let mut page = usual();
    if let Some(current) = &mut page.current {
        current.state = PileState::Known;
        current.duplicate = Some(Duplicate {
            document: 120_044,
            household: Some(HouseholdRef::new("99010200300400118", "林秀芳")),
            title: "收入证明（林秀芳）".to_owned(),
            accepted: "2026-03-12".to_owned(),
        });
        current.candidates.clear();
        current.other = "9901020030040012".to_owned();
        current.errors = vec![
            field("household", "户号是17位数字，这里有16位。"),
            field("title", "题名不能空着，目录上要印。"),
        ];
        current.title = String::new();
        current.lacks = None;
    }
    page
}

/// A file that cannot be drawn or read.
fn broken() -> Intake {
    let mut page = usual();
    if let Some(current) = &mut page.current {
        current.state = PileState::Broken("文件尾部缺2,048字节，请从扫描仪重取。".to_owned());
        current.document = 184_208;
        current.file_name = "a-0417.tif".to_owned();
        current.pages.clear();
        current.candidates.clear();
        current.title = String::new();
        current.date = String::new();
        current.doubts.clear();
        current.lacks = None;
    }
    page
}

fn extreme() -> Intake {
    let mut page = usual();
    page.frame = Frame::extreme();
    page.pile_total = 1_000_000;
    let title =
        "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告";
    for item in &mut page.pile {
        item.name = title.to_owned();
        item.head = "阿卜杜勒艾则孜吾买尔江努".to_owned();
        item.pages = 100_000;
    }
    if let Some(current) = &mut page.current {
        current.title = title.to_owned();
        current.file_name = format!("{title}-扫描仪一-20261123-0000000000000000000000001.tiff");
        for candidate in &mut current.candidates {
            candidate.household.head = "阿卜杜勒艾则孜吾买尔江努".to_owned();
        }
    }
    page
}
