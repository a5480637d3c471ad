//! A server process: started, watched until it answers, stopped when dropped.
//!
//! Invariant: only the process that was started here is ever signalled.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{ServerError, account};

const ANSWER_MAX: Duration = Duration::from_secs(60);
const STOP_MAX: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(25);
const LOG_LINES_SHOWN: usize = 12;

/// A running server.
#[derive(Debug)]
pub struct Daemon {
    program: String,
    child: Child,
    stop: Signal,
    log: PathBuf,
}

impl Daemon {
    /// Starts a server without privileges, its output in `log`. It dies with the thread that
    /// called, should this process be killed, where `setpriv` is there to arrange it.
    pub(super) fn start(
        mut command: Command,
        log: PathBuf,
        stop: Signal,
    ) -> Result<Self, ServerError> {
        let program = name(&command);
        let output = File::create(&log).and_then(|file| Ok((file.try_clone()?, file)));
        let (out, err) = output.map_err(|error| ServerError::File { path: log.clone(), error })?;
        account::lower(&mut command);
        // A process group of its own: Ctrl-C at the terminal is for the tests, not for the server.
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        let child = command
            .spawn()
            .map_err(|error| ServerError::Start { program: program.clone(), error })?;
        Ok(Self { program, child, stop, log })
    }

    /// Asks until `probe` says yes.
    pub(super) fn wait_until(
        &mut self,
        mut probe: impl FnMut() -> Result<(), String>,
    ) -> Result<(), ServerError> {
        let started = Instant::now();
        loop {
            let last = match probe() {
                Ok(()) => return Ok(()),
                Err(last) => last,
            };
            if self.has_ended() {
                return Err(ServerError::Ended {
                    program: self.program.clone(),
                    log: tail(&self.log),
                });
            }
            if started.elapsed() > ANSWER_MAX {
                let seconds = ANSWER_MAX.as_secs();
                return Err(ServerError::Silent { program: self.program.clone(), seconds, last });
            }
            sleep(POLL);
        }
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the server at once, as a crash would.
    pub fn crash(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        let _ = kill_process(Pid::from_child(&self.child), self.stop);
        let started = Instant::now();
        while !self.has_ended() {
            if started.elapsed() > STOP_MAX {
                self.crash();
                return;
            }
            sleep(POLL);
        }
    }
}

/// Runs a program to its end without privileges, e.g. one that makes a data folder.
pub(super) fn run(mut command: Command) -> Result<(), ServerError> {
    let program = name(&command);
    account::lower(&mut command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| ServerError::Start { program: program.clone(), error })?;
    if output.status.success() {
        return Ok(());
    }
    let log = [output.stdout, output.stderr].concat();
    Err(ServerError::Ended { program, log: last_lines(&String::from_utf8_lossy(&log)) })
}

/// `program`, run so that it gets SIGTERM when this process dies without stopping it.
pub(super) fn command(program: &Path) -> Command {
    let setpriv = Path::new("/usr/bin/setpriv");
    if !setpriv.exists() {
        return Command::new(program);
    }
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let mut paths = words.filter(|word| word.to_str().is_some_and(|w| w.starts_with('/')));
    let first = paths.next().unwrap_or_else(|| command.get_program());
    let path = if first == "/usr/bin/setpriv" { paths.next().unwrap_or(first) } else { first };
    Path::new(path).file_name().unwrap_or(path).to_string_lossy().into_owned()
}

fn tail(log: &Path) -> String {
    last_lines(&std::fs::read_to_string(log).unwrap_or_default())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
}
