//! Where people sign in; no rail stands beside these pages.

use super::Page;
use super::frame::Frame;
use crate::web::{filters, keys};
use askama::Template;

/// Login and password, and the other ways in.
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
    /// What the button to the provider says; empty where there is none.
    pub provider: String,
}

/// The second factor is asked for.
#[derive(Debug, Template)]
#[template(path = "signin_second.html")]
pub struct SecondStep {
    /// The frame.
    pub frame: Frame,
    /// Why the code was not taken, as a sentence; empty at first.
    pub wrong: String,
}

/// A password is set with a one-time code.
#[derive(Debug, Template)]
#[template(path = "signin_code.html")]
pub struct WithCode {
    /// The frame.
    pub frame: Frame,
    /// The code, where it is known.
    pub code: String,
    /// Whose it is, where that is known.
    pub name: String,
    /// Why it was not done, as a sentence; empty at first.
    pub wrong: String,
    /// Whether it was done, and the person has no role yet.
    pub done: bool,
}

/// Back from a provider. A header tells the browser to go on by itself: a page of
/// ours has to send it, or it would not carry the cookie of the session.
#[derive(Debug, Template)]
#[template(path = "signin_going.html")]
pub struct Going {
    /// The frame.
    pub frame: Frame,
    /// Where to: an address of our own.
    pub to: String,
}

super::page!(SignIn, None, keys::NONE, sign_ins);
super::page!(SecondStep, None, keys::NONE, second_steps);
super::page!(WithCode, None, keys::NONE, with_codes);
super::page!(Going, None, keys::NONE, goings);

fn bare(frame: Frame) -> Frame {
    Frame { person: String::new(), rights: Vec::new(), ..frame }
}

const FAR: &str = "/doc/1234567890?p=200&hit=1000";

fn sign_ins() -> Vec<SignIn> {
    let page = |frame, wrong: &str, nobody| SignIn {
        frame: bare(frame),
        back: "/".to_owned(),
        login: String::new(),
        wrong: wrong.to_owned(),
        nobody,
        provider: String::new(),
    };
    let long = "用青石县电子政务外网统一身份认证平台的账号登录";
    vec![
        page(Frame::sample(), "", false),
        page(Frame::sample(), "", true),
        SignIn {
            back: FAR.to_owned(),
            login: "a".repeat(64),
            provider: long.to_owned(),
            ..page(Frame::extreme(), "登录名或密码不对。", false)
        },
    ]
}

fn second_steps() -> Vec<SecondStep> {
    let page = |wrong: &str| SecondStep { frame: bare(Frame::sample()), wrong: wrong.to_owned() };
    vec![page(""), page("验证码不对，或者已经用过。等下一个六位数再试。")]
}

fn with_codes() -> Vec<WithCode> {
    let empty = || WithCode {
        frame: bare(Frame::sample()),
        code: String::new(),
        name: String::new(),
        wrong: String::new(),
        done: false,
    };
    vec![
        WithCode { code: "7K3M-Q2XP-9DVT-HW4C".into(), name: "赵玉梅".into(), ..empty() },
        empty(),
        WithCode {
            frame: bare(Frame::extreme()),
            code: "7K3M-Q2XP-9DVT-HW4C".into(),
            name: "阿卜杜勒艾则孜吾买尔江".into(),
            wrong: "这个密码是别人最先会试的。换一句只有自己想得到的话。".into(),
            ..empty()
        },
        WithCode { done: true, ..empty() },
    ]
}

fn goings() -> Vec<Going> {
    let page = |to: &str| Going { frame: bare(Frame::sample()), to: to.to_owned() };
    vec![page("/"), page(FAR)]
}
