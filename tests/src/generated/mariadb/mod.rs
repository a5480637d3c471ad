//! Schemas of MariaDB with every kind of the model.
//!
//! Invariant: what is drawn is taken by the server: an object whose columns or tables are gone is
//! left out when the text is written.

mod column;
mod edit;
mod object;
mod pair;
mod table;
mod text;
mod world;

pub(super) use pair::draw;
