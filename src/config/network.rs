//! How the server is reached, and whom it believes.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use super::{Config, ConfigError};

/// The certificate of the server. Both files are read again when they change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// The certificate and those up to its authority (PEM), relative to the
    /// data folder; without TLS when empty.
    pub certificate: PathBuf,
    /// Its key (PEM).
    pub key: PathBuf,
}

/// What stands between the people and the server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Proxy {
    /// The addresses of proxies that are believed when they say who asks
    /// (`X-Forwarded-For`), over what (`-Proto`) and for which name (`-Host`).
    pub trusted: Vec<IpAddr>,
}

/// A provider of sign-in (OpenID Connect).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Its name, an address; nobody signs in there when it is empty.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// The file of what we show it, relative to the data folder; nothing when
    /// empty.
    pub client_secret_file: PathBuf,
    /// What the button says.
    pub button: String,
}

impl Tls {
    /// Whether the server speaks TLS itself.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.certificate.as_os_str().is_empty()
    }
}

impl Oidc {
    /// Whether people can sign in at a provider.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.issuer.is_empty()
    }
}

impl Config {
    /// Checks what is said of the network.
    pub(super) fn check_network(&self) -> Result<(), ConfigError> {
        let wrong = |key, cause: String| Err(ConfigError::Value { key, cause });
        if self.tls.is_on() == self.tls.key.as_os_str().is_empty() {
            return wrong("tls", "a certificate and its key belong together".into());
        }
        for name in &self.names {
            let fits =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
            if name.is_empty() || name.len() > 253 || !name.chars().all(fits) || has_port(name) {
                let cause =
                    format!("{name:?} is no name of a machine; without a port, in small letters");
                return wrong("names", cause);
            }
        }
        if self.oidc.is_on() {
            if !crate::credentials::oidc::is_issuer(&self.oidc.issuer) {
                let cause = format!("{:?} is not an address with https://", self.oidc.issuer);
                return wrong("oidc.issuer", cause);
            }
            if self.oidc.client_id.is_empty() {
                return wrong("oidc.client_id", "the provider has to know who asks".into());
            }
        }
        Ok(())
    }

    /// The address to listen on.
    ///
    /// # Errors
    /// When other machines could reach it, and neither TLS nor a trusted proxy
    /// stands before it, or it has no name to be called by.
    pub fn reachable(&self, listen: SocketAddr) -> Result<SocketAddr, ConfigError> {
        if listen.ip().is_loopback() {
            return Ok(listen);
        }
        if !self.tls.is_on() && self.proxy.trusted.is_empty() {
            return Err(ConfigError::Unprotected(listen));
        }
        if self.names.is_empty() {
            return Err(ConfigError::Nameless(listen));
        }
        Ok(listen)
    }

    /// Whether a `Host` names this server: one of its names, or this machine
    /// itself.
    #[must_use]
    pub fn is_called(&self, host: &str) -> bool {
        is_loopback(host) || self.names.iter().any(|name| name.eq_ignore_ascii_case(bare(host)))
    }
}

fn has_port(name: &str) -> bool {
    bare(name) != name
}

/// A host without its port.
fn bare(host: &str) -> &str {
    match host.rsplit_once(':') {
        // Not the end of an IPv6 address.
        Some((name, port))
            if port.bytes().all(|b| b.is_ascii_digit())
                && (name.ends_with(']') || !name.contains(':')) =>
        {
            name
        }
        _ => host,
    }
}

/// Whether a host names this machine and nothing else.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = bare(host);
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok_and(|one| one.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<std::net::Ipv4Addr>().is_ok_and(|one| one.is_loopback())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(super::super::FILE), text).unwrap();
        Config::load_with(folder.path(), |_| None)
    }

    #[test]
    fn beyond_this_machine_only_with_tls_or_behind_a_proxy_and_with_a_name() {
        let may = |text: &str, listen: &str| {
            let config = with(text).unwrap();
            config.reachable(listen.parse().unwrap()).map_err(|error| error.to_string())
        };
        for good in ["127.0.0.1:80", "[::1]:80", "127.8.0.1:1"] {
            assert!(may("", good).is_ok());
        }
        let tls = "[tls]\ncertificate = \"a\"\nkey = \"b\"\n";
        let proxy = "[proxy]\ntrusted = [\"10.0.0.5\"]\n";
        let names = "names = [\"yidang.example.gov.cn\"]\n";
        for bad in ["0.0.0.0:80", "192.168.1.2:80", "[::]:80"] {
            assert!(may(names, bad).unwrap_err().contains("[tls]"), "{bad}");
            assert!(may(tls, bad).unwrap_err().contains("names"));
            assert!(may(proxy, bad).unwrap_err().contains("names"));
            assert!(may(&format!("{names}{tls}"), bad).is_ok());
            assert!(may(&format!("{names}{proxy}"), bad).is_ok());
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        for (bad, word) in [
            ("[tls]\ncertificate = \"a\"\n", "together"),
            ("[tls]\nkey = \"a\"\n", "together"),
            ("names = [\"\"]\n", "names"),
            ("names = [\"a.example:443\"]\n", "port"),
            ("names = [\"https://a.example\"]\n", "names"),
            ("names = [\"A.example\"]\n", "small"),
            ("[proxy]\ntrusted = [\"proxy.example\"]\n", "trusted"),
            ("[oidc]\nissuer = \"http://id.example\"\nclient_id = \"a\"\n", "https"),
            ("[oidc]\nissuer = \"https://id.example\"\n", "client_id"),
        ] {
            let said = with(bad).unwrap_err().to_string();
            assert!(said.contains(word), "{bad}: {said}");
        }
        assert!(!with("").unwrap().tls.is_on());
    }

    #[test]
    fn a_server_answers_to_its_names_and_to_this_machine() {
        let config =
            with("names = [\"yidang.example.gov.cn\", \"10.0.0.7\", \"[fd00::7]\"]\n").unwrap();
        for good in [
            "yidang.example.gov.cn",
            "YIDANG.example.gov.cn:443",
            "10.0.0.7:8117",
            "[fd00::7]:8117",
            "localhost",
            "LOCALHOST:8117",
            "127.0.0.1:8117",
            "127.8.0.1",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(config.is_called(good), "{good}");
        }
        for bad in [
            "evil.example",
            "yidang.example.gov.cn.evil.example",
            "xyidang.example.gov.cn",
            "127.0.0.1.evil.example:80",
            "192.168.1.2",
            "[::]:80",
            "",
            "localhost.evil:1",
            "localhost:80:90",
            "fd00::7",
        ] {
            assert!(!config.is_called(bad), "{bad}");
        }
    }
}
