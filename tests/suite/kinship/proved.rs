//! The bundle of a file that a split is told in: who may not see both households gets none.

use yidang::living::kinship::{self, Splitting};
use yidang::model::access::{Actor, Role};
use yidang::prove::{self, ProveError, Subject};

use super::{goes, paper, split, splitting};
use crate::harness::{Archive, Sql, Store, actor, household};
use crate::living::{NO, opened};
use crate::pages::Browser;
use crate::prove::Packed;

/// What packing comes to, and whether anything was written.
async fn packed(archive: &Archive, by: &Actor, subject: &str) -> (Result<(), ProveError>, bool) {
    let folder = tempfile::tempdir().unwrap();
    let Ok(subject) = subject.parse::<Subject>();
    let to = folder.path().join("bag");
    let packed = prove::prove(&archive.app, by, &subject, true, &to).await;
    (packed.map(drop), to.exists())
}

#[tokio::test]
async fn who_may_not_see_both_households_gets_no_bundle_that_names_the_other() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let old = household(NO);
    let proof = paper(&archive, NO, "B09").await;
    let bound = yidang::binding::bind(&archive.app, &archive.bureau(), &old, "").await.unwrap();
    let here = actor("赵玉梅", "990102003000", Role::Archivist);
    let there = actor("钱文斌", "990102002000", Role::Archivist);
    archive.app.settle().await.unwrap();
    let (before, _) = packed(&archive, &here, NO).await;
    assert!(before.is_ok(), "{before:?}");

    let away = Splitting {
        community: "990102002001".parse().unwrap(),
        ..splitting(proof, vec![goes(1, "")])
    };
    let made = kinship::split(&archive.app, &archive.bureau(), &old, away).await.unwrap();
    let new = made.household.as_str();
    archive.app.settle().await.unwrap();
    let code = bound.reference_code.as_str();
    for (by, subject, mine) in [(&here, NO, NO), (&there, new, new), (&here, code, NO)] {
        let (refused, written) = packed(&archive, by, subject).await;
        assert!(
            matches!(&refused, Err(ProveError::TwoHouseholds(no)) if no.as_str() == mine),
            "{subject}: {refused:?}"
        );
        assert!(!written, "{subject}");
        let said = refused.unwrap_err().to_string();
        let other = if mine == NO { new } else { NO };
        assert!(!said.contains(other), "{said}");
    }
    // A single paper tells of no split, and the office above sees both.
    let (paper, _) = packed(&archive, &here, &proof.0.to_string()).await;
    assert!(paper.is_ok(), "{paper:?}");
    for no in [NO, new] {
        Packed::of(&archive, no, true).await.is_sound(no, &format!("everything of household {no}"));
    }

    let mut browser =
        Browser::of(archive.app.clone(), "赵玉梅", "990102003000", &[Role::Archivist]).await;
    let short = made.household.short();
    for (path, says) in [
        (format!("/household/{NO}/bundle"), "另一户不在您的范围里"),
        (format!("/api/v1/households/{NO}/bundle"), "two_households"),
        (format!("/api/v1/households/{NO}/volume/bundle"), "two_households"),
    ] {
        let answer = browser.get(&path).await;
        let text = answer.text();
        assert_eq!(answer.status, 403, "{path}: {text}");
        assert!(text.contains(says), "{path}: {text}");
        assert!(!text.contains(new) && !text.contains(short.as_str()), "{path}: {text}");
    }

    // One that was taken back stays in the history.
    kinship::take_back(&archive.app, &archive.bureau(), &old, made.entry, "登错了户")
        .await
        .unwrap();
    archive.app.settle().await.unwrap();
    let (refused, _) = packed(&archive, &here, NO).await;
    assert!(matches!(refused, Err(ProveError::TwoHouseholds(_))), "{refused:?}");
}

#[tokio::test]
async fn who_sees_both_households_gets_the_bundle() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let proof = paper(&archive, NO, "B09").await;
    let made = split(&archive, &household(NO), splitting(proof, vec![goes(1, "")])).await;
    archive.app.settle().await.unwrap();
    let here = actor("赵玉梅", "990102003000", Role::Archivist);
    for no in [NO, made.household.as_str()] {
        let (done, _) = packed(&archive, &here, no).await;
        assert!(done.is_ok(), "{no}: {done:?}");
    }
}
