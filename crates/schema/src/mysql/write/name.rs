//! Names, in quotes only where they must be.

use xtask_db_sql::{Dialect, Syntax, TokenKind, ident, lex};

use super::reserved::is_reserved;
use crate::mysql::read;

/// A name as SQL text.
pub(crate) fn name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !is_reserved(name);
    if plain { name.to_owned() } else { ident(Dialect::Mysql, name) }
}

/// `a, b`
pub(crate) fn names(list: &[String]) -> String {
    list.iter().map(|one| name(one)).collect::<Vec<_>>().join(", ")
}

/// A text of the server, which quotes every name, without the quotes that it does not need, and
/// with its keywords in capitals. A function keeps its quotes: without, it may be another one.
pub(crate) fn unquoted(text: &str, syntax: Syntax) -> String {
    rewritten(text, syntax, |rest| rest.trim_start().starts_with('('))
}

/// The same of the parts of an index, where a length may follow a column.
pub(crate) fn unquoted_parts(text: &str, syntax: Syntax) -> String {
    rewritten(text, syntax, |rest| {
        let inside = rest.strip_prefix('(');
        inside.is_some_and(|inside| !inside.starts_with(|c: char| c.is_ascii_digit()))
    })
}

fn rewritten(text: &str, syntax: Syntax, is_call: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for token in lex(text, syntax) {
        let written = &text[token.span.range()];
        let called = is_call(&text[token.span.end..]);
        match token.kind {
            TokenKind::QuotedIdent if !called => out.push_str(&name(&read::unquoted(written))),
            // What the server prints without quotes is a keyword or a function.
            TokenKind::Word if is_reserved(written) || written == "end" => {
                out.push_str(&written.to_ascii_uppercase());
            }
            _ => out.push_str(written),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stay_where_they_must() {
        let syntax = Syntax::of(Dialect::Mysql);
        let check = |text: &str, expected: &str| assert_eq!(unquoted(text, syntax), expected);
        check("`a`(5),`b` DESC", "`a`(5),b DESC");
        assert_eq!(unquoted_parts("`a`(5),(`f`(`b`))", syntax), "a(5),(`f`(b))");
        check("`t`.`id` > '`x`'", "t.id > '`x`'");
        check("`order` + `Key` + `a b` + `a``b` + `é` + `1a` + `_x`", {
            "`order` + `Key` + `a b` + `a``b` + `é` + `1a` + `_x`"
        });
        check("`User_2`", "User_2");
        check("case when `a` is null then concat('and') end", {
            "CASE WHEN a IS NULL THEN concat('and') END"
        });
    }
}
