//! The embedded migrations for sqlx's own migrator, which `#[sqlx::test]` runs on a new, empty
//! database for each test.
//!
//! Invariant: what sqlx would run differently from `deploy` is refused by name, but for
//! `CONCURRENTLY`, which changes nothing on an empty database.

use std::ops::Range;

use sqlx::migrate::MigrationType;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use xtask_db_sql::{
    Control, Dialect, Effects, Script, Shape, Span, SqlError, Step, Syntax, Token, TokenKind, lex,
    shape, split,
};

use crate::{Migration, Migrator};

/// How much of a statement is shown to name it, in characters.
const NAMED_CHARS_MAX: usize = 60;

/// Why sqlx's migrator cannot carry a migration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CarryError {
    /// Its text cannot be split into statements.
    #[error("{id}, line {line}: {problem}", line = .problem.at().line)]
    Split {
        /// The migration.
        id: String,
        /// Why.
        problem: SqlError,
    },
    /// It reaches outside its database, so two tests would meet there.
    #[error("{id}, line {line}: `{statement}` reaches outside the test's database")]
    Outside {
        /// The migration.
        id: String,
        /// The statement's first words.
        statement: String,
        /// Its line.
        line: u32,
    },
    /// The value was not made by `embed_migrations!`.
    #[error("{provider} is no database of xtask-db")]
    Provider {
        /// The provider's name.
        provider: String,
    },
}

impl Migrator {
    /// The migrations as sqlx's migrator, for `#[sqlx::test]`:
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("tests/migrations");
    /// static FOR_TESTS: LazyLock<sqlx::migrate::Migrator> =
    ///     LazyLock::new(|| MIGRATIONS.sqlx_migrator().expect("sqlx carries every migration"));
    ///
    /// // #[sqlx::test(migrator = "FOR_TESTS")]
    /// assert_eq!(FOR_TESTS.iter().count(), MIGRATIONS.migrations().len());
    /// ```
    ///
    /// Versions count from 1: ids may have equal versions, and more digits than sqlx's integers.
    /// A migration that commits in steps is one of sqlx's for each step. They are good for a
    /// database that is made, filled and dropped; a lasting database is for
    /// [`deploy`](Migrator::deploy). `CONCURRENTLY` is dropped; `verify.sql` and `backfill.sql`
    /// are not run, since there is nothing to check or to fill.
    ///
    /// # Errors
    /// What sqlx cannot carry, by name: see [`CarryError`].
    pub fn sqlx_migrator(&self) -> Result<sqlx::migrate::Migrator, CarryError> {
        let unknown = |()| CarryError::Provider { provider: self.provider().to_owned() };
        let syntax = Syntax::of(self.provider().parse::<Dialect>().map_err(unknown)?);
        let mut carried = Vec::new();
        for migration in self.migrations() {
            for Piece { sql, no_tx } in pieces(migration, syntax)? {
                let version = i64::try_from(carried.len() + 1).unwrap_or(i64::MAX);
                let sql = AssertSqlSafe(sql).into_sql_str();
                let kind = MigrationType::Simple;
                let id = migration.id.into();
                carried.push(sqlx::migrate::Migration::new(version, id, kind, sql, no_tx));
            }
        }
        Ok(sqlx::migrate::Migrator::with_migrations(carried))
    }
}

/// A text as sqlx is to run it.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    sql: String,
    no_tx: bool,
}

