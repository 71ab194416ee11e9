//! The settings of an archive: flags over environment over file over defaults.
//! Unknown keys are refused, and everything is checked once.

mod access;
mod log;
mod network;
mod sessions;
mod store;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use self::access::{Access, Operator, ReasonIs};
use crate::extract::Limits;
use crate::model::access::{Actor, Role};

pub use self::log::{Log, Witness};
pub use self::network::{Oidc, Proxy, Tls, is_loopback};
pub use self::sessions::Sessions;
pub use self::store::{Digests, Encryption, SecondCopy, Sweeping};

/// The name of the settings file in the data folder.
pub const FILE: &str = "yidang.toml";

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not TOML of the right shape.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// An environment variable has a value that cannot be.
    #[error("{name}: {cause}")]
    Variable {
        /// Which variable.
        name: &'static str,
        /// What is wrong with it.
        cause: String,
    },
    /// A value that cannot be.
    #[error("{key}: {cause}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What is wrong with it.
        cause: String,
    },
    /// Other machines could connect, and everybody between could read along.
    #[error(
        "{0} can be reached from other machines, and nothing protects what is sent there. Name a \
         certificate under [tls], or the proxy that has one under [proxy], or listen on 127.0.0.1 \
         or [::1]"
    )]
    Unprotected(SocketAddr),
    /// Other machines could connect, by a name that would not be answered.
    #[error(
        "{0} can be reached from other machines, and the server has no name: list those it is \
         called by as `names` in the settings"
    )]
    Nameless(SocketAddr),
}

