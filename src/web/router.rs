//! Every route.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::pages::{
    audit, bundle, check, counter, document, entry, history, household, households, intake, jobs,
    lang, lending, overview, seal, search, signin, upload, volume,
};
use super::state::Web;
use super::{api, assets, error, guard, identity, rights};
use crate::app::App;

/// The most bytes of a form that carries no files.
const FORM: usize = 256 * 1024;

/// Every route, guarded.
pub fn router(app: Arc<App>) -> Router {
    let web = Web::new(app);
    Router::new()
        .route("/", get(overview::show))
        .route("/signin", get(signin::show).post(signin::enter))
        .route("/signout", post(signin::leave))
        .route("/intake", get(intake::show))
        // Files are limited one by one while they stream, not as a form.
        .route("/intake/upload", post(upload::take).layer(DefaultBodyLimit::disable()))
        .route("/intake/{id}/file", post(intake::file))
        .route("/intake/{id}/join", post(intake::join))
        .route("/intake/{id}/return", post(intake::give_back))
        .route("/search", get(search::show))
        .route("/households", get(households::show))
        .route("/household/open", post(households::open))
        .route("/household/{no}", get(household::show))
        .route("/household/{no}/bind", post(household::bind))
        .route("/household/{no}/history", get(history::of_household))
        .route("/household/{no}/bundle", get(bundle::of_household))
        .route("/volumes", get(volume::list))
        .route("/volume/{no}", get(volume::show))
        .route("/volume/{no}/print", get(volume::print))
        .route("/volume/{no}/bundle", get(bundle::of_volume))
        .route("/doc/{id}", get(document::show))
        .route("/doc/{id}/correct", post(document::correct))
        .route("/doc/{id}/page/{page}", get(document::page_image))
        .route("/doc/{id}/file/{place}", get(document::file))
        .route("/doc/{id}/history", get(history::of_document))
        .route("/doc/{id}/bundle", get(bundle::of_document))
        .route("/lending", get(lending::list))
        .route("/lending/new", get(lending::ask::show).post(lending::ask::send))
        .route("/lending/register", get(lending::register::show))
        .route("/lending/register.csv", get(lending::register::csv))
        .route("/lending/{id}", get(lending::show))
        .route("/lending/{id}/decide", post(lending::decide))
        .route("/lending/{id}/handover", post(lending::hand_over))
        .route("/lending/{id}/code", post(lending::code))
        .route("/lending/{id}/return", post(lending::take_back))
        .route("/lending/{id}/end", post(lending::end))
        .route("/lending/{id}/file", get(lending::read::file))
        .route("/lending/{id}/doc/{n}", get(lending::read::paper))
        .route("/lending/{id}/doc/{n}/page/{page}", get(lending::read::page_image))
        .route("/household/{no}/counter", post(counter::open))
        .route("/guest", get(counter::code::show).post(counter::code::enter))
        .route("/guest/over", get(counter::code::over))
        .route("/counter", get(counter::home))
        .route("/counter/papers", get(counter::papers))
        .route("/counter/paper/{n}", get(counter::paper))
        .route("/counter/paper/{n}/page/{page}", get(counter::page_image))
        .route("/counter/payments", get(counter::payments))
        .route("/counter/looks", get(counter::looks))
        .route("/counter/slip", get(counter::slip))
        .route("/counter/end", post(counter::end))
        .route("/audit", get(audit::show))
        .route("/audit/verify", post(audit::verify))
        .route("/audit/entry/{no}", get(entry::show))
        .route("/audit/entry/{no}/proof", get(entry::proof))
        .route("/audit/checkpoint", get(seal::note))
        .route("/audit/checkpoint/print", get(seal::print))
        // The file is limited while it streams, not as a form.
        .route(
            "/audit/check",
            get(check::show).post(check::look).layer(DefaultBodyLimit::disable()),
        )
        .route("/jobs", get(jobs::show))
        .route("/jobs/retry", post(jobs::retry))
        .route("/lang/{code}", post(lang::switch))
        .route("/assets/{file}", get(assets::serve))
        .nest("/api/v1", api::router().with_state(Arc::clone(&web.app)))
        // Before any handler: whether this person may ask this.
        .route_layer(from_fn(rights::allow))
        .fallback(error::not_here)
        // From the inside out: what a handler may read, what becomes of a
        // panic, how failures look, who asks, from where, what every answer
        // carries.
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn_with_state(web.clone(), error::draw))
        .layer(from_fn_with_state(web.clone(), identity::identify))
        .layer(from_fn(guard::check))
        .layer(from_fn(guard::headers))
        .with_state(web)
}
