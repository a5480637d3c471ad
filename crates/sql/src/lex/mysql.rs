//! The rules of MySQL and MariaDB: sql/sql_lex.cc, and chapter "Language Structure" of the
//! manual.

use super::lexer::{Lexer, Scan};
use crate::TokenKind;

/// Longest first.
const OPERATORS: &[&str] =
    &["<=>", "->>", "<=", "<>", "<<", ">=", ">>", "!=", "||", "&&", ":=", "->"];

pub(super) fn scan(lexer: &Lexer<'_>, at: usize) -> Scan {
    let syntax = lexer.syntax;
    let next = lexer.byte(at + 1);
    match lexer.byte(at) {
        b if is_space(b) => (TokenKind::Whitespace, lexer.run(at, is_space)),
        b'#' => lexer.line_comment(at, b"\n"),
        b'-' if next == b'-' && ends_dashes(lexer, at + 2) => lexer.line_comment(at, b"\n"),
        b'/' if next == b'*' => comment(lexer, at),
        b'\'' => lexer.quoted(TokenKind::String, at, syntax.backslash_escapes),
        b'"' if syntax.ansi_quotes => lexer.quoted(TokenKind::QuotedIdent, at, false),
        b'"' => lexer.quoted(TokenKind::String, at, syntax.backslash_escapes),
        b'`' => lexer.quoted(TokenKind::QuotedIdent, at, false),
        b'@' => variable(lexer, at),
        b'?' => (TokenKind::Parameter, at + 1),
        b'.' if next.is_ascii_digit() && !follows_name(lexer, at) => {
            (TokenKind::Number, fraction_end(lexer, at))
        }
        b':' if is_word(next) && !follows_name(lexer, at) => {
            (TokenKind::Parameter, lexer.run(at + 1, is_word))
        }
        b'$' if lexer.after_as
            && let Some(body) = lexer.dollar_tag_end(at) =>
        {
            lexer.dollar_quoted(at, body)
        }
        b if is_word(b) => word(lexer, at),
        b';' => (TokenKind::Delimiter, at + 1),
        _ => lexer.operator(at, OPERATORS),
    }
}

/// `--` is a comment only before a space, a control character or the end.
fn ends_dashes(lexer: &Lexer<'_>, at: usize) -> bool {
    at >= lexer.text.len() || lexer.byte(at) == b' ' || lexer.byte(at).is_ascii_control()
}

fn comment(lexer: &Lexer<'_>, at: usize) -> Scan {
    match (lexer.byte(at + 2), lexer.byte(at + 3)) {
        (b'!', _) => executable(lexer, at + 3),
        (b'M', b'!') => executable(lexer, at + 4),
        (b'+', _) => lexer.closed(TokenKind::ExecutableComment, lexer.block_end(at)),
        _ => lexer.closed(TokenKind::Comment, lexer.block_end(at)),
    }
}

/// `/*! … */`: its inside is code, so a `*/` in a string there does not end it, and a comment
/// inside does not either. In such a comment a further `/*!` only disappears.
fn executable(lexer: &Lexer<'_>, inside: usize) -> Scan {
    let code = lexer.run(inside, |b| b.is_ascii_digit());
    if lexer.is_executable() {
        return (TokenKind::Comment, code);
    }
    if never_runs(&lexer.text[inside..code]) {
        return lexer.closed(TokenKind::ExecutableComment, lexer.block_end(inside - 2));
    }
    let mut inner = Lexer::inside_executable(lexer.text, code, lexer.syntax);
    loop {
        let here = inner.position();
        if inner.starts_with(here, "*/") {
            return (TokenKind::ExecutableComment, here + 2);
        }
        match inner.next() {
            Some(token) if token.kind != TokenKind::Unterminated => {}
            _ => return lexer.closed(TokenKind::ExecutableComment, None),
        }
    }
}

/// `/*!99999 … */`, `/*M!999999 … */`: a version no server has, whose inside nobody reads.
fn never_runs(version: &str) -> bool {
    matches!(version, "99999" | "999999")
}

/// The inside of a `/*!50003 … */` that some server runs; none for a hint.
#[must_use]
pub fn executable_code(comment: &str) -> Option<&str> {
    let inside = comment.strip_prefix("/*!").or_else(|| comment.strip_prefix("/*M!"))?;
    let code = inside.trim_start_matches(|c: char| c.is_ascii_digit());
    let version = &inside[..inside.len() - code.len()];
    if never_runs(version) { None } else { code.strip_suffix("*/") }
}

