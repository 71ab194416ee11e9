//! Passwords: which are taken, and how they are kept (argon2id).
//!
//! A hash costs 19 MiB for a moment, so a few are made at a time and a few more
//! may wait. An unknown name costs the same hash as a known one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// The fewest and the most code points of a password.
pub const SHORTEST: usize = 10;
/// See [`SHORTEST`].
pub const LONGEST: usize = 128;

/// Memory in KiB, passes and lanes of a hash.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// A kept hash that asks for more than so much memory, in KiB, is not made.
const MOST_MEMORY: u32 = 1 << 17;
/// So many hashes may wait for their turn.
const QUEUE: usize = 64;

/// What many choose, in lower case; with digits or signs behind it is no
/// better.
const COMMON: [&str; 60] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "administrator",
    "admin",
    "adminadmin",
    "root",
    "toor",
    "guest",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaini1314",
    "5201314",
    "1314520",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcv",
    "zxcvbn",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "a1b2c3d4",
    "abc",
    "abcd",
    "abcdef",
    "abcdefg",
    "aabbcc",
    "aa",
    "a",
    "ab",
    "test",
    "user",
    "huawei",
    "tencent",
    "china",
    "beijing",
    "zhongguo",
    "minzheng",
    "minzhengju",
    "dibao",
    "shequ",
    "jiedao",
    "dangan",
    "dang'an",
    "yidang",
    "bangong",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is short.
    #[error("it has fewer than {SHORTEST} characters")]
    Short,
    /// It is long.
    #[error("it has more than {LONGEST} characters")]
    Long,
    /// It has line ends or other control characters.
    #[error("it has characters that cannot be seen")]
    Control,
    /// It is the name of the person, the account or the organisation, or little
    /// more.
    #[error("it is a name that others know")]
    Name,
    /// It is one that many choose.
    #[error("it is one of the first that are tried")]
    Common,
}

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

/// Whether a password may be chosen by a person with these names: login, name,
/// organisation. There are no rules of composition.
///
/// # Errors
/// When it may not.
pub fn check(password: &str, names: &[&str]) -> Result<(), Weak> {
    let password = normal(password);
    match password.chars().count() {
        0..SHORTEST => return Err(Weak::Short),
        LONGEST.. if password.chars().count() > LONGEST => return Err(Weak::Long),
        _ => {}
    }
    if password.chars().any(char::is_control) {
        return Err(Weak::Control);
    }
    let lower = password.to_lowercase();
    let named = |name: &&str| {
        let name = normal(name).to_lowercase();
        let rest = lower.replace(&name, "");
        // What stands beside the name would have to be a password of its own;
        // a year and a sign are none.
        let more = |c: &char| !c.is_ascii_digit() && !c.is_ascii_punctuation();
        !name.is_empty()
            && lower.contains(&name)
            && rest.chars().filter(more).count() < SHORTEST / 2
    };
    if names.iter().any(named) {
        return Err(Weak::Name);
    }
    match is_common(&lower) {
        true => Err(Weak::Common),
        false => Ok(()),
    }
}

/// Whether a password in lower case is among the first that are tried: few
/// characters again and again, digits in a row, a date or a telephone number,
/// or a word of the list with digits and signs around it.
fn is_common(lower: &str) -> bool {
    let mut kinds: Vec<char> = lower.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 4 || lower.chars().all(|c| c.is_ascii_digit()) {
        return true;
    }
    let beside = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation();
    if COMMON.contains(&lower.trim_matches(beside)) || COMMON.contains(&lower) {
        return true;
    }
    let letters = |c: char| !c.is_ascii_digit();
    let digits = lower.trim_matches(letters);
    let row = "01234567890123456789".contains(digits) || "98765432109876543210".contains(digits);
    // Digits in a row with a few letters before or behind.
    let rest = lower.chars().count() - digits.chars().count();
    let common_rest = COMMON.iter().any(|word| lower.replace(digits, "").eq(word));
    digits.len() >= 4 && (common_rest || (row && digits.len() >= 6 && rest <= 4))
}

/// The one form of a password that is hashed.
fn normal(password: &str) -> String {
    password.nfc().collect()
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

    #[test]
    fn length_is_what_counts() {
        let names = ["zhaoyumei", "赵玉梅", "柳桥街道办事处"];
        for good in [
            "correct horse battery",
            "槐荫里的槐树开花了真好",
            "xkq7vwm2pd",
            "四月十二去河边散步了吗",
        ] {
            assert_eq!(check(good, &names), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", Weak::Short),
            ("qp7xk2m9v", Weak::Short),
            ("槐荫里的槐树开花了", Weak::Short),
            ("correct\nhorse battery", Weak::Control),
            ("zhaoyumei1", Weak::Name),
            ("2026ZhaoYuMei", Weak::Name),
            ("zhaoyumei@20260409", Weak::Name),
            ("柳桥街道办事处2026", Weak::Name),
            ("1234567890", Weak::Common),
            ("12345678ab", Weak::Common),
            ("ab12345678", Weak::Common),
            ("qwer123456", Weak::Common),
            ("qwer1234!@", Weak::Common),
            ("Password2026!", Weak::Common),
            ("Admin@123456", Weak::Common),
            ("minzhengju2026", Weak::Common),
            ("woaini1314520", Weak::Common),
            ("19870412198", Weak::Common),
            ("aaaaaaaaaaaa", Weak::Common),
            ("abababababab", Weak::Common),
            ("1qaz2wsx3edc", Weak::Common),
        ] {
            assert_eq!(check(bad, &names), Err(why), "{bad}");
        }
        assert_eq!(check(&"长".repeat(LONGEST + 1), &[]), Err(Weak::Long));
        let longest: String = ('一'..).take(LONGEST).collect();
        assert_eq!(check(&longest, &[]), Ok(()));
        // An organisation without a name forbids nothing.
        assert_eq!(check("xkq7vwm2pd", &[""]), Ok(()));
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
