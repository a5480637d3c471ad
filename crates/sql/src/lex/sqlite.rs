//! SQLite's rules: src/tokenize.c.

use super::lexer::{Lexer, Scan};
use crate::TokenKind;

/// Longest first.
const OPERATORS: &[&str] = &["->>", "->", "<=", "<>", "<<", ">=", ">>", "==", "!=", "||"];

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(super) fn scan(lexer: &Lexer<'_>, at: usize) -> Scan {
    let next = lexer.byte(at + 1);
    match lexer.byte(at) {
        b if is_space(b) => (TokenKind::Whitespace, lexer.run(at, is_space)),
        0xef if lexer.starts_with(at, BYTE_ORDER_MARK) => {
            (TokenKind::Whitespace, at + BYTE_ORDER_MARK.len())
        }
        b'-' if next == b'-' => lexer.line_comment(at, b"\n"),
        b'/' if next == b'*' => lexer.closed(TokenKind::Comment, lexer.block_end(at)),
        b'\'' => lexer.quoted(TokenKind::String, at, false),
        b'"' | b'`' => lexer.quoted(TokenKind::QuotedIdent, at, false),
        b'[' => {
            let end = lexer.run(at, |b| b != b']');
            let closed = (end < lexer.text.len()).then_some(end + 1);
            lexer.closed(TokenKind::QuotedIdent, closed)
        }
        b'x' | b'X' if next == b'\'' => lexer.quoted(TokenKind::String, at + 1, false),
        b'0'..=b'9' => (TokenKind::Number, number_end(lexer, at)),
        b'.' if next.is_ascii_digit() => (TokenKind::Number, number_end(lexer, at)),
        b'?' => (TokenKind::Parameter, lexer.run(at + 1, |b| b.is_ascii_digit())),
        b'$' | b'@' | b':' if is_word(next) => (TokenKind::Parameter, variable_end(lexer, at)),
        b if is_word(b) => (TokenKind::Word, lexer.run(at, is_word)),
        b';' => (TokenKind::Delimiter, at + 1),
        _ => lexer.operator(at, OPERATORS),
    }
}

/// `:a`, `@a`, `$a::b(c)`; the last for Tcl.
fn variable_end(lexer: &Lexer<'_>, at: usize) -> usize {
    let mut end = lexer.run(at + 1, is_word);
    while lexer.starts_with(end, "::") {
        end = lexer.run(end + 2, is_word);
    }
    if lexer.byte(end) == b'(' {
        end = lexer.run(end, |b| b != b')' && !is_space(b));
        end += usize::from(lexer.byte(end) == b')');
    }
    end
}

fn number_end(lexer: &Lexer<'_>, at: usize) -> usize {
    let digit = |b: u8| b.is_ascii_digit() || b == b'_';
    if lexer.byte(at) == b'0' && matches!(lexer.byte(at + 1), b'x' | b'X') {
        return lexer.run(at + 2, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    let mut end = lexer.run(at, digit);
    if lexer.byte(end) == b'.' {
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

const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | 0x0c | b'\r')
}

const fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80
}
