//! `yidang-verify`: checks a bag, or two checkpoints, by the auditor's policy.
//! Exit status: 0 sound, 1 not sound, 2 wrong usage, 3 could not look.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yidang_verifier::policy::Policy;
use yidang_verifier::{Report, Verdict, verify};

const USAGE: &str = "\
usage: yidang-verify DIR --policy FILE [--tsa CERTS] [--json]
       yidang-verify consistency OLD NEW --policy FILE [--path FILE] [--json]

DIR      a folder that `yidang prove` made
OLD NEW  two checkpoints of the same log that you kept
FILE     whom you trust; never take it from what is to be checked
--tsa    the certificates of the timestamp authority you trust, in PEM;
         its signature is checked by the command `openssl`
--path   the hashes between two checkpoints of different size, as
         `yidang consistency OLD NEW` prints them

exit status: 0 sound, 1 not sound, 2 wrong usage, 3 could not look";

struct Asked {
    places: Vec<PathBuf>,
    policy: PathBuf,
    path: Option<PathBuf>,
    authority: Option<PathBuf>,
    json: bool,
}

fn asked() -> Option<Asked> {
    let mut words = std::env::args_os().skip(1);
    let (mut places, mut policy, mut path, mut json) = (Vec::new(), None, None, false);
    let mut authority = None;
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--policy") => policy = Some(words.next()?.into()),
            Some("--path") => path = Some(words.next()?.into()),
            Some("--tsa") => authority = Some(words.next()?.into()),
            Some("--json") => json = true,
            Some(flag) if flag.starts_with("--") => return None,
            _ => places.push(PathBuf::from(word)),
        }
    }
    Some(Asked { places, policy: policy?, path, authority, json })
}

fn read(path: &Path, report: &mut Report) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) => {
            report.say(Verdict::Unseen, format!("{}: {error}", path.display()));
            None
        }
    }
}

fn check(asked: &Asked) -> Option<Report> {
    let mut report = Report::default();
    let Some(policy) = read(&asked.policy, &mut report) else { return Some(report) };
    let policy = match Policy::parse(&policy) {
        Ok(policy) => policy,
        Err(why) => {
            report.say(Verdict::Unseen, why.to_string());
            return Some(report);
        }
    };
    match asked.places.as_slice() {
        [word, old, new] if word.as_os_str() == "consistency" => {
            let (Some(old), Some(new)) = (read(old, &mut report), read(new, &mut report)) else {
                return Some(report);
            };
            let path = match &asked.path {
                Some(path) => match read(path, &mut report) {
                    Some(text) => text,
                    None => return Some(report),
                },
                None => String::new(),
            };
            Some(verify::consistency(&old, &new, &path, &policy))
        }
        [folder] => Some(verify::bag(folder, &policy, asked.authority.as_deref())),
        _ => None,
    }
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Some(report) = check(&asked) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if asked.json {
        println!("{}", report.to_json());
    } else {
        print!("{}", report.to_text());
    }
    ExitCode::from(report.status())
}
