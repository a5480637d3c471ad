//! What is not in the model is named, and never lost on the way.

use xtask_db_schema::{PlanOptions, SchemaError};

use crate::server::{database, read};

#[test]
fn everything_else_has_a_name() {
    const SCHEMA: &str = "CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT id FROM t; \
        CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING; \
        CREATE STATISTICS s ON id, a FROM t; CREATE PUBLICATION p FOR TABLE t; \
        CREATE AGGREGATE g(integer) (SFUNC = int4pl, STYPE = integer); \
        CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); \
        CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); \
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER x FOREIGN DATA WRAPPER w; \
        CREATE USER MAPPING FOR PUBLIC SERVER x; CREATE FOREIGN TABLE ft (id integer) SERVER x; \
        CREATE TYPE y AS ENUM ('a'); CREATE CAST (y AS integer) WITH INOUT; \
        CREATE COLLATION o (LOCALE = 'C'); \
        CREATE CONVERSION n FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; \
        CREATE FUNCTION eq(y, y) RETURNS boolean LANGUAGE sql AS 'SELECT true'; \
        CREATE OPERATOR === (LEFTARG = y, RIGHTARG = y, FUNCTION = eq); \
        CREATE OPERATOR FAMILY fam USING btree; \
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \
        CREATE EVENT TRIGGER et ON sql_drop EXECUTE FUNCTION e(); ALTER EVENT TRIGGER et DISABLE; \
        CREATE TYPE shell; SELECT lo_create(0); \
        CREATE EXTENSION citext; ALTER FUNCTION eq(y, y) DEPENDS ON EXTENSION citext; \
        CREATE SCHEMA elsewhere; COMMENT ON SCHEMA public IS 'ours'; \
        CREATE MATERIALIZED VIEW m AS SELECT a FROM t; \
        ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STORAGE EXTERNAL;";
    let Some(database) = database(SCHEMA) else { return };
    let catalog = read(&database);
    let named = catalog.unmodelled().iter();
    let mut named: Vec<String> = named.map(|it| format!("{} {}", it.kind, it.name)).collect();
    named.sort();
    assert_eq!(
        named,
        [
            "aggregate g(integer)",
            "cast (y AS integer)",
            "collation o",
            "comment of schema public",
            "conversion n",
            "dependency on an extension function eq(y,y) on citext",
            "event trigger et",
            "foreign table ft",
            "foreign-data wrapper w",
            "large objects 1",
            "operator ===(y,y)",
            "operator family fam USING btree",
            "publication p",
            "rule r on v",
            "schema outside the managed ones elsewhere",
            "server x",
            "setting of a materialized view's column m.a",
            "statistics object s",
            "text search configuration c",
            "text search dictionary d",
            "type shell",
            "user mapping public on server x",
        ]
    );
}

#[test]
fn what_hangs_on_an_object_that_must_go_is_not_lost() {
    let (Some(old), Some(new)) = (
        database(
            "CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT id, a FROM t; \
             CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING;",
        ),
        database("CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT a, id FROM t;"),
    ) else {
        return;
    };
    let refused = read(&old).plan(&read(&new), &PlanOptions::default());
    let Err(SchemaError::Refused { object, reason }) = refused else { panic!("{refused:?}") };
    assert_eq!(object, "view v");
    assert!(reason.contains("rule r on v would be lost"), "{reason}");
}
