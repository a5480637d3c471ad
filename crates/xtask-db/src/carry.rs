//! The embedded migrations for sqlx's own migrator, which `#[sqlx::test]` runs on a new, empty
//! database for each test.
//!
//! Invariant: what sqlx would run differently from `deploy` is refused by name, but for
//! `CONCURRENTLY`, which changes nothing on an empty database.

use sqlx::migrate::MigrationType;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use xtask_db_sql::{Control, Dialect, SqlError, Statement, Syntax, TokenKind, lex, split};

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
    /// It has a statement that must be alone, and others beside it: sqlx sends them together.
    #[error("{id}, line {line}: `{statement}` must be alone in its file for sqlx")]
    NotAlone {
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
    /// Versions are places in the history, from 1: ids may have equal versions, and more digits
    /// than sqlx's integers. They are good for a database that is made, filled and dropped; a
    /// lasting database is for [`deploy`](Migrator::deploy). `CONCURRENTLY` is dropped;
    /// `verify.sql` and `backfill.sql` are not run, since there is nothing to check or to fill.
    ///
    /// # Errors
    /// What sqlx cannot carry, by name: see [`CarryError`].
    pub fn sqlx_migrator(&self) -> Result<sqlx::migrate::Migrator, CarryError> {
        let unknown = |()| CarryError::Provider { provider: self.provider().to_owned() };
        let syntax = Syntax::of(self.provider().parse::<Dialect>().map_err(unknown)?);
        let numbered = (1..).zip(self.migrations());
        let migrations = numbered.map(|(version, migration)| carry(version, migration, syntax));
        Ok(sqlx::migrate::Migrator::with_migrations(migrations.collect::<Result<_, _>>()?))
    }
}

fn carry(
    version: i64,
    migration: &Migration,
    syntax: Syntax,
) -> Result<sqlx::migrate::Migration, CarryError> {
    let id = migration.id;
    let script = split(migration.sql, syntax)
        .map_err(|problem| CarryError::Split { id: id.to_owned(), problem })?;
    let Carried { sql, no_tx } = text(migration, &script.statements, syntax)?;
    let sql = AssertSqlSafe(sql).into_sql_str();
    Ok(sqlx::migrate::Migration::new(version, id.into(), MigrationType::Simple, sql, no_tx))
}

/// A text as sqlx is to run it.
#[derive(Debug, PartialEq, Eq)]
struct Carried {
    sql: String,
    no_tx: bool,
}

/// The statements alone, between plain semicolons: sqlx does not know `DELIMITER`.
fn text(
    migration: &Migration,
    statements: &[Statement],
    syntax: Syntax,
) -> Result<Carried, CarryError> {
    let id = || migration.id.to_owned();
    let named = |statement: &Statement| -> String {
        let text = &migration.sql[statement.span.range()];
        text.lines().next().unwrap_or_default().chars().take(NAMED_CHARS_MAX).collect()
    };
    let find = |wanted: fn(&Statement) -> bool| statements.iter().find(|s| wanted(s));
    if let Some(outside) = find(|statement| statement.effects.reach.is_some()) {
        let (statement, line) = (named(outside), outside.at.line);
        return Err(CarryError::Outside { id: id(), statement, line });
    }
    let controlled = find(controls).is_some();
    let alone = find(|statement| statement.effects.alone && !statement.effects.concurrently);
    let mut parts: Vec<String> = statements
        .iter()
        .map(|statement| {
            without_concurrently(&migration.sql[statement.span.range()], statement, syntax)
        })
        .collect();
    let no_tx = match syntax.dialect {
        // The server commits by itself, whatever sqlx does around it.
        Dialect::Mysql => false,
        Dialect::Postgres => {
            if let Some(alone) = alone.filter(|_| statements.len() > 1) {
                let (statement, line) = (named(alone), alone.at.line);
                return Err(CarryError::NotAlone { id: id(), statement, line });
            }
            controlled || alone.is_some()
        }
        // As `deploy` does it: `PRAGMA foreign_keys` is without effect inside a transaction, and
        // dropping a table there deletes its child rows.
        Dialect::Sqlite => {
            let rebuild = find(|statement| statement.effects.rebuild).is_some();
            if rebuild {
                parts.insert(0, "PRAGMA foreign_keys = OFF".to_owned());
                parts.push("PRAGMA foreign_keys = ON".to_owned());
            }
            let pragma = find(|statement| statement.effects.foreign_keys.is_some()).is_some();
            controlled || alone.is_some() || rebuild || pragma
        }
    };
    Ok(Carried { sql: parts.join(";\n"), no_tx })
}

