//! A name for a migration that nobody has named.

use xtask_db_schema::{Catalog, Relation, Rename};

/// What the difference is about, in a few words: `create_courses`, `add_courses_status`. `from` is
/// what there is after the renames.
pub(crate) fn suggest(from: &Catalog, to: &Catalog, renames: &[&Rename]) -> String {
    let (before, after) = (from.relations(), to.relations());
    let new = missing(&after, &before);
    let gone = missing(&before, &after);
    match (new.as_slice(), gone.as_slice()) {
        ([], []) => of_columns(&before, &after)
            .or_else(|| of_renames(renames))
            .unwrap_or_else(|| "change_schema".to_owned()),
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

fn of_renames(renames: &[&Rename]) -> Option<String> {
    let first = renames.first()?;
    let parts = first.parent.iter().chain([&first.from]).map(String::as_str);
    let old = parts.collect::<Vec<_>>().join("_");
    let more = if renames.len() > 1 { "_and_more" } else { "" };
    Some(format!("rename_{old}_to_{}{more}", first.to))
}

fn of_columns(before: &[Relation], after: &[Relation]) -> Option<String> {
    let pairs = after.iter().filter_map(|new| {
        let old = before.iter().find(|old| same(old, new))?;
        (old != new).then_some((old, new))
    });
    let mut names = pairs.map(|(old, new)| of_table(old, new));
    let first = names.next()?;
    Some(if names.next().is_some() { format!("{first}_and_more") } else { first })
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

#[cfg(test)]
mod tests {
    use xtask_db_schema::{RelationKind, RenameKind};

    use super::*;

    /// `users(id,mail) posts(id)`.
    fn relations(text: &str) -> Vec<Relation> {
        let field = |name: &str| xtask_db_schema::Field {
            name: name.to_owned(),
            type_name: "int".to_owned(),
            nullable: false,
            default: false,
            generated: false,
            comment: None,
        };
        let relation = |text: &str| {
            let (name, columns) = text.trim_end_matches(')').split_once('(').unwrap();
            Relation {
                schema: None,
                name: name.to_owned(),
                kind: RelationKind::Table,
                columns: columns.split(',').map(field).collect(),
                primary_key: Vec::new(),
                unique: Vec::new(),
                references: Vec::new(),
                comment: None,
            }
        };
        text.split_whitespace().map(relation).collect()
    }

    fn check(before: &str, after: &str, expected: Option<&str>) {
        let found = of_columns(&relations(before), &relations(after));
        assert_eq!(found.as_deref(), expected, "{before} -> {after}");
    }

    #[test]
    fn columns() {
        check("t(a)", "t(a)", None);
        check("t(a)", "t(a,b)", Some("add_t_b"));
        check("t(a,b)", "t(a)", Some("drop_t_b"));
        check("t(a,b)", "t(a,c)", Some("replace_t_b_by_c"));
        check("t(a)", "t(a,b,c)", Some("change_t"));
        check("t(a) u(a)", "t(a,b) u(a,b)", Some("add_t_b_and_more"));
    }

    #[test]
    fn renames() {
        let rename = Rename {
            kind: RenameKind::Column,
            schema: None,
            parent: Some("users".to_owned()),
            from: "mail".to_owned(),
            to: "email".to_owned(),
        };
        let check = |renames: &[&Rename], expected: Option<&str>| {
            assert_eq!(of_renames(renames).as_deref(), expected);
        };
        check(&[], None);
        check(&[&rename], Some("rename_users_mail_to_email"));
        check(&[&rename, &rename], Some("rename_users_mail_to_email_and_more"));
    }
}
