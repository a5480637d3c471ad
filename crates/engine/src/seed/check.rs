//! A row against the catalog, before anything is sent.

use xtask_db_schema::{Field, Relation, RelationKind};
use xtask_db_sql::Dialect;

use super::cell::{Cell, Wanted};
use super::file::{Row, SeedFile, SeedProblem};
use super::keys;

/// The table a file is named after.
pub(super) fn table<'a>(
    relations: &'a [Relation],
    file: &SeedFile,
) -> Result<&'a Relation, SeedProblem> {
    let (schema, name) = match file.table.split_once('.') {
        Some((schema, name)) => (Some(schema), name),
        None => (None, file.table.as_str()),
    };
    let fits = |relation: &&Relation| {
        relation.kind == RelationKind::Table
            && relation.name == name
            && (schema.is_none() || relation.schema.as_deref() == schema)
    };
    let relation = relations
        .iter()
        .find(fits)
        .ok_or_else(|| file.problem(None, None, format!("there is no table {}", file.table)))?;
    if relation.primary_key.is_empty() && relation.unique.is_empty() {
        let what = format!("the table {name} has no primary or unique key to find its rows by");
        return Err(file.problem(None, None, what));
    }
    Ok(relation)
}

/// Every value against its column, and the row's key.
pub(super) fn row(
    dialect: Dialect,
    relation: &Relation,
    file: &SeedFile,
    row: &Row,
) -> Result<(), SeedProblem> {
    for (name, cell) in &row.fields {
        let problem = |what: String| file.problem(Some(row.line), Some(name), what);
        let Some(field) = relation.columns.iter().find(|field| field.name == *name) else {
            return Err(problem(unknown(relation, name)));
        };
        if field.generated {
            return Err(problem("is generated and cannot be written".to_owned()));
        }
        if *cell == Cell::Null && !field.nullable {
            return Err(problem("null, and the column is NOT NULL".to_owned()));
        }
        let wanted = Wanted::of(dialect, field);
        if !wanted.takes(cell) {
            let (expected, found) = (wanted.shown(), cell.kind());
            let type_name = &field.type_name;
            return Err(problem(format!("{expected} is expected ({type_name}), found {found}")));
        }
    }
    if keys::key_of(relation, row).is_none() {
        let what = format!("has no key: {}", keys::shown(relation));
        return Err(file.problem(Some(row.line), None, what));
    }
    Ok(())
}

fn unknown(relation: &Relation, name: &str) -> String {
    let alike = |field: &&Field| {
        let plain = |text: &str| text.to_lowercase().replace(['_', ' ', '-'], "");
        plain(&field.name) == plain(name)
    };
    match relation.columns.iter().find(alike) {
        Some(field) => format!("there is no such column; {} is meant?", field.name),
        None => format!("there is no such column in {}", relation.name),
    }
}
