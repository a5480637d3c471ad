//! Cuts a token stream into statements, one token at a time.

use super::body::{Body, Piece};
use super::refuse;
use super::{Script, Statement};
use crate::effects::effects;
use crate::lex::{Lexer, executable_code, unclosed};
use crate::text::Places;
use crate::{Position, Span, SqlError, Syntax, Token, TokenKind, directive, position};

/// Splits a text into statements.
///
/// A `;` in a body does not end its statement: SQLite's triggers, PostgreSQL's parentheses and
/// `BEGIN ATOMIC`, MySQL's compound statements. Where `DELIMITER` is in force the delimiter
/// always ends the statement, and `;` still does outside of bodies, as it does in the server.
///
/// # Errors
/// What cannot be split or never run, with its place: see [`SqlError`].
pub fn split(text: &str, syntax: Syntax) -> Result<Script, SqlError> {
    let mut splitter = Splitter::new(text, syntax);
    for token in Lexer::new(text, syntax) {
        splitter.token(token)?;
    }
    splitter.finish()
}

struct Splitter<'a> {
    text: &'a str,
    syntax: Syntax,
    places: Places<'a>,
    script: Script,
    current: Option<Current>,
    /// Nothing but comments came so far.
    leading: bool,
}

/// The statement that is being read.
struct Current {
    span: Span,
    at: Position,
    body: Body,
    /// Something other than hints is in it: alone they are an empty statement, an error.
    substance: bool,
}

impl<'a> Splitter<'a> {
    const fn new(text: &'a str, syntax: Syntax) -> Self {
        Self {
            text,
            syntax,
            places: Places::new(text),
            script: Script { statements: Vec::new(), directives: Vec::new() },
            current: None,
            leading: true,
        }
    }

    fn token(&mut self, token: Token) -> Result<(), SqlError> {
        match token.kind {
            TokenKind::Whitespace => return Ok(()),
            TokenKind::Comment => return self.comment(token.span),
            TokenKind::Unterminated => {
                let what = unclosed(&self.text[token.span.range()], self.syntax);
                return Err(SqlError::Unterminated { what, at: self.places.at(token.span.start) });
            }
            TokenKind::DelimiterCommand => self.close()?,
            TokenKind::Delimiter if &self.text[token.span.range()] != ";" => self.close()?,
            TokenKind::Delimiter => self.semicolon(token)?,
            // where `DELIMITER` is in force
            TokenKind::Symbol if &self.text[token.span.range()] == ";" => self.semicolon(token)?,
            _ => self.part(token)?,
        }
        self.leading = false;
        Ok(())
    }

    fn comment(&mut self, span: Span) -> Result<(), SqlError> {
        let comment = &self.text[span.range()];
        if directive::may_be(comment) {
            let at = self.places.at(span.start);
            self.script.directives.extend(directive::read(comment, span, at, self.leading)?);
        }
        Ok(())
    }

    fn semicolon(&mut self, token: Token) -> Result<(), SqlError> {
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        if current.body.semicolon() {
            return self.close();
        }
        current.span.end = token.span.end;
        Ok(())
    }

    fn part(&mut self, token: Token) -> Result<(), SqlError> {
        let Token { kind, span } = token;
        let first = self.current.is_none();
        let rest = &self.text[span.start..];
        if let Some((client, command)) = refuse::client_command(rest, kind, first, self.syntax) {
            let at = self.places.at(span.start);
            return Err(SqlError::ClientCommand { command, client, at });
        }
        let current = self.current.get_or_insert_with(|| Current {
            span,
            at: self.places.at(span.start),
            body: Body::new(self.syntax),
            substance: false,
        });
        current.span.end = span.end;
        let text = &self.text[span.range()];
        current.substance |=
            kind != TokenKind::ExecutableComment || executable_code(text).is_some();
        if kind == TokenKind::ExecutableComment {
            current.body.executable(text, span.start, self.syntax);
        } else {
            current.body.token(Piece { kind, text, at: span.start });
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), SqlError> {
        let Some(Current { span, at, substance: true, .. }) = self.current.take() else {
            return Ok(());
        };
        let statement = &self.text[span.range()];
        refuse::copy_from_stdin(statement, at, self.syntax)?;
        let effects = effects(statement, self.syntax);
        self.script.statements.push(Statement { span, at, effects });
        Ok(())
    }

    fn finish(mut self) -> Result<Script, SqlError> {
        if let Some(open) = self.current.as_ref().and_then(|current| current.body.open()) {
            let at = position(self.text, open.at);
            return Err(SqlError::Unterminated { what: open.what, at });
        }
        self.close()?;
        Ok(self.script)
    }
}
