//! MySQL and MariaDB: the catalog and its difference. The server's own texts are read into the
//! model and go back as they are.

mod catalog;
mod guess;
mod hazards;
mod model;
mod plan;
mod read;
mod relations;
mod rename;
mod write;

pub use catalog::Catalog;
pub use guess::guesses;
pub use model::{
    Check, Column, Event, Flavor, ForeignKey, Generated, Key, KeyKind, Period, Routine,
    RoutineKind, Sequence, Server, Table, Trigger, View, ViewColumn,
};
pub use plan::plan;
pub use read::{Collations, Source, Unread};
pub use rename::rename;
