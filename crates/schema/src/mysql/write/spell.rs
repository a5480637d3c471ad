//! Strings as the session reads them that runs the statements.

use xtask_db_sql::{Syntax, TokenKind, lex, literal};

use crate::Step;
use crate::mysql::{Server, read};

/// Steps made of the server's texts, for a session in which a backslash may be one.
pub(crate) fn spelled(steps: Vec<Step>, server: Server) -> Vec<Step> {
    if server.backslash_escapes {
        return steps;
    }
    let spelled = |mut step: Step| {
        step.sql = respelled(&step.sql, server.syntax());
        for hazard in &mut step.hazards {
            hazard.probe = hazard.probe.as_deref().map(|sql| respelled(sql, server.syntax()));
        }
        step
    };
    steps.into_iter().map(spelled).collect()
}

fn respelled(sql: &str, syntax: Syntax) -> String {
    let plain = Syntax { backslash_escapes: false, ..syntax };
    let mut out = String::with_capacity(sql.len());
    for token in lex(sql, syntax) {
        let written = &sql[token.span.range()];
        match written.split_once('\'') {
            // `b'101'` and `_latin1'…'` keep what is before the quote
            Some((before, rest)) if token.kind == TokenKind::String => {
                out.push_str(before);
                out.push_str(&literal(plain, &read::decoded(&format!("'{rest}"), syntax)));
            }
            _ => out.push_str(written),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_mean_the_same() {
        let syntax = Server::default().syntax();
        let check = |sql, expected| assert_eq!(respelled(sql, syntax), expected);
        check(r"DEFAULT 'a\\b\nc''d' COMMENT 'e\'f'", "DEFAULT 'a\\b\nc''d' COMMENT 'e''f'");
        check(r"DEFAULT b'101', `a\b`", r"DEFAULT b'101', `a\b`");
        check(r"_latin1'\\'", r"_latin1'\'");
    }
}
