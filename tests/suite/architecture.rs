//! Who knows whom, read from the sources: the module picture of `src/lib.rs`
//! is held here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use yidang::model::codes;

/// A source file without its comments and tests.
struct Source {
    /// Its path below `src/`.
    path: PathBuf,
    text: String,
}

impl Source {
    /// The module it belongs to: `vault` for `vault.rs` and `vault/key.rs`.
    fn module(&self) -> String {
        let first = self.path.components().next().unwrap();
        first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
    }

    /// The modules of ours that it names, each as `module` or, where more is
    /// named, `module::item`.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (at, _) in self.text.match_indices("crate::") {
            let rest = &self.text[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                None => drop(names.insert(path_of(rest))),
                Some(list) => names.extend(branches(list).iter().map(|one| path_of(one))),
            }
        }
        names
    }
}

/// The path at the beginning of `text`, with the items of a list joined by a
/// bar: `vault::VaultError`, `vault::Key|Vault`.
fn path_of(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let end = text.find(|c| !plain(c)).unwrap_or(text.len());
    let path = text[..end].trim_end_matches(':');
    match text[end..].strip_prefix('{') {
        Some(list) if text[..end].ends_with("::") => {
            let items = branches(list);
            format!(
                "{path}::{}",
                items.iter().map(|one| path_of(one)).collect::<Vec<_>>().join("|")
            )
        }
        _ => path.to_owned(),
    }
}

/// The branches of a `use` list that begins behind its bracket.
fn branches(list: &str) -> Vec<String> {
    let (mut depth, mut found) = (0, vec![String::new()]);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    found.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                let code = |line: &&str| !line.trim_start().starts_with("//");
                let text = text.lines().filter(code).collect::<Vec<_>>().join("\n");
                found.push(Source { path: path.strip_prefix(&root).unwrap().to_owned(), text });
            }
        }
    }
    assert!(found.len() > 60, "the sources are read from {}", root.display());
    found
}

/// The first part of every path that a module names, itself left out.
fn neighbours(module: &str) -> BTreeSet<String> {
    let mut of_module = sources();
    of_module.retain(|source| source.module() == module);
    assert!(!of_module.is_empty(), "{module} is not there");
    let mut names: BTreeSet<String> = of_module
        .iter()
        .flat_map(Source::names)
        .map(|name| name.split("::").next().unwrap_or_default().to_owned())
        .collect();
    names.remove(module);
    names
}

fn assert_knows_only(module: &str, allowed: &[&str]) {
    let others: Vec<String> =
        neighbours(module).into_iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "{module} knows {others:?}; it may know {allowed:?}");
}

#[test]
fn the_model_knows_nothing_of_ours_and_touches_nothing() {
    assert_knows_only("model", &[]);
    let forbidden = [
        "std::fs",
        "std::env",
        "std::net",
        "tokio",
        "sqlx",
        "object_store",
        "::now()",
        "SystemTime",
        "Instant",
    ];
    assert_knows_only("tlog", &[]);
    let pure = |source: &&Source| ["model", "tlog"].contains(&source.module().as_str());
    for source in sources().iter().filter(pure) {
        for word in forbidden {
            assert!(!source.text.contains(word), "{} has {word}", source.path.display());
        }
    }
}

#[test]
fn capabilities_do_not_know_each_other() {
    // `args` is the macro that makes arguments for `db`.
    assert_knows_only("db", &["args"]);
    assert_knows_only("vault", &["model"]);
    assert_knows_only("extract", &["model"]);
    assert_knows_only("catalog", &["args", "db", "model"]);
    assert_knows_only("ledger", &["args", "db", "model", "tlog"]);
    assert_knows_only("config", &["credentials", "extract", "model", "tlog"]);
    assert_knows_only("credentials", &["outbound"]);
    assert_knows_only("durable", &[]);
    assert_knows_only("outbound", &[]);
    assert_knows_only("witness", &["durable", "tlog"]);
}

#[test]
fn the_edges_touch_no_sql_no_store_and_no_index() {
    let capabilities = ["db", "vault", "catalog", "ledger", "args"];
    for source in
        sources().iter().filter(|source| matches!(source.module().as_str(), "web" | "cli"))
    {
        let path = source.path.display();
        for crate_name in ["sqlx", "object_store", "tantivy"] {
            assert!(!source.text.contains(crate_name), "{path} has {crate_name}");
        }
        for part in [".db.", ".vault.", ".index.", ".recorder."] {
            assert!(!source.text.contains(part), "{path} reaches into the archive for {part}");
        }
        for name in source.names() {
            let (module, item) = name.split_once("::").unwrap_or((&name, ""));
            // An edge says errors in words, so it may name them, and the rows
            // that a view hands out.
            let is_word = item.split('|').all(|item| {
                let last = item.rsplit("::").next().unwrap_or_default();
                last.ends_with("Error") || last == "Refusal" || ROWS.contains(&last)
            });
            assert!(
                !capabilities.contains(&module) || (is_word && !item.is_empty()),
                "{path} names crate::{name}"
            );
        }
    }
}

/// Rows of the catalog that views hand to the edges as they are.
const ROWS: [&str; 8] =
    ["Document", "FileRow", "Household", "Listed", "MemberRow", "Volume", "Job", "Organisation"];

