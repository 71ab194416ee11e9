//! What the database, the object store and the reading of files say.

use axum::http::StatusCode;

use super::super::Failure;
use crate::db::DbError;
use crate::extract;
use crate::vault::VaultError;

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "数据库没有应答。",
            "The database did not answer.",
        )
        .hint(
            "过一会儿再试；还是这样，请把请求号告诉管理员。",
            "Try again in a while; if it stays, tell the administrator the request number.",
        )
        .detail(error)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let internal = StatusCode::INTERNAL_SERVER_ERROR;
        let (audit, see_zh, see_en) = ("/audit", "看审计", "See audit");
        match &error {
            VaultError::Destroyed(_) => Self::new(
                StatusCode::GONE,
                "这份文件的密钥已经销毁，谁也读不出了。",
                "The key of this file was destroyed: nobody can read it any more.",
            )
            .hint("谁在什么时候为什么销毁的，日志里有。", "The log says who did it, when and why.")
            .to(audit, see_zh, see_en),
            VaultError::Locked(_) => Self::new(
                internal,
                "这份文件加了密，这台机器上没有密钥。",
                "This file is encrypted, and this machine has no keys.",
            )
            .hint("请管理员放回密钥文件。", "Ask the administrator to bring the keys back."),
            VaultError::Reserved => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "这个文件的开头与加密文件一样，没有收下。",
                "This file begins as an encrypted one does; it was not taken in.",
            )
            .stored(false),
            VaultError::Corrupt { .. } | VaultError::Tampered(_) | VaultError::OtherKeys(_) => {
                Self::new(
                    internal,
                    "存着的内容与存证不符，没有拿出来。",
                    "The stored bytes are not what was accepted; they are not given out.",
                )
                .hint("请审计员核验。", "Ask the auditor to verify.")
                .to(audit, see_zh, see_en)
            }
            VaultError::NotFound(_) => {
                Self::new(internal, "存储里找不到这份原文。", "The stored file is missing.")
                    .hint("请审计员核验。", "Ask the auditor to verify.")
                    .to(audit, see_zh, see_en)
            }
            VaultError::TooLarge { limit } => {
                extract::Error::TooLarge { bytes: limit + 1, limit: *limit }.into()
            }
            VaultError::Interrupted(_) => {
                Self::new(StatusCode::BAD_REQUEST, "没有传完就断了。", "The upload broke off.")
                    .hint("请再传一次。", "Send it again.")
                    .stored(false)
            }
            VaultError::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "存储满了，没有收下。",
                "The store is full; nothing was taken in.",
            )
            .hint(
                "请管理员腾出地方，再传一次。",
                "Ask the administrator to make room, then send it again.",
            )
            .stored(false),
            VaultError::Copy(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "副本没有应答，没有收下。",
                "The second copy did not answer; nothing was taken in.",
            )
            .hint(
                "请管理员查看副本存储，再传一次。",
                "Ask the administrator to look at the second copy, then send it again.",
            )
            .stored(false),
            _ => Self::new(internal, "存储没有应答。", "The store did not answer.").hint(
                "过一会儿再试；还是这样，请把请求号告诉管理员。",
                "Try again in a while; if it stays, tell the administrator the request number.",
            ),
        }
        .detail(error)
    }
}

impl From<extract::Error> for Failure {
    fn from(error: extract::Error) -> Self {
        let status = match &error {
            extract::Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            extract::Error::NotADocument { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            extract::Error::NoSuchPage { .. } => StatusCode::NOT_FOUND,
            extract::Error::Machine { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        // The sentence ends with what one can do.
        Self::new(status, error.zh(), error.en()).detail(format!("{error:?}"))
    }
}
