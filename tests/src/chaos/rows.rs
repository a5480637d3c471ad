//! The table of rows: number, what is tried, and where its cases come from.

use super::{
    Row, at_once, backfills, defaults, disk, history, hostile, huge, identifiers, interrupted,
    lock_lost, lost, no_lock, rebuilds, secrets, settled, spelt, stale, text, waiting,
};

/// All rows, the most telling first.
pub const ROWS: &[Row] = &[
    Row { number: "8", what: "a blow at every named place", cases: interrupted::at_places },
    Row { number: "8", what: "SIGKILL at random moments", cases: interrupted::random_kills },
    Row { number: "8", what: "stops that a person settles", cases: settled::by_a_person },
    Row { number: "1", what: "8 deployers at once", cases: at_once::deployers },
    Row { number: "2", what: "CONCURRENTLY with waiters", cases: at_once::concurrent_index },
    Row { number: "3", what: "the lock after failures", cases: waiting::kept },
    Row { number: "4", what: "a bounded wait, holder named", cases: waiting::bounded },
    Row { number: "5", what: "PgBouncer in transaction mode", cases: at_once::pooler },
    Row { number: "6", what: "no lock function to trust", cases: no_lock::leases },
    Row { number: "7", what: "the lock lost while working", cases: lock_lost::fenced },
    Row { number: "9", what: "connection cut in MariaDB DDL", cases: lost::cut_points },
    Row { number: "10", what: "lost replies", cases: lost::replies },
    Row { number: "10", what: "backends without a client", cases: lost::orphans },
    Row { number: "10", what: "server crashes", cases: lost::crashes },
    Row { number: "11", what: "Ctrl-C and SIGTERM at random", cases: interrupted::random_signals },
    Row { number: "11", what: "files that cannot grow", cases: disk::full },
    Row { number: "12", what: "a shadow URL that is the database", cases: spelt::shadows },
    Row { number: "12", what: "backfills killed at random", cases: backfills::kills },
    Row { number: "12", what: "a blow in a backfill", cases: backfills::at_places },
    Row { number: "12", what: "two runners of a backfill", cases: backfills::two_runners },
    Row { number: "14", what: "hostile defaults", cases: defaults::hostile },
    Row { number: "15", what: "SQLite rebuilds, rows compared", cases: rebuilds::rebuilds },
    Row { number: "16", what: "random histories, planned", cases: history::stories },
    Row { number: "17", what: "spellings of one text", cases: text::variants },
    Row { number: "17", what: "files that are no text", cases: text::bad },
    Row { number: "18", what: "stale embedded migrations", cases: stale::edits },
    Row { number: "19", what: "huge input", cases: huge::input },
    Row { number: "20", what: "folders that are traps", cases: hostile::folders },
    Row { number: "20", what: "hostile names", cases: hostile::names },
    Row { number: "21", what: "identifiers that are SQL", cases: identifiers::quoted },
    Row { number: "22", what: "a canary password", cases: secrets::canaries },
];
