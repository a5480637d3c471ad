//! Seeds: the files, their order, and how they are run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use xtask_db_engine::{Session, run_script};
use xtask_db_history::canonical;

use crate::context::Context;
use crate::external::External;
use crate::fault::Fault;
use crate::progress::took;
use crate::protect::DEVELOPMENT;

/// What was run.
#[derive(Debug, Default)]
pub(crate) struct Seeded {
    /// Each file and how many statements it has.
    pub(crate) files: Vec<(String, u32)>,
    pub(crate) command: Option<String>,
}

impl Seeded {
    pub(crate) fn json(&self) -> Value {
        let files = self.files.iter();
        json!({
            "files": files.map(|(path, statements)| json!({
                "path": path, "statements": statements,
            })).collect::<Vec<_>>(),
            "command": self.command,
        })
    }
}

/// Runs `seeds/*.sql`, then `seeds/<environment>/*.sql`, then the seed command. The session is
/// closed before the command, so that it finds the database free.
pub(crate) async fn run(context: &Context, mut session: Session) -> Result<Seeded, Fault> {
    let provider = session.dialect();
    let mut seeded = Seeded::default();
    let done = files(context, &mut session, &mut seeded).await;
    session.close().await;
    done?;
    if let Some(setting) = context.project()?.text("seed-command") {
        let command = setting.value;
        context.output.say(format!("seed command: {command}"));
        let done = External::new(context, provider, &command)?.run().await;
        done.map_err(|status| Fault::SeedCommand { command: command.clone(), status })?;
        seeded.command = Some(command);
    }
    Ok(seeded)
}

async fn files(context: &Context, session: &mut Session, seeded: &mut Seeded) -> Result<(), Fault> {
    let project = context.project()?;
    let environment = project.environment.as_ref().map_or(DEVELOPMENT, |env| env.value.as_str());
    let found = find(&project.seeds(), environment)?;
    for path in &found.passed_over {
        let path = context.shown(path);
        context.output.say(format!("passed over {}: only .sql seeds are run", path.display()));
    }
    // Each is read before the first is run.
    let mut texts = Vec::new();
    for path in &found.files {
        texts.push((context.shown(path).display().to_string(), read(path)?));
    }
    for (path, text) in texts {
        let started = Instant::now();
        let mut progress = context.progress();
        progress.begin(&path);
        let statements = run_script(session, &path, &text, &mut progress).await;
        drop(progress);
        let statements = statements?;
        let plural = if statements == 1 { "" } else { "s" };
        let time = took(started.elapsed());
        context.output.say(format!("seeded {path} ({statements} statement{plural}, {time})"));
        seeded.files.push((path, statements));
    }
    Ok(())
}

/// The files of a seeds folder.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// In the order in which they are run.
    files: Vec<PathBuf>,
    passed_over: Vec<PathBuf>,
}

/// The files for every environment by name, then those of one. A folder that is missing is empty.
fn find(folder: &Path, environment: &str) -> Result<Found, Fault> {
    let mut found = Found::default();
    let mut folders = vec![folder.to_owned()];
    if is_plain(environment) {
        folders.push(folder.join(environment));
    }
    for folder in folders {
        let io = |source| Fault::Io { path: folder.clone(), source };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(io)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(io(error)),
        };
        let mut paths: Vec<PathBuf> = entries
            .iter()
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .map(fs::DirEntry::path)
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        for path in paths {
            let sql = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("sql"));
            let data = path.extension().is_some_and(|end| end == "json" || end == "csv");
            match (sql, data) {
                (true, _) => found.files.push(path),
                (false, true) => found.passed_over.push(path),
                (false, false) => {}
            }
        }
    }
    Ok(found)
}

/// A name that is one folder, and not one outside.
fn is_plain(name: &str) -> bool {
    !name.starts_with('.') && !name.is_empty() && !name.contains(['/', '\\', ':', '\0'])
}

fn read(path: &Path) -> Result<String, Fault> {
    let io = |source| Fault::Io { path: path.to_owned(), source };
    let bytes = fs::read(path).map_err(io)?;
    let text = canonical(&bytes);
    let text = text.map_err(|problem| io(io::Error::new(io::ErrorKind::InvalidData, problem)))?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_environment_come_last() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["b.sql", "a.SQL", "notes.md", ".c.sql", "rows.csv", "staging/0.sql"] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let check = |environment: &str, expected: &[&str]| {
            let found = find(root, environment).unwrap();
            let names: Vec<_> = found.files.iter().map(|p| p.strip_prefix(root).unwrap()).collect();
            assert_eq!(names, expected.iter().map(Path::new).collect::<Vec<_>>(), "{environment}");
            assert_eq!(found.passed_over, [root.join("rows.csv")]);
        };
        check("development", &["a.SQL", "b.sql"]);
        check("staging", &["a.SQL", "b.sql", "staging/0.sql"]);
        check("../other", &["a.SQL", "b.sql"]);
        assert_eq!(find(&root.join("none"), "x").unwrap(), Found::default());
    }
}
