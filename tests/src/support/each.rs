//! One test body on each database, and the word about those that are not there.
//!
//! Invariant: a test is skipped aloud, and never under `cargo xtask test`.

use std::io::Write;

/// Set by `cargo xtask test`, which starts every server: a missing one is a failure there.
pub const URLS_REQUIRED: &str = "XDB_TEST_ALL";

/// Says that the current test is skipped and why.
///
/// # Panics
/// Under `cargo xtask test`, where nothing may be skipped.
pub fn skip(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(std::env::var_os(URLS_REQUIRED).is_none(), "{test} may not be skipped: {why}");
    // Written past the capture of the test harness: a skipped test must be seen.
    drop(writeln!(std::io::stderr(), "skipped {test}: {why}"));
}

/// Makes one test per database of one body: `on_each!(fn name(ws) { … });`, or
/// `on_each!([Sqlite, Postgres] fn name(ws) { … });`. `ws` is a `Workspace` of its own.
#[macro_export]
macro_rules! on_each {
    (fn $name:ident($ws:ident) $body:block) => {
        $crate::on_each!([Sqlite, Postgres, MariaDb] fn $name($ws) $body);
    };
    ([$($kind:ident),+] fn $name:ident($ws:ident) $body:block) => {
        mod $name {
            use super::*;

            fn body($ws: &$crate::support::Workspace) $body

            $(
                #[test]
                #[expect(non_snake_case, reason = "named after the database")]
                fn $kind() {
                    let kind = $crate::support::Kind::$kind;
                    if let Some(workspace) = $crate::support::Workspace::on(kind) {
                        body(&workspace);
                    }
                }
            )+
        }
    };
}

/// Compares a run with its snapshot: exit code, stdout and stderr together.
#[macro_export]
macro_rules! snapshot {
    ($name:expr, $run:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => true, omit_expression => true }, {
            insta::assert_snapshot!($name, $run.text());
        })
    };
}
