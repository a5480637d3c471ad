//! D11: a file that begins transactions in one another, or leaves one open; a hash index that a
//! crash loses.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D11",
    name: "own-transactions",
    servers: Servers::P,
    level: Level::Warning,
    says: "the file's own transactions do not fit together",
    rewrite: "leave BEGIN and COMMIT to the tool",
    own: Servers::P,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    as_is(hit, scene, found);
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateIndex(create) = &statement.kind else { return };
    if create.index.method.as_deref() == Some("hash") && scene.server.is_before(10, 0) {
        let finding = found.add(statement.span, create.table.shown());
        finding.because("before PostgreSQL 10 a crash leaves a hash index corrupt");
        finding.help("a btree index");
    }
}

#[cfg(test)]
mod tests {
    use crate::Family;
    use crate::check::{on, postgres};

    #[test]
    fn transactions() {
        postgres("D11").check("BEGIN;\nSELECT 1;\nCOMMIT", "");
        postgres("D11").check("SELECT 1", "");
        let old = on("D11", Family::Postgres, Some((9, 6)));
        old.check("CREATE INDEX i ON t USING hash (a)", "D11 1:1 t");
    }
}
