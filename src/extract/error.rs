//! Why a file or a page cannot be taken or read, in words a clerk understands.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Kind;

/// Why a file, or a page of it, was not taken or not read. `Display` is the English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// No bytes at all.
    #[error("This file is empty. Scan it again or upload it again.")]
    Empty,
    /// More bytes than [`super::Limits::bytes`].
    #[error(
        "This file has {}, above the limit of {} for one file. Scan at a lower resolution or upload it in parts.",
        mebibytes(*.bytes), mebibytes(*.limit)
    )]
    TooLarge {
        /// Bytes of the file.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Not one of [`Kind::ALL`], whatever its name says.
    #[error(
        "This file is {}, not a scan. Upload JPEG, PNG, TIFF, WebP, BMP or PDF.",
        if .found.is_empty() { "of an unknown kind" } else { .found }
    )]
    NotADocument {
        /// What it seems to be, such as `HTML`; empty when unknown.
        found: String,
    },
    /// The content stops before its end.
    #[error(
        "Only part of this file has arrived: its end is missing. Scan it again or upload it again."
    )]
    Truncated {
        /// What the content is.
        kind: Kind,
    },
    /// A page declares more pixels than [`super::Limits::pixels`].
    #[error(
        "Page {page} declares {width} × {height} pixels, above the limit of {limit} for one page. Scan at a lower resolution."
    )]
    TooManyPixels {
        /// Page number, from 1.
        page: u32,
        /// Declared width.
        width: u64,
        /// Declared height.
        height: u64,
        /// Pixels allowed.
        limit: u64,
    },
    /// More pages than [`super::Limits::pages`].
    #[error(
        "This file has {pages} pages, above the limit of {limit} for one file. Upload it in parts."
    )]
    TooManyPages {
        /// Pages counted; counting may have stopped just above the limit.
        pages: u64,
        /// Pages allowed.
        limit: u32,
    },
    /// A PDF that asks for a password.
    #[error(
        "This PDF is locked with a password. Remove the password and upload it again, or scan the paper."
    )]
    Encrypted,
    /// The content breaks the rules of its kind, or the child process died of it.
    #[error("This file is damaged and cannot be opened ({reason}). Scan it again.")]
    Unreadable {
        /// What was wrong, in English, for the log.
        reason: String,
    },
    /// Reading would cost more than the limits allow.
    #[error("Reading this takes more than {cost}. Print it, scan the print, and upload the scan.")]
    TooCostly {
        /// What ran out.
        cost: Cost,
    },
    /// A page number that the file does not have.
    #[error("There is no page {page}: the file has {pages}.")]
    NoSuchPage {
        /// Page asked for.
        page: u32,
        /// Pages of the file.
        pages: u32,
    },
    /// This machine could not do it; the file is not to blame.
    #[error("The file could not be read on this machine: {reason}.")]
    Machine {
        /// What failed, in English.
        reason: String,
    },
}

/// What ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// This many seconds.
    Seconds(u64),
    /// This many bytes of memory.
    Memory(u64),
    /// The answer of the child would be larger than this many bytes.
    Answer(u64),
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cost::Seconds(seconds) => write!(f, "{seconds} seconds"),
            Cost::Memory(bytes) => write!(f, "{} of memory", mebibytes(*bytes)),
            Cost::Answer(bytes) => write!(f, "{} of text", mebibytes(*bytes)),
        }
    }
}

