//! Bytes of a file as canonical text: no BOM, line ends LF.

use std::borrow::Cow;

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
    let _ = bytes;
    todo!()
}
