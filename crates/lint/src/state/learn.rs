//! What a catalog adds: it knows columns, keys and references better than any text.

use xtask_db_schema::{Relation, RelationKind};
use xtask_db_sql::Dialect;

use super::{Col, ForeignKey, State, Table};
use crate::Name;
use crate::read::{Index, Type};

/// Not made in any file.
const BEFORE: u32 = u32::MAX;

impl State {
    /// Takes over what a catalog says of tables; what it does not say, checks and triggers, stays.
    pub(crate) fn learn(&mut self, relations: &[Relation], dialect: Dialect) {
        for relation in relations.iter().filter(|one| one.kind == RelationKind::Table) {
            let name = Name::of_catalog(relation.schema.as_deref(), &relation.name, dialect);
            let known = self.tables.remove(name.key());
            let mut table = known.unwrap_or_else(|| Table::empty(&name, BEFORE, false));
            table.file = BEFORE;
            table.partial = false;
            table.learn(relation, dialect);
            self.tables.insert(name.key().to_owned(), table);
        }
    }
}

impl Table {
    fn learn(&mut self, relation: &Relation, dialect: Dialect) {
        let fold = |name: &String| {
            if dialect == Dialect::Postgres { name.clone() } else { name.to_lowercase() }
        };
        self.columns = relation
            .columns
            .iter()
            .map(|field| Col {
                name: fold(&field.name),
                ty: Type::parse(&field.type_name, dialect),
                not_null: !field.nullable,
                default: field.default,
                charset: None,
                file: BEFORE,
            })
            .collect();
        self.primary_key = relation.primary_key.iter().map(fold).collect();
        let named = |columns: &[String]| {
            let same = |key: &&ForeignKey| key.columns == columns;
            self.foreign_keys.iter().find(same).and_then(|key| key.name.clone())
        };
        self.foreign_keys = relation
            .references
            .iter()
            .map(|reference| {
                let columns: Vec<String> = reference.columns.iter().map(fold).collect();
                ForeignKey {
                    name: named(&columns),
                    table: Name::of_catalog(reference.schema.as_deref(), &reference.table, dialect),
                    referenced: reference.referenced.iter().map(fold).collect(),
                    columns,
                }
            })
            .collect();
        for columns in &relation.unique {
            let columns: Vec<_> = columns.iter().map(|name| Some(fold(name))).collect();
            let same = |known: &super::KnownIndex| known.index.columns == columns;
            if !self.indexes.iter().any(|known| known.index.unique && same(known)) {
                let index = Index { unique: true, columns, ..Index::default() };
                self.add_index(index, true, BEFORE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_schema::{Field, Reference};

    use super::*;
    use crate::check::{mysql, postgres};

    fn users() -> Relation {
        let field = |name: &str, type_name: &str, nullable| Field {
            name: name.into(),
            type_name: type_name.into(),
            base: None,
            nullable,
            default: false,
            generated: false,
            comment: None,
        };
        Relation {
            schema: None,
            name: "users".into(),
            kind: RelationKind::Table,
            columns: vec![
                field("id", "integer", false),
                field("email", "character varying(50)", true),
                field("team", "integer", true),
            ],
            primary_key: vec!["id".into()],
            unique: vec![vec!["email".into()]],
            references: vec![Reference {
                columns: vec!["team".into()],
                schema: None,
                table: "teams".into(),
                referenced: vec!["id".into()],
            }],
            comment: None,
        }
    }

    #[test]
    fn the_catalog_counts_before_the_text() {
        let longer = "ALTER TABLE users ALTER COLUMN email TYPE varchar(80)";
        postgres("K13").check(longer, "K13 1:19 users.email");
        postgres("K13").catalog(vec![users()]).check(longer, "");
        let earlier = postgres("K13").after("CREATE TABLE users (email varchar(90))");
        earlier.check(longer, "K13 1:19 users.email");
        earlier.catalog(vec![users()]).check(longer, "");
    }

    #[test]
    fn keys_and_references_are_known() {
        let unique = "CREATE UNIQUE INDEX i ON users (email, team)";
        postgres("L10").catalog(vec![users()]).check(unique, "");
        let rule = mysql("D03").catalog(vec![users()]);
        rule.check(
            "CREATE TABLE t (u bigint, FOREIGN KEY (u) REFERENCES users (id))",
            "D03 1:1 t(u)",
        );
    }
}
