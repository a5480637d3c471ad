//! The queries that a revision has: in its Rust sources, and in what `cargo sqlx prepare` wrote
//! of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use xtask_db_lint::{Place, Reads, Source, queries};
use xtask_db_sql::{Dialect, Position};

use super::Unproved;
use crate::git::{Commit, Git};

/// A file as long as this has no query that a person wrote.
const FILE_MAX: usize = 4 << 20;
/// More queries are not tried.
const QUERIES_MAX: usize = 10_000;
/// Folders whose code is not deployed.
const NOT_DEPLOYED: [&str; 3] = ["tests", "benches", "examples"];

/// A query of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) reads: Reads,
}

/// What a revision has.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) queries: Vec<Query>,
    pub(super) unread: Vec<Unproved>,
    /// Texts by path.
    pub(super) texts: BTreeMap<String, String>,
}

/// What sqlx writes; only what is needed here.
#[derive(Debug, Deserialize)]
struct Kept {
    db_name: String,
    query: String,
}

/// The queries below a folder at a commit.
/// Their places are told from `here`, as the paths of migrations are.
pub(super) fn read(
    (git, commit): (&Git, &Commit),
    folder: &Path,
    here: &Path,
    dialect: Dialect,
) -> Found {
    let above = git.relative(&here.join("any")).unwrap_or_default();
    let above = above.strip_suffix("any").unwrap_or_default();
    let shown = |path: &str| path.strip_prefix(above).unwrap_or(path).to_owned();
    let listed = git.tree(commit, folder);
    let paths: BTreeSet<&str> = listed.iter().map(|(path, _)| path.as_str()).collect();
    let wanted: Vec<&(String, String)> =
        listed.iter().filter(|(path, _)| is_source(path) || is_kept(path)).collect();
    let objects: Vec<&str> = wanted.iter().map(|(_, object)| object.as_str()).collect();
    let mut found = Found::default();
    let mut kept = Vec::new();
    for ((path, _), bytes) in wanted.iter().zip(git.contents(&objects)) {
        let Some(text) = bytes.filter(|bytes| bytes.len() < FILE_MAX) else { continue };
        let Ok(text) = String::from_utf8(text) else { continue };
        if is_kept(path) {
            kept.push((shown(path), text));
        } else if text.contains("query") {
            found.source(&shown(path), text, |file| {
                of_file(git, commit, &listed, &paths, path, file)
            });
        }
    }
    found.kept(kept, dialect);
    found.queries.truncate(QUERIES_MAX);
    found
}

impl Found {
    /// The queries of a Rust source.
    fn source(&mut self, path: &str, text: String, file: impl Fn(&str) -> Option<String>) {
        let Some(written) = queries(&text) else {
            let place = Place { path: path.to_owned(), at: START };
            self.unread.push(Unproved { place, why: "it is not Rust that can be read".to_owned() });
            return;
        };
        if written.is_empty() {
            return;
        }
        for one in written {
            let place = Place { path: path.to_owned(), at: one.at };
            let text = match one.source {
                Source::Text => Some(one.text),
                Source::File => file(&one.text),
            };
            match text {
                Some(text) => self.queries.push(Query { text, place, reads: one.reads }),
                None => {
                    let why = "the file that it names is not in the revision".to_owned();
                    self.unread.push(Unproved { place, why });
                }
            }
        }
        self.texts.insert(path.to_owned(), text);
    }

    /// Those that sqlx kept and no source has as a literal: a macro of the project's own has them.
    fn kept(&mut self, kept: Vec<(String, String)>, dialect: Dialect) {
        let own: BTreeSet<&str> = self.queries.iter().map(|query| query.text.as_str()).collect();
        let mut more = Vec::new();
        for (path, text) in kept {
            let Ok(kept) = serde_json::from_str::<Kept>(&text) else { continue };
            if !is_of(&kept.db_name, dialect) || own.contains(kept.query.as_str()) {
                continue;
            }
            let place = Place { path: path.clone(), at: START };
            more.push((Query { text: kept.query, place, reads: Reads::Checked }, path, text));
        }
        for (query, path, text) in more {
            self.queries.push(query);
            self.texts.insert(path, text);
        }
    }
}

