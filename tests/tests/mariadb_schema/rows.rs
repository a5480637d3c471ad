//! A plan that destroys nothing keeps every value.

use crate::server::{database, lead};

/// The rows of a query before, and after the database was led to another schema.
#[track_caller]
fn check(from: &str, rows: &str, to: &str, query: &str, expected: &[&str]) {
    for (there, back) in [(from, to), (to, from)] {
        let Some(database) = database(there) else { return };
        database.execute(rows);
        assert_eq!(database.column(query), expected, "before");
        lead(&database, back);
        assert_eq!(database.column(query), expected, "after");
    }
}

#[test]
fn columns_come_go_and_move() {
    check(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b INT)",
        "INSERT INTO t (id, a, b) VALUES (1, 'it''s é', 7), (2, NULL, NULL)",
        "CREATE TABLE t (c INT DEFAULT 3, b BIGINT, id INT PRIMARY KEY COMMENT 'key', \
         a VARCHAR(200) INVISIBLE DEFAULT 'x' CHECK (a <> ''), KEY (a(3)))",
        "SELECT CONCAT_WS('|', id, a, b) FROM t ORDER BY id",
        &["1|it's é|7", "2"],
    );
}

#[test]
fn a_name_in_another_case_keeps_its_values() {
    check(
        "CREATE TABLE t (id INT, userName TEXT, KEY k (userName(9)))",
        "INSERT INTO t VALUES (1, 'a')",
        "CREATE TABLE t (id INT, username TEXT, KEY k (username(9)))",
        "SELECT username FROM t",
        &["a"],
    );
}

#[test]
fn keys_and_foreign_keys_change_around_rows() {
    check(
        "CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(9) COLLATE latin1_bin UNIQUE); \
         CREATE TABLE c (id INT, p INT, code VARCHAR(9) COLLATE latin1_bin, \
         FOREIGN KEY (p) REFERENCES p (id), FOREIGN KEY (code) REFERENCES p (code))",
        "INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO c VALUES (1, 1, 'b'), (2, NULL, 'a')",
        "CREATE TABLE p (id BIGINT PRIMARY KEY, code VARCHAR(9) COLLATE utf8mb4_bin UNIQUE); \
         CREATE TABLE c (id INT, p BIGINT, code VARCHAR(9) COLLATE utf8mb4_bin, KEY own (p, id), \
         CONSTRAINT other FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE, \
         FOREIGN KEY (code) REFERENCES p (code) ON UPDATE CASCADE)",
        "SELECT CONCAT_WS('|', c.id, c.p, p.id) FROM c JOIN p ON p.code = c.code ORDER BY c.id",
        &["1|1|2", "2|1"],
    );
}

#[test]
fn texts_keep_their_characters_when_a_default_changes() {
    check(
        "CREATE TABLE t (a VARCHAR(9), b TEXT, c CHAR(9) COLLATE utf8mb4_bin) COLLATE latin1_bin",
        "INSERT INTO t VALUES ('é', 'ü', '✓')",
        "CREATE TABLE t (a VARCHAR(9), b TEXT COLLATE latin1_bin, c CHAR(9)) COLLATE utf8mb4_bin",
        "SELECT CONCAT(a, b, c) FROM t",
        &["éü✓"],
    );
}

#[test]
fn partitions_keep_rows_and_so_does_the_way_back() {
    let parts = |count: u32| {
        let part = |n| format!("PARTITION p{n} VALUES LESS THAN ({})", n * 10);
        let parts: Vec<String> = (1..=count).map(part).collect();
        format!(
            "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY RANGE (id) ({})",
            parts.join(", ")
        )
    };
    let rows = "INSERT INTO t VALUES (1), (11)";
    check(&parts(2), rows, &parts(4), "SELECT id FROM t ORDER BY id", &["1", "11"]);
    check(
        &parts(2),
        rows,
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "SELECT id FROM t ORDER BY id",
        &["1", "11"],
    );
}

#[test]
fn the_counter_goes_on() {
    let Some(database) = database("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT)")
    else {
        return;
    };
    database.execute("INSERT INTO t VALUES (41, 1); DELETE FROM t");
    lead(&database, "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, b INT, a INT)");
    database.execute("INSERT INTO t (a) VALUES (1)");
    assert_eq!(database.value("SELECT id FROM t"), "42");
}

#[test]
fn a_sequence_goes_on() {
    let Some(database) = database("CREATE SEQUENCE s") else { return };
    assert_eq!(database.value("SELECT NEXTVAL(s)"), "1");
    lead(&database, "CREATE SEQUENCE s INCREMENT BY 5 NOCACHE");
    let next: u32 = database.value("SELECT NEXTVAL(s)").parse().expect("a number");
    assert!(next > 1, "{next}");
}

#[test]
fn the_history_of_rows_is_kept() {
    let Some(database) =
        database("CREATE TABLE t (id INT PRIMARY KEY, a INT) WITH SYSTEM VERSIONING")
    else {
        return;
    };
    database.execute("INSERT INTO t VALUES (1, 1); UPDATE t SET a = 2");
    lead(&database, "CREATE TABLE t (id INT PRIMARY KEY, a BIGINT, b TEXT) WITH SYSTEM VERSIONING");
    let all = "SELECT a FROM t FOR SYSTEM_TIME ALL ORDER BY a";
    assert_eq!(database.column(all), ["1", "2"]);
}
