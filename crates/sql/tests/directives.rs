//! `-- xtask-db: …` comments.

use xtask_db_sql::{Dialect, DirectiveKind, Syntax, split};

const SQLITE: Syntax = Syntax::of(Dialect::Sqlite);
const POSTGRES: Syntax = Syntax::of(Dialect::Postgres);
const MYSQL: Syntax = Syntax::of(Dialect::Mysql);

#[track_caller]
fn check(text: &str, expected: &[DirectiveKind]) {
    for syntax in [SQLITE, POSTGRES, MYSQL] {
        let script = split(text, syntax).unwrap();
        let found: Vec<DirectiveKind> = script.directives.into_iter().map(|d| d.kind).collect();
        assert_eq!(found, expected, "{text:?} {}", syntax.dialect);
    }
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    for syntax in [SQLITE, POSTGRES, MYSQL] {
        let error = split(text, syntax).unwrap_err();
        let at = error.at();
        assert_eq!(format!("{}:{} {error}", at.line, at.column), expected, "{text:?}");
    }
}

fn owned(text: &str) -> String {
    text.to_owned()
}

#[test]
fn directives_are_read() {
    check("-- xtask-db: no-transaction\nSELECT 1", &[DirectiveKind::NoTransaction]);
    check("-- Xtask-DB :  no-transaction \r\nSELECT 1", &[DirectiveKind::NoTransaction]);
    check(
        "SELECT 1; -- xtask-db: allow row-loss reason=\"it's empty\"",
        &[DirectiveKind::Allow { rule: owned("row-loss"), reason: owned("it's empty") }],
    );
    check("-- xtask-db: irreversible", &[DirectiveKind::Irreversible { reason: owned("") }]);
    check(
        "-- xtask-db: irreversible reason = \"a b\"",
        &[DirectiveKind::Irreversible { reason: owned("a b") }],
    );
    check(
        "-- xtask-db: after-backfill 20260101000000_a b",
        &[DirectiveKind::AfterBackfill { id: owned("20260101000000_a b") }],
    );
    check(
        "-- xtask-db: batch app.\"use(rs\" ( id ) 1_000\nUPDATE x",
        &[DirectiveKind::Batch { table: owned("app.\"use(rs\""), column: owned("id"), rows: 1000 }],
    );
    check(
        "CREATE TABLE a (\n  b int -- xtask-db: renamed-from \"c d\"\n)",
        &[DirectiveKind::RenamedFrom { name: owned("\"c d\"") }],
    );
}

#[test]
fn other_comments_are_not_directives() {
    check("-- see xtask-db: nonsense\nSELECT 1 -- xtask-db is fine", &[]);
    check("SELECT '-- xtask-db: nonsense'", &[]);
    check("/* see xtask-db: nonsense */ SELECT 1", &[]);
}

#[test]
fn the_form_of_sqlx() {
    check("-- no-transaction\nSELECT 1", &[DirectiveKind::NoTransaction]);
    check("-- no-transaction: it is large\nSELECT 1", &[DirectiveKind::NoTransaction]);
    check("-- why\n\n-- no-transaction\nSELECT 1", &[DirectiveKind::NoTransaction]);
    check("-- why\n-- no-transaction is not needed\nSELECT 1", &[]);
    check("SELECT 1;\n-- no-transaction\n", &[]);
}

#[test]
fn faults_are_named_with_their_place() {
    refused(
        "\n -- xtask-db: no-transacton",
        "2:2 unknown directive no-transacton, did you mean no-transaction",
    );
    refused("-- xtask-db: Allow x reason=\"y\"", "1:1 unknown directive Allow, did you mean allow");
    refused(
        "-- xtask-db: rename-from x",
        "1:1 unknown directive rename-from, did you mean renamed-from",
    );
    refused("-- xtask-db:", "1:1 xtask-db: needs a directive, e.g. no-transaction");
    refused("-- xtask_db: allow", "1:1 unknown prefix xtask_db, a directive starts with xtask-db:");
    refused(
        "-- xtask-db: no-transaction please",
        "1:1 no-transaction takes no argument, found please",
    );
    refused(
        "SELECT 1;\n-- xtask-db: no-transaction",
        "2:1 no-transaction belongs in the comments before the first statement",
    );
    let form = "1:1 allow is written allow RULE reason=\"why\"";
    for text in ["allow", "allow x", "allow x because", "allow x reason=y", "allow reason=\"y\""] {
        refused(&format!("-- xtask-db: {text}"), form);
    }
    refused("-- xtask-db: allow x reason=\" \"", "1:1 allow x needs a reason that says why");
    refused(
        "-- xtask-db: irreversible because",
        "1:1 irreversible is written irreversible reason=\"why\"",
    );
    refused("-- xtask-db: after-backfill", "1:1 after-backfill needs the id of a migration");
    for text in ["batch", "batch a 1", "batch a() 1", "batch (b) 1", "batch a(b)"] {
        refused(&format!("-- xtask-db: {text}"), "1:1 batch is written batch table(column) rows");
    }
    refused(
        "-- xtask-db: batch a(b) 0",
        "1:1 0 is not a number of rows; batch is written batch table(column) rows",
    );
    refused("-- xtask-db: renamed-from", "1:1 renamed-from needs the old name");
    refused(
        "/* xtask-db: no-transaction */",
        "1:1 a directive is a comment of its own that starts with --",
    );
}
