#![no_main]

#[path = "../inputs.rs"]
#[allow(dead_code)]
mod inputs;

// What opens workbooks may panic: the reader catches it and refuses the file. Only what
// goes on from there to libFuzzer is a find.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| {
        if std::panic::catch_unwind(|| inputs::table(bytes)).is_err() {
            std::process::abort();
        }
    }
);
