//! A child process as seen from outside: started with nothing but the file, listened to for a limited time, killed when dropped.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use super::wire::{Answer, Request, receive};
use super::{Cost, Error, child, picture};

/// How much of a dying child's last words is kept.
const LAST_WORDS: u64 = 4 << 10;
/// How long a child that closed its output may take to end.
const GRACE: Duration = Duration::from_secs(2);

pub(super) struct Child {
    process: tokio::process::Child,
    answers: BufReader<ChildStdout>,
    words: ChildStderr,
    seconds: u64,
    memory: u64,
}

impl Child {
    /// Starts `program` on the file; dropping the value kills it.
    pub(super) fn start(program: &Path, request: &Request, file: File) -> Result<Self, Error> {
        let argument = serde_json::to_string(request).map_err(Error::machine)?;
        let mut process = Command::new(program)
            .arg(child::VERB)
            .arg(argument)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                Error::machine(format!("the page reader could not be started: {error}"))
            })?;
        let (Some(answers), Some(words)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(Error::machine("the page reader has no output"));
        };
        Ok(Child {
            process,
            answers: BufReader::with_capacity(64 << 10, answers),
            words,
            seconds: request.limits.seconds_per_page,
            memory: request.limits.child_memory,
        })
    }

    /// The next answer with its body. An error when the child reports one, takes too long, or ends without a word;
    /// after an error nothing more is to be expected of it.
    pub(super) async fn next(&mut self) -> Result<(Answer, Vec<u8>), Error> {
        let side = u64::from(picture::MAX_SIDE);
        let patience = Duration::from_secs(self.seconds);
        match timeout(patience, receive(&mut self.answers, 3 * side * side)).await {
            Err(_) => Err(Error::TooCostly { cost: Cost::Seconds(self.seconds) }),
            Ok(Some((Answer::Failed(error), _))) => Err(error),
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(self.post_mortem().await),
        }
    }

    /// Why there was no answer.
    async fn post_mortem(&mut self) -> Error {
        let mut words = Vec::new();
        let ending = async {
            // What it said is only a hint; how it ended is what counts.
            let _ = (&mut self.words).take(LAST_WORDS).read_to_end(&mut words).await;
            self.process.wait().await
        };
        match timeout(GRACE, ending).await {
            Ok(Ok(status)) => {
                cause(status, &String::from_utf8_lossy(&words), self.seconds, self.memory)
            }
            // It lives on but does not speak the language: output over the bound, or not our program.
            _ => Error::TooCostly { cost: Cost::Answer(super::wire::MAX_JSON.into()) },
        }
    }
}

/// What an ended child died of, from its exit status and its last words.
fn cause(status: ExitStatus, words: &str, seconds: u64, memory: u64) -> Error {
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    if words.contains("overflowed its stack") {
        return Error::unreadable("its parts are nested without end");
    }
    if words.contains("memory allocation") {
        return Error::TooCostly { cost: Cost::Memory(memory) };
    }
    match status.signal() {
        // The kernel kills for time, and when the machine as a whole runs out of memory.
        Some(SIGXCPU) => Error::TooCostly { cost: Cost::Seconds(seconds) },
        Some(SIGKILL) => Error::TooCostly { cost: Cost::Memory(memory) },
        Some(signal) => Error::unreadable(format!("the page reader died of signal {signal}")),
        None => Error::machine(format!(
            "the page reader ended without an answer ({status}): {}",
            words.trim()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths_are_told_apart() {
        let memory = Error::TooCostly { cost: Cost::Memory(7) };
        let time = Error::TooCostly { cost: Cost::Seconds(9) };
        let abort = ExitStatus::from_raw(6);
        assert_eq!(cause(abort, "memory allocation of 99 bytes failed", 9, 7), memory);
        assert_eq!(cause(ExitStatus::from_raw(9), "", 9, 7), memory);
        assert_eq!(cause(ExitStatus::from_raw(24), "", 9, 7), time);
        let stack = cause(abort, "thread 'main' has overflowed its stack", 9, 7);
        assert_eq!(stack.code(), "unreadable");
        assert_eq!(cause(ExitStatus::from_raw(11), "", 9, 7).code(), "unreadable");
        assert_eq!(cause(ExitStatus::from_raw(0x100), "", 9, 7).code(), "machine");
    }
}
