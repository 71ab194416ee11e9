//! Samples of the viewer: a hit, unread, differing bytes, the text tab, extreme.

use super::*;
use crate::web::page::part::{Look, Mark};
use crate::web::page::uses::UseRow;

fn line(text: &str, found: &str, y: u32, confidence: u64) -> Line {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(found).filter(|_| !found.is_empty()) {
        pieces.push(Piece { text: before.to_owned(), found: false });
        pieces.push(Piece { text: found.to_owned(), found: true });
        rest = after;
    }
    pieces.push(Piece { text: rest.to_owned(), found: false });
    pieces.retain(|piece| !piece.text.is_empty());
    Line { pieces, bbox: [120, y, 640, 34], confidence: Some(confidence) }
}

pub(super) fn examples() -> Vec<Viewer> {
    vec![usual(), unread(), differs(), text_tab(), extreme()]
}

fn usual() -> Viewer {
    let boxes = [[185, 189, 84, 40], [187, 508, 90, 32], [517, 817, 90, 34]];
    let marks = boxes.iter().enumerate().map(|(i, bbox)| Mark {
        bbox: *bbox,
        look: if i == 0 { Look::Current } else { Look::Found },
        word: "周桂兰".to_owned(),
        hit: i as u64 + 1,
    });
    let mut picture =
        Picture::new("page", 120_002, 1, (900, 1273), "城市居民最低生活保障待遇申请审批表第1页");
    picture.marks = marks.collect();
    Viewer {
        frame: Frame {
            query: "周桂兰".to_owned(),
            here: "/doc/120002?q=%E5%91%A8%E6%A1%82%E5%85%B0".to_owned(),
            ..Frame::sample()
        },
        document: 120_002,
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        reference_code: Some("J016-DB·2026-D10-046-002".to_owned()),
        fields: Fields {
            type_code: "A02".to_owned(),
            type_name: "申请审批表".to_owned(),
            title: "城市居民最低生活保障待遇申请审批表".to_owned(),
            date: "2026-04-02".to_owned(),
            responsible: "青石县民政局".to_owned(),
            document_no: String::new(),
        },
        errors: Vec::new(),
        types: TypeChoice::samples(),
        integrity: Integrity::Same,
        status: None,
        thumbs: vec![
            Thumb {
                page: 1,
                number: 2,
                hits: 3,
                picture: Picture::new("t1", 120_002, 1, (900, 1273), ""),
            },
            Thumb {
                page: 2,
                number: 3,
                hits: 1,
                picture: Picture::new("t2", 120_002, 2, (900, 1273), ""),
            },
        ],
        page: 1,
        picture: Some(picture),
        no_picture: String::new(),
        reading: Reading::Read(vec![
            line("城市居民最低生活保障待遇申请审批表", "周桂兰", 76, 99),
            line("青石县柳桥街道槐荫里社区 填表日期2026年3月9日", "周桂兰", 140, 97),
            line("户主姓名 周桂兰 性别 女 年龄 68 民族 汉", "周桂兰", 189, 98),
            line("身份证号 9901**********2146 家庭人口 3", "周桂兰", 245, 96),
            line("家庭月总收入 1260元 月人均收入 420.00元", "周桂兰", 640, 71),
            line("签字：周桂兰 2026年3月9日", "周桂兰", 817, 88),
        ]),
        asked: Asked::of("周桂兰"),
        in_result: true,
        hits: 4,
        hit: 1,
        previous_hit: None,
        next_hit: Some(HitPlace { page: 1, hit: 2 }),
        previous: Some(120_001),
        next: Some(120_003),
        tab: Tab::Fields,
        looks: UseRow::samples(),
        looks_total: 1_000_000,
        reads_uses: true,
        form: Some("申请审批表".to_owned()),
        provenance: Provenance {
            files: vec![FileFact {
                order: 1,
                name: "扫描0001.pdf".to_owned(),
                kind: "PDF".to_owned(),
                bytes: 612_400,
                sha256: "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9"
                    .to_owned(),
            }],
            pages: vec![
                PageFact {
                    page: 1,
                    source: "识别".to_owned(),
                    reason: "没有内嵌文字".to_owned(),
                    turned: 180,
                },
                PageFact {
                    page: 2,
                    source: "识别".to_owned(),
                    reason: "没有内嵌文字".to_owned(),
                    turned: 0,
                },
            ],
            events: vec![
                event(171_330, "2026-10-08 10:40", "装订进第2版，第2件", "宋青", true),
                event(
                    120_310,
                    "2026-04-02 16:02",
                    "更正日期：2026-03-09改为2026-04-02",
                    "赵玉梅",
                    true,
                ),
                event(120_102, "2026-04-02 15:58", "归入周桂兰户", "赵玉梅", true),
                event(120_002, "2026-04-02 15:31", "收下", "赵玉梅", true),
            ],
        },
    }
}

fn event(entry: u64, when: &str, what: &str, who: &str, changed: bool) -> Event {
    Event { entry, when: when.to_owned(), what: what.to_owned(), who: who.to_owned(), changed }
}

/// A paper on the intake desk that is not read yet.
fn unread() -> Viewer {
    let mut page = usual();
    page.frame.query = String::new();
    page.household = None;
    page.reference_code = None;
    page.fields = Fields::default();
    page.errors = vec![FieldError {
        field: "title".to_owned(),
        message: "题名不能空着，目录上要印。".to_owned(),
    }];
    page.hits = 0;
    page.hit = 0;
    page.next_hit = None;
    page.previous = None;
    page.next = None;
    page.reading = Reading::Waiting;
    page.tab = Tab::Text;
    if let Some(picture) = &mut page.picture {
        picture.marks.clear();
    }
    page
}

/// A paper whose bytes are not what was accepted.
fn differs() -> Viewer {
    let mut page = usual();
    let accepted = "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned();
    let found = "03bd51f7d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned();
    page.integrity = Integrity::Differs(accepted, found);
    page.picture = None;
    page.no_picture = "已停止提供。".to_owned();
    page.thumbs.clear();
    page.reading = Reading::Failed("第1页读不出，已试3次。".to_owned());
    page.tab = Tab::Provenance;
    page
}

fn text_tab() -> Viewer {
    let mut page = usual();
    page.tab = Tab::Text;
    page.hit = 2;
    page.previous_hit = Some(HitPlace { page: 1, hit: 1 });
    page.next_hit = Some(HitPlace { page: 2, hit: 4 });
    page.in_result = false;
    page
}

fn extreme() -> Viewer {
    let mut page = usual();
    page.frame =
        Frame { query: "阿卜杜勒艾则孜吾买尔江努".to_owned(), ..Frame::extreme() };
    page.fields.title =
        "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告"
            .to_owned();
    page.household = Some(HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努"));
    page.integrity = Integrity::NotLooked("磁盘忙".to_owned());
    page.hits = 1_000_000;
    page.hit = 999_999;
    page.thumbs = (1..=120)
        .map(|i| Thumb {
            page: i,
            number: 99_880 + i,
            hits: i * 100,
            picture: Picture::new(&format!("t{i}"), 120_002, i, (900, 1273), ""),
        })
        .collect();
    page
}
