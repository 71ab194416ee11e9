//! One entry of the log: what was done, its bytes, and its proof drawn.

mod sample;

use super::drawing::{self, Shape, Turn};
use super::frame::{Entry, Frame};
use super::part::HouseholdRef;
use super::{Page, history};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// An entry of the log.
#[derive(Debug, Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    /// The frame.
    pub frame: Frame,
    /// Its number.
    pub no: u64,
    /// When it was recorded, `YYYY-MM-DD HH:MM:SS`.
    pub when: String,
    /// Its PREMIS event type.
    pub event_type: String,
    /// What it says; `None` outside the scope of the person.
    pub told: Option<Told>,
    /// The bytes that are its leaf.
    pub leaf: String,
    /// SHA-256 of the body it commits to, hex.
    pub body: String,
    /// Whether the body at hand is that one.
    pub body_matches: bool,
    /// SHA-256 of the files it brings, hex.
    pub objects: Vec<String>,
    /// Its proof.
    pub proof: Standing,
    /// Address of the bundle of what it is about; empty when there is none.
    pub bundle: String,
}

/// What an entry says.
#[derive(Debug)]
pub struct Told {
    /// What was done, as a phrase in the language of the page.
    pub what: String,
    /// Who.
    pub who: String,
    /// In which capacity.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// The document it is about, and its title.
    pub document: Option<(u64, String)>,
    /// The household it is about.
    pub household: Option<HouseholdRef>,
    /// What it corrected.
    pub changes: Vec<history::Change>,
}

/// Whether there is a proof to show.
#[derive(Debug)]
pub enum Standing {
    /// There is, right or not.
    Drawn(Proof),
    /// No checkpoint covers the entry yet.
    NotYet,
    /// It could not be looked at: why.
    Unseen(String),
}

/// The way of an entry to the root.
#[derive(Debug)]
pub struct Proof {
    /// Number of the entry.
    pub index: u64,
    /// How many entries the log has.
    pub size: u64,
    /// The name of the log.
    pub origin: String,
    /// The digest of the leaf, hex.
    pub leaf: String,
    /// The steps upwards.
    pub steps: Vec<Step>,
    /// The root that was computed, hex; `None` where a neighbour is missing.
    pub computed: Option<String>,
    /// The root that was published, hex.
    pub published: String,
    /// Where the first difference is: 0 is the entry itself.
    pub differs: Option<usize>,
}

/// One step.
#[derive(Debug)]
pub struct Step {
    /// Whether the neighbour stands on the left.
    pub left: bool,
    /// The first and the last entry below the neighbour.
    pub beside: (u64, u64),
    /// The neighbour, hex; `None` when it is not there.
    pub neighbour: Option<String>,
    /// What both together are, hex.
    pub computed: Option<String>,
}

/// A sentence beside the drawing: its head, and a line that says more.
#[derive(Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The head.
    pub head: String,
    /// The line below.
    pub more: String,
    /// Whether the way breaks here.
    pub broken: bool,
}

impl Proof {
    /// A proof for samples, of entry `index` in a log of `size`.
    pub fn sample(index: u64, size: u64) -> Proof {
        sample::proof(index, size)
    }

    /// Whether what was computed is what was published.
    pub fn is_right(&self) -> bool {
        self.differs.is_none()
    }

    /// Whether the entry leads to the published root, even where something that
    /// is kept of the log on its way is not right.
    pub fn leads(&self) -> bool {
        self.computed.as_ref() == Some(&self.published)
    }

    /// The drawing; `names` is the id of the sentences.
    pub fn svg(&self, lang: Lang, names: &str) -> String {
        let turn = |step: &Step| Turn {
            left: step.left,
            beside: step.beside.1.saturating_sub(step.beside.0) + 1,
        };
        let shape = Shape { turns: self.steps.iter().map(turn).collect(), differs: self.differs };
        drawing::svg(lang, &shape, names)
    }

    /// The four sentences, from the paper up to the seal.
    pub fn sentences(&self, lang: Lang) -> Vec<Sentence> {
        let n = text::number;
        let (no, steps) = (n(self.index), self.steps.len());
        let zh = lang == Lang::Zh;
        let beside = self.steps.first().map(|step| match (zh, step.beside) {
            (true, (from, to)) if from == to => format!("旁边是第{}条。", n(from)),
            (true, (from, to)) => format!("旁边是第{}到{}条合成的。", n(from), n(to)),
            (false, (from, to)) if from == to => format!("Beside it is entry {}. ", n(from)),
            (false, (from, to)) => format!("Beside it: entries {} to {}. ", n(from), n(to)),
        });
        let head = text::digest_head(&self.leaf);
        let mut said = vec![
            (
                lang.t("由这一条算出一枚指纹", "A fingerprint is computed from this entry")
                    .to_owned(),
                if zh {
                    format!("第{no}条：{head} …")
                } else {
                    format!("Entry {no}: {head} …")
                },
            ),
            match beside {
                Some(beside) => (
                    lang.t("与旁边的合成一枚", "It is joined with the one beside it").to_owned(),
                    beside
                        + lang.t(
                            "任何一方改一个字，这里就变",
                            "One character changed on either side changes this",
                        ),
                ),
                None => (
                    lang.t("旁边还没有别的", "There is none beside it").to_owned(),
                    lang.t("日志里只有这一条", "The log has only this entry").to_owned(),
                ),
            },
            (
                lang.t("再与旁边的合，一层层往上", "And joined again, level by level").to_owned(),
                match (zh, steps) {
                    (true, 0 | 1) => "到顶了，不用再合".to_owned(),
                    (true, steps) => format!("前后共合{steps}次，旁边的（邻）由存证日志给出"),
                    (false, 0 | 1) => "This is the top already".to_owned(),
                    (false, steps) => {
                        format!("{steps} times in all; what is beside comes from the log")
                    }
                },
            ),
            (
                lang.t("合到最后只剩一枚，就是封条", "The last one left is the seal").to_owned(),
                match zh {
                    true => format!("封住全部{}条，与公布过的逐字相同", n(self.size)),
                    false => {
                        format!("It seals all {} entries and is the published one", n(self.size))
                    }
                },
            ),
        ];
        let at = self.differs.map(|step| if step == steps && step > 0 { 3 } else { step.min(2) });
        if let Some((place, step)) = at.zip(self.differs) {
            said[place].1 = self.broken(lang, step);
            if let Some(last) = said.get_mut(3).filter(|_| place < 3) {
                last.1 = match self.leads() {
                    true => lang.t(
                        "由这一条算上去，仍是公布的封条",
                        "Computed from this entry it is still the published seal",
                    ),
                    false => lang.t(
                        "下面已经对不上，这里也就对不上",
                        "What is below does not match, so neither does this",
                    ),
                }
                .to_owned();
            }
        }
        said.into_iter()
            .enumerate()
            .map(|(i, (head, more))| Sentence { head, more, broken: at == Some(i) })
            .collect()
    }

