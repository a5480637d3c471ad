//! K01: an index is built while writes wait.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Blocks, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Fix, Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K01",
    name: "index-not-concurrent",
    servers: Servers::P,
    says: "writes to {} wait while its index is built",
    rewrite: "CREATE INDEX CONCURRENTLY, in a migration of its own",
    blocks: Some(Blocks::Writes),
    atlas: &["PG101"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateIndex(create) = &hit.statement.kind else { return };
    if !scene.in_use(&create.table) {
        return;
    }
    // with others beside it the file would no longer be all or nothing
    let apart = !scene.file.begins && scene.file.statements.iter().all(only_indexes);
    let fix = apart.then(|| Fix::insert("add CONCURRENTLY", create.word_end, " CONCURRENTLY"));
    let finding = found.add(hit.span, create.table.shown()).fix(fix);
    if scene.is_small(&create.table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

fn only_indexes(statement: &Statement) -> bool {
    let constraint = |does: &Does| matches!(does, Does::Validate(_));
    match &statement.kind {
        Kind::CreateIndex(_) | Kind::DropIndex(_) => true,
        kind => {
            kind.actions().next().is_some() && kind.actions().all(|(_, one)| constraint(&one.does))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn indexes() {
        let rule = postgres("K01");
        rule.check("CREATE INDEX i ON users (a)", "K01 1:1 users [fix]");
        rule.check("CREATE UNIQUE INDEX ON a.users (a)", "K01 1:1 a.users [fix]");
        rule.check("CREATE INDEX CONCURRENTLY i ON users (a)", "");
        rule.check("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a)", "");
        rule.check("ALTER TABLE t ADD b int;\nCREATE INDEX i ON t (a)", "K01 2:1 t");
        rule.check("BEGIN;\nCREATE INDEX i ON t (a);\nCOMMIT;", "K01 2:1 t");
        rule.knows("rows users", 0).check("CREATE INDEX i ON users (a)", "");
    }

    #[test]
    fn it_is_mended() {
        let rule = postgres("K01");
        let mended = "CREATE INDEX CONCURRENTLY i ON t (a);\nDROP INDEX j;";
        rule.mends("CREATE INDEX i ON t (a);\nDROP INDEX j;", mended);
        rule.mends(
            "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a);",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);",
        );
    }
}
