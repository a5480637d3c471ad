//! Which migrations are looked at.

use std::path::Path;

use xtask_db_history::{Entry, History, LockFile, Migration, MigrationId, SqlFile, canonical};
use xtask_db_lint::Input;

use super::{Proof, Sizes};
use crate::against::lock_file_at;
use crate::context::Context;
use crate::fault::Fault;
use crate::own::Own;

/// What the command line asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Ids, folders of migrations, SQL files.
    pub(crate) named: &'a [String],
    pub(crate) against: Option<&'a str>,
    pub(crate) all: bool,
}

/// Migrations in their order, and the ids of those that are looked at.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) history: History,
    looked_at: Vec<MigrationId>,
    /// SQL files that are no migrations of the history; looked at after it.
    loose: Vec<Migration>,
    /// Why these, for the answer.
    pub(crate) which: String,
    /// What becomes of the queries of the release that is running.
    pub(crate) proof: Option<Proof>,
    /// How large tables are, where no database says it.
    pub(crate) sizes: Option<Sizes>,
}

impl Chosen {
    /// Pending migrations of a database.
    pub(crate) fn of(history: History, looked_at: Vec<MigrationId>) -> Self {
        Self {
            history,
            looked_at,
            loose: Vec::new(),
            which: "pending".to_owned(),
            proof: None,
            sizes: None,
        }
    }

    /// The same with what the proof found.
    pub(crate) fn with(self, proof: Option<Proof>) -> Self {
        Self { proof, ..self }
    }

    /// For the rules.
    pub(crate) fn inputs(&self) -> Vec<Input<'_>> {
        let history = self.history.migrations.iter();
        let of_history = history
            .map(|migration| Input { migration, look: self.looked_at.contains(&migration.id) });
        let loose = self.loose.iter().map(|migration| Input { migration, look: true });
        of_history.chain(loose).collect()
    }

    /// How many are looked at.
    pub(crate) fn count(&self) -> usize {
        self.looked_at.len() + self.loose.len()
    }

    /// The text of a file that is looked at, or has a query.
    pub(crate) fn text(&self, path: &str) -> &str {
        let migrations = self.history.migrations.iter().chain(&self.loose);
        let mut files = migrations.flat_map(|one| [Some(&one.up), one.backfill.as_ref()]).flatten();
        let migration = files.find(|file| file.path == path).map(|file| &*file.text);
        let source = || self.proof.as_ref()?.sources.get(path).map(String::as_str);
        migration.or_else(source).unwrap_or_default()
    }

    /// A sealed migration's text is fixed.
    pub(crate) fn is_sealed(&self, id: &str) -> bool {
        let entry = id.parse().ok().and_then(|id: MigrationId| self.history.lock.entry(&id));
        matches!(entry, Some(Entry::Sealed(_)))
    }
}

/// Reads the history and picks.
pub(crate) fn choose(context: &Context, wish: Wish<'_>) -> Result<Chosen, Fault> {
    let sizes = Sizes::read(context.project()?)?;
    Ok(Chosen { sizes, ..pick(context, wish)? })
}

fn pick(context: &Context, wish: Wish<'_>) -> Result<Chosen, Fault> {
    let history = context.history()?;
    let of = |pick: &dyn Fn(&MigrationId) -> bool| -> Vec<MigrationId> {
        let ids = history.migrations.iter().map(|migration| &migration.id);
        ids.filter(|id| pick(id)).cloned().collect()
    };
    if !wish.named.is_empty() {
        let (looked_at, loose) = named(context, &history, wish.named)?;
        return Ok(Chosen {
            history,
            looked_at,
            loose,
            which: "named".to_owned(),
            proof: None,
            sizes: None,
        });
    }
    let (looked_at, which) = if wish.all {
        (of(&|_| true), "all".to_owned())
    } else if let Some(rev) = wish.against {
        let base = lock_file_at(&context.migrations()?, rev)?;
        (of(&|id| !has(base.as_ref(), id)), format!("not in {rev}"))
    } else {
        let own = Own::read(&context.migrations()?, None);
        let draft = |id: &MigrationId| {
            !matches!(history.lock.entry(id), Some(Entry::Sealed(_))) || own.is_own(id)
        };
        (of(&draft), "drafts, and what only this branch has".to_owned())
    };
    Ok(Chosen { history, looked_at, loose: Vec::new(), which, proof: None, sizes: None })
}

fn has(lock: Option<&LockFile>, id: &MigrationId) -> bool {
    let entry = lock.and_then(|lock| lock.entry(id));
    matches!(entry, Some(Entry::Sealed(_) | Entry::Draft(_)))
}

fn named(
    context: &Context,
    history: &History,
    names: &[String],
) -> Result<(Vec<MigrationId>, Vec<Migration>), Fault> {
    let mut ids = Vec::new();
    let mut loose = Vec::new();
    for name in names {
        let path = context.folder.join(name);
        if let Some(id) = by_id(history, name)? {
            ids.push(id);
        } else if let Some(id) = by_path(context, history, &path) {
            ids.push(id);
        } else if path.is_file() {
            loose.push(read(name, &path)?);
        } else {
            return Err(Fault::NoMigration { id: name.clone() });
        }
    }
    Ok((ids, loose))
}

/// The whole id, or a start that only one has.
fn by_id(history: &History, name: &str) -> Result<Option<MigrationId>, Fault> {
    let ids: Vec<&MigrationId> = history.migrations.iter().map(|one| &one.id).collect();
    if let Some(id) = ids.iter().find(|id| id.as_str() == name) {
        return Ok(Some((*id).clone()));
    }
    let mut starts = ids.into_iter().filter(|id| id.as_str().starts_with(name));
    match (starts.next(), starts.next()) {
        (Some(one), Some(other)) => {
            Err(Fault::Usage(format!("{name} is the start of several ids: {one}, {other}")))
        }
        (one, _) => Ok(one.cloned()),
    }
}

/// A migration's folder, or a file in it.
fn by_path(context: &Context, history: &History, path: &Path) -> Option<MigrationId> {
    let root = context.migrations().ok()?.canonicalize().ok()?;
    let within = path.canonicalize().ok()?;
    let folder = within.strip_prefix(root).ok()?.iter().next()?.to_str()?;
    history.migrations.iter().map(|one| &one.id).find(|id| id.as_str() == folder).cloned()
}

fn read(name: &str, path: &Path) -> Result<Migration, Fault> {
    let bytes =
        std::fs::read(path).map_err(|source| Fault::Io { path: path.to_owned(), source })?;
    let text = canonical(&bytes).map_err(|problem| Fault::Usage(format!("{name}: {problem}")))?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("file");
    // a file outside of the history needs no version
    let id = stem.parse().or_else(|_| format!("0_{stem}").parse());
    let id: MigrationId = id.map_err(|problem| Fault::Name { name: stem.to_owned(), problem })?;
    let text = text.into_owned();
    Ok(Migration {
        id,
        checksum: xtask_db_history::Checksum::of(&text),
        up: SqlFile { path: name.to_owned().into(), text: text.into() },
        down: None,
        verify: None,
        backfill: None,
        readme: None,
    })
}
