//! Schemas of PostgreSQL with every kind of the model.
//!
//! Invariant: what is drawn is taken by the server: a thing that needs what is not there, or not
//! there yet, is left out when the text is written.

mod attached;
mod column;
mod constraint;
mod edit;
mod index;
mod pair;
mod routine;
mod sequence;
mod table;
mod text;
mod thing;
mod types;
mod view;
mod world;

pub(super) use pair::draw;
