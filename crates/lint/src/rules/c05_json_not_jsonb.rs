//! C05: json has no equality: DISTINCT, GROUP BY and UNION fail on it.

use crate::found::Found;
use crate::read::{Column, Does, Kind, Statement, Type};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C05",
    name: "json-not-jsonb",
    servers: Servers::P,
    level: Level::Warning,
    says: "{} is json, which has no equality: SELECT DISTINCT of its table fails",
    rewrite: "jsonb, unless the text must come back as it was written",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    if let Kind::CreateTable(create) = &statement.kind {
        for column in &create.columns {
            judge(column.ty.as_ref(), create.name.column(&column.name), found);
        }
    }
    for (table, action) in statement.kind.actions() {
        match &action.does {
            Does::AddColumn(Column { name, ty, .. }) => {
                judge(ty.as_ref(), table.column(name), found);
            }
            Does::SetType { column, ty, .. } => judge(Some(ty), table.column(column), found),
            _ => {}
        }
    }
}

fn judge(ty: Option<&Type>, object: String, found: &mut Found) {
    if let Some(ty) = ty.filter(|ty| ty.base == "json" && !ty.array) {
        found.add(ty.span, object);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("C05");
        rule.check("CREATE TABLE t (a json, b jsonb)", "C05 1:19 t.a");
        rule.check("ALTER TABLE t ADD COLUMN a JSON", "C05 1:28 t.a");
        rule.check("ALTER TABLE t ALTER a TYPE json USING a::json", "C05 1:28 t.a");
    }
}
