//! L06: a column is dropped and one of its type is added: a rename was meant, perhaps.

use crate::found::Found;
use crate::read::{Column, Does, Statement, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name};

pub(super) const RULE: Rule = Rule {
    id: "L06",
    name: "drop-and-add-column",
    level: Level::Warning,
    says: "{} is dropped where a rename may be meant",
    rewrite: "if the values should be kept, rename the column, or copy them before it is dropped",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::DropColumn(old) = &action.does else { continue };
        if !scene.in_use(table) || scene.state.is_new_column(table, old) {
            continue;
        }
        let Some(new) = replacement(scene, table, old) else { continue };
        let (from, to) = (table.column(old), &new.name);
        let finding = found.add(action.span, from.as_str());
        finding.because(format!("{from} is dropped and {to} of the same type added: a rename?"));
        if scene.state.column(table, old).is_none() {
            finding.because(format!("{from} is dropped and {to} added: a rename?")).possible();
        }
    }
}

/// A column that is added to the table in this file, is of the same type as far as that is known,
/// and is not filled from the old one.
fn replacement<'a>(scene: &Scene<'a>, table: &Name, old: &str) -> Option<&'a Column> {
    let known = scene.start.column(table, old).and_then(|column| column.ty.as_ref());
    let statements = scene.file.statements.iter();
    let actions = statements.flat_map(|one| one.kind.actions());
    let added = actions.filter_map(|(on, action)| match &action.does {
        Does::AddColumn(column) if on == table && column.name != old => Some(column),
        _ => None,
    });
    let alike = added.filter(|column| {
        let same = match (known, &column.ty) {
            (Some(known), Some(ty)) => known.same(ty),
            _ => true,
        };
        same && !is_copied(scene, table, old, &column.name)
    });
    alike.max_by_key(|column| likeness(old, &column.name))
}

/// Letters in common at both ends: `createdAt` and `created_at` share all.
fn likeness(a: &str, b: &str) -> usize {
    let plain = |name: &str| name.to_lowercase().replace('_', "");
    let (a, b) = (plain(a), plain(b));
    let start = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).count();
    (start + end).min(a.len().max(b.len())) + usize::from(a == b)
}

fn is_copied(scene: &Scene<'_>, table: &Name, from: &str, to: &str) -> bool {
    scene.file.statements.iter().flat_map(|one| one.kind.writes()).any(|write| {
        write.table == *table
            && matches!(&write.does, Writes::Update { set, .. }
                if set.iter().any(|(column, value)| column == to && value.has(from)))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn columns() {
        let swap = "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD COLUMN b varchar(9)";
        for rule in [postgres("L06"), mysql("L06"), sqlite("L06")] {
            rule.check(swap, "L06? 1:15 t.a");
            rule.after("CREATE TABLE t (a varchar(9))").check(swap, "L06 1:15 t.a");
            rule.after("CREATE TABLE t (a int)").check(swap, "");
            rule.check("ALTER TABLE t DROP COLUMN a;\nALTER TABLE u ADD COLUMN b int", "");
            let two = "ALTER TABLE t DROP updatedAt;\nALTER TABLE t ADD created_at int;\n\
                       ALTER TABLE t ADD updated_at int";
            let says = "t.updatedat is dropped and updated_at added: a rename?";
            rule.says(two, says);
            let copied = "ALTER TABLE t ADD COLUMN b int;\nUPDATE t SET b = a;\n\
                          ALTER TABLE t DROP COLUMN a";
            rule.check(copied, "");
        }
    }
}
