//! The text that the server prints when it reads its own text.
//!
//! The two differ in one place: a cast of an array constructor, which `x IN ('a', 'b')` leaves
//! behind on a `varchar`, is read as a cast of each element. A plan runs what the server printed, so
//! what it leads to would never be equal to where it should lead.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

/// An expression, a query or a definition as the server prints it once it was read from its own
/// text. Strings, quoted names and bodies between dollars stay as they are.
#[must_use]
pub fn reprinted(text: &str) -> String {
    if !text.contains("(ARRAY[") {
        return text.to_owned();
    }
    let tokens = lex(text, Syntax::of(Dialect::Postgres));
    let tokens: Vec<Token<'_>> = tokens
        .iter()
        .map(|token| Token { kind: token.kind, text: &text[token.span.range()] })
        .collect();
    rewritten(&tokens)
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
}

/// A cast of an array constructor, as places in tokens.
struct Cast<'t, 'a> {
    elements: &'t [Token<'a>],
    /// Without its last brackets.
    type_name: String,
    after: usize,
}

fn rewritten(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < tokens.len() {
        match cast(tokens, at) {
            Some(cast) => {
                text.push_str(&pushed(cast.elements, &cast.type_name));
                at = cast.after;
            }
            None => {
                text.push_str(tokens[at].text);
                at += 1;
            }
        }
    }
    text
}

/// `(ARRAY[…])::type[]` at a place.
fn cast<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> Option<Cast<'t, 'a>> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    if !(is(at, "(") && is(at + 1, "ARRAY") && is(at + 2, "[")) {
        return None;
    }
    let end = closing(tokens, at + 2)?;
    if !is(end + 1, ")") {
        return None;
    }
    let from = colons(tokens, end + 2)?;
    let brackets = from + type_length(&tokens[from..]);
    if !(is(brackets, "[") && is(brackets + 1, "]")) {
        return None;
    }
    let type_name = tokens[from..brackets].iter().map(|token| token.text).collect();
    Some(Cast { elements: &tokens[at + 3..end], type_name, after: brackets + 2 })
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

/// The array with the cast at each element.
fn pushed(elements: &[Token<'_>], type_name: &str) -> String {
    let mut all = Vec::new();
    let mut rest = elements;
    while !rest.is_empty() {
        let end = comma(rest);
        all.push(element(&rest[..end], type_name));
        rest = rest.get(end + 1..).unwrap_or_default();
        if let [Token { kind: TokenKind::Whitespace, .. }, others @ ..] = rest {
            rest = others;
        }
    }
    format!("ARRAY[{}]", all.join(", "))
}

fn element(tokens: &[Token<'_>], type_name: &str) -> String {
    let nested = tokens.first().is_some_and(|token| token.text == "ARRAY")
        && closing(tokens, 1) == Some(tokens.len() - 1);
    match nested {
        true => pushed(&tokens[2..tokens.len() - 1], type_name),
        false => format!("({})::{type_name}", rewritten(tokens)),
    }
}

/// The first comma outside of brackets, or the end.
fn comma(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while at < tokens.len() && tokens[at].text != "," {
        at = match tokens[at].text {
            "(" | "[" => closing(tokens, at).unwrap_or(tokens.len()),
            _ => at,
        } + 1;
    }
    at.min(tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_of_an_array_is_one_of_its_elements() {
        fn check(text: &str, expected: &str) {
            assert_eq!(reprinted(text), expected);
            assert_eq!(reprinted(expected), expected, "once is enough");
        }
        check("(a = ANY (ARRAY['x'::text]))", "(a = ANY (ARRAY['x'::text]))");
        check(
            "((a)::text = ANY ((ARRAY['x, ]'::character varying, (b || c)])::text[]))",
            "((a)::text = ANY (ARRAY[('x, ]'::character varying)::text, ((b || c))::text]))",
        );
        check(
            "(ARRAY[f(a, 1), NULL::timestamp with time zone])::timestamp(0) with time zone[]",
            "ARRAY[(f(a, 1))::timestamp(0) with time zone, \
             (NULL::timestamp with time zone)::timestamp(0) with time zone]",
        );
        check(
            "(ARRAY[ARRAY[1, 2], ARRAY[3, 4]])::numeric(10,2)[]",
            "ARRAY[ARRAY[(1)::numeric(10,2), (2)::numeric(10,2)], \
             ARRAY[(3)::numeric(10,2), (4)::numeric(10,2)]]",
        );
        check(
            "(ARRAY[(ARRAY['a'::\"Q\"])::app.r[]])::text[]",
            "ARRAY[(ARRAY[('a'::\"Q\")::app.r])::text]",
        );
        for same in [
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
