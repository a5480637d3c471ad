//! Names of tables, columns and indexes that end a string, a comment or a statement, or that some
//! layer takes for something else: each command quotes them, and none runs what they say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::places::{KINDS, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Kind, Oracle};

/// What stands in a name.
const MARKS: [&str; 25] = [
    "'", "\"", "`", ";", "--", "/*", "*/", "\\", "$$", "%", "%s", "{}", "{0}", "${HOME}", "[x]",
    "?", ":a", "@", "#", "\n", "\t", "\u{E9}", "\u{202E}", "<b>", "&amp;",
];
/// Around it; `~` is where it stands.
const SHAPES: [&str; 20] = [
    "~",
    "a~b",
    "~a",
    "a~",
    "A ~ b",
    "~~",
    "1~",
    "select~",
    "order ~",
    "type~fn",
    "a'~",
    "a\"~",
    "a`~",
    "a.~.b",
    "a''~\"\"",
    "x'); DROP TABLE canary; --~",
    "x\"; DROP TABLE canary; --~",
    "x`; DROP TABLE canary; --~",
    "*/ DROP TABLE canary; /*~",
    "a_name_that_is_nearly_as_long_as_names_can_be_~",
];
/// How many names one schema has.
const TOGETHER: usize = 25;

/// All 500 names on each database, some at a time.
pub(super) fn quoted(plan: &Plan<'_>) -> Vec<Case> {
    let names: Vec<String> =
        SHAPES.iter().flat_map(|shape| MARKS.iter().map(|mark| shape.replace('~', mark))).collect();
    let each = plan.of(20, 4, 1);
    let mut cases = Vec::new();
    for (kind, of) in KINDS {
        for (number, names) in names.chunks(TOGETHER).enumerate().step_by(each) {
            // MariaDB takes no name that ends in a space.
            let end = if kind == Kind::MariaDb { "." } else { "" };
            let names = &names[..plan.of(5, TOGETHER, TOGETHER)];
            let names = names.iter().map(|name| format!("{name}{end}")).collect::<Vec<_>>();
            cases.push(Case::new(format!("{of}-{number}"), move |_| each_command(kind, &names)));
        }
    }
    cases
}

fn each_command(kind: Kind, names: &[String]) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    ws.write(
        "Cargo.toml",
        "[workspace]\nmembers = []\nresolver = \"3\"\n\n[workspace.metadata.db]\n\
         types = \"src/tables.rs\"\nschema = \"schema.sql\"\n",
    );
    let canary = "CREATE TABLE canary (id INTEGER PRIMARY KEY);\n";
    ws.write("schema.sql", canary);
    ws.run_ok(&["migrate", "--name", "canary"]);
    ws.database().execute("INSERT INTO canary (id) VALUES (7)");
    ws.write("schema.sql", format!("{canary}{}", schema(kind, names)));
    let good: [&[&str]; 15] = [
        &["migrate", "--name", "names"],
        &["status", "--drift"],
        &["check", "--shadow"],
        &["diff", "--from", "schema", "--to", "database", "--exit-code"],
        &["pull", "--output", "pulled.sql"],
        &["diff", "--from", "schema:pulled.sql", "--to", "database", "--exit-code"],
        &["down", "--steps", "1"],
        &["diff", "--from", "migrations", "--to", "empty"],
        &["migrate"],
        &["backup"],
        &["script"],
        &["push"],
        &["lint", "--format", "json"],
        &["generate"],
        &["rehearse"],
    ];
    for words in good {
        let run = ws.run(words);
        Oracle::check_run(&run);
        // Lint has its findings, and not every name is one in Rust.
        let may_refuse = matches!(words[0], "lint" | "generate");
        assert!(run.code == Some(0) || may_refuse, "{run}");
        assert_eq!(ws.database().value("SELECT id FROM canary"), "7", "{run}");
    }
    for name in names {
        let sql = format!("SELECT COUNT(*) FROM {}", quote(kind, name));
        assert_eq!(ws.database().value(&sql), "0", "{name:?}");
    }
    ws.run_ok(&["reset", "--force"]);
    Ending::Passed
}

/// A table of each name, with a column of that name and an index.
fn schema(kind: Kind, names: &[String]) -> String {
    let mut sql = String::new();
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name.to_lowercase()), "{name:?} is there twice");
        let index = quote(kind, &format!("i {name}"));
        let name = quote(kind, name);
        let _ = writeln!(
            sql,
            "CREATE TABLE {name} (id INTEGER PRIMARY KEY, {name} VARCHAR(20) NOT NULL DEFAULT \
                'x');\n\
             CREATE INDEX {index} ON {name} ({name});"
        );
    }
    sql
}

fn quote(kind: Kind, name: &str) -> String {
    match kind {
        Kind::MariaDb => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
