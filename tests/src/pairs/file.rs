//! Pair files: YAML maps of a name to `current` and `desired`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::Kind;

/// A file with pairs.
#[derive(Debug, Clone)]
pub struct PairFile {
    /// Where it is.
    pub path: PathBuf,
    /// The server it is for.
    pub kind: Kind,
    /// In the file's order of names.
    pub pairs: Vec<(String, Pair)>,
}

/// Two schemas. Keys that only say what another tool prints are not read.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Pair {
    /// Where the plan starts; empty: no object.
    #[serde(default)]
    pub current: String,
    /// Where it ends.
    #[serde(default)]
    pub desired: String,
    /// The servers of this family that it is for: `mysql`, `!mariadb`.
    pub flavor: Option<String>,
    /// It is about a text without a server.
    #[serde(default)]
    pub offline: bool,
    /// The other tool refuses it; so may a server.
    pub error: Option<serde_yaml_ng::Value>,
}

impl Pair {
    /// Why it is not for the server at hand.
    #[must_use]
    pub fn elsewhere(&self, kind: Kind) -> Option<String> {
        let here = match kind {
            Kind::MariaDb => "mariadb",
            Kind::Postgres | Kind::PgBouncer => "postgres",
            Kind::Sqlite => "sqlite",
        };
        let flavor = self.flavor.as_deref()?;
        let meant = match flavor.strip_prefix('!') {
            Some(not) => not != here,
            None => flavor == here,
        };
        (!meant).then(|| format!("for {flavor}"))
    }
}

/// Reads every pair file under a folder, or the one file.
///
/// # Errors
/// A file that cannot be read, is no map of pairs, or whose path names no server.
pub fn read(path: &Path) -> Result<Vec<PairFile>, String> {
    let mut paths = Vec::new();
    collect(path, &mut paths).map_err(|error| format!("{}: {error}", path.display()))?;
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

fn collect(path: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        paths.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let yaml = path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        if path.is_dir() || yaml {
            collect(&path, paths)?;
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<PairFile, String> {
    let problem = |problem: String| format!("{}: {problem}", path.display());
    let text = fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    let pairs: BTreeMap<String, Pair> =
        serde_yaml_ng::from_str(&text).map_err(|error| problem(error.to_string()))?;
    let kind = kind_of(path)
        .ok_or_else(|| problem("no part of the path names sqlite, psql or mysql".to_owned()))?;
    Ok(PairFile { path: path.to_owned(), kind, pairs: pairs.into_iter().collect() })
}

/// The server that a path names, its last part first.
#[must_use]
pub fn kind_of(path: &Path) -> Option<Kind> {
    let part = |part: std::path::Component<'_>| {
        let name = part.as_os_str().to_string_lossy().to_lowercase();
        let words = [
            ("sqlite", Kind::Sqlite),
            ("psql", Kind::Postgres),
            ("postgres", Kind::Postgres),
            ("mysql", Kind::MariaDb),
            ("mariadb", Kind::MariaDb),
        ];
        words.into_iter().find(|(word, _)| name.contains(word)).map(|(_, kind)| kind)
    };
    path.components().rev().find_map(part)
}
