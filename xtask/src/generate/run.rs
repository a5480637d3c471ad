//! Writes the generated pages, or compares them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::ExitCode;

use super::{commands, errors, lint};
use crate::repository;

/// Folders in which every page is generated, but for those that `errors` only lists.
const COMMANDS: &str = "docs/commands";

/// `cargo xtask gen`.
#[derive(Debug, clap::Args)]
pub(crate) struct Gen {
    /// Write nothing; fail when a page is not what the code says.
    #[arg(long)]
    check: bool,
}

impl Gen {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let mut pages = commands::pages();
        pages.insert(errors::INDEX.to_owned(), errors::index());
        pages.insert(lint::INDEX.to_owned(), lint::index());
        let stale = stale(&pages)?;
        if self.check {
            let names: Vec<&str> = stale.iter().map(String::as_str).collect();
            return match names.as_slice() {
                [] => Ok(ExitCode::SUCCESS),
                names => Err(format!("run `cargo xtask gen`: {}", names.join(", "))),
            };
        }
        for path in stale {
            let full = repository::root().join(&path);
            let written = match pages.get(&path) {
                Some(text) => {
                    let made = full.parent().map_or(Ok(()), fs::create_dir_all);
                    made.and_then(|()| fs::write(&full, text))
                }
                None => fs::remove_file(&full),
            };
            written.map_err(|error| format!("{path}: {error}"))?;
            drop(writeln!(std::io::stderr(), "wrote {path}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Pages that differ from the disk, and pages on disk that are of no command.
fn stale(pages: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    let root = repository::root();
    let mut stale: Vec<String> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.clone())
        .collect();
    let folder = root.join(COMMANDS);
    if folder.exists() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{COMMANDS}: {error}"))?;
        for entry in entries.flatten() {
            let path = format!("{COMMANDS}/{}", entry.file_name().to_string_lossy());
            if !pages.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}
