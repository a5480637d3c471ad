//! SQLite.

use super::kinds::{Kind, SQLITE};
use super::names::{list, name, name_on, renamed, unquote};
use super::read::rollback;
use super::{Control, Effects, ObjectKind, Reach, Words};
use crate::TokenKind;

/// Pragmas that fail or do nothing in a transaction when a value is given.
const PRAGMAS_ALONE: [&str; 4] =
    ["data_store_directory", "journal_mode", "synchronous", "temp_store_directory"];

const FIRST: [&str; 16] = [
    "BEGIN",
    "COMMIT",
    "END",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "CREATE",
    "ALTER",
    "DROP",
    "PRAGMA",
    "VACUUM",
    "ATTACH",
    "DETACH",
    "SELECT",
    "WITH",
    "VALUES",
];

pub(super) fn effects(words: &mut Words<'_>) -> Effects {
    match words.eat_one(&FIRST) {
        Some("BEGIN") => Effects::control(Control::Begin),
        Some("COMMIT" | "END") => Effects::control(Control::Commit),
        Some("ROLLBACK") => rollback(words),
        Some("SAVEPOINT" | "RELEASE") => Effects::control(Control::Savepoint),
        Some("CREATE") => create(words),
        Some("ALTER") => alter(words),
        Some("DROP") => drop(words),
        Some("PRAGMA") => pragma(words),
        Some("VACUUM") => {
            let reach = words.seek(&["INTO"]).map(|_| Reach::Files);
            Effects { reach, ..Effects::alone() }
        }
        Some("ATTACH" | "DETACH") => Effects { reach: Some(Reach::Files), ..Effects::alone() },
        Some(_) => {
            let loads = words.any(|item| item.is_word("load_extension"));
            Effects { reach: loads.then_some(Reach::Files), ..Effects::default() }
        }
        None => Effects::default(),
    }
}

fn kind(words: &mut Words<'_>) -> Option<Kind> {
    words.eat_any(&["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"]);
    let kind = SQLITE.iter().find(|kind| words.eat(kind.word)).copied();
    words.skip_if_exists();
    kind
}

fn create(words: &mut Words<'_>) -> Effects {
    let objects = kind(words).and_then(|kind| match kind.object {
        ObjectKind::Index | ObjectKind::Trigger => name_on(words, kind.object),
        object => name(words).and_then(|name| name.object(object)),
    });
    Effects { objects: objects.into_iter().collect(), ..Effects::ddl() }
}

fn alter(words: &mut Words<'_>) -> Effects {
    let table = kind(words).and_then(|kind| name(words).and_then(|name| name.object(kind.object)));
    let mut effects = Effects { objects: table.into_iter().collect(), ..Effects::ddl() };
    if words.eat_all(&["RENAME", "TO"]) {
        effects.rebuild = true;
        let new = effects.objects.first().and_then(|table| renamed(table, words));
        effects.objects.extend(new);
    }
    effects
}

fn drop(words: &mut Words<'_>) -> Effects {
    let Some(kind) = kind(words) else {
        return Effects::ddl();
    };
    Effects {
        objects: list(words, kind.object),
        rebuild: kind.object == ObjectKind::Table,
        ..Effects::ddl()
    }
}

fn pragma(words: &mut Words<'_>) -> Effects {
    let Some(name) = pragma_name(words) else {
        return Effects::default();
    };
    let has_value = words.eat_symbol("=") || words.eat_symbol("(");
    let is = |pragma: &&str| name.eq_ignore_ascii_case(pragma);
    if is(&"foreign_keys") && has_value {
        return Effects { foreign_keys: Some(boolean(words)), ..Effects::default() };
    }
    let alone = is(&"wal_checkpoint") || (has_value && PRAGMAS_ALONE.iter().any(is));
    Effects { alone, ..Effects::default() }
}

/// `name` or `schema.name`.
fn pragma_name(words: &mut Words<'_>) -> Option<String> {
    name(words)?.object(ObjectKind::Other).map(|object| object.name)
}

/// `sqlite3GetBoolean()`: a number but 0, `on`, `yes`, `true`.
fn boolean(words: &mut Words<'_>) -> bool {
    words.eat_symbol("+");
    let Some(item) = words.next() else {
        return false;
    };
    match item.kind {
        TokenKind::Number => item.text.parse::<i64>().is_ok_and(|n| n != 0),
        TokenKind::String | TokenKind::QuotedIdent => is_true(&unquote(item.text)),
        _ => is_true(item.text),
    }
}

fn is_true(value: &str) -> bool {
    ["1", "on", "yes", "true"].iter().any(|word| value.eq_ignore_ascii_case(word))
}
