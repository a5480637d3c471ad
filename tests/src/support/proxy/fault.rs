//! What a proxy does to the traffic.

use std::time::Duration;

use super::Sender;

/// One fault. It happens once; afterwards the proxy passes everything on.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Everything is passed on.
    None,
    /// All connections are cut once this many bytes were passed on in one direction.
    CutAfterBytes {
        /// The direction.
        from: Sender,
        /// How many, over all connections.
        bytes: u64,
    },
    /// All connections are cut once this many messages were passed on in one direction.
    CutAfterMessages {
        /// The direction.
        from: Sender,
        /// How many, over all connections.
        messages: u64,
    },
    /// A message of the client reaches the server, whose answer is swallowed; then all connections
    /// are cut.
    LoseReply {
        /// What the message contains.
        to: &'static str,
        /// Which one of them, from 1.
        time: u64,
    },
    /// Each such message of the client is answered by the proxy, and does not reach the server.
    Answer {
        /// What the message contains.
        to: &'static str,
        /// The bytes of the answer.
        with: Vec<u8>,
    },
    /// Each message of the client waits.
    Delay(Duration),
    /// When the client goes away the server does not hear of it for this long.
    Linger(Duration),
}
