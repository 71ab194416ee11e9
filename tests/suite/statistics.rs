//! 统计: what a small district comes to in a period, each figure against the list behind
//! it, by scope, over the edges of periods, by page, API and as a file.

use std::time::Duration;

use jiff::ToSpan;
use serde_json::json;
use yidang::filing;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::completeness;
use yidang::living::payments::{self, GivenFile};
use yidang::living::registers::books;
use yidang::living::standards::{self, Setting};
use yidang::living::statements::{self, Stating};
use yidang::living::statistics::{self, Asked, Listing, Part, Statistics};
use yidang::living::{Lacking, LivingError};
use yidang::model::access::{Actor, Role};
use yidang::model::month::Month;
use yidang::model::standard::{Method, Unit};
use yidang::model::statistics::{Figure, Kind, Line, Measure};
use yidang::search::catalogs::{self, Catalog};
use yidang::sheet::{Cell, Shape};
use yidang::uses;

use crate::files::noise;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};
use crate::living::{
    NO, applied, beginning, comes_back, days, fact, file, json_of, opened, state, taking, today,
};
use crate::pages::Browser;

const COUNTY: &str = "990102000000";
const STREET: &str = "990102003000";
const OTHER_STREET: &str = "990102002000";

async fn take(archive: &Archive, by: &Actor, no: &str, what: Taking) {
    let step = what.step.clone();
    let taken = cases::take(&archive.app, by, &household(no), what).await;
    taken.unwrap_or_else(|error| panic!("{no} {step}: {error}"));
}

fn visited(taking: Taking) -> Taking {
    Taking { people: vec!["赵玉梅".into(), "李建国".into()], ..taking }
}

fn saying(words: &str, taking: Taking) -> Taking {
    Taking { words: words.into(), ..taking }
}

/// Three households that are paid from December on: two in a street (one of them after an
/// application), one in the other. It is the 30th of November then.
async fn district(archive: &Archive) {
    opened(archive).await;
    for (no, amount, category) in [(ZHOU, "560.50", "B"), (CHEN, "560.55", "A")] {
        let giving =
            Giving { amount: amount.into(), category: category.into(), ..Giving::default() };
        let carry = Taking { benefit: Some(giving), ..beginning("carried_over", "carry") };
        take(archive, &archive.bureau(), no, carry).await;
    }
    applied(archive).await;
}

async fn asked(archive: &Archive, by: &Actor, organisation: &str, period: &str) -> Statistics {
    let asked = Asked { organisation: organisation.into(), period: period.into(), own: false };
    statistics::statistics(&archive.app, by, &asked).await.unwrap()
}

/// The value of a line, of all.
fn value(found: &Statistics, figure: Figure, about: &str, measure: Measure) -> i64 {
    let at = found
        .lines
        .iter()
        .position(|line| line.figure == figure && line.about == about && line.measure == measure);
    found.sum[at.unwrap()]
}

fn count(found: &Statistics, figure: Figure, about: &str) -> i64 {
    value(found, figure, about, Measure::Count)
}

async fn part(archive: &Archive, by: &Actor, listing: &Listing, limit: u32) -> Part {
    statistics::list(&archive.app, by, listing, limit).await.unwrap()
}

/// One over the other, as an office rounds it.
fn half_up((over, under): (i64, i64)) -> i64 {
    let exact = over as f64 / under.max(1) as f64;
    (exact + 0.5).floor() as i64
}

/// Holds every value of every place, and of their sum, against the list behind it, which is
/// gone through in small parts.
async fn each_is_its_list(archive: &Archive, by: &Actor, organisation: &str, period: &str) {
    let found = asked(archive, by, organisation, period).await;
    let whole = (found.organisation.as_str(), false, &found.sum);
    let places = found.places.iter().map(|one| (one.organisation.as_str(), one.own, &one.values));
    for (start, own, values) in places.chain([whole]) {
        for (line, value) in found.lines.iter().zip(values) {
            // Nothing leads to a list of nothing; of all, it is nothing as well.
            if *value == 0 && (own || start != found.organisation) {
                continue;
            }
            let mut listing = Listing {
                asked: Asked { organisation: start.into(), period: period.into(), own },
                figure: line.figure,
                about: line.about.clone(),
                from: 0,
            };
            let mut rows = Vec::new();
            let said = loop {
                let part = part(archive, by, &listing, 2).await;
                rows.extend(part.rows.clone());
                match part.next {
                    Some(next) => listing.from = next,
                    None => break part,
                }
            };
            let told = format!("{period} {start} {own} {line:?}");
            assert_eq!(said.count, rows.len() as i64, "{told}");
            assert!(rows.iter().all(|row| line.about.is_empty() || row.about == line.about));
            let of_rows = match line.measure {
                Measure::Count => rows.len() as i64,
                Measure::Persons => rows.iter().map(|row| row.persons).sum(),
                Measure::Amount => rows.iter().map(|row| row.amount).sum(),
                Measure::Days => said.days,
                Measure::PerHead => {
                    let all = rows.iter().fold((0, 0), |(amount, persons), row| {
                        (amount + row.amount, persons + row.persons)
                    });
                    half_up(all)
                }
                Measure::Share => {
                    let members = |one: &Line| one.about == "member";
                    let at = found.lines.iter().position(members).unwrap();
                    half_up((rows.len() as i64 * 1000, values[at]))
                }
            };
            assert_eq!(*value, of_rows, "{told}");
        }
    }
    // The places add up, but for medians and what is divided.
    for (at, line) in found.lines.iter().enumerate() {
        if matches!(line.measure, Measure::Count | Measure::Persons | Measure::Amount) {
            let sum: i64 = found.places.iter().map(|place| place.values[at]).sum();
            assert_eq!(sum, found.sum[at], "{period} {line:?}");
        }
    }
}

