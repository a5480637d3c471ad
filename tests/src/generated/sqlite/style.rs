//! The same schema in another hand: quotes, case of words, whitespace, comments.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

use crate::generated::{Schema, Statement};
use crate::support::Random;

/// Words whose case says nothing wherever the generator writes them.
const WORDS: [&str; 24] = [
    "CREATE",
    "TABLE",
    "INDEX",
    "UNIQUE",
    "PRIMARY",
    "NOT",
    "NULL",
    "DEFAULT",
    "CHECK",
    "COLLATE",
    "REFERENCES",
    "FOREIGN",
    "CONSTRAINT",
    "ON",
    "DELETE",
    "CASCADE",
    "SELECT",
    "FROM",
    "WHERE",
    "TRIGGER",
    "BEGIN",
    "AS",
    "AND",
    "OR",
];

/// Names that need no quotes.
const PLAIN: [&str; 8] = ["users", "orders", "name", "email", "age", "score", "note", "created_at"];

/// Every statement in another hand, but for virtual tables, whose modules read every byte.
pub(super) fn spelled(schema: &Schema, random: &mut Random) -> Schema {
    let statement = |statement: &Statement| {
        if statement.head.starts_with("CREATE VIRTUAL") {
            return statement.clone();
        }
        Statement {
            head: text(&statement.head, random),
            items: statement.items.iter().map(|item| text(item, random)).collect(),
            tail: statement.tail.clone(),
        }
    };
    Schema(schema.0.iter().map(statement).collect())
}

fn text(sql: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut before = "";
    for token in lex(sql, Syntax::of(Dialect::Sqlite)) {
        let after = &sql[token.span.end..];
        let text = &sql[token.span.range()];
        match token.kind {
            // What stands before these two words is all type to SQLite.
            TokenKind::Whitespace if before == "GENERATED" || after.starts_with("GENERATED") => {
                out.push(' ');
            }
            TokenKind::Whitespace => out.push_str(match random.below(12) {
                0 => "\n  ",
                1 => " /* a, note; */ ",
                2 => " -- a note\n",
                3 => "  ",
                _ => " ",
            }),
            TokenKind::QuotedIdent => out.push_str(&name(text, random)),
            TokenKind::Word if WORDS.contains(&text) && random.chance(30) => {
                out.push_str(&text.to_ascii_lowercase());
            }
            _ => out.push_str(text),
        }
        before = text;
    }
    out
}

/// A name in double quotes, in others, or in none. `"loose"` is no name.
fn name(quoted: &str, random: &mut Random) -> String {
    let inner = &quoted[1..quoted.len() - 1];
    if inner == "loose" || inner.contains('"') {
        return quoted.to_owned();
    }
    match random.below(4) {
        0 if PLAIN.contains(&inner) => inner.to_owned(),
        1 => format!("[{inner}]"),
        2 => format!("`{inner}`"),
        _ => quoted.to_owned(),
    }
}
