//! The statements of renames.

use super::{Catalog, write};
use crate::{Rename, RenameKind, SchemaError, Step};

/// The statements of renames.
///
/// # Errors
/// A name that is not there, or is taken; a kind that these servers do not rename.
pub fn rename(catalog: &Catalog, renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    let tables: Vec<&Rename> =
        renames.iter().filter(|rename| rename.kind == RenameKind::Table).collect();
    let mut steps = Vec::new();
    // Parents are named as before any rename, so what is inside a table goes first.
    for rename in renames {
        let refused = |reason: &str| SchemaError::Rename {
            from: rename.to_string().split('=').next().unwrap_or_default().to_owned(),
            to: rename.to.clone(),
            reason: reason.to_owned(),
        };
        let (old, new) = (write::name(&rename.from), write::name(&rename.to));
        let parent = rename.parent.as_deref().unwrap_or_default();
        let table = || catalog.table(parent).ok_or_else(|| refused("there is no such table"));
        match rename.kind {
            RenameKind::Table | RenameKind::View | RenameKind::Sequence => {}
            RenameKind::Column => {
                let table = table()?;
                let own = table.column(&rename.from).ok_or_else(|| refused("no such column"))?;
                let taken = table.column(&rename.to).is_some_and(|other| other.name != own.name);
                if taken {
                    return Err(refused("the new name is taken"));
                }
                let table = write::name(&table.name);
                steps.push(Step::new(format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}")));
            }
            RenameKind::Index => {
                let table = table()?;
                table.key(&rename.from).ok_or_else(|| refused("no such index"))?;
                if table.key(&rename.to).is_some() {
                    return Err(refused("the new name is taken"));
                }
                let table = write::name(&table.name);
                steps.push(Step::new(format!("ALTER TABLE {table} RENAME INDEX {old} TO {new}")));
            }
            _ => return Err(refused("these servers have no statement for it")),
        }
    }
    steps.extend(relations(catalog, renames, &tables)?);
    Ok(steps)
}

/// Tables, views and sequences share their names; one statement renames all, so two may swap.
fn relations(
    catalog: &Catalog,
    renames: &[Rename],
    _tables: &[&Rename],
) -> Result<Vec<Step>, SchemaError> {
    let mut pairs = Vec::new();
    let names: Vec<&str> = catalog
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .chain(catalog.views.iter().map(|view| view.name.as_str()))
        .chain(catalog.sequences.iter().map(|sequence| sequence.name.as_str()))
        .collect();
    let kinds = [RenameKind::Table, RenameKind::View, RenameKind::Sequence];
    let own: Vec<&Rename> = renames.iter().filter(|one| kinds.contains(&one.kind)).collect();
    for rename in &own {
        let refused = |reason: &str| SchemaError::Rename {
            from: rename.from.clone(),
            to: rename.to.clone(),
            reason: reason.to_owned(),
        };
        if !names.contains(&rename.from.as_str()) {
            return Err(refused("there is no such object"));
        }
        let leaves = own.iter().any(|other| other.from == rename.to);
        if names.contains(&rename.to.as_str()) && !leaves {
            return Err(refused("the new name is taken"));
        }
        pairs.push(format!("{} TO {}", write::name(&rename.from), write::name(&rename.to)));
    }
    Ok(match pairs.is_empty() {
        true => Vec::new(),
        false => vec![Step::new(format!("RENAME TABLE {}", pairs.join(", ")))],
    })
}
