//! The deploy lock.

/// Who holds the deploy lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// User, host, process and command, as the holder wrote it.
    pub who: String,
    /// Since when, the server's text, UTC.
    pub since: String,
    /// The age by the server's clock, in seconds.
    pub age_s: u64,
    /// The server's session id of the holder, when it is known.
    pub backend: Option<String>,
}
