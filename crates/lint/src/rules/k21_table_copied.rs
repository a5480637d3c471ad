//! K21: MySQL copies the table, and writes wait until it is done.

use crate::conversion::{Conversion, conversion};
use crate::found::Found;
use crate::read::{Action, Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K21",
    name: "table-copied",
    servers: Servers::MR,
    says: "writes to {} wait while the table is copied",
    rewrite: "add a new column, fill it in batches and swap; for a large table use gh-ost or \
              pt-online-schema-change",
    blocks: Some(Blocks::Writes),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let rekeyed = statement.kind.actions().any(|(_, action)| {
        matches!(&action.does, Does::Add(constraint)
            if matches!(constraint.kind, crate::read::ConstraintKind::PrimaryKey { .. }))
    });
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Some(copies) = copies(scene, table, action, rekeyed) else { continue };
        let finding = found.add(action.span, table.shown());
        if copies == Copies::Perhaps {
            finding.possible();
        } else if scene.is_small(table) {
            finding.at_most(Level::Note).blocks(None);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copies {
    Surely,
    /// The column's type before is not known.
    Perhaps,
}

/// Measured on MariaDB 10.11, and from the manual's "Online DDL Operations".
fn copies(scene: &Scene<'_>, table: &Name, action: &Action, rekeyed: bool) -> Option<Copies> {
    match &action.does {
        Does::Modify { column, to } => {
            let known = scene.state.column(table, column);
            let old = known.and_then(|known| known.ty.as_ref());
            let (Some(old), Some(new)) = (old, to.ty.as_ref()) else {
                return Some(Copies::Perhaps);
            };
            // another order of enum values is K23's
            let ordered = old.values().is_some() && old.base == new.base;
            let copied = conversion(scene, old, new) != Some(Conversion::Free)
                || bytes_of_length_change(scene, old.length(), new.length());
            (copied && !ordered).then_some(Copies::Surely)
        }
        Does::ConvertCharset(_) => Some(Copies::Surely),
        Does::DropPrimaryKey if !rekeyed => Some(Copies::Surely),
        _ => None,
    }
}

/// MySQL keeps a text's length in one byte up to 255 bytes, with up to four for a character.
fn bytes_of_length_change(scene: &Scene<'_>, old: Option<u32>, new: Option<u32>) -> bool {
    const BYTES_PER_CHARACTER: u32 = 4;
    let one =
        |length: Option<u32>| length.is_some_and(|n| n.saturating_mul(BYTES_PER_CHARACTER) < 256);
    scene.is(Servers::M) && one(old) != one(new)
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn changes() {
        for rule in [mysql("K21"), mariadb("K21")] {
            let known = rule.after("CREATE TABLE t (a int, b varchar(70), e enum('x', 'y'))");
            known.check("ALTER TABLE t MODIFY a bigint", "K21 1:15 t");
            known.check("ALTER TABLE t MODIFY a int NOT NULL", "");
            known.check("ALTER TABLE t MODIFY b varchar(90)", "");
            known.check("ALTER TABLE t MODIFY e enum('y', 'x')", "");
            rule.check("ALTER TABLE t MODIFY a bigint", "K21? 1:15 t");
            rule.check("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "K21 1:15 t");
            rule.check("ALTER TABLE t DROP PRIMARY KEY", "K21 1:15 t");
            rule.check("ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b)", "");
            rule.check("ALTER TABLE t ADD c int, DROP COLUMN d", "");
            rule.check("CREATE TABLE t (a int);\nALTER TABLE t MODIFY a bigint", "");
        }
        let short = "CREATE TABLE t (a varchar(20))";
        mysql("K21").after(short).check("ALTER TABLE t MODIFY a varchar(90)", "K21 1:15 t");
        mariadb("K21").after(short).check("ALTER TABLE t MODIFY a varchar(90)", "");
    }
}
