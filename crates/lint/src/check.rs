//! The tables of the rules' tests: `check("sql", "K01 1:1 users")`.
//!
//! A line says: id, `?` when it is only possible, place, object, `[fix]` when there is one.

use std::collections::BTreeMap;

use xtask_db_history::{Checksum, Migration, SqlFile};
use xtask_db_schema::Relation;
use xtask_db_sql::{Dialect, Position, Syntax};

use crate::{
    Facts, Family, Finding, Harm, HarmKind, Input, Level, Options, Place, Question, Report, Server,
    apply, lint,
};

/// A rule on a server, with what is known there.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    rule: &'static str,
    server: Server,
    earlier: String,
    known: Known,
    id: &'static str,
    down: bool,
    backfill: bool,
}

/// Facts for a test.
#[derive(Debug, Clone, Default)]
struct Known {
    counts: BTreeMap<String, u64>,
    relations: Option<Vec<Relation>>,
    harms: Vec<Harm>,
}

impl Facts for Known {
    fn relations(&self) -> Option<&[Relation]> {
        self.relations.as_deref()
    }

    fn count(&self, question: &Question) -> Option<u64> {
        self.counts.get(&key(question)).copied()
    }

    fn harms(&self, _: &str) -> &[Harm] {
        &self.harms
    }
}

/// `rows users`, `values users.email`, `duplicates users(email)`, …
fn key(question: &Question) -> String {
    match question {
        Question::Rows { table } => format!("rows {}", table.key()),
        Question::Values { table, column } => format!("values {}.{column}", table.key()),
        Question::Nulls { table, column } => format!("nulls {}.{column}", table.key()),
        Question::Duplicates { table, columns } => {
            format!("duplicates {}({})", table.key(), columns.join(","))
        }
        Question::Orphans { table, columns, .. } => {
            format!("orphans {}({})", table.key(), columns.join(","))
        }
        Question::Violations { table, condition } => {
            format!("violations {} {condition}", table.key())
        }
        Question::Holding { table, column, value } => {
            format!("holding {}.{column} {value}", table.key())
        }
        Question::Longer { table, column, characters } => {
            format!("longer {}.{column} {characters}", table.key())
        }
    }
}

/// A rule on PostgreSQL.
pub(crate) fn postgres(rule: &'static str) -> Trial {
    on(rule, Family::Postgres, None)
}

/// A rule on MySQL.
pub(crate) fn mysql(rule: &'static str) -> Trial {
    on(rule, Family::Mysql, None)
}

/// A rule on MariaDB.
pub(crate) fn mariadb(rule: &'static str) -> Trial {
    on(rule, Family::MariaDb, None)
}

/// A rule on SQLite.
pub(crate) fn sqlite(rule: &'static str) -> Trial {
    on(rule, Family::Sqlite, None)
}

/// A rule on a server of a version.
pub(crate) fn on(rule: &'static str, family: Family, version: Option<(u32, u32)>) -> Trial {
    let server = Server { family, version };
    let (earlier, known) = (String::new(), Known::default());
    let id = "20260101000000_change_table_details";
    Trial { rule, server, earlier, known, id, down: false, backfill: false }
}

impl Trial {
    /// What earlier migrations did.
    pub(crate) fn after(&self, sql: &str) -> Self {
        Self { earlier: sql.to_owned(), ..self.clone() }
    }

    /// The answer to a question: `knows("rows users", 0)`.
    pub(crate) fn knows(&self, question: &str, count: u64) -> Self {
        let mut trial = self.clone();
        trial.known.counts.insert(question.to_owned(), count);
        trial
    }

    /// The catalog.
    pub(crate) fn catalog(&self, relations: Vec<Relation>) -> Self {
        let mut trial = self.clone();
        trial.known.relations = Some(relations);
        trial
    }

