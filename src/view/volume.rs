//! 案卷: a bound version as it was fixed.

use serde::Serialize;

use super::ViewError;
use crate::app::App;
use crate::binding;
use crate::catalog::households;
use crate::catalog::volumes::{self, Listed, Volume};
use crate::filing;
use crate::looks;
use crate::model::access::{Actor, scope};
use crate::model::id::HouseholdNo;
use crate::model::look::{Kind, Look};
use crate::model::volume::Manifest;

/// A version of a household's volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VolumeView {
    /// The version that is shown.
    pub volume: Volume,
    /// Its manifest, verified.
    pub manifest: Manifest,
    /// Every version, oldest first.
    pub versions: Vec<Volume>,
    /// How many papers were filed or corrected after the newest version.
    pub unbound: usize,
}

impl VolumeView {
    /// Whether the newest version is shown.
    #[must_use]
    pub fn is_newest(&self) -> bool {
        self.versions.last().is_some_and(|newest| newest.version == self.volume.version)
    }
}

/// Version `version` of a household's volume, or the newest, and that it is looked
/// at is noted.
///
/// # Errors
/// When there is none this person may see, its manifest is damaged, no reason was
/// given where one is wanted, or the look cannot be noted.
pub async fn volume(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    version: Option<i64>,
) -> Result<VolumeView, ViewError> {
    noted(app, actor, no, version, Kind::Open).await
}

/// As [`volume()`], for sheets that are printed.
///
/// # Errors
/// As [`volume()`].
pub async fn printed(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    version: Option<i64>,
) -> Result<VolumeView, ViewError> {
    noted(app, actor, no, version, Kind::Print).await
}

async fn noted(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    version: Option<i64>,
    kind: Kind,
) -> Result<VolumeView, ViewError> {
    let look = Look::new(kind).of(no.clone());
    match bound(app, actor, no, version).await {
        Ok(seen) => {
            let Volume { reference_code, version, title, pages, .. } = &seen.volume;
            let look = look.coded(reference_code, Some(*version)).titled(title).counting(*pages);
            looks::shows(app, actor, look).await?;
            Ok(seen)
        }
        Err(error @ ViewError::UnknownHousehold(_)) => {
            looks::refuses(app, actor, look).await?;
            Err(error)
        }
        failed => failed,
    }
}

/// 档号 of a household's newest volume: no more of it is looked at.
///
/// # Errors
/// When there is none this person may see.
pub async fn newest_code(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<String, ViewError> {
    let mut tx = app.db.read().await?;
    let seen = filing::seen_household(&mut tx, &scope(actor), no).await;
    let current = volumes::current(&mut tx, no).await?;
    drop(tx);
    if seen.is_err() {
        looks::refuses(app, actor, Look::new(Kind::Export).of(no.clone())).await?;
        return Err(ViewError::UnknownHousehold(no.clone()));
    }
    let current = current.ok_or_else(|| ViewError::UnknownVolume(no.clone()))?;
    Ok(current.reference_code)
}

async fn bound(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    version: Option<i64>,
) -> Result<VolumeView, ViewError> {
    let mut tx = app.db.read().await?;
    filing::seen_household(&mut tx, &scope(actor), no)
        .await
        .map_err(|_| ViewError::UnknownHousehold(no.clone()))?;
    let versions = volumes::versions(&mut tx, no).await?;
    drop(tx);
    let volume = match version {
        Some(version) => versions.iter().find(|one| one.version == version),
        None => versions.last(),
    };
    let volume = volume.cloned().ok_or_else(|| ViewError::UnknownVolume(no.clone()))?;
    let manifest = match binding::manifest(app, volume.manifest()?).await {
        Ok(manifest) => manifest,
        Err(binding::BindError::Filing(error)) => return Err(error.into()),
        Err(_) => return Err(ViewError::Manifest(no.clone())),
    };
    let unbound = super::household_at_work(app, actor, no).await?.unbound();
    Ok(VolumeView { volume, manifest, versions, unbound })
}

/// The newest versions this person may see, in order of reference codes after
/// `after`.
///
/// # Errors
/// When the database fails.
pub async fn volumes(
    app: &App,
    actor: &Actor,
    after: &str,
    limit: u32,
) -> Result<Vec<Volume>, ViewError> {
    let mut tx = app.db.read().await?;
    Ok(volumes::list(&mut tx, &scope(actor), after, limit).await?)
}

/// The volumes on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shelf {
    /// The newest versions, in order of reference codes.
    pub rows: Vec<Listed>,
    /// How many volumes there are in all.
    pub total: i64,
    /// How many of them have papers that came after the binding.
    pub outdated: i64,
}

/// The volumes this person may see, in order of reference codes after `after`.
///
/// # Errors
/// When the database fails.
pub async fn shelf(app: &App, actor: &Actor, after: &str, limit: u32) -> Result<Shelf, ViewError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    Ok(Shelf {
        rows: volumes::listed(&mut tx, &visible, after, limit).await?,
        total: volumes::count(&mut tx, &visible).await?,
        outdated: households::outdated(&mut tx, &visible).await?,
    })
}
