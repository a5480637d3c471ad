//! `cargo xtask pairs`: pairs of schemas from files, each led to the other on a real server.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use xtask_db_tests::pairs::{PairFile, Tally, Verdict, judge_all, read};

use crate::servers;

/// `cargo xtask pairs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Pairs {
    /// A folder with YAML maps of `current` and `desired`, or one file; its path names the server.
    #[arg(value_name = "DIR")]
    path: PathBuf,
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
        let mut failed = false;
        for mut file in read(&self.path)? {
            if let Some(only) = &self.only {
                file.pairs.retain(|(name, _)| name.contains(only.as_str()));
            }
            failed |= self.file(&file)?;
        }
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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
        let out = &mut std::io::stdout();
        let lines = format!("{}: {tally}\n{}\n", file.path.display(), told.join("\n"));
        std::io::Write::write_all(out, lines.as_bytes()).map_err(|error| error.to_string())?;
        Ok(tally.failed())
    }
}
