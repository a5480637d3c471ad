//! D07: a name that the server cuts off, or that must be quoted for ever.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D07",
    name: "identifier",
    level: Level::Warning,
    says: "{} must be quoted wherever it is written",
    rewrite: "lower case letters, digits and _, at most 63 of them",
    atlas: &["NM101", "NM102", "NM103", "NM104", "NM105", "NM106"],
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

/// MySQL refuses a longer one; PostgreSQL cuts it off, which squawk tells.
const CHARS_MAX: usize = 64;

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let name = scene.text(hit.span).trim_matches('"').to_owned();
    let finding = found.add(hit.span, name.as_str());
    finding.because(format!("{name} is longer than 63 bytes: the server cuts it off"));
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let mut names: Vec<String> = Vec::new();
    if let Kind::CreateTable(create) = &statement.kind {
        names.push(create.name.shown().rsplit('.').next().unwrap_or_default().to_owned());
        names.extend(create.columns.iter().map(|column| column.shown.clone()));
    }
    for (_, action) in statement.kind.actions() {
        if let Does::AddColumn(column) = &action.does {
            names.push(column.shown.clone());
        }
    }
    for name in names {
        if scene.is(Servers::MR) && name.chars().count() > CHARS_MAX {
            let finding = found.add(statement.span, name.as_str());
            finding.because(format!("{name} has more than {CHARS_MAX} characters"));
        } else if !is_plain(&name, scene) {
            found.add(statement.span, name);
        }
    }
}

/// What is written without quotes is folded, so on PostgreSQL capitals are there only in quotes.
fn is_plain(name: &str, scene: &Scene<'_>) -> bool {
    let quoted = scene.is(Servers::P) && scene.file.text.contains(&format!("\"{name}\""));
    let capital = quoted && name.bytes().any(|byte| byte.is_ascii_uppercase());
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !capital && name.chars().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn names() {
        postgres("D07").check("CREATE TABLE \"Users\" (id int)", "D07 1:1 Users");
        postgres("D07").check("CREATE TABLE Users (\"userId\" int)", "D07 1:1 userId");
        let long = "x".repeat(64);
        postgres("D07")
            .check(&format!("CREATE TABLE {long} (id int)"), &format!("D07 1:14 {long}"));
        sqlite("D07").check("CREATE TABLE \"my table\" (id int)", "D07 1:1 my table");
        mysql("D07").check("CREATE TABLE Users (id int)", "");
        let longer = "x".repeat(65);
        let said = format!("D07 1:1 {longer}");
        mysql("D07").check(&format!("CREATE TABLE {longer} (id int)"), &said);
    }
}
