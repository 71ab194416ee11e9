//! 办理: how a case stands on the page of a household, and taking a step.

use axum::extract::{Path, State as Shared};

use super::{Answer, household_no};
use crate::app::App;
use crate::keying::StepOffer;
use crate::living::NONE_SEEN;
use crate::living::cases::{self, BenefitRow, Cases, Giving, Offered, Taking};
use crate::model::benefit::Effect;
use crate::model::id::DocumentId;
use crate::model::lending::day_of;
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::procedure::Procedure;
use crate::model::profile::Collector;
use crate::view::HouseholdView;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::household::case::{Case, Choice, Decided, Dot, Proposed};
use crate::web::page::part::State;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// How the case of a household stands.
pub(super) fn case(app: &App, lang: Lang, file: &HouseholdView) -> Case {
    let (cases, today) = (&file.cases, day_of(app.now()));
    let rules = &app.rules;
    let state = rules.state(&cases.state);
    let shown = cases.open().or_else(|| cases.cases.last());
    let procedure = shown.and_then(|case| rules.procedure(&case.procedure));
    let category = |one: &crate::model::procedure::Category| {
        (one.code.clone(), lang.t(&one.name, &one.name_en).to_owned())
    };
    Case {
        state: state.map_or_else(String::new, |one| lang.t(&one.name, &one.name_en).to_owned()),
        paid: paid(app, lang, file),
        review_late: !cases.review_due.is_empty() && cases.review_due < today.to_string(),
        review_due: cases.review_due.clone(),
        name: procedure.map_or_else(String::new, |one| lang.t(&one.name, &one.name_en).to_owned()),
        track: match (shown, procedure) {
            (Some(_), Some(procedure)) => track(app, lang, file, procedure),
            _ => Vec::new(),
        },
        computed: computed(lang, file),
        computed_otherwise: is_otherwise(app, file),
        departs: departs(app, file),
        last_day: cases.open().map_or_else(String::new, |case| case.case_due.clone()),
        choices: choices(app, lang, file),
        papers: super::papers(file),
        seen: cases.stepped.unwrap_or(NONE_SEEN).to_string(),
        categories: rules.categories.iter().map(category).collect(),
        today: today.to_string(),
        offices: offices(cases),
        notice_days: rules.notice_days.into(),
        proposed: Vec::new(),
        decided: cases.benefits.iter().rev().map(|one| decided(lang, cases, one)).collect(),
    }
}

/// The departments that have still to sign what can be taken now, each once.
fn offices(cases: &Cases) -> Vec<String> {
    let mut all: Vec<_> = cases.offered.iter().flat_map(|one| one.offices.clone()).collect();
    all.sort();
    all.dedup();
    all
}

/// A decision on the allowance, as it is read.
fn decided(lang: Lang, cases: &Cases, one: &BenefitRow) -> Decided {
    let months = match (&one.from_month, &one.until_month) {
        (from, until) if until.is_empty() => from.clone(),
        (from, until) => format!("{from}–{until}"),
    };
    let count = |number: i64| if number > 0 { number.to_string() } else { String::new() };
    Decided {
        months,
        effect: Effect::named(&one.effect)
            .map_or(&one.effect[..], |effect| lang.t(effect.zh(), effect.en()))
            .to_owned(),
        category: one.category.clone(),
        persons: count(one.persons),
        amount: text::signed_yuan(one.amount),
        words: one.words.clone(),
        entry: one.entry,
        overtaken: cases.is_overtaken(one),
    }
}

/// 与测算不同的原因 of the decision that holds, or empty.
fn departs(app: &App, file: &HouseholdView) -> String {
    let this = Month::of(day_of(app.now()));
    let held = file.cases.paid_in(this).or_else(|| file.cases.paid_in(this.next()));
    held.map(|one| one.departs.clone()).unwrap_or_default()
}

/// 测算: by what it comes about, and what it is.
fn computed(lang: Lang, file: &HouseholdView) -> String {
    let unreadable = &file.unreadable_income;
    if !unreadable.is_empty() {
        return match lang {
            Lang::Zh => format!("测算不了：记的月收入「{unreadable}」不是金额"),
            Lang::En => format!("Not computed: the income stated, {unreadable:?}, is no amount"),
        };
    }
    let Some(one) = &file.computed else { return String::new() };
    let [standard, income, amount] = [one.standard, one.income, one.amount].map(text::signed_yuan);
    let persons = lang.count(words::count(one.persons), "人", "person", "persons");
    match lang {
        Lang::Zh => format!("测算{amount}元/月：标准{standard}，{persons}，月收入{income}"),
        Lang::En => format!(
            "Computed: {amount} yuan a month, standard {standard}, {persons}, income {income}"
        ),
    }
}

