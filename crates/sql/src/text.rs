//! Places in a text.

use std::ops::Range;

/// Byte offsets into the text that was split; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes as a range, for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The line and column of a byte offset. An offset past the end is the end.
///
/// Reads the text from its start: for many places in one text, [`crate::split()`] counts along.
#[must_use]
pub fn position(text: &str, byte: usize) -> Position {
    let mut places = Places::new(text);
    places.at(text.floor_char_boundary(byte))
}

/// Counts lines and columns along a text, so that all places together cost one pass.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    text: &'a str,
    byte: usize,
    line: u32,
    column: u32,
}

impl<'a> Places<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, byte: 0, line: 1, column: 1 }
    }

    /// The place of `byte`, a character boundary. Going back starts over.
    pub(crate) fn at(&mut self, byte: usize) -> Position {
        if byte < self.byte {
            *self = Self::new(self.text);
        }
        let passed = &self.text[self.byte..byte];
        let last_line = match passed.rfind('\n') {
            Some(newline) => {
                let lines = passed.bytes().filter(|&b| b == b'\n').count();
                self.line = self.line.saturating_add(count(lines));
                self.column = 1;
                &passed[newline + 1..]
            }
            None => passed,
        };
        self.column = self.column.saturating_add(count(last_line.chars().count()));
        self.byte = byte;
        Position { line: self.line, column: self.column }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, byte: usize, line: u32, column: u32) {
        assert_eq!(position(text, byte), Position { line, column }, "{text:?} at {byte}");
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        check("", 0, 1, 1);
        check("ab", 1, 1, 2);
        check("ab\ncd", 3, 2, 1);
        check("ab\r\ncd", 5, 2, 2);
        check("é\né", 2, 1, 2);
        check("é\né", 4, 2, 1); // inside a character: where it starts
        check("ab", 99, 1, 3);
    }

    #[test]
    fn counting_along_equals_counting_anew() {
        let text = "a\nbé\n\n  c ✓ d\n";
        let mut places = Places::new(text);
        for (byte, _) in text.char_indices() {
            assert_eq!(places.at(byte), position(text, byte));
        }
        assert_eq!(places.at(2), position(text, 2));
    }
}
