//! 家庭情况: shown for any day, and stated.

use axum::extract::{Path, Query, State as Shared};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::cases::typed;
use super::{Answer, household_no};
use crate::living::kinship;
use crate::living::statements::{self, Family, Known, Person, Stating};
use crate::living::{FactRow, LivingError, NONE_SEEN, Names, names};
use crate::model::field::{Field, FieldKind, MOST_EACH, Of, base, code_of};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::living::Fact;
use crate::view;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::family::{FamilyPage, Part, Stated, Value};
use crate::web::page::kinship::Form;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    on: String,
}

/// `GET /household/{no}/family`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let no = household_no(&no)?;
    let page = page(&session, &web, &no, asked.on.trim()).await?;
    session.show(&page)
}

pub(super) async fn page(
    session: &Session,
    web: &Web,
    no: &HouseholdNo,
    on: &str,
) -> Result<FamilyPage, Failure> {
    let (app, lang) = (&web.app, session.lang);
    let day = match on {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::form(&format!("on {text:?}")))?),
    };
    let family = statements::on_day(app, &session.actor, no, day, None).await?;
    let stated = statements::history(app, &session.actor, no).await?;
    let file = view::household_at_work(app, &session.actor, no).await?;
    let kin = kinship::of_household(app, &session.actor, no).await?;
    let today = day_of(app.now()).to_string();
    let form = super::kinship::form((web, lang), &family, &file.household.organisation, &today);
    let papers = file
        .places
        .iter()
        .filter_map(|place| Some((words::count(place.document.as_ref()?.id), place.title.clone())));
    Ok(FamilyPage {
        frame: session.frame.clone(),
        no: no.to_string(),
        head: file.household.head.clone(),
        status: session.said(),
        wrong: None,
        parts: parts(web, lang, &family, &names(app).await?),
        on: on.to_owned(),
        papers: papers.collect(),
        seen: family.stated.unwrap_or(NONE_SEEN).to_string(),
        merge: Form { other: String::new(), ..form.clone() },
        split: form,
        kin: super::kinship::shown(lang, kin),
        today,
        history: history(web, lang, &family, &stated),
    })
}

fn parts(web: &Web, lang: Lang, family: &Family, names: &Names) -> Vec<Part> {
    let of = |of: Of| web.app.rules.fields.iter().filter(move |field| field.of == of);
    let part = |title: String, fields: Vec<Value>| Part {
        member: String::new(),
        each: String::new(),
        title,
        asks: lang.t("有变化", "Something changed").to_owned(),
        ended: String::new(),
        new: false,
        open: false,
        fields,
    };
    let whole = of(Of::Household).filter(|field| field.each.is_empty());
    let whole = whole.map(|field| {
        let value = value(lang, field, 1, &family.household);
        by_name(value, family, names)
    });
    let whole = whole.collect();
    let mut parts = vec![part(lang.t("全户", "The household").to_owned(), whole)];
    let of_person =
        |known: &[Known]| of(Of::Member).map(|field| value(lang, field, 1, known)).collect();
    for one in &family.persons {
        let ended = if one.left { lang.t("已离户", "has left") } else { "" };
        parts.push(Part {
            member: one.place.to_string(),
            ended: ended.to_owned(),
            ..part(title(lang, one), of_person(&one.facts))
        });
    }
    let next = family.persons.iter().map(|one| one.place + 1).max().unwrap_or(0);
    let joins = lang.t("新增一人", "Another person").to_owned();
    let asks = lang.t("有人出生、迁入、结婚", "Somebody was born, moved in, married");
    parts.push(Part {
        member: next.to_string(),
        asks: asks.to_owned(),
        new: true,
        ..part(joins, of_person(&[]))
    });
    // What a household can have several of: each by itself, and another one.
    for leader in of(Of::Household).filter(|field| field.each == field.code) {
        let last = family.several.get(&leader.code).copied().unwrap_or(0);
        for nth in 1..=(last + 1).min(MOST_EACH) {
            let fields = of(Of::Household).filter(|field| field.each == leader.code);
            let fields: Vec<_> =
                fields.map(|field| value(lang, field, nth, &family.household)).collect();
            let code = code_of(&leader.code, nth);
            let (called, who) = (words::field(lang, leader, &code), family.value(&code));
            let new = nth > last;
            if !new && fields.iter().all(|one| one.value.is_empty()) {
                continue;
            }
            let (title, ended) = match (new, who) {
                (true, _) => (called, ""),
                (false, "") => (called, lang.t("已了结", "ended")),
                (false, who) => (format!("{called}{}{who}", lang.t("，", ", ")), ""),
            };
            let asks = if new {
                lang.t("添一名", "Add one")
            } else {
                lang.t("有变化", "Something changed")
            };
            parts.push(Part {
                each: code,
                asks: asks.to_owned(),
                ended: ended.to_owned(),
                new,
                ..part(title, fields)
            });
        }
    }
    parts
}

fn title(lang: Lang, person: &Person) -> String {
    let what = match (person.head, person.value("relation")) {
        (true, _) => lang.t("户主", "head"),
        (false, relation) => relation,
    };
    let name = person.value("name");
    if what.is_empty() { name.to_owned() } else { format!("{name}{}{what}", lang.t("，", ", ")) }
}

