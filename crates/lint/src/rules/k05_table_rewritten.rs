//! K05: VACUUM FULL and CLUSTER write the table again under the strongest lock.

use crate::Servers;
use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;

pub(super) const RULE: Rule = Rule {
    id: "K05",
    name: "table-rewritten",
    servers: Servers::P,
    says: "reads and writes of {} wait while it is written again",
    rewrite: "plain VACUUM; pg_repack where space must be given back; REPACK (CONCURRENTLY) from \
              PostgreSQL 19 on",
    blocks: Some(Blocks::All),
    own: Servers::P,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

/// squawk asks for PostgreSQL 19's REPACK, and has its text; on older servers it says nothing.
fn judge(hit: &Hit<'_>, _: &Scene<'_>, found: &mut Found) {
    if let Kind::Rewrite { table: Some(table), .. } = &hit.statement.kind {
        found.add(hit.statement.span, table.shown()).fix(hit.fix.cloned());
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Rewrite { word, table } = &statement.kind else { return };
    let repacks = scene.server.version.is_some_and(|(major, _)| major >= 19);
    match table {
        Some(_) if repacks => {}
        Some(table) if !scene.in_use(table) => {}
        Some(table) => drop(found.add(statement.span, table.shown())),
        None => {
            let message = format!("{word} writes every table again; reads and writes of each wait");
            found.add(statement.span, "").because(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Family;
    use crate::check::{on, postgres};

    #[test]
    fn statements() {
        let rule = postgres("K05");
        rule.check("VACUUM FULL t", "K05 1:1 t");
        rule.check("VACUUM (FULL, ANALYZE) t", "K05 1:1 t");
        rule.check("VACUUM FULL", "K05 1:1");
        rule.check("VACUUM t", "");
        rule.check("VACUUM (FULL FALSE) t", "");
        rule.check("CLUSTER t USING i", "K05 1:1 t");
        rule.check("CLUSTER i ON t", "K05 1:1 t");
        let new = on("K05", Family::Postgres, Some((19, 0)));
        new.check("VACUUM FULL t", "K05 1:1 t [fix]");
    }
}
