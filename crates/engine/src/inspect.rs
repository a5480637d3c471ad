//! Reads where a database stands, without changing it.

use std::collections::BTreeMap;

use xtask_db_history::{History, Row, Survey};

use crate::{Error, ForeignLedger, Holder, Session};

/// The ledger and what is beside it, as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The ledger table exists.
    pub present: bool,
    /// Its rows, oldest first.
    pub rows: Vec<Row>,
    /// The meta table; empty when there is none. Large texts (`down:`, `journal:`) are left out.
    pub meta: BTreeMap<String, String>,
    /// Who holds the deploy lock now, when somebody does.
    pub holder: Option<Holder>,
    /// Somebody holds the deploy lock now.
    pub held: bool,
    /// Tables and views in the managed scope that are not the tool's own; counted only when the
    /// ledger is absent.
    pub objects: u64,
    /// Ledgers of other tools; looked for only when ours is absent.
    pub foreign: Vec<ForeignLedger>,
}

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The ledger.
    pub ledger: Ledger,
    /// Against the disk.
    pub survey: Survey,
}

impl Ledger {
    /// The environment marker.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.meta.get("environment").map(String::as_str)
    }

    /// Objects and no ledger.
    #[must_use]
    pub fn unmanaged(&self) -> bool {
        !self.present && self.objects > 0
    }
}

/// Reads where a database stands. Creates nothing.
///
/// # Errors
/// The ledger cannot be read, or is none.
pub async fn inspect(session: &mut Session, history: &History) -> Result<Inspection, Error> {
    let _ = (session, history);
    todo!()
}
