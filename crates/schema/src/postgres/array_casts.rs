//! Casts of array constructors, which the server prints and does not read back as they were.
//!
//! `x IN ('a', 'b')` on a `varchar` is kept as an array of `varchar` that is taken for one of
//! `text`, and printed as `(ARRAY['a'::character varying, …])::text[]`. Read again, that is a cast
//! of
//! each element, and printed as another text. Without the cast the server finds the same operator
//! and adds the cast by itself, so that its text stays what it was.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

/// A statement made of what the server printed, without the casts that it adds by itself. Strings,
/// quoted names and bodies between dollars stay as they are.
pub(super) fn left_out(sql: &str) -> String {
    if !sql.contains("(ARRAY[") {
        return sql.to_owned();
    }
    let tokens = lex(sql, Syntax::of(Dialect::Postgres));
    let mut tokens: Vec<Token<'_>> = tokens
        .iter()
        .map(|token| Token { kind: token.kind, text: &sql[token.span.range()] })
        .collect();
    // The innermost last, so that places before it stay right.
    for at in (0..tokens.len()).rev() {
        if let Some((end, after)) = cast(&tokens, at) {
            tokens.drain(end..after);
            tokens.remove(at);
        }
    }
    tokens.iter().map(|token| token.text).collect()
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
}

/// `(ARRAY[…])::type[]` at a place: where its closing parenthesis is, and where it ends.
fn cast(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize)> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    if !(is(at, "(") && is(at + 1, "ARRAY") && is(at + 2, "[")) {
        return None;
    }
    let end = closing(tokens, at + 2)? + 1;
    if !is(end, ")") {
        return None;
    }
    let from = colons(tokens, end + 1)?;
    let brackets = from + type_length(&tokens[from..]);
    (is(brackets, "[") && is(brackets + 1, "]")).then_some((end, brackets + 2))
}

/// What follows `::`.
fn colons(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    match tokens.get(at)?.text {
        "::" => Some(at + 1),
        ":" if tokens.get(at + 1)?.text == ":" => Some(at + 2),
        _ => None,
    }
}

/// How many tokens a type has before its brackets: `timestamp(0) with time zone`, `app."Mood"`.
fn type_length(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at = match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Whitespace => at,
            _ if token.text == "." => at,
            _ if token.text == "(" => closing(tokens, at).unwrap_or(at),
            _ => break,
        } + 1;
    }
    at
}

/// The bracket that closes the one at a place.
fn closing(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at) {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        assert_eq!(left_out(sql), expected);
    }

    #[test]
    fn the_cast_of_an_array_goes() {
        check(
            "((a)::text = ANY ((ARRAY['x, ])'::character varying, (b || c)])::text[]))",
            "((a)::text = ANY (ARRAY['x, ])'::character varying, (b || c)]))",
        );
        check("f((ARRAY[g(a, 1)])::timestamp(0) with time zone[], 1)", "f(ARRAY[g(a, 1)], 1)");
        check("(ARRAY[ARRAY[1, 2], ARRAY[3]])::numeric(10,2)[]", "ARRAY[ARRAY[1, 2], ARRAY[3]]");
        check("(ARRAY[(ARRAY['a'::\"Q\"])::app.r[]])::text[] x", "ARRAY[ARRAY['a'::\"Q\"]] x");
    }

    #[test]
    fn all_else_stays() {
        for same in [
            "(a = ANY (ARRAY['x'::text]))",
            "(ARRAY[]::character varying[])::text[]",
            "(ARRAY[1, 2])::vector",
            "AS $$ select (ARRAY['a'])::text[] $$",
            "'(ARRAY[1])::text[]'::text",
            "(ARRAY[1",
        ] {
            check(same, same);
        }
    }
}
