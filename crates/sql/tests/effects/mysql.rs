//! MySQL and MariaDB.

use xtask_db_sql::{Control, ObjectKind, Reach};

use super::{MYSQL, alone, control, effects, objects, reach};

#[test]
fn transaction_control() {
    use Control::Begin;
    control(MYSQL, "BEGIN NOT ATOMIC SELECT 1; END", None);
    control(MYSQL, "/*!50001 START TRANSACTION */", Some(Begin));
    control(MYSQL, "START REPLICA", None);
    control(MYSQL, "XA COMMIT 'a'", None);
}

#[test]
fn what_runs_alone() {
    alone(
        MYSQL,
        true,
        "CREATE TABLE a (b INT) | CREATE OR REPLACE VIEW a AS SELECT 1 | \
         ALTER TABLE a ADD b INT | DROP TABLE a | DROP INDEX a ON b | TRUNCATE a | \
         RENAME TABLE a TO b | GRANT a TO b | REVOKE ALL ON a.* FROM b | CREATE USER a | \
         SET PASSWORD = 'a' | RENAME USER a TO b | LOCK TABLES a READ | UNLOCK TABLES | \
         SET autocommit = 1 | SET @@session.autocommit=1 | SET a = 1, SESSION autocommit = ON | \
         SET @@autocommit = 0 | ANALYZE TABLE a | ANALYZE LOCAL TABLE a | OPTIMIZE TABLE a | \
         REPAIR TABLE a | CHECK TABLE a | CACHE INDEX a IN b | LOAD INDEX INTO CACHE a | \
         FLUSH TABLES | RESET MASTER | INSTALL PLUGIN a SONAME 'b' | UNINSTALL PLUGIN a | \
         START SLAVE | STOP REPLICA | CHANGE MASTER TO MASTER_HOST = 'a' | CALL a() | \
         EXECUTE a | XA START 'a' | /*!50001 ALTER TABLE a ADD b INT */ | \
         /*M!100100 DROP */ /*M! TABLE a */ | SET STATEMENT a = 1 FOR DROP TABLE b | \
         IMPORT TABLE FROM 'a' | CREATE TEMPORARY SEQUENCE a | \
         CREATE /* TEMPORARY */ TABLE a (b INT)",
    );
    alone(
        MYSQL,
        false,
        "INSERT INTO a VALUES (1) | SELECT 1 | SET NAMES utf8 | SET @autocommit = 1 | \
         SET @global = 1 | SET GLOBAL autocommit = 1 | SET a = 'autocommit = 1' | USE a | \
         CREATE TEMPORARY TABLE a (b INT) | CREATE OR REPLACE TEMPORARY TABLE a (b INT) | \
         DROP TEMPORARY TABLE a | PREPARE a FROM 'DROP TABLE b' | DEALLOCATE PREPARE a | \
         DROP PREPARE a | EXPLAIN DELETE FROM a | ANALYZE SELECT 1 | DO SLEEP(1) | SHOW TABLES | \
         /* CREATE TABLE */ SELECT 1 | SET STATEMENT a = 1 FOR SELECT 1 | \
         WITH a AS (SELECT 1) SELECT 1",
    );
}

#[test]
fn what_reaches_outside_the_database() {
    use Reach::{Database, Files, Replication, Roles, Server};
    reach(
        MYSQL,
        Some(Roles),
        "CREATE USER a@b | GRANT ALL ON a.* TO b | SET PASSWORD = 'a' | SET DEFAULT ROLE a TO b",
    );
    reach(
        MYSQL,
        Some(Server),
        "SET GLOBAL a = 1 | SET @@global.a = 1 | SET b = 1, PERSIST a = 1 | FLUSH PRIVILEGES | \
         CREATE FUNCTION a RETURNS STRING SONAME 'b' | SHUTDOWN",
    );
    reach(
        MYSQL,
        Some(Database),
        "USE a | CREATE SCHEMA a | ALTER DATABASE a CHARSET b | DROP DATABASE a",
    );
    reach(
        MYSQL,
        Some(Replication),
        "CREATE SERVER a FOREIGN DATA WRAPPER b | STOP SLAVE | PURGE BINARY LOGS TO 'a'",
    );
    reach(
        MYSQL,
        Some(Files),
        "LOAD DATA LOCAL INFILE 'a' INTO TABLE b | SELECT 1 INTO OUTFILE 'a' | \
         (SELECT 1) INTO DUMPFILE 'a' | WITH a AS (SELECT 1) SELECT * FROM a INTO OUTFILE 'b'",
    );
    reach(
        MYSQL,
        None,
        "SET a = 1 | SET SESSION a = 1 | ALTER DATABASE CHARACTER SET a | \
         SELECT outfile FROM a | SELECT 1 INTO @a | SET ROLE a | \
         CREATE FUNCTION a() RETURNS INT RETURN 1",
    );
}

#[test]
fn named_objects() {
    use ObjectKind::{Database, Index, Other, Table};
    objects(MYSQL, "CREATE FULLTEXT INDEX i ON `s`.`a``b` (c)", Index, "s.i@a`b");
    objects(MYSQL, "DROP INDEX i ON a", Index, "i@a");
    objects(MYSQL, "DROP TABLES IF EXISTS a, s.b RESTRICT", Table, "a s.b");
    objects(MYSQL, "ALTER TABLE a ADD b INT DEFAULT (1), RENAME AS c", Table, "a c");
    objects(MYSQL, "ALTER TABLE a RENAME COLUMN b TO c, RENAME INDEX d TO e", Table, "a");
    objects(MYSQL, "ALTER TABLE a RENAME b", Table, "a b");
    objects(MYSQL, "RENAME TABLE IF EXISTS a WAIT 3 TO b, c TO s.d", Table, "a b c s.d");
    objects(MYSQL, "CREATE DATABASE IF NOT EXISTS a", Database, "a");
    objects(MYSQL, "CREATE SPATIAL INDEX i ON a (b)", Index, "i@a");
    objects(MYSQL, "TRUNCATE TABLE a", Table, "a");
    objects(MYSQL, "DROP USER a", Other, "");
}

#[test]
fn temporary_tables_are_data_definition() {
    assert!(effects(MYSQL, "CREATE TEMPORARY TABLE a (b INT)").ddl);
}
