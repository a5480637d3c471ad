//! A form in which two texts are equal only when SQLite makes the same of both: no whitespace, no
//! comments, no quotes that are not needed, words in lower case.
//!
//! Invariant: texts that mean different things have different forms; the reverse may fail, and
//! then an object is made again that need not be.

use std::collections::BTreeSet;

use xtask_db_sql::TokenKind;

use super::name::{fold, is_keyword, is_plain, is_reserved, same, text, unquoted};
use super::tokens::{Token, tokens};

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A word of the statement, or part of an expression over columns.
    Expression,
    /// Part of an expression without columns: there `"a"` is a string.
    Constant,
    /// A default without parentheses: a name is a string there.
    Literal,
    /// A name.
    Name,
    /// Part of a column's type.
    Type,
}

/// What is known where an expression stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// The table's name.
    pub(super) table: String,
    /// Its columns, folded.
    pub(super) columns: BTreeSet<String>,
}

/// A name in the form; one that is no plain word keeps its quotes.
pub(super) fn name_form(name: &str) -> String {
    let folded = fold(name);
    if is_plain(&folded) { folded } else { format!("\"{}\"", folded.replace('"', "\"\"")) }
}

/// The form of tokens with their roles.
pub(super) fn form(tokens: &[Token<'_>], roles: &[Role], names: &Names) -> String {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let role = roles.get(at).copied().unwrap_or(Role::Expression);
        if role == Role::Expression && qualifies(tokens, at, &names.table) {
            at += 2;
            continue;
        }
        parts.push(part(tokens, at, token, role, names));
        at += 1;
    }
    parts.join(" ")
}

/// `t.` in an expression of the table `t` itself says nothing.
pub(super) fn qualifies(tokens: &[Token<'_>], at: usize, table: &str) -> bool {
    let named = |token: &Token<'_>| {
        token.kind != TokenKind::String && token.name().is_some_and(|name| same(&name, table))
    };
    named(&tokens[at])
        && tokens.get(at + 1).is_some_and(|next| next.is_symbol("."))
        && !(at > 0 && tokens[at - 1].is_symbol("."))
}

fn part(tokens: &[Token<'_>], at: usize, token: &Token<'_>, role: Role, names: &Names) -> String {
    let name = || unquoted(token.text, token.kind);
    match (role, token.kind) {
        (Role::Name, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String) => {
            name_form(&name())
        }
        (Role::Literal, TokenKind::Word) if !is_keyword(token.text) => text(token.text),
        (Role::Literal, TokenKind::QuotedIdent) => text(&name()),
        (Role::Constant, TokenKind::QuotedIdent) if is_loose(tokens, at) => text(&name()),
        (Role::Expression, TokenKind::QuotedIdent)
            if is_loose(tokens, at) && !names.columns.contains(&fold(&name())) =>
        {
            text(&name())
        }
        (Role::Expression | Role::Constant, TokenKind::QuotedIdent) => name_form(&name()),
        (_, TokenKind::Word) => fold(token.text),
        _ => token.text.to_owned(),
    }
}

/// `"a"` that SQLite takes for a string when nothing has that name.
pub(super) fn is_loose(tokens: &[Token<'_>], at: usize) -> bool {
    let next = tokens.get(at + 1);
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let double = tokens[at].kind == TokenKind::QuotedIdent && tokens[at].text.starts_with('"');
    double
        && !next.is_some_and(|token| token.is_symbol(".") || token.is_symbol("("))
        && (is_operand(tokens, at)
            || !before.is_some_and(|token| {
                let words = ["AS", "COLLATE", "FROM", "INTO", "JOIN", "UPDATE"];
                token.is_symbol(".") || words.iter().any(|word| token.is_word(word))
            }))
}

/// A string in double quotes, which SQLite writes in single ones when it edits the schema.
pub(super) fn has_loose(tokens: &[Token<'_>], roles: &[Role], names: &Names) -> bool {
    let loose = |at: usize| match roles.get(at).copied().unwrap_or(Role::Expression) {
        Role::Name | Role::Type => false,
        Role::Literal => tokens[at].text.starts_with('"'),
        Role::Constant => is_loose(tokens, at),
        Role::Expression => {
            let name = tokens[at].name().unwrap_or_default();
            is_loose(tokens, at) && !names.columns.contains(&fold(&name))
        }
    };
    (0..tokens.len()).any(loose)
}

/// `a IS DISTINCT FROM "b"`.
fn is_operand(tokens: &[Token<'_>], at: usize) -> bool {
    at > 1 && tokens[at - 1].is_word("FROM") && tokens[at - 2].is_word("DISTINCT")
}

/// The form of a trigger, and of what comes after the name of a view: there a name in quotes may
/// be a string, for all that is known here. With `spelling` the case of names counts, since a
/// view's columns are named after it.
pub(super) fn body_form(sql: &str, spelling: bool) -> String {
    let tokens = tokens(sql);
    // `AFTER DELETE ON "users"`: SQLite puts the quotes there when it renames the table.
    let table = tokens.iter().position(|token| token.is_word("ON")).filter(|_| !spelling);
    let part = |at: usize| {
        let token = tokens[at];
        let name = || unquoted(token.text, token.kind);
        let loose = is_loose(&tokens, at) && table.is_none_or(|on| at != on + 1);
        match token.kind {
            TokenKind::QuotedIdent if loose => token.text.to_owned(),
            TokenKind::QuotedIdent if spelling && is_plain(&name()) => name(),
            TokenKind::QuotedIdent if spelling => format!("\"{}\"", name().replace('"', "\"\"")),
            TokenKind::QuotedIdent => name_form(&name()),
            TokenKind::Word if !spelling || is_reserved(token.text) => fold(token.text),
            _ => token.text.to_owned(),
        }
    };
    (0..tokens.len()).map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str, expected: &str) {
        let names = Names {
            table: "t".to_owned(),
            columns: BTreeSet::from(["a b".to_owned(), "c".to_owned()]),
        };
        let tokens = tokens(given);
        let roles = vec![Role::Expression; tokens.len()];
        assert_eq!(form(&tokens, &roles, &names), expected, "{given}");
    }

    #[test]
    fn expressions() {
        check("C  >/* x */1", "c > 1");
        check("[c] <> `C`", "c <> c");
        check("\"A b\" = \"c\"", "\"a b\" = c");
        check("c <> \"It's\"", "c <> 'It''s'");
        check("T.c > \"t\" . [a b]", "c > \"a b\"");
        check("LOWER(c) = \"lower\"(c)", "lower ( c ) = lower ( c )");
        check("c = 'A  B' COLLATE \"NoCase\"", "c = 'A  B' collate nocase");
    }

    #[test]
    fn bodies() {
        let check = |given: &str, spelling: bool, expected: &str| {
            assert_eq!(body_form(given, spelling), expected, "{given}");
        };
        check("select A, \"b\" FROM [T] x", false, "select a , \"b\" from t x");
        check("AFTER DELETE ON \"T\" WHEN \"b\"", false, "after delete on t when \"b\"");
        check("SELECT A as Id, \"B\" from \"Tee\"", true, "select A as Id , \"B\" from Tee");
        check("SELECT [a b] AS [Key];", true, "select \"a b\" as \"Key\"");
    }
}
