//! C03: a type, a schema, a function, a view gets another name or place.

use crate::found::Found;
use crate::read::{EnumAction, Kind, Statement};
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C03",
    name: "rename-object",
    servers: Servers::P,
    says: "code that is running does not find {} any more",
    rewrite: "make the new one beside it, move the code over, and drop the old one in a later \
              release; an enum value: add the new one, backfill, and stop writing the old one",
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

/// Nobody's queries name these.
const UNNAMED: [&str; 9] =
    ["INDEX", "TRIGGER", "POLICY", "ROLE", "USER", "GROUP", "SEQUENCE", "EXTENSION", "PUBLICATION"];

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let tokens = scene.tokens(hit.statement);
    let Some(kind) = tokens.get(1) else { return };
    // a constraint of a table; moving the table is worth a word
    let constraint = tokens.windows(2).any(|two| two[0].is("RENAME") && two[1].is("CONSTRAINT"));
    if constraint || UNNAMED.iter().any(|word| kind.is(word)) {
        return;
    }
    match &hit.statement.kind {
        Kind::AlterTable(alter) if scene.state.is_new(&alter.table) => {}
        Kind::AlterEnum { name, .. } if is_replaced(hit.statement, scene, name) => {}
        Kind::AlterEnum { name, action: EnumAction::Rename { from, .. } } => {
            found.add(hit.span, format!("the value '{from}' of {}", name.shown()));
        }
        Kind::AlterEnum { name, .. } => drop(found.add(hit.span, name.shown())),
        _ => drop(found.add(hit.span, hit.object())),
    }
}

/// It is new, or another takes its name in this file.
fn is_replaced(statement: &Statement, scene: &Scene<'_>, name: &Name) -> bool {
    let takes = |one: &Statement| {
        matches!(&one.kind, Kind::AlterEnum { action: EnumAction::RenameType(to), .. } if to == name)
            || matches!(&one.kind, Kind::CreateEnum { name: new, .. } if new == name)
    };
    scene.state.is_new_enum(name) || scene.after(statement).iter().any(takes)
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn objects() {
        let rule = postgres("C03");
        rule.check("ALTER SCHEMA a RENAME TO b", "C03 1:16 a");
        rule.check(
            "ALTER TYPE color RENAME VALUE 'red' TO 'rot'",
            "C03 1:18 the value 'red' of color",
        );
        rule.check("ALTER VIEW v RENAME TO w", "C03 1:14 v");
        rule.check("ALTER TABLE t SET SCHEMA archive", "C03 1:15 t");
        rule.check("ALTER INDEX i RENAME TO j", "");
        rule.check("ALTER TABLE t RENAME CONSTRAINT a TO b", "");
    }

    #[test]
    fn a_type_that_is_replaced() {
        let swap = "CREATE TYPE \"New\" AS ENUM ('A');\nALTER TYPE \"Role\" RENAME TO \"Old\";\n\
                    ALTER TYPE \"New\" RENAME TO \"Role\"";
        postgres("C03").check(swap, "");
        postgres("C03").check("ALTER TYPE \"Role\" RENAME TO \"Old\"", "C03 1:19 Role");
    }
}
