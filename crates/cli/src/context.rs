//! What a command is given: the project, the output, the clock, the terminal.
//!
//! Invariant: the environment, the working directory and the clock are read here and nowhere else.

use std::cell::OnceCell;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use xtask_db_engine::{Actor, Session, SessionOptions};
use xtask_db_history::{History, LOCK_FILE, LockError, LockFile, read_folder};
use xtask_db_sql::Dialect;

use crate::args::Global;
use crate::config::{Project, Setting, Variables};
use crate::fault::Fault;
use crate::output::Output;
use crate::progress::Progress;

/// The tool's version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a command is given.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) output: Output,
    /// Somebody can be asked: stdin and stderr are terminals, and no CI variable is set.
    pub(crate) interactive: bool,
    pub(crate) folder: PathBuf,
    /// Migrations that an application embeds, in place of a folder.
    pub(crate) embedded: Option<History>,
    variables: Variables,
    project: OnceCell<Project>,
}

impl Context {
    /// Reads the process.
    pub(crate) fn new(global: Global, embedded: Option<History>) -> Result<Self, Fault> {
        let folder = std::env::current_dir()
            .map_err(|source| Fault::Io { path: PathBuf::from("."), source })?;
        let process = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let variables = Variables { process, dotenv: dotenv(&folder)? };
        let ci = ["CI", "GITHUB_ACTIONS", "BUILD_NUMBER"]
            .iter()
            .any(|name| variables.process(name).is_some_and(|value| value != "false"));
        let terminals = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let output = Output {
            json: global.json,
            quiet: global.quiet,
            github: variables.process("GITHUB_ACTIONS") == Some("true"),
        };
        let interactive = terminals && !ci;
        let project = OnceCell::new();
        Ok(Self { global, output, interactive, folder, embedded, variables, project })
    }

