//! `backfill.sql`: one statement with the places of its bounds, and the key it walks along.

use xtask_db_history::{Checksum, Migration, SqlFile};
use xtask_db_sql::{DirectiveKind, Syntax, TokenKind, lex};

use crate::Error;
use crate::apply::Job;

/// What a batch may do. Anything else could commit by itself, without its progress row.
const VERBS: [&str; 6] = ["update", "insert", "delete", "merge", "replace", "with"];
/// Keys of the first batch, at most; from there on the time of a batch decides.
const FIRST_MAX: u64 = 10_000;

/// A `backfill.sql` that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BackfillText {
    /// The table, as SQL.
    pub(crate) table: String,
    /// The key's column, as SQL.
    pub(crate) column: String,
    /// Keys of the first batch.
    pub(crate) size: u64,
    /// Of the file's canonical text.
    pub(crate) checksum: Checksum,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Sql(String),
    From,
    To,
}

impl BackfillText {
    /// Reads a migration's `backfill.sql`; none when it has none.
    ///
    /// # Errors
    /// `Error::Split`, `Error::BackfillText`.
    pub(crate) fn read(migration: &Migration, syntax: Syntax) -> Result<Option<Self>, Error> {
        let Some(file) = &migration.backfill else { return Ok(None) };
        let job = Job::read(Some(&migration.id), file, syntax)?;
        let read = Self::of(file, &job, syntax);
        let read = read.map_err(|problem| Error::BackfillText {
            id: migration.id.clone(),
            path: file.path.to_string(),
            problem,
        });
        read.map(Some)
    }

    fn of(file: &SqlFile, job: &Job<'_>, syntax: Syntax) -> Result<Self, String> {
        let mut batches = job.script.directives.iter().filter_map(|directive| {
            let DirectiveKind::Batch { table, column, rows } = &directive.kind else { return None };
            Some((table, column, *rows))
        });
        let (table, column, rows) = batches
            .next()
            .ok_or("has no line that names its key: -- xtask-db: batch users(id) 1000")?;
        if batches.next().is_some() {
            return Err("has two lines that name a key".to_owned());
        }
        if !is_name(table, 2, syntax) || !is_name(column, 1, syntax) {
            return Err(format!("walks along {table}({column}), which is no table and column"));
        }
        if job.len() != 1 {
            return Err(format!("has {} statements, and a batch is one", job.len()));
        }
        let sql = job.sql(0);
        let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
        if !VERBS.contains(&word.to_ascii_lowercase().as_str()) {
            return Err(format!("has {word}, and a batch changes rows"));
        }
        let pieces = pieces(sql, syntax);
        for (bound, name) in [(Piece::From, ":from"), (Piece::To, ":to")] {
            if !pieces.contains(&bound) {
                return Err(format!("does not use {name}: WHERE id > :from AND id <= :to"));
            }
        }
        let checksum = Checksum::of(&file.text);
        let (table, column, size) = (table.clone(), column.clone(), rows.min(FIRST_MAX));
        Ok(Self { table, column, size, checksum, pieces })
    }

