//! `CREATE VIEW`, as `SHOW CREATE VIEW` prints it.

use std::collections::BTreeSet;

use xtask_db_sql::TokenKind;

use super::{Pieces, Source, Unread, unquoted};
use crate::mysql::View;

impl View {
    /// Reads the server's text of a view.
    ///
    /// # Errors
    /// A text that is not understood.
    pub fn read(text: &str, source: Source<'_>) -> Result<Self, Unread> {
        let syntax = source.server.syntax();
        let text = source.plain(text);
        let mut pieces = Pieces::new(&text, syntax);
        pieces.expect(&["CREATE"])?;
        let mut view = Self::default();
        while !pieces.eat(&["VIEW"]) {
            let word = pieces.next().ok_or_else(|| pieces.unread())?;
            if word.is("ALGORITHM") && pieces.eat_symbol("=") {
                let algorithm = pieces.name()?;
                view.algorithm = Some(algorithm).filter(|name| name != "UNDEFINED");
            } else if word.is("SECURITY") {
                view.invoker = pieces.name()? == "INVOKER";
            }
        }
        view.name = pieces.name()?;
        view.body = pieces.rest().to_owned();
        view.needs = relations(pieces, &view.name);
        Ok(view)
    }
}

/// The names that stand where a relation may: neither before nor behind a dot, and not an alias.
/// Other names among them do no harm.
fn relations(mut pieces: Pieces<'_>, own: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut before: Option<super::pieces::Piece<'_>> = None;
    while let Some(piece) = pieces.next() {
        let dotted = pieces.peek().is_some_and(|next| next.is_symbol("."));
        let follows = before.is_some_and(|before| {
            before.is_symbol(".") || before.is("AS") || before.kind == TokenKind::QuotedIdent
        });
        if piece.is_name() && !dotted && !follows {
            found.insert(unquoted(piece.text));
        }
        before = Some(piece);
    }
    found.remove(own);
    found.into_iter().collect()
}
