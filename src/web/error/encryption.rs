//! What is said when nothing was encrypted, or no key destroyed.

use axum::http::StatusCode;

use super::Failure;
use crate::encryption::EncryptionError;
use crate::model::access::Denied;
use crate::view::ViewError;

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

impl From<EncryptionError> for Failure {
    fn from(error: EncryptionError) -> Self {
        let detail = error.to_string();
        let failure = match error {
            EncryptionError::Denied(Denied(right)) => return Self::denied(right),
            EncryptionError::Record(error) => return error.into(),
            EncryptionError::Db(error) => return error.into(),
            EncryptionError::Vault(error) => return error.into(),
            EncryptionError::UnknownHousehold(no) => {
                return ViewError::UnknownHousehold(no).into();
            }
            EncryptionError::UnknownRequest(_) => return Self::not_here(),
            EncryptionError::Off => {
                Self::new(StatusCode::CONFLICT, "存储没有加密。", "The store is not encrypted.")
            }
            EncryptionError::Nothing(_) => Self::new(
                WRONG,
                "这一户没有只属于它、还读得出的文件。",
                "This household has no files of its own that can be read.",
            ),
            EncryptionError::NoReason => Self::new(
                WRONG,
                "理由要写，1到200个字，不换行。",
                "Give a reason of 1 to 200 characters in one line.",
            ),
            EncryptionError::NotThis(_) => Self::new(
                WRONG,
                "户号写得不对，什么也没有销毁。",
                "That is not the number of the household: nothing was destroyed.",
            ),
            EncryptionError::Plain { files, .. } => Self::new(
                StatusCode::CONFLICT,
                format!("这一户有{files}份文件还没有加密。"),
                format!("{files} of its files are not encrypted yet."),
            )
            .hint(
                "请管理员先在机器上运行yidang encryption seal。",
                "Ask whoever has the machine to run yidang encryption seal first.",
            ),
            EncryptionError::Shared(_) => Self::new(
                StatusCode::CONFLICT,
                "有一份文件和别的文件共用密钥，没有销毁。",
                "A file shares its key with another one; nothing was destroyed.",
            ),
            EncryptionError::Keys(error) => Self::internal(&error),
        };
        failure.stored(false).detail(detail)
    }
}
