//! What the desk says of the paper in hand.

use crate::filing::Candidate as Likely;
use crate::model::document::State;
use crate::model::profile::Profile;
use crate::model::propose::Deciding;
use crate::view::{self, Desk, DocumentView, InHand};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::intake::{Candidate, LackRow, Lacks, PileState, Proposal};
use crate::web::page::part::{Duplicate, FieldError, HouseholdRef, Look, Mark, Picture};
use crate::web::pages::wrong;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// The most pages shown on the desk; the viewer has them all.
const PAGES: usize = 30;

/// The proposal for the paper in hand.
pub(super) async fn of(
    session: &Session,
    web: &Web,
    desk: &Desk,
    in_hand: &InHand,
) -> Result<Proposal, Failure> {
    let (lang, profile) = (session.lang, &web.app.profile);
    let InHand { paper, proposed, same_bytes } = in_hand;
    let said = &proposed.description;
    let first = proposed.candidates.first().filter(|likely| is_chosen(likely));
    let lacks = match first {
        Some(likely) => Some(lacks(session, web, likely, &said.type_code).await?),
        None => None,
    };
    let at = desk.pile.iter().position(|one| one.document.id == paper.document.id);
    let beside = |at: Option<usize>| {
        at.and_then(|at| desk.pile.get(at)).map(|one| words::count(one.document.id))
    };
    let of_pile = at.and_then(|at| desk.pile.get(at));
    Ok(Proposal {
        document: words::count(paper.document.id),
        file_name: paper.files.first().map(|file| file.name.clone()).unwrap_or_default(),
        pages: pictures(lang, paper, &proposed.deciding),
        how: how(lang, paper),
        state: match (of_pile, paper.document.state()) {
            (Some(waits), _) => super::pile_state(waits),
            (None, State::Waiting | State::Undescribed) => PileState::Ready,
            (None, _) => PileState::Filed,
        },
        candidates: proposed
            .candidates
            .iter()
            .enumerate()
            .map(|(i, one)| candidate(lang, i, one))
            .collect(),
        other: String::new(),
        new_head: String::new(),
        type_code: said.type_code.clone(),
        title: said.title.clone(),
        date: said.date.map(|date| date.to_string()).unwrap_or_default(),
        responsible: said.responsible.clone(),
        document_no: said.document_no.clone(),
        doubts: doubts(lang, in_hand),
        errors: Vec::new(),
        scope: scope(lang, profile, &said.type_code),
        duplicate: same_bytes.as_ref().map(|(other, title, head)| Duplicate {
            document: words::count(other.id),
            household: other.household.as_ref().map(|no| HouseholdRef::new(no, head)),
            title: title.clone(),
            accepted: words::date(&other.accepted_at),
        }),
        lacks,
        previous: beside(at.and_then(|at| at.checked_sub(1))),
        next: beside(at.map(|at| at + 1)),
    })
}

/// Whether a candidate is chosen beforehand: it must be beyond doubt, or given.
fn is_chosen(likely: &Likely) -> bool {
    likely.certain || likely.reasons.contains(&crate::filing::Reason::Given)
}

fn candidate(lang: Lang, place: usize, likely: &Likely) -> Candidate {
    Candidate {
        household: HouseholdRef::new(likely.household.as_str(), &likely.head),
        reason: words::reasons(lang, &likely.reasons),
        sure: likely.certain,
        chosen: place == 0 && is_chosen(likely),
    }
}

/// The pages with the words that decided the proposal boxed.
fn pictures(lang: Lang, paper: &DocumentView, deciding: &[Deciding]) -> Vec<Picture> {
    let document = words::count(paper.document.id);
    let page = |view: &view::PageView| {
        let number = u64::from(view.page);
        let alt = match lang {
            Lang::Zh => format!("{}第{number}页", paper.title),
            Lang::En => format!("{}, page {number}", paper.title),
        };
        let mut picture = Picture::new(&format!("p{number}"), document, number, size(view), &alt);
        let here = deciding.iter().filter(|one| one.page == view.page);
        picture.marks = here
            .map(|one| Mark { bbox: one.bbox, look: Look::Field, word: String::new(), hit: 0 })
            .collect();
        picture
    };
    paper.pages.iter().take(PAGES).map(page).collect()
}

/// The size of a page; that of a sheet of A4 while it is not known.
pub(crate) fn size(view: &view::PageView) -> (u64, u64) {
    match &view.reading {
        Some(reading) if reading.width > 0 => (reading.width.into(), reading.height.into()),
        _ => (900, 1273),
    }
}

/// How the first page was turned.
fn how(lang: Lang, paper: &DocumentView) -> String {
    let turned = paper.pages.iter().find_map(|page| {
        page.reading.as_ref().map(|reading| reading.turned).filter(|turned| *turned > 0)
    });
    match (turned, lang) {
        (None, _) => String::new(),
        (Some(degrees), Lang::Zh) => format!("已转正{degrees}°"),
        (Some(degrees), Lang::En) => format!("turned {degrees}°"),
    }
}

fn doubts(lang: Lang, in_hand: &InHand) -> Vec<FieldError> {
    let mut doubts = Vec::new();
    let said = &in_hand.proposed.description;
    if !in_hand.proposed.read || in_hand.paper.document.described.is_some() {
        return doubts;
    }
    if said.type_code.is_empty() {
        doubts.push(wrong(
            "type",
            lang.t("没有认出是哪一种，请选。", "The type was not recognised; choose one."),
        ));
    } else if !in_hand.proposed.sure {
        doubts.push(wrong(
            "type",
            lang.t(
                "题名行不很像，请看一眼。",
                "The title line is not quite that of the type; look.",
            ),
        ));
    }
    if said.date.is_none() {
        doubts
            .push(wrong("date", lang.t("纸上没有读到日期。", "No date was read from the paper.")));
    }
    doubts
}

/// Where the type belongs and how long it is kept.
fn scope(lang: Lang, profile: &Profile, code: &str) -> Vec<String> {
    let Some(kind) = profile.type_of(code) else { return Vec::new() };
    let class = profile.class_of(kind).map(|class| lang.t(&class.name, &class.name_en).to_owned());
    let term = profile
        .retention_of(&kind.retention)
        .map(|term| lang.t(&term.name, &term.name_en).to_owned());
    class.into_iter().chain(term).collect()
}

/// What the household still lacks.
async fn lacks(
    session: &Session,
    web: &Web,
    likely: &Likely,
    type_code: &str,
) -> Result<Lacks, Failure> {
    let lang = session.lang;
    let file = view::household_at_work(&web.app, &session.actor, &likely.household).await?;
    let missing = file.missing().map(|place| LackRow {
        name: words::type_name(lang, &web.app.profile, &place.type_code),
        owner: place.collector.map_or("", |level| words::level(lang, level)).to_owned(),
        this_one: place.type_code == type_code,
    });
    Ok(Lacks {
        head: likely.head.clone(),
        expected: file.completeness.iter().map(|one| one.wanted as u64).sum(),
        missing: missing.collect(),
    })
}
