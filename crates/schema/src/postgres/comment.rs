//! Comments of objects.

use super::name::text;
use crate::Step;

/// Sets or removes the comment of what stands after `COMMENT ON`: `VIEW app.users`.
pub(super) fn set(on: &str, comment: Option<&str>) -> Step {
    let value = comment.map_or_else(|| "NULL".to_owned(), text);
    Step::new(format!("COMMENT ON {on} IS {value}"))
}

/// The comment of something new.
pub(super) fn of(on: &str, comment: Option<&String>) -> Option<Step> {
    comment.map(|comment| set(on, Some(comment)))
}

/// From one comment to another.
pub(super) fn change(on: &str, from: Option<&String>, to: Option<&String>) -> Option<Step> {
    (from != to).then(|| set(on, to.map(String::as_str)))
}
