use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Common, Failure, Outcome, print_json};
use crate::config::Config;
use crate::extract::{Reader, Source};
use crate::models;

/// Reads any file and prints its lines; needs no archive.
#[derive(Debug, Args)]
pub(super) struct Ocr {
    /// JPEG, PNG, TIFF, WebP, BMP or PDF.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Ocr {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let config: Config = common.config()?;
        if !self.file.is_file() {
            return Err(Failure::not_found(format!("{} is not a file", self.file.display())));
        }
        let mut reader = Reader::new(config.limits.clone());
        let inspected = reader.inspect(&self.file).await?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        match models::load(&config.models, cores) {
            Ok(engine) => reader.engine = Some(std::sync::Arc::new(engine)),
            Err(error) => eprintln!("yidang: {error}; only text layers are read"),
        }
        let bar = super::progress::bar("reading", u64::from(inspected.pages));
        let ticks = bar.clone();
        let reading = reader
            .read(&self.file, inspected.kind, move |now| ticks.set_position(u64::from(now.done)))
            .await?;
        bar.finish_and_clear();
        if common.json {
            print_json(&json!({ "pages": reading.pages }))?;
        } else {
            for page in &reading.pages {
                println!("-- page {} ({}, turned {})", page.page, page.reason, page.turned);
                println!("{}", page.text());
            }
        }
        let unread = reading.pages.iter().any(|page| page.source == Source::None);
        Ok(if unread { Outcome::Findings } else { Outcome::Done })
    }
}
