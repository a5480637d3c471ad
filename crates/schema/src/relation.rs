//! Tables and views as those see them who read and write rows.

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// PostgreSQL: its schema, when it is not the session's own.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: RelationKind,
    /// In order.
    pub columns: Vec<Field>,
    /// Columns of the primary key, in its order.
    pub primary_key: Vec<String>,
    /// Column lists of the other unique keys that hold for all rows (no partial ones, no
    /// expressions).
    pub unique: Vec<Vec<String>>,
    /// Foreign keys.
    pub references: Vec<Reference>,
    /// Its comment.
    pub comment: Option<String>,
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// A table.
    Table,
    /// A view, materialized or not.
    View,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type as the server writes it: `character varying(200)`, `bigint unsigned`.
    pub type_name: String,
    /// The type below a domain, with its arrays.
    pub base: Option<String>,
    /// It may be null.
    pub nullable: bool,
    /// It has a default, an identity or an automatic number.
    pub default: bool,
    /// It cannot be written.
    pub generated: bool,
    /// Its comment.
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The referring columns.
    pub columns: Vec<String>,
    /// The schema of the table referred to, when it is not the session's own.
    pub schema: Option<String>,
    /// The table referred to.
    pub table: String,
    /// Its columns.
    pub referenced: Vec<String>,
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// Its schema, when it is not the session's own.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its values in order.
    pub values: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}