fn is_otherwise(app: &App, file: &HouseholdView) -> bool {
    let paid = file.cases.paid_in(Month::of(day_of(app.now())));
    let both = paid.zip(file.computed.as_ref());
    both.is_some_and(|(paid, computed)| paid.amount != computed.amount)
}

/// 类别, 保障人数, 月保障金 of what is paid this month or from the next.
fn paid(app: &App, lang: Lang, file: &HouseholdView) -> Vec<String> {
    let this = Month::of(day_of(app.now()));
    let found = file.cases.paid_in(this).or_else(|| file.cases.paid_in(this.next()));
    let Some(benefit) = found else { return Vec::new() };
    let category = app.rules.category(&benefit.category);
    let amount = Fen::new(u64::try_from(benefit.amount).unwrap_or(0));
    let mut phrases = vec![
        category.map_or(&benefit.category[..], |one| lang.t(&one.name, &one.name_en)).to_owned(),
        lang.count(words::count(benefit.persons), "人", "person", "persons"),
        match lang {
            Lang::Zh => format!("{}元/月", text::yuan(amount)),
            Lang::En => format!("{} yuan a month", text::yuan(amount)),
        },
    ];
    if !benefit.until_month.is_empty() {
        phrases.push(match lang {
            Lang::Zh => format!("到{}止", benefit.until_month),
            Lang::En => format!("until {}", benefit.until_month),
        });
    }
    phrases
}

/// The steps that were taken in the case that runs or ran last, the one it waits
/// for, and the usual ones after it.
fn track(app: &App, lang: Lang, file: &HouseholdView, procedure: &Procedure) -> Vec<Dot> {
    let cases = &file.cases;
    let Some(case) = cases.open().or_else(|| cases.cases.last()) else { return Vec::new() };
    let taken: Vec<_> = cases.steps.iter().filter(|one| one.case_no == case.no).collect();
    let name = |code: &str| {
        let step = procedure.step(code);
        step.map_or(code, |one| lang.t(&one.name, &one.name_en)).to_owned()
    };
    let mut dots: Vec<Dot> = taken
        .iter()
        .map(|one| {
            let said = [
                one.people.replace(',', lang.t("、", ", ")),
                one.office.clone(),
                one.words.clone(),
            ];
            let said: Vec<_> = said.into_iter().filter(|part| !part.is_empty()).collect();
            Dot {
                name: name(&one.step),
                state: State::Ok,
                day: one.on_day.clone(),
                words: said.join(lang.t("，", ", ")),
                present: false,
            }
        })
        .collect();
    if !case.ended.is_empty() {
        return dots;
    }
    let today = day_of(app.now()).to_string();
    let rest = procedure.steps.iter().filter(|step| !step.aside).filter(|step| {
        !taken.iter().any(|one| one.step == step.code) || step.code == case.next_step
    });
    // Of several ways to end, the first is the usual one.
    let mut ended = false;
    for step in rest {
        if ended {
            break;
        }
        ended = step.ends;
        let present = step.code == case.next_step;
        let late = present && !case.due.is_empty() && case.due < today;
        dots.push(Dot {
            name: name(&step.code),
            state: match (present, late) {
                (true, true) => State::Late,
                (true, false) => State::Run,
                _ => State::None,
            },
            day: if present { case.due.clone() } else { String::new() },
            words: match cases.offered.iter().find(|one| present && one.step == step.code) {
                Some(one) if !one.offices.is_empty() => lang.list(&one.offices),
                _ => words::level(lang, step.level).to_owned(),
            },
            present,
        });
    }
    dots
}

