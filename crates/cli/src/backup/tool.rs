//! The servers' own programs: found, asked for their version, run with their output kept apart.
//!
//! Invariant: a program does not outlive the value that waits for it.
//! Invariant: what a program says is shown without the password of the URL it was given.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use xshell::{Shell, cmd};
use xtask_db_engine::{DbUrl, Server};

use super::BackupFault;
use super::version::{Family, Version, of_program, of_server, unfit};
use crate::fault::Fault;

/// How often it is looked whether a program has ended.
const POLL: Duration = Duration::from_millis(50);
/// How long the end of what it said is waited for once it has ended.
const HEARD_MAX: Duration = Duration::from_secs(2);
/// How much of what a program says is kept, from the end.
const SAID_MAX_LINES: usize = 20;
/// The longest line that is kept.
const LINE_MAX: usize = 400;

/// A program of a server.
#[derive(Debug)]
pub(super) struct Tool {
    path: PathBuf,
    pub(super) family: Family,
    version: Version,
    /// What it says with `--version`.
    pub(super) said: String,
}

/// How a program ended that failed.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: String,
    pub(super) said: Vec<String>,
}

impl Tool {
    /// The first of these that is there, in a folder or on `PATH`.
    pub(super) fn find(names: &[&'static str], folder: Option<&Path>) -> Result<Self, Fault> {
        for name in names {
            let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
            let output = match program(&path)?.arg("--version").stdin(Stdio::null()).output() {
                Ok(output) => output,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(source) => return Err(Fault::Io { path, source }),
            };
            let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            let Some((family, version)) = of_program(&said) else {
                let (tool, status) = (path.display().to_string(), output.status.to_string());
                let said = last_lines(&output.stdout[..], |line| line.to_owned());
                return Err(BackupFault::Tool { tool, status, said }.into());
            };
            return Ok(Self { path, family, version, said });
        }
        let (tools, folder) = (names.to_vec(), folder.map(Path::to_owned));
        Err(BackupFault::Missing { tools, folder }.into())
    }

    /// The same, refused when it does not fit the server.
    pub(super) fn fit(self, server: &Server) -> Result<Self, Fault> {
        let shown = format!("{} {}", server.name, server.version);
        let why = match of_server(server.name, &server.version) {
            Some(of_server) => unfit((self.family, self.version), of_server),
            None => Some("the server's version is not known"),
        };
        match why {
            None => Ok(self),
            Some(why) => Err(BackupFault::Unfit { tool: self.said, server: shown, why }.into()),
        }
    }

    /// A command line to be filled.
    pub(super) fn command(&self) -> Result<Command, Fault> {
        let mut command = program(&self.path)?;
        // What it says is read by people, and looked at by tests.
        command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
        Ok(command)
    }

    /// Its name as messages show it.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

fn program(path: &Path) -> Result<Command, Fault> {
    let shell = Shell::new().map_err(|error| Fault::Internal(error.to_string()))?;
    Ok(Command::from(cmd!(shell, "{path}")))
}

/// A child that is ended with the value.
struct Running {
    child: Child,
    said: Option<JoinHandle<Vec<String>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when it was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end; `tick` is called meanwhile. `url` is where its password is from.
pub(super) async fn run(
    command: &mut Command,
    url: &DbUrl,
    tick: &mut (dyn FnMut() + Send),
) -> Result<(), Ended> {
    let failed = |error: std::io::Error| Ended { status: error.to_string(), said: Vec::new() };
    let mut child = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
    let stderr = child.stderr.take();
    let masks = url.clone();
    let said = std::thread::spawn(move || match stderr {
        Some(stderr) => last_lines(stderr, |line| masks.redact(line)),
        None => Vec::new(),
    });
    let mut running = Running { child, said: Some(said) };
    let status = loop {
        match running.child.try_wait().map_err(failed)? {
            Some(status) => break status,
            None => tokio::time::sleep(POLL).await,
        }
        tick();
    };
    let said = running.said.take();
    let said = match said {
        Some(said) => heard(said).await,
        None => Vec::new(),
    };
    if status.success() { Ok(()) } else { Err(Ended { status: shown(status), said }) }
}

/// What was said. A program that the one left behind may hold the stream open: it is not waited
/// for.
async fn heard(said: JoinHandle<Vec<String>>) -> Vec<String> {
    let deadline = Instant::now() + HEARD_MAX;
    while !said.is_finished() && Instant::now() < deadline {
        tokio::time::sleep(POLL).await;
    }
    if said.is_finished() { said.join().unwrap_or_default() } else { Vec::new() }
}

fn shown(status: ExitStatus) -> String {
    status.to_string()
}

/// The last lines of a stream.
fn last_lines(stream: impl Read, mask: impl Fn(&str) -> String) -> Vec<String> {
    let mut lines = std::collections::VecDeque::new();
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let line: String =
            mask(String::from_utf8_lossy(&bytes).trim_end()).chars().take(LINE_MAX).collect();
        bytes.clear();
        if line.is_empty() {
            continue;
        }
        if lines.len() == SAID_MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }
    lines.into()
}
