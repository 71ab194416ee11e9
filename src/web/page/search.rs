//! 检索: how the words were understood, what was found, where it stands on the page.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, Look, Mark, Picture};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The search page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    /// The frame; its `query` is what was searched.
    pub frame: Frame,
    /// What narrows the search.
    pub chosen: Chosen,
    /// What came out.
    pub outcome: Outcome,
}

/// What narrows a search; empty means it does not.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Code of a type.
    pub type_code: String,
    /// Year.
    pub year: String,
    /// Household number.
    pub household: String,
    /// Organisation code.
    pub organisation: String,
}

/// What a search came to.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was asked.
    Blank,
    /// The words could not be understood.
    Refused(Refused),
    /// Nothing was found.
    Nothing(Nothing),
    /// Something was found.
    Found(Box<Found>),
}

/// Words that could not be understood, cut at the place.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// Text before the place.
    pub before: String,
    /// Text at the place; may be empty.
    pub at: String,
    /// Text after the place.
    pub after: String,
}

/// Nothing was found.
#[derive(Debug)]
pub struct Nothing {
    /// How the words were understood.
    pub read_as: ReadAs,
    /// What each word alone would find, in pages.
    pub alone: Vec<(String, u64)>,
    /// Pages that could not be read or were read with little confidence.
    pub unread: u64,
}

/// Something was found.
#[derive(Debug)]
pub struct Found {
    /// Documents in all.
    pub documents: u64,
    /// Pages in all.
    pub pages: u64,
    /// How the words were understood.
    pub read_as: ReadAs,
    /// Pages in scope that could not be read.
    pub unread: u64,
    /// Ways to narrow it.
    pub facets: Vec<Facet>,
    /// The documents of this page of results.
    pub hits: Vec<Hit>,
    /// The selected document's first hit page.
    pub preview: Option<Preview>,
    /// Where the next page of results starts.
    pub after: Option<String>,
}

/// How the words were understood.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    /// Words that must occur.
    pub all: Vec<String>,
    /// Groups of which one word must occur.
    pub any: Vec<Vec<String>>,
    /// Words that must not occur.
    pub not: Vec<String>,
    /// Whether blanks between characters count (they do not, as a rule).
    pub literal: bool,
}

/// Which field a facet narrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetField {
    /// 件种
    Type,
    /// 社区
    Organisation,
    /// 年度
    Year,
    /// 户
    Household,
}

impl FacetField {
    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            FacetField::Type => lang.t("件种", "Type"),
            FacetField::Organisation => lang.t("社区", "Community"),
            FacetField::Year => lang.t("年度", "Year"),
            FacetField::Household => lang.t("户", "Household"),
        }
    }
}

/// One way to narrow a result.
#[derive(Debug)]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Values that occur, most frequent first.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Debug)]
pub struct FacetValue {
    /// Value in the address.
    pub value: String,
    /// Name on screen.
    pub name: String,
    /// Documents that have it.
    pub documents: u64,
}

/// One document of the result.
#[derive(Debug)]
pub struct Hit {
    /// Number of the document.
    pub document: u64,
    /// Title.
    pub title: String,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// Date, ISO, or empty.
    pub date: String,
    /// Pages with hits; the first is opened.
    pub pages: Vec<u64>,
    /// Places found on those pages.
    pub places: u64,
    /// Text around the first hits.
    pub snippet: Vec<Piece>,
    /// Picture of the first hit page with boxes.
    pub picture: Option<Picture>,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// A piece of a snippet.
#[derive(Debug)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is a found word.
    pub found: bool,
}

/// The page of the selected document.
#[derive(Debug)]
pub struct Preview {
    /// Number of the document.
    pub document: u64,
    /// Page, from 1.
    pub page: u64,
    /// Pages of the document.
    pub of: u64,
    /// The page with boxes.
    pub picture: Picture,
}

impl ReadAs {
    /// The words joined as a sentence says them: 「周桂兰」和「收入」.
    pub fn words(&self, lang: Lang) -> String {
        let mut words: Vec<String> = self.all.iter().map(|word| lang.quote(word)).collect();
        for group in &self.any {
            let group: Vec<String> = group.iter().map(|word| lang.quote(word)).collect();
            words.push(group.join(lang.t("或", " or ")));
        }
        words.join(lang.t("和", " and "))
    }

    /// Whether several words must stand on one page.
    pub fn several(&self) -> bool {
        self.all.len() + self.any.len() > 1
    }
}

