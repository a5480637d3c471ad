//! PostgreSQL.

use xtask_db_sql::{Control, ObjectKind, Reach};

use super::{POSTGRES, alone, control, effects, objects, reach};

#[test]
fn transaction_control() {
    use Control::{Commit, Rollback, Savepoint};
    control(POSTGRES, "END WORK", Some(Commit));
    control(POSTGRES, "ABORT", Some(Rollback));
    control(POSTGRES, "ROLLBACK WORK TO SAVEPOINT a", Some(Savepoint));
    control(POSTGRES, "COMMIT PREPARED 'a'", None);
    control(POSTGRES, "PREPARE TRANSACTION 'a'", Some(Rollback));
    control(POSTGRES, "SET TRANSACTION READ ONLY", None);
}

#[test]
fn what_runs_alone() {
    alone(
        POSTGRES,
        true,
        "CREATE INDEX CONCURRENTLY ON a (b) | create unique index concurrently i on a (b) | \
         DROP INDEX CONCURRENTLY i | REINDEX INDEX CONCURRENTLY i | REINDEX SYSTEM | \
         REINDEX (CONCURRENTLY TRUE) TABLE a | REINDEX SCHEMA s | VACUUM | VACUUM FULL a | \
         CREATE DATABASE a | DROP DATABASE IF EXISTS a | CREATE TABLESPACE a LOCATION 'b' | \
         DROP TABLESPACE a | ALTER SYSTEM RESET ALL | ALTER DATABASE a SET TABLESPACE b | \
         ALTER TABLE a DETACH PARTITION s.b CONCURRENTLY | CLUSTER | CLUSTER (VERBOSE) | \
         DISCARD ALL | CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c | \
         DROP SUBSCRIPTION a | ALTER SUBSCRIPTION a REFRESH PUBLICATION | ROLLBACK PREPARED 'a'",
    );
    alone(
        POSTGRES,
        false,
        "CREATE INDEX concurrently_i ON a (b) | CREATE INDEX \"CONCURRENTLY\" ON a (b) | \
         CREATE INDEX /* CONCURRENTLY */ i ON a (b) | REFRESH MATERIALIZED VIEW CONCURRENTLY a | \
         REINDEX TABLE a | ALTER TYPE a ADD VALUE 'b' | \
         ALTER TABLE a DETACH PARTITION b FINALIZE | CLUSTER a | ANALYZE | CALL a() | \
         DO $$ BEGIN COMMIT; END $$ | DISCARD PLANS | ALTER DATABASE a RENAME TO b | \
         ALTER SUBSCRIPTION a DISABLE | TRUNCATE a | EXPLAIN VACUUM | \
         ALTER TABLE a SET TABLESPACE b",
    );
}

#[test]
fn what_reaches_outside_the_database() {
    use Reach::{Database, Files, Replication, Roles, Server};
    reach(
        POSTGRES,
        Some(Roles),
        "CREATE ROLE a | ALTER USER a PASSWORD 'b' | DROP GROUP a | REASSIGN OWNED BY a TO b | \
         DROP OWNED BY a | GRANT a, b TO c | REVOKE a FROM b | COMMENT ON ROLE a IS 'b'",
    );
    reach(POSTGRES, Some(Server), "ALTER SYSTEM SET a = 1 | GRANT SET ON PARAMETER a TO b");
    reach(
        POSTGRES,
        Some(Database),
        "CREATE DATABASE a | ALTER DATABASE a SET b = 1 | DROP TABLESPACE a | \
         GRANT CONNECT ON DATABASE a TO b",
    );
    reach(
        POSTGRES,
        Some(Replication),
        "CREATE PUBLICATION a | DROP SUBSCRIPTION a | CREATE SERVER a FOREIGN DATA WRAPPER b | \
         CREATE USER MAPPING FOR a SERVER b | IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c | \
         DROP FOREIGN TABLE a",
    );
    reach(POSTGRES, Some(Files), "COPY a FROM '/b' | COPY a TO PROGRAM 'b' | COPY a (b) TO E'/c'");
    reach(
        POSTGRES,
        None,
        "GRANT SELECT ON a TO b | GRANT SELECT (a), INSERT (b) ON c TO d | COPY a TO STDOUT | \
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a | SET ROLE a | \
         CREATE TABLE role (a int) | COPY (SELECT 'x' FROM a) TO STDOUT | \
         ALTER TABLE a OWNER TO b | CREATE SCHEMA AUTHORIZATION a",
    );
}

#[test]
fn named_objects() {
    use ObjectKind::{Index, Other, Routine, Table, Trigger, Type, View};
    objects(POSTGRES, "CREATE UNLOGGED TABLE IF NOT EXISTS \"A\"\"b\".c ()", Table, "A\"b.c");
    objects(POSTGRES, "CREATE INDEX i ON ONLY s.a (b)", Index, "s.i@a");
    objects(POSTGRES, "CREATE INDEX ON s.a USING gin (b)", Table, "s.a");
    objects(POSTGRES, "DROP INDEX s.i, j", Index, "s.i j");
    objects(POSTGRES, "ALTER TABLE ONLY a RENAME TO b", Table, "a b");
    objects(POSTGRES, "ALTER TABLE s.a RENAME TO b", Table, "s.a s.b");
    objects(POSTGRES, "ALTER TABLE a ADD b int, ADD c text", Table, "a");
    objects(POSTGRES, "ALTER TABLE a ATTACH PARTITION s.b DEFAULT", Table, "a s.b");
    objects(POSTGRES, "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b", Table, "");
    objects(POSTGRES, "ALTER TYPE a RENAME VALUE 'b' TO 'c'", Type, "a");
    objects(POSTGRES, "DROP FUNCTION IF EXISTS a(int), s.b", Routine, "a s.b");
    objects(POSTGRES, "DROP TRIGGER a ON s.b", Trigger, "s.a@b");
    objects(POSTGRES, "CREATE POLICY a ON b USING (true)", Other, "a@b");
    objects(POSTGRES, "TRUNCATE a, b RESTART IDENTITY", Table, "a b");
    objects(POSTGRES, "CREATE TABLE d.s.a (b int)", Table, "s.a");
    objects(POSTGRES, "COMMENT ON COLUMN s.a.b IS 'c'", Table, "s.a");
    objects(POSTGRES, "CREATE RECURSIVE VIEW v (a) AS SELECT 1", View, "v");
    objects(POSTGRES, "CREATE CAST (a AS b) WITH FUNCTION c", Table, "");
    objects(POSTGRES, "EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1", Table, "");
    objects(POSTGRES, "INSERT INTO a VALUES (1)", Table, "");
}

#[test]
fn concurrently() {
    assert!(effects(POSTGRES, "DROP INDEX CONCURRENTLY i").concurrently);
    assert!(!effects(POSTGRES, "REFRESH MATERIALIZED VIEW CONCURRENTLY a").concurrently);
    assert!(!effects(POSTGRES, "VACUUM").concurrently);
}
