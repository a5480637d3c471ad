//! The server's own texts, read into the model.
//!
//! Invariant: what is not understood is an [`Unread`], never left out.

mod clauses;
mod column;
mod options;
mod pieces;
mod sequence;
mod source;
mod stored;
mod table;
mod text;
mod unread;
mod view;

pub(crate) use pieces::{Pieces, unquoted};
pub use source::Source;
pub use table::Collations;
pub(crate) use text::decoded;
pub use unread::Unread;
