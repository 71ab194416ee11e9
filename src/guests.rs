//! 来访: people without an account who read one file, at the counter or by a
//! lending. Their sessions are short, end by themselves, and open nothing else.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::catalog::looks::{self, Wanted};
use crate::catalog::{guests, households, id_digests, organisations};
use crate::db::DbError;
use crate::filing;
use crate::lending::{self, LendingError};
use crate::model::access::{Actor, Grant, Right, Role, scope};
use crate::model::act::Act;
use crate::model::cover::{self, Covered, Own};
use crate::model::id::{Digest, HouseholdNo};
use crate::model::lending::Rule;
use crate::model::look::{Kind, Look, Outcome, Purpose, Reason};
use crate::sessions::Key;
use crate::view::ViewError;

/// How long a code can be typed.
pub const CODE_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long a household may look away from its file.
pub const COUNTER_IDLE: SignedDuration = SignedDuration::from_mins(3);
/// How long it may read at most.
const COUNTER_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long a borrower may look away.
const LENT_IDLE: SignedDuration = SignedDuration::from_mins(10);
/// How long a borrower may read on one code.
const LENT_LASTS: SignedDuration = SignedDuration::from_hours(2);
/// How far back a household is told of.
const LOOKS: u32 = 500;
/// What the last request of a page that ends may take.
const SLACK: SignedDuration = SignedDuration::from_secs(10);
/// How often it is noted that a session is in use.
const NOTED: SignedDuration = SignedDuration::from_secs(10);

/// The letters of a code: none that is taken for another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code that begins a session once: 12 letters, 60 bits.
#[derive(Clone)]
pub struct Code(String);

impl Code {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
        Self(rand::random::<[u8; 12]>().map(letter).iter().collect())
    }

    /// The code in what was typed; none when it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .take(40)
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = plain.len() == 12 && plain.bytes().all(|b| LETTERS.contains(&b));
        fits.then_some(Self(plain))
    }

    /// As it is written for people: `7KQ2-M9XA-3HTB`.
    #[must_use]
    pub fn typed(&self) -> String {
        let groups: Vec<&str> =
            [0..4, 4..8, 8..12].into_iter().filter_map(|at| self.0.get(at)).collect();
        groups.join("-")
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(format!("guest code {}", self.0).as_bytes())
    }
}

/// Why a visitor was not let in.
#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    /// The household, or what it says of itself.
    #[error(transparent)]
    View(#[from] ViewError),
    /// What was noted of the papers.
    #[error(
        "the last four characters of the identity card, and which paper of the allowance was seen"
    )]
    Papers,
    /// Nobody of the household is called so.
    #[error("nobody of this household is called so")]
    NotOfHousehold,
    /// The code.
    #[error("this code opens nothing, or not any more")]
    Code,
    /// The rights of the clerk, and the act.
    #[error(transparent)]
    Lending(#[from] LendingError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What a clerk notes of somebody at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtCounter {
    /// Whose file.
    pub household: HouseholdNo,
    /// Who came: the head or a member.
    pub visitor: String,
    /// The last four characters of the identity card that was seen.
    pub id_card: String,
    /// Which paper of the allowance was seen, such as its number.
    pub allowance: String,
}

/// Shows a household its own file; returns the key of the session. The name
/// must be one of the household's, and the end of the identity card that of
/// the number it gave, where it gave one.
///
/// # Errors
/// When the person may not, the household is outside the scope, or the papers
/// do not fit.
pub async fn open_counter(app: &App, actor: &Actor, seen: AtCounter) -> Result<Key, GuestError> {
    actor.must(Right::OpenCounter).map_err(LendingError::from)?;
    let mut tx = app.db.read().await?;
    let household = filing::seen_household(&mut tx, &scope(actor), &seen.household).await;
    let household = household.map_err(|_| ViewError::UnknownHousehold(seen.household.clone()))?;
    let members = households::members(&mut tx, &seen.household).await?;
    drop(tx);
    let visitor = seen.visitor.trim().to_owned();
    let mut named = vec![(household.head, household.id_number)];
    named.extend(members.into_iter().map(|one| (one.name, one.id_number)));
    named.retain(|(name, _)| *name == visitor);
    if visitor.is_empty() || named.is_empty() {
        return Err(GuestError::NotOfHousehold);
    }
    let id_card = seen.id_card.trim().to_ascii_uppercase();
    let allowance =
        crate::model::lending::words(&seen.allowance).map_err(|_| GuestError::Papers)?;
    let four = id_card.len() == 4 && id_card.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    let fits = |number: &str| number.is_empty() || number.to_uppercase().ends_with(&id_card);
    if !four || !named.iter().any(|(_, number)| fits(number)) {
        return Err(GuestError::Papers);
    }
    let household = seen.household;
    let act = Act::OpenCounter {
        household: household.clone(),
        visitor: visitor.clone(),
        id_card,
        allowance,
    };
    app.recorder.record(actor, act).await.map_err(LendingError::from)?;
    Ok(begin(app, &household, "", &visitor, COUNTER_LASTS).await?)
}

