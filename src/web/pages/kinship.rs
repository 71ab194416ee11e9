//! 分户、并户: done from the page of what is known of a household, and told there and on
//! its file.

use axum::extract::{Path, State as Shared};

use super::cases::typed;
use super::{Answer, entry_no, family, household_no, said_here};
use crate::living::LivingError;
use crate::living::kinship::{self, Going, Link, Merging, Splitting};
use crate::living::statements::Family;
use crate::model::field::{self, Of};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::kinship::{MERGED, is_gone};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::kinship::{Along, Form, Gone, Kinship, Leaver, Line};
use crate::web::page::part::HouseholdRef;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// How a household came from others, as lines.
pub(super) fn shown(lang: Lang, found: kinship::Kinship) -> Kinship {
    let here = found.gone.clone();
    let gone = is_gone(&here).then(|| Gone {
        sentence: match here == MERGED {
            true => lang.t(
                "这一户已经并户，户号不再用，档案留着。并户当天以前的材料还归在这里，以后的归到新的一户。",
                "This household went into another. Its number is not used any more and its file \
                 stays: papers dated up to that day are filed here, later ones there.",
            ),
            false => lang.t(
                "这个户号是分户时立错的，已经作废。",
                "This household was opened by a split that was wrong, and is void.",
            ),
        }
        .to_owned(),
        lives_on: found.lives_on.and_then(|one| Some(HouseholdRef::new(&one.household?, &one.head))),
    });
    let lines = found.links.into_iter().rev().map(|one| line(lang, one)).collect();
    Kinship { gone, lines }
}

fn line(lang: Lang, one: Link) -> Line {
    let names = one.moved.join(lang.t("、", ", "));
    let count = lang.count(words::len(&one.moved), "人", "person", "persons");
    let what = match (one.kind == "split", one.out) {
        (true, true) => lang.t("分出", "Split off: "),
        (true, false) => lang.t("分户而来", "Came by a split: "),
        (false, true) => lang.t("并出", "Went into another: "),
        (false, false) => lang.t("并入", "Came in: "),
    };
    let other = if one.out { lang.t("，到", " to ") } else { lang.t("，来自", " from ") };
    let said = [one.author, one.words, one.why];
    let said: Vec<_> = said.into_iter().filter(|part| !part.is_empty()).collect();
    Line {
        entry: words::count(one.entry),
        on: one.on,
        what: match lang {
            Lang::Zh => format!("{what}{count}（{names}）{other}"),
            Lang::En => format!("{what}{count} ({names}){other}"),
        },
        may_take_back: !one.taken_back && one.other.is_some(),
        other: one.other.map(|no| HouseholdRef::new(&no, &one.head)),
        document: one.document.map(words::count),
        by: said.join(lang.t("，", ", ")),
        taken_back: one.taken_back,
    }
}

/// The empty form of those who live in a household.
pub(super) fn form(
    (web, lang): (&Web, Lang),
    family: &Family,
    community: &str,
    today: &str,
) -> Form {
    let people = family.persons.iter().filter(|one| !one.left).map(|one| Leaver {
        place: one.place,
        name: one.value("name").to_owned(),
        relation: one.value("relation").to_owned(),
        head: one.head,
        goes: false,
        leads: false,
        succeeds: one.head,
        typed: String::new(),
    });
    let known = family.household.iter().filter_map(|one| {
        let field = web.app.rules.field(Of::Household, field::base(&one.field)).ok();
        let field = field.filter(|field| kinship::goes_along(field))?;
        Some(Along {
            code: one.field.clone(),
            name: words::field(lang, field, &one.field),
            value: lang.t(&one.value, field.english(&one.value).unwrap_or(&one.value)).to_owned(),
            goes: false,
        })
    });
    Form {
        other: community.to_owned(),
        on: today.to_owned(),
        people: people.collect(),
        along: known.collect(),
        ..Form::default()
    }
}

/// The document that was chosen, or typed.
fn document(fields: &Fields) -> Result<DocumentId, Failure> {
    let chosen = typed::<DocumentId>(fields, "document")?.or(typed(fields, "document_there")?);
    let none = LivingError::Told { zh: "要选一件依据。", en: "a paper has to prove it" };
    chosen.ok_or_else(|| none.into())
}

/// Those who are not ticked and have a relation, from the places that the form has.
fn staying(fields: &Fields) -> Result<Vec<Going>, Failure> {
    let going = going(fields)?;
    let mut staying = Vec::new();
    for text in fields.all("stays") {
        let place: u32 = text.trim().parse().map_err(|_| Failure::form(&format!("{text:?}")))?;
        let relation = fields.text(&format!("relation.{place}")).to_owned();
        if !relation.is_empty() && going.iter().all(|one| one.place != place) {
            staying.push(Going { place, relation });
        }
    }
    Ok(staying)
}

/// Those who are ticked in a form, with their relations.
fn going(fields: &Fields) -> Result<Vec<Going>, Failure> {
    let one = |text: &str| -> Result<Going, Failure> {
        let place: Result<u32, _> = text.trim().parse();
        let place = place.map_err(|_| Failure::form(&format!("goes {text:?}")))?;
        Ok(Going { place, relation: fields.text(&format!("relation.{place}")).to_owned() })
    };
    fields.all("goes").map(one).collect()
}

