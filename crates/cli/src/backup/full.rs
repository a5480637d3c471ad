//! Whether a backup is the database: it is brought back on a throwaway one, and both are compared.

use std::collections::BTreeMap;
use std::path::Path;

use xtask_db_engine::{
    DbUrl, Observer, Scope, Session, SessionOptions, Spare, introspect, row_counts,
};
use xtask_db_schema::{Catalog, PlanOptions};
use xtask_db_sql::Dialect;

use super::dump::Source;
use super::load::{Load, load};
use super::settings::Settings;
use super::{BackupFault, Form};
use crate::fault::Fault;

/// How many differences are told.
const TOLD_MAX: usize = 10;

/// What a database holds, as far as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    catalog: Catalog,
    counts: BTreeMap<String, u64>,
}

/// Reads what a database holds.
pub(super) async fn holding(
    url: &DbUrl,
    table: &str,
    options: &SessionOptions,
    scope: &Scope,
) -> Result<Holding, Fault> {
    let mut session = Session::open(url, table, options).await?;
    let held = async {
        let catalog = introspect(&mut session, scope).await?;
        let counts = row_counts(&mut session).await?;
        Ok::<_, xtask_db_engine::Error>(Holding { catalog, counts })
    }
    .await;
    session.close().await;
    Ok(held?)
}

/// Brings a backup back beside the database and reads what it holds then.
pub(super) async fn restored(
    source: &Source,
    (file, form): (&Path, Form),
    scope: &Scope,
    settings: &Settings,
    observer: &mut dyn Observer,
    tick: &mut (dyn FnMut() + Send),
) -> Result<Holding, Fault> {
    let Source { url, table, session, .. } = source;
    if url.dialect() == Dialect::Sqlite {
        let path = file.display().to_string();
        return holding(&url.with_database(&path), table, session, scope).await;
    }
    let spare = Spare::create(url, session).await?;
    let held = async {
        load(spare.url(), Load { file, form, no_owner: false }, settings, tick).await?;
        holding(spare.url(), table, session, scope).await
    }
    .await;
    spare.release(observer).await;
    held
}

/// Compares what was restored with the database as it was before and after the dump. Returns the
/// tables that were written to meanwhile, whose rows cannot be compared.
pub(super) fn compare(
    before: &Holding,
    after: &Holding,
    restored: &Holding,
) -> Result<Vec<String>, BackupFault> {
    let unlike = |problem: String| Err(BackupFault::Unverified { problem });
    let fingerprint = |holding: &Holding| holding.catalog.fingerprint();
    if fingerprint(before) != fingerprint(after) {
        return unlike("the schema was changed while the backup was made".to_owned());
    }
    if fingerprint(before) != fingerprint(restored) {
        let missing = missing(&restored.catalog, &before.catalog);
        return unlike(format!(
            "the restored schema is not the database's; it would need {missing}"
        ));
    }
    let names = before.counts.keys().chain(restored.counts.keys());
    let mut busy = Vec::new();
    let mut wrong = Vec::new();
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let count = |holding: &Holding| holding.counts.get(name).copied();
        match (count(before), count(after), count(restored)) {
            (before, after, _) if before != after => busy.push(name.clone()),
            (before, _, restored) if before == restored => {}
            (before, _, restored) => wrong.push(format!(
                "{name} has {} rows and {} when restored",
                before.unwrap_or_default(),
                restored.unwrap_or_default()
            )),
        }
    }
    if wrong.is_empty() {
        return Ok(busy);
    }
    wrong.truncate(TOLD_MAX);
    unlike(wrong.join("; "))
}

/// The first statements that would make the restored schema the database's.
fn missing(restored: &Catalog, database: &Catalog) -> String {
    match restored.plan(database, &PlanOptions::default()) {
        Ok(plan) => {
            let lines: Vec<String> =
                plan.script().lines().take(TOLD_MAX).map(|line| line.trim().to_owned()).collect();
            lines.join(" ")
        }
        Err(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(&str, u64)]) -> Holding {
        let counts = counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect();
        Holding { catalog: Catalog::empty(Dialect::Sqlite), counts }
    }

    #[test]
    fn only_quiet_tables_are_counted() {
        type Counts<'a> = &'a [(&'a str, u64)];
        fn check(before: Counts, after: Counts, restored: Counts, expected: Result<&[&str], &str>) {
            let found = compare(&of(before), &of(after), &of(restored));
            let found = found.map_err(|fault| fault.to_string());
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, expected) => panic!("{found:?} is not {expected:?}"),
            }
        }
        check(&[("a", 1), ("b", 2)], &[("a", 1), ("b", 2)], &[("a", 1), ("b", 2)], Ok(&[]));
        check(&[("a", 1), ("b", 2)], &[("a", 1), ("b", 3)], &[("a", 1), ("b", 3)], Ok(&["b"]));
        check(&[("a", 2)], &[("a", 2)], &[("a", 1)], Err("a has 2 rows and 1 when restored"));
        check(&[("a", 2)], &[("a", 2)], &[], Err("a has 2 rows and 0"));
    }
}
