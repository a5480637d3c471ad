//! Writes a database to a file, with the server's own program.

use std::process::Command;
use std::time::Duration;

use xtask_db_engine::{Client, DbUrl, Server, Session, SessionOptions, copy_file, unsafe_tables};
use xtask_db_sql::Dialect;

use super::BackupFault;
use super::settings::Settings;
use super::store::Partial;
use super::tool::{Ended, Tool, run};
use super::version::Family;
use crate::fault::Fault;

/// How long `pg_dump` waits for a table that somebody has locked.
const LOCK_WAIT: Duration = Duration::from_secs(60);
/// The largest row that a dump may have; the programs' own limit is lower.
pub(super) const PACKET_MAX: &str = "--max-allowed-packet=1G";

/// What is dumped.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) url: DbUrl,
    pub(super) server: Server,
    pub(super) table: String,
    pub(super) session: SessionOptions,
}

/// Writes the database into the file. Returns what wrote it. `notice` is told what the dump does
/// not hold as of one moment.
pub(super) async fn dump(
    source: &Source,
    settings: &Settings,
    partial: &Partial,
    notice: &mut (dyn FnMut(&str) + Send),
    tick: &mut (dyn FnMut() + Send),
) -> Result<String, Fault> {
    match source.url.dialect() {
        Dialect::Sqlite => {
            copy_file(&source.url, partial.path()).await?;
            Ok(format!("SQLite {}", source.server.version))
        }
        Dialect::Postgres => {
            let tool = pg_dump(source, settings)?;
            wait(&tool, &mut postgres(&tool, source, partial)?, source, tick).await?;
            Ok(tool.said)
        }
        Dialect::Mysql => {
            let tool = mysqldump(source, settings)?;
            for table in not_transactional(source).await? {
                notice(&format!(
                    "{table} is not transactional: its rows may be of another moment than the rest"
                ));
            }
            wait(&tool, &mut mysql(&tool, source, partial)?, source, tick).await?;
            Ok(tool.said)
        }
    }
}

fn pg_dump(source: &Source, settings: &Settings) -> Result<Tool, Fault> {
    Tool::find(&["pg_dump"], settings.tools.as_deref())?.fit(&source.server)
}

fn mysqldump(source: &Source, settings: &Settings) -> Result<Tool, Fault> {
    let names: &[&str] = match source.server.name {
        "MariaDB" => &["mariadb-dump", "mysqldump"],
        _ => &["mysqldump"],
    };
    Tool::find(names, settings.tools.as_deref())?.fit(&source.server)
}

async fn wait(
    tool: &Tool,
    command: &mut Command,
    source: &Source,
    tick: &mut (dyn FnMut() + Send),
) -> Result<(), Fault> {
    let failed =
        |Ended { status, said }| Fault::from(BackupFault::Tool { tool: tool.name(), status, said });
    run(command, &source.url, tick).await.map_err(failed)
}

fn postgres(tool: &Tool, source: &Source, partial: &Partial) -> Result<Command, Fault> {
    let mut command = tool.command()?;
    source.url.point(&mut command, Client::Postgres);
    command
        .args(["--format=custom", "--no-password"])
        .arg(format!("--lock-wait-timeout={}", LOCK_WAIT.as_millis()))
        .arg(format!("--dbname={}", conninfo(&source.url)))
        .stdout(handle(partial)?);
    Ok(command)
}

fn mysql(tool: &Tool, source: &Source, partial: &Partial) -> Result<Command, Fault> {
    let mut command = tool.command()?;
    let client = client(tool);
    source.url.point(&mut command, client);
    command.args([
        "--single-transaction",
        "--quick",
        "--routines",
        "--events",
        "--triggers",
        "--hex-blob",
        "--no-tablespaces",
        "--default-character-set=utf8mb4",
        PACKET_MAX,
    ]);
    if client == Client::MySql {
        // What replication has seen belongs to the server, not to the database.
        command.arg("--set-gtid-purged=OFF");
    }
    command.arg("--").arg(source.url.database()).stdout(handle(partial)?);
    Ok(command)
}

/// Whose options a program of MySQL's kind understands.
pub(super) fn client(tool: &Tool) -> Client {
    if tool.family == Family::MariaDb { Client::MariaDb } else { Client::MySql }
}

/// The database as libpq reads it: a name with `=` in it would be taken for something else.
pub(super) fn conninfo(url: &DbUrl) -> String {
    let name = url.database().replace('\\', "\\\\").replace('\'', "\\'");
    format!("dbname='{name}'")
}

fn handle(partial: &Partial) -> Result<std::fs::File, Fault> {
    partial.handle().map_err(|source| Fault::Io { path: partial.path().to_owned(), source })
}

async fn not_transactional(source: &Source) -> Result<Vec<String>, Fault> {
    let mut session = Session::open(&source.url, &source.table, &source.session).await?;
    let found = unsafe_tables(&mut session).await;
    session.close().await;
    Ok(found?)
}
