//! 一档 Yidang: one household, one file.
//!
//! The modules in reading order; bytes flow one way:
//!
//! ```text
//!  file ─► intake ─► vault ─► extract ─► catalog + volume ─► indexer ─► search ─► view
//!            └───── every act ─────► ledger ─► audit, rebuild
//! ```
//!
//! * ground: [`model`] (plain values and rules), [`tlog`] (the public formats of the log), [`db`] (transactions),
//!   [`durable`] (small files), [`outbound`] (requests to others);
//! * capabilities, which do not know each other: [`vault`], [`extract`], [`catalog`], [`ledger`], [`credentials`],
//!   and the crates `yidang_indexer` and `yidang_ocr`;
//! * wiring: [`config`], [`keys`], [`models`], [`app`];
//! * use cases, where capabilities meet: [`record`], [`setup`], [`intake`], [`worker`], [`rendition`], [`follow`],
//!   [`filing`], [`binding`], [`search`], [`view`], [`jobs`], [`audit`], [`prove`], [`check`], [`history`], [`signing`],
//!   [`encryption`], [`searchable`], [`sheet`], [`looks`], [`uses`], [`correction`], [`keying`], [`living`], [`notices`],
//!   [`timestamp`], [`people`], [`sessions`], [`signin`], [`own`], [`lending`], [`guests`], [`rebuild`], [`backup`],
//!   [`demo`];
//! * edges: [`cli`], [`web`], and [`witness`], which another office runs.
//!
//! # Invariants
//!
//! 1. Acknowledged is durable: when an act is answered, its bytes and its log entry survive power loss.
//! 2. Nothing is rewritten: a correction is a new act that names the old.
//! 3. The object store is the archive: delete SQL and index, and `yidang rebuild` makes a catalog whose dump is
//!    byte-identical. Expendable are the tables of the second part of the migration, and everything under `derived/`.
//! 4. One place applies an act: [`catalog::apply()`], for the live path and the rebuild.
//! 5. No personal data in the log: an entry names digests and the random name of a file; a body stands in a blob, with a salt.
//! 6. Every read is authorised in one place: [`model::access::scope`], or a [`model::access::Grant`] that opens one file.
//! 7. Silence is refused: a query says how it was read, a verification what it could not look at, a job that failed
//!    stays in sight.
//! 8. `model` imports nothing of ours and knows no clock; capabilities do not import each other; `web` and `cli` touch
//!    no SQL, no store and no index. `tests/suite/architecture.rs` reads the `use` lines and holds these.

pub mod app;
pub mod audit;
pub mod backup;
pub mod binding;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod config;
pub mod correction;
pub mod credentials;
pub mod db;
pub mod demo;
pub mod durable;
pub mod encryption;
pub mod extract;
pub mod filing;
pub mod follow;
pub mod guests;
pub mod history;
pub mod intake;
pub mod jobs;
pub mod keying;
pub mod keys;
pub mod ledger;
pub mod lending;
pub mod living;
pub mod looks;
pub mod model;
pub mod models;
pub mod notices;
pub mod outbound;
pub mod own;
pub mod people;
pub mod prove;
pub mod rebuild;
pub mod record;
pub mod rendition;
pub mod search;
pub mod searchable;
pub mod sessions;
pub mod setup;
pub mod sheet;
pub mod signin;
pub mod signing;
pub mod timestamp;
pub mod tlog;
pub mod uses;
pub mod vault;
pub mod view;
pub mod web;
pub mod witness;
pub mod worker;
