//! Triggers of tables and views.

use serde::{Deserialize, Serialize};

use super::Member;
use super::change::{Change, Site};
use super::name::quote;
use crate::Step;

/// A trigger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The server's text; none for one that the partitioned table above made on a partition, of
    /// which only the state is its own.
    pub definition: Option<String>,
    /// When it fires.
    pub fires: Fires,
    /// When the one of the partitioned table fires, where that made it.
    pub above: Option<Fires>,
    /// Its comment.
    pub comment: Option<String>,
}

/// In which sessions a trigger or a rule fires: `session_replication_role`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Fires {
    /// Not in those of a replica.
    #[default]
    #[serde(rename = "O")]
    Origin,
    /// In none.
    #[serde(rename = "D")]
    Disabled,
    /// Only in those of a replica.
    #[serde(rename = "R")]
    Replica,
    /// In all.
    #[serde(rename = "A")]
    Always,
}

impl Fires {
    /// How ALTER TABLE says it.
    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::Origin => "ENABLE",
            Self::Disabled => "DISABLE",
            Self::Replica => "ENABLE REPLICA",
            Self::Always => "ENABLE ALWAYS",
        }
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, trigger: &Member) -> Vec<Step> {
    let Some(new) = site.to.triggers.get(trigger) else { return Vec::new() };
    let mut steps: Vec<Step> = new.definition.iter().map(Step::new).collect();
    if new.fires != Fires::Origin || new.above.is_some_and(|above| above != Fires::Origin) {
        steps.push(fires(trigger, new.fires));
    }
    steps
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, trigger: &Member) -> Vec<Step> {
    let own = site.from.triggers.get(trigger).filter(|old| old.definition.is_some());
    own.map(|_| Step::new(format!("DROP {}", on(trigger)))).into_iter().collect()
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, trigger: &Member) -> Change {
    let found = (site.from.triggers.get(trigger), site.to.triggers.get(trigger));
    let (Some(old), Some(new)) = found else { return Change::Same };
    if old.definition != new.definition {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    if old.fires != new.fires {
        steps.push(fires(trigger, new.fires));
    }
    Change::of(steps)
}

fn fires(trigger: &Member, fires: Fires) -> Step {
    Step::new(format!(
        "ALTER TABLE ONLY {} {} TRIGGER {}",
        trigger.of,
        fires.verb(),
        quote(&trigger.name)
    ))
}

fn on(trigger: &Member) -> String {
    format!("TRIGGER {} ON {}", quote(&trigger.name), trigger.of)
}
