//! The parts of a statement between its first parentheses: columns, constraints, values.

use xtask_db_sql::{Dialect, Syntax, Token, TokenKind, lex};

use crate::RenameKind;

/// A part, and what it names.
pub(super) struct Item {
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// None: it has no name of its own.
    pub(super) name: Option<(RenameKind, String)>,
}

/// The parts of the statement `sql`, which starts at `offset` of the text.
pub(super) fn items(sql: &str, offset: usize, syntax: Syntax) -> Vec<Item> {
    let plain = |token: &Token| !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment);
    let tokens: Vec<Token> = lex(sql, syntax).into_iter().filter(plain).collect();
    let text = |token: &Token| &sql[token.span.range()];
    let mut items = Vec::new();
    let mut open: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    for token in tokens {
        let ends = match text(&token) {
            "(" => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
                false
            }
            ")" => {
                depth = depth.saturating_sub(1);
                depth == 0
            }
            "," => depth == 1,
            _ => false,
        };
        if ends && let (Some(first), Some(last)) = (open.first(), open.last()) {
            let words: Vec<(TokenKind, &str)> =
                open.iter().map(|token| (token.kind, text(token))).collect();
            items.push(Item {
                start: offset + first.span.start,
                end: offset + last.span.end,
                name: named(&words, syntax),
            });
            open.clear();
        } else if depth > 0 && !ends {
            open.push(token);
        }
        if depth == 0 && !items.is_empty() {
            break;
        }
    }
    items
}

/// What the first words of a part name.
fn named(words: &[(TokenKind, &str)], syntax: Syntax) -> Option<(RenameKind, String)> {
    let name = |at: usize, kind: RenameKind| {
        let (token, text) = words.get(at)?;
        Some((kind, unquoted(*token, text, syntax)?))
    };
    let (kind, first) = words.first()?;
    if *kind == TokenKind::String {
        let inside = first.strip_prefix('\'')?.strip_suffix('\'')?;
        return Some((RenameKind::EnumValue, inside.replace("''", "'")));
    }
    if *kind != TokenKind::Word {
        return name(0, RenameKind::Column);
    }
    let second = words.get(1).map_or("", |(_, text)| text).to_ascii_uppercase();
    let mysql = syntax.dialect == Dialect::Mysql;
    match first.to_ascii_uppercase().as_str() {
        "CONSTRAINT" => name(1, RenameKind::Constraint),
        "PRIMARY" | "FOREIGN" | "CHECK" | "EXCLUDE" | "LIKE" => None,
        "UNIQUE" | "FULLTEXT" | "SPATIAL" if second == "KEY" || second == "INDEX" => {
            name(2, RenameKind::Index)
        }
        "UNIQUE" => None,
        "KEY" | "INDEX" if mysql => name(1, RenameKind::Index),
        _ => name(0, RenameKind::Column),
    }
}

/// A name as the catalog has it.
pub(super) fn unquoted(kind: TokenKind, text: &str, syntax: Syntax) -> Option<String> {
    match kind {
        TokenKind::Word if syntax.dialect == Dialect::Postgres => Some(text.to_lowercase()),
        TokenKind::Word => Some(text.to_owned()),
        TokenKind::QuotedIdent => {
            let quote = text.chars().next()?;
            let inside = text.get(1..text.len().checked_sub(1)?)?;
            Some(match quote {
                '[' => inside.to_owned(),
                quote => inside.replace(&quote.to_string().repeat(2), &quote.to_string()),
            })
        }
        _ => None,
    }
}