/// Who was there before, and who came, less who went, are those who are there.
async fn adds_up(archive: &Archive, by: &Actor, period: &str) {
    let found = asked(archive, by, "", period).await;
    let before = asked(archive, by, "", &found.before).await;
    for measure in [Measure::Count, Measure::Persons] {
        let of = |found: &Statistics, figure| value(found, figure, "", measure);
        let moved = of(&found, Figure::Joined) - of(&found, Figure::Left);
        let (then, now) = (of(&before, Figure::Receiving), of(&found, Figure::Receiving));
        // A raise may cover others than before; here none does.
        assert_eq!(then + moved, now, "{period} {measure:?}");
    }
}

#[tokio::test]
async fn a_small_district_comes_to_what_its_lists_have() {
    for_all(async |archive| {
        district(archive).await;
        let (app, clerk, bureau) = (archive.app.clone(), archive.clerk(), archive.bureau());
        let december = Month::of(today(archive)).next();
        assert_eq!(december.to_string(), "2026-12");
        payments::list(&app, &bureau, &COUNTY.parse().unwrap(), december).await.unwrap();
        let text = format!(
            "户号,金额,结果,原因\n{NO},1120.00,成功,\n{ZHOU},560.50,成功,\n{CHEN},560.55,失败,账号不符\n"
        );
        let bytes = bytes::Bytes::from(text);
        let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
        payments::take_return(&app, &bureau, december, given, &|_, _| {}).await.unwrap();

        // Nobody receives anything in November; everybody from December on.
        let november = asked(archive, &bureau, "", "2026-11").await;
        assert_eq!(count(&november, Figure::Receiving, ""), 0);
        let found = asked(archive, &bureau, "", "2026-12").await;
        let of = |figure, about, measure| value(&found, figure, about, measure);
        assert_eq!(count(&found, Figure::Receiving, ""), 3);
        assert_eq!(
            (count(&found, Figure::Receiving, "A"), count(&found, Figure::Receiving, "B")),
            (1, 2)
        );
        assert_eq!(count(&found, Figure::Joined, ""), 3);
        assert_eq!(count(&found, Figure::Joined, "again"), 0);
        assert_eq!(of(Figure::Entitled, "", Measure::Amount), 56_050 + 56_055 + 112_000);
        assert_eq!(of(Figure::Listed, "", Measure::Amount), 56_050 + 56_055 + 112_000);
        assert_eq!(of(Figure::Paid, "", Measure::Amount), 56_050 + 112_000);
        let (each, persons) = ((56_050 + 56_055 + 112_000) as f64 / 5.0, Measure::Persons);
        assert_eq!(of(Figure::Listed, "", persons), 5);
        assert_eq!(of(Figure::Listed, "", Measure::PerHead), each.round() as i64);
        let so_far = |found: &Statistics| value(found, Figure::PaidSoFar, "", Measure::Amount);
        assert_eq!((so_far(&found), so_far(&november)), (56_050 + 112_000, 0));
        assert_eq!(found.standards, []);
        assert_eq!(found.places.len(), 2, "two streets");
        assert_eq!(found.places[0].name, "南门街道办事处");
        assert_eq!(found.months.len(), 11, "up to this month");

        // The application took five working days, every step of it in time.
        let counts = |about| count(&november, Figure::Steps, about);
        assert_eq!((counts(""), counts("in_time"), counts("late")), (4, 4, 0));
        assert_eq!(value(&november, Figure::Cases, "application", Measure::Days), 5);
        assert_eq!(count(&november, Figure::Cases, ""), 3);

        let every = completeness::Asked::default();
        let missing: Vec<Lacking> =
            completeness::lacking(&app, &bureau, &every, 1000).await.unwrap();
        assert_eq!(count(&found, Figure::Lacking, ""), missing.len() as i64);
        assert_eq!(count(&found, Figure::Files, "incomplete"), 3);
        let at = found.lines.iter().position(|line| line.figure == Figure::Lacking).unwrap();
        assert_eq!(found.previous[at], Some(missing.len() as i64), "nothing came since");

        for period in ["2026-11", "2026-12", "2026-Q4", "2026", "2027-01"] {
            adds_up(archive, &bureau, period).await;
        }
        each_is_its_list(archive, &bureau, "", "2026-11").await;
        each_is_its_list(archive, &bureau, "", "2026").await;
        each_is_its_list(archive, &bureau, STREET, "2026-12").await;
        each_is_its_list(archive, &clerk, "", "2026-12").await;

        // Another street sees its own and no more, whatever it asks for.
        let other = archive.other_clerk();
        let theirs = asked(archive, &other, "", "2026-12").await;
        assert_eq!(count(&theirs, Figure::Receiving, ""), 1);
        assert_eq!(value(&theirs, Figure::Paid, "", Measure::Amount), 0);
        let foreign = asked(archive, &other, STREET, "2026-12").await;
        assert!(foreign.places.is_empty() && foreign.sum.iter().all(|value| *value == 0));
        assert!(foreign.months.iter().all(|month| month.households == 0));
        let listing = Listing {
            asked: Asked { organisation: STREET.into(), period: "2026-12".into(), own: false },
            figure: Figure::Receiving,
            about: String::new(),
            from: 0,
        };
        assert_eq!(part(archive, &other, &listing, 10).await.count, 0);
        assert_eq!(part(archive, &clerk, &listing, 10).await.count, 2);
        comes_back(archive).await;
        assert_eq!(asked(archive, &bureau, "", "2026-12").await, found);
    })
    .await;
}

