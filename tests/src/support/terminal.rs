//! A run at a terminal: what it shows is read as a person sees it, and keys are pressed.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::Workspace;

const SEEN_MAX: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);
/// Wide enough that no line of ours is broken.
const WINDOW: Winsize = Winsize { ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Takes what is chosen.
    Enter,
    /// The next answer.
    Down,
    /// No answer.
    Escape,
}

/// A run that shows itself on a terminal of its own.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    keyboard: File,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
    /// What was waited for already, in bytes of the plain text.
    seen: usize,
}

impl Terminal {
    /// Starts the binary.
    ///
    /// # Panics
    /// There is no terminal to be had, or the binary cannot be started.
    #[must_use]
    pub fn start(ws: &Workspace, words: &[&str]) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let master = openpt(flags).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal of our own");
        let name = ptsname(&master, Vec::new()).expect("a terminal has a name");
        let slave = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty());
        let slave = File::from(slave.expect("the other end"));
        tcsetwinsize(&slave, WINDOW).expect("a size");
        let master = File::from(master);
        let mut command: Command = ws.binary(words);
        command.env("TERM", "xterm-256color");
        let end = || slave.try_clone().expect("the other end");
        command.stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let shown = Arc::new(Mutex::new(Vec::new()));
        let screen = master.try_clone().expect("a screen");
        let reader = read(screen, Arc::clone(&shown));
        Self { child, keyboard: master, shown, reader, seen: 0 }
    }

    /// Waits until a text is shown, after what was waited for before.
    ///
    /// # Panics
    /// It is not shown in time.
    #[track_caller]
    pub fn sees(&mut self, text: &str) {
        let started = Instant::now();
        loop {
            let plain = self.plain();
            if let Some(at) = plain.get(self.seen..).and_then(|rest| rest.find(text)) {
                self.seen += at + text.len();
                return;
            }
            assert!(started.elapsed() < SEEN_MAX, "`{text}` is not shown:\n{plain}");
            sleep(POLL);
        }
    }

    /// Presses a key.
    ///
    /// # Panics
    /// The run has ended.
    pub fn presses(&mut self, key: Key) {
        self.types(match key {
            Key::Enter => "\r",
            Key::Down => "\x1b[B",
            Key::Escape => "\x1b",
        });
    }

    /// Types a text.
    ///
    /// # Panics
    /// The run has ended.
    pub fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("somebody reads");
    }

    /// Waits for the end: the exit code, and everything that was shown.
    ///
    /// # Panics
    /// It does not end in time.
    #[track_caller]
    pub fn ends(mut self) -> (Option<i32>, String) {
        let started = Instant::now();
        loop {
            // What was shown last may still be on its way.
            if let Ok(Some(status)) = self.child.try_wait()
                && self.reader.is_finished()
            {
                return (status.code(), self.plain());
            }
            assert!(started.elapsed() < SEEN_MAX, "it does not end:\n{}", self.plain());
            sleep(POLL);
        }
    }

    fn plain(&self) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        plain(&String::from_utf8_lossy(&shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already when the test waited for it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads a screen until nobody writes to it any more, which is an error on Linux.
fn read(mut screen: File, shown: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            shown.extend_from_slice(&bytes[..count]);
        }
    })
}

/// A screen's text without what moves the cursor and colours it (ECMA-48, control sequences).
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => {
                if rest.next() == Some('[') {
                    rest.by_ref().find(|c| ('\x40'..='\x7e').contains(c));
                }
            }
            '\r' => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_sees_is_left() {
        let check = |shown: &str, expected: &str| assert_eq!(plain(shown), expected);
        check("\x1b[?25l\x1b[1;32m?\x1b[0m What now?\r\n", "? What now?\n");
        check("a\x1b[2Kb\x1b[3Ac", "abc");
    }
}
