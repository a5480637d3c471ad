//! Functions and procedures.

use crate::server::{check, led};

#[test]
fn a_body_is_replaced_and_a_result_is_not() {
    let one = "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';";
    let body = "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT a+1';";
    check(one, body, &["CREATE OR REPLACE FUNCTION f(a integer)"]);
    let result = "CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';";
    check(one, result, &["DROP FUNCTION f(integer)", "CREATE FUNCTION f(a integer)"]);
    let renamed = "CREATE FUNCTION f(b integer) RETURNS integer LANGUAGE sql AS 'SELECT b';";
    check(one, renamed, &["DROP FUNCTION f(integer)", "CREATE FUNCTION f(b integer)"]);
    let more = "CREATE FUNCTION f(a integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT a';";
    check(one, more, &["CREATE OR REPLACE FUNCTION f(a integer DEFAULT 1)"]);
    check(more, one, &["DROP FUNCTION f(integer)"]);
    let other = "CREATE PROCEDURE f(a integer) LANGUAGE sql AS '';";
    check(one, other, &["DROP FUNCTION f(integer)", "CREATE PROCEDURE f("]);
}

#[test]
fn what_uses_a_function_gives_way_and_comes_back() {
    let with = |result: &str| {
        format!(
            "CREATE FUNCTION f(a integer) RETURNS {result} LANGUAGE sql IMMUTABLE AS 'SELECT 1'; \
             CREATE TABLE t (id integer DEFAULT f(1), CONSTRAINT c CHECK (f(id) > 0)); \
             CREATE INDEX i ON t (f(id)); CREATE VIEW v AS SELECT f(id) AS x FROM t; \
             CREATE POLICY p ON t USING (f(id) > 1);"
        )
    };
    check(
        &with("integer"),
        &with("smallint"),
        &["DROP FUNCTION f(integer)", "CREATE FUNCTION f(a integer)", "CREATE VIEW v"],
    );
}

#[test]
fn overloads_and_procedures_are_told_apart() {
    check(
        "CREATE FUNCTION f(integer) RETURNS text LANGUAGE sql AS 'SELECT 1::text'; \
         CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1';",
        "CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1'; \
         CREATE PROCEDURE p(a integer, OUT b text) LANGUAGE plpgsql AS 'BEGIN b := a; END'; \
         CREATE PROCEDURE p(INOUT a text) LANGUAGE plpgsql AS 'BEGIN END'; \
         COMMENT ON PROCEDURE p(integer, OUT text) IS 'out';",
        &["DROP FUNCTION f(integer)"],
    );
}

#[test]
fn bodies_that_are_read_when_made_follow_their_tables() {
    check(
        "CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql \
         BEGIN ATOMIC SELECT count(id) FROM t; END;",
        "CREATE TABLE t (id integer, a text); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql \
         BEGIN ATOMIC SELECT count(a) FROM t; END;",
        &["ADD COLUMN a", "CREATE OR REPLACE FUNCTION f()"],
    );
}

#[test]
fn settings_quotes_and_line_ends_stay() {
    let script = led(
        "",
        "CREATE FUNCTION \"F x\"(\"a b\" integer, OUT \"c;d\" text) LANGUAGE plpgsql SECURITY \
            DEFINER \
         PARALLEL SAFE COST 7 SET search_path TO 'public', 'pg_temp' SET work_mem = '1MB'\n\
         AS $a$ BEGIN\r\n -- it's $$; \\ \n \"c;d\" := E'\\n'; END $a$; \
         COMMENT ON FUNCTION \"F x\"(integer) IS 'q''s';",
    );
    assert!(script.is_empty() || script.contains("BEGIN\r\n -- it's $$; \\ \n"), "{script}");
}
