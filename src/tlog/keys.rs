//! The keys of one log: it signs with each that it has named, so that whoever
//! knows only the older one can still check it while the newer one becomes
//! known.

use super::{Frontier, LogKey, TlogError, note};

/// The keys of a log, all of one origin.
#[derive(Debug, Clone)]
pub struct LogKeys(Vec<LogKey>);

impl From<LogKey> for LogKeys {
    fn from(key: LogKey) -> Self {
        Self(vec![key])
    }
}

impl LogKeys {
    /// The keys in a text, one to a line as [`LogKey::secret`] writes it.
    ///
    /// # Errors
    /// When there is none, a line is not a key, or they are of two logs. No
    /// line is repeated.
    pub fn parse(text: &str) -> Result<Self, TlogError> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let keys = lines.map(LogKey::parse).collect::<Result<Vec<_>, _>>()?;
        let first = keys.first().ok_or_else(|| TlogError::Key("there is none".into()))?;
        if keys.iter().any(|key| key.origin() != first.origin()) {
            return Err(TlogError::Key("they are of more than one log".into()));
        }
        Ok(Self(keys))
    }

    /// The lines to keep secret.
    #[must_use]
    pub fn secret(&self) -> String {
        self.0.iter().map(|key| format!("{}\n", key.secret())).collect()
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.0.first().map_or("", LogKey::origin)
    }

    /// The verifier keys, in order.
    pub fn public(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(LogKey::public)
    }

    /// The key that signs while the log has named none.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", LogKey::public)
    }

    /// These keys and one more; the same again changes nothing.
    #[must_use]
    pub fn with(mut self, key: LogKey) -> Self {
        if self.0.iter().all(|one| one.public() != key.public()) {
            self.0.push(key);
        }
        self
    }

    /// Those of these keys whose verifier keys are among `named`.
    #[must_use]
    pub fn only(mut self, named: &[String]) -> Self {
        self.0.retain(|key| named.iter().any(|one| one == key.public()));
        self
    }

    /// The checkpoint of a tree, signed by each of the keys `named`, in their
    /// order, or by the first key when none is. The same tree and names give
    /// the same bytes.
    ///
    /// # Errors
    /// When one of them is not among these keys.
    pub fn sign(&self, named: &[String], tree: &Frontier) -> Result<String, TlogError> {
        let of = |name: &String| {
            let found = self.0.iter().find(|key| key.public() == name);
            found.ok_or_else(|| TlogError::MissingKey(name.clone()))
        };
        let keys = match named {
            [] => self.0.first().into_iter().collect(),
            named => named.iter().map(of).collect::<Result<Vec<_>, _>>()?,
        };
        note::sign(&keys, tree)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tlog::Checkpoint;

    #[test]
    fn a_checkpoint_of_two_keys_opens_with_either() {
        let key = |seed| LogKey::new("yidang.example", [seed; 32]).unwrap();
        let keys = LogKeys::from(key(1)).with(key(2)).with(key(2));
        let public: Vec<String> = keys.public().map(ToOwned::to_owned).collect();
        assert_eq!(public.len(), 2);
        let again = LogKeys::parse(&keys.secret()).unwrap();
        let mut tree = Frontier::default();
        tree.push(b"a");
        let note = again.sign(&public, &tree).unwrap();
        assert_eq!(note, keys.sign(&public, &tree).unwrap(), "the same bytes every time");
        for one in &public {
            assert_eq!(Checkpoint::open(&note, std::slice::from_ref(one)).unwrap().size, 1);
        }
        let alone = keys.sign(&[], &tree).unwrap();
        assert!(Checkpoint::open(&alone, &public[..1]).is_ok());
        assert!(Checkpoint::open(&alone, &public[1..]).is_err());
        let other = key(3).public().to_owned();
        assert!(matches!(keys.sign(&[other], &tree), Err(TlogError::MissingKey(_))));
        assert_eq!(keys.only(&public[1..]).first(), public[1]);
    }

    #[test]
    fn a_text_that_is_no_keys_is_refused() {
        let secret = |origin: &str| LogKey::new(origin, [1; 32]).unwrap().secret().to_owned();
        for bad in [
            String::new(),
            "nonsense".into(),
            format!("{}\n{}\n", secret("a"), secret("b")),
            format!("{}\nnonsense\n", secret("a")),
        ] {
            assert!(LogKeys::parse(&bad).is_err(), "{bad}");
        }
    }
}