impl Search {
    /// Address of this search with other parts; `field` with an empty value lifts it.
    fn address(&self, field: Option<(FacetField, &str)>, sel: &str, after: &str) -> String {
        let pick = |wanted: FacetField, now: &str| match field {
            Some((field, value)) if field == wanted => value.to_owned(),
            _ => now.to_owned(),
        };
        let pairs = [
            ("q", self.frame.query.clone()),
            ("type", pick(FacetField::Type, &self.chosen.type_code)),
            ("year", pick(FacetField::Year, &self.chosen.year)),
            ("household", pick(FacetField::Household, &self.chosen.household)),
            ("organisation", pick(FacetField::Organisation, &self.chosen.organisation)),
            ("sel", sel.to_owned()),
            ("after", after.to_owned()),
        ];
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text::address("/search", &pairs)
    }

    /// Whether a value of a facet is chosen.
    pub fn is_chosen(&self, field: &FacetField, value: &str) -> bool {
        let now = match field {
            FacetField::Type => &self.chosen.type_code,
            FacetField::Year => &self.chosen.year,
            FacetField::Household => &self.chosen.household,
            FacetField::Organisation => &self.chosen.organisation,
        };
        !value.is_empty() && now == value
    }

    /// Address that chooses a value of a facet, or lifts it when it is chosen.
    pub fn narrowed(&self, field: &FacetField, value: &str) -> String {
        let value = if self.is_chosen(field, value) { "" } else { value };
        self.address(Some((*field, value)), "", "")
    }

    /// Address that selects a document of the result.
    pub fn selecting(&self, document: &u64) -> String {
        self.address(None, &document.to_string(), "")
    }

    /// Address of the next page of results.
    pub fn more(&self, after: &str) -> String {
        self.address(None, "", after)
    }

    /// Address that searches one word alone.
    pub fn alone(&self, word: &str) -> String {
        text::address("/search", &[("q", word)])
    }

    /// Whether a facet narrows the search.
    pub fn is_narrowed(&self) -> bool {
        let Chosen { type_code, year, household, organisation } = &self.chosen;
        [type_code, year, household, organisation].iter().any(|value| !value.is_empty())
    }

    /// Another reading one click away, as query and name: several words as
    /// alternatives. `None` when there is nothing to choose.
    pub fn reread(&self, read_as: &ReadAs) -> Option<(String, &'static str)> {
        let plain = read_as.all.len() > 1 && read_as.any.is_empty() && read_as.not.is_empty();
        plain.then(|| (read_as.all.join(" OR "), self.lang().t("改成任一即可", "Match any")))
    }

    /// Address of a document at its first hit.
    pub fn opening(&self, hit: &Hit) -> String {
        let page = hit.pages.first().copied().unwrap_or(1).to_string();
        let pairs = [("p", page.as_str()), ("hit", "1"), ("q", &self.frame.query)];
        text::address(&format!("/doc/{}", hit.document), &pairs)
    }

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        let Outcome::Found(found) = &self.outcome else {
            return String::new();
        };
        let pictures = found.hits.iter().filter_map(|hit| hit.picture.as_ref());
        pictures.chain(found.preview.as_ref().map(|preview| &preview.picture)).map(Picture::rules).collect()
    }
}

super::page!(Search, Some(Entry::Search), keys::RESULTS);

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

const BOXES: [[u32; 4]; 4] = [[185, 189, 84, 40], [187, 508, 90, 32], [221, 641, 153, 40], [517, 817, 90, 34]];

