//! Commands of the configuration: generators and `seed-command`, run by the system's shell.
//!
//! Invariant: nothing that such a command prints reaches stdout, which is this tool's answer.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use xshell::{Cmd, Shell, cmd};
use xtask_db_sql::Dialect;

use crate::config::Project;
use crate::context::Context;
use crate::fault::Fault;

/// A command and what it is run with.
#[derive(Debug, Clone)]
pub(crate) struct External {
    /// As the configuration has it.
    pub(crate) command: String,
    folder: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl External {
    /// The command, run in the folder of the manifest. `DATABASE_URL` is the database this run is
    /// about: `cargo sqlx prepare` and seeding programs read it.
    pub(crate) fn new(context: &Context, provider: Dialect, command: &str) -> Result<Self, Fault> {
        let project = context.project()?;
        let mut variables = Vec::new();
        if let Some(url) = url_text(project, provider)? {
            variables.push(("DATABASE_URL", url));
        }
        if let Some(environment) = &project.environment {
            variables.push(("XTASK_DB_ENV", environment.value.clone()));
        }
        let folder = project.root.clone();
        Ok(Self { command: command.to_owned(), folder, variables })
    }

    /// Runs it to its end. The error is how it ended, e.g. `exit status: 101`.
    pub(crate) async fn run(&self) -> Result<(), String> {
        let external = self.clone();
        // A thread of its own: Ctrl-C is heard meanwhile.
        match tokio::task::spawn_blocking(move || external.wait()).await {
            Ok(done) => done,
            Err(_) => Err("it could not be waited for".to_owned()),
        }
    }

    /// Runs it to its end and returns what it printed on stdout. `file` is where it may write a
    /// backup, named by `XTASK_DB_BACKUP_FILE`.
    pub(crate) async fn answer(&self, file: &Path) -> Result<String, String> {
        let mut external = self.clone();
        external.variables.push(("XTASK_DB_BACKUP_FILE", file.display().to_string()));
        let asked = tokio::task::spawn_blocking(move || {
            let mut process = external.process()?;
            let output = process.stderr(Stdio::inherit()).output();
            let output = output.map_err(|error| error.to_string())?;
            match output.status.success() {
                true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
                false => Err(output.status.to_string()),
            }
        });
        asked.await.unwrap_or_else(|_| Err("it could not be waited for".to_owned()))
    }

    fn wait(&self) -> Result<(), String> {
        match self.process()?.stdout(io::stderr()).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(status.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn process(&self) -> Result<Command, String> {
        let shell = Shell::new().map_err(|error| error.to_string())?;
        shell.change_dir(Path::new(&self.folder));
        let mut process = Command::from(of_system(&shell, &self.command));
        for (name, value) in &self.variables {
            process.env(name, value);
        }
        Ok(process)
    }
}

/// The text of the database's URL, as this run found it; none when the process has it already.
fn url_text(project: &Project, provider: Dialect) -> Result<Option<String>, Fault> {
    let by_default = project.environment.is_none();
    if let Some(raw) = project.text("url") {
        let (url, _) = project.variables.expand(&raw.value, &raw.origin, by_default)?;
        return Ok(Some(url));
    }
    let variable = project.variables.any("DATABASE_URL").map(|(url, _)| url.to_owned());
    let file = (provider == Dialect::Sqlite).then(|| "sqlite:dev.db".to_owned());
    Ok(variable.or(file))
}

#[cfg(unix)]
fn of_system<'a>(shell: &'a Shell, command: &str) -> Cmd<'a> {
    cmd!(shell, "sh -c {command}")
}

#[cfg(not(unix))]
fn of_system<'a>(shell: &'a Shell, command: &str) -> Cmd<'a> {
    cmd!(shell, "cmd /C {command}")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn check(command: &str, expected: Result<(), &str>) {
        let folder = tempfile::tempdir().unwrap();
        let variables = vec![("DATABASE_URL", "sqlite:a b.db".to_owned())];
        let command = command.to_owned();
        let external = External { command, folder: folder.path().to_owned(), variables };
        let done = external.run().await;
        assert_eq!(done.map_err(|said| said.trim().to_owned()), expected.map_err(str::to_owned));
    }

    #[tokio::test]
    async fn the_shell_runs_it_and_its_end_is_told() {
        check("test \"$DATABASE_URL\" = 'sqlite:a b.db' && touch x && test -f x", Ok(())).await;
        check("exit 3", Err("exit status: 3")).await;
        check("no-such-program-here 2>/dev/null", Err("exit status: 127")).await;
    }
}