impl Error {
    /// A stable word for scripts, such as `too_large`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Empty => "empty",
            Error::TooLarge { .. } => "too_large",
            Error::NotADocument { .. } => "not_a_document",
            Error::Truncated { .. } => "truncated",
            Error::TooManyPixels { .. } => "too_many_pixels",
            Error::TooManyPages { .. } => "too_many_pages",
            Error::Encrypted => "encrypted",
            Error::Unreadable { .. } => "unreadable",
            Error::TooCostly { .. } => "too_costly",
            Error::NoSuchPage { .. } => "no_such_page",
            Error::Machine { .. } => "machine",
        }
    }

    /// Whether the same file may be read another time, because this machine failed and not the file.
    pub fn may_pass(&self) -> bool {
        matches!(self, Error::Machine { .. })
    }

    /// The English sentence: what is so, then what one can do.
    pub fn en(&self) -> String {
        self.to_string()
    }

    /// The Chinese sentence: what is so, then what one can do.
    pub fn zh(&self) -> String {
        match self {
            Error::Empty => "这个文件是空的。请重新扫描或重新上传。".into(),
            Error::TooLarge { bytes, limit } => format!(
                "这个文件有 {}，超过每个文件 {} 的上限。请降低扫描分辨率，或分成几份上传。",
                mebibytes(*bytes),
                mebibytes(*limit)
            ),
            Error::NotADocument { found } if found.is_empty() => {
                "认不出这是什么文件。请上传 JPEG、PNG、TIFF、WebP、BMP 或 PDF。".into()
            }
            Error::NotADocument { found } => format!(
                "这个文件的内容是 {found}，不是扫描件。请上传 JPEG、PNG、TIFF、WebP、BMP 或 PDF。"
            ),
            Error::Truncated { .. } => {
                "这个文件只传了一半，结尾缺失。请重新扫描或重新上传。".into()
            }
            Error::TooManyPixels { page, width, height, limit } => format!(
                "第 {page} 页标明有 {width} × {height} 像素，超过每页 {limit} 像素的上限。请降低扫描分辨率。"
            ),
            Error::TooManyPages { pages, limit } => {
                format!("这个文件有 {pages} 页，超过每个文件 {limit} 页的上限。请分成几份上传。")
            }
            Error::Encrypted => {
                "这份 PDF 设了密码，打不开。请去掉密码后重新上传，或扫描纸质件。".into()
            }
            Error::Unreadable { .. } => "这个文件已损坏，打不开。请重新扫描。".into(),
            Error::TooCostly { cost: Cost::Seconds(seconds) } => {
                format!("读这个文件超过了 {seconds} 秒。请打印后扫描，再上传扫描件。")
            }
            Error::TooCostly { cost: Cost::Memory(bytes) } => format!(
                "读这个文件要用的内存超过 {}。请打印后扫描，再上传扫描件。",
                mebibytes(*bytes)
            ),
            Error::TooCostly { cost: Cost::Answer(bytes) } => {
                format!("这一页的文字超过 {}。请打印后扫描，再上传扫描件。", mebibytes(*bytes))
            }
            Error::NoSuchPage { page, pages } => {
                format!("没有第 {page} 页，这个文件共 {pages} 页。")
            }
            Error::Machine { .. } => {
                "这台机器没能读这个文件，文件本身没有问题。请管理员查看运行日志。".into()
            }
        }
    }

    pub(super) fn unreadable(reason: impl std::fmt::Display) -> Self {
        Error::Unreadable { reason: reason.to_string() }
    }

    pub(super) fn machine(reason: impl std::fmt::Display) -> Self {
        Error::Machine { reason: reason.to_string() }
    }
}

/// `312 MB` for people, with one decimal below 10. Rounded up, so that an excess never reads like the limit itself.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) if whole < 10 => format!("{whole}.{tenth} MB"),
        (whole, _) => format!("{} MB", whole + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_never_rounded_down() {
        assert_eq!(mebibytes(200 << 20), "200 MB");
        assert_eq!(mebibytes((200 << 20) + 1), "201 MB");
        assert_eq!(mebibytes(3 << 19), "1.5 MB");
        assert_eq!(mebibytes(1), "0.1 MB");
    }

    #[test]
    fn sentences_carry_the_numbers() {
        let error = Error::TooManyPages { pages: 2001, limit: 2000 };
        assert!(error.zh().contains("2001 页") && error.zh().contains("2000 页"));
        assert!(error.en().contains("2001") && error.en().contains("2000"));
        let error = Error::NotADocument { found: "HTML".into() };
        assert!(error.zh().contains("HTML") && error.en().contains("HTML"));
    }
}
