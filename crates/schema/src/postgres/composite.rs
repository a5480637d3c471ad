//! Composite types that are no table's.

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::Change;
use super::name::quote;
use crate::Step;

/// A composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// In order, which counts.
    pub attributes: Vec<Attribute>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A part of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type with modifiers.
    pub type_name: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statement that makes one.
pub(super) fn create(name: &Name, made: &Composite) -> String {
    let parts: Vec<String> = made.attributes.iter().map(written).collect();
    match parts.is_empty() {
        true => format!("CREATE TYPE {name} AS ()"),
        false => format!("CREATE TYPE {name} AS (\n    {}\n)", parts.join(",\n    ")),
    }
}

/// What makes one the other. `used`: columns have it, and the server does not look into them.
pub(super) fn change(name: &Name, from: &Composite, to: &Composite, used: bool) -> Change {
    let find = |all: &Composite, name: &str| all.attributes.iter().position(|a| a.name == name);
    let kept: Vec<&Attribute> =
        from.attributes.iter().filter(|one| find(to, &one.name).is_some()).collect();
    let in_order = to.attributes.iter().zip(&kept).all(|(new, old)| new.name == old.name);
    if !in_order || to.attributes.len() < kept.len() {
        return Change::Replace;
    }
    let mut clauses = Vec::new();
    for one in from.attributes.iter().filter(|one| find(to, &one.name).is_none()) {
        clauses.push(format!("DROP ATTRIBUTE {}", quote(&one.name)));
    }
    for (old, new) in kept.iter().zip(&to.attributes) {
        if old.type_name == new.type_name && old.collation == new.collation {
            continue;
        }
        if used {
            return Change::Replace;
        }
        let name = quote(&new.name);
        clauses.push(format!("ALTER ATTRIBUTE {name} TYPE {}{}", new.type_name, collate(new)));
    }
    for new in &to.attributes[kept.len()..] {
        clauses.push(format!("ADD ATTRIBUTE {}", written(new)));
    }
    let steps = clauses.iter().map(|clause| Step::new(format!("ALTER TYPE {name} {clause}")));
    let steps: Vec<Step> = steps.collect();
    if steps.is_empty() { Change::Same } else { Change::Disturb(steps) }
}

fn written(attribute: &Attribute) -> String {
    format!("{} {}{}", quote(&attribute.name), attribute.type_name, collate(attribute))
}

fn collate(attribute: &Attribute) -> String {
    attribute
        .collation
        .as_ref()
        .map_or_else(String::new, |collation| format!(" COLLATE {collation}"))
}
