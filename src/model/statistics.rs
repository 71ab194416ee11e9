//! 统计: what is counted, and the lines of the statistics made of it. A line is a sum of
//! the rows of a figure, so that the list behind it has what the line says.

mod kind;
mod lines;

pub use self::kind::Kind;
pub use self::lines::{Group, Line, Measure, lines};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is counted. Each has a list of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatisticsFigure)]
pub enum Figure {
    /// 期末在保; about the category.
    Receiving,
    /// 期末在保家庭的成员, a row for each of [`Kind`]; about that.
    People,
    /// 期末在保户按致贫原因; about the cause, `unknown` where none is stated.
    Causes,
    /// 新增, about `new` or `again`.
    Joined,
    /// 退出, about the reason.
    Left,
    /// 增发
    Raised,
    /// 减发
    Reduced,
    /// 进入渐退期
    PhasedOut,
    /// 应发
    Entitled,
    /// 已列名册
    Listed,
    /// 实发
    Paid,
    /// 累计名册: of the year, up to the end.
    ListedSoFar,
    /// 累计实发: of the year, up to the end.
    PaidSoFar,
    /// 户档, about `complete` or `incomplete`.
    Files,
    /// 缺件, about who owes it.
    Lacking,
    /// 办结的复审, about `in_time` or `late`.
    Reviews,
    /// 复审现已逾期, about the category.
    ReviewsOverdue,
    /// 有期限的步骤, about `in_time` or `late`.
    Steps,
    /// 步骤现已逾期, about who takes it.
    StepsOverdue,
    /// 办结的案, about the procedure.
    Cases,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Receiving,
        Self::People,
        Self::Causes,
        Self::Joined,
        Self::Left,
        Self::Raised,
        Self::Reduced,
        Self::PhasedOut,
        Self::Entitled,
        Self::Listed,
        Self::Paid,
        Self::ListedSoFar,
        Self::PaidSoFar,
        Self::Files,
        Self::Lacking,
        Self::Reviews,
        Self::ReviewsOverdue,
        Self::Steps,
        Self::StepsOverdue,
        Self::Cases,
    ];

    /// Its code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::People => "people",
            Self::Causes => "causes",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Raised => "raised",
            Self::Reduced => "reduced",
            Self::PhasedOut => "phased_out",
            Self::Entitled => "entitled",
            Self::Listed => "listed",
            Self::Paid => "paid",
            Self::ListedSoFar => "listed_so_far",
            Self::PaidSoFar => "paid_so_far",
            Self::Files => "files",
            Self::Lacking => "lacking",
            Self::Reviews => "reviews",
            Self::ReviewsOverdue => "reviews_overdue",
            Self::Steps => "steps",
            Self::StepsOverdue => "steps_overdue",
            Self::Cases => "cases",
        }
    }

    /// The figure of that code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Receiving => "期末在保",
            Self::People => "人员分类",
            Self::Causes => "致贫原因",
            Self::Joined => "新增",
            Self::Left => "退出",
            Self::Raised => "增发",
            Self::Reduced => "减发",
            Self::PhasedOut => "进入渐退期",
            Self::Entitled => "应发",
            Self::Listed => "名册",
            Self::Paid => "实发",
            Self::ListedSoFar => "本年累计名册",
            Self::PaidSoFar => "本年累计实发",
            Self::Files => "户档",
            Self::Lacking => "缺件",
            Self::Reviews => "复审办结",
            Self::ReviewsOverdue => "复审现已逾期",
            Self::Steps => "限期步骤",
            Self::StepsOverdue => "步骤现已逾期",
            Self::Cases => "办结",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Receiving => "Receiving at the end",
            Self::People => "Persons by kind",
            Self::Causes => "Causes of hardship",
            Self::Joined => "Joined",
            Self::Left => "Left",
            Self::Raised => "Raised",
            Self::Reduced => "Reduced",
            Self::PhasedOut => "Phase-out begun",
            Self::Entitled => "Decided",
            Self::Listed => "Listed",
            Self::Paid => "Paid",
            Self::ListedSoFar => "Listed this year so far",
            Self::PaidSoFar => "Paid this year so far",
            Self::Files => "Files",
            Self::Lacking => "Missing papers",
            Self::Reviews => "Reviews done",
            Self::ReviewsOverdue => "Reviews overdue now",
            Self::Steps => "Steps with a last day",
            Self::StepsOverdue => "Steps overdue now",
            Self::Cases => "Cases ended",
        }
    }

    /// The figure of a month of which this is the sum over the year, up to the end.
    #[must_use]
    pub const fn monthly(self) -> Option<Self> {
        match self {
            Self::ListedSoFar => Some(Self::Listed),
            Self::PaidSoFar => Some(Self::Paid),
            _ => None,
        }
    }

    /// Whether it is as of today, whatever period is asked for.
    #[must_use]
    pub const fn is_of_today(self) -> bool {
        matches!(self, Self::ReviewsOverdue | Self::StepsOverdue)
    }

    /// Whether the period before stands beside it. Not where statements are counted: many
    /// hold from the day they were keyed, so the one before would tell of the keying.
    #[must_use]
    pub const fn is_compared(self) -> bool {
        !self.is_of_today() && !matches!(self, Self::People | Self::Causes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_line_and_a_code_of_its_own() {
        let all = lines(&[], None);
        for figure in Figure::ALL {
            assert_eq!(Figure::named(figure.code()), Some(figure));
            assert!(all.iter().any(|line| line.figure == figure), "{figure:?}");
        }
        assert_eq!(Figure::named("nothing"), None);
    }
}