    /// A query of the release that is running suffers from the migration.
    pub(crate) fn suffers(&self, kind: HarmKind, mild: bool) -> Self {
        let at = Position { line: 7, column: 20 };
        let place = Place { path: "src/users.rs".to_owned(), at };
        let (object, message) = ("email".to_owned(), "it".to_owned());
        let mut trial = self.clone();
        trial.known.harms.push(Harm { place, kind, object, message, mild });
        trial
    }

    /// The migration's name.
    pub(crate) fn named(&self, id: &'static str) -> Self {
        Self { id, ..self.clone() }
    }

    /// With a `down.sql` and a `README.md`.
    pub(crate) fn described(&self) -> Self {
        Self { down: true, ..self.clone() }
    }

    /// The text is that of `backfill.sql`.
    pub(crate) fn backfill(&self) -> Self {
        Self { backfill: true, ..self.clone() }
    }

    /// What the rule finds, a line each.
    #[track_caller]
    pub(crate) fn check(&self, sql: &str, expected: &str) {
        let findings = self.findings(sql);
        let shown: Vec<String> = findings.iter().map(line).collect();
        assert_eq!(shown.join("; "), expected, "{sql}");
    }

    /// The text that the rule's fixes make.
    #[track_caller]
    pub(crate) fn mends(&self, sql: &str, expected: &str) {
        let findings = self.findings(sql);
        assert_eq!(apply(sql, &findings).0, expected, "{sql}");
    }

    /// The message of the only finding.
    #[track_caller]
    pub(crate) fn says(&self, sql: &str, expected: &str) {
        let findings = self.findings(sql);
        let said: Vec<&str> = findings.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(said.join("; "), expected, "{sql}");
    }

    fn findings(&self, sql: &str) -> Vec<Finding> {
        let mut files = self.report(sql).files;
        let of_rule = |finding: &Finding| finding.rule.id == self.rule;
        files.drain(..).flat_map(|file| file.findings).filter(of_rule).collect()
    }

    /// What all rules find, this one at its own level even when it is off.
    pub(crate) fn report(&self, sql: &str) -> Report {
        let dialect = match self.server.family {
            Family::Postgres => Dialect::Postgres,
            Family::Sqlite => Dialect::Sqlite,
            Family::Mysql | Family::MariaDb => Dialect::Mysql,
        };
        let mut options = Options::new(self.server);
        if let Some(rule) = crate::find(self.rule) {
            let level = rule.level.max(Level::Note);
            options.set(rule.id, level).expect("it is a rule");
        }
        let earlier = migration("20250101000000_before", &self.earlier);
        let mut draft = migration(self.id, sql);
        if self.backfill {
            draft = migration(self.id, "");
            draft.backfill = Some(file("backfill.sql", sql));
        }
        if self.down {
            draft.down = Some(file("down.sql", "SELECT 1"));
            draft.readme = Some("Why.".to_owned());
        }
        let syntax = Syntax::of(dialect);
        let inputs =
            [Input { migration: &earlier, look: false }, Input { migration: &draft, look: true }];
        lint(&inputs, syntax, &options, &self.known).expect("it can be split")
    }
}

fn migration(id: &str, sql: &str) -> Migration {
    Migration {
        id: id.parse().expect("an id"),
        up: file("migration.sql", sql),
        checksum: Checksum::of(sql),
        down: None,
        verify: None,
        backfill: None,
        readme: None,
    }
}

fn file(name: &str, sql: &str) -> SqlFile {
    SqlFile { path: name.to_owned().into(), text: sql.to_owned().into() }
}

fn line(finding: &Finding) -> String {
    let possible = if finding.possible { "?" } else { "" };
    let fix = if finding.fix.is_some() { " [fix]" } else { "" };
    let (id, object) = (finding.rule.id, &finding.object);
    let object = if object.is_empty() { String::new() } else { format!(" {object}") };
    let (file, at) = finding.shown_at("");
    let file = if file.is_empty() { String::new() } else { format!("{file}:") };
    format!("{id}{possible} {file}{}:{}{object}{fix}", at.line, at.column)
}