#[test]
fn every_page_is_in_the_gallery() {
    let sources = sources();
    let below = sources.iter().filter(|source| source.path.starts_with("web/page"));
    // Suggestions are a part of whatever page is open.
    let below = below.filter(|source| !source.path.ends_with("suggest.rs"));
    let pages: usize = below.map(|source| source.text.matches("super::page!(").count()).sum();
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/page.rs");
    let gallery = std::fs::read_to_string(gallery).unwrap();
    assert!(pages > 30, "{pages}");
    assert_eq!(gallery.matches("    draw::<").count(), pages, "pages that nobody looks at");
}

#[test]
fn nobody_but_the_program_knows_the_edges() {
    for source in sources() {
        let module = source.module();
        if matches!(module.as_str(), "web" | "cli" | "main" | "lib") {
            continue;
        }
        for name in source.names() {
            let first = name.split("::").next().unwrap_or_default();
            assert!(
                !matches!(first, "web" | "cli"),
                "{} names crate::{name}",
                source.path.display()
            );
        }
    }
}

#[test]
fn the_auditors_program_is_asked_in_one_place_and_knows_nothing_of_us() {
    for source in sources().iter().filter(|source| source.text.contains("yidang_verifier")) {
        let path = source.path.display().to_string();
        assert_eq!(path, "check.rs", "the auditor's program is asked in one place");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, needs) = manifest.split_once("[dependencies]").unwrap();
    for crate_name in ["yidang", "tlog_tiles", "signed_note"] {
        assert!(!needs.contains(crate_name), "the auditor's program needs {crate_name}");
    }
}

#[test]
fn the_crates_beside_know_nothing_of_records() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for one in ["indexer", "ocr"] {
        let manifest = std::fs::read_to_string(root.join(one).join("Cargo.toml")).unwrap();
        let own = format!("name = \"yidang-{one}\"");
        assert!(manifest.contains(&own));
        assert!(
            !manifest.replace(&own, "").contains("yidang"),
            "{one} knows another crate of ours"
        );
    }
}

#[test]
fn a_use_list_is_taken_apart() {
    let source = Source {
        path: PathBuf::from("cli/x.rs"),
        text: "use crate::{follow, worker::{self, next}};\nuse crate::vault::{VaultError, key::Key};\n\
               let a = crate::db::Db::sqlite(path);"
            .into(),
    };
    let names: Vec<String> = source.names().into_iter().collect();
    assert_eq!(
        names,
        ["db::Db::sqlite", "follow", "vault::VaultError|key::Key", "worker::self|next"]
    );
    assert_eq!(source.module(), "cli");
}

/// The names that values have in the description of the API.
#[test]
fn no_two_values_of_the_api_have_one_name() {
    let mut seen = BTreeSet::new();
    for source in sources() {
        for derive in source.text.split("#[derive(").skip(1) {
            let (derived, rest) = derive.split_once(")]").unwrap();
            if !derived.contains("ToSchema") {
                continue;
            }
            // Another one overwrites it without a word.
            let named = rest
                .split_once("#[schema(as = ")
                .filter(|(before, _)| !before.contains("struct ") && !before.contains("enum "));
            let name = match named {
                Some((_, name)) => name.split(')').next().unwrap(),
                None => {
                    let at =
                        ["struct ", "enum "].map(|kind| rest.find(kind).map(|at| at + kind.len()));
                    let at = at.into_iter().flatten().min().unwrap();
                    rest[at..].split(|c: char| !c.is_alphanumeric()).next().unwrap()
                }
            };
            let path = source.path.display();
            assert!(seen.insert(name.to_owned()), "{name} of {path} is the name of another value");
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}

/// The words in quotes that stand right behind `begin` in a text: one, or a list in
/// brackets, or the arms of a `CASE`.
fn quoted_behind(text: &str, begin: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (at, _) in text.match_indices(begin) {
        let mut rest = text[at + begin.len()..].trim_start();
        let is_list = rest.starts_with('(');
        rest = rest.trim_start_matches('(').trim_start();
        while let Some(inside) = rest.strip_prefix(['\'', '"']) {
            let Some(end) = inside.find(['\'', '"']) else { break };
            // What a macro puts in stands nowhere here.
            if end > 0 {
                words.insert(inside[..end].to_owned());
            }
            rest = inside[end + 1..].trim_start();
            match rest.strip_prefix(',').filter(|_| is_list) {
                Some(more) => rest = more.trim_start(),
                None => break,
            }
        }
    }
    words
}

#[test]
fn what_sql_asks_for_by_code_is_among_the_codes_that_rules_must_have() {
    let known: BTreeSet<&str> = (codes::OF_HOUSEHOLD.iter().chain(&codes::OF_MEMBER))
        .chain(&codes::STATES)
        .copied()
        .collect();
    let of_fields = ["field = ", "field IN ", "field NOT IN ", "field || '' = ", "field <> "];
    let of_states = ["state = ", "state IN ", "state NOT IN "];
    let households = ["h.", "n.", "o."];
    let of_states = households.iter().flat_map(|of| of_states.map(|one| format!("{of}{one}")));
    let macros = ["known!", "stated!", "declared!", "field WHEN "];
    let begins: Vec<String> =
        (of_fields.iter().chain(&macros)).map(|one| (*one).to_owned()).chain(of_states).collect();
    let mut asked = BTreeSet::new();
    for source in sources() {
        for begin in &begins {
            for word in quoted_behind(&source.text, begin) {
                assert!(known.contains(&*word), "{}: {begin}{word}", source.path.display());
                asked.insert(word);
            }
        }
    }
    assert!(asked.len() > 20, "{asked:?}");
}
