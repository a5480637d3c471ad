//! Orders that only a body tells.

use crate::server::check;

#[test]
fn a_routine_comes_after_what_its_body_speaks_of() {
    check(
        "",
        "CREATE TABLE t (id integer); CREATE VIEW v AS SELECT id FROM t; \
         CREATE FUNCTION zero() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v'; \
         CREATE FUNCTION one() RETURNS bigint LANGUAGE sql AS 'SELECT Zero()'; \
         CREATE FUNCTION two(r t) RETURNS t LANGUAGE plpgsql \
          AS 'DECLARE x v%ROWTYPE; BEGIN RETURN r; END';",
        &["CREATE VIEW v", "FUNCTION zero()", "FUNCTION one()"],
    );
    check(
        "CREATE TABLE t (id integer); \
         CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM t';",
        "CREATE TABLE t (id integer, a text); \
         CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(a) FROM t';",
        &["ADD COLUMN a", "CREATE OR REPLACE FUNCTION f()"],
    );
}

#[test]
fn routines_that_speak_of_each_other_and_of_what_uses_them() {
    check(
        "",
        "CREATE FUNCTION b() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a(); END'; \
         CREATE FUNCTION a() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN b() + t; END'; \
         CREATE TABLE t (id integer DEFAULT a());",
        &[],
    );
}

#[test]
fn an_index_goes_with_the_column_that_goes_first() {
    check(
        "CREATE SCHEMA app; CREATE DOMAIN app.y AS integer; \
         CREATE TABLE t (a app.y, b integer GENERATED ALWAYS AS (a * 2) STORED); \
         CREATE INDEX i ON t USING hash (a) WHERE b > 6;",
        "CREATE TABLE t (id bigint);",
        &["DROP COLUMN b", "DROP COLUMN a", "DROP DOMAIN app.y"],
    );
}

#[test]
fn what_only_a_table_says_of_itself_comes_after_it() {
    check(
        "",
        "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN y AS integer; \
         CREATE TABLE z (id bigint PRIMARY KEY, a mood); \
         CREATE TABLE b (id bigint PRIMARY KEY REFERENCES z, a y); \
         ALTER TABLE b REPLICA IDENTITY NOTHING; ALTER TABLE b ENABLE ROW LEVEL SECURITY;",
        &["CREATE TABLE b", "REPLICA IDENTITY NOTHING"],
    );
}
