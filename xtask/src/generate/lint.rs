//! The index of the rules of `lint`.

use std::fmt::Write;

use xtask_db_lint::{Class, Level, Rule, rules};

/// The page that is written.
pub(super) const INDEX: &str = "docs/lint/README.md";

const NOTE: &str = "<!-- Written by `cargo xtask gen` from the rules. Do not edit. -->\n\n";

const CLASSES: [(Class, &str); 4] = [
    (Class::Loss, "L: data is lost, or the migration fails on the rows that are there"),
    (Class::Lock, "K: others wait for a lock, a scan or a rewrite"),
    (Class::Compatibility, "C: code that is running breaks"),
    (Class::Design, "D: design and convention; off unless the configuration names them"),
];

/// The text of the index.
pub(super) fn index() -> String {
    let mut text = format!(
        "{NOTE}# Rules\n\n`cargo xtask db lint` applies these; see [the guide](../guides/lint.md).\n"
    );
    for (class, title) in CLASSES {
        let _ = writeln!(text, "\n## {title}\n");
        text.push_str("| rule | name | servers | level | finding |\n|---|---|---|---|---|\n");
        for rule in rules().iter().filter(|rule| rule.class() == class) {
            text.push_str(&line(rule));
        }
    }
    text
}

fn line(rule: &Rule) -> String {
    let level = if rule.class() == Class::Design { Level::Off } else { rule.level };
    let says = rule.sentence("…");
    let (id, name, servers) = (rule.id, rule.name, rule.servers);
    format!("| [{id}]({id}.md) | `{name}` | {servers} | {level} | {says} |\n")
}
