//! Views and materialized views.

use crate::server::{check, database, lead, led, read, run};

const T: &str = "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20), b text, c date);";

/// On the same table.
#[track_caller]
fn views(from: &str, to: &str, parts: &[&str]) {
    check(&format!("{T}{from}"), &format!("{T}{to}"), parts);
}

#[test]
fn columns_at_the_end_replace_and_others_do_not() {
    let one = "CREATE VIEW v AS SELECT id, a FROM t;";
    views(one, "CREATE VIEW v AS SELECT id, a, b FROM t;", &["CREATE OR REPLACE VIEW v AS"]);
    views(one, "CREATE VIEW v AS SELECT id, a FROM t WHERE id > 1;", &["CREATE OR REPLACE VIEW"]);
    views(one, "CREATE VIEW v AS SELECT a, id FROM t;", &["DROP VIEW v", "CREATE VIEW v AS"]);
    views(one, "CREATE VIEW v AS SELECT id, b AS a FROM t;", &["DROP VIEW v", "CREATE VIEW v"]);
}

#[test]
fn views_on_a_view_give_way_and_come_back() {
    views(
        "CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW w AS SELECT id FROM v; \
         COMMENT ON VIEW w IS 'kept';",
        "CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v; \
         COMMENT ON VIEW w IS 'kept';",
        &["DROP VIEW w", "DROP VIEW v", "CREATE VIEW v", "CREATE VIEW w", "IS 'kept'"],
    );
}

#[test]
fn a_column_that_changes_its_type_takes_its_views_along() {
    let script = led(
        "CREATE TABLE t (id integer, n integer); CREATE VIEW v AS SELECT n FROM t; \
         CREATE MATERIALIZED VIEW m AS SELECT n FROM v; CREATE INDEX i ON m (n);",
        "CREATE TABLE t (id integer, n bigint); CREATE VIEW v AS SELECT n FROM t; \
         CREATE MATERIALIZED VIEW m AS SELECT n FROM v; CREATE INDEX i ON m (n);",
    );
    let places = ["DROP MATERIALIZED VIEW m", "ALTER TABLE t", "CREATE VIEW v", "CREATE INDEX i"];
    let places: Vec<Option<usize>> = places.iter().map(|part| script.find(part)).collect();
    assert!(script.is_empty() || (places.is_sorted() && places[0].is_some()), "{script}");
}

#[test]
fn options_defaults_and_comments_change_in_place() {
    views(
        "CREATE VIEW v WITH (security_invoker = true) AS SELECT id, a FROM t; \
         ALTER VIEW v ALTER COLUMN a SET DEFAULT 'x'; COMMENT ON COLUMN v.a IS 'old';",
        "CREATE VIEW v WITH (security_barrier, check_option = cascaded) AS SELECT id, a FROM t; \
         COMMENT ON COLUMN v.a IS 'new'; COMMENT ON VIEW v IS 'it''s';",
        &[
            "ALTER VIEW v RESET (security_invoker)",
            "ALTER VIEW v SET (check_option = cascaded, security_barrier = true)",
            "ALTER VIEW v ALTER COLUMN a DROP DEFAULT",
            "COMMENT ON VIEW v IS 'it''s'",
            "COMMENT ON COLUMN v.a IS 'new'",
        ],
    );
}

#[test]
fn a_list_of_values_does_not_come_back_as_another_text() {
    views(
        "",
        "CREATE VIEW v AS SELECT id FROM t WHERE a IN ('x', 'y]') AND a NOT IN ('z') \
         AND b IN ('(ARRAY[1])::text[]');",
        &["CREATE VIEW v"],
    );
    check(
        "CREATE TABLE t (s varchar(9))",
        "CREATE TABLE t (s varchar(9) CHECK (s IN ('a', 'b')), n varchar DEFAULT 'q'); \
         CREATE INDEX i ON t (n) WHERE s IN ('a', 'c'); \
         CREATE POLICY p ON t USING (s IN ('a', 'd'));",
        &[],
    );
}

#[test]
fn materialized_views_keep_what_is_theirs() {
    views(
        "CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t; CREATE UNIQUE INDEX i ON m (id);",
        "CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT id, a, b FROM t \
         WITH NO DATA; CREATE UNIQUE INDEX i ON m (id); \
         ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 7; \
         COMMENT ON MATERIALIZED VIEW m IS 'kept';",
        &[
            "CREATE MATERIALIZED VIEW m WITH (fillfactor = 50)",
            "WITH NO DATA",
            "CREATE UNIQUE INDEX",
        ],
    );
    views(
        "CREATE VIEW v AS SELECT id FROM t;",
        "CREATE MATERIALIZED VIEW v AS SELECT id FROM t;",
        &["DROP VIEW v", "CREATE MATERIALIZED VIEW v"],
    );
}

#[test]
fn a_refresh_is_no_difference() {
    let schema = format!("{T} CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA");
    let (Some(one), Some(two)) = (database(&schema), database(&schema)) else { return };
    run(&one, "REFRESH MATERIALIZED VIEW m");
    assert_eq!(read(&one).fingerprint(), read(&two).fingerprint());
    assert_eq!(lead(&one, &two), "");
}

#[test]
fn a_view_that_needs_a_key_comes_after_it() {
    check(
        "",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); \
         CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id;",
        &["CREATE TABLE t", "CREATE VIEW v"],
    );
}

#[test]
fn arrays_that_are_cast() {
    check(
        "",
        "CREATE TABLE t (n varchar CHECK (n IN ('a', 'b')), a text[] DEFAULT ARRAY['a'::varchar], \
          b text[] DEFAULT (ARRAY['a'::varchar]::varchar[])::text[], \
          c numeric(9,2)[] DEFAULT ARRAY[1, 2]); \
         CREATE FUNCTION f(x bigint[]) RETURNS bigint LANGUAGE sql AS 'SELECT x[1]'; \
         CREATE FUNCTION f(x integer[]) RETURNS integer LANGUAGE sql AS 'SELECT x[1]'; \
         CREATE VIEW v AS SELECT (ARRAY[1, 2]::integer[])::bigint[] AS a, \
          f((ARRAY[1, 3]::integer[])::bigint[]) AS b, n NOT IN ('q', 'r') AS c FROM t;",
        &["CREATE TABLE t", "CREATE VIEW v"],
    );
}