/// `@a`, `@'a'`, `` @`a` ``, `@@name`. A host, `'user'@'%'`, looks the same.
fn variable(lexer: &Lexer<'_>, at: usize) -> Scan {
    let name = at + 1;
    match lexer.byte(name) {
        b'\'' | b'"' => lexer.quoted(TokenKind::Parameter, name, lexer.syntax.backslash_escapes),
        b'`' => lexer.quoted(TokenKind::Parameter, name, false),
        b'@' => (TokenKind::Parameter, lexer.run(name + 1, is_word)),
        b if is_word(b) => (TokenKind::Parameter, lexer.run(name, |b| is_word(b) || b == b'.')),
        _ => lexer.symbol(at),
    }
}

/// A name may start with a digit: `1a` is a word, `1e5` and `0xAF` are numbers.
fn word(lexer: &Lexer<'_>, at: usize) -> Scan {
    let end = lexer.run(at, is_word);
    let text = &lexer.text.as_bytes()[at..end];
    let quote = lexer.byte(end);
    if quote == b'\'' && matches!(text, b"n" | b"N" | b"x" | b"X" | b"b" | b"B") {
        return lexer.quoted(TokenKind::String, end, lexer.syntax.backslash_escapes);
    }
    let quotes_string = quote == b'\'' || (quote == b'"' && !lexer.syntax.ansi_quotes);
    if text[0] == b'_' && quotes_string {
        return lexer.quoted(TokenKind::String, end, lexer.syntax.backslash_escapes);
    }
    if !text[0].is_ascii_digit() || follows_dot(lexer, at) {
        return (TokenKind::Word, end);
    }
    match text {
        [b'0', b'x', digits @ ..] if is_all(digits, u8::is_ascii_hexdigit) => {
            (TokenKind::Number, end)
        }
        [b'0', b'b', digits @ ..] if is_all(digits, |b| matches!(b, b'0' | b'1')) => {
            (TokenKind::Number, end)
        }
        _ => decimal(lexer, at, end),
    }
}

/// `1`, `1.5`, `1e5`, `1e+5`; otherwise the word that ends at `word_end`.
fn decimal(lexer: &Lexer<'_>, at: usize, word_end: usize) -> Scan {
    let digits_end = lexer.run(at, |b| b.is_ascii_digit());
    let exponent = exponent_end(lexer, digits_end);
    if digits_end == word_end && lexer.byte(word_end) == b'.' {
        (TokenKind::Number, fraction_end(lexer, word_end))
    } else if digits_end == word_end || exponent.is_some_and(|end| end >= word_end) {
        (TokenKind::Number, exponent.unwrap_or(digits_end))
    } else {
        (TokenKind::Word, word_end)
    }
}

/// From the dot of a number to its end.
fn fraction_end(lexer: &Lexer<'_>, dot: usize) -> usize {
    let digits_end = lexer.run(dot + 1, |b| b.is_ascii_digit());
    exponent_end(lexer, digits_end).unwrap_or(digits_end)
}

fn exponent_end(lexer: &Lexer<'_>, at: usize) -> Option<usize> {
    if !matches!(lexer.byte(at), b'e' | b'E') {
        return None;
    }
    let digits = at + 1 + usize::from(matches!(lexer.byte(at + 1), b'+' | b'-'));
    lexer.byte(digits).is_ascii_digit().then(|| lexer.run(digits, |b| b.is_ascii_digit()))
}

fn is_all(bytes: &[u8], accept: impl Fn(&u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(accept)
}

/// What stands before is part of a name or a value: the colon of `label:BEGIN`, the dot of `a.5`.
fn follows_name(lexer: &Lexer<'_>, at: usize) -> bool {
    at > 0 && (is_word(lexer.byte(at - 1)) || matches!(lexer.byte(at - 1), b'`' | b'"' | b')'))
}

fn follows_dot(lexer: &Lexer<'_>, at: usize) -> bool {
    at > 1 && lexer.byte(at - 1) == b'.' && follows_name(lexer, at - 1)
}

const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}

const fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80
}
