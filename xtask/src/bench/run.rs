//! The parts of a benchmark run, one after the other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_db_tests::servers::{Postgres, Syncing};
use xtask_db_tests::support::Kind;

use super::report::say;
use super::servers::Contest;
use super::{backfill, embed};
use crate::repository;

/// `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    /// How many migrations the history has.
    #[arg(long, default_value_t = 1_000)]
    migrations: usize,
    /// Counted rounds; each tool runs once in each.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many rows the table of the backfill has.
    #[arg(long, default_value_t = 5_000_000)]
    rows: u64,
    /// Only this part; may be repeated.
    #[arg(long, value_enum)]
    part: Vec<Part>,
}

/// A part of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The commands on a file.
    Sqlite,
    /// The commands on a server that waits for its disk.
    Postgres,
    /// The macro.
    Embed,
    /// A backfill of millions of rows, beside clients of the same table; only when it is named.
    Backfill,
}

impl Bench {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let ours = release()?;
        // Outside this checkout: no tool may find its manifest or its migrations.
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let wanted = |part| self.part.is_empty() || self.part.contains(&part);
        if wanted(Part::Sqlite) {
            self.contest("SQLite", Kind::Sqlite, None, &ours, folder.path()).run()?;
        }
        if wanted(Part::Postgres) {
            let server = Postgres::start(&repository::target(), Syncing::Durable)
                .map_err(|error| error.to_string())?;
            let url = Some(server.url());
            self.contest("PostgreSQL", Kind::Postgres, url, &ours, folder.path()).run()?;
        }
        if wanted(Part::Embed) {
            self.contest("", Kind::Sqlite, None, &ours, folder.path()).prepare()?;
            embed::run(folder.path(), self.migrations, self.rounds)?;
        }
        if self.part.contains(&Part::Backfill) {
            let server = Postgres::start(&repository::target(), Syncing::Durable)
                .map_err(|error| error.to_string())?;
            backfill::run(&server.url(), &ours, self.rows)?;
        }
        say("");
        Ok(ExitCode::SUCCESS)
    }

    const fn contest<'a>(
        &self,
        title: &'static str,
        kind: Kind,
        server: Option<String>,
        ours: &'a Path,
        folder: &'a Path,
    ) -> Contest<'a> {
        let (migrations, rounds) = (self.migrations, self.rounds);
        Contest { title, kind, server, ours, folder, migrations, rounds }
    }
}

/// Builds the binary as a release and says where it is.
fn release() -> Result<PathBuf, String> {
    let mut command = repository::cargo();
    command.args(["build", "--release", "--package", "xtask-db-cli", "--bin", "xtask-db"]);
    command.args(["--features", "sqlite,postgres,mysql"]);
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if !status.success() {
        return Err("the release does not build".to_owned());
    }
    let name = format!("xtask-db{}", std::env::consts::EXE_SUFFIX);
    Ok(repository::target().join("release").join(name))
}
