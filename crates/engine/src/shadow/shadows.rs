//! The shadows of one command, and what was read from them: a history is replayed once, as far as
//! it is asked for, and not at all where its catalog is kept.
//!
//! Invariant: with a shadow database that was given, only one is in use at a time.

use std::fmt::Write as _;

use xtask_db_history::{Checksum, Migration, MigrationId, SqlFile};
use xtask_db_schema::{Catalog, Online, PlanOptions, migration_text};
use xtask_db_sql::Dialect;

use super::{CatalogCache, Shadow, ShadowOptions, throwaway};
use crate::{DbUrl, Error, Observer, Scope, draft};

/// A catalog, and the statements that were not run to make it: they reach outside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What was found.
    pub catalog: Catalog,
    /// `id: statement`, or `path: statement`.
    pub not_run: Vec<String>,
}

/// Reads the catalogs of histories and schemas. [`Shadows::release`] is its only end.
pub struct Shadows {
    main: DbUrl,
    table: String,
    options: ShadowOptions,
    scope: Scope,
    cache: Option<CatalogCache>,
    /// What the catalogs depend on beside their texts; asked once.
    basis: Option<String>,
    open: Option<Replayed>,
    /// How many migrations were run.
    replayed: usize,
}

/// A shadow with the start of a history on it.
struct Replayed {
    shadow: Shadow,
    done: Vec<(MigrationId, Checksum)>,
    not_run: Vec<String>,
}

impl Shadows {
    /// None is opened yet. `table` is the ledger's name; `cache` is where catalogs are kept.
    #[must_use]
    pub const fn new(
        main: DbUrl,
        table: String,
        options: ShadowOptions,
        scope: Scope,
        cache: Option<CatalogCache>,
    ) -> Self {
        Self { main, table, options, scope, cache, basis: None, open: None, replayed: 0 }
    }

