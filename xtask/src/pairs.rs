//! `cargo xtask pairs`: pairs of schemas, from files or drawn at random, each led to the other on a
//! real server.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use xtask_db_tests::generated;
use xtask_db_tests::pairs::{PairFile, Tally, Verdict, judge_all, kind_of, read};
use xtask_db_tests::support::Seed;

use crate::servers;

/// `cargo xtask pairs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Pairs {
    /// A folder with YAML maps of `current` and `desired`, or one file; its path names the server.
    #[arg(value_name = "DIR", required_unless_present = "drawn")]
    path: Option<PathBuf>,
    /// Pairs drawn at random instead: sqlite, postgres or mariadb.
    #[arg(long, value_name = "SERVER", conflicts_with = "path")]
    drawn: Option<String>,
    /// How many are drawn.
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: u32,
    /// Repeats a run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Only the drawn pair of this number.
    #[arg(long, value_name = "N")]
    number: Option<u32>,
    /// Only pairs whose name contains this.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Also print the pairs that the server does not take.
    #[arg(long)]
    all: bool,
    /// Plain statements, no forms that block nobody.
    #[arg(long)]
    plain: bool,
    /// Set where the servers are there already.
    #[arg(long, hide = true)]
    inside: bool,
}

impl Pairs {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        if !self.inside {
            let own = std::env::current_exe().map_err(|error| error.to_string())?;
            let mut command = Command::new(own);
            command.args(std::env::args_os().skip(1)).arg("--inside");
            return servers::around(command);
        }
        if let Some(server) = &self.drawn {
            return self.drawn(server);
        }
        let mut failed = false;
        for mut file in read(self.path.as_deref().unwrap_or(Path::new(".")))? {
            if let Some(only) = &self.only {
                file.pairs.retain(|(name, _)| name.contains(only.as_str()));
            }
            failed |= self.file(&file)?;
        }
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn drawn(&self, server: &str) -> Result<ExitCode, String> {
        let kind = kind_of(Path::new(server)).ok_or_else(|| format!("{server} is no server"))?;
        let seed = self.seed.map_or_else(Seed::from_environment, Seed::new);
        let (tally, failed) = generated::run(kind, seed, self.count, self.number)?;
        let mut text = format!("{server}, seed {}: {tally}\n", seed.value());
        for it in &failed {
            text.push_str(&format!(
                "-- pair {}: {}\n-- current\n{}-- desired\n{}\n",
                it.number, it.verdict, it.current, it.desired
            ));
        }
        print(&text)?;
        Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Judges a file and prints what came of it; whether a pair failed.
    fn file(&self, file: &PairFile) -> Result<bool, String> {
        let mut tally = Tally::default();
        let mut told = Vec::new();
        for (name, verdict) in judge_all(file, self.plain)? {
            tally.count(&verdict);
            if self.all || !matches!(verdict, Verdict::Converged | Verdict::NotAccepted(_)) {
                told.push(format!("  {name}: {verdict}"));
            }
        }
        print(&format!("{}: {tally}\n{}\n", file.path.display(), told.join("\n")))?;
        Ok(tally.failed())
    }
}

fn print(text: &str) -> Result<(), String> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
}