#[tokio::test]
async fn what_comes_late_and_who_goes_is_told_in_its_period() {
    for_all(async |archive| {
        district(archive).await;
        let (clerk, bureau) = (archive.clerk(), archive.bureau());
        days(archive, 190);
        assert_eq!(today(archive).to_string(), "2027-06-08");
        // Two were to be reviewed half a year after they were granted, one after a year.
        assert_eq!(count(&asked(archive, &clerk, "", "").await, Figure::ReviewsOverdue, ""), 2);
        take(archive, &clerk, NO, visited(beginning("review", "visit"))).await;
        take(archive, &clerk, NO, saying("无变化", taking("opinion"))).await;
        take(archive, &bureau, NO, taking("keep")).await;
        let june = asked(archive, &clerk, "", "2027-06").await;
        let reviews = |about| count(&june, Figure::Reviews, about);
        assert_eq!((reviews(""), reviews("in_time"), reviews("late")), (1, 0, 1));
        assert_eq!(count(&june, Figure::ReviewsOverdue, ""), 1);

        // One is stopped from July on, and applies again.
        take(archive, &clerk, ZHOU, saying("周文就业", beginning("change", "report"))).await;
        take(archive, &clerk, ZHOU, taking("verify")).await;
        take(archive, &bureau, ZHOU, saying("收入超过标准", taking("stop"))).await;
        assert_eq!(count(&asked(archive, &clerk, "", "2027-06").await, Figure::Left, ""), 0);
        days(archive, 30);
        let july = asked(archive, &bureau, "", "2027-07").await;
        assert_eq!((count(&july, Figure::Left, ""), count(&july, Figure::Receiving, "")), (1, 2));
        assert_eq!(july.reasons.len(), 1);
        assert_eq!((july.reasons[0].reason.as_str(), july.reasons[0].count), ("收入超过标准", 1));
        let listing = Listing {
            asked: Asked { organisation: String::new(), period: "2027-Q3".into(), own: false },
            figure: Figure::Left,
            about: july.reasons[0].reason.clone(),
            from: 0,
        };
        let left = part(archive, &bureau, &listing, 10).await;
        assert_eq!((left.count, left.rows[0].household.as_str()), (1, ZHOU));
        assert_eq!(left.rows[0].amount, 56_050, "what was paid before");
        let year = asked(archive, &bureau, "", "2027").await;
        assert_eq!((year.end.as_str(), year.before.as_str()), ("2027-07", "2026"));
        let months = (56_055 + 112_000) * 7 + 56_050 * 6;
        assert_eq!(value(&year, Figure::Entitled, "", Measure::Amount), months);
        assert_eq!(year.months.iter().map(|month| month.entitled).sum::<i64>(), months);

        take(archive, &clerk, ZHOU, beginning("application", "apply")).await;
        take(archive, &clerk, ZHOU, taking("accept")).await;
        days(archive, 10);
        let overdue = asked(archive, &bureau, "", "").await;
        assert_eq!(count(&overdue, Figure::StepsOverdue, ""), 1);
        take(archive, &bureau, ZHOU, taking("check")).await;
        let late = asked(archive, &bureau, "", "2027-07").await;
        assert_eq!(count(&late, Figure::Steps, "late"), 1);
        take(archive, &clerk, ZHOU, visited(taking("visit"))).await;
        take(archive, &clerk, ZHOU, taking("opinion")).await;
        crate::living::put_up(archive, ZHOU).await;
        days(archive, 7);
        let giving = Giving { amount: "300".into(), category: "C".into(), ..Giving::default() };
        let confirm = Taking { benefit: Some(giving), ..taking("confirm") };
        take(archive, &bureau, ZHOU, confirm).await;
        let from = Month::of(today(archive)).next().to_string();
        let again = asked(archive, &bureau, "", &from).await;
        assert_eq!(count(&again, Figure::Joined, "again"), 1);
        for period in ["2027-06", "2027-07", "2027-Q3", "2027", &from] {
            adds_up(archive, &bureau, period).await;
        }
        each_is_its_list(archive, &bureau, "", "2027-06").await;
        each_is_its_list(archive, &bureau, "", "2027-Q3").await;
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn files_are_as_complete_as_they_were_at_the_end_of_the_period() {
    for_all(async |archive| {
        district(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let every = completeness::Asked::default();
        let lacking = completeness::lacking(app, &bureau, &every, 1000).await.unwrap();
        let of = async |period: &str| {
            let found = asked(archive, &bureau, "", period).await;
            let files = ["", "complete", "incomplete"].map(|one| count(&found, Figure::Files, one));
            (files, count(&found, Figure::Lacking, ""))
        };
        let missing = lacking.len() as i64;
        // The steps were taken in November, as was the day of the last of them.
        assert_eq!(of("2026-10").await, ([0; 3], 0), "nothing was owed yet");
        assert_eq!(of("2026-11").await, ([3, 0, 3], missing));

        // All that one household owes comes in December, a minute after November is past in
        // China; it is still November by the clock of the world.
        archive.hands.advance(Duration::from_secs((16 * 60 + 1) * 60));
        assert_eq!(today(archive).to_string(), "2026-12-01");
        let owed: Vec<&Lacking> = lacking.iter().filter(|one| one.household == NO).collect();
        let mut last = None;
        for one in &owed {
            last = Some(file(archive, &one.type_code).await);
        }
        let came = owed.len() as i64;
        assert_eq!(of("2026-11").await, ([3, 0, 3], missing));
        assert_eq!(of("2026-12").await, ([3, 1, 2], missing - came));
        let december = asked(archive, &bureau, "", "2026-12").await;
        let at = december.lines.iter().position(|line| line.figure == Figure::Lacking).unwrap();
        assert_eq!(december.previous[at], Some(missing));
        days(archive, 40);
        assert_eq!(of("2026-12").await, ([3, 1, 2], missing - came));

        // What is not good enough was not there in December either.
        completeness::send_back(app, &bureau, last.unwrap(), "看不清").await.unwrap();
        assert_eq!(of("2026-12").await, ([3, 0, 3], missing - came + 1));
        for period in ["2026-11", "2026-12", "2026-Q4", "2027-01"] {
            each_is_its_list(archive, &bureau, "", period).await;
        }
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn persons_and_causes_are_counted_as_they_stood_at_the_end_of_the_period() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let giving = Giving { amount: "560.50".into(), category: "B".into(), ..Giving::default() };
        let carry = Taking { benefit: Some(giving), ..beginning("carried_over", "carry") };
        take(archive, &bureau, NO, carry).await;
        // Of others nothing is counted: they receive nothing.
        let stating = Stating { facts: vec![fact(None, "cause", "失业")], ..Stating::default() };
        statements::state(app, &bureau, &household(ZHOU), stating).await.unwrap();
        let people = async |period: &str| {
            let found = asked(archive, &bureau, "", period).await;
            Kind::ALL.map(|kind| count(&found, Figure::People, kind.code()))
        };
        let unknown = [3, 0, 0, 0, 0, 0, 0, 0, 0, 3];
        assert_eq!((people("2026-11").await, people("2026-12").await), ([0; 10], unknown));

        let years = |years: i32| today(archive).checked_sub(years.years()).unwrap();
        let (old, young) = (years(60).to_string(), years(18).tomorrow().unwrap().to_string());
        let facts = vec![
            fact(None, "cause", "疾病"),
            fact(Some(0), "sex", "女"),
            fact(Some(0), "health", "重病"),
            fact(Some(0), "employment", "无劳动能力"),
            fact(Some(0), "registration", "非农业"),
            fact(Some(1), "employment", "无劳动能力"),
            fact(Some(1), "ability", "部分丧失"),
            fact(Some(1), "registration", "农业"),
            fact(Some(1), "sex", "男"),
            fact(Some(1), "birth", &old),
            fact(Some(1), "disability", "肢体二级"),
            fact(Some(2), "sex", "女"),
            fact(Some(2), "birth", &young),
            fact(Some(2), "disability", "无"),
        ];
        state(archive, "2026-05-01", facts).await;
        assert_eq!(people("2026-12").await, [3, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
        let found = asked(archive, &bureau, "", "2026-12").await;
        let share = value(&found, Figure::People, "non_farming", Measure::Share);
        assert_eq!(share, 333, "one of three");
        let causes = |about| count(&found, Figure::Causes, about);
        assert_eq!([causes("疾病"), causes("失业"), causes("unknown")], [1, 0, 0]);
        let listing = Listing {
            asked: Asked { period: "2026-12".into(), ..Asked::default() },
            figure: Figure::People,
            about: Kind::Minor.code().to_owned(),
            from: 0,
        };
        let minors = part(archive, &bureau, &listing, 10).await;
        assert_eq!(
            (minors.rows[0].words.as_str(), minors.rows[0].day.as_str()),
            ("周小满", &*young)
        );
        each_is_its_list(archive, &bureau, "", "2026-12").await;

        // The standard of the nearest organisation above, and those of streets among them.
        for (organisation, from, amount) in [
            (COUNTY, "2026-01", "1085"),
            (STREET, "2026-12", "990.50"),
            (COUNTY, "2027-01", "1100"),
        ] {
            let setting = Setting {
                organisation: organisation.parse().unwrap(),
                from: from.parse().unwrap(),
                amount: amount.into(),
                method: Method::default(),
                tiers: String::new(),
                unit: Unit::default(),
                words: String::new(),
            };
            standards::set(app, &bureau, setting).await.unwrap();
        }
        let holds = async |organisation: &str, period: &str| {
            let found = asked(archive, &bureau, organisation, period).await.standards;
            found.into_iter().map(|one| one.amount).collect::<Vec<_>>()
        };
        assert_eq!(holds("", "2026-11").await, [108_500]);
        assert_eq!(holds("", "2026-12").await, [108_500, 99_050]);
        assert_eq!(holds(STREET, "2026-12").await, [99_050]);
        assert_eq!(holds("990102002", "2027-01").await, [110_000]);

        // Eighteen years old the next day; and who leaves is not counted any more.
        days(archive, 1);
        assert_eq!(people("2026-12").await, [3, 2, 1, 0, 1, 1, 1, 1, 1, 1]);
        let day = today(archive).to_string();
        state(archive, &day, vec![fact(Some(2), "left", "婚嫁")]).await;
        assert_eq!(people("2026-12").await, [2, 1, 1, 0, 1, 1, 1, 1, 1, 1]);

        // What changes later leaves the past as it was, and what is taken back changes it.
        days(archive, 50);
        let december = people("2026-12").await;
        let facts = vec![
            fact(None, "cause", "残疾"),
            fact(Some(0), "health", "健康"),
            fact(Some(1), "left", "死亡"),
            fact(Some(3), "name", "周小禾"),
            fact(Some(3), "sex", "女"),
            fact(Some(3), "birth", "2026-12-15"),
        ];
        let wrong = state(archive, "2027-01-05", facts.clone()).await;
        assert_eq!(december, [2, 1, 1, 0, 1, 1, 1, 1, 1, 1]);
        assert_eq!(people("2026-12").await, december);
        assert_eq!(people("2027-01").await, [2, 2, 0, 1, 0, 0, 0, 1, 1, 1]);
        let causes = async |period: &str| {
            let found = asked(archive, &bureau, "", period).await;
            ["疾病", "残疾", "unknown"].map(|about| count(&found, Figure::Causes, about))
        };
        assert_eq!((causes("2026-12").await, causes("2027-01").await), ([1, 0, 0], [0, 1, 0]));
        let roster = async |period: &str| {
            let asked = books::Asked { period: period.into(), ..books::Asked::default() };
            let found = books::table(app, &bureau, "roster", &asked, 10).await.unwrap();
            let name = |row: &Vec<Cell>| row[3].to_string();
            let names: Vec<String> = found.sheet.rows.iter().map(name).collect();
            (names, found.sheet.rows[0][8].to_string(), found.sheet.rows[0][18].to_string())
        };
        let named = |names: [&str; 2], cause: &str| {
            (names.map(str::to_owned).to_vec(), "2".to_owned(), cause.to_owned())
        };
        assert_eq!(roster("2026-12").await, named(["林秀芳", "周文"], "疾病"));
        assert_eq!(roster("2027-01").await, named(["林秀芳", "周小禾"], "残疾"));
        for period in ["2026-12", "2027-01"] {
            each_is_its_list(archive, &bureau, "", period).await;
        }
        let since = Some("2026-12-20".parse().unwrap());
        let righted = Stating { from: since, facts, instead_of: Some(wrong), ..Stating::default() };
        statements::state(app, &bureau, &household(NO), righted).await.unwrap();
        assert_eq!(people("2026-12").await, [2, 2, 0, 1, 0, 0, 0, 1, 1, 1]);
        assert_eq!(
            (people("2027-01").await, causes("2026-12").await),
            ([2, 2, 0, 1, 0, 0, 0, 1, 1, 1], [0, 1, 0])
        );
        comes_back(archive).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let clerk = archive.clerk();
    for (organisation, period) in
        [("", "2026-13"), ("", "2026-Q5"), ("", "next"), ("x", ""), ("1234567890123", "")]
    {
        let asked = Asked { organisation: organisation.into(), period: period.into(), own: false };
        let refused = statistics::statistics(&archive.app, &clerk, &asked).await;
        assert!(matches!(refused, Err(LivingError::Asked(_))), "{organisation} {period}");
    }
    for (about, from) in
        [(String::new(), -1), ("长".repeat(501), 0), (String::new(), i64::MAX), ("\u{0}".into(), 0)]
    {
        let listing = Listing { asked: Asked::default(), figure: Figure::Left, about, from };
        let refused = statistics::list(&archive.app, &clerk, &listing, 10).await;
        assert!(matches!(refused, Err(LivingError::Asked(_))), "{from}");
    }
    // An empty archive comes to nothing.
    let none = asked(&archive, &clerk, "", "").await;
    assert!(none.sum.iter().all(|value| *value == 0) && none.places.is_empty());
}

#[tokio::test]
async fn a_clerk_opens_every_figure_on_the_pages() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    district(&archive).await;
    let app = &archive.app;
    let mut bureau = Browser::of(app.clone(), "何国平", COUNTY, &[Role::Clerk]).await;
    let mut other = Browser::of(app.clone(), "钱文斌", OTHER_STREET, &[Role::Clerk]).await;
    let page = bureau.get("/statistics?period=2026-12").await.text();
    assert!(page.contains("2026-12：青石县民政局在保3户"), "{page}");
    for word in ["低保对象分类统计", "动态管理统计", "低保资金统计", "柳桥街道办事处", "上期"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    // Every list that the page leads to has something.
    let links: Vec<String> = page
        .split("href=\"/statistics/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| !link.starts_with("print"))
        .map(|link| format!("/statistics/{}", link.replace("&amp;", "&").replace("&#38;", "&")))
        .collect();
    assert!(links.len() > 20, "{links:?}");
    for link in &links {
        let list = bureau.get(link).await;
        assert_eq!(list.status, 200, "{link}");
        assert!(list.text().contains("href=\"/household/"), "{link}");
    }
    let link = "/statistics/receiving?organisation=990102003000&period=2026-12";
    let list = bureau.get(link).await.text();
    assert_eq!(list.matches("<a class=\"b\" href=\"/household/").count(), 2, "{list}");
    assert!(list.contains("周桂兰") && list.contains("林秀芳") && !list.contains("陈志强"));
    let theirs = other.get(link).await.text();
    assert!(theirs.contains("没有一户") && !theirs.contains("周桂兰"), "{theirs}");
    let print = bureau.get("/statistics/print?period=2026-12").await;
    assert!(print.text().contains("城乡最低生活保障统计 2026-12"), "{}", print.text());
    assert_eq!(bureau.get("/statistics/nothing").await.status, 404);
    let wrong = bureau.get("/statistics?period=2026-13").await;
    assert!(wrong.text().contains("role=\"alert\""), "{}", wrong.text());
    let register = bureau.get("/registers/statistics?period=2026-12").await.text();
    assert!(register.contains("合计") && register.contains("2,241.05"), "{register}");
    assert!(bureau.get("/registers").await.text().contains("href=\"/statistics\""));

    let asked = books::Asked { period: "2026-12".into(), ..books::Asked::default() };
    let how = (Shape::Csv, Some("审计".parse().unwrap()));
    let file = books::export(app, &archive.bureau(), "statistics", &asked, how).await.unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains("应发（元）") && text.contains("2241.05"), "{text}");
}

#[tokio::test]
async fn households_directly_of_a_street_are_listed_alone() {
    const DIRECT: &str = "99010200300000001";
    for_all(async |archive| {
        opened(archive).await;
        let (app, bureau) = (&archive.app, archive.bureau());
        let new = filing::NewHousehold {
            head: "何桂珍".into(),
            id_number: String::new(),
            address: "柳桥街1号".into(),
            members: Vec::new(),
        };
        filing::open_household(app, &bureau, &household(DIRECT), new).await.unwrap();
        for (no, amount) in [(NO, "560.50"), (DIRECT, "300")] {
            let giving =
                Giving { amount: amount.into(), category: "B".into(), ..Giving::default() };
            let carry = Taking { benefit: Some(giving), ..beginning("carried_over", "carry") };
            take(archive, &bureau, no, carry).await;
        }
        for (by, organisation) in [(&archive.clerk(), ""), (&bureau, STREET), (&bureau, "")] {
            each_is_its_list(archive, by, organisation, "2026-12").await;
        }
        let found = asked(archive, &bureau, STREET, "2026-12").await;
        let own: Vec<_> = found.places.iter().filter(|one| one.own).collect();
        assert_eq!(own.len(), 1, "{:?}", found.places);
        assert_eq!(own[0].organisation, STREET);
        assert_eq!(found.places.len(), 2, "the community of the other one too");

        // The figure of the row leads to that household, not to all of the street.
        let mut clerk = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
        let page = clerk.get("/statistics?period=2026-12").await.text();
        assert!(page.contains("街道办事处本级"), "{page}");
        let plain = page.replace("&amp;", "&").replace("&#38;", "&");
        let mut links = plain.split('"').filter(|one| one.starts_with("/statistics/receiving?"));
        let link = links.find(|one| one.contains("own=yes")).unwrap().to_owned();
        let list = clerk.get(&link).await.text();
        assert!(list.contains("何桂珍") && !list.contains("林秀芳"), "{list}");
        let row =
            plain.split('"').find(|one| one.starts_with("/statistics?") && one.contains("own"));
        let alone = clerk.get(row.unwrap()).await.text();
        assert!(alone.contains("本级在保1户"), "{alone}");
        let missing = clerk.get("/missing").await.text();
        assert!(missing.contains("街道办事处本级"), "{missing}");
        let plain = missing.replace("&amp;", "&").replace("&#38;", "&");
        let link = plain.split('"').find(|one| {
            one.starts_with("/missing?organisation=990102003000&") && one.contains("own=yes")
        });
        let list = clerk.get(link.unwrap()).await.text();
        let (_, rows) = list.split_once("<form").unwrap();
        assert!(rows.contains("何桂珍") && !rows.contains("林秀芳"), "{rows}");
        let half =
            clerk.get("/statistics?organisation=990102003&own=yes&period=2026-12").await.text();
        assert!(half.contains("本级在保1户"), "the beginning of a code stands for it: {half}");
    })
    .await;
}

#[tokio::test]
async fn a_program_asks_for_the_statistics() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    district(&archive).await;
    let mut clerk = Browser::of(archive.app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
    let all = json_of(&clerk.get("/api/v1/statistics?period=2026-Q4").await);
    assert_eq!((&all["period"], &all["before"]), (&json!("2026-Q4"), &json!("2026-Q3")));
    let list = "/api/v1/statistics/entitled?period=2026-12&limit=1";
    let first = json_of(&clerk.get(list).await);
    assert_eq!((&first["count"], &first["amount"]), (&json!(2), &json!(168_050)));
    assert_eq!(first["next"], 1);
    let second = json_of(&clerk.get(&format!("{list}&from=1")).await);
    assert_eq!((&second["next"], &second["rows"][0]["household"]), (&json!(null), &json!(NO)));
    for bad in [
        "/api/v1/statistics?period=2026-13",
        "/api/v1/statistics?year=2026",
        "/api/v1/statistics/nothing",
        "/api/v1/statistics/left?from=-1",
    ] {
        let answer = clerk.get(bad).await;
        assert!(answer.status.is_client_error(), "{bad}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_catalogs_say_what_is_stated_decided_and_paid_and_lead_to_its_proof() {
    for_all(async |archive| {
        district(archive).await;
        let (app, clerk, bureau) = (archive.app.clone(), archive.clerk(), archive.bureau());
        let taken = archive.take(ZHOU, "收入证明.png", &noise(30, 30)).await.unwrap();
        let no = household(ZHOU);
        let said = description("A08", "收入证明", "2026-11-20");
        filing::file(&app, &clerk, taken.document, &no, said).await.unwrap();
        let facts = vec![
            fact(None, "cause", "疾病"),
            fact(None, "income", "349.50"),
            fact(Some(0), "health", "重病"),
            fact(Some(0), "disability", "肢体二级"),
        ];
        let stating = Stating { facts, proof: Some(taken.document), ..Stating::default() };
        statements::state(&app, &clerk, &no, stating).await.unwrap();
        let december = Month::of(today(archive)).next();
        payments::list(&app, &bureau, &COUNTY.parse().unwrap(), december).await.unwrap();
        let text = format!("户号,金额,结果,原因\n{ZHOU},560.50,成功,\n");
        let bytes = bytes::Bytes::from(text);
        let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
        payments::take_return(&app, &bureau, december, given, &|_, _| {}).await.unwrap();

        let all = catalogs::Asked::default();
        let list = async |by: &Actor, catalog| {
            catalogs::list(&app, by, catalog, &all, "", 10).await.unwrap().rows
        };
        let value = |catalog: Catalog, row: &catalogs::Row, name: &str| {
            let at = catalog.columns().iter().position(|(zh, _)| *zh == name).unwrap();
            let proof = row.proofs.iter().find(|one| one.column == at).map(|one| one.document);
            (row.values[at].clone(), proof)
        };
        let rows = list(&clerk, Catalog::Hardship).await;
        let row = rows.iter().find(|row| row.household == ZHOU).unwrap();
        let proof = Some(taken.document.0);
        for (name, said) in
            [("致贫原因", "疾病"), ("家庭月收入", "349.50"), ("健康与残疾", "重病、肢体二级")]
        {
            assert_eq!(value(Catalog::Hardship, row, name), (said.to_owned(), proof), "{name}");
        }
        let rows = list(&clerk, Catalog::Payment).await;
        let row = rows.iter().find(|row| row.household == ZHOU).unwrap();
        for (name, said) in [
            ("月保障金", "560.50"),
            ("依据", "存量接收"),
            ("自", "2026-12"),
            ("名册至", "2026-12"),
            ("实发至", "2026-12"),
            ("累计实发", "560.50"),
        ] {
            assert_eq!(value(Catalog::Payment, row, name).0, said, "{name}");
        }
        let unpaid = rows.iter().find(|row| row.household == NO).unwrap();
        assert_eq!(value(Catalog::Payment, unpaid, "累计实发").0, "");
        assert_eq!(value(Catalog::Payment, unpaid, "名册至").0, "2026-12");
        // By need and by money they are asked too.
        for (catalog, part, found) in [
            (Catalog::Hardship, "致贫原因:疾病", true),
            (Catalog::Hardship, "健康状况:重病", true),
            (Catalog::Hardship, "残疾类别等级:一级", false),
            (Catalog::Hardship, "金额:300..400", true),
            (Catalog::Hardship, "金额:>400", false),
            (Catalog::Payment, "金额:500..600", true),
            (Catalog::Payment, "-金额:500..600", false),
            (Catalog::Payment, "金额:>600", false),
        ] {
            let asked = catalogs::Asked { part: part.to_owned(), ..Default::default() };
            let rows = catalogs::list(&app, &clerk, catalog, &asked, "", 10).await.unwrap().rows;
            let is_there = rows.iter().any(|row| row.household == ZHOU);
            assert_eq!(is_there, found, "{catalog:?} {part}");
        }
        // Another street reads nothing of it.
        for catalog in Catalog::ALL {
            let theirs = list(&archive.other_clerk(), catalog).await;
            assert!(theirs.iter().all(|row| row.household == CHEN), "{catalog:?}");
        }
        let looks = uses::register(&app, &bureau, &uses::Asked::default(), None, 50).await.unwrap();
        assert!(looks.uses.iter().any(|one| one.look.title == "困难情况检索目录"));

        let mut browser = Browser::of(app.clone(), "赵玉梅", STREET, &[Role::Clerk]).await;
        let page = browser.get("/catalogs/hardship").await.text();
        assert!(page.contains(&format!("href=\"/doc/{}\"", taken.document)), "{page}");
        // Words of the program are English on an English page, and over the API beside.
        browser.cookie = "lang=en".to_owned();
        let page = browser.get("/catalogs/payment").await.text();
        assert!(page.contains("Carried over"), "{page}");
        assert!(!page.contains("存量接收") && !page.contains("核定"), "{page}");
    })
    .await;
}
