//! Schemas.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::comment;
use super::name::quote;
use crate::Step;

/// A schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// Its comment.
    pub comment: Option<String>,
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &str) -> Vec<Step> {
    let Some(new) = site.to.namespaces.get(name) else { return Vec::new() };
    let made = Step::new(format!("CREATE SCHEMA {}", quote(name)));
    [made].into_iter().chain(comment::of(&on(name), new.comment.as_ref())).collect()
}

/// The statements that drop one of the source. It is empty by then, or the server refuses.
pub(super) fn drop(_site: &Site<'_>, name: &str) -> Vec<Step> {
    vec![Step::new(format!("DROP SCHEMA {}", quote(name)))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &str) -> Change {
    let (Some(old), Some(new)) = (site.from.namespaces.get(name), site.to.namespaces.get(name))
    else {
        return Change::Same;
    };
    Change::of(comment::change(&on(name), old.comment.as_ref(), new.comment.as_ref()))
}

fn on(name: &str) -> String {
    format!("SCHEMA {}", quote(name))
}
