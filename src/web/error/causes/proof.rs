//! What the log, its proofs and checks say.

use axum::http::StatusCode;

use super::super::Failure;
use crate::audit::AuditError;
use crate::check::CheckError;
use crate::history::HistoryError;
use crate::prove::ProveError;

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::UnknownEntry(no) => unknown_entry(no),
            HistoryError::View(error) => error.into(),
            HistoryError::Db(error) => error.into(),
        }
    }
}

fn unknown_entry(no: i64) -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        format!("存证日志里没有第{no}条。"),
        format!("The log has no entry {no}."),
    )
    .hint("看看序号有没有写错，或从审计里找。", "Check the number, or look on the audit page.")
    .to("/audit", "看审计", "See audit")
}

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        let detail = error.to_string();
        match error {
            ProveError::View(error) => error.into(),
            ProveError::UnknownVolume(_) => Self::new(
                StatusCode::NOT_FOUND,
                "没有这一卷。",
                "There is no such volume.",
            )
            .to("/volumes", "看案卷", "See the volumes"),
            ProveError::TwoHouseholds(_) => Self::new(
                StatusCode::FORBIDDEN,
                "这一户分过户或并过户，另一户不在您的范围里；整户的核验包会写出那一户，不能给。",
                "This household was split or merged, and the other one is outside your scope: a \
                 bundle of the whole file would name it.",
            )
            .hint(
                "请两户都看得到的上级机构来打；单件材料的核验包照常可以打。",
                "Ask an office above that sees both; a single paper can be taken along as always.",
            ),
            ProveError::Destroyed(no) => Self::new(
                StatusCode::GONE,
                format!("打不出核验包：该放进去的内容，密钥已由存证日志第{no}条销毁，谁也读不出了。"),
                format!(
                    "There is no bundle: log entry {no} destroyed the keys of what belongs in it, \
                     and nobody can read that any more."
                ),
            )
            .hint(
                "办过的每一件事和这次销毁都还在存证日志里，每条都有证明。",
                "Every act about it, and the destruction, are still in the log, each with its proof.",
            )
            .to(&format!("/audit/entry/{no}"), "看这一条", "See that entry"),
            ProveError::UnknownEntry(no) => unknown_entry(no),
            ProveError::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "正在打别的核验包，还没轮到这一个。",
                "Other bundles are being packed just now.",
            )
            .hint("过一分钟再试。", "Try again in a minute."),
            ProveError::NotYet(no) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("第{no}条刚记下，还没有封条盖住它。"),
                format!("Entry {no} is new; no checkpoint covers it yet."),
            )
            .hint("过几秒再试。", "Try again in a few seconds."),
            ProveError::Log(_) => Self::new(
                StatusCode::CONFLICT,
                "存证日志与封条对不上，给不出证明。",
                "The log does not lead to its checkpoint; there is no proof.",
            )
            .hint("请审计员核验。", "Ask the auditor to verify.")
            .to("/audit", "看审计", "See audit")
            .detail(detail),
            ProveError::Record(error) => error.into(),
            ProveError::Db(error) => error.into(),
            ProveError::Vault(error) => error.into(),
            _ => Self::internal(&detail),
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Vault(error) => Self::from(error).stored(false),
            CheckError::Db(error) => error.into(),
            CheckError::Place(error) => error.into(),
            CheckError::Stopped(why) => Self::internal(&why),
        }
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Db(error) => error.into(),
            AuditError::Vault(error) => error.into(),
            AuditError::Record(error) => error.into(),
        }
    }
}
