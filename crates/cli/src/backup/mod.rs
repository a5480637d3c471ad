//! Backups: made before a deploy, recorded, checked, and brought back.

mod choose;
mod dump;
mod fault;
mod files;
mod full;
mod load;
mod maker;
mod prepare;
mod record;
mod rehearse;
mod restore;
mod settings;
mod store;
mod tool;
mod verify;
mod version;

pub(crate) use choose::{Chosen, choose, whole};
pub(crate) use fault::BackupFault;
pub(crate) use load::{Load, load};
pub(crate) use maker::{Maker, Purpose, Verify};
pub(crate) use record::{Form, Record};
pub(crate) use rehearse::{Rehearsal, Step};
pub(crate) use restore::{Old, restore};
pub(crate) use settings::Settings;
pub(crate) use store::{Kept, Store};
