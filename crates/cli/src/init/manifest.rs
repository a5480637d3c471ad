//! Edits of `Cargo.toml`. What is there keeps its place, its comments and its spelling.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use super::dockerignore::matches;

/// Reads a TOML file.
///
/// # Errors
/// The parser's message.
pub(super) fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())
}

/// Adds a workspace member. `Ok(false)`: a member or a pattern covers it already.
///
/// # Errors
/// `workspace` or `members` has another shape than cargo reads.
pub(super) fn add_member(document: &mut DocumentMut, member: &str) -> Result<bool, String> {
    let workspace = document.entry("workspace").or_insert_with(|| Item::Table(spaced()));
    let workspace = workspace.as_table_like_mut().ok_or("workspace is not a table")?;
    let members = workspace.entry("members").or_insert_with(|| {
        let members = Array::new();
        Item::Value(Value::Array(members))
    });
    let members = members.as_array_mut().ok_or("workspace.members is not an array")?;
    let covered = members.iter().filter_map(Value::as_str).any(|name| matches(name, member));
    if !covered {
        push(members, member);
    }
    Ok(!covered)
}

/// Adds `[workspace.metadata.db]` or `[package.metadata.db]` with these settings. `Ok(false)`:
/// there is one.
///
/// # Errors
/// `metadata` has another shape.
pub(super) fn add_settings(
    document: &mut DocumentMut,
    owner: &str,
    settings: &str,
) -> Result<bool, String> {
    let owner_item = document.entry(owner).or_insert_with(|| Item::Table(implicit()));
    let owner_table =
        owner_item.as_table_like_mut().ok_or_else(|| format!("{owner} is not a table"))?;
    let metadata = owner_table.entry("metadata").or_insert_with(|| Item::Table(implicit()));
    let metadata =
        metadata.as_table_like_mut().ok_or_else(|| format!("{owner}.metadata is not a table"))?;
    if metadata.contains_key("db") {
        return Ok(false);
    }
    let mut db = parse(settings)?.as_table().clone();
    db.set_implicit(false);
    db.decor_mut().set_prefix("\n");
    metadata.insert("db", Item::Table(db));
    Ok(true)
}

/// Sets keys of `[….metadata.db]`, which is made when it is missing. The keys that were changed.
///
/// # Errors
/// `metadata` has another shape.
pub(super) fn set_keys(
    document: &mut DocumentMut,
    owner: &str,
    keys: &[(&str, &str)],
) -> Result<Vec<String>, String> {
    add_settings(document, owner, "")?;
    let db = document[owner]["metadata"]["db"].as_table_like_mut();
    let db = db.ok_or_else(|| format!("{owner}.metadata.db is not a table"))?;
    let mut changed = Vec::new();
    for (key, text) in keys {
        if db.get(key).and_then(Item::as_str) != Some(text) {
            db.insert(key, toml_edit::value(*text));
            changed.push((*key).to_owned());
        }
    }
    Ok(changed)
}

/// Whether a manifest depends on a crate, whatever it calls it.
pub(super) fn depends_on(document: &DocumentMut, name: &str) -> bool {
    document
        .get("dependencies")
        .and_then(Item::as_table_like)
        .is_some_and(|table| table.iter().any(|(key, item)| is(key, item, name)))
}

/// Adds a feature to a dependency. `false`: it has it, or there is no such dependency.
pub(super) fn add_feature(document: &mut DocumentMut, name: &str, feature: &str) -> bool {
    let dependencies = document.get_mut("dependencies").and_then(Item::as_table_like_mut);
    let Some(dependencies) = dependencies else { return false };
    let key =
        dependencies.iter().find_map(|(key, item)| is(key, item, name).then(|| key.to_owned()));
    let Some(item) = key.and_then(|key| dependencies.get_mut(&key)) else { return false };
    if let Some(version) = item.as_str().map(str::to_owned) {
        let mut table = toml_edit::InlineTable::new();
        table.insert("version", version.into());
        *item = Item::Value(Value::InlineTable(table));
    }
    let Some(table) = item.as_table_like_mut() else { return false };
    let features = table.entry("features").or_insert_with(|| Item::Value(Array::new().into()));
    let Some(features) = features.as_array_mut() else { return false };
    let has = features.iter().filter_map(Value::as_str).any(|there| there == feature);
    if !has {
        push(features, feature);
    }
    !has
}

/// The manifest is a workspace without a package of its own.
pub(super) fn is_virtual(document: &DocumentMut) -> bool {
    document.get("package").is_none()
}

/// `workspace.default-members` is set.
pub(super) fn has_default_members(document: &DocumentMut) -> bool {
    document.get("workspace").and_then(Item::as_table_like).is_some_and(has_defaults)
}

fn has_defaults(workspace: &dyn TableLike) -> bool {
    workspace.contains_key("default-members")
}

/// The entry is this crate, under its name or another.
fn is(key: &str, item: &Item, name: &str) -> bool {
    key == name || item.get("package").and_then(Item::as_str) == Some(name)
}