/// `POST /household/{no}/split`
pub(crate) async fn split(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let done = match splitting(&fields) {
        Err(failure) => Err(failure),
        Ok(splitting) => {
            kinship::split(&web.app, &session.actor, &no, splitting).await.map_err(Failure::from)
        }
    };
    match done {
        Ok(split) => {
            let new = &split.household;
            let sentence = match session.lang {
                Lang::Zh => format!("已分户，新户号{new}。原来那一户的待遇如有变化，另办减发。"),
                Lang::En => format!(
                    "Split: the new household is {new}. Reduce the allowance of the other one \
                     where it counted these persons."
                ),
            };
            Ok(go_saying(&format!("/household/{new}"), &sentence))
        }
        Err(failure) => again(&session, &web, &no, &fields, (failure, true)).await,
    }
}

fn splitting(fields: &Fields) -> Result<Splitting, Failure> {
    let (zh, en) = ("要选谁是新户的户主。", "the new household has a head");
    let none = LivingError::Told { zh, en };
    Ok(Splitting {
        going: going(fields)?,
        head: typed(fields, "head")?.ok_or_else(|| Failure::from(none))?,
        community: fields.text("community").parse()?,
        address: fields.text("address").to_owned(),
        along: fields.all("along").map(str::to_owned).collect(),
        successor: typed(fields, "successor")?,
        staying: staying(fields)?,
        on: typed(fields, "on")?,
        document: document(fields)?,
        words: fields.text("words").to_owned(),
        seen: typed(fields, "seen")?,
    })
}

/// `POST /household/{no}/merge`
pub(crate) async fn merge(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let done = match merging(&fields) {
        Err(failure) => Err(failure),
        Ok(merging) => {
            let into = merging.into.clone();
            match kinship::merge(&web.app, &session.actor, &no, merging).await {
                Err(LivingError::UnknownHousehold(one)) if one == into => {
                    let (zh, en) =
                        ("没有那一户，或者不在您的范围里。", "there is no such household");
                    Err(LivingError::Told { zh, en }.into())
                }
                merged => merged.map(|_| into).map_err(Failure::from),
            }
        }
    };
    match done {
        Ok(into) => {
            let sentence = session.lang.t("已并户，人都在这一户了。", "Merged: all live here now.");
            Ok(go_saying(&format!("/household/{into}"), sentence))
        }
        Err(failure) => again(&session, &web, &no, &fields, (failure, false)).await,
    }
}

fn merging(fields: &Fields) -> Result<Merging, Failure> {
    let into: String = fields.text("into").split_whitespace().collect();
    Ok(Merging {
        into: into.parse::<HouseholdNo>()?,
        going: going(fields)?,
        on: typed(fields, "on")?,
        document: document(fields)?,
        words: fields.text("words").to_owned(),
        seen: typed(fields, "seen")?,
    })
}

/// The page with what was typed, and why nothing was done.
async fn again(
    session: &Session,
    web: &Web,
    no: &HouseholdNo,
    fields: &Fields,
    (failure, is_split): (Failure, bool),
) -> Answer {
    let (status, sentence) = said_here(session, failure)?;
    let mut page = family::page(session, web, no, "").await?;
    page.wrong = Some(sentence);
    let form = if is_split { &mut page.split } else { &mut page.merge };
    let text = |name: &str| fields.text(name).to_owned();
    form.open = true;
    form.other = text(if is_split { "community" } else { "into" });
    form.address = text("address");
    form.on = text("on");
    form.document = text("document");
    form.document_there = text("document_there");
    form.words = text("words");
    for one in &mut form.people {
        let place = one.place.to_string();
        one.goes = fields.all("goes").any(|typed| typed == place);
        one.leads = fields.text("head") == place;
        one.succeeds = fields.text("successor") == place;
        one.typed = text(&format!("relation.{}", one.place));
    }
    for one in &mut form.along {
        one.goes = fields.all("along").any(|code| code == one.code);
    }
    page.frame.here = format!("/household/{no}/family");
    session.show_as(status, &page)
}

/// `POST /household/{no}/links/{entry}/take-back`
pub(crate) async fn take_back(
    session: Session,
    Shared(web): Shared<Web>,
    Path((no, entry)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (no, entry) = (household_no(&no)?, entry_no(&entry)?);
    let done = kinship::take_back(&web.app, &session.actor, &no, entry, fields.text("words")).await;
    if let Err(error) = done {
        let (status, sentence) = said_here(&session, error)?;
        let mut page = family::page(&session, &web, &no, "").await?;
        page.wrong = Some(sentence);
        page.frame.here = format!("/household/{no}/family");
        return session.show_as(status, &page);
    }
    let sentence =
        session.lang.t("更正了，人还在原来的一户。", "Taken back: they live where they did.");
    Ok(go_saying(&format!("/household/{no}/family"), sentence))
}
