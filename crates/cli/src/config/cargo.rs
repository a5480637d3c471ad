//! The settings that cargo knows: the metadata tables of workspace and package.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package};
use serde_json::Value;

use super::layer::Layer;
use crate::fault::ConfigFault;

/// What the manifests say.
#[derive(Debug)]
pub(crate) struct Manifests {
    /// Where relative paths start: the folder of the package's manifest, else of the workspace's.
    pub(crate) root: PathBuf,
    pub(crate) package: Option<String>,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// The narrower first.
    pub(crate) layers: Vec<Layer>,
}

/// A manifest is here or above.
pub(crate) fn near(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file())
}

/// Asks cargo for the metadata tables.
pub(crate) fn read(folder: &Path, package: Option<&str>) -> Result<Manifests, ConfigFault> {
    let metadata = MetadataCommand::new()
        .no_deps()
        .current_dir(folder)
        .exec()
        .map_err(|error| ConfigFault::Cargo { said: error.to_string().trim().to_owned() })?;
    let workspace_root = metadata.workspace_root.clone().into_std_path_buf();
    let mut layers = Vec::new();
    let chosen = choose(&metadata, package)?;
    let mut root = workspace_root.clone();
    if let Some(chosen) = chosen {
        let name = format!("{} [package.metadata.db]", chosen.manifest_path);
        if let Some(layer) = layer(name, &chosen.metadata) {
            layers.push(layer.check()?);
            if let Some(parent) = chosen.manifest_path.parent() {
                root = parent.as_std_path().to_owned();
            }
        }
    }
    let name = format!("{} [workspace.metadata.db]", workspace_root.join("Cargo.toml").display());
    if let Some(layer) = layer(name, &metadata.workspace_metadata) {
        layers.push(layer.check()?);
    }
    let package = chosen.map(|package| package.name.to_string());
    let target = metadata.target_directory.into_std_path_buf();
    Ok(Manifests { root, package, target, layers })
}

fn layer(name: String, metadata: &Value) -> Option<Layer> {
    Some(Layer { name, values: metadata.get("db")?.as_object()?.clone() })
}

/// The package that was named, else the only one with settings of its own when the workspace has
/// none.
fn choose<'m>(
    metadata: &'m Metadata,
    package: Option<&str>,
) -> Result<Option<&'m Package>, ConfigFault> {
    let with: Vec<&Package> = metadata
        .packages
        .iter()
        .filter(|package| package.metadata.get("db").is_some_and(Value::is_object))
        .collect();
    let names = || with.iter().map(|package| package.name.to_string()).collect::<Vec<_>>();
    if let Some(name) = package {
        let found = metadata.packages.iter().find(|package| package.name == name);
        return match found {
            Some(found) => Ok(Some(found)),
            None => Err(ConfigFault::Package { name: name.to_owned(), known: names() }),
        };
    }
    if metadata.workspace_metadata.get("db").is_some() {
        return Ok(None);
    }
    match with.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => Err(ConfigFault::Packages { known: names() }),
    }
}
