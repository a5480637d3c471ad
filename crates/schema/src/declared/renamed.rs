//! `-- xtask-db: renamed-from old` in a declared schema: what it stands at.

use xtask_db_sql::{
    Directive, DirectiveKind, ObjectKind, Position, Script, SqlError, Statement, Syntax, Token,
    TokenKind, lex, split,
};

use super::items::{Item, items, unquoted};
use crate::{Rename, RenameKind};

/// A rename that the text declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedFrom {
    /// With the names as the catalog has them.
    pub rename: Rename,
    /// Where the comment stands.
    pub at: Position,
}

/// The renames that a declared schema's text names. A comment stands above its statement or its
/// column, or behind it in the same line.
///
/// # Errors
/// The text cannot be split; a comment stands at nothing that has a name.
pub fn renamed_from(text: &str, syntax: Syntax) -> Result<Vec<RenamedFrom>, SqlError> {
    let script = split(text, syntax)?;
    let mut found = Vec::new();
    for directive in &script.directives {
        let DirectiveKind::RenamedFrom { name } = &directive.kind else { continue };
        let rename = stands_at(text, &script, directive, syntax).and_then(|(kind, parent, to)| {
            let from = last_name(name, syntax)?;
            let (schema, parent) = parent;
            Some(Rename { kind, schema, parent, from, to })
        });
        let Some(rename) = rename else {
            let problem = "renamed-from stands above a table, a column or another named part, or \
                           behind it in the same line"
                .to_owned();
            return Err(SqlError::Directive { problem, at: directive.at });
        };
        found.push(RenamedFrom { rename, at: directive.at });
    }
    Ok(found)
}

/// Schema and name of what has the part.
type Parent = (Option<String>, Option<String>);

fn stands_at(
    text: &str,
    script: &Script,
    directive: &Directive,
    syntax: Syntax,
) -> Option<(RenameKind, Parent, String)> {
    let at = directive.span.start;
    let statements = &script.statements;
    if let Some(inside) = statements.iter().find(|one| one.span.start <= at && at < one.span.end) {
        let (_, schema, parent) = object(text, inside, syntax)?;
        let sql = &text[inside.span.range()];
        let item = nearest(text, items(sql, inside.span.start, syntax), at)?;
        let (kind, name) = item.name?;
        return Some((kind, (schema, Some(parent)), name));
    }
    let same_line = |end: usize| !text[end..at].contains('\n');
    let before = statements.iter().rev().find(|one| one.span.end <= at);
    let behind = before.filter(|one| same_line(one.span.end));
    let next = || statements.iter().find(|one| one.span.start > at);
    let (kind, schema, name) = object(text, behind.or_else(next)?, syntax)?;
    Some((kind, (schema, None), name))
}

/// The part that ends before the comment in its line, else the one after it.
fn nearest(text: &str, items: Vec<Item>, at: usize) -> Option<Item> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let behind = |item: &Item| item.end <= at && item.end > line;
    let around = |item: &Item| item.start <= at && at < item.end;
    let mut items = items;
    let found = items
        .iter()
        .rposition(behind)
        .or_else(|| items.iter().position(around))
        .or_else(|| items.iter().position(|item| item.start > at))?;
    Some(items.swap_remove(found))
}

/// What a statement makes: kind, schema, name.
fn object(
    text: &str,
    statement: &Statement,
    syntax: Syntax,
) -> Option<(RenameKind, Option<String>, String)> {
    let object = statement.effects.objects.first()?;
    let sql = &text[statement.span.range()];
    let kind = match object.kind {
        ObjectKind::Table => RenameKind::Table,
        ObjectKind::View => RenameKind::View,
        ObjectKind::Index => RenameKind::Index,
        ObjectKind::Type => RenameKind::Type,
        ObjectKind::Other if has_word(sql, "SEQUENCE", syntax) => RenameKind::Sequence,
        _ => return None,
    };
    let written = |name: &String| as_stored(sql, name, syntax);
    Some((kind, object.schema.as_ref().map(written), written(&object.name)))
}

