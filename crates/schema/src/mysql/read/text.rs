//! The value of a string literal.

use xtask_db_sql::Syntax;

/// What a `'…'` that a server printed stands for.
pub(crate) fn decoded(literal: &str, syntax: Syntax) -> String {
    let inner = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let mut chars = inner.unwrap_or(literal).chars();
    let mut out = String::with_capacity(literal.len());
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                chars.next();
                out.push('\'');
            }
            '\\' if syntax.backslash_escapes => out.extend(chars.next().map(escaped)),
            c => out.push(c),
        }
    }
    out
}

const fn escaped(c: char) -> char {
    match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'b' => '\u{8}',
        'Z' => '\u{1a}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask_db_sql::Dialect;

    #[test]
    fn values_are_those_that_were_quoted() {
        let mysql = Syntax::of(Dialect::Mysql);
        let check = |literal, expected| assert_eq!(decoded(literal, mysql), expected);
        check("'it''s'", "it's");
        check(r"'a\\b\nc'", "a\\b\nc");
        check(r"'\''", "'");
        check("'é'", "é");
        let plain = Syntax { backslash_escapes: false, ..mysql };
        assert_eq!(decoded(r"'a\n'", plain), r"a\n");
    }
}