    /// The database family.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.main.dialect()
    }

    /// What is compared.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// How many migrations were run so far: none where every catalog was kept.
    #[must_use]
    pub const fn replayed(&self) -> usize {
        self.replayed
    }

    /// The catalog after these migrations.
    ///
    /// # Errors
    /// See [`Shadow::open`] and [`Shadow::replay`].
    pub async fn history(
        &mut self,
        migrations: &[Migration],
        observer: &mut dyn Observer,
    ) -> Result<Read, Error> {
        let key = self.key("history", migrations.iter().map(of_migration)).await?;
        if let Some(kept) = self.load(key.as_deref()) {
            return Ok(kept);
        }
        let mut replayed = self.replay(migrations, observer).await?;
        let catalog = replayed.shadow.catalog(&self.scope).await;
        let not_run = replayed.not_run.clone();
        self.open = Some(replayed);
        let read = Read { catalog: catalog?, not_run };
        self.store(key.as_deref(), &read);
        Ok(read)
    }

    /// Keeps what is known to be the catalog after these migrations.
    ///
    /// # Errors
    /// The server cannot be asked what it is.
    pub async fn keep(&mut self, migrations: &[Migration], read: &Read) -> Result<(), Error> {
        let key = self.key("history", migrations.iter().map(of_migration)).await?;
        self.store(key.as_deref(), read);
        Ok(())
    }

    /// The catalog that these files of a declared schema make, run in order on an empty database.
    ///
    /// # Errors
    /// See [`Shadow::open`] and [`Shadow::run`].
    pub async fn schema(
        &mut self,
        files: &[SqlFile],
        observer: &mut dyn Observer,
    ) -> Result<Read, Error> {
        let texts = files.iter().map(|file| format!("{}\0{}", file.path, file.text));
        let key = self.key("schema", texts).await?;
        if let Some(kept) = self.load(key.as_deref()) {
            return Ok(kept);
        }
        if self.options.url.is_some() {
            self.release(observer).await;
        }
        let mut shadow = Shadow::open(&self.main, &self.table, &self.options, observer).await?;
        let read = run_schema(&mut shadow, files, &self.scope, observer).await;
        shadow.release(observer).await;
        let read = read?;
        self.store(key.as_deref(), &read);
        Ok(read)
    }

    /// A shadow with these migrations on it, and what was not run. The caller releases it.
    ///
    /// # Errors
    /// See [`Shadow::open`] and [`Shadow::replay`].
    pub async fn take(
        &mut self,
        migrations: &[Migration],
        observer: &mut dyn Observer,
    ) -> Result<Shadow, Error> {
        Ok(self.replay(migrations, observer).await?.shadow)
    }

    /// A shadow on which this catalog was made. The caller releases it.
    ///
    /// # Errors
    /// See [`Shadow::open`]; `Error::NotRemade` when the catalog cannot be made from nothing, as
    /// with what needs objects that are not modelled.
    pub async fn holding(
        &mut self,
        catalog: &Catalog,
        observer: &mut dyn Observer,
    ) -> Result<Shadow, Error> {
        let mut shadow = self.empty(observer).await?;
        match make(&mut shadow, catalog, &self.scope, observer).await {
            Ok(()) => Ok(shadow),
            Err(error) => {
                shadow.release(observer).await;
                Err(error)
            }
        }
    }

    /// An empty shadow beside the others. The caller releases it.
    ///
    /// # Errors
    /// See [`Shadow::open`].
    pub async fn empty(&mut self, observer: &mut dyn Observer) -> Result<Shadow, Error> {
        if self.options.url.is_some() {
            self.release(observer).await;
        }
        Shadow::open(&self.main, &self.table, &self.options, observer).await
    }

    /// Ends what is open.
    pub async fn release(&mut self, observer: &mut dyn Observer) {
        if let Some(replayed) = self.open.take() {
            replayed.shadow.release(observer).await;
        }
    }

    /// Goes on where the open shadow is, when that is on the way. The caller puts it back.
    async fn replay(
        &mut self,
        migrations: &[Migration],
        observer: &mut dyn Observer,
    ) -> Result<Replayed, Error> {
        let wanted: Vec<_> = migrations.iter().map(|one| (one.id.clone(), one.checksum)).collect();
        if !self.open.as_ref().is_some_and(|open| wanted.starts_with(&open.done)) {
            self.release(observer).await;
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                let shadow = Shadow::open(&self.main, &self.table, &self.options, observer).await?;
                Replayed { shadow, done: Vec::new(), not_run: Vec::new() }
            }
        };
        let first = open.done.len();
        let numbers = (first + 1, migrations.len());
        match open.shadow.replay(&migrations[first..], numbers, observer).await {
            Ok(not_run) => {
                self.replayed += migrations.len() - first;
                open.not_run.extend(not_run);
                open.done = wanted;
                Ok(open)
            }
            Err(error) => {
                open.shadow.release(observer).await;
                Err(error)
            }
        }
    }

    fn load(&self, key: Option<&str>) -> Option<Read> {
        let kept = self.cache.as_ref()?.load(key?)?;
        (kept.catalog.dialect() == self.dialect()).then_some(kept)
    }

    fn store(&self, key: Option<&str>, read: &Read) {
        if let (Some(cache), Some(key)) = (&self.cache, key) {
            cache.store(key, read);
        }
    }

    /// The key of a catalog; none when nothing is kept.
    async fn key(
        &mut self,
        of: &str,
        texts: impl Iterator<Item = String>,
    ) -> Result<Option<String>, Error> {
        if self.cache.is_none() {
            return Ok(None);
        }
        if self.basis.is_none() {
            let server = throwaway::identity(&self.main, &self.options).await?;
            self.basis = Some(self.describe(&server));
        }
        let basis = self.basis.as_deref().unwrap_or_default();
        let texts: Vec<String> = texts.collect();
        let mut parts = vec![of, basis];
        parts.extend(texts.iter().map(String::as_str));
        Ok(self.cache.as_ref().map(|cache| cache.key(&parts)))
    }

    /// The server, the session and the scope as text.
    fn describe(&self, server: &str) -> String {
        let Self { main, table, options, scope, .. } = self;
        let session = &options.session;
        let mut text = format!("{server}\0{table}\0{}\0", main.database());
        let _ = write!(
            text,
            "{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}",
            session.search_path,
            main.schema(),
            session.sql_mode,
            session.session,
            options.init,
            scope.schemas,
            scope.ignore
        );
        text
    }
}

fn of_migration(migration: &Migration) -> String {
    format!("{}\0{}", migration.checksum, migration.id)
}

/// Makes a catalog on an empty shadow, and reads it again.
async fn make(
    shadow: &mut Shadow,
    catalog: &Catalog,
    scope: &Scope,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let plain = PlanOptions { online: Online::Never };
    let refused =
        |problem: &dyn std::fmt::Display| Error::NotRemade { problem: problem.to_string() };
    let plan = shadow.catalog(scope).await?.plan(catalog, &plain).map_err(|e| refused(&e))?;
    match draft::run_planned(shadow, &migration_text(&plan.steps), observer).await {
        Err(Error::PlanFails(failure)) => return Err(refused(&failure.error)),
        ran => ran?,
    }
    let left = shadow.catalog(scope).await?.plan(catalog, &plain).map_err(|e| refused(&e))?;
    match left.is_empty() {
        true => Ok(()),
        false => Err(refused(&left.script().trim())),
    }
}

async fn run_schema(
    shadow: &mut Shadow,
    files: &[SqlFile],
    scope: &Scope,
    observer: &mut dyn Observer,
) -> Result<Read, Error> {
    let mut not_run = Vec::new();
    for file in files {
        not_run.extend(shadow.run(file, observer).await?);
    }
    Ok(Read { catalog: shadow.catalog(scope).await?, not_run })
}
