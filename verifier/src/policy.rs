//! Whom the auditor trusts (C2SP tlog-policy): logs, witnesses, and how many
//! of these must have signed.

use std::collections::BTreeSet;

use crate::note::{Checkpoint, Key, Note, Use};
use crate::{Result, Wrong, wrong};

/// A policy.
#[derive(Debug, Clone)]
pub struct Policy {
    logs: Vec<Key>,
    /// By name, each after those it names.
    members: Vec<(String, Member)>,
    quorum: Option<String>,
}

#[derive(Debug, Clone)]
enum Member {
    Witness(Key),
    Group(usize, Vec<String>),
}

/// Who vouches for a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The name of the log's key.
    pub log: String,
    /// The witnesses that have signed, each with the time in seconds since
    /// 1970.
    pub witnesses: Vec<(String, u64)>,
    /// Whether the policy asks for any.
    pub asked: bool,
    /// That they are too few, as a sentence; none when they are enough.
    pub lacking: Option<String>,
}

impl Policy {
    /// The policy in a text.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn parse(text: &str) -> Result<Self> {
        let (mut logs, mut members) = (Vec::<Key>::new(), Vec::<(String, Member)>::new());
        let mut quorum: Option<Option<String>> = None;
        for (line, at) in text.lines().zip(1..) {
            let words: Vec<&str> =
                line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            let on_line = |why: Wrong| Wrong(format!("line {at} of the policy: {why}"));
            let has = |members: &[(String, Member)], name: &str| {
                name == "none" || members.iter().any(|(other, _)| other == name)
            };
            let known = |members: &[(String, Member)], name: &str| match has(members, name) {
                true if name != "none" => Ok(name.to_owned()),
                _ => wrong!("line {at} of the policy: {name} is not defined above"),
            };
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["log", key] | ["log", key, _] => {
                    let key = Key::parse(key).map_err(on_line)?;
                    if key.purpose != Use::Log {
                        return wrong!("line {at} of the policy: not the key of a log");
                    }
                    if logs.iter().any(|log| log.bytes() == key.bytes()) {
                        return wrong!("line {at} of the policy: this log is named twice");
                    }
                    logs.push(key);
                }
                ["witness", name, key] | ["witness", name, key, _] => {
                    let key = Key::parse(key).map_err(on_line)?;
                    if key.purpose != Use::Witness {
                        return wrong!("line {at} of the policy: not the key of a witness");
                    }
                    let twice = members.iter().any(
                        |(_, one)| matches!(one, Member::Witness(other) if other.bytes() == key.bytes()),
                    );
                    if twice || has(&members, name) {
                        return wrong!("line {at} of the policy: {name} is taken, or named twice");
                    }
                    members.push(((*name).to_owned(), Member::Witness(key)));
                }
                ["group", name, many, of @ ..] if !of.is_empty() => {
                    let all: Vec<String> =
                        of.iter().map(|one| known(&members, one)).collect::<Result<_>>()?;
                    let many = match *many {
                        "any" => 1,
                        "all" => all.len(),
                        number => number.parse().unwrap_or(0),
                    };
                    if many == 0 || many > all.len() {
                        return wrong!(
                            "line {at} of the policy: {name} asks for an impossible number"
                        );
                    }
                    if has(&members, name) {
                        return wrong!("line {at} of the policy: {name} is taken");
                    }
                    members.push(((*name).to_owned(), Member::Group(many, all)));
                }
                ["quorum", name] => {
                    if quorum.is_some() {
                        return wrong!("line {at} of the policy: a second quorum");
                    }
                    quorum = Some(match *name {
                        "none" => None,
                        name => Some(known(&members, name)?),
                    });
                }
                _ => return wrong!("line {at} of the policy cannot be understood: {line:?}"),
            }
        }
        if logs.is_empty() {
            return wrong!("the policy names no log");
        }
        match quorum {
            Some(quorum) => Ok(Self { logs, members, quorum }),
            None => wrong!("the policy has no line `quorum`"),
        }
    }

    /// Checks who has signed a checkpoint, and that these are enough.
    ///
    /// # Errors
    /// As [`Policy::signed`], and when too few witnesses have.
    pub fn check(&self, note: &Note) -> Result<Vouched> {
        let vouched = self.signed(note)?;
        match vouched.lacking {
            Some(sentence) => Err(Wrong(sentence)),
            None => Ok(vouched),
        }
    }

    /// Checks who has signed a checkpoint; that these are too few is told and no error.
    ///
    /// # Errors
    /// When no log of the policy has, or a signature is wrong.
    pub fn signed(&self, note: &Note) -> Result<Vouched> {
        let checkpoint = Checkpoint::of(note)?;
        let named: Vec<&Key> =
            self.logs.iter().filter(|key| key.name == checkpoint.origin).collect();
        if named.is_empty() {
            let known: Vec<&str> = self.logs.iter().map(|key| key.name.as_str()).collect();
            return wrong!(
                "the checkpoint is of the log {}, and the policy trusts {}",
                checkpoint.origin,
                known.join(", ")
            );
        }
        let mut log = None;
        for key in named {
            if key.signed(note)?.is_some() {
                log = Some(key.name.clone());
            }
        }
        let Some(log) = log else {
            let others = note.ids_of(&checkpoint.origin).join(", ");
            return match others.as_str() {
                "" => wrong!("no key of {} that the policy trusts has signed", checkpoint.origin),
                ids => wrong!(
                    "no key of {} that the policy trusts has signed, only {ids}: if the log has \
                     changed its key, get the new one from it on another way than this, and add \
                     it to the policy",
                    checkpoint.origin
                ),
            };
        };
        let mut witnesses = Vec::new();
        for (name, member) in &self.members {
            if let Member::Witness(key) = member
                && let Some(time) = key.signed(note)?
            {
                witnesses.push((name.clone(), time.unwrap_or(0)));
            }
        }
        let lacking = self.lacking(&witnesses, checkpoint.size);
        Ok(Vouched { log, witnesses, asked: self.quorum.is_some(), lacking })
    }

    /// That these witnesses are too few for a checkpoint of that many entries; none when they are
    /// enough.
    fn lacking(&self, witnesses: &[(String, u64)], size: u64) -> Option<String> {
        let quorum = self.quorum.as_deref()?;
        if self.met(witnesses).contains(quorum) {
            return None;
        }
        let names: Vec<&str> = witnesses.iter().map(|(name, _)| name.as_str()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Some(format!(
            "the quorum {quorum} is not met by this checkpoint of {size} entries, too few \
             witnesses have signed it: {names}"
        ))
    }

    /// The witnesses that have signed, and the groups of which enough have.
    fn met(&self, witnesses: &[(String, u64)]) -> BTreeSet<&str> {
        let mut met = BTreeSet::new();
        for (name, member) in &self.members {
            let enough = match member {
                Member::Witness(_) => witnesses.iter().any(|(one, _)| one == name),
                Member::Group(many, all) => {
                    all.iter().filter(|one| met.contains(one.as_str())).count() >= *many
                }
            };
            if enough {
                met.insert(name.as_str());
            }
        }
        met
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOG: &str = "log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn what_is_no_policy_is_refused_with_its_line() {
        assert!(Policy::parse(&format!("# mine\n{LOG}\nquorum none\n")).is_ok());
        for (text, said) in [
            (String::new(), "no log"),
            (LOG.to_owned(), "quorum"),
            (format!("{LOG}\nquorum w\n"), "line 2"),
            (format!("{LOG}\n{LOG}\nquorum none\n"), "line 2"),
            (format!("{LOG}\nquorum none\nquorum none\n"), "line 3"),
            (format!("{LOG}\ngroup g 1\nquorum none\n"), "line 2"),
            (format!("{LOG}\nwitness none {}\nquorum none\n", &LOG[4..]), "line 2"),
            (format!("{LOG}x\nquorum none\n"), "line 1"),
            (format!("{}\nquorum none", LOG.replace("530d", "530e")), "id 530d903a"),
        ] {
            let refused = Policy::parse(&text).unwrap_err();
            assert!(refused.0.contains(said), "{text:?}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(log |witness |group |quorum |none|any|a|\n| |\\PC){0,60}") {
            let _ = Policy::parse(&text);
        }
    }
}