/// The statements alone, between plain semicolons: sqlx does not know `DELIMITER`.
fn pieces(migration: &Migration, syntax: Syntax) -> Result<Vec<Piece>, CarryError> {
    let id = || migration.id.to_owned();
    let unclear = |problem| CarryError::Split { id: id(), problem };
    let mut script = split(migration.sql, syntax).map_err(unclear)?;
    let mut texts = Vec::with_capacity(script.statements.len());
    for statement in &mut script.statements {
        let text = &migration.sql[statement.span.range()];
        let effects = &mut statement.effects;
        if effects.reach.is_some() {
            let first = text.lines().next().unwrap_or_default();
            let statement_shown = first.chars().take(NAMED_CHARS_MAX).collect();
            let line = statement.at.line;
            return Err(CarryError::Outside { id: id(), statement: statement_shown, line });
        }
        texts.push(without_concurrently(text, effects, syntax));
        effects.alone &= !effects.concurrently;
    }
    match syntax.dialect {
        // The server commits by itself, whatever sqlx does around it.
        Dialect::Mysql => Ok(vec![Piece { sql: texts.join(";\n"), no_tx: false }]),
        Dialect::Sqlite => Ok(vec![on_sqlite(texts, &script)]),
        Dialect::Postgres => {
            let shape = shape(migration.sql, &script, syntax).map_err(unclear)?;
            Ok(on_postgres(&texts, &shape))
        }
    }
}

/// As `deploy` does it: `PRAGMA foreign_keys` is without effect inside a transaction, and dropping
/// a table there deletes its child rows.
fn on_sqlite(mut texts: Vec<String>, script: &Script) -> Piece {
    let any = |wanted: fn(&Effects) -> bool| script.statements.iter().any(|s| wanted(&s.effects));
    let rebuilds = any(|effects| effects.rebuild);
    if rebuilds {
        texts.insert(0, "PRAGMA foreign_keys = OFF".to_owned());
        texts.push("PRAGMA foreign_keys = ON".to_owned());
    }
    let by_itself = any(|effects| {
        effects.alone
            || effects.foreign_keys.is_some()
            || effects.control.is_some_and(|control| control != Control::Savepoint)
    });
    Piece { sql: texts.join(";\n"), no_tx: rebuilds || by_itself }
}

/// sqlx sends a text as one query, in which a statement that must be alone has to be alone.
fn on_postgres(texts: &[String], shape: &Shape) -> Vec<Piece> {
    let piece = |range: Range<usize>, no_tx| Piece { sql: texts[range].join(";\n"), no_tx };
    match shape {
        Shape::Transaction => vec![piece(0..texts.len(), false)],
        Shape::Block => vec![piece(0..texts.len(), true)],
        Shape::Journaled { steps } => steps
            .iter()
            .map(|step| match step {
                Step::Together(range) => piece(range.clone(), false),
                Step::Block(range) => piece(range.clone(), true),
                Step::Alone(at) => piece(*at..at + 1, true),
            })
            .collect(),
    }
}

fn without_concurrently(sql: &str, effects: &Effects, syntax: Syntax) -> String {
    let found = effects.concurrently.then(|| concurrently(sql, syntax)).flatten();
    match found {
        Some(Span { start, end }) => [&sql[..start], &sql[end..]].concat(),
        None => sql.to_owned(),
    }
}

