//! Which right each address needs: the one table of all routes. An address that
//! is not in it is refused, so a new one cannot be forgotten; a test asks every
//! row as every role, and compares with the matrix printed in `docs/access.md`.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api::Problem;
use super::error::Failure;
use super::identity::{Identity, Visitor};
use super::state::Web;
use crate::looks;
use crate::model::access::Right;
use crate::model::look::{Kind, Look};
use crate::model::mask;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Everybody: it shows nothing of the archive.
    Public,
    /// Whoever is signed in and has the right. Records are filtered by the
    /// scope of the person besides.
    Needs(Right),
    /// Whoever has both: what is looked through may be taken out.
    Both(Right, Right),
    /// Whoever has one of the two: both have part in it.
    Either(Right, Right),
}

impl Gate {
    /// Whether somebody who may do what `may` says is let through; nobody who is
    /// not signed in asks here.
    #[must_use]
    pub fn lets(self, may: impl Fn(Right) -> bool) -> bool {
        match self {
            Self::Public => true,
            Self::Needs(right) => may(right),
            Self::Both(one, other) => may(one) && may(other),
            Self::Either(one, other) => may(one) || may(other),
        }
    }

    /// A right that somebody lacks who is not let through.
    fn lacking(self, may: impl Fn(Right) -> bool) -> Right {
        match self {
            Self::Public => Right::Own,
            Self::Needs(right) | Self::Either(right, _) => right,
            Self::Both(one, other) => {
                if may(one) {
                    other
                } else {
                    one
                }
            }
        }
    }
}

