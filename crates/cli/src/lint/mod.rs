//! What `lint` looks at, what it is told, and how its report is printed.

mod choose;
mod format;
mod github;
mod json;
mod mend;
mod sarif;
mod settings;
mod text;

pub(crate) use choose::{Chosen, Wish, choose};
pub(crate) use format::{Format, failed, print};
pub(crate) use mend::mend;
pub(crate) use settings::options;
