use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::setup::{self, Founding};

/// Makes an archive in the data folder.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// 全宗号 of the keeping body.
    #[arg(long, default_value = "J016")]
    fonds: String,
    /// 全宗名称: the name of the keeping body.
    #[arg(long, default_value = "青石县民政局")]
    fonds_name: String,
}

impl Init {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = App::open(common.config()?, true).await?;
        let founding = Founding { fonds: self.fonds, fonds_name: self.fonds_name };
        setup::found(&app, &app.operator(), &founding).await?;
        app.settle().await?;
        if common.json {
            print_json(&serde_json::json!({ "data": common.data, "fonds": founding.fonds }))?;
        } else {
            println!(
                "archive of {} {} made in {}",
                founding.fonds,
                founding.fonds_name,
                common.data.display()
            );
            if app.config.encryption.volumes {
                super::encryption::about_the_master(&app.config);
            }
            if let Some(missing) = app.no_ocr() {
                println!("note: {missing}; everything but OCR works");
            }
        }
        Ok(Outcome::Done)
    }
}
