//! One table into another: one `ALTER TABLE`, so that it is written again at most once.

use super::again::is_made_again;
use super::columns::columns;
use super::matched::{Matched, matched};
use super::options::options;
use super::partitions::{Partitions, partitions};
use crate::mysql::{Check, Flavor, Key, KeyKind, Period, Server, Table, hazards, write};
use crate::{SchemaError, Step};

/// The statements for one table, without its foreign keys.
pub(super) fn alter(from: &Table, to: &Table, server: Server) -> Result<Vec<Step>, SchemaError> {
    let checks = changed(&from.checks, &to.checks, |check| check.name.as_str());
    let mut keys = changed(&from.keys, &to.keys, |key| key.name.as_str());
    keep_vanishing(from, to, &mut keys);
    let periods = changed(&from.periods, &to.periods, |period| period.name.as_str());
    refuse_period(to, &periods)?;
    let changes = columns(from, to, server);
    let mut clauses: Vec<String> = Vec::new();
    clauses.extend(checks.gone.iter().map(|check| drop_check(check, server)));
    clauses.extend(keys.gone.iter().map(|key| drop_key(key)));
    clauses.extend(changes.iter().map(|(_, clause)| clause.clone()));
    clauses.extend(keys.new.iter().map(|key| format!("ADD {}", write::key(key, server))));
    clauses.extend(periods.new.iter().map(|period| format!("ADD {}", write::period(period))));
    clauses.extend(keys.both.iter().map(|(_, key)| show_or_hide(key, server)));
    let syntax = server.syntax();
    clauses.extend(checks.new.iter().map(|check| format!("ADD {}", write::check(check, syntax))));
    clauses.extend(options(from, to)?);
    let partitions = partitions(from, to, server);
    let mut steps = Vec::new();
    let anew = matches!(&partitions, Partitions::Anew(_));
    if anew || !clauses.is_empty() {
        let mut sql = write::alter_table(&to.name, &clauses);
        if let Partitions::Anew(clause) = &partitions {
            sql = format!("{}\n{clause}", sql.trim_end());
        }
        if from.versioned {
            // Otherwise refused (4119).
            sql = format!("SET STATEMENT system_versioning_alter_history = 'KEEP' FOR\n{sql}");
        }
        let mut step = Step::new(sql);
        let altered = hazards::Altered {
            from,
            to,
            flavor: server.flavor,
            columns: changes.iter().map(|(change, _)| *change).collect(),
            gone_keys: &keys.gone,
            new_keys: &keys.new,
            new_checks: &checks.new,
            partitions: anew,
        };
        step.hazards = altered.hazards();
        steps.push(step);
    }
    if let Partitions::Appended(sql) = partitions {
        steps.push(Step::new(sql));
    }
    Ok(steps)
}

/// Like [`matched`], but what is in both and not equal is gone and new; the rest of both is what
/// changes in place.
fn changed<'a, T: PartialEq + InPlace>(
    from: &'a [T],
    to: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> Matched<'a, T> {
    let mut found = matched(from, to, name);
    for (before, after) in std::mem::take(&mut found.both) {
        if before == after {
            continue;
        }
        if before.becomes(after) {
            found.both.push((before, after));
        } else {
            found.gone.push(before);
            found.new.push(after);
        }
    }
    found
}

/// An index goes with a column that is dropped and added. And one that the server would take away
/// for a new one is made by name.
fn keep_vanishing<'a>(from: &Table, to: &'a Table, keys: &mut Matched<'a, Key>) {
    let again = |name: &String| match (from.column(name), to.column(name)) {
        (Some(before), Some(after)) => is_made_again(before, after),
        _ => false,
    };
    let vanishes = |key: &&Key| {
        let taken = |new: &&&Key| new.name != key.name && key.may_vanish(&new.columns);
        key.columns.iter().any(again) || keys.new.iter().any(|new| taken(&new))
    };
    let kept: Vec<&Key> =
        to.keys.iter().filter(|key| from.keys.contains(key)).filter(vanishes).collect();
    keys.gone.extend(&kept);
    keys.new.extend(kept);
}

/// What changes without being dropped.
trait InPlace {
    fn becomes(&self, _after: &Self) -> bool {
        false
    }
}

impl InPlace for Check {}
impl InPlace for Period {}
impl InPlace for Key {
    /// Only the optimizer's use of it changes.
    fn becomes(&self, after: &Self) -> bool {
        Self { hidden: after.hidden, ..self.clone() } == *after
    }
}

fn drop_check(check: &Check, server: Server) -> String {
    let word = match server.flavor {
        Flavor::MariaDb => "CONSTRAINT",
        Flavor::MySql => "CHECK",
    };
    format!("DROP {word} {}", write::name(&check.name))
}

fn drop_key(key: &Key) -> String {
    match key.kind {
        KeyKind::Primary => "DROP PRIMARY KEY".to_owned(),
        _ => format!("DROP KEY {}", write::name(&key.name)),
    }
}

fn show_or_hide(key: &Key, server: Server) -> String {
    let word = if key.hidden { server.hidden() } else { server.shown() };
    format!("ALTER INDEX {} {word}", write::name(&key.name))
}

/// MariaDB changes the columns of a period only with all of the history.
fn refuse_period(table: &Table, periods: &Matched<'_, Period>) -> Result<(), SchemaError> {
    match periods.gone.first() {
        Some(period) => Err(SchemaError::Refused {
            object: format!("period {} of table {}", period.name, table.name),
            reason: "MariaDB has no statement for it that keeps the rows".to_owned(),
        }),
        None => Ok(()),
    }
}
