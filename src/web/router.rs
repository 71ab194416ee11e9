//! Every route.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::pages::{
    audit, bundle, cases, catalogs, check, checks, correct, counter, document, encryption, entry,
    family, funds, history, household, households, intake, jobs, keying, kinship, lang, lending,
    me, missing, notices, numbers, overview, payments, people, reason, recoveries, registers,
    reviews, seal, search, signin, standards, statistics, upload, uses, volume,
};
use super::state::Web;
use super::{api, assets, error, guard, identity, origin, rights};
use crate::app::App;

/// The most bytes of a form that carries no files.
const FORM: usize = 256 * 1024;
/// How long the body of a request may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// Every route, guarded.
pub fn router(app: Arc<App>) -> Router {
    let web = Web::new(app);
    Router::new()
        .route("/", get(overview::show))
        .route("/signin", get(signin::show).post(signin::enter))
        .route("/signin/second", get(signin::second_form).post(signin::second))
        .route("/signin/code", get(signin::code_form).post(signin::with_code))
        .route("/signin/provider", get(signin::to_provider))
        .route("/signin/provider/back", get(signin::came_back))
        .route("/signout", post(signin::leave))
        .route("/me", get(me::show))
        .route("/me/password", post(me::password))
        .route("/me/second-factor/new", post(me::set_up))
        .route("/me/second-factor", post(me::put_in_force))
        .route("/me/second-factor/codes", post(me::codes))
        .route("/me/second-factor/end", post(me::take_away))
        .route("/me/sessions/end", post(me::end_sessions))
        .route("/me/tokens", post(me::make_token))
        .route("/me/tokens/end", post(me::end_token))
        .route("/people", get(people::list).post(people::add))
        .route("/people/{login}", get(people::show).post(people::change))
        .route("/people/{login}/roles", post(people::grant))
        .route("/people/{login}/code", post(people::issue_code))
        .route("/people/{login}/sessions", post(people::end_sessions))
        .route("/people/{login}/tokens", post(people::end_token))
        .route("/people/{login}/provider", post(people::name_at_provider))
        .route("/organisations", get(people::organisations).post(people::register))
        .route("/encryption", get(encryption::show).post(encryption::ask))
        .route("/encryption/{no}", post(encryption::decide))
        .route("/intake", get(intake::show))
        // Files are limited one by one while they stream, not as a form.
        .route("/intake/upload", post(upload::take).layer(DefaultBodyLimit::disable()))
        .route("/intake/{id}/file", post(intake::file))
        .route("/intake/{id}/join", post(intake::join))
        .route("/intake/{id}/return", post(intake::give_back))
        .route("/search", get(search::show))
        .route("/search/suggest", get(search::suggest))
        .route("/search/save", post(search::save))
        .route("/search/saved/{id}", get(search::open))
        .route("/search/saved/{id}/rename", post(search::rename))
        .route("/search/saved/{id}/delete", post(search::delete))
        .route("/search/recent/clear", post(search::clear_recent))
        .route("/search/export", post(search::export))
        .route("/catalogs/{name}", get(catalogs::show))
        .route("/catalogs/{name}/print", get(catalogs::print))
        .route("/catalogs/{name}/export", post(catalogs::export))
        .route("/households", get(households::show))
        .route("/household/open", post(households::open))
        .route("/household/{no}", get(household::show))
        .route("/household/{no}/bind", post(household::bind))
        .route("/household/{no}/numbers", post(numbers::show))
        .route("/household/{no}/reason", post(reason::give))
        .route("/household/{no}/history", get(history::of_household))
        .route("/household/{no}/bundle", get(bundle::of_household))
        .route("/volumes", get(volume::list))
        .route("/volume/{no}", get(volume::show))
        .route("/volume/{no}/print", get(volume::print))
        .route("/volume/{no}/bundle", get(bundle::of_volume))
        .route("/doc/{id}", get(document::show))
        .route("/doc/{id}/alike", get(search::alike))
        .route("/doc/{id}/correct", post(document::correct))
        .route("/doc/{id}/page/{page}", get(document::page_image))
        .route("/doc/{id}/text/{page}", get(correct::show).post(correct::keep))
        .route("/pages", get(correct::list))
        .route("/pages/next", get(correct::next))
        .route("/doc/{id}/file/{place}", get(document::file))
        .route("/doc/{id}/searchable.pdf", get(document::searchable))
        .route("/doc/{id}/history", get(history::of_document))
        .route("/doc/{id}/bundle", get(bundle::of_document))
        .route("/household/{no}/family", get(family::show))
        .route("/household/{no}/facts", post(family::state))
        .route("/household/{no}/steps", post(cases::take))
        .route("/reviews", get(reviews::show))
        .route("/reviews/print", get(reviews::print))
        .route("/standards", get(standards::show).post(standards::set))
        .route("/fund", get(funds::show))
        .route("/fund/bookings", post(funds::book))
        .route("/household/{no}/recoveries", get(recoveries::show).post(recoveries::recover))
        .route("/household/{no}/settlements", post(recoveries::settle))
        .route("/payments", get(payments::show).post(payments::list))
        .route("/payments/print", get(payments::print))
        .route("/payments/return", post(payments::take_return).layer(DefaultBodyLimit::disable()))
        .route("/missing", get(missing::show))
        .route("/missing/print", get(missing::print))
        .route("/doc/{id}/send-back", post(missing::send_back))
        .route("/notices", get(notices::show))
        .route("/notices/print", get(notices::print))
        .route("/notices/{entry}/down", post(notices::take_down))
        .route("/household/{no}/notices", post(notices::post))
        .route("/uses", get(uses::show))
        .route("/uses/print", get(uses::print))
        .route("/uses/export", post(uses::export))
        .route("/uses/{no}/bundle", get(uses::bundle))
        .route("/lending", get(lending::list))
        .route("/lending/new", get(lending::ask::show).post(lending::ask::send))
        .route("/lending/register", get(lending::register::show))
        .route("/lending/register.csv", get(lending::register::csv))
        .route("/lending/register.xlsx", get(lending::register::xlsx))
        .route("/lending/effects", get(lending::effects::show))
        .route("/lending/effects/{file}", get(lending::effects::file))
        .route("/lending/{id}", get(lending::show))
        .route("/lending/{id}/effect", post(lending::effects::note))
        .route("/lending/{id}/certificate", get(lending::certificate::show))
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
        .route("/registers", get(registers::index))
        .route("/registers/{register}", get(registers::show).post(registers::begin))
        .route("/registers/{register}/print", get(registers::print))
        .route("/registers/{register}/export", post(registers::export))
        .route(
            "/registers/{register}/{organisation}/{number}",
            get(registers::row::show).post(registers::row::enter),
        )
        .route("/registers/{register}/{organisation}/{number}/sealed", post(registers::row::sealed))
        .route("/registers/{register}/{organisation}/{number}/print", get(registers::row::sheet))
        .route("/draws", post(registers::draws::order))
        .route("/draws/{order}/sample", post(registers::draws::draw))
        .route("/jobs", get(jobs::show))
        .route("/jobs/retry", post(jobs::retry))
        .route("/lang/{code}", post(lang::switch))
        .route("/assets/{file}", get(assets::serve))
        .route("/doc/{id}/key", get(keying::show).post(keying::save))
        .route("/doc/{id}/key/draft", post(keying::draft))
        .route("/doc/{id}/key/versions", get(keying::versions))
        .route("/doc/{id}/key/facts", get(keying::offers).post(keying::state))
        .route("/checks", get(checks::show))
        .route("/checks/look", post(checks::look_over).layer(DefaultBodyLimit::disable()))
        .route("/checks/take", post(checks::take))
        .route("/checks/roster", post(checks::roster).layer(DefaultBodyLimit::disable()))
        .route("/checks/roster/take", post(checks::take_roster))
        .route("/checks/bad", get(checks::bad))
        .route("/checks/file", post(checks::original))
        .route("/household/{no}/findings", get(checks::of_household).post(checks::close))
        .route("/statistics", get(statistics::show))
        .route("/statistics/print", get(statistics::print))
        .route("/statistics/{figure}", get(statistics::list))
        .route("/household/{no}/split", post(kinship::split))
        .route("/household/{no}/merge", post(kinship::merge))
        .route("/household/{no}/links/{entry}/take-back", post(kinship::take_back))
        .route("/household/{no}/roster", post(household::original))
        .nest("/api/v1", api::router().with_state(Arc::clone(&web.app)))
        // Before any handler: whether this person may ask this.
        .route_layer(from_fn_with_state(web.clone(), rights::allow))
        .fallback(error::not_here)
        // From the inside out: what a handler may read, what becomes of a
        // panic, how failures look, who asks, from where, what every answer
        // carries, where a request comes from.
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn_with_state(web.clone(), error::draw))
        .layer(from_fn_with_state(web.clone(), identity::identify))
        .layer(from_fn_with_state(Arc::clone(&web.app), guard::check))
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(web.clone(), origin::tell))
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .with_state(web)
}
