//! What is to be proved, and the entries and files that belong to it.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;

use super::ProveError;
use crate::app::App;
use crate::binding;
use crate::catalog::entries::{self, Exact};
use crate::catalog::{destroyed, documents, households, kinship, volumes};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Scope, scope};
use crate::model::act::LogEntry;
use crate::model::id::{Digest, DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::volume::Manifest;
use crate::view::ViewError;

/// The acts whose files are about others too: the roster that a household was opened from, and
/// who reported something. Such a file is in no bag; that it is named is.
const APART: [&str; 2] = ["open_household", "enter_row"];

/// What is to be proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A document, by its number.
    Document(i64),
    /// The newest version of a volume, by its reference code 档号.
    Volume(String),
    /// Everything of a household, by its number 户号.
    Household(String),
    /// A look at records, by its number in the access log.
    Look(i64),
}

impl FromStr for Subject {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        Ok(match (text.parse::<HouseholdNo>(), text.parse::<DocumentId>()) {
            (Ok(no), _) => Self::Household(no.to_string()),
            (_, Ok(id)) => Self::Document(id.0),
            _ => Self::Volume(text.to_owned()),
        })
    }
}

/// A document whose pages are shown on the page for people.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    pub(super) document: DocumentId,
    pub(super) title: String,
    pub(super) pages: u32,
}

/// What belongs to a subject.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What it is called.
    pub(super) title: String,
    /// The household whose file it is in.
    pub(super) household: Option<HouseholdNo>,
    /// The random name of the household's file in the log.
    pub(super) volume: Option<String>,
    /// The entries, in order.
    pub(super) entries: Vec<Exact>,
    /// The blobs that the entries bring, with their media types.
    pub(super) objects: BTreeMap<Digest, String>,
    /// The documents with pages to show.
    pub(super) papers: Vec<Paper>,
}

impl Gathered {
    /// The number of the first entry.
    pub(super) fn first(&self) -> u64 {
        self.entries.first().and_then(|entry| u64::try_from(entry.no).ok()).unwrap_or(0)
    }

    /// Whether everything is there to be packed.
    ///
    /// # Errors
    /// When something was destroyed: [`ProveError::Destroyed`].
    pub(super) async fn is_readable(&self, app: &App) -> Result<(), ProveError> {
        let mut tx = app.db.read().await?;
        for digest in self.objects.keys() {
            if let Some(entry) = destroyed::by(&mut tx, *digest).await? {
                return Err(ProveError::Destroyed(entry));
            }
        }
        Ok(())
    }

    /// The number of the last entry.
    pub(super) fn last(&self) -> i64 {
        self.entries.last().map_or(0, |entry| entry.no)
    }
}

impl Subject {
    /// That this is taken along.
    pub(super) fn look(&self) -> Look {
        let look = Look::new(Kind::Export);
        match self {
            Self::Document(id) => look.at(DocumentId(*id)),
            Self::Volume(code) => look.coded(code, None).titled(code),
            Self::Household(no) => Look { household: no.parse().ok(), ..look },
            Self::Look(no) => look.titled(&format!("利用日志第{no}条")),
        }
    }

    /// Gathers what belongs to this, as far as `actor` may see it.
    pub(super) async fn gather(&self, app: &App, actor: &Actor) -> Result<Gathered, ProveError> {
        let visible = scope(actor);
        let mut tx = app.db.read().await?;
        match self {
            Self::Document(id) => {
                let id = DocumentId(*id);
                let document = documents::get(&mut tx, &visible, id).await?;
                let document = document.ok_or(ViewError::UnknownDocument(id))?;
                of_document(&mut tx, &document).await
            }
            Self::Household(no) => {
                let no: HouseholdNo =
                    no.parse().map_err(|_| DbError::Corrupt(format!("household {no}")))?;
                let household = households::get(&mut tx, &no).await?;
                let household = household
                    .filter(|one| visible.covers(&one.organisation))
                    .ok_or_else(|| ViewError::UnknownHousehold(no.clone()))?;
                sees_both(&mut tx, &visible, &no).await?;
                of_household(&mut tx, &household).await
            }
            // Whoever has the access log gathers it.
            Self::Look(no) => Err(ProveError::UnknownEntry(*no)),
            Self::Volume(code) => {
                let unknown = || ProveError::UnknownVolume(code.clone());
                let no = volumes::of_code(&mut tx, &visible, code).await?.ok_or_else(unknown)?;
                let no: HouseholdNo = no.parse().map_err(|_| unknown())?;
                let household = households::get(&mut tx, &no).await?.ok_or_else(unknown)?;
                let current = volumes::current(&mut tx, &no).await?.ok_or_else(unknown)?;
                sees_both(&mut tx, &visible, &no).await?;
                let mut gathered = of_household(&mut tx, &household).await?;
                let manifest = current.manifest()?;
                if let Some(entry) = destroyed::by(&mut tx, manifest).await? {
                    return Err(ProveError::Destroyed(entry));
                }
                drop(tx);
                let bound = binding::manifest(app, manifest)
                    .await
                    .map_err(|_| ViewError::Manifest(no.clone()))?;
                narrow(&mut gathered, manifest, &bound);
                Ok(gathered)
            }
        }
    }
}

