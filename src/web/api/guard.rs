//! Who may speak to the API: programs and our own pages. A browser
//! also carries what other sites tell it to send; that is refused.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::app::App;
use crate::config::Config;
use crate::web::guard::{self, Foreign};

/// Passes a request on unless its `Host` is no name of this server (a foreign name
/// that was made to lead here would let its pages read the answers) or it
/// changes something and comes from another site.
pub async fn same_site(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(|one| one.as_str().to_owned());
    match check(&app.config, request.method(), request.headers(), authority.as_deref()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check(
    config: &Config,
    method: &Method,
    headers: &HeaderMap,
    authority: Option<&str>,
) -> Result<(), Problem> {
    match guard::foreign(config, method, headers, authority) {
        None => Ok(()),
        Some(Foreign::Host(host)) => {
            let message = format!("{host:?} is not a name of this server");
            Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host", message)
                .hint("on its own machine use 127.0.0.1, [::1] or localhost; other names are in its settings"))
        }
        Some(Foreign::Site) => {
            let message = "a page of another site sent this; nothing was done";
            Err(Problem::new(StatusCode::FORBIDDEN, "foreign_site", message))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn status(method: Method, headers: &[(&'static str, &str)]) -> u16 {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        check(&Config::default(), &method, &headers, None)
            .map_or_else(|problem| problem.status().as_u16(), |()| 200)
    }

    #[test]
    fn only_names_of_this_server_are_answered() {
        for good in ["127.0.0.1:8117", "localhost", "LOCALHOST:80", "[::1]:8117", "127.9.9.9"] {
            assert_eq!(status(Method::GET, &[("host", good)]), 200, "{good}");
        }
        for bad in
            ["", "evil.example", "localhost.evil.example:8117", "127.0.0.1.evil", "[::2]", "::"]
        {
            assert_eq!(status(Method::GET, &[("host", bad)]), 421, "{bad}");
        }
        assert_eq!(status(Method::GET, &[]), 421);
    }

    #[test]
    fn what_another_site_sends_changes_nothing() {
        let host = ("host", "127.0.0.1:8117");
        let ask = |more: &[(&'static str, &str)]| {
            let headers: Vec<_> = std::iter::once(host).chain(more.iter().copied()).collect();
            status(Method::POST, &headers)
        };
        assert_eq!(ask(&[]), 200);
        assert_eq!(ask(&[("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(ask(&[("origin", "http://127.0.0.1:8117")]), 200);
        assert_eq!(ask(&[("sec-fetch-site", "cross-site")]), 403);
        assert_eq!(ask(&[("sec-fetch-site", "same-site")]), 403);
        assert_eq!(ask(&[("origin", "http://127.0.0.1:9000")]), 403);
        assert_eq!(ask(&[("origin", "https://evil.example")]), 403);
        assert_eq!(ask(&[("origin", "null")]), 403);
        let reading = [host, ("sec-fetch-site", "cross-site")];
        assert_eq!(status(Method::GET, &reading), 200);
    }
}
