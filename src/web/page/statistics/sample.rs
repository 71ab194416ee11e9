//! Samples of the statistics.

use super::{
    Bar, Cell, Chart, Counted, Month, Narrowing, Row, Shown, StatisticsList, StatisticsPage,
    StatisticsPrint, Table, WhyLeft, bars,
};
use crate::model::field::{Field, FieldKind, Of};
use crate::model::procedure::Category;
use crate::model::statistics::{Group, Line, Measure, lines};
use crate::web::page::frame::Frame;

fn cell(value: &str) -> Cell {
    Cell {
        value: value.to_owned(),
        href: "/statistics/receiving?organisation=990102003&period=2026-11".to_owned(),
    }
}

fn row(name: &str, values: &[&str]) -> Row {
    Row {
        name: name.to_owned(),
        href: "/statistics?organisation=990102003000&period=2026-11".to_owned(),
        cells: values.iter().map(|value| cell(value)).collect(),
    }
}

/// Every table there is, with what a line of it would say.
fn tables() -> Vec<Table> {
    let category = |code: &str| Category {
        code: code.to_owned(),
        name: String::new(),
        name_en: String::new(),
        months: 12,
    };
    let causes = ["疾病", "残疾", "缺劳动力", "失业", "就学", "灾害", "其他"];
    let causes = Field {
        code: "cause".to_owned(),
        of: Of::Household,
        name: "致贫原因".to_owned(),
        name_en: "Cause of hardship".to_owned(),
        kind: FieldKind::Choice,
        choices: causes.map(str::to_owned).to_vec(),
        choices_en: Vec::new(),
        hint: String::new(),
        each: String::new(),
    };
    let all = lines(&["A", "B", "C"].map(category), Some(&causes));
    let table = |(id, group): (&'static str, Group)| {
        let lines: Vec<&Line> = all.iter().filter(|line| line.group == group).collect();
        let value = |(at, line): (usize, &&Line)| match line.measure {
            Measure::Amount => format!("{},456.50", 123 + at),
            Measure::PerHead => format!("{}.50", 561 + at),
            Measure::Share => "12.5%".to_owned(),
            Measure::Count | Measure::Persons | Measure::Days => (131 - 7 * at).to_string(),
        };
        let values: Vec<String> = lines.iter().enumerate().map(value).collect();
        let told: Vec<&str> = values.iter().map(String::as_str).collect();
        Table {
            id,
            title: group.zh().to_owned(),
            heads: lines.iter().map(|line| line.zh.clone()).collect(),
            rows: vec![row("柳桥街道", &told), row("北关街道", &told)],
            sum: Row { href: String::new(), ..row("", &told) },
            before: match lines.iter().any(|line| line.figure.is_compared()) {
                true => values.clone(),
                false => Vec::new(),
            },
        }
    };
    let ids = ["households", "people", "causes", "changes", "money", "papers", "time"];
    ids.into_iter().zip(Group::ALL).map(table).collect()
}

fn months() -> Vec<Month> {
    (1..=11)
        .map(|month| Month {
            month: format!("2026-{month:02}"),
            href: format!("/statistics?period=2026-{month:02}"),
            values: [
                (120 + month).to_string(),
                format!("{}3,456.50", 10 + month),
                format!("{}3,456.50", 9 + month),
            ],
        })
        .collect()
}

fn charts() -> Vec<Chart> {
    let chart = |title: &str, value: fn(i64) -> i64, unit: &str| {
        let bar = |month: i64| (month.to_string(), value(month), format!("{}{unit}", value(month)));
        Chart { title: title.to_owned(), bars: bars((1..=11).map(bar).collect()) }
    };
    vec![
        chart("在保户数", |month| 120 + month, ""),
        chart("应发（元）", |month| 10 + month, "万"),
        chart("实发（元）", |month| 9 + month, "万"),
    ]
}

fn shown() -> Shown {
    Shown {
        period: "2026-11".to_owned(),
        end: "2026-11".to_owned(),
        before: "2026-10".to_owned(),
        place: "青石县民政局".to_owned(),
        tables: tables(),
        reasons: vec![WhyLeft {
            reason: "家庭收入超过标准".to_owned(),
            households: cell("3"),
            persons: "6".to_owned(),
        }],
        standards: vec![
            ("青石县民政局".to_owned(), "1,085.00".to_owned()),
            ("南门街道办事处".to_owned(), "1,120.00".to_owned()),
        ],
        months: months(),
        charts: charts(),
        receiving: (262, 486),
        moved: (10, 8),
    }
}

pub(super) fn examples() -> Vec<StatisticsPage> {
    let page =
        |frame, shown| StatisticsPage { frame, wrong: None, asked: Narrowing::default(), shown };
    let empty = Shown {
        period: "2026-11".to_owned(),
        before: "2026-10".to_owned(),
        place: "柳桥街道".to_owned(),
        ..Shown::default()
    };
    let bar = Bar { label: "12".to_owned(), value: "123,456,789,012.34".to_owned(), height: 96 };
    let long = Shown {
        place: "青石县柳桥街道槐荫里第一社区居民委员会".to_owned(),
        reasons: vec![WhyLeft {
            reason: "家庭收入超过标准<b>".repeat(20),
            households: cell("1000000"),
            persons: "3000000".to_owned(),
        }],
        charts: vec![Chart { title: "应发（元）".to_owned(), bars: vec![bar; 12] }],
        receiving: (1_000_000, 3_000_000),
        ..shown()
    };
    vec![
        page(Frame::sample(), shown()),
        StatisticsPage {
            wrong: Some("统计期写成2026-12、2026-Q4或2026。".to_owned()),
            ..page(Frame::sample(), empty)
        },
        page(Frame::extreme(), long),
    ]
}

pub(super) fn prints() -> Vec<StatisticsPrint> {
    vec![StatisticsPrint {
        frame: Frame::sample(),
        asked: Narrowing::default(),
        shown: shown(),
        printed: "2026-11-28 09:30".to_owned(),
    }]
}

pub(super) fn lists() -> Vec<StatisticsList> {
    let row = Counted {
        household: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        organisation: "槐荫里社区".to_owned(),
        about: "B类，收入不稳定".to_owned(),
        persons: "2".to_owned(),
        amount: "1,120.00".to_owned(),
        day: "2026-11".to_owned(),
        due: String::new(),
        days: String::new(),
        words: String::new(),
    };
    let late = Counted {
        about: "逾期".to_owned(),
        persons: String::new(),
        amount: String::new(),
        day: "2026-11-20".to_owned(),
        due: "2026-11-17".to_owned(),
        days: "23".to_owned(),
        words: "申请：信息核对".repeat(20),
        ..row.clone()
    };
    let page = |frame, rows| StatisticsList {
        frame,
        back: "/statistics?period=2026-11".to_owned(),
        name: "期末在保".to_owned(),
        period: "2026-11".to_owned(),
        place: "柳桥街道".to_owned(),
        about: String::new(),
        of_today: false,
        count: 131,
        persons: 243,
        amount: "123,456.50".to_owned(),
        rows,
        more: Some("/statistics/receiving?period=2026-11&from=50".to_owned()),
    };
    vec![
        page(Frame::sample(), vec![row]),
        StatisticsList {
            count: 0,
            persons: 0,
            amount: String::new(),
            of_today: true,
            more: None,
            ..page(Frame::sample(), Vec::new())
        },
        page(Frame::extreme(), vec![late]),
    ]
}
