//! One table into another: one `ALTER TABLE`, so that it is written again at most once.

use super::columns::columns;
use super::members::{Members, members};
use super::partitions::{Partitions, partitions};
use super::{options, periods};
use crate::mysql::{Check, Flavor, Key, KeyKind, Server, Table, hazards, write};
use crate::{SchemaError, Step};

/// The statements for one table, without its foreign keys.
pub(super) fn alter(from: &Table, to: &Table, server: Server) -> Result<Vec<Step>, SchemaError> {
    periods::refuse(from, to)?;
    let members = members(from, to);
    let changes = columns(from, to, server);
    let partitions = partitions(from, to, server);
    let columns = changes.iter().map(|(_, clause)| clause.clone());
    let clauses =
        [clauses(&members, columns.collect(), server), options::options(from, to)?].concat();
    let mut statements = Vec::new();
    let before = options::before_engine(from, to)?;
    if !before.is_empty() {
        statements.push(write::alter_table(&to.name, &before));
    }
    match &partitions {
        Partitions::Anew(clause) => {
            let sql = write::alter_table(&to.name, &clauses);
            statements.push(format!("{}\n{clause}", sql.trim_end()));
        }
        _ if clauses.is_empty() => {}
        _ => statements.push(write::alter_table(&to.name, &clauses)),
    }
    if let Partitions::Appended(sql) = &partitions {
        statements.push(sql.clone());
    }
    statements.extend(options::after_engine(from, to));
    let altered = hazards::Altered {
        from,
        to,
        flavor: server.flavor,
        columns: changes.iter().map(|(change, _)| *change).collect(),
        gone_keys: &members.keys.gone,
        new_keys: &members.keys.new,
        new_checks: &members.checks.new,
        partitions: matches!(&partitions, Partitions::Anew(_)),
    };
    let mut steps: Vec<Step> =
        statements.into_iter().map(|sql| Step::new(of_versioned(from, sql))).collect();
    if let Some(first) = steps.first_mut() {
        first.hazards = altered.hazards();
    }
    Ok(steps)
}

/// What is dropped, then the columns, then what is added: a part may need all columns.
fn clauses(members: &Members<'_>, columns: Vec<String>, server: Server) -> Vec<String> {
    let Members { keys, checks, periods } = members;
    let syntax = server.syntax();
    let mut clauses: Vec<String> = Vec::new();
    clauses.extend(checks.gone.iter().map(|check| drop_check(check, server)));
    clauses.extend(keys.gone.iter().map(|key| drop_key(key)));
    clauses.extend(periods.gone.iter().filter_map(|period| periods::drop(period)));
    clauses.extend(columns);
    clauses.extend(periods.new.iter().map(|period| format!("ADD {}", write::period(period))));
    clauses.extend(keys.new.iter().map(|key| format!("ADD {}", write::key(key, server))));
    clauses.extend(keys.both.iter().map(|(_, key)| show_or_hide(key, server)));
    clauses.extend(checks.new.iter().map(|check| format!("ADD {}", write::check(check, syntax))));
    clauses
}

/// A table with a history is changed only by who says what becomes of it (4119).
fn of_versioned(from: &Table, sql: String) -> String {
    match from.versioned {
        true => format!("SET STATEMENT system_versioning_alter_history = 'KEEP' FOR\n{sql}"),
        false => sql,
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
