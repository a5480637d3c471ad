//! D15: SQLite: a table that takes any value in any column, or counts where it need not.

use crate::found::Found;
use crate::read::{ConstraintKind, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D15",
    name: "sqlite-table-options",
    servers: Servers::S,
    level: Level::Warning,
    says: "{} is not STRICT: a text gets into a column of integers",
    rewrite: "CREATE TABLE … ( … ) STRICT, since SQLite 3.37",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    if create.is_virtual || create.derived {
        return;
    }
    let table = create.name.shown();
    if !create.strict {
        found.add(statement.span, table);
    }
    if create.columns.iter().any(|column| column.auto_increment) {
        let finding = found.add(statement.span, table);
        finding.because(format!(
            "AUTOINCREMENT of {table} costs a write to sqlite_sequence each time"
        ));
        finding.help("INTEGER PRIMARY KEY numbers itself; AUTOINCREMENT only never uses one again");
    }
    let keys = create.constraints.iter().find_map(|one| match one.kind {
        ConstraintKind::PrimaryKey { .. } => Some(one.columns.len()),
        _ => None,
    });
    let single = keys.is_none_or(|columns| columns == 1);
    if create.without_rowid
        && single
        && create
            .columns
            .iter()
            .any(|one| one.primary_key && one.ty.as_ref().is_some_and(|ty| ty.base == "integer"))
    {
        let finding = found.add(statement.span, table);
        finding.because(format!("WITHOUT ROWID with an integer key makes {table} slower"));
        finding.help("leave WITHOUT ROWID out");
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn tables() {
        let rule = sqlite("D15");
        rule.check("CREATE TABLE t (id INTEGER PRIMARY KEY)", "D15 1:1 t");
        rule.check("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT", "");
        rule.check("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT", "D15 1:1 t");
        rule.check("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID", "D15 1:1 t");
        rule.check("CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID, STRICT", "");
    }
}