/// Lets in who types the code of a lending; returns the key of the session.
/// The code opens nothing a second time.
///
/// # Errors
/// When it is none, was used, or its lending is not open.
pub async fn enter(app: &App, typed: &str) -> Result<Key, GuestError> {
    let code = Code::parse(typed).ok_or(GuestError::Code)?;
    let mut tx = app.db.write().await?;
    let lending = guests::take_code(&mut tx, code.digest(), (app.now(), app.latest())).await?;
    tx.commit().await?;
    let lending = lending.ok_or(GuestError::Code)?;
    let (grant, _) = lending::grant_to_guest(app, &lending).await?.ok_or(GuestError::Code)?;
    Ok(begin(app, grant.household(), &lending, "", LENT_LASTS).await?)
}

async fn begin(
    app: &App,
    household: &HouseholdNo,
    lending: &str,
    visitor: &str,
    lasts: SignedDuration,
) -> Result<Key, DbError> {
    let (now, latest, key) = (app.now(), app.latest(), Key::random());
    let guest = guests::Guest {
        key_sha256: key.digest().to_string(),
        household: household.as_str().to_owned(),
        lending: lending.to_owned(),
        visitor: visitor.to_owned(),
        made: now.as_millisecond(),
        seen: latest.as_millisecond(),
        ends: (latest + lasts).as_millisecond(),
    };
    let mut tx = app.db.write().await?;
    guests::forget(&mut tx, latest, latest - LENT_IDLE).await?;
    guests::begin(&mut tx, &guest).await?;
    tx.commit().await?;
    Ok(key)
}

/// A visitor, and what is open to them.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who reads, where the household itself does; empty for a borrower.
    pub visitor: String,
    /// Who reads where that is a borrower: name and body.
    pub borrower: String,
    /// The one file.
    pub grant: Grant,
    /// After how many seconds without a request it ends.
    pub idle: i64,
}

impl Visit {
    /// Whether it is the household itself.
    #[must_use]
    pub fn is_own(&self) -> bool {
        !self.visitor.is_empty()
    }

    /// The visitor as one who asks: with no scope and one right.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let name = if self.is_own() { &self.visitor } else { &self.borrower };
        Actor::new(name, self.grant.household().organisation(), Role::Guest)
    }
}