/// Refuses the file of a household that was split or merged to whoever may not see the
/// other one: the act is one body under one commitment, and names both. A link that was
/// taken back stays in the history.
async fn sees_both(tx: &mut Tx, visible: &Scope, no: &HouseholdNo) -> Result<(), ProveError> {
    for link in kinship::of_household(tx, no).await? {
        for one in [&link.source, &link.target] {
            let other: HouseholdNo =
                one.parse().map_err(|_| DbError::Corrupt(format!("household {one}")))?;
            if !visible.covers(&households::in_charge(tx, &other).await?) {
                return Err(ProveError::TwoHouseholds(no.clone()));
            }
        }
    }
    Ok(())
}

/// Leaves in a household's papers what its bound volume has.
fn narrow(gathered: &mut Gathered, digest: Digest, bound: &Manifest) {
    let files = || bound.items.iter().flat_map(|item| &item.files);
    gathered
        .objects
        .retain(|object, _| *object == digest || files().any(|file| file.sha256 == *object));
    gathered.papers.retain(|paper| bound.items.iter().any(|item| item.document == paper.document));
    gathered.title = format!("{} {}", bound.reference_code, bound.title);
}

async fn of_document(tx: &mut Tx, document: &documents::Document) -> Result<Gathered, ProveError> {
    let mut gathered = Gathered { title: document.title.clone(), ..Gathered::default() };
    let mut numbers = Vec::new();
    for id in sources(tx, document.id()).await? {
        numbers.extend(entries::of_document(tx, id).await?.into_iter().map(|entry| entry.no));
    }
    numbers.sort_unstable();
    for no in numbers {
        let exact = entries::exact(tx, no).await?;
        add_objects(tx, &mut gathered, &exact).await?;
        gathered.entries.push(exact);
    }
    if let Some(no) = document.household.as_ref().and_then(|no| no.parse().ok()) {
        gathered.volume = households::get(tx, &no).await?.map(|household| household.volume);
        gathered.household = Some(no);
    }
    add_paper(tx, &mut gathered, document).await?;
    Ok(gathered)
}

/// A document and those whose pages are in it now, since they were joined into it.
async fn sources(tx: &mut Tx, id: DocumentId) -> Result<Vec<DocumentId>, ProveError> {
    let (mut all, mut at) = (vec![id], 0);
    while let Some(one) = all.get(at).copied() {
        all.extend(documents::joined_into(tx, one).await?);
        at += 1;
    }
    Ok(all)
}

/// Adds the bytes that an entry brought into the archive; but not what is about others too.
async fn add_objects(
    tx: &mut Tx,
    gathered: &mut Gathered,
    exact: &entries::Exact,
) -> Result<(), ProveError> {
    let corrupt = |error| DbError::Corrupt(format!("entry {}: {error}", exact.no));
    let leaf: LogEntry = serde_json::from_str(&exact.leaf).map_err(corrupt)?;
    let body: serde_json::Value = serde_json::from_str(&exact.body).map_err(corrupt)?;
    if body["act"]["act"].as_str().is_some_and(|act| APART.contains(&act)) {
        return Ok(());
    }
    for object in leaf.objects {
        let mime = documents::kind_of(tx, object).await?;
        gathered.objects.insert(object, mime.unwrap_or_default());
    }
    Ok(())
}

async fn of_household(
    tx: &mut Tx,
    household: &households::Household,
) -> Result<Gathered, ProveError> {
    let mut gathered = Gathered {
        title: format!("{} {}", household.no, household.head),
        household: household.no.parse().ok(),
        volume: Some(household.volume.clone()),
        ..Gathered::default()
    };
    // Back along the history, from its end.
    let mut next = Some(household.last_entry);
    while let Some(no) = next {
        let exact = entries::exact(tx, no).await?;
        let leaf: LogEntry = serde_json::from_str(&exact.leaf)
            .map_err(|error| DbError::Corrupt(format!("entry {no}: {error}")))?;
        let link = leaf.volumes.into_iter().find(|link| link.volume == household.volume);
        next = link.and_then(|link| link.prev).filter(|prev| *prev < no);
        add_objects(tx, &mut gathered, &exact).await?;
        gathered.entries.push(exact);
    }
    gathered.entries.reverse();
    if let Ok(no) = household.no.parse() {
        for document in documents::of_household(tx, &no).await? {
            // A paper that came to the desk first, or was joined into one of these there, was
            // accepted outside the history of the household.
            for id in sources(tx, document.id()).await? {
                if !gathered.entries.iter().any(|entry| entry.no == id.0) {
                    gathered.entries.push(entries::exact(tx, id.0).await?);
                }
            }
            add_paper(tx, &mut gathered, &document).await?;
        }
    }
    gathered.entries.sort_by_key(|entry| entry.no);
    Ok(gathered)
}

async fn add_paper(
    tx: &mut Tx,
    gathered: &mut Gathered,
    document: &documents::Document,
) -> Result<(), ProveError> {
    for file in documents::files(tx, document.id()).await? {
        gathered.objects.insert(file.digest()?, file.mime.clone());
    }
    let title = documents::shown(tx, document).await?.title;
    gathered.papers.push(Paper {
        document: document.id(),
        title,
        pages: u32::try_from(document.pages).unwrap_or(0),
    });
    Ok(())
}
