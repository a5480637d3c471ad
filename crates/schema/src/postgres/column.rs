//! Columns of tables.

use serde::{Deserialize, Serialize};

use super::change::Site;
use super::name::quote;
use super::{
    Member, Name, Object, SequenceOptions, casts, column_change, default, hazards, options, serial,
};
use crate::Step;

pub(super) use super::column_change::change;

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type with its modifiers: `character varying(200)`, `status[]`.
    pub type_name: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// It is never null.
    pub not_null: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// The expression it is computed from.
    pub generated: Option<Generated>,
    /// It numbers itself.
    pub identity: Option<Identity>,
    /// `EXTENDED`
    pub storage: String,
    /// That is what its type has.
    pub usual_storage: bool,
    /// Not the default: `lz4`.
    pub compression: Option<String>,
    /// The statistics target, when it is not the default.
    pub statistics: Option<i32>,
    /// `n_distinct=…`
    pub options: Vec<String>,
    /// It comes from a table that this one inherits from or is a partition of.
    pub inherited: bool,
    /// It is declared here too, when it is inherited.
    pub local: bool,
    /// Its comment.
    pub comment: Option<String>,
}

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// From which expression.
    pub expression: String,
    /// It is kept in the row.
    pub stored: bool,
}

/// How a column numbers itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// A value that a statement gives is refused.
    pub always: bool,
    /// Its sequence's name.
    pub sequence: Name,
    /// Its sequence.
    pub options: SequenceOptions,
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, member: &Member) -> Vec<Step> {
    let Some(column) = site.to.column(member) else { return Vec::new() };
    for parent in site.parents(&member.of) {
        let above = parent.member(&member.name);
        // It comes with that of the parent.
        if let Some(given) = site.to.column(&above)
            && site.makes(&Object::Column(above))
        {
            let mut steps = column_change::between(site, member, given, column);
            if given.default.is_some() && column.default.is_none() {
                steps.extend(default::drop(site, member));
            }
            return steps;
        }
    }
    let clause = definition(site, member, column);
    let table = &member.of;
    let mut step = Step::new(format!("ALTER TABLE {table} ADD COLUMN {clause}"));
    let object = member.plain();
    let given = column.default.is_some() || column.generated.is_some();
    if column.not_null && !given && column.identity.is_none() {
        let text = "the column has no value for the rows that are there";
        step = step.hazard(hazards::fails(&object, text, Some(hazards::rows(table))));
    }
    let volatile = column.default.as_deref().is_some_and(casts::volatile);
    if column.generated.is_some() || column.identity.is_some() || volatile {
        step = step.hazard(hazards::rewrite(&object, table));
    }
    let mut steps = vec![step];
    steps.extend(settings(table, None, column));
    steps
}

/// `name type …`, as in CREATE TABLE and ADD COLUMN.
pub(super) fn definition(site: &Site<'_>, member: &Member, column: &Column) -> String {
    let name = quote(&column.name);
    if let Some(word) = serial::word(site, member) {
        return format!("{name} {word}");
    }
    let mut sql = format!("{name} {}", column.type_name);
    if let Some(method) = &column.compression {
        sql.push_str(&format!(" COMPRESSION {method}"));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if column.not_null {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(Generated { expression, stored }) = &column.generated {
        let kind = if *stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
    }
    if let Some(identity) = &column.identity {
        sql.push_str(&format!(" GENERATED {}", identity.clause(member)));
    }
    sql
}

/// What no definition of a column can say, as statements. `from`: what the column has already.
pub(super) fn settings(table: &Name, from: Option<&Column>, to: &Column) -> Vec<Step> {
    let name = quote(&to.name);
    let mut clauses = Vec::new();
    let storage = from.map_or(to.usual_storage, |from| from.storage == to.storage);
    if !storage {
        clauses.push(format!("SET STORAGE {}", to.storage));
    }
    if from.and_then(|from| from.statistics) != to.statistics {
        clauses.push(format!("SET STATISTICS {}", to.statistics.unwrap_or(-1)));
    }
    let old = from.map(|from| from.options.as_slice()).unwrap_or_default();
    clauses.extend(options::changes(old, &to.options));
    let only = |clause: String| {
        Step::new(format!("ALTER TABLE ONLY {table} ALTER COLUMN {name} {clause}"))
    };
    clauses.into_iter().map(only).collect()
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, member: &Member) -> Vec<Step> {
    let (table, name) = (&member.of, quote(&member.name));
    let probe = hazards::rows_where(table, &format!("{name} IS NOT NULL"));
    let loss = hazards::loss(&member.plain(), "the column's values are lost", probe);
    vec![Step::new(format!("ALTER TABLE {table} DROP COLUMN {name}")).hazard(loss)]
}
