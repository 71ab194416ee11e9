//! Whom an auditor trusts (C2SP tlog-policy): written here to be taken away,
//! and never read here.

/// A witness as a policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// What the policy calls it.
    pub name: &'a str,
    /// Its verifier key.
    pub key: &'a str,
    /// Where it is asked.
    pub url: &'a str,
}

/// The policy that trusts a log by each of its keys, and asks for the
/// signatures of more than half of the witnesses; of none where there are none.
#[must_use]
pub fn text(logs: &[String], witnesses: &[Named<'_>]) -> String {
    let mut text = String::from(
        "# 审计员的信任策略 · Whom the auditor trusts (C2SP tlog-policy).\n\
         # 请带走并自行保管；核验时只认您手里的这一份。\n\
         # Take it away and keep it; only your own copy counts.\n",
    );
    for key in logs {
        text.push_str(&format!("log {key}\n"));
    }
    for Named { name, key, url } in witnesses {
        text.push_str(&format!("witness {name} {key} {url}\n"));
    }
    let names: Vec<&str> = witnesses.iter().map(|one| one.name).collect();
    // A name that no witness has.
    let mut group = String::from("witnesses");
    while names.contains(&group.as_str()) {
        group.push('+');
    }
    match names.as_slice() {
        [] => text.push_str("quorum none\n"),
        [one] => text.push_str(&format!("quorum {one}\n")),
        all => {
            let half = all.len() / 2 + 1;
            text.push_str(&format!("group {group} {half} {}\nquorum {group}\n", all.join(" ")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_half_of_the_witnesses_are_asked_for() {
        let of = |names: &[&'static str]| {
            let named: Vec<Named> =
                names.iter().map(|name| Named { name, key: "k", url: "http://w" }).collect();
            let text = text(&["a+1".into(), "a+2".into()], &named);
            let from = text.find("log ").unwrap_or_default();
            text[from..].replace("log a+1\nlog a+2\n", "")
        };
        assert_eq!(of(&[]), "quorum none\n");
        assert_eq!(of(&["a"]), "witness a k http://w\nquorum a\n");
        assert!(of(&["a", "b"]).ends_with("\ngroup witnesses 2 a b\nquorum witnesses\n"));
        assert!(of(&["a", "b", "c"]).ends_with("\ngroup witnesses 2 a b c\nquorum witnesses\n"));
        assert!(of(&["a", "witnesses"]).ends_with("\nquorum witnesses+\n"));
    }
}
