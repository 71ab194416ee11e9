//! What the handlers share: the archive, the secret of this process, and the
//! verification that runs.

use std::sync::Arc;

use axum::extract::FromRef;

use super::checking::Checking;
use super::imports::{Imports, Returned};
use super::verifying::Verifying;
use crate::app::App;

/// What the handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    /// The archive.
    pub(crate) app: Arc<App>,
    /// What every form of this process carries, so that another site cannot
    /// post for the person. It needs no account and ends with the process.
    pub(crate) csrf: Arc<str>,
    /// The verification that runs.
    pub(crate) verifying: Verifying,
    /// Files of other departments that are being taken in.
    pub(crate) checking: Checking,
    /// Files of banks that are being taken in.
    pub(crate) returns: Imports<Returned>,
}

impl Web {
    /// The state of a server for one archive.
    pub(crate) fn new(app: Arc<App>) -> Self {
        let csrf = hex::encode(rand::random::<[u8; 32]>()).into();
        Self {
            app,
            csrf,
            verifying: Verifying::default(),
            checking: Checking::default(),
            returns: Imports::default(),
        }
    }
}

impl FromRef<Web> for Arc<App> {
    fn from_ref(web: &Web) -> Self {
        Arc::clone(&web.app)
    }
}