/// What can be done next: the steps of the case that runs, or the first ones of
/// those that can begin.
fn choices(app: &App, lang: Lang, file: &HouseholdView) -> Vec<Choice> {
    let cases = &file.cases;
    if cases.open().is_some() {
        let steps = cases.offered.iter();
        return steps.map(|one| choice(lang, "", lang.t(&one.name, &one.name_en), one)).collect();
    }
    let mut found = Vec::new();
    for procedure in cases.beginning.iter().filter_map(|code| app.rules.procedure(code)) {
        for step in procedure.offered(&[]) {
            let offered = cases::offer(step, &[]);
            let name = match lang.t(&procedure.name, &procedure.name_en) {
                name if name == lang.t(&step.name, &step.name_en) => name.to_owned(),
                name => {
                    format!("{name}{}{}", lang.t("：", ": "), lang.t(&step.name, &step.name_en))
                }
            };
            found.push(choice(lang, &procedure.code, &name, &offered));
        }
    }
    found
}

fn choice(lang: Lang, procedure: &str, name: &str, step: &Offered) -> Choice {
    let mut needs = Vec::new();
    if step.people > 0 {
        needs.push(match lang {
            Lang::Zh => format!("要写{}个人", step.people),
            Lang::En => format!("{} names", step.people),
        });
    }
    if step.office {
        let who = lang.list(&step.offices);
        needs.push(match (who.is_empty(), lang) {
            (true, _) => lang.t("要写部门", "the department").to_owned(),
            (false, Lang::Zh) => format!("要写部门：{who}"),
            (false, Lang::En) => format!("the department of {who}"),
        });
    }
    if step.paper {
        needs.push(lang.t("要指出依据的材料", "the paper it stands on").to_owned());
    }
    if !step.notice.is_empty() {
        needs.push(
            lang.t("先公示，或指出公示的材料", "a notice that is up, or its paper").to_owned(),
        );
    }
    if step.words {
        needs.push(lang.t("要写理由或意见", "a reason or opinion").to_owned());
    }
    if let Some(level) = Collector::named(&step.level) {
        needs.push(words::level(lang, level).to_owned());
    }
    Choice {
        value: format!("{procedure}/{}", step.step),
        name: name.to_owned(),
        needs: needs.join(lang.t("，", ", ")),
        decides: !step.benefit.is_empty(),
    }
}

/// The steps that papers of a file propose, as forms.
pub(super) fn proposed(lang: Lang, offers: Vec<StepOffer>) -> Vec<Proposed> {
    let one = |offer: StepOffer| Proposed {
        document: words::count(offer.document),
        title: offer.title,
        keyed: offer.keyed,
        step: format!("{}/{}", offer.procedure, offer.step.step),
        name: lang.t(&offer.step.name, &offer.step.name_en).to_owned(),
        office: offer.step.office,
        decides: !offer.step.benefit.is_empty(),
        on: offer.on.map(|day| day.to_string()).unwrap_or_default(),
        people: offer.people,
        words: offer.words.chars().take(500).collect(),
        category: offer.category,
        persons: offer.persons,
        amount: offer.amount,
        from: offer.from,
        until: offer.until,
    };
    offers.into_iter().map(one).collect()
}

/// A field that is empty or can be read.
pub(super) fn typed<T: std::str::FromStr>(
    fields: &Fields,
    name: &str,
) -> Result<Option<T>, Failure> {
    match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Failure::form(&format!("{name} {text:?}"))),
    }
}

/// `POST /household/{no}/steps`
pub(crate) async fn take(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let (procedure, step) = fields.text("step").split_once('/').unwrap_or_default();
    let giving = Giving {
        category: fields.text("category").to_owned(),
        persons: typed(&fields, "persons")?,
        amount: fields.text("amount").to_owned(),
        from: typed(&fields, "from")?,
        until: typed(&fields, "until")?,
        departs: fields.text("departs").to_owned(),
    };
    let people = fields.text("people").split(['、', ',', '，', ';', '；']);
    let taking = Taking {
        procedure: procedure.to_owned(),
        step: step.to_owned(),
        on: typed(&fields, "on")?,
        people: people.map(|name| name.trim().to_owned()).filter(|one| !one.is_empty()).collect(),
        office: fields.text("office").to_owned(),
        words: fields.text("words").to_owned(),
        paper: typed(&fields, "paper")?.map(DocumentId),
        benefit: (giving != Giving::default()).then_some(giving),
        seen: typed(&fields, "seen")?,
    };
    cases::take(&web.app, &session.actor, &no, taking).await?;
    let sentence = session.lang.t("这一步记下了。", "The step is recorded.");
    Ok(go_saying(&format!("/household/{no}"), sentence))
}
