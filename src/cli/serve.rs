use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;

use super::{Common, Failure, Outcome, listen_on};
use crate::web;

/// Serves the pages and the API, reads what is added, keeps the index.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen; beyond this machine only with [tls] or [proxy] in the
    /// settings.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let listen = listen_on(self.listen, &common.config()?)?;
        let app = common.open_for_others().await?;
        web::serve(Arc::clone(&app), listen).await?;
        app.close(true).await?;
        Ok(Outcome::Done)
    }
}
