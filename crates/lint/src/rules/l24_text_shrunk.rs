//! L24: MySQL: texts are cut, or lose characters that the new charset does not have.

use crate::found::Found;
use crate::read::{Action, Column, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L24",
    name: "text-shrunk",
    servers: Servers::MR,
    says: "texts in {} may be cut",
    rewrite: "look first: SELECT max(char_length(…)); cut or move what is longer in a migration \
              before",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// Charsets that have every character.
const WIDE: [&str; 5] = ["utf8mb4", "utf16", "utf32", "utf16le", "binary"];

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        match &action.does {
            Does::Modify { column, to } => {
                shorter(scene, table, action, column, to, found);
                let narrow = to.charset.as_deref().filter(|charset| !WIDE.contains(charset));
                let old = scene.state.column(table, column).and_then(|old| old.charset.as_deref());
                if narrow.is_some() && narrow != old {
                    narrowed(action, table.column(column), to.charset.as_deref(), found);
                }
            }
            Does::ConvertCharset(charset) if !WIDE.contains(&charset.as_str()) => {
                narrowed(action, table.shown().to_owned(), Some(charset), found);
            }
            _ => {}
        }
    }
}

fn narrowed(action: &Action, object: String, charset: Option<&str>, found: &mut Found) {
    let charset = charset.unwrap_or_default();
    let finding = found.add(action.span, object.as_str());
    finding.because(format!("characters of {object} that {charset} does not have become ?"));
    finding.help("keep utf8mb4").doubtful();
}

fn shorter(
    scene: &Scene<'_>,
    table: &Name,
    action: &Action,
    column: &str,
    to: &Column,
    found: &mut Found,
) {
    let known = scene.state.column(table, column).and_then(|column| column.ty.as_ref());
    let (Some(old), Some(new)) = (known, &to.ty) else { return };
    let (Some(from), Some(characters)) = (old.length(), new.length()) else { return };
    let text = old.base.starts_with("char") && new.base.starts_with("char");
    if !text || characters >= from {
        return;
    }
    let object = table.column(column);
    let question = Question::Longer { table: table.clone(), column: column.to_owned(), characters };
    match scene.facts.count(&question) {
        Some(0) => {}
        Some(rows) => {
            let finding = found.add(action.span, object.as_str());
            let what = format!("{rows} texts of {object} are longer than {characters} characters");
            finding.because(what);
        }
        None => drop(found.add(action.span, object).doubtful()),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn texts() {
        let rule = mysql("L24").after("CREATE TABLE t (a varchar(20))");
        let cut = "ALTER TABLE t MODIFY a varchar(10)";
        rule.check(cut, "L24? 1:15 t.a");
        rule.check("ALTER TABLE t MODIFY a varchar(30)", "");
        rule.knows("longer t.a 10", 0).check(cut, "");
        let some = rule.knows("longer t.a 10", 3);
        some.says(cut, "3 texts of t.a are longer than 10 characters");
        mysql("L24").check(cut, "");
        mysql("L24").check("ALTER TABLE t CONVERT TO CHARACTER SET latin1", "L24? 1:15 t");
        mysql("L24").check("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "");
        mysql("L24").check("ALTER TABLE t MODIFY a text CHARACTER SET utf8", "L24? 1:15 t.a");
    }
}
