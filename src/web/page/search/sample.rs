//! Samples of the search page: found, blank, nothing, refused, extreme.

use super::*;
use crate::search::Renewal;
use crate::web::lang::Lang;
use crate::web::page::part::{Ended, HouseholdRef, Look, Mark};

fn pieces(text: &str) -> Vec<Piece> {
    // In samples a found word stands between braces.
    let mut pieces = Vec::new();
    for part in text.split('{') {
        match part.split_once('}') {
            Some((word, rest)) => {
                pieces.push(Piece { text: word.to_owned(), found: true });
                pieces.push(Piece { text: rest.to_owned(), found: false });
            }
            None => pieces.push(Piece { text: part.to_owned(), found: false }),
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

const BOXES: [[u32; 4]; 4] =
    [[185, 189, 84, 40], [187, 508, 90, 32], [221, 641, 153, 40], [517, 817, 90, 34]];

fn hit(document: u64, title: &str, date: &str, places: u64, snippet: &str) -> Hit {
    Hit {
        document,
        title: title.to_owned(),
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        ended: (document == 120_001).then(Ended::sample),
        date: date.to_owned(),
        reference: Some("J016-DB·2026-D10-046".to_owned()),
        pages: vec![1],
        places,
        near: if document == 120_005 {
            vec!["这里读作「周佳兰」（字形相近）".to_owned()]
        } else {
            Vec::new()
        },
        fields: match document {
            120_005 => vec![FieldHit {
                kind: "字段".to_owned(),
                name: "工作单位".to_owned(),
                value: pieces("原市{第一纺织厂}退休"),
            }],
            _ => Vec::new(),
        },
        snippet: pieces(snippet),
        picture: Some(
            Picture::new(&format!("h{document}"), document, 1, (900, 1273), "")
                .with(Look::Found, &BOXES[..2]),
        ),
        asks: false,
        grouped: false,
        heads: false,
        selected: document == 120_002,
    }
}

fn facet(field: FacetField, values: &[(&str, &str, u64)]) -> Facet {
    let values = values.iter().map(|(value, name, documents)| FacetValue {
        value: (*value).to_owned(),
        name: (*name).to_owned(),
        documents: *documents,
    });
    Facet { field, values: values.collect() }
}

pub(super) fn examples() -> Vec<Search> {
    let blank = Search {
        frame: Frame { here: "/search".to_owned(), ..Frame::sample() },
        asked: Asked::default(),
        status: Some("改了名。".to_owned()),
        renewal: None,
        outcome: Outcome::Blank(Blank {
            recent: ["周桂兰 收入", "周桂兰 ▸ 停发", "残疾证"]
                .map(|words| Recent { words: words.to_owned(), href: "/search?q=x".to_owned() })
                .into(),
            saved: [
                ("a1", "周桂兰户的收入", "周桂兰 收入；收入证明、2026", 3),
                ("b2", "把握低的", "低，可能有误", 0),
            ]
            .map(|(id, name, about, news)| SavedRow {
                id: id.to_owned(),
                name: name.to_owned(),
                about: about.to_owned(),
                news,
            })
            .into(),
        }),
    };
    let first = Search {
        frame: Frame { here: "/search".to_owned(), ..Frame::sample() },
        asked: Asked::default(),
        status: None,
        renewal: None,
        outcome: Outcome::Blank(Blank::default()),
    };
    let nothing = Search {
        frame: Frame {
            query: "周桂兰 残疾证".to_owned(),
            here: "/search?q=x".to_owned(),
            ..Frame::sample()
        },
        asked: Asked { years: vec!["2026".to_owned()], ..Asked::of("周桂兰 残疾证") },
        status: None,
        renewal: None,
        outcome: Outcome::Nothing(Nothing {
            read_as: ReadAs {
                all: vec!["周桂兰".to_owned(), "残疾证".to_owned()],
                ..ReadAs::default()
            },
            links: Vec::new(),
            alone: vec![("周桂兰".to_owned(), 41), ("残疾证".to_owned(), 218)],
            unread: 3,
            hint: "少写一两个字再试，也许能查到。".to_owned(),
        }),
    };
    let refused = Search {
        frame: Frame {
            query: "周桂兰 NOT".to_owned(),
            here: "/search?q=x".to_owned(),
            ..Frame::sample()
        },
        asked: Asked::of("周桂兰 NOT"),
        status: None,
        renewal: None,
        outcome: Outcome::Refused(Refused {
            message: "「NOT」后面缺一个词，还没有查。".to_owned(),
            hint: "写上要排除的词，或去掉NOT。".to_owned(),
            before: "周桂兰 NOT ".to_owned(),
            at: String::new(),
            after: String::new(),
        }),
    };
    vec![usual(), blank, nothing, refused, extreme(), alike(), first, renewed(), asking()]
}

fn usual() -> Search {
    let marks = BOXES.iter().enumerate().map(|(i, bbox)| Mark {
        bbox: *bbox,
        look: if i == 0 { Look::Current } else { Look::Found },
        word: "周桂兰".to_owned(),
        hit: i as u64 + 1,
    });
    let mut picture = Picture::new("preview", 120_002, 1, (900, 1273), "选中件的第1页");
    picture.marks = marks.collect();
    let found = Found {
        documents: 23,
        pages: 41,
        near: 2,
        read_as: ReadAs {
            all: vec!["周桂兰".to_owned(), "收入".to_owned()],
            fields: vec!["金额:>500".to_owned()],
            notes: vec!["也列出近似「周桂兰」的：「周佳兰」（字形相近）。".to_owned()],
            wider: "周桂兰~ 收入 -停发".to_owned(),
            not: vec!["停发".to_owned()],
            ..ReadAs::default()
        },
        links: vec![Link {
            words: "低保".to_owned(),
            read_as: ReadAs { all: vec!["低保".to_owned()], ..ReadAs::default() },
        }],
        unread: 3,
        facets: vec![
            facet(
                FacetField::Type,
                &[
                    ("A08", "收入证明", 6),
                    ("B01", "定期核查（复审）表", 4),
                    ("A02", "申请审批表", 3),
                    ("A16", "入户调查表", 3),
                ],
            ),
            facet(
                FacetField::Organisation,
                &[
                    ("990102003004", "槐荫里社区", 19),
                    ("990102003002", "西仓社区", 3),
                    ("990102003005", "渡口社区", 1),
                ],
            ),
            facet(
                FacetField::Year,
                &[("2026", "2026", 17), ("2025", "2025", 5), ("2024", "2024", 1)],
            ),
            facet(
                FacetField::Standing,
                &[("receiving", "在保", 17), ("stopped", "停保", 5), ("applying", "申请中", 1)],
            ),
            facet(
                FacetField::Category,
                &[("B", "B类，收入不稳定", 15), ("A", "A类，长期", 6), ("C", "C类，有劳动能力", 2)],
            ),
            facet(FacetField::State, &[("bound", "已立卷", 21), ("open", "还没立卷", 2)]),
            facet(
                FacetField::Confidence,
                &[("high", "高", 18), ("middle", "中", 4), ("low", "低，可能有误", 1)],
            ),
            facet(
                FacetField::Household,
                &[
                    ("99010200300400127", "周桂兰", 17),
                    ("99010200300200066", "周桂香", 3),
                    ("99010200300500047", "何桂珍", 1),
                ],
            ),
        ],
        hits: grouped(vec![
            hit(
                120_002,
                "城市居民最低生活保障待遇申请审批表",
                "2026-04-02",
                5,
                "户主姓名 {周桂兰} 性别 女 年龄 68 …… 家庭月总{收入} 1260元 月人均{收入} 420.00元",
            ),
            hit(
                120_007,
                "社会救助家庭入户调查表",
                "2026-03-16",
                3,
                "户主姓名 {周桂兰} …… 工资性{收入} 15120 经营{收入} 0 财产{收入} 0",
            ),
            hit(
                120_005,
                "收入证明（陈晓梅）",
                "2026-03-10",
                2,
                "兹证明 陈晓梅 …… 月平均{收入}（税后）人民币 壹仟贰佰陆拾元整",
            ),
            hit(
                184_218,
                "定期核查（复审）表",
                "2026-11-20",
                3,
                "户主姓名 {周桂兰} 核查周期 每半年 …… 年{收入} 15840",
            ),
            hit(
                120_001,
                "低保申请书",
                "2026-03-09",
                2,
                "本人{周桂兰}，女，1957年4月生 …… 家庭月{收入}仅1260元，生活十分困难",
            ),
            Hit {
                household: None,
                picture: None,
                pages: vec![2, 3],
                ..hit(
                    184_204,
                    "扫描0004.pdf",
                    "",
                    2,
                    "……与{周桂兰}同院，知其女儿做保洁，{收入}不多 ……",
                )
            },
        ]),
        preview: Some(Preview { document: 120_002, page: 1, of: 2, picture: Some(picture) }),
        after: Some("relevance.1069547520..17".to_owned()),
    };
    Search {
        frame: Frame {
            query: "周桂兰 收入 -停发".to_owned(),
            here: "/search?q=%E5%91%A8%E6%A1%82%E5%85%B0".to_owned(),
            ..Frame::sample()
        },
        asked: Asked {
            within: vec!["低保".to_owned()],
            organisations: vec!["990102003004".to_owned()],
            types: vec!["A08".to_owned(), "B01".to_owned()],
            ..Asked::of("周桂兰 收入 -停发")
        },
        status: None,
        renewal: None,
        outcome: Outcome::Found(Box::new(found)),
    }
}

fn alike() -> Search {
    let Search { frame, outcome, .. } = usual();
    let hits = match outcome {
        Outcome::Found(found) => found.hits.into_iter().take(3).collect(),
        _ => Vec::new(),
    };
    Search {
        frame,
        asked: Asked::default(),
        status: None,
        renewal: None,
        outcome: Outcome::Alike(Alike {
            document: 120_002,
            title: "城市居民最低生活保障待遇申请审批表".to_owned(),
            words: ["桂兰", "槐荫里", "保洁", "陈晓梅"].map(str::to_owned).into(),
            documents: 3,
            hits,
        }),
    }
}

/// Nobody has said yet why they look.
fn asking() -> Search {
    let mut page = usual();
    if let Outcome::Found(found) = &mut page.outcome {
        for hit in found.hits.iter_mut().filter(|hit| hit.household.is_some()) {
            (hit.asks, hit.picture) = (true, None);
        }
        if let Some(preview) = &mut found.preview {
            preview.picture = None;
        }
    }
    page
}

fn renewed() -> Search {
    let renewal = Renewal { done: 430_000, of: 1_000_000, former: true };
    Search { renewal: Some(told(Lang::Zh, &renewal)), ..usual() }
}

fn extreme() -> Search {
    let mut page = usual();
    page.frame = Frame {
        query: "阿卜杜勒艾则孜吾买尔江努 <b>&\"' 收入".to_owned(),
        ..Frame::extreme()
    };
    if let Outcome::Found(found) = &mut page.outcome {
        found.documents = 1_000_000;
        found.pages = 54_000_000;
        found.read_as = ReadAs {
            all: vec!["阿卜杜勒艾则孜吾买尔江努".to_owned(), "<b>&\"'".to_owned()],
            any: vec![vec!["收入".to_owned(), "工资".to_owned()]],
            not: Vec::new(),
            literal: true,
            ..ReadAs::default()
        };
        for hit in &mut found.hits {
            hit.title =
                "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告".to_owned();
            hit.household =
                Some(HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努"));
            hit.pages = (1..=300).collect();
        }
    }
    page
}
