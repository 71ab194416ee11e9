//! How long somebody waits who failed to come in.
//!
//! What counts is who failed *from where*: after a few failures the pair of
//! account and address waits, longer each time, and so does an address that
//! fails with many accounts. An account alone is never closed, or anybody could
//! close it for its owner: many failures of it from all over only take the few
//! free ones from addresses that fail with it.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

/// Failures are counted for each of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// An account and an address together.
    Pair,
    /// An account, from wherever.
    Account,
    /// An address, with whatever account.
    Address,
}

impl Of {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pair, Self::Account, Self::Address];

    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::Account => "account",
            Self::Address => "address",
        }
    }

    /// After so long without another, one failure is forgotten.
    fn forgets(self) -> Duration {
        match self {
            Self::Pair => Duration::from_secs(60 * 60),
            Self::Account => Duration::from_secs(10 * 60),
            Self::Address => Duration::from_secs(5 * 60),
        }
    }
}

/// So many failures of a pair cost nothing, and so many where the account
/// fails from all over.
const FREE: (u32, u32) = (5, 1);
/// So many failures of an account are "from all over".
const BESET: u32 = 50;
/// So many failures of an address cost nothing: an office may be behind one.
const FREE_OF_ADDRESS: u32 = 50;
/// The first wait, which doubles with every failure.
const FIRST: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The failures of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was, in milliseconds since 1970.
    pub last: i64,
}

impl Failures {
    /// What is left of them at a time. A time before the last one means that
    /// the clock was set back: then nothing is forgotten, and what is to be
    /// waited begins again.
    #[must_use]
    pub fn at(self, of: Of, now: Timestamp) -> Self {
        let now = now.as_millisecond();
        if now < self.last {
            return Self { last: now, ..self };
        }
        let forgets = i64::try_from(of.forgets().as_millis()).unwrap_or(i64::MAX);
        let forgotten = u32::try_from((now - self.last) / forgets).unwrap_or(u32::MAX);
        match self.count.saturating_sub(forgotten) {
            0 => Self::default(),
            count => Self { count, ..self },
        }
    }

    /// One more, at a time.
    #[must_use]
    pub fn and_one(self, now: Timestamp) -> Self {
        Self { count: self.count.saturating_add(1), last: now.as_millisecond() }
    }

    /// One less, since it turned out to be none.
    #[must_use]
    pub fn less_one(self) -> Self {
        match self.count {
            0 | 1 => Self::default(),
            count => Self { count: count - 1, ..self },
        }
    }

    /// What is left to wait of the wait that `over` failures too many cost.
    fn wait(self, over: u32, now: Timestamp) -> Duration {
        if over == 0 {
            return Duration::ZERO;
        }
        let whole = FIRST.saturating_mul(1 << (over - 1).min(16)).min(LONGEST);
        let waited = u64::try_from(now.as_millisecond() - self.last).unwrap_or(0);
        whole.saturating_sub(Duration::from_millis(waited))
    }
}

/// How long one has to wait before the next try is looked at; zero for not at all.
/// The failures are those [`at`](Failures::at) this time.
#[must_use]
pub fn wait(pair: Failures, account: Failures, address: Failures, now: Timestamp) -> Duration {
    let free = if account.count >= BESET { FREE.1 } else { FREE.0 };
    let of_pair = pair.wait((pair.count + 1).saturating_sub(free), now);
    let of_address = address.wait((address.count + 1).saturating_sub(FREE_OF_ADDRESS), now);
    of_pair.max(of_address)
}

/// Whether a failure is noted singly, in a register of who was not let in: not when the account
/// fails from all over, and not when the address fails with many accounts, so that nobody fills
/// a register. Of either so many are noted that everybody sees what goes on.
#[must_use]
pub fn is_noted(account: Failures, address: Failures) -> bool {
    account.count <= BESET && address.count <= FREE_OF_ADDRESS
}

