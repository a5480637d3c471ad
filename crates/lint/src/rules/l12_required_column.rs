//! L12: a column that must not be null is added without a value for the rows that are there.

use crate::found::Found;
use crate::read::{Column, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::{Hit, on_table_in_use};
use crate::{Family, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L12",
    name: "required-column",
    says: "{} has no value for the rows that are there: the migration fails",
    rewrite: "add it with a default, or nullable; fill it; then set it NOT NULL",
    atlas: &["MF103"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let required = match hit.action() {
        Some((_, action)) => {
            matches!(&action.does, Does::AddColumn(column) if column.is_required())
        }
        None => true,
    };
    if required {
        on_table_in_use(hit, scene, found);
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        if scene.in_use(table) && is_refused(scene, column) {
            found.add(action.span, table.column(&column.name));
        }
    }
}

/// MySQL fills in a zero (L13), but has none for a date under its default `sql_mode`.
pub(super) fn is_refused(scene: &Scene<'_>, column: &Column) -> bool {
    let null_default = column.default.as_ref().is_some_and(crate::read::Expr::is_null);
    let required = column.not_null && !column.fills_itself();
    match scene.server.family {
        Family::Sqlite => required,
        Family::Mysql => {
            let base = column.ty.as_ref().map_or("", |ty| ty.base.as_str());
            required && (null_default || matches!(base, "date" | "datetime"))
        }
        _ => required && null_default,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql, postgres, sqlite};

    #[test]
    fn columns() {
        for rule in [postgres("L12"), sqlite("L12")] {
            rule.check("ALTER TABLE t ADD COLUMN a int NOT NULL", "L12 1:15 t.a");
            rule.check("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0", "");
            rule.check("ALTER TABLE t ADD COLUMN a int", "");
            rule.check("CREATE TABLE t (b int);\nALTER TABLE t ADD a int NOT NULL", "");
            rule.knows("rows t", 0).check("ALTER TABLE t ADD COLUMN a int NOT NULL", "");
        }
        postgres("L12").check("ALTER TABLE t ADD COLUMN a bigserial NOT NULL", "");
        mysql("L12").check("ALTER TABLE t ADD a int NOT NULL", "");
        mysql("L12").check("ALTER TABLE t ADD a date NOT NULL", "L12 1:15 t.a");
        mariadb("L12").check("ALTER TABLE t ADD a date NOT NULL", "");
    }
}
