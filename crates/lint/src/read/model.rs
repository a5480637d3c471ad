//! Parts of statements: types, columns, constraints, indexes.

use xtask_db_sql::Span;

use crate::name::Name;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    /// As written.
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Its name in the one spelling used here: `character varying`, `integer`.
    pub(crate) base: String,
    /// What stands in its parentheses.
    pub(crate) args: Vec<String>,
    pub(crate) array: bool,
    pub(crate) unsigned: bool,
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    /// As written, its gaps single spaces.
    pub(crate) text: String,
    /// Functions it calls, folded; `current_timestamp` and its kin too.
    pub(crate) calls: Vec<String>,
    /// Columns and other names in it, folded.
    pub(crate) names: Vec<String>,
}

impl Expr {
    pub(crate) fn is_null(&self) -> bool {
        self.text.eq_ignore_ascii_case("null")
    }

    /// Names a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.names.iter().any(|name| name == column)
    }

    /// The column of `column IS NOT NULL`, when it is no more than that.
    pub(crate) fn not_null_of(&self) -> Option<&str> {
        let inside = self.text.trim_matches(['(', ')', ' ']).to_ascii_lowercase();
        let [column] = self.names.as_slice() else { return None };
        (inside.ends_with(" is not null") && inside.split(' ').count() == 4)
            .then_some(column.as_str())
    }
}

/// Where MySQL puts a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    First,
    After,
}

/// A column's definition.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    /// Folded.
    pub(crate) name: String,
    pub(crate) shown: String,
    pub(crate) ty: Option<Type>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Expr>,
    /// `GENERATED ALWAYS AS (…)`: whether it is stored.
    pub(crate) generated: Option<Generated>,
    /// `GENERATED … AS IDENTITY`.
    pub(crate) identity: bool,
    /// `AUTO_INCREMENT`, `AUTOINCREMENT`.
    pub(crate) auto_increment: bool,
    pub(crate) primary_key: bool,
    pub(crate) unique: bool,
    pub(crate) references: Option<Reference>,
    pub(crate) check: Option<Expr>,
    pub(crate) charset: Option<String>,
    pub(crate) position: Option<Position>,
}

impl Column {
    /// Something fills it when an `INSERT` does not name it.
    pub(crate) fn fills_itself(&self) -> bool {
        self.default.as_ref().is_some_and(|default| !default.is_null())
            || self.generated.is_some()
            || self.identity
            || self.auto_increment
            || self.ty.as_ref().is_some_and(Type::is_serial)
    }

    pub(crate) fn is_required(&self) -> bool {
        (self.not_null || self.primary_key) && !self.fills_itself()
    }
}

/// A generated column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    Stored,
    Virtual,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) table: Name,
    pub(crate) columns: Vec<String>,
}

/// A constraint of a table.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    pub(crate) name: Option<String>,
    pub(crate) kind: ConstraintKind,
    /// The columns it is about, as far as they are listed.
    pub(crate) columns: Vec<String>,
    pub(crate) span: Span,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
}

/// What a constraint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConstraintKind {
    PrimaryKey { using_index: Option<String> },
    Unique { using_index: Option<String> },
    ForeignKey(Reference),
    Check(Expr),
    Exclude,
    NotNull,
}

/// An index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) name: Option<String>,
    pub(crate) unique: bool,
    /// Its columns in order; an expression is None.
    pub(crate) columns: Vec<Option<String>>,
    pub(crate) partial: bool,
    /// `hash`, `gin`, `fulltext`.
    pub(crate) method: Option<String>,
}
