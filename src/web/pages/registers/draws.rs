//! 抽检: ordering a draw, drawing, and the orders as the page of spot checks has them.

use axum::extract::{Path, State as Shared};

use super::super::{Answer, entry_no};
use crate::app::App;
use crate::living::registers::draws::{self, Ordering};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::registers::Draw;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// How many orders are shown.
const SHOWN: u32 = 20;
/// Where they are shown.
const PLACE: &str = "/registers/spot_checks";

/// The newest orders of the own scope.
pub(super) async fn shown(session: &Session, app: &App) -> Result<Vec<Draw>, Failure> {
    let found = draws::list(app, &session.actor, None, SHOWN).await?;
    let lang = session.lang;
    let draw = |one: draws::Order| Draw {
        order: words::count(one.order),
        author: format!("{}，{}", one.author, words::minute(&one.time)),
        month: one.month,
        population: words::population(
            lang,
            &app.rules,
            &one.population,
            [&one.state, &one.category],
        ),
        of: (words::count(one.households), words::count(one.size)),
        nth: words::count(one.nth),
        drawn: one.drawn.is_some(),
        root: one.root.chars().take(16).collect(),
    };
    Ok(found.into_iter().map(draw).collect())
}

/// `POST /draws`
pub(crate) async fn order(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let number = |name: &str| match fields.text(name) {
        "" => Ok(None),
        text => text.parse::<u32>().map(Some).map_err(|error| Failure::form(&error)),
    };
    let organisation = fields.text("organisation").parse();
    let month = fields.text("month").parse();
    let wanted = Ordering {
        organisation: organisation.map_err(|error| Failure::form(&error))?,
        month: month.map_err(|error| Failure::form(&error))?,
        state: String::new(),
        category: fields.text("category").to_owned(),
        count: number("count")?,
        per_cent: number("per_cent")?,
        words: fields.text("words").to_owned(),
    };
    let order = draws::order(&web.app, &session.actor, wanted).await?.no;
    let sentence = match session.lang {
        Lang::Zh => format!("抽检令下了，日志第{order}条。现在可以抽签。"),
        Lang::En => format!("Ordered by entry {order} of the log. It can be drawn now."),
    };
    Ok(go_saying(PLACE, &sentence))
}

/// `POST /draws/{order}/sample`
pub(crate) async fn draw(
    session: Session,
    Shared(web): Shared<Web>,
    Path(order): Path<String>,
    _fields: Fields,
) -> Answer {
    let order = entry_no(&order)?;
    draws::draw(&web.app, &session.actor, order).await?;
    let found = draws::check(&web.app, &session.actor, order).await?;
    let count = words::len(&found.drawn);
    let sentence = match session.lang {
        Lang::Zh => format!("抽出{count}户，都已登在册上。"),
        Lang::En => format!(
            "{} drawn; each has a row now.",
            session.lang.count(count, "", "household", "households")
        ),
    };
    Ok(go_saying(PLACE, &sentence))
}
