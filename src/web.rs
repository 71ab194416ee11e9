//! The web edge: what a person sees in a browser.
//!
//! `page` holds a typed struct for every page, with sample data, and turns it
//! into HTML through the templates in `templates/`. Pages know no capability and
//! no use case: they are filled by handlers, one file a noun in `pages/`.
//! `serving` has the connections, `tls` what protects them, `origin` where a
//! request comes from.
//! `router` has every route on one screen, `guard` what every request passes,
//! `identity` whose session it is, `rights` what each address needs, `session` the person as handlers take them, `error` how a failure is told, `words` the words for what
//! use cases tell in their own terms. `keys` declares every key once;
//! that table binds the keys, prints the hints and fills the help. `assets`
//! serves the style sheet and the scripts out of the binary.

pub mod api;
pub mod assets;
mod checking;
mod download;
mod error;
pub(crate) mod filters;
mod guard;
mod identity;
mod imports;
pub mod keys;
pub mod lang;
mod origin;
pub mod page;
mod pages;
pub mod rights;
mod router;
mod serving;
mod session;
mod state;
pub mod text;
mod tls;
mod verifying;
mod words;

pub use self::router::router;
pub use self::tls::TlsError;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use self::serving::Serving;
use self::tls::Certificate;
use crate::app::App;
use crate::{audit, follow, timestamp, worker};

/// Serves pages and API on `listen` until Ctrl-C, with the worker and the
/// index beside them.
///
/// # Errors
/// When the address cannot be listened on, or the certificate not be read.
pub async fn serve(app: Arc<App>, listen: SocketAddr) -> std::io::Result<()> {
    let certificate = Certificate::open(&app.config).map_err(std::io::Error::other)?;
    let listener = TcpListener::bind(listen).await?;
    let at = listener.local_addr()?;
    match (&certificate, app.config.names.first()) {
        (None, _) => eprintln!("serving on http://{at}/  (Ctrl-C ends it)"),
        (_, None) => eprintln!("serving on https://{at}/  (Ctrl-C ends it)"),
        (_, Some(name)) => {
            eprintln!("serving on https://{name}:{}/, at {at}  (Ctrl-C ends it)", at.port());
        }
    }
    let background = tokio::spawn({
        let app = Arc::clone(&app);
        async move {
            tokio::join!(
                worker::serve(Arc::clone(&app)),
                timestamp::serve(Arc::clone(&app)),
                follow::serve(Arc::clone(&app)),
                audit::schedule::serve(app)
            );
        }
    });
    let proxies = app.config.proxy.trusted.clone();
    let serving = Serving { router: router(app), certificate, proxies };
    let ended = serving::serve(listener, serving, stopped()).await;
    background.abort();
    ended
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => {
                let _ = interrupt.await;
                return;
            }
        };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
