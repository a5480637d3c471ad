//! Names: how they compare, and how they are written.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use xtask_db_sql::{Dialect, Syntax, TokenKind, ident, literal};

/// SQLite's words that are never names (`%fallback` in src/parse.y has the others).
const RESERVED: &str = "ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT \
    CONSTRAINT CREATE \
    DEFAULT DEFERRABLE DELETE DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP \
    HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON \
    OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE \
    UPDATE USING VALUES WHEN WHERE";

/// Its words that are names too where one is expected.
const ALSO_NAMES: &str = "ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE \
    CAST COLUMN \
    CONFLICT CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFERRED \
    DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN FAIL FALSE FILTER FIRST FOLLOWING FOR \
    FULL GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INDEXED INITIALLY INNER INSTEAD KEY LAST \
    LEFT LIKE MATCH MATERIALIZED NATURAL NO NULLS OF OFFSET OTHERS OUTER OVER PARTITION PLAN \
    PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP REINDEX RELEASE RENAME REPLACE \
    RESTRICT RIGHT ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER TRUE UNBOUNDED \
    VACUUM VIEW VIRTUAL WINDOW WITH WITHOUT";

static RESERVED_WORDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| RESERVED.split_ascii_whitespace().collect());
static OTHER_WORDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| ALSO_NAMES.split_ascii_whitespace().collect());

/// A word of the language that is never a name.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED_WORDS.contains(word.to_ascii_uppercase().as_str())
}

/// A word of the language.
pub(super) fn is_keyword(word: &str) -> bool {
    is_reserved(word) || OTHER_WORDS.contains(word.to_ascii_uppercase().as_str())
}

/// A word that is a value: any other one is a string where SQLite wants a default.
pub(super) fn is_value(word: &str) -> bool {
    let values = ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"];
    values.iter().any(|value| word.eq_ignore_ascii_case(value))
}

/// A name as SQLite compares it: without the case of ASCII letters.
pub(super) fn fold(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Whether two names are one.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// A name that needs no quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(start)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_keyword(name)
}

/// A name as it is written in a statement, quoted when it must be.
pub(super) fn name(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { ident(Dialect::Sqlite, name) }
}

/// A string literal.
pub(super) fn text(value: &str) -> String {
    literal(Syntax::of(Dialect::Sqlite), value)
}

/// What a token of a name stands for: `"a""b"`, `[a]`, `` `a` ``, `'a'`, `a`.
pub(super) fn unquoted(token: &str, kind: TokenKind) -> String {
    if !matches!(kind, TokenKind::QuotedIdent | TokenKind::String) {
        return token.to_owned();
    }
    let inner = token.get(1..token.len().saturating_sub(1)).unwrap_or_default();
    match token.chars().next() {
        Some(quote) if quote != '[' => {
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        }
        _ => inner.to_owned(),
    }
}

/// A name like `wanted` that none of these has.
pub(super) fn free(wanted: &str, taken: &BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    while taken.contains(&fold(&name)) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_when_they_must_be() {
        let check = |given: &str, expected: &str| assert_eq!(name(given), expected, "{given}");
        check("users", "users");
        check("userId", "userId");
        check("order", "\"order\"");
        check("Key", "\"Key\"");
        check("true", "\"true\"");
        check("2fa", "\"2fa\"");
        check("é", "\"é\"");
        check("a\"b", "\"a\"\"b\"");
        check("", "\"\"");
    }

    #[test]
    fn quotes_come_off() {
        let check = |token: &str, expected: &str| {
            assert_eq!(unquoted(token, TokenKind::QuotedIdent), expected);
        };
        check("\"a\"\"b\"", "a\"b");
        check("[a\"\"b]", "a\"\"b");
        check("`a``b`", "a`b");
        check("\"\"", "");
    }

    #[test]
    fn a_free_name_is_found() {
        let taken = BTreeSet::from(["new_t".to_owned(), "new_t_".to_owned()]);
        assert_eq!(free("New_t", &taken), "New_t__");
        assert_eq!(free("new_u", &taken), "new_u");
    }
}
