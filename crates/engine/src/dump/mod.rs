//! What a backup and a restore need of the database itself: copies of SQLite files, throwaway
//! databases, what is in one, and the exchange of one for another. The servers' own programs are
//! run by `cli`.

mod contents;
mod guarded;
mod like;
mod spare;
mod sqlite;
mod unfinished;

pub use contents::{contents, is_untouched, row_counts, unsafe_tables};
pub use guarded::keep_out;
pub(crate) use like::clause;
pub use spare::{Spare, kept_name, kept_path};
pub use sqlite::{check_file, copy_file, put_file};
pub(crate) use unfinished::RESTORING_TABLE;
pub use unfinished::{begin_restore, end_restore, unfinished_restore};
pub(crate) use unfinished::{half_restored, refuse_unfinished, select as select_unfinished};