const fn controls(statement: &Statement) -> bool {
    matches!(statement.effects.control, Some(Control::Begin | Control::Commit | Control::Rollback))
}

fn without_concurrently(sql: &str, statement: &Statement, syntax: Syntax) -> String {
    let keyword = |sql: &str| {
        let mut tokens = lex(sql, syntax).into_iter();
        tokens.find(|token| {
            token.kind == TokenKind::Word
                && sql[token.span.range()].eq_ignore_ascii_case("CONCURRENTLY")
        })
    };
    match statement.effects.concurrently.then(|| keyword(sql)).flatten() {
        Some(token) => [&sql[..token.span.start], &sql[token.span.end..]].concat(),
        None => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, sql: &'static str, expected: Result<(&str, bool), &str>) {
        let migration = Migration {
            id: "1_x",
            checksum: "",
            sql,
            down: None,
            verify: None,
            backfill: None,
            sealed: true,
        };
        let syntax = Syntax::of(dialect);
        let script = split(sql, syntax).unwrap();
        let found = text(&migration, &script.statements, syntax);
        let found = found.map(|carried| (carried.sql, carried.no_tx));
        let expected = expected.map(|(sql, no_tx)| (sql.to_owned(), no_tx));
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn postgres() {
        let check = |sql, expected| check(Dialect::Postgres, sql, expected);
        check(
            "CREATE TABLE t (a int);\n-- why\nSELECT 1;",
            Ok(("CREATE TABLE t (a int);\nSELECT 1", false)),
        );
        check(
            "CREATE INDEX concurrently i ON t (a); SELECT 1;",
            Ok(("CREATE INDEX  i ON t (a);\nSELECT 1", false)),
        );
        check("BEGIN; SELECT 1; COMMIT;", Ok(("BEGIN;\nSELECT 1;\nCOMMIT", true)));
        check("VACUUM t;", Ok(("VACUUM t", true)));
        check(
            "SELECT 1;\nVACUUM t;",
            Err("1_x, line 2: `VACUUM t` must be alone in its file for sqlx"),
        );
        check(
            "CREATE ROLE app;",
            Err("1_x, line 1: `CREATE ROLE app` reaches outside the test's database"),
        );
    }

    #[test]
    fn sqlite() {
        let check = |sql, expected| check(Dialect::Sqlite, sql, expected);
        check("CREATE TABLE t (a);", Ok(("CREATE TABLE t (a)", false)));
        check(
            "DROP TABLE t;",
            Ok(("PRAGMA foreign_keys = OFF;\nDROP TABLE t;\nPRAGMA foreign_keys = ON", true)),
        );
        check("VACUUM; SELECT 1;", Ok(("VACUUM;\nSELECT 1", true)));
        check(
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END; SELECT 3;",
            Ok((
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;\nSELECT 3",
                false,
            )),
        );
    }

    #[test]
    fn mysql() {
        check(
            Dialect::Mysql,
            "DELIMITER //\nCREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN SET @a = 1; END//\n\
             DELIMITER ;\nSELECT 1;",
            Ok((
                "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN SET @a = 1; END;\nSELECT 1",
                false,
            )),
        );
    }
}
