//! Plans as they read, one case a line where it can be.

use super::plan;
use crate::sqlite::tests::catalog;
use crate::{Plan, PlanOptions};

fn planned(from: &str, to: &str) -> Plan {
    plan(&catalog(from), &catalog(to), &PlanOptions::default()).expect("a plan")
}

fn check(from: &str, to: &str, expected: &str) {
    let equal = catalog(from).canonical() == catalog(to).canonical();
    let script = planned(from, to).script();
    assert_eq!(script.is_empty(), equal, "{from} -> {to}");
    assert_eq!(script, expected, "{from} -> {to}");
}

#[test]
fn spelling_is_no_difference() {
    let same = |a, b| check(a, b, "");
    same("CREATE TABLE t (a int, b TEXT)", "create table \"T\" ([b] text, -- the b\n a INT)");
    same(
        "CREATE TABLE t (a int, b text, UNIQUE (a), CHECK (a > 0))",
        "CREATE TABLE t (b text, a int, CHECK (\"a\">0), UNIQUE (`A`))",
    );
    same("CREATE TABLE t (a CHECK (t.a > 0))", "CREATE TABLE t (a CHECK (a > 0))");
    same("CREATE TABLE t (a DEFAULT \"x\")", "CREATE TABLE t (a DEFAULT 'x')");
    same(
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a) WHERE a > 1",
        "CREATE TABLE t (a int); CREATE INDEX I ON [t] (\"a\") where A > /* x */ 1",
    );
    same(
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a int); create view \"v\" as select a from t",
    );
}

#[test]
fn columns_in_place() {
    let t = "CREATE TABLE t (a int)";
    check(t, "CREATE TABLE t (b text, a int)", "ALTER TABLE t ADD COLUMN b text;\n");
    check("CREATE TABLE t (a int, b text)", t, "ALTER TABLE t DROP COLUMN b;\n");
    check(
        t,
        "CREATE TABLE t (a int, \"key\" text NOT NULL DEFAULT 'x' CHECK (key <> ''))",
        "ALTER TABLE t ADD COLUMN \"key\" text NOT NULL DEFAULT 'x' CHECK (key <> '');\n",
    );
    check(t, "CREATE TABLE t (A int)", "ALTER TABLE t RENAME COLUMN a TO A;\n");
    check(
        t,
        "CREATE TABLE t (a int, c AS (b + 1), b int REFERENCES t (a))",
        "ALTER TABLE t ADD COLUMN b int REFERENCES t (a);\nALTER TABLE t ADD COLUMN c AS (b + \
            1);\n",
    );
    check(
        "CREATE TABLE t (b int, a int, c AS (b + 1))",
        t,
        "ALTER TABLE t DROP COLUMN c;\nALTER TABLE t DROP COLUMN b;\n",
    );
}

#[test]
fn what_only_another_table_can_be() {
    let again = |from: &str, to: &str| {
        let script = planned(from, to).script();
        assert!(script.contains("ALTER TABLE new_t RENAME TO t;"), "{from} -> {to}\n{script}");
    };
    let t = "CREATE TABLE t (a int)";
    again(t, "CREATE TABLE t (a text)");
    again(t, "CREATE TABLE t (a int, b int UNIQUE)");
    again(t, "CREATE TABLE t (a int, b int PRIMARY KEY)");
    again(t, "CREATE TABLE t (a int, b DEFAULT CURRENT_TIMESTAMP)");
    again(t, "CREATE TABLE t (a int, b DEFAULT (1 + 1))");
    again(t, "CREATE TABLE t (a int, b AS (a + 1) STORED)");
    again(t, "CREATE TABLE t (a int, b int DEFAULT 1 REFERENCES t (a))");
    again(t, "CREATE TABLE t (a int, b CHECK (c > b), c CHECK (b < c))");
    again(t, "CREATE TABLE t (a int) STRICT");
    again("CREATE TABLE t (a int, b int UNIQUE)", t);
    again("CREATE TABLE t (a int, b int, CHECK (a > 0))", t);
    again("CREATE TABLE t (a int, /* one, two */ b int)", t);
    // DROP COLUMN would write the view anew.
    let view = "CREATE VIEW v AS SELECT \"text\" FROM t";
    again(&format!("CREATE TABLE t (a int, b int); {view}"), &format!("{t}; {view}"));
}

