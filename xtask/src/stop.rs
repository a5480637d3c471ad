//! Runs a child process to its end, and passes Ctrl-C on to it.
//!
//! Invariant: this process outlives the child, so that what was started before it is stopped.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

const POLL: Duration = Duration::from_millis(20);
/// What a shell reports for a process that a signal ended.
const SIGNALLED: u8 = 128;

/// The signals that ask this process to stop.
#[derive(Debug)]
pub(crate) struct Stop {
    interrupt: Arc<AtomicBool>,
    terminate: Arc<AtomicBool>,
}

impl Stop {
    /// From now on the signals are noted instead of ending the process.
    pub(crate) fn listen() -> Result<Self, String> {
        let stop = Self { interrupt: Arc::default(), terminate: Arc::default() };
        let noted = [(Signal::INT, &stop.interrupt), (Signal::TERM, &stop.terminate)];
        for (signal, flag) in noted {
            signal_hook::flag::register(signal.as_raw(), Arc::clone(flag))
                .map_err(|error| format!("cannot listen for {signal:?}: {error}"))?;
        }
        Ok(stop)
    }

    /// Runs a command to its end, in a process group that gets the signals noted here.
    pub(crate) fn run(&self, mut command: Command) -> Result<ExitCode, String> {
        let shown = format!("{}", command.get_program().to_string_lossy());
        let mut child =
            command.process_group(0).spawn().map_err(|error| format!("{shown}: {error}"))?;
        let group = Pid::from_child(&child);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(exit_code(status)),
                Ok(None) => self.pass_on(group),
                Err(error) => return Err(format!("{shown}: {error}")),
            }
            sleep(POLL);
        }
    }

    fn pass_on(&self, group: Pid) {
        for (flag, signal) in [(&self.interrupt, Signal::INT), (&self.terminate, Signal::TERM)] {
            if flag.swap(false, Ordering::Relaxed) {
                // It may have ended in this moment; the loop will see that.
                let _ = kill_process_group(group, signal);
            }
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt;
    let signalled = || status.signal().and_then(|signal| u8::try_from(signal).ok());
    match status.code().and_then(|code| u8::try_from(code).ok()) {
        Some(code) => ExitCode::from(code),
        None => ExitCode::from(SIGNALLED + signalled().unwrap_or_default()),
    }
}
