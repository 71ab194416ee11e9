//! 装订: a version of a household's volume is planned, shown, and fixed.

use bytes::Bytes;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::volumes::{self, Volume};
use crate::catalog::{Refusal, documents, owed, settings};
use crate::filing::{self, FilingError};
use crate::model::access::{Actor, scope};
use crate::model::act::Act;
use crate::model::canonical;
use crate::model::document::Description;
use crate::model::id::{Digest, DocumentId, HouseholdNo};
use crate::model::volume::{Bindable, Changes, Item, MANIFEST_FORMAT, Manifest, arrange, changes};
use crate::record::RecordError;

/// Why a volume was not bound. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Papers or household.
    #[error(transparent)]
    Filing(#[from] FilingError),
    /// The household has no papers.
    #[error("household {0} has no papers to bind")]
    Empty(HouseholdNo),
    /// The volume is as it was bound.
    #[error("nothing has changed since version {0}")]
    Unchanged(i64),
    /// The volume has a manifest that cannot be understood.
    #[error("the manifest {0} is not one this program understands")]
    Manifest(Digest),
}

macro_rules! through_filing {
    ($($from:ty),*) => {$(
        impl From<$from> for BindError {
            fn from(error: $from) -> Self { Self::Filing(error.into()) }
        }
    )*};
}
through_filing!(crate::db::DbError, crate::vault::VaultError, RecordError);

/// A document that nobody has described, as it is filed when the volume is bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AsProposed {
    /// The document.
    pub document: DocumentId,
    /// What is proposed for it.
    pub description: Description,
}

/// What binding would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// 户号
    pub household: HouseholdNo,
    /// 户主
    pub head: String,
    /// The version it would be.
    pub version: i64,
    /// Its rows.
    pub items: Vec<Item>,
    /// Documents nobody has described: they are filed as proposed.
    pub as_proposed: Vec<AsProposed>,
    /// What differs from the version before.
    pub changes: Changes,
    /// Names of the required kinds of paper that are missing.
    pub missing: Vec<String>,
    /// The version bound last, if any.
    #[serde(skip)]
    pub(crate) current: Option<Volume>,
}

/// Plans the next version of a household's volume; changes nothing.
///
/// # Errors
/// When the household is unknown or a part fails.
pub async fn plan(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Plan, BindError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let household = filing::seen_household(&mut tx, &visible, no).await?;
    let current = volumes::current(&mut tx, no).await?;
    let (mut papers, mut as_proposed) = (Vec::new(), Vec::new());
    for document in documents::of_household(&mut tx, no).await? {
        let files = documents::files(&mut tx, document.id()).await?;
        let description = if document.described.is_some() {
            document.description()
        } else {
            let mut proposed =
                filing::proposed(app, &mut tx, &visible, &document).await?.description;
            if proposed.title.is_empty() {
                proposed.title = files.first().map(|one| one.name.clone()).unwrap_or_default();
            }
            as_proposed.push(AsProposed { document: document.id(), description: proposed.clone() });
            proposed
        };
        let files = files.iter().map(documents::FileRow::stored).collect::<Result<_, _>>()?;
        papers.push(Bindable { document: document.id(), description, files });
    }
    let owed = owed::of_household(&mut tx, no).await?;
    drop(tx);
    let filed = |code: &str| papers.iter().any(|paper| paper.description.type_code == code);
    // What the steps of its cases left; without a case, what every file must have.
    let missing = match owed.is_empty() {
        true => {
            let kinds = app.profile.required().filter(|kind| !filed(&kind.code));
            kinds.map(|kind| kind.name.clone()).collect()
        }
        false => {
            let lacks = owed.iter().filter(|one| one.met == 0);
            lacks
                .filter_map(|one| Some(app.profile.type_of(&one.type_code)?.name.clone()))
                .collect()
        }
    };
    let before = match &current {
        Some(volume) => manifest(app, volume.manifest()?).await?.items,
        None => Vec::new(),
    };
    let items = arrange(papers, &app.profile);
    Ok(Plan {
        household: no.clone(),
        head: household.head,
        version: current.as_ref().map_or(1, |volume| volume.version + 1),
        changes: changes(&before, &items),
        items,
        as_proposed,
        missing,
        current,
    })
}

/// A bound volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bound {
    /// 户号
    pub household: HouseholdNo,
    /// 档号
    pub reference_code: String,
    /// From 1.
    pub version: i64,
    /// The digest of the manifest.
    pub manifest: Digest,
    /// 件数
    pub items: usize,
    /// 页数
    pub pages: u32,
}

