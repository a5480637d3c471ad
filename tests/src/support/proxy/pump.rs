//! One direction of one connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;

use super::framing::Framing;
use super::server::{BYTES_MAX, Shared};
use super::{Fault, Sender};

const CHUNK: usize = 16 * 1024;

/// What becomes of a message.
enum Fate {
    Passed,
    /// Passed on, or its answer swallowed, and then nothing more.
    Cut,
    /// The sink or the limit ends the connection.
    Ended,
}

/// Passes messages on until one side ends or the fault cuts.
pub(super) fn run(
    from: Sender,
    mut source: TcpStream,
    mut sink: TcpStream,
    shared: &Shared,
    swallow: &AtomicBool,
) {
    let mut framing = Framing::new(shared.protocol, from);
    let mut chunk = vec![0; CHUNK];
    'connection: while let Ok(read @ 1..) = source.read(&mut chunk) {
        framing.feed(&chunk[..read]);
        while let Some(message) = framing.message() {
            match one(from, &message, &mut source, &mut sink, shared, swallow) {
                Fate::Passed => {}
                Fate::Cut => return shared.cut(),
                Fate::Ended => break 'connection,
            }
        }
    }
    if let (Sender::Client, Fault::Linger(time)) = (from, &shared.fault)
        && shared.happens()
    {
        sleep(*time);
    }
    // The other side may have ended first.
    let _ = sink.shutdown(Shutdown::Both);
    let _ = source.shutdown(Shutdown::Both);
}

fn one(
    from: Sender,
    message: &[u8],
    source: &mut TcpStream,
    sink: &mut TcpStream,
    shared: &Shared,
    swallow: &AtomicBool,
) -> Fate {
    if from == Sender::Server && swallow.load(Ordering::SeqCst) {
        return Fate::Cut;
    }
    if from == Sender::Client {
        match &shared.fault {
            Fault::Delay(time) => sleep(*time),
            Fault::Answer { to, with } if contains(message, to) => {
                shared.happens();
                return if source.write_all(with).is_ok() { Fate::Passed } else { Fate::Ended };
            }
            Fault::LoseReply { to, time } if contains(message, to) => {
                let number = shared.matched.fetch_add(1, Ordering::SeqCst) + 1;
                if number == *time && shared.happens() {
                    swallow.store(true, Ordering::SeqCst);
                }
            }
            _ => {}
        }
    }
    pass(from, message, sink, shared)
}

fn pass(from: Sender, message: &[u8], sink: &mut TcpStream, shared: &Shared) -> Fate {
    let counts = shared.counts(from);
    let length = u64::try_from(message.len()).unwrap_or(u64::MAX);
    let before = counts.bytes.fetch_add(length, Ordering::SeqCst);
    if before + length > BYTES_MAX {
        return Fate::Ended;
    }
    let armed = !shared.happened.load(Ordering::SeqCst);
    if let Fault::CutAfterBytes { from: cut_from, bytes } = shared.fault
        && (armed && cut_from == from && before + length >= bytes && shared.happens())
    {
        let part = usize::try_from(bytes.saturating_sub(before)).unwrap_or_default();
        drop(sink.write_all(&message[..part.min(message.len())]));
        return Fate::Cut;
    }
    if sink.write_all(message).is_err() {
        return Fate::Ended;
    }
    let number = counts.messages.fetch_add(1, Ordering::SeqCst) + 1;
    match shared.fault {
        Fault::CutAfterMessages { from: cut_from, messages }
            if armed && cut_from == from && number >= messages && shared.happens() =>
        {
            Fate::Cut
        }
        _ => Fate::Passed,
    }
}

/// ASCII text in a message, however it is written.
fn contains(message: &[u8], text: &str) -> bool {
    message.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
}
