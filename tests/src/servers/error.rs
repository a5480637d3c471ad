//! Why a throwaway server is not there.

use std::io;
use std::path::PathBuf;

/// Why a throwaway server is not there.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A program is missing and may not be installed by this run.
    #[error(
        "{program} is missing ({why}); install it with `apt-get install {package}` as root, \
         or set {variable} to the URL of a server"
    )]
    Missing {
        /// The program.
        program: &'static str,
        /// The Debian package it is in.
        package: &'static str,
        /// The variable that names a server instead.
        variable: &'static str,
        /// Why it was not installed.
        why: String,
    },
    /// A file or folder of the server.
    #[error("{path}: {error}")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A program could not be started.
    #[error("cannot start {program}: {error}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        error: io::Error,
    },
    /// A program ended when it should have worked or stayed.
    #[error("{program} ended: {log}")]
    Ended {
        /// The program.
        program: String,
        /// The end of what it wrote.
        log: String,
    },
    /// The server did not answer in time.
    #[error("{program} did not answer within {seconds} s: {last}")]
    Silent {
        /// The program.
        program: String,
        /// How long it had.
        seconds: u64,
        /// The last refusal.
        last: String,
    },
}
