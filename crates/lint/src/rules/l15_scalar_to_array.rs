//! L15: a column of single values becomes one of arrays.

use crate::Servers;
use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L15",
    name: "scalar-to-array",
    servers: Servers::P,
    says: "no value of {} becomes an array by itself: the migration fails",
    rewrite: "add a column of the array type, fill it with ARRAY[old], and drop the old one later",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::SetType { column, ty, using } = &action.does else { continue };
        let known = scene.state.column(table, column).and_then(|column| column.ty.as_ref());
        if !ty.array || known.is_some_and(|known| known.array) || !scene.in_use(table) {
            continue;
        }
        let object = table.column(column);
        match (known, using) {
            (Some(_), None) => drop(found.add(action.span, object)),
            (None, None) => drop(found.add(action.span, object).possible()),
            (_, Some(_)) => {
                let finding = found.add(action.span, object.as_str()).doubtful();
                finding.because(format!("{object} becomes an array: code that is running fails"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("L15").after("CREATE TABLE t (a text, b text[])");
        rule.check("ALTER TABLE t ALTER a TYPE text[]", "L15 1:15 t.a");
        rule.check("ALTER TABLE t ALTER a TYPE text[] USING ARRAY[a]", "L15? 1:15 t.a");
        rule.check("ALTER TABLE t ALTER b TYPE varchar(9)[]", "");
        rule.check("ALTER TABLE t ALTER a TYPE varchar", "");
        postgres("L15").check("ALTER TABLE t ALTER a TYPE text[]", "L15? 1:15 t.a");
    }
}
