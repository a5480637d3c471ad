//! K23: MySQL: an enum's values change their numbers, so every row is written again.

use crate::Servers;
use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "K23",
    name: "enum-reordered",
    servers: Servers::MR,
    says: "writes wait while every row gets the new numbers of {}",
    rewrite: "add values at the end only",
    blocks: Some(Blocks::Writes),
    atlas: &["MY111", "MY112", "MY113", "MY121", "MY122", "MY123"],
    check: Check::Statement(check),
    ..Rule::BASE
};

/// A SET takes a byte more at each of these.
const SET_STEPS: [usize; 4] = [8, 16, 24, 32];
/// An ENUM takes two bytes from here on.
const ENUM_STEP: usize = 255;

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Modify { column, to } = &action.does else { continue };
        let known = scene.state.column(table, column).and_then(|column| column.ty.as_ref());
        let (Some(old), Some(new)) = (known, &to.ty) else { continue };
        let (Some(before), Some(after)) = (old.values(), new.values()) else { continue };
        let steps = if new.base == "set" { &SET_STEPS[..] } else { &[ENUM_STEP] };
        let grows = steps.iter().any(|step| before.len() <= *step && after.len() > *step);
        if old.base == new.base && (!after.starts_with(&before) || grows) {
            found.add(action.span, table.column(column));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn values() {
        let rule = mysql("K23").after("CREATE TABLE t (a enum('x', 'y'), s set('1','2','3','4'))");
        rule.check("ALTER TABLE t MODIFY a enum('x', 'y', 'z')", "");
        rule.check("ALTER TABLE t MODIFY a enum('x', 'n', 'y')", "K23 1:15 t.a");
        rule.check("ALTER TABLE t MODIFY a enum('y', 'x')", "K23 1:15 t.a");
        let set = "ALTER TABLE t MODIFY s set('1','2','3','4','5','6','7','8','9')";
        rule.check(set, "K23 1:15 t.s");
        mysql("K23").check("ALTER TABLE t MODIFY a enum('y', 'x')", "");
    }
}