/// A field, the `nth` of several, with what is known of it.
fn value(lang: Lang, field: &Field, nth: u32, known: &[Known]) -> Value {
    let code = code_of(&field.code, nth);
    let known = known.iter().find(|one| one.field == code);
    Value {
        name: words::field(lang, field, &code),
        code,
        kind: field.kind,
        choices: field.choices.iter().map(|one| (one.clone(), said(lang, field, one))).collect(),
        called: String::new(),
        hint: hint(lang, field),
        value: known.map_or_else(String::new, |one| one.value.clone()),
        from: known.map_or_else(String::new, |one| one.from.clone()),
        proof: known.and_then(|one| one.proof).map(words::count),
        typed: String::new(),
    }
}

/// A person or a place of the household by its name, and the persons it can be.
fn by_name(mut value: Value, family: &Family, names: &Names) -> Value {
    match value.kind {
        FieldKind::Member => {
            let living = family.persons.iter().filter(|one| !one.left);
            let named = |one: &Person| (one.place.to_string(), one.value("name").to_owned());
            value.choices = living.map(named).collect();
        }
        FieldKind::Place if !value.value.is_empty() => {
            let name = names.of(&value.value);
            if name != value.value {
                value.called = format!("{name} {}", value.value);
            }
        }
        _ => {}
    }
    value
}

/// A value in the language of the page, where it is one of the choices.
fn said(lang: Lang, field: &Field, value: &str) -> String {
    lang.t(value, field.english(value).unwrap_or(value)).to_owned()
}

fn hint(lang: Lang, field: &Field) -> String {
    let hint = match field.kind {
        FieldKind::Money => lang.t("元", "yuan"),
        FieldKind::Member => {
            lang.t("这个人的序号，第一位户主是0", "place of the person, the first head is 0")
        }
        FieldKind::Place => lang.t("12位机构代码", "code of 12 digits"),
        _ => &field.hint,
    };
    hint.to_owned()
}

fn history(web: &Web, lang: Lang, family: &Family, stated: &[FactRow]) -> Vec<Stated> {
    let mut last = None;
    let line = |one: &FactRow| {
        let of = if one.member < 0 { Of::Household } else { Of::Member };
        let field = web.app.rules.field(of, base(&one.field));
        let value = match &field {
            Ok(field) if field.kind == FieldKind::Money => text::stated_yuan(&one.value),
            Ok(field) if field.kind == FieldKind::Member => {
                let named = family.persons.iter().find(|who| who.place.to_string() == one.value);
                named.map_or(one.value.as_str(), |who| who.value("name")).to_owned()
            }
            Ok(field) => said(lang, field, &one.value),
            Err(_) => one.value.clone(),
        };
        let field = field.map_or(one.field.clone(), |field| words::field(lang, field, &one.field));
        let person = family.persons.iter().find(|person| i64::from(person.place) == one.member);
        let who = match person {
            Some(person) => person.value("name").to_owned(),
            None if one.member < 0 => lang.t("全户", "household").to_owned(),
            None => one.member.to_string(),
        };
        let first = last.replace(one.entry) != Some(one.entry);
        Stated {
            entry: words::count(one.entry),
            what: format!("{who}{}{field}", lang.t("，", ", ")),
            value,
            from: one.from_day.clone(),
            by: one.author.clone(),
            words: one.words.clone(),
            proof: one.proof.map(words::count),
            voided: one.voided.is_some(),
            // What the file was opened with is not taken back, but stated anew.
            first: first && !one.from_day.is_empty(),
        }
    };
    stated.iter().map(line).collect()
}

/// `POST /household/{no}/facts`
pub(crate) async fn state(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    given: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let member: Option<u32> = typed(&given, "member")?;
    let of = if member.is_some() { Of::Member } else { Of::Household };
    let named = web.app.rules.fields.iter().filter(|field| field.of == of);
    let codes = named.flat_map(|field| {
        let last = if field.each.is_empty() { 1 } else { MOST_EACH };
        (1..=last).map(|nth| code_of(&field.code, nth))
    });
    let facts = codes.filter_map(|code| match given.text(&format!("field.{code}")) {
        "" => None,
        text => {
            let value = if matches!(text, "-" | "－" | "—") { "" } else { text };
            Some(Fact { member, field: code, value: value.to_owned() })
        }
    });
    let stating = Stating {
        from: typed(&given, "from")?,
        proof: typed(&given, "proof")?.map(DocumentId),
        words: given.text("words").to_owned(),
        facts: facts.collect(),
        instead_of: typed(&given, "instead_of")?,
        seen: typed(&given, "seen")?,
    };
    match statements::state(&web.app, &session.actor, &no, stating).await {
        Ok(_) => {
            let sentence = session.lang.t("记下了。", "Recorded.");
            Ok(go_saying(&format!("/household/{no}/family"), sentence))
        }
        Err(LivingError::UnknownHousehold(no)) => Err(LivingError::UnknownHousehold(no).into()),
        Err(error) => again(&session, &web, &no, &given, error.into()).await,
    }
}

/// The page with what was typed, and why it is not stored.
async fn again(
    session: &Session,
    web: &Web,
    no: &HouseholdNo,
    given: &Fields,
    failure: Failure,
) -> Answer {
    if failure.status.is_server_error() {
        return Err(failure);
    }
    let mut page = page(session, web, no, "").await?;
    let sentence = failure.sentence.said_in(session.lang);
    page.wrong = Some(sentence);
    let (member, each) = (given.text("member"), given.text("each"));
    let typed_in = |part: &&mut Part| part.member == member && part.each == each;
    if let Some(part) = page.parts.iter_mut().find(typed_in) {
        part.open = true;
        for field in &mut part.fields {
            field.typed = given.text(&format!("field.{}", field.code)).to_owned();
        }
    }
    Ok((failure.status, session.show(&page)?).into_response())
}
