//! What sqlx's own configuration says about its migrations.

use toml_edit::{DocumentMut, Value};

use super::Problem;

/// The file.
const NAME: &str = "sqlx.toml";

/// The characters that are left out of sqlx's checksums (`migrate.ignored-chars`); none without a
/// configuration.
///
/// # Errors
/// The text cannot be read, or names another ledger than the one that is taken over.
pub(crate) fn ignored_characters(text: Option<&str>) -> Result<Vec<char>, Problem> {
    let unreadable = |problem: String| Problem::Unreadable { name: NAME.to_owned(), problem };
    let document: DocumentMut = text
        .unwrap_or_default()
        .parse()
        .map_err(|error: toml_edit::TomlError| unreadable(error.message().to_owned()))?;
    let Some(migrate) = document.get("migrate") else { return Ok(Vec::new()) };
    if let Some(table) = migrate.get("table-name").and_then(|item| item.as_str()) {
        let problem = format!("migrate.table-name is {table:?}; only _sqlx_migrations is read");
        return Err(unreadable(problem));
    }
    let characters = migrate.get("ignored-chars").and_then(|item| item.as_array());
    let texts = characters.into_iter().flatten().filter_map(Value::as_str);
    Ok(texts.flat_map(str::chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_characters_are_read() {
        let check = |text: Option<&str>, expected: Result<Vec<char>, &str>| {
            let found = ignored_characters(text).map_err(|problem| problem.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{text:?}");
        };
        check(None, Ok(vec![]));
        check(Some("[common]\n"), Ok(vec![]));
        check(Some("[migrate]\nignored-chars = [\"\\r\", \" \"]\n"), Ok(vec!['\r', ' ']));
        check(
            Some("[migrate]\ntable-name = \"foo\"\n"),
            Err("sqlx.toml: migrate.table-name is \"foo\"; only _sqlx_migrations is read"),
        );
    }
}
