//! `.cargo/config.toml`: the alias, and the folder that the build watches.

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

/// The alias `xtask`, as words; none when there is none.
pub(super) fn alias(document: &DocumentMut) -> Option<Vec<String>> {
    let alias = document.get("alias")?.get("xtask")?;
    if let Some(text) = alias.as_str() {
        return Some(text.split_whitespace().map(str::to_owned).collect());
    }
    let words = alias.as_array()?.iter().filter_map(Value::as_str);
    Some(words.map(str::to_owned).collect())
}

/// The package that an alias runs.
pub(super) fn package_of(words: &[String]) -> Option<&str> {
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--" => return None,
            "-p" | "--package" | "--bin" => return words.next(),
            _ => {}
        }
        if let Some(name) = word.strip_prefix("--package=").or(word.strip_prefix("-p")) {
            return Some(name);
        }
    }
    None
}

/// Adds the alias. `false`: there is one.
pub(super) fn add_alias(document: &mut DocumentMut, value: &str) -> bool {
    if alias(document).is_some() {
        return false;
    }
    let Some(aliases) = table(document, "alias") else { return false };
    aliases.insert("xtask", toml_edit::value(value));
    true
}

/// Adds the variable that names a migrations folder, relative to the folder that holds `.cargo`.
///
/// # Errors
/// The variable is there and names something else, which is returned.
pub(super) fn add_env(
    document: &mut DocumentMut,
    name: &str,
    folder: &str,
) -> Result<bool, String> {
    match there(document, name) {
        Some((value, relative)) if !(value == folder && relative) => return Err(value),
        _ => {}
    }
    Ok(set_env(document, name, folder))
}

/// Sets the variable, whatever it names. `false`: it names the folder already.
pub(super) fn set_env(document: &mut DocumentMut, name: &str, folder: &str) -> bool {
    if there(document, name).is_some_and(|(value, relative)| value == folder && relative) {
        return false;
    }
    let mut entry = InlineTable::new();
    entry.insert("value", folder.into());
    entry.insert("relative", true.into());
    let Some(env) = table(document, "env") else { return false };
    env.insert(name, Item::Value(Value::InlineTable(entry)));
    true
}

/// The variable's name for a package's database, or for the workspace's.
pub(super) fn variable(package: Option<&str>) -> String {
    let suffix = package.map(|name| {
        let upper = name.to_ascii_uppercase();
        let upper: String =
            upper.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        format!("_{upper}")
    });
    format!("XTASK_DB_MIGRATIONS{}", suffix.unwrap_or_default())
}

/// The variable's value, and whether it is relative.
fn there(document: &DocumentMut, name: &str) -> Option<(String, bool)> {
    let there = document.get("env")?.get(name)?;
    let value = there.get("value").unwrap_or(there).as_str().unwrap_or_default().to_owned();
    Some((value, there.get("relative").and_then(Item::as_bool).unwrap_or(false)))
}

fn table<'a>(
    document: &'a mut DocumentMut,
    name: &str,
) -> Option<&'a mut dyn toml_edit::TableLike> {
    document.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_of_an_alias() {
        let check = |alias: &str, expected: Option<&str>| {
            let words: Vec<String> = alias.split_whitespace().map(str::to_owned).collect();
            assert_eq!(package_of(&words), expected, "{alias}");
        };
        check("run --quiet --package xtask --", Some("xtask"));
        check("run -p tasks --release --", Some("tasks"));
        check("run -ptasks --", Some("tasks"));
        check("run --package=tasks --", Some("tasks"));
        check("run --manifest-path tasks/Cargo.toml --", None);
        check("run -- -p x", None);
    }

    #[test]
    fn entries_are_added_once() {
        let text = "# mine\n[build]\njobs = 1 # few\n";
        let mut document: DocumentMut = text.parse().unwrap();
        assert!(add_alias(&mut document, "run -p xtask --"));
        assert_eq!(add_env(&mut document, "XTASK_DB_MIGRATIONS", "migrations"), Ok(true));
        assert!(!add_alias(&mut document, "other"));
        assert_eq!(add_env(&mut document, "XTASK_DB_MIGRATIONS", "migrations"), Ok(false));
        let other = add_env(&mut document, "XTASK_DB_MIGRATIONS", "db");
        assert_eq!(other, Err("migrations".to_owned()));
        let expected = "# mine\n[build]\njobs = 1 # few\n\n[alias]\nxtask = \"run -p xtask --\"\n\n\
                        [env]\nXTASK_DB_MIGRATIONS = { value = \"migrations\", relative = true }\n";
        assert_eq!(document.to_string(), expected);
        assert_eq!(variable(Some("billing-db")), "XTASK_DB_MIGRATIONS_BILLING_DB");
    }
}
