//! `DELIMITER`, the one command of the mysql client that migrations are written with. It is
//! read as the client reads it (`com_delimiter` in client/mysql.cc).

/// The client keeps 15 bytes; a longer delimiter is not one here.
const DELIMITER_BYTES_MAX: usize = 15;

const COMMAND: &str = "delimiter";

/// A `DELIMITER` line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command<'a> {
    /// What ends statements from the next line on.
    pub(super) delimiter: &'a str,
    /// The end of the line, before its line break.
    pub(super) end: usize,
}

/// The command that starts at a byte, if one does.
pub(super) fn command(text: &str, at: usize) -> Option<Command<'_>> {
    let name = text.as_bytes().get(at..at + COMMAND.len())?;
    if !name.eq_ignore_ascii_case(COMMAND.as_bytes()) {
        return None;
    }
    let rest = &text[at + COMMAND.len()..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    if !line.starts_with([' ', '\t']) {
        return None;
    }
    let argument = argument(line.trim())?;
    let fits = !argument.is_empty()
        && argument.len() <= DELIMITER_BYTES_MAX
        && !argument.contains(['\\', '\'', '"', '`'])
        && !argument.contains(char::is_whitespace);
    let end = at + COMMAND.len() + line.trim_end().len();
    fits.then_some(Command { delimiter: argument, end })
}

/// The first word of the line, perhaps quoted; the client ignores what follows it.
fn argument(line: &str) -> Option<&str> {
    match line.chars().next()? {
        quote @ ('\'' | '"' | '`') => line[1..].split(quote).next(),
        _ => line.split(char::is_whitespace).next(),
    }
}

/// Only blanks stand before it on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

/// Whether a delimiter of letters (`go`) is a word of its own; any other always is. The client
/// would also cut inside words: nobody means that.
pub(super) fn stands_alone(text: &str, at: usize, delimiter: &str) -> bool {
    let wordy = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
    if !delimiter.bytes().all(|b| wordy(&b)) {
        return true;
    }
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let after = bytes.get(at + delimiter.len());
    !before.is_some_and(wordy) && !after.is_some_and(wordy)
}

/// The end of a token that must stop where the delimiter starts.
pub(super) fn cut(text: &str, start: usize, end: usize, delimiter: &str) -> usize {
    // the delimiter may begin in the token and end behind it
    let window_end = text.floor_char_boundary(end.saturating_add(delimiter.len()));
    let window = &text[start + first_char(text, start)..window_end];
    let found = window.match_indices(delimiter).map(|(i, _)| start + first_char(text, start) + i);
    found
        .take_while(|&at| at < end)
        .find(|&at| stands_alone(text, at, delimiter))
        .map_or(end, |at| at.min(end))
}

fn first_char(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, usize)>) {
        let found = command(text, 0).map(|command| (command.delimiter, command.end));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_command_is_read_as_the_client_reads_it() {
        check("DELIMITER //\nSELECT 1", Some(("//", 12)));
        check("delimiter\t;;  \r\n", Some((";;", 12)));
        check("DELIMITER $$ -- why", Some(("$$", 19)));
        check("DELIMITER '//' x", Some(("//", 16)));
        check("DELIMITER", None);
        check("DELIMITER   \n//", None);
        check("delimiters //", None);
        check("DELIMITER \\\\", None);
        check("DELIMITER 0123456789abcdef", None);
    }

    #[test]
    fn a_token_stops_at_the_delimiter() {
        let cut_at = |text: &str, delimiter| cut(text, 0, text.len(), delimiter);
        assert_eq!(cut_at("END$$", "$$"), 3);
        assert_eq!(cut_at("category", "go"), 8);
        assert_eq!(cut_at("é//", "//"), 2);
        assert_eq!(cut("a//", 0, 2, "//"), 1);
    }
}
