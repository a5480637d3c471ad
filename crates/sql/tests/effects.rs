//! What single statements do. The golden files hold more of them.

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

#[track_caller]
fn alone(syntax: Syntax, expected: bool, texts: &[&str]) {
    for text in texts {
        assert_eq!(effects(syntax, text).alone, expected, "{text:?}");
    }
}

#[track_caller]
fn reach(syntax: Syntax, expected: Option<Reach>, texts: &[&str]) {
    for text in texts {
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
fn transaction_control() {
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
    control(POSTGRES, "START TRANSACTION READ ONLY", Some(Begin));
    control(POSTGRES, "END WORK", Some(Commit));
    control(POSTGRES, "ABORT", Some(Rollback));
    control(POSTGRES, "ROLLBACK WORK TO SAVEPOINT a", Some(Savepoint));
    control(POSTGRES, "COMMIT PREPARED 'a'", None);
    control(POSTGRES, "PREPARE TRANSACTION 'a'", Some(Rollback));
    control(POSTGRES, "SET TRANSACTION READ ONLY", None);
    control(MYSQL, "BEGIN NOT ATOMIC SELECT 1; END", None);
    control(MYSQL, "/*!50001 START TRANSACTION */", Some(Begin));
    control(MYSQL, "START REPLICA", None);
    control(MYSQL, "XA COMMIT 'a'", None);
    control(SQLITE, "END TRANSACTION", Some(Commit));
    control(SQLITE, "ROLLBACK TRANSACTION TO SAVEPOINT a", Some(Savepoint));
}

#[test]
fn postgres_alone() {
    alone(POSTGRES, true, &[
        "CREATE INDEX CONCURRENTLY ON a (b)", "create unique index concurrently i on a (b)",
        "DROP INDEX CONCURRENTLY i", "REINDEX INDEX CONCURRENTLY i", "REINDEX SYSTEM",
        "REINDEX (CONCURRENTLY TRUE) TABLE a", "REINDEX SCHEMA s", "VACUUM", "VACUUM FULL a",
        "CREATE DATABASE a", "DROP DATABASE IF EXISTS a", "CREATE TABLESPACE a LOCATION 'b'",
        "DROP TABLESPACE a", "ALTER SYSTEM RESET ALL", "ALTER DATABASE a SET TABLESPACE b",
        "ALTER TABLE a DETACH PARTITION s.b CONCURRENTLY", "CLUSTER", "CLUSTER (VERBOSE)",
        "DISCARD ALL", "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c", "DROP SUBSCRIPTION a",
        "ALTER SUBSCRIPTION a REFRESH PUBLICATION", "ROLLBACK PREPARED 'a'",
    ]);
    alone(POSTGRES, false, &[
        "CREATE INDEX concurrently_i ON a (b)", "CREATE INDEX \"CONCURRENTLY\" ON a (b)",
        "CREATE INDEX /* CONCURRENTLY */ i ON a (b)", "REFRESH MATERIALIZED VIEW CONCURRENTLY a",
        "REINDEX TABLE a", "ALTER TYPE a ADD VALUE 'b'", "ALTER TABLE a DETACH PARTITION b FINALIZE",
        "CLUSTER a", "ANALYZE", "CALL a()", "DO $$ BEGIN COMMIT; END $$", "DISCARD PLANS",
        "ALTER DATABASE a RENAME TO b", "ALTER SUBSCRIPTION a DISABLE", "TRUNCATE a",
        "EXPLAIN VACUUM", "ALTER TABLE a SET TABLESPACE b",
    ]);
    assert!(effects(POSTGRES, "DROP INDEX CONCURRENTLY i").concurrently);
    assert!(!effects(POSTGRES, "REFRESH MATERIALIZED VIEW CONCURRENTLY a").concurrently);
    assert!(!effects(POSTGRES, "VACUUM").concurrently);
}

#[test]
fn mysql_alone() {
    alone(MYSQL, true, &[
        "CREATE TABLE a (b INT)", "CREATE OR REPLACE VIEW a AS SELECT 1", "ALTER TABLE a ADD b INT",
        "DROP TABLE a", "DROP INDEX a ON b", "TRUNCATE a", "RENAME TABLE a TO b", "GRANT a TO b",
        "REVOKE ALL ON a.* FROM b", "CREATE USER a", "SET PASSWORD = 'a'", "RENAME USER a TO b",
        "LOCK TABLES a READ", "UNLOCK TABLES", "SET autocommit = 1", "SET @@session.autocommit=1",
        "SET a = 1, SESSION autocommit = ON", "SET @@autocommit = 0", "ANALYZE TABLE a",
        "ANALYZE LOCAL TABLE a", "OPTIMIZE TABLE a", "REPAIR TABLE a", "CHECK TABLE a",
        "CACHE INDEX a IN b", "LOAD INDEX INTO CACHE a", "FLUSH TABLES", "RESET MASTER",
        "INSTALL PLUGIN a SONAME 'b'", "UNINSTALL PLUGIN a", "START SLAVE", "STOP REPLICA",
        "CHANGE MASTER TO MASTER_HOST = 'a'", "CALL a()", "EXECUTE a", "XA START 'a'",
        "/*!50001 ALTER TABLE a ADD b INT */", "/*M!100100 DROP */ /*M! TABLE a */",
        "SET STATEMENT a = 1 FOR DROP TABLE b", "IMPORT TABLE FROM 'a'",
        "CREATE /* TEMPORARY */ TABLE a (b INT)",
    ]);
    alone(MYSQL, false, &[
        "INSERT INTO a VALUES (1)", "SELECT 1", "SET NAMES utf8", "SET @autocommit = 1",
        "SET @global = 1", "SET GLOBAL autocommit = 1", "SET a = 'autocommit = 1'", "USE a",
        "CREATE TEMPORARY TABLE a (b INT)", "CREATE OR REPLACE TEMPORARY TABLE a (b INT)",
        "DROP TEMPORARY TABLE a", "PREPARE a FROM 'DROP TABLE b'", "DEALLOCATE PREPARE a",
        "DROP PREPARE a", "EXPLAIN DELETE FROM a", "ANALYZE SELECT 1", "DO SLEEP(1)", "SHOW TABLES",
        "/* CREATE TABLE */ SELECT 1", "SET STATEMENT a = 1 FOR SELECT 1", "WITH a AS (SELECT 1) SELECT 1",
    ]);
    assert!(effects(MYSQL, "CREATE TEMPORARY TABLE a (b INT)").ddl);
}

#[test]
fn sqlite_pragmas() {
    alone(SQLITE, true, &[
        "VACUUM", "VACUUM main INTO 'a'", "ATTACH DATABASE 'a' AS b", "DETACH b",
        "PRAGMA journal_mode = WAL", "PRAGMA main.journal_mode(wal)", "PRAGMA synchronous=OFF",
        "PRAGMA wal_checkpoint",
    ]);
    alone(SQLITE, false, &[
        "PRAGMA journal_mode", "PRAGMA foreign_keys=OFF", "PRAGMA user_version = 1",
        "PRAGMA defer_foreign_keys=ON", "ANALYZE", "REINDEX", "EXPLAIN VACUUM",
    ]);
    let foreign_keys = |text: &str| effects(SQLITE, text).foreign_keys;
    for on in ["= ON", "=1", "(yes)", " = 'true'", "=\"on\"", " = 2"] {
        assert_eq!(foreign_keys(&format!("PRAGMA foreign_keys{on}")), Some(true), "{on}");
    }
    for off in ["= OFF", "=0", "(no)", " = 'false'", " = maybe"] {
        assert_eq!(foreign_keys(&format!("PRAGMA main.Foreign_Keys{off}")), Some(false), "{off}");
    }
    assert_eq!(foreign_keys("PRAGMA foreign_keys"), None);
    assert_eq!(foreign_keys("PRAGMA defer_foreign_keys = ON"), None);
    assert!(effects(SQLITE, "DROP TABLE IF EXISTS a").rebuild);
    assert!(effects(SQLITE, "ALTER TABLE a RENAME TO b").rebuild);
    assert!(!effects(SQLITE, "ALTER TABLE a RENAME b TO c").rebuild);
    assert!(!effects(SQLITE, "DROP INDEX a").rebuild);
}

#[test]
fn reach_outside_the_database() {
    use Reach::{Database, Files, Replication, Roles, Server};
    reach(POSTGRES, Some(Roles), &[
        "CREATE ROLE a", "ALTER USER a PASSWORD 'b'", "DROP GROUP a", "REASSIGN OWNED BY a TO b",
        "DROP OWNED BY a", "GRANT a, b TO c", "REVOKE a FROM b", "COMMENT ON ROLE a IS 'b'",
    ]);
    reach(POSTGRES, Some(Server), &["ALTER SYSTEM SET a = 1", "GRANT SET ON PARAMETER a TO b"]);
    reach(POSTGRES, Some(Database), &[
        "CREATE DATABASE a", "ALTER DATABASE a SET b = 1", "DROP TABLESPACE a",
        "GRANT CONNECT ON DATABASE a TO b",
    ]);
    reach(POSTGRES, Some(Replication), &[
        "CREATE PUBLICATION a", "DROP SUBSCRIPTION a", "CREATE SERVER a FOREIGN DATA WRAPPER b",
        "CREATE USER MAPPING FOR a SERVER b", "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
        "DROP FOREIGN TABLE a",
    ]);
    reach(POSTGRES, Some(Files), &["COPY a FROM '/b'", "COPY a TO PROGRAM 'b'", "COPY a (b) TO E'/c'"]);
    reach(POSTGRES, None, &[
        "GRANT SELECT ON a TO b", "GRANT SELECT (a), INSERT (b) ON c TO d", "COPY a TO STDOUT",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a", "SET ROLE a", "CREATE TABLE role (a int)",
        "COPY (SELECT 'x' FROM a) TO STDOUT", "ALTER TABLE a OWNER TO b", "CREATE SCHEMA AUTHORIZATION a",
    ]);
    reach(MYSQL, Some(Roles), &["CREATE USER a@b", "GRANT ALL ON a.* TO b", "SET PASSWORD = 'a'", "SET DEFAULT ROLE a TO b"]);
    reach(MYSQL, Some(Server), &[
        "SET GLOBAL a = 1", "SET @@global.a = 1", "SET b = 1, PERSIST a = 1", "FLUSH PRIVILEGES",
        "CREATE FUNCTION a RETURNS STRING SONAME 'b'", "SHUTDOWN",
    ]);
    reach(MYSQL, Some(Database), &["USE a", "CREATE SCHEMA a", "ALTER DATABASE a CHARSET b", "DROP DATABASE a"]);
    reach(MYSQL, Some(Replication), &["CREATE SERVER a FOREIGN DATA WRAPPER b", "STOP SLAVE", "PURGE BINARY LOGS TO 'a'"]);
    reach(MYSQL, Some(Files), &[
        "LOAD DATA LOCAL INFILE 'a' INTO TABLE b", "SELECT 1 INTO OUTFILE 'a'", "(SELECT 1) INTO DUMPFILE 'a'",
        "WITH a AS (SELECT 1) SELECT * FROM a INTO OUTFILE 'b'",
    ]);
    reach(MYSQL, None, &[
        "SET a = 1", "SET SESSION a = 1", "ALTER DATABASE CHARACTER SET a", "SELECT outfile FROM a",
        "SELECT 1 INTO @a", "SET ROLE a", "CREATE FUNCTION a() RETURNS INT RETURN 1",
    ]);
    reach(SQLITE, Some(Files), &["ATTACH 'a' AS b", "VACUUM INTO 'a'", "SELECT load_extension('a')"]);
    reach(SQLITE, None, &["VACUUM", "SELECT 'load_extension'", "INSERT INTO a VALUES ('ATTACH')"]);
}

#[test]
fn named_objects() {
    use ObjectKind::{Database, Index, Other, Routine, Table, Trigger, Type, View};
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
    objects(MYSQL, "CREATE FULLTEXT INDEX i ON `s`.`a``b` (c)", Index, "s.i@a`b");
    objects(MYSQL, "DROP INDEX i ON a", Index, "i@a");
    objects(MYSQL, "DROP TABLES IF EXISTS a, s.b RESTRICT", Table, "a s.b");
    objects(MYSQL, "ALTER TABLE a ADD b INT DEFAULT (1), RENAME AS c", Table, "a c");
    objects(MYSQL, "ALTER TABLE a RENAME COLUMN b TO c, RENAME INDEX d TO e", Table, "a");
    objects(MYSQL, "ALTER TABLE a RENAME b", Table, "a b");
    objects(MYSQL, "RENAME TABLE IF EXISTS a WAIT 3 TO b, c TO s.d", Table, "a b c s.d");
    objects(MYSQL, "CREATE DEFINER=`a`@`b` TRIGGER t AFTER DELETE ON c FOR EACH ROW SET @x = 1", Trigger, "t@c");
    objects(MYSQL, "/*!50001 CREATE */ /*!50013 SQL SECURITY DEFINER */ /*!50001 VIEW v AS SELECT 1 */", View, "v");
    objects(MYSQL, "CREATE DATABASE IF NOT EXISTS a", Database, "a");
    objects(MYSQL, "CREATE SPATIAL INDEX i ON a (b)", Index, "i@a");
    objects(MYSQL, "TRUNCATE TABLE a", Table, "a");
    objects(MYSQL, "DROP USER a", Other, "");
    objects(SQLITE, "CREATE VIRTUAL TABLE main.[a b] USING fts5(c)", Table, "main.a b");
    objects(SQLITE, "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON a (b)", Index, "main.i@a");
    objects(SQLITE, "CREATE TABLE 'a''b' (c)", Table, "a'b");
    objects(SQLITE, "ALTER TABLE a RENAME TO \"b\"", Table, "a b");
    objects(SQLITE, "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", Trigger, "t@a");
    objects(SQLITE, "DROP VIEW v", View, "v");
}