    /// The resolved configuration, read when it is first needed.
    pub(crate) fn project(&self) -> Result<&Project, Fault> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let found = Project::find(
            &self.folder,
            &self.global,
            self.variables.clone(),
            self.embedded.is_none(),
        )?;
        Ok(self.project.get_or_init(|| found))
    }

    /// The configuration as it is for another environment.
    pub(crate) fn environment(&self, name: &str) -> Result<Project, Fault> {
        let global = Global { env: Some(name.to_owned()), url: None, ..self.global.clone() };
        let variables = self.variables.clone();
        Ok(Project::find(&self.folder, &global, variables, self.embedded.is_none())?)
    }

    /// A variable of the process; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.process(name)
    }

    /// The folder of the migrations; it must exist.
    pub(crate) fn migrations(&self) -> Result<PathBuf, Fault> {
        let path = self.project()?.migrations();
        if path.is_dir() { Ok(path) } else { Err(Fault::NoFolder { path }) }
    }

    /// A path as messages show it: relative to where the command was started, where it can be.
    pub(crate) fn shown(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.folder).unwrap_or(path).to_owned()
    }

    /// The lock file; none when there is none.
    pub(crate) fn lock_file(&self) -> Result<Option<LockFile>, Fault> {
        let dir = self.migrations()?;
        match LockFile::read(&dir) {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Missing { .. }) => Ok(None),
            Err(problem) => Err(Fault::Lock { path: self.shown(&dir.join(LOCK_FILE)), problem }),
        }
    }

    /// Writes the lock file; one that says the same is left alone.
    pub(crate) fn write_lock(&self, lock: &LockFile) -> Result<(), Fault> {
        let dir = self.migrations()?;
        let path = || self.shown(&dir.join(LOCK_FILE));
        lock.write(&dir).map_err(|problem| Fault::Lock { path: path(), problem })
    }

    /// The migrations and their lock file, from disk or embedded.
    pub(crate) fn history(&self) -> Result<History, Fault> {
        if let Some(history) = &self.embedded {
            return Ok(history.clone());
        }
        let dir = self.migrations()?;
        let migrations = read_folder(&self.shown(&dir)).map_err(Fault::Folder)?;
        let Some(lock) = self.lock_file()? else {
            let path = self.shown(&dir.join(LOCK_FILE));
            return Err(Fault::Lock { path: path.clone(), problem: LockError::Missing { path } });
        };
        Ok(History { migrations, lock })
    }

    /// The database's URL and where it comes from.
    pub(crate) fn url(&self, provider: Dialect) -> Result<Setting<xtask_db_engine::DbUrl>, Fault> {
        self.project()?.url(Some(provider))
    }

    /// The database, for commands that need no migrations: the lock file names its kind when there
    /// is one.
    pub(crate) fn database(&self) -> Result<Setting<xtask_db_engine::DbUrl>, Fault> {
        let provider = self.known_lock()?.map(|lock| lock.provider);
        self.project()?.url(provider)
    }

    /// The ledger's table.
    pub(crate) fn ledger(&self) -> Result<String, Fault> {
        let known = self.known_lock()?.map(|lock| lock.table);
        known.map_or_else(|| Ok(self.project()?.history_table()), Ok)
    }

    /// The lock file, when there are a folder and a lock file.
    fn known_lock(&self) -> Result<Option<LockFile>, Fault> {
        if let Some(history) = &self.embedded {
            return Ok(Some(history.lock.clone()));
        }
        match self.project()?.migrations().is_dir() {
            true => self.lock_file(),
            false => Ok(None),
        }
    }

    /// Opens a session for a command that only reads.
    pub(crate) async fn open(&self, history: &History) -> Result<Session, Fault> {
        let url = self.url(history.dialect())?;
        Ok(Session::open(&url.value, &history.lock.table, &self.session()?).await?)
    }

    /// Opens a session for a command that writes, and says where it goes.
    pub(crate) async fn open_to_write(&self, history: &History) -> Result<Session, Fault> {
        let url = self.url(history.dialect())?;
        self.say_where(&url)?;
        Ok(Session::open(&url.value, &history.lock.table, &self.session()?).await?)
    }

    /// Says which database is meant.
    pub(crate) fn say_where(&self, url: &Setting<xtask_db_engine::DbUrl>) -> Result<(), Fault> {
        let environment = match &self.project()?.environment {
            Some(environment) => format!(", environment {}", environment.value),
            None => String::new(),
        };
        self.output.whisper(format!(
            "database {} on {}{environment} (from {})",
            url.value.database(),
            url.value.host(),
            url.origin
        ));
        Ok(())
    }

    /// How sessions are set up.
    pub(crate) fn session(&self) -> Result<SessionOptions, Fault> {
        Ok(self.project()?.session()?)
    }

    /// Who does it, for the holder row and the audit row.
    pub(crate) fn actor(&self, command: &str) -> Actor {
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| self.variable(name));
        let host = std::fs::read_to_string("/etc/hostname").ok();
        let host = self.variable("HOSTNAME").or(host.as_deref()).unwrap_or("unknown host").trim();
        let pid = std::process::id();
        Actor {
            command: command.to_owned(),
            who: format!("{}@{host} pid {pid} ({command})", user.unwrap_or("unknown")),
            tool: format!("xtask-db {VERSION}"),
        }
    }

    /// Shows what happens.
    pub(crate) fn progress(&self) -> Progress {
        let moving = std::io::stderr().is_terminal() && self.interactive && !self.output.json;
        Progress::new(self.output, moving)
    }

    /// Now.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// The nearest `.env`, read and not put into the process.
fn dotenv(folder: &Path) -> Result<std::collections::BTreeMap<String, String>, Fault> {
    let found = folder.ancestors().map(|folder| folder.join(".env")).find(|path| path.is_file());
    let Some(path) = found else { return Ok(Default::default()) };
    let refuse =
        |said: String| Fault::Config(crate::fault::ConfigFault::File { path: path.clone(), said });
    let items = dotenvy::from_path_iter(&path).map_err(|error| refuse(error.to_string()))?;
    // The parser's error quotes the line, which may hold a password.
    items.collect::<Result<_, _>>().map_err(|_| refuse("a line is not NAME=VALUE".to_owned()))
}
