//! Which row of a table replication tells.

use super::change::{Change, Site};
use super::name::quote;
use super::{Name, ReplicaIdentity};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let table = site.to.tables.get(name);
    let clause = match table.and_then(|table| table.replica_identity.as_ref()) {
        None => return Vec::new(),
        Some(ReplicaIdentity::Full) => "FULL".to_owned(),
        Some(ReplicaIdentity::Nothing) => "NOTHING".to_owned(),
        Some(ReplicaIdentity::Index(index)) => format!("USING INDEX {}", quote(index)),
    };
    vec![Step::new(format!("ALTER TABLE {name} REPLICA IDENTITY {clause}"))]
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, name: &Name) -> Vec<Step> {
    vec![Step::new(format!("ALTER TABLE {name} REPLICA IDENTITY DEFAULT"))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(from), Some(to)) = (site.from.tables.get(name), site.to.tables.get(name)) else {
        return Change::Same;
    };
    match from.replica_identity == to.replica_identity {
        true => Change::Same,
        false => Change::Alter(create(site, name)),
    }
}
