//! The certificate of the server: read at the start, and again when its files
//! change, so that a new one needs no stop.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};

use crate::config::Config;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct TlsError {
    file: String,
    cause: String,
}

/// A certificate, as its files have it.
#[derive(Debug)]
pub(crate) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    now: Mutex<(Stamp, Arc<ServerConfig>)>,
}

/// When the files were written, and how long they are.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Certificate {
    /// The certificate of the settings; none when they name none.
    ///
    /// # Errors
    /// When its files cannot be read, or do not belong together.
    pub(crate) fn open(config: &Config) -> Result<Option<Self>, TlsError> {
        if !config.tls.is_on() {
            return Ok(None);
        }
        let chain = config.data.join(&config.tls.certificate);
        let key = config.data.join(&config.tls.key);
        let now = (stamp(&chain, &key), load(&chain, &key)?);
        Ok(Some(Self { chain, key, now: Mutex::new(now) }))
    }

    /// How the next connection is protected. While new files do not belong
    /// together, or cannot be read, it is by those before.
    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = stamp(&self.chain, &self.key);
        if seen != now.0 {
            now.0 = seen;
            match load(&self.chain, &self.key) {
                Ok(config) => {
                    tracing::info!("the certificate was read again");
                    now.1 = config;
                }
                Err(error) => tracing::warn!(%error, "the certificate before stays in use"),
            }
        }
        Arc::clone(&now.1)
    }
}

fn stamp(chain: &Path, key: &Path) -> Stamp {
    let of = |meta: Metadata| Some((meta.modified().ok()?, meta.len()));
    [chain, key].map(|path| std::fs::metadata(path).ok().and_then(of))
}

fn load(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let wrong = |path: &Path, cause: String| TlsError { file: path.display().to_string(), cause };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(chain, error.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong(chain, "there is no certificate in it".into()));
    }
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .and_then(|building| building.with_no_client_auth().with_single_cert(certificates, secret))
        .map_err(|error| wrong(chain, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
