//! Pieces several pages share: states, pictures with boxes, jobs, notes.

use crate::web::lang::Lang;
use crate::web::text;
use std::fmt::Write;

/// A state is a shape, a word and a colour; this is shape and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not begun: dashed ring.
    None,
    /// Under way: half ring.
    Run,
    /// Done, equal: disc.
    Ok,
    /// Soon, unsure, look here: triangle.
    Due,
    /// Late, missing, differs, stopped: diamond.
    Late,
}

impl State {
    /// Class name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            State::None => "none",
            State::Run => "run",
            State::Ok => "ok",
            State::Due => "due",
            State::Late => "late",
        }
    }
}

/// A household as it is named in a line of another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdRef {
    /// 17 digits.
    pub no: String,
    /// Name of its head.
    pub head: String,
}

impl HouseholdRef {
    /// Names a household.
    pub fn new(no: &str, head: &str) -> HouseholdRef {
        HouseholdRef { no: no.to_owned(), head: head.to_owned() }
    }
}

/// That nobody lives in a household any more, as it is told in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What became of it, in a word.
    pub word: String,
    /// The household it goes on as, where the person may see that.
    pub there: Option<HouseholdRef>,
}

impl Ended {
    /// One that went into another, for samples.
    pub(super) fn sample() -> Ended {
        let there = Some(HouseholdRef::new("99010200300400131", "周文"));
        Ended { word: "已并户".to_owned(), there }
    }
}

/// How a box on a page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Words a proposal rests on: dotted rule.
    Field,
    /// A found word: yellow wash.
    Found,
    /// The found word one stands on.
    Current,
    /// The field being looked at: blue wash.
    Edit,
}

impl Look {
    /// Class name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Look::Field => "field",
            Look::Found => "found",
            Look::Current => "cur",
            Look::Edit => "edit",
        }
    }
}

/// One box on a page.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Left, top, width, height in pixels of the upright page.
    pub bbox: [u32; 4],
    /// How it is drawn.
    pub look: Look,
    /// The word in it.
    pub word: String,
    /// Number of the hit it belongs to, from 1 within the document; 0 for none.
    pub hit: u64,
}

/// A page image with boxes over it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Unique in the HTML page; starts the ids of the boxes.
    pub id: String,
    /// Address without the width, e.g. `/doc/12/page/1.jpg`.
    pub src: String,
    /// Width of the upright page in pixels.
    pub width: u64,
    /// Height of the upright page in pixels.
    pub height: u64,
    /// What the image shows, for those who do not see it; empty when decorative.
    pub alt: String,
    /// Boxes in reading order.
    pub marks: Vec<Mark>,
}

impl Picture {
    /// A picture without boxes.
    pub fn new(id: &str, document: u64, page: u64, size: (u64, u64), alt: &str) -> Picture {
        Picture {
            id: id.to_owned(),
            src: format!("/doc/{document}/page/{page}.jpg"),
            width: size.0,
            height: size.1,
            alt: alt.to_owned(),
            marks: Vec::new(),
        }
    }

    /// The same picture with boxes of one look, for samples and simple handlers.
    pub fn with(mut self, look: Look, boxes: &[[u32; 4]]) -> Picture {
        for bbox in boxes {
            let hit = self.marks.len() as u64 + 1;
            self.marks.push(Mark { bbox: *bbox, look, word: String::new(), hit });
        }
        self
    }

    /// Id of the box with this index, from 0.
    pub fn mark_id(&self, index: &usize) -> String {
        format!("{}-{index}", self.id)
    }

    /// The style rules that place the boxes, in percent of the page.
    pub fn rules(&self) -> String {
        let mut rules = String::new();
        for (i, mark) in self.marks.iter().enumerate() {
            let [x, y, w, h] = mark.bbox.map(u64::from);
            let [left, width] = span(x, w, self.width);
            let [top, height] = span(y, h, self.height);
            // Writing to a String does not fail.
            let _ = write!(
                rules,
                "#{}{{left:{left:.2}%;top:{top:.2}%;width:{width:.2}%;height:{height:.2}%}}",
                self.mark_id(&i)
            );
        }
        rules
    }
}

/// Start and length in percent of `whole`, kept inside it.
fn span(start: u64, length: u64, whole: u64) -> [f64; 2] {
    if whole == 0 {
        return [0.0, 0.0];
    }
    let start = start.min(whole);
    let length = length.min(whole - start);
    [start as f64 * 100.0 / whole as f64, length as f64 * 100.0 / whole as f64]
}

/// Work under way: `识别 26 / 31 页`.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What is being worked on.
    pub name: String,
    /// Pages, files or rows done.
    pub done: u64,
    /// Pages or files in all.
    pub total: u64,
}

impl Progress {
    /// The file of that name that is being taken in: so many rows, or households, of so many; of
    /// none before it is read.
    pub fn importing(lang: Lang, file: &str, (done, total): (u64, u64)) -> Progress {
        let name = format!("{}{file}", lang.t("正在导入", "Being taken in: "));
        Progress { name, done, total }
    }
}

/// A job that has given up and waits for a person.
#[derive(Clone, Debug)]
pub struct FailedJob {
    /// What names the job.
    pub id: String,
    /// The document it works on, if any.
    pub document: Option<u64>,
    /// Title or file name of what it works on.
    pub about: String,
    /// Why it failed, as a sentence for a clerk, in the language of the page.
    pub reason: String,
    /// How often it was tried.
    pub tries: u64,
}

