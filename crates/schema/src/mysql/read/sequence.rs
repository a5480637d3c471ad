//! `CREATE SEQUENCE`, as MariaDB prints it.

use super::{Pieces, Unread};
use crate::mysql::{Sequence, Server};

impl Sequence {
    /// Reads the server's text of a sequence.
    ///
    /// # Errors
    /// A text that is not understood.
    pub fn read(text: &str, server: Server) -> Result<Self, Unread> {
        let mut pieces = Pieces::new(text, server.syntax());
        pieces.expect(&["CREATE", "SEQUENCE"])?;
        let name = pieces.name()?;
        let start = pieces.place();
        let mut end = start;
        while !pieces.is_done() {
            end = pieces.place();
            if pieces.eat(&["ENGINE"]) {
                pieces.eat_symbol("=");
                let definition = pieces.between(start, end).to_owned();
                return Ok(Self { name, definition, engine: pieces.name()? });
            }
            pieces.next();
        }
        Err(Unread { near: pieces.between(start, end).to_owned() })
    }
}