const START: Position = Position { line: 1, column: 1 };

fn is_of(db_name: &str, dialect: Dialect) -> bool {
    db_name
        == match dialect {
            Dialect::Postgres => "PostgreSQL",
            Dialect::Mysql => "MySQL",
            Dialect::Sqlite => "SQLite",
        }
}

fn is_source(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    path.ends_with(".rs") && !folders.any(|folder| NOT_DEPLOYED.contains(&folder))
}

fn is_kept(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    name.starts_with("query-") && name.ends_with(".json") && parts.next() == Some(".sqlx")
}

/// The text of a file that a macro names: from the folder of the source's manifest.
fn of_file(
    git: &Git,
    commit: &Commit,
    listed: &[(String, String)],
    paths: &BTreeSet<&str>,
    source: &str,
    file: &str,
) -> Option<String> {
    let folders = std::iter::successors(Path::new(source).parent(), |folder| folder.parent());
    let manifest = |folder: &&Path| {
        folder.join("Cargo.toml").to_str().is_some_and(|path| paths.contains(path))
    };
    let mut folders = folders.collect::<Vec<_>>().into_iter();
    let base = folders.find(manifest).unwrap_or(Path::new(""));
    let mut parts: Vec<&str> = base.iter().filter_map(|part| part.to_str()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let object =
        listed.iter().find(|(listed, _)| *listed == path).map(|(_, object)| object.clone());
    let bytes = match object {
        Some(object) => git.blob(&object)?,
        // beside the folder that is listed
        None => git.at_path(commit, &path)?,
    };
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::tests::Scratch;

    #[test]
    fn a_revision_is_read_not_the_working_tree() {
        let scratch = Scratch::new();
        scratch.write("app/Cargo.toml", "");
        scratch.write("app/queries/a.sql", "SELECT 2");
        scratch.write(
            "app/src/ü b.rs",
            "fn f() { query!(\"SELECT 1\"); query_file!(\"queries/a.sql\") }",
        );
        scratch.write("app/src/broken.rs", "fn query( {");
        scratch.write("app/src/missing.rs", "fn f() { query_file!(\"no.sql\") }");
        scratch.write("app/tests/it.rs", "fn f() { query!(\"SELECT 9\") }");
        let kept =
            |db: &str, query: &str| format!("{{\"db_name\":\"{db}\",\"query\":\"{query}\"}}");
        scratch.write(".sqlx/query-1.json", &kept("SQLite", "SELECT 1"));
        scratch.write(".sqlx/query-2.json", &kept("SQLite", "SELECT 3"));
        scratch.write(".sqlx/query-3.json", &kept("MySQL", "SELECT 4"));
        scratch.commit("one");
        scratch.write("app/src/ü b.rs", "fn f() {}");
        let git = scratch.find();
        let commit = git.head().unwrap();
        let found = read((&git, &commit), scratch.dir.path(), scratch.dir.path(), Dialect::Sqlite);
        let shown: Vec<String> = found
            .queries
            .iter()
            .map(|one| format!("{}:{} {}", one.place.path, one.place.at.column, one.text))
            .collect();
        let expected = [
            "app/src/ü b.rs:17 SELECT 1",
            "app/src/ü b.rs:42 SELECT 2",
            ".sqlx/query-2.json:1 SELECT 3",
        ];
        assert_eq!(shown, expected);
        let unread: Vec<&str> = found.unread.iter().map(|one| one.place.path.as_str()).collect();
        assert_eq!(unread, ["app/src/broken.rs", "app/src/missing.rs"]);
        let below =
            read((&git, &commit), &scratch.path(".sqlx"), scratch.dir.path(), Dialect::Mysql);
        assert_eq!(below.queries.len(), 1);
    }
}
