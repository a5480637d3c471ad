//! SQLite table rebuilds. With foreign keys on, dropping the old table deletes or nulls the rows
//! that refer to it without an error (rails 58705, drizzle 5782, sqlx 2085), and inside a
//! transaction the pragma is ignored. So it goes off before BEGIN, rows are counted on both sides,
//! and the pragma is restored whatever happens.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use xtask_db_sql::{Dialect, DirectiveKind, ident, literal};

use crate::apply::Job;
use crate::conn::TextRow;
use crate::{Error, Session};

/// What a file rebuilds.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// Tables that are dropped or renamed, in lower case.
    touched: BTreeSet<String>,
    foreign_keys_off: bool,
    allowed: bool,
}

/// The rows before.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Rows per table.
    rows: BTreeMap<String, u64>,
    /// Broken references per child and parent.
    broken: BTreeMap<(String, String), u64>,
    /// Tables whose references could not be checked.
    unchecked: BTreeSet<String>,
}

impl Guard {
    /// What a file rebuilds; nothing on other servers.
    pub(super) fn of(job: &Job<'_>) -> Self {
        Self::of_range(job, 0..job.script.statements.len())
    }

    /// What several files rebuild in one transaction.
    pub(super) fn of_all(jobs: &[Job<'_>]) -> Self {
        jobs.iter().map(Self::of).fold(Self::default(), |mut all, guard| {
            all.touched.extend(guard.touched);
            all.foreign_keys_off |= guard.foreign_keys_off;
            all.allowed |= guard.allowed;
            all
        })
    }

    /// What some statements of a file rebuild. The pragma counts wherever it stands in the file.
    pub(super) fn of_range(job: &Job<'_>, range: Range<usize>) -> Self {
        let statements = &job.script.statements;
        let mut touched = BTreeSet::new();
        for effects in statements[range].iter().map(|statement| &statement.effects) {
            if effects.rebuild {
                touched.extend(effects.objects.iter().map(|object| object.name.to_lowercase()));
            }
        }
        let foreign_keys_off = !touched.is_empty()
            || statements.iter().any(|statement| statement.effects.foreign_keys == Some(false));
        let allowed = job.script.directives.iter().any(|directive| {
            matches!(&directive.kind, DirectiveKind::Allow { rule, .. } if rule == "row-loss")
        });
        Self { touched, foreign_keys_off, allowed }
    }

    /// Foreign keys go off before BEGIN.
    pub(super) const fn foreign_keys_off(&self) -> bool {
        self.foreign_keys_off
    }

    /// Counts the rows of what is rebuilt and of what refers to it.
    pub(super) async fn before(&self, session: &mut Session) -> Result<Before, Error> {
        if !self.foreign_keys_off || session.dialect() != Dialect::Sqlite {
            return Ok(Before::default());
        }
        let mut rows = BTreeMap::new();
        for table in self.watched(session).await? {
            match count(session, &table).await {
                Ok(count) => drop(rows.insert(table, count)),
                // The content that a full-text index names, or a module, may be away.
                Err(_) if is_virtual(session, &table).await? => {}
                Err(error) => return Err(error),
            }
        }
        let (broken, unchecked) = broken(session).await?;
        Ok(Before { rows, broken, unchecked })
    }

    /// Compares with the rows after; tables that are gone for good are not compared.
    pub(super) async fn after(
        &self,
        session: &mut Session,
        job: &Job<'_>,
        before: Before,
    ) -> Result<(), Error> {
        if !self.foreign_keys_off || session.dialect() != Dialect::Sqlite {
            return Ok(());
        }
        let Some(id) = job.id else { return Ok(()) };
        let problem = |problem| Error::RowLoss { id: id.clone(), problem };
        for ((child, parent), now) in broken(session).await?.0 {
            if before.unchecked.contains(&child) {
                continue;
            }
            let was = before.broken.get(&(child.clone(), parent.clone())).copied().unwrap_or(0);
            if now > was {
                return Err(problem(format!(
                    "{} rows of {child} refer to rows of {parent} that do not exist",
                    now - was
                )));
            }
        }
        if self.allowed {
            return Ok(());
        }
        let tables = tables(session).await?;
        for (table, was) in before.rows {
            // It may have come back in another spelling.
            let Some(same) = tables.iter().find(|name| name.eq_ignore_ascii_case(&table)) else {
                continue;
            };
            let now = count(session, same).await?;
            if now != was {
                return Err(problem(format!("{table} had {was} rows and has {now}")));
            }
        }
        Ok(())
    }

    /// Turns foreign keys on again.
    pub(super) async fn restore(&self, session: &mut Session) -> Result<(), Error> {
        if !self.foreign_keys_off || session.dialect() != Dialect::Sqlite {
            return Ok(());
        }
        session.tool("turning foreign keys on", "PRAGMA foreign_keys = ON").await.map(drop)
    }

    /// The tables that are rebuilt, and those that refer to them.
    async fn watched(&self, session: &mut Session) -> Result<BTreeSet<String>, Error> {
        let mut watched = BTreeSet::new();
        for table in tables(session).await? {
            let own = self.touched.contains(&table.to_lowercase());
            let parents = session
                .read(
                    "reading foreign keys",
                    &format!(
                        "SELECT DISTINCT lower(\"table\") FROM pragma_foreign_key_list({})",
                        literal(session.syntax(), &table)
                    ),
                )
                .await?;
            let refers = parents.iter().any(
                |row| matches!(row.first(), Some(Some(parent)) if self.touched.contains(parent)),
            );
            if own || refers {
                watched.insert(table);
            }
        }
        Ok(watched)
    }
}

async fn tables(session: &mut Session) -> Result<BTreeSet<String>, Error> {
    let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let rows = session.read("reading the catalog", sql).await?;
    Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
}

async fn is_virtual(session: &mut Session, table: &str) -> Result<bool, Error> {
    let name = literal(session.syntax(), table);
    let sql = format!(
        "SELECT 1 FROM pragma_table_list({name}) WHERE schema = 'main' AND type = 'virtual'"
    );
    Ok(!session.read("reading the catalog", &sql).await?.is_empty())
}

async fn count(session: &mut Session, table: &str) -> Result<u64, Error> {
    let sql = format!("SELECT count(*) FROM main.{}", ident(Dialect::Sqlite, table));
    let rows = session.read("counting rows", &sql).await?;
    Ok(rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok()).unwrap_or_default())
}

