//! L14: a table loses its primary key, or gets another.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L14",
    name: "primary-key-changed",
    says: "{} loses its primary key",
    rewrite: "build the new key as a unique index first, then swap both in one statement",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let dropped = match &action.does {
            Does::DropPrimaryKey => true,
            Does::DropConstraint(name) => is_primary_key(scene, table, name),
            _ => false,
        };
        if dropped && !is_swapped(statement) {
            found.add(action.span, table.shown());
        }
    }
    if scene.is(Servers::S) {
        rebuilt(statement, scene, found);
    }
}

fn is_primary_key(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    match scene.state.table(table) {
        Some(known) if !known.partial => known.primary_key_name.as_deref() == Some(name),
        _ => name.to_lowercase().ends_with("_pkey"),
    }
}

/// The same statement takes an index that is there as the new key.
fn is_swapped(statement: &Statement) -> bool {
    statement.kind.actions().any(|(_, action)| {
        matches!(&action.does, Does::Add(constraint)
            if matches!(constraint.kind, ConstraintKind::PrimaryKey { using_index: Some(_) }))
    })
}

fn rebuilt(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    let rebuilds = scene.rebuilds();
    let Some(rebuild) = rebuilds.iter().find(|one| one.create == statement.index) else { return };
    let Some(old) = scene.start.table(&rebuild.old).filter(|old| !old.primary_key.is_empty())
    else {
        return;
    };
    let of_columns = create.columns.iter().filter(|column| column.primary_key);
    let mut new: Vec<&String> = of_columns.map(|column| &column.name).collect();
    for constraint in &create.constraints {
        if matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }) {
            new.extend(&constraint.columns);
        }
    }
    if !new.into_iter().eq(&old.primary_key) && scene.rows(&rebuild.old) != Some(0) {
        let finding = found.add(statement.span, rebuild.old.shown());
        finding.because(format!("{} gets another primary key", rebuild.old.shown()));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn keys() {
        mysql("L14").check("ALTER TABLE t DROP PRIMARY KEY", "L14 1:15 t");
        mysql("L14").check("ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b)", "L14 1:15 t");
        let rule = postgres("L14");
        rule.check("ALTER TABLE t DROP CONSTRAINT t_pkey", "L14 1:15 t");
        rule.check("ALTER TABLE t DROP CONSTRAINT t_a_key", "");
        let swap = "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY USING INDEX i";
        rule.check(swap, "");
        let named = rule.after("CREATE TABLE t (a int, CONSTRAINT key PRIMARY KEY (a))");
        named.check("ALTER TABLE t DROP CONSTRAINT key", "L14 1:15 t");
    }

    #[test]
    fn in_a_rebuild() {
        let rebuild = "CREATE TABLE new (a int, b int, PRIMARY KEY (a, b));\n\
                       INSERT INTO new SELECT a, b FROM t;\nDROP TABLE t;\n\
                       ALTER TABLE new RENAME TO t";
        let rule = sqlite("L14");
        rule.after("CREATE TABLE t (a int PRIMARY KEY, b int)").check(rebuild, "L14 1:1 t");
        rule.after("CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))").check(rebuild, "");
    }
}
