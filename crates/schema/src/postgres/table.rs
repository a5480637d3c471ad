//! Tables: what is theirs beside columns, constraints and indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::quote;
use super::{
    Column, Constraint, Name, Object, attachment, column, column_change, constraint, hazards,
    options, partition,
};
use crate::Step;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// In order.
    pub columns: Vec<Column>,
    /// By name.
    pub constraints: BTreeMap<String, Constraint>,
    /// Partitioned: `RANGE (created_at)`.
    pub partition_key: Option<String>,
    /// A partition.
    pub partition_of: Option<Partition>,
    /// Tables it inherits from, in order; empty for a partition.
    pub inherits: Vec<Name>,
    /// Not in the write-ahead log.
    pub unlogged: bool,
    /// Storage parameters as in `WITH (…)`, those of its TOAST table with `toast.` before them.
    pub options: Vec<String>,
    /// Not the default one.
    pub tablespace: Option<String>,
    /// Not the default one.
    pub access_method: Option<String>,
    /// Which row replication tells, when it is not the primary key.
    pub replica_identity: Option<ReplicaIdentity>,
    /// The index or constraint that CLUSTER goes by.
    pub clustered_on: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// Of which table a table is a part, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// The partitioned table.
    pub parent: Name,
    /// `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: String,
}

/// Which row replication tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaIdentity {
    /// The whole row.
    Full,
    /// None.
    Nothing,
    /// That of a unique index or constraint of the table.
    Index(String),
}

impl Table {
    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The tables it gets columns from.
    pub(super) fn parents(&self) -> impl Iterator<Item = &Name> {
        let whole = self.partition_of.as_ref().map(|partition| &partition.parent);
        whole.into_iter().chain(&self.inherits)
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let Some(table) = site.to.tables.get(name) else { return Vec::new() };
    let mut sql = format!("CREATE {}TABLE {name}", if table.unlogged { "UNLOGGED " } else { "" });
    match &table.partition_of {
        Some(part) if partition::derived(site.to, name) => {
            sql.push_str(&format!(" PARTITION OF {}\n    {}", part.parent, part.bound));
        }
        _ => sql.push_str(&body(site, name, table)),
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(Name::to_string).collect();
        sql.push_str(&format!("\nINHERITS ({})", parents.join(", ")));
    }
    if let Some(key) = &table.partition_key {
        sql.push_str(&format!("\nPARTITION BY {key}"));
    }
    if let Some(method) = &table.access_method {
        sql.push_str(&format!("\nUSING {}", quote(method)));
    }
    if !table.options.is_empty() {
        sql.push_str(&format!("\nWITH ({})", options::list(&table.options)));
    }
    if let Some(tablespace) = &table.tablespace {
        sql.push_str(&format!("\nTABLESPACE {}", quote(tablespace)));
    }
    let mut steps = vec![Step::new(sql)];
    if table.partition_of.is_none() || !partition::derived(site.to, name) {
        let columns = table.columns.iter().filter(|column| own(table, column));
        steps.extend(columns.flat_map(|one| column::settings(name, None, one)));
    }
    for column in table.columns.iter().filter(|column| !own(table, column)) {
        let member = name.member(&column.name);
        let above = table.inherits.iter().map(|parent| parent.member(&column.name));
        if let Some(above) = above.filter_map(|above| site.to.column(&above)).next() {
            steps.extend(column_change::between(site, &member, above, column));
        }
    }
    steps
}

/// Columns and constraints in parentheses.
fn body(site: &Site<'_>, name: &Name, table: &Table) -> String {
    let columns = table.columns.iter().filter(|column| own(table, column));
    let mut lines: Vec<String> =
        columns.map(|one| column::definition(site, &name.member(&one.name), one)).collect();
    for (constraint_name, one) in &table.constraints {
        if constraint::inline(site, &name.member(constraint_name)) {
            lines.push(constraint::definition(constraint_name, one));
        }
    }
    match lines.is_empty() {
        true => " ()".to_owned(),
        false => format!(" (\n    {}\n)", lines.join(",\n    ")),
    }
}

/// The table itself says that it has a column, not one that it inherits from.
fn own(table: &Table, column: &Column) -> bool {
    column.local || table.inherits.is_empty()
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let object = name.plain();
    let loss = hazards::loss(&object, "the table's rows are lost", hazards::rows(name));
    let mut steps = Vec::new();
    if partition::is_referenced(site.from, name) {
        steps.extend(attachment::drop(site, name));
    }
    steps.push(Step::new(format!("DROP TABLE {name}")).hazard(loss));
    steps
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(from), Some(to)) = (site.from.tables.get(name), site.to.tables.get(name)) else {
        return Change::Same;
    };
    if from.partition_key != to.partition_key {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    let alter = |clause: String| Step::new(format!("ALTER TABLE {name} {clause}"));
    let rewrite = || hazards::rewrite(&name.plain(), name);
    if from.unlogged != to.unlogged {
        let clause = if to.unlogged { "SET UNLOGGED" } else { "SET LOGGED" };
        steps.push(alter(clause.to_owned()).hazard(rewrite()));
    }
    if from.access_method != to.access_method {
        let method = to.access_method.as_deref().unwrap_or("heap");
        steps.push(alter(format!("SET ACCESS METHOD {}", quote(method))).hazard(rewrite()));
    }
    if from.tablespace != to.tablespace {
        let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
        steps.push(alter(format!("SET TABLESPACE {}", quote(tablespace))).hazard(rewrite()));
    }
    steps.extend(options::changes(&from.options, &to.options).into_iter().map(alter));
    if from.partition_of.is_none() && to.partition_of.is_none() {
        let gone = from.inherits.iter().filter(|parent| !to.inherits.contains(parent));
        steps.extend(gone.map(|parent| alter(format!("NO INHERIT {parent}"))));
        let new = to.inherits.iter().filter(|parent| !from.inherits.contains(parent));
        steps.extend(new.map(|parent| alter(format!("INHERIT {parent}"))));
    }
    if steps.is_empty() { Change::Same } else { Change::Alter(steps) }
}

/// The column of a key, as it is asked for rows that break it.
pub(super) fn existing<'a>(
    site: &Site<'_>,
    table: &Name,
    columns: impl IntoIterator<Item = &'a String>,
) -> Option<Vec<String>> {
    let there = |column: &String| {
        let member = table.member(column);
        let made = site.makes(&Object::Column(member.clone()));
        (site.from.column(&member).is_some() && !made).then(|| quote(column))
    };
    columns.into_iter().map(there).collect()
}
