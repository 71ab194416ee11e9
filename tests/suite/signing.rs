//! The key of the log is changed: policies with the old and with the new keep
//! working until the old one is retired, a stop at any point leaves something
//! to go on from, and a stranger's signature is still found.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStoreExt;
use object_store::path::Path;
use yidang::app::App;
use yidang::audit::{self, Report};
use yidang::keys;
use yidang::model::act::Act;
use yidang::rebuild;
use yidang::record::RecordError;
use yidang::signing::{self, SigningError, State};
use yidang::tlog::{Checkpoint, Frontier, LogKey, LogKeys};

use crate::faults::When;
use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, for_all};
use crate::prove::{Packed, fill};

async fn take(archive: &Archive, no: &str, text: &str) -> Result<i64, yidang::intake::IntakeError> {
    let scan = paper(&[&[text, "经办人签字", "此件归档"]]);
    Ok(archive.take(no, "a.pdf", &scan).await?.document.0)
}

async fn verified(archive: &Archive) -> Report {
    audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap()
}

/// What an act that failed left behind is untracked, and nothing else.
async fn is_clean(archive: &Archive) {
    let report = verified(archive).await;
    assert!(Report { untracked: Vec::new(), ..report.clone() }.is_clean(), "{report:?}");
}

/// A new start, when nobody else publishes any more.
async fn reopen(archive: &mut Archive) {
    archive.reopen().await.unwrap();
    archive.hands.advance(Duration::from_secs(31));
}

async fn rotate(archive: &Archive) -> Result<String, SigningError> {
    signing::rotate(&archive.app, &archive.bureau()).await
}

async fn policy(archive: &Archive) -> String {
    signing::policy(&archive.app).await.unwrap()
}

/// The states of the keys, in order.
async fn states(app: &App) -> Vec<State> {
    signing::standing(app).await.unwrap().keys.into_iter().map(|one| one.state).collect()
}

/// How many signatures the newest checkpoint has, as it stands in its batch.
async fn signatures(archive: &Archive) -> usize {
    let mut tx = archive.app.db.read().await.unwrap();
    let (_, note) = yidang::ledger::newest(&mut tx).await.unwrap().unwrap();
    note.lines().filter(|line| line.starts_with('—')).count()
}

#[tokio::test]
async fn either_policy_works_until_the_old_key_is_retired() {
    for_all(async |archive| {
        let old = policy(archive).await;
        let document = fill(archive).await.to_string();
        rotate(archive).await.unwrap();
        let new = policy(archive).await;
        assert_eq!((new.matches("\nlog ").count(), states(&archive.app).await.len()), (3, 2));
        assert_eq!(
            new.matches("/access+").count(),
            1,
            "two keys of the log, one of the access log"
        );
        take(archive, ZHOU, "换钥以后").await.unwrap();
        assert_eq!(signatures(archive).await, 2);
        let only_new: String = {
            let lines: Vec<&str> = new.lines().filter(|line| !line.starts_with('#')).collect();
            format!("{}\nquorum none\n", lines[0])
        };
        let packed = Packed::of(archive, &document, true).await;
        for (what, policy) in [("the old", &old), ("both", &new), ("the new", &only_new)] {
            packed.by(policy).is_sound(what, "is here as it was taken in");
        }
        is_clean(archive).await;

        let retired = signing::retire(&archive.app, &archive.bureau(), None).await.unwrap();
        assert!(old.contains(&retired), "the oldest");
        assert_eq!(
            (signatures(archive).await, states(&archive.app).await),
            (1, vec![State::Current])
        );
        let packed = Packed::of(archive, &document, true).await;
        packed.by(&old).is_refused("the old", "get the new one from it on another way");
        packed.by(&only_new).is_sound("the new", "is here as it was taken in");
        packed.by(&new).is_sound("both", "is here as it was taken in");
        is_clean(archive).await;

        // Who begins again from the store alone comes to the same.
        let dump = archive.dump().await;
        reopen(archive).await;
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        take(archive, CHEN, "重建以后").await.unwrap();
        is_clean(archive).await;
    })
    .await;
}

#[tokio::test]
async fn a_change_that_was_broken_off_goes_on_where_it_stopped() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let config = archive.app.config.clone();
    // The new secret is kept, and the act is not recorded.
    archive.faults.fail("log/entries", 0, 100, When::Before);
    let failed = rotate(&archive).await.unwrap_err();
    assert!(matches!(failed, SigningError::Record(RecordError::Unsure(_))), "{failed:?}");
    archive.faults.heal();
    reopen(&mut archive).await;
    assert_eq!(states(&archive.app).await, [State::Current, State::Unused]);
    take(&archive, ZHOU, "还是旧钥").await.unwrap();
    assert_eq!(signatures(&archive).await, 1);
    is_clean(&archive).await;
    let made: Vec<String> =
        keys::open(&config).unwrap().unwrap().public().map(ToOwned::to_owned).collect();
    assert_eq!(rotate(&archive).await.unwrap(), made[1], "the one that was made is taken up");
    assert_eq!(states(&archive.app).await, [State::Current, State::Older]);

    // The act is recorded, and nobody is told: the answer of the store is lost.
    archive.faults.fail("log/entries", 0, 100, When::After);
    drop(rotate(&archive).await);
    archive.faults.heal();
    reopen(&mut archive).await;
    let now = states(&archive.app).await;
    assert!(!now.contains(&State::Unused) && now.len() == 3, "{now:?}");
    assert_eq!(signatures(&archive).await, 3);

    // An older key is retired, and its secret is still there.
    let key = made[0].clone();
    let retire = Act::RetireKey { key: key.clone() };
    archive.app.recorder.record(&archive.bureau(), retire).await.unwrap();
    reopen(&mut archive).await;
    assert_eq!(signatures(&archive).await, 2);
    let id = key.split('+').nth(1);
    assert_eq!(signing::retire(&archive.app, &archive.bureau(), id).await.unwrap(), key);
    let left = keys::open(&config).unwrap().unwrap();
    assert!(left.public().count() == 2 && left.public().all(|one| one != key));
    is_clean(&archive).await;
}

