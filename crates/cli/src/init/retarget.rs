//! Points the settings of a workspace at a folder and a ledger that are taken over.

use super::tree::manifest_of;
use super::xtask::{config_path, parse};
use super::{Problem, Request, Step, Tree, cargo_config, lines, manifest, templates};

/// The edits that make the settings name the request's folder and ledger. What says so already is
/// left alone.
///
/// # Errors
/// A file is not of the shape that cargo reads.
pub(crate) fn retarget(tree: &Tree, request: &Request) -> Result<Vec<Step>, Problem> {
    let (name, dir) = match &request.package {
        Some((name, dir)) => (Some(name.as_str()), dir.as_str()),
        None => (None, ""),
    };
    let mut steps = Vec::new();

    let path = manifest_of(dir);
    let mut document = parse(tree, &path)?;
    let prefix = format!("{dir}/");
    let below = request.migrations.strip_prefix(&prefix).unwrap_or(&request.migrations);
    let mut keys = vec![("migrations", below)];
    if request.table != templates::DEFAULT_TABLE {
        keys.push(("history-table", request.table.as_str()));
    }
    let owner = if name.is_some() { "package" } else { "workspace" };
    let changed = manifest::set_keys(&mut document, owner, &keys)
        .map_err(|problem| Problem::Toml { path: path.clone(), problem })?;
    if !changed.is_empty() {
        let what = format!("{} in [{owner}.metadata.db]", changed.join(" and "));
        steps.push(step(tree, &path, what, document.to_string()));
    }

    let path = config_path(tree);
    let mut document = parse(tree, path)?;
    let variable = cargo_config::variable(name);
    if cargo_config::set_env(&mut document, &variable, &request.migrations) {
        steps.push(step(tree, path, variable, document.to_string()));
    }

    let added = templates::attributes(&request.migrations);
    let path = ".gitattributes";
    if let Some(after) = lines::with_lines(tree.text(path), templates::ATTRIBUTES, &added) {
        steps.push(step(tree, path, added.join(", "), after));
    }
    Ok(steps)
}

fn step(tree: &Tree, path: &str, what: String, after: String) -> Step {
    Step { path: path.to_owned(), what, before: tree.text(path).map(str::to_owned), after }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    #[test]
    fn settings_follow_the_folder_once() {
        let manifest = "[workspace]\nmembers = []\n\n[workspace.metadata.db]\nurl = \"x\"\n";
        let config = "[env]\nXTASK_DB_MIGRATIONS = { value = \"migrations\", relative = true }\n";
        let mut tree = Tree::default();
        tree.texts.insert("Cargo.toml".into(), manifest.into());
        tree.texts.insert(".cargo/config.toml".into(), config.into());
        let request = Request {
            dialect: Dialect::Postgres,
            migrations: "prisma/migrations".into(),
            package: None,
            table: "_prisma_migrations".into(),
            version: "1.2.3".into(),
            source: None,
        };
        let steps = retarget(&tree, &request).unwrap();
        let [cargo, env, attributes] = steps.as_slice() else { panic!("{steps:?}") };
        let added = "migrations = \"prisma/migrations\"\nhistory-table = \"_prisma_migrations\"\n";
        assert_eq!(cargo.after, format!("{manifest}{added}"));
        assert_eq!(env.after, config.replace("\"migrations\"", "\"prisma/migrations\""));
        assert!(attributes.after.contains("/prisma/migrations/migrations.lock "), "{attributes:?}");
        for step in steps {
            tree.texts.insert(step.path, step.after);
        }
        assert_eq!(retarget(&tree, &request).unwrap(), []);
    }
}
