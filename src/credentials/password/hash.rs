//! How passwords are kept and compared: hashes, a few at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::{LONGEST, normal};

/// Memory in KiB, passes and lanes of a hash.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// A kept hash that asks for more than so much memory, in KiB, is not made.
const MOST_MEMORY: u32 = 1 << 17;
/// So many hashes may wait for their turn.
const QUEUE: usize = 64;

/// Why a password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many wait already.
    #[error("too many are signing in at this moment")]
    Busy,
    /// It could not be made.
    #[error("a password could not be hashed")]
    Failed,
}

/// What came of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// Whether the password is the one that is kept.
    pub right: bool,
    /// Whether it is, and should be hashed anew: what is kept cost less than a
    /// hash costs now.
    pub outdated: bool,
}

/// Makes hashes, a few at a time.
#[derive(Debug)]
pub struct Hasher {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    made: AtomicU64,
    cost: (u32, u32, u32),
    /// What an unknown name is compared with.
    nobody: String,
}

impl Default for Hasher {
    /// For this machine: a hash for every two processors at a time.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(processors.div_ceil(2), COST)
    }
}

impl Hasher {
    /// Makes `at_once` hashes at a time, at a cost of so many KiB, passes and
    /// lanes each.
    #[must_use]
    pub fn new(at_once: usize, cost: (u32, u32, u32)) -> Self {
        let (memory, passes, lanes) = cost;
        let salt = hex::encode(rand::random::<[u8; 8]>());
        // A hash that nothing leads to: its output is chance.
        let (salt, output) = (b64(salt.as_bytes()), b64(&rand::random::<[u8; 32]>()));
        Self {
            places: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            made: AtomicU64::new(0),
            cost,
            nobody: format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${output}"),
        }
    }

    /// How many hashes were made.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// What is kept of a password: a PHC string.
    ///
    /// # Errors
    /// When it cannot be made, or too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (password, (memory, passes, lanes)) = (normal(password), self.cost);
        self.turn(move || {
            let params = Params::new(memory, passes, lanes, None).ok()?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let salt: [u8; 16] = rand::random();
            let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt).ok()?;
            Some(PasswordHash::to_string(&hash))
        })
        .await?
        .ok_or(PasswordError::Failed)
    }

    /// Compares a password with what is kept, or with nothing at the same cost.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn compare(
        &self,
        password: &str,
        kept: Option<&str>,
    ) -> Result<Compared, PasswordError> {
        let password: String = normal(password).chars().take(LONGEST + 1).collect();
        let fits = kept.filter(|kept| cost_of(kept).is_some_and(|cost| cost.0 <= MOST_MEMORY));
        let phc = fits.unwrap_or(&self.nobody).to_owned();
        let matches = self
            .turn(move || {
                let argon2 = Argon2::default();
                argon2.verify_password(password.as_bytes(), phc.as_str()).is_ok()
            })
            .await?;
        let right = matches && fits.is_some();
        let (memory, passes, _) = self.cost;
        let outdated =
            fits.and_then(cost_of).is_some_and(|kept| kept.0 < memory || kept.1 < passes);
        Ok(Compared { right, outdated: right && outdated })
    }

    /// Does `work` when it is its turn.
    async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _one = Waiting::new(&self.waiting)?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| PasswordError::Failed)?;
        self.made.fetch_add(1, Ordering::Relaxed);
        // The place is free when the work is done, not when nobody waits any more.
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| PasswordError::Failed)
    }
}

/// One who waits or is served, until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(all: &'a AtomicUsize) -> Result<Self, PasswordError> {
        let one = Self(all);
        match all.fetch_add(1, Ordering::Relaxed) {
            0..QUEUE => Ok(one),
            _ => Err(PasswordError::Busy),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Memory and passes of a kept hash of this kind.
fn cost_of(phc: &str) -> Option<(u32, u32)> {
    let parsed = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&parsed).ok()?;
    (parsed.algorithm.as_str() == "argon2id").then(|| (params.m_cost(), params.t_cost()))
}

fn b64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn quick() -> Hasher {
        Hasher::new(2, (64, 1, 1))
    }

    #[tokio::test]
    async fn only_the_same_password_is_right_however_it_was_typed() {
        let hasher = quick();
        let kept = hasher.hash("Ame\u{301}lie 的 密码").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{kept}");
        let compare = async |password| hasher.compare(password, Some(&kept)).await.unwrap().right;
        assert!(compare("Am\u{e9}lie 的 密码").await, "composed or not is the same");
        for wrong in ["", "Amelie 的 密码", "Am\u{e9}lie 的 密码 "] {
            assert!(!compare(wrong).await, "{wrong:?}");
        }
        assert_ne!(kept, hasher.hash("Am\u{e9}lie 的 密码").await.unwrap(), "the salt differs");
    }

    #[tokio::test]
    async fn an_unknown_name_costs_a_hash_and_is_never_right() {
        let hasher = quick();
        for kept in [
            None,
            Some(""),
            Some("nonsense"),
            Some("$argon2id$v=19$m=4000000,t=1,p=1$c2FsdHNhbHQ$AAAA"),
        ] {
            let before = hasher.made();
            assert!(!hasher.compare("whatever it is", kept).await.unwrap().right);
            assert_eq!(hasher.made(), before + 1, "{kept:?}");
        }
        assert!(cost_of(&hasher.nobody).is_some(), "it is a hash like others");
    }

    #[tokio::test]
    async fn what_cost_less_is_hashed_anew() {
        let kept = Hasher::new(1, (32, 1, 1)).hash("xkq7vwm2pd").await.unwrap();
        let now = quick();
        let compared = now.compare("xkq7vwm2pd", Some(&kept)).await.unwrap();
        assert_eq!(compared, Compared { right: true, outdated: true });
        let compared = now.compare("another one", Some(&kept)).await.unwrap();
        assert_eq!(compared, Compared { right: false, outdated: false });
        let anew = now.hash("xkq7vwm2pd").await.unwrap();
        let compared = now.compare("xkq7vwm2pd", Some(&anew)).await.unwrap();
        assert_eq!(compared, Compared { right: true, outdated: false });
    }

    #[tokio::test]
    async fn a_crowd_is_sent_away() {
        let hasher = quick();
        let all = (0..QUEUE + 8).map(|_| hasher.compare("xkq7vwm2pd", None));
        let all = futures::future::join_all(all).await;
        let busy = all.iter().filter(|one| **one == Err(PasswordError::Busy)).count();
        assert_eq!(busy, 8);
        assert!(hasher.compare("xkq7vwm2pd", None).await.is_ok(), "later there is room again");
    }
}