#[tokio::test]
async fn a_process_that_was_not_told_takes_the_new_key_or_refuses_plainly() {
    for_all(async |archive| {
        let other = archive.second().await.unwrap();
        rotate(archive).await.unwrap();
        let act = |name: &str| Act::RegisterOrganisation {
            code: "990102009000".parse().unwrap(),
            name: name.into(),
        };
        other.recorder.record(&archive.bureau(), act("北门街道")).await.unwrap();
        assert_eq!(signatures(archive).await, 2);

        // A machine whose file of the keys is that of before.
        let config = &archive.app.config;
        let both = keys::open(config).unwrap().unwrap();
        let third = archive.second().await.unwrap();
        let before: Vec<String> = both.public().take(1).map(ToOwned::to_owned).collect();
        rotate(archive).await.unwrap();
        let all = keys::open(config).unwrap().unwrap();
        keys::replace(config, &both.clone().only(&before)).unwrap();
        let entries = archive.entries().await;
        let refused = third.recorder.record(&archive.bureau(), act("西门街道")).await.unwrap_err();
        assert!(refused.to_string().contains("bring the file of the keys up to date"), "{refused}");
        assert_eq!(archive.entries().await, entries, "nothing was recorded");
        keys::replace(config, &all).unwrap();
        third.recorder.record(&archive.bureau(), act("西门街道")).await.unwrap();
        assert_eq!(signatures(archive).await, 3);
        other.db.close().await;
        third.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let one = signing::retire(app, &bureau, None).await;
    assert!(matches!(one, Err(SigningError::Newest)), "{one:?}");
    let unknown = signing::retire(app, &bureau, Some("00000000")).await;
    assert!(matches!(unknown, Err(SigningError::UnknownKey(_))), "{unknown:?}");
    let current = keys::open(&app.config).unwrap().unwrap().first().to_owned();
    let id = current.split('+').nth(1);
    let newest = signing::retire(app, &bureau, id).await;
    assert!(matches!(newest, Err(SigningError::Newest)), "{newest:?}");
    let origin = current.split('+').next().unwrap();
    let (stranger, elsewhere) =
        (LogKey::new(origin, [9; 32]).unwrap(), LogKey::new("elsewhere", [9; 32]).unwrap());
    for (old, new, why) in [
        (&current, elsewhere.public(), "is not one of this log"),
        (&current, current.as_str(), "signs the log already"),
        (&stranger.public().to_owned(), stranger.public(), "secret is not here"),
        (&current, stranger.public(), "secret is not here"),
    ] {
        let act = Act::RotateKey { old: old.clone(), new: new.to_owned() };
        let refused = app.recorder.record(&bureau, act).await.map(|_| ()).unwrap_err();
        assert!(
            refused.to_string().contains(why) || refused.to_string().contains("signs the log"),
            "{why}: {refused}"
        );
    }
    take(&archive, ZHOU, "照常").await.unwrap();
    is_clean(&archive).await;
}

#[tokio::test]
async fn who_signs_without_being_named_is_found() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let first = keys::open(&archive.app.config).unwrap().unwrap();
    rotate(&archive).await.unwrap();
    signing::retire(&archive.app, &archive.bureau(), None).await.unwrap();
    take(&archive, ZHOU, "以后").await.unwrap();
    is_clean(&archive).await;
    archive.app.settle().await.unwrap();

    // The newest checkpoint signed by the retired key alone, and by a stranger.
    let note = archive.app.vault.checkpoint().await.unwrap().unwrap();
    let size = Checkpoint::parse(&note).unwrap().size;
    let mut tree = Frontier::default();
    let mut tx = archive.app.db.read().await.unwrap();
    for leaf in yidang::ledger::leaves(&mut tx, 0, size, 9999).await.unwrap() {
        tree.push(leaf.as_bytes());
    }
    drop(tx);
    let stranger = LogKeys::from(LogKey::new(first.origin(), [9; 32]).unwrap());
    for by in [&first, &stranger] {
        let forged = by.sign(&[], &tree).unwrap();
        assert_eq!(Checkpoint::parse(&forged).unwrap(), Checkpoint::parse(&note).unwrap());
        let path = Path::from(format!("log/checkpoints/{size:020}"));
        archive.objects().put(&path, forged.into()).await.unwrap();
        let report = verified(&archive).await;
        assert!(
            report
                .changed
                .iter()
                .any(|one| one.object == path.to_string() && one.reason.contains("not signed by")),
            "{report:?}"
        );
    }
}
