//! What single statements do. The golden files hold more of them.

mod mysql;
mod postgres;
mod sqlite;

use xtask_db_sql::{Control, Dialect, Effects, ObjectKind, Reach, Syntax, split};

const SQLITE: Syntax = Syntax::of(Dialect::Sqlite);
const POSTGRES: Syntax = Syntax::of(Dialect::Postgres);
const MYSQL: Syntax = Syntax::of(Dialect::Mysql);

#[track_caller]
fn effects(syntax: Syntax, text: &str) -> Effects {
    let mut script = split(text, syntax).unwrap();
    assert_eq!(script.statements.len(), 1, "{text:?}");
    script.statements.remove(0).effects
}

#[track_caller]
fn control(syntax: Syntax, text: &str, expected: Option<Control>) {
    assert_eq!(effects(syntax, text).control, expected, "{text:?}");
}

/// `texts` are statements with ` | ` between them.
#[track_caller]
fn alone(syntax: Syntax, expected: bool, texts: &str) {
    for text in texts.split(" | ") {
        assert_eq!(effects(syntax, text).alone, expected, "{text:?}");
    }
}

/// `texts` are statements with ` | ` between them.
#[track_caller]
fn reach(syntax: Syntax, expected: Option<Reach>, texts: &str) {
    for text in texts.split(" | ") {
        assert_eq!(effects(syntax, text).reach, expected, "{text:?}");
    }
}

/// `expected`: `schema.name@on`, separated by blanks.
#[track_caller]
fn objects(syntax: Syntax, text: &str, kind: ObjectKind, expected: &str) {
    let found: Vec<String> = effects(syntax, text)
        .objects
        .iter()
        .map(|object| {
            assert_eq!(object.kind, kind, "{text:?}");
            let schema = object.schema.as_ref().map(|schema| format!("{schema}."));
            let on = object.on.as_ref().map(|on| format!("@{on}"));
            format!("{}{}{}", schema.unwrap_or_default(), object.name, on.unwrap_or_default())
        })
        .collect();
    assert_eq!(found.join(" "), expected, "{text:?}");
}

#[test]
fn transaction_control_of_all() {
    use Control::{Begin, Commit, Rollback, Savepoint};
    for syntax in [SQLITE, POSTGRES, MYSQL] {
        control(syntax, "begin", Some(Begin));
        control(syntax, "/* a */ COMMIT -- b", Some(Commit));
        control(syntax, "ROLLBACK", Some(Rollback));
        control(syntax, "ROLLBACK TO a", Some(Savepoint));
        control(syntax, "SAVEPOINT a", Some(Savepoint));
        control(syntax, "RELEASE SAVEPOINT a", Some(Savepoint));
        control(syntax, "SELECT 'BEGIN'", None);
        control(syntax, "EXPLAIN SELECT 1", None);
        control(syntax, "CREATE TABLE commit (a int)", None);
    }
}
