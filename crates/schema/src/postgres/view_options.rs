//! Options of views, as the server keeps them: `name=value`.

use super::name::quote;
use super::name::text;
use crate::Step;

/// What stands between the brackets of WITH.
pub(super) fn list(options: &[String]) -> String {
    options.iter().map(|option| pair(option)).collect::<Vec<_>>().join(", ")
}

/// From some options to others; `on` is `VIEW app.users`.
pub(super) fn change(on: &str, from: &[String], to: &[String]) -> Vec<Step> {
    let kept = |option: &&String| to.iter().any(|other| name(other) == name(option));
    let gone: Vec<String> =
        from.iter().filter(|option| !kept(option)).map(|option| written(name(option))).collect();
    let set: Vec<String> =
        to.iter().filter(|option| !from.contains(option)).map(|option| pair(option)).collect();
    let mut steps = Vec::new();
    if !gone.is_empty() {
        steps.push(Step::new(format!("ALTER {on} RESET ({})", gone.join(", "))));
    }
    if !set.is_empty() {
        steps.push(Step::new(format!("ALTER {on} SET ({})", set.join(", "))));
    }
    steps
}

fn name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

/// `toast.autovacuum_enabled` has its dot outside of the quotes.
fn written(name: &str) -> String {
    name.split('.').map(quote).collect::<Vec<_>>().join(".")
}

fn pair(option: &str) -> String {
    match option.split_once('=') {
        Some((name, value)) => format!("{} = {}", written(name), value_text(value)),
        None => written(option),
    }
}

/// Numbers and words stand as they are.
fn value_text(value: &str) -> String {
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    let number = |c: char| c.is_ascii_digit() || c == '.';
    let plain = !value.is_empty() && (value.chars().all(word) || value.chars().all(number));
    if plain { value.to_owned() } else { text(value) }
}