/// Broken references per child and parent, and the tables whose references cannot be checked: the
/// parent has no such unique columns (foreign key mismatch). A file may be what mends that.
async fn broken(
    session: &mut Session,
) -> Result<(BTreeMap<(String, String), u64>, BTreeSet<String>), Error> {
    const COUNTED: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check";
    if let Ok(rows) = session.ask(&format!("{COUNTED} GROUP BY 1, 2")).await {
        return Ok((references(rows).collect(), BTreeSet::new()));
    }
    let (mut broken, mut unchecked) = (BTreeMap::new(), BTreeSet::new());
    for table in tables(session).await? {
        let name = literal(session.syntax(), &table);
        match session.ask(&format!("{COUNTED}({name}) GROUP BY 1, 2")).await {
            Ok(rows) => broken.extend(references(rows)),
            Err(error) if error.message.contains("foreign key mismatch") => {
                unchecked.insert(table);
            }
            Err(error) => return Err(Error::Server { doing: "checking foreign keys", error }),
        }
    }
    Ok((broken, unchecked))
}

fn references(rows: Vec<TextRow>) -> impl Iterator<Item = ((String, String), u64)> {
    rows.into_iter().filter_map(|row| {
        let mut row = row.into_iter();
        let key = (row.next()??, row.next()??);
        Some((key, row.next()??.parse().ok()?))
    })
}