/// Whose session this is; none when it has ended, was not used for too long, or
/// its lending is not open any more. A clock that was set back prolongs nothing: it
/// ends by the latest moment that is known, and a session from the future is none.
///
/// # Errors
/// When the database fails.
pub async fn identify(app: &App, key: &Key) -> Result<Option<Visit>, DbError> {
    let now = app.latest();
    let mut tx = app.db.read().await?;
    let Some(guest) = guests::get(&mut tx, key.digest()).await? else { return Ok(None) };
    let own = guest.lending.is_empty();
    let idle = if own { COUNTER_IDLE } else { LENT_IDLE };
    let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MIN);
    let unused = now.duration_since(at(guest.seen));
    let stands =
        now < at(guest.ends) && unused < idle + SLACK && at(guest.made) <= app.now() + NOTED;
    let household: Option<HouseholdNo> = guest.household.parse().ok();
    let Some(no) = household.filter(|_| stands && unused > -SLACK) else { return Ok(None) };
    let grant = if own {
        let found = households::get(&mut tx, &no).await?;
        let Some(household) = found else { return Ok(None) };
        let members = households::members(&mut tx, &no).await?;
        let known = id_digests::of_household(&mut tx, &no).await?;
        let all = std::iter::once((household.head, 0))
            .chain(members.into_iter().map(|one| (one.name, one.place)));
        let (mut names, mut own) = (Vec::new(), Vec::from_iter(app.lookup.digest(no.as_str())));
        for (name, place) in all {
            if name != guest.visitor {
                names.push(name);
                continue;
            }
            let its = known.iter().filter(|(at, _)| *at == place);
            own.extend(its.map(|(_, digest)| digest.clone()));
        }
        let numbers = Own::new(app.lookup.clone(), own);
        let cover = Covered::Others { own: guest.visitor.clone(), names, numbers };
        let mark = format!("本人查阅 {} {}", guest.visitor, lending::stamp(now));
        let reason = Reason { purpose: Purpose::Other, words: "本人查阅".to_owned() };
        let look = Look { reason: Some(reason), ..Look::new(Kind::Guest) };
        Some((Grant::new(no, cover, mark, look), String::new()))
    } else {
        drop(tx);
        lending::grant_to_guest(app, &guest.lending).await?
    };
    let Some((grant, borrower)) = grant else { return Ok(None) };
    if unused >= NOTED {
        let mut tx = app.db.write().await?;
        guests::seen(&mut tx, key.digest(), now).await?;
        tx.commit().await?;
    }
    Ok(Some(Visit {
        visitor: guest.visitor,
        borrower: borrower.trim().to_owned(),
        grant,
        idle: idle.as_secs(),
    }))
}

/// Ends a session; a copy of its key opens nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, key: &Key) -> Result<(), DbError> {
    let mut tx = app.db.write().await?;
    guests::end(&mut tx, key.digest()).await?;
    tx.commit().await
}

/// What was paid to a household, newest first. There are no payments in the
/// archive yet, so there is nothing to tell.
#[must_use]
pub fn payments(_: &Visit) -> Vec<String> {
    Vec::new()
}

/// Somebody who was shown the file of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When, RFC 3339.
    pub time: String,
    /// Which office or body, or the person of the household.
    pub who: String,
    /// For what, in Chinese and English.
    pub why: (&'static str, &'static str),
}

/// Who was shown the file of the visitor's household, newest first, each office
/// once a day: it is told which office looked, not who of it.
///
/// # Errors
/// When the database fails.
pub async fn looks(app: &App, visit: &Visit) -> Result<Vec<Seen>, DbError> {
    app.looks.flush().await?;
    let mut tx = app.db.read().await?;
    let household = visit.grant.household().to_string();
    let wanted = Wanted { household, outcome: Outcome::Shown.as_str().into(), ..Wanted::default() };
    let mut found: Vec<Seen> = Vec::new();
    for row in looks::list(&mut tx, &wanted, None, LOOKS).await? {
        let body = row.body()?;
        let who = match body.look.kind {
            Kind::Guest => cover::text(&body.actor.name, visit.grant.cover()),
            _ => organisations::name(&mut tx, body.actor.organisation.as_str()).await?,
        };
        let why = body.look.reason.as_ref().map(|reason| reason.purpose);
        let why = match (body.look.kind, why) {
            (Kind::Guest, _) => ("本人查阅", "shown to the household"),
            (_, Some(purpose)) => (purpose.zh(), purpose.en()),
            (_, None) => ("办理", "work on the file"),
        };
        let at = Timestamp::from_microsecond(row.at).unwrap_or(Timestamp::UNIX_EPOCH);
        let same =
            |one: &Seen| one.who == who && one.why == why && one.time[..10] == at.to_string()[..10];
        if !found.iter().any(same) {
            found.push(Seen { time: at.to_string(), who, why });
        }
    }
    Ok(found)
}

impl From<Rule> for GuestError {
    fn from(rule: Rule) -> Self {
        Self::Lending(rule.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Code;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::random();
        let typed = code.typed();
        assert_eq!(typed.len(), 14);
        for text in [typed.clone(), typed.to_lowercase(), typed.replace('-', " ")] {
            assert_eq!(Code::parse(&text).unwrap().digest(), code.digest(), "{text}");
        }
        for bad in ["", "0000-0000-0000", "7KQ2-M9XA-3HT", &format!("{typed}2"), "周桂兰"] {
            assert!(Code::parse(bad).is_none(), "{bad:?}");
        }
    }
}
