//! What a migration does to a query of the running release.

use xtask_db_sql::{Position, Span};

use crate::Finding;
use crate::found::Found;
use crate::scene::Scene;

/// A place in a file that is no migration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// Line and column.
    pub at: Position,
}

/// What a migration does to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harm {
    /// The query, where it is written.
    pub place: Place,
    /// What becomes of it.
    pub kind: HarmKind,
    /// What it is about: a column, or nothing.
    pub object: String,
    /// One sentence.
    pub message: String,
    /// It depends on what cannot be seen, or ends by itself.
    pub mild: bool,
}

/// What becomes of a query. Each is a rule's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HarmKind {
    /// It cannot be prepared any more.
    Fails,
    /// It returns other columns.
    Columns,
    /// Null comes where none came, or none comes where one did.
    Nulls,
    /// It is prepared, and the server refuses the row that it writes.
    Refused,
}

/// Adds what the facts know of this kind for the migration, and says of each what it is; `mild`
/// lowers what may be no harm.
pub(crate) fn report(
    kind: HarmKind,
    scene: &Scene<'_>,
    found: &mut Found,
    mild: fn(&mut Finding) -> &mut Finding,
) {
    for harm in scene.facts.harms(scene.file.id).iter().filter(|harm| harm.kind == kind) {
        let finding = found.add(Span { start: 0, end: 0 }, harm.object.as_str());
        finding.message = finding.rule.sentence(&harm.message);
        finding.elsewhere = Some(harm.place.clone());
        if harm.mild {
            mild(finding);
        }
    }
}