/// The settings of an archive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The data folder; not a key of the file, which lies in it.
    #[serde(skip)]
    pub data: PathBuf,
    /// Where the bytes are kept: a folder (relative to the data folder) or
    /// `s3://bucket/prefix`.
    pub store: String,
    /// 1: a second copy follows; 2: an act is answered only when both have it.
    pub copies: u8,
    /// The second copy.
    pub copy: SecondCopy,
    /// When stored files are read again.
    pub sweep: Sweeping,
    /// Digests beside SHA-256.
    pub digests: Digests,
    /// Whether the store is encrypted.
    pub encryption: Encryption,
    /// `postgres://…`, or empty for SQLite in the data folder.
    pub database: String,
    /// The file of the bureau's own profile; the national one when empty.
    pub profile: PathBuf,
    /// The folder of the bureau's own rules; those of the program when empty.
    pub rules: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// What the server is called, beside this machine's own names: other names
    /// are not answered.
    pub names: Vec<String>,
    /// Its certificate.
    pub tls: Tls,
    /// What stands before it.
    pub proxy: Proxy,
    /// Where people may sign in too.
    pub oidc: Oidc,
    /// The folder of the OCR models.
    pub models: PathBuf,
    /// How many pages are read at the same time.
    pub readers: usize,
    /// How many threads the readers share for recognising; 0 takes one for each
    /// processor.
    pub reader_threads: usize,
    /// How long a job may go without a sign of life, in seconds, before
    /// another worker takes it.
    pub lease_seconds: u64,
    /// The log's name and key.
    pub log: Log,
    /// How looks at records are noted.
    pub access: Access,
    /// Who acts on the command line.
    pub operator: Operator,
    /// How long people stay signed in.
    pub sessions: Sessions,
    /// Bounds on what is taken in.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            store: "store".into(),
            copies: 1,
            copy: SecondCopy::default(),
            sweep: Sweeping::default(),
            digests: Digests::default(),
            encryption: Encryption::default(),
            database: String::new(),
            profile: PathBuf::new(),
            rules: PathBuf::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8117)),
            names: Vec::new(),
            tls: Tls::default(),
            proxy: Proxy::default(),
            oidc: Oidc::default(),
            models: PathBuf::from(".local/models"),
            readers: std::thread::available_parallelism().map_or(1, |n| n.get().min(4)),
            reader_threads: 0,
            lease_seconds: 60,
            log: Log::default(),
            access: Access::default(),
            operator: Operator::default(),
            sessions: Sessions::default(),
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// The settings for the data folder `data`: its `yidang.toml`, then the
    /// `YIDANG_…` variables.
    ///
    /// # Errors
    /// When the file or a variable cannot be used.
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        Self::load_with(data, |name| std::env::var(name).ok())
    }

    /// As [`Config::load`], with the environment given.
    ///
    /// # Errors
    /// When the file or a variable cannot be used.
    pub fn load_with(
        data: &Path,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let path = data.join(FILE);
        let unreadable = |cause: String| ConfigError::Unreadable { path: path.clone(), cause };
        let mut config: Self = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|e| unreadable(e.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        config.log.check().map_err(&unreadable)?;
        data.clone_into(&mut config.data);
        if let Some(store) = variable("YIDANG_STORE") {
            config.store = store;
        }
        if let Some(store) = variable("YIDANG_COPY") {
            config.copy.store = store;
        }
        if let Some(database) = variable("YIDANG_DATABASE") {
            config.database = database;
        }
        if let Some(models) = variable("YIDANG_MODELS") {
            config.models = models.into();
        }
        let wrong = |name, cause: String| ConfigError::Variable { name, cause };
        if let Some(listen) = variable("YIDANG_LISTEN") {
            config.listen = listen.parse().map_err(|e| wrong("YIDANG_LISTEN", format!("{e}")))?;
        }
        if let Some(readers) = variable("YIDANG_READERS") {
            config.readers =
                readers.parse().map_err(|e| wrong("YIDANG_READERS", format!("{e}")))?;
        }
        if let Some(name) = variable("YIDANG_OPERATOR") {
            config.operator.name = name;
        }
        if let Some(code) = variable("YIDANG_ORGANISATION") {
            config.operator.organisation =
                code.parse().map_err(|e| wrong("YIDANG_ORGANISATION", format!("{e}")))?;
        }
        config.checked()
    }

    /// These settings, if they can be used together.
    fn checked(self) -> Result<Self, ConfigError> {
        let wrong = |key, cause: &str| Err(ConfigError::Value { key, cause: cause.to_owned() });
        self.sweep.interval()?;
        self.check_network()?;
        match self.copies {
            1 => {}
            2 if self.copy.store.is_empty() => {
                return wrong("copies", "2 copies need a second store: name it as copy.store");
            }
            2 => {}
            _ => {
                return wrong(
                    "copies",
                    "it is 1 (the second copy follows) or 2 (acts wait for it)",
                );
            }
        }
        let place = |store: &str| match store.contains("://") {
            true => PathBuf::from(store.trim_end_matches('/')),
            false => self.data.join(store),
        };
        if !self.copy.store.is_empty() && place(&self.copy.store) == place(&self.store) {
            return wrong("copy.store", "the second copy is the store itself; name another place");
        }
        let [keys, master] =
            [&self.encryption.keys, &self.encryption.master].map(|file| self.data.join(file));
        if keys == master || keys == self.data.join(&self.log.key) {
            return wrong("encryption.keys", "it is the file of another key; name one of its own");
        }
        for (key, file) in [("encryption.keys", keys), ("encryption.master", master)] {
            let stores = [&self.store, &self.copy.store];
            if stores.iter().any(|one| !one.is_empty() && file.starts_with(place(one))) {
                return wrong(key, "it lies in the store that it opens; name a place outside");
            }
        }
        Ok(self)
    }

    /// Who acts on the command line.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let Operator { name, organisation, role } = &self.operator;
        Actor::new(name, organisation.clone(), *role)
    }

    /// The program itself as an actor: jobs and sweeps.
    #[must_use]
    pub fn system(&self) -> Actor {
        Actor::new("系统", self.operator.organisation.clone(), Role::System)
    }

    /// How many threads the recogniser runs on. All readers share them: while
    /// one page waits for a step that runs on one thread, another uses the rest.
    #[must_use]
    pub fn recogniser_threads(&self) -> usize {
        match self.reader_threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tlog;

    #[test]
    fn environment_stands_over_file_and_unknown_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, "store = \"a\"\nreaders = 3\n[limits]\npages = 7\n").unwrap();
        let config = Config::load_with(folder.path(), |name| {
            (name == "YIDANG_STORE").then(|| "b".to_owned())
        })
        .unwrap();
        assert_eq!((config.store.as_str(), config.readers), ("b", 3));
        assert_eq!(config.limits.pages, 7);

        std::fs::write(&file, "stroe = \"a\"\n").unwrap();
        let error = Config::load_with(folder.path(), |_| None).unwrap_err();
        assert!(error.to_string().contains("stroe"), "{error}");
    }

    #[test]
    fn the_keys_of_volumes_lie_outside_the_stores_and_apart() {
        let folder = tempfile::tempdir().unwrap();
        let load = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Config::load_with(folder.path(), |_| None)
        };
        assert!(load("[encryption]\nvolumes = true\n").unwrap().encryption.volumes);
        let refused = [
            "[encryption]\nkeys = \"store/volumes.key\"\n",
            "[encryption]\nmaster = \"store/keys/master.key\"\n",
            "[copy]\nstore = \"other\"\n[encryption]\nmaster = \"other/m\"\n",
            "[encryption]\nmaster = \"keys/volumes.key\"\n",
            "[encryption]\nkeys = \"keys/log.key\"\n",
            "[encryption]\nvolume = true\n",
        ];
        for text in refused {
            let told = load(text).unwrap_err().to_string();
            assert!(told.contains("encryption") || told.contains("volume"), "{text}: {told}");
        }
    }

    #[test]
    fn a_witness_that_cannot_be_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = tlog::WitnessKey::new("w.example", [1; 32]).unwrap().public().to_string();
        let one = format!("[[log.witness]]\nname = \"w\"\nurl = \"http://w/\"\nkey = \"{key}\"\n");
        let load = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Config::load_with(folder.path(), |_| None)
        };
        assert_eq!(load(&one).unwrap().log.witness[0].key.to_string(), key);
        for (text, said) in [
            (one.replace("\"w\"", "\"none\""), "cannot name a witness"),
            (one.replace("\"w\"", "\"a b\""), "cannot name a witness"),
            (one.replace("http://w/", "ftp://w/"), "begins with http"),
            (one.replace("w.example+", "w.example+0"), "the id is not that of the key"),
            (one.replace("url", "address"), "address"),
            (one.clone() + &one.replace("\"w\"", "\"v\""), "there twice"),
            ("[log]\ntimestamp = \"tsa.example\"\n".into(), "log.timestamp"),
        ] {
            let refused = load(&text).unwrap_err().to_string();
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }

    #[test]
    fn a_second_copy_is_a_second_place() {
        let folder = tempfile::tempdir().unwrap();
        let told = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Config::load_with(folder.path(), |_| None).map(|_| ()).map_err(|e| e.to_string())
        };
        assert_eq!(told("copies = 2\n[copy]\nstore = \"/mnt/b/copy\"\n"), Ok(()));
        assert!(told("copies = 2\n").unwrap_err().contains("copy.store"));
        assert!(told("copies = 3\n").unwrap_err().contains("copies"));
        assert!(told("[copy]\nstore = \"store\"\n").unwrap_err().contains("itself"));
        assert!(told("[copy]\nplace = \"x\"\n").unwrap_err().contains("place"));
    }
}