/// A name that was read without its quotes, as the catalog has it.
fn as_stored(sql: &str, name: &str, syntax: Syntax) -> String {
    let stored = lex(sql, syntax).into_iter().find_map(|token: Token| {
        let stored = unquoted(token.kind, &sql[token.span.range()], syntax)?;
        stored.eq_ignore_ascii_case(name).then_some(stored)
    });
    stored.unwrap_or_else(|| name.to_owned())
}

fn has_word(sql: &str, word: &str, syntax: Syntax) -> bool {
    let is_word = |token: &Token| token.kind == TokenKind::Word;
    let mut words = lex(sql, syntax).into_iter().filter(is_word);
    words.any(|token| sql[token.span.range()].eq_ignore_ascii_case(word))
}

/// `old`, `"Old"`, `app.old`: the last part.
fn last_name(written: &str, syntax: Syntax) -> Option<String> {
    let tokens = lex(written, syntax);
    let last = tokens.iter().rfind(|token| token.kind != TokenKind::Whitespace)?;
    let text = &written[last.span.range()];
    match last.kind {
        TokenKind::String => Some(text.trim_matches('\'').replace("''", "'")),
        kind => unquoted(kind, text, syntax),
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn check(dialect: Dialect, text: &str, expected: &str) {
        let found = match renamed_from(text, Syntax::of(dialect)) {
            Ok(found) => found
                .into_iter()
                .map(|found| format!("{:?} {}", found.rename.kind, found.rename))
                .collect::<Vec<_>>()
                .join(", "),
            Err(error) => format!("{}: {error}", error.at().line),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn above_or_behind() {
        let lite = Dialect::Sqlite;
        check(
            lite,
            "-- xtask-db: renamed-from users\nCREATE TABLE people (id);",
            "Table users=people",
        );
        check(
            lite,
            "CREATE TABLE people (id); -- xtask-db: renamed-from users",
            "Table users=people",
        );
        check(
            lite,
            "CREATE TABLE t (\n  a INT DEFAULT (1), -- xtask-db: renamed-from b\n  c INT\n);",
            "Column t.b=a",
        );
        check(
            lite,
            "CREATE TABLE t (\n  a INT,\n  -- xtask-db: renamed-from b\n  \"c d\" INT\n);",
            "Column t.b=c d",
        );
        check(
            lite,
            "CREATE TABLE t (\n  a INT,\n  c INT -- xtask-db: renamed-from b\n);",
            "Column t.b=c",
        );
        check(lite, "CREATE TABLE t (a INT, b INT);", "");
    }

    #[test]
    fn other_parts() {
        let pg = Dialect::Postgres;
        check(
            pg,
            "CREATE TYPE App.Mood AS ENUM (\n  'ok', -- xtask-db: renamed-from 'fine'\n  'sad'\n);",
            "EnumValue app.mood.fine=ok",
        );
        check(
            pg,
            "CREATE TABLE \"T\" (a int,\n-- xtask-db: renamed-from old_check\n\
             CONSTRAINT new_check CHECK (a > 0));",
            "Constraint T.old_check=new_check",
        );
        check(
            Dialect::Mysql,
            "CREATE TABLE t (a int,\n UNIQUE KEY `x` (a) -- xtask-db: renamed-from y\n);",
            "Index t.y=x",
        );
    }

    #[test]
    fn at_nothing() {
        let said = "renamed-from stands above a table, a column or another named part, or \
                    behind it in the same line";
        let lite = Dialect::Sqlite;
        check(lite, "\n-- xtask-db: renamed-from a\n", &format!("2: {said}"));
        let text = "CREATE TABLE t (a INT,\n-- xtask-db: renamed-from b\nPRIMARY KEY (a));";
        check(lite, text, &format!("2: {said}"));
    }
}
