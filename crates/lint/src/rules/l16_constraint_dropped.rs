//! L16: a constraint that kept the rows right is dropped.

use crate::found::Found;
use crate::read::{Action, ConstraintKind, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L16",
    name: "constraint-dropped",
    level: Level::Warning,
    says: "nothing keeps the rows of {} right any more",
    rewrite: "put the new constraint there first; make sure that code that is running does not rely \
              on the old one",
    atlas: &["CD101"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    match hit.action() {
        Some((table, action)) => dropped(scene, table, action, found),
        None => drop(found.add(hit.span, hit.object())),
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        dropped(scene, table, action, found);
    }
    if scene.is(Servers::S) {
        rebuilt(statement, scene, found);
    }
}

fn dropped(scene: &Scene<'_>, table: &Name, action: &Action, found: &mut Found) {
    let Does::DropConstraint(name) = &action.does else { return };
    let known = scene.state.table(table);
    let check =
        known.and_then(|known| known.checks.iter().find(|one| one.name.as_ref() == Some(name)));
    let not_null = check.and_then(|check| check.condition.not_null_of()).is_some_and(|column| {
        // the column says it by itself now
        scene.state.column(table, column).is_none_or(|column| column.not_null)
    });
    let is_key = known.is_some_and(|known| known.primary_key_name.as_ref() == Some(name));
    let quiet = not_null
        || is_key
        || is_added_again(scene, table, action, name)
        || is_foreign_key_replaced(scene, table, name);
    if scene.in_use(table) && !quiet {
        let finding = found.add(action.span, table.shown());
        finding.because(format!(
            "{name} is dropped: nothing keeps the rows of {} right",
            table.shown()
        ));
    }
}

/// A foreign key whose columns go, or that another one to the same table follows.
fn is_foreign_key_replaced(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    let known = scene.state.table(table).map_or(&[][..], |known| &known.foreign_keys);
    let Some(key) = known.iter().find(|key| key.name.as_deref() == Some(name)) else {
        return false;
    };
    scene.file.statements.iter().flat_map(|one| one.kind.actions()).any(|(on, other)| {
        on == table
            && match &other.does {
                Does::DropColumn(column) => key.columns.contains(column),
                Does::Add(new) => {
                    matches!(&new.kind, ConstraintKind::ForeignKey(to) if to.table == key.table)
                }
                _ => false,
            }
    })
}

/// Another of its name is added in this file.
fn is_added_again(scene: &Scene<'_>, table: &Name, action: &Action, name: &str) -> bool {
    scene.file.statements.iter().flat_map(|one| one.kind.actions()).any(|(on, other)| {
        on == table
            && other.span != action.span
            && matches!(&other.does, Does::Add(new) if new.name.as_deref() == Some(name))
    })
}

/// A rebuild that leaves a foreign key or a check out.
fn rebuilt(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    let rebuilds = scene.rebuilds();
    let Some(rebuild) = rebuilds.iter().find(|one| one.create == statement.index) else { return };
    let Some(old) = scene.start.table(&rebuild.old) else { return };
    let mut after = scene.start.clone();
    after.apply(&statement.kind);
    let Some(new) = after.table(&create.name) else { return };
    let keeps = |table: &Name| {
        new.foreign_keys.iter().any(|key| key.table == *table || *table == rebuild.old)
    };
    let lost_key = old.foreign_keys.iter().find(|key| !keeps(&key.table));
    let lost_check = old
        .checks
        .iter()
        .find(|check| !new.checks.iter().any(|one| one.condition.text == check.condition.text));
    let what = match (lost_key, lost_check) {
        (Some(key), _) => format!("the foreign key to {}", key.table.shown()),
        (None, Some(check)) => format!("the check {}", check.condition.text),
        (None, None) => return,
    };
    let finding = found.add(statement.span, rebuild.old.shown());
    finding.because(format!("{} loses {what} when it is made again", rebuild.old.shown()));
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn constraints() {
        for rule in [postgres("L16"), mysql("L16")] {
            rule.check("ALTER TABLE t DROP CONSTRAINT c", "L16 1:15 t");
            let again =
                "ALTER TABLE t DROP CONSTRAINT c;\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)";
            rule.check(again, "");
            rule.check("CREATE TABLE t (a int);\nALTER TABLE t DROP CONSTRAINT c", "");
        }
        mysql("L16").check("ALTER TABLE t DROP FOREIGN KEY f", "L16 1:15 t");
        let key = postgres("L16")
            .after("CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p)");
        key.check("ALTER TABLE t DROP CONSTRAINT f", "L16 1:15 t");
        key.check("ALTER TABLE t DROP CONSTRAINT f;\nALTER TABLE t DROP COLUMN a", "");
        let other = "ALTER TABLE t DROP CONSTRAINT f;\nALTER TABLE t ADD CONSTRAINT g FOREIGN KEY (a) \
                     REFERENCES p ON DELETE CASCADE";
        key.check(other, "");
        let online = postgres("L16")
            .after("CREATE TABLE t (a int NOT NULL, CONSTRAINT c CHECK (a IS NOT NULL))");
        online.check("ALTER TABLE t DROP CONSTRAINT c", "");
        let key = postgres("L16").after("CREATE TABLE t (a int, PRIMARY KEY (a))");
        key.check("ALTER TABLE t DROP CONSTRAINT t_pkey", "");
    }

    #[test]
    fn in_a_rebuild() {
        let rebuild = "CREATE TABLE new (a int REFERENCES p);\nINSERT INTO new SELECT a FROM t;\n\
                       DROP TABLE t;\nALTER TABLE new RENAME TO t";
        let rule = sqlite("L16");
        rule.after("CREATE TABLE t (a int REFERENCES p)").check(rebuild, "");
        rule.after("CREATE TABLE t (a int REFERENCES q)").check(rebuild, "L16 1:1 t");
        let says = "t loses the check a > 0 when it is made again";
        rule.after("CREATE TABLE t (a int REFERENCES p CHECK (a > 0))").says(rebuild, says);
    }
}
