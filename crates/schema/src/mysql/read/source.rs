//! A server's text before it is read.

use xtask_db_sql::{TokenKind, executable_code, lex};

use super::unquoted;
use crate::mysql::Server;

/// Functions whose argument names a sequence.
const OF_SEQUENCES: [&str; 3] = ["nextval", "lastval", "setval"];

/// Who printed a text, and where.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The server.
    pub server: Server,
    /// The current database.
    pub database: &'a str,
}

impl Source<'_> {
    /// The text with `/*!50100 … */` opened, for the server that printed it runs what is inside;
    /// and without the name of the current database before functions and sequences, which the
    /// server writes although it leaves it out before tables.
    pub(super) fn plain(&self, text: &str) -> String {
        let syntax = self.server.syntax();
        let mut opened = String::with_capacity(text.len());
        for token in lex(text, syntax) {
            let written = &text[token.span.range()];
            match token.kind {
                TokenKind::ExecutableComment => {
                    opened.push_str(executable_code(written).unwrap_or_default().trim());
                }
                _ => opened.push_str(written),
            }
        }
        self.local(&opened)
    }

    fn local(&self, text: &str) -> String {
        let tokens = lex(text, self.server.syntax());
        let word = |at: usize| tokens.get(at).map_or("", |token| &text[token.span.range()]);
        let is_database = |at: usize| {
            tokens[at].kind == TokenKind::QuotedIdent && unquoted(word(at)) == self.database
        };
        let of_sequence =
            |at: usize| at > 1 && word(at - 1) == "(" && OF_SEQUENCES.contains(&word(at - 2));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < tokens.len() {
            let qualifies =
                is_database(at) && word(at + 1) == "." && (word(at + 3) == "(" || of_sequence(at));
            match qualifies {
                true => at += 2,
                false => {
                    out.push_str(word(at));
                    at += 1;
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_the_place_is_gone() {
        let source = Source { server: Server::default(), database: "shop" };
        let check = |text: &str, expected: &str| assert_eq!(source.plain(text), expected);
        check("a /*!50100 WITH PARSER `x` */ b", "a WITH PARSER `x` b");
        check("blob /*M!100301 COMPRESSED*/", "blob COMPRESSED");
        check("DEFAULT nextval(`shop`.`s`)", "DEFAULT nextval(`s`)");
        check("select `shop`.`f`(`shop`.`id`) from `shop`", "select `f`(`shop`.`id`) from `shop`");
        check("'`shop`.`f`('", "'`shop`.`f`('");
        check("`other`.`f`(1)", "`other`.`f`(1)");
    }
}
