//! Any text is split and shaped, or refused with a place inside it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask_db_sql::{Dialect, Position, Syntax, position, shape, split};

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
        check(text, Syntax::of(dialect));
    }
});

fn check(text: &str, syntax: Syntax) {
    let last = position(text, text.len());
    let inside = |at: Position| assert!(at <= last, "{at:?} is behind {last:?}");
    let script = match split(text, syntax) {
        Ok(script) => script,
        Err(error) => return inside(error.at()),
    };
    let mut end = 0;
    for statement in &script.statements {
        assert!(statement.span.start >= end && statement.span.end > statement.span.start);
        assert_eq!(statement.at, position(text, statement.span.start));
        end = statement.span.end;
    }
    assert!(end <= text.len());
    if let Err(error) = shape(text, &script, syntax) {
        inside(error.at());
    }
}
