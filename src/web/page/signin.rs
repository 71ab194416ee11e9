//! Where people sign in.

use super::Page;
use super::frame::Frame;
use crate::web::{filters, keys};
use askama::Template;

/// The page where people sign in; no rail stands beside it.
#[derive(Debug, Template)]
#[template(path = "signin.html")]
pub struct SignIn {
    /// The frame.
    pub frame: Frame,
    /// Where to go afterwards: an address of our own.
    pub back: String,
    /// What was typed as login.
    pub login: String,
    /// Why the person was not let in, as a sentence; empty at first.
    pub wrong: String,
    /// Whether the archive has no person at all.
    pub nobody: bool,
}

super::page!(SignIn, None, keys::NONE, examples);

fn examples() -> Vec<SignIn> {
    let bare = |frame: Frame| Frame { person: String::new(), rights: Vec::new(), ..frame };
    let page = |frame, wrong: &str, nobody| SignIn {
        frame: bare(frame),
        back: "/".to_owned(),
        login: String::new(),
        wrong: wrong.to_owned(),
        nobody,
    };
    vec![
        page(Frame::sample(), "", false),
        page(Frame::sample(), "", true),
        SignIn {
            back: "/doc/1234567890?p=200&hit=1000".to_owned(),
            login: "a".repeat(64),
            ..page(Frame::extreme(), "登录名或密码不对。", false)
        },
    ]
}
