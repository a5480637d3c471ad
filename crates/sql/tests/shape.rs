//! Transactions, blocks and steps.

use xtask_db_sql::{Dialect, Shape, Step, Syntax, shape, split};

const SQLITE: Syntax = Syntax::of(Dialect::Sqlite);
const POSTGRES: Syntax = Syntax::of(Dialect::Postgres);
const MYSQL: Syntax = Syntax::of(Dialect::Mysql);

/// `expected`: `transaction`, `block`, steps as `t0-2 b2-5 a5`, or `line:column error`.
#[track_caller]
fn check(syntax: Syntax, text: &str, expected: &str) {
    let script = split(text, syntax).unwrap();
    let found = match shape(text, &script, syntax) {
        Ok(Shape::Transaction) => "transaction".to_owned(),
        Ok(Shape::Block) => "block".to_owned(),
        Ok(Shape::Journaled { steps }) => steps.iter().map(step).collect::<Vec<_>>().join(" "),
        Err(error) => format!("{}:{} {error}", error.at().line, error.at().column),
    };
    assert_eq!(found, expected, "{text:?}");
}

fn step(step: &Step) -> String {
    match step {
        Step::Together(range) => format!("t{}-{}", range.start, range.end),
        Step::Block(range) => format!("b{}-{}", range.start, range.end),
        Step::Alone(at) => format!("a{at}"),
    }
}

#[test]
fn one_transaction() {
    for syntax in [SQLITE, POSTGRES] {
        check(syntax, "", "transaction");
        check(syntax, "CREATE TABLE a (b int); INSERT INTO a VALUES (1)", "transaction");
        check(syntax, "SAVEPOINT a; SELECT 1; ROLLBACK TO a; RELEASE a", "transaction");
    }
    check(POSTGRES, "ALTER TYPE a ADD VALUE 'b'", "transaction");
    check(POSTGRES, "REFRESH MATERIALIZED VIEW CONCURRENTLY a", "transaction");
    check(POSTGRES, "-- CREATE INDEX CONCURRENTLY\nSELECT 'COMMIT', \"commit\"", "transaction");
    check(SQLITE, "PRAGMA foreign_keys=OFF; DROP TABLE a", "transaction");
}

#[test]
fn one_block() {
    check(POSTGRES, "BEGIN; SELECT 1; COMMIT;", "block");
    check(POSTGRES, "START TRANSACTION; END", "block");
    check(SQLITE, "BEGIN EXCLUSIVE; SELECT 1; END TRANSACTION", "block");
    check(POSTGRES, "BEGIN; SAVEPOINT a; RELEASE SAVEPOINT A; COMMIT AND NO CHAIN", "block");
}

#[test]
fn steps() {
    check(POSTGRES, "a; DROP INDEX CONCURRENTLY i; b; c", "t0-1 a1 t2-4");
    check(POSTGRES, "BEGIN; a; COMMIT; b", "b0-3 t3-4");
    check(POSTGRES, "a; BEGIN; b; COMMIT; BEGIN; COMMIT", "t0-1 b1-4 b4-6");
    check(POSTGRES, "VACUUM; VACUUM", "a0 a1");
    check(SQLITE, "a; VACUUM; PRAGMA foreign_keys=ON", "t0-1 a1 t2-3");
    check(MYSQL, "", "");
    check(MYSQL, "INSERT a; UPDATE b; CREATE TABLE c (d INT); DELETE e", "t0-2 a2 t3-4");
    check(MYSQL, "BEGIN; INSERT a; COMMIT", "b0-3");
    check(MYSQL, "SET @a = 1; PREPARE s FROM @a; EXECUTE s; DEALLOCATE PREPARE s", "t0-2 a2 t3-4");
}

#[test]
fn no_transaction_means_autocommit() {
    check(POSTGRES, "-- no-transaction\na; BEGIN; b; COMMIT; c", "t0-1 b1-4 t4-5");
    check(SQLITE, "-- xtask-db: no-transaction\na; b; VACUUM", "t0-1 t1-2 a2");
    check(POSTGRES, "-- xtask-db: no-transaction\na; CALL p(); DO $$ $$", "t0-1 a1 a2");
    check(POSTGRES, "-- xtask-db: no-transaction\nBEGIN; COMMIT", "b0-2");
    check(POSTGRES, "-- xtask-db: no-transaction\n", "");
    check(MYSQL, "-- xtask-db: no-transaction\nUPDATE a; UPDATE b", "t0-2");
}

#[test]
fn what_has_no_counterpart_is_refused() {
    for syntax in [SQLITE, POSTGRES, MYSQL] {
        check(syntax, "a;\nCOMMIT", "2:1 COMMIT has no counterpart in this file");
        check(syntax, "BEGIN; a", "1:1 BEGIN has no counterpart in this file");
        check(syntax, "BEGIN; a; ROLLBACK;", "1:11 ROLLBACK has no counterpart in this file");
        check(syntax, "BEGIN; BEGIN; COMMIT", "1:8 BEGIN has no counterpart in this file");
        check(
            syntax,
            "SELECT 1; RELEASE SAVEPOINT b",
            "1:11 RELEASE SAVEPOINT b has no counterpart in this file",
        );
        check(
            syntax,
            "SAVEPOINT a; SAVEPOINT b; RELEASE SAVEPOINT a; ROLLBACK TO b",
            "1:48 ROLLBACK TO b has no counterpart in this file",
        );
        check(
            syntax,
            "SAVEPOINT a; BEGIN; COMMIT; ROLLBACK TO SAVEPOINT a",
            "1:29 ROLLBACK TO SAVEPOINT a has no counterpart in this file",
        );
    }
    check(
        POSTGRES,
        "BEGIN; COMMIT AND CHAIN; COMMIT",
        "1:8 COMMIT AND CHAIN has no counterpart in this file",
    );
    check(
        POSTGRES,
        "BEGIN; PREPARE TRANSACTION 'x'",
        "1:8 PREPARE TRANSACTION 'x' has no counterpart in this file",
    );
    check(MYSQL, "BEGIN; COMMIT RELEASE", "1:8 COMMIT RELEASE has no counterpart in this file");
    check(
        POSTGRES,
        "-- no-transaction\nSAVEPOINT a",
        "2:1 SAVEPOINT a has no counterpart in this file",
    );
}

#[test]
fn what_cannot_be_in_a_block_is_refused() {
    check(
        POSTGRES,
        "BEGIN;\n CREATE INDEX CONCURRENTLY i ON a (b); COMMIT",
        "2:2 CREATE INDEX CONCURRENTLY i cannot run inside a transaction",
    );
    check(SQLITE, "BEGIN; VACUUM; COMMIT", "1:8 VACUUM cannot run inside a transaction");
    check(
        MYSQL,
        "START TRANSACTION; CREATE TABLE a (b INT); COMMIT",
        "1:20 CREATE TABLE a ( cannot run inside a transaction",
    );
}