    /// What is wrong at step `step`, as a sentence.
    pub fn broken(&self, lang: Lang, step: usize) -> String {
        let here = step.checked_sub(1).and_then(|at| self.steps.get(at));
        let missing = here.is_some_and(|step| step.neighbour.is_none());
        match (lang, step) {
            // The seal vouches for the entry, so what is kept beside it was
            // changed; it can be made again from the entries.
            (Lang::Zh, _) if self.leads() => {
                "算出来的与日志存的不同：存的被改过，这一条没有".to_owned()
            }
            (Lang::En, _) if self.leads() => {
                "Not what the log keeps here: that was changed, the entry was not".to_owned()
            }
            (Lang::Zh, 0) => "算出来的与日志公布的不同：这一条的内容被改过".to_owned(),
            (Lang::Zh, step) if missing => format!("第{step}步旁边的指纹不在存储里，合不下去"),
            (Lang::Zh, step) if step == self.steps.len() => {
                format!("第{step}步合出来的与公布的封条不同")
            }
            (Lang::Zh, step) => format!("第{step}步合出来的与日志公布的不同：旁边的被改过"),
            (Lang::En, 0) => "Not what the log published: the entry was changed".to_owned(),
            (Lang::En, step) if missing => {
                format!("Step {step}: what is beside is not in the store")
            }
            (Lang::En, step) if step == self.steps.len() => {
                format!("Step {step} does not lead to the published seal")
            }
            (Lang::En, step) => {
                format!("Step {step} is not what the log published: what is beside was changed")
            }
        }
    }

    /// Whether step `step`, counted from 0, is where it first differs.
    pub fn is_first(&self, step: &usize) -> bool {
        self.differs == Some(step + 1)
    }
}

impl EntryPage {
    /// The first sentence of the page.
    pub fn sentence(&self) -> String {
        let no = text::number(self.no);
        let what = match &self.told {
            Some(told) => told.what.clone(),
            None if self.body_matches => self
                .t("不在您的范围里，只看得到指纹", "outside your scope, only digests")
                .to_owned(),
            None => self.t("正文与指纹不符", "its body is not the one recorded").to_owned(),
        };
        match self.lang() {
            Lang::Zh => format!("第{no}条，{what}"),
            Lang::En => format!("Entry {no}: {what}"),
        }
    }

    /// Whether something about the entry does not match.
    pub fn is_bad(&self) -> bool {
        !self.body_matches || matches!(&self.proof, Standing::Drawn(proof) if !proof.is_right())
    }

    /// The entry before.
    pub fn before(&self) -> Option<u64> {
        self.no.checked_sub(1)
    }

    /// The entry after.
    pub fn after(&self) -> Option<u64> {
        Some(self.no + 1).filter(|no| *no < self.frame.log_position)
    }
}

super::page!(EntryPage, Some(Entry::Audit), keys::ENTRY, sample::examples);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_that_breaks_says_at_which_step() {
        let mut proof = sample::proof(184_218, 184_220);
        let steps = proof.steps.len();
        assert!(proof.sentences(Lang::Zh).iter().all(|one| !one.broken));
        assert!(proof.sentences(Lang::Zh)[3].more.contains("逐字相同"));
        for (differs, place, says) in [
            (0, 0, "这一条的内容被改过"),
            (1, 1, "第1步"),
            (2, 2, "第2步"),
            (9, 2, "第9步"),
            (steps, 3, "公布的封条不同"),
        ] {
            proof.differs = Some(differs);
            proof.computed = None;
            let said = proof.sentences(Lang::Zh);
            let broken: Vec<usize> = (0..4).filter(|at| said[*at].broken).collect();
            assert_eq!(broken, [place], "{differs}");
            assert!(said[place].more.contains(says), "{:?}", said[place]);
            assert!(
                !said[3].more.contains("相同") || place == 3,
                "nothing is claimed above a break"
            );
            assert_eq!(proof.sentences(Lang::En).len(), 4);
            proof.computed = Some(proof.published.clone());
            let said = proof.sentences(Lang::Zh);
            assert!(said[place].more.contains("这一条没有"), "the seal vouches for the entry");
        }
    }
}
