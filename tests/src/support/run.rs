//! A run of the binary: exit code, stdout and stderr, within a deadline.
//!
//! Invariant: every run is searched for the password of its database, whatever it was made for.

use std::fmt::Write;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::normalise::Normaliser;

const RUN_MAX: Duration = Duration::from_secs(180);
/// What stands before a command that may help.
pub(super) const NEXT: &str = "next: ";
const POLL: Duration = Duration::from_millis(2);

/// Exit codes that the reference lists.
#[must_use]
pub const fn documented_exit_codes() -> [i32; 12] {
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143]
}

/// A finished run.
#[derive(Debug)]
pub struct Run {
    command: String,
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
    normaliser: Normaliser,
}

/// A run that has not ended.
#[derive(Debug)]
pub struct Running {
    command: String,
    child: Process,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
    started: Instant,
    secret: Option<String>,
    normaliser: Normaliser,
}

/// A child that does not outlive a test that fails.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already when the test waited for it.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Running {
    /// Starts it.
    ///
    /// # Panics
    /// The binary cannot be started.
    pub(super) fn start(
        mut command: Command,
        normaliser: Normaliser,
        secret: Option<String>,
    ) -> Self {
        let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
        let shown = words.collect::<Vec<_>>().join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let started = Instant::now();
        let child = Process(child);
        Self { command: shown, child, stdout, stderr, started, secret, normaliser }
    }

    /// Sends a signal to the process itself.
    pub fn signal(&self, signal: Signal) {
        let _ = kill_process(Pid::from_child(&self.child.0), signal);
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// Whether it has ended.
    ///
    /// # Panics
    /// The system cannot say.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.0.try_wait(), Ok(Some(_)))
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// It does not end in time, or it printed a password.
    #[must_use]
    pub fn wait(mut self) -> Run {
        let status = self.end();
        let took = self.started.elapsed();
        let text = |bytes: JoinHandle<Vec<u8>>| {
            let bytes = bytes.join().unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let run = Run {
            command: self.command,
            code: status.code(),
            stdout: text(self.stdout),
            stderr: text(self.stderr),
            took,
            normaliser: self.normaliser,
        };
        if let Some(secret) = &self.secret {
            run.assert_free_of(secret);
        }
        run
    }

    fn end(&mut self) -> ExitStatus {
        loop {
            match self.child.0.try_wait() {
                Ok(Some(status)) => return status,
                Ok(None) if self.started.elapsed() < RUN_MAX => sleep(POLL),
                other => {
                    drop(self.child.0.kill());
                    panic!("`{}` did not end within {RUN_MAX:?}: {other:?}", self.command);
                }
            }
        }
    }
}

impl Run {
    /// Exit code 0, or the test fails with what was printed.
    ///
    /// # Panics
    /// Another exit code.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// A refusal: the exit code, the error's code on stderr, and what to do next.
    ///
    /// # Panics
    /// Anything else.
    #[track_caller]
    pub fn refused(self, exit: i32, code: &str) -> Self {
        assert_eq!(self.code, Some(exit), "{self}");
        assert!(self.stderr.contains(code), "no {code} on stderr\n{self}");
        assert!(self.stderr.contains(NEXT), "no next command on stderr\n{self}");
        self
    }

    /// Any refusal with an exit code.
    ///
    /// # Panics
    /// Another exit code, no code or no next command.
    #[track_caller]
    pub fn fails(self, exit: i32) -> Self {
        self.refused(exit, "XDB")
    }

    /// stdout or stderr has the text.
    ///
    /// # Panics
    /// Neither has.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "`{text}` is not printed\n{self}"
        );
        self
    }

    /// Neither stdout nor stderr has the text.
    ///
    /// # Panics
    /// One of them has.
    #[track_caller]
    pub fn silent_about(self, text: &str) -> Self {
        self.assert_free_of(text);
        self
    }

    /// stdout as one JSON object.
    ///
    /// # Panics
    /// It is not one.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value @ Value::Object(_)) => value,
            other => panic!("stdout is not one JSON object: {other:?}\n{self}"),
        }
    }

    /// The text of a snapshot: what varies from run to run is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("$ cargo xtask {}\n", self.command);
        let code = self.code.map_or_else(|| "signal".to_owned(), |code| code.to_string());
        let _ = writeln!(text, "exit {code}");
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            let _ = writeln!(text, "-- {name} --");
            text.push_str(stream);
        }
        self.normaliser.apply(&text)
    }

    #[track_caller]
    fn assert_free_of(&self, text: &str) {
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            assert!(!stream.contains(text), "`{text}` is on {name}\n{self}");
        }
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "$ cargo xtask {}\nexit {:?} after {:?}\n-- stdout --\n{}\n-- stderr --\n{}",
            self.command, self.code, self.took, self.stdout, self.stderr
        )
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is kept.
            drop(stream.read_to_end(&mut bytes));
        }
        bytes
    })
}
