//! Names of objects, as written but unquoted.

use super::{ObjectKind, ObjectRef, Words};
use crate::{Dialect, TokenKind};

/// A name with what qualifies it, e.g. database, schema, table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    parts: Vec<String>,
}

/// More parts than any server's names have.
const PARTS_MAX: usize = 4;

impl Name {
    pub(super) fn object(mut self, kind: ObjectKind) -> Option<ObjectRef> {
        let name = self.parts.pop()?;
        Some(ObjectRef { kind, schema: self.parts.pop(), name, on: None })
    }

    /// The table of a column's name.
    pub(super) fn table(mut self) -> Option<ObjectRef> {
        self.parts.pop()?;
        self.object(ObjectKind::Table)
    }
}

/// Passes over a name and returns it; `None`, with nothing passed, when none comes.
pub(super) fn name(words: &mut Words<'_>) -> Option<Name> {
    let mut name = Name::default();
    name.parts.push(part(words)?);
    while name.parts.len() < PARTS_MAX && words.eat_symbol(".") {
        match part(words) {
            Some(part) => name.parts.push(part),
            None => break,
        }
    }
    Some(name)
}

fn part(words: &mut Words<'_>) -> Option<String> {
    let dialect = words.syntax().dialect;
    let item = words.peek(0)?;
    let part = match item.kind {
        TokenKind::Word => item.text.to_owned(),
        TokenKind::QuotedIdent => unquote(item.text),
        // SQLite takes a string where only a name can stand
        TokenKind::String if dialect == Dialect::Sqlite => unquote(item.text),
        _ => return None,
    };
    words.next();
    Some(part)
}

/// The text in `"…"`, `` `…` ``, `[…]`, `'…'`, `U&"…"`, with doubled quotes made single. Escapes of
/// `U&` stay as written.
#[must_use]
pub fn unquote(quoted: &str) -> String {
    let open = quoted.find(['"', '`', '\'', '[']).unwrap_or_default();
    let inside = quoted.get(open + 1..quoted.len().saturating_sub(1)).unwrap_or_default();
    match &quoted[open..=open] {
        "[" => inside.to_owned(),
        quote => inside.replace(&quote.repeat(2), quote),
    }
}

/// Objects of one kind: `a, b.c, d(int) RESTRICT`.
pub(super) fn list(words: &mut Words<'_>, kind: ObjectKind) -> Vec<ObjectRef> {
    let mut objects = Vec::new();
    loop {
        words.eat("ONLY");
        let Some(object) = name(words).and_then(|name| name.object(kind)) else {
            return objects;
        };
        objects.push(object);
        words.skip_parentheses();
        words.eat_symbol("*");
        if !words.eat_symbol(",") {
            return objects;
        }
    }
}

/// `[name] [USING method] ON [ONLY] table`, for an index; `name … ON table` for a trigger. An
/// index without a name is known by its table.
pub(super) fn name_on(words: &mut Words<'_>, kind: ObjectKind) -> Option<ObjectRef> {
    let unnamed = words.peek(0).is_some_and(|item| item.is_word("ON"));
    let object = if unnamed { None } else { name(words).and_then(|name| name.object(kind)) };
    let table = words.seek(&["ON"]).and_then(|_| {
        words.eat("ONLY");
        name(words).and_then(|name| name.object(ObjectKind::Table))
    });
    match (object, table) {
        (Some(mut object), Some(table)) => {
            // it lives in the schema of its table
            object.schema = object.schema.or(table.schema);
            object.on = Some(table.name);
            Some(object)
        }
        (object, table) => object.or(table),
    }
}

/// The object under its new name.
pub(super) fn renamed(object: &ObjectRef, words: &mut Words<'_>) -> Option<ObjectRef> {
    let new = name(words)?.object(object.kind)?;
    Some(ObjectRef { schema: new.schema.or_else(|| object.schema.clone()), ..new })
}
