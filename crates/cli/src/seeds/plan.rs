//! What of the seeds folder is run: every file is read before the first is, and one that has not
//! changed since it ran is skipped.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use xtask_db_engine::{SeedFile, SeedText};

use super::folder::{find, read};
use crate::context::Context;
use crate::fault::Fault;
use crate::protect::DEVELOPMENT;

/// What was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked {
    /// Run files that have not changed, too.
    pub(crate) all: bool,
    /// Delete rows that a file with rows does not have.
    pub(crate) prune: bool,
}

/// The files to run.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) rows: Vec<SeedFile>,
    /// Path and text.
    pub(super) scripts: Vec<(String, String)>,
    /// Files that have not changed.
    pub(super) unchanged: Vec<String>,
    /// Meta keys and values of the files to run, by path.
    pub(super) remember: BTreeMap<String, (String, String)>,
}

impl Plan {
    /// Reads the folder. `meta`: what ran before.
    pub(super) fn read(
        context: &Context,
        meta: &BTreeMap<String, String>,
        asked: Asked,
    ) -> Result<Self, Fault> {
        let project = context.project()?;
        let environment = project.environment.as_ref();
        let environment = environment.map_or(DEVELOPMENT, |env| env.value.as_str());
        let folder = project.seeds();
        let found = find(&folder, environment)?;
        let mut plan = Self::default();
        for path in found.rows.iter().chain(&found.scripts) {
            let text = read(path)?;
            let shown = context.shown(path).display().to_string();
            let key = key(&folder, path);
            let digest = digest(&text, asked.prune);
            if !asked.all && meta.get(&key) == Some(&digest) {
                plan.unchanged.push(shown);
                continue;
            }
            plan.remember.insert(shown.clone(), (key, digest));
            match rows(path, &shown, &text) {
                Some(file) => plan.rows.push(file),
                None => plan.scripts.push((shown, text)),
            }
        }
        Ok(plan)
    }
}

/// By the path below the seeds folder, the same on every machine.
fn key(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    format!("seed:{}", below.display().to_string().replace('\\', "/"))
}

/// A run that did not prune is another one.
fn digest(text: &str, prune: bool) -> String {
    let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    if prune { format!("sha256:{hash} pruned") } else { format!("sha256:{hash}") }
}

/// A file with rows; its table is its name without a number before it: `10_users.json`.
fn rows(path: &Path, shown: &str, text: &str) -> Option<SeedFile> {
    let text = match path.extension()?.to_str()? {
        "json" => SeedText::Json(text.to_owned()),
        "csv" => SeedText::Csv(text.to_owned()),
        _ => return None,
    };
    let stem = path.file_stem()?.to_str()?;
    let table = match stem.split_once('_') {
        Some((number, table)) if number.bytes().all(|byte| byte.is_ascii_digit()) => table,
        _ => stem,
    };
    Some(SeedFile { path: shown.to_owned(), table: table.to_owned(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_is_the_table() {
        let check = |name: &str, expected: Option<&str>| {
            let file = rows(Path::new(name), name, "");
            assert_eq!(file.as_ref().map(|file| file.table.as_str()), expected, "{name}");
        };
        check("questions.json", Some("questions"));
        check("10_questions.csv", Some("questions"));
        check("shop.orders.json", Some("shop.orders"));
        check("user_roles.json", Some("user_roles"));
        check("a.sql", None);
    }
}
