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
                generated: None,
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
