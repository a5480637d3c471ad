//! The declared schema: its files, what it is compared with, and the way from one to the other.

mod difference;
mod draft;
mod drift;
mod files;
mod hazards;
mod name;
mod named;
mod rename;
mod shadows;
mod show;
mod sides;
mod source;

pub(crate) use difference::{Written, write_aim, write_difference};
pub(crate) use draft::{Aim, DraftArgs, Drafted};
pub(crate) use drift::{Drift, Looked, OnDrift, look};
pub(crate) use files::Declared;
pub(crate) use hazards::{Accept, DropAll, json_counted, told};
pub(crate) use name::suggest;
pub(crate) use rename::{RenameArgs, full, word};
pub(crate) use shadows::Quieter;
pub(crate) use show::{json_steps, lines, statements, tell_unmodelled};
pub(crate) use sides::{Side, sides};
pub(crate) use source::Source;