#[test]
fn a_table_made_again() {
    check(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a int, gone, up REFERENCES t)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a int NOT NULL DEFAULT 7, \
         twice AS (a * 2), up REFERENCES t);
         CREATE INDEX i ON t (a);
         CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM t; END",
        "PRAGMA legacy_alter_table = ON;
CREATE TABLE new_t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a int NOT NULL DEFAULT 7,
    twice AS (a * 2),
    up REFERENCES t
);
INSERT INTO new_t (id, a, up)
SELECT id, coalesce(a, 7), up
FROM t;
UPDATE sqlite_sequence SET seq = old.seq
FROM sqlite_sequence AS old
WHERE sqlite_sequence.name = 'new_t' AND old.name = 't';
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX i ON t (a);
CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM t; END;
",
    );
}

#[test]
fn rows_on_their_way() {
    let copied = |from: &str, to: &str, expected: &str| {
        let script = planned(from, to).script();
        let lines: Vec<&str> =
            script.split(";\n").filter(|one| one.starts_with("INSERT")).collect();
        assert_eq!(lines.join(";").replace('\n', " "), expected, "{from} -> {to}");
    };
    copied(
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a text)",
        "INSERT INTO new_t (rowid, a) SELECT rowid, a FROM t",
    );
    copied(
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a int)",
        "INSERT INTO new_t (id, a) SELECT rowid, a FROM t",
    );
    copied(
        "CREATE TABLE t (rowid int, b AS (1))",
        "CREATE TABLE t (rowid text, b int UNIQUE ON CONFLICT IGNORE)",
        "INSERT OR ABORT INTO new_t (_rowid_, rowid, b) SELECT _rowid_, rowid, b FROM t",
    );
    copied(
        "CREATE TABLE t (a int PRIMARY KEY, b int)",
        "CREATE TABLE t (a int PRIMARY KEY, b NOT NULL DEFAULT x) WITHOUT ROWID",
        "INSERT INTO new_t (a, b) SELECT a, coalesce(b, 'x') FROM t",
    );
    copied("CREATE TABLE t (a int PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE t (b int)", "");
}

#[test]
fn what_reads_tables_goes_first_and_comes_last() {
    check(
        "CREATE TABLE a (x int); CREATE TABLE b (y int, z int); CREATE VIEW v AS SELECT x FROM a;
         CREATE VIEW w AS SELECT x FROM v; CREATE INDEX i ON b (y);
         CREATE TRIGGER g AFTER DELETE ON a BEGIN DELETE FROM b; END",
        "CREATE TABLE b (y int); CREATE TABLE c (d REFERENCES e); CREATE TABLE e (f PRIMARY KEY);
         CREATE VIEW v AS SELECT y FROM b; CREATE VIEW u AS SELECT y FROM v;
         CREATE UNIQUE INDEX i ON b (y)",
        "DROP TRIGGER g;
DROP VIEW w;
DROP VIEW v;
DROP INDEX i;
CREATE TABLE e (
    f PRIMARY KEY
);
CREATE TABLE c (
    d REFERENCES e
);
ALTER TABLE b DROP COLUMN z;
DROP TABLE a;
CREATE UNIQUE INDEX i ON b (y);
CREATE VIEW v AS SELECT y FROM b;
CREATE VIEW u AS SELECT y FROM v;
",
    );
    check(
        "CREATE VIEW x AS SELECT 1; CREATE TABLE y (a int); CREATE INDEX z ON y (a)",
        "CREATE TABLE x (a int); CREATE VIEW y AS SELECT 1; CREATE TABLE z (a int)",
        "DROP VIEW x;
DROP INDEX z;
CREATE TABLE x (
    a int
);
CREATE TABLE z (
    a int
);
DROP TABLE y;
CREATE VIEW y AS SELECT 1;
",
    );
}

