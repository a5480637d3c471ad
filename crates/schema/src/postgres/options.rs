//! Storage parameters: `fillfactor=70`.

use super::name::text;

/// What stands between the parentheses of `WITH (…)`.
pub(super) fn list(options: &[String]) -> String {
    options.iter().map(|option| written(option)).collect::<Vec<_>>().join(", ")
}

/// The clauses of an ALTER that lead from some to others.
pub(super) fn changes(from: &[String], to: &[String]) -> Vec<String> {
    let gone: Vec<&str> = from
        .iter()
        .map(|option| key(option))
        .filter(|old| to.iter().all(|n| key(n) != *old))
        .collect();
    let new: Vec<String> =
        to.iter().filter(|option| !from.contains(option)).map(|option| written(option)).collect();
    let mut clauses = Vec::new();
    if !gone.is_empty() {
        clauses.push(format!("RESET ({})", gone.join(", ")));
    }
    if !new.is_empty() {
        clauses.push(format!("SET ({})", new.join(", ")));
    }
    clauses
}

fn key(option: &str) -> &str {
    option.split_once('=').map_or(option, |(key, _)| key)
}

/// The server takes a number or a word as it is, and keeps the text of anything else.
fn written(option: &str) -> String {
    let Some((key, value)) = option.split_once('=') else { return option.to_owned() };
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    match value {
        "true" | "false" | "on" | "off" | "auto" => format!("{key} = {value}"),
        _ if !value.is_empty() && value.chars().all(plain) => format!("{key} = {value}"),
        _ => format!("{key} = {}", text(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_name_what_goes_and_what_comes() {
        let check = |from: &[&str], to: &[&str], expected: &[&str]| {
            let own = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
            assert_eq!(changes(&own(from), &own(to)), expected);
        };
        check(&["fillfactor=70"], &["fillfactor=70"], &[]);
        check(&["fillfactor=70"], &[], &["RESET (fillfactor)"]);
        check(&["a=1"], &["a=2", "b=x y"], &["SET (a = 2, b = 'x y')"]);
        check(&["a=1", "c=on"], &["b=off"], &["RESET (a, c)", "SET (b = off)"]);
    }
}
