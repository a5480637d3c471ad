//! What a backup needs, gathered before the lock is taken.

use std::path::PathBuf;

use xtask_db_engine::{DbUrl, Session, last_backup, same_database};
use xtask_db_sql::Dialect;

use super::dump::Source;
use super::{BackupFault, Maker, Purpose, Record, Settings, Store, Verify, whole};
use crate::context::Context;
use crate::external::External;
use crate::fault::Fault;

impl Maker {
    /// Gets ready to back up the database of a session, whose URL is `url`.
    pub(crate) async fn prepare(
        context: &Context,
        (session, url): (&mut Session, &DbUrl),
        purpose: Purpose,
        verify: Verify,
    ) -> Result<Self, Fault> {
        let project = context.project()?;
        let settings = Settings::of(project)?;
        let external = match &settings.command {
            Some(command) => Some(External::new(context, url.dialect(), command)?),
            None => None,
        };
        let source = Source {
            url: source_url(session, url, &settings).await?,
            server: session.server().clone(),
            table: context.ledger()?,
            session: context.session()?,
        };
        let mut maker = Self {
            source,
            host: url.host(),
            scope: project.scope(),
            settings,
            external,
            purpose,
            verify,
            progress: context.progress(),
            now: context.now(),
            fresh: None,
            made: None,
            fault: None,
        };
        if purpose != Purpose::Backup {
            maker.fresh = maker.find_fresh(session).await?;
        }
        Ok(maker)
    }

    /// A backup that is young enough and still what it was. The database itself says which is its
    /// newest, and its server how old that is: names and clocks of other machines do not count.
    async fn find_fresh(&self, session: &mut Session) -> Result<Option<(PathBuf, Record)>, Fault> {
        let Some(max_age) = self.settings.max_age else { return Ok(None) };
        let Some((sha256, age)) = last_backup(session).await? else { return Ok(None) };
        if age > max_age {
            return Ok(None);
        }
        let store = Store { folder: self.settings.folder.clone() };
        let list = store.list();
        let list = list.map_err(|source| Fault::Io { path: store.folder.clone(), source })?;
        for kept in list {
            let Ok(record) = kept.record else { continue };
            if record.sha256 != sha256 || record.database != self.source.url.database() {
                continue;
            }
            if record.is_elsewhere() || whole(&kept.path, &record).is_ok() {
                return Ok(Some((kept.path, record)));
            }
        }
        Ok(None)
    }
}

/// The URL that the dump is made through: the configured one, which must lead to the same
/// database, or the session's when no pooler is in the way.
async fn source_url(
    session: &mut Session,
    url: &DbUrl,
    settings: &Settings,
) -> Result<DbUrl, Fault> {
    if settings.command.is_some() {
        return Ok(url.clone());
    }
    if let Some(direct) = &settings.url {
        if direct.dialect() == url.dialect() && same_database(url, direct).await? {
            return Ok(direct.clone());
        }
        return Err(Fault::Refused {
            what: format!("backup-url leads to another database than {}", url.database()),
            hint: "give it the same database, past the pooler".to_owned(),
        });
    }
    // Settings of `pg_dump` would go to one server session and its reads to another.
    if url.dialect() == Dialect::Postgres && !session.reaches_server().await? {
        return Err(BackupFault::Pooler.into());
    }
    Ok(url.clone())
}
