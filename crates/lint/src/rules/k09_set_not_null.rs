//! K09: SET NOT NULL reads every row under the strongest lock.

use crate::found::Found;
use crate::read::Does;
use crate::rule::{Blocks, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers, online};

pub(super) const RULE: Rule = Rule {
    id: "K09",
    name: "set-not-null",
    servers: Servers::P,
    says: "reads and writes of the table wait while every row's {} is looked at",
    rewrite: "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its \
              own, then SET NOT NULL, which trusts it, and drop the check",
    blocks: Some(Blocks::All),
    atlas: &["PG303"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((table, action)) = hit.action() else { return };
    let Does::SetNotNull(column) = &action.does else { return };
    let checked = scene.state.table(table).is_some_and(|known| known.is_checked_not_null(column));
    if checked || !scene.in_use(table) {
        return;
    }
    let fix = online::not_null_in_steps(scene, hit.statement, table);
    let finding = found.add(action.span, table.column(column)).fix(fix);
    if scene.is_small(table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("K09");
        let set = "ALTER TABLE t ALTER COLUMN a SET NOT NULL";
        rule.check(set, "K09 1:15 t.a [fix]");
        rule.check(&format!("CREATE TABLE t (a int);\n{set}"), "");
        rule.after("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL)").check(set, "");
        rule.knows("rows t", 5).check(set, "K09 1:15 t.a [fix]");
        rule.check(&format!("UPDATE t SET a = 0;\n{set}"), "K09 2:15 t.a");
    }

    #[test]
    fn it_is_mended() {
        postgres("K09").mends(
            "ALTER TABLE \"T\" ALTER \"a\" SET NOT NULL;",
            "BEGIN;\nALTER TABLE \"T\" ADD CONSTRAINT \"T_a_not_null\" CHECK (\"a\" IS NOT NULL) NOT \
             VALID;\nCOMMIT;\nALTER TABLE \"T\" VALIDATE CONSTRAINT \"T_a_not_null\";\nBEGIN;\n\
             ALTER TABLE \"T\" ALTER \"a\" SET NOT NULL;\n\
             ALTER TABLE \"T\" DROP CONSTRAINT \"T_a_not_null\";\nCOMMIT;",
        );
    }
}
