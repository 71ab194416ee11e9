//! 我的登录: what concerns nobody but the person who is signed in.

use super::Page;
use super::frame::Frame;
use super::seal::qr::svg;
use crate::web::{filters, keys};
use askama::Template;

/// Password, second factor, sessions and tokens of one's own.
#[derive(Debug, Template)]
#[template(path = "me.html")]
pub struct Me {
    /// The frame.
    pub frame: Frame,
    /// What is typed to sign in.
    pub login: String,
    /// Since when the second factor is in force, as a day; empty: it is not.
    pub since: String,
    /// How many spare codes are left.
    pub codes: u64,
    /// Where one is signed in.
    pub sessions: Vec<SessionRow>,
    /// Tokens.
    pub tokens: Vec<TokenRow>,
    /// What a token can be for.
    pub choices: Vec<Choice>,
    /// The first and the last day that a token can end.
    pub today: String,
    /// See [`Me::today`].
    pub latest: String,
    /// A token that was made just now, shown once; else empty.
    pub token: String,
    /// Whether the form of tokens stands open.
    pub making: bool,
    /// What was done, as a sentence.
    pub status: Option<String>,
    /// What was not, and why, as a sentence; else empty.
    pub wrong: String,
}

/// Somewhere the person is signed in.
#[derive(Debug)]
pub struct SessionRow {
    /// What names it.
    pub id: String,
    /// Which browser.
    pub agent: String,
    /// When it began, as a time.
    pub made: String,
    /// When it was used last, as a time.
    pub seen: String,
    /// Whether it is this one.
    pub this: bool,
}

/// A token.
#[derive(Debug)]
pub struct TokenRow {
    /// What names it.
    pub id: String,
    /// Which machine has it.
    pub name: String,
    /// What it is for, in words.
    pub rights: String,
    /// Its last day.
    pub ends: String,
    /// Whether that is past.
    pub over: bool,
    /// When it was used last, in words.
    pub seen: String,
}

/// Something that can be ticked.
#[derive(Debug)]
pub struct Choice {
    /// Its value.
    pub word: &'static str,
    /// What it is called.
    pub name: &'static str,
}

/// The second factor is set up.
#[derive(Debug, Template)]
#[template(path = "me_setup.html")]
pub struct Setup {
    /// The frame.
    pub frame: Frame,
    /// What the telephone scans, as SVG of our own.
    pub qr: String,
    /// The same, to be typed.
    pub typed: String,
    /// Why it is not in force, as a sentence; empty at first.
    pub wrong: String,
}

/// Spare codes, shown once.
#[derive(Debug, Template)]
#[template(path = "me_codes.html")]
pub struct Codes {
    /// The frame.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
}

super::page!(Me, None, keys::NONE, mes);
super::page!(Setup, None, keys::NONE, setups);
super::page!(Codes, None, keys::NONE, codes);

const BROWSER: &str = "Firefox · Windows";

fn mes() -> Vec<Me> {
    let frame = Frame { here: "/me".to_owned(), ..Frame::sample() };
    let session = |id: &str, this| SessionRow {
        id: id.into(),
        agent: BROWSER.into(),
        made: "2026-11-23 08:04".into(),
        seen: "2026-11-23 09:41".into(),
        this,
    };
    let token = |name: &str, over| TokenRow {
        id: "5f0c9a1be2d37846".into(),
        name: name.into(),
        rights: "查看、收件".into(),
        ends: "2027-03-01".into(),
        over,
        seen: "2026-11-23 09:40".into(),
    };
    let empty = |frame: Frame| Me {
        frame,
        login: "zhao.yumei".into(),
        since: String::new(),
        codes: 0,
        sessions: vec![session("a", true)],
        tokens: Vec::new(),
        choices: vec![
            Choice { word: "look", name: "查看" },
            Choice { word: "upload", name: "收件" },
        ],
        today: "2026-11-23".into(),
        latest: "2027-11-23".into(),
        token: String::new(),
        making: false,
        status: None,
        wrong: String::new(),
    };
    let usual = Me {
        since: "2026年10月9日".into(),
        codes: 9,
        sessions: vec![session("a", true), session("b", false)],
        tokens: vec![token("二楼扫描仪", false), token("统计汇总", true)],
        status: Some("密码改好了，别处都退出了。".into()),
        ..empty(frame.clone())
    };
    let long = "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查的扫描仪";
    let extreme = Me {
        login: "a".repeat(32),
        tokens: vec![token(long, false)],
        token: format!("yd_{}", "0123456789abcdef".repeat(4)),
        making: true,
        wrong: "现在的密码不对。".into(),
        ..empty(Frame { here: "/me".into(), ..Frame::extreme() })
    };
    vec![usual, empty(frame), extreme]
}

fn setups() -> Vec<Setup> {
    let page = |frame, wrong: &str| Setup {
        frame,
        qr: svg("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap_or_default(),
        typed: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
        wrong: wrong.into(),
    };
    vec![page(Frame::sample(), ""), page(Frame::extreme(), "六位数不对。看看手机的时间准不准。")]
}

fn codes() -> Vec<Codes> {
    let code = |n: usize| format!("k7qm-x2pd-vw{n}c");
    let page = |frame| Codes { frame, codes: (0..10).map(code).collect() };
    vec![page(Frame::sample()), page(Frame::extreme())]
}
