//! What is said to those who do not come in, or may not change who does.

use axum::http::StatusCode;

use super::Failure;
use crate::credentials::oidc::OidcError;
use crate::credentials::password::Weak;
use crate::model::access::Denied;
use crate::own::OwnError;
use crate::people::PeopleError;
use crate::setup::OrganisationError;
use crate::signin::{SignInError, seconds};
use crate::web::lang::Lang;

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

impl Failure {
    /// A new password was not typed twice the same.
    pub(crate) fn twice() -> Self {
        Self::new(WRONG, "两遍写的新密码不一样。", "The new password was not typed twice the same.")
            .stored(false)
    }

    fn not_let_in(zh: &str, en: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, zh, en)
    }

    fn busy(detail: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "此刻登录的人太多。",
            "Too many people are signing in just now.",
        )
        .hint("过几秒再试。", "Try again in a few seconds.")
        .detail(detail)
    }
}

impl From<Weak> for Failure {
    fn from(weak: Weak) -> Self {
        let (zh, en) = match weak {
            Weak::Short => {
                ("密码太短，至少要十个字。", "The password needs ten characters or more.")
            }
            Weak::Long => ("密码太长，最多128个字。", "The password has more than 128 characters."),
            Weak::Control => {
                ("密码里有看不见的字符。", "The password has characters that cannot be seen.")
            }
            Weak::Name => (
                "密码里就是姓名、登录名或单位名，别人一猜就中。",
                "The password is little more than a name, the login or the office.",
            ),
            Weak::Common => {
                ("这个密码是别人最先会试的。", "This password is one of the first that others try.")
            }
        };
        Self::new(WRONG, zh, en)
            .hint("换一句只有自己想得到的话。", "Take a sentence only you would think of.")
            .stored(false)
    }
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => {
                Self::not_let_in("登录名或密码不对。", "The login or the password is not right.")
            }
            SignInError::CodeNeeded => {
                Self::not_let_in("还要手机上的六位数。", "The code of the telephone is needed too.")
            }
            SignInError::WrongCode => Self::not_let_in(
                "验证码不对，或者已经用过。",
                "The code is not right, or was used already.",
            )
            .hint("等下一个六位数再试。", "Wait for the next one and try again."),
            SignInError::Late => Self::not_let_in(
                "隔得太久了，请重新登录。",
                "It took too long; please sign in again.",
            ),
            SignInError::Code(_) => Self::new(
                WRONG,
                "登录码写得不对，是四组、每组四个字母或数字。",
                "The code is mistyped: it has four groups of four letters or digits.",
            ),
            SignInError::NoInvitation => Self::not_let_in(
                "这个登录码用过了，或者过了三天。",
                "This code was used already, or is older than three days.",
            )
            .hint("请系统管理员再发一个。", "Ask the administrator for another one."),
            SignInError::Wait(wait) => {
                let seconds = seconds(wait);
                let (zh, en) = match seconds {
                    0..=99 => {
                        (format!("{seconds}秒"), Lang::En.count(seconds, "", "second", "seconds"))
                    }
                    _ => {
                        let minutes = seconds.div_ceil(60);
                        (format!("{minutes}分钟"), format!("{minutes} minutes"))
                    }
                };
                Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    format!("从这里错了太多次，请过{zh}再试。"),
                    format!("Too many tries from here failed; try again in {en}."),
                )
                .hint("从别处登录不受影响。", "Signing in from elsewhere is not affected.")
                .after(seconds)
            }
            SignInError::Weak(weak) => weak.into(),
            SignInError::NoAccount => Self::not_let_in(
                "统一认证说出了您是谁，可这里没有对应的户头。",
                "The provider knows you, and no account here belongs to you.",
            )
            .hint(
                "请系统管理员填上您的账号名。",
                "Ask the administrator to name your account there.",
            ),
            SignInError::NoProvider => Self::not_here(),
            SignInError::Provider(error) => {
                let status = match error {
                    OidcError::Provider(_) => StatusCode::BAD_GATEWAY,
                    OidcError::Code(_) | OidcError::Token(_) => StatusCode::UNAUTHORIZED,
                };
                Self::new(
                    status,
                    "统一认证那边没有说清您是谁。",
                    "The provider did not tell who you are.",
                )
                .hint("再试一次，或用密码登录。", "Try again, or sign in with a password.")
                .detail(error)
            }
            SignInError::Password(error) => Self::busy(error),
            SignInError::Key(error) => Self::internal(&error),
            SignInError::Db(error) => error.into(),
        }
    }
}

