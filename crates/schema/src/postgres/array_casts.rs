//! Casts of array constructors, which the server prints and does not read back as they were.
//!
//! `x IN ('a', 'b')` on a `varchar` is kept as an array of `varchar` that is taken for one of
//! `text`, and printed as `(ARRAY['a'::character varying, …])::text[]`. Read again, that is a cast
//! of each element, and printed as another text. Without the cast the server finds the same
//! operator and adds the cast by itself, so that its text stays what it was. Elsewhere the cast may
//! be what was asked for; it stays one of the array where that first has a type of its own.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

/// A statement made of what the server printed, which it will print so again. Strings, quoted names
/// and bodies between dollars stay as they are.
pub(super) fn readable(sql: &str) -> String {
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
        let Some((end, after)) = cast(&tokens, at) else { continue };
        let own = if compared(&tokens[..at]) { None } else { own_type(&tokens[at + 3..end - 1]) };
        if let Some(own) = own {
            tokens.splice(end..end, own);
        } else {
            tokens.drain(end..after);
            tokens.remove(at);
        }
    }
    tokens.iter().map(|token| token.text).collect()
}

/// Whether an array is what `= ANY (` goes through.
fn compared(before: &[Token<'_>]) -> bool {
    let mut words = before.iter().rev().filter(|token| token.kind != TokenKind::Whitespace);
    let mut is = |texts: &[&str]| words.next().is_some_and(|token| texts.contains(&token.text));
    is(&["("]) && is(&["ANY", "ALL"])
}

/// `::type[]`, when the elements say of which type they are.
fn own_type<'a>(elements: &[Token<'a>]) -> Option<Vec<Token<'a>>> {
    let mut elements = split(elements).into_iter().map(element_type);
    let first = elements.next()??;
    let same = |other: Option<Vec<Token<'a>>>| {
        other.is_some_and(|other| other.iter().map(|it| it.text).eq(first.iter().map(|it| it.text)))
    };
    if !elements.all(same) {
        return None;
    }
    let sign = |text| Token { kind: TokenKind::Symbol, text };
    let mut clause = vec![sign("::")];
    clause.extend(first);
    clause.extend([sign("["), sign("]")]);
    Some(clause)
}

/// Between commas that no bracket encloses.
fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match tokens[at].text {
            "(" | "[" => at = closing(tokens, at).unwrap_or(at),
            "," => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&tokens[start..]);
    parts
}

/// What a constant is cast to; a whole number is an `integer`.
fn element_type<'a>(element: &[Token<'a>]) -> Option<Vec<Token<'a>>> {
    let start = element.iter().position(|token| token.kind != TokenKind::Whitespace)?;
    let element = &element[start..];
    if let [Token { text, .. }] = element
        && text.parse::<i32>().is_ok()
    {
        return Some(vec![Token { kind: TokenKind::Word, text: "integer" }]);
    }
    let from = colons(element, 1)?;
    let constant = matches!(element[0].kind, TokenKind::String | TokenKind::Number)
        || element[0].text == "NULL";
    let whole = from + type_length(&element[from..]) == element.len();
    (constant && whole).then(|| element[from..].to_vec())
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
        assert_eq!(readable(sql), expected);
    }

    #[test]
    fn the_cast_of_an_array_goes() {
        check(
            "((a)::text = ANY ((ARRAY['x, ])'::character varying, (b || c)])::text[]))",
            "((a)::text = ANY (ARRAY['x, ])'::character varying, (b || c)]))",
        );
        check("f((ARRAY[g(a, 1)])::timestamp(0) with time zone[], 1)", "f(ARRAY[g(a, 1)], 1)");
        check("(ARRAY[ARRAY[1, 2], ARRAY[3]])::numeric(10,2)[]", "ARRAY[ARRAY[1, 2], ARRAY[3]]");
        check(
            "(ARRAY[(ARRAY[b, 'a'::\"Q\"])::app.r[]])::text[] x",
            "ARRAY[ARRAY[b, 'a'::\"Q\"]] x",
        );
    }

    #[test]
    fn an_array_of_constants_has_a_type_of_its_own() {
        check(
            "DEFAULT (ARRAY['a'::character varying, NULL::character varying])::text[]",
            "DEFAULT (ARRAY['a'::character varying, NULL::character varying]\
             ::character varying[])::text[]",
        );
        check("f((ARRAY[1, 2])::numeric(10,2)[])", "f((ARRAY[1, 2]::integer[])::numeric(10,2)[])");
        check("(ARRAY['1'::text, 2])::a[]", "ARRAY['1'::text, 2]");
        check("(ARRAY['1'::text || 'x'::text])::a[]", "ARRAY['1'::text || 'x'::text]");
        check(
            "(a <> ALL ((ARRAY['x'::character varying])::text[]))",
            "(a <> ALL (ARRAY['x'::character varying]))",
        );
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
