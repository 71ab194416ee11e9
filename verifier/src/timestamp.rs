//! The word of a timestamp authority (RFC 3161) for how old the log is at
//! least. `openssl` checks its signature; everything around it is checked here.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::bag::{Bag, BagError, to_hex};
use crate::merkle::{self, consistent, sha256};
use crate::note::{Checkpoint, Note};
use crate::time;
use crate::{Report, Result, Verdict, Wrong};

/// What is said of an authority whose certificates have ended.
const EXPIRED: &str = "; its certificate was valid then and is not now: it has expired since";
/// Where it stands in a bag.
const FOLDER: &str = "data/timestamp/";

/// Checks the timestamp of a bag, where it has one: that the checkpoint that was
/// confirmed covers the entries up to `last`, that `checkpoint` continues it,
/// and, by the certificates in the file `authority`, that it was confirmed.
///
/// # Errors
/// When something is wrong, or could not be looked at.
pub fn check(
    bag: &Bag,
    checkpoint: &Checkpoint,
    last: u64,
    authority: Option<&Path>,
    report: &mut Report,
) -> std::result::Result<(), BagError> {
    if !bag.files().any(|(path, _)| path.starts_with(FOLDER)) {
        if authority.is_some() {
            report.say(Verdict::Open, "when the log was there: the bag has no timestamp");
        }
        return Ok(());
    }
    let note = Note::parse(&bag.text(&format!("{FOLDER}checkpoint"))?)?;
    let stamped = Checkpoint::of(&note)?;
    let path = bag.text(&format!("{FOLDER}consistency"))?;
    let path = path.lines().map(merkle::parse).collect::<Result<Vec<_>>>()?;
    let answer = bag.read(&format!("{FOLDER}checkpoint.tsr"))?;
    if stamped.origin != checkpoint.origin || stamped.size <= last {
        return Err(Wrong("the timestamp does not cover the entries of the bag".into()).into());
    }
    let (old, new) = ((stamped.size, stamped.root), (checkpoint.size, checkpoint.root));
    consistent(old, new, &path).map_err(|why| Wrong(format!("the timestamp: {why}")))?;
    let size = stamped.size;
    let Some(authority) = authority else {
        report.say(
            Verdict::Open,
            format!("when the log had its first {size} entries: name the authority by --tsa"),
        );
        return Ok(());
    };
    if let Err(error) = std::fs::File::open(authority) {
        return Err(BagError::Unseen(format!("{}: {error}", authority.display())));
    }
    let digest = to_hex(&sha256(note.text.as_bytes()));
    let confirmed = |when: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(["ts", "-verify", "-digest", &digest, "-in", "/dev/stdin", "-CAfile"]);
        run(command.arg(authority).args(when), &answer)
    };
    let mut command = Command::new("openssl");
    let told = run(command.args(["ts", "-reply", "-text", "-in", "/dev/stdin"]), &answer)?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let time = told.lines().find_map(|line| line.strip_prefix("Time stamp: "));
    let now = confirmed(&[])?;
    // Certificates end; what was confirmed before that stays so. Once more, as if
    // it were the time that the answer says.
    let then = time.filter(|_| !now.status.success()).and_then(time::told);
    let expired = match then {
        Some(then) => confirmed(&["-attime", &then.to_string()])?.status.success(),
        None => false,
    };
    if !now.status.success() && !expired {
        let said = String::from_utf8_lossy(&now.stderr).into_owned();
        let why = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
        return Err(Wrong(format!(
            "the authority of {} has not confirmed this checkpoint: {why}",
            authority.display()
        ))
        .into());
    }
    let Some(time) = time else {
        return Err(BagError::Unseen("openssl does not tell the time of the timestamp".into()));
    };
    let since = if expired { EXPIRED } else { "" };
    report.say(
        Verdict::Sound,
        format!(
            "the log had its first {size} entries on {time}, says the timestamp authority{since}"
        ),
    );
    Ok(())
}

/// Runs a command that reads `input`.
fn run(command: &mut Command, input: &[u8]) -> std::result::Result<Output, BagError> {
    let unseen = |error: std::io::Error| BagError::Unseen(format!("openssl: {error}"));
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(unseen)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever does not read to the end has said why already.
        let _ = stdin.write_all(input);
    }
    child.wait_with_output().map_err(unseen)
}
