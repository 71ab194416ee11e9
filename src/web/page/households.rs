//! 户档: the list of households, and the form that opens a new file.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{Ended, FieldError, HouseholdRef, error_for};
use crate::web::{filters, keys, text};
use askama::Template;

/// One page of the list.
#[derive(Debug, Template)]
#[template(path = "households.html")]
pub struct Households {
    /// The frame.
    pub frame: Frame,
    /// Name or number the list is narrowed to; empty for all.
    pub filter: String,
    /// How many there are in all.
    pub total: u64,
    /// Fifty at most.
    pub rows: Vec<HouseholdRow>,
    /// Where the next page starts; `None` at the end.
    pub after: Option<String>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// The form that opens a file.
    pub open: OpenForm,
    /// Where the person lives, and lived, whose number is looked for.
    pub lived: Vec<Lived>,
}

/// Where a person lives or lived.
#[derive(Debug)]
pub struct Lived {
    /// The household.
    pub household: HouseholdRef,
    /// 姓名 of the person.
    pub name: String,
    /// Until which day and why, as a phrase; empty: lives there now.
    pub until: String,
}

/// One household of the list.
#[derive(Debug)]
pub struct HouseholdRow {
    /// The household.
    pub household: HouseholdRef,
    /// Its community.
    pub organisation: String,
    /// Documents filed.
    pub documents: u64,
    /// Types that are expected and missing.
    pub missing: u64,
    /// Version of the bound volume.
    pub version: Option<u64>,
    /// Documents filed and not bound.
    pub unbound: u64,
    /// The day something was filed last, ISO, or empty.
    pub last: String,
    /// That nobody lives in it any more.
    pub ended: Option<Ended>,
}

/// The form that opens a file, with what was typed.
#[derive(Debug, Default)]
pub struct OpenForm {
    /// Number, 17 digits.
    pub household_no: String,
    /// Name of the head.
    pub head: String,
    /// Address.
    pub address: String,
    /// Fields that were refused; the form is shown open when there are any.
    pub errors: Vec<FieldError>,
}

impl OpenForm {
    /// Why a field was refused.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_for(&self.errors, field)
    }
}

impl Households {
    /// Address of the next page.
    pub fn next(&self) -> Option<String> {
        let after = self.after.as_deref()?;
        Some(text::address("/households", &[("q", &self.filter), ("after", after)]))
    }
}

super::page!(Households, Some(Entry::Households), keys::HOUSEHOLDS, examples);

fn row(
    no: &str,
    head: &str,
    organisation: &str,
    counts: [u64; 3],
    version: Option<u64>,
    last: &str,
) -> HouseholdRow {
    let [documents, missing, unbound] = counts;
    HouseholdRow {
        household: HouseholdRef::new(no, head),
        organisation: organisation.to_owned(),
        documents,
        missing,
        version,
        unbound,
        last: last.to_owned(),
        ended: None,
    }
}

fn examples() -> Vec<Households> {
    let frame = Frame { here: "/households".to_owned(), ..Frame::sample() };
    let usual = Households {
        frame: frame.clone(),
        filter: String::new(),
        total: 482,
        rows: vec![
            row("99010200300200031", "唐月琴", "西仓社区", [9, 0, 0], Some(1), "2026-10-30"),
            row("99010200300200188", "田福来", "西仓社区", [8, 1, 0], Some(1), "2026-11-02"),
            row("99010200300200214", "吴小满", "西仓社区", [3, 6, 3], None, "2026-11-18"),
            row("99010200300400093", "陈树生", "槐荫里社区", [12, 0, 0], Some(3), "2026-11-20"),
            row("99010200300400118", "林秀芳", "槐荫里社区", [10, 1, 0], Some(1), "2026-03-12"),
            row("99010200300400127", "周桂兰", "槐荫里社区", [9, 2, 1], Some(2), "2026-11-20"),
            HouseholdRow {
                ended: Some(Ended::sample()),
                ..row("99010200300500047", "何桂珍", "渡口社区", [8, 0, 0], Some(1), "2026-11-19")
            },
            row("99010200300700021", "邓庆余", "石板桥社区", [8, 0, 8], None, "2026-11-21"),
            row("99010200300700035", "马素琴", "石板桥社区", [0, 9, 0], None, ""),
        ],
        after: Some("99010200300700035".to_owned()),
        continued: false,
        open: OpenForm::default(),
        lived: Vec::new(),
    };
    let empty = Households {
        frame: frame.clone(),
        filter: String::new(),
        total: 0,
        rows: Vec::new(),
        after: None,
        continued: false,
        open: OpenForm::default(),
        lived: Vec::new(),
    };
    let nothing = Households {
        frame: Frame { here: "/households?q=zzz".to_owned(), ..frame },
        filter: "欧阳".to_owned(),
        total: 0,
        rows: Vec::new(),
        after: None,
        continued: false,
        open: OpenForm {
            household_no: "9901020030040012".to_owned(),
            head: "欧阳文静".to_owned(),
            address: "槐荫里5号院2幢".to_owned(),
            errors: vec![FieldError {
                field: "household_no".to_owned(),
                message: "户号是17位数字，这里有16位。".to_owned(),
            }],
        },
        lived: Vec::new(),
    };
    let extreme = Households {
        frame: Frame::extreme(),
        filter: "阿卜杜勒艾则孜吾买尔江努".to_owned(),
        total: 1_000_000,
        rows: vec![row(
            "99010200300400127",
            "阿卜杜勒艾则孜吾买尔江努",
            "青石县柳桥街道槐荫里第一社区居民委员会",
            [100_000, 1_000, 99_999],
            Some(1_000),
            "2026-11-23",
        )],
        after: Some("99010200300400127".to_owned()),
        continued: true,
        open: OpenForm::default(),
        lived: Vec::new(),
    };
    let lived = |no: &str, head: &str, until: &str| Lived {
        household: HouseholdRef::new(no, head),
        name: "周文".to_owned(),
        until: until.to_owned(),
    };
    let extreme = Households {
        lived: vec![
            lived("99010200300400131", "周文", ""),
            lived("99010200300400127", "周桂兰", "到2026-11-02，分户"),
        ],
        ..extreme
    };
    vec![usual, empty, nothing, extreme]
}
