//! The first page of every list, as somebody of the bureau and of a street gets it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;
use yidang::app::App;
use yidang::args;
use yidang::model::access::Role;
use yidang::people::{self, NewPerson};
use yidang::{sessions, web};

use crate::figures::{beside, told};
use crate::generator::{District, Failed};

/// How often each is asked for.
const TIMES: usize = 20;
/// When a page takes so long, it is asked for less often.
const SLOW: Duration = Duration::from_secs(2);
/// What a first page may take.
const GOAL: Duration = Duration::from_millis(100);

/// Somebody who is signed in.
struct Person {
    router: Router,
    cookie: String,
    bearer: String,
}

impl Person {
    async fn of(app: &Arc<App>, login: &str, organisation: &str) -> Result<Self, Failed> {
        let operator = app.operator();
        let new = NewPerson {
            login: login.to_owned(),
            name: format!("甲{login}"),
            organisation: organisation.parse()?,
        };
        people::add(app, &operator, new).await?;
        let roles = vec![Role::Clerk, Role::Archivist];
        let person = people::grant(app, &operator, login, roles).await?;
        let key = sessions::begin(app, &person.id, "bench").await?;
        Ok(Self {
            router: web::router(Arc::clone(app)),
            cookie: format!("__Host-yidang={}", key.secret()),
            bearer: format!("Bearer {}", key.secret()),
        })
    }

    async fn get(&self, path: &str) -> Result<Duration, Failed> {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, "127.0.0.1:8117")
            .header(header::COOKIE, &self.cookie)
            .header(header::AUTHORIZATION, &self.bearer)
            .body(Body::empty())?;
        let begun = Instant::now();
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let took = begun.elapsed();
        if status != StatusCode::OK {
            let said: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            return Err(format!("{path}: {status}: {said}").into());
        }
        Ok(took)
    }

    async fn figure(&self, name: &str, path: &str) -> Result<(), Failed> {
        let first = self.get(path).await?;
        let mut times = vec![first];
        let more = if first > SLOW { 2 } else { TIMES };
        for _ in 0..more {
            times.push(self.get(path).await?);
        }
        // The first is cold: it counts only where there are few.
        if more == TIMES {
            times.remove(0);
        }
        told(name, &mut times, GOAL);
        Ok(())
    }
}

/// Measures all lists.
pub(crate) async fn measure(app: &Arc<App>, district: &District) -> Result<(), Failed> {
    let month = district.plan.last;
    let year = month.first().year();
    let some = district.households.get(district.households.len() / 2).ok_or("nobody")?;
    let (no, head) = (&some.no, &some.persons[0].name);
    let lists = [
        ("overview", "/".to_owned()),
        ("households", "/households".to_owned()),
        ("households, a name", format!("/households?q={}", web::text::query_value(head))),
        ("one household", format!("/household/{no}")),
        ("family of it", format!("/household/{no}/family")),
        ("findings of it", format!("/household/{no}/findings")),
        ("missing papers", "/missing".to_owned()),
        ("missing papers, bureau", "/missing?level=bureau".to_owned()),
        ("reviews", "/reviews".to_owned()),
        ("checks and findings", "/checks".to_owned()),
        ("findings of deposits", "/checks?finding=deposits&state=open".to_owned()),
        ("payments of a month", format!("/payments?month={month}")),
        ("standards", "/standards".to_owned()),
        ("fund", "/fund".to_owned()),
        ("notices", "/notices".to_owned()),
        ("volumes", "/volumes".to_owned()),
        ("catalog: archive", "/catalogs/archive".to_owned()),
        ("catalog: hardship", "/catalogs/hardship".to_owned()),
        ("catalog: payment", "/catalogs/payment".to_owned()),
        ("statistics of a month", format!("/statistics?period={month}")),
        ("statistics of a year", format!("/statistics?period={year}")),
        ("registers", "/registers".to_owned()),
        ("register: roster", "/registers/roster".to_owned()),
        ("register: changes", format!("/registers/changes?period={month}")),
        ("register: near relatives", "/registers/near_relatives".to_owned()),
        ("register: missing", "/registers/missing".to_owned()),
        ("register: reviews", "/registers/reviews".to_owned()),
        ("register: differences", format!("/registers/differences?period={month}")),
        ("register: assessment", format!("/registers/assessment?period={month}")),
        ("register: fund", format!("/registers/fund?period={year}")),
        ("register: recoveries", "/registers/recoveries".to_owned()),
        ("register: tips", "/registers/tips".to_owned()),
        ("register: visits", "/registers/visits".to_owned()),
        ("API: due", "/api/v1/due".to_owned()),
        ("API: cases that wait", "/api/v1/cases".to_owned()),
        ("API: completeness", "/api/v1/completeness".to_owned()),
        ("API: missing papers", "/api/v1/missing-papers".to_owned()),
        ("API: findings", "/api/v1/findings".to_owned()),
        ("API: payments", format!("/api/v1/payments?month={month}")),
    ];
    let bureau = Person::of(app, "bureau", "990102000000").await?;
    for (name, path) in &lists {
        if let Err(error) = bureau.figure(name, path).await {
            println!("  {name:<44} {error}");
        }
    }
    let mut tx = app.db.read().await?;
    for table in ["SELECT COUNT(*) FROM household", "SELECT COUNT(*) FROM owed"] {
        let begun = Instant::now();
        let count = tx.number(table, args![]).await?;
        beside(&format!("{table}: {count}"), begun.elapsed());
    }
    drop(tx);
    println!("  the same of a street:");
    let street = Person::of(app, "street", "990102010000").await?;
    // The household is of another street.
    let is_its = |path: &str| !path.starts_with("/api/") && !path.starts_with("/household/");
    for (name, path) in lists.iter().filter(|(_, path)| is_its(path)) {
        if let Err(error) = street.figure(name, path).await {
            println!("  {name:<44} {error}");
        }
    }
    Ok(())
}