/// Binds the next version: papers nobody described are filed as proposed, the
/// manifest is stored, the act recorded. Binding what has not changed is
/// refused.
///
/// # Errors
/// When there is nothing to bind, or an act is refused.
pub async fn bind(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    note: &str,
) -> Result<Bound, BindError> {
    loop {
        let plan = plan(app, actor, no).await?;
        if plan.items.is_empty() {
            return Err(BindError::Empty(no.clone()));
        }
        if plan.changes.is_empty()
            && let Some(volume) = &plan.current
        {
            return Err(BindError::Unchanged(volume.version));
        }
        for one in &plan.as_proposed {
            filing::file(app, actor, one.document, no, one.description.clone()).await?;
        }
        match bind_plan(app, actor, plan, note).await {
            // Somebody else bound it, or took the code; look again.
            Err(BindError::Filing(FilingError::Record(RecordError::Refused(
                Refusal::VolumeMoved { .. } | Refusal::CodeTaken(_),
            )))) => {}
            bound => return bound,
        }
    }
}

async fn bind_plan(app: &App, actor: &Actor, plan: Plan, note: &str) -> Result<Bound, BindError> {
    let rule = &app.profile.volume;
    let mut tx = app.db.read().await?;
    let fonds = settings::get(&mut tx, "fonds").await?;
    let fonds_name = settings::get(&mut tx, "fonds_name").await?;
    let reference_code = match &plan.current {
        Some(volume) => volume.reference_code.clone(),
        None => {
            let series = format!("{fonds}-{}·{}-{}-", rule.category, year(app), rule.period);
            let last = volumes::last_code(&mut tx, &series).await?;
            let serial: u32 = last.strip_prefix(&series).and_then(|n| n.parse().ok()).unwrap_or(0);
            format!("{series}{:03}", serial + 1)
        }
    };
    drop(tx);
    let pages = plan.items.last().map_or(0, |item| item.last_page);
    let retention =
        app.profile.retention_of(&rule.retention).map_or_else(String::new, |r| r.name.clone());
    let manifest = Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        fonds,
        fonds_name,
        reference_code: reference_code.clone(),
        household: plan.household.clone(),
        head: plan.head.clone(),
        title: rule.title.replace("{head}", &plan.head),
        retention,
        version: plan.version,
        previous: plan.current.as_ref().map(Volume::manifest).transpose()?,
        bound_at: app.now(),
        bound_by: actor.name.clone(),
        note: note_text(&plan, pages, note),
        pages,
        items: plan.items,
    };
    let bytes =
        canonical::to_bytes(&manifest).map_err(|e| crate::db::DbError::Corrupt(e.to_string()))?;
    let size = bytes.len() as u64;
    let digest = app.vault.put(Bytes::from(bytes)).await?;
    let act = Act::BindVolume {
        household: plan.household.clone(),
        manifest: digest,
        bytes: size,
        version: plan.version,
        reference_code: reference_code.clone(),
        previous: manifest.previous,
        title: manifest.title.clone(),
        items: u32::try_from(manifest.items.len()).unwrap_or(u32::MAX),
        pages,
    };
    app.recorder.record(actor, act).await?;
    Ok(Bound {
        household: plan.household,
        reference_code,
        version: plan.version,
        manifest: digest,
        items: manifest.items.len(),
        pages,
    })
}

/// 本卷情况说明: what the volume holds and lacks, and what the binder adds.
fn note_text(plan: &Plan, pages: u32, note: &str) -> String {
    let mut text = format!("本卷 {} 件 {pages} 页，编页无缺号。", plan.items.len());
    if !plan.missing.is_empty() {
        text.push_str(&format!("应有而未归：{}。", plan.missing.join("、")));
    }
    if plan.version > 1 {
        let changes = &plan.changes;
        text.push_str(&format!(
            "第 {} 版：新增 {} 件，更正 {} 件，撤出 {} 件。",
            plan.version,
            changes.added.len(),
            changes.changed.len(),
            changes.removed.len()
        ));
    }
    text.push_str(note.trim());
    text
}

/// The year in China, where the office is.
fn year(app: &App) -> i16 {
    let china = TimeZone::fixed(Offset::constant(8));
    china.to_datetime(app.now()).year()
}

/// The manifest with that digest, verified.
///
/// # Errors
/// When it is missing, damaged, or not one this program understands.
pub async fn manifest(app: &App, digest: Digest) -> Result<Manifest, BindError> {
    let bytes = app.vault.bytes(digest).await?;
    canonical::from_bytes(&bytes).map_err(|_| BindError::Manifest(digest))
}