/// A row of the table: method, address as the router has it, who may ask.
pub type Row = (Method, &'static str, Gate);

use Gate::{Both, Either, Needs, Public};
use Right as R;

/// Every route.
pub const TABLE: &[Row] = &[
    // Pages
    (Method::GET, "/", Needs(R::Own)),
    (Method::GET, "/signin", Public),
    (Method::POST, "/signin", Public),
    (Method::GET, "/signin/second", Public),
    (Method::POST, "/signin/second", Public),
    (Method::GET, "/signin/code", Public),
    (Method::POST, "/signin/code", Public),
    (Method::GET, "/signin/provider", Public),
    (Method::GET, "/signin/provider/back", Public),
    (Method::POST, "/signout", Needs(R::Own)),
    (Method::GET, "/me", Needs(R::Own)),
    (Method::POST, "/me/password", Needs(R::Own)),
    (Method::POST, "/me/second-factor/new", Needs(R::Own)),
    (Method::POST, "/me/second-factor", Needs(R::Own)),
    (Method::POST, "/me/second-factor/codes", Needs(R::Own)),
    (Method::POST, "/me/second-factor/end", Needs(R::Own)),
    (Method::POST, "/me/sessions/end", Needs(R::Own)),
    (Method::POST, "/me/tokens", Needs(R::Own)),
    (Method::POST, "/me/tokens/end", Needs(R::Own)),
    (Method::GET, "/people", Needs(R::SeePeople)),
    (Method::POST, "/people", Needs(R::ManagePeople)),
    (Method::GET, "/people/{login}", Needs(R::SeePeople)),
    (Method::POST, "/people/{login}", Needs(R::ManagePeople)),
    (Method::POST, "/people/{login}/roles", Needs(R::GrantRoles)),
    (Method::POST, "/people/{login}/code", Needs(R::ManagePeople)),
    (Method::POST, "/people/{login}/sessions", Needs(R::ManagePeople)),
    (Method::POST, "/people/{login}/tokens", Needs(R::ManagePeople)),
    (Method::POST, "/people/{login}/provider", Needs(R::ManagePeople)),
    (Method::GET, "/organisations", Needs(R::SeePeople)),
    (Method::POST, "/organisations", Needs(R::ManagePeople)),
    (Method::GET, "/encryption", Either(R::ManageKeys, R::DecideDestruction)),
    (Method::POST, "/encryption", Needs(R::ManageKeys)),
    (Method::POST, "/encryption/{no}", Needs(R::DecideDestruction)),
    (Method::GET, "/intake", Needs(R::Upload)),
    (Method::POST, "/intake/upload", Needs(R::Upload)),
    (Method::POST, "/intake/{id}/file", Needs(R::File)),
    (Method::POST, "/intake/{id}/join", Needs(R::File)),
    (Method::POST, "/intake/{id}/return", Needs(R::File)),
    (Method::GET, "/search", Needs(R::Look)),
    (Method::GET, "/search/suggest", Needs(R::Look)),
    (Method::POST, "/search/save", Needs(R::Look)),
    (Method::GET, "/search/saved/{id}", Needs(R::Look)),
    (Method::POST, "/search/saved/{id}/rename", Needs(R::Look)),
    (Method::POST, "/search/saved/{id}/delete", Needs(R::Look)),
    (Method::POST, "/search/recent/clear", Needs(R::Look)),
    (Method::POST, "/search/export", Both(R::Look, R::Export)),
    (Method::GET, "/catalogs/{name}", Needs(R::Look)),
    (Method::GET, "/catalogs/{name}/print", Needs(R::Look)),
    (Method::POST, "/catalogs/{name}/export", Both(R::Look, R::Export)),
    (Method::GET, "/households", Needs(R::Look)),
    (Method::POST, "/household/open", Needs(R::File)),
    (Method::GET, "/household/{no}", Needs(R::Look)),
    (Method::POST, "/household/{no}/bind", Needs(R::Bind)),
    (Method::POST, "/household/{no}/numbers", Needs(R::Reveal)),
    (Method::POST, "/household/{no}/reason", Needs(R::Look)),
    (Method::GET, "/household/{no}/history", Needs(R::Look)),
    (Method::GET, "/household/{no}/bundle", Needs(R::Export)),
    (Method::GET, "/volumes", Needs(R::Look)),
    (Method::GET, "/volume/{no}", Needs(R::Look)),
    (Method::GET, "/volume/{no}/print", Needs(R::Look)),
    (Method::GET, "/volume/{no}/bundle", Needs(R::Export)),
    (Method::GET, "/doc/{id}", Needs(R::Look)),
    (Method::GET, "/doc/{id}/alike", Needs(R::Look)),
    (Method::POST, "/doc/{id}/correct", Needs(R::File)),
    (Method::GET, "/doc/{id}/page/{page}", Needs(R::Look)),
    (Method::GET, "/doc/{id}/text/{page}", Needs(R::File)),
    (Method::POST, "/doc/{id}/text/{page}", Needs(R::File)),
    (Method::GET, "/pages", Needs(R::File)),
    (Method::GET, "/pages/next", Needs(R::File)),
    (Method::GET, "/doc/{id}/file/{place}", Needs(R::Export)),
    (Method::GET, "/doc/{id}/searchable.pdf", Needs(R::Export)),
    (Method::GET, "/doc/{id}/history", Needs(R::Look)),
    (Method::GET, "/doc/{id}/bundle", Needs(R::Export)),
    (Method::POST, "/household/{no}/facts", Needs(R::File)),
    (Method::POST, "/household/{no}/steps", Needs(R::File)),
    (Method::GET, "/household/{no}/family", Needs(R::Look)),
    (Method::POST, "/doc/{id}/send-back", Needs(R::File)),
    (Method::GET, "/reviews", Needs(R::Look)),
    (Method::GET, "/reviews/print", Needs(R::Look)),
    (Method::GET, "/standards", Needs(R::Look)),
    (Method::POST, "/standards", Needs(R::File)),
    (Method::GET, "/fund", Needs(R::Look)),
    (Method::POST, "/fund/bookings", Needs(R::File)),
    (Method::GET, "/household/{no}/recoveries", Needs(R::Look)),
    (Method::POST, "/household/{no}/recoveries", Needs(R::File)),
    (Method::POST, "/household/{no}/settlements", Needs(R::File)),
    (Method::GET, "/payments", Needs(R::Look)),
    (Method::POST, "/payments", Needs(R::File)),
    (Method::GET, "/payments/print", Needs(R::Look)),
    (Method::POST, "/payments/return", Needs(R::File)),
    (Method::GET, "/missing", Needs(R::Look)),
    (Method::GET, "/missing/print", Needs(R::Look)),
    (Method::GET, "/notices", Needs(R::Look)),
    (Method::GET, "/notices/print", Needs(R::Look)),
    (Method::POST, "/notices/{entry}/down", Needs(R::File)),
    (Method::POST, "/household/{no}/notices", Needs(R::File)),
    (Method::GET, "/uses", Needs(R::ReadUse)),
    (Method::GET, "/uses/print", Needs(R::ReadUse)),
    (Method::POST, "/uses/export", Both(R::ReadUse, R::Export)),
    (Method::GET, "/uses/{no}/bundle", Both(R::ReadUse, R::Export)),
    (Method::GET, "/lending", Needs(R::AskLending)),
    (Method::GET, "/lending/new", Needs(R::AskLending)),
    (Method::POST, "/lending/new", Needs(R::AskLending)),
    (Method::GET, "/lending/register", Needs(R::ReadUse)),
    (Method::GET, "/lending/register.csv", Both(R::ReadUse, R::Export)),
    (Method::GET, "/lending/register.xlsx", Both(R::ReadUse, R::Export)),
    (Method::GET, "/lending/effects", Needs(R::ReadUse)),
    (Method::GET, "/lending/effects/{file}", Both(R::ReadUse, R::Export)),
    (Method::GET, "/lending/{id}", Needs(R::AskLending)),
    (Method::POST, "/lending/{id}/effect", Needs(R::HandOver)),
    (Method::GET, "/lending/{id}/certificate", Needs(R::HandOver)),
    (Method::POST, "/lending/{id}/decide", Needs(R::DecideLending)),
    (Method::POST, "/lending/{id}/handover", Needs(R::HandOver)),
    (Method::POST, "/lending/{id}/code", Needs(R::HandOver)),
    (Method::POST, "/lending/{id}/return", Needs(R::HandOver)),
    (Method::POST, "/lending/{id}/end", Needs(R::AskLending)),
    (Method::GET, "/lending/{id}/file", Needs(R::AskLending)),
    (Method::GET, "/lending/{id}/doc/{n}", Needs(R::AskLending)),
    (Method::GET, "/lending/{id}/doc/{n}/page/{page}", Needs(R::AskLending)),
    (Method::POST, "/household/{no}/counter", Needs(R::OpenCounter)),
    (Method::GET, "/guest", Public),
    (Method::POST, "/guest", Public),
    (Method::GET, "/guest/over", Public),
    (Method::GET, "/counter", Needs(R::Visit)),
    (Method::GET, "/counter/papers", Needs(R::Visit)),
    (Method::GET, "/counter/paper/{n}", Needs(R::Visit)),
    (Method::GET, "/counter/paper/{n}/page/{page}", Needs(R::Visit)),
    (Method::GET, "/counter/payments", Needs(R::Visit)),
    (Method::GET, "/counter/looks", Needs(R::Visit)),
    (Method::GET, "/counter/slip", Needs(R::Visit)),
    (Method::POST, "/counter/end", Needs(R::Visit)),
    (Method::GET, "/audit", Needs(R::ReadLog)),
    (Method::POST, "/audit/verify", Needs(R::Verify)),
    (Method::GET, "/audit/entry/{no}", Needs(R::ReadLog)),
    (Method::GET, "/audit/entry/{no}/proof", Needs(R::ReadLog)),
    (Method::GET, "/audit/checkpoint", Needs(R::Own)),
    (Method::GET, "/audit/checkpoint/print", Needs(R::ReadLog)),
    (Method::GET, "/audit/check", Needs(R::Own)),
    (Method::POST, "/audit/check", Needs(R::Own)),
    (Method::GET, "/jobs", Needs(R::RunJobs)),
    (Method::POST, "/jobs/retry", Needs(R::RunJobs)),
    (Method::POST, "/lang/{code}", Public),
    (Method::GET, "/assets/{file}", Public),
    (Method::GET, "/doc/{id}/key", Needs(R::File)),
    (Method::POST, "/doc/{id}/key", Needs(R::File)),
    (Method::POST, "/doc/{id}/key/draft", Needs(R::File)),
    (Method::GET, "/doc/{id}/key/versions", Needs(R::Look)),
    (Method::GET, "/doc/{id}/key/facts", Needs(R::File)),
    (Method::POST, "/doc/{id}/key/facts", Needs(R::File)),
    // API
    (Method::GET, "/api/v1/openapi.json", Public),
    (Method::POST, "/api/v1/session", Public),
    (Method::GET, "/api/v1/session", Needs(R::Own)),
    (Method::DELETE, "/api/v1/session", Needs(R::Own)),
    (Method::PUT, "/api/v1/me/password", Needs(R::Own)),
    (Method::GET, "/api/v1/me/second-factor", Needs(R::Own)),
    (Method::POST, "/api/v1/me/second-factor", Needs(R::Own)),
    (Method::PUT, "/api/v1/me/second-factor", Needs(R::Own)),
    (Method::POST, "/api/v1/me/second-factor/codes", Needs(R::Own)),
    (Method::POST, "/api/v1/me/second-factor/end", Needs(R::Own)),
    (Method::GET, "/api/v1/me/sessions", Needs(R::Own)),
    (Method::DELETE, "/api/v1/me/sessions", Needs(R::Own)),
    (Method::DELETE, "/api/v1/me/sessions/{id}", Needs(R::Own)),
    (Method::GET, "/api/v1/me/tokens", Needs(R::Own)),
    (Method::POST, "/api/v1/me/tokens", Needs(R::Own)),
    (Method::DELETE, "/api/v1/me/tokens/{id}", Needs(R::Own)),
    (Method::GET, "/api/v1/organisations", Needs(R::Own)),
    (Method::PUT, "/api/v1/organisations/{code}", Needs(R::ManagePeople)),
    (Method::GET, "/api/v1/profile", Needs(R::Own)),
    (Method::GET, "/api/v1/status", Needs(R::Own)),
    (Method::POST, "/api/v1/documents", Needs(R::Upload)),
    (Method::GET, "/api/v1/documents/{id}", Needs(R::Look)),
    (Method::GET, "/api/v1/documents/{id}/proposal", Needs(R::File)),
    (Method::PUT, "/api/v1/documents/{id}/description", Needs(R::File)),
    (Method::POST, "/api/v1/documents/{id}/join", Needs(R::File)),
    (Method::POST, "/api/v1/documents/{id}/return", Needs(R::File)),
    (Method::GET, "/api/v1/documents/{id}/files/{n}", Needs(R::Export)),
    (Method::GET, "/api/v1/documents/{id}/pages/{n}", Needs(R::Look)),
    (Method::GET, "/api/v1/documents/{id}/pages/{n}/text", Needs(R::Look)),
    (Method::PUT, "/api/v1/documents/{id}/pages/{n}/text", Needs(R::File)),
    (Method::GET, "/api/v1/doubtful-pages", Needs(R::Look)),
    (Method::GET, "/api/v1/documents/{id}/bundle", Needs(R::Export)),
    (Method::GET, "/api/v1/search", Needs(R::Look)),
    (Method::GET, "/api/v1/search/suggestions", Needs(R::Look)),
    (Method::POST, "/api/v1/search/export", Both(R::Look, R::Export)),
    (Method::GET, "/api/v1/search/recent", Needs(R::Look)),
    (Method::DELETE, "/api/v1/search/recent", Needs(R::Look)),
    (Method::GET, "/api/v1/search/saved", Needs(R::Look)),
    (Method::POST, "/api/v1/search/saved", Needs(R::Look)),
    (Method::POST, "/api/v1/search/saved/{id}/opening", Needs(R::Look)),
    (Method::PUT, "/api/v1/search/saved/{id}", Needs(R::Look)),
    (Method::DELETE, "/api/v1/search/saved/{id}", Needs(R::Look)),
    (Method::GET, "/api/v1/catalogs/{name}", Needs(R::Look)),
    (Method::POST, "/api/v1/catalogs/{name}/export", Both(R::Look, R::Export)),
    (Method::GET, "/api/v1/documents/{id}/alike", Needs(R::Look)),
    (Method::GET, "/api/v1/households", Needs(R::Look)),
    (Method::POST, "/api/v1/households", Needs(R::File)),
    (Method::GET, "/api/v1/households/{no}", Needs(R::Look)),
    (Method::GET, "/api/v1/households/{no}/bundle", Needs(R::Export)),
    (Method::GET, "/api/v1/households/{no}/plan", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/numbers", Needs(R::Reveal)),
    (Method::POST, "/api/v1/households/{no}/volume", Needs(R::Bind)),
    (Method::GET, "/api/v1/households/{no}/volume/bundle", Needs(R::Export)),
    (Method::GET, "/api/v1/households/{no}/volumes/{version}", Needs(R::Look)),
    (Method::GET, "/api/v1/households/{no}/facts", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/facts", Needs(R::File)),
    (Method::GET, "/api/v1/households/{no}/facts/history", Needs(R::Look)),
    (Method::GET, "/api/v1/households/{no}/steps", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/steps", Needs(R::File)),
    (Method::GET, "/api/v1/cases", Needs(R::Look)),
    (Method::GET, "/api/v1/payments", Needs(R::Look)),
    (Method::POST, "/api/v1/payments", Needs(R::File)),
    (Method::GET, "/api/v1/payments/returns", Needs(R::Look)),
    (Method::POST, "/api/v1/payments/returns", Needs(R::File)),
    (Method::GET, "/api/v1/payments/assessment", Needs(R::Look)),
    (Method::GET, "/api/v1/standards", Needs(R::Look)),
    (Method::POST, "/api/v1/standards", Needs(R::File)),
    (Method::GET, "/api/v1/fund", Needs(R::Look)),
    (Method::POST, "/api/v1/fund/bookings", Needs(R::File)),
    (Method::GET, "/api/v1/recoveries", Needs(R::Look)),
    (Method::GET, "/api/v1/households/{no}/recoveries", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/recoveries", Needs(R::File)),
    (Method::POST, "/api/v1/households/{no}/settlements", Needs(R::File)),
    (Method::GET, "/api/v1/payments/reconciliation", Needs(R::Look)),
    (Method::GET, "/api/v1/missing-papers", Needs(R::Look)),
    (Method::GET, "/api/v1/completeness", Needs(R::Look)),
    (Method::POST, "/api/v1/documents/{id}/send-back", Needs(R::File)),
    (Method::GET, "/api/v1/reviews", Needs(R::Look)),
    (Method::GET, "/api/v1/reviews/weeks", Needs(R::Look)),
    (Method::GET, "/api/v1/jobs", Needs(R::RunJobs)),
    (Method::POST, "/api/v1/jobs/retry", Needs(R::RunJobs)),
    (Method::POST, "/api/v1/verifications", Needs(R::Verify)),
    (Method::GET, "/api/v1/verifications/last", Needs(R::ReadLog)),
    (Method::GET, "/api/v1/log/checkpoint", Needs(R::Own)),
    (Method::GET, "/api/v1/log/entries/{no}", Needs(R::ReadLog)),
    (Method::GET, "/api/v1/log/entries/{no}/proof", Needs(R::ReadLog)),
    (Method::GET, "/api/v1/notices", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/notices", Needs(R::File)),
    (Method::POST, "/api/v1/notices/{entry}/down", Needs(R::File)),
    (Method::GET, "/api/v1/uses", Needs(R::ReadUse)),
    (Method::POST, "/api/v1/uses/export", Both(R::ReadUse, R::Export)),
    (Method::GET, "/api/v1/uses/{no}/bundle", Both(R::ReadUse, R::Export)),
    (Method::GET, "/api/v1/lendings", Needs(R::AskLending)),
    (Method::POST, "/api/v1/lendings", Needs(R::AskLending)),
    (Method::GET, "/api/v1/lendings/{id}", Needs(R::AskLending)),
    (Method::POST, "/api/v1/lendings/{id}/decision", Needs(R::DecideLending)),
    (Method::POST, "/api/v1/lendings/{id}/handover", Needs(R::HandOver)),
    (Method::POST, "/api/v1/lendings/{id}/code", Needs(R::HandOver)),
    (Method::POST, "/api/v1/lendings/{id}/return", Needs(R::HandOver)),
    (Method::POST, "/api/v1/lendings/{id}/end", Needs(R::AskLending)),
    (Method::GET, "/api/v1/lendings/register", Needs(R::ReadUse)),
    (Method::GET, "/api/v1/lendings/{id}/file", Needs(R::AskLending)),
    (Method::GET, "/api/v1/lendings/{id}/documents/{document}/pages/{n}", Needs(R::AskLending)),
    (Method::GET, "/api/v1/lendings/effects", Needs(R::ReadUse)),
    (Method::POST, "/api/v1/lendings/{id}/effects", Needs(R::HandOver)),
    (Method::GET, "/api/v1/people", Needs(R::SeePeople)),
    (Method::POST, "/api/v1/people", Needs(R::ManagePeople)),
    (Method::GET, "/api/v1/people/{login}", Needs(R::SeePeople)),
    (Method::PUT, "/api/v1/people/{login}", Needs(R::ManagePeople)),
    (Method::GET, "/api/v1/people/{login}/access", Needs(R::SeePeople)),
    (Method::PUT, "/api/v1/people/{login}/roles", Needs(R::GrantRoles)),
    (Method::POST, "/api/v1/people/{login}/code", Needs(R::ManagePeople)),
    (Method::PUT, "/api/v1/people/{login}/provider", Needs(R::ManagePeople)),
    (Method::DELETE, "/api/v1/people/{login}/tokens/{id}", Needs(R::ManagePeople)),
    (Method::DELETE, "/api/v1/people/{login}/sessions", Needs(R::ManagePeople)),
    (Method::DELETE, "/api/v1/people/{login}/sessions/{id}", Needs(R::ManagePeople)),
    (Method::GET, "/api/v1/encryption", Either(R::ManageKeys, R::DecideDestruction)),
    (Method::GET, "/api/v1/destructions", Either(R::ManageKeys, R::DecideDestruction)),
    (Method::POST, "/api/v1/destructions", Needs(R::ManageKeys)),
    (Method::POST, "/api/v1/destructions/{no}/agreement", Needs(R::DecideDestruction)),
    (Method::POST, "/api/v1/destructions/{no}/refusal", Needs(R::DecideDestruction)),
    (Method::GET, "/api/v1/documents/{id}/form", Needs(R::File)),
    (Method::GET, "/api/v1/documents/{id}/fields", Needs(R::Look)),
    (Method::POST, "/api/v1/documents/{id}/fields", Needs(R::File)),
    (Method::GET, "/api/v1/documents/{id}/fields/facts", Needs(R::File)),
    (Method::POST, "/api/v1/documents/{id}/fields/facts", Needs(R::File)),
    (Method::GET, "/api/v1/households/{no}/proposed-steps", Needs(R::Look)),
    (Method::GET, "/registers", Needs(R::Look)),
    (Method::GET, "/registers/{register}", Needs(R::Look)),
    (Method::POST, "/registers/{register}", Needs(R::File)),
    (Method::GET, "/registers/{register}/print", Needs(R::Look)),
    (Method::POST, "/registers/{register}/export", Both(R::Look, R::Export)),
    (Method::GET, "/registers/{register}/{organisation}/{number}", Needs(R::Look)),
    (Method::POST, "/registers/{register}/{organisation}/{number}", Needs(R::File)),
    (Method::POST, "/registers/{register}/{organisation}/{number}/sealed", Needs(R::Reveal)),
    (Method::GET, "/registers/{register}/{organisation}/{number}/print", Needs(R::Look)),
    (Method::POST, "/draws", Needs(R::File)),
    (Method::POST, "/draws/{order}/sample", Needs(R::File)),
    (Method::GET, "/api/v1/registers", Needs(R::Look)),
    (Method::GET, "/api/v1/registers/{register}/rows", Needs(R::Look)),
    (Method::POST, "/api/v1/registers/{register}/rows", Needs(R::File)),
    (Method::GET, "/api/v1/registers/{register}/rows/{organisation}/{number}", Needs(R::Look)),
    (
        Method::POST,
        "/api/v1/registers/{register}/rows/{organisation}/{number}/sealed",
        Needs(R::Reveal),
    ),
    (Method::GET, "/api/v1/registers/{register}/table", Needs(R::Look)),
    (Method::POST, "/api/v1/registers/{register}/export", Both(R::Look, R::Export)),
    (Method::GET, "/api/v1/draws", Needs(R::Look)),
    (Method::POST, "/api/v1/draws", Needs(R::File)),
    (Method::POST, "/api/v1/draws/{order}/sample", Needs(R::File)),
    (Method::GET, "/api/v1/draws/{order}/check", Needs(R::Look)),
    (Method::GET, "/api/v1/due", Needs(R::Look)),
    (Method::GET, "/checks", Needs(R::Look)),
    (Method::POST, "/checks/look", Needs(R::File)),
    (Method::POST, "/checks/take", Needs(R::File)),
    (Method::POST, "/checks/roster", Needs(R::File)),
    (Method::GET, "/checks/bad", Needs(R::File)),
    (Method::POST, "/checks/file", Needs(R::Export)),
    (Method::GET, "/household/{no}/findings", Needs(R::Look)),
    (Method::POST, "/household/{no}/findings", Needs(R::File)),
    (Method::GET, "/api/v1/evidence/kinds", Needs(R::Look)),
    (Method::POST, "/api/v1/evidence/preview", Needs(R::File)),
    (Method::GET, "/api/v1/evidence", Needs(R::Look)),
    (Method::POST, "/api/v1/evidence", Needs(R::File)),
    (Method::POST, "/api/v1/evidence/files/{entry}", Needs(R::Export)),
    (Method::GET, "/api/v1/findings", Needs(R::Look)),
    (Method::POST, "/api/v1/rosters", Needs(R::File)),
    (Method::GET, "/api/v1/households/{no}/findings", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/findings", Needs(R::File)),
    (Method::GET, "/statistics", Needs(R::Look)),
    (Method::GET, "/statistics/print", Needs(R::Look)),
    (Method::GET, "/statistics/{figure}", Needs(R::Look)),
    (Method::GET, "/api/v1/statistics", Needs(R::Look)),
    (Method::GET, "/api/v1/statistics/{figure}", Needs(R::Look)),
    (Method::POST, "/household/{no}/split", Needs(R::File)),
    (Method::POST, "/household/{no}/merge", Needs(R::File)),
    (Method::POST, "/household/{no}/links/{entry}/take-back", Needs(R::File)),
    (Method::GET, "/api/v1/households/{no}/links", Needs(R::Look)),
    (Method::POST, "/api/v1/households/{no}/split", Needs(R::File)),
    (Method::POST, "/api/v1/households/{no}/merge", Needs(R::File)),
    (Method::POST, "/api/v1/households/{no}/links/{entry}/take-back", Needs(R::File)),
    (Method::POST, "/api/v1/persons/households", Needs(R::Look)),
    (Method::POST, "/household/{no}/roster", Needs(R::Export)),
    (Method::POST, "/api/v1/households/{no}/roster", Needs(R::Export)),
];

/// Who may ask `method` of `path`, as the router has it; none when the table
/// does not say, and then nobody may.
#[must_use]
pub fn gate(method: &Method, path: &str) -> Option<Gate> {
    // What may be read may be asked about.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|(one, at, _)| one == method && *at == path).map(|(.., gate)| *gate)
}

/// Passes a request on when the person may ask it; that somebody else tried is
/// noted.
pub(crate) async fn allow(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", |path| path.as_str());
    let api = path.starts_with("/api/");
    let identity = request.extensions().get::<Identity>();
    // Whoever sits at the counter finds the own pages and nothing else: every
    // other address is as if it were not there, whether it is or not.
    if let Some(visitor) = request.extensions().get::<Visitor>().cloned() {
        let drawn = matches!(path, "/assets/{file}" | "/lang/{code}");
        let own = gate(request.method(), path) == Some(Needs(R::Visit));
        if drawn || own {
            return next.run(request).await;
        }
        let asked = format!("{} {}", request.method(), request.uri().path());
        if let Err(error) = looks::denies(&web.app, &visitor.visit.actor(), &asked).await {
            tracing::error!(%error, "a refused attempt of a visitor was not noted");
        }
        return Failure::not_here().into_response();
    }
    match (gate(request.method(), path), identity) {
        (Some(Public), _) => next.run(request).await,
        (Some(gate), Some(one)) if gate.lets(|right| one.may(right)) => {
            // What is asked for to be seen notes itself when it is not shown.
            let attempt = match *request.method() {
                Method::GET | Method::HEAD => None,
                _ => meant(path, request.uri().path()),
            };
            let actor = one.actor.clone();
            let answer = next.run(request).await;
            if let Some(look) = attempt.filter(|_| answer.status() == StatusCode::NOT_FOUND)
                && let Err(error) = looks::attempts(&web.app, &actor, look).await
            {
                tracing::error!(%error, "an attempt at what is not shown was not noted");
            }
            answer
        }
        // Somebody may go there, but not this person.
        (Some(gate), Some(Identity { actor, .. })) => {
            let right = gate.lacking(|right| actor.may(right));
            let asked = format!("{} {}", request.method(), request.uri().path());
            if let Err(error) = looks::denies(&web.app, actor, &asked).await {
                let asked = mask::numbers(&asked);
                tracing::error!(%error, asked, "a refused attempt was not noted");
            }
            match api {
                true => Problem::denied(right).into_response(),
                false => Failure::denied(right).into_response(),
            }
        }
        (Some(_), None) if api => Problem::no_session().into_response(),
        // A visit that is over leads to no door of the office.
        (Some(Needs(R::Visit)), None) => super::session::go("/guest/over"),
        (Some(_), None) if request.method() == Method::GET => {
            let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
            super::session::go_to_sign_in(here)
        }
        (Some(_), None) => Failure::no_session().into_response(),
        // The address takes another method, or nobody said who may.
        (None, _) if api && known(path) => Problem::no_method().into_response(),
        (None, _) if api => Problem::no_route().into_response(),
        (None, _) if known(path) => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        (None, _) => Failure::not_here().into_response(),
    }
}

/// The paper or the household's file that an address names: `path` is the address as
/// the router has it, `uri` as it was asked for.
fn meant(path: &str, uri: &str) -> Option<Look> {
    let mut before = "";
    for (part, value) in path.split('/').zip(uri.split('/')) {
        match (before, part) {
            ("doc" | "documents" | "intake", "{id}") => {
                return Some(Look::new(Kind::Open).at(value.parse().ok()?));
            }
            ("household" | "households", "{no}") => {
                let household = Some(value.parse().ok()?);
                return Some(Look { household, ..Look::new(Kind::Open) });
            }
            _ => before = part,
        }
    }
    None
}

fn known(path: &str) -> bool {
    TABLE.iter().any(|(_, at, _)| *at == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_meant() {
        let meant = |path, uri| meant(path, uri).map(|look| (look.document, look.household));
        let paper = meant("/api/v1/documents/{id}/join", "/api/v1/documents/38/join");
        assert_eq!(paper.and_then(|(id, _)| id).map(|id| id.0), Some(38));
        let file = meant("/household/{no}/bind", "/household/99010200300400001/bind");
        assert!(file.is_some_and(|(_, no)| no.is_some()));
        assert!(meant("/lending/{id}/decide", "/lending/38/decide").is_none());
        assert!(meant("/doc/{id}/correct", "/doc/x/correct").is_none());
    }

    #[test]
    fn no_address_has_two_answers() {
        for (at, (method, path, _)) in TABLE.iter().enumerate() {
            let twice = TABLE[..at].iter().any(|(m, p, _)| m == method && p == path);
            assert!(!twice, "{method} {path}");
        }
    }

    #[test]
    fn every_operation_of_the_api_has_a_row_and_every_row_an_operation() {
        let api = serde_json::to_value(crate::web::api::openapi()).unwrap_or_default();
        let mut described = std::collections::BTreeSet::new();
        for (path, item) in api["paths"].as_object().into_iter().flatten() {
            for (method, _) in item.as_object().into_iter().flatten() {
                described.insert(format!("{} /api/v1{path}", method.to_uppercase()));
            }
        }
        let mut listed: std::collections::BTreeSet<_> = TABLE
            .iter()
            .filter(|(_, path, _)| path.starts_with("/api/"))
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        assert!(listed.remove("GET /api/v1/openapi.json"));
        assert_eq!(described, listed);
    }

    #[test]
    fn every_page_the_router_has_is_listed() {
        let router = include_str!("router.rs");
        let flat: String = router.split_whitespace().collect();
        let paths: Vec<&str> =
            flat.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(paths.len() > 20);
        for path in &paths {
            assert!(known(path), "{path}");
        }
        for (_, path, _) in TABLE.iter().filter(|(_, path, _)| !path.starts_with("/api/")) {
            assert!(paths.contains(path), "{path} is not routed");
        }
    }
}
