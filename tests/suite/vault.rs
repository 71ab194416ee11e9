//! Bytes are durable before they count as stored, right before they are handed
//! out, and never written over.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use object_store::ObjectStoreExt;
use yidang::model::id::Digest;
use yidang::vault::{Key, Stored, Vault, VaultError};

use crate::faults::When;
use crate::harness::{Archive, Sql, Store, for_all, stream};

const LIMIT: u64 = 64 << 20;

async fn keep(vault: &Vault, bytes: &[u8]) -> Result<Stored, VaultError> {
    let spooled = vault.receive(stream(bytes), LIMIT).await?;
    vault.keep(&spooled).await
}

/// Bytes that no packing makes smaller.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64 ^ length as u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

#[tokio::test]
async fn what_goes_in_comes_out_small_and_large() {
    for_all(async |archive| {
        let vault = &archive.app.vault;
        for length in [0, 1, 70_000, (8 << 20) + 12_345] {
            let given = bytes(length);
            let digest = Digest::of(&given);
            assert_eq!(keep(vault, &given).await.unwrap(), Stored::New);
            assert_eq!(vault.check(digest).await.unwrap(), length as u64);
            let copy = vault.copy(digest).await.unwrap();
            assert_eq!(std::fs::read(copy.path()).unwrap(), given);
            drop(copy);
            match vault.bytes(digest).await {
                Ok(small) => assert_eq!(small, given),
                Err(VaultError::TooLarge { .. }) => assert!(length > 8 << 20),
                Err(other) => panic!("{other}"),
            }
            assert!(archive.on_the_way().is_empty());
            assert!(archive.paths("staging").await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn bytes_that_are_there_are_read_again_before_they_count() {
    for_all(async |archive| {
        let vault = &archive.app.vault;
        let given = bytes(100_000);
        assert_eq!(keep(vault, &given).await.unwrap(), Stored::New);
        assert_eq!(keep(vault, &given).await.unwrap(), Stored::Known);
        assert_eq!(vault.put(Bytes::from(given.clone())).await.unwrap(), Digest::of(&given));

        let digest = Digest::of(&given);
        archive.damage(digest).await;
        for refused in [
            keep(vault, &given).await.map(drop),
            vault.put(Bytes::from(given.clone())).await.map(drop),
            vault.copy(digest).await.map(drop),
            vault.bytes(digest).await.map(drop),
            vault.check(digest).await.map(drop),
        ] {
            let Err(VaultError::Corrupt { expected, found }) = refused else {
                panic!("{refused:?}")
            };
            assert!(expected == digest && found != digest);
        }
        // The damaged bytes are left as they are, for whoever looks into it.
        let path = Key::Blob(digest).path();
        let there = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
        assert_ne!(Digest::of(&there), digest);
        assert!(archive.on_the_way().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_too_long_or_breaks_off_leaves_no_file() {
    for_all(async |archive| {
        let vault = &archive.app.vault;
        let long = vault.receive(stream(&bytes(200_000)), 199_999).await;
        assert!(matches!(long, Err(VaultError::TooLarge { limit: 199_999 })));
        let just = vault.receive(stream(&bytes(200_000)), 200_000).await.unwrap();
        assert_eq!(archive.on_the_way(), [just.path()]);
        drop(just);
        let pieces = [Ok(Bytes::from_static(b"half")), Err("the line is dead")];
        let broken = vault.receive(futures::stream::iter(pieces), LIMIT).await;
        assert!(matches!(broken, Err(VaultError::Interrupted(why)) if why.contains("dead")));
        assert!(archive.on_the_way().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_a_crash_left_half_received_is_swept_and_what_is_fresh_is_not() {
    for_all(async |archive| {
        let old = archive.staging().join("left-by-a-crash");
        let fresh = archive.staging().join("of-another-process");
        for path in [&old, &fresh] {
            std::fs::write(path, "half").unwrap();
        }
        let yesterday = SystemTime::now() - Duration::from_secs(25 * 3600);
        std::fs::File::options().append(true).open(&old).unwrap().set_modified(yesterday).unwrap();
        archive.reopen().await.unwrap();
        assert_eq!(archive.on_the_way(), [fresh]);
    })
    .await;
}

#[tokio::test]
async fn every_folder_of_blobs_is_there_from_the_beginning() {
    // A folder made later would itself have to be made durable first.
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let shards = archive.data().join("store/obj/sha256");
    assert_eq!(std::fs::read_dir(shards).unwrap().count(), 256);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_found_done() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let vault = &archive.app.vault;
    for (length, when) in [(1000, When::Before), (2000, When::After), (9 << 20, When::After)] {
        let given = bytes(length);
        archive.faults.fail("obj/", 0, 1, when);
        assert!(matches!(keep(vault, &given).await, Err(VaultError::Store(_))));
        let expected = if when == When::After { Stored::Known } else { Stored::New };
        assert_eq!(keep(vault, &given).await.unwrap(), expected);
        assert_eq!(vault.check(Digest::of(&given)).await.unwrap(), length as u64);
        assert!(archive.on_the_way().is_empty());
    }
}

#[tokio::test]
async fn what_was_never_stored_is_not_found() {
    for_all(async |archive| {
        let digest = Digest::of(b"never");
        for missing in [
            archive.app.vault.check(digest).await.map(drop),
            archive.app.vault.copy(digest).await.map(drop),
            archive.app.vault.bytes(digest).await.map(drop),
        ] {
            assert!(matches!(missing, Err(VaultError::NotFound(_))), "{missing:?}");
        }
    })
    .await;
}
