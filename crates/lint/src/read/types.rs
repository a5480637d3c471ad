//! Types of columns.

use xtask_db_sql::{Dialect, Syntax, TokenKind, unquote};

use super::expr::squeezed;
use super::{Cursor, Tok, Type, tokens};

/// Names of one type: what is written, and what servers print.
const SYNONYMS: [(&str, &str); 22] = [
    ("int", "integer"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("int2", "smallint"),
    ("varchar", "character varying"),
    ("nvarchar", "character varying"),
    ("char varying", "character varying"),
    ("char", "character"),
    ("bpchar", "character"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("bool", "boolean"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("double", "double precision"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp without time zone", "timestamp"),
    ("timetz", "time with time zone"),
    ("time without time zone", "time"),
    ("varbit", "bit varying"),
    ("serial4", "serial"),
    ("serial8", "bigserial"),
];

/// Words of one name that follow its first.
const CONTINUES: [&str; 12] = [
    "precision",
    "varying",
    "unsigned",
    "signed",
    "zerofill",
    "with time zone",
    "without time zone",
    "with local time zone",
    "varchar",
    "varbinary",
    "large object",
    "byte",
];

const INTERVAL: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "to"];

/// Words behind a type that begin an attribute of the column: SQLite's types are any other words.
const ATTRIBUTES: [&str; 14] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
    "as",
    "on",
    "autoincrement",
    "deferrable",
];

/// A type, if one comes; SQLite's columns need none.
pub(super) fn column_type(cursor: &mut Cursor<'_, '_>) -> Option<Type> {
    let start = cursor.clone();
    let first = cursor.peek(0)?;
    if !matches!(first.kind, TokenKind::Word | TokenKind::QuotedIdent) {
        return None;
    }
    if cursor.dialect == Dialect::Sqlite && cursor.is_one(&ATTRIBUTES) {
        return None;
    }
    let mut base = cursor.name()?.key().to_owned();
    let mut args = Vec::new();
    let mut unsigned = false;
    loop {
        if cursor.is_symbol("(") {
            let Some(group) = cursor.group() else { break };
            args = group.split().iter().map(|item| squeezed(item.rest())).collect();
        } else if let Some(word) = continued(cursor, &base) {
            unsigned |= word == "unsigned";
            if !matches!(word.as_str(), "unsigned" | "signed" | "zerofill") {
                base = format!("{base} {word}");
            }
        } else {
            break;
        }
    }
    let mut array = false;
    while cursor.is_symbol("[") || cursor.is("ARRAY") {
        array = true;
        cursor.next();
        while cursor.peek(0).is_some_and(|token| token.kind == TokenKind::Number) {
            cursor.next();
        }
        cursor.eat_symbol("]");
    }
    // a lexer for three dialects may take `[]` for a quoted name
    while cursor.peek(0).is_some_and(|token| token.text.starts_with('[')) {
        array = true;
        cursor.next();
    }
    let base =
        SYNONYMS.iter().find(|(word, _)| *word == base).map_or(base, |(_, one)| (*one).into());
    let text = squeezed(cursor.since(&start));
    Some(Type { text, span: cursor.span_since(&start), base, args, array, unsigned })
}

fn continued(cursor: &mut Cursor<'_, '_>, base: &str) -> Option<String> {
    if let Some(word) = cursor.eat_one(&CONTINUES) {
        return Some(word.to_owned());
    }
    if base.starts_with("national") && cursor.is_one(&["character", "char", "varchar"]) {
        return cursor.ident();
    }
    if base.starts_with("interval") {
        return cursor.eat_one(&INTERVAL).map(str::to_owned);
    }
    let word = cursor.peek(0).filter(|token| token.kind == TokenKind::Word)?;
    let free = cursor.dialect == Dialect::Sqlite && !ATTRIBUTES.iter().any(|one| word.is(one));
    if free { cursor.ident() } else { None }
}

impl Type {
    /// The type that a catalog prints.
    pub(crate) fn parse(text: &str, dialect: Dialect) -> Option<Self> {
        let span = xtask_db_sql::Span { start: 0, end: text.len() };
        let (toks, _) = tokens(text, span, Syntax::of(dialect));
        let mut cursor = Cursor::new(&toks, dialect);
        column_type(&mut cursor)
    }

    /// The same type, however it is spelled.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.base == other.base
            && self.args == other.args
            && self.array == other.array
            && self.unsigned == other.unsigned
    }

    /// The number in the parentheses: a length, or a precision.
    pub(crate) fn length(&self) -> Option<u32> {
        self.args.first()?.parse().ok()
    }

    /// Digits after the point.
    pub(crate) fn scale(&self) -> u32 {
        self.args.get(1).and_then(|scale| scale.parse().ok()).unwrap_or(0)
    }

    /// Values of a MySQL `ENUM` or `SET`, in order.
    pub(crate) fn values(&self) -> Option<Vec<String>> {
        let listed = matches!(self.base.as_str(), "enum" | "set");
        listed.then(|| self.args.iter().map(|value| unquote_value(value)).collect())
    }

    /// It fills itself: `serial` and its kin.
    pub(crate) fn is_serial(&self) -> bool {
        matches!(self.base.as_str(), "serial" | "bigserial" | "smallserial" | "serial2")
    }
}

fn unquote_value(value: &str) -> String {
    if value.starts_with(['\'', '"']) { unquote(value) } else { value.to_owned() }
}

/// The text of a string token, its quotes gone.
pub(super) fn string(token: Tok<'_>) -> Option<String> {
    let is = matches!(token.kind, TokenKind::String | TokenKind::QuotedIdent);
    (is && token.text.len() >= 2).then(|| unquote(token.text))
}
