//! Schemas and extensions.

use crate::server::{check, database, lead};

#[test]
fn schemas_come_first_and_go_last() {
    check(
        "",
        "CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'it''s'; CREATE SCHEMA \"a b\"; \
         CREATE TABLE app.t (id integer); CREATE VIEW v AS SELECT id FROM app.t; \
         CREATE VIEW \"a b\".v AS SELECT id FROM v;",
        &["CREATE SCHEMA app", "CREATE TABLE app.t", "CREATE VIEW v", "CREATE VIEW \"a b\".v"],
    );
}

#[test]
fn extensions_and_what_uses_them() {
    check(
        "CREATE TABLE t (id integer, a text);",
        "CREATE EXTENSION citext; CREATE SCHEMA app; CREATE EXTENSION pg_trgm WITH SCHEMA app; \
         CREATE TABLE t (id integer, a text, c citext, d citext[]); \
         CREATE INDEX i ON t USING gin (a app.gin_trgm_ops); \
         CREATE FUNCTION f(citext) RETURNS integer LANGUAGE sql AS 'SELECT 1'; \
         COMMENT ON EXTENSION citext IS 'ours';",
        &["CREATE EXTENSION citext;", "ADD COLUMN c citext"],
    );
}

#[test]
fn an_extension_moves() {
    let (Some(old), Some(new)) = (
        database("CREATE SCHEMA app; CREATE EXTENSION citext;"),
        database("CREATE SCHEMA app; CREATE EXTENSION citext WITH SCHEMA app;"),
    ) else {
        return;
    };
    assert!(lead(&old, &new).contains("ALTER EXTENSION citext SET SCHEMA app"));
}
