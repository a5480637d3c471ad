//! What `.dockerignore` keeps out of an image.

/// The rule that decides about a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// The line, from 1.
    pub(super) line: usize,
    /// The pattern as written.
    pub(super) pattern: String,
}

/// The rule that keeps a path out, if one does. As docker reads the file: the last pattern that
/// matches the path or a folder above it wins, and `!` takes it in again.
pub(super) fn excluded(text: &str, path: &str) -> Option<Rule> {
    let mut decided = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (again, pattern) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let pattern: Vec<&str> =
            pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if covers(&pattern, path) {
            let rule = Rule { line: number + 1, pattern: line.to_owned() };
            decided = (!again).then_some(rule);
        }
    }
    decided
}

/// Whether a name matches a pattern with `*` and `?`.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    // the place to go back to: the last star, and how much of the name it has taken
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p).is_some_and(|&c| c == '?' || c == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            n = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Whether a pattern matches the path or a folder above it.
fn covers(pattern: &[&str], path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    (1..=parts.len()).any(|depth| parts_match(pattern, &parts[..depth]))
}

fn parts_match(pattern: &[&str], parts: &[&str]) -> bool {
    match pattern.split_first() {
        None => parts.is_empty(),
        Some((&"**", rest)) => (0..=parts.len()).any(|skip| parts_match(rest, &parts[skip..])),
        Some((first, rest)) => parts
            .split_first()
            .is_some_and(|(part, others)| matches(first, part) && parts_match(rest, others)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<usize>) {
        let found = excluded(text, "migrations/migrations.lock").map(|rule| rule.line);
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_last_rule_that_matches_decides() {
        check("", None);
        check("target\n# *.lock\n\n.git", None);
        check("*.lock", None);
        check("**/*.lock", Some(1));
        check("*", Some(1));
        check("/migrations", Some(1));
        check("./migrations/", Some(1));
        check("migrations/*.lock", Some(1));
        check("migration?\n", Some(1));
        check("*\n!migrations/**\n", None);
        check("*\n!migrations\n**/*.lock", Some(3));
        check("**", Some(1));
    }

    #[test]
    fn stars_and_question_marks() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        };
        check("", "", true);
        check("*", "", true);
        check("a*c*e", "abcde", true);
        check("a*c*e", "abcd", false);
        check("x?ask", "xtask", true);
        check("x?ask", "xask", false);
    }
}
