//! What clerks do until the power fails, and what they were told.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use image::{ImageFormat, Rgb, RgbImage};
use yidang::app::App;
use yidang::binding::{self, BindError};
use yidang::filing::{self, FilingError, NewHousehold};
use yidang::intake::{self, IntakeError};
use yidang::model::access::Actor;
use yidang::model::id::{Digest, DocumentId, HouseholdNo};
use yidang::model::look::{Kind, Look};
use yidang::record::RecordError;
use yidang::setup;
use yidang::tlog::Checkpoint;

use super::dice::Dice;
use super::disk::operator;
use super::store::Power;
use crate::files::encoded;
use crate::harness::{CHEN, NOBODY, ZHOU, description, household, stream};

/// What a clerk was told about an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done; the number of its entry where that is told.
    Done(Option<i64>),
    /// It was done before: nothing was recorded.
    Known,
    /// It was refused.
    Refused,
    /// Nobody answered.
    Unknown,
}

/// One act, asked for by a person who does nothing else.
#[derive(Debug, Clone)]
pub struct Asked {
    pub by: String,
    pub act: &'static str,
    pub outcome: Outcome,
    /// The file that was uploaded.
    pub file: Option<Bytes>,
}

/// Everything that was asked and seen, over all lives.
#[derive(Debug, Default)]
pub struct Memory {
    pub asked: Vec<Asked>,
    /// Checkpoints that somebody saw and kept.
    pub kept: Vec<Checkpoint>,
    /// Checkpoints of the access log.
    pub kept_of_looks: Vec<Checkpoint>,
    /// Who looked, and whether that was published.
    pub looked: Vec<(String, bool)>,
    /// Files that somebody has, uploaded or not.
    files: Vec<Bytes>,
    /// What a clerk was told that cannot be.
    pub wrong: Vec<String>,
}

impl Memory {
    /// The documents that were acknowledged.
    fn documents(&self) -> Vec<DocumentId> {
        let taken = self.asked.iter().filter(|asked| asked.act == "accept_document");
        taken
            .filter_map(|asked| match asked.outcome {
                Outcome::Done(Some(no)) => Some(DocumentId(no)),
                _ => None,
            })
            .collect()
    }
}

/// A clerk at work.
pub struct Clerk {
    pub app: Arc<App>,
    pub power: Power,
    pub memory: Arc<Mutex<Memory>>,
    pub dice: Dice,
}

/// How an act ended: the number of its entry, or the words of the refusal, or
/// what else was said.
enum Told {
    Done(Option<i64>),
    Known,
    Refused,
    Wrong(String),
}

impl Clerk {
    /// Does so many acts, one after the other.
    pub async fn work(mut self, acts: u64) {
        for _ in 0..acts {
            for _ in 0..self.dice.below(6) {
                tokio::task::yield_now().await;
            }
            match self.dice.below(20) {
                0..8 => self.upload().await,
                8..11 => self.file().await,
                11..13 => self.bind().await,
                13 => self.join().await,
                14 => self.give_back().await,
                15 => self.open_household().await,
                16 => self.register().await,
                17 => self.refused().await,
                18 => self.glance().await,
                _ => self.look().await,
            }
        }
    }

    /// Asks for an act; what is answered before the power fails counts.
    async fn ask(
        &mut self,
        act: &'static str,
        file: Option<Bytes>,
        ask: impl AsyncFnOnce(&mut Self, Actor) -> Told,
    ) {
        let place = {
            let mut memory = self.memory.lock().unwrap();
            let by = format!("经办{}", memory.asked.len());
            memory.asked.push(Asked { by, act, outcome: Outcome::Unknown, file });
            memory.asked.len() - 1
        };
        let told = ask(self, operator(&format!("经办{place}"))).await;
        if self.power.has_failed() {
            return;
        }
        let mut memory = self.memory.lock().unwrap();
        memory.asked[place].outcome = match told {
            Told::Done(no) => Outcome::Done(no),
            Told::Known => Outcome::Known,
            Told::Refused => Outcome::Refused,
            Told::Wrong(words) => {
                memory.wrong.push(format!("{act}: {words}"));
                Outcome::Unknown
            }
        };
    }

    async fn upload(&mut self) {
        let old = self.memory.lock().unwrap().files.clone();
        let known = self.dice.percent(20).then(|| self.dice.of(&old).cloned()).flatten();
        let scan = known.unwrap_or_else(|| self.scan());
        self.memory.lock().unwrap().files.push(scan.clone());
        let to = self.dice.of(&["", ZHOU, CHEN]).copied().unwrap();
        self.ask("accept_document", Some(scan.clone()), async |this, by| {
            let no = (!to.is_empty()).then(|| household(to));
            match intake::take(&this.app, &by, "扫描.png", no.as_ref(), stream(&scan)).await {
                Ok(taken) if taken.was_known() => Told::Known,
                Ok(taken) if taken.sha256 == Digest::of(&scan) => {
                    Told::Done(Some(taken.document.0))
                }
                Ok(taken) => Told::Wrong(format!("{taken:?}")),
                Err(error) => Told::Wrong(error.to_string()),
            }
        })
        .await;
    }

    /// A small picture unlike any other.
    fn scan(&mut self) -> Bytes {
        let image = RgbImage::from_fn(6, 6, |_, _| {
            Rgb(self.dice.next().to_le_bytes()[..3].try_into().unwrap())
        });
        encoded(&image, ImageFormat::Png).into()
    }

