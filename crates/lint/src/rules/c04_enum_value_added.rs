//! C04: an enum value is used before it is committed, or stands where nobody chose.

use crate::found::Found;
use crate::read::{EnumAction, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C04",
    name: "enum-value-added",
    servers: Servers::P,
    says: "{} is used in the transaction that adds it, which the server refuses",
    rewrite: "add the value in one migration and use it in the next",
    own: Servers::P,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, _: &Scene<'_>, found: &mut Found) {
    let finding = found.add(hit.span, hit.object());
    finding.because("the new value comes last: values are compared in their order");
    finding.help("say its place: ADD VALUE … BEFORE or AFTER …").at_most(Level::Note);
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::AlterEnum { name, action: EnumAction::Add { value } } = &statement.kind else {
        return;
    };
    // the type is new too: then nothing is refused
    if scene.state.is_new_enum(name) {
        return;
    }
    let literal = format!("'{}'", value.replace('\'', "''"));
    let mut later = scene.after(statement).iter().filter(|one| scene.together(one, statement));
    let user = later.find(|one| {
        let adds = matches!(one.kind, Kind::AlterEnum { .. } | Kind::CreateEnum { .. });
        !adds && scene.tokens(one).iter().any(|token| token.text == literal)
    });
    if let Some(user) = user {
        let tokens = scene.tokens(user);
        let token = tokens.iter().find(|token| token.text == literal);
        let span = token.map_or(user.span, |token| token.span);
        found.add(span, literal).statement = Some(user.index);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn values() {
        let rule = postgres("C04");
        let add = "ALTER TYPE color ADD VALUE 'red' AFTER 'blue'";
        rule.check(add, "");
        rule.check(&format!("{add};\nALTER TABLE t ALTER c SET DEFAULT 'red'"), "C04 2:35 'red'");
        rule.check(&format!("{add};\nUPDATE t SET c = 'blue'"), "");
        rule.check("ALTER TYPE color ADD VALUE 'red'", "C04 1:18 color");
        let new = "CREATE TYPE color AS ENUM ('a');\nALTER TYPE color ADD VALUE 'b' AFTER 'a';\n\
                   SELECT 'b'::color";
        rule.check(new, "");
    }
}
