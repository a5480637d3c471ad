//! What is granted: kept when an object is made again, and reported.

use crate::server::{database, lead, led, read, run};

#[test]
fn what_is_made_again_is_granted_again() {
    const GRANTS: &str = "GRANT SELECT, UPDATE (id) ON v TO pg_monitor; \
        GRANT SELECT ON v TO PUBLIC; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; \
        GRANT EXECUTE ON FUNCTION f() TO pg_monitor WITH GRANT OPTION;";
    let script = led(
        &format!(
            "CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT a, id FROM t; \
             CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; {GRANTS}"
        ),
        &format!(
            "CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT id FROM t; \
             CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''1'''; {GRANTS}"
        ),
    );
    for part in [
        "GRANT SELECT ON TABLE v TO PUBLIC",
        "GRANT UPDATE (id) ON TABLE v TO pg_monitor",
        "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION f() TO pg_monitor WITH GRANT OPTION",
    ] {
        assert!(script.is_empty() || script.contains(part), "no {part} in\n{script}");
    }
}

#[test]
fn an_owner_is_kept() {
    let of = |column: &str| {
        format!(
            "CREATE TABLE t (id integer, a text); CREATE VIEW v AS SELECT {column} FROM t; \
             ALTER VIEW v OWNER TO pg_monitor; GRANT SELECT ON v TO pg_read_all_data;"
        )
    };
    let script = led(&of("id"), &of("a"));
    assert!(script.is_empty() || script.contains("ALTER VIEW v OWNER TO pg_monitor"), "{script}");
}

#[test]
fn differences_are_reported_and_change_nothing() {
    const FROM: &str = "CREATE TABLE t (id integer, a text); CREATE SEQUENCE s; \
        CREATE TYPE y AS ENUM ('a'); GRANT SELECT ON t TO PUBLIC;";
    const TO: &str = "CREATE TABLE t (id integer, a text); CREATE SEQUENCE s; \
        CREATE TYPE y AS ENUM ('a'); GRANT SELECT (id) ON t TO pg_read_all_data; \
        GRANT USAGE ON SEQUENCE s TO pg_monitor; REVOKE USAGE ON TYPE y FROM PUBLIC; \
        GRANT CREATE ON SCHEMA public TO pg_monitor; ALTER TABLE t OWNER TO pg_monitor; \
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor; \
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;";
    let (Some(one), Some(two)) = (database(FROM), database(TO)) else { return };
    assert_eq!(read(&one).fingerprint(), read(&two).fingerprint());
    let reported = read(&one).reported(&read(&two));
    for part in [
        "GRANT SELECT (id) ON TABLE t TO pg_read_all_data",
        "REVOKE SELECT ON TABLE t FROM PUBLIC",
        "ALTER TABLE t OWNER TO pg_monitor",
        "GRANT USAGE ON SEQUENCE s TO pg_monitor",
        "REVOKE USAGE ON TYPE y FROM PUBLIC",
        "GRANT CREATE ON SCHEMA public TO pg_monitor",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor",
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    ] {
        assert!(reported.iter().any(|sql| sql == part), "no {part} in {reported:#?}");
    }
    assert_eq!(lead(&one, &two), "");
    run(&two, "GRANT DELETE ON t TO pg_read_all_data");
    assert_eq!(read(&one).reported(&read(&two)), ["GRANT DELETE ON TABLE t TO pg_read_all_data"]);
}
