//! A file without the statements that reach outside one database.

use std::borrow::Cow;

use xtask_db_history::{MigrationId, SqlFile};
use xtask_db_sql::{Dialect, Effects, Syntax, Token, TokenKind, lex};

use crate::Error;
use crate::apply::Job;

/// How much of a statement that was not run is told.
const SHOWN_MAX_CHARS: usize = 120;

/// The file without the statements that reach outside the database, and those. They become
/// spaces, so that places in the file stay what they are.
pub(super) fn inside<'a>(
    syntax: Syntax,
    id: Option<&MigrationId>,
    file: &'a SqlFile,
    main: &str,
) -> Result<(Cow<'a, SqlFile>, Vec<String>), Error> {
    let job = Job::read(id, file, syntax)?;
    let mut left_out = Vec::new();
    let mut text = None;
    for (at, statement) in job.script.statements.iter().enumerate() {
        let sql = job.sql(at);
        if !outside(&statement.effects, sql, syntax, main) {
            continue;
        }
        left_out.push(shown(sql));
        let text = text.get_or_insert_with(|| file.text.to_string());
        let blank: String = sql.chars().map(blank).collect();
        text.replace_range(statement.span.range(), &blank);
    }
    Ok(match text {
        None => (Cow::Borrowed(file), left_out),
        Some(text) => {
            let path = file.path.clone();
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

    fn check(dialect: Dialect, text: &str, expected: &str, left_out: &[&str]) {
        let file = SqlFile { path: Cow::Borrowed("x"), text: Cow::Owned(text.to_owned()) };
        let (file, skipped) = inside(Syntax::of(dialect), None, &file, "shop").unwrap();
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
            &["CREATE ROLE \"é\""],
        );
        check(pg, "ALTER SYSTEM SET a = 1", "                      ", &["ALTER SYSTEM SET a = 1"]);
        check(pg, "SELECT shop.a FROM shop", "SELECT shop.a FROM shop", &[]);
    }

    #[test]
    fn mysql_does_not_reach_another_database() {
        let my = Dialect::Mysql;
        let gone = |text: &str| {
            check(my, text, &" ".repeat(text.len()), &[text]);
        };
        gone("CREATE TABLE other.t (a int)");
        gone("UPDATE shop.t SET a = 1");
        gone("DELETE FROM `SHOP` . t");
        check(my, "UPDATE t SET a = 'shop.t'", "UPDATE t SET a = 'shop.t'", &[]);
        check(my, "SELECT t.shop FROM t", "SELECT t.shop FROM t", &[]);
    }
}
