//! A run that is held at a named place of the engine, for as long as a test needs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use xtask_db_engine::Failpoint;

use super::{Run, Running, Workspace};

/// Read by the binary under test.
const VARIABLE: &str = "XDB_FAILPOINT";
const REACHED_MAX: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(2);

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// What happens at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It waits until it is killed.
    Hold,
    /// It waits until it is let go.
    Pause,
    /// It fails there.
    Error,
}

/// A run with an armed place.
#[derive(Debug)]
pub struct Held {
    running: Running,
    file: PathBuf,
}

impl Held {
    /// Starts the binary with one place armed, the `time`-th time it is reached, with more
    /// variables.
    #[must_use]
    pub fn start(
        ws: &Workspace,
        (point, time): (Failpoint, u32),
        action: Action,
        variables: &[(&str, &str)],
        words: &[&str],
    ) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let file = ws.root().with_file_name(format!("held-{number}"));
        let what = match action {
            Action::Hold => format!("hold:{}", file.display()),
            Action::Pause => format!("pause:{}", file.display()),
            Action::Error => "error".to_owned(),
        };
        let mut command = ws.binary(words);
        command.env(VARIABLE, format!("{}#{time}={what}", point.name()));
        command.envs(variables.iter().copied());
        Self { running: ws.running(command), file }
    }

    /// Waits until the place is reached; `false` when the run ended before.
    ///
    /// # Panics
    /// Neither happens in time.
    #[must_use]
    pub fn reached(&mut self) -> bool {
        let started = Instant::now();
        loop {
            if self.file.exists() {
                return true;
            }
            if self.running.has_ended() {
                return self.file.exists();
            }
            assert!(started.elapsed() < REACHED_MAX, "the place is not reached");
            sleep(POLL);
        }
    }

    /// Lets a paused run go on.
    pub fn let_go(&self) {
        // Not there when the place was not reached.
        drop(std::fs::remove_file(&self.file));
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        self.running.signal(signal);
    }

    /// Waits for its end.
    #[must_use]
    pub fn wait(self) -> Run {
        self.running.wait()
    }
}
