//! Sessions: who is signed in. A browser holds a random key; the archive keeps
//! its digest alone, so that nobody who reads the database can act as another.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::catalog::sessions;
use crate::db::{Db, DbError};
use crate::model::access::Actor;
use crate::model::id::{Digest, PersonId};
use crate::model::people::Person;
use crate::model::text::hidden;

/// The key of a session: 32 random bytes in hexadecimal. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A new one.
    pub(crate) fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 32]>()))
    }

    /// The key in what a browser sent; none when it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    /// As the browser gets it.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// What every form of this session carries, so that another site cannot
    /// post for the person: whoever knows it cannot find the key.
    #[must_use]
    pub fn form_token(&self) -> String {
        Digest::of(format!("form {}", self.0).as_bytes()).to_string()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// How often it is noted that a session is in use.
const NOTED: SignedDuration = SignedDuration::from_secs(60);
/// The most characters kept of what a browser says it is.
const AGENT: usize = 120;

/// Begins a session of a person who has proved to be that person; returns its
/// key. There is no other way to get one, and none is ever taken over from a
/// browser, so nobody can prepare a session for another.
///
/// # Errors
/// When the database refuses.
pub async fn begin(app: &App, person: &PersonId, agent: &str) -> Result<Key, DbError> {
    let (now, latest, key) = (app.now(), app.latest(), Key::random());
    let ends = latest + app.config.sessions.longest();
    let session = sessions::Session {
        key_sha256: key.digest().to_string(),
        person: person.as_str().to_owned(),
        made: now.as_millisecond(),
        seen: latest.as_millisecond(),
        ends: ends.as_millisecond(),
        agent: agent.chars().filter(|c| !hidden(*c)).take(AGENT).collect(),
    };
    let mut tx = app.db.write().await?;
    sessions::forget(&mut tx, latest, latest - app.config.sessions.idle()).await?;
    sessions::begin(&mut tx, &session).await?;
    tx.commit().await?;
    Ok(key)
}

/// Whose session this is, as the person is now; none when it has ended, was
/// not used for too long, or the person may act no more. A clock that was set
/// back prolongs nothing: it ends by the latest moment that is known, and a session
/// from the future is none.
///
/// # Errors
/// When the database refuses.
pub async fn identify(app: &App, key: &Key) -> Result<Option<(Person, Actor)>, DbError> {
    let now = app.latest();
    let found = sessions::with_person(&app.db, key.digest()).await?;
    let Some((session, person)) = found else { return Ok(None) };
    let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MIN);
    let used = now.duration_since(at(session.seen));
    let idle = SignedDuration::try_from(app.config.sessions.idle()).unwrap_or(NOTED);
    let stands = now < at(session.ends) && used < idle && at(session.made) <= app.now() + NOTED;
    let Some(actor) = person.actor().filter(|_| stands) else { return Ok(None) };
    if used >= NOTED {
        // Nobody waits for this, nor is anybody sent away when it fails.
        let (db, key) = (app.db.clone(), key.digest());
        tokio::spawn(async move {
            if let Err(error) = note(&db, key, now).await {
                tracing::warn!(%error, "that a session is in use was not noted");
            }
        });
    }
    Ok(Some((person, actor)))
}

async fn note(db: &Db, key: Digest, now: Timestamp) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sessions::seen(&mut tx, key, now).await?;
    tx.commit().await
}

/// Ends a session; a copy of its key opens nothing any more.
///
/// # Errors
/// When the database refuses.
pub async fn end(app: &App, key: &Key) -> Result<(), DbError> {
    let mut tx = app.db.write().await?;
    sessions::end(&mut tx, key.digest()).await?;
    tx.commit().await
}
