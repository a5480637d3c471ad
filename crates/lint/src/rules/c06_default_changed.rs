//! C06: a column gets its value in another way than code that is running expects.

use crate::found::Found;
use crate::read::{Action, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C06",
    name: "default-changed",
    level: Level::Warning,
    says: "code that is running relies on how {} gets its value",
    rewrite: "deploy code that writes the value itself first, then change the default",
    own: Servers::MR,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    match hit.action() {
        Some((table, action)) => changed(scene, table, action, found),
        None => drop(found.add(hit.span, hit.object())),
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        if matches!(action.does, Does::SetDefault(_) | Does::DropDefault(_)) {
            changed(scene, table, action, found);
        }
    }
}

fn changed(scene: &Scene<'_>, table: &Name, action: &Action, found: &mut Found) {
    let (column, sets) = match &action.does {
        Does::SetDefault(column) => (Some(column), true),
        Does::DropDefault(column) | Does::AddIdentity(column) => (Some(column), false),
        _ => (None, false),
    };
    let new = column.is_some_and(|column| scene.state.is_new_column(table, column));
    let known = column.and_then(|column| scene.state.column(table, column));
    // nothing to rely on
    let had_none = known.is_some_and(|known| !known.default);
    if !scene.in_use(table) || new || (had_none && !sets) {
        return;
    }
    let object = column.map_or_else(|| table.shown().to_owned(), |column| table.column(column));
    let finding = found.add(action.span, object.as_str());
    if sets {
        finding
            .because(format!("new rows get another {object}; code that is running may not know"));
        finding.at_most(Level::Note);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn defaults() {
        for rule in [postgres("C06"), mysql("C06")] {
            rule.check("ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "C06 1:15 t.a");
            rule.check("ALTER TABLE t ALTER COLUMN a SET DEFAULT 1", "C06 1:15 t.a");
            let new = "ALTER TABLE t ADD a int DEFAULT 1;\nALTER TABLE t ALTER a DROP DEFAULT";
            rule.check(new, "");
            let none = rule.after("CREATE TABLE t (a int)");
            none.check("ALTER TABLE t ALTER a DROP DEFAULT", "");
        }
        postgres("C06").check("ALTER TABLE t ALTER a DROP EXPRESSION", "C06 1:15 t");
    }
}
