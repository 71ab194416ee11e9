//! Sweeps by themselves: while the program serves, every stored file is read
//! again as often as the settings say, what was not looked at for longest
//! first. Of several processes one does it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::repair::Damage;
use super::verify::second_copy;
use super::{Asked, AuditError, Bounds, Report, Sweep, repair, verify_as};
use crate::app::App;
use crate::catalog::{leases, sweeps};
use crate::model::act::{FindingClass, Side, Source};
use crate::vault::VaultError;

/// How long a server runs before it looks for the first time, and how long
/// there is between two looks at the clock.
const PAUSE: Duration = Duration::from_secs(60);
/// How long whoever sweeps has the right to.
const LEASE: Duration = Duration::from_secs(120);
/// How long there is between two parts of a sweep that is bounded in time.
const REST: Duration = Duration::from_secs(24 * 3600);
/// The name of that right.
const NAME: &str = "sweep";

/// Sweeps as the settings say, for ever.
pub async fn serve(app: Arc<App>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Err(error) = once(&app).await {
            tracing::error!(%error, "a sweep did not end");
        }
    }
}

/// Repairs what was doubted when it was read, and sweeps what is due, unless
/// another process does or the time of today is used up. Returns what was
/// found; none when nothing was due.
///
/// # Errors
/// When the catalog or the store cannot be read at all.
pub async fn once(app: &Arc<App>) -> Result<Option<Report>, AuditError> {
    let settings = &app.config.sweep;
    if settings.repair {
        mend_doubted(app).await?;
    }
    let Ok(Some(every)) = settings.interval() else { return Ok(None) };
    let before = |by: Duration| app.now() - SignedDuration::try_from(by).unwrap_or_default();
    // What is due soon is done at the same time, so that a round is one act and
    // not one for every shard.
    let (overdue, due) = (before(every), before(every - every / 10));
    let owner = hex::encode(rand::random::<[u8; 8]>());
    if !is_due(app, overdue).await? || !take(app, &owner).await? {
        return Ok(None);
    }
    let bounded = |number: u64| Some(number).filter(|number| *number > 0);
    let bounds = Bounds {
        time: bounded(settings.minutes)
            .map(|minutes| Duration::from_secs(minutes.saturating_mul(60))),
        bytes_per_second: bounded(settings.bytes_per_second),
        resume: true,
        due: Some(due),
    };
    let asked = Asked { bounds, repair: settings.repair, catalog: false };
    let system = app.config.system();
    let sweeping = verify_as(app, &system, Arc::new(Sweep::default()), asked);
    let stay = async {
        loop {
            tokio::time::sleep(LEASE / 3).await;
            match take(app, &owner).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "the right to sweep is not renewed"),
            }
        }
    };
    let swept = tokio::select! {
        swept = sweeping => swept.map(Some),
        // Another process has taken over.
        () = stay => Ok(None),
    };
    if let Ok(Some(report)) = &swept
        && let Some(why) = &report.unrecorded
    {
        tracing::error!(why, "what a sweep found is not in the log");
    }
    // What is left of a sweep bounded in time has to wait.
    let rests = bounds.time.is_some() && is_due(app, due).await?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    leases::release(&mut tx, NAME, &owner).await?;
    if rests {
        leases::take(&mut tx, NAME, "rest", now, now + REST).await?;
    }
    tx.commit().await?;
    swept
}

/// Whether something was not looked at since.
async fn is_due(app: &App, due: Timestamp) -> Result<bool, AuditError> {
    let mut tx = app.db.read().await?;
    let rows = sweeps::all(&mut tx).await?;
    // A copy that is away is looked at when it is back.
    let sides = if second_copy(app).await.0.is_some() { 2 } else { 1 };
    let fresh = rows.iter().filter(|row| row.after.is_empty() && row.looked > due.as_millisecond());
    let fresh = fresh.filter(|row| sides == 2 || row.side == Side::Store.as_str()).count();
    // 256 shards a store, and the log.
    Ok(fresh < 256 * sides + 1)
}

async fn take(app: &App, owner: &str) -> Result<bool, AuditError> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let taken = leases::take(&mut tx, NAME, owner, now, now + LEASE).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Repairs the blobs that had to be read from the second copy.
async fn mend_doubted(app: &App) -> Result<(), AuditError> {
    let Some(mirror) = app.vault.mirror() else { return Ok(()) };
    let doubted = mirror.take_doubted();
    if doubted.is_empty() {
        return Ok(());
    }
    let (store, copy) = (app.vault.alone(), mirror.vault().await?);
    let other = Some((copy, Source::Copy));
    let (log, access) = (Vec::new(), Vec::new());
    let damage = Damage { side: Side::Store, vault: &store, other, log, access };
    for digest in doubted {
        let class = match store.check_here(digest).await {
            Err(error) if error.is_damage() => FindingClass::Changed,
            Err(VaultError::NotFound(_)) => FindingClass::Missing,
            _ => continue,
        };
        repair::blob(app, &app.config.system(), &damage, digest, class).await?;
    }
    Ok(())
}
