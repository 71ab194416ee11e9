//! The lines of the statistics, and the tables they stand in.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::field::Field;
use super::super::procedure::Category;
use super::{Figure, Kind};

/// What of the rows of a figure a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatisticsMeasure)]
pub enum Measure {
    /// How many rows.
    Count,
    /// The sum of their persons.
    Persons,
    /// The sum of their amounts, in 分.
    Amount,
    /// The median of their days.
    Days,
    /// 人均: the sum of their amounts over that of their persons, in 分, rounded once.
    PerHead,
    /// 占比: how many of a thousand of all those of the figure that are about
    /// [`Kind::Member`], rounded once.
    Share,
}

/// The table a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatisticsGroup)]
pub enum Group {
    /// 户数、人数
    Households,
    /// 人员分类
    People,
    /// 致贫原因
    Causes,
    /// 动态
    Changes,
    /// 资金
    Money,
    /// 材料
    Papers,
    /// 时限
    Time,
}

impl Group {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Households,
        Self::People,
        Self::Causes,
        Self::Changes,
        Self::Money,
        Self::Papers,
        Self::Time,
    ];

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Households => "低保对象分类统计",
            Self::People => "低保家庭人员分类（按现在的记载）",
            Self::Causes => "致贫原因（户，按现在的记载）",
            Self::Changes => "动态管理统计",
            Self::Money => "低保资金统计",
            Self::Papers => "材料齐全（期末）",
            Self::Time => "办理时限",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Households => "Recipients by category",
            Self::People => "Persons by kind, as stated now",
            Self::Causes => "Households by cause of hardship, as stated now",
            Self::Changes => "Changes",
            Self::Money => "Money",
            Self::Papers => "Completeness at the end",
            Self::Time => "Timeliness",
        }
    }
}

/// A line of the statistics: a sum of the rows of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsLine)]
pub struct Line {
    /// The table it stands in.
    pub group: Group,
    /// Of which figure.
    pub figure: Figure,
    /// Only of the rows about this; empty for all.
    pub about: String,
    /// What of them.
    pub measure: Measure,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
}

/// The lines that do not depend on rules, after those of the categories: table, figure,
/// about what, measure, names.
const LINES: [(Group, Figure, &str, Measure, &str, &str); 38] = {
    use Figure as F;
    use Group::{Changes, Money, Papers, Time};
    use Measure::{Amount, Count, Days, PerHead, Persons};
    [
        (Changes, F::Joined, "", Count, "新增户", "Households in"),
        (Changes, F::Joined, "", Persons, "新增人", "Persons in"),
        (Changes, F::Joined, "again", Count, "其中再次进入", "of them again"),
        (Changes, F::Left, "", Count, "退出户", "Households out"),
        (Changes, F::Left, "", Persons, "退出人", "Persons out"),
        (Changes, F::Raised, "", Count, "增发户", "Raised"),
        (Changes, F::Raised, "", Amount, "增发月额（元）", "Raised by, yuan a month"),
        (Changes, F::Reduced, "", Count, "减发户", "Reduced"),
        (Changes, F::Reduced, "", Amount, "减发月额（元）", "Reduced by, yuan a month"),
        (Changes, F::PhasedOut, "", Count, "渐退户", "Phase-outs begun"),
        (Money, F::Entitled, "", Amount, "应发（元）", "Decided, yuan"),
        (Money, F::Listed, "", Count, "名册户次", "Listed, times"),
        (Money, F::Listed, "", Persons, "名册人次", "Persons listed, times"),
        (Money, F::Listed, "", Amount, "名册（元）", "Listed, yuan"),
        (Money, F::Listed, "", PerHead, "人均补助（元）", "Listed, yuan a head"),
        (Money, F::Paid, "", Count, "实发户次", "Paid, times"),
        (Money, F::Paid, "", Amount, "实发（元）", "Paid, yuan"),
        (Money, F::PaidSoFar, "", Amount, "本年累计实发（元）", "Paid this year, yuan"),
        (Money, F::ListedSoFar, "", PerHead, "本年累计人均（元）", "This year, yuan a head"),
        (Papers, F::Files, "", Count, "应有材料的户", "Files"),
        (Papers, F::Files, "complete", Count, "齐全户", "Complete"),
        (Papers, F::Files, "incomplete", Count, "缺件户", "Incomplete"),
        (Papers, F::Lacking, "", Count, "缺件", "Missing papers"),
        (Papers, F::Lacking, "community", Count, "居委会欠", "Owed by communities"),
        (Papers, F::Lacking, "street", Count, "街道欠", "Owed by streets"),
        (Papers, F::Lacking, "bureau", Count, "民政局欠", "Owed by the bureau"),
        (Time, F::Reviews, "", Count, "复审办结", "Reviews done"),
        (Time, F::Reviews, "in_time", Count, "按时复审", "in time"),
        (Time, F::Reviews, "late", Count, "逾期复审", "late"),
        (Time, F::ReviewsOverdue, "", Count, "复审现已逾期", "Reviews overdue now"),
        (Time, F::Steps, "", Count, "限期步骤", "Steps with a last day"),
        (Time, F::Steps, "in_time", Count, "按时步骤", "in time"),
        (Time, F::Steps, "late", Count, "逾期步骤", "late"),
        (Time, F::StepsOverdue, "", Count, "步骤现已逾期", "Steps overdue now"),
        (Time, F::Cases, "", Count, "办结", "Cases ended"),
        (Time, F::Cases, "", Days, "办结用时中位（工作日）", "Median working days"),
        (Time, F::Cases, "application", Count, "其中申请", "of them applications"),
        (Time, F::Cases, "application", Days, "申请用时中位（工作日）", "their median"),
    ]
};