/// Whether no more failures are noted after this one, for now.
#[must_use]
pub fn is_last_noted(account: Failures, address: Failures) -> bool {
    account.count == BESET || address.count == FREE_OF_ADDRESS
}

/// What an address is counted as: for IPv6 the network of a subscriber, who has
/// all addresses in it.
#[must_use]
pub fn address(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// What is kept of whom failures are counted for. What is typed as a name may
/// be anything, even a password, so it is kept as a hash.
#[must_use]
pub fn key(of: Of, login: &str, address: &str) -> String {
    let login: String = login.chars().take(256).collect();
    let text = match of {
        Of::Pair => format!("{login}\0{address}"),
        Of::Account => login,
        Of::Address => address.to_owned(),
    };
    super::fingerprint(of.name(), &text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    const NONE: Failures = Failures { count: 0, last: 0 };

    fn failed(count: u32, second: i64) -> Failures {
        Failures { count, last: at(second).as_millisecond() }
    }

    #[test]
    fn a_pair_waits_longer_each_time() {
        let wait = |count| wait(failed(count, 0), NONE, NONE, at(0)).as_secs();
        assert_eq!([0, 1, 4, 5, 6, 7, 13, 14, 1000].map(wait), [0, 0, 0, 2, 4, 8, 512, 900, 900]);
    }

    #[test]
    fn who_has_not_failed_here_is_heard_whatever_others_did() {
        let beset = failed(1_000_000, 0);
        assert_eq!(wait(NONE, beset, NONE, at(0)), Duration::ZERO);
        assert_eq!(wait(failed(1, 0), beset, NONE, at(0)).as_secs(), 2, "and not so a second time");
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits() {
        assert_eq!(wait(NONE, NONE, failed(49, 0), at(0)), Duration::ZERO);
        assert_eq!(wait(NONE, NONE, failed(50, 0), at(0)).as_secs(), 2);
        assert_eq!(wait(NONE, NONE, failed(60, 0), at(1)).as_secs(), 899);
    }

    #[test]
    fn failures_are_forgotten_one_by_one() {
        let hour = 3600;
        assert_eq!(failed(3, 0).at(Of::Pair, at(hour - 1)).count, 3);
        assert_eq!(failed(3, 0).at(Of::Pair, at(2 * hour)).count, 1);
        assert_eq!(failed(3, 0).at(Of::Pair, at(3 * hour)), NONE);
        assert_eq!(failed(3, 0).at(Of::Address, at(300)).count, 2);
        assert_eq!(failed(1, 0).less_one(), NONE);
    }

    #[test]
    fn a_clock_set_back_unlocks_nothing_and_locks_for_no_longer() {
        let before = failed(8, 0).at(Of::Pair, at(-86_400));
        assert_eq!(wait(before, NONE, NONE, at(-86_400)).as_secs(), 16, "the whole wait again");
        assert_eq!(wait(before, NONE, NONE, at(-86_384)).as_secs(), 0, "and no day more");
    }

    #[test]
    fn an_address_is_what_a_subscriber_has() {
        let of = |ip: &str| address(ip.parse().unwrap());
        assert_eq!(of("10.0.0.5"), "10.0.0.5");
        assert_eq!(of("::ffff:10.0.0.5"), "10.0.0.5");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(key(Of::Pair, "a", "b"), key(Of::Pair, "a\0b", ""));
        assert_eq!(key(Of::Account, "a", "b"), key(Of::Account, "a", "c"));
    }

    proptest! {
        #[test]
        fn more_failures_never_wait_less(
            count in 0_u32..100, more in 0_u32..100, account in 0_u32..200, later in 0_i64..2000,
        ) {
            let (few, many) = (failed(count, 0), failed(count + more, 0));
            let account = failed(account, 0);
            let wait = |pair: Failures| wait(pair, account, NONE, at(later));
            prop_assert!(wait(few) <= wait(many));
            prop_assert!(wait(many) <= LONGEST);
        }
    }
}
