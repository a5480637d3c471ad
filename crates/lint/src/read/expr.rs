//! Expressions as far as rules ask: their text, what they call and name.

use xtask_db_sql::{Dialect, Span, TokenKind};

use super::cursor::span_of;
use super::{Cursor, Expr, Tok};
use crate::name::fold;

/// Words that are values or operators, not columns.
const NO_NAMES: [&str; 36] = [
    "null", "true", "false", "not", "and", "or", "is", "in", "between", "like", "ilike", "case",
    "when", "then", "else", "end", "interval", "cast", "as", "collate", "distinct", "from",
    "select", "where", "exists", "array", "row", "at", "time", "zone", "any", "all", "asc", "desc",
    "using", "default",
];

/// Values of the moment that are written without parentheses.
const WITHOUT_PARENTHESES: [&str; 8] = [
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "user",
];

/// An expression made of all tokens of a cursor.
pub(super) fn expr(cursor: &Cursor<'_, '_>) -> Expr {
    of_tokens(cursor.rest(), cursor.dialect)
}

pub(super) fn of_tokens(toks: &[Tok<'_>], dialect: Dialect) -> Expr {
    let mut calls = Vec::new();
    let mut names = Vec::new();
    for (index, token) in toks.iter().enumerate() {
        if !matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent) {
            continue;
        }
        let text = fold(token.text, token.kind, dialect);
        let next = toks.get(index + 1);
        let is_type = index > 0 && toks[index - 1].is_symbol("::");
        let is_word = token.kind == TokenKind::Word;
        if is_word && NO_NAMES.contains(&text.as_str()) || is_type {
            continue;
        }
        if is_word && WITHOUT_PARENTHESES.contains(&text.as_str())
            || next.is_some_and(|next| next.is_symbol("("))
        {
            calls.push(text);
        } else if !next.is_some_and(|next| next.is_symbol(".")) {
            names.push(text);
        }
    }
    let span = span_of(toks).unwrap_or(Span { start: 0, end: 0 });
    Expr { span, text: squeezed(toks), calls, names }
}

/// The tokens with one space where there was any: two spellings of one expression are equal.
pub(super) fn squeezed(toks: &[Tok<'_>]) -> String {
    let mut text = String::new();
    let mut end = toks.first().map_or(0, |token| token.span.start);
    for token in toks {
        if token.span.start > end {
            text.push(' ');
        }
        text.push_str(token.text);
        end = token.span.end;
    }
    text
}
