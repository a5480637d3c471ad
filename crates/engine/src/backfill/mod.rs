//! Backfills: data migrations in batches. A batch is one transaction with the progress row, which
//! it locks first, so that whatever ends a runner no key is done twice and none is left out.
//!
//! Invariant: the progress row moves only in the transaction of the batch that it counts.

mod batch;
mod gate;
mod key;
mod lag;
mod pace;
mod progress;
mod run;
mod state;
mod text;
mod turn;

pub(crate) use batch::at_once;
pub(crate) use gate::waits_for;
pub(crate) use progress::hold_off;
pub use run::{BackfillOptions, BackfillReport, backfill, pause_backfill};
pub use state::{BackfillProgress, BackfillState, Backfilling, backfills};
pub(crate) use text::BackfillText;
