//! D14: procedures, triggers and events, which hide logic from the code; a column named type.

use crate::Level;
use crate::found::Found;
use crate::read::{Column, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "D14",
    name: "forbidden-object",
    level: Level::Warning,
    says: "{} hides logic in the database",
    rewrite: "keep it in the code, where it is reviewed, tested and deployed with the rest",
    check: Check::Statement(check),
    ..Rule::BASE
};

const WORDS: [&str; 4] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];

/// `CREATE OR REPLACE DEFINER = a@b PROCEDURE`: the word comes among the first.
const TOKENS_MAX: usize = 12;

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let tokens = scene.tokens(statement);
    if tokens.first().is_some_and(|token| token.is("CREATE")) {
        let mut start = tokens.iter().take(TOKENS_MAX).take_while(|token| !token.is_symbol("("));
        let plain = !matches!(
            statement.kind,
            Kind::CreateTable(_) | Kind::CreateIndex(_) | Kind::CreateView(_)
        );
        let word = start.find_map(|token| WORDS.iter().find(|word| token.is(word)));
        if let Some(word) = word.filter(|_| plain) {
            let name = statement.effects.objects.first().map_or("", |object| &object.name);
            found.add(statement.span, format!("{} {name}", word.to_lowercase()));
        }
    }
    let mut columns: Vec<&Column> = Vec::new();
    if let Kind::CreateTable(create) = &statement.kind {
        columns.extend(&create.columns);
    }
    columns.extend(statement.kind.actions().filter_map(|(_, action)| match &action.does {
        Does::AddColumn(column) => Some(column),
        _ => None,
    }));
    if columns.iter().any(|column| column.name == "type") {
        let finding = found.add(statement.span, "type");
        finding.because("a column named type is a keyword in Rust, and says little");
        finding.help("say what kind it is: account_kind");
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn objects() {
        let trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END";
        sqlite("D14").check(trigger, "D14 1:1 trigger g");
        mysql("D14").check("CREATE PROCEDURE p() SELECT 1", "D14 1:1 procedure p");
        let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'";
        postgres("D14").check(function, "D14 1:1 function f");
        postgres("D14").check("CREATE TABLE t (id int, type text)", "D14 1:1 type");
        postgres("D14").check("CREATE TABLE t (id int)", "");
    }
}
