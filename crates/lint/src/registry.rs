//! Finds rules by name.

use crate::Rule;
use crate::rules::RULES;

/// The furthest a misspelt name may be from the one that is meant.
const EDITS_MAX: usize = 3;

/// Every rule, by id.
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule with this id or name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.is_named(name)).copied()
}

/// The rule that a misspelt name may mean.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let scored = RULES.iter().map(|rule| (edits(&lower, rule.name), rule.id));
    scored.min().filter(|(edits, _)| *edits <= EDITS_MAX).map(|(_, id)| id)
}

/// Edits that turn one name into the other (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let swapped = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = swapped.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_a_rule_and_every_rule_has_a_page() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root.join("src/rules")).expect("the rules are there");
        let stems = files.flatten().filter_map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.strip_suffix(".rs").filter(|stem| *stem != "mod").map(str::to_owned)
        });
        let stems: BTreeSet<String> = stems.collect();
        let expected: BTreeSet<String> = rules()
            .iter()
            .map(|rule| format!("{}_{}", rule.id.to_lowercase(), rule.name.replace('-', "_")))
            .collect();
        assert_eq!(stems, expected);
        for rule in rules() {
            let page = root.join(format!("../../docs/lint/{}.md", rule.id));
            let text = std::fs::read_to_string(&page).unwrap_or_default();
            let title = format!("# {}: {}\n", rule.id, rule.name);
            assert!(text.starts_with(&title), "{} has no page", rule.id);
        }
        let pages = std::fs::read_dir(root.join("../../docs/lint")).expect("the pages are there");
        let others = pages.flatten().filter(|page| {
            let name = page.file_name().to_string_lossy().into_owned();
            name != "README.md" && find(name.trim_end_matches(".md")).is_none()
        });
        assert_eq!(others.count(), 0, "a page of no rule");
    }

    #[test]
    fn rules_are_in_order_and_say_something() {
        assert!(rules().windows(2).all(|pair| pair[0].id < pair[1].id));
        let names: BTreeSet<&str> = rules().iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), rules().len());
        for rule in rules() {
            assert!(!rule.says.is_empty() && !rule.rewrite.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn a_misspelt_rule_finds_its_neighbour() {
        assert_eq!(nearest("drop-tabel"), Some("L01"));
        assert_eq!(nearest("something-else-entirely"), None);
    }
}
