//! The tokens of a statement as its server reads them: no comments, `/*! … */` opened.

use xtask_db_sql::{Dialect, Span, Syntax, TokenKind, executable_code};

/// More tokens of one statement are not read: they are the rows of an `INSERT`, or a dump.
pub(crate) const TOKENS_MAX: usize = 20_000;

/// A token and its place in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tok<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

impl Tok<'_> {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}

/// The tokens of the statement at `span` of a file's text; whether they were too many.
pub(crate) fn tokens<'a>(text: &'a str, span: Span, syntax: Syntax) -> (Vec<Tok<'a>>, bool) {
    let mut found = Vec::new();
    let cut = push(&mut found, &text[span.range()], span.start, syntax);
    (found, cut)
}

fn push<'a>(found: &mut Vec<Tok<'a>>, text: &'a str, offset: usize, syntax: Syntax) -> bool {
    for token in xtask_db_sql::tokens(text, syntax) {
        if found.len() >= TOKENS_MAX {
            return true;
        }
        let written = &text[token.span.range()];
        let start = offset + token.span.start;
        match token.kind {
            TokenKind::Whitespace | TokenKind::Comment => {}
            TokenKind::ExecutableComment => {
                let code = executable_code(written).filter(|_| syntax.dialect == Dialect::Mysql);
                // the code ends where `*/` begins
                if let Some(code) = code
                    && push(found, code, start + written.len() - 2 - code.len(), syntax)
                {
                    return true;
                }
            }
            kind => {
                let span = Span { start, end: offset + token.span.end };
                found.push(Tok { kind, text: written, span });
            }
        }
    }
    false
}
