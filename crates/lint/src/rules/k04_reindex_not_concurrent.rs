//! K04: an index is built again, or a partition taken off, while others wait.

use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K04",
    name: "reindex-not-concurrent",
    servers: Servers::P,
    says: "writes to {} wait while the index is built again",
    rewrite: "REINDEX … CONCURRENTLY, in a migration of its own",
    blocks: Some(Blocks::All),
    own: Servers::NONE,
    check: Check::None,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    if let Some(table) = detached(hit.statement) {
        let finding = found.add(hit.span, table);
        finding.because(format!("reads and writes of {table} queue behind DETACH PARTITION"));
        finding.help("DETACH PARTITION … CONCURRENTLY, in a migration of its own");
        finding.at_most(Level::Warning).blocks(None);
        return;
    }
    // one index, with nothing beside it
    let alone = scene.file.statements.len() == 1;
    found.add(hit.span, hit.object()).fix(hit.fix.filter(|_| alone).cloned());
}

fn detached(statement: &Statement) -> Option<&str> {
    let detach = |does: &Does| matches!(does, Does::DetachPartition { concurrently: false });
    let mut actions = statement.kind.actions();
    actions.find(|(_, action)| detach(&action.does)).map(|(table, _)| table.shown())
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn statements() {
        let rule = postgres("K04");
        rule.check("REINDEX TABLE t", "K04 1:1 t [fix]");
        rule.check("REINDEX INDEX CONCURRENTLY i", "");
        rule.check("REINDEX (CONCURRENTLY) INDEX i", "");
        rule.check("ALTER TABLE t DETACH PARTITION p", "K04 1:15 t");
        rule.check("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "");
    }
}
