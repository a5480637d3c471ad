//! What a statement does to a transaction and beyond its database, found from its words.

mod kinds;
mod model;
mod mysql;
mod names;
mod postgres;
mod read;
mod sqlite;
mod words;

pub use model::{Control, Effects, ObjectKind, ObjectRef, Reach};
pub use names::unquote;
pub(crate) use read::effects;
pub(crate) use words::{Item, Words};
