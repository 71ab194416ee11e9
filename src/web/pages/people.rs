//! 管理: people and organisations.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::{Answer, me, said_here};
use crate::model::access::{Right, Role};
use crate::model::id::OrganisationCode;
use crate::model::people as model;
use crate::people::{self, Changed, NewPerson, PeopleError, access};
use crate::setup;
use crate::view::Organisation;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::origin::Calling;
use crate::web::page::me::SessionRow;
use crate::web::page::people::{
    Choice, OrganisationRow, Organisations, People, Person, PersonRow, RoleChoice,
};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// How many people are shown at a time.
const SHOWN: u32 = 50;

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    after: String,
}

/// `GET /people`
pub(crate) async fn list(
    session: Session,
    Shared(web): Shared<Web>,
    Query(From { after }): Query<From>,
) -> Answer {
    let page = list_page(&session, &web, &after).await?;
    session.show(&page)
}

async fn list_page(session: &Session, web: &Web, after: &str) -> Result<People, Failure> {
    let lang = session.lang;
    let from = Some(after).filter(|login| !login.is_empty());
    let mut all = people::list(&web.app, &session.actor, from, SHOWN + 1).await?;
    let more = all.len() > SHOWN as usize;
    all.truncate(SHOWN as usize);
    let next = all.last().filter(|_| more);
    let next = next.map(|last| text::address("/people", &[("after", &last.login)]));
    let offices = Offices::of(session, web).await?;
    let rows: Vec<PersonRow> = all.iter().map(|one| row(lang, one, &offices)).collect();
    Ok(People {
        frame: session.frame.clone(),
        without: rows.iter().filter(|row| row.roles.is_empty() && !row.disabled).count() as u64,
        rows,
        organisations: offices.choices(&session.actor.organisation),
        name: String::new(),
        login: String::new(),
        wrong: String::new(),
        status: session.said(),
        next,
    })
}

fn row(lang: Lang, one: &model::Person, offices: &Offices) -> PersonRow {
    let roles: Vec<&str> = one.roles.iter().map(|role| lang.t(role.zh(), role.en())).collect();
    PersonRow {
        name: one.name.clone(),
        login: one.login.clone(),
        roles: lang.list(&roles),
        rights: rights(lang, &one.roles),
        organisation: offices.name(&one.organisation),
        disabled: one.disabled,
    }
}

/// What these roles may do, in words; what everybody may is left out.
fn rights(lang: Lang, roles: &[Role]) -> String {
    let may = |right: &Right| *right != Right::Own && roles.iter().any(|role| role.may(*right));
    let all = Right::ALL.into_iter().filter(may);
    lang.list(&all.map(|right| lang.t(right.zh(), right.en())).collect::<Vec<_>>())
}

/// The organisations that the acting person may see accounts of.
struct Offices(Vec<Organisation>);

impl Offices {
    async fn of(session: &Session, web: &Web) -> Result<Self, Failure> {
        Ok(Self(people::organisations(&web.app, &session.actor).await?))
    }

    fn name(&self, code: &OrganisationCode) -> String {
        let found = self.0.iter().find(|one| one.code == code.as_str());
        found.map_or_else(|| code.as_str().to_owned(), |one| one.name.clone())
    }

    fn choices(&self, chosen: &OrganisationCode) -> Vec<Choice> {
        let choice = |code: &str, name: &str| Choice {
            code: code.to_owned(),
            name: name.to_owned(),
            chosen: code == chosen.as_str(),
        };
        let mut all: Vec<Choice> = self.0.iter().map(|one| choice(&one.code, &one.name)).collect();
        if !all.iter().any(|one| one.chosen) {
            all.insert(0, choice(chosen.as_str(), chosen.as_str()));
        }
        all
    }
}

/// `POST /people`: makes an account.
pub(crate) async fn add(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let (name, login) = (fields.text("name").to_owned(), fields.text("login").to_owned());
    let made = match fields.text("organisation").parse() {
        Ok(organisation) => {
            let new = NewPerson { login: login.clone(), name: name.clone(), organisation };
            people::add(&web.app, &session.actor, new).await
        }
        Err(_) => Err(PeopleError::Organisation(OrganisationCode::default())),
    };
    match made {
        Ok(person) => {
            let said = session.lang.t(
                "户头开好了。发一个登录码给本人，再请安全保密管理员授权。",
                "The account is made. Issue a code, and ask a security officer for a role.",
            );
            Ok(go_saying(&format!("/people/{}", person.login), said))
        }
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = People { name, login, wrong, ..list_page(&session, &web, "").await? };
            session.show_as(status, &page)
        }
    }
}

/// `GET /people/{login}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
) -> Answer {
    let page = page(&session, &web, &login).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web, login: &str) -> Result<Person, Failure> {
    let (app, lang) = (&web.app, session.lang);
    let person = people::get(app, &session.actor, login).await?;
    let stands = access::standing(app, &session.actor, login).await?;
    let offices = Offices::of(session, web).await?;
    let now = app.latest().as_millisecond();
    let roles = Role::GIVEN.into_iter().map(|role| RoleChoice {
        word: role.as_str(),
        name: lang.t(role.zh(), role.en()),
        given: person.roles.contains(&role),
    });
    Ok(Person {
        frame: session.frame.clone(),
        organisation: offices.name(&person.organisation),
        rights: rights(lang, &person.roles),
        roles: roles.collect(),
        organisations: offices.choices(&person.organisation),
        disabled: person.disabled,
        own: session.actor.person.as_ref() == Some(&person.id),
        password: stands.password,
        code: String::new(),
        link: String::new(),
        code_until: match stands.code_ends {
            ends if ends > now => words::moment(ends),
            _ => String::new(),
        },
        second_factor: stands.second_factor,
        sessions: stands.sessions.into_iter().map(|one| session_row(lang, one)).collect(),
        provider_on: app.config.oidc.is_on(),
        at_provider: stands.at_provider,
        tied: stands.tied,
        refused: stands.refused.into_iter().map(|one| [words::moment(one.at), one.from]).collect(),
        tokens: stands.tokens.into_iter().map(|one| me::token_row(lang, one, now)).collect(),
        status: session.said(),
        wrong: String::new(),
        name: person.name,
        login: person.login,
    })
}

