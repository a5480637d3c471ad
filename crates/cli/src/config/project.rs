//! Which files hold the configuration: one named by `--config`, or the manifests of a workspace.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

use super::layer::Layer;
use super::{ConfigError, Overrides, Vars};

const MANIFEST: &str = "Cargo.toml";
const WORKSPACE_TABLE: &str = "workspace.metadata.db";
const PACKAGE_TABLE: &str = "package.metadata.db";

/// The files found, and where the defaults start.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The folder of the manifest, or the working directory.
    pub(crate) root: PathBuf,
    /// The manifest or configuration file, when there is one.
    pub(crate) file: Option<PathBuf>,
    /// The package whose database is meant, when packages have their own.
    pub(crate) package: Option<String>,
    /// Strongest first.
    pub(crate) layers: Vec<Layer>,
}

impl Project {
    /// Finds the configuration for a working directory.
    pub(crate) fn find(
        cwd: &Path,
        overrides: &Overrides,
        vars: &Vars,
    ) -> Result<Self, ConfigError> {
        let named = overrides.config.clone().or_else(|| vars.get("XTASK_DB_CONFIG").map(Into::into));
        if let Some(file) = named {
            return Self::of_config_file(&cwd.join(file));
        }
        let alone = overrides.migrations.is_some()
            && overrides.url.is_some()
            && overrides.package.is_none()
            && overrides.environment(vars).is_none();
        let manifest = cwd.ancestors().map(|dir| dir.join(MANIFEST)).find(|path| path.is_file());
        match manifest {
            Some(manifest) if !alone => Self::of_manifest(cwd, &manifest, overrides),
            _ => Ok(Self { root: cwd.to_owned(), file: None, package: None, layers: Vec::new() }),
        }
    }

    fn of_config_file(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        let mut layers = Vec::new();
        for table in [PACKAGE_TABLE, WORKSPACE_TABLE] {
            layers.extend(Layer::read(path, &text, table)?);
        }
        if layers.is_empty() {
            layers.extend(Layer::read(path, &text, "")?);
        }
        let root = path.parent().unwrap_or(path).to_owned();
        Ok(Self { root, file: Some(path.to_owned()), package: None, layers })
    }

    fn of_manifest(
        cwd: &Path,
        manifest: &Path,
        overrides: &Overrides,
    ) -> Result<Self, ConfigError> {
        let text = read(manifest)?;
        // The nearest manifest with a [workspace] is the root of its workspace: then cargo, which
        // needs longer than the whole command, is asked only about the members.
        let here = Layer::read(manifest, &text, WORKSPACE_TABLE)?;
        if let (Some(layer), None) = (here, &overrides.package) {
            return Ok(Self::of_workspace(manifest, &text, layer)?);
        }
        let members = Members::ask(manifest)?;
        let root_manifest = members.root.join(MANIFEST);
        let root_text = read(&root_manifest)?;
        let workspace = Layer::read(&root_manifest, &root_text, WORKSPACE_TABLE)?;
        let (package, own) = match members.choose(cwd, overrides, workspace.is_some())? {
            Some((name, layer)) => (Some(name), layer),
            None => (None, None),
        };
        let file = own.as_ref().map_or(root_manifest, |layer| layer.base().join(MANIFEST));
        let root = own.as_ref().map_or(members.root, |layer| layer.base().to_owned());
        let layers = own.into_iter().chain(workspace).collect();
        Ok(Self { root, file: Some(file), package, layers })
    }

    fn of_workspace(manifest: &Path, text: &str, layer: Layer) -> Result<Self, ConfigError> {
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        let own = Layer::read(manifest, text, PACKAGE_TABLE)?;
        let layers = own.into_iter().chain([layer]).collect();
        Ok(Self { root, file: Some(manifest.to_owned()), package: None, layers })
    }
}

/// The members of a workspace, as cargo describes them.
struct Members {
    root: PathBuf,
    packages: Vec<(String, PathBuf)>,
}

impl Members {
    fn ask(manifest: &Path) -> Result<Self, ConfigError> {
        let metadata: Metadata =
            MetadataCommand::new().manifest_path(manifest).no_deps().exec().map_err(|error| {
                ConfigError::Cargo { problem: error.to_string().trim().to_owned() }
            })?;
        let packages = metadata
            .workspace_packages()
            .into_iter()
            .map(|package| (package.name.to_string(), package.manifest_path.clone().into()))
            .collect();
        Ok(Self { root: metadata.workspace_root.into(), packages })
    }

    /// The package named, else the one around `cwd`, else the only one with a table of its own.
    fn choose(
        &self,
        cwd: &Path,
        overrides: &Overrides,
        workspace_table: bool,
    ) -> Result<Option<(String, Option<Layer>)>, ConfigError> {
        if let Some(name) = &overrides.package {
            let Some((name, manifest)) = self.packages.iter().find(|(other, _)| other == name)
            else {
                let known = self.packages.iter().map(|(name, _)| name.clone()).collect();
                return Err(ConfigError::UnknownPackage { name: name.clone(), known });
            };
            return Ok(Some((name.clone(), own_table(manifest)?)));
        }
        let mut with_table = Vec::new();
        for (name, manifest) in &self.packages {
            if let Some(layer) = own_table(manifest)? {
                if layer.base() != self.root && cwd.starts_with(layer.base()) {
                    return Ok(Some((name.clone(), Some(layer))));
                }
                with_table.push((name.clone(), layer));
            }
        }
        match with_table.len() {
            0 => Ok(None),
            _ if workspace_table => {
                let root = with_table.into_iter().find(|(_, layer)| layer.base() == self.root);
                Ok(root.map(|(name, layer)| (name, Some(layer))))
            }
            1 => Ok(with_table.pop().map(|(name, layer)| (name, Some(layer)))),
            _ => {
                let known = with_table.into_iter().map(|(name, _)| name).collect();
                Err(ConfigError::SeveralPackages { known })
            }
        }
    }
}

fn own_table(manifest: &Path) -> Result<Option<Layer>, ConfigError> {
    Layer::read(manifest, &read(manifest)?, PACKAGE_TABLE)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        problem: error.to_string(),
    })
}
