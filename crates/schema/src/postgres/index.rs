//! Indexes that no constraint made.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::quote;
use super::table::existing;
use super::{Name, Object, hazards, key_index, options};
use crate::{Run, Step};

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The table or the materialized view.
    pub table: Name,
    /// No two entries are equal.
    pub unique: bool,
    /// What the server prints after USING: `btree (lower(email)) WHERE active`.
    pub definition: String,
    /// The columns it names, included ones at the end; none for an expression.
    pub columns: Vec<Option<String>>,
    /// How many of them are its key.
    pub keys: usize,
    /// It holds only rows that fulfil a condition.
    pub partial: bool,
    /// On a partitioned table.
    pub partitioned: bool,
    /// It is used; one that is not is the rest of a build that failed, or misses partitions.
    pub valid: bool,
    /// The index of the partitioned table that it is a part of.
    pub part_of: Option<Name>,
    /// Statistics targets of expressions: column number and target.
    pub statistics: Vec<(i16, i32)>,
    /// Not the default one.
    pub tablespace: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let Some(index) = site.to.indexes.get(name) else { return Vec::new() };
    let there = !site.makes_relation(&index.table);
    let concurrently = there && site.online && !index.partitioned;
    let mut sql = "CREATE ".to_owned();
    sql.push_str(if index.unique { "UNIQUE INDEX " } else { "INDEX " });
    sql.push_str(if concurrently { "CONCURRENTLY " } else { "" });
    let only = if index.partitioned && !index.valid { "ONLY " } else { "" };
    let (method, rest) = index.definition.split_once(' ').unwrap_or((&index.definition, ""));
    let using = if method == "btree" { String::new() } else { format!("USING {method} ") };
    let break_line = if there { "\n    " } else { " " };
    sql.push_str(&format!(
        "{}{break_line}ON {only}{} {using}{rest}",
        quote(&name.name),
        index.table
    ));
    if let Some(tablespace) = &index.tablespace {
        // It stands before the condition.
        let clause = format!(" TABLESPACE {}", quote(tablespace));
        let at = condition(&sql);
        sql.insert_str(at, &clause);
    }
    let mut step = Step::new(sql);
    if concurrently {
        step = step.run(Run::Alone);
    } else if there {
        let text = "builds an index; nobody writes to the table meanwhile (SHARE)";
        step = step.hazard(hazards::lock(&name.plain(), text, &index.table));
    }
    if index.unique && there {
        let probe = duplicates(site, index);
        let text = "fails where two rows have the same key";
        step = step.hazard(hazards::fails(&name.plain(), text, probe));
    }
    let mut steps = vec![step];
    for (column, target) in &index.statistics {
        let clause = format!("ALTER COLUMN {column} SET STATISTICS {target}");
        steps.push(Step::new(format!("ALTER INDEX {name} {clause}")));
    }
    steps
}

/// Where the condition of an index begins.
fn condition(sql: &str) -> usize {
    let end = key_index::clauses_end(sql);
    let rest = &sql[end..];
    let after = |word: &str| rest.find(word);
    end + after(" WHERE ").unwrap_or(rest.len())
}

fn duplicates(site: &Site<'_>, index: &Index) -> Option<String> {
    let columns: Option<Vec<String>> = index.columns.iter().take(index.keys).cloned().collect();
    let columns = existing(site, &index.table, &columns?)?;
    (!index.partial).then(|| key_index::twice(&index.table, &columns))
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let Some(index) = site.from.indexes.get(name) else { return Vec::new() };
    let remade = site.makes(&Object::Index(name.clone())) || site.makes_relation(&index.table);
    match site.online && !index.partitioned && !remade {
        true => vec![Step::new(format!("DROP INDEX CONCURRENTLY {name}")).run(Run::Alone)],
        false => vec![Step::new(format!("DROP INDEX {name}"))],
    }
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (from, to) = (site.from.indexes.get(name), site.to.indexes.get(name));
    let (Some(from), Some(to)) = (from, to) else { return Change::Same };
    let (old, old_options) = with(&from.definition);
    let (new, new_options) = with(&to.definition);
    let same = from.table == to.table
        && from.unique == to.unique
        && from.valid == to.valid
        && from.partitioned == to.partitioned
        && old == new;
    if !same {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    let alter = |clause: String| Step::new(format!("ALTER INDEX {name} {clause}"));
    steps.extend(options::changes(&old_options, &new_options).into_iter().map(alter));
    if from.tablespace != to.tablespace {
        let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
        steps.push(alter(format!("SET TABLESPACE {}", quote(tablespace))));
    }
    let gone = from.statistics.iter().filter(|(at, _)| to.statistics.iter().all(|(b, _)| b != at));
    let gone = gone.map(|(at, _)| (at, -1));
    let new = to.statistics.iter().filter(|one| !from.statistics.contains(one));
    for (column, target) in gone.chain(new.map(|(at, target)| (at, *target))) {
        steps.push(alter(format!("ALTER COLUMN {column} SET STATISTICS {target}")));
    }
    if steps.is_empty() { Change::Same } else { Change::Alter(steps) }
}

/// A definition without its storage parameters, and these as the server keeps them.
fn with(definition: &str) -> (String, Vec<String>) {
    let end = key_index::clauses_end(definition);
    let rest = &definition[end..];
    let opened = rest.strip_prefix(" NULLS NOT DISTINCT").unwrap_or(rest);
    let Some(list) = opened.strip_prefix(" WITH (") else {
        return (definition.to_owned(), Vec::new());
    };
    let Some((list, after)) = list.split_once(')') else {
        return (definition.to_owned(), Vec::new());
    };
    let nulls = &rest[..rest.len() - opened.len()];
    let plain = |option: &str| option.replace('\'', "");
    let options = list.split(", ").map(plain).collect();
    (format!("{}{nulls}{after}", &definition[..end]), options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_parameters_are_told_from_the_rest() {
        let check = |text: &str, plain: &str, options: &[&str]| {
            let (found, found_options) = with(text);
            assert_eq!((found.as_str(), found_options.len()), (plain, options.len()));
            assert_eq!(found_options, options);
        };
        check("btree (a)", "btree (a)", &[]);
        check(
            "btree (a) NULLS NOT DISTINCT WITH (fillfactor='70', a=on) WHERE b",
            "btree (a) NULLS NOT DISTINCT WHERE b",
            &["fillfactor=70", "a=on"],
        );
        check("gin (a) WITH (x='1')", "gin (a)", &["x=1"]);
    }
}
