//! Foreign keys that can stand in the CREATE TABLE of their table.

use std::collections::BTreeSet;

use super::change::Site;
use super::{ConstraintKind, Member, Name, Object, Table};

/// Those of new tables that refer to a table that is there, or is made before. Tables that refer to
/// each other leave one of their keys for later.
pub(super) fn early(site: &Site<'_>) -> BTreeSet<Member> {
    let mut search =
        Search { site, done: BTreeSet::new(), open: BTreeSet::new(), early: BTreeSet::new() };
    for (name, table) in &site.to.tables {
        if site.makes_relation(name) {
            search.visit(name, table);
        }
    }
    search.early
}

struct Search<'a, 'b> {
    site: &'a Site<'b>,
    done: BTreeSet<&'a Name>,
    open: BTreeSet<&'a Name>,
    early: BTreeSet<Member>,
}

impl<'a> Search<'a, '_> {
    fn visit(&mut self, name: &'a Name, table: &'a Table) {
        if self.done.contains(name) || !self.open.insert(name) {
            return;
        }
        for (key, constraint) in &table.constraints {
            let Some((other, _)) = &constraint.references else { continue };
            if constraint.kind != ConstraintKind::Foreign {
                continue;
            }
            let target = self.site.to.tables.get(other).filter(|_| self.site.makes_relation(other));
            if let Some(target) = target {
                self.visit(other, target);
            }
            let there = target.is_none() || self.done.contains(other);
            if there || (other == name && !self.needs_index(name, key)) {
                self.early.insert(name.member(key));
            }
        }
        self.open.remove(name);
        self.done.insert(name);
    }

    /// A unique index stands after its table, and so must a key of the table that refers to it.
    fn needs_index(&self, name: &Name, key: &str) -> bool {
        let key = Object::Constraint(name.member(key));
        self.site.to.needs(&key).any(|needed| matches!(needed, Object::Index(_)))
    }
}
