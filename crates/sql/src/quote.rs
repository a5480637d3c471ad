//! Quoting of names and strings. The only place that turns a `&str` into SQL text.

use crate::{Dialect, Syntax};

/// A quoted identifier: `"a""b"`, on MySQL `` `a``b` ``.
#[must_use]
pub fn ident(dialect: Dialect, name: &str) -> String {
    let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
    let mut out = String::with_capacity(name.len() + 2);
    out.push(quote);
    for c in name.chars() {
        if c == quote {
            out.push(quote);
        }
        out.push(c);
    }
    out.push(quote);
    out
}

/// A quoted string literal, right under the session's rules for backslashes. A NUL, which no
/// server stores in text, is left out.
#[must_use]
pub fn literal(syntax: Syntax, value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('\'');
    for c in value.chars().filter(|&c| c != '\0') {
        if c == '\'' || (c == '\\' && syntax.backslash_escapes) {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        let check = |dialect, name, expected| assert_eq!(ident(dialect, name), expected);
        check(Dialect::Postgres, "a\"b", "\"a\"\"b\"");
        check(Dialect::Postgres, "Order; --", "\"Order; --\"");
        check(Dialect::Sqlite, "a`]\"", "\"a`]\"\"\"");
        check(Dialect::Mysql, "a`b\\\"", "`a``b\\\"`");
    }

    #[test]
    fn literals() {
        let check = |syntax, value, expected| assert_eq!(literal(syntax, value), expected);
        let mysql = Syntax::of(Dialect::Mysql);
        let no_backslash = Syntax { backslash_escapes: false, ..mysql };
        check(Syntax::of(Dialect::Postgres), "it's \\", "'it''s \\'");
        check(Syntax::of(Dialect::Sqlite), "\\' \"", "'\\'' \"'");
        check(mysql, "\\' \"", "'\\\\'' \"'");
        check(no_backslash, "\\'", "'\\'''");
        check(mysql, "a\0b", "'ab'");
    }
}
