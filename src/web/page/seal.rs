//! 存证封条: a checkpoint as people see it, on screen and as a certificate on
//! paper, for the paper archive or the supervising body.

pub mod qr;

use super::Page;
use super::frame::Frame;
use crate::web::{filters, keys, text};
use askama::Template;

/// A checkpoint.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root, hex.
    pub root: String,
    /// When the last of its entries was recorded, `YYYY-MM-DD HH:MM:SS`.
    pub when: String,
    /// Who signed: the log, then its witnesses.
    pub signers: Vec<Signer>,
    /// The signed note.
    pub note: String,
}

/// A signature.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The name of the key.
    pub name: String,
    /// The head of the key's digest, hex.
    pub key: String,
    /// When a witness signed; `None` for the log itself.
    pub when: Option<String>,
    /// Whether it was checked and is right; `None` when its key is not known
    /// here.
    pub right: Option<bool>,
}

impl Seal {
    /// The log's own signature.
    pub fn own(&self) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.when.is_none())
    }

    /// The signatures of witnesses.
    pub fn witnesses(&self) -> Vec<&Signer> {
        self.signers.iter().filter(|signer| signer.when.is_some()).collect()
    }

    /// Whether the log's own signature was checked and is right.
    pub fn is_signed(&self) -> bool {
        self.own().is_some_and(|signer| signer.right == Some(true))
    }

    /// The root in groups of four digits.
    pub fn groups(&self) -> Vec<String> {
        text::digest(&self.root).split(' ').map(ToOwned::to_owned).collect()
    }

    /// The first digits of the root, to be read over the telephone.
    pub fn short(&self) -> Vec<String> {
        self.groups().into_iter().take(4).collect()
    }

    /// A checkpoint for samples, with two witnesses.
    pub fn sample() -> Seal {
        let signer = |name: &str, when: Option<&str>, right| Signer {
            name: name.to_owned(),
            key: "530d903a".to_owned(),
            when: when.map(ToOwned::to_owned),
            right,
        };
        Seal {
            origin: "archive.example.gov.cn/j016".to_owned(),
            size: 184_220,
            root: "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned(),
            when: "2026-11-23 11:40:12".to_owned(),
            signers: vec![
                signer("archive.example.gov.cn/j016", None, Some(true)),
                signer("witness.example.gov.cn/daj", Some("2026-11-23 11:40:13"), None),
                signer("witness.example.gov.cn/jw", Some("2026-11-23 11:40:15"), None),
            ],
            note: "archive.example.gov.cn/j016\n184220\nfB6aQNL4axMFzkGqk9foskDJpL4XXQij8XBMGO1iuQ=\n\n— archive.example.gov.cn/j016 UQ2QOkn8srV1yJGh\n".to_owned(),
        }
    }
}

/// The certificate for the printer, without the frame.
#[derive(Debug, Template)]
#[template(path = "seal_print.html")]
pub struct SealPrint {
    /// The frame; of it only language and person are printed.
    pub frame: Frame,
    /// The checkpoint.
    pub seal: Seal,
    /// Name of the keeping body.
    pub keeper: String,
    /// When it is printed, `YYYY-MM-DD HH:MM`.
    pub printed: String,
    /// The note as a QR code, SVG; `None` when it is too long for one.
    pub code: Option<String>,
}

super::page!(SealPrint, None, keys::NONE, prints);

fn prints() -> Vec<SealPrint> {
    let seal = Seal::sample();
    let usual = SealPrint {
        frame: Frame { here: "/audit/checkpoint/print".to_owned(), ..Frame::sample() },
        keeper: "青石县民政局".to_owned(),
        printed: "2026-11-23 11:41".to_owned(),
        code: qr::svg(&seal.note),
        seal: seal.clone(),
    };
    let alone = Seal { signers: seal.signers[..1].to_vec(), size: 1, ..seal.clone() };
    let long = Seal {
        origin: "long-name-of-a-log.archive.example.gov.cn/j016/second/part".repeat(3),
        size: 1_234_567_890,
        signers: vec![seal.signers[1].clone(); 16],
        ..seal
    };
    let print = |seal, code, keeper: &str| SealPrint {
        frame: Frame::extreme(),
        seal,
        code,
        keeper: keeper.to_owned(),
        printed: "2026-11-23 11:41".to_owned(),
    };
    vec![
        usual,
        print(alone, None, "青石县民政局"),
        print(long, qr::svg("x"), "青石县民政局社会救助和养老服务综合保障中心"),
    ]
}
