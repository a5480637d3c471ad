//! The statements of renames. Neither server rewrites the texts of views, triggers and routines:
//! those that name what has a new name are changed by the plan that follows.

use super::{Catalog, Table, write};
use crate::{Graph, Rename, RenameKind, SchemaError, Step};

const RELATIONS: [RenameKind; 3] = [RenameKind::Table, RenameKind::View, RenameKind::Sequence];

/// The statements of renames: what is inside a table first, since a rename names its parent as it
/// was before any.
///
/// # Errors
/// A name that is not there, or is taken; a kind that these servers do not rename.
pub fn rename(catalog: &Catalog, renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    let mut clauses: Vec<(&Table, Vec<String>)> = Vec::new();
    for rename in renames.iter().filter(|rename| !RELATIONS.contains(&rename.kind)) {
        let (table, clause) = inside(catalog, rename, renames)?;
        match clauses.iter_mut().find(|(other, _)| other.name == table.name) {
            Some((_, list)) => list.push(clause),
            None => clauses.push((table, vec![clause])),
        }
    }
    // In one statement two names may be exchanged.
    let mut steps: Vec<Step> = clauses
        .into_iter()
        .map(|(table, list)| Step::new(write::alter_table(&table.name, &list)))
        .collect();
    steps.extend(relations(catalog, renames)?);
    Ok(steps)
}

fn refused(rename: &Rename, reason: &str) -> SchemaError {
    let parent = rename.parent.as_ref().map(|parent| format!("{parent}.")).unwrap_or_default();
    SchemaError::Rename {
        from: format!("{parent}{}", rename.from),
        to: rename.to.clone(),
        reason: reason.to_owned(),
    }
}

/// A column or an index, and the clause that renames it.
fn inside<'a>(
    catalog: &'a Catalog,
    rename: &Rename,
    all: &[Rename],
) -> Result<(&'a Table, String), SchemaError> {
    let parent = rename.parent.as_deref().unwrap_or_default();
    let there = catalog.table(parent);
    let table = there.ok_or_else(|| refused(rename, "there is no such table"))?;
    let (word, old, taken) = match rename.kind {
        RenameKind::Column => {
            let taken = table.column(&rename.to).map(|column| column.name.as_str());
            ("COLUMN", table.column(&rename.from).map(|column| column.name.as_str()), taken)
        }
        RenameKind::Index => {
            let taken = table.key(&rename.to).map(|key| key.name.as_str());
            ("INDEX", table.key(&rename.from).map(|key| key.name.as_str()), taken)
        }
        _ => return Err(refused(rename, "neither MySQL nor MariaDB has a statement for it")),
    };
    let old = old.ok_or_else(|| refused(rename, "there is nothing of that name"))?;
    let freed = |other: &Rename| {
        other.kind == rename.kind && other.parent == rename.parent && other.from == rename.to
    };
    // Another case of the same name is no other name.
    if taken.is_some_and(|taken| taken != old) && !all.iter().any(freed) {
        return Err(refused(rename, "the new name is taken"));
    }
    let (old, new) = (write::name(old), write::name(&rename.to));
    Ok((table, format!("RENAME {word} {old} TO {new}")))
}

/// Tables, views and sequences share their names. One statement renames all, from left to right.
fn relations(catalog: &Catalog, renames: &[Rename]) -> Result<Option<Step>, SchemaError> {
    let tables = catalog.tables.iter().map(|table| &table.name);
    let views = catalog.views.iter().map(|view| &view.name);
    let sequences = catalog.sequences.iter().map(|sequence| &sequence.name);
    let names: Vec<&String> = tables.chain(views).chain(sequences).collect();
    let mut graph = Graph::default();
    let own = || renames.iter().filter(|rename| RELATIONS.contains(&rename.kind));
    for rename in own() {
        if !names.contains(&&rename.from) {
            return Err(refused(rename, "there is nothing of that name"));
        }
        let freed = own().any(|other| other.from == rename.to);
        if names.contains(&&rename.to) && !freed {
            return Err(refused(rename, "the new name is taken"));
        }
        graph.node(rename.from.clone());
    }
    for rename in own() {
        graph.edge(&rename.from, rename.to.clone());
    }
    let order = match graph.order() {
        Ok(order) => order,
        Err(cycle) => {
            let first = own().find(|rename| cycle.0.contains(&rename.from));
            let reason = "names are exchanged: rename one of them away in a migration before";
            return first.map_or(Ok(None), |rename| Err(refused(rename, reason)));
        }
    };
    let pairs: Vec<String> = order
        .iter()
        .filter_map(|old| own().find(|rename| rename.from == *old))
        .map(|rename| format!("{} TO {}", write::name(&rename.from), write::name(&rename.to)))
        .collect();
    let statement = || Step::new(format!("RENAME TABLE {}", pairs.join(", ")));
    Ok((!pairs.is_empty()).then(statement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mysql::{Column, Key, KeyKind};

    fn catalog() -> Catalog {
        let table = |name: &str| Table {
            name: name.to_owned(),
            columns: ["a", "b"]
                .map(|name| Column { name: name.to_owned(), ..Column::default() })
                .to_vec(),
            keys: vec![Key {
                name: "k".to_owned(),
                kind: KeyKind::Plain,
                parts: "`a`".to_owned(),
                columns: vec!["a".to_owned()],
                whole: true,
                options: String::new(),
                hidden: false,
            }],
            ..Table::default()
        };
        Catalog { tables: ["t", "u"].map(table).to_vec(), ..Catalog::default() }
    }

    /// `t.a=b` is a column, `t#k=l` an index, `t=v` a table.
    fn check(renames: &str, expected: &str) {
        let read = |text: &str| {
            let (old, to) = text.split_once('=').unwrap();
            let (kind, parent, from) = match (old.split_once('.'), old.split_once('#')) {
                (Some((table, column)), _) => (RenameKind::Column, Some(table), column),
                (_, Some((table, key))) => (RenameKind::Index, Some(table), key),
                _ => (RenameKind::Table, None, old),
            };
            let parent = parent.map(str::to_owned);
            Rename { kind, schema: None, parent, from: from.to_owned(), to: to.to_owned() }
        };
        let renames: Vec<Rename> = renames.split_whitespace().map(read).collect();
        let shown = match rename(&catalog(), &renames) {
            Ok(steps) => steps.into_iter().map(|step| step.sql).collect::<Vec<_>>().join("; "),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn renames_have_statements() {
        check("t.a=c", "ALTER TABLE t RENAME COLUMN a TO c");
        check("t.a=b", "cannot rename t.a to b: the new name is taken");
        check("t.x=b", "cannot rename t.x to b: there is nothing of that name");
        check("x.a=b", "cannot rename x.a to b: there is no such table");
        check("t.a=b t.b=a", "ALTER TABLE t\n    RENAME COLUMN a TO b,\n    RENAME COLUMN b TO a");
        check("t.a=A", "ALTER TABLE t RENAME COLUMN a TO A");
        check("t#k=l", "ALTER TABLE t RENAME INDEX k TO l");
        check("t=v t.a=c", "ALTER TABLE t RENAME COLUMN a TO c; RENAME TABLE t TO v");
        check("t=u", "cannot rename t to u: the new name is taken");
        check("t=u u=v", "RENAME TABLE u TO v, t TO u");
        check("t=u u=t", {
            "cannot rename t to u: names are exchanged: rename one of them away in a migration before"
        });
    }
}
