//! Histories, lock files and ledgers written as words, for tests.
//!
//! A letter is a migration, `b` after `a`; `B` has the version of `b` and sorts before it. After
//! the letter: `*` another text, `~` the text with another comment, `=x` the text of `x`,
//! `%` a backfill. In a lock file also: `<` the plain text as `was:`, `+` `order:any`; `?b` is a
//! draft, `-b` is absent. In a ledger also: `!` unfinished, `^` rolled back, `r` hashed with CRLF,
//! `m` with a byte-order mark, `w` with both, `u` in capitals.

use xtask_db_sql::Dialect;

use crate::{Checksum, Entry, History, LockFile, Migration, MigrationId, Row, Sealed, SqlFile};

/// The history of a folder and a lock file.
pub(crate) fn history(disk: &str, lock: &str) -> History {
    let mut migrations: Vec<Migration> = disk.split_whitespace().map(migration).collect();
    migrations.sort_by(|first, second| first.id.cmp(&second.id));
    let mut file = LockFile::new(Dialect::Sqlite, "t");
    lock.split_whitespace().for_each(|word| file.put(line(word, file.syntax())));
    History { migrations, lock: file }
}

/// The rows of a ledger.
pub(crate) fn ledger(words: &str) -> Vec<Row> {
    words.split_whitespace().enumerate().map(|(at, word)| row(at, word)).collect()
}

/// An id's letter.
pub(crate) fn letter(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(_, letter)| letter)
}

fn id(word: &str) -> MigrationId {
    let letter = word.trim_start_matches(['?', '-']).as_bytes()[0];
    let number = letter.to_ascii_lowercase() - b'a' + 10;
    format!("202601010000{number}_{}", char::from(letter)).parse().unwrap()
}

fn text(word: &str) -> String {
    let name = word.split_once('=').map_or(&word[..1], |(_, other)| &other[..1]);
    let comment = if word.contains('~') { "-- why\n" } else { "" };
    let more = if word.contains('*') { ", y" } else { "" };
    format!("{comment}CREATE TABLE {name} (x{more});\n")
}

fn migration(word: &str) -> Migration {
    let file = |text: String| SqlFile { path: "".into(), text: text.into() };
    let text = text(word);
    Migration {
        id: id(word),
        checksum: Checksum::of(&text),
        up: file(text),
        down: None,
        verify: None,
        backfill: word.contains('%').then(|| file("UPDATE t".to_owned())),
        readme: None,
    }
}

fn line(word: &str, syntax: xtask_db_sql::Syntax) -> Entry {
    match word.as_bytes()[0] {
        b'?' => Entry::Draft(id(word)),
        b'-' => Entry::Absent(id(word)),
        _ => {
            let mut line = Sealed::of(&migration(word), syntax);
            line.order_any = word.contains('+');
            line.was.extend(word.contains('<').then(|| Checksum::of(&text(&word[..1]))));
            Entry::Sealed(line)
        }
    }
}

fn row(at: usize, word: &str) -> Row {
    let text = text(word);
    let marks = word.split_once('=').map_or(&word[1..], |(_, other)| &other[1..]);
    let [crlf, bom, both] = Checksum::of_variants(&text);
    let sum = match marks.chars().find(|mark| "rmw".contains(*mark)) {
        Some('r') => crlf,
        Some('m') => bom,
        Some(_) => both,
        None => Checksum::of(&text),
    };
    let checksum = sum.to_string();
    let time = |set: bool| set.then(|| format!("2026-01-01 00:00:{at:02}"));
    Row {
        row_id: at.to_string(),
        name: id(word).to_string(),
        checksum: if marks.contains('u') { checksum.to_uppercase() } else { checksum },
        started_at: format!("2026-01-01 00:00:{at:02}"),
        finished_at: time(!marks.contains(['!', '^'])),
        rolled_back_at: time(marks.contains('^')),
        steps: 0,
        logs: None,
        duration_ms: None,
    }
}
