//! `CREATE FUNCTION`, `CREATE PROCEDURE` and `CREATE EVENT`, as the server prints them.

use super::{Pieces, Unread, unquoted};
use crate::mysql::{Event, Routine, RoutineKind, Server};

impl Routine {
    /// Reads the server's text of a routine.
    ///
    /// # Errors
    /// A text that is not understood.
    pub fn read(kind: RoutineKind, text: &str, server: Server) -> Result<Self, Unread> {
        let word = match kind {
            RoutineKind::Function => "FUNCTION",
            RoutineKind::Procedure => "PROCEDURE",
        };
        let (name, definition) = after(word, text, server)?;
        Ok(Self { kind, name, definition })
    }
}

impl Event {
    /// Reads the server's text of an event. `created` is the start that the server has filled in,
    /// if it has.
    ///
    /// # Errors
    /// A text that is not understood.
    pub fn read(text: &str, created: Option<&str>, server: Server) -> Result<Self, Unread> {
        let (name, mut definition) = after("EVENT", text, server)?;
        if let Some(created) = created {
            definition = definition.replacen(&format!(" STARTS '{created}'"), "", 1);
        }
        Ok(Self { name, definition })
    }
}

/// The name behind a keyword, and the text behind the name. Aggregates keep their word.
fn after(word: &str, text: &str, server: Server) -> Result<(String, String), Unread> {
    let mut pieces = Pieces::new(text, server.syntax());
    pieces.expect(&["CREATE"])?;
    while !pieces.eat(&[word]) {
        let passed = pieces.next().ok_or_else(|| pieces.unread())?;
        if passed.is("AGGREGATE") {
            return Err(Unread { near: "AGGREGATE FUNCTION".to_owned() });
        }
    }
    let name = pieces.next().ok_or_else(|| pieces.unread())?;
    Ok((unquoted(name.text), pieces.rest().to_owned()))
}
