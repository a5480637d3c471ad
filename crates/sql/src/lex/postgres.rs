//! PostgreSQL's rules: src/backend/parser/scan.l, and section 4.1 of its manual.

use super::lexer::{Lexer, Scan};
use crate::TokenKind;

/// Operators longer than a name are an error of the server.
const OPERATOR_BYTES_MAX: usize = 63;

const LINE_ENDS: &[u8] = b"\r\n";

pub(super) fn scan(lexer: &Lexer<'_>, at: usize) -> Scan {
    let next = lexer.byte(at + 1);
    match lexer.byte(at) {
        b if is_space(b) => (TokenKind::Whitespace, lexer.run(at, is_space)),
        b'-' if next == b'-' => lexer.line_comment(at, LINE_ENDS),
        b'/' if next == b'*' => {
            // pg_hint_plan reads `/*+ … */`
            let hint = lexer.byte(at + 2) == b'+';
            let kind = if hint { TokenKind::ExecutableComment } else { TokenKind::Comment };
            lexer.closed(kind, lexer.nested_block_end(at))
        }
        b'\'' => string(lexer, at, lexer.syntax.backslash_escapes),
        b'"' => lexer.quoted(TokenKind::QuotedIdent, at, false),
        b'$' => dollar(lexer, at),
        b'0'..=b'9' => (TokenKind::Number, number_end(lexer, at)),
        b'.' if next.is_ascii_digit() && !follows_name(lexer, at) => {
            (TokenKind::Number, number_end(lexer, at))
        }
        b if is_word_start(b) => prefixed(lexer, at),
        b':' if is_word_start(next) && !follows_name(lexer, at) => {
            (TokenKind::Parameter, lexer.run(at + 1, is_word))
        }
        b';' => (TokenKind::Delimiter, at + 1),
        b if is_operator(b) => operator(lexer, at),
        _ => lexer.operator(at, &["::", ":=", ".."]),
    }
}

/// A word, or a string or name that a prefix opens.
fn prefixed(lexer: &Lexer<'_>, at: usize) -> Scan {
    let (next, third) = (lexer.byte(at + 1), lexer.byte(at + 2));
    match lexer.byte(at).to_ascii_lowercase() {
        b'e' if next == b'\'' => string(lexer, at + 1, true),
        b'b' | b'x' if next == b'\'' => string(lexer, at + 1, false),
        b'n' if next == b'\'' => string(lexer, at + 1, lexer.syntax.backslash_escapes),
        b'u' if next == b'&' && third == b'\'' => string(lexer, at + 2, false),
        b'u' if next == b'&' && third == b'"' => {
            lexer.quoted(TokenKind::QuotedIdent, at + 2, false)
        }
        _ => (TokenKind::Word, lexer.run(at, is_word)),
    }
}

/// A string. Where backslashes escape, the segments that continue it on later lines are read by
/// the same rule, so they belong to the token; elsewhere a segment is a string of its own.
fn string(lexer: &Lexer<'_>, open: usize, backslash: bool) -> Scan {
    let mut end = lexer.quoted_end(open, backslash);
    while backslash
        && let Some(segment_end) = end
        && let Some(open) = continuation(lexer, segment_end)
    {
        end = lexer.quoted_end(open, backslash);
    }
    lexer.closed(TokenKind::String, end)
}

/// The quote that continues a string: behind whitespace and `--` comments with a line end.
fn continuation(lexer: &Lexer<'_>, end: usize) -> Option<usize> {
    let mut at = end;
    let mut line_ended = false;
    loop {
        match lexer.byte(at) {
            b'\r' | b'\n' => {
                line_ended = true;
                at += 1;
            }
            b if is_space(b) => at += 1,
            b'-' if lexer.byte(at + 1) == b'-' => at = lexer.line_comment(at, LINE_ENDS).1,
            b'\'' if line_ended => return Some(at),
            _ => return None,
        }
    }
}

fn dollar(lexer: &Lexer<'_>, at: usize) -> Scan {
    if lexer.byte(at + 1).is_ascii_digit() {
        return (TokenKind::Parameter, lexer.run(at + 1, |b| b.is_ascii_digit()));
    }
    match lexer.dollar_tag_end(at) {
        Some(body) => lexer.dollar_quoted(at, body),
        None => lexer.symbol(at),
    }
}

/// `1`, `1.5`, `.5`, `1e-3`, `0xFF`, `1_000`; in `1..10` the dots are not the number's.
fn number_end(lexer: &Lexer<'_>, at: usize) -> usize {
    let digit = |b: u8| b.is_ascii_digit() || b == b'_';
    if lexer.byte(at) == b'0'
        && matches!(lexer.byte(at + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B')
    {
        return lexer.run(at + 2, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    let mut end = lexer.run(at, digit);
    if lexer.byte(end) == b'.' && lexer.byte(end + 1) != b'.' {
        end = lexer.run(end + 1, digit);
    }
    if matches!(lexer.byte(end), b'e' | b'E') {
        let sign = usize::from(matches!(lexer.byte(end + 1), b'+' | b'-'));
        if lexer.byte(end + 1 + sign).is_ascii_digit() {
            end = lexer.run(end + 1 + sign, digit);
        }
    }
    end
}

/// The longest operator by the server's rules: a comment start ends it, and it ends in `+` or
/// `-` only when one of `~ ! @ # % ^ & | ?` or a backquote is in it.
fn operator(lexer: &Lexer<'_>, at: usize) -> Scan {
    let bytes = lexer.text.as_bytes();
    let window = &bytes[at..bytes.len().min(at + OPERATOR_BYTES_MAX)];
    let mut end = at + window.iter().take_while(|&&b| is_operator(b)).count();
    let comment = (at + 1..end)
        .find(|&i| matches!((bytes[i], lexer.byte(i + 1)), (b'-', b'-') | (b'/', b'*')));
    end = comment.unwrap_or(end);
    let operator = &bytes[at..end];
    if !operator.iter().any(|b| b"~!@#%^&|?`".contains(b)) {
        let signs = operator[1..].iter().rev().take_while(|b| matches!(b, b'+' | b'-')).count();
        end -= signs;
    }
    (TokenKind::Symbol, end)
}

/// What stands before is part of a name or a value, so that `a.5` and `a[b:c]` are not a number
/// and a parameter.
fn follows_name(lexer: &Lexer<'_>, at: usize) -> bool {
    at > 0 && (is_word(lexer.byte(at - 1)) || matches!(lexer.byte(at - 1), b'"' | b')' | b']'))
}

const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}

const fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

const fn is_word(b: u8) -> bool {
    is_word_start(b) || b.is_ascii_digit() || b == b'$'
}

const fn is_operator(b: u8) -> bool {
    matches!(
        b,
        b'~' | b'!'
            | b'@'
            | b'#'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'%'
            | b'<'
            | b'>'
            | b'='
    )
}
