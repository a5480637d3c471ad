//! Any text is a lock file that is written as it was read, or is refused with a line inside it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask_db_history::{LockError, LockFile, canonical};

fuzz_target!(|bytes: &[u8]| {
    // As `LockFile::read` does it, without a file.
    let Ok(text) = canonical(bytes) else { return };
    let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    let read = LockFile::parse(&text);
    check(read.as_ref(), lines);
    let merged = LockFile::merge_conflicted(&text);
    check(merged.as_ref(), lines);
    if let Ok(read) = read {
        // Without markers there is one side, and it loses nothing.
        assert_eq!(merged.ok(), Some(read));
    }
});

fn check(read: Result<&LockFile, &LockError>, lines: u32) {
    let line = match read {
        Ok(lock) => {
            let text = lock.to_string();
            assert_eq!(LockFile::parse(&text).as_ref().ok(), Some(lock), "{text}");
            return;
        }
        Err(
            LockError::Conflict { line }
            | LockError::Newer { line, .. }
            | LockError::Syntax { line, .. }
            | LockError::Twice { line, .. },
        ) => *line,
        Err(error) => panic!("{error}"),
    };
    assert!((1..=lines).contains(&line), "line {line} of {lines}");
}
