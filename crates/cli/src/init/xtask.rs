//! The xtask crate: made when there is none, left to its owner when there is one.

use toml_edit::DocumentMut;

use super::tree::manifest_of;
use super::{Plan, Problem, Request, Tree, cargo_config, manifest, templates};

/// The xtask crate of the workspace.
enum Xtask<'a> {
    /// There is none.
    Fresh,
    /// It depends on the tool; its manifest.
    Ready(&'a str),
    /// It is there, and has to be told about the tool; its manifest, when it was found.
    Other(Option<&'a str>),
}

/// Makes the xtask crate, or says which two lines the one that is there needs.
pub(super) fn xtask(tree: &Tree, request: &Request, plan: &mut Plan) -> Result<(), Problem> {
    match find_xtask(tree)? {
        Xtask::Ready(path) => {
            let mut document = parse(tree, path)?;
            let feature = templates::feature(request.dialect);
            let mut added = Vec::new();
            if manifest::add_feature(&mut document, "xtask-db-cli", feature) {
                added.push(format!("the {} driver", request.dialect));
            }
            plan.edit(tree, path, &added, &document);
        }
        Xtask::Fresh => {
            plan.create(tree, "xtask/src/main.rs", "sends `cargo xtask db` to the tool", {
                templates::xtask_main().to_owned()
            });
            let what = format!("the xtask crate, with the {} driver", request.dialect);
            plan.create(tree, "xtask/Cargo.toml", &what, templates::xtask_manifest(request));
        }
        Xtask::Other(manifest) => {
            let manifest = manifest.unwrap_or("the Cargo.toml of your xtask");
            let dependency = templates::dependency(request);
            plan.next.push(format!(
                "add this line to [dependencies] in {manifest}:\n    xtask-db-cli = {dependency}"
            ));
            plan.next.push(format!(
                "add this line at the top of its main function, which returns ExitCode (with clap, \
                 `Db(xtask_db_cli::Db)` is a subcommand and `db.run()` runs it):\n    {}",
                templates::dispatch()
            ));
        }
    }
    Ok(())
}

/// Adds xtask to the workspace's members, when it is ours. What was added, for people.
pub(super) fn add_member(
    tree: &Tree,
    document: &mut DocumentMut,
    plan: &mut Plan,
) -> Result<Option<String>, Problem> {
    let ours = tree.text("xtask/Cargo.toml").is_some_and(|text| {
        manifest::parse(text).is_ok_and(|manifest| manifest::depends_on(&manifest, "xtask-db-cli"))
    });
    if !(ours || matches!(find_xtask(tree)?, Xtask::Fresh)) {
        return Ok(None);
    }
    let toml = |problem| Problem::Toml { path: "Cargo.toml".into(), problem };
    if !manifest::add_member(document, "xtask").map_err(toml)? {
        return Ok(None);
    }
    if manifest::is_virtual(document) && !manifest::has_default_members(document) {
        plan.notes.push(
            "`cargo run` at the root now sees the binary of xtask too; name yours with \
             --package, or set workspace.default-members"
                .into(),
        );
    }
    Ok(Some("the workspace member xtask".into()))
}

/// Where cargo's settings are. cargo reads `.cargo/config` too, and prefers it.
pub(super) fn config_path(tree: &Tree) -> &'static str {
    if tree.text(".cargo/config").is_some() { ".cargo/config" } else { ".cargo/config.toml" }
}

/// A TOML file of the tree; one that is not there is empty.
pub(super) fn parse(tree: &Tree, path: &str) -> Result<DocumentMut, Problem> {
    manifest::parse(tree.text(path).unwrap_or_default())
        .map_err(|problem| Problem::Toml { path: path.to_owned(), problem })
}

fn find_xtask(tree: &Tree) -> Result<Xtask<'_>, Problem> {
    let config = parse(tree, config_path(tree))?;
    let alias = cargo_config::alias(&config);
    let package = alias.as_deref().and_then(cargo_config::package_of).unwrap_or("xtask");
    let manifest = match tree.members.get(package) {
        Some(dir) => Some(manifest_of(dir)),
        None => tree.text("xtask/Cargo.toml").map(|_| "xtask/Cargo.toml".to_owned()),
    };
    let found = manifest.and_then(|path| tree.texts.get_key_value(&path));
    match found {
        None if alias.is_some() => Ok(Xtask::Other(None)),
        None => Ok(Xtask::Fresh),
        Some((path, _)) if manifest::depends_on(&parse(tree, path)?, "xtask-db-cli") => {
            Ok(Xtask::Ready(path))
        }
        Some((path, _)) => Ok(Xtask::Other(Some(path))),
    }
}
