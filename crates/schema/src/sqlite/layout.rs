//! How a `CREATE TABLE` is laid out: as it was written when each column has a line of its own,
//! else with one line for each. The tokens stay what they are, and so do comments.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

const INDENT: &str = "\n    ";

/// What stands behind the table's name, from the first parenthesis on.
pub(super) fn laid_out(body: &str) -> String {
    if by_hand(body) { body.trim_end().to_owned() } else { Layout::default().of(body) }
}

#[derive(Default)]
struct Layout<'a> {
    out: String,
    depth: usize,
    /// Whitespace was read, and whether a line end was part of it.
    gap: Option<bool>,
    /// The next token starts a line.
    breaks: bool,
    /// Comments that were read, and whether each has a line of its own.
    held: Vec<(&'a str, bool)>,
}

impl<'a> Layout<'a> {
    fn of(mut self, body: &'a str) -> String {
        for token in lex(body, Syntax::of(Dialect::Sqlite)) {
            let text = &body[token.span.range()];
            match token.kind {
                TokenKind::Whitespace => {
                    let line_end = text.contains('\n') || self.gap == Some(true);
                    self.gap = Some(line_end);
                }
                TokenKind::Comment => {
                    self.held.push((text.trim_end(), self.gap == Some(true)));
                    self.gap = None;
                }
                _ => self.token(text),
            }
        }
        self.flush();
        self.out
    }

    fn token(&mut self, text: &str) {
        match (text, self.depth) {
            (",", 1) => {
                self.out.push(',');
                self.gap = None;
                self.breaks = true;
                return;
            }
            (")", 1) => {
                self.flush();
                self.out.push_str("\n)");
                self.depth = 0;
                self.breaks = false;
                self.gap = None;
                return;
            }
            ("(", _) => self.depth += 1,
            (")", _) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.flush();
        if self.breaks {
            self.out.push_str(INDENT);
        } else if self.gap.is_some() {
            self.out.push(' ');
        }
        self.breaks = text == "(" && self.depth == 1;
        self.gap = None;
        self.out.push_str(text);
    }

    /// Writes the comments that were read; a line comment ends its line.
    fn flush(&mut self) {
        for (comment, own_line) in std::mem::take(&mut self.held) {
            self.out.push_str(if own_line { INDENT } else { " " });
            self.out.push_str(comment);
            if comment.starts_with("--") {
                self.breaks = true;
            } else {
                self.gap = Some(false);
            }
        }
    }
}

/// Each part of the list starts a line, and the list ends with one.
fn by_hand(body: &str) -> bool {
    let mut depth = 0_usize;
    let mut line_ended = false;
    let mut must_end = false;
    for token in lex(body, Syntax::of(Dialect::Sqlite)) {
        let text = &body[token.span.range()];
        if matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment) {
            line_ended |= text.contains('\n');
            continue;
        }
        let closes = text == ")" && depth == 1;
        if (must_end || closes) && !line_ended {
            return false;
        }
        must_end = (text == "(" && depth == 0) || (text == "," && depth == 1);
        // `, email TEXT` on a line of its own: ALTER TABLE ADD COLUMN wrote it.
        if text == "," && depth == 1 && line_ended {
            return false;
        }
        depth += usize::from(text == "(");
        depth = depth.saturating_sub(usize::from(text == ")"));
        line_ended = false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::tokens::tokens;

    fn check(body: &str, expected: &str) {
        let shown = laid_out(body);
        assert_eq!(shown, expected, "{body}");
        let words =
            |text: &str| tokens(text).iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(words(&shown), words(body));
        assert_eq!(laid_out(&shown), shown);
    }

    #[test]
    fn a_line_for_each_column() {
        check("(a int,b  text DEFAULT ( 1 ))", "(\n    a int,\n    b text DEFAULT ( 1 )\n)");
        check(
            "(a, CHECK (a > 0),\nUNIQUE(a,b)) STRICT",
            "(\n    a,\n    CHECK (a > 0),\n    UNIQUE(a,b)\n) STRICT",
        );
        check("(\n  a  int, -- one\n  b int\n);", "(\n  a  int, -- one\n  b int\n);");
    }

    #[test]
    fn what_was_added_gets_its_line() {
        check("(\n  a int\n, b text)", "(\n    a int,\n    b text\n)");
        check(
            "(\n  a int, -- the a\n  -- about b\n  b int -- the b\n, c text)",
            "(\n    a int, -- the a\n    -- about b\n    b int, -- the b\n    c text\n)",
        );
        check(
            "(a int -- x\n NOT NULL, b /* y */ int)",
            "(\n    a int -- x\n    NOT NULL,\n    b /* y */ int\n)",
        );
    }
}
