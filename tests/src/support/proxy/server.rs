//! The listening side: accepts, connects on, and can cut everything.
//!
//! Invariant: it listens on loopback, and every connection, thread and byte has a limit.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use super::framing::Protocol;
use super::{Fault, Sender, pump};

const POLL: Duration = Duration::from_millis(2);
const CONNECTIONS_MAX: usize = 256;
/// No byte in either direction for this long ends a connection.
pub(super) const IDLE_MAX: Duration = Duration::from_secs(120);
/// What one proxy passes on at most, in each direction.
pub(super) const BYTES_MAX: u64 = 1 << 30;

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

/// What the threads of a proxy share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) protocol: Protocol,
    pub(super) fault: Fault,
    /// The fault has happened.
    pub(super) happened: AtomicBool,
    pub(super) matched: AtomicU64,
    from_client: Counts,
    from_server: Counts,
    stopped: AtomicBool,
    open: Mutex<Vec<(TcpStream, TcpStream)>>,
}

/// What was passed on in one direction.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) bytes: AtomicU64,
    pub(super) messages: AtomicU64,
}

impl Proxy {
    /// Starts one in front of the server of a URL.
    ///
    /// # Panics
    /// The URL has no host and port, or loopback has no free port.
    #[must_use]
    pub fn before(url: &str, fault: Fault) -> Self {
        let (_, _, server) = parts(url);
        let server = server.to_owned();
        let protocol = if url.starts_with("mysql:") { Protocol::Mysql } else { Protocol::Postgres };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has ports");
        listener.set_nonblocking(true).expect("a listener can be polled");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            protocol,
            fault,
            happened: AtomicBool::new(false),
            matched: AtomicU64::new(0),
            from_client: Counts::default(),
            from_server: Counts::default(),
            stopped: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let of_acceptor = Arc::clone(&shared);
        let acceptor = Some(spawn(move || accept(&listener, &server, &of_acceptor)));
        Self { port, shared, acceptor }
    }

    /// The same URL through this proxy.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (head, tail, _) = parts(url);
        format!("{head}127.0.0.1:{}{tail}", self.port)
    }

    /// Cuts every connection; new ones are accepted.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// Whether the fault has happened.
    #[must_use]
    pub fn has_happened(&self) -> bool {
        self.shared.happened.load(Ordering::SeqCst)
    }

    /// Bytes that were passed on in a direction.
    #[must_use]
    pub fn bytes(&self, from: Sender) -> u64 {
        self.shared.counts(from).bytes.load(Ordering::SeqCst)
    }

    /// Messages that were passed on in a direction.
    #[must_use]
    pub fn messages(&self, from: Sender) -> u64 {
        self.shared.counts(from).messages.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.cut();
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
    }
}

impl Shared {
    pub(super) const fn counts(&self, from: Sender) -> &Counts {
        match from {
            Sender::Client => &self.from_client,
            Sender::Server => &self.from_server,
        }
    }

    pub(super) fn cut(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (client, server) in open.drain(..) {
            // One that has ended by itself cannot be shut down again.
            let _ = client.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        }
    }

    /// The fault happens now; `false` when it has happened before.
    pub(super) fn happens(&self) -> bool {
        !self.happened.swap(true, Ordering::SeqCst)
    }
}

fn accept(listener: &TcpListener, server: &str, shared: &Arc<Shared>) {
    let mut accepted = 0;
    while !shared.stopped.load(Ordering::SeqCst) && accepted < CONNECTIONS_MAX {
        match listener.accept() {
            Ok((client, _)) => {
                accepted += 1;
                let passed_on = TcpStream::connect(server).and_then(|to| pass(&client, to, shared));
                if passed_on.is_err() {
                    let _ = client.shutdown(Shutdown::Both);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(POLL),
            Err(_) => return,
        }
    }
}

fn pass(client: &TcpStream, server: TcpStream, shared: &Arc<Shared>) -> std::io::Result<()> {
    client.set_nonblocking(false)?;
    for stream in [client, &server] {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(IDLE_MAX))?;
        stream.set_write_timeout(Some(IDLE_MAX))?;
    }
    let pair = (client.try_clone()?, server.try_clone()?);
    shared.open.lock().unwrap_or_else(PoisonError::into_inner).push(pair);
    let swallow = Arc::new(AtomicBool::new(false));
    for (from, source, sink) in [
        (Sender::Client, client.try_clone()?, server.try_clone()?),
        (Sender::Server, server, client.try_clone()?),
    ] {
        let (shared, swallow) = (Arc::clone(shared), Arc::clone(&swallow));
        spawn(move || pump::run(from, source, sink, &shared, &swallow));
    }
    Ok(())
}

/// What stands before the address, what stands after it, and the address.
fn parts(url: &str) -> (&str, &str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[start..];
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let from = rest[..end].rfind('@').map_or(0, |at| at + 1);
    (&url[..start + from], &rest[end..], &rest[from..end])
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    /// A server that says `hello` and then repeats what it hears.
    fn echo() -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("bound");
        spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut buffer = [0; 64];
                while let Ok(read @ 1..) = stream.read(&mut buffer) {
                    drop(stream.write_all(&buffer[..read]));
                }
            }
        });
        format!("mysql://user:secret@{address}/x?a=b")
    }

    fn connect(proxy: &Proxy, url: &str) -> TcpStream {
        TcpStream::connect(parts(&proxy.url(url)).2).expect("the proxy listens")
    }

    const MESSAGE: [u8; 6] = [2, 0, 0, 0, b'h', b'i'];

    #[test]
    fn a_url_is_pointed_at_the_proxy() {
        let url = echo();
        let proxy = Proxy::before(&url, Fault::None);
        assert_eq!(proxy.url(&url), format!("mysql://user:secret@127.0.0.1:{}/x?a=b", proxy.port));
    }

    #[test]
    fn each_fault_happens_once() {
        let url = echo();
        let faults = [
            Fault::CutAfterBytes { from: Sender::Client, bytes: 6 },
            Fault::CutAfterMessages { from: Sender::Server, messages: 1 },
            Fault::LoseReply { to: "HI", time: 1 },
        ];
        for fault in faults {
            let proxy = Proxy::before(&url, fault.clone());
            let mut stream = connect(&proxy, &url);
            stream.write_all(&MESSAGE).expect("sent");
            let mut heard = Vec::new();
            drop(stream.read_to_end(&mut heard));
            assert!(heard.len() <= MESSAGE.len() && proxy.has_happened(), "{fault:?}");
            let mut again = connect(&proxy, &url);
            again.write_all(&MESSAGE).expect("sent");
            let mut echoed = [0; 6];
            again.read_exact(&mut echoed).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
            assert_eq!(echoed, MESSAGE);
        }
    }

    #[test]
    fn an_answer_is_made_up() {
        let url = echo();
        let fault = Fault::Answer { to: "hi", with: vec![1, 0, 0, 1, 7] };
        let proxy = Proxy::before(&url, fault);
        let mut stream = connect(&proxy, &url);
        stream.write_all(&MESSAGE).expect("sent");
        let mut heard = [0; 5];
        stream.read_exact(&mut heard).expect("an answer");
        assert_eq!(heard, [1, 0, 0, 1, 7]);
        assert_eq!(proxy.bytes(Sender::Client), 0, "the server did not hear of it");
    }
}
