//! A volume as it is printed: catalog, cover, volume note; and its versions.

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::{filters, keys};
use askama::Template;

/// Rows of one printed catalog sheet.
pub const ROWS_PER_SHEET: usize = 15;

/// A version of a volume on screen.
#[derive(Debug, Template)]
#[template(path = "volume.html")]
pub struct Volume {
    /// The frame.
    pub frame: Frame,
    /// The version shown.
    pub paper: Paper,
    /// Every version, newest first.
    pub versions: Vec<VersionRow>,
    /// Documents filed after the newest version was bound.
    pub unbound: u64,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
}

/// The same version for the printer, without the frame.
#[derive(Debug, Template)]
#[template(path = "volume_print.html")]
pub struct VolumePrint {
    /// The frame; of it only language, person and log position are printed.
    pub frame: Frame,
    /// The version printed.
    pub paper: Paper,
    /// When it is printed, `YYYY-MM-DD HH:MM`.
    pub printed: String,
}

/// What is printed of a version.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Household number, 17 digits.
    pub no: String,
    /// Name of the head when it was bound.
    pub head: String,
    /// Name of the keeping body.
    pub keeper: String,
    /// Class on the cover, e.g. `最低生活保障　审批类`.
    pub class: String,
    /// Reference code, when one was given.
    pub reference_code: Option<String>,
    /// Version.
    pub version: u64,
    /// First and last date of the documents, ISO; empty when there is none.
    pub dates: (String, String),
    /// Retention in words.
    pub retention: String,
    /// Pages in all.
    pub pages: u64,
    /// Documents in catalog order.
    pub rows: Vec<CatalogRow>,
    /// The volume note.
    pub note: String,
    /// Who bound it.
    pub by: String,
    /// Who checked it; empty when nobody did.
    pub checked_by: String,
    /// The day it was bound, ISO.
    pub bound: String,
    /// SHA-256 of the manifest, hex.
    pub digest: String,
}

/// One line of the catalog.
#[derive(Clone, Debug)]
pub struct CatalogRow {
    /// Number of the document.
    pub document: u64,
    /// Place in the volume, from 1.
    pub order: u64,
    /// Document number.
    pub document_no: String,
    /// Responsible body.
    pub responsible: String,
    /// Title.
    pub title: String,
    /// Date, ISO, or empty.
    pub date: String,
    /// Pages in the volume.
    pub pages: Option<(u64, u64)>,
    /// Remarks.
    pub remarks: String,
}

/// One printed sheet of the catalog.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// Sheets in all.
    pub of: usize,
    /// Its lines.
    pub rows: &'a [CatalogRow],
    /// Empty lines that fill it.
    pub blanks: usize,
}

/// One version in the list of versions.
#[derive(Debug)]
pub struct VersionRow {
    /// Version.
    pub version: u64,
    /// The day it was bound, ISO.
    pub bound: String,
    /// Who bound it.
    pub by: String,
    /// Documents in it.
    pub documents: u64,
    /// Pages in it.
    pub pages: u64,
}

impl Paper {
    /// The catalog cut into sheets; one empty sheet when there is no document.
    pub fn sheets(&self) -> Vec<Sheet<'_>> {
        let of = self.rows.len().div_ceil(ROWS_PER_SHEET).max(1);
        (0..of)
            .map(|i| {
                let from = i * ROWS_PER_SHEET;
                let to = (from + ROWS_PER_SHEET).min(self.rows.len());
                let rows = self.rows.get(from..to).unwrap_or_default();
                Sheet { number: i + 1, of, rows, blanks: ROWS_PER_SHEET - rows.len() }
            })
            .collect()
    }

    /// Documents in all.
    pub fn documents(&self) -> u64 {
        self.rows.len() as u64
    }
}

impl Volume {
    /// The newest version.
    pub fn newest(&self) -> u64 {
        self.versions.iter().map(|row| row.version).max().unwrap_or(self.paper.version)
    }

    /// Whether an older version is shown, which is only to be read.
    pub fn is_old(&self) -> bool {
        self.paper.version < self.newest()
    }
}

impl VolumePrint {
    /// Who printed it and when, for the foot of every sheet.
    pub fn printed_by(&self) -> String {
        format!("　{} {}打印", self.frame.person, self.printed)
    }
}

super::page!(Volume, Some(Entry::Volumes), keys::VOLUME);

/// The printed sheets carry no keys of their own.
mod print {
    use super::{Frame, VolumePrint, keys};

    super::super::page!(VolumePrint, None, keys::NONE);

    fn examples() -> Vec<VolumePrint> {
        super::examples()
            .into_iter()
            .map(|page| VolumePrint {
                frame: Frame { ..page.frame },
                paper: page.paper,
                printed: "2026-11-23 11:40".to_owned(),
            })
            .collect()
    }
}

fn line(order: u64, no: &str, responsible: &str, title: &str, date: &str, pages: (u64, u64)) -> CatalogRow {
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

fn examples() -> Vec<Volume> {
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
    let old = Paper { version: 1, rows: paper.rows[..7].to_vec(), reference_code: None, ..paper.clone() };
    let long = "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告";
    let extreme = Paper {
        head: "阿卜杜勒艾则孜吾买尔江努".to_owned(),
        keeper: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
        rows: (1..=37)
            .map(|i| line(i, "青民保〔2026〕1180001号", "青石县民政局社会救助中心", long, "2026-04-03", (i, i)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_filled_and_none_is_lost() {
        for (documents, sheets, blanks) in [(0, 1, 15), (8, 1, 7), (15, 1, 0), (16, 2, 14)] {
            let mut paper = examples().remove(0).paper;
            let row = paper.rows[0].clone();
            paper.rows = vec![row; documents];
            let cut = paper.sheets();
            assert_eq!(cut.len(), sheets);
            assert_eq!(cut.iter().map(|sheet| sheet.rows.len()).sum::<usize>(), documents);
            assert_eq!(cut[sheets - 1].blanks, blanks);
            assert!(cut.iter().all(|sheet| sheet.of == sheets));
        }
    }
}
