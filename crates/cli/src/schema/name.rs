//! A name for a migration that nobody has named.

use xtask_db_schema::{Catalog, Relation};

/// What the difference is about, in a few words: `create_courses`, `add_courses_status`.
pub(crate) fn suggest(from: &Catalog, to: &Catalog) -> String {
    let (before, after) = (from.relations(), to.relations());
    let new = missing(&after, &before);
    let gone = missing(&before, &after);
    match (new.as_slice(), gone.as_slice()) {
        ([], []) => of_columns(&before, &after),
        ([one], []) => format!("create_{one}"),
        ([one, ..], []) => format!("create_{one}_and_more"),
        ([], [one]) => format!("drop_{one}"),
        ([], [one, ..]) => format!("drop_{one}_and_more"),
        ([one], [other]) => format!("replace_{other}_by_{one}"),
        ([one, ..], _) => format!("create_{one}_and_more"),
    }
}

/// The names that are in `these` and not in `those`.
fn missing<'a>(these: &'a [Relation], those: &[Relation]) -> Vec<&'a str> {
    let there = |one: &&Relation| !those.iter().any(|other| same(one, other));
    these.iter().filter(there).map(|relation| relation.name.as_str()).collect()
}

fn same(one: &Relation, other: &Relation) -> bool {
    (&one.schema, &one.name) == (&other.schema, &other.name)
}

fn of_columns(before: &[Relation], after: &[Relation]) -> String {
    let pairs = after.iter().filter_map(|new| {
        let old = before.iter().find(|old| same(old, new))?;
        (old != new).then_some((old, new))
    });
    let mut names = pairs.map(|(old, new)| of_table(old, new));
    match (names.next(), names.next()) {
        (None, _) => "change_schema".to_owned(),
        (Some(one), None) => one,
        (Some(one), Some(_)) => format!("{one}_and_more"),
    }
}

fn of_table(old: &Relation, new: &Relation) -> String {
    let has = |relation: &Relation, name: &str| relation.columns.iter().any(|c| c.name == name);
    let added: Vec<&str> = names(new).filter(|name| !has(old, name)).collect();
    let dropped: Vec<&str> = names(old).filter(|name| !has(new, name)).collect();
    let table = &new.name;
    match (added.as_slice(), dropped.as_slice()) {
        ([one], []) => format!("add_{table}_{one}"),
        ([], [one]) => format!("drop_{table}_{one}"),
        ([one], [other]) => format!("replace_{table}_{other}_by_{one}"),
        _ => format!("change_{table}"),
    }
}

fn names(relation: &Relation) -> impl Iterator<Item = &str> {
    relation.columns.iter().map(|field| field.name.as_str())
}
