//! `rocfl validate` beside the sweep.

use std::path::Path;

use yidang::model::id::Digest;

use crate::clock::Clock;
use crate::{FILES, Failed};

/// `rocfl validate` on an OCFL object of the same scans, where `YIDANG_ROCFL` or
/// the search path leads to that program.
pub(crate) async fn validate(scans: &Path, root: &Path) -> Result<(), Failed> {
    let program = std::env::var("YIDANG_ROCFL").unwrap_or_else(|_| "rocfl".into());
    let bytes = ocfl_object(scans, root)?;
    let clock = Clock::start();
    let mut command = tokio::process::Command::new(&program);
    let told = command.arg("-r").arg(root).args(["validate", "-p", "object"]).output().await;
    match told {
        Ok(told) if told.status.success() => {
            println!("  rocfl validate         {}", clock.bytes(bytes));
        }
        Ok(told) => {
            let why = String::from_utf8_lossy(&told.stdout);
            println!("  rocfl says no: {why}");
        }
        Err(_) => {
            println!("  {program} is not installed; set YIDANG_ROCFL to one (cargo install rocfl)")
        }
    }
    Ok(())
}

/// Makes an OCFL store with one object of all scans, named by the same digests;
/// returns how many bytes they have.
fn ocfl_object(scans: &Path, root: &Path) -> Result<u64, Failed> {
    let object = root.join("object");
    let content = object.join("v1/content");
    std::fs::create_dir_all(&content)?;
    std::fs::write(root.join("0=ocfl_1.1"), "ocfl_1.1\n")?;
    std::fs::write(object.join("0=ocfl_object_1.1"), "ocfl_object_1.1\n")?;
    let (mut manifest, mut state) = (serde_json::Map::new(), serde_json::Map::new());
    let mut total = 0;
    for number in 0..FILES {
        let name = format!("{number}.jpg");
        let bytes = std::fs::read(scans.join(&name))?;
        total += bytes.len() as u64;
        std::fs::write(content.join(&name), &bytes)?;
        let digest = Digest::of(&bytes).to_string();
        manifest.insert(digest.clone(), serde_json::json!([format!("v1/content/{name}")]));
        state.insert(digest, serde_json::json!([name]));
    }
    let inventory = serde_json::json!({
        "id": "urn:yidang:bench", "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha256", "head": "v1", "contentDirectory": "content",
        "manifest": manifest,
        "versions": { "v1": {
            "created": "2026-11-24T08:00:00Z", "message": "scans", "state": state,
            "user": { "name": "bench", "address": "mailto:bench@yidang.example" },
        } },
    })
    .to_string();
    let digest = Digest::of(inventory.as_bytes());
    for folder in [&object, &object.join("v1")] {
        std::fs::write(folder.join("inventory.json"), &inventory)?;
        let beside = format!("{digest} inventory.json\n");
        std::fs::write(folder.join("inventory.json.sha256"), beside)?;
    }
    Ok(total)
}