impl From<OwnError> for Failure {
    fn from(error: OwnError) -> Self {
        let detail = error.to_string();
        match error {
            OwnError::Wrong => {
                Self::new(WRONG, "现在的密码不对。", "The password now is not right.").stored(false)
            }
            OwnError::Same => Self::new(
                WRONG,
                "新密码和原来的一样。",
                "The new password is the one that was there before.",
            )
            .stored(false),
            OwnError::Weak(weak) => weak.into(),
            OwnError::WrongCode => {
                Self::new(WRONG, "六位数不对。", "The six digits are not right.").hint(
                    "看看手机的时间准不准，再试下一个。",
                    "See whether the telephone has the right time, and try the next ones.",
                )
            }
            OwnError::Factor => Self::new(
                StatusCode::CONFLICT,
                "手机验证已经不是刚才那样了，请看现在的。",
                "The second factor is not as it was a moment ago; see how it is now.",
            ),
            OwnError::Token(_) => Self::new(
                WRONG,
                "令牌要有名字，至少选一项权限，最长用一年。",
                "A token has a name, at least one right, and ends within a year.",
            )
            .detail(detail),
            OwnError::TooMuch(right) => Self::new(
                WRONG,
                format!("令牌不能超过您自己的权限：{}。", right.zh()),
                format!("A token cannot be for more than you may do: {}.", right.en()),
            ),
            OwnError::TooMany => Self::new(
                StatusCode::CONFLICT,
                "令牌太多了，先作废几个。",
                "There are too many tokens; end some first.",
            ),
            OwnError::Gone => {
                Self::new(StatusCode::CONFLICT, "已经不在了。", "It is not there any more.")
            }
            OwnError::SignIn(error) => error.into(),
            OwnError::Password(error) => Self::busy(error),
            OwnError::Key(error) => Self::internal(&error),
            OwnError::Db(error) => error.into(),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Denied(Denied(right)) => Self::denied(right),
            PeopleError::Record(error) => error.into(),
            PeopleError::Db(error) => error.into(),
            PeopleError::Password(error) => Self::busy(error),
            PeopleError::Unknown(login) => Self::new(
                StatusCode::NOT_FOUND,
                format!("没有登录名是{login}的人。"),
                format!("Nobody signs in as {login}."),
            ),
            PeopleError::Organisation(code) => Self::new(
                WRONG,
                format!("没有代码是{code}的机构，或者不归您管。"),
                format!("Organisation {code} is not known, or not below yours."),
            )
            .stored(false),
            PeopleError::Person(error) => Self::new(
                WRONG,
                "登录名或姓名不合写法：登录名是2到32个小写字母、数字、点或横线，以字母开头。",
                error.to_string(),
            )
            .stored(false),
            PeopleError::Weak(weak) => weak.into(),
            PeopleError::AtProvider => Self::new(
                WRONG,
                "这个账号名记不下：别人已经用了，或者没有设统一认证。",
                "This name cannot be noted: another account has it, or there is no provider.",
            )
            .stored(false),
            PeopleError::Apart(_) => Self::new(
                StatusCode::FORBIDDEN,
                "三员分立：安全保密管理员和审计员的登录码、统一认证账号，系统管理员不能再经手。",
                "Security officers and auditors are not helped in by an administrator once they have come in.",
            )
            .hint("请机器管理员在命令行办理。", "Whoever has the machine does it on the command line.")
            .stored(false),
            PeopleError::NoToken => Self::new(
                StatusCode::CONFLICT,
                "令牌已经不在了。",
                "The token is not there any more.",
            ),
            PeopleError::NoSession => Self::new(
                StatusCode::CONFLICT,
                "那一处已经退出了。",
                "The session is not there any more.",
            ),
        }
    }
}

impl From<OrganisationError> for Failure {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Code(_) => {
                Self::new(WRONG, "代码要12位数字。", "A code has 12 digits.").stored(false)
            }
            OrganisationError::Name => {
                Self::new(WRONG, "名称要1到60个字。", "A name has 1 to 60 characters.")
                    .stored(false)
            }
            OrganisationError::Elsewhere(code) => Self::new(
                WRONG,
                format!("{code}不在您管的范围里。"),
                format!("{code} is not below your organisation."),
            )
            .stored(false),
            OrganisationError::Record(error) => error.into(),
        }
    }
}