/// The lines of the statistics in their order, with a line for each category of the
/// rules and each cause of hardship that can be stated, a choice of that field.
#[must_use]
pub fn lines(categories: &[Category], causes: Option<&Field>) -> Vec<Line> {
    let line = |(group, figure, about, measure, zh, en): (_, _, &str, _, &str, &str)| Line {
        group,
        figure,
        about: about.to_owned(),
        measure,
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    let of_all = |about: &str, measure, zh: &str, en: &str| {
        line((Group::Households, Figure::Receiving, about, measure, zh, en))
    };
    let mut all = vec![
        of_all("", Measure::Count, "在保户", "Households"),
        of_all("", Measure::Persons, "在保人", "Persons"),
        of_all("", Measure::Amount, "月保障金（元）", "Yuan a month"),
    ];
    for Category { code, .. } in categories {
        let (zh, en) = (format!("{code}类户"), format!("{code} households"));
        all.push(of_all(code, Measure::Count, &zh, &en));
        let (zh, en) = (format!("{code}类人"), format!("{code} persons"));
        all.push(of_all(code, Measure::Persons, &zh, &en));
    }
    for kind in Kind::ALL {
        let of_kind =
            |measure, zh, en| line((Group::People, Figure::People, kind.code(), measure, zh, en));
        all.push(of_kind(Measure::Count, kind.zh(), kind.en()));
        if kind == Kind::NonFarming {
            all.push(of_kind(Measure::Share, "非农业占比", "Share not farming"));
        }
    }
    let cause = |about: &str, zh: &str, en: &str| {
        line((Group::Causes, Figure::Causes, about, Measure::Count, zh, en))
    };
    let stated = causes
        .into_iter()
        .flat_map(|field| field.choices.iter().map(|one| (one, field.english(one).unwrap_or(one))));
    all.extend(stated.map(|(zh, en)| cause(zh, zh, en)));
    all.push(cause("unknown", "未记载", "Not stated"));
    all.extend(LINES.into_iter().map(line));
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::field::Of;
    use crate::model::rules::Rules;

    #[test]
    fn no_line_says_what_another_says() {
        let rules = Rules::national().unwrap();
        let all = lines(&rules.categories, rules.field(Of::Household, "cause").ok());
        let illness = all.iter().find(|line| line.zh == "疾病").unwrap();
        assert_eq!((illness.about.as_str(), illness.en.as_str()), ("疾病", "Illness"));
        for (at, line) in all.iter().enumerate() {
            let same = |one: &Line| {
                (one.figure, &one.about, one.measure) == (line.figure, &line.about, line.measure)
            };
            assert!(!all[..at].iter().any(same), "{line:?}");
        }
    }
}
