//! Tables and views as those see them who read and write rows.

use super::{Catalog, Column, ForeignKey, Key, KeyKind, Table, View};
use crate::{Field, Reference, Relation, RelationKind};

impl Catalog {
    /// Tables and views.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        self.tables.iter().map(of_table).chain(self.views.iter().map(of_view)).collect()
    }
}

fn of_table(table: &Table) -> Relation {
    let primary = table.keys.iter().find(|key| key.kind == KeyKind::Primary);
    let unique = |key: &&Key| key.kind == KeyKind::Unique && key.whole;
    Relation {
        schema: None,
        name: table.name.clone(),
        kind: RelationKind::Table,
        columns: table.columns.iter().map(field).collect(),
        primary_key: primary.map(|key| key.columns.clone()).unwrap_or_default(),
        unique: table.keys.iter().filter(unique).map(|key| key.columns.clone()).collect(),
        references: table.foreign_keys.iter().map(reference).collect(),
        comment: table.comment.clone(),
    }
}

fn of_view(view: &View) -> Relation {
    let field = |column: &super::ViewColumn| Field {
        name: column.name.clone(),
        type_name: column.data_type.clone(),
        base: None,
        nullable: column.nullable,
        default: false,
        generated: false,
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

fn field(column: &Column) -> Field {
    Field {
        name: column.name.clone(),
        type_name: as_in_catalog(&column.data_type),
        base: None,
        nullable: column.nullable,
        default: column.default.is_some() || column.auto_increment,
        generated: column.generated.is_some(),
        comment: column.comment.clone(),
    }
}

fn reference(key: &ForeignKey) -> Reference {
    Reference {
        columns: key.columns.clone(),
        schema: key.schema.clone(),
        table: key.table.clone(),
        referenced: key.referenced.clone(),
    }
}

/// The values of an enum as `information_schema` writes them: a backslash is one.
fn as_in_catalog(data_type: &str) -> String {
    data_type.replace("\\\\", "\\")
}
