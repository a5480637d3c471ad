//! Tables and views for those who read and write rows.

use super::{Catalog, Column, Generated, Index, Rule, Table, View};
use crate::{Field, Reference, Relation, RelationKind};

impl Catalog {
    /// Tables and views.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        let tables = self.tables.iter().map(|table| self.table_relation(table));
        tables.chain(self.views.iter().map(view_relation)).collect()
    }

    fn table_relation(&self, table: &Table) -> Relation {
        let mut unique: Vec<Vec<String>> = Vec::new();
        let mut references = Vec::new();
        for rule in table.rules() {
            match rule {
                Rule::Unique { columns } => unique.push(columns.clone()),
                Rule::References { columns, table, referenced } => {
                    references.push(self.reference(columns, table, referenced));
                }
                Rule::PrimaryKey { .. } | Rule::Check { .. } => {}
            }
        }
        let own = |index: &&Index| super::name::same(&index.table, &table.name);
        for index in self.indexes.iter().filter(own) {
            let columns: Option<Vec<String>> = index.columns.iter().cloned().collect();
            if let (true, None, Some(columns)) = (index.unique, &index.condition, columns) {
                unique.push(columns);
            }
        }
        Relation {
            schema: None,
            name: table.name.clone(),
            kind: RelationKind::Table,
            columns: table.columns.iter().map(|column| field(table, column)).collect(),
            primary_key: table.primary_key().to_vec(),
            unique,
            references,
            comment: None,
        }
    }

    /// A foreign key without columns on the other side means the primary key there.
    fn reference(&self, columns: &[String], table: &str, referenced: &[String]) -> Reference {
        let key = || self.table(table).map(Table::primary_key).unwrap_or_default();
        let referenced = if referenced.is_empty() { key() } else { referenced };
        Reference {
            columns: columns.to_vec(),
            schema: None,
            table: table.to_owned(),
            referenced: referenced.to_vec(),
        }
    }
}

fn field(table: &Table, column: &Column) -> Field {
    let alias = table.rowid_alias().is_some_and(|alias| alias.name == column.name);
    Field {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        base: None,
        nullable: !table.is_required(column),
        default: alias || column.default.is_some(),
        generated: matches!(column.generated, Some(Generated::Virtual | Generated::Stored)),
        comment: None,
    }
}

fn view_relation(view: &View) -> Relation {
    let field = |column: &super::ViewColumn| Field {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        base: None,
        nullable: true,
        default: false,
        generated: true,
        comment: None,
    };
    Relation {
        schema: None,
        name: view.name.clone(),
        kind: RelationKind::View,
        columns: view.columns.iter().map(field).collect(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        references: Vec::new(),
        comment: None,
    }
}