fn hit(document: u64, title: &str, date: &str, places: u64, snippet: &str) -> Hit {
    Hit {
        document,
        title: title.to_owned(),
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        date: date.to_owned(),
        pages: vec![1],
        places,
        snippet: pieces(snippet),
        picture: Some(
            Picture::new(&format!("h{document}"), document, 1, (900, 1273), "").with(Look::Found, &BOXES[..2]),
        ),
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

fn examples() -> Vec<Search> {
    let blank = Search {
        frame: Frame { here: "/search".to_owned(), ..Frame::sample() },
        chosen: Chosen::default(),
        outcome: Outcome::Blank,
    };
    let nothing = Search {
        frame: Frame { query: "周桂兰 残疾证".to_owned(), here: "/search?q=x".to_owned(), ..Frame::sample() },
        chosen: Chosen { year: "2026".to_owned(), ..Chosen::default() },
        outcome: Outcome::Nothing(Nothing {
            read_as: ReadAs { all: vec!["周桂兰".to_owned(), "残疾证".to_owned()], ..ReadAs::default() },
            alone: vec![("周桂兰".to_owned(), 41), ("残疾证".to_owned(), 218)],
            unread: 3,
        }),
    };
    let refused = Search {
        frame: Frame { query: "周桂兰 NOT".to_owned(), here: "/search?q=x".to_owned(), ..Frame::sample() },
        chosen: Chosen::default(),
        outcome: Outcome::Refused(Refused {
            message: "「NOT」后面缺一个词，还没有查。".to_owned(),
            hint: "写上要排除的词，或去掉NOT。".to_owned(),
            before: "周桂兰 NOT ".to_owned(),
            at: String::new(),
            after: String::new(),
        }),
    };
    vec![usual(), blank, nothing, refused, extreme()]
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
        read_as: ReadAs {
            all: vec!["周桂兰".to_owned(), "收入".to_owned()],
            not: vec!["停发".to_owned()],
            ..ReadAs::default()
        },
        unread: 3,
        facets: vec![
            facet(
                FacetField::Type,
                &[("A08", "收入证明", 6), ("B01", "定期核查（复审）表", 4), ("A02", "申请审批表", 3), ("A16", "入户调查表", 3)],
            ),
            facet(
                FacetField::Organisation,
                &[("990102003004", "槐荫里社区", 19), ("990102003002", "西仓社区", 3), ("990102003005", "渡口社区", 1)],
            ),
            facet(FacetField::Year, &[("2026", "2026", 17), ("2025", "2025", 5), ("2024", "2024", 1)]),
            facet(
                FacetField::Household,
                &[("99010200300400127", "周桂兰", 17), ("99010200300200066", "周桂香", 3), ("99010200300500047", "何桂珍", 1)],
            ),
        ],
        hits: vec![
            hit(120_002, "城市居民最低生活保障待遇申请审批表", "2026-04-02", 5,
                "户主姓名 {周桂兰} 性别 女 年龄 68 …… 家庭月总{收入} 1260元 月人均{收入} 420.00元"),
            hit(120_007, "社会救助家庭入户调查表", "2026-03-16", 3,
                "户主姓名 {周桂兰} …… 工资性{收入} 15120 经营{收入} 0 财产{收入} 0"),
            hit(120_005, "收入证明（陈晓梅）", "2026-03-10", 2, "兹证明 陈晓梅 …… 月平均{收入}（税后）人民币 壹仟贰佰陆拾元整"),
            hit(184_218, "定期核查（复审）表", "2026-11-20", 3, "户主姓名 {周桂兰} 核查周期 每半年 …… 年{收入} 15840"),
            hit(120_001, "低保申请书", "2026-03-09", 2, "本人{周桂兰}，女，1957年4月生 …… 家庭月{收入}仅1260元，生活十分困难"),
            Hit {
                household: None,
                picture: None,
                pages: vec![2, 3],
                ..hit(184_204, "扫描0004.pdf", "", 2, "……与{周桂兰}同院，知其女儿做保洁，{收入}不多 ……")
            },
        ],
        preview: Some(Preview { document: 120_002, page: 1, of: 2, picture }),
        after: Some("20".to_owned()),
    };
    Search {
        frame: Frame {
            query: "周桂兰 收入 -停发".to_owned(),
            here: "/search?q=%E5%91%A8%E6%A1%82%E5%85%B0".to_owned(),
            ..Frame::sample()
        },
        chosen: Chosen { organisation: "990102003004".to_owned(), ..Chosen::default() },
        outcome: Outcome::Found(Box::new(found)),
    }
}

fn extreme() -> Search {
    let mut page = usual();
    page.frame = Frame { query: "阿卜杜勒艾则孜吾买尔江努 <b>&\"' 收入".to_owned(), ..Frame::extreme() };
    if let Outcome::Found(found) = &mut page.outcome {
        found.documents = 1_000_000;
        found.pages = 54_000_000;
        found.read_as = ReadAs {
            all: vec!["阿卜杜勒艾则孜吾买尔江努".to_owned(), "<b>&\"'".to_owned()],
            any: vec![vec!["收入".to_owned(), "工资".to_owned()]],
            not: Vec::new(),
            literal: true,
        };
        for hit in &mut found.hits {
            hit.title =
                "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告".to_owned();
            hit.household = Some(HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努"));
            hit.pages = (1..=300).collect();
        }
    }
    page
}
