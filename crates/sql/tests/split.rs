//! Where statements begin and end, and what is refused.

use std::time::{Duration, Instant};

use xtask_db_sql::{Dialect, SqlError, Syntax, split};

const SQLITE: Syntax = Syntax::of(Dialect::Sqlite);
const POSTGRES: Syntax = Syntax::of(Dialect::Postgres);
const MYSQL: Syntax = Syntax::of(Dialect::Mysql);

#[track_caller]
fn check(syntax: Syntax, text: &str, expected: &[&str]) {
    let script = split(text, syntax).unwrap();
    let found: Vec<&str> =
        script.statements.iter().map(|statement| &text[statement.span.range()]).collect();
    assert_eq!(found, expected, "{text:?}");
}

/// The whole text is one statement.
#[track_caller]
fn one(syntax: Syntax, text: &str) {
    check(syntax, text, &[text]);
    check(syntax, &format!("{text};"), &[text]);
    check(syntax, &format!("a;{text};b"), &["a", text, "b"]);
}

#[track_caller]
fn refused(syntax: Syntax, text: &str, expected: &str) {
    let error = split(text, syntax).unwrap_err();
    let at = error.at();
    assert_eq!(format!("{}:{} {error}", at.line, at.column), expected, "{text:?}");
}

#[test]
fn empty_statements_are_none() {
    for syntax in [SQLITE, POSTGRES, MYSQL] {
        check(syntax, "", &[]);
        check(syntax, " ;;\n-- a;\n/* ; */;", &[]);
        check(syntax, "a;b ;\n c", &["a", "b", "c"]);
        check(syntax, "\u{feff}a", &["a"]);
        check(syntax, "/* a */ b /* c */ d /* e */;", &["b /* c */ d"]);
    }
    check(POSTGRES, "/*+ hint */;", &[]);
    check(MYSQL, "/*!99999 a */; /*! b */;", &["/*! b */"]);
}

#[test]
fn positions_are_lines_and_characters() {
    let script = split("a;\n  é; b\r\n;\tc", POSTGRES).unwrap();
    let places: Vec<(u32, u32)> =
        script.statements.iter().map(|s| (s.at.line, s.at.column)).collect();
    assert_eq!(places, [(1, 1), (2, 3), (2, 6), (3, 3)]);
}

#[test]
fn semicolons_inside_tokens_do_not_split() {
    one(POSTGRES, "SELECT ';', \";\", $$;$$, E'\\';' /* ; */ -- ;\n + 1");
    one(MYSQL, "SELECT ';', \";\", `;`, '\\';' /* ; */ -- ;\n + 1 # ;\n + 2 /*! ; */");
    one(SQLITE, "SELECT ';', \";\", `;`, [;], '\\' /* ; */ -- ;\n + 1");
}

