//! Functions and procedures.

use serde::{Deserialize, Serialize};

use super::Signature;
use super::change::{Change, Site};
use crate::Step;

/// A function or a procedure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    /// It is called, and has no result.
    pub procedure: bool,
    /// All of them, in order.
    pub arguments: Vec<Argument>,
    /// How many arguments have a default, from the last one on.
    pub defaults: usize,
    /// What it returns, as the server prints it: `SETOF integer`, `TABLE(a integer)`.
    pub result: Option<String>,
    /// The server's text after CREATE OR REPLACE: `FUNCTION add(a integer) …`.
    pub definition: String,
    /// The text of a body that is read when it is called, so that nobody knows what it needs; none
    /// for one that was read when it was made.
    pub body: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// An argument.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// `i`, `o`, `b`, `v`, `t`: as in `pg_proc.proargmodes`.
    pub mode: String,
    /// Its name, or nothing.
    pub name: String,
    /// Its type.
    pub type_name: String,
}

impl Routine {
    /// What stands after DROP, ALTER, GRANT … ON and COMMENT ON.
    pub(super) fn on(&self, signature: &Signature) -> String {
        let kind = if self.procedure { "PROCEDURE" } else { "FUNCTION" };
        format!("{kind} {signature}")
    }

    /// CREATE OR REPLACE leads from `self` to `to`: results, names of arguments and the defaults
    /// that there are must stay.
    fn replaceable(&self, to: &Self) -> bool {
        let named = |(old, new): (&Argument, &Argument)| {
            old.mode == new.mode
                && old.type_name == new.type_name
                && (old.name == new.name || (old.name.is_empty() && old.is_input()))
        };
        self.procedure == to.procedure
            && self.result == to.result
            && self.defaults <= to.defaults
            && self.arguments.len() == to.arguments.len()
            && self.arguments.iter().zip(&to.arguments).all(named)
    }
}

impl Argument {
    fn is_input(&self) -> bool {
        matches!(self.mode.as_str(), "i" | "v")
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, signature: &Signature) -> Vec<Step> {
    let Some(new) = site.to.routines.get(signature) else { return Vec::new() };
    vec![Step::new(format!("CREATE {}", new.definition))]
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, signature: &Signature) -> Vec<Step> {
    let old = site.from.routines.get(signature);
    old.map(|old| Step::new(format!("DROP {}", old.on(signature)))).into_iter().collect()
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, signature: &Signature) -> Change {
    let found = (site.from.routines.get(signature), site.to.routines.get(signature));
    let (Some(old), Some(new)) = found else { return Change::Same };
    if !old.replaceable(new) {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    if old.definition != new.definition {
        steps.push(Step::new(format!("CREATE OR REPLACE {}", new.definition)));
    }
    Change::of(steps)
}
