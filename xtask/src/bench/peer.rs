//! The tools that are compared, as they are called.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::layout::Layout;

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// This one.
    Ours,
    /// This one with `--atomic`.
    OursAtomic,
    /// sqlx-cli.
    Sqlx,
    /// refinery_cli.
    Refinery,
    /// diesel_cli.
    Diesel,
    /// dbmate.
    Dbmate,
    /// The database's own client: the floor.
    Client,
}

/// What a tool is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Apply what is pending, all or nothing of it.
    Deploy,
    /// Say what is pending.
    Status,
}

impl Peer {
    /// All, this tool first.
    pub(super) const ALL: [Self; 7] = [
        Self::Ours,
        Self::OursAtomic,
        Self::Sqlx,
        Self::Refinery,
        Self::Diesel,
        Self::Dbmate,
        Self::Client,
    ];

    /// Its name in the report.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ours => "xtask-db",
            Self::OursAtomic => "xtask-db --atomic",
            Self::Sqlx => "sqlx-cli",
            Self::Refinery => "refinery_cli",
            Self::Diesel => "diesel_cli",
            Self::Dbmate => "dbmate",
            Self::Client => "sqlite3 / psql",
        }
    }

    pub(super) const fn layout(self) -> Layout {
        match self {
            Self::Ours | Self::OursAtomic => Layout::Ours,
            Self::Sqlx => Layout::Flat,
            Self::Refinery => Layout::Refinery,
            Self::Diesel => Layout::Diesel,
            Self::Dbmate => Layout::Dbmate,
            Self::Client => Layout::Script,
        }
    }

    /// Its program, when it is installed.
    pub(super) fn program(self, ours: &Path, url: &str) -> Option<PathBuf> {
        let name = match self {
            Self::Ours | Self::OursAtomic => return Some(ours.to_owned()),
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "diesel",
            Self::Dbmate => "dbmate",
            Self::Client if url.starts_with("sqlite:") => "sqlite3",
            Self::Client => "psql",
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
    }

    /// The command, to be run in the folder of its layout; none where the tool cannot do it.
    pub(super) fn command(self, program: &Path, work: Work, url: &str) -> Option<Command> {
        let file = url.strip_prefix("sqlite:");
        let mut command = program_without_settings(program);
        command.env("DATABASE_URL", url);
        match (self, work) {
            (Self::Ours, Work::Deploy) => command.args(["--url", url, "deploy"]),
            (Self::Ours, Work::Status) => command.args(["--url", url, "status"]),
            (Self::OursAtomic, Work::Deploy) => command.args(["--url", url, "deploy", "--atomic"]),
            (Self::Sqlx, Work::Deploy) => {
                command.args(["migrate", "run", "--source", ".", "--database-url", url])
            }
            (Self::Sqlx, Work::Status) => {
                command.args(["migrate", "info", "--source", ".", "--database-url", url])
            }
            (Self::Refinery, Work::Deploy) => {
                command.args(["migrate", "-e", "DATABASE_URL", "-p", "."])
            }
            (Self::Diesel, Work::Deploy) => {
                command.args(["migration", "run", "--migration-dir", "."]);
                command.args(["--database-url", file.unwrap_or(url)])
            }
            (Self::Dbmate, Work::Deploy) => {
                let tls = if file.is_some() { "" } else { "?sslmode=disable" };
                command.args(["--no-dump-schema", "--migrations-dir", "."]);
                command.args(["--url", &format!("{url}{tls}"), "migrate"])
            }
            (Self::Client, Work::Deploy) => match file {
                Some(file) => command.args(["-bail", file, ".read all.sql"]),
                None => command.args(["-qX", "-v", "ON_ERROR_STOP=1", "-f", "all.sql", url]),
            },
            (_, Work::Status) => return None,
        };
        Some(command)
    }
}

/// A program without the settings of this repository, which cargo puts in the environment.
pub(super) fn program_without_settings(program: &Path) -> Command {
    let mut command = Command::new(program);
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_string_lossy().starts_with("XTASK_DB_")) {
        command.env_remove(name);
    }
    command
}
