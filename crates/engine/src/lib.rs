//! Applies migrations and settles what a person must settle, on SQLite, PostgreSQL, MySQL and
//! MariaDB. Names sqlx and tokio; never prints, prompts, reads the environment or exits.
//!
//! Invariant: no schema is changed without the deploy lock.
//! Invariant: no committed statement of a migration runs twice.
//! Invariant: the ledger is written in the transaction of the migration, or under a fence.
#![cfg_attr(
    not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
    expect(unused, reason = "a build without a driver only refuses")
)]

mod adopt;
mod apply;
mod backfill;
mod catalog;
mod change;
mod clock;
mod conn;
mod count;
mod database;
mod db_error;
mod ddl;
mod deploy;
mod down;
mod draft;
mod drift;
mod dump;
mod error;
mod failpoint;
mod foreign;
mod inspect;
mod introspect;
mod ledger;
mod lock;
mod marker;
mod meta;
mod names;
mod observer;
mod options;
mod precaution;
mod report;
mod reset;
mod resolve;
mod runs;
mod script;
mod seed;
mod session;
mod setup;
mod shadow;
mod sizes;
mod target;
mod url;
mod work;

pub use adopt::{adopt_rows, applied_elsewhere};
pub use backfill::{
    BackfillOptions, BackfillProgress, BackfillReport, BackfillState, Backfilling, backfill,
    backfills, pause_backfill,
};
pub use change::{ChangeOptions, change};
pub use count::{Answer, Counted, ask, count};
pub use database::{create, drop, exists, wait};
pub use deploy::{deploy, deploy_after};
pub use down::{down, down_after, down_text};
pub use draft::{Draft, Part, Proved};
pub use drift::DriftCheck;
pub use dump::{
    Spare, begin_restore, check_file, contents, copy_file, end_restore, is_untouched, keep_out,
    kept_name, kept_path, put_file, row_counts, unfinished_restore, unsafe_tables,
};
pub use error::{DbError, Error, Failure, LeftAs, UrlError};
pub use failpoint::Failpoint;
#[cfg(feature = "failpoints")]
pub use failpoint::arm;
pub use foreign::{ForeignLedger, ForeignRow, ForeignTool};
pub use inspect::{Inspection, Ledger, inspect};
pub use introspect::introspect;
pub use lock::Holder;
pub use marker::{Marker, marker, set_marker};
pub use observer::{Event, LockTaken, Observer, Silent};
pub use options::{Actor, DeployOptions, DownOptions, SessionOptions};
pub use precaution::{NoPrecaution, Precaution, Precaved, last_backup, under_lock};
pub use report::{Applied, DeployReport, DownReport, ResolveReport, WaitsFor};
pub use reset::{Scope, objects, reset};
pub use resolve::{Resolution, resolve};
pub use script::script;
pub use seed::{
    Once, SeedFile, SeedProblem, SeedText, Seeded, prove_seeds, remember_seed, run_script,
    seed_rows, seeds_run,
};
pub use session::{Server, Session};
pub use shadow::{
    CatalogCache, Holding, Prepared, PreparedColumn, Read, Shadow, ShadowOptions, Shadows, replay,
    same_database,
};
pub use sizes::{TableSize, sizes};
pub use target::Target;
pub use url::{Client, DbUrl};
