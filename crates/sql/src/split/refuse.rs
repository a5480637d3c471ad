//! What only a command-line client understands. Sent to a server it would be a syntax error far
//! from its cause, or worse, data read as SQL.

use crate::effects::Words;
use crate::{Dialect, Position, SqlError, Syntax, TokenKind};

/// A command as it is shown is no longer than this.
const COMMAND_CHARS_MAX: usize = 32;

/// Commands of the mysql client that no SQL statement starts with.
const MYSQL_COMMANDS: [&str; 18] = [
    "charset",
    "clear",
    "connect",
    "delimiter",
    "edit",
    "ego",
    "exit",
    "nopager",
    "notee",
    "nowarning",
    "pager",
    "print",
    "prompt",
    "quit",
    "rehash",
    "source",
    "system",
    "tee",
];

/// Refuses a token that starts a client command; `first` in its statement, `text` from there on.
pub(super) fn client_command(
    text: &str,
    kind: TokenKind,
    first: bool,
    syntax: Syntax,
) -> Option<(&'static str, String)> {
    let rest = || text.chars().take_while(|c| !c.is_whitespace()).take(COMMAND_CHARS_MAX).collect();
    match (syntax.dialect, kind) {
        // in neither dialect is a backslash an operator
        (Dialect::Postgres, TokenKind::Symbol) if text.starts_with('\\') => Some(("psql", rest())),
        // MariaDB reads `\N` as NULL
        (Dialect::Mysql, TokenKind::Symbol)
            if text.starts_with('\\') && !text.starts_with("\\N") =>
        {
            Some(("mysql", rest()))
        }
        (Dialect::Mysql, TokenKind::Word) if first => {
            let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
            let (word, behind) = text.split_at(end);
            let known = MYSQL_COMMANDS.iter().any(|command| word.eq_ignore_ascii_case(command));
            // `source: LOOP` is a label, as MariaDB has them outside of routines
            let command = known && !behind.trim_start().starts_with([':', '_', '$', '(']);
            command.then(|| ("mysql", word.to_owned()))
        }
        (Dialect::Sqlite, TokenKind::Symbol) if first && text.starts_with('.') => {
            Some(("sqlite3", rest()))
        }
        _ => None,
    }
}

/// Refuses `COPY … FROM STDIN`.
pub(super) fn copy_from_stdin(
    statement: &str,
    at: Position,
    syntax: Syntax,
) -> Result<(), SqlError> {
    if syntax.dialect != Dialect::Postgres {
        return Ok(());
    }
    let mut words = Words::new(statement, syntax);
    if words.eat("COPY") && words.seek(&["FROM", "TO"]) == Some("FROM") && words.eat("STDIN") {
        return Err(SqlError::CopyFromStdin { at });
    }
    Ok(())
}
