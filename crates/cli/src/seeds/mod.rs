//! Seeds: the files, their order, and how they are run.

mod folder;
mod plan;
mod run;

pub(crate) use plan::Asked;
pub(crate) use run::{Seeded, check, run};
