//! What a declared schema's text says beside its statements.

mod items;
mod renamed;

pub use renamed::{RenamedFrom, renamed_from};
