//! What a campaign tries: the binary with its failpoints, and test programs whose tests are cases.

use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::Stdio;

use cargo_metadata::Message;

use crate::repository;

/// The package of both.
const TESTS: &str = "xtask-db-tests";
/// The test programs about embedded migrations that are stale.
const STALE: [&str; 2] = ["guard_build", "guard_library"];

/// Builds the binary under test, with its failpoints, and says where it is.
pub(super) fn binary() -> Result<PathBuf, String> {
    build(&[], "debug")
}

/// The same as a release has it, for what is measured.
pub(super) fn release() -> Result<PathBuf, String> {
    build(&["--release"], "release")
}

fn build(arguments: &[&str], folder: &str) -> Result<PathBuf, String> {
    let name = "xtask-under-test";
    let mut command = repository::cargo();
    command.args(["build", "--quiet", "--package", TESTS, "--bin", name]).args(arguments);
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if !status.success() {
        return Err("the binary under test does not build".to_owned());
    }
    Ok(repository::target().join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the test programs, and says where they are, as a `PATH` does.
pub(super) fn stale_tests() -> Result<OsString, String> {
    let mut command = repository::cargo();
    command.args(["test", "--quiet", "--no-run", "--message-format=json", "--package", TESTS]);
    command.args(STALE.iter().flat_map(|name| ["--test", name]));
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo: {error}"))?;
    let told = child.stdout.take().map(BufReader::new);
    let programs: Vec<PathBuf> = told
        .into_iter()
        .flat_map(Message::parse_stream)
        .filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) if artifact.profile.test => {
                artifact.executable.map(Into::into)
            }
            _ => None,
        })
        .collect();
    let status = child.wait().map_err(|error| format!("cargo: {error}"))?;
    if !status.success() || programs.len() != STALE.len() {
        return Err("the tests of stale builds do not build".to_owned());
    }
    std::env::join_paths(programs).map_err(|error| error.to_string())
}
