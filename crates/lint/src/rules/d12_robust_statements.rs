//! D12: a statement that cannot run twice, in a file that may stop in the middle.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D12",
    name: "robust-statements",
    level: Level::Warning,
    says: "if the file stops in the middle, {} cannot be run again",
    rewrite: "IF EXISTS, IF NOT EXISTS",
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    as_is(hit, scene, found);
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    // all or nothing: there is no middle
    if scene.file.steps.last().is_none_or(|last| *last == 0) {
        return;
    }
    let object = match &statement.kind {
        Kind::CreateTable(create) => create.name.shown(),
        Kind::DropTable(drop) => drop.names.first().map_or("", |name| name.shown()),
        _ => return,
    };
    let tokens = scene.tokens(statement);
    let guarded = tokens.windows(2).any(|two| {
        (two[0].is("IF") && (two[1].is("NOT") || two[1].is("EXISTS")))
            || (two[0].is("OR") && two[1].is("REPLACE"))
    });
    if !guarded {
        found.add(statement.span, object);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn statements() {
        let two = "CREATE TABLE t (a int);\nCREATE TABLE IF NOT EXISTS u (a int)";
        mysql("D12").check(two, "D12 1:1 t");
        sqlite("D12").check(two, "");
        sqlite("D12").check("DROP TABLE t;\nVACUUM", "D12 1:1 t");
        postgres("D12").check("CREATE INDEX CONCURRENTLY i ON t (a)", "D12 1:1 t [fix]");
    }
}
