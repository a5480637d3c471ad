//! Runs a history on a shadow, less the statements that reach outside it.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use xtask_db_history::{History, Migration, SqlFile};
use xtask_db_sql::{Dialect, Effects, Syntax, Token, TokenKind, lex};

use crate::apply::{self, Book, Job, Patience};
use crate::{Applied, DbUrl, Error, Event, Observer, Session, ShadowOptions, run_script};

/// Nobody else is on a shadow, so nothing there waits long.
const PATIENCE: Patience = Patience::of(Duration::from_secs(10));
/// How much of a statement that was not run is told.
const SHOWN_MAX_CHARS: usize = 120;

/// Runs the initial script and every migration; returns what was not run.
pub(super) async fn run(
    session: &mut Session,
    main: &DbUrl,
    history: &History,
    options: &ShadowOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    if let Some((path, text)) = &options.init {
        run_script(session, path, text, observer).await?;
    }
    let database = main.database();
    let mut skipped = Vec::new();
    let total = history.migrations.len();
    for (at, migration) in history.migrations.iter().enumerate() {
        let (file, left_out) = inside(session.syntax(), migration, &database)?;
        skipped.extend(left_out);
        let id = &migration.id;
        let job = Job::read(Some(id), &file, session.syntax())?;
        let statements = job.len();
        observer.on(Event::Started { id, number: at + 1, total, statements, done: 0 });
        let started = Instant::now();
        let ran = apply::run_file(session, &job, Book::None, PATIENCE, observer).await;
        if let Err(error) = ran {
            observer.on(Event::Failed(&error));
            return Err(error);
        }
        let applied = Applied { id: id.clone(), statements, took: started.elapsed() };
        observer.on(Event::Finished(&applied));
    }
    session.fresh().await?;
    Ok(skipped)
}

/// The file without the statements that reach outside the database, and those as
/// `id: statement`. They become spaces, so that places in the file stay what they are.
fn inside<'a>(
    syntax: Syntax,
    migration: &'a Migration,
    main: &str,
) -> Result<(Cow<'a, SqlFile>, Vec<String>), Error> {
    let job = Job::read(Some(&migration.id), &migration.up, syntax)?;
    let mut left_out = Vec::new();
    let mut text = None;
    for (at, statement) in job.script.statements.iter().enumerate() {
        let sql = job.sql(at);
        if !outside(&statement.effects, sql, syntax, main) {
            continue;
        }
        left_out.push(format!("{}: {}", migration.id, shown(sql)));
        let text = text.get_or_insert_with(|| migration.up.text.to_string());
        let blank: String = sql.chars().map(blank).collect();
        text.replace_range(statement.span.range(), &blank);
    }
    Ok(match text {
        None => (Cow::Borrowed(&migration.up), left_out),
        Some(text) => {
            let path = migration.up.path.clone();
            (Cow::Owned(SqlFile { path, text: Cow::Owned(text) }), left_out)
        }
    })
}

/// As many bytes as the character has, and no other line ends.
fn blank(c: char) -> &'static str {
    const SPACES: &str = "    ";
    if c == '\n' { "\n" } else { &SPACES[..c.len_utf8()] }
}

/// Whether a statement reaches outside the database it runs in. On MySQL another database is
/// only a name away, the main one too.
fn outside(effects: &Effects, sql: &str, syntax: Syntax, main: &str) -> bool {
    if effects.reach.is_some() {
        return true;
    }
    syntax.dialect == Dialect::Mysql
        && (effects.objects.iter().any(|object| object.schema.is_some())
            || names_database(sql, syntax, main))
}

/// Whether `database.` stands somewhere in a statement.
fn names_database(sql: &str, syntax: Syntax, database: &str) -> bool {
    let plain = |token: &Token| !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment);
    let tokens: Vec<Token> = lex(sql, syntax).into_iter().filter(plain).collect();
    let text = |token: &Token| &sql[token.span.range()];
    let is_name = |token: &Token| match token.kind {
        TokenKind::Word => text(token).eq_ignore_ascii_case(database),
        TokenKind::QuotedIdent => {
            let quoted = text(token);
            let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
            inner.replace("``", "`").eq_ignore_ascii_case(database)
        }
        _ => false,
    };
    tokens.windows(2).any(|pair| is_name(&pair[0]) && text(&pair[1]) == ".")
}

/// A statement on one line, cut short.
fn shown(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SHOWN_MAX_CHARS {
        return line;
    }
    let start: String = line.chars().take(SHOWN_MAX_CHARS).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask_db_history::Checksum;

    fn check(dialect: Dialect, text: &str, expected: &str, left_out: &[&str]) {
        let migration = Migration {
            id: "1_a".parse().unwrap(),
            checksum: Checksum::of(text),
            up: SqlFile { path: Cow::Borrowed("x"), text: Cow::Owned(text.to_owned()) },
            down: None,
            verify: None,
            backfill: None,
            readme: None,
        };
        let (file, skipped) = inside(Syntax::of(dialect), &migration, "shop").unwrap();
        assert_eq!(file.text, expected);
        assert_eq!(file.text.len(), text.len());
        assert_eq!(skipped, left_out);
    }

    #[test]
    fn what_reaches_outside_becomes_spaces() {
        let pg = Dialect::Postgres;
        check(pg, "SELECT 1;", "SELECT 1;", &[]);
        check(
            pg,
            "CREATE ROLE\n  \"é\";\nSELECT 1;",
            "           \n      ;\nSELECT 1;",
            &["1_a: CREATE ROLE \"é\""],
        );
        check(
            pg,
            "ALTER SYSTEM SET a = 1",
            "                      ",
            &["1_a: ALTER SYSTEM SET a = 1"],
        );
        check(pg, "SELECT shop.a FROM shop", "SELECT shop.a FROM shop", &[]);
    }

    #[test]
    fn mysql_does_not_reach_another_database() {
        let my = Dialect::Mysql;
        let gone = |text: &str| {
            check(my, text, &" ".repeat(text.len()), &[&format!("1_a: {text}")]);
        };
        gone("CREATE TABLE other.t (a int)");
        gone("UPDATE shop.t SET a = 1");
        gone("DELETE FROM `SHOP` . t");
        check(my, "UPDATE t SET a = 'shop.t'", "UPDATE t SET a = 'shop.t'", &[]);
        check(my, "SELECT t.shop FROM t", "SELECT t.shop FROM t", &[]);
    }
}
