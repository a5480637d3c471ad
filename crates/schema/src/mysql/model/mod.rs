//! What a database holds, one file per kind of object. Texts are the server's own.

mod column;
mod constraint;
mod key;
mod sequence;
mod server;
mod stored;
mod table;
mod trigger;
mod view;

pub use column::{Column, Generated};
pub use constraint::{Check, ForeignKey, Period};
pub use key::{Key, KeyKind};
pub use sequence::Sequence;
pub use server::{Flavor, Server};
pub use stored::{Event, Routine, RoutineKind};
pub use table::Table;
pub(crate) use table::same_name;
pub use trigger::Trigger;
pub use view::{View, ViewColumn};
