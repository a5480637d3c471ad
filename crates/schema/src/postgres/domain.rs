//! Domains.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::name::quote;
use super::{Name, hazards};
use crate::Step;

/// A domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type it narrows, with modifiers.
    pub base: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// The expression of its default.
    pub default: Option<String>,
    /// It is never null.
    pub not_null: bool,
    /// By name.
    pub checks: BTreeMap<String, DomainCheck>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A condition on the values of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// `CHECK ((VALUE > 0))`
    pub definition: String,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statement that makes one, with the checks that hold for all values.
pub(super) fn create(name: &Name, made: &Domain) -> String {
    let mut sql = format!("CREATE DOMAIN {name} AS {}", made.base);
    if let Some(collation) = &made.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &made.default {
        sql.push_str(&format!("\n    DEFAULT {default}"));
    }
    if made.not_null {
        sql.push_str("\n    NOT NULL");
    }
    for (check, DomainCheck { definition, .. }) in &made.checks {
        if !definition.ends_with(" NOT VALID") {
            sql.push_str(&format!("\n    CONSTRAINT {} {definition}", quote(check)));
        }
    }
    sql
}

/// What makes one the other; the checks are objects of their own.
pub(super) fn change(name: &Name, from: &Domain, to: &Domain) -> Change {
    if from.base != to.base || from.collation != to.collation {
        return Change::Replace;
    }
    let mut steps = Vec::new();
    let alter = |clause: String| Step::new(format!("ALTER DOMAIN {name} {clause}"));
    if from.default != to.default {
        steps.push(alter(match &to.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        }));
    }
    if from.not_null && !to.not_null {
        steps.push(alter("DROP NOT NULL".to_owned()));
    } else if !from.not_null && to.not_null {
        let fails = hazards::fails(&name.plain(), "fails where a value is null", None);
        steps.push(alter("SET NOT NULL".to_owned()).hazard(fails));
    }
    if steps.is_empty() { Change::Same } else { Change::Alter(steps) }
}
