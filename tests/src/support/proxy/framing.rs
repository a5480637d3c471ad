//! Where a message of a wire protocol ends.

/// The protocol of a server, by its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Postgres,
    Mysql,
}

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The program under test.
    Client,
    /// The database.
    Server,
}

/// The bytes of one direction, cut into messages.
#[derive(Debug)]
pub(super) struct Framing {
    protocol: Protocol,
    sender: Sender,
    buffer: Vec<u8>,
    /// PostgreSQL: what comes before the start of a session has no type byte.
    started: bool,
}

/// `SSLRequest` and `GSSENCRequest` (manual, message formats): another start follows.
const ENCRYPTION_REQUESTS: [u32; 2] = [80_877_103, 80_877_104];

impl Framing {
    pub(super) const fn new(protocol: Protocol, sender: Sender) -> Self {
        Self { protocol, sender, buffer: Vec::new(), started: false }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message.
    pub(super) fn message(&mut self) -> Option<Vec<u8>> {
        let length = match self.protocol {
            Protocol::Mysql => self.mysql()?,
            Protocol::Postgres => self.postgres()?,
        };
        (self.buffer.len() >= length).then(|| self.buffer.drain(..length).collect())
    }

    fn mysql(&self) -> Option<usize> {
        let head: [u8; 3] = self.buffer.get(..3)?.try_into().ok()?;
        let payload = u32::from_le_bytes([head[0], head[1], head[2], 0]);
        Some(usize::try_from(payload).ok()? + 4)
    }

    fn postgres(&mut self) -> Option<usize> {
        let first = *self.buffer.first()?;
        if self.started {
            return Some(self.big_endian(1)? + 1);
        }
        if self.sender == Sender::Server {
            // One byte answers a request for encryption; a session begins with `R`, or `E`.
            self.started = matches!(first, b'R' | b'E');
            return if self.started { Some(self.big_endian(1)? + 1) } else { Some(1) };
        }
        let length = self.big_endian(0)?;
        let code = u32::try_from(self.big_endian(4)?).ok()?;
        if self.buffer.len() >= length {
            self.started = !ENCRYPTION_REQUESTS.contains(&code);
        }
        Some(length)
    }

    fn big_endian(&self, at: usize) -> Option<usize> {
        let bytes: [u8; 4] = self.buffer.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(protocol: Protocol, sender: Sender, bytes: &[u8]) -> Vec<usize> {
        let mut framing = Framing::new(protocol, sender);
        let mut found = Vec::new();
        // Byte by byte, as a network may give them.
        for byte in bytes {
            framing.feed(&[*byte]);
            found.extend(std::iter::from_fn(|| framing.message()).map(|message| message.len()));
        }
        found
    }

    #[test]
    fn messages_are_found_however_they_arrive() {
        let ssl = [0, 0, 0, 8, 4, 210, 22, 47];
        let start = [0, 0, 0, 9, 0, 3, 0, 0, 0];
        let query = [b'Q', 0, 0, 0, 6, b'x', 0];
        let client = [&ssl[..], &start[..], &query[..], &query[..]].concat();
        assert_eq!(lengths(Protocol::Postgres, Sender::Client, &client), [8, 9, 7, 7]);
        let server = [&b"N"[..], &[b'R', 0, 0, 0, 8, 0, 0, 0, 0], &[b'Z', 0, 0, 0, 5, b'I']];
        assert_eq!(lengths(Protocol::Postgres, Sender::Server, &server.concat()), [1, 9, 6]);
        let mysql = [1, 0, 0, 0, 14, 2, 0, 0, 1, 3, b'x'];
        assert_eq!(lengths(Protocol::Mysql, Sender::Client, &mysql), [5, 6]);
    }
}
