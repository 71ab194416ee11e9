//! The JSON API under `/api/v1`: the same acts as the command line, over HTTP.
//!
//! A noun is a file. Handlers take the acting person and checked values, call
//! one use case and answer its value; what goes wrong is a `problem`.
//! The description, `openapi.json`, is made from the handlers themselves.

mod archive;
mod corrections;
mod documents;
mod draws;
mod encryption;
mod evidence;
mod files;
mod findings;
mod funds;
mod given;
mod guard;
mod households;
mod jobs;
mod keying;
mod kinship;
mod lendings;
mod living;
mod log;
mod notices;
mod own;
mod payments;
mod people;
mod problem;
mod progress;
mod registers;
mod rosters;
mod search;
mod sessions;
mod standards;
mod statistics;
mod timestamps;
mod uses;
mod verifications;
mod volumes;

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use self::guard::same_site;
pub use self::problem::{Error, Failed, Problem};
use crate::app::App;

/// What the description says beside the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "一档 Yidang",
        description = "One household, one file: the acts of the archive over HTTP. What is answered \
                       is durable. Every error has one shape: `{\"error\":{\"code\",\"message\",\"hint\"}}`. \
                       Who looks at the file of a household says why in the header `Yidang-Reason`: \
                       1 review, 2 checking, 3 petition, 4 audit, or words (UTF-8, percent-encoded); \
                       it is kept for the day.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact()
    ),
    servers((url = "/api/v1")),
    components(schemas(Failed)),
    modifiers(&Bearer),
    security(("bearer" = [])),
    tags(
        (name = "session", description = "登录: who asks, and what concerns nobody else"),
        (name = "people", description = "人员: accounts and what they may do"),
        (name = "lendings", description = "借阅: files that are lent"),
        (name = "documents", description = "件: one paper, from the intake desk to its household"),
        (name = "search", description = "检索"),
        (name = "households", description = "户: the files of households and their bound volumes"),
        (name = "living", description = "动态: what is known of households, their cases, what is missing and due"),
        (name = "encryption", description = "加密: how the store is encrypted; keys that are destroyed"),
        (name = "archive", description = "Rules, organisations, state and proof of the archive")
    )
)]
struct Description;

/// How a program shows who it is.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// Every route of the API, to be nested at `/api/v1`.
pub fn router() -> Router<Arc<App>> {
    let (router, _) = parts();
    let text = openapi().to_json().unwrap_or_default();
    router
        .route(
            "/openapi.json",
            get(move || async move { ([(CONTENT_TYPE, "application/json")], text) }),
        )
        .fallback(|| async { Problem::no_route() })
        .method_not_allowed_fallback(|| async { Problem::no_method() })
}

/// The description of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    parts().1
}

fn parts() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let (router, mut api) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(documents::routes())
        .merge(files::routes())
        .merge(corrections::routes())
        .merge(search::routes())
        .merge(search::alike::routes())
        .merge(search::kept::routes())
        .merge(households::routes())
        .merge(living::routes())
        .merge(payments::routes())
        .merge(standards::routes())
        .merge(funds::routes())
        .merge(volumes::routes())
        .merge(archive::routes())
        .merge(jobs::routes())
        .merge(verifications::routes())
        .merge(log::routes())
        .merge(timestamps::routes())
        .merge(uses::routes())
        .merge(people::routes())
        .merge(own::routes())
        .merge(lendings::routes())
        .merge(notices::routes())
        .merge(sessions::routes())
        .merge(encryption::routes())
        .merge(keying::routes())
        .merge(registers::routes())
        .merge(draws::routes())
        .merge(evidence::routes())
        .merge(rosters::routes())
        .merge(findings::routes())
        .merge(statistics::routes())
        .merge(kinship::routes())
        .split_for_parts();
    open_parts(&mut api);
    name_operations(&mut api);
    (router, api)
}

/// Names each operation by its method and path, such as `get_households_no_facts`, since
/// the functions behind them share names: programs that make clients want each only once.
fn name_operations(api: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|one| !one.is_empty());
        let place = words.collect::<Vec<_>>().join("_");
        for (method, operation) in [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// A value that is a part of another one has fields of the other beside its own:
/// by itself it refuses none.
fn open_parts(api: &mut utoipa::openapi::OpenApi) {
    use utoipa::openapi::{RefOr, Schema};
    let Some(components) = &mut api.components else { return };
    let wholes = components.schemas.values().filter_map(|schema| match schema {
        RefOr::T(Schema::AllOf(all)) => Some(&all.items),
        _ => None,
    });
    let parts = wholes.flatten().filter_map(|part| match part {
        RefOr::Ref(part) => part.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    let parts: Vec<String> = parts.map(ToOwned::to_owned).collect();
    for part in parts {
        if let Some(RefOr::T(Schema::Object(part))) = components.schemas.get_mut(&part) {
            part.additional_properties = None;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    /// Every `$ref` in a value.
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Value::String(to) if key == "$ref" => found.push(to),
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn the_description_names_nothing_it_does_not_hold() {
        let api = serde_json::to_value(super::openapi()).unwrap();
        let mut found = Vec::new();
        references(&api, &mut found);
        assert!(found.len() > 50);
        for to in found {
            let at = to.strip_prefix('#').unwrap();
            assert!(api.pointer(at).is_some(), "{to}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_how_it_fails() {
        let api = serde_json::to_value(super::openapi()).unwrap();
        let paths = api["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, one)| (path, method, one))
        });
        let mut names = BTreeSet::new();
        for (path, method, operation) in operations {
            let failed = &operation["responses"]["default"]["content"]["application/json"];
            assert_eq!(failed["schema"]["$ref"], "#/components/schemas/Failed", "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
            let name = operation["operationId"].as_str().unwrap();
            assert!(name.starts_with(&format!("{method}_")), "{method} {path}: {name}");
            assert!(names.insert(name), "{method} {path}: another is {name} too");
        }
        assert!(names.contains("get_households_no_facts"));
        assert_eq!(names.len(), 162);
    }
}
