//! Files that take a while: whoever accepts `application/x-ndjson` is told how far they are,
//! a line of JSON now and then, and what became of them in the last one.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use tokio::task::{JoinError, JoinHandle};
use utoipa::ToSchema;

use super::problem::{Error, Problem};
use crate::living::LivingError;
use crate::web::imports::Counted;

/// Lines of JSON.
const LINES: &str = "application/x-ndjson";
/// How long after one line the next one follows.
const PAUSE: Duration = Duration::from_millis(250);

/// A line of the answer; only the last one is not `done`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ImportLine)]
pub(super) enum Line<T> {
    /// How far it is.
    Goes {
        /// How many rows or households are done.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// It has ended.
    Ended {
        /// What became of it.
        ended: T,
    },
    /// It could not be done, or not to its end.
    Failed {
        /// Why.
        error: Error,
    },
}

/// Whether the answer is wanted line by line.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByLines(bool);

impl<S: Sync> FromRequestParts<S> for ByLines {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get_all(ACCEPT).iter().filter_map(|one| one.to_str().ok());
        Ok(Self(accepted.flat_map(|one| one.split(',')).any(|one| {
            one.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(LINES))
        })))
    }
}

/// What becomes of `work`, as one JSON value or by lines. What is refused at once has the
/// status of its problem either way. It goes on to its end, whoever still waits for it.
pub(super) async fn follow<T, W, F>(
    ByLines(by_lines): ByLines,
    work: W,
) -> Result<Response, Problem>
where
    T: Serialize + Send + 'static,
    W: FnOnce(Arc<Counted>) -> F,
    F: Future<Output = Result<T, LivingError>> + Send + 'static,
{
    let counted = Arc::new(Counted::default());
    let mut work = tokio::spawn(work(Arc::clone(&counted)));
    if !by_lines {
        return Ok(Json(ended(work.await)?).into_response());
    }
    // Until it begins it may be refused.
    while counted.now().1 == 0 {
        if let Ok(early) = tokio::time::timeout(PAUSE, &mut work).await {
            let last = text(&Line::Ended { ended: ended(early)? });
            return Ok(lines(Body::from(last)));
        }
    }
    let told = stream::unfold(Some((work, counted)), next);
    Ok(lines(Body::from_stream(told)))
}

type Going<T> = (JoinHandle<Result<T, LivingError>>, Arc<Counted>);

/// The next line, and what goes on after it.
async fn next<T>(going: Option<Going<T>>) -> Option<(Result<String, Infallible>, Option<Going<T>>)>
where
    T: Serialize + Send + 'static,
{
    let (mut work, counted) = going?;
    let (line, rest) = match tokio::time::timeout(PAUSE, &mut work).await {
        Err(_) => {
            let (done, total) = counted.now();
            (Line::Goes { done, total }, Some((work, counted)))
        }
        Ok(last) => match ended(last) {
            Ok(ended) => (Line::Ended { ended }, None),
            Err(problem) => (Line::Failed { error: problem.told() }, None),
        },
    };
    Some((Ok(text(&line)), rest))
}

fn ended<T>(last: Result<Result<T, LivingError>, JoinError>) -> Result<T, Problem> {
    Ok(last.map_err(std::io::Error::other)??)
}

fn text<T: Serialize>(line: &Line<T>) -> String {
    serde_json::to_string(line).unwrap_or_default() + "\n"
}

fn lines(body: Body) -> Response {
    ([(CONTENT_TYPE, LINES)], body).into_response()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::StatusCode;
    use futures::StreamExt;
    use serde_json::{Value, json};
    use tokio::sync::oneshot;

    use super::*;

    const TOO_LATE: LivingError = LivingError::Told { zh: "晚了。", en: "too late" };

    async fn all(response: Response) -> Vec<Value> {
        let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[tokio::test]
    async fn how_far_it_is_comes_before_what_became_of_it() {
        for late in [Ok(7), Err(TOO_LATE)] {
            let failed = late.is_err();
            let (go, on) = oneshot::channel();
            let work = |counted: Arc<Counted>| async move {
                counted.tell(3, 10);
                on.await.unwrap();
                late
            };
            let response = follow(ByLines(true), work).await.unwrap();
            assert_eq!(response.headers()[CONTENT_TYPE], LINES);
            let mut lines = response.into_body().into_data_stream();
            let first: Value =
                serde_json::from_slice(&lines.next().await.unwrap().unwrap()).unwrap();
            assert_eq!(first, json!({ "done": 3, "total": 10 }));
            go.send(()).unwrap();
            let mut last = Value::Null;
            while let Some(line) = lines.next().await {
                last = serde_json::from_slice(&line.unwrap()).unwrap();
            }
            match failed {
                false => assert_eq!(last, json!({ "ended": 7 })),
                true => assert_eq!(last["error"]["message"], "too late"),
            }
        }
    }

    #[tokio::test]
    async fn what_is_refused_at_once_has_its_status() {
        for by_lines in [true, false] {
            let refused = follow(ByLines(by_lines), |_| async { Err::<u8, _>(TOO_LATE) }).await;
            assert_eq!(refused.unwrap_err().status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        let soon = follow(ByLines(true), |_| async { Ok(7) }).await.unwrap();
        assert_eq!(all(soon).await, [json!({ "ended": 7 })]);
        let plain = follow(ByLines(false), |_| async { Ok(7) }).await.unwrap();
        assert_eq!(all(plain).await, [json!(7)]);
    }

    #[tokio::test]
    async fn it_goes_on_when_nobody_waits_any_more() {
        let (go, on) = oneshot::channel();
        let (done, ended) = oneshot::channel();
        let work = |counted: Arc<Counted>| async move {
            counted.tell(0, 1);
            on.await.unwrap();
            done.send(()).unwrap();
            Ok(())
        };
        drop(follow(ByLines(true), work).await.unwrap());
        go.send(()).unwrap();
        ended.await.unwrap();
    }
}