/// The keyword; with it, in `REINDEX (CONCURRENTLY, …)`, the comma or the empty parentheses.
fn concurrently(sql: &str, syntax: Syntax) -> Option<Span> {
    let blank = |kind| matches!(kind, TokenKind::Whitespace | TokenKind::Comment);
    let tokens: Vec<Token> =
        lex(sql, syntax).into_iter().filter(|token| !blank(token.kind)).collect();
    let text = |token: &Token| &sql[token.span.range()];
    let at = tokens.iter().position(|token| {
        token.kind == TokenKind::Word && text(token).eq_ignore_ascii_case("CONCURRENTLY")
    })?;
    let around = |at: usize| tokens.get(at).map(|token| (text(token), token.span));
    let mut span = tokens[at].span;
    match (at.checked_sub(1).and_then(around), around(at + 1)) {
        (Some(("(", open)), Some((")", close))) => {
            span = Span { start: open.start, end: close.end };
        }
        (Some(("(" | ",", _)), Some((",", comma))) => span.end = comma.end,
        (Some((",", comma)), Some((")", _))) => span.start = comma.start,
        _ => {}
    }
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces, each with a `!` in front when it is not to be in a transaction of sqlx.
    fn check(dialect: Dialect, sql: &'static str, expected: Result<&[&str], &str>) {
        let (id, checksum) = ("1_x", "");
        let (down, verify, backfill) = (None, None, None);
        let migration = Migration { id, checksum, sql, down, verify, backfill, sealed: true };
        let found = pieces(&migration, Syntax::of(dialect)).map_err(|error| error.to_string());
        let found: Result<Vec<String>, String> = found.map(|pieces| {
            let mark = |no_tx| if no_tx { "!" } else { "" };
            pieces.iter().map(|piece| format!("{}{}", mark(piece.no_tx), piece.sql)).collect()
        });
        let expected = expected.map(|pieces| pieces.iter().map(ToString::to_string).collect());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn postgres() {
        let check = |sql, expected| check(Dialect::Postgres, sql, expected);
        check("CREATE TABLE t ();\n-- why\nSELECT 1;", Ok(&["CREATE TABLE t ();\nSELECT 1"]));
        check("BEGIN; SELECT 1; COMMIT;", Ok(&["!BEGIN;\nSELECT 1;\nCOMMIT"]));
        check("SELECT 1; BEGIN; SELECT 2; COMMIT", Ok(&["SELECT 1", "!BEGIN;\nSELECT 2;\nCOMMIT"]));
        check("VACUUM t;", Ok(&["!VACUUM t"]));
        check("SELECT 1;\nVACUUM t; SELECT 2", Ok(&["SELECT 1", "!VACUUM t", "SELECT 2"]));
        check("-- no-transaction\nSELECT 1; SELECT 2;", Ok(&["SELECT 1", "SELECT 2"]));
        check("BEGIN; SELECT 1;", Err("1_x, line 1: BEGIN has no counterpart in this file"));
        check(
            "SELECT 1;\nCREATE ROLE app;",
            Err("1_x, line 2: `CREATE ROLE app` reaches outside the test's database"),
        );
        check(
            "COPY t FROM stdin;",
            Err("1_x, line 1: COPY … FROM stdin needs a client that streams the data"),
        );
    }

    #[test]
    fn concurrently_is_dropped() {
        let check = |sql, expected: &str| check(Dialect::Postgres, sql, Ok(&[expected]));
        check(
            "CREATE INDEX concurrently i ON t (a); SELECT 1;",
            "CREATE INDEX  i ON t (a);\nSELECT 1",
        );
        check("DROP INDEX /* why */ CONCURRENTLY i;", "DROP INDEX /* why */  i");
        check(
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
            "ALTER TABLE t DETACH PARTITION p ",
        );
        check("REINDEX INDEX CONCURRENTLY i;", "REINDEX INDEX  i");
        check("REINDEX (CONCURRENTLY) INDEX i;", "REINDEX  INDEX i");
        check("REINDEX (VERBOSE, CONCURRENTLY) INDEX i;", "REINDEX (VERBOSE) INDEX i");
        check("REINDEX (concurrently, VERBOSE) INDEX i;", "REINDEX ( VERBOSE) INDEX i");
        // where it is no keyword of that kind, it stays
        check(
            "CREATE INDEX CONCURRENTLY concurrently ON t (\"CONCURRENTLY\")",
            "CREATE INDEX  concurrently ON t (\"CONCURRENTLY\")",
        );
        check(
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        );
    }

    #[test]
    fn sqlite() {
        let check = |sql, expected| check(Dialect::Sqlite, sql, Ok(&[expected]));
        check("CREATE TABLE t (a);", "CREATE TABLE t (a)");
        check(
            "DROP TABLE t;",
            "!PRAGMA foreign_keys = OFF;\nDROP TABLE t;\nPRAGMA foreign_keys = ON",
        );
        check("VACUUM; SELECT 1;", "!VACUUM;\nSELECT 1");
        check("SAVEPOINT a; RELEASE a;", "SAVEPOINT a;\nRELEASE a");
        check(
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END; SELECT 3;",
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;\nSELECT 3",
        );
    }

    #[test]
    fn mysql() {
        let trigger = "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN SET @a = 1; END";
        let text = format!("DELIMITER //\n{trigger}//\nDELIMITER ;\nSELECT 1;");
        check(Dialect::Mysql, text.leak(), Ok(&[&format!("{trigger};\nSELECT 1")]));
    }
}
