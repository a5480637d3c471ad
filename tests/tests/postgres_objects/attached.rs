//! Triggers, row security and policies.

use crate::server::check;

const T: &str = "CREATE TABLE t (id integer, a text); CREATE FUNCTION f() RETURNS trigger \
    LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

#[track_caller]
fn on_table(from: &str, to: &str, parts: &[&str]) {
    check(&format!("{T}{from}"), &format!("{T}{to}"), parts);
}

#[test]
fn triggers_of_every_form() {
    on_table(
        "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); \
         CREATE TRIGGER b BEFORE UPDATE OF a OR DELETE ON t FOR EACH ROW \
          WHEN (old.a IN ('x', 'y')) EXECUTE FUNCTION f('it''s', 'b'); \
         CREATE TRIGGER c AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n \
          FOR EACH STATEMENT EXECUTE FUNCTION f(); \
         CREATE CONSTRAINT TRIGGER d AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED \
          FOR EACH ROW EXECUTE FUNCTION f(); \
         CREATE TRIGGER e AFTER TRUNCATE ON t EXECUTE FUNCTION f(); \
         CREATE VIEW v AS SELECT * FROM t; \
         CREATE TRIGGER g INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f(); \
         COMMENT ON TRIGGER b ON t IS 'kept';",
        &["DROP TRIGGER a ON t", "CREATE TRIGGER a AFTER INSERT ON t"],
    );
}

#[test]
fn a_state_changes_in_place() {
    const TRIGGER: &str = "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();";
    let states = ["DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"];
    let mut before = TRIGGER.to_owned();
    for state in states {
        let after = format!("{TRIGGER} ALTER TABLE t {state} TRIGGER a;");
        on_table(&before, &after, &[&format!("ALTER TABLE ONLY t {state} TRIGGER a")]);
        before = after;
    }
}

#[test]
fn the_trigger_of_a_partitioned_table_is_made_once() {
    const PARTS: &str = "CREATE TABLE p (id integer) PARTITION BY LIST (id); \
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
        CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);";
    const TRIGGER: &str = "CREATE TRIGGER a AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();";
    on_table(PARTS, &format!("{PARTS}{TRIGGER}"), &["CREATE TRIGGER a AFTER INSERT ON p"]);
    on_table(
        &format!("{PARTS}{TRIGGER}"),
        &format!("{PARTS}{TRIGGER} ALTER TABLE p2 DISABLE TRIGGER a;"),
        &["ALTER TABLE ONLY p2 DISABLE TRIGGER a"],
    );
    on_table("", &format!("{PARTS}{TRIGGER} ALTER TABLE p DISABLE TRIGGER a;"), &[]);
}

#[test]
fn a_trigger_gives_way_to_its_column_and_function() {
    check(
        &format!("{T} CREATE TRIGGER a BEFORE UPDATE OF a ON t EXECUTE FUNCTION f();"),
        "CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql \
         AS 'BEGIN RETURN OLD; END'; \
         CREATE TRIGGER a BEFORE UPDATE OF id ON t EXECUTE FUNCTION f();",
        &["DROP TRIGGER a ON t", "CREATE TRIGGER a BEFORE UPDATE OF id"],
    );
}

#[test]
fn row_security_and_policies() {
    on_table(
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (id > 1); \
         CREATE POLICY b ON t FOR SELECT USING (true);",
        "ALTER TABLE t FORCE ROW LEVEL SECURITY; \
         CREATE POLICY a ON t TO pg_monitor, pg_read_all_data USING (a IN ('x', 'y')); \
         CREATE POLICY b ON t AS RESTRICTIVE FOR SELECT USING (true); \
         CREATE POLICY \"C d\" ON t FOR INSERT WITH CHECK (a = current_user); \
         COMMENT ON POLICY a ON t IS 'kept';",
        &["ALTER POLICY a ON t TO pg_monitor, pg_read_all_data"],
    );
    on_table(
        "CREATE POLICY a ON t USING (id > 1) WITH CHECK (id > 2);",
        "CREATE POLICY a ON t USING (id > 1);",
        &["DROP POLICY a ON t", "CREATE POLICY a ON t"],
    );
}