    async fn file(&mut self) {
        let (Some(document), to) = self.document() else { return };
        let title = format!("材料{}", self.dice.below(1000));
        self.ask("file_document", None, async |this, by| {
            let said = description("A01", &title, "2026-03-09");
            match filing::file(&this.app, &by, document, &to, said).await {
                Ok(filed) => Told::Done(Some(filed.entry)),
                Err(error) => refused(error),
            }
        })
        .await;
    }

    async fn join(&mut self) {
        let ((Some(document), _), (Some(into), _)) = (self.document(), self.document()) else {
            return;
        };
        self.ask("join_document", None, async |this, by| {
            match filing::join(&this.app, &by, document, into).await {
                Ok(receipt) => Told::Done(Some(receipt.no)),
                Err(error) => refused(error),
            }
        })
        .await;
    }

    async fn give_back(&mut self) {
        let (Some(document), _) = self.document() else { return };
        self.ask("return_document", None, async |this, by| {
            match filing::give_back(&this.app, &by, document, "重扫").await {
                Ok(receipt) => Told::Done(Some(receipt.no)),
                Err(error) => refused(error),
            }
        })
        .await;
    }

    async fn bind(&mut self) {
        let to = household(self.dice.of(&[ZHOU, CHEN]).copied().unwrap());
        self.ask("bind_volume", None, async |this, by| {
            match binding::bind(&this.app, &by, &to, "").await {
                Ok(_) => Told::Done(None),
                Err(BindError::Empty(_) | BindError::Unchanged(_)) => Told::Refused,
                Err(BindError::Filing(error)) => refused(error),
                Err(error) => Told::Wrong(error.to_string()),
            }
        })
        .await;
    }

    /// Opens a household under one of few numbers, so that many are taken.
    async fn open_household(&mut self) {
        let no = household(&format!("990102003004{:05}", 2 + self.dice.below(6)));
        let new = NewHousehold { head: "李敏".into(), ..NewHousehold::default() };
        self.ask("open_household", None, async |this, by| {
            match filing::open_household(&this.app, &by, &no, new).await {
                Ok(receipt) => Told::Done(Some(receipt.no)),
                Err(error) => refused(error),
            }
        })
        .await;
    }

    async fn register(&mut self) {
        let code = format!("9902{:08}", self.dice.below(1000)).parse().unwrap();
        self.ask("register_organisation", None, async |this, by| {
            let one = setup::OrganisationEntry { code, name: "社区".into() };
            match setup::register(&this.app, &by, vec![one]).await {
                Ok(()) => Told::Done(None),
                Err(error) => Told::Wrong(error.to_string()),
            }
        })
        .await;
    }

    /// Uploads what is no picture, or for a household that nobody has.
    async fn refused(&mut self) {
        let (bytes, to) = match self.dice.percent(50) {
            true => (Bytes::from_static(b"no picture"), None),
            false => (self.scan(), Some(household(NOBODY))),
        };
        self.ask("accept_document", None, async |this, by| {
            match intake::take(&this.app, &by, "x", to.as_ref(), stream(&bytes)).await {
                Err(IntakeError::File(_) | IntakeError::Record(RecordError::Refused(_))) => {
                    Told::Refused
                }
                other => Told::Wrong(format!("{other:?}")),
            }
        })
        .await;
    }

    /// Looks at records, and mostly has it published; sometimes the two logs take
    /// note of each other.
    async fn glance(&mut self) {
        let place = {
            let mut memory = self.memory.lock().unwrap();
            let place = memory.looked.len();
            memory.looked.push((format!("读者{place}"), false));
            place
        };
        let reader = operator(&format!("读者{place}"));
        let look = Look::new(Kind::Search).titled("低保");
        let noted = self.app.looks.note(&reader, look).await;
        let published = match self.dice.below(10) {
            0..3 => return,
            3..8 => self.app.looks.publish().await,
            _ => self.app.looks.close().await,
        };
        let kept = self.app.vault.access().checkpoint().await;
        if self.power.has_failed() {
            return;
        }
        let mut memory = self.memory.lock().unwrap();
        match (noted, published) {
            (Ok(()), Ok(())) => memory.looked[place].1 = true,
            other => memory.wrong.push(format!("a look: {other:?}")),
        }
        if let Ok(Some(note)) = kept {
            memory.kept_of_looks.push(Checkpoint::parse(&note).unwrap());
        }
    }

    /// Publishes the tiles, as a program does that ends, and keeps a checkpoint,
    /// as an auditor does.
    async fn look(&mut self) {
        if self.dice.percent(70)
            && let Err(error) = self.app.settle().await
        {
            self.memory.lock().unwrap().wrong.push(format!("tiles: {error}"));
        }
        if let Ok(Some(note)) = self.app.vault.checkpoint().await {
            let seen = Checkpoint::parse(&note).unwrap();
            self.memory.lock().unwrap().kept.push(seen);
        }
    }

    /// A document that somebody was told of, and a household.
    fn document(&mut self) -> (Option<DocumentId>, HouseholdNo) {
        let documents = self.memory.lock().unwrap().documents();
        let to = self.dice.of(&[ZHOU, CHEN]).copied().unwrap();
        (self.dice.of(&documents).copied(), household(to))
    }
}

fn refused(error: FilingError) -> Told {
    match error {
        FilingError::Unknown(_)
        | FilingError::UnknownHousehold(_)
        | FilingError::Record(RecordError::Refused(_)) => Told::Refused,
        other => Told::Wrong(other.to_string()),
    }
}
