//! K13: a column's new type makes PostgreSQL write the table again.

use crate::conversion::{Conversion, conversion};
use crate::found::Found;
use crate::read::Does;
use crate::rule::{Blocks, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K13",
    name: "type-change-rewrites",
    servers: Servers::P,
    says: "reads and writes of the table wait while it is written again for the type of {}",
    rewrite: "add a column of the new type, keep both in step with a trigger, backfill it, and swap \
              them in a later release",
    blocks: Some(Blocks::All),
    atlas: &["PG301"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((table, action)) = hit.action() else {
        let finding = found.add(hit.span, hit.object()).blocks(None);
        finding.because("code that is running may not take the new type of the attribute");
        return;
    };
    let Does::SetType { column, ty, .. } = &action.does else { return };
    if !scene.in_use(table) {
        return;
    }
    let known = scene.state.column(table, column).and_then(|column| column.ty.as_ref());
    let free = known.is_some_and(|old| conversion(scene, old, ty) == Some(Conversion::Free));
    if free {
        return;
    }
    let object = table.column(column);
    let finding = found.add(action.span, object.as_str());
    if let Some(old) = known {
        let (old, new) = (&old.text, &ty.text);
        finding.because(format!(
            "reads and writes of {} wait while {column} is written again: {old} to {new}",
            table.shown()
        ));
    }
    if scene.is_small(table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("K13");
        let change = "ALTER TABLE t ALTER COLUMN a TYPE varchar(50)";
        rule.check(change, "K13 1:15 t.a");
        rule.after("CREATE TABLE t (a varchar(20))").check(change, "");
        rule.after("CREATE TABLE t (a varchar(80))").check(change, "K13 1:15 t.a");
        rule.after("CREATE TABLE t (a int)").says(
            "ALTER TABLE t ALTER a TYPE bigint",
            "reads and writes of t wait while a is written again: int to bigint",
        );
        rule.check(&format!("CREATE TABLE t (a int);\n{change}"), "");
        rule.knows("rows t", 0).check(change, "");
    }
}
