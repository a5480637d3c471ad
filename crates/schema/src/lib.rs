//! The schema as data: what introspection found on a server, the difference between two of these,
//! and the ordered statements that lead from one to the other. No server, no I/O.
//!
//! Invariant: planning is pure; the same two catalogs and options give the same plan.
//! Invariant: what a model does not hold is named in [`Catalog::unmodelled`], never passed over.

mod catalog;
mod declared;
mod error;
mod fingerprint;
mod graph;
mod hazard;
mod likeness;
pub mod mysql;
mod plan;
pub mod postgres;
mod relation;
mod rename;
pub mod rust;
pub mod sqlite;
mod text;

pub use catalog::{Catalog, Unmodelled};
pub use declared::{RenamedFrom, renamed_from};
pub use error::SchemaError;
pub use fingerprint::Fingerprint;
pub use graph::{Cycle, Graph};
pub use hazard::{Hazard, HazardKind};
pub use plan::{Online, Plan, PlanOptions, Run, Step};
pub use relation::{EnumType, Field, Reference, Relation, RelationKind};
pub use rename::{Guess, Rename, RenameKind};
pub use text::migration_text;
