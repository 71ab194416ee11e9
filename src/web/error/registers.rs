//! What could not be entered in a register, drawn or taken along, in the words of a clerk.

use axum::http::StatusCode;

use super::Failure;
use crate::living::registers::RegisterError;
use crate::model::register::RowRule;

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

impl From<RowRule> for Failure {
    fn from(rule: RowRule) -> Self {
        let en = format!("{rule}.");
        let zh = match &rule {
            RowRule::Value(error) => return Self::of_value(error),
            RowRule::Missing(name) => format!("「{name}」要写。"),
            RowRule::Long(name) => format!("「{name}」最多1000字。"),
            RowRule::More(name, other, most) => {
                format!("「{name}」不能多于「{other}」（{most}）。")
            }
            RowRule::People(name, least) => {
                format!("「{name}」至少写{least}个人的姓名，用顿号分开，各不超过40字。")
            }
            RowRule::NotYet(day) => format!("{day}还没有到。"),
            RowRule::Order(stage, on, other, day) => {
                format!("「{stage}」不能是{on}：「{other}」是{day}，后一环节不能早于前一环节。")
            }
            RowRule::NumberTaken(number) => format!("刚才有人先用了{number}这个编号。"),
            RowRule::NoRow(number) => format!("没有{number}这一条。"),
            RowRule::Meanwhile(number) => format!("刚才有人先写了{number}这一条，您的还没有存。"),
            RowRule::NotItsTurn(number) => format!("{number}这一条现在不等这个环节。"),
            RowRule::NoLine(_) => "这一行已经更正过，或者不是这一条的。".to_owned(),
            RowRule::NoPaper(id) => format!("第{id}件不是这一户、这个单位的。"),
            RowRule::NoOrganisation(code) => format!("没有登记过机构{code}。"),
            RowRule::NoOrder(_) => "没有这道抽检令。".to_owned(),
            RowRule::DrawnAlready(_) => "这道抽检令已经抽过签了，不能再抽。".to_owned(),
            RowRule::Sample(size) => format!("一次抽1到1000户，这样要抽{size}户。"),
            RowRule::OtherSample => "这不是按公式抽出来的。".to_owned(),
        };
        let status = match &rule {
            RowRule::NoRow(_) | RowRule::NoOrder(_) => StatusCode::NOT_FOUND,
            rule if rule.is_conflict() => StatusCode::CONFLICT,
            _ => WRONG,
        };
        Self::new(status, zh, en).stored(false)
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        let en = format!("{error}.");
        let (status, zh) = match error {
            RegisterError::Rule(rule) => return rule.into(),
            RegisterError::Prove(error) => return error.into(),
            RegisterError::Living(error) => return error.into(),
            RegisterError::File(error) => return Self::internal(&error),
            RegisterError::Unknown(_) => (StatusCode::NOT_FOUND, "没有这本台账。".to_owned()),
            RegisterError::UnknownRow(number) => {
                (StatusCode::NOT_FOUND, format!("没有{number}这一条，或者您看不到它。"))
            }
            RegisterError::UnknownOrder(_) => {
                (StatusCode::NOT_FOUND, "没有这道抽检令，或者您看不到它。".to_owned())
            }
            RegisterError::NothingSealed => {
                (StatusCode::NOT_FOUND, "这一行没有另存的内容。".to_owned())
            }
            RegisterError::Side => {
                (StatusCode::CONFLICT, "这一步由对方单位登记，或者不是您单位的台账。".to_owned())
            }
            RegisterError::BegunBy(_) => {
                (StatusCode::CONFLICT, "这本台账由抽签生成，不能手工添加。".to_owned())
            }
            RegisterError::Undrawn(order) => (
                StatusCode::CONFLICT,
                format!("第{order}条抽检令也是这个月、这些户的，还没有抽签：先抽它。"),
            ),
            RegisterError::Draw(_) => (
                WRONG,
                "抽签写户数（1到1000）或百分比（1到100），两样只写一样；月份不超过下月。"
                    .to_owned(),
            ),
            RegisterError::NoReason => (WRONG, "导出要写事由。".to_owned()),
            RegisterError::TooMany(most) => (WRONG, format!("一份文件最多{most}行，请缩小范围。")),
        };
        Self::new(status, zh, en).stored(false)
    }
}
