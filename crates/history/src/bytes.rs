//! Bytes of a file as canonical text: no BOM, line ends LF.

use std::borrow::Cow;

const BOM: &str = "\u{feff}";

/// How many bytes are looked at to tell UTF-16 without a byte-order mark.
const SAMPLE_BYTES: usize = 1024;

/// Why bytes are not a migration's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Not UTF-8.
    #[error("byte {offset} is not UTF-8")]
    NotUtf8 {
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// UTF-16, by its byte-order mark or its zero bytes.
    #[error("the file is UTF-16; save it as UTF-8")]
    Utf16,
    /// A NUL byte.
    #[error("byte {offset} is NUL")]
    Nul {
        /// Where, from 0.
        offset: usize,
    },
}

/// Canonical text of a file: a UTF-8 BOM removed, CRLF and lone CR turned into LF.
///
/// # Errors
/// The bytes are not text: see [`TextError`].
pub fn canonical(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    check_utf16(bytes)?;
    let valid = std::str::from_utf8(bytes);
    check_nul(bytes, valid.err())?;
    let text = valid.map_err(not_utf8)?;
    let text = text.strip_prefix(BOM).unwrap_or(text);
    Ok(if text.contains('\r') { Cow::Owned(line_feeds(text)) } else { Cow::Borrowed(text) })
}

/// [`canonical`] of a buffer that need not be kept: a large file is held once, not twice.
pub(crate) fn into_canonical(bytes: Vec<u8>) -> Result<String, TextError> {
    check_utf16(&bytes)?;
    let valid = String::from_utf8(bytes);
    let (seen, error) = match &valid {
        Ok(text) => (text.as_bytes(), None),
        Err(error) => (error.as_bytes(), Some(error.utf8_error())),
    };
    check_nul(seen, error)?;
    let mut text = valid.map_err(|error| not_utf8(error.utf8_error()))?;
    if text.starts_with(BOM) {
        text.drain(..BOM.len());
    }
    Ok(if text.contains('\r') { line_feeds(&text) } else { text })
}

fn line_feeds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\r');
    out.extend(pieces.next());
    for piece in pieces {
        out.push('\n');
        out.push_str(piece.strip_prefix('\n').unwrap_or(piece));
    }
    out
}

fn not_utf8(error: std::str::Utf8Error) -> TextError {
    TextError::NotUtf8 { offset: error.valid_up_to() }
}

/// A NUL that comes before anything else that is wrong.
fn check_nul(bytes: &[u8], error: Option<std::str::Utf8Error>) -> Result<(), TextError> {
    let text = error.map_or(bytes, |error| &bytes[..error.valid_up_to()]);
    // `contains` is a memchr; only a file with a NUL in it is gone through again.
    if !text.contains(&0) {
        return Ok(());
    }
    text.iter().position(|&byte| byte == 0).map_or(Ok(()), |offset| Err(TextError::Nul { offset }))
}

/// UTF-16 has a mark, or in most pairs of bytes a zero on the same side and none on the other.
fn check_utf16(bytes: &[u8]) -> Result<(), TextError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(TextError::Utf16);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let pairs = sample.chunks_exact(2);
    let count = pairs.len();
    let [first, second] = pairs.fold([0, 0], |[first, second], pair| {
        [first + usize::from(pair[0] == 0), second + usize::from(pair[1] == 0)]
    });
    let mostly = |zeros: usize| count >= 2 && zeros * 2 > count;
    let utf16 = (mostly(first) && second == 0) || (mostly(second) && first == 0);
    if utf16 { Err(TextError::Utf16) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: impl AsRef<[u8]>, expected: Result<&str, TextError>) {
        let bytes = bytes.as_ref();
        let found = canonical(bytes);
        assert_eq!(found.as_deref().map_err(Clone::clone), expected, "{bytes:?}");
        assert_eq!(into_canonical(bytes.to_vec()), expected.map(str::to_owned), "{bytes:?}");
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn text() {
        check("", Ok(""));
        check("a\nb", Ok("a\nb"));
        check("a\r\nb\r\n", Ok("a\nb\n"));
        check("a\rb\r", Ok("a\nb\n"));
        check("\r\r\n\n", Ok("\n\n\n"));
        check("\u{feff}a\r\n", Ok("a\n"));
        check("\u{feff}", Ok(""));
        // only the first is a mark; the next one is text
        check("\u{feff}\u{feff}a", Ok("\u{feff}a"));
        check("naïve ☃ 𝄞\u{2028}", Ok("naïve ☃ 𝄞\u{2028}"));
    }

    #[test]
    fn not_text() {
        check(b"a\xffb", Err(TextError::NotUtf8 { offset: 1 }));
        check(b"\xef\xbb\xbfa\xc3", Err(TextError::NotUtf8 { offset: 4 }));
        check(b"\xc0\x80", Err(TextError::NotUtf8 { offset: 0 }));
        check(b"\xed\xa0\x80", Err(TextError::NotUtf8 { offset: 0 }));
        check(b"\xef\xbb", Err(TextError::NotUtf8 { offset: 0 }));
        check("SELECT 'größe'".to_owned().replace('ö', "\0"), Err(TextError::Nul { offset: 10 }));
        check(b"SELECT 1;\0", Err(TextError::Nul { offset: 9 }));
        check(b"ab\0\xff", Err(TextError::Nul { offset: 2 }));
        check(b"ab\xff\0", Err(TextError::NotUtf8 { offset: 2 }));
        check(b"\0\0\0\0", Err(TextError::Nul { offset: 0 }));
        check(b"\xff\xfea\0", Err(TextError::Utf16));
        check(b"\xfe\xff\0a", Err(TextError::Utf16));
        for sql in ["SELECT 1;\r\n", "INSERT INTO t VALUES ('größe ☃ and more');\n"] {
            check(utf16(sql, u16::to_le_bytes), Err(TextError::Utf16));
            check(utf16(sql, u16::to_be_bytes), Err(TextError::Utf16));
        }
    }

    #[test]
    fn nothing_is_copied_without_need() {
        assert!(matches!(canonical("\u{feff}a\n".as_bytes()), Ok(Cow::Borrowed("a\n"))));
    }
}