/// Bytes that were filed before.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The document that holds them.
    pub document: u64,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// Its title.
    pub title: String,
    /// The day it was accepted, ISO.
    pub accepted: String,
}

/// A type a document can have.
#[derive(Clone, Debug)]
pub struct TypeChoice {
    /// Code, e.g. `A02`.
    pub code: String,
    /// Name in the language of the page.
    pub name: String,
}

impl TypeChoice {
    /// The types used in samples.
    pub fn samples() -> Vec<TypeChoice> {
        [
            ("A01", "低保申请书"),
            ("A02", "申请审批表"),
            ("A04", "家庭经济状况核对授权书"),
            ("A05", "户口簿复印件"),
            ("A06", "居民身份证复印件"),
            ("A08", "收入证明"),
            ("A15", "信息核对报告"),
            ("A16", "入户调查表"),
            ("A20", "公示单、公示照片"),
            ("A23", "确认通知书"),
            ("B01", "定期核查（复审）表"),
            ("B06", "减发、停发通知书"),
        ]
        .map(|(code, name)| TypeChoice { code: code.to_owned(), name: name.to_owned() })
        .to_vec()
    }
}

/// What is wrong with one field of a form that came back.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What is so, and what to do.
    pub message: String,
}

/// The message for a field, if there is one.
pub fn error_for<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
}

/// The result of the last verification.
#[derive(Clone, Debug)]
pub struct Verified {
    /// When it ended, `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// Files looked at.
    pub checked: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Files whose content differs.
    pub changed: u64,
    /// Files that could not be found.
    pub missing: u64,
    /// Files nothing names.
    pub untracked: u64,
    /// Files that were not looked at.
    pub unseen: u64,
    /// Why they were not looked at; empty when all were.
    pub unseen_reason: String,
    /// What is said of files whose keys were destroyed; empty when there are
    /// none.
    pub destroyed: String,
}

impl Verified {
    /// Files that are as they were accepted.
    pub fn same(&self) -> u64 {
        self.checked.saturating_sub(self.changed + self.missing)
    }

    /// Whether something is wrong.
    pub fn bad(&self) -> bool {
        self.changed + self.missing + self.untracked > 0
    }

    /// What came out, as a sentence. It names first what does not match, and
    /// never leaves out what was not looked at.
    pub fn sentence(&self, lang: Lang) -> String {
        let n = text::number;
        let mut out = match (self.changed, self.missing, self.untracked) {
            (0, 0, 0) if self.checked == 0 => {
                lang.t("还没有文件可看。", "There is no file to look at yet.").to_owned()
            }
            (0, 0, 0) if self.unseen == 0 => match lang {
                Lang::Zh => format!("{}份文件都没有变。", n(self.checked)),
                Lang::En => format!("All {} files are unchanged.", n(self.checked)),
            },
            (0, 0, 0) => lang.t("看过的都没有变。", "What was looked at is unchanged. ").to_owned(),
            (changed, missing, untracked) => {
                let mut found = Vec::new();
                for (count, zh, en) in [
                    (changed, "内容变了", "changed"),
                    (missing, "找不到了", "missing"),
                    (untracked, "不该在", "not in the catalog"),
                ] {
                    if count > 0 {
                        found.push(match lang {
                            Lang::Zh => format!("{}份{zh}", n(count)),
                            Lang::En => format!("{} {en}", n(count)),
                        });
                    }
                }
                match lang {
                    Lang::Zh => format!("{}。", found.join("，")),
                    Lang::En => format!("{}. ", found.join(", ")),
                }
            }
        };
        if self.unseen > 0 {
            out.push_str(&match lang {
                Lang::Zh => format!("还有{}份没有看。", n(self.unseen)),
                Lang::En => format!("{} not looked at.", n(self.unseen)),
            });
        }
        out.trim_end().to_owned()
    }

    /// A clean run for samples.
    pub fn sample() -> Verified {
        Verified {
            when: "2026-11-22 02:10".to_owned(),
            checked: 216_538,
            bytes: 64_961_400_000,
            changed: 0,
            missing: 0,
            untracked: 0,
            unseen: 2,
            unseen_reason: "磁盘忙".to_owned(),
            destroyed: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stay_on_the_page() {
        let picture = Picture::new("p", 1, 1, (200, 100), "")
            .with(Look::Found, &[[50, 10, 100, 20], [190, 90, 50, 50]]);
        assert_eq!(
            picture.rules(),
            "#p-0{left:25.00%;top:10.00%;width:50.00%;height:20.00%}\
             #p-1{left:95.00%;top:90.00%;width:5.00%;height:10.00%}"
        );
        assert!(
            Picture::new("q", 1, 1, (0, 0), "")
                .with(Look::Found, &[[1, 1, 1, 1]])
                .rules()
                .contains("0.00%")
        );
    }

    #[test]
    fn the_sentence_says_what_was_not_looked_at() {
        let clean = Verified { unseen: 0, ..Verified::sample() };
        assert_eq!(clean.sentence(Lang::Zh), "216,538份文件都没有变。");
        assert_eq!(Verified::sample().sentence(Lang::Zh), "看过的都没有变。还有2份没有看。");
        let bad = Verified { changed: 1, missing: 3, ..Verified::sample() };
        assert_eq!(bad.sentence(Lang::Zh), "1份内容变了，3份找不到了。还有2份没有看。");
        assert_eq!(bad.sentence(Lang::En), "1 changed, 3 missing. 2 not looked at.");
    }
}
