//! Parse, call, say what went wrong, set the exit status.

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Must come first: a child that reads a stranger's file does nothing else.
    yidang::extract::child::main();
    end_quietly_when_nobody_reads();
    let filter = EnvFilter::try_from_env("YIDANG_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    ExitCode::from(yidang::cli::run())
}

/// Whoever reads what is printed may stop reading, as `head` does: that is the end,
/// and no fault.
fn end_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload_as_str().unwrap_or_default();
        if said.starts_with("failed printing to stdout") && said.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
