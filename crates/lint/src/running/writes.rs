//! Writes that the server prepares and then refuses: it looks at the columns which a row must have
//! when the row comes, not before.

use xtask_db_schema::{Field, Relation, RelationKind};
use xtask_db_sql::{Dialect, Syntax, split};

use super::{Harm, HarmKind, Place};
use crate::Name;
use crate::read::{Write, Writes, read};

/// What of a query's writes is refused by the tables that there are now, and was not before.
#[must_use]
pub fn refused_writes(
    place: &Place,
    text: &str,
    syntax: Syntax,
    (was, is): (&[Relation], &[Relation]),
) -> Vec<Harm> {
    let Ok(script) = split(text, syntax) else { return Vec::new() };
    let statements = read(text, &script, syntax);
    let writes = statements.iter().flat_map(|statement| statement.kind.writes());
    let dialect = syntax.dialect;
    writes
        .filter_map(|write| {
            Some((write, find(was, &write.table, dialect)?, find(is, &write.table, dialect)?))
        })
        .flat_map(|(write, was, is)| of_write(place, write, was, is, dialect))
        .collect()
}

fn of_write(
    place: &Place,
    write: &Write,
    was: &Relation,
    is: &Relation,
    dialect: Dialect,
) -> Vec<Harm> {
    let inserts = matches!(write.does, Writes::Insert(_));
    let written: Vec<String> = match &write.does {
        Writes::Insert(insert) => match &insert.columns {
            Some(columns) => columns.clone(),
            // by position: the server counts them itself, or fills the rest
            None => return Vec::new(),
        },
        Writes::Update { set, .. } => set.iter().map(|(column, _)| column.clone()).collect(),
        Writes::Delete { .. } => return Vec::new(),
    };
    let fold = |name: &str| fold(name, dialect);
    let is_written = |field: &Field| written.contains(&fold(&field.name));
    let before =
        |field: &Field| was.columns.iter().find(|one| fold(&one.name) == fold(&field.name));
    let harm = |field: &Field, message: String, mild: bool| Harm {
        place: place.clone(),
        kind: HarmKind::Refused,
        object: write.table.column(&field.name),
        message,
        mild,
    };
    let mut harms = Vec::new();
    for field in is.columns.iter().filter(|field| !field.nullable && !field.generated) {
        let shown = write.table.column(&field.name);
        let old = before(field);
        if inserts
            && !is_written(field)
            && !field.default
            && old.is_none_or(|old| old.nullable || old.default)
        {
            let message = format!("{shown} is required now, and the INSERT does not write it");
            harms.push(harm(field, message, false));
        } else if is_written(field) && old.is_some_and(|old| old.nullable) {
            let message = format!("{shown} must not be null now: it is refused if one is written");
            harms.push(harm(field, message, true));
        }
    }
    harms
}

fn find<'r>(relations: &'r [Relation], table: &Name, dialect: Dialect) -> Option<&'r Relation> {
    let tables = relations.iter().filter(|one| one.kind == RelationKind::Table);
    let named =
        |one: &&Relation| Name::of_catalog(one.schema.as_deref(), &one.name, dialect) == *table;
    tables.into_iter().find(named)
}

fn fold(name: &str, dialect: Dialect) -> String {
    if dialect == Dialect::Postgres { name.to_owned() } else { name.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Position;

    use super::*;

    /// `a`, `a null`, `a default`.
    fn table(columns: &str) -> Vec<Relation> {
        let field = |text: &str| {
            let mut words = text.split(' ');
            let name = words.next().unwrap_or_default().to_owned();
            let rest: Vec<&str> = words.collect();
            let (nullable, default) = (rest.contains(&"null"), rest.contains(&"default"));
            let type_name = "integer".to_owned();
            Field {
                name,
                type_name,
                base: None,
                nullable,
                default,
                generated: false,
                comment: None,
            }
        };
        vec![Relation {
            schema: None,
            name: "t".into(),
            kind: RelationKind::Table,
            columns: columns.split(", ").map(field).collect(),
            primary_key: Vec::new(),
            unique: Vec::new(),
            references: Vec::new(),
            comment: None,
        }]
    }

    #[track_caller]
    fn check(query: &str, was: &str, is: &str, expected: &str) {
        let place = Place { path: "a.rs".into(), at: Position { line: 1, column: 1 } };
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let tables = (&*table(was), &*table(is));
            let harms = refused_writes(&place, query, Syntax::of(dialect), tables);
            let shown: Vec<String> = harms
                .iter()
                .map(|harm| format!("{}{}", harm.object, if harm.mild { "?" } else { "" }))
                .collect();
            assert_eq!(shown.join(" "), expected, "{dialect:?}");
        }
    }

    #[test]
    fn required_columns() {
        let insert = "INSERT INTO t (a) VALUES (?)";
        check(insert, "a", "a, b", "t.b");
        check(insert, "a", "a, b null", "");
        check(insert, "a", "a, b default", "");
        check(insert, "a, b null", "a, b", "t.b");
        check(insert, "a, b default", "a, b", "t.b");
        check(insert, "a, b", "a, b", "");
        check(insert, "a null", "a", "t.a?");
        check("UPDATE t SET a = ? WHERE b = 1", "a null, b null", "a, b", "t.a?");
        check("INSERT INTO t VALUES (1)", "a", "a, b", "");
        check("DELETE FROM t", "a", "a, b", "");
        check("WITH x AS (INSERT INTO t (a) VALUES (1)) SELECT 1", "a", "a, b", "t.b");
        check("INSERT INTO other (a) VALUES (1)", "a", "a, b", "");
        check("SELECT", "a", "a, b", "");
    }
}
