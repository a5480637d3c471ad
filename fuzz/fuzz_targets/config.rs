//! Any text is a configuration whose settings can all be asked for, or is refused.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| xtask_db_cli::configuration(text));
