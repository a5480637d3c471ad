//! D16: a migration whose name does not say what it does to what.

use crate::Level;
use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "D16",
    name: "migration-name",
    level: Level::Warning,
    says: "{} does not say what is done to what",
    rewrite: "<action>_<entity>_<details>, such as add_courses_status",
    check: Check::Migration(check),
    ..Rule::BASE
};

const ACTIONS: [&str; 28] = [
    "add", "allow", "alter", "backfill", "change", "convert", "copy", "create", "delete",
    "disable", "drop", "enable", "fill", "fix", "grant", "index", "insert", "merge", "move",
    "remove", "rename", "replace", "require", "revert", "seed", "set", "split", "validate",
];
/// Of these the entity says it all.
const WHOLE: [&str; 5] = ["create", "drop", "seed", "revert", "backfill"];

fn check(scene: &Scene<'_>, found: &mut Found) {
    let id = scene.file.id;
    let slug = id.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
    let mut words = slug.split('_').filter(|word| !word.is_empty());
    let action = words.next().unwrap_or_default();
    let rest = words.count();
    let enough = if WHOLE.contains(&action) { 1 } else { 2 };
    if !ACTIONS.contains(&action) || rest < enough {
        found.add(scene.whole(), slug);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn names() {
        let check = |id: &'static str, expected: &str| {
            postgres("D16").named(id).check("SELECT 1", expected);
        };
        check("20260101000000_add_courses_status", "");
        check("20260101000000_create_users", "");
        check("20260101000000_add_status", "D16 1:1 add_status");
        check("20260101000000_stuff", "D16 1:1 stuff");
        check("2026-01-01-000000-0000_drop_users", "");
    }
}