#[test]
fn virtual_tables() {
    check(
        "CREATE VIRTUAL TABLE f USING fts5(a, content='')",
        "CREATE VIRTUAL TABLE f USING fts5(a, b, content='')",
        "PRAGMA legacy_alter_table = ON;\nDROP TABLE f;\n\
         CREATE VIRTUAL TABLE f USING fts5(a, b, content='');\nPRAGMA legacy_alter_table = OFF;\n",
    );
    check(
        "CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5(a, content='t')",
        "CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5(a, content='t', tokenize='porter')",
        "PRAGMA legacy_alter_table = ON;\nDROP TABLE f;\n\
         CREATE VIRTUAL TABLE f USING fts5(a, content='t', tokenize='porter');\n\
         INSERT INTO f (f) VALUES ('rebuild');\nPRAGMA legacy_alter_table = OFF;\n",
    );
    let keyed = "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID; CREATE VIRTUAL TABLE f USING";
    check(
        &format!("{keyed} fts5(a, content='t')"),
        &format!("{keyed} fts5(a, content='t', tokenize='porter')"),
        "PRAGMA legacy_alter_table = ON;\nDROP TABLE f;\n\
         CREATE VIRTUAL TABLE f USING fts5(a, content='t', tokenize='porter');\n\
         PRAGMA legacy_alter_table = OFF;\n",
    );
    check(
        "CREATE VIRTUAL TABLE f USING fts5(a, content='gone')",
        "CREATE VIRTUAL TABLE f USING fts5(b, content='gone')",
        "PRAGMA legacy_alter_table = ON;\nDROP TABLE f;\n\
         CREATE VIRTUAL TABLE f USING fts5(b, content='gone');\n\
         PRAGMA legacy_alter_table = OFF;\n",
    );
    check("CREATE VIRTUAL TABLE f USING fts5(a)", "create virtual table [F] using FTS5( a )", "");
}

#[test]
fn hazards_count_what_they_touch() {
    let hazards = |from: &str, to: &str, expected: &[&str]| {
        let plan = planned(from, to);
        let shown: Vec<String> = plan
            .steps
            .iter()
            .flat_map(|step| &step.hazards)
            .filter(|hazard| hazard.kind != crate::HazardKind::Rewrite)
            .map(|it| format!("{}: {}", it.text, it.probe.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(shown, expected, "{from} -> {to}");
    };
    let t = "CREATE TABLE t (a int)";
    hazards(t, "", &["the table t is dropped with its rows: SELECT count(*) FROM t"]);
    hazards(
        "CREATE TABLE t (a int, b text)",
        t,
        &["the column t.b is dropped with its values: \
           SELECT count(*) FROM t WHERE b IS NOT NULL"],
    );
    hazards("CREATE TABLE t (a int, b AS (1))", t, &[]);
    hazards(
        t,
        "CREATE TABLE t (a int, b NOT NULL)",
        &["t.b is required and has no default: fails when there are rows: \
           SELECT count(*) FROM t"],
    );
    hazards(
        t,
        "CREATE TABLE t (a int NOT NULL CHECK (a > 0), b CHECK (b > 0))",
        &[
            "t.a is required: fails when a row has no value: \
           SELECT count(*) FROM t WHERE a IS NULL",
            "t CHECK (a > 0) fails when a row does not meet it: \
           SELECT count(*) FROM t WHERE NOT (a > 0)",
            "t CHECK (b > 0) fails when a row does not meet it: -",
        ],
    );
    hazards(
        "CREATE TABLE t (a text COLLATE nocase, b int)",
        "CREATE TABLE t (a text, b int); CREATE UNIQUE INDEX u ON t (a DESC) WHERE b > 1",
        &["the unique index u fails when rows have the same values: -"],
    );
    hazards(
        "CREATE TABLE t (a text)",
        "CREATE TABLE t (a int UNIQUE)",
        &[
            "t.a has another type: values are converted to it: SELECT count(*) FROM t WHERE \
           (typeof(a) = 'text' AND CAST(CAST(a AS NUMERIC) AS TEXT) <> a)",
            "t (a) fails when rows have the same values: SELECT count(*) FROM (SELECT 1 FROM t \
           WHERE a IS NOT NULL GROUP BY CAST(a AS NUMERIC) HAVING count(*) > 1)",
        ],
    );
    hazards(
        "CREATE TABLE t (a int); CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (a int REFERENCES p); CREATE TABLE p (id INTEGER PRIMARY KEY)",
        &["t (a) fails when a row refers to nothing: SELECT count(*) FROM t AS child \
           WHERE child.a IS NOT NULL AND NOT EXISTS \
           (SELECT 1 FROM p AS parent WHERE parent.id = child.a)"],
    );
}

#[test]
fn what_was_not_understood_is_not_touched() {
    let odd = catalog("CREATE TABLE t (a int) ODD");
    assert_eq!(odd.unmodelled.len(), 1);
    let known = catalog("CREATE TABLE t (a int)");
    for (from, to) in [(&odd, &known), (&known, &odd)] {
        let refused = plan(from, to, &PlanOptions::default()).unwrap_err();
        assert!(refused.to_string().contains("table t"), "{refused}");
    }
    assert!(plan(&odd, &odd, &PlanOptions::default()).unwrap().is_empty());
}
