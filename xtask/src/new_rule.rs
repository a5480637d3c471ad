//! `cargo xtask new-rule`: the file, the test table and the page of a rule of `lint`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_db_lint::{find, rules};

use crate::repository;

const RULES: &str = "crates/lint/src/rules";
const PAGES: &str = "docs/lint";
const LIST: &str = "pub(crate) const RULES: &[&Rule] = &[";

/// `cargo xtask new-rule`.
#[derive(Debug, clap::Args)]
pub(crate) struct NewRule {
    /// What is found, in kebab case: index-not-concurrent
    name: String,
    /// L: data, K: locks, C: compatibility, D: design
    #[arg(long, value_parser = ["L", "K", "C", "D"])]
    class: String,
}

impl NewRule {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            return Err(format!("{:?} is not in kebab case", self.name));
        }
        if let Some(rule) = find(&self.name) {
            return Err(format!("{} has this name", rule.id));
        }
        let id = next_id(&self.class, rules().iter().map(|rule| rule.id));
        let stem = format!("{}_{}", id.to_lowercase(), self.name.replace('-', "_"));
        let folder = repository::root().join(RULES);
        let list = folder.join("mod.rs");
        let listed = read(&list)?;
        write(&folder.join(format!("{stem}.rs")), &source(&id, &self.name))?;
        write(&repository::root().join(PAGES).join(format!("{id}.md")), &page(&id, &self.name))?;
        write(&list, &with_module(&listed, &stem))?;
        drop(writeln!(
            std::io::stderr(),
            "{RULES}/{stem}.rs and {PAGES}/{id}.md; then cargo xtask gen"
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// One more than the last of its class.
fn next_id<'r>(class: &str, ids: impl Iterator<Item = &'r str>) -> String {
    let numbers = ids.filter_map(|id| id.strip_prefix(class)?.parse::<u32>().ok());
    format!("{class}{:02}", numbers.max().unwrap_or(0) + 1)
}

fn source(id: &str, name: &str) -> String {
    format!(
        r#"//! {id}: what is found, in one sentence.

use crate::found::Found;
use crate::read::Statement;
use crate::rule::{{Check, Rule}};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {{
    id: "{id}",
    name: "{name}",
    says: "what happens to {{}}",
    rewrite: "the safe way",
    check: Check::Statement(check),
    ..Rule::BASE
}};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {{
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {{
        found.add(action.span, table.shown());
    }}
}}

#[cfg(test)]
mod tests {{
    use crate::check::{{mysql, postgres, sqlite}};

    #[test]
    fn statements() {{
        for rule in [postgres("{id}"), mysql("{id}"), sqlite("{id}")] {{
            rule.check("ALTER TABLE t ADD COLUMN a int", "{id} 1:15 t");
            rule.check("CREATE TABLE t (a int)", "");
        }}
    }}
}}
"#
    )
}

fn page(id: &str, name: &str) -> String {
    format!("# {id}: {name}\n\n## The problem\n\n## What happens\n\n## The safe way\n")
}

/// The declaration and the entry of the registry, each in its place.
fn with_module(text: &str, stem: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    insert(&mut lines, &format!("mod {stem};"), "mod ");
    if lines.iter().any(|line| line == LIST) {
        insert(&mut lines, &format!("    &{stem}::RULE,"), "    &");
    }
    lines.join("\n") + "\n"
}

/// Puts a line where it sorts among those that begin alike.
fn insert(lines: &mut Vec<String>, line: &str, start: &str) {
    let alike = |one: &String| one.starts_with(start);
    let after = lines.iter().position(|one| alike(one) && one.as_str() > line);
    let last = || lines.iter().rposition(alike).map_or(lines.len(), |last| last + 1);
    let at = after.unwrap_or_else(last);
    lines.insert(at, line.to_owned());
}

fn read(path: &PathBuf) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_rule_gets_the_next_id() {
        let ids = ["C01", "K01", "K35", "L02"];
        let check = |class, expected| assert_eq!(next_id(class, ids.into_iter()), expected);
        check("K", "K36");
        check("C", "C02");
        check("D", "D01");
    }

    #[test]
    fn it_is_listed_in_its_place() {
        let before = format!(
            "//! Rules.\n\nmod c01_a;\nmod k01_b;\n\n{LIST}\n    &c01_a::RULE,\n    &k01_b::RULE,\n];\n"
        );
        let after = with_module(&before, "c02_x");
        let expected = format!(
            "//! Rules.\n\nmod c01_a;\nmod c02_x;\nmod k01_b;\n\n{LIST}\n    &c01_a::RULE,\n    \
             &c02_x::RULE,\n    &k01_b::RULE,\n];\n"
        );
        assert_eq!(after, expected);
        assert!(with_module(&before, "l01_y").contains("mod k01_b;\nmod l01_y;\n"));
    }
}