#[test]
fn postgres_bodies() {
    one(POSTGRES, "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)");
    one(POSTGRES, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END");
    one(POSTGRES, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END");
    one(POSTGRES, "create procedure p() begin atomic select case when a then b end; end");
    one(
        POSTGRES,
        "CREATE FUNCTION f() RETURNS t BEGIN ATOMIC SELECT t.end, 1 AS end; SELECT 2; END",
    );
    check(POSTGRES, "BEGIN; SELECT 1; END; SELECT 2", &["BEGIN", "SELECT 1", "END", "SELECT 2"]);
    check(POSTGRES, "CREATE TABLE begin (a int); END;", &["CREATE TABLE begin (a int)", "END"]);
    check(POSTGRES, "SELECT 1); SELECT 2", &["SELECT 1)", "SELECT 2"]);
    refused(
        POSTGRES,
        "a;\nCREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC SELECT 1;",
        "3:1 a routine body starts here and is never closed",
    );
}

#[test]
fn sqlite_triggers() {
    one(SQLITE, "CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; END");
    one(
        SQLITE,
        "create temporary trigger t INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END",
    );
    one(SQLITE, "EXPLAIN CREATE TEMP TRIGGER begin INSERT ON a BEGIN SELECT 1; SELECT 2; END");
    one(SQLITE, "CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; /* ; */ END");
    check(
        SQLITE,
        "CREATE TRIGGER t BEGIN a; END -- c\n;b",
        &["CREATE TRIGGER t BEGIN a; END", "b"],
    );
    check(SQLITE, "CREATE TABLE trigger (a); END;", &["CREATE TABLE trigger (a)", "END"]);
    check(SQLITE, "BEGIN; SELECT 1; END;", &["BEGIN", "SELECT 1", "END"]);
    refused(
        SQLITE,
        "CREATE TRIGGER t;\nSELECT 1;",
        "1:1 a trigger body starts here and is never closed",
    );
}

#[test]
fn mysql_bodies() {
    for text in [
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE PROCEDURE p() BEGIN END",
        "CREATE PROCEDURE IF NOT EXISTS `p`() BEGIN SELECT 1; END",
        "CREATE OR REPLACE DEFINER=a@b PROCEDURE p(a ENUM('x', 'y')) x: BEGIN LEAVE x; END x",
        "CREATE PROCEDURE p() x :BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() `x y`: LOOP SELECT 1; LEAVE `x y`; END LOOP",
        "CREATE PROCEDURE p() IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE SELECT 3; END IF",
        "CREATE PROCEDURE p() CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE",
        "CREATE PROCEDURE p() WHILE a DO WHILE b DO SELECT 1; END WHILE; END WHILE",
        "CREATE PROCEDURE p() REPEAT SELECT 1; UNTIL a = IF(b, c, d) END REPEAT",
        "CREATE PROCEDURE p() BEGIN DROP TABLE IF EXISTS t; CREATE TABLE IF NOT EXISTS t (a); END",
        "CREATE PROCEDURE p() BEGIN START TRANSACTION; SELECT t.case, t.end FROM t; COMMIT; END",
        "CREATE PROCEDURE p() BEGIN DECLARE c CURSOR FOR SELECT IF(a, b, c) FROM t FOR UPDATE; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR 1 SET x = IF(a, b, c); SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '1', w \
         IF a THEN SELECT 1; END IF; END",
        "CREATE FUNCTION f() RETURNS INT RETURN IF(a, REPEAT('x', 2), CASE WHEN b THEN 1 END)",
        "CREATE FUNCTION f() RETURNS SET('a;') CHARSET utf8 NO SQL BEGIN RETURN 1; END",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $$ return 1; $$",
        "CREATE FUNCTION f RETURNS STRING SONAME 'f;.so'",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW PRECEDES b BEGIN SET NEW.x = 1; END",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = IF(NEW.x, 1, 2)",
        "CREATE EVENT e ON SCHEDULE AT NOW() + INTERVAL 1 DAY DO UPDATE t SET a = IF(b, c, d)",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS IF(a, b, c) DO BEGIN SELECT 1; END",
        "BEGIN NOT ATOMIC BEGIN NOT ATOMIC SELECT 1; END; END",
        "x: LOOP SELECT 1; LEAVE x; END LOOP x",
        "/*!50003 CREATE PROCEDURE p() BEGIN SELECT 1; END */",
        "CREATE /*!50020 DEFINER=a@b*/ PROCEDURE p() /*!50003 BEGIN SELECT 1; SELECT 2; END */",
        "CREATE PROCEDURE p AS a INT; b INT; BEGIN SELECT 1; END",
    ] {
        one(MYSQL, text);
    }
    check(MYSQL, "BEGIN; SELECT 1; COMMIT", &["BEGIN", "SELECT 1", "COMMIT"]);
    check(MYSQL, "DROP PROCEDURE p; SELECT 1", &["DROP PROCEDURE p", "SELECT 1"]);
    check(MYSQL, "ALTER EVENT e DISABLE; SELECT 1", &["ALTER EVENT e DISABLE", "SELECT 1"]);
    check(MYSQL, "ALTER TABLE t ADD event INT; b", &["ALTER TABLE t ADD event INT", "b"]);
    refused(
        MYSQL,
        "CREATE PROCEDURE p()\nBEGIN\n  IF a THEN SELECT 1;\nEND;\nSELECT 2;",
        "2:1 a compound statement starts here and is never closed",
    );
}

#[test]
fn mysql_delimiter_ends_what_is_open() {
    let text = "DELIMITER //\nCREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END;//\n\
                DELIMITER ;\nSELECT 2;";
    check(MYSQL, text, &["CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END;", "SELECT 2"]);
    check(MYSQL, "DELIMITER //\na;b// c //;", &["a", "b", "c"]);
    check(
        MYSQL,
        "DELIMITER //\nBEGIN NOT ATOMIC SELECT 1; END;\n//",
        &["BEGIN NOT ATOMIC SELECT 1; END"],
    );
}

#[test]
fn client_commands_are_refused_by_name() {
    refused(
        POSTGRES,
        "SELECT 1;\n \\i x.sql\n",
        "2:2 \\i is a command of the psql client, not SQL",
    );
    refused(POSTGRES, "SELECT 1 \\gx", "1:10 \\gx is a command of the psql client, not SQL");
    refused(POSTGRES, "\\.", "1:1 \\. is a command of the psql client, not SQL");
    refused(MYSQL, "source x.sql", "1:1 source is a command of the mysql client, not SQL");
    refused(MYSQL, "\\. x.sql", "1:1 \\. is a command of the mysql client, not SQL");
    refused(MYSQL, "SELECT 1\\G", "1:9 \\G is a command of the mysql client, not SQL");
    refused(MYSQL, "a;DELIMITER", "1:3 DELIMITER is a command of the mysql client, not SQL");
    refused(SQLITE, "\n.read x.sql", "2:1 .read is a command of the sqlite3 client, not SQL");
    one(MYSQL, "SELECT \\N");
    one(MYSQL, "source: LOOP LEAVE source; END LOOP");
    one(MYSQL, "INSERT source");
    one(SQLITE, "SELECT a\n.b");
}

#[test]
fn copy_from_stdin_is_refused() {
    for text in [
        "COPY t FROM STDIN",
        "copy s.t (a, \"from\") from stdin with (format csv);\nit's\n\\.",
        "COPY /* a */ t FROM -- b\n STDIN;",
    ] {
        let error = split(text, POSTGRES).unwrap_err();
        assert!(matches!(error, SqlError::CopyFromStdin { .. }), "{text:?}: {error}");
    }
    one(POSTGRES, "COPY t FROM '/stdin'");
    one(POSTGRES, "COPY (SELECT 1 FROM stdin) TO STDOUT");
    one(POSTGRES, "SELECT 1 FROM stdin");
}

#[test]
fn what_is_not_closed_is_named() {
    refused(POSTGRES, "a;\n 'b", "2:2 a string starts here and is never closed");
    refused(POSTGRES, "\"b", "1:1 a quoted name starts here and is never closed");
    refused(POSTGRES, "$x$b", "1:1 a dollar-quoted body starts here and is never closed");
    refused(POSTGRES, "/* /* */", "1:1 a comment starts here and is never closed");
    refused(POSTGRES, "E'b\\'", "1:1 a string starts here and is never closed");
    refused(POSTGRES, "U&\"b", "1:1 a quoted name starts here and is never closed");
    refused(MYSQL, "\"b", "1:1 a string starts here and is never closed");
    refused(MYSQL, "`b", "1:1 a quoted name starts here and is never closed");
    refused(MYSQL, "/*! '", "1:1 a comment starts here and is never closed");
    refused(SQLITE, "[b", "1:1 a quoted name starts here and is never closed");
}

/// What could cost quadratic time: at this size that would be minutes, linear is well under a
/// second even in a debug build on a busy machine.
#[test]
fn time_is_linear() {
    const BYTES: usize = 1 << 18;
    const LIMIT: Duration = Duration::from_secs(20);
    let check = |syntax: Syntax, start: &str, unit: &str| {
        let text = format!("{start}{}", unit.repeat(BYTES / unit.len()));
        let begun = Instant::now();
        let _ = split(&text, syntax);
        let taken = begun.elapsed();
        assert!(taken < LIMIT, "{start}{unit}… took {taken:?} on {}", syntax.dialect);
    };
    for unit in [
        "a;",
        "+",
        "$a",
        "$a$b",
        "-- xtask\n",
        "-- xtask-db: irreversible\n",
        "E'a'\n",
        "'",
        "/*",
        "/*! ",
        "(",
        "\\N",
        "$a(",
        "1e",
        "SELECT /*! a */ 1;",
        "DROP TABLE a, ",
        "a\r",
    ] {
        for syntax in [SQLITE, POSTGRES, MYSQL] {
            check(syntax, "", unit);
        }
    }
    for start in ["CREATE PROCEDURE p() ", "DELIMITER aaaaaaaaaaaaaab\n"] {
        check(MYSQL, start, "BEGIN a ");
        check(MYSQL, start, "a");
        check(MYSQL, start, "delimiter ");
    }
    check(MYSQL, "", "SET STATEMENT a=1 FOR ");
    check(SQLITE, "SELECT 1 ", "-- xtask-db: irreversible\n");
}
