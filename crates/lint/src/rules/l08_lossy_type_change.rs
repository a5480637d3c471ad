//! L08: a column gets a type that not all of its values fit.

use crate::conversion::{Conversion, conversion};
use crate::found::Found;
use crate::read::{Does, Statement, Type};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L08",
    name: "lossy-type-change",
    says: "values of {} may be refused, cut or rounded",
    rewrite: "add a column of the new type, fill it with what converts, look at the rest, and swap",
    own: Servers::PMR,
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let (column, to, using) = match &action.does {
            Does::SetType { column, ty, using } => (column, ty, using.is_some()),
            Does::Modify { column, to } => match &to.ty {
                Some(ty) => (column, ty, true),
                None => continue,
            },
            _ => continue,
        };
        let known = scene.state.column(table, column).and_then(|column| column.ty.as_ref());
        let Some(from) = known.filter(|_| scene.in_use(table)) else { continue };
        let object = table.column(column);
        let (old, new) = (&from.text, &to.text);
        match conversion(scene, from, to) {
            Some(Conversion::Lossy) if said_elsewhere(scene, from, to) => {}
            Some(Conversion::Lossy) if fits(scene, table, column, to) => {}
            Some(Conversion::Lossy) => {
                let finding = found.add(action.span, object.as_str());
                finding.because(format!("{old} to {new}: values of {object} may not fit"));
                finding.doubtful();
            }
            Some(Conversion::NoCast) if !using => {
                let finding = found.add(action.span, object.as_str());
                finding.because(format!("there is no cast from {old} to {new}: {object}"));
                finding.help("say how with USING, and try it on a copy of the data");
            }
            Some(Conversion::NoCast) if scene.state.enum_values(&to.base).is_none() => {
                let finding = found.add(action.span, object.as_str());
                finding.because(format!("values of {object} that are no {new} stop the migration"));
                finding.doubtful();
            }
            _ => {}
        }
    }
}

/// Shorter texts on MySQL are L24's, arrays L15's.
fn said_elsewhere(scene: &Scene<'_>, from: &Type, to: &Type) -> bool {
    let shorter = from.base == to.base && from.base.starts_with("char");
    from.array != to.array || (scene.is(Servers::MR) && shorter)
}

/// No value is longer than what remains.
fn fits(scene: &Scene<'_>, table: &Name, column: &str, to: &Type) -> bool {
    let is_text = matches!(to.base.as_str(), "character varying" | "character");
    let Some(characters) = to.length().filter(|_| is_text) else { return false };
    let (table, column) = (table.clone(), column.to_owned());
    scene.facts.count(&Question::Longer { table, column, characters }) == Some(0)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn on_postgres() {
        let rule = postgres("L08").after("CREATE TABLE t (a text, b bigint, c varchar(9))");
        rule.check("ALTER TABLE t ALTER COLUMN b TYPE int", "L08? 1:15 t.b");
        rule.check("ALTER TABLE t ALTER COLUMN c TYPE varchar(3)", "L08? 1:15 t.c");
        rule.check("ALTER TABLE t ALTER COLUMN c TYPE text", "");
        rule.check("ALTER TABLE t ALTER a SET DATA TYPE int", "L08 1:15 t.a");
        rule.check("ALTER TABLE t ALTER a TYPE int USING a::int", "L08? 1:15 t.a");
        let fits = rule.knows("longer t.c 3", 0);
        fits.check("ALTER TABLE t ALTER COLUMN c TYPE varchar(3)", "");
        postgres("L08").check("ALTER TABLE t ALTER COLUMN b TYPE int", "");
    }

    #[test]
    fn on_mysql() {
        let rule = mysql("L08").after("CREATE TABLE t (a bigint, c varchar(9))");
        rule.check("ALTER TABLE t MODIFY a int NOT NULL", "L08? 1:15 t.a");
        rule.check("ALTER TABLE t CHANGE a b int", "L08? 1:15 t.a");
        rule.check("ALTER TABLE t MODIFY c varchar(3)", "");
        rule.check("ALTER TABLE t MODIFY a bigint NOT NULL", "");
    }
}
