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
mod binding;
mod browser;
mod cli;
mod copies;
mod corpus;
mod crash;
mod disk;
mod encryption;
mod evidence;
mod extract;
mod filing;
mod independent;
mod intake;
mod jobs;
mod kill;
mod lending;
mod looks;
mod masking;
mod matrix;
mod network;
mod oidc;
mod pages;
mod prove;
mod rebuild;
mod record;
mod recover;
mod schemas;
mod scope;
mod search;
mod signin;
mod signing;
mod timestamp;
mod vault;
mod witness;
