//! What went wrong when fields were keyed, and what is odd about them, in the words of a
//! clerk.

use axum::http::StatusCode;

use super::Failure;
use crate::keying::KeyingError;
use crate::model::access::Denied;
use crate::model::form::{Problem, Wrong};

/// What can be typed instead, in Chinese.
fn wrong(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Long(most) => format!("最多{most}字。"),
        Wrong::Date => "写成2026-03-09、20260309或3月9日这样。".to_owned(),
        Wrong::Month => "写成2026-04或2026年4月这样。".to_owned(),
        Wrong::Money => "写元，最多两位小数，不超过100万。".to_owned(),
        Wrong::Whole => "写一个整数。".to_owned(),
        Wrong::Choice(choices) => format!("只能是：{choices}。"),
        Wrong::YesNo => "写「是」或「否」。".to_owned(),
        Wrong::IdNumber => "身份证号18位，老号码15位。".to_owned(),
        Wrong::Digits => "只写数字，5到30位。".to_owned(),
    }
}

/// What is odd about a value, in Chinese and English.
pub(crate) fn problem(problem: &Problem) -> (String, String) {
    let zh = match problem {
        Problem::Missing => "这一项纸面上应该有。".to_owned(),
        Problem::CheckDigit => "末位校验码不符，请对照纸面。".to_owned(),
        Problem::NoBirth => "号码里的出生日期不对，请对照纸面。".to_owned(),
        Problem::Birth(day) => format!("身份证号里的出生日期是{day}。"),
        Problem::Sex(sex) => format!("身份证号里的性别是{sex}。"),
        Problem::Sum(said) => {
            format!("{}：算出来是{}，填的是{}。", said.title, said.reckoned, said.found)
        }
        Problem::OtherHousehold => "这是另一户的户号，看看是不是归错了。".to_owned(),
        Problem::UnknownRegion => "没有登记过这个地方的机构。".to_owned(),
    };
    (zh, format!("{problem}."))
}

impl From<KeyingError> for Failure {
    fn from(error: KeyingError) -> Self {
        let refused = |zh: String, en: String| {
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh, en).stored(false)
        };
        let en = format!("{error}.");
        match error {
            KeyingError::View(error) => error.into(),
            KeyingError::Denied(Denied(right)) => Self::denied(right),
            KeyingError::Living(error) => error.into(),
            KeyingError::Record(error) => error.into(),
            KeyingError::Db(error) => error.into(),
            KeyingError::Vault(error) => error.into(),
            KeyingError::NoForm(id) => Self::new(
                StatusCode::CONFLICT,
                "这一件还没有归入，或者它的件种没有表单可录。",
                "This paper is not filed yet, or its type has no form whose fields are known.",
            )
            .stored(false)
            .to(&format!("/doc/{id}"), "看这一件", "See the paper"),
            KeyingError::NoField(field) => refused(format!("这张表没有「{field}」这一项。"), en),
            KeyingError::Value { name, name_en, wrong: why, .. } => {
                refused(format!("「{name}」{}", wrong(&why)), format!("{name_en}: {why}."))
            }
            KeyingError::Covered { name, name_en, .. } => refused(
                format!("「{name}」里的号码没有留下，请照纸面再写一遍。"),
                format!("{name_en}: the number was not kept, type it again."),
            ),
            KeyingError::HowMany => refused("没有填任何一项，或者太多了。".to_owned(), en),
            KeyingError::NotOffered(_) => refused(
                "这一项现在和户档一样，或者写不进户档，刷新看看。".to_owned(),
                "This value is known by now, or cannot be stated; reload to see.".to_owned(),
            ),
        }
    }
}
