//! The files of a workspace that `init` looks at, as values.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::{Problem, Request};
use crate::place::at;

/// Texts by path, relative to the workspace's root; what is not there has no entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// The texts.
    pub(crate) texts: BTreeMap<String, String>,
    /// The workspace's members: name to folder, `""` for the root.
    pub(crate) members: BTreeMap<String, String>,
    /// The migrations folder has something in it that another tool made.
    pub(crate) other_tool: Option<&'static str>,
}

impl Tree {
    /// Reads what is there. `members` come from cargo.
    pub(crate) fn read(
        root: &Path,
        request: &Request,
        members: BTreeMap<String, String>,
    ) -> Result<Self, Problem> {
        let mut paths: Vec<String> = [
            "Cargo.toml",
            ".cargo/config.toml",
            ".cargo/config",
            ".gitattributes",
            ".gitignore",
            "xtask/Cargo.toml",
            "xtask/src/main.rs",
        ]
        .map(str::to_owned)
        .to_vec();
        paths.push(format!("{}/migrations.lock", request.migrations));
        paths.extend(members.values().filter(|dir| !dir.is_empty()).map(|dir| manifest_of(dir)));
        paths.extend(docker_files(root).map_err(io_problem)?);
        let mut texts = BTreeMap::new();
        for path in paths {
            match fs::read_to_string(root.join(&path)) {
                Ok(text) => _ = texts.insert(path, text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_problem(at(&root.join(&path), error))),
            }
        }
        let other_tool = other_tool(&root.join(&request.migrations));
        Ok(Self { texts, members, other_tool })
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }
}

/// The manifest of a member in this folder.
pub(super) fn manifest_of(dir: &str) -> String {
    if dir.is_empty() { "Cargo.toml".to_owned() } else { format!("{dir}/Cargo.toml") }
}

/// A file system fault as a problem.
pub(super) fn io_problem(error: io::Error) -> Problem {
    Problem::Io { problem: error.to_string() }
}

/// `.dockerignore`, and `Dockerfile.dockerignore` and the like.
fn docker_files(root: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(root).map_err(|error| at(root, error))?.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.ends_with(".dockerignore").then_some(name)
    });
    Ok(names.collect())
}

/// Which tool made what is in the migrations folder, when it was none of ours.
fn other_tool(dir: &Path) -> Option<&'static str> {
    if dir.join("migration_lock.toml").exists() {
        return Some("prisma");
    }
    let entries = fs::read_dir(dir).ok()?.filter_map(Result::ok);
    entries.map(|entry| entry.path()).find_map(|path| {
        if path.join("up.sql").exists() {
            Some("diesel")
        } else if path.is_file() && path.extension().is_some_and(|extension| extension == "sql") {
            Some("sqlx")
        } else {
            None
        }
    })
}
