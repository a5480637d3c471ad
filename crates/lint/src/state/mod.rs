//! The schema as the earlier migrations, a catalog and this file leave it. Best effort: it is read
//! from text, so what is not in it is unknown, not absent.

mod apply;
mod learn;
mod model;

pub(crate) use model::{Col, ForeignKey, KnownIndex, State, Table};
