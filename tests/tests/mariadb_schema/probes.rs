//! The query of every hazard runs on the database as it is, and counts.

use xtask_db_schema::{HazardKind, PlanOptions};

use crate::server::{database, read};

/// Every hazard of the way from one schema with these rows to the other, as kind, object, count.
#[track_caller]
fn check(from: &str, rows: &str, to: &str, expected: &[&str]) {
    let (Some(old), Some(new)) = (database(from), database(to)) else { return };
    old.execute(rows);
    let plan = read(&old).plan(&read(&new), &PlanOptions::default()).expect("a plan");
    let kind = |kind| match kind {
        HazardKind::DataLoss => "loss",
        HazardKind::Unexecutable => "fails",
        HazardKind::Rewrite => "rewrite",
        HazardKind::Lock => "lock",
    };
    let mut found = Vec::new();
    for hazard in plan.steps.iter().flat_map(|step| &step.hazards) {
        let count = hazard.probe.as_ref().map_or_else(|| "?".to_owned(), |sql| old.value(sql));
        found.push(format!("{} {} {count}", kind(hazard.kind), hazard.object));
    }
    assert_eq!(found, expected, "{}", plan.script());
}

#[test]
fn what_a_plan_would_lose_or_fail_at_is_counted() {
    let t = "CREATE TABLE t (id INT, a VARCHAR(20), b INT, e ENUM('x','y'), d DATETIME(3))";
    let rows = "INSERT INTO t VALUES (1, 'long text', 300, 'x', '2020-01-01 00:00:00.5'), \
         (1, NULL, NULL, 'y', NULL)";
    check(t, rows, "", &["loss t 2"]);
    check(
        t,
        rows,
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(4), b TINYINT, e ENUM('y'), d DATETIME)",
        &[
            "fails t.id 0",
            "loss t.a 1",
            "loss t.b 1",
            "loss t.e 1",
            "loss t.d 1",
            "fails t.PRIMARY 1",
            "rewrite t 2",
        ],
    );
    check(
        t,
        rows,
        "CREATE TABLE t (id INT, a VARCHAR(20) NOT NULL, e ENUM('x','y','z'), d DATETIME(3), \
         n INT NOT NULL, u UUID NOT NULL)",
        &["loss t.b 1", "fails t.a 1", "fails t.n 2", "fails t.u 2", "rewrite t 2"],
    );
    check(
        t,
        rows,
        "CREATE TABLE t (id INT, a UUID, b UUID, e ENUM('x','y'), d DATETIME(3), CHECK (id > 1))",
        &["loss t.b 1", "loss t.a 1", "fails t.CONSTRAINT_1 ?", "rewrite t 2"],
    );
}

#[test]
fn rows_that_break_a_new_rule_are_counted() {
    let tables = |rule: &str| {
        format!("CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (p INT, n INT{rule})")
    };
    let rows = "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 2), (NULL, 2)";
    check(
        &tables(""),
        rows,
        &tables(", CHECK (n < 2)"),
        &["fails c.CONSTRAINT_1 2", "rewrite c 3"],
    );
    check(&tables(""), rows, &tables(", UNIQUE k (n)"), &["fails c.k 1"]);
    check(
        &tables(""),
        rows,
        &tables(", FOREIGN KEY (p) REFERENCES p (id)"),
        &["fails c.c_ibfk_1 1", "lock c.c_ibfk_1 3"],
    );
}