    /// The statement of one batch; bounds as SQL literals.
    pub(crate) fn sql(&self, from: &str, to: &str) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Sql(sql) => sql.clone(),
            // A number below zero after a minus would start a comment.
            Piece::From => format!("({from})"),
            Piece::To => format!("({to})"),
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// The text between the bounds. The lexer knows what is inside a string or a comment.
fn pieces(sql: &str, syntax: Syntax) -> Vec<Piece> {
    let mut pieces = vec![Piece::Sql(String::new())];
    for token in lex(sql, syntax) {
        let text = &sql[token.span.range()];
        let parameter = token.kind == TokenKind::Parameter;
        match (parameter, text.to_ascii_lowercase().as_str()) {
            (true, ":from") => pieces.push(Piece::From),
            (true, ":to") => pieces.push(Piece::To),
            _ => match pieces.last_mut() {
                Some(Piece::Sql(sql)) => sql.push_str(text),
                _ => pieces.push(Piece::Sql(text.to_owned())),
            },
        }
    }
    pieces
}

/// Names and the dots between them, and nothing else: the text goes into queries of the tool.
fn is_name(text: &str, parts_max: usize, syntax: Syntax) -> bool {
    let tokens = lex(text, syntax);
    let name = |kind| matches!(kind, TokenKind::Word | TokenKind::QuotedIdent);
    let right = tokens.iter().enumerate().all(|(at, token)| match at % 2 {
        0 => name(token.kind),
        _ => &text[token.span.range()] == ".",
    });
    right && tokens.len() % 2 == 1 && tokens.len().div_ceil(2) <= parts_max
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn read(dialect: Dialect, text: &'static str) -> Result<BackfillText, String> {
        let migration = Migration {
            id: "1_m".parse().expect("an id"),
            checksum: Checksum::of(""),
            up: SqlFile { path: "migration.sql".into(), text: "".into() },
            down: None,
            verify: None,
            backfill: Some(SqlFile { path: "backfill.sql".into(), text: text.into() }),
            readme: None,
        };
        match BackfillText::read(&migration, Syntax::of(dialect)) {
            Ok(text) => Ok(text.expect("a backfill")),
            Err(Error::BackfillText { problem, .. }) => Err(problem),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn bounds_are_put_where_the_server_would_read_a_parameter() {
        let check = |dialect, statement: &str, expected: &str| {
            let text = format!("-- xtask-db: batch t(id) 10\n{statement}");
            let text = read(dialect, text.leak()).expect(statement);
            assert_eq!(text.sql("-1", "'x'"), expected);
        };
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
            check(
                dialect,
                "UPDATE t SET a = ':from' WHERE id>:from AND id <=:to -- :to",
                "UPDATE t SET a = ':from' WHERE id>(-1) AND id <=('x')",
            );
        }
        check(
            Dialect::Postgres,
            "UPDATE t SET a = b::from_text, c = $$:to$$ WHERE id > :from AND id <= :to",
            "UPDATE t SET a = b::from_text, c = $$:to$$ WHERE id > (-1) AND id <= ('x')",
        );
    }

    #[test]
    fn what_cannot_be_walked_is_refused() {
        let check = |text: &'static str, expected: &str| {
            let problem = read(Dialect::Postgres, text).expect_err(text);
            assert!(problem.starts_with(expected), "{text}: {problem}");
        };
        check("UPDATE t SET a = 1 WHERE id > :from AND id <= :to", "has no line that names");
        check(
            "-- xtask-db: batch t(id) 1\n-- xtask-db: batch t(id) 1\nUPDATE t SET a = :from",
            "has two lines",
        );
        check("-- xtask-db: batch t(id) 1\nUPDATE t SET a = :to", "does not use :from");
        check("-- xtask-db: batch t(id) 1\nUPDATE t SET a = :from", "does not use :to");
        check("-- xtask-db: batch t(id) 1\nSELECT :from, :to; SELECT 1", "has 2 statements");
        check("-- xtask-db: batch t(id) 1\n", "has 0 statements");
        check("-- xtask-db: batch t(id) 1\nALTER TABLE t ADD x INT", "has ALTER, and a batch");
        check("-- xtask-db: batch t(id) 1\nCALL f(:from, :to)", "has CALL, and a batch");
        for bad in ["t; DROP TABLE t", "a.b.c", "t t", "t--", "f(1)"] {
            let text =
                format!("-- xtask-db: batch {bad}(id) 1\nDELETE FROM t WHERE a > :from - :to");
            assert!(read(Dialect::Postgres, text.leak()).is_err(), "{bad}");
        }
        for good in ["t", "a.t", "\"A b\".\"T\""] {
            let text =
                format!("-- xtask-db: batch {good}(id) 1\nDELETE FROM t WHERE a > :from - :to");
            assert_eq!(read(Dialect::Postgres, text.leak()).expect(good).table, good);
        }
    }
}
