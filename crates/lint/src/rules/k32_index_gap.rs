//! K32: an index is dropped before the one that replaces it is there.

use crate::found::Found;
use crate::read::{Index, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K32",
    name: "index-gap",
    servers: Servers::P,
    level: Level::Warning,
    says: "queries run without {} until the new index is built",
    rewrite: "build the new index under another name, drop the old one, then ALTER INDEX … RENAME",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropIndex(drop) = &statement.kind else { return };
    for name in &drop.names {
        let known = scene.state.index(name);
        if known.is_some_and(|(table, _)| !scene.in_use(&table.name)) {
            continue;
        }
        let old = known.map(|(_, index)| &index.index);
        let replaced = scene.after(statement).iter().any(|one| {
            let Kind::CreateIndex(create) = &one.kind else { return false };
            let on_it = known.is_none_or(|(table, _)| table.name == create.table);
            // in one transaction nobody sees the gap; they wait, which is K01's and K02's
            let seen = !scene.together(one, statement);
            on_it && seen && replaces(&create.index, name, old)
        });
        if replaced {
            found.add(statement.span, name.as_str());
        }
    }
}

fn replaces(new: &Index, name: &str, old: Option<&Index>) -> bool {
    let same_start = old.is_some_and(|old| {
        old.columns
            .first()
            .is_some_and(|first| first.is_some() && new.columns.first() == Some(first))
    });
    new.name.as_deref() == Some(name) || same_start
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn indexes() {
        let rule = postgres("K32");
        let same = "DROP INDEX CONCURRENTLY i;\nCREATE INDEX CONCURRENTLY i ON t (a)";
        rule.check(same, "K32 1:1 i");
        let other = "DROP INDEX CONCURRENTLY i;\nCREATE INDEX CONCURRENTLY j ON t (a, b)";
        rule.check(other, "");
        rule.after("CREATE INDEX i ON t (a)").check(other, "K32 1:1 i");
        rule.after("CREATE INDEX i ON t (c)").check(other, "");
        rule.check("CREATE INDEX CONCURRENTLY j ON t (a);\nDROP INDEX CONCURRENTLY i", "");
        rule.check("DROP INDEX i;\nCREATE INDEX i ON t (a)", "");
    }
}