/// Appends to an array, on a line of its own when the others have one.
fn push(array: &mut Array, text: &str) {
    let mut value = Value::from(text);
    let last = array.iter().last();
    let prefix = last.and_then(|last| last.decor().prefix()?.as_str()).unwrap_or_default();
    if prefix.contains('\n') {
        // comments before the last element are its own
        let indent: String = prefix.chars().skip(prefix.rfind('\n').unwrap_or(0)).collect();
        value.decor_mut().set_prefix(indent);
        array.push_formatted(value);
    } else {
        array.push(value);
    }
}

fn spaced() -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, expected: &str) {
        let mut document = parse(before).unwrap();
        add_member(&mut document, "xtask").unwrap();
        add_settings(&mut document, "workspace", "url = \"sqlite:dev.db\"\n").unwrap();
        assert_eq!(document.to_string(), expected);
        assert_eq!(add_member(&mut document, "xtask"), Ok(false));
        assert_eq!(add_settings(&mut document, "workspace", "x = 1"), Ok(false));
        assert_eq!(document.to_string(), expected);
    }

    #[test]
    fn a_fresh_package_becomes_a_workspace() {
        check(
            "[package]\nname = \"app\"\n\n[dependencies]\n",
            "[package]\nname = \"app\"\n\n[dependencies]\n\n[workspace]\nmembers = [\"xtask\"]\n\n\
             [workspace.metadata.db]\nurl = \"sqlite:dev.db\"\n",
        );
    }

    #[test]
    fn a_workspace_keeps_its_formatting() {
        check(
            "[workspace] # ours\nmembers = [\n    # the app\n    \"app\",\n]\nresolver = \"3\"\n",
            "[workspace] # ours\nmembers = [\n    # the app\n    \"app\",\n    \"xtask\",\n]\n\
             resolver = \"3\"\n\n[workspace.metadata.db]\nurl = \"sqlite:dev.db\"\n",
        );
        check(
            "[workspace]\nmembers = [\"app\"]\n\n[workspace.metadata.docs]\nx = 1\n",
            "[workspace]\nmembers = [\"app\", \"xtask\"]\n\n[workspace.metadata.docs]\nx = 1\n\n\
             [workspace.metadata.db]\nurl = \"sqlite:dev.db\"\n",
        );
        check(
            "[workspace]\nmembers = [\"*\"]\n",
            "[workspace]\nmembers = [\"*\"]\n\n[workspace.metadata.db]\nurl = \"sqlite:dev.db\"\n",
        );
    }

    #[test]
    fn odd_shapes_are_refused() {
        let mut document = parse("workspace = 1").unwrap();
        assert_eq!(add_member(&mut document, "xtask"), Err("workspace is not a table".into()));
        let mut document = parse("[workspace]\nmetadata = 1").unwrap();
        let error = add_settings(&mut document, "workspace", "");
        assert_eq!(error, Err("workspace.metadata is not a table".into()));
    }

    #[test]
    fn keys_are_set_where_they_are_missing_or_other() {
        let mut document = parse("[package]\nname = \"a\"\n").unwrap();
        let keys = [("migrations", "prisma/migrations")];
        assert_eq!(set_keys(&mut document, "package", &keys).unwrap(), ["migrations"]);
        let none: [String; 0] = [];
        assert_eq!(set_keys(&mut document, "package", &keys).unwrap(), none);
        let text = "[package]\nname = \"a\"\n\n[package.metadata.db]\n\
                    migrations = \"prisma/migrations\"\n";
        assert_eq!(document.to_string(), text);
    }

    #[test]
    fn a_feature_is_added_to_any_spelling() {
        let check = |text: &str, expected: &str| {
            let mut document = parse(text).unwrap();
            let added = add_feature(&mut document, "xtask-db-cli", "mysql");
            assert_eq!((document.to_string().as_str(), added), (expected, expected != text));
        };
        let has = "[dependencies]\nxtask-db-cli = { version = \"1\", features = [\"mysql\"] }\n";
        check(has, has);
        check("[dependencies]\nxtask-db-cli = \"1\"\n", has);
        check(
            "[dependencies.xtask-db-cli]\nworkspace = true\nfeatures = [\"sqlite\"]\n",
            "[dependencies.xtask-db-cli]\nworkspace = true\nfeatures = [\"sqlite\", \"mysql\"]\n",
        );
        check("[dependencies]\n", "[dependencies]\n");
    }

    #[test]
    fn a_dependency_is_found_under_any_name() {
        let check = |text: &str, expected: bool| {
            assert_eq!(depends_on(&parse(text).unwrap(), "xtask-db-cli"), expected, "{text}");
        };
        check("[dependencies]\nxtask-db-cli = \"1\"", true);
        check("[dependencies.xtask-db-cli]\nworkspace = true", true);
        check("[dependencies]\ndb = { package = \"xtask-db-cli\", version = \"1\" }", true);
        check("[dependencies]\nxtask-db = \"1\"", false);
        check("", false);
    }
}
