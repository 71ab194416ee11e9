//! A try to come in. It counts as a failure before it is looked at, so that
//! many at the same time are no more than one after the other; if it turns out
//! to be none, it is taken back.

use std::net::IpAddr;

use super::SignInError;
use crate::app::App;
use crate::catalog::failures::{self, FailureRow};
use crate::credentials::throttle::{self, Failures, Of};
use crate::db::{DbError, Tx};
use crate::model::look::{Kind, Look, Outcome};
use crate::model::people::Person;

/// A try that has begun.
#[derive(Debug)]
pub(crate) struct Attempt {
    keys: [String; 3],
    /// From where, as addresses are counted.
    address: String,
    /// Failures of the account and of the address, this one among them.
    failed: [Failures; 2],
}

impl Attempt {
    /// Begins a try to come in as `login` from an address.
    ///
    /// # Errors
    /// When those who failed before have to wait, or the database fails.
    pub(crate) async fn begin(
        app: &App,
        login: &str,
        address: IpAddr,
    ) -> Result<Self, SignInError> {
        let (login, address) = (login.trim().to_lowercase(), throttle::address(address));
        let keys = Of::ALL.map(|of| throttle::key(of, &login, &address));
        let (mut this, now) = (Self { keys, address, failed: Default::default() }, app.now());
        let mut tx = app.db.write().await?;
        let failed = this.all(&mut tx, now).await?;
        let [pair, account, from] = failed;
        let wait = throttle::wait(pair, account, from, now);
        let waits = !wait.is_zero();
        // A clock that was set back is noted also when it has to be waited.
        let failed = if waits { failed } else { failed.map(|one| one.and_one(now)) };
        let [_, account, from] = failed;
        this.failed = [account, from];
        this.keep(&mut tx, failed).await?;
        failures::make_room(&mut tx).await?;
        tx.commit().await?;
        if waits { Err(SignInError::Wait(wait)) } else { Ok(this) }
    }

    /// It succeeded: the account from this address has a clean slate. What
    /// else failed from there, and with the account elsewhere, counts on.
    pub(crate) async fn succeeded(self, app: &App) -> Result<(), DbError> {
        let mut tx = app.db.write().await?;
        let [_, account, from] = self.all(&mut tx, app.now()).await?;
        let left = [Failures::default(), account.less_one(), from.less_one()];
        self.keep(&mut tx, left).await?;
        tx.commit().await
    }

    /// Has it noted that somebody was not let in as this person, beside the answer: that there is such a
    /// person must not be told by the time it takes. Nothing of what was typed is noted.
    pub(super) fn failed(&self, app: &App, person: &Person) {
        let [account, from] = self.failed;
        if !throttle::is_noted(account, from) {
            return;
        }
        let title = match throttle::is_last_noted(account, from) {
            true => format!("{}，太多，暂不再逐次登记", self.address),
            false => self.address.clone(),
        };
        let look = Look::new(Kind::SignIn).titled(&title).ending(Outcome::Refused);
        let (looks, actor) = (app.looks.clone(), person.named());
        tokio::spawn(async move {
            if let Err(error) = looks.note(&actor, look).await {
                tracing::error!(%error, "that somebody was not let in was not noted");
            }
        });
    }

    /// It was no failure, and no success yet.
    pub(crate) async fn was_none(self, app: &App) -> Result<(), DbError> {
        let mut tx = app.db.write().await?;
        let left = self.all(&mut tx, app.now()).await?.map(Failures::less_one);
        self.keep(&mut tx, left).await?;
        tx.commit().await
    }

    async fn all(&self, tx: &mut Tx, now: jiff::Timestamp) -> Result<[Failures; 3], DbError> {
        let mut all = [Failures::default(); 3];
        for ((of, key), place) in Of::ALL.into_iter().zip(&self.keys).zip(&mut all) {
            let FailureRow { count, last } = failures::of(tx, of.name(), key).await?;
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            *place = Failures { count, last }.at(of, now);
        }
        Ok(all)
    }

    async fn keep(&self, tx: &mut Tx, all: [Failures; 3]) -> Result<(), DbError> {
        for ((of, key), one) in Of::ALL.into_iter().zip(&self.keys).zip(all) {
            let row = FailureRow { count: one.count.into(), last: one.last };
            failures::keep(tx, of.name(), key, row).await?;
        }
        Ok(())
    }
}
