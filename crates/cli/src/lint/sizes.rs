//! The file in which `stats` leaves the sizes of a database, for `lint` where there is none.
//!
//! Invariant: a table that was empty when the file was written is not taken for empty: it may have
//! rows since.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xtask_db_engine::TableSize;
use xtask_db_lint::{Name, Question};
use xtask_db_sql::Dialect;

use crate::config::Project;
use crate::fault::{ConfigFault, Fault};

/// The file, unless the configuration names another.
const FILE: &str = "db-stats.json";
/// The format of the file.
const VERSION: u32 = 1;
/// Sizes that are older are told to be.
const AGE_MAX_DAYS: i64 = 90;

/// The sizes of a database at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sizes {
    version: u32,
    /// The environment; none when a URL was named.
    pub(crate) environment: Option<String>,
    /// `postgresql 15.3`, as the configuration has it.
    pub(crate) server: String,
    pub(crate) written_at: Timestamp,
    pub(crate) tables: Vec<Size>,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Size {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
    pub(crate) rows: Option<u64>,
    pub(crate) bytes: Option<u64>,
}

/// Where the file is.
pub(crate) fn path(project: &Project) -> PathBuf {
    let setting = project.lint();
    let named = setting.as_ref().and_then(|lint| lint.value.get("stats").and_then(Value::as_str));
    project.root.join(named.unwrap_or(FILE))
}

impl Sizes {
    pub(crate) fn new(
        environment: Option<String>,
        server: String,
        written_at: Timestamp,
        tables: Vec<TableSize>,
    ) -> Self {
        let size = |one: TableSize| Size {
            schema: one.schema,
            name: one.name,
            rows: one.rows,
            bytes: one.bytes,
        };
        let tables = tables.into_iter().map(size).collect();
        Self { version: VERSION, environment, server, written_at, tables }
    }

    /// The project's; none when there is no file.
    pub(crate) fn read(project: &Project) -> Result<Option<Self>, Fault> {
        let path = path(project);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Fault::Io { path, source }),
        };
        let refused = |said: String| ConfigFault::Sizes { path: path.clone(), said };
        let unreadable = |error: serde_json::Error| refused(error.to_string());
        let object: Value = serde_json::from_str(&text).map_err(unreadable)?;
        match object["version"].as_u64() {
            Some(version) if version > VERSION.into() => {
                let said = format!("format {version} is of a later version of the tool");
                Err(refused(said).into())
            }
            _ => Ok(Some(serde_json::from_value(object).map_err(unreadable)?)),
        }
    }

    /// A table a line, so that a difference can be read.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Fault> {
        let io = |source: std::io::Error| Fault::Io { path: path.to_owned(), source };
        let json = |value: Result<String, serde_json::Error>| value.map_err(|e| io(e.into()));
        let head = json(serde_json::to_string(&Self { tables: Vec::new(), ..self.clone() }))?;
        let tables: Result<Vec<String>, Fault> =
            self.tables.iter().map(|table| json(serde_json::to_string(table))).collect();
        let head = head.strip_suffix("]}").unwrap_or(&head);
        let text = format!("{head}\n{}\n]}}\n", tables?.join(",\n"));
        fs::write(path, text).map_err(io)
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, question: &Question, dialect: Dialect) -> Option<u64> {
        let Question::Rows { table } = question else { return None };
        let named =
            |one: &&Size| Name::of_catalog(one.schema.as_deref(), &one.name, dialect) == *table;
        self.tables.iter().find(named)?.rows.map(|rows| rows.max(1))
    }

    /// `sizes of production, 12 days old`.
    pub(crate) fn summary(&self, now: Timestamp) -> String {
        let of = self.environment.as_deref().unwrap_or("a database");
        let days = (now.as_second() - self.written_at.as_second()) / (24 * 60 * 60);
        let old = match days {
            ..=0 => "of today".to_owned(),
            1 => "1 day old".to_owned(),
            days if days > AGE_MAX_DAYS => format!("{days} days old: write them again with stats"),
            days => format!("{days} days old"),
        };
        format!("sizes of {of} ({}), {old}", self.server)
    }
}
