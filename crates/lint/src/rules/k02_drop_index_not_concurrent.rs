//! K02: an index is dropped under a lock that queues everybody.

use crate::found::Found;
use crate::read::Kind;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Fix, Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K02",
    name: "drop-index-not-concurrent",
    servers: Servers::P,
    level: Level::Warning,
    says: "reads and writes queue behind the lock that drops {}",
    rewrite: "DROP INDEX CONCURRENTLY, in a migration of its own",
    atlas: &["PG102"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropIndex(drop) = &hit.statement.kind else { return };
    let used = |name: &&String| match scene.state.index(name) {
        Some((table, index)) => !scene.state.is_new_index(index) && scene.in_use(&table.name),
        None => true,
    };
    let Some(first) = drop.names.iter().find(used) else { return };
    // CONCURRENTLY takes one index, and the file is no longer all or nothing
    let alone = scene.file.statements.len() == 1 && drop.names.len() == 1;
    let fix = hit.fix.filter(|_| alone).and_then(|fix| fix.edits.first());
    let fix = fix.map(|edit| Fix::insert("add CONCURRENTLY", edit.span.start, " CONCURRENTLY"));
    found.add(hit.span, first.as_str()).fix(fix);
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn indexes() {
        let rule = postgres("K02");
        rule.check("DROP INDEX i", "K02 1:1 i [fix]");
        rule.check("DROP INDEX IF EXISTS a.i, j", "K02 1:1 i");
        rule.check("DROP INDEX CONCURRENTLY i", "");
        rule.check("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\nDROP INDEX i", "");
        rule.mends("DROP INDEX IF EXISTS i;", "DROP INDEX CONCURRENTLY IF EXISTS i;");
    }
}
