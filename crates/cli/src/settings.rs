//! The settings of a workspace, edited so that they name a folder and a ledger.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_metadata::MetadataCommand;
use xtask_db_history::LockFile;

use crate::context::{Context, VERSION};
use crate::fault::{ConfigFault, Fault};
use crate::init::{Request, Step, Tree, retarget, write};

/// The workspace that the command was started in.
pub(crate) struct Workspace {
    pub(crate) root: std::path::PathBuf,
    /// Name to folder, relative to the root.
    pub(crate) members: BTreeMap<String, String>,
}

impl Workspace {
    /// Asks cargo. None: there is no manifest here or above.
    pub(crate) fn find(folder: &Path) -> Result<Option<Self>, Fault> {
        if !folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file()) {
            return Ok(None);
        }
        let metadata = MetadataCommand::new().no_deps().current_dir(folder).exec();
        let metadata = metadata.map_err(|error| {
            Fault::Config(ConfigFault::Cargo { said: error.to_string().trim().to_owned() })
        })?;
        let root = metadata.workspace_root.clone().into_std_path_buf();
        let members = metadata.packages.iter().filter_map(|package| {
            let dir = package.manifest_path.parent()?.as_std_path();
            Some((package.name.to_string(), below(&root, dir)?))
        });
        let members = members.collect();
        Ok(Some(Self { root, members }))
    }
}

/// A path below the root, with `/`; `""` for the root itself.
pub(crate) fn below(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str());
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// The edits that make the settings name this folder and its ledger. None are needed where the
/// flags or another file say it, or cargo is not used.
pub(crate) fn follow(context: &Context, dir: &Path, lock: &LockFile) -> Result<Vec<Step>, Fault> {
    let project = context.project()?;
    let named = same(&project.migrations(), dir) && project.history_table() == lock.table;
    if named || context.global.config.is_some() || context.global.migrations.is_some() {
        return Ok(Vec::new());
    }
    let Some(workspace) = Workspace::find(&context.folder)? else { return Ok(Vec::new()) };
    // the folder is resolved as cargo resolves the root
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let Some(migrations) = below(&workspace.root, &full).or_else(|| below(&workspace.root, dir))
    else {
        return Ok(Vec::new());
    };
    let package = project.package.as_ref().and_then(|name| {
        let dir = workspace.members.get(name)?;
        project.has_package_table().then(|| (name.clone(), dir.clone()))
    });
    let request = Request {
        dialect: lock.provider,
        migrations,
        package,
        table: lock.table.clone(),
        version: VERSION.to_owned(),
        source: None,
    };
    let refuse = |problem| Fault::Init(vec![problem]);
    let tree = Tree::read(&workspace.root, &request, workspace.members).map_err(refuse)?;
    retarget(&tree, &request).map_err(refuse)
}

/// Writes edits of [`follow`].
pub(crate) fn write_steps(context: &Context, steps: &[Step]) -> Result<(), Fault> {
    if steps.is_empty() {
        return Ok(());
    }
    let Some(workspace) = Workspace::find(&context.folder)? else { return Ok(()) };
    write(&workspace.root, steps).map_err(|problem| Fault::Init(vec![problem]))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().ok().is_some_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}
