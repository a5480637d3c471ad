//! Which backup is meant, and that it is what its record says.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use xtask_db_engine::DbUrl;
use xtask_db_sql::Dialect;

use super::store::record_of;
use super::{BackupFault, Form, Record, Store, files};
use crate::context::Context;
use crate::fault::Fault;

/// The word for the newest backup of the database.
const LATEST: &str = "latest";
/// How a custom archive of `pg_dump` starts.
const PG_MAGIC: &[u8] = b"PGDMP";
/// How an SQLite file starts (sqlite.org/fileformat2.html).
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// A backup that was chosen.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) path: PathBuf,
    pub(crate) form: Form,
    /// None: a file that this tool did not make.
    pub(crate) record: Option<Record>,
}

impl Chosen {
    /// The file's name.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Refuses a server of another family.
    pub(crate) fn fits(&self, url: &DbUrl) -> Result<(), Fault> {
        if self.form == Form::of(url.dialect()) {
            return Ok(());
        }
        let of = match self.form {
            Form::PgDump => Dialect::Postgres,
            Form::Sql => Dialect::Mysql,
            Form::Sqlite | Form::Command => Dialect::Sqlite,
        };
        let what = format!("{} is a backup of {of}, the URL is of {}", self.name(), url.dialect());
        Err(BackupFault::NoBackup { what }.into())
    }
}

/// Finds a backup: `latest`, a name in the folder, or a path. `unrecorded`: one without a record
/// is taken all the same.
pub(crate) fn choose(
    context: &Context,
    store: &Store,
    name: &str,
    unrecorded: bool,
) -> Result<Chosen, Fault> {
    let path = match name {
        LATEST => latest(context, store)?,
        name => named(context, store, name)?,
    };
    let record = recorded(&path)?;
    if record.is_none() && !unrecorded {
        return Err(altered(&path, "it has no record; --unrecorded takes it all the same"));
    }
    if let Some(record) = &record {
        whole(&path, record).map_err(|problem| altered(&path, &problem))?;
    }
    let form = form(&path)?;
    if record.as_ref().is_some_and(|record| record.form != form && record.form != Form::Command) {
        return Err(altered(&path, "it is of another kind than its record says"));
    }
    Ok(Chosen { path, form, record })
}

/// The newest backup of the database that can be restored.
fn latest(context: &Context, store: &Store) -> Result<PathBuf, Fault> {
    let url = context.database()?.value;
    let (provider, host, database) = (url.dialect().provider(), url.host(), url.database());
    let list = store.list();
    let list = list.map_err(|source| Fault::Io { path: store.folder.clone(), source })?;
    let of_this = |record: &Record| record.is_of(provider, &host, &database);
    let newest =
        list.into_iter().find(|kept| kept.there && kept.record.as_ref().is_ok_and(of_this));
    newest.map(|kept| kept.path).ok_or_else(|| {
        let folder = context.shown(&store.folder).display().to_string();
        BackupFault::NoBackup { what: format!("{folder} has no backup of {database}") }.into()
    })
}

fn named(context: &Context, store: &Store, name: &str) -> Result<PathBuf, Fault> {
    let places = [store.folder.join(name), context.folder.join(name)];
    let found = places.iter().find(|path| path.is_file()).cloned();
    if let Some(path) = found {
        return Ok(path);
    }
    let what =
        match Record::parse(&std::fs::read_to_string(record_of(&places[0])).unwrap_or_default()) {
            Ok(Record { said: Some(said), .. }) => {
                format!("{name} is kept by the provider as {said}, and is brought back there")
            }
            _ => format!("there is no backup {name}"),
        };
    Err(BackupFault::NoBackup { what }.into())
}

fn recorded(path: &Path) -> Result<Option<Record>, Fault> {
    let beside = record_of(path);
    let text = match std::fs::read_to_string(&beside) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Fault::Io { path: beside, source }),
    };
    Record::parse(&text).map(Some).map_err(|unreadable| altered(path, &unreadable.to_string()))
}

/// Its bytes are those that were recorded; else what differs.
pub(crate) fn whole(path: &Path, record: &Record) -> Result<(), String> {
    let (sha256, size) = files::hash(path).map_err(|error| error.to_string())?;
    if size != record.size_bytes {
        return Err(format!("it has {size} bytes, its record says {}", record.size_bytes));
    }
    if sha256 != record.sha256 {
        return Err(format!("its sha256 is {sha256}, its record says {}", record.sha256));
    }
    Ok(())
}

/// What a file is, by its first bytes.
fn form(path: &Path) -> Result<Form, Fault> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    read.map_err(|source| Fault::Io { path: path.to_owned(), source })?;
    if head.starts_with(PG_MAGIC) {
        return Ok(Form::PgDump);
    }
    if head.starts_with(SQLITE_MAGIC) {
        return Ok(Form::Sqlite);
    }
    let text = String::from_utf8_lossy(&head);
    if ["-- MariaDB dump ", "-- MySQL dump "].iter().any(|start| text.contains(start)) {
        return Ok(Form::Sql);
    }
    Err(altered(path, "it is no dump of pg_dump, mariadb-dump or mysqldump, and no SQLite file"))
}

fn altered(path: &Path, problem: &str) -> Fault {
    BackupFault::Altered { path: path.to_owned(), problem: problem.to_owned() }.into()
}
