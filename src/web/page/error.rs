//! A page that could not be shown: what is so, what is safe, what next.

use super::Page;
use super::frame::Frame;
use crate::web::{filters, keys};
use askama::Template;

/// The error page; it keeps the frame.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub frame: Frame,
    /// HTTP status.
    pub status: u16,
    /// What is so, as a sentence in the language of the page.
    pub sentence: String,
    /// What to do, as a sentence; may be empty.
    pub hint: String,
    /// Whether something was stored; `None` when nothing was to be stored.
    pub stored: Option<bool>,
    /// Number under which the request stands in the server's log.
    pub request: String,
    /// Address to go to next, with its name; empty for the overview.
    pub next: Option<(String, String)>,
}

super::page!(ErrorPage, None, keys::NONE, examples);

fn examples() -> Vec<ErrorPage> {
    let page = |status, sentence: &str, hint: &str, stored| ErrorPage {
        frame: Frame::sample(),
        status,
        sentence: sentence.to_owned(),
        hint: hint.to_owned(),
        stored,
        request: "01JDF3-7Q2K".to_owned(),
        next: None,
    };
    vec![
        ErrorPage {
            next: Some(("/households".to_owned(), "看户档名单".to_owned())),
            ..page(
                404,
                "没有这一户：9901 0200 3004 99999。",
                "看看号码有没有写错，或到户档里按姓名找。",
                None,
            )
        },
        page(
            500,
            "这一页没能显示出来。",
            "过一会儿再试；还是这样，请把请求号告诉管理员。",
            Some(false),
        ),
        ErrorPage {
            frame: Frame::extreme(),
            ..page(
                409,
                "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告已由另一个人先改了。",
                "",
                Some(true),
            )
        },
    ]
}
