//! Where a database stands against the embedded migrations.

use std::fmt;

use xtask_db_engine::{Holder, Inspection};
use xtask_db_history::Survey;

/// Where a database stands. `Display` is one line, e.g. for a health route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    inspection: Inspection,
}

impl Status {
    pub(crate) const fn new(inspection: Inspection) -> Self {
        Self { inspection }
    }

    /// Nothing is pending and nothing disagrees. A database that is ahead is up to date.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        self.survey().up_to_date() && !self.inspection.ledger.unmanaged()
    }

    /// A person must settle something before the next deploy.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.survey().conflict() || self.inspection.ledger.unmanaged()
    }

    /// How many migrations are applied.
    #[must_use]
    pub const fn applied(&self) -> usize {
        self.survey().applied.len()
    }

    /// The ids that `deploy` would apply, in order.
    pub fn pending(&self) -> impl Iterator<Item = &str> {
        self.survey().pending.iter().map(AsRef::as_ref)
    }

    /// The applied ids that only a newer release knows.
    pub fn ahead(&self) -> impl Iterator<Item = &str> {
        self.survey().ahead.iter().map(|ahead| ahead.row.name.as_str())
    }

    /// Who is deploying now.
    #[must_use]
    pub const fn deployer(&self) -> Option<&Holder> {
        self.inspection.ledger.holder.as_ref()
    }

    /// The environment that the database is marked with.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.inspection.ledger.environment()
    }

    /// Every state of every migration.
    #[must_use]
    pub const fn survey(&self) -> &Survey {
        &self.inspection.survey
    }

    pub(crate) const fn inspection(&self) -> &Inspection {
        &self.inspection
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.inspection.ledger.unmanaged() {
            return f.write_str("the database has objects, and no ledger of its migrations");
        }
        write!(f, "{} applied", self.applied())?;
        f.write_str(&told(self.survey()))
    }
}

/// All that is not simply applied: `; pending: a, b; failed: c`.
pub(crate) fn told(survey: &Survey) -> String {
    let ids = |ids: &[xtask_db_history::MigrationId]| -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    };
    let rows = |unfinished: &[xtask_db_history::Unfinished]| -> Vec<String> {
        unfinished.iter().map(|unfinished| unfinished.row.name.clone()).collect()
    };
    let lists: [(&str, Vec<String>); 8] = [
        ("running", rows(&survey.running)),
        ("failed", rows(&survey.failed)),
        ("edited", survey.edited.iter().map(|edited| edited.id.to_string()).collect()),
        ("missing", survey.missing.iter().map(|row| row.name.clone()).collect()),
        ("renamed", survey.renamed.iter().map(|r| format!("{} to {}", r.from, r.to)).collect()),
        ("out of order", ids(&survey.out_of_order)),
        ("pending", ids(&survey.pending)),
        ("ahead", survey.ahead.iter().map(|ahead| ahead.row.name.clone()).collect()),
    ];
    let told = lists.iter().filter(|(_, names)| !names.is_empty());
    told.map(|(state, names)| format!("; {state}: {}", names.join(", "))).collect()
}
