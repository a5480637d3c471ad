//! Tables and views as those see them who read and write rows.

use super::{Catalog, Column, Constraint, ConstraintKind, Name, Table, View};
use crate::{EnumType, Field, Reference, Relation, RelationKind};

impl Catalog {
    /// Tables and views. Rows of a partition are read through its table, so it is none here.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        let whole = self.tables.iter().filter(|(_, table)| table.partition_of.is_none());
        let tables = whole.map(|(name, table)| self.table_relation(name, table));
        tables.chain(self.views.iter().map(|(name, view)| self.view_relation(name, view))).collect()
    }

    /// Enum types.
    #[must_use]
    pub fn enums(&self) -> Vec<EnumType> {
        let one = |(name, found): (&Name, &super::Enum)| EnumType {
            schema: name.schema.clone(),
            name: name.name.clone(),
            values: found.values.clone(),
            comment: found.comment.clone(),
        };
        self.enums.iter().map(one).collect()
    }

    fn table_relation(&self, name: &Name, table: &Table) -> Relation {
        let of =
            |kind: ConstraintKind| table.constraints.values().filter(move |it| it.kind == kind);
        let primary = of(ConstraintKind::Primary).next().map(|key| key.columns.clone());
        Relation {
            schema: name.schema.clone(),
            name: name.name.clone(),
            kind: RelationKind::Table,
            columns: table.columns.iter().map(|column| self.field(column)).collect(),
            primary_key: primary.unwrap_or_default(),
            unique: self.unique(name, of(ConstraintKind::Unique)),
            references: of(ConstraintKind::Foreign).filter_map(reference).collect(),
            comment: table.comment.clone(),
        }
    }

    /// Column lists of constraints and of indexes that hold for all rows.
    fn unique<'a>(
        &self,
        name: &Name,
        constraints: impl Iterator<Item = &'a Constraint>,
    ) -> Vec<Vec<String>> {
        let mut unique: Vec<Vec<String>> = constraints.map(|it| it.columns.clone()).collect();
        for index in self.indexes.values() {
            if index.table != *name || !index.unique || index.partial || !index.valid {
                continue;
            }
            let columns = index.columns.iter().take(index.keys).cloned();
            unique.extend(columns.collect::<Option<Vec<String>>>());
        }
        unique.dedup();
        unique
    }

    fn field(&self, column: &Column) -> Field {
        let (base, never_null) = self.below(&column.type_name);
        Field {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            base,
            nullable: !column.not_null && !never_null,
            default: column.default.is_some() || column.identity.is_some(),
            generated: column.generated.is_some(),
            comment: column.comment.clone(),
        }
    }

    fn view_relation(&self, name: &Name, view: &View) -> Relation {
        let field = |column: &super::ViewColumn| Field {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            base: self.below(&column.type_name).0,
            nullable: true,
            default: column.default.is_some(),
            generated: false,
            comment: column.comment.clone(),
        };
        Relation {
            schema: name.schema.clone(),
            name: name.name.clone(),
            kind: RelationKind::View,
            columns: view.columns.iter().map(field).collect(),
            primary_key: Vec::new(),
            unique: Vec::new(),
            references: Vec::new(),
            comment: view.comment.clone(),
        }
    }

    /// The type below a domain, with its arrays, and whether the domain is never null.
    fn below(&self, type_name: &str) -> (Option<String>, bool) {
        let element = type_name.trim_end_matches("[]");
        let arrays = &type_name[element.len()..];
        let found = self.domains.iter().find(|(name, _)| name.to_string() == element);
        let Some((_, domain)) = found else { return (None, false) };
        let (deeper, never_null) = self.below(&domain.base);
        let base = deeper.unwrap_or_else(|| domain.base.clone());
        (Some(format!("{base}{arrays}")), arrays.is_empty() && (domain.not_null || never_null))
    }
}

fn reference(constraint: &Constraint) -> Option<Reference> {
    let (table, referenced) = constraint.references.as_ref()?;
    Some(Reference {
        columns: constraint.columns.clone(),
        schema: table.schema.clone(),
        table: table.name.clone(),
        referenced: referenced.clone(),
    })
}
