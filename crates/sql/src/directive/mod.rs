//! `-- xtask-db: …` comments.

mod arguments;
mod kind;
mod read;

pub use kind::{Directive, DirectiveKind};
pub(crate) use read::{changes_execution, may_be, read};
