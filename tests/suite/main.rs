//! The one test program. `tests/README.md` says how a test is written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs, unreachable_pub)]

mod faults;
mod files;
mod harness;
mod served;

mod access;
mod api;
mod architecture;
mod attack;
mod audit;
mod backup;
mod binding;
mod browser;
mod cli;
mod copies;
mod corpus;
mod correction;
mod crash;
mod destruction;
mod disk;
mod encryption;
mod evidence;
mod extract;
mod filing;
mod finding;
mod fuzzed;
mod headers;
mod independent;
mod intake;
mod jobs;
mod kill;
mod lending;
mod living;
mod logged;
mod looks;
mod masking;
mod matrix;
mod money;
mod network;
mod notices;
mod numbers;
mod oidc;
mod pages;
mod prove;
mod readings;
mod rebuild;
mod record;
mod recover;
mod registers;
mod schemas;
mod scope;
mod search;
mod searchable;
mod signin;
mod signing;
mod story;
mod timestamp;
mod vault;
mod witness;

mod keying;

mod checks;
mod statistics;

mod district;
mod keyed;
mod kinship;
mod originals;
mod sequence;
mod year;
