//! Which crate may know which: the diagram in ARCHITECTURE.md against the manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::repository;

const DIAGRAM: &str = "ARCHITECTURE.md";
const MACRO_CRATE: &str = "xtask-db-macros";
const MACRO_DEPENDENCIES_MAX: usize = 5;
/// Heavy, and of no use while compiling.
const NEVER_IN_MACRO: [&str; 3] = ["sqlx", "tokio", "cargo_metadata"];

/// Crates that a crate names in the diagram, and those it may name under a feature only.
#[derive(Debug, Default, PartialEq, Eq)]
struct Diagram {
    plain: BTreeMap<String, BTreeSet<String>>,
    optional: BTreeMap<String, BTreeSet<String>>,
}

/// Problems of the manifests.
pub(super) fn problems() -> Result<Vec<String>, String> {
    let text = fs::read_to_string(repository::root().join(DIAGRAM))
        .map_err(|error| format!("{DIAGRAM}: {error}"))?;
    let diagram = Diagram::read(&text)?;
    let mut command = MetadataCommand::new();
    command.current_dir(repository::root());
    command.other_options(["--locked".to_owned(), "--all-features".to_owned()]);
    let metadata = command.exec().map_err(|error| error.to_string())?;
    let mut problems = edges(&diagram, &metadata);
    problems.extend(macro_crate(&metadata));
    Ok(problems)
}

impl Diagram {
    fn read(text: &str) -> Result<Self, String> {
        let block = text.split("```mermaid").nth(1).and_then(|rest| rest.split("```").next());
        let block = block.ok_or_else(|| format!("{DIAGRAM}: has no mermaid diagram"))?;
        let mut diagram = Self::default();
        for line in block.lines().map(str::trim).filter(|line| line.contains("->")) {
            if let Some((from, rest)) = line.split_once("-.") {
                let to = rest.split(".->").nth(1).unwrap_or_default();
                insert(&mut diagram.optional, from, to);
                continue;
            }
            let names: Vec<&str> = line.split("-->").collect();
            for pair in names.windows(2) {
                insert(&mut diagram.plain, pair[0], pair[1]);
            }
        }
        Ok(diagram)
    }

    /// Whether the diagram leads from one crate to another.
    fn leads(&self, from: &str, to: &str, with_optional: bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from.to_owned()];
        while let Some(at) = open.pop() {
            let mut next: BTreeSet<String> = self.plain.get(&at).cloned().unwrap_or_default();
            if with_optional {
                next.extend(self.optional.get(&at).cloned().unwrap_or_default());
            }
            if next.contains(to) {
                return true;
            }
            open.extend(next.into_iter().filter(|name| seen.insert(name.clone())));
        }
        false
    }
}

fn insert(edges: &mut BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) {
    edges.entry(from.trim().to_owned()).or_default().insert(to.trim().to_owned());
}

/// `xtask-db-sql` is `sql` in the diagram; `xtask-db` and `xtask` keep their names.
fn short(name: &str) -> &str {
    name.strip_prefix("xtask-db-").unwrap_or(name)
}

fn edges(diagram: &Diagram, metadata: &Metadata) -> Vec<String> {
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    let mut problems = Vec::new();
    for package in &members {
        for dependency in &package.dependencies {
            let known = names.contains(dependency.name.as_str());
            if !known || dependency.kind == DependencyKind::Development {
                continue;
            }
            let (from, to) = (short(&package.name), short(&dependency.name));
            if !diagram.leads(from, to, dependency.optional) {
                problems.push(format!("{from} depends on {to}: not an edge of {DIAGRAM}"));
            }
        }
    }
    problems
}

fn macro_crate(metadata: &Metadata) -> Vec<String> {
    let Some(package) = metadata.packages.iter().find(|package| package.name == MACRO_CRATE) else {
        return vec![format!("there is no {MACRO_CRATE}")];
    };
    let mut problems = Vec::new();
    let direct =
        package.dependencies.iter().filter(|found| found.kind == DependencyKind::Normal).count();
    if direct > MACRO_DEPENDENCIES_MAX {
        problems.push(format!(
            "{MACRO_CRATE} has {direct} dependencies, more than {MACRO_DEPENDENCIES_MAX}"
        ));
    }
    for name in reached(metadata, &package.id) {
        if NEVER_IN_MACRO.iter().any(|never| name == *never || name.starts_with("sqlx-")) {
            problems.push(format!("{MACRO_CRATE} reaches {name}"));
        }
    }
    problems
}

/// Every crate that is compiled for a package.
fn reached(metadata: &Metadata, package: &PackageId) -> BTreeSet<String> {
    let nodes = metadata.resolve.as_ref().map_or(&[][..], |resolve| &resolve.nodes);
    let mut seen = BTreeSet::from([package.clone()]);
    let mut open = vec![package.clone()];
    while let Some(at) = open.pop() {
        let Some(node) = nodes.iter().find(|node| node.id == at) else { continue };
        for next in &node.deps {
            let used = next.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            if used && seen.insert(next.pkg.clone()) {
                open.push(next.pkg.clone());
            }
        }
    }
    let named = metadata.packages.iter().filter(|found| seen.contains(&found.id));
    named.map(|found| found.name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_says_what_is_allowed() {
        let text = "# A\n```mermaid\ngraph LR\n  a --> b --> c\n  a -. feature x .-> d\n```\n";
        let diagram = Diagram::read(text).expect("a diagram");
        let check = |from, to, optional, expected| {
            assert_eq!(diagram.leads(from, to, optional), expected, "{from} {to}");
        };
        check("a", "b", false, true);
        check("a", "c", false, true);
        check("c", "a", false, false);
        check("a", "d", false, false);
        check("a", "d", true, true);
        assert!(Diagram::read("nothing").is_err());
    }
}