fn session_row(lang: Lang, one: access::OpenSession) -> SessionRow {
    SessionRow {
        id: one.id,
        agent: me::agent(lang, &one.agent),
        made: words::moment(one.made),
        seen: words::moment(one.seen),
        this: false,
    }
}

/// Back to the person with a sentence, or the page again saying why not.
async fn done(
    session: &Session,
    web: &Web,
    login: &str,
    done: Result<(), PeopleError>,
    said: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(go_saying(&format!("/people/{}", text::query_value(login)), said)),
        Err(error) => {
            let (status, wrong) = said_here(session, error)?;
            let page = Person { wrong, ..page(session, web, login).await? };
            session.show_as(status, &page)
        }
    }
}

/// `POST /people/{login}`: changes or closes the account.
pub(crate) async fn change(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let changed = match fields.text("organisation").parse() {
        Ok(organisation) => {
            let name = fields.text("name").to_owned();
            let disabled = !fields.text("disabled").is_empty();
            let changed = Changed { name, organisation, disabled };
            people::change(&web.app, &session.actor, &login, changed).await.map(drop)
        }
        Err(_) => Err(PeopleError::Organisation(OrganisationCode::default())),
    };
    done(&session, &web, &login, changed, session.lang.t("改好了。", "Changed.")).await
}

/// `POST /people/{login}/roles`
pub(crate) async fn grant(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let roles = fields.all("role").filter_map(|word| word.parse().ok()).collect();
    let granted = people::grant(&web.app, &session.actor, &login, roles).await.map(drop);
    let said = session.lang.t("授权好了，记在存证里。", "Granted, and recorded in the log.");
    done(&session, &web, &login, granted, said).await
}

/// `POST /people/{login}/code`: issues a one-time code, shown once.
pub(crate) async fn issue_code(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    calling: Calling,
    fields: Fields,
) -> Answer {
    let lost = !fields.text("telephone_lost").is_empty();
    match access::issue_code(&web.app, &session.actor, &login, lost).await {
        Ok((code, _)) => {
            let link = format!("{}/signin/code?code={code}", calling.base);
            session.show(&Person { code, link, ..page(&session, &web, &login).await? })
        }
        Err(error) => done(&session, &web, &login, Err(error), "").await,
    }
}

/// `POST /people/{login}/sessions`: ends the one of the form, or all of them.
pub(crate) async fn end_sessions(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    let (ended, said) = match fields.text("id") {
        "" => (
            people::sign_out(app, actor, &login).await.map(drop),
            lang.t("各处都退出了。", "Signed out everywhere."),
        ),
        id => (
            access::end_session(app, actor, &login, id).await,
            lang.t("那一处退出了。", "Signed out there."),
        ),
    };
    done(&session, &web, &login, ended, said).await
}

/// `POST /people/{login}/tokens`: ends one.
pub(crate) async fn end_token(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let id = fields.text("id");
    let ended = access::end_token(&web.app, &session.actor, &login, id).await;
    let said = session.lang.t("令牌作废了。", "The token has ended.");
    done(&session, &web, &login, ended, said).await
}

/// `POST /people/{login}/provider`: what the person is called at the provider.
pub(crate) async fn name_at_provider(
    session: Session,
    Shared(web): Shared<Web>,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let name = fields.text("name");
    let named = access::name_at_provider(&web.app, &session.actor, &login, name).await;
    done(&session, &web, &login, named, session.lang.t("记下了。", "Saved.")).await
}

/// `GET /organisations`
pub(crate) async fn organisations(session: Session, Shared(web): Shared<Web>) -> Answer {
    let page = tree(&session, &web).await?;
    session.show(&page)
}

async fn tree(session: &Session, web: &Web) -> Result<Organisations, Failure> {
    let Offices(all) = Offices::of(session, web).await?;
    let row = |one: Organisation| OrganisationRow {
        depth: match one.code.as_str() {
            code if code.ends_with("000000") => 0,
            code if code.ends_with("000") => 1,
            _ => 2,
        },
        code: one.code,
        name: one.name,
    };
    let rows: Vec<OrganisationRow> = all.into_iter().map(row).collect();
    let count = |depth| rows.iter().filter(|row| row.depth == depth).count() as u64;
    Ok(Organisations {
        frame: session.frame.clone(),
        streets: count(1),
        communities: count(2),
        rows,
        code: String::new(),
        name: String::new(),
        status: session.said(),
        wrong: String::new(),
    })
}

/// `POST /organisations`: registers one, or gives it another name.
pub(crate) async fn register(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let (code, name) = (fields.text("code").to_owned(), fields.text("name").to_owned());
    let registered = setup::register_one(&web.app, &session.actor, &code, &name).await;
    match registered {
        Ok(()) => Ok(go_saying("/organisations", session.lang.t("登记好了。", "Registered."))),
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = Organisations { code, name, wrong, ..tree(&session, &web).await? };
            session.show_as(status, &page)
        }
    }
}
