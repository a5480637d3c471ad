//! C10: something that code may use is dropped: a view, a function, a type, an extension.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C10",
    name: "drop-object",
    level: Level::Warning,
    says: "code that is running may use {}",
    rewrite: "move the code off it first, and drop it in a later release",
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let quiet = match &hit.statement.kind {
        Kind::DropView(_) => return check(hit.statement, scene, found),
        Kind::DropType(drop) => drop.names.iter().all(|name| is_left_over(scene, name)),
        Kind::DropTrigger(name) => comes_back(hit.statement, scene, name),
        _ => is_made_again(hit.statement, scene),
    };
    if !quiet {
        found.add(hit.span, hit.object());
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropView(drop) = &statement.kind else { return };
    for view in &drop.names {
        if !scene.state.is_new(view) && !comes_back(statement, scene, view) {
            found.add(statement.span, view.shown());
        }
    }
}

/// A type that a new one replaced in this file.
fn is_left_over(scene: &Scene<'_>, name: &Name) -> bool {
    scene.state.is_new_enum(name)
        || scene.file.statements.iter().any(|one| {
            matches!(&one.kind, Kind::AlterEnum {
                action: crate::read::EnumAction::RenameType(to), ..
            } if to == name)
        })
}

/// It is created again in this file.
fn comes_back(statement: &Statement, scene: &Scene<'_>, name: &Name) -> bool {
    let named = |one: &Statement| match &one.kind {
        Kind::CreateView(view) => view.name == *name,
        Kind::CreateTable(create) => create.name == *name,
        Kind::CreateTrigger(trigger) => trigger.name == *name,
        _ => false,
    };
    scene.after(statement).iter().any(named)
}

/// The same for what is not read: a function, a sequence, an extension.
fn is_made_again(statement: &Statement, scene: &Scene<'_>) -> bool {
    let Some(object) = statement.effects.objects.first() else { return false };
    scene.after(statement).iter().any(|one| {
        let tokens = scene.tokens(one);
        let creates = tokens.first().is_some_and(|token| token.is("CREATE"));
        creates && one.effects.objects.first().is_some_and(|new| new.name == object.name)
    })
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn objects() {
        for rule in [postgres("C10"), mysql("C10"), sqlite("C10")] {
            rule.check("DROP VIEW v", "C10 1:1 v");
            rule.check("DROP VIEW v;\nCREATE VIEW v AS SELECT 1 AS a", "");
            rule.check("CREATE VIEW v AS SELECT 1;\nDROP VIEW v", "");
        }
        let rule = postgres("C10");
        rule.check("DROP FUNCTION f(int)", "C10 1:1 f");
        rule.check("DROP TYPE color", "C10 1:1 color");
        rule.check("DROP EXTENSION hstore", "C10 1:1 hstore");
        let again = "DROP FUNCTION f(int);\nCREATE FUNCTION f(a bigint) RETURNS int LANGUAGE sql AS \
                     'SELECT 1'";
        rule.check(again, "");
        rule.check("ALTER TYPE a RENAME TO b;\nDROP TYPE b", "");
    }
}
