//! 核验一份文件: one file comes, is looked at, and is not kept.

mod steps;

use axum::extract::State as Shared;
use axum::extract::multipart::{Field, Multipart};

use super::Answer;
use super::upload::short_text;
use crate::check::unpack::Refused;
use crate::check::{self, Checked, Found, Holder};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::check::{Answer as Told, Check, Outcome, Place, Verdict};
use crate::web::page::part::HouseholdRef;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::{text, words};

/// `GET /audit/check`
pub(crate) async fn show(session: Session) -> Answer {
    session.show(&page(&session, None))
}

/// `POST /audit/check`: looks at the file of the form.
pub(crate) async fn look(
    session: Session,
    Shared(web): Shared<Web>,
    mut form: Multipart,
) -> Answer {
    let mut trusted = false;
    while let Some(field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => trusted = session.is_token(&short_text(field).await?),
            // The token stands before the file, so that nothing is read from
            // a form that has none.
            Some("file") if !trusted => return Err(Failure::token()),
            Some("file") => {
                let name = crate::intake::clean_name(field.file_name().unwrap_or_default());
                let checked = one(&session, &web, field).await?;
                let answer = told(&session, name, checked);
                return session.show(&page(&session, Some(answer)));
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

fn page(session: &Session, answer: Option<Told>) -> Check {
    let mut frame = session.frame.clone();
    // A form cannot be opened again by its address.
    frame.here = "/audit/check".to_owned();
    Check { frame, answer, limit: text::size(check::LIMIT) }
}

async fn one(session: &Session, web: &Web, mut field: Field<'_>) -> Result<Checked, Failure> {
    Ok(check::check(&web.app, &session.actor, &mut field).await?)
}

fn told(session: &Session, name: String, checked: Checked) -> Told {
    let lang = session.lang;
    let outcome = match checked.found {
        Found::Held(holders) => {
            Outcome::Held(holders.into_iter().map(|one| place(lang, one)).collect())
        }
        Found::NotHeld => Outcome::NotHeld,
        Found::Refused(why) => Outcome::Refused(refused(lang, &why)),
        Found::Bundle(report) => {
            let verdict = match report.status() {
                0 => Verdict::Sound,
                1 => Verdict::Wrong,
                _ => Verdict::Unseen,
            };
            Outcome::Bundle(verdict, steps::told(lang, &report))
        }
    };
    Told { name, bytes: checked.bytes, sha256: checked.sha256.to_string(), outcome }
}

fn place(lang: Lang, holder: Holder) -> Place {
    match holder {
        Holder::Document { document, title, household, entry } => Place {
            what: title,
            href: format!("/doc/{document}"),
            household: household.map(|(no, head)| HouseholdRef::new(&no, &head)),
            entry: Some(words::count(entry)),
        },
        Holder::Manifest { household, head } => Place {
            what: lang.t("案卷清单", "Manifest of a volume").to_owned(),
            href: format!("/volume/{household}"),
            household: Some(HouseholdRef::new(&household, &head)),
            entry: None,
        },
        Holder::Body(no) => Place {
            what: lang.t("存证里一条行为的正文", "Body of a log entry").to_owned(),
            href: format!("/audit/entry/{no}"),
            household: None,
            entry: Some(words::count(no)),
        },
    }
}

/// Why a zip was not opened, without the stop at the end.
fn refused(lang: Lang, why: &Refused) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    let short = |name: &String| name.chars().take(80).collect::<String>();
    match why {
        Refused::Broken(_) => "它不是一个完整的zip文件，或者用了不认识的压缩".to_owned(),
        Refused::NoBag => "里面没有核验包".to_owned(),
        Refused::Files => "里面的文件太多，不像核验包".to_owned(),
        Refused::Swells => "解开后大得不合常理，没有解".to_owned(),
        Refused::Name(name) => {
            format!("里面有一个文件名会写到别处，或者不成文件名：{}", short(name))
        }
        Refused::Special(name) => format!("里面有链接或设备，不是普通文件：{}", short(name)),
        Refused::Twice => "里面有同名的文件".to_owned(),
        Refused::Encrypted(name) => format!("里面有加密的文件：{}", short(name)),
        Refused::Disk(_) => "这台机器上没能解开，磁盘没有应答".to_owned(),
    }
}
