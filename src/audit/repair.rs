//! 修复: what is damaged in one place and sound in another is moved to
//! quarantine and made again. Every repair is an act. What is sound nowhere
//! stays as it is.

use bytes::Bytes;
use object_store::path::Path;

use super::AuditError;
use super::log::Wrong;
use super::looks;
use crate::app::App;
use crate::catalog::entries;
use crate::keys;
use crate::model::access::Actor;
use crate::model::act::{Act, FindingClass, FixityResult, Repair, Side, Source};
use crate::model::id::Digest;
use crate::tlog::{Checkpoint, LogKeys};
use crate::vault::{Key, Spooled, Vault, VaultError, key};

/// What was found in one store, and where its right bytes may be.
pub(super) struct Damage<'a> {
    pub(super) side: Side,
    pub(super) vault: &'a Vault,
    pub(super) other: Option<(&'a Vault, Source)>,
    pub(super) log: Vec<Wrong>,
    pub(super) access: Vec<looks::Wrong>,
}

/// Repairs what can be repaired; returns what was.
pub(super) async fn repair(
    app: &App,
    actor: &Actor,
    result: &FixityResult,
    damages: Vec<Damage<'_>>,
) -> Result<Vec<Repair>, AuditError> {
    let mut done = Vec::new();
    for damage in damages {
        for (digest, class) in blobs(result, damage.side) {
            done.extend(blob(app, actor, &damage, digest, class).await?);
        }
        for wrong in &damage.log {
            done.extend(of_log(app, actor, &damage, wrong).await?);
        }
        let mut mended = false;
        for wrong in &damage.access {
            if let Some(repair) = looks::mend(app, damage.side, damage.vault, wrong).await? {
                mended = true;
                done.push(told(app, actor, repair).await?);
            }
        }
        if mended {
            app.looks.begin_again().await?;
        }
    }
    Ok(done)
}

/// The blobs of a store that are changed or missing.
fn blobs(result: &FixityResult, side: Side) -> Vec<(Digest, FindingClass)> {
    let changed = result.changed.iter().map(|digest| (*digest, FindingClass::Changed));
    let missing = result.missing.iter().map(|digest| (*digest, FindingClass::Missing));
    match side {
        Side::Store => changed.chain(missing).collect(),
        Side::Copy => {
            let damaged = |class| matches!(class, FindingClass::Changed | FindingClass::Missing);
            let of_copy = result.beside.iter().filter(|one| one.side == Some(Side::Copy));
            of_copy
                .filter(|one| damaged(one.class))
                .filter_map(|one| Some((key::blob_of(&Path::from(one.path.as_str()))?, one.class)))
                .collect()
        }
    }
}

/// Repairs a blob. The right bytes are at hand, complete and verified, before
/// the damaged ones are moved.
pub(super) async fn blob(
    app: &App,
    actor: &Actor,
    damage: &Damage<'_>,
    digest: Digest,
    class: FindingClass,
) -> Result<Option<Repair>, AuditError> {
    match damage.vault.check_here(digest).await {
        // Somebody else was faster.
        Ok(_) => return Ok(None),
        Err(VaultError::NotFound(_)) => {}
        Err(error) if error.is_damage() => {}
        Err(error) => return Err(error.into()),
    }
    let Some((right, source)) = sound(app, damage, digest).await? else { return Ok(None) };
    let path = Key::Blob(digest).path();
    let quarantine = damage.vault.quarantine(&path, app.now()).await?;
    damage.vault.restore_blob(&right).await?;
    let repair =
        Repair { side: damage.side, path: path.into(), sha256: digest, class, source, quarantine };
    Ok(Some(told(app, actor, repair).await?))
}

/// The right bytes of a blob, from the other store or the database.
async fn sound(
    app: &App,
    damage: &Damage<'_>,
    digest: Digest,
) -> Result<Option<(Spooled, Source)>, AuditError> {
    if let Some((other, source)) = damage.other
        && let Ok(right) = other.copy(digest).await
    {
        return Ok(Some((right, source)));
    }
    let mut tx = app.db.read().await?;
    let alone = entries::of_body(&mut tx, digest).await?.map(|entry| entry.body);
    // Bodies that share a blob stand there as they came, mostly in the order of
    // their entries.
    let body = match alone {
        Some(body) => body,
        None => entries::bodies_in(&mut tx, digest).await?.join("\n"),
    };
    drop(tx);
    let body = Bytes::from(body);
    if Digest::of(&body) != digest {
        return Ok(None);
    }
    let source = futures::stream::iter([Ok::<_, std::io::Error>(body)]);
    let right = damage.vault.receive(source, u64::MAX).await?;
    Ok(Some((right, Source::Database)))
}

/// Repairs a part of the log.
async fn of_log(
    app: &App,
    actor: &Actor,
    damage: &Damage<'_>,
    wrong: &Wrong,
) -> Result<Option<Repair>, AuditError> {
    let Some((right, source)) = &wrong.right else { return Ok(None) };
    let path = Path::from(wrong.finding.path.as_str());
    // Tiles and checkpoint follow the log meanwhile.
    let found = damage.vault.log_object(&path).await?;
    let newer = |found: &Bytes| match (checkpoint(app, found), checkpoint(app, right)) {
        (Some(found), Some(right)) => {
            path == Key::Checkpoint(None).path() && found.size > right.size
        }
        _ => false,
    };
    if found.as_ref() == Some(right) || found.as_ref().is_some_and(newer) {
        return Ok(None);
    }
    let quarantine = damage.vault.quarantine(&path, app.now()).await?;
    damage.vault.restore(&path, right.clone()).await?;
    let repair = Repair {
        side: damage.side,
        path: path.into(),
        sha256: Digest::of(right),
        class: wrong.finding.class,
        source: *source,
        quarantine,
    };
    Ok(Some(told(app, actor, repair).await?))
}

/// The checkpoint in some bytes, if it is signed by a key of this machine.
fn checkpoint(app: &App, bytes: &Bytes) -> Option<Checkpoint> {
    let note = std::str::from_utf8(bytes).ok()?;
    let own = keys::open(&app.config).ok().flatten();
    let keys: Vec<String> = own.iter().flat_map(LogKeys::public).map(ToOwned::to_owned).collect();
    Checkpoint::open(note, &keys).ok()
}

/// Records a repair that was done.
pub(super) async fn told(app: &App, actor: &Actor, repair: Repair) -> Result<Repair, AuditError> {
    tracing::warn!(path = repair.path, side = repair.side.as_str(), "repaired");
    app.recorder.record(actor, Act::RepairObject { repair: repair.clone() }).await?;
    Ok(repair)
}
