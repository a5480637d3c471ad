//! What `lint` looks at, what it is told, and how its report is printed.

mod choose;
mod facts;
mod format;
mod github;
mod json;
mod look;
mod loss;
mod mend;
mod running;
mod sarif;
mod settings;
mod sizes;
mod text;

pub(crate) use choose::{Chosen, Wish, choose};
pub(crate) use facts::{open, open_for};
pub(crate) use format::{Format, failed, print};
pub(crate) use look::{look, look_at};
pub(crate) use loss::losses;
pub(crate) use mend::mend;
pub(crate) use running::{Proof, prove};
pub(crate) use sizes::{Sizes, path as sizes_path};
