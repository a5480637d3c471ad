//! Extensions. What they make is theirs: it is neither compared nor dropped.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::{quote, text};
use crate::Step;

/// An extension.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The schema of its objects; none: the session's own, or the one that the extension insists on.
    pub schema: Option<String>,
    /// Its version, when it is not the one that the server installs unasked.
    pub version: Option<String>,
    /// Its objects can move to another schema.
    pub relocatable: bool,
    /// Its comment, when it is not the one it came with.
    pub comment: Option<String>,
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &str) -> Vec<Step> {
    let Some(new) = site.to.extensions.get(name) else { return Vec::new() };
    let mut sql = format!("CREATE EXTENSION {}", quote(name));
    if let Some(schema) = &new.schema {
        sql.push_str(&format!(" WITH SCHEMA {}", quote(schema)));
    }
    if let Some(version) = &new.version {
        sql.push_str(&format!(" VERSION {}", text(version)));
    }
    vec![Step::new(sql)]
}

/// The statements that drop one of the source; what uses it is gone by then, or the server refuses.
pub(super) fn drop(_site: &Site<'_>, name: &str) -> Vec<Step> {
    vec![Step::new(format!("DROP EXTENSION {}", quote(name)))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &str) -> Change {
    let (Some(old), Some(new)) = (site.from.extensions.get(name), site.to.extensions.get(name))
    else {
        return Change::Same;
    };
    let mut steps = Vec::new();
    if old.schema != new.schema {
        match &new.schema {
            Some(schema) if old.relocatable => {
                let sql = format!("ALTER EXTENSION {} SET SCHEMA {}", quote(name), quote(schema));
                steps.push(Step::new(sql));
            }
            _ => {
                let reason = "its objects cannot move to another schema; drop it and what uses it, \
                    and make it again";
                return Change::Refuse(reason.to_owned());
            }
        }
    }
    if old.version != new.version {
        let to = new.version.as_ref().map(|version| format!(" TO {}", text(version)));
        let sql = format!("ALTER EXTENSION {} UPDATE{}", quote(name), to.unwrap_or_default());
        steps.push(Step::new(sql));
    }
    Change::of(steps)
}
