//! Texts are read the same whatever the session's mode makes of quotes.

use xtask_db_engine::{Scope, SessionOptions};
use xtask_db_schema::{Catalog, PlanOptions};
use xtask_db_sql::Dialect;

use crate::server::{database, read, read_as, run_as};

const SCHEMA: &str = "CREATE TABLE t (a VARCHAR(20) DEFAULT 'it''s' COMMENT 'a \"quote\"', \
     CHECK (a <> 'x''y')); CREATE VIEW v AS SELECT a, 'it''s' AS b FROM t";

fn with_mode(mode: &str) -> SessionOptions {
    SessionOptions { sql_mode: Some(mode.to_owned()), ..SessionOptions::default() }
}

#[test]
fn modes_do_not_change_what_is_read() {
    let Some(database) = database(SCHEMA) else { return };
    let plain = read(&database);
    for mode in ["ANSI_QUOTES", "ANSI", "ORACLE", "PIPES_AS_CONCAT", "NO_FIELD_OPTIONS"] {
        let other = read_as(&database, &Scope::default(), &with_mode(mode));
        assert_eq!(other.fingerprint(), plain.fingerprint(), "{mode}");
    }
}

#[test]
fn backslashes_that_escape_nothing_are_kept() {
    let schema = r"CREATE TABLE t (a VARCHAR(20) DEFAULT 'c:\n' COMMENT '\', e ENUM('x\y'),
        CHECK (a <> '\')); CREATE VIEW v AS SELECT 'a\\b' AS x";
    let Some(database) = database("") else { return };
    let options = with_mode("NO_BACKSLASH_ESCAPES");
    run_as(&database, schema, &options);
    assert_eq!(database.value("SELECT x FROM v"), r"a\\b");
    let catalog = read_as(&database, &Scope::default(), &options);
    let plan = Catalog::empty(Dialect::Mysql).plan(&catalog, &PlanOptions::default());
    let script = plan.expect("a plan").script();
    assert!(script.contains(r"DEFAULT 'c:\n' COMMENT '\'"), "{script}");
    assert_eq!(catalog.relations()[0].columns[0].comment.as_deref(), Some(r"\"));
    let again = self::database("").expect("a server");
    run_as(&again, &script, &options);
    let made = read_as(&again, &Scope::default(), &options);
    assert_eq!(made.fingerprint(), catalog.fingerprint(), "{script}");
}
